"""What went wrong in other systems of this kind, each as a test here."""

from __future__ import annotations

import pytest
from contracts.helpers import (
    DAY,
    DEFAULT,
    INCIDENT,
    KEY_LOST,
    LOSS,
    ZERO,
    at,
    event_names,
    events,
    freeze,
    halt,
    origin,
    outcome,
    parts,
    refused,
    second_wallet,
    split,
)
from world import DOCUMENT, World, investor_of

from stotoken import reverts
from stotoken.client.events import abi_of
from stotoken.client.standing import Standing
from stotoken.client.token import Token
from stotoken.errors import Reverted
from stotoken.types import Instrument, InvestorClass, keccak


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token()
    world.issue(token, "alice", 100)
    return token


def test_a_stop_stops_transfers_locks_and_unlocks_alike(world: World, token: Token) -> None:
    bind, bob = token.bind, at(world, "bob")
    world.send("alice", bind.request_transfer(DEFAULT, bob, 10, world.now + DAY))
    calls = [
        ("alice", bind.transfer(bob, 1)),
        ("alice", bind.request_transfer(DEFAULT, bob, 1, world.now + DAY)),
        ("alice", bind.cancel_transfer_request(1)),
        ("issuer", bind.approve_transfer_request(1)),
    ]
    world.send("emergency", bind.pause())
    assert {outcome(world, who, call) for who, call in calls} == {"TokenPaused"}
    world.order(bind.unpause())
    halt(world)
    assert {outcome(world, who, call) for who, call in calls} == {"SystemHalted"}


def test_a_pause_traps_nothing_because_nothing_is_ever_taken_into_escrow(world: World, token: Token) -> None:
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, world.now + DAY))
    assert token.bind.balance_of(at(world, "alice")) == 100
    assert token.bind.balance_of(token.address) == 0
    world.send("emergency", token.bind.pause())
    world.send("issuer", token.bind.reject_transfer_request(1))
    assert parts(world, token, "alice").free == 100


@pytest.mark.parametrize("who", ["mallory", "alice", "issuer", "agent", "sys_admin"])
def test_nobody_puts_himself_on_the_list_of_investors(world: World, who: str) -> None:
    mine = Standing(keccak(b"me")[:16], InvestorClass.KYC, 392, world.now + DAY)
    call = world.system.bind.register([at(world, who)], [mine.word])
    with refused(reverts.AccessRefused, at(world, who), call.data[:4]):
        world.send(who, call)


def test_no_detour_brings_units_to_a_wallet_nobody_knows(world: World, token: Token) -> None:
    """Elsewhere: lock with a third party as beneficiary, then unlock to it."""
    bind, stranger = token.bind, at(world, "mallory")
    with refused(reverts.WalletUnregistered, stranger):
        world.send("alice", bind.request_transfer(DEFAULT, stranger, 1, world.now + DAY))
    with refused(reverts.WalletUnregistered, stranger):
        world.order(bind.forced_transfer(at(world, "alice"), stranger, 1))
    moved = origin(world.send("alice", bind.transfer(at(world, "bob"), 10)), token)
    with refused(reverts.WalletUnregistered, stranger):
        world.order(bind.reverse(moved, DEFAULT, at(world, "bob"), stranger, 10, 0, 1))
    world.send("registrar", bind.report_loss(LOSS, KEY_LOST, DEFAULT, at(world, "alice"), 0, DOCUMENT))
    with refused(reverts.InvestorDiffers, stranger):
        world.order(bind.reissue(LOSS, stranger))


def test_a_request_to_an_investor_who_has_gone_since_is_not_carried_out(world: World, token: Token) -> None:
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 10, world.now + 9 * DAY))
    world.register(at(world, "bob"), until=world.now + DAY, investor=investor_of(at(world, "bob")))
    world.travel(DAY + 1)
    assert outcome(world, "issuer", token.bind.approve_transfer_request(1)) == "InvestorExpired"


def test_no_forced_transfer_is_without_a_basis_and_a_document(world: World, token: Token) -> None:
    call, orders = token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1), world.orders.bind
    for basis, document in ((0, DOCUMENT), (1, bytes(32))):
        with refused(reverts.OrderIncomplete):
            world.send("registrar", orders.propose(token.address, call.data, basis, document, world.now + DAY))
    receipt = world.send("registrar", orders.propose(token.address, call.data, 3, DOCUMENT, world.now + DAY))
    (told,) = events(world, receipt, "OrderProposed")
    assert (told["proposer"], told["basis"], told["documentHash"]) == (at(world, "registrar"), 3, DOCUMENT)


def test_a_forced_transfer_to_the_zero_address_is_refused_and_strands_no_supply(world: World, token: Token) -> None:
    for call in (
        token.bind.forced_transfer(at(world, "alice"), ZERO, 1),
        token.bind.controller_transfer(at(world, "alice"), ZERO, 1, b"", b""),
        token.bind.force_by_partition(DEFAULT, at(world, "alice"), ZERO, 1, b"", b""),
    ):
        with refused(reverts.ERC20InvalidReceiver, ZERO):
            world.order(call)
    assert token.bind.total_supply() == 100 == token.bind.balance_of(at(world, "alice"))


