"""The register and its history: what a holder had at a record date is the same for ever after (I8)."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DEFAULT, ZERO, at, halt, record_date, refused, split
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"])
    world.issue(token, "alice", 100)
    return token


def move(world: World, token: Token, who: str, to: str, units: int) -> None:
    world.send(who, token.bind.transfer(at(world, to), units))


def held(world: World, token: Token, epoch: int, *names: str) -> list[int]:
    return [token.bind.balance_of_at(DEFAULT, at(world, name), epoch) for name in names]


def test_a_record_date_fixes_what_everybody_holds(world: World, token: Token) -> None:
    move(world, token, "alice", "bob", 30)
    date = record_date(world, token)
    move(world, token, "alice", "bob", 20)
    move(world, token, "bob", "carol", 50)
    assert held(world, token, date, "alice", "bob", "carol") == [70, 30, 0]
    assert [token.bind.balance_of(at(world, name)) for name in ("alice", "bob", "carol")] == [50, 0, 50]


def test_who_sold_out_after_the_record_date_was_a_holder_at_it(world: World, token: Token) -> None:
    date = record_date(world, token)
    move(world, token, "alice", "bob", 100)
    assert held(world, token, date, "alice", "bob") == [100, 0]


def test_who_sold_out_before_the_record_date_was_none(world: World, token: Token) -> None:
    move(world, token, "alice", "bob", 100)
    date = record_date(world, token)
    assert held(world, token, date, "alice", "bob") == [0, 100]
    move(world, token, "bob", "alice", 40)
    assert held(world, token, date, "alice", "bob") == [0, 100]


def test_who_came_back_between_two_dates_was_away_at_the_second_only(world: World, token: Token) -> None:
    first = record_date(world, token)
    move(world, token, "alice", "bob", 100)
    second = record_date(world, token)
    move(world, token, "bob", "alice", 60)
    third = record_date(world, token)
    move(world, token, "alice", "bob", 60)
    assert held(world, token, first, "alice", "bob") == [100, 0]
    assert held(world, token, second, "alice", "bob") == [0, 100]
    assert held(world, token, third, "alice", "bob") == [60, 40]


def test_who_was_away_for_several_dates_and_came_back_was_nothing_at_each(world: World, token: Token) -> None:
    move(world, token, "alice", "bob", 100)
    dates = [record_date(world, token) for _ in range(3)]
    move(world, token, "bob", "alice", 10)
    last = record_date(world, token)
    move(world, token, "alice", "bob", 10)
    assert [held(world, token, date, "alice")[0] for date in dates] == [0, 0, 0]
    assert held(world, token, last, "alice", "bob") == [10, 90]


def test_a_holding_untouched_over_several_dates_counts_at_each(world: World, token: Token) -> None:
    dates = [record_date(world, token) for _ in range(4)]
    assert [held(world, token, date, "alice")[0] for date in dates] == [100] * 4
    move(world, token, "alice", "bob", 1)
    assert [held(world, token, date, "alice", "bob") for date in dates] == [[100, 0]] * 4
    move(world, token, "alice", "bob", 99)
    assert [held(world, token, date, "alice", "bob") for date in dates] == [[100, 0]] * 4


def test_a_holding_touched_between_dates_counts_as_it_was_at_each(world: World, token: Token) -> None:
    dates = []
    for _ in range(3):
        dates.append(record_date(world, token))
        record_date(world, token)
        move(world, token, "alice", "bob", 10)
    assert [held(world, token, date, "alice", "bob") for date in dates] == [[100, 0], [90, 10], [80, 20]]


def test_a_date_is_read_in_the_units_of_that_instant(world: World, token: Token) -> None:
    first = record_date(world, token)
    split(world, token, 3)
    second = record_date(world, token)
    split(world, token, 2)
    assert [held(world, token, date, "alice")[0] for date in (first, second)] == [100, 300]
    move(world, token, "alice", "bob", 600)
    assert [held(world, token, date, "alice")[0] for date in (first, second)] == [100, 300]
    assert token.bind.total_supply_at(DEFAULT, first) == 100
    assert token.bind.total_supply_at(DEFAULT, second) == 300


@pytest.mark.parametrize(("split_first", "expected"), [(True, 200), (False, 100)])
@pytest.mark.parametrize("touched", [False, True])
def test_at_the_same_instant_the_order_on_the_calendar_decides(
    world: World, token: Token, split_first: bool, expected: int, touched: bool
) -> None:
    start = world.now + 10_000
    if split_first:
        split(world, token, 2, start)
    date = record_date(world, token, start)
    if not split_first:
        split(world, token, 2, start)
    world.node.set_time(start)
    if touched:
        move(world, token, "alice", "bob", 150)
    assert held(world, token, date, "alice", "bob") == [expected, 0]
    assert token.bind.total_supply_at(DEFAULT, date) == expected
    assert token.bind.balance_of(at(world, "alice")) == (50 if touched else 200)


def test_two_record_dates_at_the_same_instant_are_the_same_register(world: World, token: Token) -> None:
    start = world.now + 10_000
    dates = [record_date(world, token, start) for _ in range(2)]
    world.node.set_time(start)
    move(world, token, "alice", "bob", 70)
    assert [held(world, token, date, "alice", "bob") for date in dates] == [[100, 0]] * 2


def test_a_scheduled_date_counts_what_moved_until_its_instant(world: World, token: Token) -> None:
    start = world.now + 10_000
    date = record_date(world, token, start)
    move(world, token, "alice", "bob", 30)
    with refused(reverts.RecordDateUnknown, date):
        held(world, token, date, "alice")
    world.node.set_time(start)
    move(world, token, "alice", "bob", 30)
    assert held(world, token, date, "alice", "bob") == [70, 30]


def test_a_cancelled_date_leaves_no_trace(world: World, token: Token) -> None:
    start = world.now + 10_000
    date = record_date(world, token, start)
    world.order(token.bind.cancel_last_epoch())
    world.node.set_time(start)
    move(world, token, "alice", "bob", 30)
    with refused(reverts.RecordDateUnknown, date):
        held(world, token, date, "alice")
    again = record_date(world, token)
    assert again == date
    move(world, token, "alice", "bob", 30)
    assert held(world, token, again, "alice", "bob") == [70, 30]


def test_the_supply_at_a_date_is_the_sum_of_the_holdings_at_it(world: World, token: Token) -> None:
    world.issue(token, "bob", 50)
    first = record_date(world, token)
    world.issue(token, "carol", 25)
    split(world, token, 4)
    world.order(token.bind.controller_redeem(at(world, "bob"), 100, b"", b""))
    second = record_date(world, token)
    world.order(token.bind.controller_redeem(at(world, "alice"), 400, b"", b""))
    world.issue(token, "dave", 7)
    names = ("alice", "bob", "carol", "dave")
    for date, supply in ((first, 150), (second, 600)):
        assert token.bind.total_supply_at(DEFAULT, date) == supply == sum(held(world, token, date, *names))
    assert token.bind.total_supply() == 207 == sum(token.bind.balance_of(at(world, name)) for name in names)


def test_each_partition_has_its_own_history(world: World, token: Token) -> None:
    world.issue(token, "alice", 11, "class-a")
    date = record_date(world, token)
    world.send("alice", token.bind.transfer_by_partition(CLASS_A, at(world, "bob"), 11, b""))
    assert token.bind.balance_of_at(CLASS_A, at(world, "alice"), date) == 11
    assert token.bind.balance_of_at(CLASS_A, at(world, "bob"), date) == 0
    assert token.bind.balance_of_at(DEFAULT, at(world, "alice"), date) == 100
    assert [token.bind.total_supply_at(partition, date) for partition in (DEFAULT, CLASS_A)] == [100, 11]


def test_a_partition_that_does_not_exist_has_no_history(world: World, token: Token) -> None:
    date = record_date(world, token)
    assert token.bind.balance_of_at(b"x" * 32, at(world, "alice"), date) == 0
    assert token.bind.total_supply_at(b"x" * 32, date) == 0


def test_what_encumbers_a_holding_touches_it_without_changing_the_past(world: World, token: Token) -> None:
    first = record_date(world, token)
    world.send("compliance", token.bind.set_frozen_tokens(at(world, "alice"), 10))
    second = record_date(world, token)
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 10, *[world.now + 9_999] * 3))
    third = record_date(world, token)
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 10, world.now + 9_999))
    move(world, token, "alice", "bob", 70)
    assert [held(world, token, date, "alice", "bob") for date in (first, second, third)] == [[100, 0]] * 3


def test_a_batch_touches_each_receiver_once_for_the_record(world: World, token: Token) -> None:
    move(world, token, "alice", "bob", 10)
    date = record_date(world, token)
    to = [at(world, name) for name in ("bob", "bob", "carol", "alice", "bob")]
    world.send("alice", token.bind.batch_transfer(DEFAULT, to, [1, 2, 3, 4, 5]))
    assert held(world, token, date, "alice", "bob", "carol") == [90, 10, 0]
    assert [token.bind.balance_of(at(world, name)) for name in ("alice", "bob", "carol")] == [79, 18, 3]


def test_a_transfer_to_oneself_changes_neither_holding_nor_history(world: World, token: Token) -> None:
    date = record_date(world, token)
    move(world, token, "alice", "alice", 100)
    assert token.bind.balance_of(at(world, "alice")) == 100
    assert held(world, token, date, "alice") == [100]
    with refused(reverts.ERC20InsufficientBalance):
        move(world, token, "alice", "alice", 101)


def test_the_zero_address_holds_nothing_now_or_then(world: World, token: Token) -> None:
    date = record_date(world, token)
    assert token.bind.balance_of(ZERO) == 0
    assert token.bind.balance_of_by_partition(DEFAULT, ZERO) == 0
    assert token.bind.balance_of_at(DEFAULT, ZERO, date) == 0
    assert token.bind.partitions_of(ZERO) == ()


def test_holdings_add_up_over_partitions(world: World, token: Token) -> None:
    world.issue(token, "alice", 11, "class-a")
    world.issue(token, "bob", 5, "class-a")
    assert token.bind.balance_of(at(world, "alice")) == 111
    assert token.bind.partitions_of(at(world, "alice")) == (DEFAULT, CLASS_A)
    assert token.bind.partitions_of(at(world, "bob")) == (CLASS_A,)
    assert [token.bind.total_supply_by_partition(p) for p in (DEFAULT, CLASS_A)] == [100, 16]
    assert token.bind.total_supply() == 116


def test_a_record_date_passes_during_a_halt_and_is_kept(world: World, token: Token) -> None:
    start = world.now + 10_000
    date = record_date(world, token, start)
    halt(world)
    world.node.set_time(start + 5)
    assert held(world, token, date, "alice") == [100]


def test_register_of_an_old_date_stays_after_reversal_loss_and_redemption(world: World) -> None:
    token = world.new_token(puttable=True)
    world.issue(token, "alice", 100)
    world.issue(token, "bob", 100)
    date = record_date(world, token)
    world.send("alice", token.bind.redeem(30, b""))
    world.order(token.bind.forced_transfer(at(world, "bob"), at(world, "carol"), 100))
    split(world, token, 2)
    world.send("carol", token.bind.transfer(at(world, "bob"), 13))
    assert held(world, token, date, "alice", "bob", "carol") == [100, 100, 0]
    assert token.bind.total_supply_at(DEFAULT, date) == 200
