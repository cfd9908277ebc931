"""Before maturity a security is traded, after it it is redeemed."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import DAY, DEFAULT, at, outcome, refused
from stotoken import reverts
from stotoken.client.token import Token
from stotoken.types import Instrument


def bond(world: World, **terms: object) -> tuple[Token, int]:
    maturity = world.now + 100 * DAY
    token = world.new_token(instrument=Instrument.BOND, maturity=maturity, **terms)
    world.issue(token, "alice", 100)
    return token, maturity


def test_a_bond_moves_until_the_second_before_maturity_and_is_redeemed_from_it(world: World) -> None:
    token, maturity = bond(world)
    transfer, redeem = token.bind.transfer(at(world, "bob"), 1), token.bind.redeem(1, b"")
    world.node.set_time(maturity - 1)
    assert outcome(world, "alice", transfer) == "done"
    with refused(reverts.RedemptionNotDue, maturity):
        world.send("alice", redeem)
    world.node.set_time(maturity)
    with refused(reverts.TokenMatured, maturity):
        world.send("alice", transfer)
    world.send("alice", redeem)
    assert token.bind.total_supply() == 99


def test_a_puttable_security_is_redeemed_at_any_time(world: World) -> None:
    token, maturity = bond(world, puttable=True)
    world.send("alice", token.bind.redeem(10, b""))
    world.node.set_time(maturity)
    world.send("alice", token.bind.redeem_by_partition(DEFAULT, 10, b""))
    assert token.bind.balance_of(at(world, "alice")) == 80


def test_a_share_never_falls_due(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 100)
    world.travel(3_000 * DAY)
    with refused(reverts.RedemptionNotDue, 0):
        world.send("alice", token.bind.redeem(1, b""))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "done"


def test_nothing_is_issued_or_distributed_after_maturity(world: World) -> None:
    token, maturity = bond(world)
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    world.node.set_time(maturity)
    with refused(reverts.TokenMatured, maturity):
        world.issue(token, "alice", 1)
    with refused(reverts.TokenMatured, maturity):
        world.send("agent", token.bind.distribute(DEFAULT, [at(world, "bob")], [1], bytes(32)))


def test_force_passes_maturity(world: World) -> None:
    token, maturity = bond(world)
    world.node.set_time(maturity)
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 10))
    assert token.bind.balance_of(at(world, "bob")) == 10


@pytest.mark.parametrize("door", ["redeem", "redeemByPartition", "redeemFrom", "operatorRedeemByPartition"])
def test_redemption_is_judged_alike_at_every_door(world: World, door: str) -> None:
    token, maturity = bond(world)
    world.send("alice", token.bind.approve(at(world, "carol"), 100))
    world.send("alice", token.bind.authorize_operator(at(world, "carol")))
    who, call = {
        "redeem": ("alice", token.bind.redeem(1, b"")),
        "redeemByPartition": ("alice", token.bind.redeem_by_partition(DEFAULT, 1, b"")),
        "redeemFrom": ("carol", token.bind.redeem_from(at(world, "alice"), 1, b"")),
        "operatorRedeemByPartition": (
            "carol",
            token.bind.operator_redeem_by_partition(DEFAULT, at(world, "alice"), 1, b""),
        ),
    }[door]
    assert outcome(world, who, call) == "RedemptionNotDue"
    world.node.set_time(maturity)
    assert outcome(world, who, call) == "done"
    world.send("compliance", token.bind.set_frozen_tokens(at(world, "alice"), 100))
    assert outcome(world, who, call) == "ERC7943InsufficientUnfrozenBalance"
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "alice")))
    assert outcome(world, who, call) == "WalletFrozen"
    world.send("registrar", token.bind.pause())
    assert outcome(world, who, call) == "TokenPaused"
