"""When what is held was acquired: lots by date, the oldest given first (FIFO). One fold over the moves.

What becomes of the dates:

    issue, distribute, transfer, force   the giver's oldest lots go; the receiver acquires on the day of the move
    the same, to a wallet of the         the giver's oldest lots go over as they are, with their dates
      same investor
    redeem                               the giver's oldest lots end
    reissue of a lost wallet's holding   all lots go over with their dates
    reissue of units redeemed in error   the lots that the redemption ended come back with their dates
    reverse                              the first owner gets back what the move took from him, with its old dates;
                                         the other loses first what the move brought him, as far as it is still
                                         there, then his oldest
    split                                every lot is multiplied, no date changes

What comes back in part are the youngest of the lots that went, as if only the rest had ever been moved. A loss that
names no redemption of the register gives units of the day of the reissue. Units are counted like everywhere: in units
of their epoch, and scaled when they are looked at.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from stotoken.ledger.calendar import Calendar
from stotoken.ledger.epochs import Place, dated
from stotoken.ledger.events import Moved
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.investors import Investors
from stotoken.ledger.register import Held, Register
from stotoken.types import ZERO_ADDRESS, Bytes32, MoveKind, Units, keccak

#: Block and log index of a move.
Mark = tuple[int, int]


class Acquisition(NamedTuple):
    """Units of one holding that were acquired in one second (UTC)."""

    at: int
    units: Units


@dataclass(slots=True)
class _Lot:
    """`came`: the move that brought it into this holding."""

    at: int
    units: Units
    epoch: int
    came: Mark


class Acquisitions:
    """Lots of every holding after the moves that were taken."""

    def __init__(self, register: Register) -> None:
        self._calendar, self._investors = register.calendar, Investors(register)
        self._lots: dict[Place, list[_Lot]] = {}
        #: What a move took, the oldest first, kept for moves that may be given back.
        self._taken: dict[Bytes32, tuple[Mark, list[_Lot]]] = {}

    @classmethod
    def at(cls, register: Register, as_of: int | None = None, record_date: int | None = None) -> Acquisitions:
        """Now, as of an instant, or just before a record date: of the same moment as the holdings."""
        last = register.now if as_of is None else as_of
        found, moves = cls(register), register.lineage()
        given_back = _given_back(moves)
        for move, epoch in dated(register, moves):
            if (move.timestamp > last) if record_date is None else epoch >= record_date:
                break
            found.take(move, epoch, keep=bool(given_back) and (move.partition, move.from_, move.to) in given_back)
        return found

    def of(self, held: Held, epoch: int) -> list[Acquisition]:
        """The lots of a holding by date, in units of an epoch; RegisterDiffers when they are not all of it."""
        found: dict[int, Units] = {}
        for lot in self._lots.get((held.partition, held.wallet), ()):
            found[lot.at] = found.get(lot.at, 0) + self._calendar.scale(lot.units, lot.epoch, epoch)
        if sum(found.values()) != held.units:
            raise RegisterDiffers(
                f"The lots of {held.wallet} add up to {sum(found.values())} units, the holding is {held.units}."
            )
        return [Acquisition(at, units) for at, units in found.items()]

    def take(self, move: Moved, epoch: int, keep: bool) -> None:
        """The next move. `keep`: remember what it took, because a later one may give it back."""
        mark = (move.block, move.log_index)
        giver, taker = (move.partition, move.from_), (move.partition, move.to)
        if move.from_ == ZERO_ADDRESS:
            gone = []
        else:
            undone = self._taken.get(move.reference, (None,))[0] if move.reference and _reverses(move) else None
            gone = self._give(giver, move.units, epoch, undone)
        if keep:
            self._taken[_origin(move)] = (mark, [replace(lot) for lot in gone])
        if move.to != ZERO_ADDRESS:
            for lot in self._received(move, epoch, gone):
                lot.came = mark
                insort(self._lots.setdefault(taker, []), lot, key=_age)

    def _received(self, move: Moved, epoch: int, gone: list[_Lot]) -> list[_Lot]:
        """The lots that the receiver of a move has from it."""
        if _returns(move) and move.reference in self._taken:
            back = _pop(self._taken[move.reference][1], move.units, epoch, self._calendar, youngest=True)
        elif self._keeps_dates(move):
            return gone
        else:
            back = []
        rest = move.units - sum(lot.units for lot in back)
        return [*back, _Lot(move.timestamp, rest, epoch, (0, 0))] if rest else back

    def _keeps_dates(self, move: Moved) -> bool:
        if move.from_ == ZERO_ADDRESS:
            return False
        giver = self._investors[move.from_]
        same = move.from_ == move.to or (giver is not None and giver == self._investors[move.to])
        return same or move.kind is MoveKind.REISSUE

    def _give(self, place: Place, units: Units, epoch: int, first: Mark | None) -> list[_Lot]:
        """Take units off a holding: first of what the move `first` brought, then the oldest."""
        lots = self._lots.get(place, [])
        gone: list[_Lot] = []
        if first is not None:
            brought = [lot for lot in lots if lot.came == first]
            others = [lot for lot in lots if lot.came != first]
            gone = _pop(brought, units, epoch, self._calendar)
            lots[:] = sorted(brought + others, key=_age)
        gone += _pop(lots, units - sum(lot.units for lot in gone), epoch, self._calendar)
        if (missing := units - sum(lot.units for lot in gone)) > 0:
            raise RegisterDiffers(f"{missing} units that {place[1]} gave away were never acquired.")
        return gone


def _age(lot: _Lot) -> tuple[int, Mark]:
    """The oldest first; of one second, the one that came first."""
    return lot.at, lot.came


def _pop(lots: list[_Lot], units: Units, epoch: int, calendar: Calendar, youngest: bool = False) -> list[_Lot]:
    """Take up to that many units off lots in order of date, from either end; they are counted in the epoch from now."""
    gone: list[_Lot] = []
    end = -1 if youngest else 0
    while lots and units:
        lot = lots[end]
        lot.units, lot.epoch = calendar.scale(lot.units, lot.epoch, epoch), epoch
        if lot.units > units:
            gone.append(replace(lot, units=units))
            lot.units -= units
            break
        units -= lot.units
        gone.append(lots.pop(end))
    return gone[::-1] if youngest else gone


def _reverses(move: Moved) -> bool:
    return move.kind is MoveKind.REVERSE


def _returns(move: Moved) -> bool:
    """Whether the units of a move were somebody's before and are given back."""
    return move.reference is not None and (
        _reverses(move) or (move.kind is MoveKind.REISSUE and move.from_ == ZERO_ADDRESS)
    )


def _given_back(moves: Iterable[Moved]) -> frozenset[tuple[bytes, str, str]]:
    """Partition, giver and receiver of every move that may have been given back later."""
    found = set()
    wallets: set[tuple[bytes, str]] = set()
    for move in moves:
        if _reverses(move):
            found.add((move.partition, move.to, move.from_))
        elif _returns(move):
            wallets.add((move.partition, ZERO_ADDRESS))
    if wallets:
        found |= {(m.partition, m.from_, m.to) for m in moves if (m.partition, m.to) in wallets}
    return frozenset(found)


def _origin(move: Moved) -> Bytes32:
    """The same as `move.origin`, for very many."""
    return keccak(bytes.fromhex(move.tx_hash[2:]) + move.log_index.to_bytes(32, "big"))
