"""The corporate-action calendar: epochs begin at their instant, by themselves, in the order they were put on it."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import DEFAULT, UNITS_LIMIT, at, events, record_date, refused, split
from stotoken import reverts
from stotoken.client.bindings.structs import Epoch
from stotoken.client.token import Token
from stotoken.errors import InputError, Reverted


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token()
    world.issue(token, "alice", 100)
    return token


def test_a_token_begins_in_epoch_zero(token: Token) -> None:
    assert token.bind.current_epoch() == 0
    assert token.bind.epoch_of(0) == Epoch(0, 1, 0)
    assert token.bind.epoch_of(1) == Epoch(0, 0, 0)


def test_a_split_begins_an_epoch_and_tells_of_it(world: World, token: Token) -> None:
    receipt = world.order(token.bind.split(3, 0))
    start = receipt.timestamp
    assert events(world, receipt, "SplitScheduled") == [{"epoch": 1, "ratio": 3, "factor": 3, "start": start}]
    assert token.bind.current_epoch() == 1
    assert token.bind.epoch_of(1) == Epoch(start, 3, 0)


def test_a_record_date_begins_an_epoch_and_tells_of_it(world: World, token: Token) -> None:
    receipt = world.order(token.bind.schedule_record_date(0))
    start = receipt.timestamp
    assert events(world, receipt, "RecordDateScheduled") == [{"epoch": 1, "start": start}]
    assert token.bind.current_epoch() == 1
    assert token.bind.epoch_of(1) == Epoch(start, 1, 1)


def test_a_scheduled_split_takes_effect_by_time_alone(world: World, token: Token) -> None:
    start = world.now + 10_000
    assert split(world, token, 2, start) == 1
    world.node.set_time(start - 1)
    assert (token.bind.current_epoch(), token.bind.balance_of(at(world, "alice"))) == (0, 100)
    world.node.set_time(start)
    assert (token.bind.current_epoch(), token.bind.balance_of(at(world, "alice"))) == (1, 200)
    assert (token.bind.total_supply(), token.bind.authorised_units()) == (200, 2_000_000)


def test_several_epochs_pass_untouched_and_all_count(world: World, token: Token) -> None:
    now = world.now
    for place, ratio in enumerate((2, 3, 5), 1):
        split(world, token, ratio, now + place * 10_000)
    world.node.set_time(now + 30_000)
    assert token.bind.current_epoch() == 3
    assert token.bind.balance_of(at(world, "alice")) == 3_000
    world.send("alice", token.bind.transfer(at(world, "bob"), 2_999))
    assert (token.bind.balance_of(at(world, "alice")), token.bind.balance_of(at(world, "bob"))) == (1, 2_999)


def test_factors_multiply_and_record_dates_add_up(world: World, token: Token) -> None:
    split(world, token, 2)
    record_date(world, token)
    split(world, token, 3)
    record_date(world, token)
    assert [token.bind.epoch_of(n).factor for n in range(5)] == [1, 2, 2, 6, 6]
    assert [token.bind.epoch_of(n).record_dates for n in range(5)] == [0, 0, 1, 1, 2]


def test_a_date_before_the_last_one_is_refused(world: World, token: Token) -> None:
    last = world.now + 10_000
    record_date(world, token, last)
    for call in (token.bind.schedule_record_date(last - 1), token.bind.split(2, last - 1), token.bind.split(2, 0)):
        with pytest.raises(reverts.EpochOutOfOrder) as caught:
            world.order(call)
        assert caught.value.args[1] == last
    assert split(world, token, 2, last) == 2


def test_a_date_in_the_past_is_refused(world: World, token: Token) -> None:
    past = world.now - 1
    with pytest.raises(reverts.EpochOutOfOrder) as caught:
        world.order(token.bind.schedule_record_date(past))
    assert caught.value.args[0] == past


@pytest.mark.parametrize("ratio", [0, 1, UNITS_LIMIT, 2**96, 2**256 - 1])
def test_a_split_into_less_than_two_or_too_many_is_refused(world: World, token: Token, ratio: int) -> None:
    with refused(reverts.SplitRatioOutOfRange, ratio):
        split(world, token, ratio)


def test_the_authorised_units_stay_below_the_bound_through_every_split(world: World) -> None:
    token = world.new_token(authorised_units=UNITS_LIMIT // 32)
    with refused(reverts.SplitRatioOutOfRange, 32):
        split(world, token, 32)
    split(world, token, 31)
    with refused(reverts.SplitRatioOutOfRange, 2):
        split(world, token, 2)


def test_a_split_that_lies_ahead_counts_against_the_bound(world: World) -> None:
    units = UNITS_LIMIT // 32
    token = world.new_token(authorised_units=units)
    later = world.now + 10_000
    split(world, token, 16, later)
    with refused(reverts.SplitRatioOutOfRange, 2):
        split(world, token, 2, later + 1)
    with refused(reverts.UnitsOutOfRange, 2 * units):
        world.order(token.bind.raise_authorised_units(2 * units))
    world.order(token.bind.raise_authorised_units(2 * units - 1))
    world.node.set_time(later)
    assert token.bind.authorised_units() == UNITS_LIMIT - 16


def test_the_largest_holding_survives_the_largest_split(world: World) -> None:
    token = world.new_token(authorised_units=2**48)
    world.issue(token, "alice", 2**48)
    split(world, token, UNITS_LIMIT // 2**48 - 1)
    whole = 2**48 * (UNITS_LIMIT // 2**48 - 1)
    assert token.bind.balance_of(at(world, "alice")) == whole == token.bind.total_supply()
    world.send("alice", token.bind.transfer(at(world, "bob"), whole))
    assert token.bind.balance_of(at(world, "bob")) == whole


def test_the_last_date_is_cancelled_while_it_lies_ahead(world: World, token: Token) -> None:
    start = world.now + 10_000
    split(world, token, 2, start)
    receipt = world.order(token.bind.cancel_last_epoch())
    assert events(world, receipt, "EpochCancelled") == [{"epoch": 1}]
    world.node.set_time(start)
    assert (token.bind.current_epoch(), token.bind.balance_of(at(world, "alice"))) == (0, 100)
    assert token.bind.epoch_of(1) == Epoch(0, 0, 0)
    world.send("alice", token.bind.transfer(at(world, "bob"), 100))


def test_only_the_last_of_two_dates_is_cancelled(world: World, token: Token) -> None:
    first = world.now + 10_000
    split(world, token, 2, first)
    split(world, token, 5, first + 10_000)
    world.order(token.bind.cancel_last_epoch())
    world.node.set_time(first + 10_000)
    assert token.bind.balance_of(at(world, "alice")) == 200
    assert token.bind.current_epoch() == 1


def test_both_of_two_dates_can_be_cancelled_one_after_the_other(world: World, token: Token) -> None:
    first = world.now + 10_000
    split(world, token, 2, first)
    record_date(world, token, first)
    world.order(token.bind.cancel_last_epoch())
    world.order(token.bind.cancel_last_epoch())
    with refused(reverts.EpochNotPending):
        world.order(token.bind.cancel_last_epoch())
    world.node.set_time(first)
    assert token.bind.current_epoch() == 0


def test_a_date_that_has_come_cannot_be_cancelled(world: World, token: Token) -> None:
    start = world.now + 10_000
    split(world, token, 2, start)
    world.node.set_time(start)
    with refused(reverts.EpochNotPending):
        world.order(token.bind.cancel_last_epoch())
    assert token.bind.balance_of(at(world, "alice")) == 200


def test_nothing_is_there_to_cancel_in_the_beginning(world: World, token: Token) -> None:
    with refused(reverts.EpochNotPending):
        world.order(token.bind.cancel_last_epoch())


def test_a_cancelled_number_is_given_to_the_next_date(world: World, token: Token) -> None:
    split(world, token, 7, world.now + 10_000)
    world.order(token.bind.cancel_last_epoch())
    assert split(world, token, 3) == 1
    assert token.bind.balance_of(at(world, "alice")) == 300


def test_a_cancelled_date_of_an_epoch_that_follows_a_passed_one_leaves_the_passed_one(
    world: World, token: Token
) -> None:
    first = world.now + 10_000
    split(world, token, 2, first)
    split(world, token, 5, first + 10_000)
    world.node.set_time(first + 1)  # the first has come, and nobody touched the token since
    world.order(token.bind.cancel_last_epoch())
    world.node.set_time(first + 20_000)
    assert (token.bind.current_epoch(), token.bind.balance_of(at(world, "alice"))) == (1, 200)


def test_an_epoch_is_a_record_date_only_if_it_is_one_and_has_come(world: World, token: Token) -> None:
    split(world, token, 2)
    ahead = record_date(world, token, world.now + 10_000)
    for epoch in (0, 1, ahead, ahead + 1, 65_535):
        with refused(reverts.RecordDateUnknown, epoch):
            token.bind.balance_of_at(DEFAULT, at(world, "alice"), epoch)
        with refused(reverts.RecordDateUnknown, epoch):
            token.bind.total_supply_at(DEFAULT, epoch)


def test_a_split_counts_from_the_instant_and_never_before(world: World, token: Token) -> None:
    start = world.now + 10_000
    split(world, token, 2, start)
    world.node.rpc("evm_setNextBlockTimestamp", start - 2)
    world.send("alice", token.bind.transfer(at(world, "bob"), 100))
    world.node.set_time(start)
    assert token.bind.balance_of(at(world, "bob")) == 200


@pytest.mark.parametrize("value", [2**40, -1])
def test_an_instant_outside_its_range_is_not_even_asked(token: Token, value: int) -> None:
    with pytest.raises((InputError, Reverted)):
        token.bind.split(2, value)
