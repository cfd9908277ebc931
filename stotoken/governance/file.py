"""A governance file: the rows of the matrix and, in a firm's own, the members of the roles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stotoken.client.deployment import Deployment
from stotoken.errors import ConfigError, InputError
from stotoken.governance.matrix import ADMIN, ENROLLER, Matrix, read_sections
from stotoken.governance.rights import Rights, Seat
from stotoken.types import Address, Bytes32, Role, parse_address

#: Of the whole system under None, of a token alone under its address or identifier.
Members = Mapping[str | None, Mapping[Role, tuple[Address, ...]]]


@dataclass(frozen=True)
class Governance:
    """What a file wants."""

    name: str
    matrix: Matrix = field(repr=False)
    #: None where the file names no members: then those of the deployment's record are meant.
    members: Members | None = field(repr=False)
    #: Of the file: the document on which its orders rest.
    sha256: Bytes32

    @classmethod
    def load(cls, path: Path | str | None = None) -> Governance:
        """The file, the package's own when none is given; ConfigError names what is wrong and where.

        Members stand in `[members]` as ROLE = ["0x…"], those of one token in `[members.IDENTIFIER]`.
        """
        name, sections, content = read_sections(path)
        members = _members(name, sections["members"]) if "members" in sections else None
        return cls(name, Matrix.of(name, sections), members, hashlib.sha256(content).digest())

    def members_of(self, deployment: Deployment) -> Members:
        """The members the file names, or those the system was deployed with."""
        if self.members is not None:
            return self.members
        return {None: {Role[name]: tuple(members) for name, members in deployment.roles.items()}}

    def rights(self, chain: Rights) -> Rights:
        """What the chain would have if it were as the file wants it; ConfigError for a token it has not."""
        deployment = chain.deployment
        rows = {(target, row.selector): row.struct for target, row in self.matrix.targets(deployment.addresses)}
        seats = [Seat(ADMIN, deployment.orders), Seat(ENROLLER, deployment.system)]
        for token, roles in self.members_of(deployment).items():
            scope = 0 if token is None else self._number(token, chain) << 8
            seats += [Seat(scope | role, member) for role, members in roles.items() for member in members]
        return Rights(deployment, rows, dict.fromkeys(seats), chain.numbers, chain.identifiers)

    def _number(self, token: str, chain: Rights) -> int:
        for address, identifier in chain.identifiers.items():
            if token in (address, identifier):
                return chain.numbers[address]
        raise ConfigError(f"{self.name}, members.{token}: this system has no such token; nothing was done.")


def parse_roles(given: Mapping[str, Sequence[str]]) -> dict[Role, tuple[Address, ...]]:
    """Members by role name, as a file or command line gives them; ConfigError names the role that is wrong."""
    roles: dict[Role, tuple[Address, ...]] = {}
    for name, members in given.items():
        if name not in Role.__members__:
            raise ConfigError(f"There is no role {name}; the roles are {', '.join(Role.__members__)}.")
        try:
            roles[Role[name]] = tuple(map(parse_address, members))
        except InputError as error:
            raise ConfigError(f"Role {name}: {error}") from None
    return roles


def _members(name: str, section: object) -> Members:
    if not isinstance(section, dict):
        raise ConfigError(f"{name}: members must be a section, not a value.")
    tokens = {key: listed for key, listed in section.items() if isinstance(listed, dict)}
    system = {key: listed for key, listed in section.items() if key not in tokens}
    found: dict[str | None, Mapping[Role, tuple[Address, ...]]] = {None: _roles(f"{name}, members", system)}
    for token, roles in tokens.items():
        key = _token(f"{name}, members.{token}", token)
        if key in found:
            raise ConfigError(f"{name}, members.{token}: the token is named twice.")
        found[key] = _roles(f"{name}, members.{token}", roles)
    return found


def _token(where: str, text: str) -> str:
    """An address as the chain writes it; an identifier as it is."""
    if text in Role.__members__:
        raise ConfigError(f"{where} must be a list of addresses, in quotes.")
    if not text.startswith("0x"):
        return text
    try:
        return parse_address(text)
    except InputError as error:
        raise ConfigError(f"{where}: {error}") from None


def _roles(where: str, given: Mapping[str, object]) -> dict[Role, tuple[Address, ...]]:
    listed: dict[str, list[str]] = {}
    for role, members in given.items():
        if not isinstance(members, list) or not all(isinstance(member, str) for member in members):
            raise ConfigError(f"{where}.{role} must be a list of addresses, in quotes.")
        listed[role] = members
    try:
        return parse_roles(listed)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None
