"""`stotoken ledger`: the register, replayed from events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError

if TYPE_CHECKING:
    from stotoken.ledger.register import Register

COMMAND = Group("ledger", help="The register, replayed from events alone.")

as_of = values.option("--as-of", parse=values.instant, help="As of an instant, Japan time; now if not given.")
record_date = values.option("--record-date", parse=values.number, help="Just before a record date: its epoch.")


def replayed(app: App, token: str) -> Register:
    """The register of a token, read from its first block on."""
    from stotoken.ledger.decoding import Contracts
    from stotoken.ledger.follower import replay

    client = app.token(token)
    return replay(Contracts.of(app.deployment, client.address), app.connection)


@COMMAND.told("register")
@values.the_token
@click.option("--out", metavar="FILE", required=True, help="CSV; a manifest is written beside it.")
@as_of
@record_date
def register(app: App, token: str, out: str, as_of: int | None, record_date: int | None) -> Report:
    """Write the holder register as CSV."""
    from stotoken.ledger.report import write_holder_register

    found, path = replayed(app, token), Path(out)
    try:
        manifest = write_holder_register(path, found, as_of=as_of, record_date=record_date, lang=app.lang)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; no register was written.") from None
    return Report(
        Pair(
            f"Wrote the register of {manifest.rows} holdings to {path}.",
            f"{manifest.rows} 件の保有を {path} に書き出しました。",
        ),
        {name: getattr(manifest, name) for name in manifest.__dataclass_fields__},
    )


@COMMAND.told("reconcile")
@values.the_token
def reconcile(app: App, token: str) -> Report:
    """Compare the register with the chain, holder by holder, at every record date too."""
    from stotoken.ledger.reconcile import reconcile as compare

    outcome = compare(replayed(app, token), app.connection)
    outcome.assert_equal()
    found = {"equal": True, "rows_compared": outcome.rows_compared, "block_number": outcome.block.number}
    return Report(Pair("The register equals the chain.", "原簿はチェーンと一致しています。"), found)
