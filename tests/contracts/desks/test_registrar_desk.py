"""Losses made good, transfers reversed, matured holdings paid out: without the holder, by orders."""

from __future__ import annotations

import pytest
from world import World, investor_of

from contracts.helpers import (
    CLASS_A,
    DAY,
    DEFAULT,
    EVIDENCE,
    KEY_LOST,
    LOSS,
    REDEEMED_IN_ERROR,
    UNITS_LIMIT,
    ZERO,
    at,
    event_names,
    events,
    freeze,
    lose,
    origin,
    outcome,
    parts,
    record_date,
    refused,
    second_wallet,
    split,
)
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.token import Token
from stotoken.types import Instrument, Receipt, keccak

OTHER = keccak(b"loss 2")
MADE_GOOD, DISMISSED = 2, 3


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"], puttable=True)
    world.issue(token, "alice", 100)
    return token


def reissue(world: World, token: Token, to: str, id: bytes = LOSS) -> Receipt:
    return world.order(token.bind.reissue(id, to))


def report_error(world: World, token: Token, units: int, id: bytes = LOSS, partition: bytes = DEFAULT) -> Receipt:
    """Report units of alice as redeemed in error."""
    call = token.bind.report_loss(id, REDEEMED_IN_ERROR, partition, at(world, "alice"), units, EVIDENCE)
    return world.send("registrar", call)


# --- a lost key -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["registrar", "agent", "custodian"])
def test_a_reported_loss_is_recorded_and_stops_the_holding_at_once(world: World, token: Token, who: str) -> None:
    call = token.bind.report_loss(LOSS, KEY_LOST, DEFAULT, at(world, "alice"), 0, EVIDENCE)
    receipt = world.send(who, call)
    assert events(world, receipt, "LossReported")[0]["units"] == 100
    recorded = (at(world, "alice"), 100, DEFAULT, EVIDENCE, 0, KEY_LOST, 1, receipt.timestamp)
    assert token.bind.loss_of(LOSS).values() == recorded
    assert parts(world, token, "alice").lost
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "HoldingLost"


def test_the_whole_holding_goes_to_another_wallet_of_the_same_investor(world: World, token: Token) -> None:
    new = second_wallet(world, "alice")
    lose(world, token, "alice")
    receipt = reissue(world, token, new)
    assert events(world, receipt, "Reissued") == [
        {"id": LOSS, "from": at(world, "alice"), "to": new, "partition": DEFAULT, "units": 100}
    ]
    assert [name for name in event_names(world, receipt) if "Transfer" in name] == ["Transfer", "TransferByPartition"]
    assert (token.bind.balance_of(at(world, "alice")), token.bind.balance_of(new)) == (0, 100)
    assert token.bind.total_supply() == 100
    assert token.bind.loss_of(LOSS).status == MADE_GOOD


def test_a_lost_wallet_stays_dead_after_the_loss_is_made_good(world: World, token: Token) -> None:
    lose(world, token, "alice")
    reissue(world, token, second_wallet(world, "alice"))
    world.issue(token, "bob", 10)
    assert outcome(world, "bob", token.bind.transfer(at(world, "alice"), 1)) == "HoldingLost"
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 0)) == "HoldingLost"
    with refused(reverts.LossNotOpen, LOSS):
        world.order(token.bind.dismiss_loss(LOSS))


def test_a_loss_is_made_good_once(world: World, token: Token) -> None:
    lose(world, token, "alice")
    reissue(world, token, second_wallet(world, "alice"))
    with refused(reverts.LossNotOpen, LOSS):
        reissue(world, token, second_wallet(world, "alice", 3))


def test_a_loss_goes_to_no_other_investor(world: World, token: Token) -> None:
    lose(world, token, "alice")
    with refused(reverts.InvestorDiffers, at(world, "bob")):
        reissue(world, token, at(world, "bob"))
    with refused(reverts.InvestorDiffers, at(world, "mallory")):
        reissue(world, token, at(world, "mallory"))
    with refused(reverts.InvestorDiffers, ZERO):
        reissue(world, token, ZERO)


