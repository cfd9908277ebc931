"""What jobs do: each kind says how a lot of rows becomes one call, and what the chain already has of it.

Two runs can never do a row twice: the nonce of its transaction is used once. Behind that stands, where the chain offers
one, a second net: the number of a lot, the standings of wallets, what is frozen. It holds also for somebody who lost
the journal.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, ClassVar, NamedTuple, TypeVar

from stotoken.chain.connection import Connection, call_object, data_of, number_of
from stotoken.client import bindings
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of
from stotoken.client.results import moves_of
from stotoken.client.standing import Standing
from stotoken.errors import NodeError, Reverted, StotokenError
from stotoken.jobs.job import Job, Row
from stotoken.jobs.layout import two_lists
from stotoken.reverts import AllotmentExceeded, ERC20InsufficientBalance, ERC7943InsufficientUnfrozenBalance
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, Log, encode_values, to_hex

_Item = TypeVar("_Item")

_ASKED_AT_ONCE = 300
#: Bytes of a job's digest in the numbers of its lots; the rest says which rows.
_PREFIX, _NUMBER = 24, 32
#: Transactions of as many rows as a block holds, each of some 60,000 characters.
_TRANSACTIONS_AT_ONCE = 64


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
        #: The first block in which the chain had rows that were asked for.
        self.since: int | None = None

    @abstractmethod
    def data(self, job: Job, places: Sequence[int]) -> bytes:
        """Call data for some rows of one partition, by their places in the job."""

    def trial(self, job: Job, places: Sequence[int], sender: Address) -> Trial:
        """What shows whether the chain would take these rows."""
        return Trial(sender, self.to, self.data(job, places))

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
        """Those of the rows that the chain has already, where it matters by this sender."""
        return set()

    def found_in(self, block_number: int) -> None:
        """The chain had some of the rows in that block."""
        self.since = min(self.since or block_number, block_number)

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        """What the chain would say of all rows together, where no single lot shows it."""
        return None


class Register(Kind):
    name, row_gas, counted, converges = "register", 27_200, False, True

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        return two_lists(_selector("CoreSystem", "register"), [job.rows[place] for place in places])

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
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

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
        found = set()
        for part in _parts(places, _ASKED_AT_ONCE):
            standings = _standings(self, [job.rows[place].wallet for place in part])
            found |= {place for place, now in zip(part, standings, strict=True) if now is not None and now.frozen}
        return found


class Numbered(Kind):
    """Its lots are numbered by the job and their first and last row, so that the chain tells which rows were done,
    whatever lots they were in."""

    def number(self, job: Job, places: Sequence[int]) -> Bytes32:
        return job.digest[:_PREFIX] + places[0].to_bytes(4, "big") + places[-1].to_bytes(4, "big")

    def places(self, job: Job, number: bytes) -> range:
        """The rows among which those of a lot are; none where the number is not of a lot of this job."""
        if len(number) != _NUMBER or number[:_PREFIX] != job.digest[:_PREFIX]:
            return range(0)
        first, last = (int.from_bytes(number[at : at + 4], "big") for at in (_PREFIX, _PREFIX + 4))
        return range(first, min(last + 1, len(job.rows)))

    def moves(
        self, job: Job, places: Sequence[int], event: str, sender: Address
    ) -> Iterator[tuple[Log, dict[str, Any]]]:
        """Moves to or from the wallets of the rows, by this sender: the wallet is the last that the event is indexed
        by, the sender the one before."""
        found, by = abi_of("SecurityToken").event(event), _topic(sender)
        wallets = sorted({_topic(job.rows[place].wallet) for place in places})
        for part in _parts(wallets, _ASKED_AT_ONCE):
            topics = [*found.topics(), None, by, part]
            for log in self.connection.logs([self.target], self.deployment.block_number, topics=topics):
                yield log, found.decode(log)

    def done(self, job: Job, places: Iterable[int], tx_hash: str) -> Iterable[int]:
        """Of rows some of which were left out, those that were moved."""
        receipt = self.connection.receipt(tx_hash)
        if receipt is None:
            raise _not_kept(tx_hash)
        moves = iter(moves_of(self.deployment, receipt, self.target))
        move = next(moves, None)
        for place in places:
            row = job.rows[place]
            if move and (move.to, move.units, move.partition) == (row.wallet, row.value, row.partition):
                yield place
                move = next(moves, None)


class Distribute(Numbered):
    name, row_gas = "distribute", 34_300

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        rows, number = [job.rows[place] for place in places], self.number(job, places)
        return two_lists(_selector("SecurityToken", "distribute"), rows, [rows[0].partition], [number])

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
        event = abi_of("SecurityToken").event("Distributed")
        logs = self.connection.logs([self.target], self.deployment.block_number, topics=event.topics())
        found: set[int] = set()
        for log in logs:
            values = event.decode(log)
            if lot := self.places(job, values["batch"]):
                self.found_in(log.block_number)
                found.update(lot if values["count"] == len(lot) else self.done(job, lot, log.tx_hash))
        return found & set(places)

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        token = bindings.SecurityToken(self.connection, self.target)
        treasury = token.terms().treasury
        for partition, units in _sums(rows).items():
            if units > (left := token.allotted(partition)):
                return AllotmentExceeded(units, left)
            if units > (held := token.balance_of_by_partition(partition, treasury)):
                return ERC20InsufficientBalance(treasury, held, units)
        return None


class Transfer(Numbered):
    """The number stands behind the arguments, where the token does not read: the chain keeps it with the call data."""

    name, row_gas = "transfer", 33_900

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        rows, number = [job.rows[place] for place in places], self.number(job, places)
        return two_lists(_selector("SecurityToken", "batchTransfer"), rows, [rows[0].partition]) + number

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
        rows = {(row.wallet, row.value, row.partition) for row in (job.rows[place] for place in places)}
        moves = self.moves(job, places, "TransferByPartition", sender)
        own = ((log, move) for log, move in moves if move["operator"] == sender)
        alike = {log.tx_hash for log, move in own if (move["to"], move["value"], move["fromPartition"]) in rows}
        found: set[int] = set()
        for part in _parts(sorted(alike), _TRANSACTIONS_AT_ONCE):
            asked = self.connection.batch([("eth_getTransactionByHash", [tx_hash]) for tx_hash in part])
            for tx_hash, sent in zip(part, asked, strict=True):
                if sent is None:
                    raise _not_kept(tx_hash)
                if lot := self._lot(job, sent):
                    self.found_in(number_of(sent["blockNumber"]))
                    found.update(self.done(job, lot, tx_hash))
        return found & set(places)

    def _lot(self, job: Job, sent: Any) -> range:
        """The rows that a transaction is of."""
        if isinstance(sent, StotokenError):
            raise sent
        data = data_of(sent["input"])
        return self.places(job, data[-_NUMBER:] if data[:4] == _selector("SecurityToken", "batchTransfer") else b"")

    def too_much(self, rows: Sequence[Row], sender: Address) -> Reverted | None:
        token = bindings.SecurityToken(self.connection, self.target)
        for partition, units in _sums(rows).items():
            held, free, *_ = token.holding_of(partition, sender)
            if units > held:
                return ERC20InsufficientBalance(sender, held, units)
            if units > free:
                return ERC7943InsufficientUnfrozenBalance(sender, units, free)
        return None


class Redeem(Numbered):
    """Of many holders, by their operator, who gives the number as his data."""

    name, row_gas, most_rows = "redeem", 110_000, 1

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        row = job.rows[places[0]]
        function = abi_of("SecurityToken").function("operatorRedeemByPartition")
        return function.encode(row.partition, row.wallet, row.value, self.number(job, places))

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
        found: set[int] = set()
        for log, move in self.moves(job, places, "RedeemedByPartition", sender):
            rows = ((place, job.rows[place]) for place in self.places(job, move["operatorData"]))
            gone = (move["from"], move["value"], move["partition"])
            if own := {place for place, row in rows if (row.wallet, row.value, row.partition) == gone}:
                self.found_in(log.block_number)
                found |= own
        return found & set(places)


class Freeze(Kind):
    """Of units of many holdings; to no fewer than are frozen, since fewer needs an order."""

    name, row_gas, most_rows, converges = "freeze", 110_000, 1, True

    def data(self, job: Job, places: Sequence[int]) -> bytes:
        row = job.rows[places[0]]
        return abi_of("SecurityToken").function("setFrozenByPartition").encode(row.partition, row.wallet, row.value)

    def known(self, job: Job, places: Sequence[int], sender: Address) -> set[int]:
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


def _not_kept(tx_hash: str) -> NodeError:
    """Nodes that drop old transactions keep their logs: what is not told is not taken for not done."""
    return NodeError(
        f"The node has moves of transaction {tx_hash} and not the transaction, so that rows in it cannot be told from "
        "those that are left; nothing was sent. Use a node that keeps every transaction.",
        answered=True,
    )


def _selector(contract: str, function: str) -> bytes:
    return abi_of(contract).function(function).selector


def _topic(wallet: Address) -> str:
    return to_hex(encode_values(["address"], [wallet]))


def _standings(kind: Kind, wallets: Sequence[Address]) -> tuple[Standing | None, ...]:
    system = bindings.CoreSystem(kind.connection, kind.target)
    words = system.look_many(ZERO_ADDRESS, [int(each, 16) for each in wallets])[2]
    return tuple(Standing.of(word) if word >> 128 else None for word in words)


def _sums(rows: Iterable[Row]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for row in rows:
        found[row.partition] = found.get(row.partition, 0) + row.value
    return found


def _parts(items: Sequence[_Item], size: int) -> Iterable[Sequence[_Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
