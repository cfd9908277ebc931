"""A token's corporate-action calendar, as its events tell it: when each epoch begins and what a unit of it is worth."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from stotoken.errors import InputError
from stotoken.ledger.faults import RegisterDiffers
from stotoken.types import Units


@dataclass(frozen=True, slots=True)
class Epoch:
    """`start`: UTC second from which a block is in it. `factor`: the product of all split ratios up to it."""

    number: int
    start: int
    factor: int
    record_date: bool


class Calendar:
    """Epochs in order; the last ones may lie ahead. Several may begin in the same second."""

    def __init__(self) -> None:
        self._epochs = [Epoch(0, 0, 1, False)]

    def __iter__(self) -> Iterator[Epoch]:
        return iter(self._epochs)

    def __getitem__(self, number: int) -> Epoch:
        if not 0 <= number < len(self._epochs):
            raise InputError(f"Epoch {number} is not on the calendar of this token.")
        return self._epochs[number]

    @property
    def last(self) -> Epoch:
        return self._epochs[-1]

    def add(self, epoch: Epoch, now: int) -> None:
        ratio, rest = divmod(epoch.factor, self.last.factor)
        in_order = epoch.number == self.last.number + 1 and epoch.start >= max(now, self.last.start)
        if not in_order or rest or (ratio == 1) != epoch.record_date:
            raise RegisterDiffers(f"Epoch {epoch} does not follow {self.last} on the calendar; events are missing.")
        self._epochs.append(epoch)

    def cancel(self, number: int, now: int) -> None:
        if number == 0 or number != self.last.number or self.last.start <= now:
            raise RegisterDiffers(f"Epoch {number} cannot have been cancelled: the last is {self.last}.")
        self._epochs.pop()

    def at(self, timestamp: int) -> int:
        """The epoch of a block of that timestamp, after all that the calendar knows."""
        return bisect_right(self._epochs, timestamp, key=lambda epoch: epoch.start) - 1

    def factors(self, to: int) -> list[int]:
        """What a unit of each epoch up to one is worth in units of that one."""
        return [self[to].factor // epoch.factor for epoch in self._epochs[: to + 1]]

    def scale(self, units: Units, epoch: int, to: int) -> Units:
        """`units` counted in one epoch as units of a later one; exact, splits only multiply."""
        return units * (self[to].factor // self[epoch].factor)
