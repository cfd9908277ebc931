"""The authority: who holds which role, and the rows of the matrix as they are on chain."""

from __future__ import annotations

from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client import bindings
from stotoken.client.act import Act
from stotoken.client.base import Client
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of
from stotoken.errors import InputError
from stotoken.types import Address, Basis, Role, to_hex


class Authority(Client):
    """Roles of one deployment; a role is held for the whole system, or for one token."""

    def __init__(self, deployment: Deployment, via: Sender | Connection, address: Address | None = None) -> None:
        super().__init__(deployment, via, address or deployment.authority)
        self.bind = bindings.Authority(self.connection, self.address)

    def grant(self, role: Role, account: Address, token: Address | None = None) -> Act:
        where, wo = _scope(token)
        return Act(
            self.bind.grant_role(self._number(role, token), account, 0),
            Basis.GOVERNANCE,
            f"Grant role {role.name} to {account}{where}.",
            f"{account} に役割 {role.name} を付与する{wo}。",
        )

    def revoke(self, role: Role, account: Address, token: Address | None = None) -> Act:
        where, wo = _scope(token)
        return Act(
            self.bind.revoke_role(self._number(role, token), account),
            Basis.GOVERNANCE,
            f"Revoke role {role.name} from {account}{where}.",
            f"{account} の役割 {role.name} を取り消す{wo}。",
        )

    def set_row(self, target: Address, selector: bytes, row: structs.Row) -> Act:
        """A row of the matrix; `target`: a contract, or address 1 for every token."""
        return Act(
            self.bind.set_row(target, selector, row),
            Basis.GOVERNANCE,
            f"Set the matrix row of {to_hex(selector)} on {target} to {row}.",
            f"{target} の関数 {to_hex(selector)} の権限行を {row} に変更する。",
        )

    def row_of(self, target: Address, selector: bytes) -> structs.Row:
        """The row that governs a function, the every-token row for a token."""
        return self.bind.row_of(target, selector)

    def holds(self, role: Role, account: Address, token: Address | None = None) -> bool:
        """Whether the account holds the role for the system, or for that token."""
        numbers = [int(role)] if token is None else [int(role), self._number(role, token)]
        return any(self.bind.has_role(number, account)[0] for number in numbers)

    def members(self, role: Role, token: Address | None = None) -> tuple[Address, ...]:
        """Who holds the role now, in the order in which it was granted; read from the events."""
        number, abi = self._number(role, token), abi_of("Authority")
        granted, revoked = abi.event("RoleGranted"), abi.event("RoleRevoked")
        held: dict[Address, None] = {}
        for log in self.connection.logs([self.address], self.deployment.block_number):
            if granted.matches(log) and (values := granted.decode(log))["roleId"] == number:
                held.setdefault(values["account"])
            elif revoked.matches(log) and (values := revoked.decode(log))["roleId"] == number:
                held.pop(values["account"], None)
        return tuple(held)

    def _number(self, role: Role, token: Address | None) -> int:
        number = int(role) if token is None else self.bind.scoped(role, token)
        if token is not None and number == role:
            raise InputError(f"{token} is not a token of this system, so it has no roles of its own.")
        return number


def _scope(token: Address | None) -> tuple[str, str]:
    return (f" for token {token} alone", f"(トークン {token} に限る)") if token else ("", "")
