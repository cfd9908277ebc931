"""Neither side is on a list of sanctions, and a list that does not answer refuses."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import DEFAULT, LOSS, ZERO, at, lose, outcome, parts, refused, second_wallet
from contracts.rules.book import (
    ANSWERS,
    NO_ANSWERS,
    deploy,
    explained,
    names,
    redeemed_at_will,
    stranger,
    transfer,
)
from stotoken import reverts
from stotoken.artifacts import load
from stotoken.chain.abi import Abi
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    return redeemed_at_will(world)


@pytest.fixture
def oracle(world: World, token: Token) -> str:
    address = deploy(world, "SanctionsList")
    world.order(token.bind.set_sanctions_oracle(address))
    return address


def sanction(world: World, oracle: str, name: str, sanctioned: bool = True) -> None:
    call = Abi(load("SanctionsList").abi).function("set").call(oracle, at(world, name), sanctioned)
    world.send("mallory", call)


def test_units_move_between_wallets_that_are_not_listed(world: World, token: Token, oracle: str) -> None:
    sanction(world, oracle, "carol")
    transfer(world, token, "bob", 10)
    sanction(world, oracle, "carol", False)
    transfer(world, token, "carol", 10)


@pytest.mark.parametrize("side", ["alice", "bob"])
def test_neither_side_is_listed(world: World, token: Token, oracle: str, side: str) -> None:
    sanction(world, oracle, side)
    with refused(reverts.WalletSanctioned, at(world, side)):
        transfer(world, token, "bob", 10)
    with refused(reverts.WalletSanctioned, at(world, side)):
        transfer(world, token, "bob", 0)


def test_both_sides_are_named(world: World, token: Token, oracle: str) -> None:
    alice, bob = at(world, "alice"), at(world, "bob")
    sanction(world, oracle, "alice")
    sanction(world, oracle, "bob")
    assert [each.args for each in explained(token, alice, bob, 1)] == [(bob,), (alice,)]


def test_the_list_is_asked_at_issue_distribution_redemption_and_of_who_receives_by_force(
    world: World, token: Token, oracle: str
) -> None:
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    sanction(world, oracle, "bob")
    with refused(reverts.WalletSanctioned, at(world, "bob")):
        world.issue(token, "bob", 1)
    call = token.bind.distribute(DEFAULT, [at(world, "bob")], [1], bytes(32))
    assert outcome(world, "agent", call) == "WalletSanctioned"
    with refused(reverts.WalletSanctioned, at(world, "bob")):
        world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1))
    sanction(world, oracle, "alice")
    with refused(reverts.WalletSanctioned, at(world, "alice")):
        world.send("alice", token.bind.redeem(1, b""))


def test_units_are_taken_by_force_from_who_is_listed_even_when_the_list_is_silent(world: World, token: Token) -> None:
    """To extinguish units asks nobody, so that a broken list cannot keep an order from being carried out."""
    world.order(token.bind.set_sanctions_oracle(stranger(world, *NO_ANSWERS["reverts"])))
    world.order(token.bind.controller_redeem(at(world, "alice"), 1, b"", b""))
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "alice")) == 99


def test_what_is_listed_is_taken_by_force_to_somebody_who_is_not(world: World, token: Token, oracle: str) -> None:
    sanction(world, oracle, "alice")
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1))


def test_reissue_is_not_asked(world: World, token: Token, oracle: str) -> None:
    sanction(world, oracle, "alice")
    heir = second_wallet(world, "alice")
    lose(world, token, "alice")
    world.order(token.bind.reissue(LOSS, heir))
    assert parts(world, token, heir).units == 100


@pytest.mark.parametrize("manner", NO_ANSWERS)
def test_a_list_that_does_not_answer_refuses(world: World, token: Token, manner: str) -> None:
    oracle = stranger(world, *NO_ANSWERS[manner])
    world.order(token.bind.set_sanctions_oracle(oracle))
    with refused(reverts.RuleUnanswered, oracle):
        transfer(world, token, "bob", 10)
    assert names(explained(token, at(world, "alice"), at(world, "bob"), 10)) == ["RuleUnanswered"] * 2
    assert token.bind.can_transfer_between(at(world, "alice"), at(world, "bob"), 10) is False


def test_a_list_whose_code_is_gone_refuses(world: World, token: Token, oracle: str) -> None:
    world.node.rpc("anvil_setCode", oracle, "0x")
    with refused(reverts.RuleUnanswered, oracle):
        transfer(world, token, "bob", 10)


@pytest.mark.parametrize("word", [2, 2**255, 2**256 - 1])
def test_an_answer_that_is_neither_yes_nor_no_refuses(world: World, token: Token, word: int) -> None:
    oracle = stranger(world, ANSWERS, word.to_bytes(32, "big"))
    world.order(token.bind.set_sanctions_oracle(oracle))
    with refused(reverts.RuleUnanswered, oracle):
        transfer(world, token, "bob", 10)


def test_a_list_is_taken_back(world: World, token: Token, oracle: str) -> None:
    sanction(world, oracle, "alice")
    world.order(token.bind.set_sanctions_oracle(ZERO))
    transfer(world, token, "bob", 10)
    assert token.bind.further_rules() == (0, ZERO, ())
