"""Locked lots: how they come and go in the fold, and what of them is locked at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from stotoken.ledger.calendar import Calendar
from stotoken.ledger.events import LotLocked, LotReleased
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.moment import Moment
from stotoken.ledger.schema import BLOCK_BITS, LOT_ENDS, LOTS, PLACES
from stotoken.types import Units, format_jst


class Dates(NamedTuple):
    """UTC seconds by which the units of a lot become free; one instant where all do at once."""

    start: int
    cliff: int
    end: int

    def locked(self, units: Units, clock: int) -> Units:
        """Of so many units, how many are locked at a second: all before the cliff, none from the end on, in between the
        share of the time from start to end that is left, rounded up."""
        if clock < self.cliff:
            return units
        if clock >= self.end:
            return 0
        return -(-units * (self.end - clock) // (self.end - self.start))


class Lot(NamedTuple):
    """Units that become free by their dates, counted in units of the epoch of its point. It is on the books of the
    chain until it is swept when it is over, released, shrunk by a forced move (what is left is a lot of its own), or
    carried to another wallet."""

    id: int
    place: int
    point: int
    units: Units
    start: int
    cliff: int
    end: int

    @property
    def dates(self) -> Dates:
        return Dates(self.start, self.cliff, self.end)

    def units_in(self, calendar: Calendar, epoch: int) -> Units:
        return calendar.scale(self.units, self.point >> BLOCK_BITS, epoch)

    def locked(self, calendar: Calendar, moment: Moment) -> Units:
        return self.dates.locked(self.units_in(calendar, moment.epoch), moment.clock)


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
        self._open(Lot(self._next_id(), place, point, event.units, event.start, event.cliff, event.end))

    def release(self, event: LotReleased, place: int, point: int, calendar: Calendar) -> None:
        """Of lots of the same dates and units one is as good as another: which of them it was makes no difference."""
        dates, before = Dates(event.start, event.cliff, event.end), event.units + event.left
        for lot in self._lots.get(place, ()):
            if (lot.dates, lot.units_in(calendar, point >> BLOCK_BITS)) == (dates, before):
                break
        else:
            raise RegisterDiffers(
                f"Log {event.log_index} of block {event.block} releases a lot of {before} units until "
                f"{format_jst(event.end)} at {event.holder} that was never locked; events before it are missing."
            )
        self._lots[place].remove(lot)
        self._add(LOT_ENDS.name, (lot.id, point))
        if event.left:
            self._open(Lot(self._next_id(), place, point, event.left, *dates))

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


@cache
def _lots() -> Select[tuple[int, int, int, int, int, int, int]]:
    return select(LOTS).select_from(
        LOTS.join(PLACES, PLACES.c.id == LOTS.c.place).outerjoin(LOT_ENDS, LOT_ENDS.c.lot == LOTS.c.id)
    )
