"""Nothing encumbers the units, and the holding is not reported lost. (What encumbers: `ledger/test_encumbrances`.)"""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import DEFAULT, at, freeze, lose, outcome, refused
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(puttable=True)
    for holder in ("alice", "treasury"):
        world.issue(token, holder, 100)
    return token


def test_frozen_units_are_neither_sold_nor_put_nor_distributed(world: World, token: Token) -> None:
    world.order(token.bind.allot(DEFAULT, 100))
    for holder in ("alice", "treasury"):
        freeze(world, token, holder, 60)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 41, 40):
        world.send("alice", token.bind.transfer(at(world, "bob"), 41))
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 41, 40):
        world.send("alice", token.bind.redeem(41, b""))
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "treasury"), 41, 40):
        world.send("agent", token.bind.distribute(DEFAULT, [at(world, "bob")], [41], bytes(32)))


def test_the_rows_of_a_batch_share_the_free_units(world: World, token: Token) -> None:
    freeze(world, token, "alice", 60)
    to = [at(world, name) for name in ("bob", "carol")]
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 20, 19):
        world.send("alice", token.bind.batch_transfer(DEFAULT, to, [21, 20]))
    world.send("alice", token.bind.batch_transfer(DEFAULT, to, [20, 20]))


def test_a_lost_holding_stands_still_in_both_directions(world: World, token: Token) -> None:
    lose(world, token, "alice")
    for units in (0, 1):
        with refused(reverts.HoldingLost, at(world, "alice")):
            world.send("alice", token.bind.transfer(at(world, "bob"), units))
    with refused(reverts.HoldingLost, at(world, "alice")):
        world.send("treasury", token.bind.transfer(at(world, "alice"), 1))
    with refused(reverts.HoldingLost, at(world, "alice")):
        world.send("alice", token.bind.redeem(1, b""))
    with refused(reverts.HoldingLost, at(world, "alice")):
        world.issue(token, "alice", 1)


def test_a_loss_in_one_partition_leaves_the_other(world: World) -> None:
    token = world.new_token(partitions=["class-a"])
    world.issue(token, "alice", 10)
    world.issue(token, "alice", 10, "class-a")
    lose(world, token, "alice", partition=token.bind.partitions()[1])
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 10)) == "done"


def test_an_order_takes_units_out_of_a_lost_holding_but_puts_none_in(world: World, token: Token) -> None:
    lose(world, token, "alice")
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 30))
    assert token.bind.balance_of(at(world, "bob")) == 30
    with refused(reverts.HoldingLost, at(world, "alice")):
        world.order(token.bind.forced_transfer(at(world, "bob"), at(world, "alice"), 30))
