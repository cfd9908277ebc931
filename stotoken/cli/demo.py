"""`stotoken demo`"""

from __future__ import annotations

from pathlib import Path

import click

from stotoken.cli.app import App
from stotoken.cli.frame import told
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError


@click.option("--out", metavar="DIR", default="build/demo", show_default=True, help="For the registers and the report.")
@click.option("--examples", metavar="DIR", default="examples", show_default=True, help="The input files.")
def run_demo(app: App, out: str, examples: str) -> None:
    """Tell a security's whole life on a fresh local chain; a failing clause gives exit code 1."""
    from stotoken.demo import run

    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be used: {error.strerror}; nothing was started.") from None
    code = run(app.progress if app.as_json else click.echo, folder, Path(examples), lang=app.lang)
    if app.as_json:
        Report(Pair("", ""), {"passed": code == 0, "folder": out}).tell(app)
    click.get_current_context().exit(code)


COMMAND = told("demo")(run_demo)
