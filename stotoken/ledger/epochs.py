"""In which epoch each move happened, told from the register's own answers.

A move knows its second, and an epoch begins with a second. Only where units moved in the very second in which an epoch
began, as when an order splits the units in the middle of a block, is it open which moves came first: then the holdings
that the register tells of that second, and of a record date within it, leave one answer. Where they leave several, as
when units went to and fro, the epoch is taken to begin as early as it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, groupby

from stotoken.ledger.calendar import Epoch
from stotoken.ledger.events import Moved
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.register import Held, Register
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, Units, format_jst

#: Partition and wallet.
Place = tuple[Bytes32, Address]
Balances = dict[Place, Units]


def dated(register: Register, moves: Sequence[Moved]) -> Iterator[tuple[Moved, int]]:
    """Each move with its epoch. `moves`: all of the register, in chain order."""
    calendar = register.calendar
    starts = {epoch.start for epoch in calendar if epoch.number}
    for second, found in groupby(moves, key=lambda move: move.timestamp):
        if second in starts:
            here = list(found)
            yield from zip(here, _epochs(register, second, here), strict=True)
        else:
            epoch = calendar.at(second)
            yield from ((move, epoch) for move in found)


def _epochs(register: Register, second: int, moves: Sequence[Moved]) -> Sequence[int]:
    """The epochs of the moves of a second in which epochs began."""
    begun = [epoch for epoch in register.calendar if epoch.number and epoch.start == second]
    touched = {place for move in moves for place in _places(move)}
    before = _balances(register.holdings(second - 1), touched)
    after = _balances(register.holdings(second), touched)
    recorded = {
        epoch.number: _balances(register.at_record_date(epoch.number), touched) for epoch in begun if epoch.record_date
    }
    for cuts in combinations_with_replacement(range(len(moves) + 1), len(begun)):
        found = _played(register, begun, cuts, moves, before)
        if found == [recorded.get(epoch.number) for epoch in begun if epoch.record_date] + [after]:
            return [begun[0].number - 1 + sum(cut <= place for cut in cuts) for place in range(len(moves))]
    raise RegisterDiffers(
        f"The moves of {format_jst(second)} do not lead to the holdings that the register tells of that second."
    )


def _played(
    register: Register, begun: Sequence[Epoch], cuts: Sequence[int], moves: Sequence[Moved], before: Balances
) -> list[Balances]:
    """The holdings at each record date and at the end, when the epochs begin before the moves of those places."""
    balances, told, done = dict(before), [], 0
    for epoch, cut in zip(begun, cuts, strict=True):
        _apply(balances, moves[done:cut])
        done = cut
        if epoch.record_date:
            told.append({place: units for place, units in balances.items() if units})
        balances = {
            place: register.calendar.scale(units, epoch.number - 1, epoch.number) for place, units in balances.items()
        }
    _apply(balances, moves[done:])
    return [*told, {place: units for place, units in balances.items() if units}]


def _apply(balances: Balances, moves: Sequence[Moved]) -> None:
    for move in moves:
        for wallet, units in ((move.from_, -move.units), (move.to, move.units)):
            if wallet != ZERO_ADDRESS:
                place = (move.partition, wallet)
                balances[place] = balances.get(place, 0) + units


def _places(move: Moved) -> Iterator[Place]:
    return ((move.partition, wallet) for wallet in (move.from_, move.to) if wallet != ZERO_ADDRESS)


def _balances(holdings: Sequence[Held], touched: set[Place]) -> Balances:
    found = {(held.partition, held.wallet): held.units for held in holdings}
    return {place: units for place, units in found.items() if place in touched}