def test_a_forced_transfer_asks_whether_the_receiver_may_hold(world: World, token: Token) -> None:
    force = token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1)
    world.register(at(world, "bob"), InvestorClass.SPECIAL, investor=investor_of(at(world, "bob")))
    with pytest.raises(reverts.InvestorClassRefused):
        world.order(force)
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "bob")))
    with refused(reverts.WalletFrozen, at(world, "bob")):
        world.order(force)


def test_neither_pause_nor_freeze_nor_lock_nor_request_stops_the_controller(world: World, token: Token) -> None:
    bind, alice = token.bind, at(world, "alice")
    world.order(bind.lock_lot(DEFAULT, alice, 30, *[world.now + DAY] * 3))
    world.send("alice", bind.request_transfer(DEFAULT, at(world, "bob"), 30, world.now + DAY))
    freeze(world, token, "alice", 40)
    world.order(bind.set_lockup(bytes(32), ZERO, world.now + DAY))
    world.send("emergency", world.system.bind.freeze_wallet(alice))
    world.send("emergency", bind.pause())
    world.order(bind.forced_transfer(alice, at(world, "bob"), 100))
    assert bind.balance_of(at(world, "bob")) == 100


def test_the_answer_and_the_deed_agree_while_the_token_is_paused(world: World, token: Token) -> None:
    """Elsewhere a migrated token answers success, and reverts."""
    bind, alice, bob = token.bind, at(world, "alice"), at(world, "bob")
    world.send("emergency", bind.pause())
    assert bind.can_transfer(bob, 1, b"", sender=alice)[0] == b"\x54"
    assert bind.can_transfer_between(alice, bob, 1) is False
    assert outcome(world, "alice", bind.transfer(bob, 1)) == "TokenPaused"


def test_refusals_are_told_apart_by_code_and_by_sentence(world: World, token: Token) -> None:
    """Elsewhere all of them are one code, or one string."""
    bind, alice, bob = token.bind, at(world, "alice"), at(world, "bob")
    seen = {}
    for bring in (
        lambda: freeze(world, token, "alice", 100),
        lambda: world.order(bind.set_lockup(bytes(32), ZERO, world.now + DAY)),
        lambda: world.send("emergency", world.system.bind.freeze_wallet(alice)),
        lambda: world.send("emergency", bind.pause()),
        lambda: halt(world),
    ):
        bring()
        with pytest.raises(Reverted) as caught:
            world.send("alice", bind.transfer(bob, 1))
        reason = bind.can_transfer(bob, 1, b"", sender=alice)[1]
        seen[reason] = (caught.value.message("en"), caught.value.message("ja"))
    assert len(seen) == 5
    assert len({en for en, _ in seen.values()}) == len({ja for _, ja in seen.values()}) == 5


@pytest.mark.parametrize("code", ["0x", "0x00", "0x60006000fd", "0x60206000f3", "0xfe"])
def test_without_an_answer_of_the_system_nothing_moves(world: World, token: Token, code: str) -> None:
    """Rules fail closed: whatever stands in the system's place, or nothing, lets no unit through."""
    bind, alice, bob = token.bind, at(world, "alice"), at(world, "bob")
    world.send("alice", bind.approve(bob, 50))
    calls = [
        ("alice", bind.transfer(bob, 1)),
        ("alice", bind.batch_transfer(DEFAULT, [bob], [1])),
        ("bob", bind.transfer_from(alice, bob, 1)),
        ("alice", bind.request_transfer(DEFAULT, bob, 1, world.now + DAY)),
    ]
    assert {outcome(world, who, call) for who, call in calls} == {"done"}
    world.node.rpc("anvil_setCode", world.system.address, code)
    assert "done" not in {outcome(world, who, call) for who, call in calls}


def test_a_request_is_never_stuck_for_ever_when_the_approvers_key_is_lost(world: World, token: Token) -> None:
    deadline = world.now + DAY
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 100, deadline))
    world.node.set_time(deadline)
    world.send("mallory", token.bind.cancel_transfer_request(1))
    world.send("alice", token.bind.transfer(at(world, "carol"), 100))


def test_a_new_implementation_leaves_what_is_under_way_as_it_is(world: World, token: Token) -> None:
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, world.now + 9 * DAY))
    code = world.connection.code(token.address)
    world.order(world.system.bind.set_implementation(world.deployment.addresses["IssuerDesk"]))
    assert world.connection.code(token.address) == code
    world.send("issuer", token.bind.approve_transfer_request(1))
    assert token.bind.balance_of(at(world, "bob")) == 40