def test_a_loss_is_not_made_good_to_the_lost_wallet_itself(world: World, token: Token) -> None:
    lose(world, token, "alice")
    with refused(reverts.HoldingLost, at(world, "alice")):
        reissue(world, token, at(world, "alice"))


def test_without_a_report_nothing_is_made_good(world: World, token: Token) -> None:
    with refused(reverts.LossNotOpen, LOSS):
        reissue(world, token, second_wallet(world, "alice"))


def test_a_loss_is_recorded_once_under_its_id(world: World, token: Token) -> None:
    lose(world, token, "alice")
    with refused(reverts.LossRecorded, LOSS):
        lose(world, token, "alice")
    with refused(reverts.LossImplausible):
        lose(world, token, "alice", OTHER)


def test_a_dismissed_loss_sets_the_holding_free_and_is_not_made_good(world: World, token: Token) -> None:
    lose(world, token, "alice")
    receipt = world.order(token.bind.dismiss_loss(LOSS))
    assert event_names(world, receipt) == ["LossDismissed", "OrderExecuted"]
    assert token.bind.loss_of(LOSS).status == DISMISSED
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 100)) == "done"
    with refused(reverts.LossNotOpen, LOSS):
        reissue(world, token, second_wallet(world, "alice"))
    lose(world, token, "alice", OTHER)
    reissue(world, token, second_wallet(world, "alice"), OTHER)


def test_a_dismissed_loss_can_be_reported_again_and_takes_a_new_order(world: World, token: Token) -> None:
    """A wrong report does not use up the redemption's own id."""
    world.order(token.bind.controller_redeem(at(world, "alice"), 60, b"", b""))
    report_error(world, token, 10)
    call = token.bind.reissue(LOSS, at(world, "alice"))
    stale = world.approved(call)
    world.travel(1)
    world.order(token.bind.dismiss_loss(LOSS))
    report_error(world, token, 60)
    with refused(reverts.OrderStale):
        world.execute(stale, call)
    reissue(world, token, at(world, "alice"))
    assert token.bind.balance_of(at(world, "alice")) == 100


IMPLAUSIBLE = {
    "a key lost that held nothing": (KEY_LOST, "bob", 0),
    "a key lost with a number": (KEY_LOST, "alice", 100),
    "nothing redeemed in error": (REDEEMED_IN_ERROR, "alice", 0),
    "more redeemed in error than ever was": (REDEEMED_IN_ERROR, "alice", 1),
    "an unknown kind": (3, "alice", 0),
    "no kind": (0, "alice", 0),
}


@pytest.mark.parametrize("why", IMPLAUSIBLE)
def test_a_loss_is_not_recorded_of(world: World, token: Token, why: str) -> None:
    kind, who, units = IMPLAUSIBLE[why]
    with refused(reverts.LossImplausible):
        world.send("registrar", token.bind.report_loss(LOSS, kind, DEFAULT, at(world, who), units, EVIDENCE))


def test_a_loss_in_a_partition_that_does_not_exist_is_not_recorded(world: World, token: Token) -> None:
    for kind in (KEY_LOST, REDEEMED_IN_ERROR):
        call = token.bind.report_loss(LOSS, kind, b"x" * 32, at(world, "alice"), kind - 1, EVIDENCE)
        assert outcome(world, "registrar", call) == "LossImplausible"


def test_the_supply_is_no_holding_that_could_be_lost(world: World, token: Token) -> None:
    with refused(reverts.LossImplausible):
        world.send("registrar", token.bind.report_loss(LOSS, KEY_LOST, DEFAULT, ZERO, 0, EVIDENCE))


