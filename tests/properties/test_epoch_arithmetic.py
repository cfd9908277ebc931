"""Splits and record dates at the edges: exact for any ratios, whole at the largest numbers, right for any calendar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import prod

from chain import ORDER, Chain, partition
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from model import LIMIT, MOST_ALLOWED, UNLIMITED
from world import DAY, World

from stotoken.chain.abi import Call
from stotoken.types import Receipt

DEFAULT = partition("default")
FEW = settings(max_examples=15, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
LAST_SECOND = 2**40 - 1
#: Room for the product of the ratios is left by the units they are tried on.
ratios = st.lists(st.integers(2, 2**20), min_size=1, max_size=4)


class Desk:
    """One new token, on which orders are carried out at once."""

    def __init__(self, world: World, authorised: int, **terms: object) -> None:
        token = world.new_token(authorised_units=authorised, puttable=True, **terms)
        self.chain = Chain(world, token.address, ("", Call(None, b"", "")), lambda: False)
        self.bind = token.bind
        self.now = world.now
        self.alice, self.bob = (self.chain.of(name) for name in ("alice", "bob"))

    def by(self, who: str, *calls: Call) -> Receipt:
        for call in calls:
            error, receipt = self.chain.act(who, call, self.now)
            assert error is None, f"{call.describe()}: {error!r}"
        assert receipt is not None
        return receipt

    def order(self, *calls: Call) -> Receipt:
        return self.by(ORDER, *calls)

    def travel(self, until: int) -> None:
        self.now = until
        self.chain.now_is(until)

    def holding(self, wallet: str) -> tuple[int, int, int, int, int, bool]:
        return self.bind.holding_of(DEFAULT, wallet)


@contextmanager
def desk(world: World, authorised: int, **terms: object) -> Iterator[Desk]:
    mark = world.node.snapshot()
    Chain.admit(world)
    try:
        yield Desk(world, authorised, **terms)
    finally:
        world.node.revert(mark)


@FEW
@given(ratios=ratios, units=st.integers(1, 2**13), touched=st.lists(st.booleans(), min_size=4, max_size=4))
@example(ratios=[LIMIT - 1], units=1, touched=[False] * 4)
@example(ratios=[2] * 93, units=1, touched=[True, False] * 47)
def test_splits_multiply_exactly_whether_or_not_a_holding_is_touched_between(
    deployed_world: World, ratios: Sequence[int], units: int, touched: Sequence[bool]
) -> None:
    with desk(deployed_world, units) as d:
        d.order(d.bind.issue(d.alice, units, b""))
        d.by("alice", d.bind.approve(d.bob, units), d.bind.request_transfer(DEFAULT, d.bob, 1, d.now + DAY))
        for ratio, touch in zip(ratios, touched, strict=False):
            d.order(d.bind.split(ratio, 0))
            if touch:
                d.by("alice", d.bind.transfer(d.bob, 0))
        factor = prod(ratios)
        assert d.holding(d.alice)[:2] == (units * factor, (units - 1) * factor)
        assert d.bind.total_supply() == d.bind.authorised_units() == units * factor
        assert d.bind.allowance(d.alice, d.bob) == units * factor
        assert d.bind.epoch_of(len(ratios)).factor == factor


@FEW
@given(frozen=st.integers(0, LIMIT - 1), lot=st.integers(1, LIMIT - 1), until=st.integers(2**39, LAST_SECOND))
@example(frozen=LIMIT - 1, lot=LIMIT - 1, until=LAST_SECOND)
@example(frozen=LIMIT - 1, lot=1, until=LAST_SECOND)
def test_a_holding_is_kept_whole_at_the_largest_numbers(
    deployed_world: World, frozen: int, lot: int, until: int
) -> None:
    everything = LIMIT - 1
    with desk(deployed_world, everything) as d:
        d.order(d.bind.issue(d.alice, everything, b""), d.bind.lock_lot(DEFAULT, d.alice, lot, until, until, until))
        if everything > lot:
            d.by("alice", d.bind.request_transfer(DEFAULT, d.bob, everything - lot, d.now + DAY))
        d.order(
            d.bind.schedule_record_date(0),
            d.bind.set_frozen_tokens(d.alice, frozen),
            d.bind.set_lockup(DEFAULT, d.alice, until),
        )
        d.by("custodian", d.bind.report_loss(b"\1" * 32, 1, DEFAULT, d.alice, 0, b"\2" * 32))
        assert d.holding(d.alice) == (everything, 0, frozen, lot, until, True)
        assert d.bind.balance_of_at(DEFAULT, d.alice, 1) == everything
        assert d.holding(d.bob) == (0, 0, 0, 0, 0, False)


@FEW
@given(units=st.integers(1, MOST_ALLOWED), ratio=st.integers(2, LIMIT - 1))
@example(units=MOST_ALLOWED, ratio=LIMIT - 1)
@example(units=UNLIMITED, ratio=LIMIT - 1)
@example(units=MOST_ALLOWED // 2, ratio=2)
def test_an_allowance_is_multiplied_or_stays_the_largest_but_never_becomes_unlimited(
    deployed_world: World, units: int, ratio: int
) -> None:
    with desk(deployed_world, 1) as d:
        d.by("alice", d.bind.approve(d.bob, units))
        d.order(d.bind.split(ratio, 0))
        allowed = d.bind.allowance(d.alice, d.bob)
        if units == UNLIMITED:
            assert allowed == UNLIMITED
        elif units * ratio > MOST_ALLOWED - ratio:
            assert min(units * ratio, MOST_ALLOWED) <= allowed <= MOST_ALLOWED
        else:
            assert allowed == units * ratio


@FEW
@given(rounds=st.integers(1, 9), ratio=st.integers(2, (LIMIT - 1) // 10))
@example(rounds=9, ratio=(LIMIT - 1) // 10)
def test_units_redeemed_in_error_come_back_after_any_split(deployed_world: World, rounds: int, ratio: int) -> None:
    """However much was ever redeemed: more in all than was ever issued at once."""
    with desk(deployed_world, 10) as d:
        for _ in range(rounds):
            d.order(d.bind.issue(d.alice, 10, b""))
            d.by("alice", d.bind.redeem(10, b""))
        d.order(d.bind.split(ratio, 0))
        d.by("custodian", d.bind.report_loss(b"\1" * 32, 2, DEFAULT, d.alice, 3 * ratio, b"\2" * 32))
        d.order(d.bind.reissue(b"\1" * 32, d.alice))
        assert d.bind.total_supply() == d.bind.balance_of(d.alice) == 3 * ratio


def test_the_largest_issue_can_be_redeemed_again_and_again(deployed_world: World) -> None:
    with desk(deployed_world, LIMIT - 1) as d:
        for _ in range(5):
            d.order(d.bind.issue(d.alice, LIMIT - 1, b""))
            d.by("alice", d.bind.redeem(LIMIT - 1, b""))
        assert d.bind.total_supply() == 0


def test_the_largest_allotment_is_distributed_after_the_largest_split(deployed_world: World) -> None:
    ratio = (LIMIT - 1) // 10
    with desk(deployed_world, 10) as d:
        d.order(d.bind.issue(d.chain.of("treasury"), 10, b""), d.bind.allot(DEFAULT, 10), d.bind.split(ratio, 0))
        d.by("agent", d.bind.distribute(DEFAULT, [d.alice], [10 * ratio], b"\3" * 32))
        assert (d.bind.allotted(DEFAULT), d.bind.balance_of(d.alice)) == (0, 10 * ratio)


@FEW
@given(dates=st.lists(st.integers(1, 3), min_size=1, max_size=6))
@example(dates=[1, 2, 1, 3, 1])
def test_dates_of_one_instant_happen_in_the_order_of_the_calendar(deployed_world: World, dates: Sequence[int]) -> None:
    """A 1 is a record date, more is a split."""
    with desk(deployed_world, 1000) as d:
        d.order(d.bind.issue(d.alice, 7, b""))
        start = d.now + DAY
        d.order(*(d.bind.split(ratio, start) if ratio > 1 else d.bind.schedule_record_date(start) for ratio in dates))
        d.travel(start - 1)
        assert (d.bind.current_epoch(), d.bind.balance_of(d.alice)) == (0, 7)
        d.travel(start)
        d.by("alice", d.bind.transfer(d.bob, 1))
        assert d.bind.balance_of(d.alice) == 7 * prod(dates) - 1
        for epoch, ratio in enumerate(dates, 1):
            if ratio == 1:
                before = prod(dates[: epoch - 1])
                assert d.bind.balance_of_at(DEFAULT, d.alice, epoch) == 7 * before
                assert d.bind.total_supply_at(DEFAULT, epoch) == 7 * before
                assert d.bind.balance_of_at(DEFAULT, d.bob, epoch) == 0


def test_a_holding_untouched_for_hundreds_of_dates_answers_each_of_them(deployed_world: World) -> None:
    """Every tenth date is a split in two; alice is touched once in the middle and once at the end, bob never."""
    dates = [2 if number % 10 == 0 else 1 for number in range(1, 201)]
    with desk(deployed_world, 1000) as d:
        d.order(d.bind.issue(d.alice, 100, b""), d.bind.issue(d.bob, 50, b""))
        for number, ratio in enumerate(dates, 1):
            start = d.now + number * DAY
            d.order(d.bind.split(2, start) if ratio == 2 else d.bind.schedule_record_date(start))
        first = d.now
        d.travel(first + 105 * DAY)
        half = prod(dates[:105])
        d.by("alice", d.bind.redeem(half, b""))
        d.travel(first + 201 * DAY)
        receipt = d.by("alice", d.bind.redeem(1, b""))
        assert receipt.gas_used < 5_000_000
        for epoch in (1, 9, 11, 104, 105, 106, 155, 199):
            before = prod(dates[: epoch - 1])
            left = 100 * before - (before if epoch > 105 else 0)
            assert d.bind.balance_of_at(DEFAULT, d.alice, epoch) == left, epoch
            assert d.bind.balance_of_at(DEFAULT, d.bob, epoch) == 50 * before, epoch
            assert d.bind.total_supply_at(DEFAULT, epoch) == left + 50 * before, epoch
