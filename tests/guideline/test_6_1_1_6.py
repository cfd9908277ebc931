"""分割機能 — divide a token into two or more."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import Instrument


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units and B seven."""
    token = stage.new_token(partitions=("class-a",))
    stage.order(token.batch_issue(DEFAULT, [(stage.alice.address, 100), (stage.bob.address, 7)]))
    return token


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_every_class_is_split(stage: Stage, token: Token) -> None:
    stage.issue(token, stage.carol, 5, "class-a")
    stage.order(token.split(10))
    assert token.total_supply(DEFAULT) == 1_070
    assert token.balance_of(stage.carol.address, "class-a") == 50


def test_a_permit_signed_before_a_split_counts_as_many_new_units(stage: Stage, token: Token) -> None:
    permit = token.by(stage.alice).sign_permit(stage.bob.address, 10, stage.now + DAY)
    stage.order(token.split(5))
    token.by(stage.bob).permit(permit)
    assert token.allowance(stage.alice.address, stage.bob.address) == 10


def test_a_holder_of_nothing_still_holds_nothing(stage: Stage, token: Token) -> None:
    token.by(stage.bob).transfer(stage.alice.address, 7)
    stage.order(token.split(3))
    assert token.balance_of(stage.bob.address) == 0
    assert token.balance_of(stage.alice.address) == 321


def test_a_transfer_in_the_second_of_the_split_is_in_new_units(stage: Stage, token: Token) -> None:
    start = stage.now + DAY
    stage.order(token.split(2, start))
    stage.at(start - 1)
    token.by(stage.alice).transfer(stage.bob.address, 10)
    stage.at(start)
    token.by(stage.alice).transfer(stage.bob.address, 10)
    assert token.balance_of(stage.alice.address) == 2 * 90 - 10
    assert token.balance_of(stage.bob.address) == 2 * 17 + 10


def test_a_record_date_and_a_split_at_one_instant_keep_their_order(stage: Stage, token: Token) -> None:
    start = stage.now + DAY
    stage.order(token.schedule_record_date(start))
    stage.order(token.split(2, start))
    stage.order(token.schedule_record_date(start))
    stage.travel(2 * DAY)
    assert token.balance_at(stage.alice.address, 1) == 100
    assert token.balance_at(stage.alice.address, 3) == 200


def test_dates_are_put_on_the_calendar_in_order(stage: Stage, token: Token) -> None:
    stage.order(token.split(2, stage.now + 10 * DAY))
    with pytest.raises(reverts.EpochOutOfOrder):
        stage.order(token.split(2, stage.now + 5 * DAY))
    with pytest.raises(reverts.EpochOutOfOrder):
        stage.order(token.split(2))


def test_a_split_one_after_another_without_a_touch_multiplies_exactly(stage: Stage, token: Token) -> None:
    for ratio in (2, 3, 7, 11):
        stage.order(token.split(ratio))
    assert token.balance_of(stage.bob.address) == 7 * 462
    token.by(stage.bob).transfer(stage.alice.address, 7 * 462)
    assert token.balance_of(stage.alice.address) == 107 * 462


def test_the_largest_split_leaves_room_for_the_authorised_units_only(stage: Stage) -> None:
    token = stage.new_token(authorised_units=2**40)
    stage.issue(token, stage.alice, 2**40)
    stage.order(token.split(2**40))
    assert token.total_supply() == token.authorised_units() == 2**80
    with pytest.raises(reverts.SplitRatioOutOfRange):
        stage.order(token.split(2**16))


def test_what_is_frozen_beyond_a_holding_is_split_with_it(stage: Stage, token: Token) -> None:
    token.by(stage.compliance).freeze(stage.bob.address, 20)
    stage.order(token.split(2))
    assert token.holding_of(stage.bob.address).frozen == 40
    with pytest.raises(reverts.ERC7943InsufficientUnfrozenBalance):
        token.by(stage.bob).transfer(stage.alice.address, 1)


def test_a_rejected_request_gives_its_units_back_in_new_ones(stage: Stage, token: Token) -> None:
    request = token.by(stage.alice).request_transfer(stage.bob.address, 60, stage.now + DAY).id
    stage.order(token.split(2))
    assert token.holding_of(stage.alice.address).free == 80
    token.by(stage.issuer).reject_transfer_request(request)
    assert token.holding_of(stage.alice.address).free == 200


def test_holders_are_counted_as_before(stage: Stage) -> None:
    token = stage.new_token(holder_cap=3)
    stage.order(token.batch_issue(DEFAULT, [(stage.alice.address, 1), (stage.bob.address, 1)]))
    stage.order(token.split(4))
    assert token.holder_count() == 2
    token.by(stage.alice).transfer(stage.bob.address, 4)
    assert token.holder_count() == 1


def test_a_bond_is_split_and_redeemed_in_new_units(stage: Stage) -> None:
    bond = stage.new_token(instrument=Instrument.BOND, maturity=stage.now + 2 * DAY)
    stage.issue(bond, stage.alice, 10)
    stage.order(bond.split(2, stage.now + DAY))
    stage.travel(3 * DAY)
    assert bond.by(stage.alice).redeem(20).units == 20


def test_only_the_last_date_ahead_is_cancelled(stage: Stage, token: Token) -> None:
    stage.order(token.split(2, stage.now + DAY))
    stage.order(token.split(3, stage.now + 2 * DAY))
    stage.order(token.cancel_last_epoch())
    stage.travel(3 * DAY)
    assert token.balance_of(stage.alice.address) == 200
