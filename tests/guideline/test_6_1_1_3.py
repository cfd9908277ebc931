"""移転機能 — transfer a token from an investor to another person."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.client.token_holder import UNLIMITED
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import InvestorClass, LegalCategory


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units."""
    token = stage.new_token(partitions=("class-a",))
    stage.issue(token, stage.alice, 100)
    return token


@pytest.fixture
def approved(stage: Stage) -> Token:
    """The same where the issuer approves every transfer."""
    token = stage.new_token(approval_required=True)
    stage.issue(token, stage.alice, 100)
    return token


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_transfer_to_oneself_changes_nothing(stage: Stage, token: Token) -> None:
    token.by(stage.alice).transfer(stage.alice.address, 100)
    assert token.balance_of(stage.alice.address) == token.total_supply() == 100


def test_a_transfer_of_nothing_is_an_event_and_nothing_else(stage: Stage, token: Token) -> None:
    assert token.by(stage.alice).transfer(stage.bob.address, 0).units == 0
    assert token.balance_of(stage.bob.address) == 0


def test_a_transfer_of_nothing_in_an_unknown_partition_is_refused(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.PartitionUnknown):
        token.by(stage.alice).transfer_by_partition("class-z", stage.bob.address, 0)


def test_units_move_between_two_wallets_of_one_investor(stage: Stage, token: Token) -> None:
    second = stage.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=stage.alice)
    token.by(stage.alice).transfer(second.address, 100)
    assert token.balance_of(second.address) == 100


def test_units_return_to_the_issuer_whatever_its_class(stage: Stage) -> None:
    token = stage.new_token(category=LegalCategory.QII_ONLY, receive_classes=InvestorClass.QII)
    stage.register(stage.alice, classes=InvestorClass.QII)
    stage.issue(token, stage.alice, 10)
    token.by(stage.alice).transfer(stage.treasury.address, 10)
    assert token.balance_of(stage.treasury.address) == 10


def test_a_contract_is_no_investor(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.WalletUnregistered):
        token.by(stage.alice).transfer(token.address, 1)


def test_units_of_one_class_are_not_those_of_another(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.ERC20InsufficientBalance):
        token.by(stage.alice).transfer_by_partition("class-a", stage.bob.address, 1)


def test_an_unlimited_allowance_stays_unlimited(stage: Stage, token: Token) -> None:
    token.by(stage.alice).approve(stage.bob.address, UNLIMITED)
    token.by(stage.bob).transfer_from(stage.alice.address, stage.bob.address, 60)
    assert token.allowance(stage.alice.address, stage.bob.address) == UNLIMITED


def test_a_permit_is_used_once_and_not_after_its_deadline(stage: Stage, token: Token) -> None:
    deadline = stage.now + DAY
    first = token.by(stage.alice).sign_permit(stage.bob.address, 5, deadline)
    stage.at(deadline)
    token.by(stage.bob).permit(first)
    with pytest.raises(reverts.ERC2612InvalidSigner):
        token.by(stage.bob).permit(first)
    second = token.by(stage.alice).sign_permit(stage.bob.address, 5, deadline)
    stage.at(deadline + 1)
    with pytest.raises(reverts.ERC2612ExpiredSignature):
        token.by(stage.bob).permit(second)


def test_a_permit_opens_no_way_round_a_restriction(stage: Stage, token: Token) -> None:
    token.by(stage.bob).permit(token.by(stage.alice).sign_permit(stage.bob.address, 5, stage.now + DAY))
    stage.system.by(stage.compliance).freeze_wallet(stage.alice.address)
    with pytest.raises(reverts.WalletFrozen):
        token.by(stage.bob).transfer_from(stage.alice.address, stage.bob.address, 5)


def test_an_operator_of_one_class_moves_no_other(stage: Stage, token: Token) -> None:
    token.by(stage.alice).authorize_operator(stage.carol.address, "class-a")
    with pytest.raises(reverts.OperatorUnauthorized):
        token.by(stage.carol).operator_transfer(DEFAULT, stage.alice.address, stage.bob.address, 1)


def test_a_request_is_judged_again_when_it_is_approved(stage: Stage, approved: Token) -> None:
    request = approved.by(stage.alice).request_transfer(stage.bob.address, 10, stage.now + 9 * DAY).id
    end = stage.now + DAY
    stage.register(stage.bob, until=end)
    stage.at(end)
    with pytest.raises(reverts.InvestorExpired):
        approved.by(stage.issuer).approve_transfer_request(request)
    stage.register(stage.bob)
    approved.by(stage.issuer).approve_transfer_request(request)
    assert approved.balance_of(stage.bob.address) == 10


def test_a_request_is_approved_in_the_last_second_before_its_deadline(stage: Stage, approved: Token) -> None:
    end = stage.now + DAY
    request = approved.by(stage.alice).request_transfer(stage.bob.address, 10, end).id
    stage.at(end - 1)
    assert approved.by(stage.issuer).approve_transfer_request(request).moved is not None


def test_a_request_whose_units_are_frozen_meanwhile_is_not_approved(stage: Stage, approved: Token) -> None:
    request = approved.by(stage.alice).request_transfer(stage.bob.address, 10, stage.now + DAY).id
    approved.by(stage.compliance).freeze(stage.alice.address, 100)
    with pytest.raises(reverts.ERC7943InsufficientUnfrozenBalance):
        approved.by(stage.issuer).approve_transfer_request(request)


def test_an_operator_is_bound_by_the_issuers_approval_too(stage: Stage, approved: Token) -> None:
    approved.by(stage.alice).authorize_operator(stage.carol.address)
    with pytest.raises(reverts.TransferApprovalRequired):
        approved.by(stage.carol).operator_transfer(DEFAULT, stage.alice.address, stage.bob.address, 1)


def test_a_batch_cannot_spend_the_same_units_twice(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.ERC20InsufficientBalance):
        token.by(stage.alice).batch_transfer(DEFAULT, [(stage.bob.address, 60), (stage.carol.address, 60)])
