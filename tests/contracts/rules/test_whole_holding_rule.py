"""A holding is transferred as a whole or not at all."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, at, outcome, refused, split
from contracts.rules.book import redeemed_at_will, transfer
from stotoken import reverts
from stotoken.client.token import Token
from stotoken.types import InvestorClass


@pytest.fixture
def token(world: World) -> Token:
    return redeemed_at_will(world, whole_only=True)


@pytest.mark.parametrize("units", [1, 99])
def test_a_part_of_a_holding_does_not_move(world: World, token: Token, units: int) -> None:
    with refused(reverts.WholeHoldingOnly, at(world, "alice"), units, 100):
        transfer(world, token, "bob", units)


def test_a_whole_holding_moves_and_so_does_nothing_of_it(world: World, token: Token) -> None:
    transfer(world, token, "bob", 0)
    transfer(world, token, "bob", 100)


def test_a_holding_is_of_one_partition(world: World, token: Token) -> None:
    transfer(world, token, "bob", 100, CLASS_A)
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "alice")) == 100


def test_a_part_does_not_move_to_oneself_either(world: World, token: Token) -> None:
    with refused(reverts.WholeHoldingOnly, at(world, "alice"), 40, 100):
        transfer(world, token, "alice", 40)
    transfer(world, token, "alice", 100)


def test_a_whole_holding_after_a_split_is_all_of_it(world: World, token: Token) -> None:
    split(world, token, 3)
    with refused(reverts.WholeHoldingOnly, at(world, "alice"), 100, 300):
        transfer(world, token, "bob", 100)
    transfer(world, token, "bob", 300)


def test_a_whole_holding_with_a_locked_lot_does_not_move_in_parts(world: World, token: Token) -> None:
    """What is free is not the whole, and the whole is not free."""
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 40, *[world.now + DAY] * 3))
    with refused(reverts.WholeHoldingOnly, at(world, "alice"), 60, 100):
        transfer(world, token, "bob", 60)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 100, 60):
        transfer(world, token, "bob", 100)


def test_a_batch_does_not_take_a_holding_apart(world: World, token: Token) -> None:
    bob, carol = at(world, "bob"), at(world, "carol")
    call = token.bind.batch_transfer(DEFAULT, [bob, carol], [60, 40])
    assert outcome(world, "alice", call) == "WholeHoldingOnly"
    assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, [bob], [100])) == "done"


def test_spender_operator_and_request_are_asked_too(world: World, token: Token) -> None:
    alice, bob, dave = at(world, "alice"), at(world, "bob"), at(world, "dave")
    world.send("alice", token.bind.approve(dave, 1_000))
    world.send("alice", token.bind.authorize_operator(dave))
    for who, call in (
        ("dave", token.bind.transfer_from(alice, bob, 99)),
        ("dave", token.bind.operator_transfer_by_partition(DEFAULT, alice, bob, 99, b"", b"")),
        ("alice", token.bind.request_transfer(DEFAULT, bob, 99, world.now + DAY)),
    ):
        assert outcome(world, who, call) == "WholeHoldingOnly"


def test_a_request_for_the_whole_that_is_no_longer_the_whole_is_not_approved(world: World, token: Token) -> None:
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 100, world.now + 30 * DAY))
    world.issue(token, "alice", 1)
    with refused(reverts.WholeHoldingOnly, at(world, "alice"), 100, 101):
        world.send("issuer", token.bind.approve_transfer_request(1))


def test_the_treasury_redemption_and_force_are_not_asked(world: World, token: Token) -> None:
    world.issue(token, "treasury", 10)
    transfer(world, token, "bob", 3, by="treasury")
    world.send("alice", token.bind.redeem(1, b""))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1))


def test_it_is_set_and_taken_back_by_an_order_and_stays_beside_the_rule_book(world: World, token: Token) -> None:
    world.order(token.bind.set_policy(InvestorClass.KYC, 0, False, False))
    transfer(world, token, "bob", 1)
    world.order(token.bind.set_closed_period(DAY))
    transfer(world, token, "bob", 1)
    world.order(token.bind.set_policy(InvestorClass.KYC, 0, False, True))
    with refused(reverts.WholeHoldingOnly, at(world, "alice"), 1, 98):
        transfer(world, token, "bob", 1)


def test_with_the_rule_book_on_a_part_is_still_redeemed_and_forced(world: World, token: Token) -> None:
    world.order(token.bind.set_closed_period(DAY))
    world.send("alice", token.bind.redeem(1, b""))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "WholeHoldingOnly"