def test_frozen_units_lots_and_the_lockup_follow_to_the_new_wallet(world: World, token: Token) -> None:
    new, now = second_wallet(world, "alice"), world.now
    freeze(world, token, "alice", 30)
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 20, *[now + 50 * DAY] * 3))
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 10, *[now + 60 * DAY] * 3))
    world.order(token.bind.set_lockup(DEFAULT, at(world, "alice"), now + 70 * DAY))
    lose(world, token, "alice")
    reissue(world, token, new)
    assert parts(world, token, new) == (100, 40, 30, 30, now + 70 * DAY, False)
    assert parts(world, token, "alice")[:4] == (0, 0, 0, 0)
    assert sorted(lot.end for lot in token.bind.lots_of(DEFAULT, new)) == [now + 50 * DAY, now + 60 * DAY]
    assert token.bind.lots_of(DEFAULT, at(world, "alice")) == ()


def test_what_follows_is_added_to_what_the_new_wallet_has(world: World, token: Token) -> None:
    new, now = second_wallet(world, "alice"), world.now
    world.order(token.bind.issue(new, 50, b""))
    for wallet, units, frozen in ((new, 10, 5), (at(world, "alice"), 20, 30)):
        world.order(token.bind.lock_lot(DEFAULT, wallet, units, *[now + 50 * DAY] * 3))
        world.send("compliance", token.bind.set_frozen_tokens(wallet, frozen))
    world.order(token.bind.set_lockup(DEFAULT, new, now + 90 * DAY))
    world.order(token.bind.set_lockup(DEFAULT, at(world, "alice"), now + 70 * DAY))
    lose(world, token, "alice")
    reissue(world, token, new)
    assert parts(world, token, new) == (150, 150 - 10 - 20 - 35, 35, 30, now + 90 * DAY, False)


def test_lots_that_are_over_do_not_follow(world: World, token: Token) -> None:
    until = world.now + DAY
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 20, *[until] * 3))
    lose(world, token, "alice")
    world.node.set_time(until)
    new = second_wallet(world, "alice")
    reissue(world, token, new)
    assert parts(world, token, new)[:4] == (100, 100, 0, 0)
    assert token.bind.lots_of(DEFAULT, new) == ()


def test_a_request_of_a_lost_wallet_can_only_be_ended(world: World, token: Token) -> None:
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, world.now + DAY))
    lose(world, token, "alice")
    new = second_wallet(world, "alice")
    assert outcome(world, "issuer", token.bind.approve_transfer_request(1)) == "HoldingLost"
    reissue(world, token, new)
    assert parts(world, token, new)[:2] == (100, 100)
    assert outcome(world, "issuer", token.bind.approve_transfer_request(1)) != "done"
    world.send("issuer", token.bind.reject_transfer_request(1))
    assert parts(world, token, "alice")[:4] == (0, 0, 0, 0)
    world.people.alice.simulate(token.bind.approve(at(world, "bob"), 1))


def test_a_holding_lost_before_a_split_comes_back_whole_after_it(world: World, token: Token) -> None:
    freeze(world, token, "alice", 30)
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 20, *[world.now + 50 * DAY] * 3))
    lose(world, token, "alice")
    split(world, token, 6)
    new = second_wallet(world, "alice")
    receipt = reissue(world, token, new)
    assert events(world, receipt, "Reissued")[0]["units"] == 600
    assert parts(world, token, new)[:4] == (600, 300, 180, 120)
    assert token.bind.total_supply() == 600


def test_a_loss_in_another_partition_stays(world: World, token: Token) -> None:
    world.issue(token, "alice", 7, "class-a")
    lose(world, token, "alice", partition=CLASS_A)
    new = second_wallet(world, "alice")
    reissue(world, token, new)
    assert token.bind.balance_of_by_partition(CLASS_A, new) == 7
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "alice")) == 100
    world.send("alice", token.bind.transfer(at(world, "bob"), 100))


