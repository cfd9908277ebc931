"""What the register says: who holds what, now and at any past instant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ledger import COMMAND
from stotoken.cli.report import Pair, Report
from stotoken.errors import ConfigError

if TYPE_CHECKING:
    from stotoken.ledger.register import Register


def replayed(app: App, token: str) -> Register:
    """The register of a token, read from its first block on."""
    from stotoken.ledger.decoding import Contracts
    from stotoken.ledger.follower import replay

    client = app.token(token)
    return replay(Contracts.of(app.deployment, client.address), app.connection)


@COMMAND.told("register")
@values.the_token
@click.option("--out", metavar="FILE", required=True, help="CSV; a manifest is written beside it.")
@values.as_of
@values.record_date
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
