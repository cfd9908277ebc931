"""A plan goes through the queue of orders: each person runs the same thing and does what is his to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gov_files import PACKAGE, everybody, firm
from world import DAY, DOCUMENT, World

from stotoken.chain.abi import Call
from stotoken.chain.sender import Sender
from stotoken.client.bindings.structs import Row
from stotoken.client.orders import OrderStatus
from stotoken.governance import (
    EVERY_TOKEN,
    Governance,
    NotInvolved,
    State,
    apply,
    differences,
    plan,
    read_rights,
)
from stotoken.types import Receipt, Role


def run(world: World, governance: Governance, who: str) -> list[State]:
    return [each.state for each in apply(governance, world.deployment, world.people[who])]


def acts(world: World, governance: Governance) -> list[str]:
    chain = read_rights(world.deployment, world.connection)
    return [step.act.en for step in plan(governance, chain, world.connection)]


def agrees(world: World, governance: Governance) -> bool:
    return not differences(governance, read_rights(world.deployment, world.connection))


def address(world: World, name: str) -> str:
    return world.people[name].address


@pytest.fixture
def wanted(world: World, tmp_path: Path) -> Governance:
    """Mallory is to be the auditor in the place of the other."""
    return firm(tmp_path, world, {None: everybody(AUDITOR=["mallory"])})


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_there_is_no_plan_where_nothing_differs(world: World, tmp_path: Path) -> None:
    assert acts(world, Governance.load()) == acts(world, firm(tmp_path, world)) == []


def test_members_come_before_others_go_and_those_who_govern_go_last(world: World, tmp_path: Path) -> None:
    named = everybody(SYS_ADMIN=["alice"], COMPLIANCE=["bob"], AUDITOR=["carol"])
    rows = PACKAGE.replace('pause = { execute = ["EMERGENCY", ', "pause = { execute = [", 1)
    said = acts(world, firm(tmp_path, world, {None: named}, rows))
    verbs = [" ".join(each.split()[:2]) for each in said]
    assert verbs == [
        "Grant COMPLIANCE", "Grant AUDITOR", "Revoke AUDITOR", "Set the", "Revoke COMPLIANCE", "Grant SYS_ADMIN",
        "Revoke SYS_ADMIN",
    ]  # fmt: skip
    assert said[3] == "Set the row of token.pause: execute ISSUER REGISTRAR COMPLIANCE."


def test_a_step_is_the_exact_call_with_those_who_may(world: World, wanted: Governance) -> None:
    chain = read_rights(world.deployment, world.connection)
    grant, revoke = plan(wanted, chain, world.connection)
    assert grant.act.call == world.authority.bind.grant_role(Role.AUDITOR, address(world, "mallory"), 0)
    assert revoke.act.call == world.authority.bind.revoke_role(Role.AUDITOR, address(world, "auditor"))
    assert (grant.proposers, grant.approvers, grant.row.delay) == (["SYS_ADMIN"], ["COMPLIANCE"], 0)
    assert grant.arguments == {"roleId": 11, "account": address(world, "mallory"), "executionDelay": 0}


def test_one_who_becomes_administrator_gives_up_his_other_roles_first(world: World, tmp_path: Path) -> None:
    """And one who was gets others afterwards, because the chain lets an administrator hold no other role."""
    world.order(world.authority.grant(Role.COMPLIANCE, address(world, "dave")))
    named = everybody(SYS_ADMIN=["compliance"], COMPLIANCE=["dave", "sys_admin"])
    wanted = firm(tmp_path, world, {None: named})
    said = [" ".join(each.split()[:2]) for each in acts(world, wanted)]
    assert said == ["Revoke COMPLIANCE", "Grant SYS_ADMIN", "Revoke SYS_ADMIN", "Grant COMPLIANCE"]
    for who in ("sys_admin", "dave", "compliance", "dave", "sys_admin", "compliance", "dave", "compliance") * 3:
        run(world, wanted, who)
    assert agrees(world, wanted)


# --- two people -------------------------------------------------------------------------------------------------------


def test_a_plan_is_proposed_by_one_approved_by_another_and_carried_out(world: World, wanted: Governance) -> None:
    assert run(world, wanted, "sys_admin") == [State.APPROVAL, State.APPROVAL]
    assert run(world, wanted, "compliance") == [State.EXECUTION, State.EXECUTION]
    assert run(world, wanted, "sys_admin") == [State.DONE, State.DONE]
    assert agrees(world, wanted)
    assert world.authority.members(Role.AUDITOR) == (address(world, "mallory"),)
    assert run(world, wanted, "sys_admin") == run(world, wanted, "mallory") == []


def test_running_it_again_proposes_and_approves_nothing_twice(world: World, wanted: Governance) -> None:
    for who in ("sys_admin", "sys_admin", "compliance", "compliance"):
        run(world, wanted, who)
        assert world.orders.count() == 2
    assert [view.document_hash for view in world.orders.list()] == [wanted.sha256] * 2


def test_an_approver_waits_for_a_proposal(world: World, wanted: Governance) -> None:
    assert run(world, wanted, "compliance") == [State.PROPOSAL, State.PROPOSAL]
    assert world.orders.count() == 0


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_run_that_was_cut_off_at_any_transaction_is_taken_up_by_the_next(
    world: World, wanted: Governance, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    class Killed(BaseException):
        pass

    send, seen = Sender.send, set()

    def cut(self: Sender, call: Call, **given: Any) -> Receipt:
        new = call.data not in seen
        seen.add(call.data)
        if new and before:
            raise Killed
        receipt = send(self, call, **given)
        if new:
            raise Killed
        return receipt

    monkeypatch.setattr(Sender, "send", cut)
    for who in ("sys_admin", "compliance", "sys_admin"):
        for _ in range(2):
            with pytest.raises(Killed):
                run(world, wanted, who)
        run(world, wanted, who)
    assert world.orders.count() == 2
    assert agrees(world, wanted)


def test_who_has_no_part_in_the_plan_is_told_who_has(world: World, wanted: Governance) -> None:
    with pytest.raises(NotInvolved, match="has no part in this plan: SYS_ADMIN proposes it and COMPLIANCE approves it"):
        run(world, wanted, "issuer")
    assert world.orders.count() == 0


def test_an_order_that_is_not_of_the_plan_is_not_approved(world: World, wanted: Governance) -> None:
    bad = world.authority.grant(Role.ISSUER, address(world, "mallory"))
    world.orders.by(world.people.sys_admin).propose(bad, wanted.sha256, world.now + DAY)
    run(world, wanted, "sys_admin")
    run(world, wanted, "compliance")
    assert world.orders.show(1).status == OrderStatus.PROPOSED


def test_an_order_that_rests_on_another_document_is_left_to_be_read(world: World, wanted: Governance) -> None:
    act = world.authority.grant(Role.AUDITOR, address(world, "mallory"))
    by_hand = world.orders.by(world.people.sys_admin).propose(act, DOCUMENT, world.now + DAY)
    assert run(world, wanted, "sys_admin") == [State.READING, State.APPROVAL]
    assert run(world, wanted, "compliance") == [State.READING, State.EXECUTION]
    world.orders.by(world.people.compliance).approve(by_hand.id)
    assert run(world, wanted, "sys_admin") == [State.DONE, State.DONE]


def test_of_two_orders_of_one_act_the_one_that_rests_on_the_file_is_approved(world: World, wanted: Governance) -> None:
    act, orders = (
        world.authority.grant(Role.AUDITOR, address(world, "mallory")),
        world.orders.by(world.people.sys_admin),
    )
    orders.propose(act, DOCUMENT, world.now + DAY)
    orders.propose(act, wanted.sha256, world.now + DAY)
    assert run(world, wanted, "compliance") == [State.EXECUTION, State.PROPOSAL]
    assert [view.status for view in world.orders.list()] == [OrderStatus.PROPOSED, OrderStatus.APPROVED]


def test_a_vetoed_order_is_proposed_anew(world: World, wanted: Governance) -> None:
    run(world, wanted, "sys_admin")
    world.orders.by(world.people.sys_admin).veto(1)
    run(world, wanted, "sys_admin")
    assert world.orders.count() == 3


def test_an_expired_order_is_proposed_anew(world: World, wanted: Governance) -> None:
    run(world, wanted, "sys_admin")
    world.travel(31 * DAY)
    assert run(world, wanted, "sys_admin") == [State.APPROVAL, State.APPROVAL]
    assert world.orders.count() == 4


def test_an_order_whose_proposer_lost_the_role_is_proposed_anew(world: World, tmp_path: Path) -> None:
    world.order(world.authority.grant(Role.SYS_ADMIN, address(world, "alice")))
    wanted = firm(tmp_path, world, {None: everybody(AUDITOR=["auditor", "mallory"], SYS_ADMIN=["sys_admin"])})
    assert run(world, wanted, "alice") == [State.APPROVAL, State.APPROVAL]
    world.order(world.authority.revoke(Role.SYS_ADMIN, address(world, "alice")))
    assert run(world, wanted, "compliance") == [State.PROPOSAL]
    assert run(world, wanted, "sys_admin") == [State.APPROVAL]


# --- order and delay --------------------------------------------------------------------------------------------------


def test_a_row_waits_out_its_delay(world: World, tmp_path: Path) -> None:
    rows = PACKAGE.replace('pause = { execute = ["EMERGENCY", ', "pause = { execute = [", 1)
    wanted = firm(tmp_path, world, rows=rows)
    run(world, wanted, "sys_admin")
    run(world, wanted, "compliance")
    [waiting] = apply(wanted, world.deployment, world.people.sys_admin)
    assert (waiting.state, waiting.moved) == (State.DELAY, False)
    assert waiting.ready_at > world.now
    world.travel(waiting.ready_at - world.now)
    assert run(world, wanted, "sys_admin") == [State.DONE]
    row = world.authority.row_of(EVERY_TOKEN, world.matrix.row("token", "pause").selector)
    assert not row.executors >> Role.EMERGENCY & 1


def test_a_row_that_nobody_wants_is_emptied(world: World) -> None:
    world.order(world.authority.set_row(world.system.address, b"abcd", Row(1 << 12, 0, 0, 0, False)))
    wanted = Governance.load()
    run(world, wanted, "sys_admin")
    run(world, wanted, "compliance")
    world.travel(2 * DAY)
    assert run(world, wanted, "sys_admin") == [State.DONE]
    assert agrees(world, wanted)


def test_a_step_is_not_carried_out_before_those_ahead_of_it(world: World, wanted: Governance) -> None:
    run(world, wanted, "sys_admin")
    world.orders.by(world.people.compliance).approve(2)
    assert run(world, wanted, "sys_admin") == [State.APPROVAL, State.EXECUTION]
    assert set(world.authority.members(Role.AUDITOR)) == {address(world, "auditor")}


def test_the_administration_is_handed_over_without_being_left_empty(world: World, tmp_path: Path) -> None:
    wanted = firm(tmp_path, world, {None: everybody(SYS_ADMIN=["alice"], COMPLIANCE=["bob"])})
    run(world, wanted, "sys_admin")
    run(world, wanted, "compliance")
    assert run(world, wanted, "sys_admin") == [State.DONE] * 4
    assert world.authority.members(Role.SYS_ADMIN) == (address(world, "alice"),)
    assert world.authority.members(Role.COMPLIANCE) == (address(world, "bob"),)
    assert agrees(world, wanted)


def test_who_leaves_on_the_way_leaves_the_rest_to_those_who_stay(world: World, tmp_path: Path) -> None:
    """Two administrators go: the first step takes the role from the one who runs it."""
    world.order(world.authority.grant(Role.SYS_ADMIN, address(world, "carol")))
    wanted = firm(tmp_path, world, {None: everybody(SYS_ADMIN=["alice"])})
    first, second = sorted(("sys_admin", "carol"), key=lambda name: address(world, name))
    run(world, wanted, first)
    run(world, wanted, "compliance")
    assert run(world, wanted, first) == [State.DONE, State.DONE, State.EXECUTION]
    assert run(world, wanted, "compliance") in ([State.EXECUTION], [State.PROPOSAL])
    assert run(world, wanted, second) == [State.DONE]
    assert agrees(world, wanted)


def test_roles_of_one_token_are_given_and_taken(world: World, tmp_path: Path) -> None:
    token = world.new_token()
    wanted = firm(tmp_path, world, {None: everybody(), f'"{token.address}"': {"EMERGENCY": ["mallory"]}})
    for who in ("sys_admin", "compliance", "sys_admin"):
        run(world, wanted, who)
    assert world.authority.members(Role.EMERGENCY, token.address) == (address(world, "mallory"),)
    token.by(world.people.mallory).pause()
    without = firm(tmp_path, world)
    for who in ("sys_admin", "compliance", "sys_admin"):
        run(world, without, who)
    assert world.authority.members(Role.EMERGENCY, token.address) == ()
