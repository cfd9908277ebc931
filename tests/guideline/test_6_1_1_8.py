"""強制移転機能 — move a token to a third party without the investor's consent, on a legal ground."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage
from stotoken.types import ZERO_ADDRESS, Basis


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units."""
    token = stage.new_token()
    stage.issue(token, stage.alice, 100)
    return token


def seizure(stage: Stage, token: Token, units: int, basis: Basis = Basis.ATTACHMENT) -> Act:
    return token.force_by_partition(DEFAULT, stage.alice.address, stage.bob.address, units, basis)


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.INITIAL], ids=lambda b: b.name)
def test_an_order_tells_its_ground(stage: Stage, token: Token, basis: Basis) -> None:
    done = stage.order(seizure(stage, token, 1, basis))
    assert stage.orders.show(done.id).basis is basis


def test_the_functions_of_both_standards_move_units_on_an_order(stage: Stage, token: Token) -> None:
    a, b = stage.alice.address, stage.bob.address
    stage.order(token.controller_transfer(a, b, 10, Basis.JUDGMENT, b"case 1", b"note"))
    stage.order(token.forced_transfer(a, b, 10, Basis.JUDGMENT))
    assert token.balance_of(b) == 20


def test_a_partly_executed_attachment_needs_another_order(stage: Stage, token: Token) -> None:
    done = stage.order(seizure(stage, token, 30))
    with pytest.raises(reverts.OrderStatusWrong):
        stage.orders.by(stage.registrar).execute(done.id)
    stage.order(seizure(stage, token, 70))
    assert token.balance_of(stage.alice.address) == 0


def test_an_order_fails_when_the_units_are_gone_and_succeeds_when_they_are_back(stage: Stage, token: Token) -> None:
    number = stage.approved(seizure(stage, token, 100))
    token.by(stage.alice).transfer(stage.carol.address, 1)
    with pytest.raises(reverts.ERC20InsufficientBalance):
        stage.orders.by(stage.registrar).execute(number)
    token.by(stage.carol).transfer(stage.alice.address, 1)
    stage.orders.by(stage.registrar).execute(number)
    assert token.balance_of(stage.bob.address) == 100


@pytest.mark.parametrize("who", ["mallory", "bob", "deployer", "issuer", "emergency", "auditor"])
def test_nobody_outside_its_roles_carries_an_approved_order_out(stage: Stage, token: Token, who: str) -> None:
    number = stage.approved(seizure(stage, token, 5))
    with pytest.raises(reverts.OrderUnauthorized):
        stage.orders.by(stage.person(who)).execute(number)


def test_an_order_is_carried_out_in_its_last_second(stage: Stage, token: Token) -> None:
    act, end = seizure(stage, token, 5), stage.now + DAY
    order = stage.orders.by(stage.registrar).propose(act, DOCUMENT, end)
    stage.orders.by(stage.compliance).approve(order.id, order.hash)
    stage.at(end - 1)
    stage.orders.by(stage.registrar).execute(order.id)
    assert token.balance_of(stage.bob.address) == 5


def test_an_order_lives_no_longer_than_180_days(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.OrderIncomplete):
        stage.orders.by(stage.registrar).propose(seizure(stage, token, 5), DOCUMENT, stage.now + 181 * DAY)


def test_nothing_is_forced_to_nobody(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.ERC20InvalidReceiver):
        stage.order(token.force_by_partition(DEFAULT, stage.alice.address, ZERO_ADDRESS, 1, Basis.JUDGMENT))


def test_a_forced_transfer_to_the_same_wallet_is_refused(stage: Stage, token: Token) -> None:
    a = stage.alice.address
    with pytest.raises(reverts.ERC20InvalidReceiver):
        stage.order(token.force_by_partition(DEFAULT, a, a, 100, Basis.JUDGMENT))
    assert token.balance_of(a) == token.total_supply() == 100


def test_the_treasury_can_be_attached_too(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.treasury, 10)
    stage.order(token.force_by_partition(DEFAULT, stage.treasury.address, stage.bob.address, 10, Basis.TAX))
    assert token.balance_of(stage.bob.address) == 10


def test_requested_units_are_forced_and_the_request_comes_to_nothing(stage: Stage, token: Token) -> None:
    request = token.by(stage.alice).request_transfer(stage.carol.address, 60, stage.now + DAY).id
    stage.order(seizure(stage, token, 100))
    with pytest.raises(reverts.ERC20InsufficientBalance):
        token.by(stage.issuer).approve_transfer_request(request)
    token.by(stage.alice).cancel_transfer_request(request)
    assert token.balance_of(stage.bob.address) == 100


def test_a_debtor_who_is_frozen_and_whose_checks_expired_does_not_stop_an_order(stage: Stage, token: Token) -> None:
    stage.system.by(stage.compliance).freeze_wallet(stage.alice.address)
    stage.register(stage.alice, until=stage.now)
    stage.order(seizure(stage, token, 100))
    assert token.balance_of(stage.bob.address) == 100


def test_a_creditor_must_be_one_who_may_hold(stage: Stage, token: Token) -> None:
    stage.register(stage.bob, until=stage.now)
    with pytest.raises(reverts.InvestorExpired):
        stage.order(seizure(stage, token, 1))


def test_control_cannot_be_renounced(stage: Stage, token: Token) -> None:
    assert token.bind.is_controllable()
