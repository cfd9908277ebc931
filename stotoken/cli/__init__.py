"""The command `stotoken`: nouns and verbs, one command per client method.

root      what the command line starts from        app       settings, and what they open
frame     commands and groups                      values    texts of the command line to values
report    results as text or JSON                  ordering  acts that need two people

A module per noun holds its commands; it is imported when that noun is used, and what it needs when a command runs.
"""

from stotoken.cli.root import cli, main

__all__ = ["cli", "main"]
