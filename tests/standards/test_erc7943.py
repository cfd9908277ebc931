"""ERC-7943, the fungible interface.

Not tested, or resolved otherwise:

- `canTransfer` MUST refuse what is more than the unfrozen units and MUST NOT refuse for lack of balance. Where an
  amount exceeds the balance the two contradict: it is refused then if anything of the balance is frozen, else not.
- All functions speak of the partition `default`. What is frozen in another partition has an event and functions of its
  own; `canSend` and `canReceive` hold for every partition.
- "Multi-party contexts SHOULD perform the canTransfer checks in forcedTransfer": two people decide here, and a court's
  order is not stopped by a lock-up. The duties of the single-party context are kept: the receiver is judged, and
  `Frozen` comes before `Transfer`.
- A split multiplies frozen units as it does all others, and announces itself, not `Frozen`.
- The general errors CannotSend, CannotReceive and CannotTransfer MAY be replaced, and are: by the rule that refuses.
- The functions of ERC-20 MUST be there: see `test_erc20.py`.

Not met:

- Burning by a holder MUST respect `canTransfer`, as it does `canSend`. A redemption does as far as halts, pauses and
  frozen units go; but lock-ups and the issuer's approval are about buyers, and after maturity nothing else is possible.
- `forcedTransfer` MUST revert where `canReceive` is false. It does, but for a custodian's account: that may be given
  units by force of a class that it may not buy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from behaviours.test_can_equals_does import ONE_THING, PLAIN, bring_about
from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, freeze, halt, outcome, refused, split
from world import World, investor_of

from standards.letters import ERC20, ERC7943
from standards.scene import HELD, ISSUES, REDEMPTIONS, UNITS, Scene, public_ways
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.types import InvestorClass

TRUE = (1).to_bytes(32, "big")
UNLIMITED = 2**256 - 1
EVENTS = (ERC20.Transfer, *ERC7943.events.values())
#: What an operation writes with; a question uses none of them.
WRITES = {"SSTORE", "LOG0", "LOG1", "LOG2", "LOG3", "LOG4", "CREATE", "CREATE2", "CALL", "SELFDESTRUCT", "TSTORE"}
#: Errors of the base standard, which `canTransfer` does not foretell.
BASE = {"ERC20InsufficientBalance", "ERC20InsufficientAllowance", "OperatorUnauthorized"}
ANYBODY = (ZERO, "0x" + "0" * 39 + "1", "0x" + "f" * 40)


def _expire(scene: Scene, wallet: str) -> None:
    scene.world.register(wallet, until=scene.world.now + DAY, investor=investor_of(wallet))
    scene.world.travel(DAY)


def _freeze_wallet(scene: Scene, wallet: str) -> None:
    scene.send("emergency", scene.world.system.bind.freeze_wallet(wallet))


def _reclassify(scene: Scene, wallet: str) -> None:
    scene.world.register(wallet, InvestorClass.SPECIAL, investor=investor_of(wallet))


#: Why a wallet may not send or receive, and the error that says so.
OUTCASTS: dict[str, tuple[Callable[[Scene, str], object], str]] = {
    "its registration is over": (_expire, "InvestorExpired"),
    "it is frozen": (_freeze_wallet, "WalletFrozen"),
}
UNFIT = OUTCASTS | {"it is of no admitted class": (_reclassify, "InvestorClassRefused")}


def questions(scene: Scene, amounts: tuple[int, ...] = (0, 1, HELD, UNLIMITED)) -> list[Call]:
    """All three questions about everybody and nobody."""
    wallets = (*ANYBODY, scene.alice, scene.bob, scene.mallory, scene.token.address)
    asked: list[tuple[str, tuple[object, ...]]] = [
        *(("canSend(address)", (wallet,)) for wallet in wallets),
        *(("canReceive(address)", (wallet,)) for wallet in wallets),
        *(("canTransfer(address,address,uint256)", (a, b, n)) for a in wallets for b in wallets for n in amounts),
    ]
    return [ERC7943.functions[signature].call(scene.token.address, *values) for signature, values in asked]


# --- the questions ----------------------------------------------------------------------------------------------------

STATES: dict[str, Callable[[Scene], object]] = {
    "as issued": lambda s: None,
    "halted": lambda s: halt(s.world),
    "paused": lambda s: s.send("issuer", s.bind.pause()),
    "with more frozen than held, after a split": lambda s: (
        freeze(s.world, s.token, "alice", 3 * HELD),
        split(s.world, s.token, 2**40),
    ),
    "with approval required": lambda s: s.order(s.bind.set_policy(1, 0, True, False)),
}


@pytest.mark.parametrize("state", STATES)
def test_a_question_is_answered_whoever_and_whatever_is_asked_about(scene: Scene, state: str) -> None:
    """ERC-7943, canSend, canReceive, canTransfer MUST NOT revert."""
    STATES[state](scene)
    asked = [("eth_call", [{"to": call.to, "data": "0x" + call.data.hex()}, "latest"]) for call in questions(scene)]
    answers = scene.world.connection.batch(asked)
    assert {bytes.fromhex(str(answer)[2:]) for answer in answers} <= {TRUE, bytes(32)}


def test_a_question_writes_nothing(scene: Scene) -> None:
    """ERC-7943, canSend, canReceive, canTransfer MUST NOT change storage: every step of them is looked at."""
    freeze(scene.world, scene.token, "alice", 10)
    for call in (
        *questions(scene, (1,))[:14:4],
        ERC7943.functions["canTransfer(address,address,uint256)"].call(
            scene.token.address, scene.alice, scene.bob, HELD
        ),
    ):
        steps = scene.world.node.rpc("debug_traceCall", {"to": call.to, "data": "0x" + call.data.hex()}, "latest", {})
        done = {step["op"] for step in steps["structLogs"]}
        assert "SLOAD" in done
        assert not done & WRITES


def test_whether_an_account_may_act_is_not_a_question_of_its_units(scene: Scene) -> None:
    """ERC-7943, canSend, canReceive MUST NOT encode rules of a transfer or of amounts."""
    bind = scene.bind

    def both(wallet: str) -> tuple[bool, bool]:
        return bind.can_send(wallet), bind.can_receive(wallet)

    assert both(scene.bob) == both(scene.alice) == (True, True)
    freeze(scene.world, scene.token, "alice", HELD)
    scene.order(bind.set_lockup(DEFAULT, scene.alice, scene.world.now + DAY))
    scene.order(bind.controller_redeem(scene.alice, HELD, b"", b""))
    assert both(scene.alice) == (True, True)
    assert both(scene.mallory) == both(ZERO) == (False, False)


@pytest.mark.parametrize("why", OUTCASTS)
def test_no_transfer_is_foretold_from_an_account_that_may_not_send_because(scene: Scene, why: str) -> None:
    """ERC-7943, canTransfer MUST perform canSend on `from`; public transfers MUST NOT succeed where it is false."""
    bring, error = OUTCASTS[why]
    bring(scene, scene.alice)
    assert scene.bind.can_send(scene.alice) is False
    for units in (0, 1):
        assert scene.bind.can_transfer_between(scene.alice, scene.bob, units) is False
        for partition in (DEFAULT, CLASS_A):
            ways = public_ways(scene, scene.bob, units, partition).values()
            assert {outcome(scene.world, who, call) for who, call in ways} == {error}


@pytest.mark.parametrize("why", UNFIT)
def test_no_transfer_is_foretold_to_an_account_that_may_not_receive_because(scene: Scene, why: str) -> None:
    """ERC-7943, canTransfer MUST perform canReceive on `to`; public transfers MUST NOT succeed where it is false."""
    bring, error = UNFIT[why]
    bring(scene, scene.bob)
    assert scene.bind.can_receive(scene.bob) is False
    for units in (0, 1):
        assert scene.bind.can_transfer_between(scene.alice, scene.bob, units) is False
        for partition in (DEFAULT, CLASS_A):
            ways = public_ways(scene, scene.bob, units, partition).values()
            assert {outcome(scene.world, who, call) for who, call in ways} == {error}


@pytest.mark.parametrize(
    ("frozen", "units", "allowed"),
    [
        (0, HELD, True),
        (30, HELD - 30, True),
        (30, HELD - 29, False),
        (30, HELD, False),
        (HELD, 0, True),
        (HELD, 1, False),
        (HELD + 50, 0, True),
        (HELD + 50, 1, False),
        (HELD + 50, HELD + 50, False),
    ],
)
def test_a_transfer_is_foretold_within_the_unfrozen_units(scene: Scene, frozen: int, units: int, allowed: bool) -> None:
    """ERC-7943, canTransfer MUST validate that the amount does not exceed the balance less what is frozen."""
    if frozen:
        freeze(scene.world, scene.token, "alice", frozen)
    assert scene.bind.can_transfer_between(scene.alice, scene.bob, units) is allowed
    done = outcome(scene.world, "alice", scene.bind.transfer(scene.bob, units))
    assert (done == "done") is allowed


@pytest.mark.parametrize("units", [HELD + 1, 2**96, UNLIMITED])
def test_neither_balance_nor_allowance_is_asked(scene: Scene, units: int) -> None:
    """ERC-7943, canTransfer MUST NOT return false for validations of the base standard."""
    assert scene.bind.can_transfer_between(scene.alice, scene.bob, units) is True
    assert scene.bind.can_transfer_between(scene.bob, scene.alice, units, sender=scene.mallory) is True


@pytest.mark.parametrize("changed", ONE_THING, ids=lambda one: ", ".join(f"{k} {v}" for k, v in one.items()) or "none")
def test_what_is_denied_no_public_transfer_does_and_what_is_foretold_only_the_base_refuses(
    world: World, changed: dict[str, object]
) -> None:
    """ERC-7943, canTransfer MUST be false if any permissioned rule would prevent a transfer; public transfers MUST NOT
    succeed where it is false, or canSend or canReceive is."""
    state = replace(PLAIN, allowance=UNLIMITED, operator=True, **changed)  # type: ignore[arg-type]
    scene = Scene(world, bring_about(world, state))
    alice, to = scene.alice, ZERO if state.to == "zero" else at(world, state.to)
    free = scene.bind.holding_of(DEFAULT, alice)[1]
    for units in sorted({0, free, free + 1, UNLIMITED}):
        may = scene.bind.can_transfer_between(alice, to, units)
        assert not may or (scene.bind.can_send(alice) and scene.bind.can_receive(to))
        for name, (who, call) in public_ways(scene, to, units).items():
            spender = {"carol": "bob"}.get(who, who)
            done = outcome(world, spender, call)
            assert (done in BASE | {"done"}) if may else done != "done", f"{name} of {units}: {done}"


# --- freezing ---------------------------------------------------------------------------------------------------------


def test_a_freeze_is_told_overwrites_and_may_exceed_the_holding(scene: Scene) -> None:
    """ERC-7943, setFrozenTokens MUST emit Frozen and allow freezing more than is held; getFrozenTokens is absolute."""
    for units in (0, 1, HELD, HELD + 50):
        call = scene.bind.set_frozen_tokens(scene.alice, units)
        assert scene.answer(call, at(scene.world, "compliance")) == TRUE
        receipt = scene.send("compliance", call)
        assert scene.told(receipt, *EVENTS) == [ERC7943.Frozen.log(scene.alice, units)]
        assert scene.bind.get_frozen_tokens(scene.alice) == units
    receipt = scene.order(scene.bind.set_frozen_tokens(scene.alice, 10))
    assert scene.told(receipt, *EVENTS) == [ERC7943.Frozen.log(scene.alice, 10)]
    assert (scene.bind.get_frozen_tokens(scene.alice), scene.bind.get_frozen_tokens(scene.bob)) == (10, 0)


def test_units_that_come_later_are_withheld_up_to_what_is_frozen(scene: Scene) -> None:
    """ERC-7943, setFrozenTokens: freezing more than is held withholds future balances."""
    freeze(scene.world, scene.token, "bob", 50)
    scene.send("alice", scene.bind.transfer(scene.bob, 50))
    assert scene.bind.can_transfer_between(scene.bob, scene.alice, 1) is False
    scene.send("alice", scene.bind.transfer(scene.bob, 10))
    assert scene.bind.can_transfer_between(scene.bob, scene.alice, 10) is True
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, scene.bob, 11, 10):
        scene.send("bob", scene.bind.transfer(scene.alice, 11))


@pytest.mark.parametrize("who", ["alice", "registrar", "issuer", "mallory"])
def test_nobody_else_freezes_unfreezes_or_forces(scene: Scene, who: str) -> None:
    """ERC-7943, setFrozenTokens, forcedTransfer MUST be restricted in access."""
    freeze(scene.world, scene.token, "alice", 10)
    address, more = at(scene.world, who), scene.bind.set_frozen_tokens(scene.alice, 11)
    with refused(reverts.AccessRefused, address, more.data[:4]):
        scene.send(who, more)
    for call in (scene.bind.set_frozen_tokens(scene.alice, 9), scene.bind.forced_transfer(scene.alice, scene.bob, 1)):
        with refused(reverts.OrderRequired, address):
            scene.send(who, call)


def test_a_freeze_that_makes_no_sense_reverts(scene: Scene) -> None:
    """ERC-7943, setFrozenTokens MUST revert in cases of logical issues."""
    for account, units in ((scene.alice, 1_000_001), (scene.alice, UNLIMITED), (ZERO, 1)):
        with refused(reverts.UnitsOutOfRange, units):
            scene.send("compliance", scene.bind.set_frozen_tokens(account, units))


# --- force ------------------------------------------------------------------------------------------------------------


def test_a_forced_transfer_moves_units_and_tells_both_events(scene: Scene) -> None:
    """ERC-7943, forcedTransfer MUST move the asset, emit the base standard's event and emit ForcedTransfer."""
    call, before = scene.bind.forced_transfer(scene.alice, scene.bob, UNITS), scene.books()
    assert scene.answer(call, scene.queue) == TRUE
    assert scene.told(scene.order(call), *EVENTS) == [
        ERC20.Transfer.log(scene.alice, scene.bob, UNITS),
        ERC7943.ForcedTransfer.log(scene.alice, scene.bob, UNITS),
    ]
    assert scene.books() == before | {scene.alice: HELD - UNITS, scene.bob: UNITS}


