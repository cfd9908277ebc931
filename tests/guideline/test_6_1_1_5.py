"""追加発行機能 — issue more of the same token through the same system."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import LegalCategory


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share with a first tranche of a hundred units, of a thousand authorised."""
    token = stage.new_token(authorised_units=1_000, partitions=("class-a",))
    stage.issue(token, stage.alice, 100)
    return token


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_lockup_of_the_new_tranche_alone_leaves_the_old_one_free(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.alice, 50)
    stage.order(token.lock_lot(stage.alice.address, 50, stage.now + DAY))
    token.by(stage.alice).transfer(stage.bob.address, 100)
    with pytest.raises(reverts.ERC7943InsufficientUnfrozenBalance):
        token.by(stage.alice).transfer(stage.bob.address, 1)


def test_all_classes_together_stay_within_the_authorised_units(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.bob, 900, "class-a")
    with pytest.raises(reverts.AuthorisedUnitsExceeded):
        stage.issue(token, stage.alice, 1)


def test_an_issue_to_somebody_new_counts_as_a_holder(stage: Stage) -> None:
    token = stage.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=1, whole_only=True)
    stage.issue(token, stage.alice, 1)
    stage.issue(token, stage.alice, 1)
    with pytest.raises(reverts.HolderCapReached):
        stage.issue(token, stage.bob, 1)
    stage.issue(token, stage.treasury, 1)
    assert token.holder_count() == 1


def test_redeemed_units_make_room_for_new_ones(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.alice, 900)
    stage.order(token.controller_redeem(stage.alice.address, 10))
    stage.issue(token, stage.alice, 10)
    assert token.total_supply() == 1_000


def test_authorised_units_raised_before_a_scheduled_split_are_split_with_it(stage: Stage, token: Token) -> None:
    stage.order(token.split(2, stage.now + DAY))
    stage.order(token.raise_authorised_units(1_500))
    stage.travel(DAY)
    assert token.authorised_units() == 3_000


def test_an_issue_after_a_record_date_does_not_reach_back(stage: Stage, token: Token) -> None:
    date = stage.now + DAY
    stage.order(token.schedule_record_date(date))
    stage.at(date - 1)
    token.by(stage.alice).transfer(stage.bob.address, 10)
    stage.at(date)
    token.by(stage.alice).transfer(stage.carol.address, 10)
    stage.issue(token, stage.alice, 500)
    assert token.balance_at(stage.alice.address, 1) == 90
    assert token.total_supply_at(1) == 100


def test_closing_the_issue_takes_two_people(stage: Stage, token: Token) -> None:
    with pytest.raises(reverts.OrderRequired):
        stage.issuer.send(token.finalize_issuance().call)
    assert token.is_issuable()


def test_a_closed_issue_still_lets_units_be_distributed_and_moved(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.treasury, 50)
    stage.order(token.allot(50))
    stage.order(token.finalize_issuance())
    token.by(stage.agent).distribute(DEFAULT, [(stage.bob.address, 50)], stage.incident("batch"))
    assert token.balance_of(stage.bob.address) == 50
