"""`stotoken demo`"""

from __future__ import annotations

from pathlib import Path

import click

from stotoken.cli.app import App
from stotoken.cli.frame import told


@click.option("--out", metavar="DIR", help="Where the registers are written.")
def run_demo(app: App, out: str | None) -> None:
    """Tell a security's whole life on a fresh local chain."""
    from stotoken import demo

    code = demo.run(echo=click.echo, folder=Path(out) if out else None)
    click.get_current_context().exit(code)


COMMAND = told("demo")(run_demo)
