"""A holding has none or enough units and not too many, and a Move carries whole lots."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DEFAULT, at, outcome, refused, second_wallet, split
from contracts.rules.book import TOKEN, explained, names, redeemed_at_will, transfer
from stotoken import reverts
from stotoken.client.token import Token

MAX = 2**256 - 1


@pytest.fixture
def token(world: World) -> Token:
    return redeemed_at_will(world)


def limit(world: World, token: Token, minimum: int, maximum: int, lot: int, partition: bytes = TOKEN) -> None:
    world.order(token.bind.set_limits(partition, minimum, maximum, lot))


def test_a_seller_keeps_at_least_the_minimum_or_nothing(world: World, token: Token) -> None:
    limit(world, token, 10, 0, 0)
    with refused(reverts.HoldingBelowMinimum, at(world, "alice"), 9, 10):
        transfer(world, token, "bob", 91)
    transfer(world, token, "bob", 90)
    transfer(world, token, "bob", 10)


def test_a_buyer_has_at_least_the_minimum_afterwards(world: World, token: Token) -> None:
    limit(world, token, 10, 0, 0)
    with refused(reverts.HoldingBelowMinimum, at(world, "bob"), 9, 10):
        transfer(world, token, "bob", 9)
    transfer(world, token, "bob", 10)
    transfer(world, token, "bob", 1)


def test_a_buyer_has_at_most_the_maximum_afterwards(world: World, token: Token) -> None:
    limit(world, token, 0, 50, 0)
    transfer(world, token, "bob", 30)
    with refused(reverts.HoldingAboveMaximum, at(world, "bob"), 51, 50):
        transfer(world, token, "bob", 21)
    transfer(world, token, "bob", 20)


def test_a_holding_above_a_later_maximum_may_be_sold_down(world: World, token: Token) -> None:
    limit(world, token, 0, 20, 0)
    transfer(world, token, "bob", 20)
    transfer(world, token, "carol", 5)


def test_units_move_in_lots_unless_the_holding_is_sold_out(world: World, token: Token) -> None:
    limit(world, token, 0, 0, 30)
    with refused(reverts.UnitsNotInLots, 31, 30):
        transfer(world, token, "bob", 31)
    transfer(world, token, "bob", 90)
    with refused(reverts.UnitsNotInLots, 9, 30):
        transfer(world, token, "bob", 9)
    transfer(world, token, "bob", 10)


def test_no_units_and_oneself_are_not_limited(world: World, token: Token) -> None:
    limit(world, token, 10, 100, 30)
    transfer(world, token, "bob", 0)
    transfer(world, token, "alice", 7)


def test_the_issue_and_the_distribution_keep_to_the_buyers_limits(world: World, token: Token) -> None:
    limit(world, token, 10, 50, 5)
    with refused(reverts.HoldingBelowMinimum, at(world, "bob"), 5, 10):
        world.issue(token, "bob", 5)
    world.issue(token, "treasury", 1_003)
    world.order(token.bind.allot(DEFAULT, 1_000))
    for units, error in ((12, "UnitsNotInLots"), (5, "HoldingBelowMinimum"), (55, "HoldingAboveMaximum"), (50, "done")):
        call = token.bind.distribute(DEFAULT, [at(world, "bob")], [units], bytes(32))
        assert outcome(world, "agent", call) == error


def test_the_treasury_is_bound_by_none_but_buys_back_in_lots(world: World, token: Token) -> None:
    limit(world, token, 10, 50, 5)
    world.issue(token, "treasury", 1_003)
    with refused(reverts.UnitsNotInLots, 3, 5):
        transfer(world, token, "treasury", 3)
    transfer(world, token, "treasury", 5)
    transfer(world, token, "bob", 50, by="treasury")
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "treasury")) == 958


def test_every_row_of_a_batch_is_judged_by_what_the_rows_before_it_left(world: World, token: Token) -> None:
    limit(world, token, 10, 60, 0)
    bob, carol = at(world, "bob"), at(world, "carol")
    for rows, error in (
        (((bob, 50), (carol, 45)), "HoldingBelowMinimum"),
        (((bob, 50), (bob, 11)), "HoldingAboveMaximum"),
        (((bob, 50), (carol, 40)), "done"),
        (((bob, 50), (carol, 50)), "done"),
    ):
        wallets, units = zip(*rows, strict=True)
        assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, wallets, units)) == error


def test_a_request_is_judged_when_it_is_made_and_when_it_is_approved(world: World, token: Token) -> None:
    bob, deadline = at(world, "bob"), world.now + 1_000_000
    limit(world, token, 0, 50, 0)
    with refused(reverts.HoldingAboveMaximum, bob, 60, 50):
        world.send("alice", token.bind.request_transfer(DEFAULT, bob, 60, deadline))
    world.send("alice", token.bind.request_transfer(DEFAULT, bob, 40, deadline))
    world.issue(token, "bob", 20)
    with refused(reverts.HoldingAboveMaximum, bob, 60, 50):
        world.send("issuer", token.bind.approve_transfer_request(1))


def test_redemption_force_and_reversal_are_not_limited(world: World, token: Token) -> None:
    limit(world, token, 50, 60, 10)
    world.send("alice", token.bind.redeem(77, b""))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 3))
    assert token.bind.balance_of(at(world, "bob")) == 3


def test_limits_are_of_one_partition_or_of_every_one(world: World, token: Token) -> None:
    limit(world, token, 0, 50, 0)
    limit(world, token, 0, 20, 0, CLASS_A)
    transfer(world, token, "bob", 50)
    with refused(reverts.HoldingAboveMaximum, at(world, "bob"), 21, 20):
        transfer(world, token, "bob", 21, CLASS_A)
    transfer(world, token, "bob", 20, CLASS_A)
    limit(world, token, 0, 0, 0, CLASS_A)
    with refused(reverts.HoldingAboveMaximum, at(world, "bob"), 51, 50):
        transfer(world, token, "bob", 31, CLASS_A)


def test_a_limit_is_the_wallets_not_the_investors(world: World, token: Token) -> None:
    limit(world, token, 0, 50, 0)
    other = second_wallet(world, "bob")
    transfer(world, token, "bob", 50)
    assert outcome(world, "alice", token.bind.transfer(other, 50)) == "done"


def test_limits_scale_exactly_through_splits_and_record_dates(world: World, token: Token) -> None:
    limit(world, token, 10, 50, 5)
    world.order(token.bind.schedule_record_date(0))
    split(world, token, 3)
    split(world, token, 7)
    with refused(reverts.HoldingAboveMaximum, at(world, "bob"), 1_155, 1_050):
        transfer(world, token, "bob", 1_155)
    with refused(reverts.UnitsNotInLots, 1_049, 105):
        transfer(world, token, "bob", 1_049)
    with refused(reverts.HoldingBelowMinimum, at(world, "bob"), 105, 210):
        transfer(world, token, "bob", 105)
    transfer(world, token, "bob", 1_050)


def test_limits_set_after_a_split_are_in_units_of_after_it(world: World, token: Token) -> None:
    split(world, token, 3)
    limit(world, token, 0, 50, 0)
    transfer(world, token, "bob", 50)
    split(world, token, 2)
    transfer(world, token, "carol", 100)
    with refused(reverts.HoldingAboveMaximum, at(world, "bob"), 101, 100):
        transfer(world, token, "bob", 1)


def test_a_split_scales_the_limits_from_its_instant_on(world: World, token: Token) -> None:
    limit(world, token, 0, 50, 0)
    start = world.now + 1_000
    world.order(token.bind.split(2, start))
    world.node.set_time(start - 1)
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 51)) == "HoldingAboveMaximum"
    world.node.set_time(start)
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 100)) == "done"
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 101)) == "HoldingAboveMaximum"


@pytest.mark.parametrize("units", [MAX, MAX - 50, 2**96])
def test_more_units_than_there_can_be_are_too_many_and_no_panic(world: World, token: Token, units: int) -> None:
    """ERC-7943 must not revert, and does not ask the balance."""
    limit(world, token, 0, 50, 0)
    world.issue(token, "bob", 50)
    alice, bob = at(world, "alice"), at(world, "bob")
    assert token.bind.can_transfer_between(alice, bob, units) is False
    assert names(explained(token, alice, bob, units)) == ["ERC20InsufficientBalance", "HoldingAboveMaximum"]
