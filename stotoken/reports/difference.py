"""What became of every holding between two instants: what it was, what splits made of it, what came and what went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stotoken.errors import InputError
from stotoken.ledger.faults import RegisterDiffers
from stotoken.reports.asked import By
from stotoken.reports.common import Matter, facts, plain_partition
from stotoken.reports.sheet import Column, Fact, Kind, Row, Sheet, Table, Words
from stotoken.reports.view import View
from stotoken.types import ZERO_ADDRESS, Address, Units, to_hex

_NAME = Column("name", Words("Name", "氏名又は名称"), Kind.TEXT, 34)
_WHO = (
    Column("holder", Words("Investor or wallet", "投資者ID又はウォレット"), Kind.HEX, 66),
    Column("partition", Words("Partition", "パーティション"), Kind.TEXT, 26),
)
_FIGURES = (
    Column("before", Words("Before", "始期の口数"), Kind.UNITS, 26),
    Column("split", Words("By splits", "分割による増加"), Kind.CHANGE, 24),
    Column("received", Words("Received", "受入"), Kind.UNITS, 24),
    Column("given", Words("Given", "払出"), Kind.UNITS, 24),
    Column("after", Words("After", "終期の口数"), Kind.UNITS, 26),
    Column("change", Words("Change", "増減"), Kind.CHANGE, 26),
)
_NOTE = Words(
    "Before + by splits + received - given = after, for every row. Received and given are in units as of the end.",
    "各行とも 始期の口数 + 分割による増加 + 受入 - 払出 = 終期の口数。受入・払出は終期の口数に換算。",
)


@dataclass(slots=True)
class _Line:
    before: Units = 0
    received: Units = 0
    given: Units = 0
    after: Units = 0


def difference(matter: Matter) -> Sheet:
    since, view = matter.asked.since, matter.view
    if since is None or since > view.as_of - (view.record_date is not None):
        raise InputError("A difference runs from an earlier instant to a later one; none was made.")
    earlier = View(view.register, since)
    lines = _lines(matter, earlier)
    named = (_NAME,) if matter.names else ()
    rows = [_row(matter, who, partition, line, earlier) for (partition, who), line in sorted(lines.items())]
    totals = {
        column.key: sum(row[place] for row in rows)  # type: ignore[misc]
        for place, column in enumerate((*named, *_WHO, *_FIGURES))
        if column in _FIGURES
    }
    table = Table("difference", Words("Changes", "増減"), (*named, *_WHO, *_FIGURES), rows, totals)
    more = (
        Fact("since", Words("Since", "始期"), Kind.TIME, since),
        Fact("issued_then", Words("Units in issue then", "始期の発行済口数"), Kind.UNITS, earlier.total),
    )
    return Sheet(Words("Changes between two instants", "二時点間の増減"), facts(matter, more), (table,), (_NOTE,))


def _lines(matter: Matter, earlier: View) -> Mapping[tuple[bytes, str], _Line]:
    lines: dict[tuple[bytes, str], _Line] = {}

    def line(partition: bytes, wallet: Address) -> _Line:
        return lines.setdefault((partition, _who(matter, wallet)), _Line())

    for view, name in ((earlier, "before"), (matter.view, "after")):
        for held in view.holdings:
            if matter.of_partition(held.partition):
                found = line(held.partition, held.wallet)
                setattr(found, name, getattr(found, name) + held.units)
    for move, epoch in matter.view.moves[len(earlier.moves) :]:
        units = matter.view.scaled(move.units, epoch)
        inside = ZERO_ADDRESS not in (move.from_, move.to) and _who(matter, move.from_) == _who(matter, move.to)
        if not units or inside or not matter.of_partition(move.partition):
            continue
        if move.from_ != ZERO_ADDRESS:
            line(move.partition, move.from_).given += units
        if move.to != ZERO_ADDRESS:
            line(move.partition, move.to).received += units
    return lines


def _who(matter: Matter, wallet: Address) -> str:
    investor = matter.view.investors[wallet] if matter.asked.by is By.INVESTOR else None
    return to_hex(investor) if investor else wallet


def _row(matter: Matter, who: str, partition: bytes, line: _Line, earlier: View) -> Row:
    split = matter.view.scaled(line.before, earlier.epoch) - line.before
    if line.before + split + line.received - line.given != line.after:
        raise RegisterDiffers(f"The moves of {who} do not lead from {line.before} units to {line.after}.")
    investor = bytes.fromhex(who[2:]) if len(who) == 34 else matter.view.investors[who]
    named = (matter.names.text(investor, "name"),) if matter.names else ()
    figures = (line.before, split, line.received, line.given, line.after, line.after - line.before)
    return (*named, who, plain_partition(partition), *figures)
