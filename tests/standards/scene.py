"""What the tests of the standards act on: one token with two partitions, and every way in which its units move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contracts.helpers import (
    CLASS_A,
    DAY,
    DEFAULT,
    EVIDENCE,
    LOSS,
    REDEEMED_IN_ERROR,
    ZERO,
    lose,
    origin,
    second_wallet,
)
from world import World

from standards.letters import Announcement, Raw
from stotoken.chain.abi import Call
from stotoken.client.bindings import SecurityToken
from stotoken.client.token import Token
from stotoken.types import Receipt

#: What alice holds in the partition `default` and in `class-a`, and what carol may spend of it.
HELD, HELD_A, ALLOWED = 100, 50, 1_000
#: What the ways below move.
UNITS = 7
#: Data that are given with a transfer where there is a place for them.
PAPER = b"a paper of more than one word of thirty-two bytes"


@dataclass(frozen=True)
class Scene:
    """A puttable share. Alice holds units in both partitions; carol is her spender and her operator; bob holds nothing
    and mallory is not registered."""

    world: World
    token: Token

    @classmethod
    def make(cls, world: World) -> Scene:
        token = world.new_token(partitions=["class-a"], puttable=True, identifier=b"ZZSCENE00001")
        world.issue(token, "alice", HELD)
        world.issue(token, "alice", HELD_A, "class-a")
        scene = cls(world, token)
        scene.send("alice", token.bind.approve(scene.carol, ALLOWED))
        scene.send("alice", token.bind.authorize_operator(scene.carol))
        return scene

    @property
    def bind(self) -> SecurityToken:
        return self.token.bind

    @property
    def alice(self) -> str:
        return self.world.people.alice.address

    @property
    def bob(self) -> str:
        return self.world.people.bob.address

    @property
    def carol(self) -> str:
        return self.world.people.carol.address

    @property
    def mallory(self) -> str:
        return self.world.people.mallory.address

    @property
    def queue(self) -> str:
        """The queue of orders: the one controller there is."""
        return self.world.orders.address

    def another(self, **terms: object) -> Scene:
        """The same people before another token, in which nobody holds anything."""
        return Scene(self.world, self.world.new_token(**terms))

    def send(self, who: str, call: Call) -> Receipt:
        return self.world.send(who, call)

    def order(self, call: Call) -> Receipt:
        return self.world.order(call)

    def answer(self, call: Call, sender: str) -> bytes:
        """What a call would return to somebody, for whom nothing needs to be signed."""
        return self.world.connection.call(call.to, call.data, sender=sender)

    def books_after(self, act: Act, before: dict[str, int]) -> dict[str, int]:
        """What the books must be when an act has moved what it says and nothing else."""
        made, gone = act.units * (act.source == ZERO), act.units * (act.to == ZERO)
        moved = {key: before[key] + made - gone for key in ("supply", "default")}
        moved |= {act.source: before[act.source] - act.units} if not made else {}
        return before | moved | ({act.to: before[act.to] + act.units} if not gone else {})

    def told(self, receipt: Receipt, *events: Announcement) -> list[Raw]:
        """The token's logs of these events, in the order in which they were emitted."""
        topics = {event.topic for event in events}
        logs = [log for log in receipt.logs if log.address == self.token.address]
        return [(log.topics, log.data) for log in logs if log.topics[0] in topics]

    def books(self, *more: str) -> dict[str, int]:
        """Everybody's balance in the partition `default`, and the supply of all and of each partition."""
        wallets = (self.alice, self.bob, self.carol, self.mallory, self.world.people.treasury.address, *more)
        return {
            **{wallet: self.bind.balance_of_by_partition(DEFAULT, wallet) for wallet in wallets},
            "supply": self.bind.total_supply(),
            "default": self.bind.total_supply_by_partition(DEFAULT),
            "class-a": self.bind.total_supply_by_partition(CLASS_A),
        }


def public_ways(scene: Scene, to: str, units: int, partition: bytes = DEFAULT) -> dict[str, tuple[str, Call]]:
    """The ways in which a holder and those she lets do it move her units, by the function's name: who calls what. Those
    that name no partition are left out for another than the default one."""
    bind, alice = scene.bind, scene.alice
    named = {
        "transferByPartition": ("alice", bind.transfer_by_partition(partition, to, units, b"")),
        "operatorTransferByPartition": (
            "carol",
            bind.operator_transfer_by_partition(partition, alice, to, units, b"", b""),
        ),
        "batchTransfer": ("alice", bind.batch_transfer(partition, [to], [units])),
    }
    if partition != DEFAULT:
        return named
    return named | {
        "transfer": ("alice", bind.transfer(to, units)),
        "transferFrom": ("carol", bind.transfer_from(alice, to, units)),
        "transferWithData": ("alice", bind.transfer_with_data(to, units, PAPER)),
        "transferFromWithData": ("carol", bind.transfer_from_with_data(alice, to, units, PAPER)),
    }


#: Names of what `public_ways` knows.
PUBLIC = (
    "transfer",
    "transferFrom",
    "transferWithData",
    "transferFromWithData",
    "transferByPartition",
    "operatorTransferByPartition",
    "batchTransfer",
)


