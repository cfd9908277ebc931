"""Dates of acquisition: what the fold says, against a model that keeps every single unit as a thing of its own."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from story import ALICE, BOB, CAROL, DEFAULT, Story

from stotoken.errors import LedgerStale
from stotoken.ledger.acquisitions import Acquisitions
from stotoken.ledger.events import Moved
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.register import Register
from stotoken.ledger.schema import PLACES
from stotoken.types import ZERO_ADDRESS, MoveKind, checksum, keccak

#: Alice has two wallets; the stranger is of no investor.
SECOND, STRANGER = checksum(f"0x{20:040x}"), checksum(f"0x{21:040x}")
INVESTORS = {ALICE: 1, SECOND: 1, BOB: 2, CAROL: 3}
WALLETS = (ALICE, SECOND, BOB, CAROL, STRANGER)
PARTITION = DEFAULT

Lots = dict[int, int]


def told(register: Register, as_of: int | None = None, record_date: int | None = None) -> dict[str, Lots]:
    """Units by day of acquisition, by wallet."""
    found = Acquisitions(register, register.moment(as_of, record_date))
    held = register.holdings(as_of) if record_date is None else register.at_record_date(record_date)
    return {each.wallet: {lot.at: lot.units for lot in found.of(each)} for each in held}


# --- the model --------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Unit:
    at: int
    #: Counts the moves: which one brought it to where it is.
    came: int = 0


@dataclass
class Model:
    """Each unit is a thing with a date. Nothing here is counted in epochs: a split makes more things."""

    units: dict[str, list[Unit]] = field(default_factory=lambda: {wallet: [] for wallet in WALLETS})
    #: Of every move, the units that it took, as they were, the oldest first.
    took: dict[int, list[Unit]] = field(default_factory=dict)
    moves: int = 0

    def oldest(self, wallet: str) -> list[Unit]:
        return sorted(self.units[wallet], key=lambda unit: (unit.at, unit.came))

    def move(self, giver: str, taker: str, count: int, now: int, back: int | None = None, keep: bool = False) -> int:
        """`back`: the move that is given back. `keep`: dates go over whoever the receiver is."""
        self.moves += 1
        gone: list[Unit] = []
        if giver != ZERO_ADDRESS:
            queue = self.oldest(giver)
            if back is not None:
                queue = [unit for unit in queue if unit.came == back] + [unit for unit in queue if unit.came != back]
            gone = queue[:count]
            for unit in gone:
                self.units[giver].remove(unit)
        self.took[self.moves] = [Unit(unit.at) for unit in gone]
        if taker != ZERO_ADDRESS:
            self.units[taker] += self._received(giver, taker, count, now, back, gone, keep)
        return self.moves

    def _received(
        self, giver: str, taker: str, count: int, now: int, back: int | None, gone: list[Unit], keep: bool
    ) -> list[Unit]:
        if back is not None:
            returned = [self.took[back].pop() for _ in range(min(count, len(self.took[back])))]
            dates = [unit.at for unit in returned] + [now] * (count - len(returned))
        elif keep or (giver != ZERO_ADDRESS and same(giver, taker)):
            dates = [unit.at for unit in gone]
        else:
            dates = [now] * count
        return [Unit(at, self.moves) for at in dates]

    def split(self, ratio: int) -> None:
        for bag in (*self.units.values(), *self.took.values()):
            bag[:] = [Unit(unit.at, unit.came) for unit in bag for _ in range(ratio)]

    def lots(self) -> dict[str, Lots]:
        counted = {wallet: dict(Counter(unit.at for unit in units)) for wallet, units in self.units.items()}
        return {wallet: lots for wallet, lots in counted.items() if lots}


def same(one: str, other: str) -> bool:
    return one == other or (one in INVESTORS and INVESTORS[one] == INVESTORS.get(other))


# --- histories --------------------------------------------------------------------------------------------------------


@dataclass
class Done:
    """A move that may be given back: its number in the model, its event, and how much is left of it."""

    number: int
    event: Moved
    left: int


class Play:
    """One history, told to a register and to the model."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.story, self.model = draw, Story().block(1_000), Model()
        self.noted: dict[int, dict[str, Lots]] = {}
        self.recorded: dict[int, dict[str, Lots]] = {}
        self.done: list[Done] = []
        self.redeemed: list[Done] = []
        for wallet, investor in INVESTORS.items():
            self.story.stand(wallet, investor)
        for wallet in (ALICE, BOB):
            self.move(ZERO_ADDRESS, wallet, 6, MoveKind.ISSUE)

    def act(self) -> None:
        acts = (self.give, self.give, self.force, self.issue, self.redeem, self.lose, self.reverse, self.redo)
        self.draw(st.sampled_from((*acts, self.split, self.date, self.next, self.next)))()

    def move(self, giver: str, taker: str, units: int, kind: MoveKind, back: Done | None = None) -> None:
        reference = back.event.origin if back else None
        fields = {"partition": PARTITION, "from_": giver, "to": taker, "operator": ALICE, "reference": reference}
        event = self.story.tell(Moved, kind=kind, units=units, **fields)
        assert isinstance(event, Moved)
        keep = kind is MoveKind.REISSUE and giver != ZERO_ADDRESS
        number = self.model.move(giver, taker, units, self.story.time, back.number if back else None, keep)
        made = Done(number, event, units)
        if back:
            back.left -= units
        elif kind is MoveKind.REDEEM:
            self.redeemed.append(made)
        elif kind is not MoveKind.ISSUE and giver != taker:
            self.done.append(made)

    def has(self, wallet: str) -> int:
        return len(self.model.units[wallet])

    def some(self, of: int) -> int:
        return self.draw(st.integers(1, of))

    def give(self, kind: MoveKind = MoveKind.TRANSFER) -> None:
        holders = [wallet for wallet in WALLETS if self.has(wallet)]
        if holders:
            giver = self.draw(st.sampled_from(holders))
            self.move(giver, self.draw(st.sampled_from(WALLETS)), self.some(self.has(giver)), kind)

    def force(self) -> None:
        self.give(MoveKind.FORCE)

    def issue(self) -> None:
        self.move(ZERO_ADDRESS, self.draw(st.sampled_from(WALLETS)), self.some(5), MoveKind.ISSUE)

    def redeem(self) -> None:
        holders = [wallet for wallet in WALLETS if self.has(wallet)]
        if holders:
            giver = self.draw(st.sampled_from(holders))
            self.move(giver, ZERO_ADDRESS, self.some(self.has(giver)), MoveKind.REDEEM)

    def lose(self) -> None:
        """A lost wallet's whole holding goes to another of its investor."""
        if self.has(ALICE):
            self.move(ALICE, SECOND, self.has(ALICE), MoveKind.REISSUE)

    def reverse(self) -> None:
        able = [done for done in self.done if min(done.left, self.has(done.event.to))]
        if able:
            done = self.draw(st.sampled_from(able))
            most = min(done.left, self.has(done.event.to))
            self.move(done.event.to, done.event.from_, self.some(most), MoveKind.REVERSE, done)

    def redo(self) -> None:
        """Units redeemed in error come back to a wallet of the same investor."""
        able = [done for done in self.redeemed if done.left]
        if able:
            done = self.draw(st.sampled_from(able))
            heir = self.draw(st.sampled_from([wallet for wallet in WALLETS if same(wallet, done.event.from_)]))
            self.move(ZERO_ADDRESS, heir, self.some(done.left), MoveKind.REISSUE, done)

    def split(self) -> None:
        if sum(map(len, self.model.units.values())) < 60:
            self.story.split(2)
            self.model.split(2)
            for done in (*self.done, *self.redeemed):
                done.left *= 2

    def date(self) -> None:
        self.recorded[self.story.record_date()] = self.model.lots()

    def next(self) -> None:
        self.noted[self.story.time] = self.model.lots()
        self.story.block(self.story.time + self.draw(st.integers(1, 5)))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_dates_of_acquisition_are_those_of_a_model_that_follows_every_unit(data: st.DataObject) -> None:
    play = Play(data.draw)
    for _ in range(data.draw(st.integers(0, 25))):
        play.act()
    register = play.story.close()
    assert told(register) == play.model.lots()
    for second, lots in play.noted.items():
        assert told(register, as_of=second) == lots
    for epoch, lots in play.recorded.items():
        assert told(register, record_date=epoch) == lots


