"""ERC-1594.

Not tested, or resolved otherwise:

- The answers of `canTransfer*` have the shape `(bytes1, bytes32)` of the prose and of the umbrella, not the
  `(bool, byte, bytes32)` of the interface block; both have one selector.
- The status byte is one of the table of ERC-1400. ERC-1066, to which the text points, gives those bytes other meanings.
- "issue must be called to increase the total supply": `issueByPartition` and `batchIssue` issue too, under the same
  rules. A split multiplies units and issues none; a reissue makes lost units good, also when issuance has ended.
- "The allowance must be debited": not one of 2^256 - 1, which stands for any number, as with most tokens of ERC-20.
- "Redemption should be subject to the same conditions as a transfer": a put or a maturity is not stopped by lock-ups,
  the issuer's approval or the end of a registration, which would keep a holder from being paid.
- Signed data MAY be required: no function here requires or reads `data`, it is recorded.
- "SHOULD NOT restrict asset classes", "COULD be ERC-777 compatible": nothing of a token's to test, and not claimed.
"""

from __future__ import annotations

import pytest
from contracts.helpers import DAY, DEFAULT, LOSS, REDEEMED_IN_ERROR, ZERO, at, freeze, halt, outcome, refused, split

from standards.letters import ERC20, ERC1410, ERC1594
from standards.scene import ALLOWED, HELD, PAPER, UNITS, Scene
from stotoken import reverts

SUCCESS = b"\x51"
DATA = pytest.mark.parametrize("data", [b"", b"\x00", PAPER])
UNLIMITED = 2**256 - 1


# --- transfers --------------------------------------------------------------------------------------------------------


@DATA
def test_a_transfer_with_data_fires_transfer_and_records_the_data(scene: Scene, data: bytes) -> None:
    """ERC-1594, transferWithData MUST emit Transfer with the details of the transfer."""
    before = scene.books()
    receipt = scene.send("alice", scene.bind.transfer_with_data(scene.bob, UNITS, data))
    assert scene.told(receipt, ERC20.Transfer, ERC1410.TransferByPartition) == [
        ERC20.Transfer.log(scene.alice, scene.bob, UNITS),
        ERC1410.TransferByPartition.log(DEFAULT, scene.alice, scene.alice, scene.bob, UNITS, data, b""),
    ]
    assert scene.books() == before | {scene.alice: HELD - UNITS, scene.bob: UNITS}


@DATA
def test_a_transfer_from_with_data_does_the_same_and_debits_the_allowance(scene: Scene, data: bytes) -> None:
    """ERC-1594, transferFromWithData: as transferWithData; the allowance must be debited by the value."""
    before = scene.books()
    receipt = scene.send("carol", scene.bind.transfer_from_with_data(scene.alice, scene.bob, UNITS, data))
    assert scene.told(receipt, ERC20.Transfer, ERC1410.TransferByPartition) == [
        ERC20.Transfer.log(scene.alice, scene.bob, UNITS),
        ERC1410.TransferByPartition.log(DEFAULT, scene.carol, scene.alice, scene.bob, UNITS, data, b""),
    ]
    assert scene.books() == before | {scene.alice: HELD - UNITS, scene.bob: UNITS}
    assert scene.bind.allowance(scene.alice, scene.carol) == ALLOWED - UNITS


@pytest.mark.parametrize("allowed", [0, UNITS - 1])
def test_without_a_sufficient_allowance_nothing_is_transferred_or_redeemed(scene: Scene, allowed: int) -> None:
    """ERC-1594, transferFromWithData, redeemFrom: msg.sender MUST have a sufficient allowance."""
    scene.send("alice", scene.bind.approve(scene.bob, allowed))
    for call in (
        scene.bind.transfer_from_with_data(scene.alice, scene.bob, UNITS, PAPER),
        scene.bind.redeem_from(scene.alice, UNITS, PAPER),
    ):
        with refused(reverts.ERC20InsufficientAllowance, scene.bob, allowed, UNITS):
            scene.send("bob", call)


# --- foretelling ------------------------------------------------------------------------------------------------------

#: What stands in the way of a transfer of all of alice's units to bob: the error, the status, the reason.
REASONS = {
    "the system is halted": (lambda s: halt(s.world), "SystemHalted", "54", "HALTED"),
    "the token is paused": (lambda s: s.send("issuer", s.bind.pause()), "TokenPaused", "54", "PAUSED"),
    "she has not so many": (
        lambda s: s.send("alice", s.bind.redeem(1, b"")),
        "ERC20InsufficientBalance",
        "52",
        "BALANCE",
    ),
    "one unit is frozen": (
        lambda s: freeze(s.world, s.token, "alice", 1),
        "ERC7943InsufficientUnfrozenBalance",
        "55",
        "FROZEN",
    ),
    "she is locked up": (
        lambda s: s.order(s.bind.set_lockup(DEFAULT, s.alice, s.world.now + DAY)),
        "HoldingLockedUp",
        "55",
        "LOCKUP",
    ),
    "her wallet is frozen": (
        lambda s: s.send("emergency", s.world.system.bind.freeze_wallet(s.alice)),
        "WalletFrozen",
        "56",
        "ADDR_FROZEN",
    ),
    "the receiver's wallet is frozen": (
        lambda s: s.send("emergency", s.world.system.bind.freeze_wallet(s.bob)),
        "WalletFrozen",
        "57",
        "ADDR_FROZEN",
    ),
    "the issuer must approve": (
        lambda s: s.order(s.bind.set_policy(1, 0, True, False)),
        "TransferApprovalRequired",
        "55",
        "APPROVAL_REQ",
    ),
}


