"""What orders rested on and who decided them, from the events of their queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stotoken.chain.connection import Connection
from stotoken.client.events import abi_of
from stotoken.client.orders import named_arguments
from stotoken.errors import NodeError
from stotoken.ledger.register import Register
from stotoken.types import Address, Basis, Bytes32, Log


@dataclass(frozen=True, slots=True)
class OrderTold:
    id: int
    #: `function(types)` of the act, as it was proposed.
    function: str
    basis: Basis
    document_hash: Bytes32
    proposer: Address
    approver: Address


def orders_told(connection: Connection, register: Register, until: int) -> Mapping[int, OrderTold]:
    """Every order that was approved up to a block, by its number."""
    abi = abi_of("Orders")
    proposed, approved = abi.event("OrderProposed"), abi.event("OrderApproved")
    proposals, approvers = (
        [event.decode(log) for log in _logs(connection, register, until, event.topics())]
        for event in (proposed, approved)
    )
    by = {values["id"]: values["approver"] for values in approvers}
    found = {}
    for values in proposals:
        if (id := values["id"]) in by:
            contract = "CoreSystem" if values["target"] == register.contracts.system else "SecurityToken"
            function, _ = named_arguments(contract, values["data"])
            basis, document = Basis(values["basis"]), values["documentHash"]
            found[id] = OrderTold(id, function, basis, document, values["proposer"], by[id])
    return found


def _logs(
    connection: Connection, register: Register, until: int, topics: Sequence[str | Sequence[str] | None]
) -> list[Log]:
    """Events of the queue, asked for in ever shorter stretches where the node gives no more."""
    found: list[Log] = []
    orders, start = register.contracts.orders, register.contracts.first_block
    span = max(1, until - start + 1)
    while start <= until:
        end = min(start + span - 1, until)
        try:
            found += connection.logs([orders], start, end, topics)
        except NodeError as fault:
            if not fault.answered or start == end:
                raise
            span = (end - start + 1) // 2
            continue
        start = end + 1
    return found
