"""What a deployment does, step by step: printable before anything is sent, each step made from what went before."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stotoken.artifacts import load
from stotoken.chain.abi import Abi, Call, Function
from stotoken.chain.connection import Connection
from stotoken.client.bindings import Authority, CoreSystem
from stotoken.errors import ConfigError
from stotoken.governance.file import parse_roles
from stotoken.governance.matrix import ADMIN, ENROLLER, Matrix, row_words
from stotoken.governance.rules import check_members
from stotoken.types import ZERO_ADDRESS, Address, Role, checksum, keccak, parse_address, to_hex

#: Contract to the contracts whose addresses its constructor takes, in the order in which they are created.
CREATED: Mapping[str, tuple[str, ...]] = {
    "Documents": (),
    "Lots": (),
    "Permits": (),
    "RuleBook": (),
    "StatusCodes": (),
    "TermsLaw": (),
    "Authority": ("deployer",),
    "CoreSystem": ("Authority",),
    "Orders": ("Authority", "CoreSystem"),
    "TermsDesk": ("CoreSystem", "Orders", "Authority"),
    "RegistrarDesk": ("CoreSystem", "Orders", "Authority", "TermsDesk"),
    "IssuerDesk": ("CoreSystem", "Orders", "Authority", "RegistrarDesk"),
    "SecurityToken": ("CoreSystem", "Orders", "Authority", "IssuerDesk"),
}
#: Rows and grants of one transaction.
CHUNK = 40

Roles = Mapping[Role, Sequence[Address]]
Addresses = Mapping[str, Address]


@dataclass(frozen=True)
class Step:
    """One transaction. `build` makes it from the addresses known by then; `contract` is what it creates."""

    name: str
    build: Callable[[Addresses], Call] = field(repr=False)
    contract: str | None = None
    #: What the transaction does inside, when it does more than one thing.
    parts: Callable[[Addresses], Sequence[str]] = field(default=lambda _: (), repr=False)


@dataclass(frozen=True)
class Plan:
    """A deployment for one chain by one deployer, with the first members of the roles."""

    chain_id: int
    deployer: Address
    matrix: Matrix = field(repr=False)
    roles: Roles = field(repr=False)

    @classmethod
    def make(cls, connection: Connection, deployer: Address, roles: Roles, matrix: Matrix | None = None) -> Plan:
        """The plan, or ConfigError when its roles leave the system without government or two sides to one person."""
        found = matrix or Matrix.load()
        members = _checked(roles, found, parse_address(deployer))
        return cls(connection.chain_id, parse_address(deployer), found, members)

    @property
    def steps(self) -> tuple[Step, ...]:
        return (*map(_creation, CREATED), _implementation(), *self._chunks(), _renounce())

    @property
    def digest(self) -> str:
        """Of the matrix and the members: two plans of one digest set the same rights."""
        parts = [repr((target, row.selector, row.struct)) for target, row in self.matrix.targets(_SYMBOLIC)]
        parts += [f"{role.name}={','.join(members)}" for role, members in sorted(self.roles.items())]
        return hashlib.sha256("\n".join([self.deployer, *parts]).encode()).hexdigest()

    def expected(self, nonce: int) -> dict[str, Address]:
        """Where the contracts will be if the deployer's next transactions are those of the plan."""
        created = {name: create_address(self.deployer, nonce + place) for place, name in enumerate(CREATED)}
        return {"deployer": self.deployer, **created}

    def describe(self, nonce: int) -> Iterator[dict[str, Any]]:
        """Each step for people and machines: its number, name, call, the address it creates, its inner calls."""
        addresses = self.expected(nonce)
        for place, step in enumerate(self.steps):
            yield {
                "step": place + 1,
                "name": step.name,
                "nonce": nonce + place,
                "call": _shown(step, addresses),
                "creates": addresses.get(step.contract or ""),
                "parts": list(step.parts(addresses)),
            }

    def text(self, nonce: int) -> str:
        """The plan as it is printed."""
        lines = [f"Chain {self.chain_id}, deployer {self.deployer}, first nonce {nonce}"]
        for step in self.describe(nonce):
            lines.append(f"{step['step']:>3}  {step['name']}: {step['call']}")
            lines += [f"       -> {step['creates']}"] if step["creates"] else []
            lines += [f"       {part}" for part in step["parts"]]
        return "\n".join(lines)

    def _chunks(self) -> Iterator[Step]:
        counted = len(list(self._grants(_SYMBOLIC)))
        for start in range(0, counted, CHUNK):
            stop = min(start + CHUNK, counted)
            yield Step(
                f"rights {start + 1} to {stop} of {counted}",
                lambda known, a=start, b=stop: Authority(_NOWHERE, known["Authority"]).multicall(  # type: ignore[misc]
                    [call.data for call, _ in list(self._grants(known))[a:b]]
                ),
                parts=lambda known, a=start, b=stop: [text for _, text in list(self._grants(known))[a:b]],  # type: ignore[misc]
            )

    def _grants(self, known: Addresses) -> Iterator[tuple[Call, str]]:
        """Every right, in order, with what it is in words."""
        authority = Authority(_NOWHERE, known["Authority"])
        enrol = Function("enrol(address)").selector
        yield authority.set_target_function_role(known["Authority"], [enrol], ENROLLER), f"enrol is for role {ENROLLER}"
        yield authority.grant_role(ENROLLER, known["CoreSystem"], 0), f"role {ENROLLER} to the core system"
        for target, row in self.matrix.targets(known):
            text = f"{row.contract}.{row.function.name}: {row_words(row.struct)}"
            yield authority.set_row(target, row.selector, row.struct), text
        for role, members in sorted(self.roles.items()):
            for member in members:
                yield authority.grant_role(role, member, 0), f"{role.name} to {member}"
        yield authority.grant_role(ADMIN, known["Orders"], 0), "ADMIN to the queue of orders"


