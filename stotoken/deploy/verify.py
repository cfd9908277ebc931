"""Asks the chain whether what lies there is what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stotoken.artifacts import Artifact, load
from stotoken.chain.abi import Function
from stotoken.chain.connection import Connection, call_object, data_of
from stotoken.client.bindings.structs import Row
from stotoken.client.deployment import Deployment
from stotoken.errors import ConfigError, StotokenError
from stotoken.governance.matrix import ADMIN, ENROLLER, Matrix
from stotoken.types import Address, Role, keccak, to_hex

_ROW_OF = Function("rowOf(address,bytes4)", outputs=("(uint64,uint64,uint64,uint32,bool)",))
_HAS_ROLE = Function("hasRole(uint64,address)", outputs=("bool", "uint32"))


def verify(connection: Connection, deployment: Deployment, matrix: Matrix, *, roles: bool = True) -> None:
    """ConfigError naming the first thing that differs: code, a row of the matrix, a role.

    `roles=False` leaves out rows and members, which orders may have changed since.
    """
    codes = _codes(connection, deployment.addresses)
    for name, code in codes.items():
        artifact = load(name)
        expected = artifact.link_deployed({lib: deployment.addresses[lib] for lib in artifact.deployed_link_references})
        if _masked(artifact, code) != _masked(artifact, expected):
            raise ConfigError(
                f"At {deployment.addresses[name]} on chain {deployment.chain_id} there is not the code of {name}: "
                "the record is of another system."
            )
    if roles:
        _verify_rows(connection, deployment, matrix)
        _verify_roles(connection, deployment)
    elif _held(connection, deployment, [(ADMIN, deployment.deployer)])[0]:
        raise ConfigError(f"The deployer {deployment.deployer} still administers the authority.")


def code_hashes(connection: Connection, addresses: Mapping[str, Address]) -> dict[str, str]:
    """keccak of the code at each address."""
    return {name: to_hex(keccak(code)) for name, code in _codes(connection, addresses).items()}


def _codes(connection: Connection, addresses: Mapping[str, Address]) -> dict[str, bytes]:
    answers = connection.batch([("eth_getCode", [address, "latest"]) for address in addresses.values()])
    return dict(zip(addresses, map(_answer, answers), strict=True))


def _masked(artifact: Artifact, code: bytes) -> bytes:
    """The code with its immutables, and a library's note of its own address, as zeros."""
    bare = bytearray(code)
    places = [*artifact.immutable_references, *([(1, 20)] if artifact.kind == "library" else [])]
    for start, length in places:
        bare[start : start + length] = bytes(length)
    return bytes(bare)


def _verify_rows(connection: Connection, deployment: Deployment, matrix: Matrix) -> None:
    wanted = list(matrix.targets(deployment.addresses))
    answers = _ask(connection, deployment.authority, [_ROW_OF.encode(target, row.selector) for target, row in wanted])
    for (_, row), answer in zip(wanted, answers, strict=True):
        if Row.of(_ROW_OF.decode(answer)) != row.struct:
            raise ConfigError(f"The row of {row.contract}.{row.function.name} on chain is not that of the matrix.")


def _verify_roles(connection: Connection, deployment: Deployment) -> None:
    named = [(int(Role[name]), member) for name, members in deployment.roles.items() for member in members]
    held = [(ADMIN, deployment.orders), (ENROLLER, deployment.system), *named]
    for (role, member), holds in zip(held, _held(connection, deployment, held), strict=True):
        if not holds:
            raise ConfigError(f"{member} does not hold role {role} on chain, which it was given.")
    every = [(role, deployment.deployer) for role in (ADMIN, *Role, ENROLLER)]
    if any(_held(connection, deployment, every)):
        raise ConfigError(f"The deployer {deployment.deployer} still holds a role of the authority.")


def _held(connection: Connection, deployment: Deployment, pairs: Iterable[tuple[int, Address]]) -> list[bool]:
    answers = _ask(connection, deployment.authority, [_HAS_ROLE.encode(role, member) for role, member in pairs])
    return [bool(_HAS_ROLE.decode(answer)[0]) for answer in answers]


def _ask(connection: Connection, to: Address, data: Iterable[bytes]) -> list[bytes]:
    """Many questions in one exchange."""
    answers = connection.batch([("eth_call", [call_object(to, each), "latest"]) for each in data])
    return list(map(_answer, answers))


def _answer(answer: object) -> bytes:
    if isinstance(answer, StotokenError):
        raise answer
    return data_of(answer)
