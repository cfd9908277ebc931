"""Lots in the register, on events told by hand: how many of their units are locked at a second."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from story import ALICE, BOB, DEFAULT, Story

from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.state import Dates
from stotoken.types import MoveKind

UNITS = st.integers(1, 2**94 - 1)
SECONDS = st.integers(0, 2**40 - 1)


@pytest.fixture
def story() -> Story:
    """Alice was issued 100 units at second 1000."""
    begun = Story().block(1000)
    begun.issue(ALICE, 100)
    return begun


def locked(story: Story, *seconds: int, wallet: str = ALICE) -> list[int]:
    register = story.close()
    return [register.holding(DEFAULT, wallet, second).locked for second in seconds]


# --- all at once ------------------------------------------------------------------------------------------------------


def test_a_lot_is_free_from_its_end_on_whenever_the_chain_sweeps_it(story: Story) -> None:
    story.block(1010).lock(ALICE, 20, 1050)
    story.block(1030).split(2)
    story.block(1100).release(ALICE, 40, 1050)
    assert locked(story, 1009, 1010, 1049, 1050, 1100) == [0, 20, 40, 0, 0]


def test_a_lot_is_released_early_or_shrinks_with_what_was_taken(story: Story) -> None:
    for units, end in ((20, 2000), (30, 3000)):
        story.block(1010).lock(ALICE, units, end)
    story.block(1100).release(ALICE, 20, 2000)
    story.block(1200).release(ALICE, 10, 3000, left=20)
    assert locked(story, 1099, 1100, 1199, 1200) == [50, 30, 30, 20]


def test_a_lot_that_ends_with_a_record_date_was_still_locked_before_it(story: Story) -> None:
    story.block(1010).lock(ALICE, 20, 1050)
    date = story.record_date(start=1050)
    story.block(1050).release(ALICE, 20, 1050)
    assert story.close().holding_at_record_date(DEFAULT, ALICE, date).locked == 20


def test_lots_of_one_end_are_released_in_any_order_and_in_any_parts(story: Story) -> None:
    for units in (10, 30, 60):
        story.block(1010 + units).lock(ALICE, units, 5000)
    story.block(2000).release(ALICE, 60, 5000)
    story.block(2010).release(ALICE, 5, 5000, left=5)
    story.block(2020).release(ALICE, 30, 5000)
    story.block(2030).release(ALICE, 4, 5000, left=1)
    story.block(2040).release(ALICE, 1, 5000)
    assert locked(story, 1999, 2000, 2010, 2020, 2030, 2040) == [100, 40, 35, 5, 1, 0]


def test_lots_of_one_end_and_of_several_epochs_are_told_apart_in_units_of_today(story: Story) -> None:
    story.block(1010).lock(ALICE, 10, 5000)
    story.block(1020).split(3)
    story.block(1030).lock(ALICE, 20, 5000)
    story.block(1040).release(ALICE, 25, 5000, left=5)
    story.block(1050).release(ALICE, 20, 5000)
    assert locked(story, 1039, 1040, 1050) == [50, 25, 5]


# --- by and by --------------------------------------------------------------------------------------------------------


def test_a_lot_becomes_free_evenly_from_its_start_to_its_end_and_not_before_its_cliff(story: Story) -> None:
    story.block(1010).lock(ALICE, 10, 1110, start=1010, cliff=1050)
    story.block(1200)
    seconds = (1009, 1010, 1049, 1050, 1059, 1060, 1061, 1099, 1100, 1101, 1109, 1110)
    assert locked(story, *seconds) == [0, 10, 10, 6, 6, 5, 5, 2, 1, 1, 1, 0]


def test_a_split_multiplies_a_lot_before_the_share_is_taken(story: Story) -> None:
    story.block(1010).lock(ALICE, 10, 1110, start=1010)
    story.block(1015).split(3)
    story.block(1200)
    assert locked(story, 1014, 1015, 1020) == [10, 29, 27]


def test_a_record_date_tells_what_was_locked_in_the_second_before_it(story: Story) -> None:
    story.block(1010).lock(ALICE, 100, 1110, start=1010)
    date = story.record_date(start=1060)
    story.block(1200)
    assert story.close().holding_at_record_date(DEFAULT, ALICE, date).locked == 51


def test_a_lot_of_which_a_part_is_free_shrinks_by_its_units_as_they_were_locked(story: Story) -> None:
    """A forced move left 20 of 50 units that were still locked: a lot of 40 locks 20 of them half-way."""
    story.block(1010).lock(ALICE, 100, 1110, start=1010)
    story.block(1060).move(ALICE, BOB, 80, MoveKind.FORCE)
    story.release(ALICE, 60, 1110, start=1010, left=40)
    story.block(1200)
    assert locked(story, 1059, 1060, 1085, 1109, 1110) == [51, 20, 10, 1, 0]


def test_lots_that_end_together_are_told_apart_by_their_start_and_cliff(story: Story) -> None:
    for start, cliff in ((1010, 1010), (1000, 1010), (1010, 1060)):
        story.block(1010).lock(ALICE, 10, 1110, start=start, cliff=cliff)
    story.block(1050).release(ALICE, 10, 1110, start=1010, cliff=1060)
    story.block(1200)
    assert locked(story, 1049, 1050) == [7 + 6 + 10, 6 + 6]


def test_a_lot_that_goes_to_another_wallet_goes_on_becoming_free(story: Story) -> None:
    story.block(1010).lock(ALICE, 100, 1110, start=1010)
    story.block(1060).release(ALICE, 100, 1110, start=1010)
    story.lock(BOB, 100, 1110, start=1010)
    story.move(ALICE, BOB, 100, MoveKind.REISSUE)
    story.block(1200)
    assert locked(story, 1059, 1060) == [51, 0]
    assert locked(story, 1059, 1060, 1100, wallet=BOB) == [0, 50, 10]


@given(units=UNITS, dates=st.lists(SECONDS, min_size=3, max_size=3).map(sorted), clock=SECONDS)
def test_a_unit_is_locked_until_the_whole_of_it_is_due(units: int, dates: list[int], clock: int) -> None:
    start, cliff, end = dates
    share = Fraction(end - clock, end - start) if cliff <= clock < end else Fraction(int(clock < cliff))
    assert Dates(start, cliff, end).locked(units, clock) == ceil(units * share)


# --- what must not be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [
    {"units": 10, "end": 2001}, {"units": 11, "end": 2000}, {"units": 9, "end": 2000},
    {"units": 10, "end": 2000, "left": 1}, {"units": 10, "end": 2000, "start": 1999},
])  # fmt: skip
def test_released_lots_that_were_never_locked_are_an_error(story: Story, fields: dict[str, int]) -> None:
    story.block(1010).lock(ALICE, 10, 2000)
    with pytest.raises(RegisterDiffers, match="that was never locked; events before it are missing"):
        story.release(ALICE, **fields)


def test_a_lot_is_released_once(story: Story) -> None:
    story.block(1010).lock(ALICE, 10, 2000)
    story.release(ALICE, 10, 2000)
    with pytest.raises(RegisterDiffers, match="that was never locked"):
        story.release(ALICE, 10, 2000)
