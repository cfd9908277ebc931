"""Units that stay registered to their holder but cannot move: frozen, in lots, requested."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import DAY, DEFAULT, ZERO, at, event_names, events, freeze, outcome, parts, refused, split
from stotoken import reverts
from stotoken.client.token import Token
from stotoken.errors import Reverted


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token()
    world.issue(token, "alice", 100)
    return token


def send(world: World, token: Token, units: int) -> None:
    world.send("alice", token.bind.transfer(at(world, "bob"), units))


def lot(world: World, token: Token, units: int, until: int, holder: str = "alice") -> None:
    world.order(token.bind.lock_lot(DEFAULT, at(world, holder), units, *[until] * 3))


def request(world: World, token: Token, units: int) -> int:
    receipt = world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), units, world.now + DAY))
    id: int = events(world, receipt, "TransferRequested")[0]["id"]
    return id


def force(world: World, token: Token, units: int) -> list[str]:
    receipt = world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), units))
    return event_names(world, receipt)


# --- freeze -----------------------------------------------------------------------------------------------------------


def test_frozen_units_stay_and_the_rest_moves(world: World, token: Token) -> None:
    receipt = freeze(world, token, "alice", 60)
    assert events(world, receipt, "Frozen") == [{"account": at(world, "alice"), "amount": 60}]
    assert events(world, receipt, "FrozenByPartition")[0]["units"] == 60
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 41, 40):
        send(world, token, 41)
    send(world, token, 40)
    assert parts(world, token, "alice")[:3] == (60, 0, 60)


def test_more_may_be_frozen_than_is_held(world: World, token: Token) -> None:
    freeze(world, token, "alice", 150)
    assert token.bind.get_frozen_tokens(at(world, "alice")) == 150
    assert parts(world, token, "alice")[:3] == (100, 0, 150)
    world.issue(token, "alice", 70)
    assert parts(world, token, "alice")[:3] == (170, 20, 150)
    send(world, token, 20)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 1, 0):
        send(world, token, 1)


def test_units_are_frozen_before_anything_is_held(world: World, token: Token) -> None:
    freeze(world, token, "bob", 30)
    send(world, token, 50)
    assert parts(world, token, "bob")[:3] == (50, 20, 30)


def test_no_more_is_frozen_than_is_authorised(world: World, token: Token) -> None:
    with refused(reverts.UnitsOutOfRange, 1_000_001):
        freeze(world, token, "alice", 1_000_001)
    freeze(world, token, "alice", 1_000_000)


def test_the_zero_address_is_not_frozen(world: World, token: Token) -> None:
    with refused(reverts.UnitsOutOfRange):
        world.send("compliance", token.bind.set_frozen_by_partition(DEFAULT, ZERO, 1))


def test_units_of_a_partition_that_does_not_exist_are_not_frozen(world: World, token: Token) -> None:
    with refused(reverts.PartitionUnknown, b"x" * 32):
        freeze(world, token, "alice", 1, b"x" * 32)


def test_a_freeze_grows_by_one_person_and_shrinks_by_an_order(world: World, token: Token) -> None:
    freeze(world, token, "alice", 60)
    freeze(world, token, "alice", 60)
    freeze(world, token, "alice", 70)
    with refused(reverts.OrderRequired, at(world, "compliance")):
        freeze(world, token, "alice", 69)
    world.order(token.bind.set_frozen_tokens(at(world, "alice"), 10))
    assert parts(world, token, "alice")[:3] == (100, 90, 10)
    world.order(token.bind.set_frozen_tokens(at(world, "alice"), 0))
    send(world, token, 100)


def test_after_a_split_a_freeze_of_the_old_number_would_be_less(world: World, token: Token) -> None:
    freeze(world, token, "alice", 60)
    split(world, token, 2)
    assert token.bind.get_frozen_tokens(at(world, "alice")) == 120
    with refused(reverts.OrderRequired, at(world, "compliance")):
        freeze(world, token, "alice", 119)
    freeze(world, token, "alice", 120)
    assert parts(world, token, "alice")[:3] == (200, 80, 120)


def test_a_freeze_in_one_partition_leaves_the_other_free(world: World) -> None:
    token = world.new_token(partitions=["class-a"])
    other = token.bind.partitions()[1]
    world.issue(token, "alice", 10)
    world.issue(token, "alice", 10, "class-a")
    receipt = freeze(world, token, "alice", 10, other)
    assert "Frozen" not in event_names(world, receipt)
    send(world, token, 10)
    transfer = token.bind.transfer_by_partition(other, at(world, "bob"), 1, b"")
    assert outcome(world, "alice", transfer) == "ERC7943InsufficientUnfrozenBalance"


# --- force thaws ------------------------------------------------------------------------------------------------------


def test_force_takes_free_units_first_and_leaves_the_frozen(world: World, token: Token) -> None:
    freeze(world, token, "alice", 60)
    assert force(world, token, 40) == [
        "Transfer",
        "TransferByPartition",
        "ForcedTransfer",
        "ControllerTransfer",
        "OrderExecuted",
    ]
    assert parts(world, token, "alice")[:3] == (60, 0, 60)


def test_force_thaws_what_it_takes_of_the_frozen_and_says_so_first(world: World, token: Token) -> None:
    freeze(world, token, "alice", 60)
    assert force(world, token, 70) == [
        "FrozenByPartition",
        "Frozen",
        "Transfer",
        "TransferByPartition",
        "ForcedTransfer",
        "ControllerTransfer",
        "OrderExecuted",
    ]
    assert parts(world, token, "alice")[:3] == (30, 0, 30)


def test_force_on_a_freeze_above_the_balance_leaves_the_rest_frozen(world: World, token: Token) -> None:
    freeze(world, token, "alice", 150)
    force(world, token, 100)
    assert parts(world, token, "alice")[:3] == (0, 0, 50)


def test_force_takes_free_units_before_those_in_lots(world: World, token: Token) -> None:
    lot(world, token, 60, world.now + DAY)
    assert "LotReleased" not in force(world, token, 40)
    assert parts(world, token, "alice")[:4] == (60, 0, 0, 60)


def test_force_shrinks_lots_to_the_units_that_are_left(world: World, token: Token) -> None:
    now = world.now
    lot(world, token, 50, now + DAY)
    lot(world, token, 40, now + 2 * DAY)
    names = force(world, token, 70)
    assert "LotReleased" in names
    assert "Frozen" not in names
    assert parts(world, token, "alice")[:4] == (30, 0, 0, 30)
    world.issue(token, "alice", 5)
    assert parts(world, token, "alice")[:4] == (35, 5, 0, 30)
    world.node.set_time(now + 2 * DAY)
    send(world, token, 35)
    assert parts(world, token, "alice") == (0, 0, 0, 0, 0, False)


def test_force_of_everything_leaves_nothing_locked(world: World, token: Token) -> None:
    lot(world, token, 60, world.now + DAY)
    freeze(world, token, "alice", 30)
    force(world, token, 100)
    world.issue(token, "alice", 10)
    assert parts(world, token, "alice")[:4] == (10, 10, 0, 0)


def test_force_shrinks_lots_of_an_earlier_epoch_in_new_units(world: World, token: Token) -> None:
    lot(world, token, 50, world.now + DAY)
    split(world, token, 3)
    force(world, token, 250)
    assert parts(world, token, "alice")[:4] == (50, 0, 0, 50)
    split(world, token, 2)
    assert parts(world, token, "alice")[:4] == (100, 0, 0, 100)


def test_force_takes_requested_units_and_the_request_can_only_be_ended(world: World, token: Token) -> None:
    id = request(world, token, 80)
    force(world, token, 100)
    assert outcome(world, "issuer", token.bind.approve_transfer_request(id)) == "ERC20InsufficientBalance"
    world.send("issuer", token.bind.reject_transfer_request(id))
    world.issue(token, "alice", 5)
    assert parts(world, token, "alice")[:2] == (5, 5)


def test_force_takes_no_more_than_is_held(world: World, token: Token) -> None:
    with refused(reverts.ERC20InsufficientBalance, at(world, "alice"), 100, 101):
        force(world, token, 101)


# --- lots -------------------------------------------------------------------------------------------------------------


def test_a_lot_is_locked_until_its_end_and_free_by_itself_after_it(world: World, token: Token) -> None:
    until = world.now + DAY
    lot(world, token, 70, until)
    world.node.set_time(until - 1)
    assert parts(world, token, "alice") == (100, 30, 0, 70, 0, False)
    transfer = token.bind.transfer(at(world, "bob"), 31)
    assert outcome(world, "alice", transfer) == "ERC7943InsufficientUnfrozenBalance"
    world.node.set_time(until)
    assert parts(world, token, "alice") == (100, 100, 0, 0, 0, False)
    receipt = world.send("alice", transfer)
    assert events(world, receipt, "LotReleased")[0]["units"] == 70
    assert token.bind.lots_of(DEFAULT, at(world, "alice")) == ()


def test_free_units_move_without_sweeping_lots_that_are_over(world: World, token: Token) -> None:
    until = world.now + DAY
    lot(world, token, 70, until)
    world.node.set_time(until)
    receipt = world.send("alice", token.bind.transfer(at(world, "bob"), 30))
    assert "LotReleased" not in event_names(world, receipt)
    assert parts(world, token, "alice")[:2] == (70, 70)


def test_lots_end_one_after_the_other(world: World, token: Token) -> None:
    now = world.now
    for place in (3, 1, 2):
        lot(world, token, 20, now + place * DAY)
    for days, free in ((0, 40), (1, 60), (2, 80), (3, 100)):
        if days:
            world.node.set_time(now + days * DAY)
        assert parts(world, token, "alice").free == free
        with refused(reverts.ERC7943InsufficientUnfrozenBalance if days < 3 else reverts.ERC20InsufficientBalance):
            world.people.alice.simulate(token.bind.transfer(at(world, "bob"), free + 1))
        world.people.alice.simulate(token.bind.transfer(at(world, "bob"), free))


def test_a_lot_is_taken_from_free_units_only(world: World, token: Token) -> None:
    freeze(world, token, "alice", 50)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 51, 50):
        lot(world, token, 51, world.now + DAY)
    lot(world, token, 50, world.now + DAY)
    assert parts(world, token, "alice")[:4] == (100, 0, 50, 50)


@pytest.mark.parametrize("until", [0, 1])
def test_a_lot_ends_in_the_future(world: World, token: Token, until: int) -> None:
    with refused(reverts.TimeNotFuture):
        lot(world, token, 1, until and world.now)


def test_an_empty_lot_is_refused(world: World, token: Token) -> None:
    with refused(reverts.ERC7943InsufficientUnfrozenBalance):
        lot(world, token, 0, world.now + DAY)


def test_a_holding_has_at_most_sixteen_lots_and_room_again_when_some_are_over(world: World, token: Token) -> None:
    end = world.now + DAY
    for _ in range(16):
        lot(world, token, 1, end)
    with refused(reverts.LotsFull, 16):
        lot(world, token, 1, end)
    world.node.set_time(end)
    lot(world, token, 100, end + DAY)
    assert len(token.bind.lots_of(DEFAULT, at(world, "alice"))) == 1


def test_the_supply_is_no_holding_that_could_be_locked(world: World, token: Token) -> None:
    """The zero address keeps a partition's supply: an encumbrance on it would be nobody's."""
    with pytest.raises(Reverted):
        world.order(token.bind.lock_lot(DEFAULT, ZERO, 1, *[world.now + DAY] * 3))


# --- requests ---------------------------------------------------------------------------------------------------------


def test_requested_units_stay_registered_and_do_not_move(world: World, token: Token) -> None:
    id = request(world, token, 60)
    assert parts(world, token, "alice")[:2] == (100, 40)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 41, 40):
        send(world, token, 41)
    world.send("issuer", token.bind.approve_transfer_request(id))
    assert parts(world, token, "alice")[:2] == (40, 40)
    assert token.bind.balance_of(at(world, "bob")) == 60


@pytest.mark.parametrize("how", ["reject", "cancel"])
def test_units_of_a_request_that_ended_are_free_again(world: World, token: Token, how: str) -> None:
    id = request(world, token, 60)
    if how == "reject":
        world.send("registrar", token.bind.reject_transfer_request(id))
    else:
        world.send("alice", token.bind.cancel_transfer_request(id))
    send(world, token, 100)


def test_requests_are_made_of_free_units_only(world: World, token: Token) -> None:
    freeze(world, token, "alice", 30)
    lot(world, token, 30, world.now + DAY)
    request(world, token, 30)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 11, 10):
        request(world, token, 11)
    request(world, token, 10)
    assert parts(world, token, "alice")[:4] == (100, 0, 30, 30)


def test_a_request_may_use_units_of_a_lot_that_is_over(world: World, token: Token) -> None:
    until = world.now + DAY
    lot(world, token, 100, until)
    world.node.set_time(until)
    id = request(world, token, 100)
    world.send("issuer", token.bind.approve_transfer_request(id))
    assert token.bind.balance_of(at(world, "bob")) == 100


# --- all of them over a split -----------------------------------------------------------------------------------------


def test_frozen_locked_and_requested_units_are_split_with_the_holding(world: World, token: Token) -> None:
    until = world.now + 10 * DAY
    freeze(world, token, "alice", 10)
    lot(world, token, 20, until)
    id = request(world, token, 30)
    split(world, token, 2)
    split(world, token, 3)
    assert parts(world, token, "alice") == (600, 240, 60, 120, 0, False)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, at(world, "alice"), 241, 240):
        send(world, token, 241)
    send(world, token, 240)
    world.send("issuer", token.bind.approve_transfer_request(id))
    assert token.bind.balance_of(at(world, "bob")) == 240 + 180
    assert parts(world, token, "alice") == (180, 0, 60, 120, 0, False)
    world.node.set_time(until)
    send(world, token, 120)
    world.order(token.bind.set_frozen_tokens(at(world, "alice"), 0))
    send(world, token, 60)
    assert parts(world, token, "alice") == (0, 0, 0, 0, 0, False)


def test_lots_of_different_epochs_are_swept_together(world: World, token: Token) -> None:
    until = world.now + 10 * DAY
    lot(world, token, 10, until)
    split(world, token, 2)
    lot(world, token, 30, until)
    split(world, token, 5)
    assert parts(world, token, "alice")[:4] == (1000, 750, 0, 250)
    world.node.set_time(until)
    receipt = world.send("alice", token.bind.transfer(at(world, "bob"), 1000))
    assert {event["units"] for event in events(world, receipt, "LotReleased")} == {100, 150}
    assert parts(world, token, "alice") == (0, 0, 0, 0, 0, False)


def test_a_forced_move_after_a_split_thaws_in_new_units(world: World, token: Token) -> None:
    freeze(world, token, "alice", 60)
    split(world, token, 2)
    force(world, token, 150)
    assert parts(world, token, "alice")[:3] == (50, 0, 50)
