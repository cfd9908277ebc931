"""A register told by hand: blocks and events without a chain."""

from __future__ import annotations

from typing import Any

from stotoken.ledger.decoding import Contracts
from stotoken.ledger.events import (
    EpochCancelled,
    Event,
    LotLocked,
    LotReleased,
    Moved,
    RecordDateScheduled,
    SplitScheduled,
    StandingChanged,
)
from stotoken.ledger.register import Register
from stotoken.types import ZERO_ADDRESS, Block, Bytes32, MoveKind, checksum, partition_id

DEFAULT = partition_id("default")
SYSTEM, ORDERS, TOKEN = (checksum(f"0x{number:040x}") for number in (1, 2, 3))
ALICE, BOB, CAROL = (checksum(f"0x{number:040x}") for number in (10, 11, 12))
CONTRACTS = Contracts(31337, SYSTEM, ORDERS, TOKEN)


class Story:
    """Every method but `block` tells one event of the present block."""

    def __init__(self) -> None:
        self.register = Register(CONTRACTS)
        self.number, self.time, self.index = 0, 0, 0

    def block(self, timestamp: int) -> Story:
        """Begin the next block; the one before is read."""
        if self.number:
            self.close()
        self.number, self.time, self.index = self.number + 1, timestamp, 0
        return self

    def close(self) -> Register:
        """Read the present block to its end."""
        parent = f"0x{self.number - 1:064x}"
        self.register.advance(Block(self.number, f"0x{self.number:064x}", parent, self.time, 30_000_000, 0))
        return self.register

    def tell(self, record: type[Event], **fields: Any) -> Event:
        self.index += 1
        event = record(
            block=self.number, timestamp=self.time, tx_hash=f"0x{self.number:064x}", log_index=self.index, **fields
        )
        self.register.apply(event)
        return event

    def issue(self, to: str, units: int, partition: Bytes32 = DEFAULT) -> None:
        self.move(ZERO_ADDRESS, to, units, MoveKind.ISSUE, partition)

    def redeem(self, of: str, units: int, partition: Bytes32 = DEFAULT) -> None:
        self.move(of, ZERO_ADDRESS, units, MoveKind.REDEEM, partition)

    def move(
        self, giver: str, to: str, units: int, kind: MoveKind = MoveKind.TRANSFER, partition: Bytes32 = DEFAULT
    ) -> None:
        self.tell(Moved, kind=kind, partition=partition, from_=giver, to=to, units=units, operator=giver)

    def split(self, ratio: int, start: int | None = None) -> None:
        last = self.register.calendar.last
        begins = self.time if start is None else start
        self.tell(SplitScheduled, epoch=last.number + 1, ratio=ratio, factor=last.factor * ratio, start=begins)

    def record_date(self, start: int | None = None) -> int:
        number = self.register.calendar.last.number + 1
        self.tell(RecordDateScheduled, epoch=number, start=self.time if start is None else start)
        return number

    def cancel(self) -> None:
        self.tell(EpochCancelled, epoch=self.register.calendar.last.number)

    def lock(self, holder: str, units: int, end: int, start: int | None = None, cliff: int | None = None) -> None:
        """All at once without a start, from the start on without a cliff."""
        self.tell(LotLocked, partition=DEFAULT, holder=holder, units=units, **_dates(end, start, cliff))

    def release(
        self, holder: str, units: int, end: int, start: int | None = None, cliff: int | None = None, *, left: int = 0
    ) -> None:
        dates = _dates(end, start, cliff)
        self.tell(LotReleased, partition=DEFAULT, holder=holder, units=units, left=left, **dates)

    def stand(self, wallet: str, investor: int) -> None:
        word = investor << 128 | 1 << 96
        self.tell(StandingChanged, wallet=wallet, investor=investor.to_bytes(16, "big"), standing=word, by=ORDERS)


def _dates(end: int, start: int | None, cliff: int | None) -> dict[str, int]:
    begins = end if start is None else start
    return {"start": begins, "cliff": begins if cliff is None else cliff, "end": end}


def units(register: Register, wallet: str, as_of: int | None = None) -> int:
    return register.holding(DEFAULT, wallet, as_of).units


def recorded(register: Register, wallet: str, epoch: int) -> int:
    return register.holding_at_record_date(DEFAULT, wallet, epoch).units
