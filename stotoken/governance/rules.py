"""The rules that rows and members must keep: two people for every order, administrators without other business."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stotoken.client.deployment import Deployment
from stotoken.errors import ConfigError
from stotoken.governance.file import Governance, Members
from stotoken.governance.matrix import LONGEST_DELAY, Matrix, MatrixRow
from stotoken.governance.unrowed import idle_rows, without_row
from stotoken.types import Address, Role

#: Without a member of these nobody could govern the system.
GOVERNING = (Role.SYS_ADMIN, Role.COMPLIANCE)
#: What the authority lets an order change of itself.
_OF_AUTHORITY = {"grantRole", "revokeRole", "setRow"}


def check(governance: Governance, deployment: Deployment) -> None:
    """ConfigError with the first rule that the file breaks; nothing was done."""
    try:
        check_matrix(governance.matrix)
        check_members(governance.matrix, governance.members_of(deployment))
    except ConfigError as error:
        raise ConfigError(f"{governance.name}: {error} Nothing was done.") from None


def check_matrix(matrix: Matrix) -> None:
    """Every function has a row or is somebody's own; every row is one that the authority takes."""
    for name in without_row(matrix):
        raise ConfigError(f"{name} has no row, and belongs to no holder: nobody would govern it.")
    for name in idle_rows(matrix):
        raise ConfigError(f"{name} asks for no row, so its row would govern nothing.")
    for row in matrix:
        for fault in _faults(row):
            raise ConfigError(f"{row.contract}.{row.function.name} {fault}")


def check_members(matrix: Matrix, members: Members) -> None:
    """Somebody governs, nobody is on both sides of a row, and who administers does nothing else."""
    system = members.get(None, {})
    for needed in GOVERNING:
        if not system.get(needed):
            raise ConfigError(f"Role {needed.name} has no member: without one nobody could govern the system.")
    for row in filter(_governs, matrix):
        for side in filter(None, (row.proposers, row.approvers)):
            if not any(system.get(role) for role in side):
                names = " or ".join(role.name for role in sorted(side))
                raise ConfigError(f"{row.contract}.{row.function.name} needs {names}, which has no member.")
    for token, roles in members.items():
        for role, listed in roles.items():
            if len(set(listed)) < len(listed):
                raise ConfigError(f"Role {role.name} names the same member twice{_for(token)}.")
        if token is not None and Role.SYS_ADMIN in roles:
            raise ConfigError(f"SYS_ADMIN is a role of the whole system and cannot be held{_for(token)} alone.")
        _check_sides(matrix, token, system, roles)
        _check_administrators(system[Role.SYS_ADMIN], roles)


def _governs(row: MatrixRow) -> bool:
    """Whether nothing could be set right any more if nobody could order this."""
    return row.contract == "authority" or row.function.name == "resume"


def _check_administrators(administrators: Iterable[Address], roles: Mapping[Role, tuple[Address, ...]]) -> None:
    for role, listed in roles.items():
        if role != Role.SYS_ADMIN and (both := set(listed) & set(administrators)):
            raise ConfigError(f"{min(both)} holds SYS_ADMIN and may hold no other role, but is named for {role.name}.")


def _check_sides(
    matrix: Matrix,
    token: str | None,
    system: Mapping[Role, tuple[Address, ...]],
    roles: Mapping[Role, tuple[Address, ...]],
) -> None:
    def people(of: frozenset[Role]) -> set[Address]:
        return {account for role in of for account in (*system.get(role, ()), *roles.get(role, ()))}

    for row in matrix:
        if token is not None and row.contract != "token":
            continue
        if both := people(row.proposers) & people(row.approvers):
            raise ConfigError(
                f"{min(both)} could both propose and approve {row.function.name}{_for(token)}: its roles must go to "
                "two people."
            )


def _faults(row: MatrixRow) -> Iterator[str]:
    """What the authority would refuse, and what it cannot know."""
    if row.delay > LONGEST_DELAY:
        yield f"has a delay of {row.delay} seconds; the longest is {LONGEST_DELAY}."
    if row.delay and row.during_halt:
        yield "has a delay, which would keep a halted system halted: a way out of a halt has none."
    if row.function.name == "resume" and not (row.proposers and row.during_halt):
        yield "must be an order that runs during a halt: it is the way out of it."
    if row.contract == "authority" and row.function.name not in _OF_AUTHORITY:
        yield "can have no row: of the authority only grantRole, revokeRole and setRow can be ordered."
    if row.contract == "authority" and row.executors:
        yield "must not be one person's act."
    if row.contract == "token" and Role.SYS_ADMIN in row.executors | row.proposers | row.approvers:
        yield "is business, and SYS_ADMIN may hold none."


def _for(token: str | None) -> str:
    return "" if token is None else f" for token {token}"
