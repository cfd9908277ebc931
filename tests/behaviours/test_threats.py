"""What a thief can do with one stolen key or with two, and how it ends: the lines of contracts/THREATS.md."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from contracts.helpers import (
    DAY,
    DEFAULT,
    EVIDENCE,
    INCIDENT,
    KEY_LOST,
    LOSS,
    REDEEMED_IN_ERROR,
    ZERO,
    at,
    halt,
    lose,
    origin,
    outcome,
    parts,
    refused,
    resume,
    second_wallet,
)
from world import ROLES, World, investor_of

from behaviours.stage import Stage
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.bindings.structs import Row
from stotoken.client.standing import Standing
from stotoken.client.token import Token
from stotoken.governance import EVERY_TOKEN
from stotoken.types import HaltLevel, InvestorClass, Role, keccak

INVENTED = keccak(b"a transfer that never was")


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(puttable=True)
    for holder in ("alice", "bob", "treasury"):
        world.issue(token, holder, 100)
    return token


def grant(world: World, role: Role, who: str, approver: str = "compliance") -> None:
    world.order(world.authority.bind.grant_role(role, at(world, who), 0), "sys_admin", approver)


def revoke(world: World, role: Role, who: str, approver: str = "compliance") -> None:
    world.order(world.authority.bind.revoke_role(role, at(world, who)), "sys_admin", approver)


def held(world: World, token: Token, *names: str) -> list[int]:
    return [token.bind.balance_of(at(world, name)) for name in names]


# --- one key ----------------------------------------------------------------------------------------------------------

#: What the key of a role does alone, beyond what anybody may do with units and roles of his own.
ALONE: dict[str, set[str]] = {
    "sys_admin": set(),
    "emergency": {"halt", "freezeWallet", "pause"},
    "issuer": {"pause", "setDocument", "removeDocument", "approveTransferRequest", "rejectTransferRequest"},
    "agent": {"distribute", "reportLoss"},
    "registrar": {
        *("halt", "pause", "setDocument", "removeDocument"),
        *("approveTransferRequest", "rejectTransferRequest", "reportLoss"),
    },
    "compliance": {"halt", "pause", "register", "freezeWallet", "setFrozenTokens", "setFrozenByPartition"},
    "custodian": {"reportLoss"},
    "paying_agent": set(),
    "auditor": set(),
}


def test_one_stolen_key_does_this_and_nothing_else(world: World) -> None:
    """Of everything that would succeed just now for the one who may."""
    deeds = Stage(world).deeds()
    del deeds["Authority.renounceRole(uint64,address)"]

    def done(who: str) -> set[str]:
        return {name for name, deed in deeds.items() if outcome(world, who, deed.call) == "done"}

    anybodys = done("mallory")
    for who in ROLES:
        assert {name.partition(".")[2].partition("(")[0] for name in done(who) - anybodys} == ALONE[who], who


@pytest.mark.parametrize("who", ["emergency", "registrar", "compliance"])
def test_what_a_thief_stopped_runs_again_when_the_role_is_taken_from_him(world: World, token: Token, who: str) -> None:
    """The role goes while the system is halted; until then he could stop it again, after it he cannot."""
    grant(world, Role.COMPLIANCE, "dave")
    world.send(who, token.bind.pause())
    if who != "registrar":
        world.send(who, world.system.bind.freeze_wallet(at(world, "alice")))
    world.send(who, world.system.bind.halt(HaltLevel.HALTED, INCIDENT))
    revoke(world, ROLES[who], who, "dave")
    world.order(world.system.bind.resume(HaltLevel.NORMAL, INCIDENT), "sys_admin", "dave")
    grant(world, Role.REGISTRAR, "carol", "dave")
    world.order(token.bind.unpause(), "carol", "dave")
    world.order(world.system.bind.unfreeze_wallet(at(world, "alice")), "carol", "dave")
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 100)) == "done"
    assert outcome(world, who, world.system.bind.halt(HaltLevel.HALTED, INCIDENT)) == "AccessRefused"


def test_at_the_highest_level_a_thief_cannot_make_the_resumption_stale(world: World) -> None:
    halt(world)
    call = world.system.bind.resume(HaltLevel.NORMAL, INCIDENT)
    id = world.approved(call)
    world.travel(1)
    with refused(reverts.HaltLevelWrong):
        halt(world)
    world.execute(id, call)
    assert world.system.level() is HaltLevel.NORMAL


@pytest.mark.parametrize("who", ["custodian", "agent", "registrar"])
def test_losses_that_a_thief_reported_take_nothing_and_are_dismissed(world: World, token: Token, who: str) -> None:
    victims = ("alice", "bob", "treasury")
    for name in victims:
        call = token.bind.report_loss(keccak(name.encode()), KEY_LOST, DEFAULT, at(world, name), 0, EVIDENCE)
        world.send(who, call)
    assert held(world, token, *victims) == [100, 100, 100]
    assert {outcome(world, name, token.bind.transfer(at(world, "carol"), 1)) for name in victims} == {"HoldingLost"}
    revoke(world, ROLES[who], who)
    grant(world, Role.CUSTODIAN, "dave")
    for name in victims:
        world.order(token.bind.dismiss_loss(keccak(name.encode())), "dave", "compliance")
    assert {outcome(world, name, token.bind.transfer(at(world, "carol"), 100)) for name in victims} == {"done"}


def test_a_stolen_officers_key_vetoes_until_the_role_is_taken_from_it(world: World, token: Token) -> None:
    grant(world, Role.COMPLIANCE, "dave")
    call = token.bind.allot(DEFAULT, 50)
    world.send("compliance", world.orders.bind.veto(world.approved(call)))
    id = world.approved(call)
    revoke(world, Role.COMPLIANCE, "compliance", "dave")
    assert outcome(world, "compliance", world.orders.bind.veto(id)) == "OrderUnauthorized"
    world.execute(id, call)
    assert token.bind.allotted(DEFAULT) == 50


def test_registrations_that_a_thief_ended_are_renewed_by_another_officer(world: World, token: Token) -> None:
    wallets = [at(world, name) for name in ("alice", "bob")]
    transfer = token.bind.transfer(at(world, "bob"), 1)
    renewed = [Standing(investor_of(wallet), InvestorClass.KYC, 392, world.now + DAY).word for wallet in wallets]
    world.register(wallets[0], until=1)
    world.register(wallets[1], until=1)
    assert outcome(world, "alice", transfer) == "InvestorExpired"
    grant(world, Role.COMPLIANCE, "dave")
    revoke(world, Role.COMPLIANCE, "compliance", "dave")
    assert outcome(world, "compliance", world.system.bind.register(wallets, renewed)) == "AccessRefused"
    world.send("dave", world.system.bind.register(wallets, renewed))
    assert outcome(world, "alice", transfer) == "done"


def test_a_second_administrator_replaces_the_one_whose_key_was_stolen(world: World) -> None:
    grant(world, Role.SYS_ADMIN, "mallory")
    call = world.authority.bind.revoke_role(Role.SYS_ADMIN, at(world, "sys_admin"))
    world.order(call, "mallory", "compliance")
    resumption = world.system.bind.resume(HaltLevel.NORMAL, INCIDENT)
    proposal = world.orders.bind.propose(world.system.address, resumption.data, 1, INCIDENT, world.now + DAY)
    assert outcome(world, "sys_admin", proposal) == "OrderUnauthorized"


def test_the_thief_of_the_only_administrators_key_can_hinder_whatever_that_key_proposes(world: World) -> None:
    """Why there should be two: who proposed may take it back, and a key does not tell its owner from its thief."""
    halt(world)
    for call in (
        world.authority.bind.grant_role(Role.SYS_ADMIN, at(world, "mallory"), 0),
        world.system.bind.resume(HaltLevel.NORMAL, INCIDENT),
    ):
        id = world.approved(call)
        world.send("sys_admin", world.orders.bind.veto(id))
        assert outcome(world, "sys_admin", world.orders.bind.execute(id, str(call.to), call.data)) == "OrderStatusWrong"
    with refused(reverts.RoleLastMember, Role.SYS_ADMIN):
        revoke(world, Role.SYS_ADMIN, "sys_admin")


def test_what_was_approved_and_left_lying_is_carried_out_by_a_thief_unless_it_was_vetoed(
    world: World, token: Token
) -> None:
    call = token.bind.controller_redeem(at(world, "alice"), 40, b"", b"")
    first, second = world.approved(call), world.approved(call)
    grant(world, Role.REGISTRAR, "mallory")
    execution = [world.orders.bind.execute(id, token.address, call.data) for id in (first, second)]
    world.send("mallory", execution[0])
    assert held(world, token, "alice") == [60]
    world.send("issuer", world.orders.bind.veto(second))
    assert outcome(world, "mallory", execution[1]) == "OrderStatusWrong"


@pytest.mark.parametrize("what", ["a lock-up", "a date"])
def test_what_was_left_lying_also_lifts_a_lockup_or_a_date_that_was_set_later(
    world: World, token: Token, what: str
) -> None:
    """Only stops, freezes, pauses, frozen parts and losses are kept from older orders: veto what is not carried out."""
    if what == "a lock-up":
        lift = token.bind.set_lockup(bytes(32), ZERO, 0)
        id = world.approved(lift)
        world.order(token.bind.set_lockup(bytes(32), ZERO, world.now + DAY))
        assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "HoldingLockedUp"
        world.execute(id, lift)
        assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "done"
    else:
        lift = token.bind.cancel_last_epoch()
        id = world.approved(lift)
        world.order(token.bind.schedule_record_date(world.now + DAY))
        world.execute(id, lift)
        assert token.bind.epoch_of(1).start == 0


@pytest.mark.parametrize("right", ["operator", "allowance"])
def test_a_frozen_holder_takes_back_the_right_that_a_thief_would_use(world: World, token: Token, right: str) -> None:
    """Freezing the spender would not help; freezing the holder does, and leaves him his own means."""
    bind, alice, bob, spender = token.bind, at(world, "alice"), at(world, "bob"), at(world, "mallory")
    given, taken, used = {
        "operator": (
            bind.authorize_operator(spender),
            bind.revoke_operator(spender),
            bind.operator_transfer_by_partition(DEFAULT, alice, bob, 100, b"", b""),
        ),
        "allowance": (bind.approve(spender, 100), bind.approve(spender, 0), bind.transfer_from(alice, bob, 100)),
    }[right]
    world.send("alice", given)
    assert outcome(world, "mallory", used) == "done"
    world.send("emergency", world.system.bind.freeze_wallet(alice))
    assert outcome(world, "mallory", used) == "WalletFrozen"
    world.send("alice", taken)
    world.order(world.system.bind.unfreeze_wallet(alice))
    assert outcome(world, "mallory", used) in ("OperatorUnauthorized", "ERC20InsufficientAllowance")


def test_a_stolen_treasury_moves_all_it_has_until_it_is_frozen(world: World, token: Token) -> None:
    """An allotment does not bind it; the receivers that are registered do."""
    world.order(token.bind.allot(DEFAULT, 1))
    everything = token.bind.transfer(at(world, "carol"), 100)
    assert outcome(world, "treasury", everything) == "done"
    assert outcome(world, "treasury", token.bind.transfer(at(world, "mallory"), 1)) == "WalletUnregistered"
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "treasury")))
    assert outcome(world, "treasury", everything) == "WalletFrozen"
    distribution = token.bind.distribute(DEFAULT, [at(world, "carol")], [1], bytes(32))
    assert outcome(world, "agent", distribution) == "WalletFrozen"
    world.order(token.bind.forced_transfer(at(world, "treasury"), second_wallet(world, "treasury"), 100))
    assert held(world, token, "treasury") == [0]


def test_what_a_thief_of_an_investors_key_sent_is_brought_back_out_of_a_frozen_wallet(
    world: World, token: Token
) -> None:
    sent = origin(world.send("alice", token.bind.transfer(at(world, "carol"), 100)), token)
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "carol")))
    world.order(token.bind.reverse(sent, DEFAULT, at(world, "carol"), at(world, "alice"), 100, 0, 100))
    lose(world, token, "alice")
    world.order(token.bind.reissue(LOSS, second_wallet(world, "alice")))
    assert held(world, token, "alice", "carol") == [0, 0]
    assert token.bind.balance_of(second_wallet(world, "alice")) == 100


# --- contracts of third parties ---------------------------------------------------------------------------------------

#: Machine code of rules that want no good, and what a Move is told that asks them.
EVIL = {
    "refuses everything": ("60206000526001602052607860405360606000f3", "RuleRefused"),
    "reverts": ("60006000fd", "RuleUnanswered"),
    "burns all gas": ("5b600056", "RuleUnanswered"),
    "writes": ("60016000556020600052600060205260406000f3", "RuleUnanswered"),
    "answers at great length": ("621000006000f3", "RuleUnanswered"),
    "destroys itself": ("33ff", "RuleUnanswered"),
}
AGREES = "6020600052600060205260406000f3"
ANSWERS = "60{}60005260206000f3"


def planted(world: World, code: str) -> str:
    """The address of a contract with this code."""
    address = "0x" + keccak(code.encode())[-20:].hex()
    world.node.rpc("anvil_setCode", address, "0x" + code)
    return address


def remedies(world: World, token: Token) -> list[Call]:
    """Orders that put right: force, a reversal, a redemption by the controller, a reissue."""
    bind, alice, bob = token.bind, at(world, "alice"), at(world, "bob")
    lose(world, token, "alice")
    return [
        bind.controller_redeem(alice, 1, b"", b""),
        bind.reverse(INVENTED, DEFAULT, bob, at(world, "carol"), 1, 0, 1),
        bind.reissue(LOSS, second_wallet(world, "alice")),
        bind.forced_transfer(bob, at(world, "carol"), 1),
    ]


@pytest.mark.parametrize("kind", EVIL)
def test_an_evil_rule_stops_holders_but_no_remedy_and_not_its_own_removal(
    world: World, token: Token, kind: str
) -> None:
    code, said = EVIL[kind]
    world.order(token.bind.set_rules([planted(world, code)]))
    transfer = token.bind.transfer(at(world, "bob"), 1)
    assert outcome(world, "alice", transfer) == said
    assert outcome(world, "alice", token.bind.redeem(1, b"")) == said
    for call in remedies(world, token):
        world.order(call)
    world.order(token.bind.set_rules([]))
    assert outcome(world, "bob", token.bind.transfer(at(world, "carol"), 1)) == "done"


def test_a_rule_that_agrees_with_everything_opens_nothing(world: World, token: Token) -> None:
    world.order(token.bind.set_rules([planted(world, AGREES)]))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "done"
    assert outcome(world, "alice", token.bind.transfer(at(world, "mallory"), 1)) == "WalletUnregistered"
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "alice")))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "WalletFrozen"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (ANSWERS.format("01"), "WalletSanctioned"),
        (ANSWERS.format("02"), "RuleUnanswered"),
        ("60006000fd", "RuleUnanswered"),
        ("5b600056", "RuleUnanswered"),
    ],
    ids=["names everybody", "answers neither", "reverts", "burns all gas"],
)
def test_an_evil_oracle_stops_holders_and_force_but_not_its_own_removal(
    world: World, token: Token, code: str, said: str
) -> None:
    world.order(token.bind.set_sanctions_oracle(planted(world, code)))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == said
    *others, force = remedies(world, token)
    id = world.approved(force)
    execution = world.orders.bind.execute(id, token.address, force.data)
    assert outcome(world, "registrar", execution) == said
    for call in others:
        world.order(call)
    world.order(token.bind.set_sanctions_oracle(ZERO))
    world.execute(id, force)


def test_an_oracle_that_names_nobody_opens_nothing_else(world: World, token: Token) -> None:
    world.order(token.bind.set_sanctions_oracle(planted(world, ANSWERS.format("00"))))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "done"
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "bob")))
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "WalletFrozen"


# --- time -------------------------------------------------------------------------------------------------------------


def test_a_clock_that_runs_ahead_ends_no_stop_and_no_order_that_the_stop_holds(world: World, token: Token) -> None:
    lose(world, token, "bob")
    world.send("emergency", token.bind.pause())
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "alice")))
    call = token.bind.allot(DEFAULT, 5)
    id = world.approved(call)
    halt(world)
    world.travel(3_000 * DAY)
    assert world.system.level() is HaltLevel.HALTED
    assert token.bind.paused()
    assert not world.system.is_verified(at(world, "alice"))
    assert parts(world, token, "bob").lost
    resume(world)
    world.execute(id, call)
    assert token.bind.allotted(DEFAULT) == 5


def test_a_clock_that_runs_ahead_opens_what_waits_for_a_time(world: World, token: Token) -> None:
    """Nobody on chain can tell: lock-ups end, and so do the days in which a change of the matrix can be vetoed."""
    world.order(token.bind.set_lockup(bytes(32), ZERO, world.now + DAY))
    row = Row(0, 1 << Role.REGISTRAR, 1 << Role.ISSUER, 0, False)
    change = world.authority.bind.set_row(EVERY_TOKEN, token.bind.allot(DEFAULT, 1).data[:4], row)
    id = world.approved(change)
    execution = world.orders.bind.execute(id, world.authority.address, change.data)
    transfer = token.bind.transfer(at(world, "bob"), 1)
    assert outcome(world, "alice", transfer) == "HoldingLockedUp"
    assert outcome(world, "sys_admin", execution) == "OrderNotReady"
    world.travel(3 * DAY)
    assert outcome(world, "alice", transfer) == "done"
    assert outcome(world, "sys_admin", execution) == "done"


# --- two keys ---------------------------------------------------------------------------------------------------------

Theft = Callable[[World, Token, str], Call]


def by_force(world: World, token: Token, loot: str) -> Call:
    return token.bind.forced_transfer(at(world, "alice"), loot, 100)


def by_reversal(world: World, token: Token, loot: str) -> Call:
    return token.bind.reverse(INVENTED, DEFAULT, at(world, "alice"), loot, 100, 0, 100)


def by_reissue(world: World, token: Token, loot: str) -> Call:
    world.send("custodian", token.bind.report_loss(LOSS, KEY_LOST, DEFAULT, at(world, "alice"), 0, EVIDENCE))
    return token.bind.reissue(LOSS, loot)


@pytest.mark.parametrize(
    ("proposer", "theft"),
    [
        ("registrar", by_force),
        ("registrar", by_reversal),
        ("issuer", by_reversal),
        ("agent", by_reversal),
        ("agent", by_reissue),
        ("custodian", by_reissue),
    ],
)
def test_compliance_and_one_who_proposes_take_a_holding_at_once_and_it_is_brought_back(
    world: World, token: Token, proposer: str, theft: Theft
) -> None:
    """Nothing stops these two. The loot stays among registered wallets, and successors of both return it."""
    loot = second_wallet(world, "alice", 7)
    world.order(theft(world, token, loot), proposer, "compliance")
    assert (held(world, token, "alice"), token.bind.balance_of(loot)) == ([0], 100)
    assert outcome(world, "registrar", token.bind.forced_transfer(loot, at(world, "mallory"), 1)) == "OrderRequired"
    halt(world)
    grant(world, Role.COMPLIANCE, "dave")
    grant(world, Role.REGISTRAR, "carol")
    revoke(world, ROLES[proposer], proposer, "dave")
    revoke(world, Role.COMPLIANCE, "compliance", "dave")
    world.order(world.system.bind.resume(HaltLevel.RESTRICTED, INCIDENT), "sys_admin", "dave")
    world.order(token.bind.forced_transfer(loot, second_wallet_of(world, "alice", 8, "dave"), 100), "carol", "dave")
    assert token.bind.balance_of(loot) == 0


def second_wallet_of(world: World, owner: str, number: int, officer: str) -> str:
    """As `second_wallet`, registered by another officer."""
    wallet = "0x" + keccak(f"{owner} {number}".encode())[-20:].hex()
    known = world.system.standing_of(world.people[owner].address)
    assert known is not None
    world.send(officer, world.system.bind.register([wallet], [known.word]))
    return wallet


def test_a_delay_of_the_row_leaves_time_to_veto_what_two_stolen_keys_ordered(world: World, token: Token) -> None:
    row = world.matrix.row("token", "forcedTransfer")
    delayed = Row(0, 1 << Role.REGISTRAR, 1 << Role.COMPLIANCE, DAY, False)
    world.order(world.authority.bind.set_row(EVERY_TOKEN, row.selector, delayed))
    grant(world, Role.COMPLIANCE, "dave")
    call = by_force(world, token, at(world, "bob"))
    id = world.approved(call)
    execution = world.orders.bind.execute(id, token.address, call.data)
    assert outcome(world, "registrar", execution) == "OrderNotReady"
    world.send("dave", world.orders.bind.veto(id))
    world.travel(2 * DAY)
    assert outcome(world, "registrar", execution) == "OrderStatusWrong"
    assert held(world, token, "alice") == [100]


@pytest.mark.parametrize("proposer", ["registrar", "paying_agent"])
def test_the_issuer_and_one_who_proposes_extinguish_a_holding_and_it_is_made_good(
    world: World, token: Token, proposer: str
) -> None:
    call = token.bind.controller_redeem(at(world, "alice"), 100, b"", b"")
    gone = origin(world.order(call, proposer, "issuer"), token, "RedeemedByPartition")
    assert held(world, token, "alice") == [0]
    world.send("custodian", token.bind.report_loss(gone, REDEEMED_IN_ERROR, DEFAULT, at(world, "alice"), 100, EVIDENCE))
    world.order(token.bind.reissue(gone, at(world, "alice")), "custodian", "compliance")
    assert held(world, token, "alice") == [100]


def test_the_issuer_and_the_agent_issue_up_to_the_authorised_units_and_not_one_more(world: World) -> None:
    token = world.new_token(authorised_units=1_000)
    world.order(token.bind.issue(at(world, "carol"), 1_000, b""), "agent", "issuer")
    with refused(reverts.AuthorisedUnitsExceeded):
        world.order(token.bind.issue(at(world, "carol"), 1, b""), "agent", "issuer")
    assert token.bind.total_supply() == 1_000


def test_the_issuer_and_the_registrar_do_three_things_that_nobody_undoes(world: World, token: Token) -> None:
    """More authorised units, a split, the end of issuance: none leads back."""
    world.order(token.bind.raise_authorised_units(2_000_000), "registrar", "issuer")
    world.order(token.bind.split(1_000, 0), "registrar", "issuer")
    world.order(token.bind.finalize_issuance(), "issuer", "registrar")
    assert (held(world, token, "alice"), token.bind.authorised_units()) == ([100_000], 2_000_000_000)
    for back in (token.bind.raise_authorised_units(1_000_000), token.bind.split(1, 0), token.bind.cancel_last_epoch()):
        id = world.approved(back)
        execution = world.orders.bind.execute(id, token.address, back.data)
        said = outcome(world, "registrar", execution)
        assert said in ("UnitsOutOfRange", "SplitRatioOutOfRange", "EpochNotPending")


def test_the_administrator_and_compliance_take_the_whole_system_and_nobody_can_veto(world: World, token: Token) -> None:
    """The one pair that is the end: roles change at once, and only these two may take such an order back."""
    grant(world, Role.COMPLIANCE, "dave")
    grant(world, Role.SYS_ADMIN, "mallory")
    id = world.approved(world.authority.bind.revoke_role(Role.COMPLIANCE, at(world, "dave")))
    assert outcome(world, "dave", world.orders.bind.veto(id)) == "OrderUnauthorized"
    assert outcome(world, "mallory", world.orders.bind.veto(id)) == "OrderUnauthorized"
    revoke(world, Role.COMPLIANCE, "dave")
    revoke(world, Role.SYS_ADMIN, "mallory")
    for role in (Role.REGISTRAR, Role.ISSUER, Role.ISSUING_AGENT):
        grant(world, role, "bob")
    world.order(by_force(world, token, at(world, "bob")), "bob", "compliance")
    assert held(world, token, "bob") == [200]


def test_not_even_the_administrator_and_compliance_change_a_token_that_exists(world: World, token: Token) -> None:
    code = world.connection.code(token.address)
    world.order(world.system.bind.set_implementation(planted(world, AGREES)), "sys_admin", "compliance")
    assert world.connection.code(token.address) == code
    assert held(world, token, "alice") == [100]
    assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "done"


def test_the_administrator_and_an_issuer_take_an_identifier_for_ever(world: World) -> None:
    taken = world.system.bind.create_token(world.terms(identifier=b"JP0000000001"))
    world.order(taken, "sys_admin", "issuer")
    with refused(reverts.IdentifierTaken):
        world.order(taken, "sys_admin", "compliance")
