"""Locked lots: how they come and go in the fold, and what of them is locked at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from stotoken.ledger.calendar import Calendar
from stotoken.ledger.events import LotLocked, LotReleased
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.moment import Moment
from stotoken.ledger.schema import BLOCK_BITS, LOT_ENDS, LOTS, PLACES
from stotoken.types import Units, format_jst


class Lot(NamedTuple):
    """Units locked until `until`, counted in units of the epoch of its point. It is on the books of the chain until it
    is swept when it is over, released, shrunk by a forced move (what is left is a lot of its own), or carried to
    another wallet."""

    id: int
    place: int
    point: int
    units: Units
    until: int

    def locked(self, calendar: Calendar, moment: Moment) -> Units:
        if self.until <= moment.clock:
            return 0
        return calendar.scale(self.units, self.point >> BLOCK_BITS, moment.epoch)


class OpenLots:
    """The lots of one token that are on the books, by holding. `add` keeps a row of a table by its name."""

    def __init__(self, next_id: Callable[[], int], add: Callable[[str, tuple[object, ...]], None]) -> None:
        self._next_id, self._add = next_id, add
        self._lots: dict[int, list[Lot]] = {}

    def load(self, lots: Iterable[Lot]) -> None:
        """Those that came there before."""
        for lot in lots:
            self._lots.setdefault(lot.place, []).append(lot)

    def lock(self, event: LotLocked, place: int, point: int) -> None:
        self._open(Lot(self._next_id(), place, point, event.units, event.until))

    def release(self, event: LotReleased, place: int, point: int, calendar: Calendar) -> None:
        """A lot that ends on `until` is over, was released early, shrank with what a forced move took, or went with the
        holding to another wallet. Lots of one end are alike: which of them it was makes no difference."""
        left, now = event.units, point >> BLOCK_BITS
        for lot in [lot for lot in self._lots.get(place, ()) if lot.until == event.until]:
            left -= calendar.scale(lot.units, lot.point >> BLOCK_BITS, now)
            self._lots[place].remove(lot)
            self._add(LOT_ENDS.name, (lot.id, point))
            if left < 0:
                self._open(Lot(self._next_id(), place, point, -left, lot.until))
            if left <= 0:
                return
        raise RegisterDiffers(
            f"Log {event.log_index} of block {event.block} releases {left} units more than are locked until "
            f"{format_jst(event.until)} at {event.holder}; events before it are missing."
        )

    def _open(self, lot: Lot) -> None:
        self._lots.setdefault(lot.place, []).append(lot)
        self._add(LOTS.name, lot)


def open_lots(connection: Connection, token: int) -> list[Lot]:
    """What is on the books of a token, in the order it came there."""
    query = _lots().where(PLACES.c.token == token, LOT_ENDS.c.lot.is_(None)).order_by(LOTS.c.id)
    return list(map(Lot._make, connection.execute(query)))


def lots_at(connection: Connection, token: int, moment: Moment, where: Sequence[Any] = ()) -> list[Lot]:
    """What was on the books of a token at a moment, those that were over but not swept included; `where`: conditions on
    the places."""
    query = _lots().where(
        PLACES.c.token == token,
        LOTS.c.point <= moment.point,
        LOT_ENDS.c.lot.is_(None) | (LOT_ENDS.c.point > moment.point),
        *where,
    )
    return list(map(Lot._make, connection.execute(query.order_by(LOTS.c.id))))


def _lots() -> Select[tuple[int, int, int, int, int]]:
    return select(LOTS).select_from(
        LOTS.join(PLACES, PLACES.c.id == LOTS.c.place).outerjoin(LOT_ENDS, LOT_ENDS.c.lot == LOTS.c.id)
    )
