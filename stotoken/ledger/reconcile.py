"""The register against the chain at one block, holder by holder: the two must say the same, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from typing import NamedTuple

import msgspec
from msgspec import Raw

from stotoken.chain.bulk import ask
from stotoken.chain.connection import Connection, data_of
from stotoken.client.events import abi_of
from stotoken.errors import LedgerStale
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.follower import require_current
from stotoken.ledger.moment import Mark
from stotoken.ledger.register import Register
from stotoken.types import Address, keccak, partition_name, to_hex

#: Questions in one batch.
BATCH = 500
_SHOWN = 20


class Difference(NamedTuple):
    """One figure that is not the same on both sides."""

    what: str
    register: object
    chain: object

    def __str__(self) -> str:
        return f"{self.what}: register {_text(self.register)}, chain {_text(self.chain)}"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of comparing. A row is one answer of the chain, of one or more figures."""

    block: Mark
    rows_compared: int
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        return not self.differences

    def assert_equal(self) -> None:
        """RegisterDiffers that lists the differences, if there are any."""
        if self.equal:
            return
        shown = "; ".join(map(str, self.differences[:_SHOWN]))
        more = f"; and {len(self.differences) - _SHOWN} more" if len(self.differences) > _SHOWN else ""
        raise RegisterDiffers(
            f"The register differs from the chain at block {self.block.number} in {len(self.differences)} of "
            f"{self.rows_compared} rows: {shown}{more}.",
            self.differences,
        )


class _Row(NamedTuple):
    """A question to the chain and the words it must answer with."""

    what: str
    contract: Address
    function: str
    args: tuple[bytes | str | int, ...]
    expected: tuple[int, ...]


def reconcile(register: Register, connection: Connection, *, record_dates: bool = True) -> Reconciliation:
    """Compare at the last block read, whose state the node must still have; ChainReorganised when it left the chain.

    With `record_dates`, every holding at every record date that has passed is compared too.
    """
    head = register.head
    if head is None:
        raise LedgerStale("The register has read nothing yet; nothing was compared.")
    require_current(register, connection)
    rows = chain(_partitions(register, connection), _calendar(register), _holdings(register), _standings(register))
    if record_dates:
        rows = chain(rows, _record_dates(register))
    compared, differences = 0, list(_sums(register))
    while part := list(islice(rows, BATCH)):
        compared += len(part)
        differences += _compare(connection, part, head.number)
    require_current(register, connection)
    return Reconciliation(head, compared, tuple(differences))


def _compare(connection: Connection, rows: list[_Row], block: int) -> Iterator[Difference]:
    calls = [("eth_call", [{"to": row.contract, "data": _data(row)}, hex(block)]) for row in rows]
    for row, raw in zip(rows, ask(connection, calls), strict=True):
        answer = _words(raw)
        if answer != row.expected:
            yield Difference(row.what, _told(row.expected), _told(answer))


def _data(row: _Row) -> str:
    """The call: arguments of one word each."""
    return _selector(row.function) + "".join(map(_word, row.args))


@cache
def _selector(signature: str) -> str:
    return to_hex(keccak(signature.encode())[:4])


def _word(value: bytes | str | int) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return f"{value:064x}" if isinstance(value, int) else value[2:].lower().rjust(64, "0")


def _words(raw: Raw) -> tuple[int, ...]:
    """Every answer here is words of fixed places."""
    data = data_of(msgspec.json.decode(raw))
    return tuple(int.from_bytes(data[place : place + 32], "big") for place in range(0, len(data), 32))


def _told(words: tuple[int, ...]) -> int | tuple[int, ...]:
    return words[0] if len(words) == 1 else words


def _token(register: Register, what: str, function: str, args: tuple[bytes | str | int, ...], *expected: int) -> _Row:
    return _Row(what, register.contracts.token, function, args, expected)


def _partitions(register: Register, connection: Connection) -> Iterator[_Row]:
    """Supplies, also of partitions that only the chain knows."""
    supply = register.supply()
    yield _token(register, "total supply", "totalSupply()", (), sum(supply.values()))
    known = _asked_partitions(register, connection)
    for partition in sorted({*supply, *known}):
        what = f"supply of {partition_name(partition)}"
        yield _token(register, what, "totalSupplyByPartition(bytes32)", (partition,), supply.get(partition, 0))


def _asked_partitions(register: Register, connection: Connection) -> tuple[bytes, ...]:
    assert register.head is not None  # noqa: S101
    function = abi_of("SecurityToken").function("partitions()")
    found: tuple[bytes, ...] = function.decode(
        connection.call(register.contracts.token, function.encode(), register.head.number)
    )
    return found


def _calendar(register: Register) -> Iterator[_Row]:
    yield _token(register, "current epoch", "currentEpoch()", (), register.calendar.at(register.now))
    recorded = 0
    for epoch in register.calendar:
        recorded += epoch.record_date
        expected = (epoch.start, epoch.factor, recorded)
        yield _token(register, f"epoch {epoch.number}", "epochOf(uint16)", (epoch.number,), *expected)
    beyond = register.calendar.last.number + 1
    yield _token(register, f"epoch {beyond}", "epochOf(uint16)", (beyond,), 0, 0, 0)


def _holdings(register: Register) -> Iterator[_Row]:
    for held in register.every_holding():
        place = (held.partition, held.wallet)
        what = f"{held.wallet} in {partition_name(held.partition)}"
        yield _token(register, f"units of {what}", "balanceOfByPartition(bytes32,address)", place, held.units)
        made_of = (held.units, held.free, held.frozen, held.locked, held.locked_until, int(held.lost))
        yield _token(register, f"holding of {what}", "holdingOf(bytes32,address)", place, *made_of)


def _record_dates(register: Register) -> Iterator[_Row]:
    for number in (epoch.number for epoch in register.record_dates):
        for partition, units in register.supply_at_record_date(number).items():
            what = f"supply of {partition_name(partition)} at record date {number}"
            yield _token(register, what, "totalSupplyAt(bytes32,uint16)", (partition, number), units)
        held = {(each.partition, each.wallet): each.units for each in register.at_record_date(number)}
        for place in register.places():
            what = f"units of {place.wallet} in {partition_name(place.partition)} at record date {number}"
            function = "balanceOfAt(bytes32,address,uint16)"
            yield _token(register, what, function, (*place, number), held.get(place, 0))


def _standings(register: Register) -> Iterator[_Row]:
    for wallet, standing in register.standings().items():
        expected = _unpacked(standing)
        yield _Row(f"standing of {wallet}", register.contracts.system, "standingOf(address)", (wallet,), expected)


def _unpacked(standing: int) -> tuple[int, ...]:
    """Investor, classes, country, valid until, frozen; bytes lie at the left of their word."""
    numbers = standing >> 96 & 0xFFFFFFFF, standing >> 80 & 0xFFFF, standing >> 40 & 0xFFFFFFFFFF
    return (standing >> 128 << 128, *numbers, int(standing & 0xFFFFFFFFFF > 0))


def _sums(register: Register) -> Iterator[Difference]:
    """The register against itself: no partition has other units than its holders hold."""
    held: dict[bytes, int] = {}
    for holding in register.holdings():
        held[holding.partition] = held.get(holding.partition, 0) + holding.units
    for partition, units in register.supply().items():
        if held.get(partition, 0) != units:
            what = f"supply of {partition_name(partition)} and the sum of its holdings, both in the register"
            yield Difference(what, units, held.get(partition, 0))


def _text(value: object) -> str:
    return f"({', '.join(map(_text, value))})" if isinstance(value, tuple) else str(value)
