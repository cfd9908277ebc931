"""The world that all tests act in does what it says, and leaves nothing behind."""

from __future__ import annotations

from world import World

from stotoken.types import partition_id


def test_a_new_token_is_issued_through_an_order(world: World) -> None:
    token = world.new_token(partitions=["class-a"])
    world.issue(token, "alice", 700, "class-a")
    alice = world.people.alice.address
    assert token.bind.balance_of_by_partition(partition_id("class-a"), alice) == 700
    world.send("alice", token.bind.transfer_by_partition(partition_id("class-a"), world.people.bob.address, 300, b""))
    assert token.bind.balance_of(world.people.bob.address) == 300


def test_nothing_is_left_of_an_earlier_test(world: World) -> None:
    assert world.system.bind.tokens() == ()
    assert world.orders.bind.count() == 0


def test_time_that_passed_in_a_test_comes_back(world: World) -> None:
    before = world.now
    world.travel(1_000_000)
    assert world.now >= before + 1_000_000


def test_the_earlier_test_did_not_move_the_clock(world: World) -> None:
    assert world.now < world.connection.block(world.deployment.block_number).timestamp + 100_000
