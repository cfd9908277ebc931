"""A report before it has a format: a title, facts, tables and notes, all of them values and words in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import NamedTuple

from stotoken.reports.zones import Zone
from stotoken.types import Units


class Words(NamedTuple):
    """The same in both languages."""

    en: str
    ja: str

    def in_(self, lang: str) -> str:
        return self.ja if lang == "ja" else self.en


#: Empty cells are None. A number is exact; UTC seconds where its column is of times.
Value = str | int | Decimal | bool | Words | None
Row = tuple[Value, ...]


class Kind(Enum):
    """What the values of a column or fact are, and so how they are shown."""

    TEXT = auto()
    #: Addresses, hashes, ids: never broken by a person's eye, shown in small print.
    HEX = auto()
    #: A running number: no separators.
    NUMBER = auto()
    #: Units, counts and amounts, with separators.
    UNITS = auto()
    #: The same with a sign.
    CHANGE = auto()
    #: Percent, a Decimal of fixed places.
    SHARE = auto()
    TIME = auto()
    DAY = auto()
    FLAG = auto()

    @property
    def numeric(self) -> bool:
        return self in (Kind.NUMBER, Kind.UNITS, Kind.CHANGE, Kind.SHARE)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    heading: Words
    kind: Kind
    #: Millimetres on paper. A column without stands only in files that are read by programs, and in Excel.
    width: float = 0
    #: On paper its value stands in the cell of this column, on a line of its own.
    under: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: Words
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    #: Sums by column, shown under the rows.
    totals: Mapping[str, int] = field(default_factory=dict)
    #: Places of rows that must stand out.
    marked: frozenset[int] = frozenset()

    def place(self, key: str) -> int:
        return next(place for place, column in enumerate(self.columns) if column.key == key)


@dataclass(frozen=True, slots=True)
class Fact:
    key: str
    label: Words
    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class Curve:
    """Points of a step function, in order: UTC second and units."""

    title: Words
    points: Sequence[tuple[int, Units]]


@dataclass(frozen=True, slots=True)
class Parts:
    """Who has how much, the largest first."""

    title: Words
    parts: Sequence[tuple[Words, Units]]


@dataclass(frozen=True, slots=True)
class Sheet:
    title: Words
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    notes: tuple[Words, ...] = ()
    #: Drawn by the formats that can.
    chart: Curve | Parts | None = None
    #: Taller than wide: a page of facts.
    portrait: bool = False

    @property
    def rows(self) -> int:
        return sum(len(table.rows) for table in self.tables)


@dataclass(frozen=True, slots=True)
class Style:
    """In which language and zone values are shown."""

    lang: str
    zone: Zone

    def said(self, words: Words) -> str:
        return words.in_(self.lang)

    def plain(self, value: Value, kind: Kind) -> str:
        """For programs: no separators, times with their offset, nothing for nothing."""
        if isinstance(value, str):
            return value.replace("\n", " / ")
        if value is None:
            return ""
        if kind is Kind.TIME and isinstance(value, int):
            return self.zone.iso(value)
        if kind is Kind.FLAG:
            return "1" if value else "0"
        if isinstance(value, Decimal):
            return f"{value:f}"
        return self._text(value, kind).replace("\n", " / ")

    def shown(self, value: Value, kind: Kind) -> str:
        """For people."""
        if value is None:
            return ""
        if kind is Kind.TIME and isinstance(value, int):
            return self.zone.text(value)
        if kind is Kind.FLAG:
            return self.said(Words("yes", "有")) if value else ""
        if kind is Kind.UNITS and isinstance(value, int | Decimal):
            return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
        if kind is Kind.CHANGE and isinstance(value, int):
            return f"{value:+,}" if value else "0"
        if kind is Kind.SHARE and isinstance(value, Decimal):
            return f"{value:.4f}"
        return self._text(value, kind)

    def _text(self, value: Value, kind: Kind) -> str:
        if kind is Kind.DAY and isinstance(value, int):
            return self.zone.day(value)
        return self.said(value) if isinstance(value, Words) else str(value)


def printed(table: Table) -> Iterator[tuple[Column, tuple[int, ...]]]:
    """The columns that stand on paper, each with the places of its values: its own, then those under it."""
    for place, column in enumerate(table.columns):
        if column.width:
            below = (at for at, other in enumerate(table.columns) if other.under == column.key)
            yield column, (place, *below)