def test_a_loss_is_made_good_after_issuance_is_closed_and_rules_do_not_hinder_it(world: World) -> None:
    token = world.new_token(approval_required=True, locked_until=world.now + 900 * DAY, holder_cap=1)
    world.issue(token, "alice", 100)
    world.order(token.bind.finalize_issuance())
    new = second_wallet(world, "alice")
    lose(world, token, "alice")
    world.register(at(world, "alice"), until=world.now + 1, investor=investor_of(at(world, "alice")))
    world.travel(10)
    reissue(world, token, new)
    assert token.bind.balance_of(new) == 100
    assert token.bind.holder_count() == 1


def test_the_register_of_an_old_date_names_the_wallet_of_that_day(world: World, token: Token) -> None:
    date = record_date(world, token)
    lose(world, token, "alice")
    new = second_wallet(world, "alice")
    reissue(world, token, new)
    assert token.bind.balance_of_at(DEFAULT, at(world, "alice"), date) == 100
    assert token.bind.balance_of_at(DEFAULT, new, date) == 0


# --- redeemed in error ------------------------------------------------------------------------------------------------


def test_units_redeemed_in_error_come_back_once(world: World, token: Token) -> None:
    redeemed = world.send("alice", token.bind.redeem(60, b""))
    id = origin(redeemed, token, "RedeemedByPartition")
    report_error(world, token, 60, id)
    assert token.bind.total_supply() == 40
    receipt = reissue(world, token, at(world, "alice"), id)
    assert events(world, receipt, "IssuedByPartition")[0]["operatorData"] == id
    assert events(world, receipt, "Reissued") == [
        {"id": id, "from": ZERO, "to": at(world, "alice"), "partition": DEFAULT, "units": 60}
    ]
    assert (token.bind.total_supply(), token.bind.balance_of(at(world, "alice"))) == (100, 100)
    with refused(reverts.LossNotOpen, id):
        reissue(world, token, at(world, "alice"), id)
    with refused(reverts.LossImplausible):
        report_error(world, token, 1, OTHER)


def test_never_more_comes_back_than_was_ever_redeemed(world: World, token: Token) -> None:
    world.send("alice", token.bind.redeem(60, b""))
    report_error(world, token, 60, LOSS)
    report_error(world, token, 60, OTHER)
    reissue(world, token, at(world, "alice"))
    with refused(reverts.LossImplausible):
        reissue(world, token, at(world, "alice"), OTHER)
    assert token.bind.total_supply() == 100


def test_units_redeemed_in_error_count_in_units_of_their_day(world: World, token: Token) -> None:
    world.send("alice", token.bind.redeem(60, b""))
    split(world, token, 2)
    report_error(world, token, 120)
    split(world, token, 3)
    reissue(world, token, second_wallet(world, "alice"))
    assert token.bind.total_supply() == 600


def test_units_come_back_within_the_authorised_units_alone(world: World) -> None:
    token = world.new_token(authorised_units=100, puttable=True)
    world.issue(token, "alice", 100)
    world.send("alice", token.bind.redeem(60, b""))
    world.issue(token, "bob", 50)
    report_error(world, token, 60)
    with refused(reverts.AuthorisedUnitsExceeded, 60, 100):
        reissue(world, token, at(world, "alice"))


def test_units_redeemed_in_one_partition_do_not_come_back_in_another(world: World, token: Token) -> None:
    world.send("alice", token.bind.redeem(60, b""))
    with refused(reverts.LossImplausible):
        report_error(world, token, 60, partition=CLASS_A)


def test_units_redeemed_in_error_come_back_to_their_investor_alone(world: World, token: Token) -> None:
    world.send("alice", token.bind.redeem(60, b""))
    report_error(world, token, 60)
    with refused(reverts.InvestorDiffers, at(world, "bob")):
        reissue(world, token, at(world, "bob"))


def test_units_redeemed_by_force_may_come_back_too_and_after_issuance_is_closed(world: World, token: Token) -> None:
    world.order(token.bind.controller_redeem(at(world, "alice"), 60, b"", b""))
    world.order(token.bind.finalize_issuance())
    report_error(world, token, 60)
    reissue(world, token, at(world, "alice"))
    assert token.bind.total_supply() == 100


