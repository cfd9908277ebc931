"""No lock-up of the token, the partition or the holding is running."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, events, outcome, refused, split
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"], puttable=True)
    for partition in ("default", "class-a"):
        for holder in ("alice", "bob"):
            world.issue(token, holder, 100, partition)
    return token


def lock(world: World, token: Token, partition: bytes, holder: str, until: int) -> None:
    world.order(token.bind.set_lockup(partition, holder, until))


def movers(world: World, token: Token) -> set[str]:
    """Whose units of which partition move."""
    found = set()
    for partition, shown in ((DEFAULT, "default"), (CLASS_A, "class-a")):
        for holder in ("alice", "bob"):
            call = token.bind.transfer_by_partition(partition, at(world, "carol"), 1, b"")
            result = outcome(world, holder, call)
            assert result in ("done", "HoldingLockedUp")
            if result == "done":
                found.add(f"{holder}, {shown}")
    return found


ALL = {"alice, default", "bob, default", "alice, class-a", "bob, class-a"}
SCOPES = {
    "token": (bytes(32), ZERO, set()),
    "partition": (CLASS_A, ZERO, {"alice, default", "bob, default"}),
    "holder": (CLASS_A, "alice", ALL - {"alice, class-a"}),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_lockup_stops_its_scope_alone_until_the_second_before_its_end(world: World, token: Token, scope: str) -> None:
    partition, holder, left = SCOPES[scope]
    until = world.now + DAY
    lock(world, token, partition, at(world, holder) if holder == "alice" else holder, until)
    world.node.set_time(until - 1)
    assert movers(world, token) == left
    world.node.set_time(until)
    assert movers(world, token) == ALL


def test_the_latest_of_several_lockups_is_the_one_named(world: World, token: Token) -> None:
    now = world.now
    lock(world, token, bytes(32), ZERO, now + DAY)
    lock(world, token, DEFAULT, ZERO, now + 2 * DAY)
    lock(world, token, DEFAULT, at(world, "alice"), now + 3 * DAY)
    for holder, until in (("alice", now + 3 * DAY), ("bob", now + 2 * DAY)):
        with refused(reverts.HoldingLockedUp, at(world, holder), until):
            world.send(holder, token.bind.transfer(at(world, "carol"), 1))
    with refused(reverts.HoldingLockedUp, at(world, "bob"), now + DAY):
        world.send("bob", token.bind.transfer_by_partition(CLASS_A, at(world, "carol"), 1, b""))


def test_a_lockup_is_lifted_by_an_order(world: World, token: Token) -> None:
    lock(world, token, bytes(32), ZERO, world.now + DAY)
    receipt = world.order(token.bind.set_lockup(bytes(32), ZERO, 0))
    assert events(world, receipt, "LockupChanged") == [{"partition": bytes(32), "holder": ZERO, "until": 0}]
    assert movers(world, token) == ALL


def test_a_lockup_ends_in_the_future(world: World, token: Token) -> None:
    with refused(reverts.TimeNotFuture, world.now):
        lock(world, token, bytes(32), ZERO, world.now)


def test_a_lockup_needs_a_partition_that_exists(world: World, token: Token) -> None:
    for holder in (ZERO, at(world, "alice")):
        with refused(reverts.PartitionUnknown, b"x" * 32):
            lock(world, token, b"x" * 32, holder, world.now + DAY)
    with refused(reverts.PartitionUnknown, bytes(32)):
        lock(world, token, bytes(32), at(world, "alice"), world.now + DAY)


def test_a_lockup_of_the_terms_holds_from_the_first_issue(world: World) -> None:
    until = world.now + DAY
    token = world.new_token(locked_until=until)
    world.issue(token, "alice", 100)
    with refused(reverts.HoldingLockedUp, at(world, "alice"), until):
        world.send("alice", token.bind.transfer(at(world, "bob"), 1))


def test_a_lockup_lets_distribution_redemption_and_force_pass(world: World, token: Token) -> None:
    lock(world, token, bytes(32), ZERO, world.now + DAY)
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    world.send("agent", token.bind.distribute(DEFAULT, [at(world, "carol")], [10], bytes(32)))
    world.send("alice", token.bind.redeem(10, b""))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 10))
    assert token.bind.balance_of(at(world, "carol")) == 20


def test_a_lockup_of_a_holding_stays_through_sale_and_split(world: World, token: Token) -> None:
    until = world.now + DAY
    lock(world, token, DEFAULT, at(world, "alice"), until)
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 100))
    split(world, token, 2)
    world.issue(token, "alice", 5)
    with refused(reverts.HoldingLockedUp, at(world, "alice"), until):
        world.send("alice", token.bind.transfer(at(world, "bob"), 1))


def test_a_locked_up_holding_may_receive(world: World, token: Token) -> None:
    lock(world, token, DEFAULT, at(world, "alice"), world.now + DAY)
    world.send("bob", token.bind.transfer(at(world, "alice"), 1))
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "alice")) == 101
