"""再配布機能 — restore to the same investor, in kind and number, what was lost from the records."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.errors import InputError
from stotoken.types import Basis


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of two classes of which A holds a hundred units each."""
    token = stage.new_token(partitions=("class-a",))
    stage.issue(token, stage.alice, 100)
    stage.issue(token, stage.alice, 100, "class-a")
    return token


@pytest.fixture
def second(stage: Stage) -> Person:
    """Another wallet of A."""
    return stage.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=stage.alice)


def lost(stage: Stage, token: Token, wallet: Person, partition: str = DEFAULT) -> bytes:
    return token.by(stage.custodian).report_lost_key(wallet.address, stage.incident("evidence"), partition).id


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_loss_is_of_one_class_and_the_other_still_moves(stage: Stage, token: Token, second: Person) -> None:
    loss = lost(stage, token, stage.alice)
    token.by(stage.alice).transfer_by_partition("class-a", stage.bob.address, 1)
    stage.order(token.reissue(loss, second.address))
    assert token.balance_of(second.address, "class-a") == 0
    assert token.balance_of(second.address, DEFAULT) == 100


def test_what_is_made_good_adds_to_what_the_new_wallet_has(stage: Stage, token: Token, second: Person) -> None:
    token.by(stage.alice).transfer(second.address, 30)
    stage.order(token.reissue(lost(stage, token, stage.alice), second.address))
    assert token.balance_of(second.address, DEFAULT) == 100


def test_lockups_and_lots_follow_to_the_new_wallet(stage: Stage, token: Token, second: Person) -> None:
    end = stage.now + 9 * DAY
    stage.order(token.set_lockup(end, DEFAULT, stage.alice.address))
    stage.order(token.lock_lot(stage.alice.address, 40, end))
    stage.order(token.reissue(lost(stage, token, stage.alice), second.address))
    holding = token.holding_of(second.address)
    assert (holding.locked_lots, holding.locked_until) == (40, end)
    with pytest.raises(reverts.HoldingLockedUp):
        token.by(second).transfer(stage.bob.address, 1)


def test_the_report_comes_before_the_thief(stage: Stage, token: Token) -> None:
    lost(stage, token, stage.alice)
    for act in (
        lambda: token.by(stage.alice).transfer(stage.bob.address, 1),
        lambda: token.by(stage.alice).request_transfer(stage.bob.address, 1, stage.now + DAY),
        lambda: token.by(stage.bob).transfer(stage.alice.address, 0),
    ):
        with pytest.raises(reverts.HoldingLost):
            act()


def test_units_do_not_go_to_a_wallet_whose_key_is_lost(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.bob, 10)
    lost(stage, token, stage.alice)
    with pytest.raises(reverts.HoldingLost):
        token.by(stage.bob).transfer(stage.alice.address, 1)


def test_a_key_found_again_after_the_reissue_opens_nothing(stage: Stage, token: Token, second: Person) -> None:
    stage.order(token.reissue(lost(stage, token, stage.alice), second.address))
    with pytest.raises(reverts.ERC20InsufficientBalance):
        token.by(stage.alice).transfer(second.address, 1)
    assert token.total_supply(DEFAULT) == 100


def test_a_dismissed_loss_is_not_made_good(stage: Stage, token: Token, second: Person) -> None:
    loss = lost(stage, token, stage.alice)
    stage.order(token.dismiss_loss(loss))
    with pytest.raises(reverts.LossNotOpen):
        stage.order(token.reissue(loss, second.address))


def test_the_same_holding_is_not_lost_twice_at_once(stage: Stage, token: Token) -> None:
    lost(stage, token, stage.alice)
    with pytest.raises(reverts.LossImplausible):
        lost(stage, token, stage.alice)


def test_nothing_cannot_be_lost(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.LossImplausible):
        lost(stage, token, stage.dave)


def test_a_new_wallet_must_be_registered(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.InvestorDiffers):
        stage.order(token.reissue(lost(stage, token, stage.alice), stage.mallory.address))


def test_a_forced_transfer_takes_what_is_reported_lost(stage: Stage, token: Token, second: Person) -> None:
    loss = lost(stage, token, stage.alice)
    stage.order(token.force_by_partition(DEFAULT, stage.alice.address, stage.bob.address, 40, Basis.BANKRUPTCY))
    stage.order(token.reissue(loss, second.address))
    assert token.balance_of(second.address, DEFAULT) == 60
    assert token.total_supply(DEFAULT) == 100


def test_units_reissued_serve_in_every_other_operation(stage: Stage, token: Token, second: Person) -> None:
    stage.order(token.reissue(lost(stage, token, stage.alice), second.address))
    moved = token.by(second).transfer(stage.bob.address, 60)
    stage.order(token.split(2))
    stage.order(token.reversal_of(moved.tx_hash, moved.log_index))
    stage.order(token.controller_redeem(second.address, 50))
    assert token.balance_of(second.address, DEFAULT) == 150


def test_an_issue_is_no_redemption_in_error(stage: Stage, token: Token) -> None:
    log = stage.issue(token, stage.bob, 5).event("IssuedByPartition").log
    with pytest.raises(InputError):
        token.by(stage.registrar).loss_of_redemption(log.tx_hash, log.log_index, stage.incident("evidence"))


def test_several_losses_together_bring_back_no_more_than_was_redeemed(stage: Stage, token: Token) -> None:
    evidence = stage.incident("evidence")
    logs = [
        stage.order(token.controller_redeem(stage.alice.address, units)).event("RedeemedByPartition").log
        for units in (10, 20)
    ]
    losses = [token.by(stage.registrar).loss_of_redemption(log.tx_hash, log.log_index, evidence) for log in logs]
    for loss in losses:
        stage.order(token.reissue(loss.id, stage.alice.address, Basis.SYSTEM_ERROR))
    assert token.total_supply(DEFAULT) == 100
    with pytest.raises(reverts.LossRecorded):
        token.by(stage.registrar).loss_of_redemption(logs[0].tx_hash, logs[0].log_index, evidence)


def test_a_treasury_whose_key_is_lost_moves_to_another_wallet_of_the_issuer(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.treasury, 50)
    purse = stage.newcomer(Text("another treasury", "別の発行者口座"), of=stage.treasury)
    stage.order(token.reissue(lost(stage, token, stage.treasury), purse.address))
    stage.order(token.bind.set_treasury(purse.address))
    stage.order(token.allot(50))
    token.by(stage.agent).distribute(DEFAULT, [(stage.bob.address, 50)], stage.incident("batch"))
    assert token.balance_of(purse.address) == 0
