"""What jobs do: each kind says how a lot of rows becomes one call, and what the chain already has of it.

Two runs can never do a row twice: the nonce of its transaction is used once. Behind that stands, where the chain offers
one, a second net: the numbers of distributions, the standings of wallets, what is frozen. It holds also for somebody
who lost the journal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import ClassVar, NamedTuple

from stotoken.chain.connection import Connection, call_object, data_of
from stotoken.client import bindings
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of
from stotoken.client.results import moves_of
from stotoken.client.standing import Standing
from stotoken.errors import Reverted, StotokenError
from stotoken.jobs.job import Job, Row
from stotoken.jobs.layout import two_lists
from stotoken.reverts import AllotmentExceeded, ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance
from stotoken.types import ZERO_ADDRESS, Address

_ASKED_AT_ONCE = 300
#: Bytes of a job's digest in the numbers of its distributions; the rest says which rows.
_PREFIX = 24


class Trial(NamedTuple):
    """What is tried on the chain for some rows: by whom, on which contract, with which call data."""

    sender: Address
    to: Address
    data: bytes


class Kind(ABC):
    """One act on many rows, of one contract."""

    name: ClassVar[str]
    #: Gas of a row to a new holder under the standard rules, rounded up.
    row_gas: ClassVar[int]
    #: Gas of a transaction beside its rows.
    base_gas: ClassVar[int] = 110_000
    #: Most rows of one transaction; 0 where gas alone decides.
    most_rows: ClassVar[int] = 0
    #: Whether values are units.
    counted: ClassVar[bool] = True
    #: Whether the chain is to be as the rows have it, so that only rows that differ are done, however often.
    converges: ClassVar[bool] = False
    #: Whether it goes through the queue of orders, in lots that are as they are.
    ordered: ClassVar[bool] = False

    def __init__(self, deployment: Deployment, connection: Connection, target: Address) -> None:
        self.deployment, self.connection, self.target = deployment, connection, target
        #: Where its transactions go.
        self.to = target

    @abstractmethod
    def data(self, job: Job, places: Sequence[int]) -> bytes:
        """Call data for some rows of one partition, by their places in the job."""

    def trial(self, job: Job, places: Sequence[int], sender: Address) -> Trial:
        """What shows whether the chain would take these rows."""
        return Trial(sender, self.to, self.data(job, places))

    def known(self, job: Job, places: Sequence[int]) -> set[int]:
        """Those of the rows that the chain has already."""
        return set()

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        """What the chain would say of all rows together, where no single lot shows it."""
        return None


class Register(Kind):
    name, row_gas, counted, converges = "register", 27_200, False, True

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        return two_lists(_selector("CoreSystem", "register"), [job.rows[place] for place in places])

    def known(self, job: Job, places: Sequence[int]) -> set[int]:
        """Whether a wallet is frozen is not the table's."""
        found = set()
        for part in _parts(places, _ASKED_AT_ONCE):
            standings = _standings(self, [job.rows[place].wallet for place in part])
            found |= {
                place
                for place, now in zip(part, standings, strict=True)
                if now is not None and replace(now, frozen_at=0).word == job.rows[place].value
            }
        return found


class FreezeWallet(Kind):
    name, row_gas, most_rows, counted, converges = "freeze-wallet", 30_000, 1, False, True

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        [place] = places
        return abi_of("CoreSystem").function("freezeWallet").encode(job.rows[place].wallet)

    def known(self, job: Job, places: Sequence[int]) -> set[int]:
        found = set()
        for part in _parts(places, _ASKED_AT_ONCE):
            standings = _standings(self, [job.rows[place].wallet for place in part])
            found |= {place for place, now in zip(part, standings, strict=True) if now is not None and now.frozen}
        return found


