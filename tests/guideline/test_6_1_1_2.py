"""配布機能 — distribute a token to investors, within the law."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import InvestorClass, LegalCategory, keccak


@pytest.fixture
def token(stage: Stage) -> Token:
    """A hundred units in the treasury, all allotted."""
    token = stage.new_token()
    stage.issue(token, stage.treasury, 100)
    stage.order(token.allot(100))
    return token


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_wallet_named_twice_in_a_batch_receives_both_rows(stage: Stage, token: Token) -> None:
    rows = [(stage.alice.address, 10), (stage.alice.address, 5)]
    assert token.by(stage.agent).distribute(DEFAULT, rows, stage.incident("batch")).units == 15
    assert token.balance_of(stage.alice.address) == 15


def test_a_row_to_the_treasury_itself_leaves_it_as_it_is(stage: Stage, token: Token) -> None:
    token.by(stage.agent).distribute(DEFAULT, [(stage.treasury.address, 10)], stage.incident("batch"))
    assert token.balance_of(stage.treasury.address) == 100


def test_a_new_allotment_replaces_what_was_left(stage: Stage, token: Token) -> None:
    stage.order(token.allot(7))
    assert token.allotted() == 7
    with pytest.raises(reverts.AllotmentExceeded):
        token.by(stage.agent).distribute(DEFAULT, [(stage.alice.address, 8)], stage.incident("batch"))


def test_the_treasury_transfers_but_does_not_distribute(stage: Stage, token: Token) -> None:
    token.by(stage.treasury).transfer(stage.alice.address, 1)
    with pytest.raises(reverts.AccessRefused):
        token.by(stage.treasury).distribute(DEFAULT, [(stage.alice.address, 1)], stage.incident("batch"))


def test_lists_of_different_length_are_refused(stage: Stage, token: Token) -> None:
    call = token.bind.distribute(b"default".ljust(32, b"\0"), [stage.alice.address], [1, 2], stage.incident("batch"))
    with pytest.raises(reverts.ListsDiffer):
        stage.agent.send(call)


def test_a_token_is_distributed_during_its_lockup(stage: Stage) -> None:
    token = stage.new_token(locked_until=stage.now + DAY)
    stage.issue(token, stage.treasury, 10)
    stage.order(token.allot(10))
    token.by(stage.agent).distribute(DEFAULT, [(stage.alice.address, 10)], stage.incident("batch"))
    with pytest.raises(reverts.HoldingLockedUp):
        token.by(stage.alice).transfer(stage.bob.address, 1)


def test_more_than_the_treasury_has_refuses_the_whole_batch(stage: Stage) -> None:
    token = stage.new_token()
    stage.issue(token, stage.treasury, 10)
    stage.order(token.allot(20))
    rows = [(stage.alice.address, 6), (stage.bob.address, 6)]
    with pytest.raises(reverts.ERC20InsufficientBalance):
        token.by(stage.agent).distribute(DEFAULT, rows, stage.incident("batch"))
    assert token.balance_of(stage.alice.address) == 0


def test_the_fiftieth_investor_is_refused_under_a_cap_of_49(stage: Stage) -> None:
    token = stage.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=49, whole_only=True)
    wallets = [f"0x{keccak(bytes([n])).hex()[:40]}" for n in range(50)]
    stage.register(*wallets)
    stage.issue(token, stage.treasury, 50)
    stage.order(token.allot(50))
    rows = [(wallet, 1) for wallet in wallets]
    with pytest.raises(reverts.HolderCapReached):
        token.by(stage.agent).distribute(DEFAULT, rows, stage.incident("batch"))
    token.by(stage.agent).distribute(DEFAULT, rows[:49], stage.incident("batch"))
    assert token.holder_count() == 49


def test_only_the_classes_of_the_terms_receive(stage: Stage) -> None:
    token = stage.new_token(category=LegalCategory.QII_ONLY, receive_classes=InvestorClass.QII)
    stage.issue(token, stage.treasury, 10)
    stage.order(token.allot(10))
    with pytest.raises(reverts.InvestorClassRefused):
        token.by(stage.agent).distribute(DEFAULT, [(stage.alice.address, 1)], stage.incident("batch"))


def test_an_order_to_allot_needs_the_issuer(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.OrderRequired):
        stage.agent.send(token.allot(1_000).call)
    with pytest.raises(reverts.OrderUnauthorized):
        stage.approved(token.allot(1_000), approver=stage.compliance)
