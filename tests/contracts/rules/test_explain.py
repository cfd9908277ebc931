"""`explain` names every rule that refuses, in the order in which they are asked, and nothing when none does."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import World, fresh, investor_of

from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, lose, outcome
from contracts.rules.book import BURNS, TOKEN, deploy, explained, names, refusing, stranger
from stotoken.artifacts import load
from stotoken.chain.abi import Abi
from stotoken.client.bindings.structs import Window
from stotoken.client.token import Token
from stotoken.errors import Refused, Reverted, UnknownRevert
from stotoken.types import HaltLevel, Instrument, InvestorClass

HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
FAR = 100 * DAY
MAX = 2**256 - 1

#: What may stand in the way of alice's units on their way to carol, and the error that says so; in the order of asking.
IN_THE_WAY = {
    "halted": "SystemHalted",
    "paused": "TokenPaused",
    "matured": "TokenMatured",
    "sender expired": "InvestorExpired",
    "sender frozen": "WalletFrozen",
    "locked up": "HoldingLockedUp",
    "approval": "TransferApprovalRequired",
    "receiver unregistered": "WalletUnregistered",
    "receiver lost": "HoldingLost",
    "receiver expired": "InvestorExpired",
    "receiver frozen": "WalletFrozen",
    "class": "InvestorClassRefused",
    "balance": "ERC20InsufficientBalance",
    "sender lost": "HoldingLost",
    "frozen units": "ERC7943InsufficientUnfrozenBalance",
    "cap": "HolderCapReached",
    "whole": "WholeHoldingOnly",
    "receiver sanctioned": "WalletSanctioned",
    "sender sanctioned": "WalletSanctioned",
    "country": "CountryRefused",
    "country of the partition": "CountryRefused",
    "maximum": "HoldingAboveMaximum",
    "lot of the partition": "UnitsNotInLots",
    "window": "TransferWindowClosed",
    "window of the partition": "ClosedPeriodRunning",
    "window of the holder": "TransferWindowClosed",
    "closed period": "ClosedPeriodRunning",
    "rule": "RuleRefused",
    "rule that burns": "RuleUnanswered",
}


def possible(drawn: set[str]) -> set[str]:
    """Without what cannot be at the same time, and with what follows from the rest."""
    if "receiver unregistered" in drawn:
        return (drawn - {"receiver lost", "receiver expired", "receiver frozen"}) | {"class"}
    return drawn - {"cap"} if "receiver lost" in drawn else drawn


def expected(obstacles: set[str]) -> list[str]:
    # Who asks for more than there is asks for the whole.
    silent = {"whole"} if "balance" in obstacles else set()
    return [error for name, error in IN_THE_WAY.items() if name in obstacles - silent]


def bring_about(world: World, obstacles: set[str]) -> Token:
    token = world.new_token(
        instrument=Instrument.BOND,
        maturity=world.now + 10 * DAY,
        holder_cap=1 if "cap" in obstacles else 0,
        approval_required="approval" in obstacles,
        whole_only="whole" in obstacles,
        partitions=["class-a"],
    )
    world.issue(token, "alice", 100)
    if "receiver lost" in obstacles:
        world.issue(token, "carol", 1)
    restrict_people(world, token, obstacles)
    set_rules(world, token, obstacles)
    set_windows(world, token, obstacles)
    if "matured" in obstacles:
        world.travel(10 * DAY)
    if "paused" in obstacles:
        world.send("issuer", token.bind.pause())
    if "halted" in obstacles:
        world.send("emergency", world.system.bind.halt(HaltLevel.RESTRICTED, DEFAULT))
    return token


def restrict_people(world: World, token: Token, obstacles: set[str]) -> None:
    for side, name in (("sender", "alice"), ("receiver", "carol")):
        wallet = at(world, name)
        classes = InvestorClass.SPECIAL if side == "receiver" and "class" in obstacles else InvestorClass.KYC
        until = world.now + DAY if f"{side} expired" in obstacles else world.now + 3650 * DAY
        world.register(wallet, classes, until, investor=investor_of(wallet))
        if f"{side} frozen" in obstacles:
            world.send("compliance", world.system.bind.freeze_wallet(wallet))
        if f"{side} lost" in obstacles:
            lose(world, token, name, name.encode().ljust(32))
    if "frozen units" in obstacles:
        world.send("compliance", token.bind.set_frozen_tokens(at(world, "alice"), 95))
    if obstacles & {"sender expired", "receiver expired"}:
        world.travel(DAY)


def set_rules(world: World, token: Token, obstacles: set[str]) -> None:
    bind = token.bind
    if "locked up" in obstacles:
        world.order(bind.set_lockup(DEFAULT, ZERO, world.now + FAR))
    if obstacles & {"sender sanctioned", "receiver sanctioned"}:
        oracle = deploy(world, "SanctionsList")
        world.order(bind.set_sanctions_oracle(oracle))
        for side, wallet in (("sender", at(world, "alice")), ("receiver", receiver(world, obstacles))):
            if f"{side} sanctioned" in obstacles:
                world.send("mallory", Abi(load("SanctionsList").abi).function("set").call(oracle, wallet, True))
    if "country" in obstacles:
        world.order(bind.set_countries(TOKEN, [840], True))
    if "country of the partition" in obstacles:
        world.order(bind.set_countries(DEFAULT, [840], True))
    if "maximum" in obstacles:
        world.order(bind.set_limits(TOKEN, 0, 5, 0))
    if "lot of the partition" in obstacles:
        world.order(bind.set_limits(DEFAULT, 0, 0, 7))
    rules = [refusing(world, b"")] * ("rule" in obstacles) + [refusing(world, b"why")] * ("rule" in obstacles)
    rules += [stranger(world, BURNS)] * ("rule that burns" in obstacles)
    if rules:
        world.order(bind.set_rules(rules))


def set_windows(world: World, token: Token, obstacles: set[str]) -> None:
    bind, far = token.bind, world.now + FAR
    if "window" in obstacles:
        world.order(bind.set_window(TOKEN, ZERO, Window(far, 0, 0, 0)))
    if "window of the partition" in obstacles:
        world.order(bind.set_window(DEFAULT, ZERO, Window(0, 0, 0, far)))
    if "window of the holder" in obstacles:
        world.order(bind.set_window(DEFAULT, at(world, "alice"), Window(far, 0, 0, 0)))
    if "closed period" in obstacles:
        world.order(bind.set_closed_period(2**32 - 1))
        world.order(bind.schedule_record_date(world.now + FAR))


def receiver(world: World, obstacles: set[str]) -> str:
    return at(world, "mallory" if "receiver unregistered" in obstacles else "carol")


def compare(world: World, drawn: set[str]) -> None:
    obstacles = possible(drawn)
    token, units = bring_about(world, obstacles), 1_000 if "balance" in obstacles else 10
    alice, to = at(world, "alice"), receiver(world, obstacles)
    wanted = expected(obstacles)
    found = explained(token, alice, to, units)
    assert names(found) == wanted
    assert outcome(world, "alice", token.bind.transfer(to, units)) == [*wanted, "done"][0]
    status, _ = token.bind.can_transfer(to, units, b"", sender=alice)
    assert (status == b"\x51") == (wanted == [])
    but_for_the_balance = [error for error in wanted if error != "ERC20InsufficientBalance"]
    assert token.bind.can_transfer_between(alice, to, units) == (but_for_the_balance == [])


SOME = st.sets(st.sampled_from(sorted(IN_THE_WAY)), max_size=8)


@given(drawn=SOME)
@settings(max_examples=25, deadline=None, suppress_health_check=HEALTH, phases=[Phase.explicit, Phase.generate])
def test_everything_in_the_way_is_named_and_nothing_else(deployed_world: World, drawn: set[str]) -> None:
    for world in fresh(deployed_world):
        compare(world, drawn)


@pytest.mark.slow
@given(drawn=st.sets(st.sampled_from(sorted(IN_THE_WAY))))
@settings(max_examples=300, deadline=None, suppress_health_check=HEALTH)
def test_everything_in_the_way_is_named_over_many_more_states(deployed_world: World, drawn: set[str]) -> None:
    for world in fresh(deployed_world):
        compare(world, drawn)


@pytest.mark.parametrize("name", IN_THE_WAY)
def test_one_thing_in_the_way_is_named_alone(world: World, name: str) -> None:
    compare(world, {name})


def test_all_there_is_in_the_way_is_named_at_once(world: World) -> None:
    compare(world, set(IN_THE_WAY) - {"receiver unregistered", "cap"})


def test_nothing_in_the_way_is_nothing_named(world: World) -> None:
    compare(world, set())


# --- whatever is asked ------------------------------------------------------------------------------------------------


@pytest.fixture
def token(world: World) -> Token:
    """One with every rule of the book, none of which refuses."""
    token = world.new_token(holder_cap=9, partitions=["class-a"])
    world.issue(token, "alice", 100)
    bind = token.bind
    for scope in (TOKEN, DEFAULT):
        world.order(bind.set_limits(scope, 1, 1_000, 1))
        world.order(bind.set_countries(scope, [392], True))
        world.order(bind.set_window(scope, ZERO, Window(1, 2**40 - 1, 1, 2)))
    world.order(bind.set_closed_period(1))
    world.order(bind.set_sanctions_oracle(deploy(world, "SanctionsList")))
    world.order(bind.set_rules([refusing(world, b"")]))
    return token


PEOPLE = ("alice", "bob", "treasury", "mallory", "zero")


@pytest.mark.parametrize("by", PEOPLE)
def test_it_answers_whatever_is_asked_and_begins_with_the_refusal(world: World, token: Token, by: str) -> None:
    wallets = {name: ZERO if name == "zero" else at(world, name) for name in PEOPLE} | {"token": token.address}
    for to, units, partition in product(
        wallets.values(), (0, 1, 101, 2**96, MAX), (DEFAULT, CLASS_A, b"x" * 32, TOKEN)
    ):
        found = explained(token, wallets[by], to, units, partition)
        status, *_ = token.bind.can_transfer_by_partition(wallets[by], to, partition, units, b"")
        assert (status == b"\x51") == (found == [])
        assert all(isinstance(each, Reverted) and not isinstance(each, UnknownRevert) for each in found)
        if by != "zero":
            call = token.bind.transfer_by_partition(partition, to, units, b"")
            assert outcome(world, by, call) == [*names(found), "done"][0]


def test_a_transfer_from_or_to_nobody_is_explained_by_that(world: World, token: Token) -> None:
    alice = at(world, "alice")
    assert names(explained(token, ZERO, alice, 1)) == ["ERC20InvalidSender"]
    assert names(explained(token, alice, ZERO, 1)) == ["ERC20InvalidReceiver"]


def test_two_wallets_that_nobody_knows_are_both_named(world: World, token: Token) -> None:
    found = explained(token, at(world, "mallory"), at(world, "deployer"), 1)
    assert [each.args[0] for each in found[:2]] == [at(world, "mallory"), at(world, "deployer")]
    assert names(found) == [
        "WalletUnregistered",
        "WalletUnregistered",
        "InvestorClassRefused",
        "ERC20InsufficientBalance",
        "CountryRefused",
        "CountryRefused",
    ]


def test_every_reason_speaks_both_languages_and_names_its_clause(world: World) -> None:
    token = bring_about(world, set(IN_THE_WAY) - {"receiver unregistered", "cap", "balance"})
    for each in explained(token, at(world, "alice"), at(world, "carol"), 10):
        assert isinstance(each, Refused)
        assert each.clause.startswith("6.")
        assert each.message("ja") != each.message("en")