#: Frozen units before, units taken, frozen units after if the act thaws any.
THAWED = [(95, 30, 70), (HELD, HELD, 0), (HELD + 50, 30, 120), (50, 30, None), (95, 5, None)]


@pytest.mark.parametrize(("frozen", "units", "left"), THAWED)
@pytest.mark.parametrize("forced", [True, False], ids=["forcedTransfer", "controllerRedeem"])
def test_frozen_units_are_thawed_and_told_before_they_are_taken(
    scene: Scene, forced: bool, frozen: int, units: int, left: int | None
) -> None:
    """ERC-7943, forcedTransfer, and burning by privilege: frozen assets MUST be unfrozen first and Frozen be emitted
    before the base standard's event."""
    freeze(scene.world, scene.token, "alice", frozen)
    bind, to = scene.bind, scene.bob if forced else ZERO
    call = (
        bind.forced_transfer(scene.alice, to, units) if forced else bind.controller_redeem(scene.alice, units, b"", b"")
    )
    expected = [] if left is None else [ERC7943.Frozen.log(scene.alice, left)]
    expected.append(ERC20.Transfer.log(scene.alice, to, units))
    if forced:
        expected.append(ERC7943.ForcedTransfer.log(scene.alice, to, units))
    assert scene.told(scene.order(call), *EVENTS) == expected
    assert bind.get_frozen_tokens(scene.alice) == (frozen if left is None else left)


