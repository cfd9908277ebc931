"""Who holds which role, for the whole system or for one token, and how that is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from world import ROLES, World

from contracts.helpers import DAY, DEFAULT, at, events, outcome, refused
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client import bindings
from stotoken.client.bindings.structs import Row
from stotoken.errors import Reverted
from stotoken.governance.matrix import CONTRACTS, EVERY_TOKEN, mask
from stotoken.types import Role, keccak

ADMIN = 0


def grant(world: World, role: int, who: str) -> None:
    world.order(world.authority.bind.grant_role(role, at(world, who), 0))


def revoke(world: World, role: int, who: str) -> None:
    world.order(world.authority.bind.revoke_role(role, at(world, who)))


def test_every_row_on_chain_is_that_of_the_matrix(world: World) -> None:
    addresses = {name: world.deployment.addresses[name] for name in CONTRACTS.values()}
    for target, row in world.matrix.targets(addresses):
        assert world.authority.row_of(target, row.selector) == row.struct, row.signature


def test_a_token_has_the_rows_of_every_token(world: World) -> None:
    token = world.new_token()
    for row in world.matrix:
        if row.contract == "token":
            assert world.authority.row_of(token.address, row.selector) == row.struct


def test_the_queue_of_orders_alone_administers_after_the_deployment(world: World) -> None:
    assert world.authority.bind.has_role(ADMIN, world.orders.address)[0]
    for name in (*ROLES, "deployer"):
        assert not world.authority.bind.has_role(ADMIN, at(world, name))[0], name


def test_no_role_stands_on_both_sides_of_a_row(world: World) -> None:
    assert all(not row.proposers & row.approvers for row in world.matrix)


def test_the_system_administrator_has_no_business_role(world: World) -> None:
    for row in world.matrix:
        if row.contract == "token":
            assert Role.SYS_ADMIN not in row.executors | row.proposers | row.approvers, row.signature


def test_a_role_is_granted_and_revoked_by_orders(world: World) -> None:
    token = world.new_token()
    assert outcome(world, "mallory", token.bind.pause()) == "AccessRefused"
    grant(world, Role.EMERGENCY, "mallory")
    assert outcome(world, "mallory", token.bind.pause()) == "done"
    revoke(world, Role.EMERGENCY, "mallory")
    assert outcome(world, "mallory", token.bind.pause()) == "AccessRefused"


def test_a_role_for_one_token_is_worth_nothing_at_another(world: World) -> None:
    mine, other = world.new_token(), world.new_token()
    scoped = world.authority.bind.scoped(Role.ISSUER, mine.address)
    assert scoped != world.authority.bind.scoped(Role.ISSUER, other.address)
    grant(world, scoped, "mallory")
    assert outcome(world, "mallory", mine.bind.pause()) == "done"
    assert outcome(world, "mallory", other.bind.pause()) == "AccessRefused"
    assert outcome(world, "mallory", mine.bind.reject_transfer_request(1)) == "TransferRequestUnknown"


def test_a_role_for_one_token_proposes_and_approves_orders_on_it_alone(world: World) -> None:
    mine, other = world.new_token(), world.new_token()
    grant(world, world.authority.bind.scoped(Role.ISSUING_AGENT, mine.address), "mallory")
    world.order(mine.bind.allot(DEFAULT, 5), proposer="mallory")
    assert mine.bind.allotted(DEFAULT) == 5
    with refused(reverts.OrderUnauthorized):
        world.order(other.bind.allot(DEFAULT, 5), proposer="mallory")
    grant(world, world.authority.bind.scoped(Role.ISSUER, other.address), "dave")
    with refused(reverts.OrderUnauthorized):
        world.order(mine.bind.allot(DEFAULT, 5), proposer="mallory", approver="dave")


def test_holding_any_of_several_roles_is_enough(world: World) -> None:
    token = world.new_token()
    bind = world.authority.bind
    both = mask([Role.ISSUER, Role.REGISTRAR])
    assert bind.holds_any(both, token.address, at(world, "issuer"))
    assert bind.holds_any(both, token.address, at(world, "registrar"))
    assert not bind.holds_any(both, token.address, at(world, "agent"))
    assert not bind.holds_any(0, token.address, at(world, "issuer"))


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.COMPLIANCE], ids=lambda role: role.name)
def test_the_last_member_of_a_governing_role_stays(world: World, role: Role) -> None:
    name = world.people.of(role)
    with refused(reverts.RoleLastMember, role):
        world.order(world.authority.bind.revoke_role(role, name.address))
    with refused(reverts.RoleLastMember, role):
        world.send(name, world.authority.bind.renounce_role(role, name.address))


def test_a_governing_role_may_be_left_when_another_member_stays(world: World) -> None:
    grant(world, Role.COMPLIANCE, "dave")
    world.send("compliance", world.authority.bind.renounce_role(Role.COMPLIANCE, at(world, "compliance")))
    assert not world.authority.holds(Role.COMPLIANCE, at(world, "compliance"))
    with refused(reverts.RoleLastMember, Role.COMPLIANCE):
        world.send("dave", world.authority.bind.renounce_role(Role.COMPLIANCE, at(world, "dave")))


def test_granting_a_role_twice_does_not_count_a_member_twice(world: World) -> None:
    grant(world, Role.COMPLIANCE, "compliance")
    with refused(reverts.RoleLastMember, Role.COMPLIANCE):
        world.send("compliance", world.authority.bind.renounce_role(Role.COMPLIANCE, at(world, "compliance")))


def test_nobody_but_the_queue_of_orders_can_be_made_administrator(world: World) -> None:
    """An administrator would change rows and roles alone and at once, past maker, checker and delay."""
    with pytest.raises(Reverted):
        grant(world, ADMIN, "mallory")


def test_the_queue_of_orders_cannot_lose_the_administration(world: World) -> None:
    with refused(reverts.RoleLastMember, ADMIN):
        world.order(world.authority.bind.revoke_role(ADMIN, world.orders.address))


def row(executors: list[Role], proposers: list[Role], approvers: list[Role]) -> Row:
    return Row(mask(executors), mask(proposers), mask(approvers), 0, False)


UNSOUND = {
    "a proposer without an approver": row([], [Role.ISSUER], []),
    "an approver without a proposer": row([], [], [Role.ISSUER]),
    "one role on both sides": row([], [Role.ISSUER, Role.REGISTRAR], [Role.REGISTRAR]),
    "the core system as executor": Row(1 << 63, 0, 0, 0, False),
    "a delay during a halt": Row(0, mask([Role.ISSUER]), mask([Role.REGISTRAR]), 1, True),
    "the administrator as executor": Row(1, 0, 0, 0, False),
    "the administrator as proposer": Row(0, 1, mask([Role.ISSUER]), 0, False),
    "the administrator as approver": Row(0, mask([Role.ISSUER]), 1, 0, False),
}


@pytest.mark.parametrize("why", UNSOUND)
def test_a_row_is_not_set_with(world: World, why: str) -> None:
    selector = world.matrix.row("token", "pause").selector
    with refused(reverts.RowUnsound, selector):
        world.order(world.authority.bind.set_row(EVERY_TOKEN, selector, UNSOUND[why]))


def test_one_token_has_no_rows_of_its_own(world: World) -> None:
    token, found = world.new_token(), world.matrix.row("token", "pause")
    with refused(reverts.RowUnsound, found.selector):
        world.order(world.authority.bind.set_row(token.address, found.selector, found.struct))


def test_somebody_can_always_change_rows(world: World) -> None:
    selector = world.matrix.row("authority", "setRow").selector
    for nobody in (Row(0, 0, 0, 0, False), row([Role.SYS_ADMIN], [], [])):
        with refused(reverts.RowUnsound, selector):
            world.order(world.authority.bind.set_row(world.authority.address, selector, nobody))


def test_a_changed_row_governs_at_once_after_its_order(world: World) -> None:
    token = world.new_token()
    selector = world.matrix.row("token", "pause").selector
    receipt = world.order(world.authority.bind.set_row(EVERY_TOKEN, selector, row([Role.AUDITOR], [], [])))
    (set_,) = events(world, receipt, "RowSet")
    assert (set_["target"], set_["selector"]) == (EVERY_TOKEN, selector)
    assert outcome(world, "auditor", token.bind.pause()) == "done"
    assert outcome(world, "registrar", token.bind.pause()) == "AccessRefused"


def test_a_row_changes_only_two_days_after_its_approval(world: World) -> None:
    selector = world.matrix.row("token", "pause").selector
    call = world.authority.bind.set_row(EVERY_TOKEN, selector, row([Role.AUDITOR], [], []))
    assert world.row(call).delay == 2 * DAY
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(World, "travel", lambda self, seconds: seconds)
        with refused(reverts.OrderNotReady):
            world.order(call)


def test_a_token_is_enrolled_once_and_by_the_system_alone(world: World) -> None:
    token = world.new_token()
    call = world.authority.bind.enrol(token.address)
    with refused(reverts.TokenAlreadyEnrolled, token.address):
        world.connection.call(call.to, call.data, sender=world.system.address)
    with refused(reverts.AccessManagerUnauthorizedAccount):
        world.people.sys_admin.simulate(call)


def test_the_implementation_is_no_target_of_the_matrix(world: World) -> None:
    selector = world.matrix.row("token", "pause").selector
    assert world.authority.row_of(world.deployment.implementation, selector) == Row(0, 0, 0, 0, False)


def test_the_first_role_that_counts_is_named(world: World) -> None:
    token, bind = world.new_token(), world.authority.bind
    sides = mask([Role.ISSUER, Role.REGISTRAR])
    for name, role in (("issuer", Role.ISSUER), ("registrar", Role.REGISTRAR), ("agent", 0)):
        assert bind.role_among(sides, token.address, at(world, name)) == role
    scoped = bind.scoped(Role.REGISTRAR, token.address)
    grant(world, scoped, "mallory")
    assert bind.role_among(sides, token.address, at(world, "mallory")) == scoped
    assert bind.role_among(sides, world.system.address, at(world, "mallory")) == 0


def test_what_is_no_token_has_no_roles_of_its_own(world: World) -> None:
    with refused(reverts.TokenNotEnrolled, at(world, "alice")):
        world.authority.bind.scoped(Role.ISSUER, at(world, "alice"))


@pytest.mark.parametrize(("role", "who"), [(Role.EMERGENCY, "mallory"), (Role.COMPLIANCE, "compliance")])
def test_no_role_is_given_with_a_delay_nor_made_to_wait(world: World, role: Role, who: str) -> None:
    with refused(reverts.RoleDelayed, role):
        world.order(world.authority.bind.grant_role(role, at(world, who), 60))


def test_the_queue_of_orders_is_not_made_to_wait(world: World) -> None:
    with refused(reverts.RoleDelayed, 0):
        world.order(world.authority.bind.grant_role(0, world.deployment.orders, 1))


def test_the_core_system_keeps_its_seat(world: World) -> None:
    with refused(reverts.RoleLastMember, 63):
        world.order(world.authority.bind.revoke_role(63, world.deployment.system))


RESUME = keccak(b"resume(uint8,bytes32)")[:4]
ENROL = keccak(b"enrol(address)")[:4]
SET_ROW = keccak(b"setRow(address,bytes4,(uint64,uint64,uint64,uint32,bool))")[:4]


@pytest.mark.parametrize(
    ("target", "selector", "row"),
    [
        ("system", RESUME, Row(0, 1 << 1, 1 << 6, 0, False)),
        ("system", RESUME, Row(0, 0, 0, 0, True)),
        ("system", RESUME, Row(0, 1 << 1, 1 << 6, 60, True)),
        ("authority", SET_ROW, Row(0, 1 << 1, 1 << 6, 181 * 86_400, False)),
        ("authority", SET_ROW, Row(0, 0, 0, 0, False)),
        ("authority", keccak(b"setTargetClosed(address,bool)")[:4], Row(0, 1 << 1, 1 << 6, 0, False)),
    ],
)
def test_no_row_shuts_the_way_out_of_a_halt_or_the_way_to_change_rows(
    world: World, target: str, selector: bytes, row: Row
) -> None:
    address = getattr(world.deployment, target)
    with refused(reverts.RowUnsound, selector):
        world.order(world.authority.bind.set_row(address, selector, row))


def test_an_act_of_one_person_may_also_run_as_an_order(world: World) -> None:
    freeze = keccak(b"freezeWallet(address)")[:4]
    row = Row(1 << 6, 1 << 5, 1 << 6, 0, False)
    world.order(world.authority.bind.set_row(world.deployment.system, freeze, row))
    call = world.system.bind.freeze_wallet(at(world, "alice"))
    world.order(call, "registrar", "compliance")
    assert not world.system.is_verified(at(world, "alice"))


def test_nobody_takes_the_place_of_the_core_system(world: World) -> None:
    with refused(reverts.RoleClosed, 63):
        grant(world, 63, "mallory")


@pytest.mark.parametrize("who", ["registrar", "sys_admin"])
def test_nobody_hides_behind_the_authority(world: World, who: str) -> None:
    """The events would name the authority as operator, and not who called."""
    token = world.new_token()
    relayed = world.authority.bind.execute(token.address, token.bind.pause().data)
    assert outcome(world, who, relayed) != "done"


TABLES: list[Callable[[bindings.Authority], Call]] = [
    lambda authority: authority.set_role_admin(Role.COMPLIANCE, 41),
    lambda authority: authority.set_role_guardian(Role.COMPLIANCE, 41),
    lambda authority: authority.set_grant_delay(Role.COMPLIANCE, 60),
    lambda authority: authority.set_target_admin_delay(authority.address, 60),
    lambda authority: authority.set_target_closed(authority.address, True),
    lambda authority: authority.set_target_function_role(authority.address, [SET_ROW], 41),
    lambda authority: authority.set_target_function_role(authority.address, [ENROL], 41),
]


@pytest.mark.parametrize("made", TABLES)
def test_there_is_no_right_beside_the_matrix_not_even_for_the_administrator(
    world: World, made: Callable[[bindings.Authority], Call]
) -> None:
    """Whoever administers while the system is set up cannot leave a door open behind."""
    call = made(world.authority.bind)
    with refused(reverts.RowUnsound):
        world.connection.call(call.to, call.data, sender=world.deployment.orders)


def test_a_row_of_the_core_system_is_not_opened_in_the_table_either(world: World) -> None:
    call = world.authority.bind.set_target_function_role(world.deployment.system, [RESUME], 40)
    with refused(reverts.RowUnsound, RESUME):
        world.connection.call(call.to, call.data, sender=world.deployment.orders)


@pytest.mark.parametrize(("role", "who"), [(Role.SYS_ADMIN, "compliance"), (Role.COMPLIANCE, "sys_admin")])
def test_those_who_govern_are_two_people(world: World, role: Role, who: str) -> None:
    """Else the last of both could be one, who can approve nothing that he proposed."""
    with refused(reverts.RoleIncompatible, role, at(world, who)):
        grant(world, role, who)


def test_the_system_administrator_holds_no_other_role_not_even_for_one_token(world: World) -> None:
    scoped = world.authority.bind.scoped(Role.ISSUER, world.new_token().address)
    for role in (Role.AUDITOR, scoped):
        with refused(reverts.RoleIncompatible, role, at(world, "sys_admin")):
            grant(world, role, "sys_admin")


def test_who_gave_up_a_role_may_take_another(world: World) -> None:
    grant(world, Role.AUDITOR, "mallory")
    with refused(reverts.RoleIncompatible, Role.SYS_ADMIN, at(world, "mallory")):
        grant(world, Role.SYS_ADMIN, "mallory")
    world.send("mallory", world.authority.bind.renounce_role(Role.AUDITOR, at(world, "mallory")))
    grant(world, Role.SYS_ADMIN, "mallory")
    world.send("mallory", world.authority.bind.renounce_role(Role.SYS_ADMIN, at(world, "mallory")))
    grant(world, Role.AUDITOR, "mallory")
    grant(world, Role.ISSUER, "mallory")
