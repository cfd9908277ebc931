"""Rights as data: rows and members, the same shape for what a file wants and for what the chain has.

What the chain has is folded from events alone (RowSet, RoleGranted, RoleRevoked, TokenEnrolled and the orders behind
them), so that a member whom nobody expected is found too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from stotoken.chain.connection import Connection
from stotoken.client.bindings.structs import Row
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of
from stotoken.governance.matrix import CONTRACTS, EVERY_TOKEN, role_name
from stotoken.types import Address, Block, Log, partition_name, python_name, to_hex

#: Target and selector of a row.
Door = tuple[Address, bytes]

_NOTED = {
    "Authority": ("RoleGranted", "RoleRevoked", "RowSet", "TokenEnrolled"),
    "Orders": ("OrderProposed", "OrderApproved", "OrderExecuted"),
    "CoreSystem": ("TokenCreated",),
}


class Seat(NamedTuple):
    """A role as the authority numbers it (a token's own roles are `token number << 8 | role`), and who holds it."""

    number: int
    account: Address


@dataclass(frozen=True, slots=True)
class Grant:
    """How a member came to be one. `since`: UTC seconds; `order` is None for what was set up at the deployment."""

    since: int
    block_number: int
    tx_hash: str
    order: int | None
    #: Who proposed and who approved the order; the deployer and nobody without one.
    by: tuple[Address, ...]


@dataclass(frozen=True)
class Rights:
    """Rows that name somebody, and seats with their grant (None in what a file wants)."""

    deployment: Deployment = field(repr=False)
    rows: Mapping[Door, Row] = field(repr=False)
    seats: Mapping[Seat, Grant | None] = field(repr=False)
    #: Token to the number of its scope.
    numbers: Mapping[Address, int] = field(default_factory=dict, repr=False)
    #: Token to its identifier.
    identifiers: Mapping[Address, str] = field(default_factory=dict, repr=False)
    block: Block | None = None

    def row(self, door: Door) -> Row:
        """The row of a door; one that names nobody when there is none."""
        return self.rows.get(door, Row(0, 0, 0, 0, False))

    def holds(self, mask: int, account: Address) -> bool:
        """Whether the account holds a role of the mask for the whole system."""
        return any(mask >> seat.number & 1 for seat in self.seats if seat.account == account and seat.number < 64)

    def scope(self, number: int) -> tuple[int, Address | None]:
        """The role of a number and the token it is for alone; a token yet to come is told by its number, `#9`."""
        scope = number >> 8
        return number & 0xFF, (self._tokens.get(scope, f"#{scope}") if scope else None)

    def role(self, number: int, lang: str = "en") -> str:
        """`ISSUER`, `ISSUER for token ZZ0000CLI00X`"""
        role, token = self.scope(number)
        if token is None:
            return role_name(role)
        shown = self.identifiers.get(token, token)
        return f"{role_name(role)}(トークン {shown})" if lang == "ja" else f"{role_name(role)} for token {shown}"

    def function(self, door: Door) -> str:
        """`token.pause`; target and selector in hexadecimal where no contract of the system has them."""
        target, selector = door
        section = self._sections.get(target, target)
        functions = abi_of(CONTRACTS[section]).functions.values() if section in CONTRACTS else ()
        name = next((found.name for found in functions if found.selector == selector), to_hex(selector))
        return f"{section}.{name}"

    def named_rows(self) -> Iterator[tuple[str, Row]]:
        """Rows by the names of their functions, section after section."""
        order = [*CONTRACTS, "orders"]
        named = [(self.function(door), row) for door, row in self.rows.items()]
        places = {section: place for place, section in enumerate(order)}
        yield from sorted(named, key=lambda each: places.get(each[0].partition(".")[0], len(order)))

    @cached_property
    def _tokens(self) -> dict[int, Address]:
        return {number: token for token, number in self.numbers.items()}

    @cached_property
    def _sections(self) -> dict[Address, str]:
        singles = {self.deployment.addresses[name]: section for section, name in CONTRACTS.items()}
        return singles | {EVERY_TOKEN: "token", self.deployment.orders: "orders"}


def read_rights(deployment: Deployment, connection: Connection) -> Rights:
    """What the chain has at its latest block, folded from every event since the deployment."""
    head = connection.block("latest")
    topics = {abi_of(contract).event(name).topic for contract, names in _NOTED.items() for name in names}
    addresses = [deployment.authority, deployment.orders, deployment.system]
    logs = connection.logs(addresses, deployment.block_number, head.number, [sorted(map(to_hex, topics))])
    fold = _Fold(deployment)
    for log in logs:
        fold.take(log)
    fold.end_of_transaction()
    return fold.rights(head)


class _Fold:
    """Events in chain order become rights."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.contracts = {
            deployment.authority: "Authority",
            deployment.orders: "Orders",
            deployment.system: "CoreSystem",
        }
        self.rows: dict[Door, Row] = {}
        self.seats: dict[Seat, Grant] = {}
        self.numbers: dict[Address, int] = {}
        self.identifiers: dict[Address, str] = {}
        self.parties: dict[int, list[Address]] = {}
        #: Seats taken in the transaction being read, whose order is told of at its end.
        self.fresh: list[tuple[Seat, Log, int]] = []

    def rights(self, head: Block) -> Rights:
        named = {door: row for door, row in self.rows.items() if row.executors | row.proposers | row.approvers}
        # The authority never looks at a row of a single token.
        rows = {door: row for door, row in named.items() if door[0] not in self.numbers}
        return Rights(self.deployment, rows, dict(self.seats), self.numbers, self.identifiers, head)

    def take(self, log: Log) -> None:
        if self.fresh and self.fresh[0][1].tx_hash != log.tx_hash:
            self.end_of_transaction()
        contract = self.contracts[log.address]
        decoded = abi_of(contract).decode_log(log)
        if decoded is None:
            return
        event, values = decoded
        if event.name in _NOTED[contract]:
            getattr(self, f"_{python_name(event.name)}")(log, values)

    def end_of_transaction(self, order: int | None = None) -> None:
        """The seats taken since the last order of the transaction were given by this one, or at the deployment."""
        by = (self.deployment.deployer,) if order is None else tuple(self.parties.get(order, ()))
        for seat, log, since in self.fresh:
            if seat in self.seats:
                self.seats[seat] = Grant(since, log.block_number, log.tx_hash, order, by)
        self.fresh = []

    def _role_granted(self, log: Log, values: Mapping[str, Any]) -> None:
        seat = Seat(values["roleId"], values["account"])
        if seat not in self.seats:
            self.seats[seat] = Grant(values["since"], log.block_number, log.tx_hash, None, ())
            self.fresh.append((seat, log, values["since"]))

    def _role_revoked(self, log: Log, values: Mapping[str, Any]) -> None:
        self.seats.pop(Seat(values["roleId"], values["account"]), None)

    def _row_set(self, log: Log, values: Mapping[str, Any]) -> None:
        self.rows[values["target"], values["selector"]] = Row.of(values["row"])

    def _token_enrolled(self, log: Log, values: Mapping[str, Any]) -> None:
        self.numbers[values["token"]] = values["number"]

    def _token_created(self, log: Log, values: Mapping[str, Any]) -> None:
        self.identifiers[values["token"]] = partition_name(values["identifier"])

    def _order_proposed(self, log: Log, values: Mapping[str, Any]) -> None:
        self.parties[values["id"]] = [values["proposer"]]

    def _order_approved(self, log: Log, values: Mapping[str, Any]) -> None:
        self.parties[values["id"]].append(values["approver"])

    def _order_executed(self, log: Log, values: Mapping[str, Any]) -> None:
        self.end_of_transaction(values["id"])
