"""Logs to events. One transaction is read at a time, because a move is known by the events beside it:

    Transfer  IssuedByPartition                                       issue
    Transfer  IssuedByPartition    Reissued                           reissue, of units redeemed in error
    Transfer  TransferByPartition                                     transfer
    Transfer  TransferByPartition  × count  Distributed               distribute
    Transfer  TransferByPartition  ForcedTransfer ControllerTransfer  force
    Transfer  TransferByPartition  …  Reissued                        reissue, of the holding of a lost wallet
    Transfer  TransferByPartition  Reversed                           reverse
    Transfer  RedeemedByPartition                                     redeem; by an order: after maturity
    Transfer  RedeemedByPartition  ControllerRedemption               force

The ERC-20 `Transfer` must say the same as the event by partition right behind it. An event that no artifact knows, or
one that contradicts its neighbours, is an error: a register with a gap is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any, Self

from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of
from stotoken.errors import ConfigError
from stotoken.ledger.events import (
    RECORDS,
    ControllerRedemption,
    ControllerTransfer,
    Distributed,
    Event,
    ForcedTransfer,
    HaltLevelChanged,
    Moved,
    OrderExecuted,
    Reissued,
    Reversed,
    StandingChanged,
)
from stotoken.ledger.faults import RegisterDiffers
from stotoken.types import ZERO_ADDRESS, Address, HaltLevel, Log, MoveKind, parse_address, python_name

_MOVES = {
    "IssuedByPartition": MoveKind.ISSUE,
    "TransferByPartition": MoveKind.TRANSFER,
    "RedeemedByPartition": MoveKind.REDEEM,
}
#: Events of the three contracts that change nothing in a register.
UNUSED = frozenset(
    (
        *("Approval", "AuthorizedOperator", "RevokedOperator"),
        *("AuthorizedOperatorByPartition", "RevokedOperatorByPartition", "EIP712DomainChanged"),
        *("DocumentUpdated", "DocumentRemoved", "PolicyChanged", "HolderCapExceeded", "Paused", "Unpaused"),
        *("AuthorisedUnitsChanged", "IssuanceFinalized", "TreasuryChanged"),
        *("LimitsChanged", "CountriesChanged", "WindowChanged", "ClosedPeriodChanged"),
        *("SanctionsOracleChanged", "RulesChanged"),
        # Said again, fully, by the events by partition.
        *("Issued", "Redeemed", "Frozen"),
        *("AuthorityUpdated", "ImplementationChanged", "TokenCreated"),
        *("OrderProposed", "OrderApproved", "OrderVetoed"),
    )
)
USED = frozenset((*RECORDS, *_MOVES, "Transfer"))


@dataclass(frozen=True, slots=True)
class Contracts:
    """Whose events make a register: one token, its system and the queue of orders, from `first_block` on."""

    chain_id: int
    system: Address
    orders: Address
    token: Address
    first_block: int = 0

    def __post_init__(self) -> None:
        for address in self.addresses:
            parse_address(address)

    @classmethod
    def of(cls, deployment: Deployment, token: Address) -> Self:
        return cls(deployment.chain_id, deployment.system, deployment.orders, token, deployment.block_number)

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.system, self.orders, self.token)


def events_of(logs: Iterable[Log], timestamps: Mapping[int, int], contracts: Contracts) -> list[Event]:
    """The events in logs of whole transactions, in chain order; `timestamps` by block number."""
    abis = {contracts.system: "CoreSystem", contracts.orders: "Orders", contracts.token: "SecurityToken"}
    events: list[Event] = []
    for _, found in groupby(logs, key=lambda log: log.tx_hash):
        transaction = _Transaction(contracts)
        for log in found:
            decoded = abi_of(abis[log.address]).decode_log(log)
            if decoded is None or decoded[0].name not in USED | UNUSED:
                raise ConfigError(
                    f"Log {log.log_index} of transaction {log.tx_hash} is no event that this version knows of "
                    f"{abis[log.address]}; the register was not built."
                )
            if decoded[0].name not in UNUSED:
                transaction.add(decoded[0].name, decoded[1], _place(log, timestamps))
        events += transaction.end()
    return events


class _Transaction:
    """The events of one transaction so far. `moves`: where among them the moves stand."""

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts
        self.events: list[Event] = []
        self.moves: list[int] = []
        self.transfer: tuple[object, ...] | None = None

    def add(self, name: str, values: Mapping[str, Any], place: Mapping[str, Any]) -> None:
        if name == "Transfer" and self.transfer is None:
            self.transfer = (values["from"], values["to"], values["value"])
        elif name in _MOVES:
            self._add_move(_move(_MOVES[name], values, place))
        elif self.transfer is not None:
            raise _contradiction(f"a Transfer stands before {name}, not before its event by partition", place)
        else:
            event = _record(name, values, place)
            self.events.append(event)
            self._explain(event)

    def end(self) -> list[Event]:
        if self.transfer is not None:
            raise RegisterDiffers("A transaction ends on a Transfer without its event by partition.")
        return self.events

    def _add_move(self, move: Moved) -> None:
        said, self.transfer = self.transfer, None
        if said != (move.from_, move.to, move.units):
            raise _contradiction(f"Transfer says {said}, the event by partition {move}", move)
        self.moves.append(len(self.events))
        self.events.append(move)

    def _explain(self, event: Event) -> None:
        """Tell the moves before `event` what they were."""
        match event:
            case Distributed():
                self._distributed(event)
            case ForcedTransfer():
                self._last(event, MoveKind.FORCE, event.from_, event.to, event.amount)
            case ControllerTransfer():
                self._last(event, MoveKind.FORCE, event.from_, event.to, event.value)
            case ControllerRedemption():
                self._last(event, MoveKind.FORCE, event.token_holder, ZERO_ADDRESS, event.value)
            case Reissued():
                self._last(event, MoveKind.REISSUE, event.from_, event.to, event.units, event.partition, event.id)
            case Reversed():
                self._last(event, MoveKind.REVERSE, event.from_, event.to, event.units, event.partition, event.origin)
            case OrderExecuted():
                self._ordered(event)

    def _last(
        self,
        event: Event,
        kind: MoveKind,
        from_: Address,
        to: Address,
        units: int,
        partition: bytes | None = None,
        reference: bytes | None = None,
    ) -> None:
        move = self._move(self.moves[-1]) if self.moves else None
        if (
            move is None
            or (move.from_, move.to, move.units) != (from_, to, units)
            or partition not in (None, move.partition)
            or move.kind not in (*_MOVES.values(), kind)
        ):
            raise _contradiction(f"{type(event).__name__} does not fit the move before it, {move}", event)
        self.events[self.moves[-1]] = replace(move, kind=kind, reference=reference)

    def _distributed(self, event: Distributed) -> None:
        places = self.moves[-event.count :] if event.count else []
        rows = [self._move(place) for place in places]
        plain = all((row.kind, row.partition) == (MoveKind.TRANSFER, event.partition) for row in rows)
        if len(rows) != event.count or not plain or sum(row.units for row in rows) != event.units:
            raise _contradiction("Distributed does not fit the moves before it", event)
        for place, row in zip(places, rows, strict=True):
            self.events[place] = replace(row, kind=MoveKind.DISTRIBUTE, reference=event.batch)

    def _ordered(self, event: OrderExecuted) -> None:
        for place in self.moves:
            move = self._move(place)
            if move.operator == self.contracts.orders and move.order is None:
                self.events[place] = replace(move, order=event.id)

    def _move(self, place: int) -> Moved:
        move = self.events[place]
        assert isinstance(move, Moved)  # noqa: S101
        return move


def _place(log: Log, timestamps: Mapping[int, int]) -> dict[str, Any]:
    return {
        "block": log.block_number,
        "timestamp": timestamps[log.block_number],
        "tx_hash": log.tx_hash,
        "log_index": log.log_index,
    }


def _move(kind: MoveKind, values: Mapping[str, Any], place: Mapping[str, Any]) -> Moved:
    return Moved(
        kind=kind,
        partition=values["fromPartition"] if "fromPartition" in values else values["partition"],
        from_=values.get("from", ZERO_ADDRESS),
        to=values.get("to", ZERO_ADDRESS),
        units=values["value"],
        operator=values["operator"],
        data=values.get("data", b""),
        operator_data=values["operatorData"],
        **place,
    )


def _record(name: str, values: Mapping[str, Any], place: Mapping[str, Any]) -> Event:
    named = {python_name(key): value for key, value in values.items()}
    wanted = {field.name for field in fields(RECORDS[name])}
    event = RECORDS[name](**{key: value for key, value in named.items() if key in wanted}, **place)
    if isinstance(event, HaltLevelChanged):
        return replace(event, from_=HaltLevel(event.from_), to=HaltLevel(event.to))
    if isinstance(event, StandingChanged) and event.investor != (event.standing >> 128).to_bytes(16, "big"):
        raise _contradiction("the investor of StandingChanged is not the one of its standing", place)
    return event


def _contradiction(what: str, place: Event | Mapping[str, Any]) -> RegisterDiffers:
    tx_hash, index = (
        (place.tx_hash, place.log_index) if isinstance(place, Event) else (place["tx_hash"], place["log_index"])
    )
    return RegisterDiffers(f"Log {index} of transaction {tx_hash}: {what}. The register was not built.")
