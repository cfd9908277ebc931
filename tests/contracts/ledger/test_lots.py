"""Lots with start, cliff and end: what is locked at an instant, what is free by itself, what changes leave."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import (
    DAY,
    DEFAULT,
    UNITS_LIMIT,
    at,
    event_names,
    events,
    freeze,
    lose,
    outcome,
    parts,
    refused,
    second_wallet,
    split,
)
from stotoken import reverts
from stotoken.client.bindings.structs import Lot
from stotoken.client.token import Token
from stotoken.errors import Reverted

LOSS = b"\x01" * 32
SHORT = reverts.ERC7943InsufficientUnfrozenBalance


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token()
    world.issue(token, "alice", 1000)
    return token


def lock(world: World, token: Token, units: int, start: int, cliff: int, end: int, holder: str = "alice") -> None:
    wallet = holder if holder.startswith("0x") else at(world, holder)
    world.order(token.bind.lock_lot(DEFAULT, wallet, units, start, cliff, end))


def send(world: World, token: Token, units: int) -> list[str]:
    return event_names(world, world.send("alice", token.bind.transfer(at(world, "bob"), units)))


def locked(world: World, token: Token, holder: str = "alice") -> int:
    return parts(world, token, holder).locked_lots


def lots(world: World, token: Token, holder: str = "alice") -> tuple[Lot, ...]:
    wallet = holder if holder.startswith("0x") else at(world, holder)
    return token.bind.lots_of(DEFAULT, wallet)


# --- by time alone ----------------------------------------------------------------------------------------------------


def test_a_lot_is_free_by_its_dates_to_the_second_and_to_the_unit(world: World, token: Token) -> None:
    start = world.now
    cliff, end = start + 30 * DAY, start + 100 * DAY
    lock(world, token, 1000, start, cliff, end)
    due = {
        cliff - 1: 0,
        cliff: 300,
        cliff + DAY // 10 - 1: 300,
        cliff + DAY // 10: 301,
        start + 50 * DAY: 500,
        end - DAY // 10 - 1: 998,
        end - DAY // 10: 999,
        end - 1: 999,
        end: 1000,
    }
    for time, free in due.items():
        world.node.set_time(time)
        assert parts(world, token, "alice") == (1000, free, 0, 1000 - free, 0, False)
        world.people.alice.simulate(token.bind.transfer(at(world, "bob"), free))
        more = reverts.ERC20InsufficientBalance if free == 1000 else SHORT
        with refused(more):
            world.people.alice.simulate(token.bind.transfer(at(world, "bob"), free + 1))
    assert lots(world, token) == (Lot(1000, 0, start, cliff, end),)
    assert "LotReleased" in send(world, token, 1000)
    assert lots(world, token) == ()


def test_what_became_free_moves_and_the_lot_stays_as_it_was_locked(world: World, token: Token) -> None:
    start = world.now
    lock(world, token, 1000, start, start, start + 100 * DAY)
    before = lots(world, token)
    for days, units in ((10, 100), (20, 100), (90, 700)):
        world.node.set_time(start + days * DAY)
        assert "LotReleased" not in send(world, token, units)
        with refused(SHORT, at(world, "alice"), 1, 0):
            send(world, token, 1)
        assert lots(world, token) == before
    assert parts(world, token, "alice") == (100, 0, 0, 100, 0, False)


def test_how_often_somebody_moves_does_not_change_what_is_free_later(world: World, token: Token) -> None:
    """A lot of ten units loses one every ten days; it would never do so if each move counted anew."""
    world.issue(token, "alice", 10)
    start = world.now
    lock(world, token, 10, start, start, start + 100 * DAY)
    for hours in range(1, 24):
        world.node.set_time(start + hours * 3600 * 10)
        send(world, token, 1)
    world.node.set_time(start + 10 * DAY)
    assert locked(world, token) == 9
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1010 - 23 - 9))
    world.node.set_time(start + 20 * DAY)
    assert parts(world, token, "alice")[:4] == (9, 1, 0, 8)


def test_a_start_before_and_after_now_counts_alike(world: World, token: Token) -> None:
    now = world.now
    lock(world, token, 100, now - 50 * DAY, now - 10 * DAY, now + 50 * DAY)
    lock(world, token, 100, now + 10 * DAY, now + 10 * DAY, now + 20 * DAY)
    assert locked(world, token) == 50 + 100
    world.node.set_time(now + 15 * DAY)
    assert locked(world, token) == 35 + 50


def test_where_all_become_free_at_once_the_start_has_no_effect(world: World, token: Token) -> None:
    now = world.now
    end = now + 10 * DAY
    lock(world, token, 100, now - 90 * DAY, end, end)
    assert lots(world, token) == (Lot(100, 0, end, end, end),)
    world.node.set_time(end - 1)
    assert locked(world, token) == 100
    world.node.set_time(end)
    assert locked(world, token) == 0


def test_the_events_name_a_lot_by_its_dates_and_tell_what_is_left(world: World, token: Token) -> None:
    now = world.now
    dates = {"start": now, "cliff": now + DAY, "end": now + 2 * DAY}
    whose = {"partition": DEFAULT, "holder": at(world, "alice")}
    receipt = world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 600, *dates.values()))
    assert events(world, receipt, "LotLocked") == [{**whose, "units": 600, **dates}]
    receipt = world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 800))
    assert events(world, receipt, "LotReleased") == [{**whose, "units": 400, "left": 200, **dates}]
    receipt = world.order(token.bind.release_lot(DEFAULT, at(world, "alice"), 0, Lot(200, 0, *dates.values())))
    assert events(world, receipt, "LotReleased") == [{**whose, "units": 200, "left": 0, **dates}]


# --- asked and done ---------------------------------------------------------------------------------------------------


def test_what_is_foreseen_as_free_is_free_in_any_later_block(world: World, token: Token) -> None:
    """A view answers for the latest block, a transaction is judged in a later one, where no less is free."""
    start = world.now
    lock(world, token, 1000, start, start + 10, start + 1000)
    world.node.set_time(start + 500)
    bind, alice, bob = token.bind, at(world, "alice"), at(world, "bob")
    free = parts(world, token, "alice").free
    assert free == 500
    assert bind.explain(DEFAULT, alice, bob, free) == ()
    assert len(bind.explain(DEFAULT, alice, bob, free + 1)) == 1
    assert bind.can_transfer(bob, free + 1, b"", sender=alice)[0] != b"\x51"
    world.node.set_time(start + 700)
    send(world, token, free + 200)
    with refused(SHORT, alice, 11, 0):
        world.people.alice.simulate(bind.transfer(bob, 11))


@pytest.mark.parametrize("wanted", ["transfer", "request", "lot"])
def test_every_door_counts_what_is_free_by_now(world: World, token: Token, wanted: str) -> None:
    start = world.now
    alice, bob, end = at(world, "alice"), at(world, "bob"), start + 100 * DAY
    lock(world, token, 1000, start, start, end)
    world.node.set_time(start + 50 * DAY)
    doors = {
        "transfer": lambda units: ("alice", token.bind.transfer(bob, units)),
        "request": lambda units: ("alice", token.bind.request_transfer(DEFAULT, bob, units, end)),
        "lot": lambda units: ("", token.bind.lock_lot(DEFAULT, alice, units, end, end, end)),
    }
    who, call = doors[wanted](501)
    with refused(SHORT, alice, 501, 500):
        world.send(who, call) if who else world.order(call)
    who, call = doors[wanted](500)
    world.send(who, call) if who else world.order(call)
    assert parts(world, token, "alice").free == 0


@pytest.mark.parametrize("dates", [(2, 1, 3), (0, 4, 3), (4, 3, 3), (4, 5, 3)])
def test_the_dates_of_a_lot_are_in_order(world: World, token: Token, dates: tuple[int, int, int]) -> None:
    with refused(reverts.RuleUnsound, b"CLIFF".ljust(32, b"\0")):
        lock(world, token, 1, *(world.now + DAY * date for date in dates))


def test_a_lot_that_is_over_is_not_locked(world: World, token: Token) -> None:
    with refused(reverts.TimeNotFuture):
        lock(world, token, 1, world.now - 3, world.now - 2, world.now)


# --- what a change leaves ---------------------------------------------------------------------------------------------


def test_a_split_multiplies_a_lot_exactly_and_then_takes_the_share(world: World, token: Token) -> None:
    start = world.now
    lock(world, token, 10, start, start, start + 100 * DAY)
    world.node.set_time(start + 5 * DAY)
    assert locked(world, token) == 10
    split(world, token, 3)
    assert locked(world, token) == 29
    assert lots(world, token) == (Lot(10, 0, start, start, start + 100 * DAY),)
    world.node.set_time(start + 90 * DAY)
    assert parts(world, token, "alice")[:4] == (3000, 2997, 0, 3)
    send(world, token, 2997)
    with refused(SHORT, at(world, "alice"), 1, 0):
        send(world, token, 1)


def test_force_takes_what_became_free_before_it_shrinks_a_lot(world: World, token: Token) -> None:
    start = world.now
    lock(world, token, 1000, start, start, start + 100 * DAY)
    world.node.set_time(start + 40 * DAY)
    receipt = world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 400))
    assert "LotReleased" not in event_names(world, receipt)
    assert parts(world, token, "alice")[:4] == (600, 0, 0, 600)


def test_a_lot_that_force_shrinks_locks_what_is_left_and_ends_when_it_did(world: World, token: Token) -> None:
    start = world.now
    lock(world, token, 1000, start, start + 10 * DAY, start + 100 * DAY)
    world.node.set_time(start + 50 * DAY)
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 700))
    [lot] = lots(world, token)
    assert (lot.start, lot.cliff, lot.end) == (start, start + 10 * DAY, start + 100 * DAY)
    assert lot.units == 300 * 100 * DAY // (100 * DAY - (world.now - start))
    assert parts(world, token, "alice")[:4] == (300, 0, 0, 300)
    for days, left in ((60, 240), (75, 150), (99, 6), (100, 0)):
        world.node.set_time(start + days * DAY)
        assert abs(locked(world, token) - left) <= 1
        assert locked(world, token) <= 1000 - days * 10


def test_lots_of_one_end_shrink_by_cliff_then_start_then_units(world: World, token: Token) -> None:
    now = world.now
    end = now + 100 * DAY
    ranks = [(now, now + 50 * DAY, 7), (now + 1, now + 50 * DAY, 4), (now + 1, now + 50 * DAY, 5), (now, end, 9)]
    for place in (3, 1, 0, 2):
        start, cliff, units = ranks[place]
        lock(world, token, units, start, cliff, end)
    for taken, left in ((978, [4, 4, 5, 9]), (8, [5, 9]), (3, [2, 9]), (5, [6])):
        world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), taken))
        assert sorted(lot.units for lot in lots(world, token)) == left


def test_lots_follow_a_lost_holding_and_go_on_becoming_free(world: World, token: Token) -> None:
    start, new = world.now, second_wallet(world, "alice")
    lock(world, token, 1000, start, start, start + 100 * DAY)
    world.node.set_time(start + 50 * DAY)
    lose(world, token, "alice", LOSS)
    world.order(token.bind.reissue(LOSS, new))
    assert lots(world, token, new) == (Lot(1000, 0, start, start, start + 100 * DAY),)
    assert parts(world, token, "alice")[:4] == (0, 0, 0, 0)
    world.node.set_time(start + 75 * DAY)
    assert parts(world, token, new)[:4] == (1000, 750, 0, 250)


def test_a_holding_never_comes_to_more_lots_than_it_may_have(world: World, token: Token) -> None:
    """Not when a lost one is carried to it either; those that are over make room, and another wallet has room."""
    start, soon, new = world.now, world.now + 10 * DAY, second_wallet(world, "alice")
    world.order(token.bind.issue(new, 20, b""))
    for place in range(9):
        lock(world, token, 1, soon, soon, soon, new)
        lock(world, token, 1, start, start, start + (place + 50) * DAY)
    lose(world, token, "alice", LOSS)
    with refused(reverts.LotsFull, 16):
        world.order(token.bind.reissue(LOSS, new))
    world.node.set_time(soon)
    receipt = world.order(token.bind.reissue(LOSS, new))
    assert [event["units"] for event in events(world, receipt, "LotReleased") if event["holder"] == new] == [1] * 9
    assert len(lots(world, token, new)) == 9
    assert parts(world, token, new)[:4] == (1020, 1011, 0, 9)
    assert token.bind.lots_of(DEFAULT, at(world, "alice")) == ()


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_sixteen_lots_of_all_there_can_be_fit_beside_all_that_can_be_frozen_and_requested(world: World) -> None:
    """Of lots that have all but ended nearly everything is free, and can be locked again and again."""
    everything = UNITS_LIMIT - 1
    token = world.new_token(authorised_units=everything)
    world.issue(token, "alice", everything)
    end = world.now + 40 * DAY
    for _ in range(16):
        lock(world, token, parts(world, token, "alice").free, 0, 0, end)
    held = parts(world, token, "alice")
    assert held.locked_lots + held.free == everything
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), held.free - 1, end))
    freeze(world, token, "alice", everything)
    assert parts(world, token, "alice")[1:3] == (0, everything)
    world.node.set_time(end)
    world.order(token.bind.set_frozen_tokens(at(world, "alice"), 0))
    world.send("alice", token.bind.cancel_transfer_request(1))
    assert parts(world, token, "alice")[:4] == (everything, everything, 0, 0)
    send(world, token, everything)
    assert outcome(world, "bob", token.bind.transfer(at(world, "alice"), everything)) == "done"


def test_a_holding_encumbered_many_times_over_splits_with_all_its_lots(world: World) -> None:
    token = world.new_token(authorised_units=1000)
    world.issue(token, "alice", 1000)
    start, end = world.now - 10_000 * DAY, world.now + 40 * DAY
    for _ in range(16):
        lock(world, token, parts(world, token, "alice").free, start, start, end)
    ratio = (UNITS_LIMIT - 1) // 1000
    split(world, token, ratio)
    held = parts(world, token, "alice")
    assert held.units == 1000 * ratio == held.free + held.locked_lots
    send(world, token, held.free)
    with pytest.raises(Reverted):
        send(world, token, held.locked_lots)