class Distribute(Kind):
    """Numbered by the job and the first and last row of the lot, so that the chain tells which rows were distributed,
    whatever lots they were in."""

    name, row_gas = "distribute", 34_300

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        number = job.digest[:_PREFIX] + places[0].to_bytes(4, "big") + places[-1].to_bytes(4, "big")
        rows = [job.rows[place] for place in places]
        return two_lists(_selector("SecurityToken", "distribute"), rows, [rows[0].partition], [number])

    def known(self, job: Job, places: Sequence[int]) -> set[int]:
        event = abi_of("SecurityToken").event("Distributed")
        logs = self.connection.logs([self.target], self.deployment.block_number, topics=event.topics())
        found: set[int] = set()
        for log in logs:
            values = event.decode(log)
            number = values["batch"]
            if number[:_PREFIX] != job.digest[:_PREFIX]:
                continue
            first, last = (int.from_bytes(number[at : at + 4], "big") for at in (_PREFIX, _PREFIX + 4))
            if values["count"] == last - first + 1:
                found.update(range(first, last + 1))
            else:
                found.update(self._paid(job, range(first, last + 1), log.tx_hash))
        return found & set(places)

    def _paid(self, job: Job, places: Iterable[int], tx_hash: str) -> Iterable[int]:
        """Of rows some of which were left out, those that were moved."""
        receipt = self.connection.receipt(tx_hash)
        moves = iter(moves_of(self.deployment, receipt, self.target) if receipt else ())
        move = next(moves, None)
        for place in places:
            row = job.rows[place]
            if move and (move.to, move.units, move.partition) == (row.wallet, row.value, row.partition):
                yield place
                move = next(moves, None)

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        token = bindings.SecurityToken(self.connection, self.target)
        treasury = token.terms().treasury
        for partition, units in _sums(rows).items():
            if units > (left := token.allotted(partition)):
                return AllotmentExceeded(units, left)
            if units > (held := token.balance_of_by_partition(partition, treasury)):
                return ERC20InsufficientBalance(treasury, held, units)
        return None


class Transfer(Kind):
    name, row_gas = "transfer", 33_900

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        rows = [job.rows[place] for place in places]
        return two_lists(_selector("SecurityToken", "batchTransfer"), rows, [rows[0].partition])

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        token = bindings.SecurityToken(self.connection, self.target)
        for partition, units in _sums(rows).items():
            held, free, *_ = token.holding_of(partition, sender)
            if units > held:
                return ERC20InsufficientBalance(sender, held, units)
            if units > free:
                return ERC7943InsufficientUnfrozenBalance(sender, units, free)
        return None


class Redeem(Kind):
    """Of many holders, by their operator."""

    name, row_gas, most_rows = "redeem", 110_000, 1

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        row = job.rows[places[0]]
        function = abi_of("SecurityToken").function("operatorRedeemByPartition")
        return function.encode(row.partition, row.wallet, row.value, b"")


class Freeze(Kind):
    """Of units of many holdings; to no fewer than are frozen, since fewer needs an order."""

    name, row_gas, most_rows, converges = "freeze", 110_000, 1, True

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        row = job.rows[places[0]]
        return abi_of("SecurityToken").function("setFrozenByPartition").encode(row.partition, row.wallet, row.value)

    def known(self, job: Job, places: Sequence[int]) -> set[int]:
        function, found = abi_of("SecurityToken").function("holdingOf"), set()
        for part in _parts(places, _ASKED_AT_ONCE):
            asked = (function.encode(job.rows[place].partition, job.rows[place].wallet) for place in part)
            calls = [("eth_call", [call_object(self.target, data), "latest"]) for data in asked]
            for place, answer in zip(part, self.connection.batch(calls), strict=True):
                if isinstance(answer, StotokenError):
                    raise answer
                if function.decode(data_of(answer))[2] == job.rows[place].value:
                    found.add(place)
        return found


def partitions(job: Job, places: Iterable[int]) -> Iterable[list[int]]:
    """The rows of each partition."""
    return (list(part) for _, part in groupby(places, key=lambda place: job.rows[place].partition))


def _selector(contract: str, function: str) -> bytes:
    return abi_of(contract).function(function).selector


def _standings(kind: Kind, wallets: Sequence[Address]) -> tuple[Standing | None, ...]:
    system = bindings.CoreSystem(kind.connection, kind.target)
    words = system.look_many(ZERO_ADDRESS, [int(each, 16) for each in wallets])[2]
    return tuple(Standing.of(word) if word >> 128 else None for word in words)


def _sums(rows: Iterable[Row]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for row in rows:
        found[row.partition] = found.get(row.partition, 0) + row.value
    return found


def _parts(places: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (places[start : start + size] for start in range(0, len(places), size))