# --- sentences --------------------------------------------------------------------------------------------------------


@pytest.fixture
def story() -> Story:
    """Alice acquired 10 in second 1000 and 10 in 2000."""
    story = Story().block(1_000)
    for wallet, investor in INVESTORS.items():
        story.stand(wallet, investor)
    story.issue(ALICE, 10)
    story.block(2_000).issue(ALICE, 10)
    story.block(3_000)
    return story


def moved(story: Story, giver: str, taker: str, units: int, kind: MoveKind = MoveKind.TRANSFER) -> bytes:
    """How a reversal or a loss refers to the move."""
    fields = {"partition": DEFAULT, "from_": giver, "to": taker, "operator": ALICE}
    event = story.tell(Moved, kind=kind, units=units, **fields)
    assert isinstance(event, Moved)
    return event.origin


def test_the_oldest_units_go_first(story: Story) -> None:
    story.move(ALICE, BOB, 12)
    assert told(story.close()) == {ALICE: {2_000: 8}, BOB: {3_000: 12}}


def test_units_that_move_between_wallets_of_one_investor_keep_their_dates(story: Story) -> None:
    story.move(ALICE, SECOND, 12)
    assert told(story.close()) == {ALICE: {2_000: 8}, SECOND: {1_000: 10, 2_000: 2}}


