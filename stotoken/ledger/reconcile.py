"""The register against the chain at one block, holder by holder: the two must say the same, figure by figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from stotoken.chain.connection import Connection, call_object, data_of
from stotoken.client.events import abi_of
from stotoken.errors import LedgerStale, StotokenError
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.follower import BATCH, require_current
from stotoken.ledger.register import Register
from stotoken.types import Block, partition_name, to_hex

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

    block: Block
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
    """A question to the chain and the answer it must give."""

    what: str
    contract: str
    function: str
    args: tuple[object, ...]
    expected: object


def reconcile(register: Register, connection: Connection, *, record_dates: bool = True) -> Reconciliation:
    """Compare at the last block read, whose state the node must still have; ChainReorganised when it left the chain.

    With `record_dates`, every holding at every record date that has passed is compared too.
    """
    if register.head is None:
        raise LedgerStale("The register has read nothing yet; nothing was compared.")
    require_current(register, connection)
    rows = [*_partitions(register, connection), *_calendar(register), *_holdings(register), *_standings(register)]
    if record_dates:
        rows += _record_dates(register)
    differences = list(_sums(register))
    for start in range(0, len(rows), BATCH):
        differences += _compare(register, connection, rows[start : start + BATCH])
    require_current(register, connection)
    return Reconciliation(register.head, len(rows), tuple(differences))


def _compare(register: Register, connection: Connection, rows: list[_Row]) -> Iterator[Difference]:
    for row, answer in zip(rows, _ask(register, connection, rows), strict=True):
        if answer != row.expected:
            yield Difference(row.what, row.expected, answer)


def _ask(register: Register, connection: Connection, rows: list[_Row]) -> list[Any]:
    assert register.head is not None  # noqa: S101
    addresses = {"CoreSystem": register.contracts.system, "SecurityToken": register.contracts.token}
    functions = [abi_of(row.contract).function(row.function) for row in rows]
    block = hex(register.head.number)
    answers = connection.batch(
        [
            ("eth_call", [call_object(addresses[row.contract], function.encode(*row.args)), block])
            for row, function in zip(rows, functions, strict=True)
        ]
    )
    for answer in answers:
        if isinstance(answer, StotokenError):
            raise answer
    return [function.decode(data_of(answer)) for function, answer in zip(functions, answers, strict=True)]


def _token(what: str, function: str, args: tuple[object, ...], expected: object) -> _Row:
    return _Row(what, "SecurityToken", function, args, expected)


def _partitions(register: Register, connection: Connection) -> Iterator[_Row]:
    """Supplies, also of partitions that only the chain knows."""
    supply = register.supply()
    yield _token("total supply", "totalSupply()", (), sum(supply.values()))
    known = _ask(register, connection, [_token("", "partitions()", (), ())])[0]
    for partition in sorted({*supply, *known}):
        what = f"supply of {partition_name(partition)}"
        yield _token(what, "totalSupplyByPartition(bytes32)", (partition,), supply.get(partition, 0))


def _calendar(register: Register) -> Iterator[_Row]:
    yield _token("current epoch", "currentEpoch()", (), register.calendar.at(register.now))
    recorded = 0
    for epoch in register.calendar:
        recorded += epoch.record_date
        expected = (epoch.start, epoch.factor, recorded)
        yield _token(f"epoch {epoch.number}", "epochOf(uint16)", (epoch.number,), expected)
    beyond = register.calendar.last.number + 1
    yield _token(f"epoch {beyond}", "epochOf(uint16)", (beyond,), (0, 0, 0))


def _holdings(register: Register) -> Iterator[_Row]:
    for partition, wallet in register.places():
        held = register.holding(partition, wallet)
        what = f"{wallet} in {partition_name(partition)}"
        yield _token(f"units of {what}", "balanceOfByPartition(bytes32,address)", (partition, wallet), held.units)
        made_of = (held.units, held.free, held.frozen, held.locked, held.locked_until, held.lost)
        yield _token(f"holding of {what}", "holdingOf(bytes32,address)", (partition, wallet), made_of)


def _record_dates(register: Register) -> Iterator[_Row]:
    for number in (epoch.number for epoch in register.record_dates):
        for partition, units in register.supply_at_record_date(number).items():
            what = f"supply of {partition_name(partition)} at record date {number}"
            yield _token(what, "totalSupplyAt(bytes32,uint16)", (partition, number), units)
        for partition, wallet in register.places():
            units = register.holding_at_record_date(partition, wallet, number).units
            what = f"units of {wallet} in {partition_name(partition)} at record date {number}"
            yield _token(what, "balanceOfAt(bytes32,address,uint16)", (partition, wallet, number), units)


def _standings(register: Register) -> Iterator[_Row]:
    for wallet in sorted({place.wallet for place in register.places()}):
        standing = register.state.standings.get(wallet, 0)
        yield _Row(f"standing of {wallet}", "CoreSystem", "standingOf(address)", (wallet,), _unpacked(standing))


def _unpacked(standing: int) -> tuple[object, ...]:
    """Investor, classes, country, valid until, frozen."""
    investor = (standing >> 128).to_bytes(16, "big")
    numbers = standing >> 96 & 0xFFFFFFFF, standing >> 80 & 0xFFFF, standing >> 40 & 0xFFFFFFFFFF
    return (investor, *numbers, bool(standing & 0xFFFFFFFFFF))


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
    if isinstance(value, bytes):
        return to_hex(value)
    return f"({', '.join(map(_text, value))})" if isinstance(value, tuple) else str(value)