def test_a_lost_key_is_made_good_in_one_token_after_the_other(world: World, token: Token) -> None:
    """Elsewhere the second token that shares the identities cannot be recovered."""
    other, new = world.new_token(holder_cap=9), second_wallet(world, "alice")
    world.issue(other, "alice", 70)
    for each, units in ((token, 100), (other, 70)):
        report = each.bind.report_loss(LOSS, KEY_LOST, DEFAULT, at(world, "alice"), 0, DOCUMENT)
        world.send("custodian", report)
        world.order(each.bind.reissue(LOSS, new))
        assert each.bind.balance_of(new) == units == each.bind.total_supply()


def test_a_split_never_drifts_by_rounding(world: World) -> None:
    token = world.new_token()
    names = ("alice", "bob", "carol")
    for name, units in zip(names, (1, 3, 333_333), strict=True):
        world.issue(token, name, units)
    for ratio in (3, 7, 11):
        split(world, token, ratio)
        world.send("carol", token.bind.transfer(at(world, "bob"), 1))
    held = [token.bind.balance_of(at(world, name)) for name in names]
    assert sum(held) == token.bind.total_supply() == 333_337 * 231
    assert held[0] == 231


def test_every_unit_that_ever_came_or_went_is_told_by_an_event(world: World) -> None:
    """The register can be rebuilt from the chain alone: issues, losses and redemptions of every kind included."""
    token = world.new_token(puttable=True, partitions=["class-a"])
    start = world.connection.block().number + 1
    alice, bob = at(world, "alice"), at(world, "bob")
    world.issue(token, "alice", 100)
    world.order(token.bind.issue(bob, 50, b""))
    world.order(token.bind.batch_issue(token.bind.partitions()[1], [alice, bob], [7, 8], b"\x01"))
    world.send("alice", token.bind.batch_transfer(DEFAULT, [bob, at(world, "carol")], [5, 6]))
    redeemed = origin(world.send("alice", token.bind.redeem(30, b"")), token, "RedeemedByPartition")
    world.order(token.bind.controller_redeem(bob, 20, b"", b""))
    world.send("registrar", token.bind.report_loss(redeemed, 2, DEFAULT, alice, 30, DOCUMENT))
    world.order(token.bind.reissue(redeemed, alice))
    world.send("registrar", token.bind.report_loss(LOSS, KEY_LOST, DEFAULT, bob, 0, DOCUMENT))
    new = second_wallet(world, "bob")
    world.order(token.bind.reissue(LOSS, new))
    held = _replayed(world, token, start)
    for wallet in (alice, bob, at(world, "carol"), new):
        for partition in token.bind.partitions():
            assert held.get((partition, wallet), 0) == token.bind.balance_of_by_partition(partition, wallet)
    assert sum(held.values()) == token.bind.total_supply() == 100 + 50 + 15 - 20


def _replayed(world: World, token: Token, start: int) -> dict[tuple[bytes, str], int]:
    """Holdings from the events of ERC-1410 alone; each must have its ERC-20 event before it."""
    abi, held, plain = abi_of("SecurityToken"), {}, []
    for log in world.connection.logs([token.address], start):
        decoded = abi.decode_log(log)
        assert decoded is not None
        event, values = decoded
        if event.name == "Transfer":
            plain.append((values["from"], values["to"], values["value"]))
        if event.name not in ("IssuedByPartition", "RedeemedByPartition", "TransferByPartition"):
            continue
        partition = values.get("partition", values.get("fromPartition"))
        from_, to = values.get("from", ZERO), values.get("to", ZERO)
        assert plain.pop() == (from_, to, values["value"])
        for wallet, change in ((from_, -values["value"]), (to, values["value"])):
            if wallet != ZERO:
                held[partition, wallet] = held.get((partition, wallet), 0) + change
    assert plain == []
    return held


def test_share_and_bond_are_the_same_code_and_differ_in_data_alone(world: World) -> None:
    share = world.new_token()
    bond = world.new_token(instrument=Instrument.BOND, maturity=world.now + DAY)
    assert world.connection.code(share.address) == world.connection.code(bond.address)
    assert (share.bind.terms().instrument, bond.bind.terms().instrument) == (Instrument.SHARE, Instrument.BOND)


def test_nothing_personal_is_in_a_registration(world: World) -> None:
    """An investor is sixteen random bytes, classes, a country and a time: there is no place for more."""
    receipt = world.register(at(world, "mallory"))
    (told,) = events(world, receipt, "StandingChanged")
    assert set(told) == {"wallet", "investor", "standing", "by"}
    assert event_names(world, receipt) == ["StandingChanged"]
    assert told["standing"] & ~(2**256 - 2**40 | 1) == 0


def test_the_emergency_key_cannot_take_or_free_anything(world: World, token: Token) -> None:
    halt(world)
    for call in (
        world.system.bind.resume(0, INCIDENT),
        world.system.bind.unfreeze_wallet(at(world, "alice")),
        token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1),
        token.bind.unpause(),
    ):
        assert outcome(world, "emergency", call) in ("AccessRefused", "OrderRequired")