@pytest.mark.parametrize("reason", REASONS)
@DATA
def test_a_failure_is_foretold_with_its_reason_when(scene: Scene, reason: str, data: bytes) -> None:
    """ERC-1594, Requirements: MUST have an interface to query success and the reason for failure; canTransfer and
    canTransferFrom speak of the functions without data when data are empty, and else of those with data."""
    bring, error, status, code = REASONS[reason]
    bring(scene)
    bind, alice, bob = scene.bind, scene.alice, scene.bob
    said = (bytes.fromhex(status), code.encode().ljust(32, b"\0"))
    assert bind.can_transfer(bob, HELD, data, sender=alice) == said
    assert bind.can_transfer_from(alice, bob, HELD, data, sender=scene.carol) == said
    by_holder = bind.transfer_with_data(bob, HELD, data) if data else bind.transfer(bob, HELD)
    by_spender = bind.transfer_from_with_data(alice, bob, HELD, data) if data else bind.transfer_from(alice, bob, HELD)
    assert outcome(scene.world, "alice", by_holder) == error
    assert outcome(scene.world, "carol", by_spender) == error


@DATA
def test_a_success_is_foretold_and_comes_true(scene: Scene, data: bytes) -> None:
    """ERC-1594, canTransfer, canTransferFrom: whether a transfer will succeed."""
    bind, alice, bob = scene.bind, scene.alice, scene.bob
    assert bind.can_transfer(bob, 60, data, sender=alice) == (SUCCESS, bytes(32))
    scene.send("alice", bind.transfer_with_data(bob, 60, data) if data else bind.transfer(bob, 60))
    assert bind.can_transfer_from(alice, bob, 40, data, sender=scene.carol) == (SUCCESS, bytes(32))
    call = bind.transfer_from_with_data(alice, bob, 40, data) if data else bind.transfer_from(alice, bob, 40)
    scene.send("carol", call)
    assert bind.balance_of(bob) == HELD


def test_the_sender_foretold_is_the_caller_or_the_one_named(scene: Scene) -> None:
    """ERC-1594, canTransfer takes msg.sender for the sender of tokens; canTransferFrom lets him be named."""
    bind = scene.bind
    balance = b"BALANCE".ljust(32, b"\0")
    assert bind.can_transfer(scene.alice, 1, b"", sender=scene.bob) == (b"\x52", balance)
    assert bind.can_transfer(scene.bob, 1, b"", sender=scene.alice) == (SUCCESS, bytes(32))
    assert bind.can_transfer_from(scene.bob, scene.alice, 0, b"", sender=scene.carol) == (SUCCESS, bytes(32))


@pytest.mark.parametrize(("value", "status"), [(UNITS, SUCCESS), (UNITS + 1, b"\x53")])
def test_a_lack_of_allowance_is_foretold(scene: Scene, value: int, status: bytes) -> None:
    """ERC-1594, canTransferFrom speaks of what is carried out by transferFrom."""
    scene.send("alice", scene.bind.approve(scene.bob, UNITS))
    said, reason = scene.bind.can_transfer_from(scene.alice, scene.carol, value, b"", sender=scene.bob)
    assert (said, reason.rstrip(b"\0")) == (status, b"" if status == SUCCESS else b"ALLOWANCE")
    done = outcome(scene.world, "bob", scene.bind.transfer_from(scene.alice, scene.carol, value))
    assert done == ("done" if status == SUCCESS else "ERC20InsufficientAllowance")


@pytest.mark.parametrize("to", [ZERO, "0x" + "11" * 20])
def test_a_question_about_anybody_and_any_number_gets_an_answer(scene: Scene, to: str) -> None:
    """ERC-1594, canTransfer, canTransferFrom answer with a code, so that nobody has to try and fail."""
    for value in (0, 1, UNLIMITED):
        lack = b"\x53" if value else None
        assert scene.bind.can_transfer(to, value, PAPER, sender=scene.alice)[0] == b"\x57"
        assert scene.bind.can_transfer_from(scene.alice, to, value, PAPER, sender=scene.bob)[0] == (lack or b"\x57")
        assert scene.bind.can_transfer_from(ZERO, to, value, PAPER, sender=ZERO)[0] == (lack or b"\x56")


# --- issue ------------------------------------------------------------------------------------------------------------