def test_a_forced_transfer_dates_the_receiver_and_leaves_the_rest_of_the_giver(story: Story) -> None:
    story.move(ALICE, CAROL, 5, MoveKind.FORCE)
    assert told(story.close()) == {ALICE: {1_000: 5, 2_000: 10}, CAROL: {3_000: 5}}


def test_a_reissue_of_a_lost_wallet_keeps_all_dates(story: Story) -> None:
    story.move(ALICE, SECOND, 20, MoveKind.REISSUE)
    assert told(story.close()) == {SECOND: {1_000: 10, 2_000: 10}}


def test_a_reversal_gives_the_old_dates_back_also_after_a_split(story: Story) -> None:
    origin = moved(story, ALICE, BOB, 12)
    story.block(4_000).split(3)
    story.block(5_000)
    back = {"partition": DEFAULT, "from_": BOB, "to": ALICE, "operator": ALICE}
    story.tell(Moved, kind=MoveKind.REVERSE, units=36, reference=origin, **back)
    assert told(story.close()) == {ALICE: {1_000: 30, 2_000: 30}}


def test_a_part_that_is_given_back_is_the_youngest_of_what_went(story: Story) -> None:
    origin = moved(story, ALICE, BOB, 12)
    story.block(4_000)
    back = {"partition": DEFAULT, "from_": BOB, "to": ALICE, "operator": ALICE}
    story.tell(Moved, kind=MoveKind.REVERSE, units=5, reference=origin, **back)
    assert told(story.close()) == {ALICE: {1_000: 3, 2_000: 10}, BOB: {3_000: 7}}


def test_the_receiver_of_a_reversed_transfer_keeps_what_he_had_before(story: Story) -> None:
    story.issue(BOB, 5)
    story.block(4_000)
    origin = moved(story, ALICE, BOB, 7)
    story.block(5_000)
    back = {"partition": DEFAULT, "from_": BOB, "to": ALICE, "operator": ALICE}
    story.tell(Moved, kind=MoveKind.REVERSE, units=7, reference=origin, **back)
    assert told(story.close()) == {ALICE: {1_000: 10, 2_000: 10}, BOB: {3_000: 5}}


