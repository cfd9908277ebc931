"""ガバナンス構築機能 — distribute the rights to manage the system, and set them up as the business needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.clauses.matrix import alone, written
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DOCUMENT, Stage
from stotoken.conformance.witness import Person
from stotoken.errors import InputError
from stotoken.governance.difference import MemberDiffers, RowDiffers, differences
from stotoken.governance.file import Governance
from stotoken.governance.matrix import EVERY_TOKEN, mask
from stotoken.governance.rights import read_rights
from stotoken.types import Basis, Role


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units."""
    token = stage.new_token()
    stage.issue(token, stage.alice, 100)
    return token


@pytest.fixture
def person(stage: Stage) -> Person:
    """Somebody without a role."""
    return stage.keyholder(Text("a clerk", "担当者"))


def found(stage: Stage) -> list[str]:
    rights = read_rights(stage.deployment, stage.connection)
    return [difference.what() for difference in differences(Governance.load(), rights)]


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_row_changed_on_chain_is_found_and_governs(stage: Stage, token: Token) -> None:
    pause = stage.matrix.row("token", "pause").selector
    row = stage.authority.row_of(EVERY_TOKEN, pause)
    stage.order(stage.authority.set_row(EVERY_TOKEN, pause, replace(row, executors=mask([Role.AUDITOR]))))
    (difference,) = differences(Governance.load(), read_rights(stage.deployment, stage.connection))
    assert isinstance(difference, RowDiffers)
    assert difference.what() == "token.pause"
    assert alone(stage, token) != written(stage)


def test_a_member_is_found_with_the_order_that_made_him_one(stage: Stage, person: Person) -> None:
    done = stage.order(stage.authority.grant(Role.EMERGENCY, person.address))
    (difference,) = differences(Governance.load(), read_rights(stage.deployment, stage.connection))
    assert isinstance(difference, MemberDiffers)
    assert difference.grant is not None
    assert difference.grant.order == done.id
    assert difference.grant.by == (stage.sys_admin.address, stage.compliance.address)


def test_a_member_who_left_by_himself_is_missed(stage: Stage) -> None:
    stage.auditor.send(stage.authority.bind.renounce_role(Role.AUDITOR, stage.auditor.address))
    assert found(stage) == [f"AUDITOR: {stage.auditor.address}"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYS_ADMIN], ids=lambda role: role.name)
def test_the_system_administrator_takes_no_other_role(stage: Stage, role: Role) -> None:
    with pytest.raises(reverts.RoleIncompatible):
        stage.order(stage.authority.grant(role, stage.sys_admin.address))


def test_two_members_of_one_role_stand_in_for_each_other(stage: Stage, token: Token, person: Person) -> None:
    stage.order(stage.authority.grant(Role.ISSUING_AGENT, person.address))
    number = stage.approved(token.issue(stage.alice.address, 1), proposer=person)
    stage.orders.by(stage.agent).execute(number)
    assert token.balance_of(stage.alice.address) == 101


def test_two_members_of_one_role_are_not_the_two_sides(stage: Stage, token: Token, person: Person) -> None:
    stage.order(stage.authority.grant(Role.ISSUING_AGENT, person.address))
    order = stage.orders.by(stage.agent).propose(token.issue(stage.alice.address, 1), DOCUMENT, stage.now + DAY)
    with pytest.raises(reverts.OrderUnauthorized):
        stage.orders.by(person).approve(order.id)


def test_a_role_of_one_token_needs_a_token_of_the_system(stage: Stage, person: Person) -> None:
    with pytest.raises(InputError):
        stage.authority.grant(Role.ISSUER, person.address, stage.alice.address)


def test_a_role_of_one_token_is_taken_back(stage: Stage, token: Token, person: Person) -> None:
    stage.order(stage.authority.grant(Role.ISSUER, person.address, token.address))
    assert stage.authority.holds(Role.ISSUER, person.address, token.address)
    assert not stage.authority.holds(Role.ISSUER, person.address)
    stage.order(stage.authority.revoke(Role.ISSUER, person.address, token.address))
    with pytest.raises(reverts.AccessRefused):
        token.by(person).pause()


def test_what_waits_two_days_is_vetoed_meanwhile(stage: Stage) -> None:
    pause = stage.matrix.row("token", "pause").selector
    row = stage.authority.row_of(EVERY_TOKEN, pause)
    act = stage.authority.set_row(EVERY_TOKEN, pause, replace(row, executors=mask([Role.ISSUER])))
    order = stage.orders.by(stage.sys_admin).propose(act, DOCUMENT, stage.now + 30 * DAY, Basis.GOVERNANCE)
    stage.orders.by(stage.compliance).approve(order.id, order.hash)
    stage.travel(DAY)
    stage.orders.by(stage.compliance).veto(order.id)
    stage.travel(2 * DAY)
    with pytest.raises(reverts.OrderStatusWrong):
        stage.orders.by(stage.sys_admin).execute(order.id)
    assert found(stage) == []
