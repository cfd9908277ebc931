"""The rules of a token are set by an order, in a sound shape, and announced."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, UNITS_LIMIT, ZERO, at, events, outcome, refused, split
from contracts.rules.book import TOKEN, refusing, stranger
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.act import act_hash
from stotoken.client.bindings.structs import Limits, Window
from stotoken.client.policy import PolicyView
from stotoken.client.token import Token
from stotoken.types import Basis, InvestorClass, MoveKind, keccak

UNKNOWN = b"x" * 32


@pytest.fixture
def token(world: World) -> Token:
    return world.new_token(partitions=["class-a"])


def fault(name: str) -> bytes:
    return name.encode().ljust(32, b"\0")


def setters(world: World, token: Token) -> dict[str, Call]:
    """One sound call of each."""
    bind = token.bind
    return {
        "limits": bind.set_limits(TOKEN, 1, 10, 1),
        "countries": bind.set_countries(TOKEN, [392], True),
        "window": bind.set_window(TOKEN, ZERO, Window(0, world.now + DAY, 0, 0)),
        "closed period": bind.set_closed_period(DAY),
        "sanctions": bind.set_sanctions_oracle(stranger(world, 0)),
        "rules": bind.set_rules([refusing(world, b"")]),
        "policy": bind.set_policy(InvestorClass.KYC, 0, False, True),
    }


SETTERS = ("limits", "countries", "window", "closed period", "sanctions", "rules", "policy")


@pytest.mark.parametrize("name", SETTERS)
def test_a_rule_is_set_by_an_order_and_by_nobody_alone(world: World, token: Token, name: str) -> None:
    call = setters(world, token)[name]
    for who in ("issuer", "agent", "registrar", "compliance", "sys_admin", "treasury", "alice", "mallory"):
        assert outcome(world, who, call) == "OrderRequired"
    world.order(call)


@pytest.mark.parametrize("name", SETTERS)
def test_a_rule_is_approved_by_compliance(world: World, token: Token, name: str) -> None:
    row = world.row(setters(world, token)[name])
    assert {role.name for role in row.approvers} == {"COMPLIANCE"}
    assert "COMPLIANCE" not in {role.name for role in row.proposers}
    assert not row.executors


@pytest.mark.parametrize("name", SETTERS)
def test_a_rule_is_set_for_one_token_only(world: World, token: Token, name: str) -> None:
    other = world.new_token(partitions=["class-a"])
    before = other.bind.policy()
    world.order(setters(world, token)[name])
    assert other.bind.policy() == before
    assert other.bind.limits_of(TOKEN) == Limits(0, 0, 0, 0)
    assert other.bind.further_rules() == (0, ZERO, ())


def unsound(world: World, token: Token) -> dict[str, tuple[Call, str]]:
    bind, nobody = token.bind, at(world, "mallory")
    good = refusing(world, b"")
    return {
        "least above most": (bind.set_limits(TOKEN, 11, 10, 0), "MAXIMUM"),
        "lot above most": (bind.set_limits(TOKEN, 0, 10, 11), "MAXIMUM"),
        "least beyond units": (bind.set_limits(TOKEN, UNITS_LIMIT + 1, 0, 0), "UNITS"),
        "most beyond units": (bind.set_limits(TOKEN, 0, UNITS_LIMIT + 1, 0), "UNITS"),
        "lot beyond units": (bind.set_limits(TOKEN, 0, 0, UNITS_LIMIT + 1), "UNITS"),
        "country 0": (bind.set_countries(TOKEN, [392, 0], True), "COUNTRY"),
        "country 1000": (bind.set_countries(TOKEN, [392, 1_000], False), "COUNTRY"),
        "closes when it opens": (bind.set_window(TOKEN, ZERO, Window(5, 5, 0, 0)), "CLOSES"),
        "closes before it opens": (bind.set_window(TOKEN, ZERO, Window(5, 4, 0, 0)), "CLOSES"),
        "shut for no time": (bind.set_window(TOKEN, ZERO, Window(0, 0, 5, 5)), "SHUT"),
        "shut backwards": (bind.set_window(TOKEN, ZERO, Window(0, 0, 5, 4)), "SHUT"),
        "holder of no partition": (bind.set_window(TOKEN, at(world, "alice"), Window(1, 0, 0, 0)), "HOLDER"),
        "oracle without code": (bind.set_sanctions_oracle(nobody), "ORACLE"),
        "rule without code": (bind.set_rules([good, nobody]), "RULES"),
        "rule zero": (bind.set_rules([ZERO]), "RULES"),
        "nine rules": (bind.set_rules([good] * 9), "RULES"),
    }


UNSOUND = (
    "least above most",
    "lot above most",
    "least beyond units",
    "most beyond units",
    "lot beyond units",
    "country 0",
    "country 1000",
    "closes when it opens",
    "closes before it opens",
    "shut for no time",
    "shut backwards",
    "holder of no partition",
    "oracle without code",
    "rule without code",
    "rule zero",
    "nine rules",
)


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_rule_is_refused_and_says_why(world: World, token: Token, name: str) -> None:
    call, why = unsound(world, token)[name]
    with refused(reverts.RuleUnsound, fault(why)):
        world.order(call)
    assert not PolicyView.of(token.bind.policy()).rule_book


def test_a_rule_of_a_partition_needs_one_that_exists(world: World, token: Token) -> None:
    for call in (
        token.bind.set_limits(UNKNOWN, 1, 0, 0),
        token.bind.set_countries(UNKNOWN, [392], True),
        token.bind.set_window(UNKNOWN, ZERO, Window(1, 0, 0, 0)),
        token.bind.set_window(UNKNOWN, at(world, "alice"), Window(1, 0, 0, 0)),
    ):
        with refused(reverts.PartitionUnknown, UNKNOWN):
            world.order(call)


def test_every_rule_is_announced_as_it_was_set(world: World, token: Token) -> None:
    bind, alice = token.bind, at(world, "alice")
    oracle, rule = stranger(world, 0), refusing(world, b"")
    window = Window(5, 9, 6, 7)
    for call, name, values in (
        (
            bind.set_limits(CLASS_A, 1, 10, 2),
            "LimitsChanged",
            {"partition": CLASS_A, "minimum": 1, "maximum": 10, "lotSize": 2},
        ),
        (
            bind.set_countries(DEFAULT, [392, 4], True),
            "CountriesChanged",
            {"partition": DEFAULT, "countries": (392, 4), "admitted": True},
        ),
        (
            bind.set_window(DEFAULT, alice, window),
            "WindowChanged",
            {"partition": DEFAULT, "holder": alice, "window": window.values()},
        ),
        (bind.set_closed_period(DAY), "ClosedPeriodChanged", {"closedBefore": DAY}),
        (bind.set_sanctions_oracle(oracle), "SanctionsOracleChanged", {"oracle": oracle}),
        (bind.set_rules([rule]), "RulesChanged", {"rules": (rule,)}),
    ):
        assert events(world, world.order(call), name) == [values]


def test_every_rule_is_read_back_as_it_was_set(world: World, token: Token) -> None:
    bind, alice = token.bind, at(world, "alice")
    split(world, token, 2)
    oracle, rules = stranger(world, 0), (refusing(world, b""), refusing(world, b"x"))
    for call in (
        bind.set_limits(CLASS_A, 1, 10, 2),
        bind.set_countries(CLASS_A, [392, 4], False),
        bind.set_window(CLASS_A, alice, Window(5, 9, 6, 7)),
        bind.set_closed_period(DAY),
        bind.set_sanctions_oracle(oracle),
        bind.set_rules(rules),
    ):
        world.order(call)
    assert bind.limits_of(CLASS_A) == Limits(1, 10, 1, 2)
    assert bind.countries_of(CLASS_A) == ((4, 392), False)
    assert bind.window_of(CLASS_A, alice) == Window(5, 9, 6, 7)
    assert bind.further_rules() == (DAY, oracle, rules)
    assert (bind.limits_of(TOKEN), bind.countries_of(TOKEN)[0]) == (Limits(0, 0, 0, 0), ())


def test_the_limits_of_an_order_are_never_in_units_of_before_a_split(world: World, token: Token) -> None:
    """An order that was proposed before a split and is carried out after it would mean other units."""
    call = token.bind.set_limits(TOKEN, 0, 10, 0)
    orders = world.orders.bind
    deadline = world.now + 10 * DAY
    world.send("issuer", orders.propose(token.address, call.data, Basis.POLICY, keccak(b"why"), deadline))
    id = orders.count()
    world.send("compliance", orders.approve(id, act_hash(token.address, call.data)))
    world.travel(1)
    split(world, token, 3)
    assert outcome(world, "issuer", orders.execute(id, token.address, call.data)) == "OrderStale"
    world.order(call)


def test_the_book_is_asked_from_the_first_rule_on_about_every_kind_but_what_puts_right(
    world: World, token: Token
) -> None:
    assert not PolicyView.of(token.bind.policy()).rule_book
    world.order(token.bind.set_closed_period(DAY))
    policy = token.bind.policy()
    assert PolicyView.of(policy).rule_book
    asked = {kind for kind in MoveKind if policy >> 248 >> kind & 1}
    assert asked == set(MoveKind) - {MoveKind.REISSUE, MoveKind.REVERSE}


def test_a_rule_is_set_while_the_token_is_paused_and_holds_afterwards(world: World, token: Token) -> None:
    world.issue(token, "alice", 100)
    world.send("issuer", token.bind.pause())
    world.order(token.bind.set_limits(TOKEN, 0, 10, 0))
    world.travel(1)
    world.order(token.bind.unpause())
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 11)) == "HoldingAboveMaximum"
