"""What a token says can be done, can be done, and nothing else (I10): compared over many generated states."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from contracts.helpers import CLASS_A, DAY, DEFAULT, LOSS, ZERO, at, lose
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import World, fresh, investor_of

from stotoken.chain.abi import Call
from stotoken.client.token import Token
from stotoken.errors import Reverted
from stotoken.types import Instrument, InvestorClass

HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@dataclass(frozen=True)
class State:
    """What a token and two wallets may be like. Alice sends, bob spends and operates for her."""

    to: str
    units: int
    units_of_receiver: int
    frozen: int
    lot: int
    lot_is: str
    requested: int
    allowance: int
    operator: bool
    lockup: str
    approval: bool
    cap: int
    matured: bool
    paused: bool
    level: int
    expired: str
    frozen_wallet: str
    class_refused: bool
    lost: str
    ratio: int


STATES = st.builds(
    State,
    to=st.sampled_from(["carol", "carol", "carol", "bob", "alice", "treasury", "mallory", "zero"]),
    units=st.sampled_from([0, 1, 100]),
    units_of_receiver=st.sampled_from([0, 0, 7]),
    frozen=st.sampled_from([0, 0, 30, 100, 150]),
    lot=st.sampled_from([0, 0, 40]),
    lot_is=st.sampled_from(["locked", "partly free", "over"]),
    requested=st.sampled_from([0, 0, 10]),
    allowance=st.sampled_from([0, 50, 2**256 - 1, 2**256 - 1]),
    operator=st.booleans(),
    lockup=st.sampled_from(["", "", "", "token", "partition", "holder"]),
    approval=st.sampled_from([False, False, True]),
    cap=st.sampled_from([0, 0, 1, 2, 9]),
    matured=st.sampled_from([False, False, False, True]),
    paused=st.sampled_from([False, False, False, True]),
    level=st.sampled_from([0, 0, 0, 0, 1, 2]),
    expired=st.sampled_from(["", "", "", "alice", "carol"]),
    frozen_wallet=st.sampled_from(["", "", "", "alice", "carol", "bob"]),
    class_refused=st.sampled_from([False, False, False, True]),
    lost=st.sampled_from(["", "", "", "alice", "carol"]),
    ratio=st.sampled_from([1, 1, 3]),
)


def bring_about(world: World, state: State) -> Token:
    """A token in that state."""
    token = world.new_token(
        instrument=Instrument.BOND, maturity=world.now + 10 * DAY, holder_cap=state.cap, partitions=["class-a"]
    )
    bind, bob = token.bind, at(world, "bob")
    if state.units:
        world.issue(token, "alice", state.units)
    if state.units_of_receiver and state.cap != 1:
        world.issue(token, "carol", state.units_of_receiver)
    if state.allowance:
        world.send("alice", bind.approve(bob, state.allowance))
    if state.operator:
        world.send("alice", bind.authorize_operator(bob))
    encumber(world, token, state)
    if state.ratio > 1:
        world.order(bind.split(state.ratio, 0))
    restrict_people(world, state)
    restrict_token(world, token, state)
    return token


def encumber(world: World, token: Token, state: State) -> None:
    bind, alice = token.bind, at(world, "alice")
    if state.lot and state.units >= state.lot:
        end = world.now + (DAY if state.lot_is == "over" else 100 * DAY)
        begun = world.now - 100 * DAY if state.lot_is == "partly free" else end
        world.order(bind.lock_lot(DEFAULT, alice, state.lot, begun, begun, end))
        if state.lot_is == "over":
            world.travel(DAY)
    if state.requested and state.units >= state.requested and state.cap in (0, 9):
        world.send("alice", bind.request_transfer(DEFAULT, at(world, "dave"), state.requested, world.now + 100 * DAY))
    if state.frozen:
        world.send("compliance", bind.set_frozen_tokens(alice, state.frozen))
    if state.lockup:
        partition = bytes(32) if state.lockup == "token" else DEFAULT
        holder = alice if state.lockup == "holder" else ZERO
        world.order(bind.set_lockup(partition, holder, world.now + 100 * DAY))
    if state.lost and bind.balance_of(at(world, state.lost)):
        lose(world, token, state.lost, LOSS)


def restrict_people(world: World, state: State) -> None:
    if state.class_refused:
        carol = at(world, "carol")
        world.register(carol, InvestorClass.SPECIAL, investor=investor_of(carol))
    if state.expired:
        wallet = at(world, state.expired)
        world.register(wallet, until=world.now + DAY, investor=investor_of(wallet))
        world.travel(DAY)
    if state.frozen_wallet:
        world.send("compliance", world.system.bind.freeze_wallet(at(world, state.frozen_wallet)))


def restrict_token(world: World, token: Token, state: State) -> None:
    if state.approval:
        world.order(token.bind.set_policy(1, state.cap, True, False))
    if state.matured:
        world.travel(10 * DAY)
    if state.paused:
        world.send("issuer", token.bind.pause())
    if state.level:
        world.send("emergency", world.system.bind.halt(state.level, DEFAULT))


def refusal(world: World, who: str, call: Call) -> Reverted | None:
    try:
        world.people[who].simulate(call)
    except Reverted as error:
        return error
    return None


def amounts(token: Token, holder: str) -> list[int]:
    units, free, *_ = token.bind.holding_of(DEFAULT, holder)
    return sorted({0, free, free + 1, units + 1, 2**256 - 1})


def agree(said: tuple[bytes, bytes], does: Reverted | None, receiver: str, what: str) -> None:
    """The status byte and the reason are those of the refusal itself."""
    status, reason = said[0], said[1].rstrip(b"\0").decode("ascii")
    if does is None:
        assert (status, reason) == (b"\x51", ""), what
        return
    wallet = getattr(does, "wallet", None)
    receiving = does.status == 0x56 and wallet == receiver
    assert (status[0], reason) == (0x57 if receiving else does.status, does.reason), f"{what}: {does!r}"


def compare(world: World, state: State) -> None:
    token = bring_about(world, state)
    bind, alice, bob = token.bind, at(world, "alice"), at(world, "bob")
    to = ZERO if state.to == "zero" else at(world, state.to)
    for units in amounts(token, alice):
        plain = refusal(world, "alice", bind.transfer(to, units))
        agree(bind.can_transfer(to, units, b"", sender=alice), plain, to, f"canTransfer {units}")
        spent = refusal(world, "bob", bind.transfer_from(alice, to, units))
        agree(bind.can_transfer_from(alice, to, units, b"", sender=bob), spent, to, f"canTransferFrom {units}")
        for partition in (DEFAULT, CLASS_A, b"x" * 32):
            moved = refusal(world, "alice", bind.transfer_by_partition(partition, to, units, b""))
            *said, arrives = bind.can_transfer_by_partition(alice, to, partition, units, b"")
            agree((said[0], said[1]), moved, to, f"canTransferByPartition {units}")
            assert arrives == partition
        may = bind.can_transfer_between(alice, to, units)
        if type(plain).__name__ != "ERC20InsufficientBalance":
            assert may == (plain is None), f"canTransfer of ERC-7943 {units}: {plain!r}"
        if may and plain is None:
            assert bind.can_send(alice)
            assert bind.can_receive(to)
    really(world, token, to)


def really(world: World, token: Token, to: str) -> None:
    """Not only simulated: what is said to be possible is done, and moves just so many units."""
    alice = at(world, "alice")
    free = token.bind.holding_of(DEFAULT, alice)[1]
    if token.bind.can_transfer(to, free, b"", sender=alice)[0] != b"\x51":
        return
    before = [token.bind.balance_of(alice), token.bind.balance_of(to), token.bind.total_supply()]
    world.send("alice", token.bind.transfer(to, free))
    after = [token.bind.balance_of(alice), token.bind.balance_of(to), token.bind.total_supply()]
    moved = 0 if to == alice else free
    assert after == [before[0] - moved, before[1] + moved, before[2]]


@given(state=STATES)
@settings(max_examples=15, deadline=None, suppress_health_check=HEALTH, phases=[Phase.explicit, Phase.generate])
def test_what_can_be_done_is_done_and_what_cannot_is_refused_for_the_reason_told(
    deployed_world: World, state: State
) -> None:
    for world in fresh(deployed_world):
        compare(world, state)


@pytest.mark.slow
@given(state=STATES)
@settings(max_examples=150, deadline=None, suppress_health_check=HEALTH)
def test_what_can_be_done_is_done_over_many_more_states(deployed_world: World, state: State) -> None:
    for world in fresh(deployed_world):
        compare(world, state)


PLAIN = State(
    to="carol",
    units=100,
    units_of_receiver=0,
    frozen=0,
    lot=0,
    lot_is="locked",
    requested=0,
    allowance=50,
    operator=False,
    lockup="",
    approval=False,
    cap=0,
    matured=False,
    paused=False,
    level=0,
    expired="",
    frozen_wallet="",
    class_refused=False,
    lost="",
    ratio=1,
)
ONE_THING: list[dict[str, object]] = [
    {},
    {"frozen": 30},
    {"frozen": 150, "ratio": 3},
    {"lot": 40},
    {"lot": 40, "lot_is": "partly free"},
    {"lot": 40, "lot_is": "partly free", "ratio": 3, "frozen": 30},
    {"lot": 40, "lot_is": "over"},
    {"requested": 10, "frozen": 30, "lot": 40},
    {"lockup": "partition"},
    {"approval": True},
    {"cap": 1},
    {"cap": 1, "to": "treasury"},
    {"cap": 2, "units_of_receiver": 7},
    {"matured": True},
    {"paused": True},
    {"level": 1},
    {"level": 2},
    {"expired": "alice"},
    {"expired": "carol"},
    {"frozen_wallet": "carol"},
    {"class_refused": True},
    {"lost": "alice"},
    {"lost": "carol", "units_of_receiver": 7},
    {"to": "zero"},
    {"to": "mallory"},
    {"to": "alice", "frozen": 30},
]


@pytest.mark.parametrize(
    "changed", ONE_THING, ids=lambda one: ", ".join(f"{k} {v}" for k, v in one.items()) or "nothing"
)
def test_it_agrees_with_one_thing_in_the_way(world: World, changed: dict[str, object]) -> None:
    compare(world, replace(PLAIN, **changed))  # type: ignore[arg-type]
