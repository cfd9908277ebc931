"""A system in full swing, and for every function that changes anything a call of it that would succeed just now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contracts.helpers import (
    CLASS_A,
    DAY,
    DEFAULT,
    EVIDENCE,
    INCIDENT,
    KEY_LOST,
    LOSS,
    ZERO,
    at,
    lose,
    origin,
    permit,
    second_wallet,
)
from world import DOCUMENT, World, investor_of

from stotoken.chain.abi import Call
from stotoken.client.act import act_hash
from stotoken.client.bindings.structs import Window
from stotoken.client.standing import Standing
from stotoken.client.token import Token
from stotoken.types import Basis, Instrument, InvestorClass, Role, keccak

NAME = b"prospectus".ljust(32, b"\0")
SECTION = {"Authority": "authority", "CoreSystem": "core_system", "SecurityToken": "token"}


@dataclass(frozen=True)
class Deed:
    """A call that would succeed; `who` may do it alone, or proposes it where it needs an order."""

    who: str
    call: Call
    ordered: bool = False


class Stage:
    """Three tokens, with everything in them that an act could be about."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bond = world.new_token(instrument=Instrument.BOND, maturity=world.now + DAY)
        world.issue(self.bond, "alice", 100)
        world.travel(2 * DAY)
        self.token = token = world.new_token(puttable=True, partitions=["class-a"])
        self.capped = world.new_token(holder_cap=5)
        world.issue(self.capped, "alice", 100)
        for holder, units in (("alice", 1_000), ("bob", 100), ("carol", 50), ("treasury", 500)):
            world.issue(token, holder, units)
        world.issue(token, "alice", 100, "class-a")
        world.order(token.bind.allot(DEFAULT, 300))
        for call in (
            token.bind.approve(at(world, "bob"), 100),
            token.bind.authorize_operator(at(world, "bob")),
            token.bind.request_transfer(DEFAULT, at(world, "bob"), 10, world.now + 100 * DAY),
        ):
            world.send("alice", call)
        self.sent = origin(world.send("alice", token.bind.transfer(at(world, "bob"), 5)), token)
        world.send("issuer", token.bind.set_document(NAME, "", EVIDENCE))
        world.send("compliance", token.bind.set_frozen_tokens(at(world, "alice"), 20))
        world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 10, *[world.now + 100 * DAY] * 3))
        self.later = world.now + 100 * DAY
        world.order(token.bind.split(2, self.later))
        lose(world, token, "carol")
        self.carols = second_wallet(world, "carol")
        self.treasurys = second_wallet(world, "treasury")

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.token, self.bond, self.capped

    def deeds(self) -> dict[str, Deed]:
        """By `Contract.signature`; without what nobody may call, the queue, and what needs the system to be halted."""
        made = {**_holder_deeds(self), **_issuer_deeds(self), **_registrar_deeds(self), **_system_deeds(self)}
        signatures = {deed.call.signature for deed in made.values()}
        assert len(signatures) == len(made), "one call is in the table under two names"
        return {f"{name}.{deed.call.signature}": deed for (name, _), deed in made.items()}

    def proposed(self, deed: Deed) -> int:
        """Propose the act of a deed; the number of its order."""
        world, to = self.world, str(deed.call.to)
        call = world.orders.bind.propose(to, deed.call.data, Basis.POLICY, DOCUMENT, world.now + 100 * DAY)
        world.send(deed.who, call)
        return world.orders.bind.count()

    def approval(self, id: int, deed: Deed) -> Call:
        return self.world.orders.bind.approve(id, act_hash(str(deed.call.to), deed.call.data))

    def execution(self, id: int, deed: Deed) -> Call:
        return self.world.orders.bind.execute(id, str(deed.call.to), deed.call.data)


def staged(world: World) -> Iterator[Stage]:
    """A stage that is taken away again."""
    mark = world.node.snapshot()
    yield Stage(World(world.node, world.connection, world.deployment, world.people))
    world.node.revert(mark)


Made = dict[tuple[str, int], Deed]


def _table(contract: str, who_and_calls: list[tuple[str, Call]], ordered: bool) -> Made:
    return {(contract, hash(call.signature)): Deed(who, call, ordered) for who, call in who_and_calls}


def _holder_deeds(stage: Stage) -> Made:
    world, bind = stage.world, stage.token.bind
    alice, bob = at(world, "alice"), at(world, "bob")
    calls = [
        ("alice", bind.approve(bob, 7)),
        ("alice", bind.authorize_operator(bob)),
        ("alice", bind.authorize_operator_by_partition(CLASS_A, bob)),
        ("alice", bind.batch_transfer(DEFAULT, [bob], [1])),
        ("alice", bind.cancel_transfer_request(1)),
        ("bob", bind.operator_redeem_by_partition(DEFAULT, alice, 1, b"")),
        ("bob", bind.operator_transfer_by_partition(DEFAULT, alice, bob, 1, b"", b"")),
        ("bob", permit(world, stage.token, deadline=world.now + 1_000 * DAY)),
        ("alice", bind.redeem(1, b"")),
        ("alice", bind.redeem_by_partition(CLASS_A, 1, b"")),
        ("bob", bind.redeem_from(alice, 1, b"")),
        ("alice", bind.request_transfer(DEFAULT, bob, 1, world.now + 100 * DAY)),
        ("alice", bind.revoke_operator(bob)),
        ("alice", bind.revoke_operator_by_partition(CLASS_A, bob)),
        ("alice", bind.transfer(bob, 1)),
        ("alice", bind.transfer_by_partition(CLASS_A, bob, 1, b"")),
        ("bob", bind.transfer_from(alice, bob, 1)),
        ("bob", bind.transfer_from_with_data(alice, bob, 1, b"")),
        ("alice", bind.transfer_with_data(bob, 1, b"")),
    ]
    return _table("SecurityToken", calls, False)


