"""One method per act of a token, each giving what happened; questions; transfers tried without sending."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from world import DAY, DOCUMENT, World

from stotoken import reverts
from stotoken.client.orders import Orders
from stotoken.client.token import Token, terms_from
from stotoken.client.token_holder import UNLIMITED
from stotoken.errors import ConfigError, InputError
from stotoken.terms import TokenSpec
from stotoken.types import (
    ZERO_ADDRESS,
    Basis,
    InvestorClass,
    MoveKind,
    jst_end_of_day,
    jst_start_of_day,
    keccak,
    partition_id,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
BATCH = keccak(b"batch")


@pytest.fixture
def token(world: World) -> Token:
    """A puttable token with 1,000 units of alice in the default partition, 500 in class-a, 2,000 in the treasury."""
    token = world.new_token(partitions=["class-a"], puttable=True)
    world.issue(token, "alice", 1000)
    world.issue(token, "alice", 500, "class-a")
    world.issue(token, "treasury", 2000)
    return token


def at(world: World, name: str) -> str:
    return world.people[name].address


# --- holders ----------------------------------------------------------------------------------------------------------


def test_each_way_to_transfer_tells_the_move_it_made(world: World, token: Token) -> None:
    alice, bob = at(world, "alice"), at(world, "bob")
    mine = token.by(world.people.alice)
    moved = mine.transfer(bob, 10)
    assert (moved.kind, moved.partition_name, moved.from_, moved.to, moved.units) == (
        MoveKind.TRANSFER, "default", alice, bob, 10,
    )  # fmt: skip
    assert moved.operator == alice
    assert moved.receipt.status == 1
    assert mine.transfer_with_data(bob, 10, b"note").units == 10
    assert mine.transfer_by_partition("class-a", bob, 10).partition == partition_id("class-a")
    many = mine.batch_transfer("default", [(bob, 1), (at(world, "carol"), 2)])
    assert [move.units for move in many.moves] == [1, 2]
    assert many.units == 3
    assert token.balance_of(bob) == 31
    assert token.balance_of(bob, "class-a") == 10
    assert token.partitions_of(bob) == ("default", "class-a")


def test_a_spender_and_an_operator_move_units_for_a_holder(world: World, token: Token) -> None:
    alice, bob, carol = (at(world, name) for name in ("alice", "bob", "carol"))
    mine, for_alice = token.by(world.people.alice), token.by(world.people.bob)
    assert mine.approve(bob, 100).units == 100
    assert for_alice.transfer_from(alice, carol, 30).operator == bob
    assert for_alice.transfer_from_with_data(alice, carol, 30, b"x").units == 30
    assert for_alice.redeem_from(alice, 10).kind == MoveKind.REDEEM
    assert token.allowance(alice, bob) == 30
    assert mine.authorize_operator(bob, "class-a").authorised
    assert token.is_operator(bob, alice, "class-a")
    assert not token.is_operator(bob, alice)
    assert for_alice.operator_transfer("class-a", alice, carol, 5).from_ == alice
    assert for_alice.operator_redeem("class-a", alice, 5).to == ZERO_ADDRESS
    assert not mine.revoke_operator(bob, "class-a").authorised
    with pytest.raises(reverts.OperatorUnauthorized):
        for_alice.operator_transfer("class-a", alice, carol, 5)
    mine.authorize_operator(bob)
    assert token.is_operator(bob, alice)
    mine.revoke_operator(bob)
    assert not token.is_operator(bob, alice)


def test_a_permit_is_signed_by_one_and_sent_by_another(world: World, token: Token) -> None:
    alice, bob = at(world, "alice"), at(world, "bob")
    permit = token.by(world.people.alice).sign_permit(bob, UNLIMITED, world.now + DAY)
    assert token.by(world.people.mallory).permit(permit).units == UNLIMITED
    assert token.allowance(alice, bob) == UNLIMITED
    with pytest.raises(reverts.ERC2612InvalidSigner):
        token.by(world.people.mallory).permit(permit)


def test_units_are_redeemed_by_their_holder(world: World, token: Token) -> None:
    mine = token.by(world.people.alice)
    redeemed = mine.redeem(100)
    assert (redeemed.kind, redeemed.to, redeemed.units) == (MoveKind.REDEEM, ZERO_ADDRESS, 100)
    assert mine.redeem_by_partition("class-a", 50).partition_name == "class-a"
    assert token.total_supply() == 3350
    assert token.total_supply("class-a") == 450


def test_a_requested_transfer_happens_when_it_is_approved(world: World) -> None:
    token = world.new_token(approval_required=True)
    world.issue(token, "alice", 100)
    alice, bob = at(world, "alice"), at(world, "bob")
    mine, issuer = token.by(world.people.alice), token.by(world.people.issuer)
    assert isinstance(token.can_transfer(alice, bob, 40), reverts.TransferApprovalRequired)
    asked = mine.request_transfer(bob, 40, world.now + DAY)
    assert (asked.id, asked.units, asked.to) == (1, 40, bob)
    assert token.holding_of(alice).free == 60
    ended = issuer.approve_transfer_request(asked.id)
    assert ended.approved
    assert ended.moved is not None
    assert (ended.moved.units, ended.moved.kind) == (40, MoveKind.TRANSFER)
    refused = issuer.reject_transfer_request(mine.request_transfer(bob, 10, world.now + DAY).id)
    assert (refused.approved, refused.moved) == (False, None)
    third = mine.request_transfer(bob, 10, world.now + DAY)
    request = token.transfer_request(third.id)
    assert request is not None
    assert request.units == 10
    assert not mine.cancel_transfer_request(third.id).approved
    assert token.transfer_request(third.id) is None


def test_what_can_be_transferred_is_found_out_without_sending(world: World, token: Token) -> None:
    alice, bob, mallory = (at(world, name) for name in ("alice", "bob", "mallory"))
    assert token.can_transfer(alice, bob, 1000) is None
    assert token.transfer_status(alice, bob, 1000) == (0x51, "")
    refusal = token.can_transfer(alice, mallory, 1)
    assert isinstance(refusal, reverts.WalletUnregistered)
    assert refusal.wallet == mallory
    assert token.transfer_status(alice, mallory, 1) == (0x57, refusal.reason), "the receiver is the reason"
    assert isinstance(token.can_transfer(alice, bob, 1, operator=mallory), reverts.OperatorUnauthorized)
    assert token.transfer_status(alice, bob, 1, "class-b")[1] in ("PARTITION", "BALANCE")


def test_a_client_without_a_key_only_asks(world: World, token: Token) -> None:
    assert token.symbol().startswith("TEST-")
    with pytest.raises(ConfigError, match="can only ask; nothing was sent"):
        token.transfer(at(world, "bob"), 1)


# --- servants of the token, each alone --------------------------------------------------------------------------------


def test_the_agent_distributes_within_the_allotment(world: World, token: Token) -> None:
    agent = token.by(world.people.agent)
    rows = [(at(world, "bob"), 100), (at(world, "carol"), 200)]
    world.order(token.allot(300))
    assert token.allotted() == 300
    given = agent.distribute("default", rows, BATCH)
    assert [(move.kind, move.to, move.units) for move in given.moves] == [(MoveKind.DISTRIBUTE, *row) for row in rows]
    assert (given.units, given.batch) == (300, BATCH)
    with pytest.raises(reverts.AllotmentExceeded):
        agent.distribute("default", rows, BATCH)


def test_documents_are_attached_listed_and_removed(world: World, token: Token) -> None:
    issuer = token.by(world.people.issuer)
    issuer.set_document("outline", "https://example.com/outline", DOCUMENT)
    (document,) = token.documents()
    assert (document.name, document.uri, document.sha256) == ("outline", "https://example.com/outline", DOCUMENT)
    assert document.changed_at == world.now
    removed = issuer.remove_document("outline")
    assert (removed.removed, removed.sha256) == (True, DOCUMENT)
    with pytest.raises(InputError, match="no document named outline"):
        issuer.remove_document("outline")


def test_one_person_pauses_and_two_let_run_again(world: World, token: Token) -> None:
    assert token.by(world.people.emergency).pause().by == at(world, "emergency")
    assert token.paused()
    assert token.policy().paused
    with pytest.raises(reverts.TokenPaused):
        token.by(world.people.alice).transfer(at(world, "bob"), 1)
    world.order(token.unpause())
    assert not token.paused()


def test_compliance_freezes_alone_and_thaws_with_another(world: World, token: Token) -> None:
    alice, compliance = at(world, "alice"), token.by(world.people.compliance)
    frozen = compliance.freeze(alice, 400)
    assert (frozen.account, frozen.units) == (alice, 400)
    holding = token.holding_of(alice)
    assert (holding.units, holding.free, holding.frozen) == (1000, 600, 400)
    with pytest.raises(reverts.OrderRequired):
        compliance.freeze(alice, 100)
    world.order(token.set_frozen(alice, 100))
    assert token.holding_of(alice).free == 900


# --- acts of two people -----------------------------------------------------------------------------------------------


def test_every_act_of_an_order_says_what_it_is_in_both_languages(world: World, token: Token) -> None:
    alice, bob, day = at(world, "alice"), at(world, "bob"), date(2030, 3, 31)
    acts = [
        token.issue(alice, 1),
        token.batch_issue("default", [(alice, 1), (bob, 2)]),
        token.allot(1),
        token.raise_authorised_units(2_000_000),
        token.finalize_issuance(),
        token.set_policy(InvestorClass.KYC | InvestorClass.QII, 0, True),
        token.set_lockup(day),
        token.set_lockup(None, "class-a", alice),
        token.lock_lot(alice, 5, day),
        token.lock_lot(alice, 5, day, start=date(2028, 4, 1), cliff=date(2029, 4, 1)),
        token.set_frozen(alice, 0),
        token.unpause(),
        token.split(2, day),
        token.schedule_record_date(day),
        token.cancel_last_epoch(),
        token.force_by_partition("class-a", alice, bob, 1, Basis.JUDGMENT),
        token.controller_transfer(alice, bob, 1, Basis.ATTACHMENT),
        token.forced_transfer(alice, bob, 1, Basis.INHERITANCE),
        token.controller_redeem(alice, 1),
        token.redeem_matured("default", [alice]),
        token.dismiss_loss(DOCUMENT),
        token.reissue(DOCUMENT, bob),
    ]
    for act in acts:
        assert act.target == token.address
        assert act.text("en").isascii()
        assert act.text("en").endswith(".")
        assert act.text("ja").endswith("。")
        assert world.row(act.call).proposers
        assert act.basis in Basis


def test_days_in_japan_become_instants(world: World, token: Token) -> None:
    day = date(2030, 3, 31)
    until = token.bind.set_lockup(bytes(32), ZERO_ADDRESS, jst_end_of_day(day))
    assert token.set_lockup(day).call == until
    assert token.split(2, day).call == token.bind.split(2, jst_start_of_day(day))
    assert token.split(2).call == token.bind.split(2, 0)
    assert token.schedule_record_date(day).call == token.bind.schedule_record_date(jst_end_of_day(day))
    assert token.schedule_record_date(1_900_000_000).call == token.bind.schedule_record_date(1_900_000_000)
    with pytest.raises(InputError, match="names the partition too"):
        token.set_lockup(day, holder=at(world, "alice"))


def test_the_release_of_a_lot_is_told_in_units_of_today(world: World, token: Token) -> None:
    """Who approves it after a split reads how many units come free, not how many they once were."""
    alice, day = at(world, "alice"), date(2030, 3, 31)
    world.order(token.lock_lot(alice, 5, day))
    world.order(token.split(3))
    act = token.release_lot(alice, 0)
    assert act.text("en").startswith(f"Release the lot of 15 units of default of {alice}")
    assert "default 15 口" in act.text("ja")
    world.order(act)
    assert token.lots_of(alice) == ()


def test_a_lot_is_locked_by_days_in_japan(world: World, token: Token) -> None:
    alice, where = at(world, "alice"), partition_id("default")
    start, cliff, day = date(2028, 4, 1), date(2029, 4, 1), date(2030, 3, 31)
    end = jst_end_of_day(day)
    at_once = token.bind.lock_lot(where, alice, 5, end, end, end)
    assert token.lock_lot(alice, 5, day).call == at_once
    begins, first = jst_start_of_day(start), jst_start_of_day(cliff)
    evenly = token.lock_lot(alice, 5, day, start=start)
    assert evenly.call == token.bind.lock_lot(where, alice, 5, begins, begins, end)
    act = token.lock_lot(alice, 5, day, start=start, cliff=cliff)
    assert act.call == token.bind.lock_lot(where, alice, 5, begins, first, end)
    assert act.text("en") == (
        f"Lock 5 units of default of {alice} until 2029-04-01T00:00:00+09:00, then evenly fewer, counted from "
        "2028-04-01T00:00:00+09:00, until 2030-04-01T00:00:00+09:00."
    )
    with pytest.raises(InputError, match="goes with a start"):
        token.lock_lot(alice, 5, day, cliff=cliff)
    with pytest.raises(InputError, match="do not come in this order; no order was made"):
        token.lock_lot(alice, 5, day, start=cliff, cliff=start)
    with pytest.raises(InputError, match="do not come in this order"):
        token.lock_lot(alice, 5, start, start=start, cliff=cliff)


def test_splits_and_record_dates_stand_on_the_calendar(world: World, token: Token) -> None:
    alice = at(world, "alice")
    world.order(token.schedule_record_date())
    world.order(token.split(3))
    ahead = world.now + DAY
    world.order(token.split(2, ahead))
    assert [epoch.factor for epoch in token.epochs()] == [1, 1, 3, 6]
    assert token.epochs()[3].start == ahead
    assert token.current_epoch() == 2
    assert token.balance_of(alice, "default") == 3000
    assert token.balance_at(alice, 1) == 1000
    assert token.total_supply_at(1, "class-a") == 500
    assert token.authorised_units() == 3_000_000
    world.order(token.cancel_last_epoch())
    assert len(token.epochs()) == 3


def test_force_and_reissue_are_told_from_transfers(world: World, token: Token) -> None:
    from stotoken.client.results import moves_of

    alice, bob = at(world, "alice"), at(world, "bob")
    forced = world.order(token.forced_transfer(alice, bob, 10, Basis.JUDGMENT))
    assert [move.kind for move in moves_of(world.deployment, forced)] == [MoveKind.FORCE]
    seized = world.order(token.controller_redeem(alice, 10))
    assert [move.kind for move in moves_of(world.deployment, seized)] == [MoveKind.FORCE]
    issued = world.order(token.batch_issue("default", [(alice, 1), (bob, 2)]))
    assert [move.kind for move in moves_of(world.deployment, issued, token.address)] == [MoveKind.ISSUE] * 2


def test_a_lost_key_stands_still_and_is_made_good(world: World, token: Token) -> None:
    from stotoken.client.results import moves_of

    alice, heir = at(world, "alice"), world.people.mallory
    standing = world.system.standing_of(alice)
    assert standing is not None
    world.register(heir, investor=standing.investor)
    loss = token.by(world.people.registrar).report_lost_key(alice, DOCUMENT)
    assert (loss.wallet, loss.kind, loss.units) == (alice, 1, 1000)
    assert token.holding_of(alice).lost
    recorded = token.loss(loss.id)
    assert recorded is not None
    assert recorded.status == 1
    with pytest.raises(reverts.HoldingLost):
        token.by(world.people.alice).transfer(at(world, "bob"), 1)
    receipt = world.order(token.reissue(loss.id, heir.address))
    assert [move.kind for move in moves_of(world.deployment, receipt)] == [MoveKind.REISSUE]
    assert token.balance_of(heir.address) == 1000
    assert token.loss(DOCUMENT) is None


# --- terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["share", "bond"])
def test_terms_of_a_file_come_back_from_the_chain(world: World, name: str) -> None:
    spec = TokenSpec.from_file(EXAMPLES / f"{name}.yaml")
    terms = terms_from(spec, at(world, "treasury"))
    system, people = world.system, world.people
    proposer, approver = Orders(world.deployment, people.sys_admin), Orders(world.deployment, people.issuer)
    order = proposer.propose(system.create_token(terms), DOCUMENT, world.now + DAY)
    approver.approve(order.id, order.hash)
    token = system.created(proposer.execute(order.id))
    assert system.token(spec.identifier).address == token.address
    assert token.partitions() == spec.partitions
    found = token.terms()
    assert (found.name, found.symbol, found.face_value) == (spec.name, spec.symbol, spec.face_value)
    assert (found.maturity, found.locked_until) == (spec.matures_at, spec.locked_until)
    assert token.policy().receive_classes == spec.receive_classes
    assert token.policy().approval_required == spec.approval_required
