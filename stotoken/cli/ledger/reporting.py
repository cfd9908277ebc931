"""What the register says: who holds what, since when, from whom, now and at any past instant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ledger import COMMAND, asking
from stotoken.cli.report import Pair, Report

if TYPE_CHECKING:
    from stotoken.ledger.register import Register


def replayed(app: App, token: str) -> Register:
    """The register of a token, of a ledger that is brought up to date first."""
    from stotoken.chain.nodes import Nodes
    from stotoken.ledger.contracts import Contracts
    from stotoken.ledger.follower import sync
    from stotoken.ledger.register import Register

    client = app.token(token)
    sync(app.store, Nodes([app.connection]))
    return Register(Contracts.of(app.deployment, client.address), app.store)


@COMMAND.told("register")
@values.the_token
@asking.moment
@asking.output
@asking.names
@asking.by
@values.some_partition
@asking.layout
def register(app: App, /, token: str, **asked: Any) -> Report | None:
    """The legal register in its layout: holders, units, dates of acquisition, what encumbers them."""
    return answer(app, token, "register", asked)


@COMMAND.told("holdings")
@values.the_token
@asking.moment
@asking.output
@asking.names
@asking.by
@values.some_partition
@asking.holder
def holdings(app: App, /, token: str, **asked: Any) -> Report | None:
    """What every investor holds, what encumbers it, and since when it is held."""
    return answer(app, token, "holdings", asked)


@COMMAND.told("lineage")
@values.the_token
@asking.moment
@asking.output
@values.some_partition
@asking.holder
@click.option("--since", metavar="TIME", help="Only moves from this instant on.")
def lineage(app: App, /, token: str, **asked: Any) -> Report | None:
    """Every move of the units, extraordinary ones marked and told with their orders."""
    return answer(app, token, "lineage", asked)


@COMMAND.told("supply")
@values.the_token
@asking.moment
@asking.output
@values.some_partition
def supply(app: App, /, token: str, **asked: Any) -> Report | None:
    """Issued units by partition, and everything that ever changed them."""
    return answer(app, token, "supply", asked)


@COMMAND.told("diff")
@values.the_token
@click.option("--since", metavar="TIME", required=True, help="The earlier instant; the later one is --as-of.")
@asking.moment
@asking.output
@asking.names
@asking.by
@values.some_partition
def diff(app: App, /, token: str, **asked: Any) -> Report | None:
    """What became of every holding between two instants."""
    return answer(app, token, "diff", asked)


def answer(app: App, token: str, what: str, given: dict[str, Any]) -> Report | None:
    """To a file if one is named, else to the screen."""
    from stotoken.reports.making import make, names_of

    request, path = asking.request(app, what, given)
    read, known = replayed(app, token), names_of(Path(given["names"]) if given.get("names") else None)
    made = make(read, app.token(token), request, known)
    if path is None:
        asking.show(made)
        return None
    manifest = made.save(path)
    return Report(
        Pair(f"Wrote {manifest.rows} rows to {path}.", f"{manifest.rows} 行を {path} に書き出しました。"),
        asking.told(manifest),
    )


@COMMAND.told("export")
@values.the_token
@asking.moment
@click.option("--out", metavar="FOLDER", required=True, help="A folder, made if need be; it takes all files.")
@click.option("--format", "formats", default="csv,json,xlsx,pdf", show_default=True, help="Formats, joined by commas.")
@click.option("--encoding", default="utf-8", show_default=True, help="Of CSV: utf-8 or shift_jis.")
@asking.names
@asking.by
@asking.layout
def export(app: App, /, token: str, out: str, formats: str, **asked: Any) -> Report:
    """Register, holdings, lineage and supply of one instant, in several formats, each with its manifest."""
    from stotoken.reports.making import make, names_of

    asked_for = []
    for what in ("register", "holdings", "lineage", "supply"):
        for format in formats.split(","):
            given = asked | {"out": str(Path(out) / f"{what}.{format}"), "format": format}
            given["encoding"] = asked["encoding"] if format == "csv" else None
            asked_for.append((*asking.request(app, what, given), what in ("register", "holdings")))
    folder, read, rows = asking.folder(Path(out)), replayed(app, token), []
    client, known = app.token(token), names_of(Path(asked["names"]) if asked["names"] else None)
    for request, path, named in asked_for:
        name = (path or folder).name
        manifest = make(read, client, request, known if named else None).save(folder / name)
        rows.append({"report": manifest.report, "rows": manifest.rows, "sha256": manifest.sha256})
    return Report(
        Pair(f"Wrote {len(rows)} reports to {folder}.", f"{len(rows)} 件の帳票を {folder} に書き出しました。"),
        {"folder": str(folder)},
        rows=rows,
        rows_name="reports",
    )