@pytest.mark.parametrize("why", UNFIT)
def test_units_are_forced_on_and_issued_to_nobody_who_may_not_receive_because(scene: Scene, why: str) -> None:
    """ERC-7943, forcedTransfer MUST revert where canReceive is false; minting SHOULD respect it."""
    bring, error = UNFIT[why]
    bring(scene, scene.bob)
    assert scene.bind.can_receive(scene.bob) is False
    calls = [scene.bind.forced_transfer(scene.alice, scene.bob, 1)]
    calls += [ISSUES[way](scene).call for way in ("issue", "issueByPartition", "batchIssue")]
    for call in calls:
        with pytest.raises(getattr(reverts, error)):
            scene.answer(call, scene.queue)


def test_a_forced_transfer_that_cannot_be_reverts(scene: Scene) -> None:
    """ERC-7943, forcedTransfer MUST perform the necessary validations and revert where they fail."""
    force, alice, bob = scene.bind.forced_transfer, scene.alice, scene.bob
    for call, error, values in (
        (force(alice, bob, HELD + 1), reverts.ERC20InsufficientBalance, (alice, HELD, HELD + 1)),
        (force(alice, bob, 0), reverts.UnitsOutOfRange, (0,)),
        (force(alice, ZERO, 1), reverts.ERC20InvalidReceiver, (ZERO,)),
        (force(alice, alice, 1), reverts.ERC20InvalidReceiver, (alice,)),
        (force(alice, scene.mallory, 1), reverts.WalletUnregistered, (scene.mallory,)),
    ):
        with refused(error, *values):
            scene.answer(call, scene.queue)


