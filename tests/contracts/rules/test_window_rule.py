"""Units are transferred at times at which they may be, and not in a closed period."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, outcome, refused, split
from contracts.rules.book import TOKEN, explained, names, redeemed_at_will, transfer
from stotoken import reverts
from stotoken.client.bindings.structs import Window
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = redeemed_at_will(world)
    world.issue(token, "bob", 100)
    world.issue(token, "bob", 100, "class-a")
    return token


def window(world: World, token: Token, *times: int, partition: bytes = TOKEN, holder: str = ZERO) -> None:
    whose = holder if holder == ZERO else at(world, holder)
    world.order(token.bind.set_window(partition, whose, Window(*times)))


def result(world: World, token: Token, time: int, by: str = "alice", partition: bytes = DEFAULT) -> str:
    """Of a transfer in the block of that second, done or asked about."""
    world.node.set_time(time)
    sender, carol = at(world, by), at(world, "carol")
    found = outcome(world, by, token.bind.transfer_by_partition(partition, carol, 1, b""))
    assert [found] == (names(explained(token, sender, carol, 1, partition)) or ["done"])
    return found


def test_a_window_is_open_from_its_first_second_to_the_last_before_it_closes(world: World, token: Token) -> None:
    opens, closes = world.now + DAY, world.now + 2 * DAY
    window(world, token, opens, closes, 0, 0)
    with refused(reverts.TransferWindowClosed, opens, closes):
        transfer(world, token, "carol", 1)
    assert result(world, token, opens - 1) == "TransferWindowClosed"
    assert result(world, token, opens) == "done"
    assert result(world, token, closes - 1) == "done"
    assert result(world, token, closes) == "TransferWindowClosed"


def test_a_window_without_an_end_stays_open(world: World, token: Token) -> None:
    window(world, token, world.now + DAY, 0, 0, 0)
    assert result(world, token, world.now + DAY - 10) == "TransferWindowClosed"
    assert result(world, token, world.now + 3600 * DAY) == "done"


def test_a_period_is_shut_from_its_first_second_until_the_first_after_it(world: World, token: Token) -> None:
    start, end = world.now + DAY, world.now + 2 * DAY
    window(world, token, 0, 0, start, end)
    assert result(world, token, start - 1) == "done"
    assert result(world, token, start) == "ClosedPeriodRunning"
    with refused(reverts.ClosedPeriodRunning, end):
        transfer(world, token, "carol", 1)
    assert result(world, token, end - 1) == "ClosedPeriodRunning"
    assert result(world, token, end) == "done"


SCOPES = {
    "token": (TOKEN, ZERO, set()),
    "partition": (CLASS_A, ZERO, {"alice, default", "bob, default"}),
    "holder": (CLASS_A, "alice", {"alice, default", "bob, default", "bob, class-a"}),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_window_closes_its_scope_alone(world: World, token: Token, scope: str) -> None:
    partition, holder, open_ = SCOPES[scope]
    window(world, token, world.now + DAY, 0, 0, 0, partition=partition, holder=holder)
    moves = {
        f"{who}, {shown}"
        for who in ("alice", "bob")
        for where, shown in ((DEFAULT, "default"), (CLASS_A, "class-a"))
        if result(world, token, world.now + 1, who, where) == "done"
    }
    assert moves == open_


def test_a_lot_is_locked_beside_the_windows(world: World, token: Token) -> None:
    """The fourth scope: some units of one holding."""
    until = world.now + DAY
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 40, *[until] * 3))
    window(world, token, 0, until + DAY, 0, 0)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 61, 60):
        transfer(world, token, "carol", 61)
    transfer(world, token, "carol", 60)
    world.node.set_time(until)
    transfer(world, token, "carol", 40)


def test_all_windows_that_apply_must_be_open(world: World, token: Token) -> None:
    now = world.now
    window(world, token, now + DAY, 0, 0, 0)
    window(world, token, now + 2 * DAY, 0, 0, 0, partition=DEFAULT)
    window(world, token, now + 3 * DAY, 0, 0, 0, partition=DEFAULT, holder="alice")
    assert names(explained(token, at(world, "alice"), at(world, "carol"), 1)) == ["TransferWindowClosed"] * 3
    world.node.set_time(now + 3 * DAY - 1)
    with refused(reverts.TransferWindowClosed, now + 3 * DAY, 0):
        transfer(world, token, "carol", 1)
    transfer(world, token, "carol", 1, by="bob")


def test_a_window_of_a_holder_is_the_senders(world: World, token: Token) -> None:
    window(world, token, world.now + DAY, 0, 0, 0, partition=DEFAULT, holder="carol")
    transfer(world, token, "carol", 1)


def test_a_window_is_asked_of_every_transfer_the_treasurys_too_and_of_nothing_else(world: World, token: Token) -> None:
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    window(world, token, world.now + 30 * DAY, 0, 0, 0)
    for call in (
        token.bind.transfer(at(world, "carol"), 0),
        token.bind.transfer(at(world, "alice"), 1),
        token.bind.batch_transfer(DEFAULT, [at(world, "carol")], [1]),
        token.bind.request_transfer(DEFAULT, at(world, "carol"), 1, world.now + DAY),
    ):
        assert outcome(world, "alice", call) == "TransferWindowClosed"
    assert outcome(world, "treasury", token.bind.transfer(at(world, "carol"), 1)) == "TransferWindowClosed"
    world.issue(token, "carol", 1)
    world.send("agent", token.bind.distribute(DEFAULT, [at(world, "carol")], [1], bytes(32)))
    world.send("alice", token.bind.redeem(1, b""))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 1))


def test_a_request_made_in_time_is_not_approved_when_it_is_closed(world: World, token: Token) -> None:
    closes = world.now + DAY
    window(world, token, 0, closes, 0, 0)
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "carol"), 1, world.now + 10 * DAY))
    world.node.set_time(closes)
    with refused(reverts.TransferWindowClosed, 0, closes):
        world.send("issuer", token.bind.approve_transfer_request(1))


def test_a_window_is_taken_back(world: World, token: Token) -> None:
    window(world, token, world.now + DAY, 0, 0, 0)
    window(world, token, 0, 0, 0, 0)
    transfer(world, token, "carol", 1)


# --- before a record date ---------------------------------------------------------------------------------------------


def test_a_closed_period_runs_up_to_the_record_date(world: World, token: Token) -> None:
    date = world.now + 10 * DAY
    world.order(token.bind.set_closed_period(2 * DAY))
    world.order(token.bind.schedule_record_date(date))
    assert result(world, token, date - 2 * DAY - 1) == "done"
    assert result(world, token, date - 2 * DAY) == "ClosedPeriodRunning"
    with refused(reverts.ClosedPeriodRunning, date):
        transfer(world, token, "carol", 1)
    assert result(world, token, date - 1) == "ClosedPeriodRunning"
    assert result(world, token, date) == "done"


def test_a_split_ahead_begins_no_closed_period_and_hides_none(world: World, token: Token) -> None:
    now = world.now
    world.order(token.bind.set_closed_period(2 * DAY))
    world.order(token.bind.split(2, now + DAY))
    assert result(world, token, now + 100) == "done"
    world.order(token.bind.schedule_record_date(now + 2 * DAY))
    with refused(reverts.ClosedPeriodRunning, now + 2 * DAY):
        transfer(world, token, "carol", 1)
    world.node.set_time(now + DAY)
    with refused(reverts.ClosedPeriodRunning, now + 2 * DAY):
        transfer(world, token, "carol", 1)


def test_a_record_date_in_the_same_second_as_a_split_closes_too(world: World, token: Token) -> None:
    date = world.now + DAY
    world.order(token.bind.set_closed_period(3_600))
    world.order(token.bind.split(2, date))
    world.order(token.bind.schedule_record_date(date))
    assert result(world, token, date - 3_600) == "ClosedPeriodRunning"
    assert result(world, token, date) == "done"


def test_the_next_record_date_is_the_one_that_counts(world: World, token: Token) -> None:
    now = world.now
    world.order(token.bind.set_closed_period(3_600))
    for days in (1, 2):
        world.order(token.bind.schedule_record_date(now + days * DAY))
    assert result(world, token, now + DAY - 1) == "ClosedPeriodRunning"
    assert result(world, token, now + DAY) == "done"
    assert result(world, token, now + 2 * DAY - 1) == "ClosedPeriodRunning"
    assert result(world, token, now + 2 * DAY) == "done"


def test_a_cancelled_record_date_opens_again_and_so_does_the_rule_taken_back(world: World, token: Token) -> None:
    world.order(token.bind.set_closed_period(2**32 - 1))
    split(world, token, 2)
    transfer(world, token, "carol", 1)
    world.order(token.bind.schedule_record_date(world.now + DAY))
    assert result(world, token, world.now + 1) == "ClosedPeriodRunning"
    world.order(token.bind.cancel_last_epoch())
    assert result(world, token, world.now + 1) == "done"
    world.order(token.bind.schedule_record_date(world.now + DAY))
    world.order(token.bind.set_closed_period(0))
    assert result(world, token, world.now + 1) == "done"
