"""A register in plain dictionaries: an independent fold, by another arithmetic than the package's, to compare with.

A figure is never overwritten by a later one: it has versions, each with the timestamp and the epoch it was written in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.events import (
    EpochCancelled,
    Event,
    FrozenByPartition,
    LockupChanged,
    LossDismissed,
    LossReported,
    LotLocked,
    LotReleased,
    Moved,
    RecordDateScheduled,
    SplitScheduled,
    StandingChanged,
    TransferRequested,
    TransferRequestEnded,
)
from stotoken.ledger.lots import Dates
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, Units


class Figure(StrEnum):
    """What is kept of a holding. The first four count units and split with them."""

    UNITS = "units"
    SUPPLY = "supply"
    FROZEN = "frozen"
    REQUESTED = "requested"
    LOCKED_UNTIL = "locked_until"
    LOST = "lost"


class Place(NamedTuple):
    """A holding; a partition's supply has no wallet."""

    partition: Bytes32
    wallet: Address = ""


class Version(NamedTuple):
    """A value from a block of that timestamp on; units count in units of the epoch."""

    epoch: int
    timestamp: int
    value: int


class Moment(NamedTuple):
    """What was written up to that timestamp in that epoch or before, looked at in units of the epoch.

    `clock`: the second that decides how much of a lot is free.
    """

    epoch: int
    timestamp: int
    clock: int


@dataclass(slots=True)
class Lot:
    """Units that become free by their dates. `ended`: when the chain took it off its books: swept when it was over,
    released, shrunk by a forced move (what is left is a lot of its own), or carried to another wallet."""

    written: Version
    dates: Dates
    ended: Version | None = None

    def stands_at(self, moment: Moment) -> bool:
        """Whether the chain had it on its books, whatever of it was free."""
        return _is_by(self.written, moment) and not (self.ended is not None and _is_by(self.ended, moment))


def _is_by(version: Version, moment: Moment) -> bool:
    return version.epoch <= moment.epoch and version.timestamp <= moment.timestamp


class State:
    """Versions of all figures, lots, moves, and what the wallets are."""

    def __init__(self) -> None:
        self._versions: dict[Figure, dict[Place, list[Version]]] = {figure: {} for figure in Figure}
        self.moves: list[Moved] = []
        self.lots: dict[Place, list[Lot]] = {}
        #: Packed standing by wallet, as it is now.
        self.standings: dict[Address, int] = {}
        #: Transfer requests not ended, each with the epoch its units count in.
        self.requests: dict[int, tuple[TransferRequested, int]] = {}
        self.losses: dict[Bytes32, LossReported] = {}

    def put(self, figure: Figure, place: Place, version: Version) -> None:
        versions = self._versions[figure].setdefault(place, [])
        if versions and versions[-1][:2] == version[:2]:
            versions[-1] = version
        else:
            versions.append(version)

    def latest(self, figure: Figure, place: Place) -> Version:
        versions = self._versions[figure].get(place)
        return versions[-1] if versions else Version(0, 0, 0)

    def at(self, figure: Figure, place: Place, moment: Moment) -> Version:
        versions = self._versions[figure].get(place, [])
        found = bisect_right(versions, moment[:2], key=lambda version: version[:2])
        return versions[found - 1] if found else Version(0, 0, 0)

    def places(self, figure: Figure) -> set[Place]:
        return set(self._versions[figure])

    def lots_at(self, place: Place, moment: Moment) -> list[Lot]:
        """The lots of a holding at a moment, those that were over but not swept included."""
        return [lot for lot in self.lots.get(place, ()) if lot.stands_at(moment)]


KEY_LOST = 1


