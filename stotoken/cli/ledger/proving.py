"""Certificates of single moves, and the proof of any report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ledger import COMMAND, asking
from stotoken.cli.ledger.reporting import answer, replayed
from stotoken.cli.report import Pair, Report

if TYPE_CHECKING:
    from stotoken.reports.proving import Point


@COMMAND.told("certificate")
@values.the_token
@values.argument("move", values.log_ref, metavar="TX_HASH:LOG_INDEX")
@click.option("--issuer", metavar="NAME", help="The issuer's name, for the head of the report.")
@click.option("--zone", default="Asia/Tokyo", show_default=True, help="Time zone, by its IANA name.")
@asking.output
@asking.names
def certificate(app: App, /, token: str, move: values.LogRef, **asked: Any) -> Report | None:
    """The certificate of one move: who, what, when, where on the chain, and on which order."""
    return answer(app, token, "certificate", asked | {"move": f"{move.tx_hash}:{move.log_index}"})


@COMMAND.told("verify")
@click.argument("report", metavar="REPORT")
@click.option("--names", metavar="FILE", help="The names file that the report was made with.")
def verify(app: App, report: str, names: str | None) -> Report:
    """Prove a report by its manifest, the chain, and making it again to the byte; it ends with 1 if it is not true."""
    from stotoken.reports import proving
    from stotoken.reports.making import names_of

    path = Path(report)
    manifest, found = proving.load(path)
    points = list(proving.of_chain(manifest, app.connection))
    there = all(point.holds for point in points)
    points = [proving.of_name(manifest, path), proving.of_file(manifest, found), *points]
    if there:
        client = app.token(manifest.grounds.contracts["token"])
        read = replayed(app, client.address)
        points += proving.of_contracts(manifest, read, client)
        points += proving.made_again(manifest, found, read, client, names_of(Path(names) if names else None))
    differ = [point for point in points if not point.holds and point.decides]
    held = sum(point.holds for point in points)
    rows = [{"point": point.says.in_(app.lang), "holds": point.holds, "found": point.found} for point in points]
    if differ:
        said = Pair(
            f"{path.name} is NOT proved: {len(differ)} points differ.",
            f"{path.name} は証明できません(相違 {len(differ)} 点)。",
        )
    else:
        said = Pair(f"{path.name} is proved: {held} points hold.", f"{path.name} は証明されました({held} 点)。")
    Report(said, {"proved": not differ}, rows=rows, rows_name="points", then=_renamed(points[0])).tell(app)
    raise click.exceptions.Exit(1 if differ else 0)


def _renamed(name: Point) -> Pair | None:
    if name.holds:
        return None
    return Pair(
        f"The file was renamed ({name.found}); what is proved is its content, by its SHA-256.",
        f"ファイル名が変更されています({name.found})。証明の対象は内容(SHA-256)です。",
    )