def test_a_dismissed_redemption_leaves_the_holding_alone(world: World, token: Token) -> None:
    world.send("alice", token.bind.redeem(60, b""))
    report_error(world, token, 60)
    assert not parts(world, token, "alice").lost
    world.order(token.bind.dismiss_loss(LOSS))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 40)) == "done"


def test_redemptions_over_the_whole_life_of_a_token_do_not_outgrow_their_word(world: World) -> None:
    """What was ever redeemed may be many times the authorised units, and is split with them."""
    token = world.new_token(authorised_units=8, puttable=True)
    for _ in range(9):
        world.issue(token, "alice", 8)
        world.send("alice", token.bind.redeem(8, b""))
    world.issue(token, "alice", 8)
    ratio = UNITS_LIMIT // 16
    split(world, token, ratio)
    redeemed = world.send("alice", token.bind.redeem(3, b""))
    assert token.bind.total_supply() == 8 * ratio - 3
    id = origin(redeemed, token, "RedeemedByPartition")
    report_error(world, token, 3, id)
    reissue(world, token, at(world, "alice"), id)
    assert token.bind.total_supply() == 8 * ratio


# --- reversal ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def mistake(world: World, token: Token) -> bytes:
    """Alice sent all her hundred units to bob by mistake; the reference of that transfer."""
    return origin(world.send("alice", token.bind.transfer(at(world, "bob"), 100)), token)


def reversal(
    world: World, token: Token, id: bytes, units: int, original: int = 100, epoch: int = 0, **changed: object
) -> Call:
    given = {"partition": DEFAULT, "from_": at(world, "bob"), "to": at(world, "alice")} | changed
    return token.bind.reverse(
        id,
        given["partition"],
        given["from_"],
        given["to"],
        original,
        epoch,
        units,  # type: ignore[arg-type]
    )


def test_a_transfer_is_taken_back_with_its_reference(world: World, token: Token, mistake: bytes) -> None:
    receipt = world.order(reversal(world, token, mistake, 100))
    assert events(world, receipt, "TransferByPartition")[0]["operatorData"] == mistake
    assert events(world, receipt, "Reversed") == [
        {
            "origin": mistake,
            "from": at(world, "bob"),
            "to": at(world, "alice"),
            "partition": DEFAULT,
            "units": 100,
            "outstanding": 0,
        }
    ]
    assert token.bind.balance_of(at(world, "alice")) == 100
    assert token.bind.reversed(mistake) == 100


def test_what_the_recipient_still_has_is_returned_and_the_rest_when_he_has_it_again(
    world: World, token: Token, mistake: bytes
) -> None:
    world.send("bob", token.bind.transfer(at(world, "carol"), 60))
    with refused(reverts.ERC20InsufficientBalance, at(world, "bob"), 40, 41):
        world.order(reversal(world, token, mistake, 41))
    receipt = world.order(reversal(world, token, mistake, 40))
    assert events(world, receipt, "Reversed")[0]["outstanding"] == 60
    world.send("carol", token.bind.transfer(at(world, "bob"), 60))
    world.order(reversal(world, token, mistake, 60))
    assert token.bind.balance_of(at(world, "alice")) == 100
    world.issue(token, "bob", 5)
    with refused(reverts.ReversalExceeded, mistake, 1, 0):
        world.order(reversal(world, token, mistake, 1))


def test_all_reversals_together_never_exceed_the_transfer(world: World, token: Token, mistake: bytes) -> None:
    world.issue(token, "bob", 500)
    world.order(reversal(world, token, mistake, 70))
    with refused(reverts.ReversalExceeded, mistake, 31, 30):
        world.order(reversal(world, token, mistake, 31))
    with refused(reverts.ReversalExceeded, mistake, 2**256 - 1, 30):
        world.order(reversal(world, token, mistake, 2**256 - 1))


