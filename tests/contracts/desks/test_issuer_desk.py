"""Issue, allotment, distribution, authorised units, lots and pauses."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import (
    CLASS_A,
    DEFAULT,
    UNITS_LIMIT,
    ZERO,
    at,
    event_names,
    events,
    outcome,
    refused,
    second_wallet,
    split,
)
from stotoken import reverts
from stotoken.client.bindings.structs import Lot
from stotoken.client.token import Token
from stotoken.errors import Reverted
from stotoken.types import keccak

BATCH = keccak(b"batch 7")


@pytest.fixture
def token(world: World) -> Token:
    return world.new_token(partitions=["class-a"], authorised_units=1_000)


def distribution(world: World, token: Token, *rows: tuple[str, int], partition: bytes = DEFAULT):  # type: ignore[no-untyped-def]
    return token.bind.distribute(partition, [at(world, name) for name, _ in rows], [units for _, units in rows], BATCH)


# --- issue ------------------------------------------------------------------------------------------------------------


def test_issue_reaches_the_authorised_units_over_all_partitions_and_not_one_more(world: World, token: Token) -> None:
    world.issue(token, "alice", 600)
    world.issue(token, "bob", 400, "class-a")
    with refused(reverts.AuthorisedUnitsExceeded, 1, 1_000):
        world.issue(token, "alice", 1)
    assert token.bind.total_supply() == 1_000


def test_issue_to_a_partition_that_does_not_exist_is_refused(world: World, token: Token) -> None:
    for partition in (b"x" * 32, bytes(32)):
        with refused(reverts.PartitionUnknown, partition):
            world.issue(token, "alice", 1, partition)


def test_an_issue_of_nothing_is_refused(world: World, token: Token) -> None:
    with refused(reverts.UnitsOutOfRange, 0):
        world.issue(token, "alice", 0)


def test_an_issue_to_nobody_is_refused(world: World, token: Token) -> None:
    with refused(reverts.ERC20InvalidReceiver, ZERO):
        world.issue(token, ZERO, 1)


def test_redeemed_units_may_be_issued_again(world: World, token: Token) -> None:
    world.issue(token, "alice", 1_000)
    world.order(token.bind.controller_redeem(at(world, "alice"), 10, b"", b""))
    world.issue(token, "bob", 10)
    assert token.bind.total_supply() == 1_000


def test_a_second_tranche_is_one_with_the_first(world: World, token: Token) -> None:
    world.issue(token, "alice", 300)
    world.travel(1_000)
    world.issue(token, "alice", 200)
    world.send("alice", token.bind.transfer(at(world, "bob"), 500))
    assert token.bind.balance_of(at(world, "bob")) == 500


def test_a_batch_issue_tells_of_every_row(world: World, token: Token) -> None:
    to = [at(world, name) for name in ("alice", "bob", "alice")]
    receipt = world.order(token.bind.batch_issue(CLASS_A, to, [10, 20, 30], b"\x05"))
    told = [(row["to"], row["value"], row["data"]) for row in events(world, receipt, "IssuedByPartition")]
    assert told == [(to[0], 10, b"\x05"), (to[1], 20, b"\x05"), (to[2], 30, b"\x05")]
    assert [token.bind.balance_of_by_partition(CLASS_A, who) for who in to[:2]] == [40, 20]
    assert token.bind.total_supply_by_partition(CLASS_A) == 60


BAD_BATCHES = {
    "a row of nothing": ([10, 0], "UnitsOutOfRange"),
    "a row beyond all bounds": ([10, UNITS_LIMIT], "UnitsOutOfRange"),
    "rows that overflow together": ([UNITS_LIMIT - 1] * 2, "AuthorisedUnitsExceeded"),
    "more than is authorised together": ([500, 501], "AuthorisedUnitsExceeded"),
    "a number too few": ([10], "ListsDiffer"),
}


@pytest.mark.parametrize("why", BAD_BATCHES)
def test_a_batch_issue_is_refused_with(world: World, token: Token, why: str) -> None:
    units, error = BAD_BATCHES[why]
    with refused(getattr(reverts, error)):
        world.order(token.bind.batch_issue(DEFAULT, [at(world, "alice"), at(world, "bob")], units, b""))
    assert token.bind.total_supply() == 0


def test_finalised_issuance_is_closed_for_ever(world: World, token: Token) -> None:
    world.issue(token, "alice", 10)
    assert token.bind.is_issuable() is True
    receipt = world.order(token.bind.finalize_issuance())
    assert event_names(world, receipt) == ["IssuanceFinalized", "OrderExecuted"]
    assert token.bind.is_issuable() is False
    for call in (
        token.bind.issue(at(world, "alice"), 1, b""),
        token.bind.issue_by_partition(CLASS_A, at(world, "alice"), 1, b""),
        token.bind.batch_issue(DEFAULT, [at(world, "alice")], [1], b""),
        token.bind.finalize_issuance(),
    ):
        with refused(reverts.IssuanceClosed):
            world.order(call)


# --- authorised units -------------------------------------------------------------------------------------------------


def test_authorised_units_are_raised_and_never_lowered(world: World, token: Token) -> None:
    for units in (0, 999, 1_000):
        with refused(reverts.UnitsOutOfRange, units):
            world.order(token.bind.raise_authorised_units(units))
    receipt = world.order(token.bind.raise_authorised_units(1_500))
    assert events(world, receipt, "AuthorisedUnitsChanged") == [{"units": 1_500}]
    world.issue(token, "alice", 1_500)


def test_authorised_units_stay_below_the_bound(world: World, token: Token) -> None:
    with refused(reverts.UnitsOutOfRange, UNITS_LIMIT):
        world.order(token.bind.raise_authorised_units(UNITS_LIMIT))
    world.order(token.bind.raise_authorised_units(UNITS_LIMIT - 1))


def test_authorised_units_are_split_and_raised_in_new_units(world: World, token: Token) -> None:
    split(world, token, 3)
    assert token.bind.authorised_units() == 3_000 == token.bind.terms().authorised_units
    with refused(reverts.UnitsOutOfRange, 3_000):
        world.order(token.bind.raise_authorised_units(3_000))
    world.order(token.bind.raise_authorised_units(3_001))
    split(world, token, 2)
    world.issue(token, "alice", 6_002)
    with refused(reverts.AuthorisedUnitsExceeded, 1, 6_002):
        world.issue(token, "alice", 1)


# --- allotment and distribution ---------------------------------------------------------------------------------------


@pytest.fixture
def allotted(world: World, token: Token) -> Token:
    """Fifty of a hundred units of the treasury are allotted."""
    world.issue(token, "treasury", 100)
    world.order(token.bind.allot(DEFAULT, 50))
    return token


def test_the_agent_distributes_within_the_allotment_and_not_one_more(world: World, allotted: Token) -> None:
    receipt = world.send("agent", distribution(world, allotted, ("alice", 20), ("bob", 10)))
    assert event_names(world, receipt) == ["Transfer", "TransferByPartition"] * 2 + ["Distributed"]
    assert events(world, receipt, "Distributed") == [{"partition": DEFAULT, "batch": BATCH, "count": 2, "units": 30}]
    assert {told["operator"] for told in events(world, receipt, "TransferByPartition")} == {at(world, "agent")}
    assert allotted.bind.allotted(DEFAULT) == 20
    with refused(reverts.AllotmentExceeded, 21, 20):
        world.send("agent", distribution(world, allotted, ("alice", 11), ("bob", 10)))
    world.send("agent", distribution(world, allotted, ("alice", 20)))
    assert allotted.bind.allotted(DEFAULT) == 0
    assert [allotted.bind.balance_of(at(world, name)) for name in ("alice", "bob", "treasury")] == [40, 10, 50]


def test_nothing_is_distributed_without_an_allotment(world: World, token: Token) -> None:
    world.issue(token, "treasury", 100)
    with refused(reverts.AllotmentExceeded, 1, 0):
        world.send("agent", distribution(world, token, ("alice", 1)))


def test_an_allotment_is_for_one_partition(world: World, allotted: Token) -> None:
    world.issue(allotted, "treasury", 10, "class-a")
    with refused(reverts.AllotmentExceeded, 10, 0):
        world.send("agent", distribution(world, allotted, ("alice", 10), partition=CLASS_A))
    assert allotted.bind.allotted(CLASS_A) == 0


def test_a_new_allotment_replaces_what_was_left(world: World, allotted: Token) -> None:
    world.order(allotted.bind.allot(DEFAULT, 7))
    assert allotted.bind.allotted(DEFAULT) == 7
    world.order(allotted.bind.allot(DEFAULT, 0))
    assert outcome(world, "agent", distribution(world, allotted, ("alice", 1))) == "AllotmentExceeded"


def test_an_allotment_needs_a_partition_and_stays_within_the_authorised_units(world: World, token: Token) -> None:
    with refused(reverts.PartitionUnknown, b"x" * 32):
        world.order(token.bind.allot(b"x" * 32, 1))
    with refused(reverts.UnitsOutOfRange, 1_001):
        world.order(token.bind.allot(DEFAULT, 1_001))
    world.order(token.bind.allot(DEFAULT, 1_000))


def test_an_allotment_is_split_with_the_units(world: World, allotted: Token) -> None:
    split(world, allotted, 4)
    assert allotted.bind.allotted(DEFAULT) == 200
    world.send("agent", distribution(world, allotted, ("alice", 150)))
    split(world, allotted, 2)
    assert allotted.bind.allotted(DEFAULT) == 100


def test_a_distribution_happens_whole_or_not_at_all(world: World, allotted: Token) -> None:
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        world.send("agent", distribution(world, allotted, ("alice", 10), ("mallory", 10)))
    assert allotted.bind.allotted(DEFAULT) == 50
    assert allotted.bind.balance_of(at(world, "alice")) == 0


def test_no_more_is_distributed_than_the_treasury_has(world: World, token: Token) -> None:
    world.order(token.bind.allot(DEFAULT, 50))
    with refused(reverts.ERC20InsufficientBalance, at(world, "treasury"), 0, 1):
        world.send("agent", distribution(world, token, ("alice", 1)))


# --- the treasury -----------------------------------------------------------------------------------------------------


def test_the_treasury_moves_to_another_wallet_of_its_investor(world: World, allotted: Token) -> None:
    new, old = second_wallet(world, "treasury"), at(world, "treasury")
    receipt = world.order(allotted.bind.set_treasury(new))
    assert events(world, receipt, "TreasuryChanged") == [{"from": old, "to": new}]
    assert allotted.bind.terms().treasury == new
    with refused(reverts.ERC20InsufficientBalance, new, 0, 1):
        world.send("agent", distribution(world, allotted, ("alice", 1)))
    world.send("treasury", allotted.bind.transfer(new, 100))
    world.send("agent", distribution(world, allotted, ("alice", 50)))
    assert (allotted.bind.balance_of(new), allotted.bind.balance_of(at(world, "alice"))) == (50, 50)


@pytest.mark.parametrize("who", ["alice", "mallory"])
def test_the_treasury_does_not_move_to_somebody_else(world: World, allotted: Token, who: str) -> None:
    with refused(reverts.InvestorDiffers, at(world, who)):
        world.order(allotted.bind.set_treasury(at(world, who)))
    with refused(reverts.InvestorDiffers, ZERO):
        world.order(allotted.bind.set_treasury(ZERO))


@pytest.mark.parametrize(("old_units", "new_units", "before", "after"), [(9, 0, 0, 1), (0, 9, 1, 0), (9, 9, 1, 1)])
def test_what_the_old_treasury_holds_counts_as_a_holders_and_what_the_new_one_holds_does_not(
    world: World, old_units: int, new_units: int, before: int, after: int
) -> None:
    token, new = world.new_token(holder_cap=5, partitions=["class-a"]), second_wallet(world, "treasury")
    for wallet, units in ((at(world, "treasury"), old_units), (new, new_units)):
        if units:
            world.issue(token, wallet, units)
            world.issue(token, wallet, units, "class-a")
    assert token.bind.holder_count() == before
    world.order(token.bind.set_treasury(new))
    assert token.bind.holder_count() == after
    world.order(token.bind.set_treasury(at(world, "treasury")))
    assert token.bind.holder_count() == before


def test_the_treasury_that_becomes_itself_changes_nothing(world: World) -> None:
    token = world.new_token(holder_cap=5)
    world.issue(token, "treasury", 9)
    world.order(token.bind.set_treasury(at(world, "treasury")))
    assert token.bind.holder_count() == 0


# --- lots -------------------------------------------------------------------------------------------------------------


def test_one_lot_is_released_before_its_time_and_the_others_stay(world: World, token: Token) -> None:
    world.issue(token, "alice", 100)
    ends = [world.now + days * 86_400 for days in (1, 2, 3)]
    for units, until in zip((10, 20, 30), ends, strict=True):
        world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), units, *[until] * 3))
    split(world, token, 2)
    receipt = world.order(token.bind.release_lot(DEFAULT, at(world, "alice"), 1, Lot(20, 0, *[ends[1]] * 3)))
    [released] = events(world, receipt, "LotReleased")
    dates = dict.fromkeys(("start", "cliff", "end"), ends[1])
    assert released == {"partition": DEFAULT, "holder": at(world, "alice"), "units": 40, "left": 0, **dates}
    assert {lot.end for lot in token.bind.lots_of(DEFAULT, at(world, "alice"))} == {ends[0], ends[2]}
    assert token.bind.holding_of(DEFAULT, at(world, "alice"))[:4] == (200, 120, 0, 80)
    world.send("alice", token.bind.transfer(at(world, "bob"), 120))


@pytest.mark.parametrize("index", [0, 2**256 - 1])
def test_a_lot_that_is_not_there_is_not_released(world: World, token: Token, index: int) -> None:
    world.issue(token, "alice", 100)
    with pytest.raises(Reverted):
        world.order(token.bind.release_lot(DEFAULT, at(world, "alice"), index, Lot(100, 0, *[world.now + 86_400] * 3)))


def test_an_order_to_release_a_lot_hits_no_other_lot_that_came_to_its_place(world: World, token: Token) -> None:
    world.issue(token, "alice", 100)
    ends = [world.now + days * 86_400 for days in (1, 10, 1000)]
    for units, until in zip((10, 20, 70), ends, strict=True):
        world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), units, *[until] * 3))
    order = token.bind.release_lot(DEFAULT, at(world, "alice"), 0, Lot(10, 0, *[ends[0]] * 3))
    world.travel(86_401)
    world.send("alice", token.bind.transfer(at(world, "bob"), 10))
    with pytest.raises(reverts.LotUnknown):
        world.order(order)
    assert token.bind.holding_of(DEFAULT, at(world, "alice"))[3] == 90


# --- pause ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["emergency", "issuer", "registrar", "compliance"])
def test_one_person_pauses_a_token_and_two_end_the_pause(world: World, token: Token, who: str) -> None:
    world.issue(token, "alice", 10)
    receipt = world.send(who, token.bind.pause())
    assert events(world, receipt, "Paused") == [{"account": at(world, who)}]
    assert token.bind.paused() is True
    with refused(reverts.TokenPaused):
        world.send("alice", token.bind.transfer(at(world, "bob"), 1))
    world.order(token.bind.unpause())
    assert token.bind.paused() is False
    world.send("alice", token.bind.transfer(at(world, "bob"), 1))


def test_a_pause_stops_holders_and_issuers_of_this_token_and_no_rescue(world: World, token: Token) -> None:
    world.issue(token, "alice", 10)
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    other = world.new_token()
    world.issue(other, "alice", 10)
    world.send("emergency", token.bind.pause())
    for call in (
        token.bind.approve(at(world, "bob"), 1),
        token.bind.authorize_operator(at(world, "bob")),
        token.bind.request_transfer(DEFAULT, at(world, "bob"), 1, world.now + 999),
        token.bind.batch_transfer(DEFAULT, [at(world, "bob")], [1]),
    ):
        assert outcome(world, "alice", call) == "TokenPaused", call.signature
    assert outcome(world, "agent", distribution(world, token, ("alice", 1))) == "TokenPaused"
    with refused(reverts.TokenPaused):
        world.issue(token, "alice", 1)
    assert outcome(world, "alice", other.bind.transfer(at(world, "bob"), 1)) == "done"
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 10))
    assert token.bind.balance_of(at(world, "bob")) == 10


def test_terms_are_read_back_as_they_are_now(world: World, token: Token) -> None:
    world.order(token.bind.set_policy(3, 0, True, False))
    world.order(token.bind.set_lockup(bytes(32), ZERO, world.now + 50))
    found = token.bind.terms()
    assert (found.receive_classes, found.approval_required, found.holder_cap) == (3, True, 0)
    assert found.locked_until > world.now
    assert found.treasury == at(world, "treasury")