@DATA
def test_an_issue_is_told_with_its_data_and_increases_the_supply(scene: Scene, data: bytes) -> None:
    """ERC-1594, issue MUST emit Issued; it increases the total supply."""
    before = scene.books()
    receipt = scene.order(scene.bind.issue(scene.bob, UNITS, data))
    assert scene.told(receipt, ERC20.Transfer, ERC1594.Issued) == [
        ERC20.Transfer.log(ZERO, scene.bob, UNITS),
        ERC1594.Issued.log(scene.queue, scene.bob, UNITS, data),
    ]
    assert {key: value - before[key] for key, value in scene.books().items() if value != before[key]} == {
        scene.bob: UNITS,
        "supply": UNITS,
        "default": UNITS,
    }


def test_when_issuance_has_ended_nothing_is_ever_issued(scene: Scene) -> None:
    """ERC-1594, isIssuable: once false, the token MUST never allow additional tokens to be issued."""
    bind = scene.bind
    assert bind.is_issuable() is True
    scene.order(bind.finalize_issuance())
    assert bind.is_issuable() is False
    for call in (
        bind.issue(scene.bob, 1, b""),
        bind.issue_by_partition(DEFAULT, scene.bob, 1, b""),
        bind.batch_issue(DEFAULT, [scene.bob], [1], b""),
    ):
        with refused(reverts.IssuanceClosed):
            scene.answer(call, scene.queue)


def test_when_issuance_has_ended_it_has_ended_for_ever(scene: Scene) -> None:
    """ERC-1594, isIssuable: once false, it MUST always be false, whatever is done to the token's policy."""
    bind, world = scene.bind, scene.world
    scene.order(bind.finalize_issuance())
    with refused(reverts.IssuanceClosed):
        scene.answer(bind.finalize_issuance(), scene.queue)
    scene.send("issuer", bind.pause())
    for call in (
        bind.unpause(),
        bind.set_policy(1, 0, True, False),
        bind.set_lockup(bytes(32), ZERO, world.now + 10 * DAY),
        bind.set_lockup(bytes(32), ZERO, 0),
        bind.raise_authorised_units(5_000_000),
        bind.forced_transfer(scene.alice, scene.bob, 1),
    ):
        scene.order(call)
        assert bind.is_issuable() is False
    split(world, scene.token, 2)
    assert bind.is_issuable() is False


def test_units_redeemed_in_error_are_made_good_after_the_end_of_issuance_and_are_not_issued(scene: Scene) -> None:
    """ERC-1594, isIssuable, as resolved at the head of this file: no more than went, and no Issued is told."""
    bind = scene.bind
    scene.send("alice", bind.redeem(UNITS, b""))
    scene.order(bind.finalize_issuance())
    scene.send("registrar", bind.report_loss(LOSS, REDEEMED_IN_ERROR, DEFAULT, scene.alice, UNITS, LOSS))
    receipt = scene.order(bind.reissue(LOSS, scene.alice))
    assert scene.told(receipt, ERC1594.Issued) == []
    assert bind.balance_of_by_partition(DEFAULT, scene.alice) == HELD


# --- redemption -------------------------------------------------------------------------------------------------------


@DATA
@pytest.mark.parametrize("who", ["alice", "carol"])
def test_a_redemption_is_told_and_leaves_the_supply_and_the_holder(scene: Scene, who: str, data: bytes) -> None:
    """ERC-1594, redeem, redeemFrom MUST emit Redeemed every time; the tokens must leave supply and balance."""
    bind, before = scene.bind, scene.books()
    call = bind.redeem(UNITS, data) if who == "alice" else bind.redeem_from(scene.alice, UNITS, data)
    for times in (1, 2):
        receipt = scene.send(who, call)
        assert scene.told(receipt, ERC20.Transfer, ERC1594.Redeemed) == [
            ERC20.Transfer.log(scene.alice, ZERO, UNITS),
            ERC1594.Redeemed.log(at(scene.world, who), scene.alice, UNITS, data),
        ]
        gone = {key: before[key] - times * UNITS for key in (scene.alice, "supply", "default")}
        assert scene.books() == before | gone
    left = ALLOWED - 2 * UNITS if who == "carol" else ALLOWED
    assert bind.allowance(scene.alice, scene.carol) == left


#: What stops a redemption as it stops a transfer.
STOPS = (
    "the system is halted",
    "the token is paused",
    "she has not so many",
    "one unit is frozen",
    "her wallet is frozen",
)


@pytest.mark.parametrize("reason", STOPS)
def test_a_redemption_is_refused_as_a_transfer_is_when(scene: Scene, reason: str) -> None:
    """ERC-1594, redeem should be subject to the conditions of sending; see the head of this file."""
    bring, error, *_ = REASONS[reason]
    bring(scene)
    assert outcome(scene.world, "alice", scene.bind.transfer(scene.bob, HELD)) == error
    assert outcome(scene.world, "alice", scene.bind.redeem(HELD, b"")) == error
    assert outcome(scene.world, "carol", scene.bind.redeem_from(scene.alice, HELD, b"")) == error
