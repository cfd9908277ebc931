"""Who may do what, found out by trying: every function of the matrix, from everybody, on every side of an order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.chain.connection import call_object
from stotoken.client.act import act_hash
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DOCUMENT, ROLES, Stage
from stotoken.conformance.witness import Person
from stotoken.deploy import CONTRACTS, MatrixRow
from stotoken.errors import Reverted
from stotoken.types import Address, Basis, Role

#: Arguments of any function: no number, no address, an empty list.
NOTHING = bytes(32 * 24)
#: What is told who may not call a function at all, by the section of the matrix.
NOT_YOURS: dict[str, type[Reverted]] = {
    "authority": reverts.AccessManagerUnauthorizedAccount,
    "core_system": reverts.AccessRefused,
    "token": reverts.AccessRefused,
}
_SHUT_OUT = (*NOT_YOURS.values(), reverts.OrderRequired, reverts.OrderUnauthorized)


def everybody(s: Stage) -> dict[str, Role | None]:
    """People by name: one for each role, and some who have none."""
    return {name: role for name, (role, _) in ROLES.items()} | dict.fromkeys(("deployer", "mallory", "alice"))


def not_yours(row: MatrixRow) -> type[Reverted]:
    ordered = row.contract == "token" and not row.executors
    return reverts.OrderRequired if ordered else NOT_YOURS[row.contract]


def tried(s: Stage, call: Call) -> set[str]:
    """Who is let through to a function; what it then says of its arguments does not matter."""
    names = list(everybody(s))
    asked = [("eth_call", [call_object(call.to, call.data, s.person(name).address), "latest"]) for name in names]
    answers = s.connection.batch(asked)
    return {name for name, answer in zip(names, answers, strict=True) if not isinstance(answer, _SHUT_OUT)}


def members(s: Stage, roles: Iterable[Role]) -> set[str]:
    wanted = set(roles)
    return {name for name, role in everybody(s).items() if role in wanted}


def bare_call(s: Stage, row: MatrixRow, token: Token) -> Call:
    return Call(target_of(s, row, token), row.selector + NOTHING, row.signature)


def target_of(s: Stage, row: MatrixRow, token: Token) -> Address:
    return token.address if row.contract == "token" else s.deployment.addresses[CONTRACTS[row.contract]]


def outsider(s: Stage, place: int, allowed: set[str]) -> Person:
    """Somebody who may not, another one for each row."""
    others = [name for name in everybody(s) if name not in allowed]
    return s.person(others[place % len(others)])


def sides(s: Stage, row: MatrixRow, call: Call) -> Iterator[tuple[str, set[str], set[str]]]:
    """Each side of an order of the row: who is let through, who should be. The order is proposed and approved."""
    bind, to = s.orders.bind, str(call.to)
    propose = bind.propose(to, call.data, Basis.POLICY, DOCUMENT, s.now + 30 * DAY)
    yield "propose", tried(s, propose), members(s, row.proposers)
    if not row.proposers:
        return
    proposer, approver = s.proposer_of(row), s.approver_of(row)
    proposer.send(propose)
    number = s.orders.count()
    approve = bind.approve(number, act_hash(to, call.data))
    yield "approve", tried(s, approve), members(s, row.approvers)
    approver.send(approve)
    proposing = next(role for role, _ in ROLES.values() if role in row.proposers)
    yield "execute", tried(s, bind.execute(number, to, call.data)), members(s, [proposing])
    parties = {name for name in everybody(s) if s.person(name) in (proposer, approver)}
    yield "veto", tried(s, bind.veto(number)), members(s, row.guardians) | parties


def alone(s: Stage, token: Token) -> dict[str, list[str]]:
    """Functions by the person who may call them with nobody else."""
    found: dict[str, list[str]] = {name: [] for name in everybody(s)}
    for row in s.matrix:
        for name in tried(s, bare_call(s, row, token)):
            found[name].append(f"{row.contract}.{row.function.name}")
    return found


def written(s: Stage) -> dict[str, list[str]]:
    """The same as the file has it."""
    found: dict[str, list[str]] = {name: [] for name in everybody(s)}
    for row in s.matrix:
        for name in members(s, row.executors):
            found[name].append(f"{row.contract}.{row.function.name}")
    return found
