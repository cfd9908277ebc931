"""The rules that only some tokens have: set by typed orders, read back, and every refusal explained."""

from __future__ import annotations

from datetime import date

import pytest
from contracts.rules.book import deploy, refusing, stranger
from world import DAY, World, investor_of

from stotoken import reverts
from stotoken.chain.decoder import learn, typed_revert
from stotoken.client.act import Act
from stotoken.client.bindings.structs import Window
from stotoken.client.token import Token
from stotoken.client.token_rules import CountriesView, FurtherRules, LimitsView
from stotoken.errors import InputError, Refused, UnknownRevert
from stotoken.types import Basis, encode_values, jst_end_of_day, jst_start_of_day

FIRST, LAST = date(2090, 4, 1), date(2090, 4, 30)
WHY = reverts.WalletFrozen.selector + encode_values(["address"], ["0x" + "11" * 20])


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"])
    world.issue(token, "alice", 100)
    return token


def at(world: World, name: str) -> str:
    return world.people[name].address


def test_limits_are_told_in_units_of_today(world: World, token: Token) -> None:
    world.order(token.split(2))
    world.order(token.set_limits(1, 10, 2))
    world.order(token.set_limits(maximum=5, partition="class-a"))
    world.order(token.split(3))
    assert token.limits() == LimitsView(3, 30, 6)
    assert token.limits("class-a") == LimitsView(0, 15, 0)
    assert token.limits("default") == LimitsView(0, 0, 0)


def test_countries_windows_and_the_rest_are_read_back(world: World, token: Token) -> None:
    alice, oracle, rule = at(world, "alice"), deploy(world, "SanctionsList"), refusing(world, b"")
    for act in (
        token.set_countries([392, 36], admitted=True),
        token.set_countries([840], admitted=False, partition="class-a"),
        token.set_window(FIRST, LAST),
        token.set_window(shut_from=FIRST, shut_until=LAST, partition="class-a", holder=alice),
        token.set_closed_period(3 * DAY),
        token.set_sanctions_oracle(oracle),
        token.set_rules([rule]),
    ):
        world.order(act)
    first, end = jst_start_of_day(FIRST), jst_end_of_day(LAST)
    assert token.countries() == CountriesView((36, 392), True)
    assert token.countries("class-a") == CountriesView((840,), False)
    assert token.window() == Window(first, end, 0, 0)
    assert token.window("class-a", alice) == Window(0, 0, first, end)
    assert token.further_rules() == FurtherRules(3 * DAY, oracle, (rule,))
    world.order(token.set_sanctions_oracle(None))
    world.order(token.set_rules([]))
    world.order(token.set_closed_period(0))
    assert token.further_rules() == FurtherRules(0, None, ())


def acts(token: Token) -> dict[str, Act]:
    rule = "0x" + "11" * 20
    return {
        "Limit holdings of the token: minimum 1, maximum 10, lots of 2.": token.set_limits(1, 10, 2),
        "Take back the limits of class-a.": token.set_limits(partition="class-a"),
        "Admit only receivers of the token who are of 036 392.": token.set_countries([392, 36], True),
        "Refuse receivers of class-a who are of 840.": token.set_countries([840], False, "class-a"),
        "Let investors of any country receive units of the token.": token.set_countries([], True),
        "Let units of the token be transferred from 2090-04-01T00:00:00+09:00 until 2090-05-01T00:00:00+09:00.":
            token.set_window(FIRST, LAST),
        "Let units of the token be transferred until 2090-05-01T00:00:00+09:00.": token.set_window(closes=LAST),
        "Let units of class-a be transferred but not from 2090-04-01T00:00:00+09:00 until 2090-05-01T00:00:00+09:00.":
            token.set_window(shut_from=FIRST, shut_until=LAST, partition="class-a"),
        "Let units of the token be transferred at any time.": token.set_window(),
        "Close transfers for 1 day before every record date.": token.set_closed_period(DAY),
        "Close transfers for 100 seconds before every record date.": token.set_closed_period(100),
        "End closed periods.": token.set_closed_period(0),
        f"Look both sides up in the list of sanctions {rule}.": token.set_sanctions_oracle(rule),
        "Look up no list of sanctions.": token.set_sanctions_oracle(None),
        f"Ask the rules {rule}.": token.set_rules([rule]),
        "Ask no rule of a third party.": token.set_rules([]),
    }  # fmt: skip


