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

Moves are nearly all there is, so those of a plain layout are read where they lie (`moves`); the ABI reads the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from msgspec.structs import replace

from stotoken.chain.bulk import RawLog
from stotoken.client.events import abi_of
from stotoken.errors import ConfigError
from stotoken.ledger.contracts import Contracts
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
from stotoken.ledger.moves import KINDS, PLAIN, TRANSFER
from stotoken.ledger.words import layouts
from stotoken.types import ZERO_ADDRESS, Address, HaltLevel, MoveKind, checksum, python_name, to_hex

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
USED = frozenset((*RECORDS, *KINDS, "Transfer"))


def events_of(logs: Iterable[RawLog], timestamps: Mapping[int, int], contracts: Contracts) -> list[Event]:
    """The events in logs of whole transactions, in chain order; `timestamps` by block number."""
    events: list[Event] = []
    transaction = _Transaction(contracts)
    hash = block = ""
    number = timestamp = 0
    for log in logs:
        if log.block_number != block:
            block = log.block_number
            number = int(block, 16)
            timestamp = timestamps[number]
        if log.transaction_hash != hash:
            events += transaction.end()
            hash, transaction = log.transaction_hash, _Transaction(contracts)
        topic = log.topics[0] if log.topics else ""
        before = transaction.transfer
        if before is None:
            if topic == TRANSFER:
                transaction.transfer = log
            else:
                transaction.read(log, number, timestamp)
        elif topic in PLAIN and (move := PLAIN[topic](before, log, number, timestamp)):
            transaction.transfer = None
            transaction.move(move)
        else:
            transaction.read(log, number, timestamp)
    return events + transaction.end()


class _Transaction:
    """The events of one transaction so far. `moves`: where among them the moves stand. `transfer`: an ERC-20 event that
    waits for its event by partition."""

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts
        self.events: list[Event] = []
        self.moves: list[int] = []
        self.transfer: RawLog | None = None

    def move(self, move: Moved) -> None:
        """Take a move that is told twice alike."""
        self.moves.append(len(self.events))
        self.events.append(move)

    def read(self, log: RawLog, number: int, timestamp: int) -> None:
        """Take an event that is no plain move."""
        contract = checksum(log.address)
        kind, topic = self.contracts.kind_of(contract), log.topics[0] if log.topics else ""
        if topic in _unused(kind):
            return
        if topic == TRANSFER:
            self.end()
        place = {"block": number, "timestamp": timestamp, "tx_hash": log.transaction_hash}
        place |= {"log_index": int(log.log_index, 16), "contract": contract}
        layout = layouts(kind).get(topic)
        event = (layout and layout.read(log, place)) or _by_abi(kind, log, place)
        if isinstance(event, Moved):
            self._compare(event)
        elif self.transfer is not None:
            said = type(event).__name__
            raise _contradiction(f"a Transfer stands before {said}, not before its event by partition", place)
        else:
            event = _meant(event)
            self.events.append(event)
            self._explain(event)

    def end(self) -> list[Event]:
        if self.transfer is not None:
            raise RegisterDiffers("A transaction ends on a Transfer without its event by partition.")
        return self.events

    def _compare(self, move: Moved) -> None:
        """Take a move if the ERC-20 event before it says the same."""
        said, self.transfer = self.transfer, None
        told = said and abi_of("SecurityToken").decode_log(said.log())
        transfer = told and (*told[1].values(), checksum(said.address) if said else "")
        if transfer != (move.from_, move.to, move.units, move.contract):
            raise _contradiction(f"Transfer says {transfer}, the event by partition {move}", move)
        self.move(move)

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
            or (move.contract, move.from_, move.to, move.units) != (event.contract, from_, to, units)
            or partition not in (None, move.partition)
            or move.kind not in (*KINDS.values(), kind)
        ):
            raise _contradiction(f"{type(event).__name__} does not fit the move before it, {move}", event)
        self.events[self.moves[-1]] = replace(move, kind=kind, reference=reference)

    def _distributed(self, event: Distributed) -> None:
        places = self.moves[-event.count :] if event.count else []
        rows = [self._move(place) for place in places]
        alike = (event.contract, MoveKind.TRANSFER, event.partition)
        plain = all((row.contract, row.kind, row.partition) == alike for row in rows)
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


@cache
def _unused(kind: str) -> frozenset[str]:
    """First topics of the events of a contract that change nothing in a register."""
    return frozenset(to_hex(topic) for topic, event in abi_of(kind).events.items() if event.name in UNUSED)


def _by_abi(kind: str, log: RawLog, place: Mapping[str, Any]) -> Event:
    decoded = abi_of(kind).decode_log(log.log())
    if decoded is None or decoded[0].name not in (*RECORDS, *KINDS):
        raise ConfigError(
            f"Log {place['log_index']} of transaction {place['tx_hash']} is no event that this version knows of "
            f"{kind}; the register was not built."
        )
    event, values = decoded
    if event.name in KINDS:
        return _move(KINDS[event.name], values, place)
    wanted = RECORDS[event.name].__struct_fields__
    named = {python_name(key): value for key, value in values.items()}
    return RECORDS[event.name](**{key: value for key, value in named.items() if key in wanted}, **place)


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


def _meant(event: Event) -> Event:
    """With what its numbers mean."""
    if isinstance(event, HaltLevelChanged):
        return replace(event, from_=HaltLevel(event.from_), to=HaltLevel(event.to))
    if isinstance(event, StandingChanged) and event.investor != (event.standing >> 128).to_bytes(16, "big"):
        raise _contradiction("the investor of StandingChanged is not the one of its standing", event)
    return event


def _contradiction(what: str, place: Event | Mapping[str, Any]) -> RegisterDiffers:
    tx_hash, index = (
        (place.tx_hash, place.log_index) if isinstance(place, Event) else (place["tx_hash"], place["log_index"])
    )
    return RegisterDiffers(f"Log {index} of transaction {tx_hash}: {what}. The register was not built.")