ORDER = "an order"


@dataclass(frozen=True)
class Act:
    """What is about to happen: who calls what (or by an order), and between whom it moves how many units."""

    scene: Scene
    who: str
    call: Call
    source: str
    to: str
    units: int = UNITS
    data: bytes = b""
    operator_data: bytes = b""

    @property
    def operator(self) -> str:
        """Whose act the token takes it for."""
        return self.scene.queue if self.who == ORDER else self.scene.world.people[self.who].address

    def do(self) -> Receipt:
        return self.scene.order(self.call) if self.who == ORDER else self.scene.send(self.who, self.call)


Way = Callable[[Scene], Act]


def _publicly(name: str) -> Way:
    def prepare(scene: Scene) -> Act:
        who, call = public_ways(scene, scene.bob, UNITS)[name]
        return Act(scene, who, call, scene.alice, scene.bob, data=PAPER if name.endswith("WithData") else b"")

    return prepare


def _distribute(scene: Scene) -> Act:
    treasury = scene.world.people.treasury.address
    scene.world.issue(scene.token, "treasury", UNITS)
    scene.order(scene.bind.allot(DEFAULT, UNITS))
    call = scene.bind.distribute(DEFAULT, [scene.bob], [UNITS], bytes(32))
    return Act(scene, "agent", call, treasury, scene.bob)


def _approve_request(scene: Scene) -> Act:
    deadline = scene.world.now + DAY
    scene.send("alice", scene.bind.request_transfer(DEFAULT, scene.bob, UNITS, deadline))
    return Act(scene, "issuer", scene.bind.approve_transfer_request(1), scene.alice, scene.bob)


def _order(call: Callable[[Scene], Call]) -> Way:
    return lambda scene: Act(scene, ORDER, call(scene), scene.alice, scene.bob)


def _reissue(scene: Scene) -> Act:
    lose(scene.world, scene.token, "alice")
    heir = second_wallet(scene.world, "alice")
    return Act(scene, ORDER, scene.bind.reissue(LOSS, heir), scene.alice, heir, HELD)


def _reverse(scene: Scene) -> Act:
    sent = origin(scene.send("alice", scene.bind.transfer(scene.bob, UNITS)), scene.token)
    call = scene.bind.reverse(sent, DEFAULT, scene.bob, scene.alice, UNITS, 0, UNITS)
    return Act(scene, ORDER, call, scene.bob, scene.alice, operator_data=sent)


#: Every way in which units go from one wallet to another.
TRANSFERS: dict[str, Way] = {
    **{name: _publicly(name) for name in PUBLIC},
    "distribute": _distribute,
    "approveTransferRequest": _approve_request,
    "forcedTransfer": _order(lambda s: s.bind.forced_transfer(s.alice, s.bob, UNITS)),
    "controllerTransfer": _order(lambda s: s.bind.controller_transfer(s.alice, s.bob, UNITS, b"", b"")),
    "forceByPartition": _order(lambda s: s.bind.force_by_partition(DEFAULT, s.alice, s.bob, UNITS, b"", b"")),
    "reissue": _reissue,
    "reverse": _reverse,
}


def _reissue_redeemed(scene: Scene) -> Act:
    scene.send("alice", scene.bind.redeem(UNITS, b""))
    loss = scene.bind.report_loss(LOSS, REDEEMED_IN_ERROR, DEFAULT, scene.alice, UNITS, EVIDENCE)
    scene.send("registrar", loss)
    return Act(scene, ORDER, scene.bind.reissue(LOSS, scene.alice), ZERO, scene.alice, operator_data=LOSS)


def _create(call: Callable[[Scene], Call]) -> Way:
    return lambda scene: Act(scene, ORDER, call(scene), ZERO, scene.bob)


#: Every way in which units come to be.
ISSUES: dict[str, Way] = {
    "issue": _create(lambda s: s.bind.issue(s.bob, UNITS, b"")),
    "issueByPartition": _create(lambda s: s.bind.issue_by_partition(DEFAULT, s.bob, UNITS, b"")),
    "batchIssue": _create(lambda s: s.bind.batch_issue(DEFAULT, [s.bob], [UNITS], b"")),
    "reissue": _reissue_redeemed,
}


def _redeem(who: str, call: Callable[[Scene], Call]) -> Way:
    return lambda scene: Act(scene, who, call(scene), scene.alice, ZERO)


#: Every way in which units cease to be, but for maturity, which this token has none of.
REDEMPTIONS: dict[str, Way] = {
    "redeem": _redeem("alice", lambda s: s.bind.redeem(UNITS, b"")),
    "redeemFrom": _redeem("carol", lambda s: s.bind.redeem_from(s.alice, UNITS, b"")),
    "redeemByPartition": _redeem("alice", lambda s: s.bind.redeem_by_partition(DEFAULT, UNITS, b"")),
    "operatorRedeemByPartition": _redeem(
        "carol", lambda s: s.bind.operator_redeem_by_partition(DEFAULT, s.alice, UNITS, b"")
    ),
    "controllerRedeem": _redeem(ORDER, lambda s: s.bind.controller_redeem(s.alice, UNITS, b"", b"")),
}
