"""A third party's rule is asked, believed when it refuses, and taken for a refusal when it does not answer."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, LOSS, at, lose, outcome, refused, second_wallet, split
from contracts.rules.book import (
    ANSWERS,
    NO_ANSWERS,
    deploy,
    explained,
    names,
    redeemed_at_will,
    refusing,
    stranger,
    transfer,
)
from stotoken import reverts
from stotoken.client.token import Token
from stotoken.types import ZERO_ADDRESS, MoveKind, decode_values, encode_values

WHY = bytes.fromhex("11223344") + bytes(32)
#: Longer than a rule may answer: two words go before it.
TOO_LONG = encode_values(["bytes"], [b"x" * 961])
LONGEST = encode_values(["bytes"], [b"x" * 960])


@pytest.fixture
def token(world: World) -> Token:
    return redeemed_at_will(world)


def rules(world: World, token: Token, *addresses: str) -> None:
    world.order(token.bind.set_rules(addresses))


def asked(world: World, token: Token, who: str, call: object) -> tuple[object, ...]:
    """What the rule was asked: kind, approved, operator, units, the sender's and the receiver's holding."""
    with pytest.raises(reverts.RuleRefused) as caught:
        world.people[who].simulate(call)  # type: ignore[arg-type]
    return decode_values(["uint8", "bool", "address", "uint256", "uint256", "uint256"], caught.value.refusal)


def test_a_rule_that_says_nothing_lets_pass(world: World, token: Token) -> None:
    rules(world, token, refusing(world, b""), refusing(world, b""))
    transfer(world, token, "bob", 10)


@pytest.mark.parametrize("why", [WHY, b"\x01", b"x" * 960], ids=["an error", "a byte", "as long as may be"])
def test_a_refusal_is_passed_on_with_who_refused_and_why(world: World, token: Token, why: bytes) -> None:
    rule = refusing(world, why)
    rules(world, token, refusing(world, b""), rule)
    with refused(reverts.RuleRefused, rule, why):
        transfer(world, token, "bob", 10)


@pytest.mark.parametrize("manner", NO_ANSWERS)
def test_a_rule_that_does_not_answer_refuses(world: World, token: Token, manner: str) -> None:
    rule = stranger(world, *NO_ANSWERS[manner])
    rules(world, token, rule)
    with refused(reverts.RuleUnanswered, rule):
        transfer(world, token, "bob", 10)


BAD = {
    "begins elsewhere": encode_values(["uint256", "uint256", "bytes"], [64, 0, b""])[:96],
    "is longer than it is": encode_values(["uint256", "uint256"], [32, 1]),
    "is longer than anything": encode_values(["uint256", "uint256"], [32, 2**256 - 1]),
    "is one byte longer than may be": TOO_LONG,
}


@pytest.mark.parametrize("answer", BAD)
def test_an_answer_that_is_no_bytes_refuses(world: World, token: Token, answer: str) -> None:
    rule = stranger(world, ANSWERS, BAD[answer])
    rules(world, token, rule)
    with refused(reverts.RuleUnanswered, rule):
        transfer(world, token, "bob", 10)


def test_the_longest_answer_is_1024_bytes() -> None:
    assert (len(LONGEST), len(TOO_LONG)) == (1_024, 1_056)


def test_a_rule_whose_code_is_gone_refuses(world: World, token: Token) -> None:
    rule = refusing(world, b"")
    rules(world, token, rule)
    world.node.rpc("anvil_setCode", rule, "0x")
    with refused(reverts.RuleUnanswered, rule):
        transfer(world, token, "bob", 10)


@pytest.mark.parametrize("manner", ["burns its gas", "floods"])
def test_eight_rules_at_their_worst_are_all_named(world: World, token: Token, manner: str) -> None:
    worst = [stranger(world, *NO_ANSWERS[manner]) for _ in range(8)]
    rules(world, token, *worst)
    alice, bob = at(world, "alice"), at(world, "bob")
    assert [each.args for each in explained(token, alice, bob, 10)] == [(rule,) for rule in worst]
    assert token.bind.can_transfer_between(alice, bob, 10) is False


def test_a_rule_is_told_the_move_and_what_is_known_of_it(world: World, token: Token) -> None:
    world.issue(token, "bob", 7)
    split(world, token, 3)
    world.send("alice", token.bind.authorize_operator(at(world, "dave")))
    rules(world, token, deploy(world, "FactsRule"))
    alice, bob, dave = at(world, "alice"), at(world, "bob"), at(world, "dave")
    plain = asked(world, token, "alice", token.bind.transfer(bob, 5))
    assert plain == (MoveKind.TRANSFER, False, alice, 5, 300, 21)
    operated = asked(world, token, "dave", token.bind.operator_transfer_by_partition(CLASS_A, alice, bob, 6, b"", b""))
    assert operated == (MoveKind.TRANSFER, False, dave, 6, 300, 0)
    requested = asked(world, token, "alice", token.bind.request_transfer(DEFAULT, bob, 5, world.now + DAY))
    assert requested == (MoveKind.TRANSFER, True, alice, 5, 300, 21)
    redeemed = asked(world, token, "alice", token.bind.redeem(5, b""))
    assert redeemed == (MoveKind.REDEEM, False, alice, 5, 300, 321)


def test_a_rule_is_asked_about_issue_and_distribution(world: World, token: Token) -> None:
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    rule = deploy(world, "FactsRule")
    rules(world, token, rule)
    with pytest.raises(reverts.RuleRefused):
        world.issue(token, "bob", 5)
    agent, bob = at(world, "agent"), at(world, "bob")
    told = asked(world, token, "agent", token.bind.distribute(DEFAULT, [bob], [4], bytes(32)))
    assert told == (MoveKind.DISTRIBUTE, False, agent, 4, 10, 0)


def test_a_rule_is_not_asked_about_force_reissue_and_reversal(world: World, token: Token) -> None:
    rules(world, token, refusing(world, WHY))
    alice, bob = at(world, "alice"), at(world, "bob")
    world.order(token.bind.forced_transfer(alice, bob, 10))
    origin = b"o" * 32
    world.order(token.bind.reverse(origin, DEFAULT, bob, alice, 10, 0, 10))
    lose(world, token, "alice")
    world.order(token.bind.reissue(LOSS, second_wallet(world, "alice")))


def test_a_batch_is_judged_row_by_row(world: World, token: Token) -> None:
    rules(world, token, deploy(world, "FactsRule"))
    bob = at(world, "bob")
    told = asked(world, token, "alice", token.bind.batch_transfer(DEFAULT, [bob, bob], [1, 2]))
    assert told[3:] == (1, 100, 0)
    rules(world, token, refusing(world, b""))
    world.send("alice", token.bind.batch_transfer(DEFAULT, [bob] * 3, [1, 2, 3]))
    assert token.bind.balance_of(bob) == 6


def test_rules_are_asked_last_and_taken_back_by_an_order(world: World, token: Token) -> None:
    rule = refusing(world, WHY)
    rules(world, token, rule)
    world.order(token.bind.set_limits(bytes(32), 0, 5, 0))
    found = explained(token, at(world, "alice"), at(world, "bob"), 10)
    assert names(found) == ["HoldingAboveMaximum", "RuleRefused"]
    assert token.bind.further_rules() == (0, ZERO_ADDRESS, (rule,))
    rules(world, token)
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 5)) == "done"
