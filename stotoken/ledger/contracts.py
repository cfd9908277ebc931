"""Whose events a ledger is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from stotoken.client.deployment import Deployment
from stotoken.types import Address, parse_address


@dataclass(frozen=True, slots=True)
class Contracts:
    """Whose events make a register: a token, its system and the queue of orders, from `first_block` on; `token` is
    empty for all tokens of the system."""

    chain_id: int
    system: Address
    orders: Address
    token: Address = ""
    first_block: int = 0

    def __post_init__(self) -> None:
        for address in self.addresses:
            parse_address(address)

    @classmethod
    def of(cls, deployment: Deployment, token: Address = "") -> Self:
        return cls(deployment.chain_id, deployment.system, deployment.orders, token, deployment.block_number)

    @property
    def addresses(self) -> tuple[Address, ...]:
        return (self.system, self.orders, self.token) if self.token else (self.system, self.orders)

    def kind_of(self, address: Address) -> str:
        """Which ABI tells its events; what is neither the system nor the orders is a token."""
        return {self.system: "CoreSystem", self.orders: "Orders"}.get(address, "SecurityToken")
