"""What the commands about the register have in common: when, how, to where, and what is said of what was made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stotoken.cli import values
from stotoken.errors import ConfigError, InputError

if TYPE_CHECKING:
    from stotoken.cli.app import App
    from stotoken.reports.asked import Asked
    from stotoken.reports.making import Made
    from stotoken.reports.manifest import Manifest

F = TypeVar("F", bound=Callable[..., Any])

names = click.option(
    "--names", metavar="FILE", help="Names and addresses by investor id, and holders kept off chain; kept nowhere."
)
by = click.option(
    "--by",
    type=click.Choice(["investor", "wallet"]),
    default="investor",
    show_default=True,
    help="Whose a row is.",
)
layout = click.option(
    "--layout", help="share, bond, beneficial-interest or fund-unit; that of the security if not given."
)
holder = click.option("--holder", metavar="WALLET|INVESTOR", help="Only of a wallet, or of an investor by its id.")


def moment(function: F) -> F:
    """As of when, by which clock; for whom it is written."""
    for add in (
        click.option("--issuer", metavar="NAME", help="The issuer's name, for the head of the report."),
        click.option("--zone", default="Asia/Tokyo", show_default=True, help="Time zone, by its IANA name."),
        values.record_date,
        click.option(
            "--as-of", metavar="TIME", help="A day (its last second) or a date and time in the zone; now if not given."
        ),
    ):
        function = add(function)
    return function


def output(function: F) -> F:
    """To where, and in which form."""
    for add in (
        click.option("--encoding", default="utf-8", show_default=True, help="Of CSV: utf-8 or shift_jis."),
        click.option("--format", "format", metavar="FORMAT", help="csv, json, txt, xlsx, pdf, svg or png."),
        click.option("--out", metavar="FILE", help="A manifest is written beside it. The screen if not given."),
    ):
        function = add(function)
    return function


def request(app: App, what: str, given: dict[str, Any]) -> tuple[Asked, Path | None]:
    """What the options ask for, and the file that it goes to."""
    from stotoken.reports.asked import Asked, By, Format, What, format_of
    from stotoken.reports.zones import Zone

    path = Path(given["out"]) if given.get("out") else None
    if path is not None:
        format = format_of(path, given.get("format"))
    elif given.get("format"):
        raise InputError("A format is of a file: name one with --out. Nothing was written.")
    else:
        format = Format.JSON if app.as_json else Format.TXT
    zone = Zone.named(given.get("zone") or "Asia/Tokyo")
    issuer = given.get("issuer") or ""
    if issuer[:1] in ("=", "+", "-", "@"):
        raise InputError("--issuer begins as a formula does; nothing was made.")
    asked = Asked(
        what=What(what),
        format=format,
        lang=app.lang,
        zone=zone.name,
        encoding=given.get("encoding") or "utf-8",
        as_of=_time(zone, given.get("as_of"), "--as-of"),
        record_date=given.get("record_date"),
        since=_time(zone, given.get("since"), "--since"),
        by=By(given.get("by") or "investor"),
        layout=given.get("layout") or "",
        issuer=issuer,
        holder=_holder(given.get("holder")),
        partition=given.get("partition") or "",
        move=given.get("move") or "",
    )
    return asked, path


def show(found: Made) -> None:
    """On the screen."""
    click.echo(found.bytes().decode(), nl=False)


def told(manifest: Manifest) -> dict[str, object]:
    """What a person wants to know of a report that was written."""
    grounds = manifest.grounds
    return {
        "report": manifest.report,
        "title": manifest.title,
        "as_of": manifest.as_of,
        "record_date": manifest.asked.record_date,
        "rows": manifest.rows,
        "units": manifest.units,
        "block_number": grounds.block,
        "block_hash": grounds.block_hash,
        "sha256": manifest.sha256,
    }


def folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path} cannot be made: {error.strerror}; no report was written.") from None
    return path


def _time(zone: Any, text: str | None, option: str) -> int | None:
    try:
        return zone.parse(text) if text else None
    except InputError as error:
        raise InputError(f"{option}: {error} Nothing was done.") from None


def _holder(text: str | None) -> str:
    """An address, or 32 hexadecimal digits of an investor, each as reports write it."""
    from stotoken.types import parse_address

    if not text:
        return ""
    digits = text.removeprefix("0x")
    if len(digits) == 32 and all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return f"0x{digits.lower()}"
    return parse_address(text)