FORGED: dict[str, dict[str, object]] = {
    "another amount": {"original": 101},
    "another epoch": {"epoch": 1},
    "another partition": {"partition": CLASS_A},
    "another sender": {"to": "carol"},
    "another recipient": {"from_": "carol"},
}


@pytest.mark.parametrize("why", FORGED)
def test_once_recorded_a_reference_is_not_told_otherwise_with(
    world: World, token: Token, mistake: bytes, why: str
) -> None:
    world.issue(token, "carol", 10)
    world.order(reversal(world, token, mistake, 10))
    record_date(world, token)
    changed = {key: at(world, str(value)) if value == "carol" else value for key, value in FORGED[why].items()}
    with refused(reverts.ReversalMismatch, mistake):
        world.order(reversal(world, token, mistake, 10, **changed))  # type: ignore[arg-type]


NONSENSE: dict[str, dict[str, object]] = {
    "an epoch to come": {"epoch": 1},
    "nothing": {"units": 0},
    "an issue": {"from_": ZERO},
    "a transfer to oneself": {"to": "bob"},
}


@pytest.mark.parametrize("why", NONSENSE)
def test_there_is_no_reversal_of(world: World, token: Token, mistake: bytes, why: str) -> None:
    changed = {key: at(world, str(value)) if value == "bob" else value for key, value in NONSENSE[why].items()}
    units = int(str(changed.pop("units", 10)))
    with refused(reverts.ReversalMismatch, mistake):
        world.order(reversal(world, token, mistake, units, **changed))  # type: ignore[arg-type]


def test_there_is_no_reversal_into_nothing(world: World, token: Token, mistake: bytes) -> None:
    with refused(reverts.ERC20InvalidReceiver, ZERO):
        world.order(reversal(world, token, mistake, 10, to=ZERO))


def test_a_transfer_of_before_a_split_is_taken_back_after_it(world: World, token: Token, mistake: bytes) -> None:
    world.order(reversal(world, token, mistake, 10))
    split(world, token, 6)
    assert token.bind.reversed(mistake) == 60
    with refused(reverts.ReversalExceeded, mistake, 541, 540):
        world.order(reversal(world, token, mistake, 541))
    world.order(reversal(world, token, mistake, 540))
    assert (token.bind.balance_of(at(world, "alice")), token.bind.balance_of(at(world, "bob"))) == (600, 0)


def test_nothing_that_encumbers_the_recipient_hinders_a_reversal(world: World, token: Token, mistake: bytes) -> None:
    freeze(world, token, "bob", 50)
    world.order(token.bind.lock_lot(DEFAULT, at(world, "bob"), 50, *[world.now + DAY] * 3))
    world.order(token.bind.set_lockup(DEFAULT, at(world, "bob"), world.now + DAY))
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "bob")))
    receipt = world.order(reversal(world, token, mistake, 80))
    names = event_names(world, receipt)
    assert names.index("Frozen") < names.index("Transfer")
    assert parts(world, token, "bob")[:3] == (20, 0, 20)


def test_a_reversal_at_one_token_leaves_the_other_alone(world: World, token: Token, mistake: bytes) -> None:
    other = world.new_token()
    world.issue(other, "bob", 100)
    world.order(reversal(world, token, mistake, 100))
    assert token.bind.reversed(mistake) == 100
    assert other.bind.reversed(mistake) == 0


# --- maturity ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def bond(world: World) -> Token:
    token = world.new_token(instrument=Instrument.BOND, maturity=world.now + 100 * DAY)
    for name in ("alice", "bob", "carol", "treasury"):
        world.issue(token, name, 100)
    return token


