"""What keeps the register: reading the chain, and comparing with it."""

from __future__ import annotations

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ledger import COMMAND
from stotoken.cli.ledger.reporting import replayed
from stotoken.cli.report import Pair, Report


@COMMAND.told("reconcile")
@values.the_token
def reconcile(app: App, token: str) -> Report:
    """Compare the register with the chain, holder by holder, at every record date too."""
    from stotoken.ledger.reconcile import reconcile as compare

    outcome = compare(replayed(app, token), app.connection)
    outcome.assert_equal()
    found = {"equal": True, "rows_compared": outcome.rows_compared, "block_number": outcome.block.number}
    return Report(Pair("The register equals the chain.", "原簿はチェーンと一致しています。"), found)
