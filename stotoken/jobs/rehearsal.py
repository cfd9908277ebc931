"""Lots sized by gas, and each tried on the chain before the first is sent: which rows would be refused, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stotoken.chain.connection import call_object, number_of
from stotoken.chain.sender import TRANSACTION_GAS_CAP, Sender
from stotoken.errors import NodeError, Reverted, Unauthorized
from stotoken.jobs.job import Job
from stotoken.jobs.kinds import Kind, partitions
from stotoken.reverts import SystemHalted, TokenPaused

#: What is refused for everybody and every row alike.
_OF_ALL = (Unauthorized, SystemHalted, TokenPaused)
#: Lots, and single rows, that are tried in one post.
_LOTS_AT_ONCE, _ROWS_AT_ONCE = 32, 200
#: Rows whose gas is measured, to find out whether rules of this token make it dearer than the standard ones.
_PROBED = 20


class Lot(NamedTuple):
    """Rows of one partition, by their places in the job, and the gas of their transaction."""

    places: tuple[int, ...]
    gas: int


@dataclass
class Rehearsal:
    """The lots that the chain would take now, and the rows that it would refuse, by place."""

    lots: list[Lot] = field(default_factory=list)
    refused: dict[int, Reverted] = field(default_factory=dict)


class Rehearser:
    """Makes and tries the lots of one job, as one sender would send them."""

    def __init__(self, kind: Kind, job: Job, sender: Sender, *, atomic: bool = False) -> None:
        self.kind, self.job, self.sender = kind, job, sender
        self.connection, self._atomic = sender.connection, atomic
        block = self.connection.block("latest").gas_limit
        #: Two lots fill a block, and each is within what one transaction may ask for.
        self.budget = min(TRANSACTION_GAS_CAP, block if atomic else block // 2)

    def rehearse(self, places: Sequence[int]) -> Rehearsal:
        found = Rehearsal()
        lots = list(self.lots(places))
        for start in range(0, len(lots), _LOTS_AT_ONCE):
            part = lots[start : start + _LOTS_AT_ONCE]
            for lot, refusal in zip(part, self._tried(part), strict=True):
                if refusal is None:
                    found.lots.append(lot)
                else:
                    self._explain(lot, refusal, found)
        if self.kind.ordered:
            self._try_steps(found.lots)
        return found

    def lots(self, places: Sequence[int]) -> Iterable[Lot]:
        """The rows in lots of as many as gas, or the kind, allows."""
        row_gas = self._row_gas(places)
        most = self.kind.most_rows or max(1, (self.budget - self.kind.base_gas) // row_gas)
        most = len(places) if self._atomic else most
        for part in partitions(self.job, places):
            for start in range(0, len(part), most):
                rows = tuple(part[start : start + most])
                yield Lot(rows, min(self.budget, (self.kind.base_gas + row_gas * len(rows)) * 5 // 4))

    def needed(self, places: Sequence[int]) -> int:
        """About the gas of one transaction of all these rows."""
        return self.kind.base_gas + self._row_gas(places) * len(places)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _row_gas(self, places: Sequence[int]) -> int:
        """That of the standard rules, or what it is measured to be where a token's own rules make it more."""
        known = self.kind.row_gas
        probe = next(iter(partitions(self.job, places)), [])[:_PROBED]
        if self.kind.most_rows == 1 or len(probe) < _PROBED:
            return known
        calls = [self._object(probe[:1]), self._object(probe)]
        one, many = self.connection.batch([("eth_estimateGas", [call]) for call in calls])
        if isinstance(one, Exception) or isinstance(many, Exception):
            return known  # some row is refused: the trial says which
        return max(known, (number_of(many) - number_of(one)) // (len(probe) - 1))

    def _object(self, places: Sequence[int], gas: int | None = None) -> dict[str, str]:
        trial = self.kind.trial(self.job, places, self.sender.address)
        asked = call_object(trial.to, trial.data, trial.sender)
        return asked if gas is None else asked | {"gas": hex(gas)}

    def _tried(self, lots: Sequence[Lot], *, roomy: bool = False) -> list[Reverted | None]:
        """What the chain says of each lot by itself; with its own gas, or with what the node allows."""
        calls = [self._object(lot.places, None if roomy else lot.gas) for lot in lots]
        answers: list[Any] = self.connection.batch([("eth_call", [call, "latest"]) for call in calls])
        for answer in answers:
            if isinstance(answer, NodeError):
                raise answer
        return [answer if isinstance(answer, Reverted) else None for answer in answers]

    def _explain(self, lot: Lot, refusal: Reverted, found: Rehearsal) -> None:
        """Find the rows that are refused each by itself; then those that only what stands before them makes one too
        many; the others stay a lot, or two where gas alone was in the way."""
        if isinstance(refusal, _OF_ALL):
            raise refusal
        good: list[int] = []
        for start in range(0, len(lot.places), _ROWS_AT_ONCE):
            part = lot.places[start : start + _ROWS_AT_ONCE]
            for place, reason in zip(part, self._tried([Lot((each,), lot.gas) for each in part]), strict=True):
                if reason is None:
                    good.append(place)
                else:
                    found.refused[place] = reason
        while good:
            rest = Lot(tuple(good), lot.gas)
            [reason] = self._tried([rest])
            if reason is None or self.kind.ordered:
                found.lots.append(rest)
                return
            if self._tried([rest], roomy=True) == [None] and len(good) > 1:
                half = len(good) // 2
                for few in (good[:half], good[half:]):
                    self._explain(Lot(tuple(few), lot.gas), reason, found)
                return
            found.refused[good.pop(self._first_too_many(rest))] = reason

    def _try_steps(self, lots: Sequence[Lot]) -> None:
        """The steps of the orders themselves: what is in their way is none of the rows'."""
        for lot in lots:
            self.connection.call(self.kind.to, self.kind.data(self.job, lot.places), "latest", self.sender.address)

    def _first_too_many(self, lot: Lot) -> int:
        """The first row with which the rows up to it are refused together."""
        fits, fails = 0, len(lot.places)
        while fails - fits > 1:
            middle = (fits + fails) // 2
            if self._tried([Lot(lot.places[:middle], lot.gas)], roomy=True) == [None]:
                fits = middle
            else:
                fails = middle
        return fails - 1
