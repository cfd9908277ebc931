"""The fixed set of events a register is made of, each a frozen record with its place on the chain.

A class has the name of its event, its fields are the event's parameters by `python_name`. The exception is `Moved`:
the one record of every change of a holding, whichever of the three events by partition announced it.
"""

from __future__ import annotations

from dataclasses import dataclass

from stotoken.types import Address, Bytes32, HaltLevel, MoveKind, Units, encode_values, keccak


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Where an event stands. `timestamp` is that of its block, UTC seconds."""

    block: int
    timestamp: int
    tx_hash: str
    log_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """Units came to be (`from_` zero), changed hands, or were extinguished (`to` zero)."""

    kind: MoveKind
    partition: Bytes32
    from_: Address
    to: Address
    units: Units
    operator: Address
    data: bytes = b""
    operator_data: bytes = b""
    #: The order it was done on, if any.
    order: int | None = None
    #: Batch of a distribution, loss of a reissue, origin of a reversal.
    reference: Bytes32 | None = None

    @property
    def origin(self) -> Bytes32:
        """How a reversal refers to this move: keccak256(abi.encode(transaction hash, log index))."""
        return keccak(encode_values(["bytes32", "uint256"], [bytes.fromhex(self.tx_hash[2:]), self.log_index]))


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitScheduled(Event):
    epoch: int
    ratio: int
    factor: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDateScheduled(Event):
    epoch: int
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochCancelled(Event):
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenByPartition(Event):
    """`units` are all that is frozen from now on, not what was added."""

    partition: Bytes32
    account: Address
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class LotLocked(Event):
    """All units are locked before `cliff`, then evenly fewer, counted from `start`, and none from `end` on."""

    partition: Bytes32
    holder: Address
    units: Units
    start: int
    cliff: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotReleased(Event):
    """`units` were taken off a lot of these dates that had `left` more. It is over (and has been free since then), was
    released early, went with the holding to another wallet, or shrank with what a forced move took."""

    partition: Bytes32
    holder: Address
    units: Units
    left: Units
    start: int
    cliff: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LockupChanged(Event):
    """Of the token (`partition` zero), of a partition (`holder` zero) or of one holding."""

    partition: Bytes32
    holder: Address
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequested(Event):
    id: int
    from_: Address
    to: Address
    partition: Bytes32
    units: Units
    deadline: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRequestEnded(Event):
    id: int
    by: Address
    approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotted(Event):
    partition: Bytes32
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Distributed(Event):
    partition: Bytes32
    batch: Bytes32
    count: int
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedTransfer(Event):
    from_: Address
    to: Address
    amount: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerTransfer(Event):
    controller: Address
    from_: Address
    to: Address
    value: Units
    data: bytes
    operator_data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ControllerRedemption(Event):
    controller: Address
    token_holder: Address
    value: Units
    data: bytes
    operator_data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReported(Event):
    """Kind 1: the key is lost, the whole holding stands still. Kind 2: units were redeemed in error."""

    id: Bytes32
    wallet: Address
    kind: int
    partition: Bytes32
    units: Units
    evidence: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class LossDismissed(Event):
    id: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class Reissued(Event):
    """`from_` is zero when the units had been redeemed in error."""

    id: Bytes32
    from_: Address
    to: Address
    partition: Bytes32
    units: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversed(Event):
    origin: Bytes32
    from_: Address
    to: Address
    partition: Bytes32
    units: Units
    outstanding: Units


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged(Event):
    wallet: Address
    investor: bytes
    standing: int
    by: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltLevelChanged(Event):
    from_: HaltLevel
    to: HaltLevel
    by: Address
    incident: Bytes32


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExecuted(Event):
    id: int
    executor: Address


#: Event name to the record it becomes. `Moved` has no name of its own on the chain.
RECORDS: dict[str, type[Event]] = {
    record.__name__: record
    for record in (
        SplitScheduled,
        RecordDateScheduled,
        EpochCancelled,
        FrozenByPartition,
        LotLocked,
        LotReleased,
        LockupChanged,
        TransferRequested,
        TransferRequestEnded,
        Allotted,
        Distributed,
        ForcedTransfer,
        ControllerTransfer,
        ControllerRedemption,
        LossReported,
        LossDismissed,
        Reissued,
        Reversed,
        StandingChanged,
        HaltLevelChanged,
        OrderExecuted,
    )
}
