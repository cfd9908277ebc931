"""Neither wallet is frozen."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import at, outcome, refused, second_wallet
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(puttable=True)
    world.issue(token, "alice", 100)
    return token


@pytest.mark.parametrize("side", ["alice", "bob"])
def test_a_frozen_wallet_neither_sends_nor_receives_until_it_is_thawed(world: World, token: Token, side: str) -> None:
    transfer = token.bind.transfer(at(world, "bob"), 1)
    world.send("emergency", world.system.bind.freeze_wallet(at(world, side)))
    with refused(reverts.WalletFrozen, at(world, side)):
        world.send("alice", transfer)
    world.order(world.system.bind.unfreeze_wallet(at(world, side)))
    assert outcome(world, "alice", transfer) == "done"


def test_a_wallet_is_frozen_in_every_token_at_once(world: World, token: Token) -> None:
    other = world.new_token()
    world.issue(other, "alice", 100)
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "alice")))
    for one in (token, other):
        assert outcome(world, "alice", one.bind.transfer(at(world, "bob"), 1)) == "WalletFrozen"


def test_a_frozen_wallet_is_neither_issued_to_nor_redeemed(world: World, token: Token) -> None:
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "alice")))
    with refused(reverts.WalletFrozen, at(world, "alice")):
        world.issue(token, "alice", 1)
    with refused(reverts.WalletFrozen, at(world, "alice")):
        world.send("alice", token.bind.redeem(1, b""))


def test_a_frozen_spender_may_still_move_what_a_free_holder_allows(world: World, token: Token) -> None:
    """The rule is about whose units move, not about who carries the order out."""
    world.send("alice", token.bind.approve(at(world, "carol"), 10))
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "carol")))
    assert outcome(world, "carol", token.bind.transfer_from(at(world, "alice"), at(world, "bob"), 1)) == "done"


def test_force_moves_the_units_of_a_frozen_wallet(world: World, token: Token) -> None:
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "alice")))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 100))
    assert token.bind.balance_of(at(world, "bob")) == 100


def test_force_puts_nothing_into_a_frozen_wallet(world: World, token: Token) -> None:
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "bob")))
    with refused(reverts.WalletFrozen, at(world, "bob")):
        world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 100))


def test_another_wallet_of_the_same_investor_is_not_frozen(world: World, token: Token) -> None:
    wallet = second_wallet(world, "bob")
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "bob")))
    assert outcome(world, "alice", token.bind.transfer(wallet, 1)) == "done"
