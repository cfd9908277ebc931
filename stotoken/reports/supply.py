"""③ Issued units: of each partition as of the moment, and everything that ever changed them."""

from __future__ import annotations

from collections.abc import Iterator

from stotoken.ledger.events import Moved
from stotoken.ledger.faults import RegisterDiffers
from stotoken.reports.common import Matter, facts, plain_partition, share
from stotoken.reports.lineage import kind_of
from stotoken.reports.sheet import Column, Curve, Kind, Row, Sheet, Table, Words
from stotoken.types import ZERO_ADDRESS, MoveKind, Units

_PARTITION = Column("partition", Words("Partition", "パーティション"), Kind.TEXT, 44)
_NOW = (
    _PARTITION,
    Column("issued", Words("Issued", "発行"), Kind.UNITS, 40),
    Column("reissued", Words("Reissued", "再配布"), Kind.UNITS, 40),
    Column("redeemed", Words("Redeemed", "償還"), Kind.UNITS, 40),
    Column("units", Words("In issue", "発行済口数"), Kind.UNITS, 44),
    Column("share", Words("Share (%)", "割合(%)"), Kind.SHARE, 26),
)
_HISTORY = (
    Column("at", Words("When", "日時"), Kind.TIME, 40),
    Column("kind", Words("Kind", "種別"), Kind.TEXT, 40),
    _PARTITION,
    Column("change", Words("Change", "増減"), Kind.CHANGE, 34),
    Column("units", Words("In issue, all partitions", "増減後の発行済口数(全体)"), Kind.UNITS, 44),
    Column("order", Words("Order", "注文番号"), Kind.NUMBER, 22),
    Column("block", Words("Block", "ブロック"), Kind.NUMBER, 22),
    Column("tx_hash", Words("Transaction", "取引ハッシュ"), Kind.HEX),
)
_NOTE = Words(
    "Issued, reissued and redeemed units are counted in units as of the moment above; changes in units of their time.",
    "発行・再配布・償還の累計は基準日時現在の口数に換算し、増減は当時の口数で示す。",
)


def supply(matter: Matter) -> Sheet:
    view = matter.view
    partitions = [partition for partition in view.supply if matter.of_partition(partition)]
    rows = [_now(matter, partition) for partition in partitions]
    history = list(_history(matter))
    totals = {"issued": 1, "reissued": 2, "redeemed": 3, "units": 4}
    sums = {name: sum(_units(row[place]) for row in rows) for name, place in totals.items()}
    points = [(_units(row[0]), _units(row[4])) for row in history] or [(view.as_of, 0)]
    return Sheet(
        Words("Issued units", "発行済口数"),
        facts(matter),
        (
            Table("supply", Words("By partition", "パーティション別"), _NOW, rows, sums),
            Table("history", Words("History", "増減の履歴"), _HISTORY, history),
        ),
        (_NOTE,),
        Curve(Words("Units in issue over time", "発行済口数の推移(口)"), [*points, (view.as_of, points[-1][1])]),
    )


def _now(matter: Matter, partition: bytes) -> Row:
    """A partition's sums, which must lead to its supply."""
    issued = reissued = redeemed = 0
    for move, epoch in matter.view.moves:
        if move.partition != partition or not _changes(move):
            continue
        units = matter.view.scaled(move.units, epoch)
        if move.to == ZERO_ADDRESS:
            redeemed += units
        elif move.kind is MoveKind.REISSUE:
            reissued += units
        else:
            issued += units
    supply = matter.view.supply[partition]
    if issued + reissued - redeemed != supply:
        raise RegisterDiffers(f"Issued {issued} + {reissued} - {redeemed} units are not the {supply} in issue.")
    return plain_partition(partition), issued, reissued, redeemed, supply, share(supply, matter.issued)


def _history(matter: Matter) -> Iterator[Row]:
    """Issues, redemptions and splits in order, each with the units in issue after it."""
    view, calendar = matter.view, matter.view.calendar
    total, epoch = 0, 0
    changes = [(move, at) for move, at in view.moves if _changes(move) and matter.of_partition(move.partition)]
    for move, at in [*changes, (None, view.epoch)]:
        for begun in range(epoch + 1, at + 1):
            factor = calendar[begun].factor // calendar[begun - 1].factor
            if factor > 1:
                grown, total = total * (factor - 1), total * factor
                said = Words(f"split 1:{factor}", f"分割 1:{factor}")
                yield calendar[begun].start, said, None, grown, total, None, None, None
        epoch = at
        if move is not None:
            change = move.units if move.from_ == ZERO_ADDRESS else -move.units
            total += change
            where = plain_partition(move.partition)
            yield move.timestamp, kind_of(move), where, change, total, move.order, move.block, move.tx_hash


def _changes(move: Moved) -> bool:
    """Whether units came to be or ended."""
    return ZERO_ADDRESS in (move.from_, move.to) and move.from_ != move.to


def _units(value: object) -> Units:
    assert isinstance(value, int)  # noqa: S101
    return value
