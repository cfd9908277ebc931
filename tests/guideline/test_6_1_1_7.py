"""移転の制限機能 — restrict the transfer of some or all units, by person and by time."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import InvestorClass, LegalCategory

KYC, QII = InvestorClass.KYC, InvestorClass.QII


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units."""
    token = stage.new_token(partitions=("class-a",))
    stage.issue(token, stage.alice, 100)
    return token


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_receiver_of_several_classes_needs_one_that_is_admitted(stage: Stage) -> None:
    token = stage.new_token(category=LegalCategory.PRO_INVESTOR, receive_classes=QII | InvestorClass.PRO, holder_cap=0)
    stage.register(stage.alice, classes=KYC | InvestorClass.PRO)
    stage.issue(token, stage.alice, 1)
    with pytest.raises(reverts.InvestorClassRefused):
        stage.issue(token, stage.bob, 1)


def test_a_policy_is_tightened_by_an_order_and_holders_may_still_sell(stage: Stage, token: Token) -> None:
    stage.order(token.set_policy(QII, 0, False))
    stage.register(stage.bob, classes=QII)
    token.by(stage.alice).transfer(stage.bob.address, 10)
    with pytest.raises(reverts.InvestorClassRefused):
        token.by(stage.bob).transfer(stage.alice.address, 1)


def test_approval_by_the_issuer_can_be_switched_on_and_off(stage: Stage, token: Token) -> None:
    stage.order(token.set_policy(KYC, 0, True))
    with pytest.raises(reverts.TransferApprovalRequired):
        token.by(stage.alice).transfer(stage.bob.address, 1)
    stage.order(token.set_policy(KYC, 0, False))
    token.by(stage.alice).transfer(stage.bob.address, 1)


def test_checks_renewed_before_they_end_leave_no_gap(stage: Stage, token: Token) -> None:
    end = stage.now + DAY
    stage.register(stage.alice, until=end)
    stage.register(stage.alice, until=end + DAY)
    stage.at(end)
    token.by(stage.alice).transfer(stage.bob.address, 1)


def test_a_wallet_never_passes_to_another_investor(stage: Stage) -> None:
    with pytest.raises(reverts.WalletTaken):
        stage.register(stage.alice, investor=b"another investor")


def test_the_longest_of_several_lockups_holds(stage: Stage, token: Token) -> None:
    short, long = stage.now + DAY, stage.now + 3 * DAY
    stage.order(token.set_lockup(short))
    stage.order(token.set_lockup(long, DEFAULT, stage.alice.address))
    stage.at(long - 1)
    with pytest.raises(reverts.HoldingLockedUp) as refusal:
        token.by(stage.alice).transfer(stage.bob.address, 1)
    assert refusal.value.until == long
    stage.at(long)
    token.by(stage.alice).transfer(stage.bob.address, 1)


def test_a_lockup_is_lifted_early_by_an_order(stage: Stage, token: Token) -> None:
    stage.order(token.set_lockup(stage.now + DAY))
    stage.order(token.set_lockup(None))
    token.by(stage.alice).transfer(stage.bob.address, 1)


def test_lots_end_one_after_the_other(stage: Stage, token: Token) -> None:
    now = stage.now
    stage.order(token.lock_lot(stage.alice.address, 30, now + 2 * DAY))
    stage.order(token.lock_lot(stage.alice.address, 50, now + 4 * DAY))
    assert token.holding_of(stage.alice.address).free == 20
    stage.node.set_time(now + 2 * DAY)
    assert token.holding_of(stage.alice.address).free == 50
    token.by(stage.alice).transfer(stage.bob.address, 50)
    stage.node.set_time(now + 4 * DAY)
    assert token.holding_of(stage.alice.address).free == 50


def test_a_lot_holds_no_more_than_is_free(stage: Stage, token: Token) -> None:
    token.by(stage.compliance).freeze(stage.alice.address, 60)
    with pytest.raises(reverts.ERC7943InsufficientUnfrozenBalance):
        stage.order(token.lock_lot(stage.alice.address, 41, stage.now + DAY))


def test_units_bought_later_move_while_the_lot_stands_still(stage: Stage, token: Token) -> None:
    stage.order(token.lock_lot(stage.alice.address, 100, stage.now + DAY))
    stage.issue(token, stage.bob, 25)
    token.by(stage.bob).transfer(stage.alice.address, 25)
    token.by(stage.alice).transfer(stage.carol.address, 25)
    with pytest.raises(reverts.ERC7943InsufficientUnfrozenBalance):
        token.by(stage.alice).transfer(stage.carol.address, 1)


def test_units_that_arrive_in_an_overfrozen_holding_are_frozen_too(stage: Stage, token: Token) -> None:
    token.by(stage.compliance).freeze(stage.bob.address, 30)
    token.by(stage.alice).transfer(stage.bob.address, 40)
    assert token.holding_of(stage.bob.address).free == 10


def test_a_freeze_of_one_class_leaves_the_other(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.alice, 5, "class-a")
    token.by(stage.compliance).freeze(stage.alice.address, 100)
    token.by(stage.alice).transfer_by_partition("class-a", stage.bob.address, 5)


def test_emergency_freezes_a_wallet_and_cannot_thaw_it(stage: Stage) -> None:
    stage.system.by(stage.emergency).freeze_wallet(stage.alice.address)
    assert not stage.system.is_verified(stage.alice.address)
    with pytest.raises(reverts.AccessRefused):
        stage.emergency.send(stage.system.bind.unfreeze_wallet(stage.alice.address))


def test_a_renewed_registration_leaves_a_wallet_frozen(stage: Stage) -> None:
    stage.system.by(stage.compliance).freeze_wallet(stage.alice.address)
    stage.register(stage.alice)
    assert not stage.system.is_verified(stage.alice.address)


def test_the_cap_counts_an_investor_with_two_wallets_until_both_are_empty(stage: Stage) -> None:
    token = stage.new_token(holder_cap=2)
    stage.issue(token, stage.alice, 10)
    second = stage.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=stage.alice)
    token.by(stage.alice).transfer(second.address, 4)
    token.by(stage.alice).transfer(stage.bob.address, 6)
    assert token.holder_count() == 2
    token.by(second).transfer(stage.bob.address, 4)
    assert token.holder_count() == 1


def test_a_cap_lowered_below_the_holders_refuses_only_new_ones(stage: Stage) -> None:
    token = stage.new_token(holder_cap=3)
    stage.order(token.batch_issue(DEFAULT, [(stage.alice.address, 5), (stage.bob.address, 5)]))
    stage.order(token.set_policy(KYC, 1, False))
    token.by(stage.alice).transfer(stage.bob.address, 2)
    with pytest.raises(reverts.HolderCapReached):
        token.by(stage.alice).transfer(stage.carol.address, 1)
    token.by(stage.alice).transfer(stage.bob.address, 3)
    assert token.holder_count() == 1


def test_the_first_reason_is_told_with_its_clause_in_both_languages(stage: Stage, token: Token) -> None:
    refusal = token.can_transfer(stage.alice.address, stage.mallory.address, 1)
    assert isinstance(refusal, reverts.WalletUnregistered)
    assert refusal.clause == "6.1.1.7"
    assert stage.mallory.address in refusal.message("en")
    assert "登録" in refusal.message("ja")
