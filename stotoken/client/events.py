"""What happened in a transaction, read from its events by the ABIs of the system's contracts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from stotoken.artifacts import whole_abi
from stotoken.chain.abi import Abi
from stotoken.client.deployment import Deployment
from stotoken.errors import OutcomeUnknown
from stotoken.types import Address, Log, Receipt

#: Contracts whose events and functions are read; `SecurityToken` is every token.
KNOWN = ("Authority", "CoreSystem", "Orders", "SecurityToken")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: which contract's, its name, its values by the names of the ABI."""

    contract: str
    name: str
    values: dict[str, Any]
    log: Log


@cache
def abi_of(contract: str) -> Abi:
    """The ABI behind the address of a contract."""
    return Abi(whole_abi(contract))


def contract_at(deployment: Deployment, address: Address) -> str:
    """Which of the system's contracts it is; whatever is none of the three single ones is taken for a token."""
    singles = {deployment.authority: "Authority", deployment.system: "CoreSystem", deployment.orders: "Orders"}
    return singles.get(address, "SecurityToken")


def happened(deployment: Deployment, receipt: Receipt) -> tuple[Happened, ...]:
    """The known events of a transaction in their order."""
    found = []
    for log in receipt.logs:
        contract = contract_at(deployment, log.address)
        if (decoded := abi_of(contract).decode_log(log)) is not None:
            found.append(Happened(contract, decoded[0].name, decoded[1], log))
    return tuple(found)


def only(deployment: Deployment, receipt: Receipt, name: str, address: Address) -> Happened:
    """The first event of that name of that contract; OutcomeUnknown when the receipt has none, which it must have."""
    for event in happened(deployment, receipt):
        if event.name == name and event.log.address == address:
            return event
    raise incomplete(receipt, f"no event {name} of {address}")


def incomplete(receipt: Receipt, has: str) -> OutcomeUnknown:
    """The transaction took effect, and the node does not tell all of it."""
    return OutcomeUnknown(
        f"Transaction {receipt.tx_hash} was mined, but its receipt has {has}: look it up, do not repeat it.",
        tx_hash=receipt.tx_hash,
    )