def test_at_maturity_all_holdings_go_whatever_state_they_are_in(world: World, bond: Token) -> None:
    freeze(world, bond, "alice", 100)
    world.order(bond.bind.lock_lot(DEFAULT, at(world, "bob"), 60, *[world.now + 200 * DAY] * 3))
    world.send("bob", bond.bind.request_transfer(DEFAULT, at(world, "carol"), 40, world.now + 200 * DAY))
    lose(world, bond, "carol")
    world.order(bond.bind.set_lockup(bytes(32), ZERO, world.now + 200 * DAY))
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "bob")))
    world.travel(100 * DAY)
    holders = [at(world, name) for name in ("alice", "bob", "carol", "treasury")]
    receipt = world.order(bond.bind.redeem_matured(DEFAULT, holders, b"\x07"))
    assert [told["value"] for told in events(world, receipt, "RedeemedByPartition")] == [100] * 4
    assert {told["operatorData"] for told in events(world, receipt, "RedeemedByPartition")} == {b"\x07"}
    assert bond.bind.total_supply() == 0
    assert [bond.bind.balance_of(holder) for holder in holders] == [0] * 4


def test_nothing_is_redeemed_for_maturity_before_it(world: World, bond: Token) -> None:
    maturity = bond.bind.terms().maturity
    call = bond.bind.redeem_matured(DEFAULT, [at(world, "alice")], b"")
    world.node.set_time(maturity - 100)
    with refused(reverts.TokenNotMatured, maturity):
        world.order(call)
    world.node.set_time(maturity)
    world.order(call)
    assert bond.bind.total_supply() == 300


def test_a_share_has_no_maturity_to_redeem_at(world: World, token: Token) -> None:
    with refused(reverts.TokenNotMatured, 0):
        world.order(token.bind.redeem_matured(DEFAULT, [at(world, "alice")], b""))


def test_no_holder_is_redeemed_twice(world: World, bond: Token) -> None:
    world.travel(100 * DAY)
    for names, paid in ((["alice", "alice", "dave"], 1), (["alice"], 0), (["bob", "alice"], 1)):
        holders = [at(world, name) for name in names]
        receipt = world.order(bond.bind.redeem_matured(DEFAULT, holders, b""))
        assert len(events(world, receipt, "RedeemedByPartition")) == paid
    assert bond.bind.total_supply() == 200


def test_a_split_before_maturity_is_redeemed_in_new_units(world: World, bond: Token) -> None:
    split(world, bond, 3)
    world.travel(100 * DAY)
    receipt = world.order(bond.bind.redeem_matured(DEFAULT, [at(world, "alice")], b""))
    assert events(world, receipt, "Transfer")[0]["value"] == 300
    assert bond.bind.total_supply() == 900


# --- force ------------------------------------------------------------------------------------------------------------


def test_force_acts_in_any_partition(world: World, token: Token) -> None:
    world.issue(token, "alice", 50, "class-a")
    call = token.bind.force_by_partition(CLASS_A, at(world, "alice"), at(world, "bob"), 20, b"\x01", b"\x02")
    receipt = world.order(call)
    (told,) = events(world, receipt, "TransferByPartition")
    assert (told["fromPartition"], told["data"], told["operatorData"]) == (CLASS_A, b"\x01", b"\x02")
    assert token.bind.balance_of_by_partition(CLASS_A, at(world, "bob")) == 20


def test_force_never_takes_from_or_into_nothing(world: World, token: Token) -> None:
    with refused(reverts.ERC20InvalidReceiver, ZERO):
        world.order(token.bind.forced_transfer(at(world, "alice"), ZERO, 1))
    with refused(reverts.ERC20InvalidSender, ZERO):
        world.order(token.bind.forced_transfer(ZERO, at(world, "alice"), 1))
    with refused(reverts.ERC20InvalidSender, ZERO):
        world.order(token.bind.controller_redeem(ZERO, 1, b"", b""))


def test_a_forced_move_to_the_same_wallet_is_none(world: World, token: Token) -> None:
    world.issue(token, "alice", 100)
    alice = at(world, "alice")
    for call in (
        token.bind.forced_transfer(alice, alice, 1),
        token.bind.force_by_partition(DEFAULT, alice, alice, 1, b"", b""),
    ):
        with refused(reverts.ERC20InvalidReceiver, alice):
            world.order(call)