# --- burning and errors -----------------------------------------------------------------------------------------------

HOLDERS = ("redeem", "redeemFrom", "redeemByPartition", "operatorRedeemByPartition")


@pytest.mark.parametrize("way", HOLDERS)
def test_nobody_who_may_not_send_redeems_by(scene: Scene, way: str) -> None:
    """ERC-7943, burning in permissionless contexts MUST respect canSend on the token holder."""
    end = scene.world.now + DAY
    scene.world.register(scene.alice, until=end, investor=investor_of(scene.alice))
    scene.world.travel(DAY)
    assert scene.bind.can_send(scene.alice) is False
    with refused(reverts.InvestorExpired, scene.alice, end):
        REDEMPTIONS[way](scene).do()


@pytest.mark.parametrize("way", HOLDERS)
def test_a_holder_redeems_no_more_than_is_unfrozen_by(scene: Scene, way: str) -> None:
    """ERC-7943, burning in permissionless contexts MUST NOT exceed the unfrozen amount."""
    freeze(scene.world, scene.token, "alice", HELD - UNITS + 1)
    act = REDEMPTIONS[way](scene)
    with refused(reverts.ERC7943InsufficientUnfrozenBalance, scene.alice, UNITS, UNITS - 1):
        act.do()
    scene.order(scene.bind.set_frozen_tokens(scene.alice, HELD - UNITS))
    act.do()
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.alice) == HELD - UNITS


def test_the_specific_error_is_for_what_is_held_but_frozen_and_the_base_error_for_what_is_not_held(
    scene: Scene,
) -> None:
    """ERC-7943, Additional: InsufficientUnfrozenBalance SHOULD be thrown when it applies; for more than the balance the
    base standard's error SHOULD be."""
    freeze(scene.world, scene.token, "alice", 60)
    for units in (41, HELD):
        for who, call in public_ways(scene, scene.bob, units).values():
            with refused(reverts.ERC7943InsufficientUnfrozenBalance, scene.alice, units, 40):
                scene.send(who, call)
    for who, call in public_ways(scene, scene.bob, HELD + 1).values():
        with refused(reverts.ERC20InsufficientBalance, scene.alice, HELD, HELD + 1):
            scene.send(who, call)


def test_the_fungible_interface_is_claimed_and_neither_of_the_others(scene: Scene) -> None:
    """ERC-7943, Additional: supportsInterface MUST be true for the fungible interface's identifier."""
    claims = [scene.bind.supports_interface(bytes.fromhex(id)) for id in ("3edbb4c4", "bf1ef5fe", "41c4fbad")]
    assert claims == [True, False, False]
