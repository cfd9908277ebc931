"""The holder register as CSV (株主名簿・社債原簿の基礎): the same question gives the same bytes, whenever it is asked.

UTF-8 with BOM, lines ended as CSV wants them, so that spreadsheets open it as it is. Beside the report stands its
manifest: what was asked, up to which block the chain was read, and the SHA-256 of the report.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger.register import Held, Register
from stotoken.types import Address, Units, format_jst, partition_name, to_hex

#: Decimal places of a share in percent; what lies beyond is rounded half up.
PLACES = 10

#: Column: heading in English, in Japanese.
COLUMNS = {
    "investor": ("investor id", "投資者ID"),
    "wallet": ("wallet", "ウォレット"),
    "partition": ("partition", "パーティション"),
    "units": ("units", "保有口数"),
    "share": ("share of issued units (%)", "発行済総口数に対する割合(%)"),
    "frozen": ("frozen units", "凍結口数"),
    "locked": ("units in locked lots", "ロット制限口数"),
    "requested": ("units in transfer requests", "移転請求中口数"),
    "free": ("unencumbered units", "制限のない口数"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a report is and what it rests on. `block` is the last one the register had read."""

    report: str
    sha256: str
    rows: int
    units: Units
    chain_id: int
    system: Address
    token: Address
    as_of: str
    record_date: int | None
    block: int
    block_hash: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n"


def holder_register(
    register: Register, *, as_of: int | None = None, record_date: int | None = None, lang: str = "ja"
) -> bytes:
    """The report: now, as of an instant (UTC seconds), or just before a record date (its epoch)."""
    return _csv(*_asked(register, as_of, record_date), lang)


def write_holder_register(
    path: Path,
    register: Register,
    *,
    as_of: int | None = None,
    record_date: int | None = None,
    lang: str = "ja",
) -> Manifest:
    """Write the report, and `<name>.manifest.json` beside it."""
    holdings, supply = _asked(register, as_of, record_date)
    report = _csv(holdings, supply, lang)
    if register.head is None:
        raise LedgerStale("The register has read nothing yet; no report was written.")
    instant = register.now if as_of is None else as_of
    manifest = Manifest(
        report=path.name,
        sha256=hashlib.sha256(report).hexdigest(),
        rows=len(holdings),
        units=supply,
        chain_id=register.contracts.chain_id,
        system=register.contracts.system,
        token=register.contracts.token,
        as_of=format_jst(instant if record_date is None else register.calendar[record_date].start),
        record_date=record_date,
        block=register.head.number,
        block_hash=register.head.hash,
    )
    path.write_bytes(report)
    path.with_name(f"{path.name}.manifest.json").write_text(manifest.to_json(), "utf-8")
    return manifest


def share(units: Units, supply: Units) -> Decimal:
    """Percent, exact to `PLACES` places."""
    if supply == 0:
        return Decimal(0).scaleb(-PLACES)
    scaled = (2 * units * 100 * 10**PLACES + supply) // (2 * supply)
    return Decimal(scaled).scaleb(-PLACES)


def _asked(register: Register, as_of: int | None, record_date: int | None) -> tuple[list[Held], Units]:
    if record_date is None:
        return register.holdings(as_of), sum(register.supply(as_of).values())
    if as_of is not None:
        raise InputError("A report is as of an instant or of a record date, not of both; none was made.")
    return register.at_record_date(record_date), sum(register.supply_at_record_date(record_date).values())


def _csv(holdings: list[Held], supply: Units, lang: str) -> bytes:
    if lang not in ("en", "ja"):
        raise InputError(f"Language '{lang}' is not one of en, ja.")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading[lang == "ja"] for heading in COLUMNS.values())
    for held in sorted(holdings, key=lambda held: (held.partition, held.investor or b"", held.wallet)):
        writer.writerow(_row(held, supply))
    return text.getvalue().encode("utf-8-sig")


def _row(held: Held, supply: Units) -> tuple[object, ...]:
    return (
        to_hex(held.investor) if held.investor else "",
        held.wallet,
        _plain(held.partition),
        held.units,
        f"{share(held.units, supply):f}",
        held.frozen,
        held.locked,
        held.requested,
        held.free,
    )


def _plain(partition: bytes) -> str:
    """The name, unless a spreadsheet would take it for a formula."""
    name = partition_name(partition)
    return to_hex(partition) if name[0] in "=+-@" else name
