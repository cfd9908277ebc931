"""Names and addresses of investors, from a file of the firm's own: joined when a report is made, and kept nowhere.

CSV (UTF-8 or Shift_JIS) or the first sheet of an Excel file. A row without units names an investor of the register; a
row with units is a holding that is kept off chain, and stands apart. No cell is ever repeated in a message.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from stotoken.errors import InputError
from stotoken.inputs import Faults, TableFaults, half_width_hint, parse_day, read_text
from stotoken.types import Units, parse_units

T = TypeVar("T")
_MAX_BYTES = 64 * 1024 * 1024
#: Columns that a file must have, and those that it may have: what only some layouts ask for.
NEEDED = ("investor_id", "name", "address")
OPTIONAL = ("kana", "partition", "units", "acquired", "paid_amount", "paid_on", "pledgee", "note")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a row names. Everything is personal: it stays out of `repr`."""

    texts: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class OffChain:
    """A holding of units that are not on the chain."""

    person: Person
    partition: str
    units: Units
    acquired: date | None


@dataclass(frozen=True, slots=True)
class Names:
    """`sha256` of the file: the same report needs the same file."""

    sha256: str = ""
    people: Mapping[bytes, Person] = field(default_factory=dict, repr=False)
    off_chain: tuple[OffChain, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.sha256)

    def text(self, investor: bytes | None, column: str) -> str | None:
        """What the file says of an investor; None when it does not know it."""
        person = self.people.get(investor) if investor else None
        return person.texts.get(column) or None if person else None

    @classmethod
    def read(cls, path: Path) -> Names:
        """InputError, or TableFaults with every fault of the file by row and column."""
        faults = Faults(path, TableFaults)
        people: dict[bytes, Person] = {}
        off_chain: list[OffChain] = []
        for number, texts in _rows(path, faults):
            row = _Row(texts, number, faults)
            investor, units = row.investor(), row.units()
            row.check()
            person = Person({name: text for name, text in texts.items() if name in (*NEEDED, *OPTIONAL)})
            if units is not None:
                off_chain.append(OffChain(person, texts.get("partition") or "default", units, row.acquired()))
            elif not texts.get("units"):
                if investor is None:
                    faults.add("must be given in a row without units", row=number, column="investor_id")
                elif investor in people:
                    faults.add("stands twice in rows without units", row=number, column="investor_id")
                else:
                    people[investor] = person
        faults.raise_any()
        return cls(hashlib.sha256(path.read_bytes()).hexdigest(), people, tuple(off_chain))


@dataclass(frozen=True, slots=True)
class _Row:
    texts: Mapping[str, str]
    number: int
    faults: Faults

    def check(self) -> None:
        """Somebody is named, and nothing would run as a formula in a spreadsheet that the report is opened in."""
        if not self.texts["name"]:
            self.faults.add("is empty", row=self.number, column="name")
        for column, text in self.texts.items():
            if text[:1] in ("=", "+", "-", "@", "\t"):
                self.faults.add("begins as a formula does", row=self.number, column=column)

    def investor(self) -> bytes | None:
        text = self.texts["investor_id"].removeprefix("0x")
        if text and not re.fullmatch(r"[0-9a-fA-F]{32}", text):
            self.faults.add("must be 32 hexadecimal digits, or empty", row=self.number, column="investor_id")
        elif text:
            return bytes.fromhex(text)
        return None

    def units(self) -> Units | None:
        return self._parsed("units", parse_units)

    def acquired(self) -> date | None:
        return self._parsed("acquired", parse_day)

    def _parsed(self, column: str, parse: Callable[[str], T]) -> T | None:
        text = self.texts.get(column, "")
        if not text:
            return None
        try:
            if hint := half_width_hint(text):
                raise InputError(hint)
            return parse(text)
        except InputError:
            what = "a whole number of units" if column == "units" else "a day written YYYY-MM-DD"
            self.faults.add(f"must be {what}", row=self.number, column=column)
            return None


def _rows(path: Path, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """Number and cells of every row with cells, the header checked."""
    rows = _excel(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    _, header = next(rows, (1, []))
    for name in header:
        if name not in (*NEEDED, *OPTIONAL) or header.count(name) > 1:
            faults.add("is not a known column, or stands twice", row=1, column=name if name.isascii() else None)
    for name in NEEDED:
        if name not in header:
            faults.add("is missing from the header", row=1, column=name)
    faults.raise_any()
    for number, cells in rows:
        if not any(cells):
            continue
        if len(cells) > len(header) and any(cells[len(header) :]):
            faults.add(f"has {len(cells)} cells where the header has {len(header)}", row=number)
            continue
        yield number, dict(zip(header, [*cells, *[""] * len(header)], strict=False))


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(path, max_bytes=_MAX_BYTES), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"is not CSV from here on: {error}; nothing was made.", file=path, row=line) from None


def _excel(path: Path) -> Iterator[tuple[int, list[str]]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"is larger than {_MAX_BYTES} bytes.", file=path)
        book = load_workbook(path, read_only=True, data_only=True)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}.", file=path) from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError):
        raise InputError("is not an Excel file (.xlsx).", file=path) from None
    try:
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield number, [_cell(cell) for cell in cells]
    finally:
        book.close()


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()