def _creation(name: str) -> Step:
    def build(known: Addresses) -> Call:
        artifact = load(name)
        linked = {library: known[library] for library in artifact.libraries}
        arguments = [known[argument] for argument in CREATED[name]]
        return Abi(artifact.abi).constructor.call(name, artifact.link(linked), *arguments)

    return Step(f"create {name}", build, name)


def _implementation() -> Step:
    def build(known: Addresses) -> Call:
        return CoreSystem(_NOWHERE, known["CoreSystem"]).set_implementation(known["SecurityToken"])

    return Step("set the implementation of tokens", build)


def _renounce() -> Step:
    def build(known: Addresses) -> Call:
        return Authority(_NOWHERE, known["Authority"]).renounce_role(ADMIN, known["deployer"])

    return Step("the deployer renounces its administration", build)


def _shown(step: Step, known: Addresses) -> str:
    if step.contract:
        arguments = ", ".join(f"{name} {known[name]}" for name in CREATED[step.contract])
        linked = "".join(f", linked with {name}" for name in load(step.contract).libraries)
        return f"new {step.contract}({arguments}){linked}"
    if parts := step.parts(known):
        return f"{len(parts)} calls in one multicall on {known['Authority']}"
    return step.build(known).describe()


def create_address(sender: Address, nonce: int) -> Address:
    """Where a contract comes to lie that `sender` creates with its transaction number `nonce`."""
    number = nonce.to_bytes((nonce.bit_length() + 7) // 8, "big")
    encoded = number if len(number) == 1 and nonce < 0x80 else bytes([0x80 + len(number)]) + number
    payload = b"\x94" + bytes.fromhex(sender[2:]) + encoded
    return checksum(to_hex(keccak(bytes([0xC0 + len(payload)]) + payload)[12:]))


def _checked(roles: Roles, matrix: Matrix, deployer: Address) -> dict[Role, tuple[Address, ...]]:
    members = parse_roles({Role(role).name: tuple(given) for role, given in roles.items()})
    check_members(matrix, {None: members})
    for role, listed in members.items():
        if deployer in listed:
            raise ConfigError(f"The deployer {deployer} may hold no role, but is named for {role.name}.")
    return {role: listed for role, listed in members.items() if listed}


#: Building a call asks nothing of a node.
_NOWHERE: Any = None
_SYMBOLIC = dict.fromkeys(CREATED, ZERO_ADDRESS)
