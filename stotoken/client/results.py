"""What acts come to: frozen records, each with its receipt and what the events of the transaction say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stotoken.client.deployment import Deployment
from stotoken.client.events import Happened, happened, incomplete
from stotoken.errors import InputError
from stotoken.types import (
    ZERO_ADDRESS,
    Address,
    Bytes32,
    HaltLevel,
    MoveKind,
    Receipt,
    Units,
    encode_values,
    keccak,
    parse_bytes32,
    partition_name,
)

#: Event that follows a move of an order, and the kind it tells.
_MARKS = {"ForcedTransfer": MoveKind.FORCE, "Reissued": MoveKind.REISSUE, "Reversed": MoveKind.REVERSE}
_MOVES = {"IssuedByPartition", "RedeemedByPartition", "TransferByPartition"}


@dataclass(frozen=True, kw_only=True)
class Done:
    """An act that took effect."""

    receipt: Receipt = field(repr=False)

    @property
    def tx_hash(self) -> str:
        return self.receipt.tx_hash


@dataclass(frozen=True, kw_only=True)
class Moved(Done):
    """One move. `from_` is zero when units came into being, `to` when they were extinguished."""

    kind: MoveKind
    partition: Bytes32
    operator: Address
    from_: Address
    to: Address
    units: Units
    log_index: int

    @property
    def partition_name(self) -> str:
        return partition_name(self.partition)

    @property
    def origin(self) -> Bytes32:
        """By which a reversal, or a loss, refers to this move."""
        return origin_of(self.receipt.tx_hash, self.log_index)


@dataclass(frozen=True, kw_only=True)
class MovedMany(Done):
    moves: tuple[Moved, ...]

    @property
    def units(self) -> Units:
        return sum(move.units for move in self.moves)


@dataclass(frozen=True, kw_only=True)
class Distributed(MovedMany):
    partition: Bytes32
    batch: Bytes32


@dataclass(frozen=True, kw_only=True)
class Requested(Done):
    """A transfer that waits for the issuer. `deadline`: UTC seconds as asked for."""

    id: int
    from_: Address
    to: Address
    partition: Bytes32
    units: Units
    deadline: int


@dataclass(frozen=True, kw_only=True)
class RequestEnded(Done):
    id: int
    by: Address
    approved: bool
    moved: Moved | None = None


@dataclass(frozen=True, kw_only=True)
class AllowanceSet(Done):
    owner: Address
    spender: Address
    units: Units


@dataclass(frozen=True, kw_only=True)
class OperatorSet(Done):
    """`partition` is None for an operator of all partitions."""

    operator: Address
    holder: Address
    partition: Bytes32 | None
    authorised: bool


@dataclass(frozen=True, kw_only=True)
class UnitsFrozen(Done):
    partition: Bytes32
    account: Address
    units: Units


@dataclass(frozen=True, kw_only=True)
class LossReported(Done):
    """`kind`: 1 key lost, 2 redeemed in error."""

    id: Bytes32
    wallet: Address
    kind: int
    partition: Bytes32
    units: Units
    evidence: Bytes32


@dataclass(frozen=True, kw_only=True)
class DocumentChanged(Done):
    name: str
    uri: str
    sha256: Bytes32
    removed: bool


@dataclass(frozen=True, kw_only=True)
class PauseChanged(Done):
    paused: bool
    by: Address


@dataclass(frozen=True, kw_only=True)
class LevelChanged(Done):
    from_: HaltLevel
    to: HaltLevel
    by: Address
    incident: Bytes32


@dataclass(frozen=True, kw_only=True)
class Registered(Done):
    wallets: tuple[Address, ...]


@dataclass(frozen=True, kw_only=True)
class WalletFrozen(Done):
    wallet: Address
    frozen: bool


def origin_of(tx_hash: str, log_index: int) -> Bytes32:
    """keccak256(abi.encode(transaction hash, log index))"""
    return keccak(encode_values(["bytes32", "uint256"], [parse_bytes32(tx_hash), log_index]))


def moves_of(deployment: Deployment, receipt: Receipt, token: Address | None = None) -> tuple[Moved, ...]:
    """Every move of a transaction, of one token or of all, with its kind."""
    found: dict[Address, list[Moved]] = {}
    order: list[tuple[Address, int]] = []
    for event in happened(deployment, receipt):
        address = event.log.address
        if event.contract != "SecurityToken" or token not in (None, address):
            continue
        moves = found.setdefault(address, [])
        if event.name in _MOVES:
            order.append((address, len(moves)))
            moves.append(_moved(deployment, receipt, event))
        elif event.name in _MARKS and moves:
            moves[-1] = replace(moves[-1], kind=_MARKS[event.name])
        elif event.name == "Distributed":
            first = len(moves) - event.values["count"]
            moves[first:] = [replace(move, kind=MoveKind.DISTRIBUTE) for move in moves[first:]]
    return tuple(found[address][place] for address, place in order)


def one_move(deployment: Deployment, receipt: Receipt, token: Address) -> Moved:
    """The only move of a transaction; OutcomeUnknown when the receipt does not have just one."""
    moves = moves_of(deployment, receipt, token)
    if len(moves) != 1:
        raise incomplete(receipt, f"{len(moves)} moves instead of one")
    return moves[0]


def _moved(deployment: Deployment, receipt: Receipt, event: Happened) -> Moved:
    values = event.values
    by_order = values["operator"] == deployment.orders
    if event.name == "IssuedByPartition":
        # A reissue carries the id of its loss, an issue nothing.
        kind, from_, to = MoveKind.REISSUE if values["operatorData"] else MoveKind.ISSUE, ZERO_ADDRESS, values["to"]
    elif event.name == "RedeemedByPartition":
        kind, from_, to = MoveKind.FORCE if by_order else MoveKind.REDEEM, values["from"], ZERO_ADDRESS
    else:
        kind, from_, to = MoveKind.TRANSFER, values["from"], values["to"]
    return Moved(
        receipt=receipt,
        kind=kind,
        partition=values["fromPartition"] if "fromPartition" in values else values["partition"],
        operator=values["operator"],
        from_=from_,
        to=to,
        units=values["value"],
        log_index=event.log.log_index,
    )


def move_at(deployment: Deployment, receipt: Receipt, token: Address, log_index: int | None) -> Moved:
    """The move told by one log of a transaction, or its only one; InputError when the token has no such move."""
    moves = moves_of(deployment, receipt, token)
    if log_index is None and len(moves) != 1:
        raise InputError(f"Transaction {receipt.tx_hash} made {len(moves)} moves of the token: name the log.")
    for move in moves:
        if log_index in (None, move.log_index):
            return move
    raise InputError(f"Log {log_index} of transaction {receipt.tx_hash} is no move of the token {token}.")
