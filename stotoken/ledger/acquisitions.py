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
names no redemption of the register gives units of the day of the reissue. All units are those of the moment that is
asked for: a split multiplies what was moved before it.

Nearly every move only takes the giver's oldest lots and brings a youngest one. It is noted as a sum and a lot, and the
oldest are taken off when somebody looks: at the end, or before a move that carries dates.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.lineage import History, Return
from stotoken.ledger.moment import Moment
from stotoken.ledger.register import Held, Register
from stotoken.types import Address, Bytes32, Units


class Acquisition(NamedTuple):
    """Units of one holding that were acquired in one second (UTC)."""

    at: int
    units: Units


#: Second of acquisition, number of the move that brought it to where it is, units: the oldest sorts first.
_Lot = tuple[int, int, Units]


class Acquisitions:
    """Lots of every holding at a moment. Holdings are known by the numbers of their places."""

    def __init__(self, register: Register, moment: Moment) -> None:
        self._places: dict[tuple[Bytes32, Address], int] = {}
        #: Where units come from and end.
        self._outside: set[int] = set()
        #: By the number of the place; and units that it gave and that are not taken off the lots yet.
        self._lots: dict[int, list[_Lot]] = {}
        self._owed: dict[int, Units] = {}
        #: Of a move that is given back later: its number, and what it took, the oldest first.
        self._took: dict[Bytes32, tuple[int, list[tuple[int, Units]]]] = {}
        with register.history(moment) as history:
            self._take(history, self._owners(history), register.calendar.factors(moment.epoch))

    def of(self, held: Held) -> list[Acquisition]:
        """The lots of a holding by date; RegisterDiffers when they are not all of it."""
        found: list[Acquisition] = []
        total, last = 0, -1
        place = self._places.get((held.partition, held.wallet))
        for at, _, units in self._left(place) if place else ():
            if at == last:
                found[-1] = Acquisition(at, found[-1].units + units)
            else:
                found.append(Acquisition._make((at, units)))
            total, last = total + units, at
        if total != held.units:
            raise RegisterDiffers(f"The lots of {held.wallet} add up to {total} units, the holding is {held.units}.")
        return found

    # --- the moves ----------------------------------------------------------------------------------------------------

    def _owners(self, history: History) -> dict[int, bytes | int]:
        """Whose each place is, by its number: an investor's, or its own."""
        owners: dict[int, bytes | int] = {}
        for partition, wallet, id, investor in history.places():
            self._places[partition, wallet], self._lots[id], self._owed[id] = id, [], 0
            owners[id] = id if investor is None else investor
            if not wallet:
                self._outside.add(id)
        return owners

    def _take(self, history: History, owners: Mapping[int, bytes | int], factors: Sequence[int]) -> None:
        lots, owed = self._lots, self._owed
        returns, given_back = history.returns(), history.given_back()
        carrying = returns.keys() | given_back.keys()
        for number, (block, index, second, epoch, giver, taker, units) in enumerate(history.steps()):
            units = int(units) * factors[epoch]
            same = owners[giver] == owners[taker]
            if not same and not (carrying and (block, index) in carrying):
                if units:
                    owed[giver] += units
                    lots[taker].append((second, number, units))
                continue
            back, origin = returns.get((block, index)), given_back.get((block, index))
            gone = self._give(giver, units, back)
            if origin is not None:
                self._took[origin] = (number, gone.copy())
            if taker not in self._outside:
                carried = same or (back is not None and giver not in self._outside and not back.reverses)
                for at, some in self._received(units, second, back, gone if carried else None):
                    insort(self._left(taker), (at, number, some))

    def _give(self, place: int, units: Units, back: Return | None) -> list[tuple[int, Units]]:
        """Take units off a holding: first of what the move that is given back brought, then the oldest. Seconds and
        units of what is gone."""
        if place in self._outside:
            return []
        lots, gone = self._left(place), []
        undone, _ = self._taken(back)
        if back and back.reverses:
            brought = [lot for lot in lots if lot[1] == undone]
            gone = _oldest(brought, units)
            lots[:] = sorted([lot for lot in lots if lot[1] != undone] + brought)
        gone += _oldest(lots, units - _sum(gone))
        if (missing := units - _sum(gone)) > 0:
            raise _never_acquired(missing)
        return [(at, some) for at, _, some in gone]

    def _received(
        self, units: Units, second: int, back: Return | None, carried: list[tuple[int, Units]] | None
    ) -> list[tuple[int, Units]]:
        """Seconds and units of what the receiver has from a move. `carried`: what went, where its dates go over."""
        undone, taken = self._taken(back)
        if carried is not None and undone < 0:
            return carried
        old: list[tuple[int, Units]] = []
        while taken and units:
            at, some = taken.pop()
            if some > units:
                taken.append((at, some - units))
            old.append((at, min(some, units)))
            units -= old[-1][1]
        return [*old, (second, units)] if units else old

    def _taken(self, back: Return | None) -> tuple[int, list[tuple[int, Units]]]:
        """Number of the move that is given back, and what it took; none where nothing is."""
        return self._took.get(back.reference or b"", (-1, [])) if back else (-1, [])

    def _left(self, place: int) -> list[_Lot]:
        """The lots of a holding, all it gave taken off."""
        lots = self._lots[place]
        if owed := self._owed[place]:
            self._owed[place] = 0
            if missing := owed - _sum(_oldest(lots, owed)):
                raise _never_acquired(missing)
        return lots


def _oldest(lots: list[_Lot], units: Units) -> list[_Lot]:
    """Take up to so many units off the front."""
    count = 0
    while count < len(lots) and units:
        at, number, here = lots[count]
        if here > units:
            gone = [*lots[:count], (at, number, units)]
            lots[: count + 1] = [(at, number, here - units)]
            return gone
        units -= here
        count += 1
    gone = lots[:count]
    del lots[:count]
    return gone


def _sum(lots: Sequence[_Lot]) -> Units:
    return sum(units for _, _, units in lots)


def _never_acquired(units: Units) -> RegisterDiffers:
    return RegisterDiffers(f"A holding gave away {units} units that it never acquired.")