@dataclass(slots=True)
class Fold:
    """Takes events one by one, in chain order."""

    state: State
    calendar: Calendar = field(default_factory=Calendar)
    #: Block and log index of the last event taken.
    last: tuple[int, int] = (-1, -1)
    now: int = 0
    epoch: int = 0

    def take(self, event: Event) -> None:
        place = (event.block, event.log_index)
        if place <= self.last or event.timestamp < self.now:
            raise AssertionError("events are missing or out of order")
        self.last, self.now = place, event.timestamp
        self.epoch = self.calendar.at(self.now)
        self._change(event)

    def _change(self, event: Event) -> None:
        match event:
            case Moved():
                self._move(event)
            case SplitScheduled():
                self.calendar.add(Epoch(event.epoch, event.start, event.factor, record_date=False), self.now)
            case RecordDateScheduled():
                factor = self.calendar.last.factor
                self.calendar.add(Epoch(event.epoch, event.start, factor, record_date=True), self.now)
            case EpochCancelled():
                self.calendar.cancel(event.epoch, self.now)
            case StandingChanged():
                self._stand(event)
            case TransferRequested() | TransferRequestEnded():
                self._request(event)
            case LossReported() | LossDismissed():
                self._lose(event)
            case _:
                self._encumber(event)

    # --- units --------------------------------------------------------------------------------------------------------

    def _move(self, move: Moved) -> None:
        supply = Place(move.partition)
        giver = supply if move.from_ == ZERO_ADDRESS else Place(move.partition, move.from_)
        taker = supply if move.to == ZERO_ADDRESS else Place(move.partition, move.to)
        if giver == supply:
            self._add(Figure.SUPPLY, supply, move.units)
        else:
            self._add(Figure.UNITS, giver, -move.units)
        if taker == supply:
            self._add(Figure.SUPPLY, supply, -move.units)
        else:
            self._add(Figure.UNITS, taker, move.units)
        self.state.moves.append(move)

    def _now(self, figure: Figure, place: Place) -> Units:
        version = self.state.latest(figure, place)
        return self.calendar.scale(version.value, version.epoch, self.epoch)

    def _put(self, figure: Figure, place: Place, value: int) -> None:
        self.state.put(figure, place, Version(self.epoch, self.now, value))

    def _add(self, figure: Figure, place: Place, units: Units) -> None:
        left = self._now(figure, place) + units
        if left < 0:
            raise AssertionError("events are missing or out of order")
        self._put(figure, place, left)

    # --- encumbrances -------------------------------------------------------------------------------------------------

    def _encumber(self, event: Event) -> None:
        match event:
            case FrozenByPartition():
                self._put(Figure.FROZEN, Place(event.partition, event.account), event.units)
            case LotLocked():
                dates = Dates(event.start, event.cliff, event.end)
                lot = Lot(Version(self.epoch, self.now, event.units), dates)
                self.state.lots.setdefault(Place(event.partition, event.holder), []).append(lot)
            case LotReleased():
                self._release(event)
            case LockupChanged():
                wallet = "" if event.holder == ZERO_ADDRESS else event.holder
                self._put(Figure.LOCKED_UNTIL, Place(event.partition, wallet), event.until)

    def _release(self, event: LotReleased) -> None:
        """Of lots of the same dates and units one is as good as another: which of them it was makes no difference."""
        lots = self.state.lots.get(Place(event.partition, event.holder), [])
        dates, before = Dates(event.start, event.cliff, event.end), event.units + event.left
        for lot in lots:
            units = self.calendar.scale(lot.written.value, lot.written.epoch, self.epoch)
            if lot.ended is None and (lot.dates, units) == (dates, before):
                lot.ended = Version(self.epoch, self.now, 0)
                break
        else:
            raise AssertionError("events are missing or out of order")
        if event.left:
            lots.append(Lot(Version(self.epoch, self.now, event.left), dates))

    def _request(self, event: TransferRequested | TransferRequestEnded) -> None:
        if isinstance(event, TransferRequested):
            self.state.requests[event.id] = (event, self.epoch)
            self._add(Figure.REQUESTED, Place(event.partition, event.from_), event.units)
            return
        if event.id not in self.state.requests:
            raise AssertionError("events are missing or out of order")
        request, epoch = self.state.requests.pop(event.id)
        units = self.calendar.scale(request.units, epoch, self.epoch)
        self._add(Figure.REQUESTED, Place(request.partition, request.from_), -units)

    def _lose(self, event: LossReported | LossDismissed) -> None:
        if isinstance(event, LossReported):
            self.state.losses[event.id] = event
        elif event.id not in self.state.losses:
            raise AssertionError("events are missing or out of order")
        loss = self.state.losses[event.id]
        if loss.kind == KEY_LOST:
            self._put(Figure.LOST, Place(loss.partition, loss.wallet), int(isinstance(event, LossReported)))

    # --- wallets ------------------------------------------------------------------------------------------------------

    def _stand(self, event: StandingChanged) -> None:
        before = self.state.standings.get(event.wallet, 0)
        if before >> 128 not in (0, event.standing >> 128):
            raise AssertionError("events are missing or out of order")
        self.state.standings[event.wallet] = event.standing


def moment_of(calendar: Calendar, as_of: int) -> Moment:
    """After all blocks up to a second."""
    return Moment(calendar.at(as_of), as_of, as_of)


def moment_before(epoch: Epoch) -> Moment:
    """Just before an epoch began, also when it began within a block."""
    return Moment(epoch.number - 1, epoch.start, epoch.start - 1)


class Model:
    """What a register answers, by looking through the dictionaries."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.state = State()
        self._fold = Fold(self.state)
        for event in events:
            self._fold.take(event)

    @property
    def calendar(self) -> Calendar:
        return self._fold.calendar

    @property
    def moves(self) -> list[Moved]:
        return self.state.moves

    def holdings(self, as_of: int) -> list[tuple[object, ...]]:
        return self._all(moment_of(self.calendar, as_of))

    def at_record_date(self, epoch: int) -> list[tuple[object, ...]]:
        return self._all(moment_before(self.calendar[epoch]))

    def supply(self, as_of: int) -> dict[Bytes32, Units]:
        moment = moment_of(self.calendar, as_of)
        return {
            place.partition: self._units(Figure.SUPPLY, place, moment) for place in self.state.places(Figure.SUPPLY)
        }

    def places(self) -> list[tuple[Bytes32, Address]]:
        found: set[Place] = set(self.state.lots).union(*(self.state.places(figure) for figure in Figure))
        return sorted((place.partition, place.wallet) for place in found if place.wallet)

    def investor(self, wallet: Address) -> bytes | None:
        number = self.state.standings.get(wallet, 0) >> 128
        return number.to_bytes(16, "big") if number else None

    def _all(self, moment: Moment) -> list[tuple[object, ...]]:
        return [self._held(place, moment) for place in sorted(self.state.places(Figure.UNITS))
                if self._units(Figure.UNITS, place, moment)]  # fmt: skip

    def _held(self, place: Place, moment: Moment) -> tuple[object, ...]:
        """The fields of a `Held`, in its order."""
        locked = sum(
            lot.dates.locked(self.calendar.scale(lot.written.value, lot.written.epoch, moment.epoch), moment.clock)
            for lot in self.state.lots_at(place, moment)
        )
        return (
            place.partition,
            place.wallet,
            self.investor(place.wallet),
            self._units(Figure.UNITS, place, moment),
            self._units(Figure.FROZEN, place, moment),
            locked,
            self._units(Figure.REQUESTED, place, moment),
            self.state.at(Figure.LOCKED_UNTIL, place, moment).value,
            bool(self.state.at(Figure.LOST, place, moment).value),
        )

    def _units(self, figure: Figure, place: Place, moment: Moment) -> Units:
        version = self.state.at(figure, place, moment)
        return self.calendar.scale(version.value, version.epoch, moment.epoch)
