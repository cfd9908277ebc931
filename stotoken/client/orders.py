"""Orders: one proposes an act, another approves exactly that act, the role that proposed carries it out, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from stotoken.chain.abi import Call, Event
from stotoken.chain.connection import Connection, call_object, data_of
from stotoken.chain.sender import Sender
from stotoken.client import bindings, proofs
from stotoken.client.act import Act, act_hash
from stotoken.client.base import Client
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.events import Happened, abi_of, contract_at, happened, only
from stotoken.errors import ConfigError, InputError, StotokenError
from stotoken.types import Address, Basis, Bytes32, Log, Receipt, Role, to_hex


class OrderStatus(IntEnum):
    PROPOSED = 1
    APPROVED = 2
    EXECUTED = 3
    VETOED = 4


@dataclass(frozen=True)
class OrderRef:
    """An order just proposed."""

    id: int
    hash: Bytes32
    #: Whoever holds it may execute the order, and nobody else.
    role: Role
    receipt: Receipt = field(repr=False)


@dataclass(frozen=True)
class Executed:
    """An order carried out, with everything that happened through it."""

    id: int
    events: tuple[Happened, ...]
    receipt: Receipt = field(repr=False)

    def event(self, name: str) -> Happened:
        """The first event of that name; InputError when there is none."""
        found = next((event for event in self.events if event.name == name), None)
        if found is None:
            raise InputError(f"Order {self.id} caused no event {name}.")
        return found


@dataclass(frozen=True)
class Vetoed:
    id: int
    receipt: Receipt = field(repr=False)


@dataclass(frozen=True)
class OrderView:
    """An order as it stands, its call read back into a function and named arguments."""

    id: int
    status: OrderStatus
    target: Address
    contract: str
    function: str
    arguments: Mapping[str, Any]
    basis: Basis
    document_hash: Bytes32
    #: UTC seconds as proposed; any stop of the system moves it on.
    deadline: int
    ready_at: int
    proposer: Address
    approver: Address
    hash: Bytes32
    data: bytes = field(repr=False)
    #: In which block it was proposed.
    proposed_in: int = field(repr=False)

    @property
    def call(self) -> Call:
        return Call(self.target, self.data, self.function)


@dataclass(frozen=True)
class Approved:
    #: What was read and approved, as it stood before.
    order: OrderView
    #: Running time from which the order may be executed.
    ready_at: int
    receipt: Receipt = field(repr=False)


class Orders(Client):
    """The queue of orders of one deployment."""

    def __init__(self, deployment: Deployment, via: Sender | Connection, address: Address | None = None) -> None:
        super().__init__(deployment, via, address or deployment.orders)
        self.bind = bindings.Orders(self.connection, self.address)

    def propose(self, act: Act | Call, document_hash: Bytes32, deadline: int, basis: Basis | None = None) -> OrderRef:
        """Propose the act. `deadline`: UTC seconds, at most 180 days ahead; `basis`: the act's own when not given."""
        call, ground = (act.call, basis or act.basis) if isinstance(act, Act) else (act, basis)
        if call.to is None or ground is None:
            raise InputError("A bare call is proposed with its basis and its target; nothing was sent.")
        receipt = self._send(self.bind.propose(call.to, call.data, ground, document_hash, deadline))
        event = only(self.deployment, receipt, "OrderProposed", self.address)
        id = event.values["id"]
        return OrderRef(id, act_hash(call.to, call.data), self.role_of(id), receipt)

    def approve(self, id: int, expected: Bytes32 | None = None) -> Approved:
        """Approve what was proposed, read anew from its event; `expected`: the hash of what was shown to the approver.

        A reversal, or the reissue of units redeemed in error, is proved from the chain first.
        """
        view = self.show(id)
        if expected is not None and expected != view.hash:
            raise InputError(f"Order {id} is not the act that was shown; nothing was approved.")
        if view.arguments == {"data": view.data}:
            raise InputError(
                f"Order {id} carries call data that cannot be read as {view.function}; nothing was approved."
            )
        proofs.prove_again(self.deployment, self.connection, view.call)
        receipt = self._send(self.bind.approve(id, view.hash))
        event = only(self.deployment, receipt, "OrderApproved", self.address)
        return Approved(view, event.values["readyAt"], receipt)

    def execute(self, id: int) -> Executed:
        """Carry out an approved order."""
        proposal = self._proposal(id)
        receipt = self._send(self.bind.execute(id, proposal["target"], proposal["data"]))
        return Executed(id, happened(self.deployment, receipt), receipt)

    def veto(self, id: int) -> Vetoed:
        """End an order that was not executed."""
        return Vetoed(id, self._send(self.bind.veto(id)))

    def role_of(self, id: int) -> Role:
        """The role with which the order was proposed: whoever holds it may execute it, and nobody else."""
        return Role(self.bind.order_of(id)[1].role & 0xFF)

    def count(self) -> int:
        return self.bind.count()

    def show(self, id: int) -> OrderView:
        """One order; InputError when there is none of that number."""
        return self._view(self._proposal(id), *self.bind.order_of(id))

    def list(self) -> tuple[OrderView, ...]:
        """Every order, oldest first."""
        proposals = list(self._proposals())
        call = abi_of("Orders").function("orderOf")
        asked = [call_object(self.address, call.encode(proposal["id"])) for proposal in proposals]
        answers = self.connection.batch([("eth_call", [each, "latest"]) for each in asked])
        found = []
        for proposal, answer in zip(proposals, answers, strict=True):
            if isinstance(answer, StotokenError):
                raise answer
            act, order = call.decode(data_of(answer))
            found.append(self._view(proposal, act, structs.Order.of(order)))
        return tuple(found)

    def _proposal(self, id: int) -> dict[str, Any]:
        found = next(self._proposals(id), None)
        if found is None:
            raise InputError(f"There is no order {id}.")
        return found

    def _proposals(self, id: int | None = None) -> Iterator[dict[str, Any]]:
        event = _proposed()
        topics = event.topics() if id is None else event.topics(id=id)
        logs: list[Log] = self.connection.logs([self.address], self.deployment.block_number, topics=topics)
        return (event.decode(log) | {"block": log.block_number} for log in logs)

    def _view(self, proposal: Mapping[str, Any], act: bytes, order: structs.Order) -> OrderView:
        target, data = proposal["target"], proposal["data"]
        if act != act_hash(target, data):
            raise ConfigError(
                f"The node tells of order {proposal['id']} what the chain does not bind; nothing was done."
            )
        contract = contract_at(self.deployment, target)
        function, arguments = named_arguments(contract, data)
        return OrderView(
            proposal["id"], OrderStatus(order.status), target, contract, function, arguments, Basis(order.basis),
            order.document_hash, proposal["deadline"], order.ready_at, order.proposer, order.approver, act, data,
            proposal["block"],
        )  # fmt: skip


def named_arguments(contract: str, data: bytes) -> tuple[str, dict[str, Any]]:
    """Signature and arguments by name of a call; the bare data where the contract has no such function, or the data is
    not exactly what it takes."""
    for function in abi_of(contract).functions.values():
        if function.selector == data[:4]:
            try:
                values = function.decode_arguments(data)
            except InputError:
                return function.signature, {"data": data}
            if function.encode(*values) != data:
                return function.signature, {"data": data}
            names = [param.name or f"arg{place}" for place, param in enumerate(function.inputs)]
            return function.signature, dict(zip(names, values, strict=True))
    return to_hex(data[:4]), {"data": data}


def _proposed() -> Event:
    return abi_of("Orders").event("OrderProposed")
