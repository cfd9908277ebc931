"""償還機能 — extinguish a token on a condition, or when its term is over."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import Basis, Instrument, LegalCategory


@pytest.fixture
def bond(stage: Stage) -> Token:
    """A bond of two classes that matures in a hundred days; A and B hold a hundred units each."""
    bond = stage.new_token(instrument=Instrument.BOND, maturity=stage.now + 100 * DAY, partitions=("class-a",))
    stage.order(bond.batch_issue(DEFAULT, [(stage.alice.address, 100), (stage.bob.address, 100)]))
    stage.issue(bond, stage.alice, 50, "class-a")
    return bond


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_one_class_is_redeemed_and_the_other_stays(stage: Stage, bond: Token) -> None:
    stage.travel(100 * DAY)
    stage.order(bond.redeem_matured("class-a", [stage.alice.address]))
    assert bond.total_supply("class-a") == 0
    assert bond.total_supply(DEFAULT) == 200


def test_units_in_a_transfer_request_are_redeemed_and_the_request_ends_without_a_transfer(stage: Stage) -> None:
    bond = stage.new_token(instrument=Instrument.BOND, maturity=stage.now + DAY, approval_required=True)
    stage.issue(bond, stage.alice, 100)
    request = bond.by(stage.alice).request_transfer(stage.bob.address, 60, stage.now + 9 * DAY).id
    stage.travel(DAY)
    stage.order(bond.redeem_matured(DEFAULT, [stage.alice.address]))
    with pytest.raises(reverts.TokenMatured):
        bond.by(stage.issuer).approve_transfer_request(request)
    bond.by(stage.issuer).reject_transfer_request(request)
    assert bond.total_supply() == 0


def test_redeemed_units_are_those_of_after_a_split(stage: Stage, bond: Token) -> None:
    stage.order(bond.split(3))
    stage.travel(100 * DAY)
    assert bond.by(stage.alice).redeem(300).units == 300
    assert bond.total_supply(DEFAULT) == 300


def test_a_redemption_of_nothing_is_refused(stage: Stage, bond: Token) -> None:
    stage.travel(100 * DAY)
    with pytest.raises(reverts.UnitsOutOfRange):
        bond.by(stage.alice).redeem(0)


def test_nobody_redeems_the_units_of_another(stage: Stage, bond: Token) -> None:
    stage.travel(100 * DAY)
    with pytest.raises(reverts.ERC20InsufficientAllowance):
        bond.by(stage.mallory).redeem_from(stage.alice.address, 1)
    with pytest.raises(reverts.OperatorUnauthorized):
        bond.by(stage.mallory).operator_redeem(DEFAULT, stage.alice.address, 1)


def test_an_operator_redeems_for_a_holder_when_the_term_is_over(stage: Stage, bond: Token) -> None:
    bond.by(stage.alice).authorize_operator(stage.carol.address, "class-a")
    stage.travel(100 * DAY)
    bond.by(stage.carol).operator_redeem("class-a", stage.alice.address, 20)
    assert bond.balance_of(stage.alice.address, "class-a") == 30


def test_a_frozen_holder_waits_for_the_order(stage: Stage, bond: Token) -> None:
    bond.by(stage.compliance).freeze(stage.alice.address, 100)
    stage.travel(100 * DAY)
    with pytest.raises(reverts.ERC7943InsufficientUnfrozenBalance):
        bond.by(stage.alice).redeem(1)
    stage.order(bond.redeem_matured(DEFAULT, [stage.alice.address]))
    assert bond.balance_of(stage.alice.address, DEFAULT) == 0
    assert bond.holding_of(stage.alice.address).frozen == 0


def test_a_share_never_falls_due(stage: Stage) -> None:
    share = stage.new_token()
    stage.issue(share, stage.alice, 10)
    stage.travel(3650 * DAY // 2)
    with pytest.raises(reverts.RedemptionNotDue):
        share.by(stage.alice).redeem(1)
    with pytest.raises(reverts.TokenNotMatured):
        stage.order(share.redeem_matured(DEFAULT, [stage.alice.address]))


def test_the_issuer_cancels_what_is_in_its_treasury(stage: Stage) -> None:
    share = stage.new_token()
    stage.issue(share, stage.treasury, 10)
    stage.order(share.controller_redeem(stage.treasury.address, 4, Basis.CORPORATE_ACTION))
    assert share.total_supply() == 6


def test_a_put_is_open_before_the_term_is_over(stage: Stage) -> None:
    fund = stage.new_token(
        instrument=Instrument.FUND_UNIT,
        category=LegalCategory.FUND_PARA2,
        holder_cap=10,
        puttable=True,
        maturity=stage.now + 100 * DAY,
    )
    stage.issue(fund, stage.alice, 10)
    assert fund.by(stage.alice).redeem(10).units == 10
    assert fund.holder_count() == 0
