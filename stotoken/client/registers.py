"""The registers of a token, read from its events and the queue of orders: enforcement, losses, reversals, requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client import bindings
from stotoken.client.base import Client
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.events import Happened, abi_of
from stotoken.client.orders import Orders, OrderView
from stotoken.client.proofs import find_origin
from stotoken.terms import DEFAULT_PARTITION
from stotoken.types import Address, Basis, Bytes32, Log, Units, partition_id

#: Acts that take units from a holder who does not consent.
_FORCED = (
    "forceByPartition",
    "forcedTransfer",
    "controllerTransfer",
    "controllerRedeem",
    "controllerRedeemByPartition",
)
_KINDS = {1: "key lost", 2: "redeemed in error"}


@dataclass(frozen=True, kw_only=True)
class Enforcement:
    """An order to take units from a holder. `to` is None where they are extinguished, all parties where the call cannot
    be read; `tx_hash`: of its execution."""

    order: int
    status: str
    act: str
    partition: Bytes32 | None
    from_: Address | None
    to: Address | None
    units: Units | None
    basis: Basis
    document_hash: Bytes32
    proposer: Address
    approver: Address
    tx_hash: str | None


@dataclass(frozen=True, kw_only=True)
class LossEntry:
    """A loss as it was reported, in units of then, and what ended it: `order` and `tx_hash`, `to` and `reissued` where
    it was made good."""

    id: Bytes32
    status: str
    kind: str
    partition: Bytes32
    wallet: Address
    units: Units
    evidence: Bytes32
    reported: str
    order: int | None = None
    to: Address | None = None
    reissued: Units | None = None
    tx_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReversalEntry:
    """Units that went back, and what of the transfer was outstanding after it, in units of then. `original`: the
    transfer as TX_HASH:LOG_INDEX, None where the chain has no such transfer between the two."""

    original: str | None
    from_: Address
    to: Address
    partition: Bytes32
    units: Units
    outstanding: Units
    order: int | None
    tx_hash: str


@dataclass(frozen=True, kw_only=True)
class RequestEntry:
    """An open transfer request, in units of today. `deadline`: UTC seconds, moved on by what the system stood still."""

    request: int
    from_: Address
    to: Address
    partition: Bytes32
    units: Units
    deadline: int


class Registers(Client):
    """What was done to one token by way of remedy, and what waits for its issuer; oldest first."""

    def __init__(self, deployment: Deployment, via: Sender | Connection, address: Address) -> None:
        super().__init__(deployment, via, address)
        self.bind = bindings.SecurityToken(self.connection, address)

    def enforcement(self) -> tuple[Enforcement, ...]:
        """Every order to take units from a holder, whatever became of it."""
        done = {order: tx_hash for tx_hash, _, order in self._executions}
        orders = Orders(self.deployment, self.connection).list()
        return tuple(_enforcement(view, done.get(view.id)) for view in orders if self._is_forced(view))

    def losses(self) -> tuple[LossEntry, ...]:
        """Every report of a loss, and what became of it; one that was dismissed may have been reported again."""
        found: list[LossEntry] = []
        last: dict[Bytes32, int] = {}
        for event in self._events("LossReported", "LossDismissed", "Reissued"):
            values = event.values
            if event.name == "LossReported":
                last[values["id"]] = len(found)
                found.append(_loss(event))
                continue
            place = last[values["id"]]
            ended = replace(found[place], order=self._order_of(event.log), tx_hash=event.log.tx_hash)
            if event.name == "Reissued":
                found[place] = replace(ended, status="made good", to=values["to"], reissued=values["units"])
            else:
                found[place] = replace(ended, status="dismissed")
        return tuple(found)

    def reversals(self) -> tuple[ReversalEntry, ...]:
        """Every return of units of an earlier transfer."""
        return tuple(self._reversal(event) for event in self._events("Reversed"))

    def requests(self) -> tuple[RequestEntry, ...]:
        """Transfer requests that the issuer has neither approved nor rejected."""
        ended = {event.values["id"] for event in self._events("TransferRequestEnded")}
        factor = self.bind.epoch_of(self.bind.current_epoch()).factor
        entries = []
        for event in self._events("TransferRequested"):
            values = event.values
            if values["id"] in ended:
                continue
            kept = self.bind.transfer_request_of(values["id"])
            entries.append(
                RequestEntry(
                    request=values["id"],
                    from_=values["from"],
                    to=values["to"],
                    partition=values["partition"],
                    units=kept.units * (factor // self.bind.epoch_of(kept.epoch).factor),
                    deadline=self.deadline_of(kept),
                )
            )
        return tuple(entries)

    def deadline_of(self, kept: structs.TransferRequest) -> int:
        """UTC seconds at which a request is over, unless the system is stopped until then."""
        return kept.deadline + self._stopped

    @cached_property
    def _stopped(self) -> int:
        """Seconds for which the system stood still until now."""
        system = bindings.CoreSystem(self.connection, self.deployment.system)
        return self.connection.block().timestamp - system.running_time()

    @cached_property
    def _executions(self) -> tuple[tuple[str, int, int], ...]:
        """Of every order that was carried out: transaction, index of the log that tells so, number."""
        event = abi_of("Orders").event("OrderExecuted")
        logs = self.connection.logs([self.deployment.orders], self.deployment.block_number, topics=event.topics())
        return tuple((log.tx_hash, log.log_index, event.decode(log)["id"]) for log in logs)

    def _order_of(self, log: Log) -> int | None:
        """The order that made a log: an order tells that it was carried out right after all that it did."""
        after = (order for tx, place, order in self._executions if tx == log.tx_hash and place > log.log_index)
        return next(after, None)

    def _events(self, *names: str) -> Iterator[Happened]:
        abi = abi_of("SecurityToken")
        kinds = [str(abi.event(name).topics()[0]) for name in names]
        for log in self.connection.logs([self.address], self.deployment.block_number, topics=[kinds]):
            if (decoded := abi.decode_log(log)) is not None:
                yield Happened("SecurityToken", decoded[0].name, decoded[1], log)

    def _is_forced(self, view: OrderView) -> bool:
        return view.target == self.address and _act(view) in _FORCED

    def _reversal(self, event: Happened) -> ReversalEntry:
        values, log = event.values, event.log
        parties = {"fromPartition": values["partition"], "from": values["to"], "to": values["from"]}
        move = find_origin(
            self.deployment, self.connection, self.address, "TransferByPartition", values["origin"], parties
        )
        return ReversalEntry(
            original=f"{move[0]}:{move[1]}" if move else None,
            from_=values["from"],
            to=values["to"],
            partition=values["partition"],
            units=values["units"],
            outstanding=values["outstanding"],
            order=self._order_of(log),
            tx_hash=log.tx_hash,
        )


def _act(view: OrderView) -> str:
    return view.function.partition("(")[0]


def _enforcement(view: OrderView, tx_hash: str | None) -> Enforcement:
    given = view.arguments
    return Enforcement(
        order=view.id,
        status=view.status.name.lower(),
        act=_act(view),
        partition=given.get("partition", partition_id(DEFAULT_PARTITION) if len(given) > 1 else None),
        from_=_first(given, "from", "holder", "tokenHolder"),
        to=given.get("to"),
        units=_first(given, "units", "value", "amount"),
        basis=view.basis,
        document_hash=view.document_hash,
        proposer=view.proposer,
        approver=view.approver,
        tx_hash=tx_hash,
    )


def _first(given: Mapping[str, Any], *names: str) -> Any:
    """What the standards name differently."""
    return next((given[name] for name in names if name in given), None)


def _loss(event: Happened) -> LossEntry:
    values = event.values
    return LossEntry(
        id=values["id"],
        status="reported",
        kind=_KINDS.get(values["kind"], str(values["kind"])),
        partition=values["partition"],
        wallet=values["wallet"],
        units=values["units"],
        evidence=values["evidence"],
        reported=event.log.tx_hash,
    )
