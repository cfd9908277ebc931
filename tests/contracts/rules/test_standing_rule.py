"""Both sides are registered, and their registration is valid."""

from __future__ import annotations

import pytest
from world import World, investor_of

from contracts.helpers import DEFAULT, at, outcome, refused
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(puttable=True)
    world.issue(token, "alice", 100)
    return token


def expire(world: World, name: str, end: int) -> None:
    world.register(at(world, name), until=end, investor=investor_of(at(world, name)))


def test_a_wallet_nobody_knows_receives_nothing(world: World, token: Token) -> None:
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        world.send("alice", token.bind.transfer(at(world, "mallory"), 1))
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        world.issue(token, "mallory", 1)


def test_a_wallet_nobody_knows_sends_nothing_not_even_nothing(world: World, token: Token) -> None:
    assert outcome(world, "mallory", token.bind.transfer(at(world, "alice"), 0)) == "WalletUnregistered"


@pytest.mark.parametrize("side", ["alice", "bob"])
def test_a_registration_counts_until_the_second_before_its_end(world: World, token: Token, side: str) -> None:
    end = world.now + 1_000
    expire(world, side, end)
    transfer = token.bind.transfer(at(world, "bob"), 1)
    world.node.set_time(end - 1)
    assert outcome(world, "alice", transfer) == "done"
    world.node.set_time(end)
    with refused(reverts.InvestorExpired, at(world, side), end):
        world.send("alice", transfer)


def test_a_renewed_registration_counts_again(world: World, token: Token) -> None:
    end = world.now + 1_000
    expire(world, "alice", end)
    world.node.set_time(end)
    expire(world, "alice", end + 1_000)
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "done"


def test_nothing_is_issued_to_an_expired_investor(world: World, token: Token) -> None:
    end = world.now + 1_000
    expire(world, "bob", end)
    world.node.set_time(end)
    with refused(reverts.InvestorExpired, at(world, "bob"), end):
        world.issue(token, "bob", 1)


def test_an_expired_investor_redeems_nothing_alone_and_is_paid_out_by_an_order(world: World, token: Token) -> None:
    end = world.now + 1_000
    expire(world, "alice", end)
    world.node.set_time(end)
    with refused(reverts.InvestorExpired, at(world, "alice"), end):
        world.send("alice", token.bind.redeem(40, b""))
    world.order(token.bind.controller_redeem(at(world, "alice"), 40, b"", b""))
    assert token.bind.balance_of(at(world, "alice")) == 60


def test_a_forced_move_asks_the_receiver_for_a_valid_registration_and_the_sender_for_none(
    world: World, token: Token
) -> None:
    end = world.now + 1_000
    for name in ("alice", "bob"):
        expire(world, name, end)
    world.node.set_time(end)
    with refused(reverts.InvestorExpired, at(world, "bob"), end):
        world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 10))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 10))
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "carol")) == 10
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "mallory"), 10))
