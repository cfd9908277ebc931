"""The receiver is of a class that may hold the security."""

from __future__ import annotations

import pytest
from world import World, investor_of

from contracts.helpers import at, outcome, refused
from stotoken import reverts
from stotoken.client.token import Token
from stotoken.types import InvestorClass, LegalCategory

KYC, QII, PRO = InvestorClass.KYC, InvestorClass.QII, InvestorClass.PRO


def classify(world: World, name: str, classes: InvestorClass) -> None:
    world.register(at(world, name), classes, investor=investor_of(at(world, name)))


@pytest.fixture
def token(world: World) -> Token:
    """Held by alice; only qualified institutional investors may receive it."""
    classify(world, "alice", QII)
    token = world.new_token(category=LegalCategory.QII_ONLY, receive_classes=QII)
    world.issue(token, "alice", 100)
    return token


def test_a_qualified_investor_sells_to_another(world: World, token: Token) -> None:
    classify(world, "bob", QII | KYC)
    world.send("alice", token.bind.transfer(at(world, "bob"), 40))
    assert token.bind.balance_of(at(world, "bob")) == 40


def test_a_qualified_investor_does_not_sell_to_the_public(world: World, token: Token) -> None:
    with refused(reverts.InvestorClassRefused, at(world, "bob"), KYC, QII):
        world.send("alice", token.bind.transfer(at(world, "bob"), 40))
    with refused(reverts.InvestorClassRefused, at(world, "bob"), KYC, QII):
        world.issue(token, "bob", 1)


def test_a_change_of_class_counts_at_once(world: World, token: Token) -> None:
    transfer = token.bind.transfer(at(world, "bob"), 1)
    assert outcome(world, "alice", transfer) == "InvestorClassRefused"
    classify(world, "bob", QII)
    assert outcome(world, "alice", transfer) == "done"
    classify(world, "bob", PRO)
    assert outcome(world, "alice", transfer) == "InvestorClassRefused"


def test_who_lost_the_class_keeps_and_sells_but_does_not_buy(world: World, token: Token) -> None:
    classify(world, "bob", QII)
    classify(world, "alice", KYC)
    world.send("alice", token.bind.transfer(at(world, "bob"), 40))
    assert token.bind.balance_of(at(world, "alice")) == 60
    assert outcome(world, "bob", token.bind.transfer(at(world, "alice"), 1)) == "InvestorClassRefused"


def test_any_one_of_several_admitted_classes_is_enough(world: World) -> None:
    token = world.new_token(category=LegalCategory.PRO_INVESTOR, receive_classes=QII | PRO)
    for name, classes in (("alice", QII), ("bob", PRO), ("carol", PRO | KYC)):
        classify(world, name, classes)
        world.issue(token, name, 10)
    assert outcome(world, "alice", token.bind.transfer(at(world, "dave"), 1)) == "InvestorClassRefused"


def test_the_issuers_treasury_takes_its_own_security_back_whatever_its_class(world: World, token: Token) -> None:
    world.send("alice", token.bind.transfer(at(world, "treasury"), 40))
    world.issue(token, "treasury", 10)
    assert token.bind.balance_of(at(world, "treasury")) == 50


def test_a_class_outside_the_sixteen_of_a_token_admits_nobody(world: World, token: Token) -> None:
    classify(world, "bob", InvestorClass(1 << 17))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "InvestorClassRefused"


def test_force_goes_to_who_may_hold_or_to_a_custodian(world: World, token: Token) -> None:
    force = token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 40)
    with refused(reverts.InvestorClassRefused, at(world, "bob"), KYC, QII):
        world.order(force)
    classify(world, "bob", InvestorClass.CUSTODY)
    world.order(force)
    assert token.bind.balance_of(at(world, "bob")) == 40
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "InvestorClassRefused"


def test_force_takes_from_whoever_has_no_admitted_class_any_more(world: World, token: Token) -> None:
    classify(world, "bob", QII)
    classify(world, "alice", KYC)
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 100))
    assert token.bind.balance_of(at(world, "bob")) == 100


def test_a_change_of_policy_changes_who_may_receive(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 10)
    transfer = token.bind.transfer(at(world, "bob"), 1)
    assert outcome(world, "alice", transfer) == "done"
    world.order(token.bind.set_policy(QII, 0, False, False))
    assert outcome(world, "alice", transfer) == "InvestorClassRefused"