def test_units_redeemed_in_error_come_back_with_their_dates(story: Story) -> None:
    origin = moved(story, ALICE, ZERO_ADDRESS, 12, MoveKind.REDEEM)
    story.block(4_000)
    back = {"partition": DEFAULT, "from_": ZERO_ADDRESS, "to": SECOND, "operator": ALICE}
    story.tell(Moved, kind=MoveKind.REISSUE, units=12, reference=origin, **back)
    assert told(story.close()) == {ALICE: {2_000: 8}, SECOND: {1_000: 10, 2_000: 2}}


def test_a_reissue_on_a_loss_that_names_no_redemption_is_of_its_own_day(story: Story) -> None:
    back = {"partition": DEFAULT, "from_": ZERO_ADDRESS, "to": BOB, "operator": ALICE}
    story.tell(Moved, kind=MoveKind.REISSUE, units=3, reference=keccak(b"some loss"), **back)
    assert told(story.close())[BOB] == {3_000: 3}


def test_a_split_in_the_middle_of_a_block_is_found_between_its_moves(story: Story) -> None:
    story.move(ALICE, BOB, 1)
    story.split(10)
    story.move(ALICE, CAROL, 1)
    assert told(story.close()) == {ALICE: {1_000: 89, 2_000: 100}, BOB: {3_000: 10}, CAROL: {3_000: 1}}


def test_a_record_date_and_a_split_in_one_block_are_told_apart(story: Story) -> None:
    story.move(ALICE, BOB, 1)
    date = story.record_date()
    story.move(ALICE, BOB, 2)
    story.split(2)
    story.move(ALICE, CAROL, 1)
    register = story.close()
    assert told(register, record_date=date) == {ALICE: {1_000: 9, 2_000: 10}, BOB: {3_000: 1}}
    assert told(register) == {ALICE: {1_000: 13, 2_000: 20}, BOB: {3_000: 6}, CAROL: {3_000: 1}}


def test_a_move_of_no_units_is_no_acquisition(story: Story) -> None:
    story.move(BOB, ALICE, 0)
    story.move(CAROL, BOB, 0)
    story.block(4_000).issue(BOB, 3)
    assert told(story.close()) == {ALICE: {1_000: 10, 2_000: 10}, BOB: {4_000: 3}}


def test_what_the_dates_of_a_token_take_does_not_grow_with_the_places_of_others() -> None:
    story = Story()
    database = story.register.store.database
    with database.writing("nothing was done") as connection:
        database.insert(connection, PLACES, [(3_000_000, 2, DEFAULT, ALICE, None, 0)])
    story.block(1_000).issue(ALICE, 10)
    register = story.close()
    tracemalloc.start()
    try:
        assert told(register) == {ALICE: {1_000: 10}}
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_lots_that_are_not_the_holding_are_an_error(story: Story) -> None:
    register = story.close()
    found = Acquisitions(register, register.moment(as_of=1_000))
    held = register.holdings()[0]
    with pytest.raises(RegisterDiffers, match="add up to 10 units, the holding is 20"):
        found.of(held)


def test_a_moment_after_the_last_block_is_not_answered(story: Story) -> None:
    with pytest.raises(LedgerStale):
        told(story.close(), as_of=9_000)


def test_after_a_part_was_reversed_the_oldest_go_first_again(story: Story) -> None:
    story.issue(BOB, 5)
    story.block(4_000)
    origin = moved(story, ALICE, BOB, 7)
    story.block(5_000)
    back = {"partition": DEFAULT, "from_": BOB, "to": ALICE, "operator": ALICE}
    story.tell(Moved, kind=MoveKind.REVERSE, units=3, reference=origin, **back)
    story.move(BOB, CAROL, 5)
    assert told(story.close())[BOB] == {4_000: 4}


def test_a_reissue_between_wallets_that_were_never_registered_keeps_dates_too(story: Story) -> None:
    story.issue(STRANGER, 4)
    other = checksum(f"0x{22:040x}")
    story.block(4_000).move(STRANGER, other, 4, MoveKind.REISSUE)
    assert told(story.close())[other] == {3_000: 4}
