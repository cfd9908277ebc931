"""The registers of a token: enforcement, losses, reversals, and the requests that wait for its issuer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.report import Pair, Report, values_of
from stotoken.cli.token import COMMAND

if TYPE_CHECKING:
    from stotoken.client.registers import Registers


def registers_of(app: App, token: str) -> Registers:
    from stotoken.client.registers import Registers

    client = app.token(token)
    return Registers(client.deployment, client.connection, client.address)


def _listed(one: str, many: str, ja: str, entries: Sequence[Any], rows_name: str) -> Report:
    rows = [values_of(entry) for entry in entries]
    return Report(Pair(f"{len(rows)} {one if len(rows) == 1 else many}.", f"{ja} {len(rows)} 件。"),
                  rows=rows, rows_name=rows_name)  # fmt: skip


@COMMAND.told("enforcement")
@values.the_token
def enforcement(app: App, token: str) -> Report:
    """The register of enforcement: every order to take units without the holder's consent, and its execution."""
    return _listed(
        "order of enforcement",
        "orders of enforcement",
        "強制執行の命令",
        registers_of(app, token).enforcement(),
        "orders",
    )


@COMMAND.told("losses")
@values.the_token
def losses(app: App, token: str) -> Report:
    """The register of losses: every report, its evidence, and what was reissued for it."""
    return _listed("loss", "losses", "消失記録", registers_of(app, token).losses(), "losses")


@COMMAND.told("reversals")
@values.the_token
def reversals(app: App, token: str) -> Report:
    """The register of reversals: every return, the transfer it returned, and what was outstanding after it."""
    return _listed("reversal", "reversals", "逆移転", registers_of(app, token).reversals(), "reversals")


@COMMAND.told("requests")
@values.the_token
def requests(app: App, token: str) -> Report:
    """Transfer requests that wait for the issuer's approval."""
    return _listed(
        "transfer request waits for the issuer",
        "transfer requests wait for the issuer",
        "承認待ちの移転請求",
        registers_of(app, token).requests(),
        "requests",
    )