def test_an_order_says_in_both_languages_what_it_does(token: Token) -> None:
    for sentence, act in acts(token).items():
        assert act.en == sentence
        assert act.ja.endswith("。")
        assert act.basis == Basis.POLICY


def test_a_window_of_a_holder_names_the_partition(world: World, token: Token) -> None:
    with pytest.raises(InputError, match="names the partition too"):
        token.set_window(FIRST, holder=at(world, "alice"))


def test_everything_that_refuses_is_told_as_typed_exceptions(world: World, token: Token) -> None:
    alice, bob = at(world, "alice"), at(world, "bob")
    assert token.explain(alice, bob, 1) == ()
    world.order(token.set_lockup(LAST))
    world.order(token.set_limits(maximum=10))
    world.send("compliance", world.system.bind.freeze_wallet(bob))
    found = token.explain(alice, bob, 11)
    assert [type(each) for each in found] == [
        reverts.HoldingLockedUp,
        reverts.WalletFrozen,
        reverts.HoldingAboveMaximum,
    ]
    first = token.can_transfer(alice, bob, 11)
    assert first is not None
    assert (type(first), first.args) == (type(found[0]), found[0].args)
    assert all(isinstance(each, Refused) and each.clause == "6.1.1.7" for each in found)


def test_a_partition_is_explained_by_itself(world: World, token: Token) -> None:
    world.order(token.set_countries([840], admitted=True, partition="class-a"))
    found = token.explain(at(world, "alice"), at(world, "bob"), 0, "class-a")
    assert [each.args for each in found] == [(at(world, "bob"), 392)]
    assert token.explain(at(world, "alice"), at(world, "bob"), 0) == ()


def test_what_a_third_partys_rule_says_is_read_when_it_is_known(world: World, token: Token) -> None:
    rules = [refusing(world, WHY), refusing(world, b"strange"), stranger(world, 1)]
    world.order(token.set_rules(rules))
    known, unknown, silent = token.explain(at(world, "alice"), at(world, "bob"), 1)
    assert isinstance(known.inner, reverts.WalletFrozen)
    assert known.message("en") == f"Rule {rules[0]} refuses: 0x{'11' * 20} is frozen."
    assert known.message("ja") == f"ルール {rules[0]} により拒否されました: 0x{'11' * 20} は凍結されています"
    assert known.to_dict()["inner"] == known.inner.to_dict()
    assert unknown.inner is None
    assert unknown.message("en").endswith(f"refuses: 0x{b'strange'.hex()}.")
    assert "inner" not in unknown.to_dict()
    assert isinstance(silent, reverts.RuleUnanswered)


def test_a_rule_that_refuses_in_plain_words_is_read() -> None:
    plain = bytes.fromhex("08c379a0") + encode_values(["string"], ["not on Sundays"])
    found = typed_revert(reverts.RuleRefused.selector + encode_values(["address", "bytes"], ["0x" + "22" * 20, plain]))
    assert isinstance(found.inner, UnknownRevert)
    assert "not on Sundays" in found.message("en")


def test_an_error_of_somebody_elses_can_be_learnt() -> None:
    class Asleep(Refused):
        signature, selector = "Asleep(uint40)", b"\x01\x02\x03\x04"
        inputs, fields, template_en, template_ja = ("uint40",), ("until",), "Asleep.", "停止中。"

    data = Asleep.selector + bytes(32)
    assert isinstance(typed_revert(data), UnknownRevert)
    learn(Asleep)
    assert typed_revert(data).message("ja") == "停止中。"


def test_the_sender_alone_is_asked_as_operator_unless_one_is_named(world: World, token: Token) -> None:
    world.order(token.set_rules([deploy(world, "FactsRule")]))
    for operator, wanted in ((None, at(world, "alice")), (at(world, "dave"), at(world, "dave"))):
        (refusal,) = token.explain(at(world, "alice"), at(world, "bob"), 1, operator=operator)
        assert wanted[2:].lower() in refusal.args[1].hex()


def test_an_investor_of_another_country_is_refused_by_name(world: World, token: Token) -> None:
    bob = at(world, "bob")
    world.register(bob, country=840, investor=investor_of(bob))
    world.order(token.set_countries([392], admitted=True))
    assert str(token.can_transfer(at(world, "alice"), bob, 1)) == (
        f"{bob} is of country 840, whose investors may not receive this security."
    )
