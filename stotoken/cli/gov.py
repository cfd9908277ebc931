"""`stotoken gov`: who may do what, as a file wants it and as the chain has it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stotoken.cli import gov_text
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError, InputError

if TYPE_CHECKING:
    from stotoken.governance import Governance, Rights

COMMAND = Group("gov", help="Who may do what: as a governance file wants it, and as the chain has it.")

_DIFFERS = 1
_file = click.option(
    "--file",
    "file",
    metavar="FILE",
    help="Rows and members; the package's rows and the deployment's members if not given.",
)


@COMMAND.told("matrix")
@_file
@click.option("--on-chain", is_flag=True, help="As the chain has it, and not the file.")
def matrix(app: App, file: str | None, on_chain: bool) -> Report:
    """The role matrix: who executes, proposes and approves which function."""
    if on_chain and file:
        raise InputError(
            "The matrix is of a file or as on chain, not both; `gov diff` compares them. Nothing was shown."
        )
    rows = list((_chain(app) if on_chain else _load(file).matrix).named_rows())
    return gov_text.MatrixTable(rows)


@COMMAND.told("diff")
@_file
def diff(app: App, file: str | None) -> None:
    """What differs between the file and the chain, members found from events.

    A difference gives exit code 1.
    """
    from stotoken.governance import differences

    governance = _load(file)
    found = differences(governance, _chain(app))
    gov_text.Diff(governance.name, found).tell(app)
    click.get_current_context().exit(_DIFFERS if found else 0)


@COMMAND.told("plan")
@_file
def plan(app: App, file: str | None) -> Report:
    """Print the orders that lead from the chain to the file, in their order; nothing is sent."""
    from stotoken import governance

    wanted = _load(file)
    steps = governance.plan(wanted, _chain(app), app.connection)
    return gov_text.Steps(wanted.name, steps)


@COMMAND.told("apply")
@_file
def apply(app: App, file: str | None) -> Report:
    """Propose, approve and carry out the plan, as far as the signer may; the other person runs the same command."""
    from stotoken import governance

    wanted = _load(file)
    progress = governance.apply(wanted, app.deployment, app.sender)
    return gov_text.Applied(wanted.name, progress)


@COMMAND.told("access-review")
@click.option("--output", metavar="FILE", help="Write it as CSV.")
def access_review(app: App, output: str | None) -> Report:
    """Who holds which role since when, by whom it was given, and what this lets the holder do."""
    from stotoken.governance import access_review as reviewed
    from stotoken.governance import review_csv

    chain = _chain(app)
    review = reviewed(chain)
    if output is None:
        return gov_text.Review(chain, review)
    path = Path(output)
    try:
        path.write_bytes(review_csv(review, app.lang))
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; no review was written.") from None
    said = f"Wrote who holds {len(review)} roles to {path}.", f"役割の保持 {len(review)} 件を {path} に書き出しました。"
    return Report(Pair(*said), {"rows": len(review), "output": str(path)} if app.as_json else None)


def _load(file: str | None) -> Governance:
    from stotoken.governance import Governance

    return Governance.load(file)


def _chain(app: App) -> Rights:
    from stotoken.governance import read_rights

    return read_rights(app.deployment, app.connection)
