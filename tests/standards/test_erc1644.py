"""ERC-1644.

Not tested, or resolved otherwise:

- "If isControllable is false it MUST stay so, and both functions must revert": it never is. Forced transfer, reissue
  and reversal are duties, and no token may be created without them.
- The functions act on the partition `default`; "at most the balance" is that partition's balance, which is less than or
  as much as `balanceOf`.
- "Between any two token holders": the receiver must be one who may hold the security.
- The controller is the queue of orders, behind which stand two people; nobody is the controller alone.
- The event of `controllerRedeem`, which the text once names under `controllerTransfer`, is `ControllerRedemption`.
"""

from __future__ import annotations

import pytest
from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, freeze, lose, refused, split

from standards.letters import ERC20, ERC1410, ERC1644
from standards.scene import HELD, HELD_A, PAPER, UNITS, Scene
from stotoken import reverts

DATA = pytest.mark.parametrize(("data", "operator_data"), [(b"", b""), (PAPER, b""), (b"", PAPER), (b"\x01", b"\x02")])
#: What keeps a holder from moving her units herself.
HINDRANCES = {
    "her units are frozen": lambda s: freeze(s.world, s.token, "alice", HELD),
    "her wallet is frozen": lambda s: s.send("emergency", s.world.system.bind.freeze_wallet(s.alice)),
    "she is locked up": lambda s: s.order(s.bind.set_lockup(DEFAULT, s.alice, s.world.now + DAY)),
    "her units are in a lot": lambda s: s.order(s.bind.lock_lot(DEFAULT, s.alice, HELD, *[s.world.now + DAY] * 3)),
    "her key is lost": lambda s: lose(s.world, s.token, "alice"),
    "the token is paused": lambda s: s.send("issuer", s.bind.pause()),
    "the issuer must approve": lambda s: s.order(s.bind.set_policy(1, 0, True, False)),
}


@DATA
def test_a_controllers_transfer_is_told_with_all_it_was_given(scene: Scene, data: bytes, operator_data: bytes) -> None:
    """ERC-1644, controllerTransfer MUST emit ControllerTransfer."""
    before = scene.books()
    receipt = scene.order(scene.bind.controller_transfer(scene.alice, scene.bob, UNITS, data, operator_data))
    assert scene.told(receipt, ERC20.Transfer, ERC1410.TransferByPartition, *ERC1644.events.values()) == [
        ERC20.Transfer.log(scene.alice, scene.bob, UNITS),
        ERC1410.TransferByPartition.log(DEFAULT, scene.queue, scene.alice, scene.bob, UNITS, data, operator_data),
        ERC1644.ControllerTransfer.log(scene.queue, scene.alice, scene.bob, UNITS, data, operator_data),
    ]
    assert scene.books() == before | {scene.alice: HELD - UNITS, scene.bob: UNITS}


@DATA
def test_a_controllers_redemption_is_told_with_all_it_was_given(
    scene: Scene, data: bytes, operator_data: bytes
) -> None:
    """ERC-1644, controllerRedeem MUST emit ControllerRedemption."""
    before = scene.books()
    receipt = scene.order(scene.bind.controller_redeem(scene.alice, UNITS, data, operator_data))
    assert scene.told(receipt, ERC20.Transfer, ERC1410.RedeemedByPartition, *ERC1644.events.values()) == [
        ERC20.Transfer.log(scene.alice, ZERO, UNITS),
        ERC1410.RedeemedByPartition.log(DEFAULT, scene.queue, scene.alice, UNITS, operator_data),
        ERC1644.ControllerRedemption.log(scene.queue, scene.alice, UNITS, data, operator_data),
    ]
    assert scene.books() == before | {key: before[key] - UNITS for key in (scene.alice, "supply", "default")}


def test_every_forced_transfer_is_flagged_as_one(scene: Scene) -> None:
    """ERC-1644, Motivation: controller transfers should be transparent, and flagged by their event."""
    bind = scene.bind
    for call in (
        bind.forced_transfer(scene.alice, scene.bob, UNITS),
        bind.force_by_partition(CLASS_A, scene.alice, scene.bob, UNITS, b"", b""),
    ):
        receipt = scene.order(call)
        assert scene.told(receipt, *ERC1644.events.values()) == [
            ERC1644.ControllerTransfer.log(scene.queue, scene.alice, scene.bob, UNITS, b"", b"")
        ]


@pytest.mark.parametrize("units", [HELD + 1, HELD + HELD_A, 2**256 - 1])
def test_a_controller_takes_no_more_than_there_is(scene: Scene, units: int) -> None:
    """ERC-1644, controllerTransfer, controllerRedeem must respect the balance."""
    for call in (
        scene.bind.controller_transfer(scene.alice, scene.bob, units, b"", b""),
        scene.bind.controller_redeem(scene.alice, units, b"", b""),
    ):
        with refused(reverts.ERC20InsufficientBalance, scene.alice, HELD, units):
            scene.answer(call, scene.queue)


def test_a_controller_takes_all_there_is_also_what_a_split_made(scene: Scene) -> None:
    """ERC-1644, controllerTransfer, controllerRedeem: for at most the balance, so for all of it."""
    split(scene.world, scene.token, 3)
    scene.order(scene.bind.controller_transfer(scene.alice, scene.bob, 2 * HELD, b"", b""))
    scene.order(scene.bind.controller_redeem(scene.alice, HELD, b"", b""))
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.alice) == 0
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.bob) == 2 * HELD
    assert scene.bind.balance_of_by_partition(CLASS_A, scene.alice) == 3 * HELD_A


@pytest.mark.parametrize("hindrance", HINDRANCES)
def test_a_controller_can_act_although(scene: Scene, hindrance: str) -> None:
    """ERC-1644, Requirements: MUST be able to force transfers for legal action or fund recovery."""
    HINDRANCES[hindrance](scene)
    scene.order(scene.bind.controller_transfer(scene.alice, scene.bob, HELD - 1, b"", b""))
    scene.order(scene.bind.controller_redeem(scene.alice, 1, b"", b""))
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.alice) == 0
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.bob) == HELD - 1


@pytest.mark.parametrize("who", ["alice", "registrar", "compliance", "issuer", "sys_admin", "mallory"])
def test_nobody_else_is_authorised(scene: Scene, who: str) -> None:
    """ERC-1644, controllerTransfer, controllerRedeem: an authorised address may."""
    for call in (
        scene.bind.controller_transfer(scene.alice, scene.bob, 1, b"", b""),
        scene.bind.controller_redeem(scene.alice, 1, b"", b""),
    ):
        with refused(reverts.OrderRequired, at(scene.world, who)):
            scene.send(who, call)


def test_a_token_says_that_it_is_controllable_and_is(scene: Scene) -> None:
    """ERC-1644, isControllable: whether both functions are usable; true from the first block on and to the last."""
    for one in (scene, scene.another()):
        assert one.bind.is_controllable() is True
    scene.order(scene.bind.finalize_issuance())
    scene.send("issuer", scene.bind.pause())
    assert scene.bind.is_controllable() is True
    scene.answer(scene.bind.controller_transfer(scene.alice, scene.bob, 1, b"", b""), scene.queue)
    scene.answer(scene.bind.controller_redeem(scene.alice, 1, b"", b""), scene.queue)
