"""What a register remembers. In memory here; a database can take its place behind the same few methods.

A figure is never overwritten by a later one: it has versions, each with the timestamp and the epoch it was written in.
Splits and record dates therefore touch nothing, and any past instant can be asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from stotoken.ledger.events import LossReported, Moved, TransferRequested
from stotoken.types import Address, Bytes32, Units


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
        self._moves: list[Moved] = []
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

    def add_move(self, move: Moved) -> None:
        self._moves.append(move)

    def moves(self, wallets: frozenset[Address] | None = None) -> Iterator[Moved]:
        """In chain order; of some wallets, or all."""
        return (m for m in self._moves if wallets is None or m.from_ in wallets or m.to in wallets)

    def lots_at(self, place: Place, moment: Moment) -> list[Lot]:
        """The lots of a holding at a moment, those that were over but not swept included."""
        return [lot for lot in self.lots.get(place, ()) if lot.stands_at(moment)]
