"""`stotoken compile`"""

from __future__ import annotations

import click

from stotoken.cli.app import App
from stotoken.cli.frame import told
from stotoken.cli.report import Pair, Report
from stotoken.errors import StotokenError


@click.option("--check", is_flag=True, help="Write nothing: compile and compare with what is shipped.")
@click.option("--force", is_flag=True, help="Compile although nothing changed.")
def compile_contracts(app: App, check: bool, force: bool) -> Report:
    """Bring artifacts, errors and bindings in step with the contracts."""
    from stotoken import compiler

    if check:
        differences = compiler.check()
        if differences:
            raise StotokenError(
                f"{len(differences)} shipped files are not what the sources give; run `stotoken compile`.\n  "
                + "\n  ".join(differences)
            )
        return Report(
            Pair("What is shipped is what the sources give.", "配布物はソースと一致しています。"), {"equal": True}
        )
    found = compiler.compile(force)
    values = {"compiled": found.compiled, "written": found.written, "warnings": found.warnings}
    if not (found.compiled or found.written):
        return Report(Pair("Nothing changed since the last compilation.", "前回から変更はありません。"), values)
    for warning in found.warnings:
        app.progress(warning)
    count = len(found.written)
    return Report(Pair(f"Compiled; {count} files changed.", f"コンパイルしました(変更 {count} 件)。"), values)


COMMAND = told("compile")(compile_contracts)
