"""Reports of a register that was told by hand, without a chain behind it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from story import TOKEN

from stotoken.ledger.register import Register
from stotoken.reports import difference, formats, holdings, lineage, register, supply
from stotoken.reports.asked import Asked, Format, What
from stotoken.reports.common import Matter
from stotoken.reports.grounds import Grounds
from stotoken.reports.manifest import Manifest
from stotoken.reports.names import Names
from stotoken.reports.security import Security
from stotoken.reports.sheet import Sheet, Style
from stotoken.reports.told import OrderTold
from stotoken.reports.view import View
from stotoken.reports.zones import Zone
from stotoken.types import Instrument

SECURITY = Security(TOKEN, "架空株式", "TRIAL", "ZZ0000CLI00X", Instrument.SHARE, "JPY", 300)
GROUNDS = Grounds(31337, 7, f"0x{7:064x}", 1_000, {"token": TOKEN}, {"token": f"0x{1:064x}"})
SHEETS: Mapping[What, Callable[[Matter], Sheet]] = {
    What.REGISTER: register.register, What.HOLDINGS: holdings.holdings, What.LINEAGE: lineage.lineage,
    What.SUPPLY: supply.supply, What.DIFFERENCE: difference.difference,
}  # fmt: skip


def sheet(
    told: Register,
    what: What,
    names: Names | None = None,
    security: Security = SECURITY,
    orders: Mapping[int, OrderTold] | None = None,
    **asked: Any,
) -> tuple[Sheet, Asked]:
    question = Asked(what=what, **asked)
    view = View(told, question.as_of, question.record_date)
    matter = Matter(view, security, question, Zone.named(question.zone), names or Names(), orders or {})
    return SHEETS[what](matter), question


def written(told: Register, what: What, **more: Any) -> bytes:
    """In the format that was asked for."""
    made, asked = sheet(told, what, **more)
    style = Style(asked.lang, Zone.named(asked.zone))
    versions = {"stotoken": "0"}
    manifest = Manifest.of(made, asked, GROUNDS, style, units=0, names_sha256="", made_with=versions)
    out = io.BytesIO()
    formats.write(made, manifest, style, out)
    return out.getvalue()


def rows(told: Register, what: What, **more: Any) -> list[list[str]]:
    """Of the CSV, every line of it."""
    text = written(told, what, format=Format.CSV, **more).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def data(told: Register, what: What, **more: Any) -> Any:
    """The JSON."""
    return json.loads(written(told, what, format=Format.JSON, **more))


def names(path: Path, text: str, encoding: str = "utf-8") -> Names:
    path.write_text(text, encoding)
    return Names.read(path)
