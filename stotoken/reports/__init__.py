"""What the register says, as a person or a program wants it: tables, CSV, JSON, Excel, PDF, charts, each provable.

asked       what was asked for       view        the register at a moment    grounds    what on the chain it rests on
security    what it is about         names       names, joined at the end    layout     legal registers, from files
register holdings lineage supply difference certificate                      a sheet each: facts, tables, notes
sheet       what a report is made of             formats                     a sheet as bytes
making      from question to file    manifest    what is written beside it   proving    whether a report is true

A report is a pure function of the chain up to one block, of what was asked and of the names file: made again it is the
same to the byte, with the versions of the libraries that its manifest names.
"""
