"""No more investors hold than may, counted by investor and not by wallet."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DEFAULT, LOSS, at, events, lose, outcome, refused, second_wallet, split
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    """Two investors may hold; alice and bob do."""
    token = world.new_token(holder_cap=2, partitions=["class-a"], puttable=True)
    world.issue(token, "alice", 100)
    world.issue(token, "bob", 100)
    return token


def count(token: Token) -> int:
    return token.bind.holder_count()


def test_the_cap_is_reached_and_not_passed(world: World, token: Token) -> None:
    assert count(token) == 2
    with refused(reverts.HolderCapReached, 2):
        world.send("alice", token.bind.transfer(at(world, "carol"), 1))
    with refused(reverts.HolderCapReached, 2):
        world.issue(token, "carol", 1)
    with refused(reverts.HolderCapReached, 2):
        world.send("alice", token.bind.transfer_by_partition(DEFAULT, at(world, "carol"), 99, b""))


def test_who_sells_out_to_a_new_holder_makes_room_for_him(world: World, token: Token) -> None:
    world.send("alice", token.bind.transfer(at(world, "carol"), 100))
    assert count(token) == 2
    assert outcome(world, "carol", token.bind.transfer(at(world, "alice"), 1)) == "HolderCapReached"


def test_who_is_a_holder_may_have_more(world: World, token: Token) -> None:
    world.send("alice", token.bind.transfer(at(world, "bob"), 99))
    world.issue(token, "bob", 5)
    assert count(token) == 2


def test_two_wallets_of_one_investor_are_one_holder(world: World, token: Token) -> None:
    wallet = second_wallet(world, "alice")
    world.send("alice", token.bind.transfer(wallet, 40))
    assert count(token) == 2
    world.send("alice", token.bind.transfer(at(world, "bob"), 60))
    assert count(token) == 2  # alice holds through her second wallet still
    assert outcome(world, "bob", token.bind.transfer(at(world, "carol"), 1)) == "HolderCapReached"
    world.order(token.bind.forced_transfer(wallet, at(world, "bob"), 40))
    assert count(token) == 1
    world.send("bob", token.bind.transfer(at(world, "carol"), 1))
    assert count(token) == 2


def test_a_holder_in_two_partitions_is_one_holder(world: World, token: Token) -> None:
    world.issue(token, "alice", 10, "class-a")
    assert count(token) == 2
    world.send("alice", token.bind.transfer(at(world, "bob"), 100))
    assert count(token) == 2
    world.send("alice", token.bind.transfer_by_partition(CLASS_A, at(world, "bob"), 10, b""))
    assert count(token) == 1


def test_the_whole_holding_moved_to_ones_own_second_wallet_changes_nothing(world: World, token: Token) -> None:
    world.send("alice", token.bind.transfer(second_wallet(world, "alice"), 100))
    assert count(token) == 2


def test_the_treasury_is_no_holder(world: World, token: Token) -> None:
    world.issue(token, "treasury", 100)
    assert count(token) == 2
    world.send("alice", token.bind.transfer(at(world, "treasury"), 100))
    assert count(token) == 1
    world.send("treasury", token.bind.transfer(at(world, "carol"), 200))
    assert count(token) == 2
    assert token.bind.balance_of(at(world, "treasury")) == 0


def test_nothing_moved_makes_nobody_a_holder(world: World, token: Token) -> None:
    world.send("alice", token.bind.transfer(at(world, "carol"), 0))
    world.send("alice", token.bind.transfer(at(world, "alice"), 100))
    assert count(token) == 2


def test_redemption_makes_room(world: World, token: Token) -> None:
    world.send("alice", token.bind.redeem(100, b""))
    assert count(token) == 1
    world.issue(token, "carol", 1)
    assert count(token) == 2


def test_force_passes_the_cap_and_an_event_flags_it(world: World, token: Token) -> None:
    receipt = world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 40))
    assert events(world, receipt, "HolderCapExceeded") == [{"holders": 3, "cap": 2}]
    assert count(token) == 3
    receipt = world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 10))
    assert events(world, receipt, "HolderCapExceeded") == []


def test_above_the_cap_holders_may_only_become_fewer(world: World, token: Token) -> None:
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 40))
    assert outcome(world, "alice", token.bind.transfer(at(world, "dave"), 1)) == "HolderCapReached"
    world.send("alice", token.bind.transfer(at(world, "dave"), 60))  # one goes, one comes
    assert count(token) == 3
    world.send("dave", token.bind.transfer(at(world, "bob"), 60))
    world.send("carol", token.bind.transfer(at(world, "bob"), 40))
    assert count(token) == 1


def test_a_lowered_cap_drives_nobody_out(world: World, token: Token) -> None:
    world.order(token.bind.set_policy(1, 1, False, False))
    assert count(token) == 2
    world.send("alice", token.bind.transfer(at(world, "bob"), 10))
    assert outcome(world, "alice", token.bind.transfer(at(world, "carol"), 1)) == "HolderCapReached"


@pytest.mark.parametrize("cap", [0, 2])
def test_counting_holders_neither_begins_nor_ends_in_the_life_of_a_token(world: World, cap: int) -> None:
    token = world.new_token(holder_cap=cap)
    with refused(reverts.TermsInconsistent, 1, b"HOLDER_CAP".ljust(32, b"\0")):
        world.order(token.bind.set_policy(1, 2 - cap, False, False))


def test_a_token_without_a_cap_counts_nobody(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 1)
    assert count(token) == 0


def test_a_reissue_to_the_second_wallet_and_a_split_change_no_count(world: World, token: Token) -> None:
    lose(world, token, "alice")
    split(world, token, 2)
    world.order(token.bind.reissue(LOSS, second_wallet(world, "alice")))
    assert count(token) == 2


def test_the_rows_of_a_batch_are_counted_one_after_the_other(world: World) -> None:
    token = world.new_token(holder_cap=3)
    world.issue(token, "alice", 100)
    to = [at(world, name) for name in ("bob", "carol", "dave")]
    assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, to, [10, 10, 10])) == "HolderCapReached"
    assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, to, [10, 10, 80])) == "done"
    world.send("alice", token.bind.batch_transfer(DEFAULT, [*to[:2], to[0]], [10, 10, 10]))
    assert count(token) == 3


def test_a_batch_issue_is_counted_row_by_row(world: World) -> None:
    token = world.new_token(holder_cap=2)
    to = [at(world, name) for name in ("bob", "carol", "bob", "dave")]
    with refused(reverts.HolderCapReached, 2):
        world.order(token.bind.batch_issue(DEFAULT, to, [1, 1, 1, 1], b""))
    world.order(token.bind.batch_issue(DEFAULT, to[:3], [1, 1, 1], b""))
    assert count(token) == 2