def _issuer_deeds(stage: Stage) -> Made:
    world, bind = stage.world, stage.token.bind
    alice, bob = at(world, "alice"), at(world, "bob")
    lot = bind.lots_of(DEFAULT, alice)[0]
    alone = [
        ("agent", bind.distribute(DEFAULT, [bob], [1], bytes(32))),
        ("issuer", bind.set_document(NAME, "b", EVIDENCE)),
        ("registrar", bind.remove_document(NAME)),
        ("emergency", bind.pause()),
        ("issuer", bind.approve_transfer_request(1)),
        ("registrar", bind.reject_transfer_request(1)),
    ]
    ordered = [
        ("agent", bind.issue(bob, 1, b"")),
        ("agent", bind.issue_by_partition(CLASS_A, bob, 1, b"")),
        ("registrar", bind.batch_issue(DEFAULT, [bob], [1], b"")),
        ("issuer", bind.finalize_issuance()),
        ("registrar", bind.raise_authorised_units(2_000_000)),
        ("agent", bind.allot(DEFAULT, 5)),
        ("issuer", bind.set_policy(1, 0, True, False)),
        ("agent", bind.set_lockup(bytes(32), ZERO, stage.later)),
        ("issuer", bind.lock_lot(DEFAULT, bob, 1, *[stage.later] * 3)),
        ("agent", bind.release_lot(DEFAULT, alice, 0, lot)),
        ("registrar", bind.set_treasury(stage.treasurys)),
        ("issuer", bind.set_limits(CLASS_A, 0, 500_000, 1)),
        ("agent", bind.set_countries(CLASS_A, [392], True)),
        ("issuer", bind.set_window(CLASS_A, alice, Window(0, 0, 0, 0))),
        ("agent", bind.set_closed_period(DAY)),
        ("registrar", bind.set_sanctions_oracle(ZERO)),
        ("issuer", bind.set_rules([])),
        ("registrar", bind.unpause()),
        ("registrar", bind.split(2, stage.later + 1)),
        ("issuer", bind.schedule_record_date(stage.later + 1)),
        ("registrar", bind.cancel_last_epoch()),
    ]
    return _table("SecurityToken", alone, False) | _table("SecurityToken", ordered, True)


def _registrar_deeds(stage: Stage) -> Made:
    world, bind = stage.world, stage.token.bind
    alice, bob = at(world, "alice"), at(world, "bob")
    alone = [
        ("compliance", bind.set_frozen_tokens(alice, 21)),
        ("compliance", bind.set_frozen_by_partition(CLASS_A, alice, 21)),
        ("custodian", bind.report_loss(keccak(b"loss 9"), KEY_LOST, DEFAULT, bob, 0, EVIDENCE)),
    ]
    ordered = [
        ("registrar", bind.controller_transfer(alice, bob, 1, b"", b"")),
        ("paying_agent", bind.controller_redeem(alice, 1, b"", b"")),
        ("registrar", bind.controller_redeem_by_partition(CLASS_A, alice, 1, b"", b"")),
        ("registrar", bind.forced_transfer(alice, bob, 1)),
        ("registrar", bind.force_by_partition(CLASS_A, alice, bob, 1, b"", b"")),
        ("paying_agent", stage.bond.bind.redeem_matured(DEFAULT, [alice], b"")),
        ("custodian", bind.dismiss_loss(LOSS)),
        ("registrar", bind.reissue(LOSS, stage.carols)),
        ("agent", bind.reverse(stage.sent, DEFAULT, bob, alice, 5, 0, 1)),
    ]
    return _table("SecurityToken", alone, False) | _table("SecurityToken", ordered, True)


def _system_deeds(stage: Stage) -> Made:
    world = stage.world
    system, authority = world.system.bind, world.authority.bind
    mallory, row = at(world, "mallory"), world.matrix.row("token", "pause")
    standing = Standing(investor_of(mallory), InvestorClass.KYC, 392, world.now + 1_000 * DAY)
    alone = [
        ("compliance", system.freeze_wallet(at(world, "bob"))),
        ("compliance", system.register([mallory], [standing.word])),
        ("emergency", system.halt(2, INCIDENT)),
    ]
    ordered = [
        ("sys_admin", system.create_token(world.terms())),
        ("sys_admin", system.set_implementation(world.deployment.implementation)),
        ("registrar", system.unfreeze_wallet(at(world, "bob"))),
    ]
    governing = [
        ("sys_admin", authority.grant_role(Role.AUDITOR, mallory, 0)),
        ("sys_admin", authority.revoke_role(Role.AUDITOR, at(world, "auditor"))),
        ("sys_admin", authority.set_row("0x" + "00" * 19 + "01", row.selector, row.struct)),
    ]
    own = [
        ("auditor", authority.renounce_role(Role.AUDITOR, at(world, "auditor"))),
        ("auditor", authority.multicall([])),
    ]
    return {
        **_table("CoreSystem", alone, False),
        **_table("CoreSystem", ordered, True),
        **_table("Authority", governing, True),
        **_table("Authority", own, False),
    }
