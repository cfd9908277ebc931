"""The arithmetic of the register on events told by hand: splits, record dates, instants, encumbrances."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import ALICE, BOB, CAROL, DEFAULT, Story, recorded, units

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger.events import (
    FrozenByPartition,
    LockupChanged,
    LossDismissed,
    LossReported,
    Moved,
    Reissued,
    SplitScheduled,
    TransferRequested,
    TransferRequestEnded,
)
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.register import by_investor
from stotoken.types import ZERO_ADDRESS, MoveKind, partition_id


@pytest.fixture
def story() -> Story:
    """Alice was issued 100 units at second 1000."""
    begun = Story().block(1000)
    begun.issue(ALICE, 100)
    return begun


# --- instants and splits ----------------------------------------------------------------------------------------------


def test_an_instant_includes_every_block_of_its_second(story: Story) -> None:
    story.block(1010).move(ALICE, BOB, 1)
    story.block(1010).move(ALICE, BOB, 2)
    story.block(1011).move(ALICE, BOB, 4)
    register = story.close()
    assert [units(register, BOB, second) for second in (1009, 1010, 1011)] == [0, 3, 7]
    assert units(register, ALICE) == 93


def test_before_the_first_block_nobody_holds_anything(story: Story) -> None:
    register = story.close()
    assert register.holdings(as_of=999) == []
    assert register.supply(as_of=999) == {DEFAULT: 0}


def test_an_instant_after_the_last_block_is_not_answered(story: Story) -> None:
    with pytest.raises(LedgerStale, match="lies after it"):
        story.close().holdings(as_of=1001)


def test_a_register_that_has_read_nothing_answers_nothing() -> None:
    with pytest.raises(LedgerStale, match="has read nothing yet"):
        Story().register.holdings()


def test_a_split_multiplies_holdings_that_nobody_touches(story: Story) -> None:
    story.block(1010).split(3)
    register = story.close()
    assert units(register, ALICE) == 300
    assert register.supply() == {DEFAULT: 300}
    assert units(register, ALICE, 1009) == 100


def test_a_scheduled_split_takes_effect_by_time_and_not_by_its_event(story: Story) -> None:
    story.block(1010).split(2, start=1020)
    story.block(1015).move(ALICE, BOB, 10)
    story.block(1030)
    register = story.close()
    assert [units(register, BOB, second) for second in (1010, 1015, 1019, 1020, 1030)] == [0, 10, 10, 20, 20]


def test_a_move_in_the_block_of_a_scheduled_split_counts_new_units(story: Story) -> None:
    story.block(1010).split(2, start=1020)
    story.block(1020).move(ALICE, BOB, 150)
    register = story.close()
    assert (units(register, ALICE), units(register, BOB)) == (50, 150)


def test_a_split_at_once_multiplies_what_moved_before_it_in_its_block_and_not_what_moved_after(story: Story) -> None:
    story.block(1010).move(ALICE, BOB, 10)
    story.split(2)
    story.move(ALICE, CAROL, 10)
    register = story.close()
    assert [units(register, wallet) for wallet in (ALICE, BOB, CAROL)] == [170, 20, 10]


def test_two_splits_in_one_second_both_count(story: Story) -> None:
    story.block(1010).split(2, start=1020)
    story.split(5, start=1020)
    story.block(1021).move(ALICE, BOB, 1)
    assert units(story.close(), ALICE) == 999


def test_a_cancelled_split_never_happens_and_its_number_is_used_again(story: Story) -> None:
    story.block(1010).split(2, start=1020)
    story.block(1015).cancel()
    story.split(7, start=1030)
    story.block(1040)
    register = story.close()
    assert [units(register, ALICE, second) for second in (1020, 1029, 1030)] == [100, 100, 700]


# --- record dates -----------------------------------------------------------------------------------------------------


def test_a_record_date_keeps_what_was_held_just_before_it(story: Story) -> None:
    story.block(1010).record_date(start=1020)
    story.block(1019).move(ALICE, BOB, 10)
    story.block(1020).move(ALICE, BOB, 20)
    register = story.close()
    assert (recorded(register, ALICE, 1), recorded(register, BOB, 1)) == (90, 10)
    assert register.at_record_date(1) == register.holdings(as_of=1019)


def test_a_record_date_at_once_divides_its_block(story: Story) -> None:
    story.block(1010).move(ALICE, BOB, 10)
    date = story.record_date()
    story.move(ALICE, BOB, 20)
    register = story.close()
    assert (recorded(register, BOB, date), units(register, BOB)) == (10, 30)


def test_a_record_date_stands_however_late_a_holder_is_touched(story: Story) -> None:
    first = story.block(1010).record_date()
    story.block(1020).split(2)
    second = story.block(1030).record_date()
    story.block(1040).split(5)
    story.block(2000).move(ALICE, BOB, 400)
    story.block(2010).redeem(BOB, 400)
    register = story.close()
    assert [recorded(register, ALICE, date) for date in (first, second)] == [100, 200]
    assert [recorded(register, BOB, date) for date in (first, second)] == [0, 0]
    assert register.supply_at_record_date(second) == {DEFAULT: 200}
    assert register.supply() == {DEFAULT: 600}


@pytest.mark.parametrize(("split_first", "held"), [(True, 200), (False, 100)])
def test_a_record_date_in_the_second_of_a_split_counts_by_their_order(
    story: Story, split_first: bool, held: int
) -> None:
    story.block(1010)
    if split_first:
        story.split(2, start=1020)
    date = story.record_date(start=1020)
    if not split_first:
        story.split(2, start=1020)
    story.block(1020).move(ALICE, BOB, 1)
    register = story.close()
    assert recorded(register, ALICE, date) == held
    assert units(register, ALICE) == 199


def test_a_record_date_ahead_is_stale_and_a_split_is_no_record_date(story: Story) -> None:
    story.block(1010).split(2)
    date = story.record_date(start=1020)
    register = story.close()
    with pytest.raises(LedgerStale, match="lies after the last block read"):
        register.at_record_date(date)
    with pytest.raises(InputError, match="Epoch 1 is not a record date"):
        register.at_record_date(1)
    with pytest.raises(InputError, match="Epoch 9 is not on the calendar"):
        register.at_record_date(9)
    assert register.record_dates == ()


# --- encumbrances -----------------------------------------------------------------------------------------------------


def test_frozen_units_lots_and_requests_split_with_the_units(story: Story) -> None:
    story.block(1010).tell(FrozenByPartition, partition=DEFAULT, account=ALICE, units=10)
    story.lock(ALICE, 20, 5000)
    story.tell(TransferRequested, id=1, from_=ALICE, to=BOB, partition=DEFAULT, units=30, deadline=5000)
    story.block(1020).split(2)
    held = story.close().holding(DEFAULT, ALICE)
    assert (held.units, held.frozen, held.locked, held.requested, held.free) == (200, 20, 40, 60, 80)
    before = story.register.holding(DEFAULT, ALICE, 1019)
    assert (before.units, before.frozen, before.locked, before.requested, before.free) == (100, 10, 20, 30, 40)


def test_a_request_that_ends_after_a_split_gives_back_split_units(story: Story) -> None:
    story.block(1010).tell(TransferRequested, id=7, from_=ALICE, to=BOB, partition=DEFAULT, units=30, deadline=5000)
    story.block(1020).split(3)
    story.block(1030).tell(TransferRequestEnded, id=7, by=BOB, approved=False)
    register = story.close()
    assert [register.holding(DEFAULT, ALICE, second).requested for second in (1029, 1030)] == [90, 0]


def test_frozen_units_may_exceed_the_holding_and_nothing_is_free_then(story: Story) -> None:
    story.block(1010).tell(FrozenByPartition, partition=DEFAULT, account=ALICE, units=500)
    held = story.close().holding(DEFAULT, ALICE)
    assert (held.frozen, held.free) == (500, 0)


def test_a_reissue_of_a_lost_wallet_takes_lots_and_lockup_along(story: Story) -> None:
    story.block(1010).lock(ALICE, 20, 5000)
    story.tell(LockupChanged, partition=DEFAULT, holder=ALICE, until=6000)
    loss = bytes(32)
    report = {"id": loss, "wallet": ALICE, "kind": 1, "partition": DEFAULT, "units": 100, "evidence": loss}
    story.block(1020).tell(LossReported, **report)
    story.block(1030).release(ALICE, 20, 5000)
    story.lock(BOB, 20, 5000)
    story.move(ALICE, BOB, 100, MoveKind.REISSUE)
    story.tell(LockupChanged, partition=DEFAULT, holder=BOB, until=6000)
    story.tell(Reissued, id=loss, from_=ALICE, to=BOB, partition=DEFAULT, units=100)
    register = story.close()
    old, new = register.holding(DEFAULT, ALICE), register.holding(DEFAULT, BOB)
    assert (old.units, old.locked, old.lost) == (0, 0, True)
    assert (new.units, new.locked, new.locked_until, new.lost) == (100, 20, 6000, False)
    assert register.holding(DEFAULT, ALICE, 1029).locked == 20


def test_a_dismissed_loss_is_no_loss(story: Story) -> None:
    loss = bytes(32)
    report = {"id": loss, "wallet": ALICE, "kind": 1, "partition": DEFAULT, "units": 100, "evidence": loss}
    story.block(1020).tell(LossReported, **report)
    story.block(1030).tell(LossDismissed, id=loss)
    register = story.close()
    assert [register.holding(DEFAULT, ALICE, second).lost for second in (1019, 1029, 1030)] == [False, True, False]


# --- who --------------------------------------------------------------------------------------------------------------


def test_wallets_of_one_investor_are_one_holder_in_the_totals(story: Story) -> None:
    story.block(1010).stand(ALICE, 77)
    story.stand(BOB, 77)
    story.stand(CAROL, 78)
    story.move(ALICE, BOB, 30)
    story.move(ALICE, CAROL, 20)
    register = story.close()
    seven, eight = (number.to_bytes(16, "big") for number in (77, 78))
    assert by_investor(register.holdings()) == {seven: {DEFAULT: 80}, eight: {DEFAULT: 20}}
    assert register.wallets_of(seven) == {ALICE, BOB}


def test_the_lineage_tells_every_move_of_a_wallet_an_investor_or_all(story: Story) -> None:
    story.block(1010).stand(ALICE, 77)
    story.stand(BOB, 77)
    story.move(ALICE, BOB, 30)
    story.move(BOB, CAROL, 5, MoveKind.FORCE)
    story.redeem(CAROL, 5)
    register = story.close()
    assert [move.kind.name for move in register.lineage()] == ["ISSUE", "TRANSFER", "FORCE", "REDEEM"]
    assert [move.kind.name for move in register.lineage(CAROL)] == ["FORCE", "REDEEM"]
    assert [move.units for move in register.lineage((77).to_bytes(16, "big"))] == [100, 30, 5]
    assert register.lineage(partition=partition_id("other")) == ()


def test_partitions_are_registers_of_their_own(story: Story) -> None:
    other = partition_id("class-b")
    story.block(1010).issue(ALICE, 7, other)
    register = story.close()
    assert register.supply() == {DEFAULT: 100, other: 7}
    assert [(held.partition, held.units) for held in register.holdings(partition=other)] == [(other, 7)]


# --- what must not be ------------------------------------------------------------------------------------------------


def test_units_that_were_never_there_are_an_error(story: Story) -> None:
    with pytest.raises(RegisterDiffers, match="events before it are missing"):
        story.block(1010).move(BOB, ALICE, 1)


def test_a_gap_in_the_calendar_is_an_error(story: Story) -> None:
    with pytest.raises(RegisterDiffers, match="does not follow"):
        story.block(1010).tell(SplitScheduled, epoch=2, ratio=2, factor=2, start=1010)


def test_a_wallet_that_changes_hands_is_an_error(story: Story) -> None:
    story.block(1010).stand(ALICE, 77)
    with pytest.raises(RegisterDiffers, match="went to another investor"):
        story.stand(ALICE, 78)


def test_a_request_that_ends_without_a_beginning_is_an_error(story: Story) -> None:
    with pytest.raises(RegisterDiffers, match="was never made"):
        story.block(1010).tell(TransferRequestEnded, id=7, by=BOB, approved=False)


def test_an_event_out_of_order_is_not_taken(story: Story) -> None:
    story.block(1010).move(ALICE, BOB, 1)
    story.index = 0
    with pytest.raises(RegisterDiffers, match="out of order"):
        story.move(ALICE, BOB, 1)


def test_a_block_that_was_read_is_not_read_again(story: Story) -> None:
    story.close()
    with pytest.raises(InputError, match="was read already"):
        story.move(ALICE, BOB, 1)


# --- against a model that multiplies every holding when a split comes -------------------------------------------------

ACTS = st.lists(
    st.tuples(
        st.sampled_from(("issue", "move", "move", "move", "redeem", "split", "record", "cancel")),
        st.sampled_from((0, 0, 1, 3)),
        st.sampled_from((ALICE, BOB, CAROL)),
        st.sampled_from((ALICE, BOB, CAROL)),
        st.integers(0, 12),
    ),
    max_size=25,
)


class Model:
    """Holdings in a plain dictionary; `pending` splits and record dates are done when their second comes."""

    def __init__(self) -> None:
        self.held: dict[str, int] = {}
        self.pending: list[tuple[int, int, int]] = []
        self.kept: dict[int, dict[str, int]] = {}

    def reach(self, second: int) -> None:
        while self.pending and self.pending[0][0] <= second:
            _, number, ratio = self.pending.pop(0)
            if ratio == 1:
                self.kept[number] = dict(self.held)
            self.held = {wallet: ratio * held for wallet, held in self.held.items()}

    def move(self, giver: str, to: str, moved: int) -> None:
        for wallet, change in ((giver, -moved), (to, moved)):
            if wallet != ZERO_ADDRESS:
                self.held[wallet] = self.held.get(wallet, 0) + change


def _act(story: Story, model: Model, what: str, giver: str, to: str, number: int) -> None:
    if what in ("split", "record"):
        start = max(story.time, story.register.calendar.last.start) + number % 5
        model.pending.append((start, story.register.calendar.last.number + 1, 2 if what == "split" else 1))
        story.split(2, start) if what == "split" else story.record_date(start)
        model.reach(story.time)
    elif what == "cancel" and model.pending:
        model.pending.pop()
        story.cancel()
    elif what in ("issue", "move", "redeem"):
        source = ZERO_ADDRESS if what == "issue" else giver
        moved = number if what == "issue" else min(number, model.held.get(giver, 0))
        target = ZERO_ADDRESS if what == "redeem" else to
        model.move(source, target, moved)
        story.tell(
            Moved, kind=MoveKind.TRANSFER, partition=DEFAULT, from_=source, to=target, units=moved, operator=giver
        )


@given(ACTS)
def test_any_history_equals_a_model_that_multiplies_every_holding(
    acts: list[tuple[str, int, str, str, int]],
) -> None:
    story, model = Story().block(1000), Model()
    after: dict[int, dict[str, int]] = {}
    for what, later, giver, to, number in acts:
        if later:
            for second in range(story.time, story.time + later):
                model.reach(second)
                after[second] = dict(model.held)
            story.block(story.time + later)
            model.reach(story.time)
        _act(story, model, what, giver, to, number)
    register = story.close()
    after[story.time] = dict(model.held)
    for second, held in after.items():
        assert {each.wallet: each.units for each in register.holdings(second)} == _nonzero(held)
        assert sum(register.supply(second).values()) == sum(held.values())
    assert {epoch.number for epoch in register.record_dates} == set(model.kept)
    for number, held in model.kept.items():
        assert {each.wallet: each.units for each in register.at_record_date(number)} == _nonzero(held)


def _nonzero(held: dict[str, int]) -> dict[str, int]:
    return {wallet: count for wallet, count in held.items() if count}
