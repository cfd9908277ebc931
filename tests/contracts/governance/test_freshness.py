"""An order undoes nothing that was done after it was proposed: its approver did not know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, INCIDENT, at, freeze, halt, outcome, refused, resume, split
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.token import Token
from stotoken.errors import InputError, Reverted
from stotoken.types import HaltLevel, keccak

NORMAL, RESTRICTED, HALTED = HaltLevel
AGAIN = keccak(b"a second incident")


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"])
    world.issue(token, "alice", 100)
    world.issue(token, "alice", 100, "class-a")
    return token


def stays(world: World, id: int, call: Call) -> None:
    """The order is refused as stale, however late it is tried."""
    for _ in range(2):
        world.travel(3)
        with refused(reverts.OrderStale):
            world.execute(id, call)


def test_a_resume_left_over_from_one_halt_does_not_end_the_next(world: World) -> None:
    halt(world)
    call = world.system.bind.resume(NORMAL, INCIDENT)
    first, second = world.approved(call), world.approved(call)
    world.execute(first, call)
    world.travel(DAY)
    halt(world)
    stays(world, second, call)
    assert world.system.bind.level() == HALTED


def test_a_resume_approved_while_nothing_stood_still_ends_no_later_halt(world: World) -> None:
    call = world.system.bind.resume(NORMAL, INCIDENT)
    early = world.approved(call)
    world.travel(1)
    halt(world)
    stays(world, early, call)


def test_a_resume_does_not_end_a_halt_that_was_raised_since(world: World) -> None:
    halt(world, RESTRICTED)
    call = world.system.bind.resume(NORMAL, INCIDENT)
    early = world.approved(call)
    world.travel(1)
    world.send("emergency", world.system.bind.halt(HALTED, AGAIN))
    stays(world, early, call)
    resume(world)
    assert world.system.bind.level() == NORMAL


def test_raising_a_halt_leaves_the_running_time_where_it_stands(world: World) -> None:
    halt(world, RESTRICTED)
    stood = world.system.bind.running_time()
    world.travel(DAY)
    world.send("emergency", world.system.bind.halt(HALTED, AGAIN))
    assert world.system.bind.running_time() == stood
    world.travel(DAY)
    resume(world)
    world.travel(10)
    assert 0 < world.system.bind.running_time() - stood < 100


def test_one_resume_in_two_steps_is_one_stop(world: World) -> None:
    halt(world)
    down, on = (world.system.bind.resume(to, INCIDENT) for to in (RESTRICTED, NORMAL))
    first, second = world.approved(down), world.approved(on)
    world.execute(first, down)
    world.execute(second, on)
    assert world.system.bind.level() == NORMAL


def test_an_order_to_unfreeze_does_not_undo_a_later_freeze(world: World) -> None:
    alice = at(world, "alice")
    world.send("compliance", world.system.bind.freeze_wallet(alice))
    call = world.system.bind.unfreeze_wallet(alice)
    first, second = world.approved(call), world.approved(call)
    world.execute(first, call)
    world.travel(1)
    world.send("emergency", world.system.bind.freeze_wallet(alice))
    stays(world, second, call)


def test_freezing_a_frozen_wallet_again_is_a_later_freeze(world: World) -> None:
    alice = at(world, "alice")
    world.send("compliance", world.system.bind.freeze_wallet(alice))
    call = world.system.bind.unfreeze_wallet(alice)
    early = world.approved(call)
    world.travel(1)
    world.send("emergency", world.system.bind.freeze_wallet(alice))
    stays(world, early, call)


def test_a_registration_keeps_the_instant_of_the_freeze(world: World) -> None:
    alice = at(world, "alice")
    world.send("compliance", world.system.bind.freeze_wallet(alice))
    call = world.system.bind.unfreeze_wallet(alice)
    id = world.approved(call)
    world.register(alice)
    world.execute(id, call)
    assert world.system.is_verified(alice)


THAWS: list[tuple[str, Callable[[Token, str, int], Call]]] = [
    ("default", lambda token, who, units: token.bind.set_frozen_tokens(who, units)),
    ("default", lambda token, who, units: token.bind.set_frozen_by_partition(DEFAULT, who, units)),
    ("class-a", lambda token, who, units: token.bind.set_frozen_by_partition(CLASS_A, who, units)),
]


@pytest.mark.parametrize(("name", "thaw"), THAWS)
def test_an_order_to_thaw_does_not_undo_a_later_freeze(
    world: World, token: Token, name: str, thaw: Callable[[Token, str, int], Call]
) -> None:
    where = DEFAULT if name == "default" else CLASS_A
    freeze(world, token, "alice", 20, where)
    call = thaw(token, at(world, "alice"), 0)
    early = world.approved(call)
    world.travel(1)
    freeze(world, token, "alice", 90, where)
    stays(world, early, call)
    world.order(call)
    assert outcome(world, "alice", token.bind.transfer_by_partition(where, at(world, "bob"), 100, b"")) == "done"


def test_an_order_to_thaw_is_not_about_units_of_before_a_split(world: World, token: Token) -> None:
    freeze(world, token, "alice", 50)
    call = token.bind.set_frozen_tokens(at(world, "alice"), 40)
    early = world.approved(call)
    world.travel(1)
    split(world, token, 10)
    stays(world, early, call)
    assert token.bind.get_frozen_tokens(at(world, "alice")) == 500


def test_an_order_may_freeze_more_whenever_it_was_proposed(world: World, token: Token) -> None:
    call = token.bind.set_frozen_tokens(at(world, "alice"), 90)
    early = world.approved(call)
    world.travel(1)
    freeze(world, token, "alice", 20)
    world.execute(early, call)
    assert token.bind.get_frozen_tokens(at(world, "alice")) == 90


def test_an_order_to_let_a_token_run_does_not_undo_a_later_pause(world: World, token: Token) -> None:
    world.send("issuer", token.bind.pause())
    call = token.bind.unpause()
    first, second = world.approved(call), world.approved(call)
    world.execute(first, call)
    world.travel(1)
    world.send("emergency", token.bind.pause())
    stays(world, second, call)
    assert token.bind.paused()


CUT: list[Callable[[World, Token], Call]] = [
    lambda world, token: token.bind.allot(DEFAULT, 1),
    lambda world, token: token.bind.raise_authorised_units(2_000_000),
    lambda world, token: token.bind.split(2, 0),
    lambda world, token: token.bind.schedule_record_date(0),
    lambda world, token: token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1),
    lambda world, token: token.bind.set_frozen_tokens(at(world, "alice"), 1),
    lambda world, token: token.bind.set_treasury(at(world, "treasury")),
    lambda world, token: token.bind.set_lockup(DEFAULT, at(world, "alice"), 0),
    lambda world, token: token.bind.set_policy(1, 0, False, False),
    lambda world, token: token.bind.issue(at(world, "alice"), 1, b""),
    lambda world, token: token.bind.batch_issue(DEFAULT, [at(world, "alice")], [1], b""),
    lambda world, token: token.bind.set_closed_period(60),
    lambda world, token: token.bind.set_sanctions_oracle(token.address),
    lambda world, token: token.bind.set_rules([]),
    lambda world, token: world.authority.bind.revoke_role(11, at(world, "auditor")),
    lambda world, token: world.system.bind.unfreeze_wallet(at(world, "alice")),
]


@pytest.mark.parametrize("made", CUT)
def test_the_instant_behind_a_call_is_no_argument_of_one_that_was_cut_short(
    world: World, token: Token, made: Callable[[World, Token], Call]
) -> None:
    """Whatever two people sign blindly: the word that the queue adds is too large for anything."""
    call = made(world, token)
    cut = replace(call, data=call.data[:-32])
    id = world.approved(cut)
    with pytest.raises(Reverted):
        world.execute(id, cut)


def test_an_order_that_cannot_be_read_is_shown_bare_and_not_approved(world: World, token: Token) -> None:
    call = token.bind.allot(DEFAULT, 1)
    for data in (call.data[:-32], call.data + bytes(32)):
        propose = world.orders.bind.propose(token.address, data, 1, INCIDENT, world.now + DAY)
        world.send("agent", propose)
    for view in world.orders.list()[-2:]:
        assert view.arguments == {"data": view.data}
        with pytest.raises(InputError, match="cannot be read as allot"):
            world.orders.by(world.people.issuer).approve(view.id)
