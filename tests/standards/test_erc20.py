"""ERC-20, and the errors of ERC-6093.

Not tested, or resolved otherwise:

- "Callers MUST handle false", "interfaces MUST NOT expect name, symbol, decimals": said to callers, not to tokens.
- Functions that name no partition act on the partition `default`. `balanceOf` counts all partitions, so "not enough
  balance" and the `balance` of `ERC20InsufficientBalance` are those of the partition.
- A transfer of nothing needs no allowance: ERC-20 wants transfers of nothing to be ordinary ones, and any allowance is
  enough for nothing.
- A split changes every balance and announces no `Transfer` for each holder: it announces itself once.
- An allowance of 2^256 - 1 is never used up; between 2^232 - 1 and that there is none, and asking for it is refused.
- ERC-6093's `ERC20InvalidSpender` for an owner who approves himself is recommended there and not claimed here.
"""

from __future__ import annotations

import pytest
from contracts.helpers import CLASS_A, DEFAULT, ZERO, outcome, refused

from standards.letters import ERC20
from standards.scene import ALLOWED, HELD, HELD_A, ISSUES, PUBLIC, REDEMPTIONS, TRANSFERS, UNITS, Scene, public_ways
from stotoken import reverts
from stotoken.types import to_hex

TRUE = (1).to_bytes(32, "big")
UNLIMITED = 2**256 - 1


def test_name_symbol_and_decimals_are_those_the_token_was_created_with(scene: Scene) -> None:
    """ERC-20, Methods: name, symbol, decimals."""
    bind = scene.another(name="第一回社債", symbol="BOND-1", decimals=2).bind
    assert (bind.name(), bind.symbol(), bind.decimals()) == ("第一回社債", "BOND-1", 2)


def test_the_total_supply_is_what_was_issued_less_what_was_redeemed(scene: Scene) -> None:
    """ERC-20, Methods: totalSupply."""
    bind = scene.bind
    assert bind.total_supply() == HELD + HELD_A
    scene.world.issue(scene.token, "bob", 30, "class-a")
    scene.send("alice", bind.redeem(20, b""))
    assert bind.total_supply() == HELD + HELD_A + 10


def test_the_balance_is_what_the_account_has(scene: Scene) -> None:
    """ERC-20, Methods: balanceOf."""
    scene.send("alice", scene.bind.transfer(scene.bob, 30))
    wallets = (scene.alice, scene.bob, scene.carol, scene.mallory)
    assert [scene.bind.balance_of(each) for each in wallets] == [HELD + HELD_A - 30, 30, 0, 0]


@pytest.mark.parametrize("way", TRANSFERS)
def test_a_transfer_moves_just_the_value_and_fires_transfer_once_by(scene: Scene, way: str) -> None:
    """ERC-20, Methods: transfer, transferFrom MUST fire Transfer; Events: Transfer MUST trigger on transfers."""
    act = TRANSFERS[way](scene)
    before = scene.books(act.to)
    assert scene.told(act.do(), ERC20.Transfer) == [ERC20.Transfer.log(act.source, act.to, act.units)]
    assert scene.books(act.to) == scene.books_after(act, before)


@pytest.mark.parametrize("way", ISSUES)
def test_new_units_come_from_the_zero_address_by(scene: Scene, way: str) -> None:
    """ERC-20, Events: Transfer SHOULD trigger with `_from` 0x0 when tokens are created."""
    act = ISSUES[way](scene)
    before = scene.books()
    assert scene.told(act.do(), ERC20.Transfer) == [ERC20.Transfer.log(ZERO, act.to, UNITS)]
    assert scene.books() == scene.books_after(act, before)


@pytest.mark.parametrize("way", REDEMPTIONS)
def test_redeemed_units_go_to_the_zero_address_by(scene: Scene, way: str) -> None:
    """ERC-20, Events: Transfer; the counterpart of creation, which the text leaves out."""
    act = REDEMPTIONS[way](scene)
    before = scene.books()
    assert scene.told(act.do(), ERC20.Transfer) == [ERC20.Transfer.log(scene.alice, ZERO, UNITS)]
    assert scene.books() == scene.books_after(act, before)
    assert scene.bind.balance_of(ZERO) == 0


def test_transfers_told_since_the_beginning_add_up_to_the_balances(scene: Scene) -> None:
    """ERC-20, Events: Transfer MUST trigger when tokens are transferred, so that none is missing."""
    for way in ("transfer", "transferFromWithData", "forcedTransfer"):
        TRANSFERS[way](scene).do()
    ISSUES["batchIssue"](scene).do()
    REDEMPTIONS["redeemFrom"](scene).do()
    sums: dict[str, int] = {}
    for log in scene.world.connection.logs([scene.token.address], topics=[to_hex(ERC20.Transfer.topic)]):
        told = ERC20.Transfer.decode(log)
        sums[told["_from"]] = sums.get(told["_from"], 0) - told["_value"]
        sums[told["_to"]] = sums.get(told["_to"], 0) + told["_value"]
    assert -sums.pop(ZERO) == scene.bind.total_supply()
    assert {wallet: scene.bind.balance_of(wallet) for wallet in sums} == sums


def test_what_succeeds_answers_true(scene: Scene) -> None:
    """ERC-20, Methods: transfer, transferFrom, approve return success."""
    bind = scene.bind
    assert scene.answer(bind.transfer(scene.bob, 1), scene.alice) == TRUE
    assert scene.answer(bind.transfer_from(scene.alice, scene.bob, 1), scene.carol) == TRUE
    assert scene.answer(bind.approve(scene.bob, 1), scene.alice) == TRUE


@pytest.mark.parametrize("units", [HELD + 1, 2**96, UNLIMITED])
def test_more_than_the_balance_throws_and_the_error_names_the_owner_and_both_amounts(scene: Scene, units: int) -> None:
    """ERC-20, Methods: transfer SHOULD throw; ERC-6093: `sender` owns the tokens, `balance` MUST be below `needed`."""
    scene.send("alice", scene.bind.approve(scene.carol, UNLIMITED))
    for who, call in public_ways(scene, scene.bob, units).values():
        with refused(reverts.ERC20InsufficientBalance, scene.alice, HELD, units):
            scene.send(who, call)


@pytest.mark.parametrize("way", PUBLIC)
def test_a_transfer_of_nothing_is_an_ordinary_transfer_by(scene: Scene, way: str) -> None:
    """ERC-20, Methods: transfers of 0 MUST be treated as normal ones and fire Transfer."""
    before = scene.books()
    who, call = public_ways(scene, scene.bob, 0)[way]
    receipt = scene.send(who, call)
    assert scene.told(receipt, ERC20.Transfer) == [ERC20.Transfer.log(scene.alice, scene.bob, 0)]
    assert scene.books() == before


@pytest.mark.parametrize("way", PUBLIC)
def test_a_transfer_of_nothing_is_judged_as_any_other_by(scene: Scene, way: str) -> None:
    """ERC-20, Methods: transfers of 0 MUST be treated as normal ones."""
    for units in (0, 1):
        who, call = public_ways(scene, scene.mallory, units)[way]
        assert outcome(scene.world, who, call) == "WalletUnregistered"


def test_somebody_without_units_may_transfer_nothing(scene: Scene) -> None:
    """ERC-20, Methods: transfers of 0 MUST be treated as normal ones."""
    receipt = scene.send("bob", scene.bind.transfer(scene.alice, 0))
    assert scene.told(receipt, ERC20.Transfer) == [ERC20.Transfer.log(scene.bob, scene.alice, 0)]


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_nobody_moves_units_of_an_account_that_has_not_authorised_him(scene: Scene, who: str) -> None:
    """ERC-20, Methods: transferFrom SHOULD throw unless authorised; ERC-6093: `spender` is who operates, `allowance`
    MUST be less than `needed`."""
    bind, alice = scene.bind, scene.alice
    for call in (
        bind.transfer_from(alice, scene.bob, 1),
        bind.transfer_from_with_data(alice, scene.bob, 1, b""),
        bind.redeem_from(alice, 1, b""),
    ):
        with refused(reverts.ERC20InsufficientAllowance, scene.world.people[who].address, 0, 1):
            scene.send(who, call)


def test_a_spender_withdraws_several_times_up_to_the_allowance_and_no_further(scene: Scene) -> None:
    """ERC-20, Methods: approve allows several withdrawals up to the value; allowance returns what remains."""
    bind = scene.bind
    scene.send("alice", bind.approve(scene.bob, 60))
    for units, remaining in ((45, 15), (10, 5)):
        scene.send("bob", bind.transfer_from(scene.alice, scene.carol, units))
        assert bind.allowance(scene.alice, scene.bob) == remaining
    with refused(reverts.ERC20InsufficientAllowance, scene.bob, 5, 6):
        scene.send("bob", bind.transfer_from(scene.alice, scene.carol, 6))
    scene.send("bob", bind.transfer_from(scene.alice, scene.carol, 5))
    assert (bind.allowance(scene.alice, scene.bob), bind.balance_of(scene.carol)) == (0, 60)


@pytest.mark.parametrize("again", [5, 60, 61, UNLIMITED, 0])
def test_a_second_approval_overwrites_the_first_without_a_zero_between(scene: Scene, again: int) -> None:
    """ERC-20, Methods: approve overwrites; the contract itself should not enforce the detour over 0."""
    scene.send("alice", scene.bind.approve(scene.bob, 60))
    scene.send("alice", scene.bind.approve(scene.bob, again))
    assert scene.bind.allowance(scene.alice, scene.bob) == again


def test_an_allowance_is_of_one_owner_for_one_spender(scene: Scene) -> None:
    """ERC-20, Methods: allowance is what `_spender` may withdraw from `_owner`."""
    scene.send("alice", scene.bind.approve(scene.bob, 60))
    pairs = [(scene.alice, scene.carol), (scene.bob, scene.alice), (scene.bob, scene.bob), (scene.alice, scene.alice)]
    assert [scene.bind.allowance(*pair) for pair in pairs] == [ALLOWED, 0, 0, 0]


@pytest.mark.parametrize("value", [0, 1, HELD + 1, UNLIMITED])
def test_every_approval_is_announced_also_when_it_changes_nothing(scene: Scene, value: int) -> None:
    """ERC-20, Events: Approval MUST trigger on any successful approve."""
    for _ in range(2):
        receipt = scene.send("alice", scene.bind.approve(scene.bob, value))
        assert scene.told(receipt, ERC20.Approval) == [ERC20.Approval.log(scene.alice, scene.bob, value)]


# --- ERC-6093 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", PUBLIC)
def test_the_zero_address_as_receiver_is_an_invalid_receiver_by(scene: Scene, way: str) -> None:
    """ERC-6093, ERC20InvalidReceiver: recommended for transfers to the zero address."""
    who, call = public_ways(scene, ZERO, 1)[way]
    with refused(reverts.ERC20InvalidReceiver, ZERO):
        scene.send(who, call)


def test_the_zero_address_as_sender_is_an_invalid_sender(scene: Scene) -> None:
    """ERC-6093, ERC20InvalidSender: recommended for transfers from the zero address."""
    bind = scene.bind
    with refused(reverts.ERC20InvalidSender, ZERO):
        scene.send("alice", bind.transfer_from(ZERO, scene.bob, 0))
    for call in (
        bind.forced_transfer(ZERO, scene.bob, 1),
        bind.controller_transfer(ZERO, scene.bob, 1, b"", b""),
        bind.controller_redeem(ZERO, 1, b"", b""),
        bind.force_by_partition(CLASS_A, ZERO, scene.bob, 1, b"", b""),
    ):
        with refused(reverts.ERC20InvalidSender, ZERO):
            scene.answer(call, scene.queue)


def test_an_invalid_sender_never_stands_for_a_lack_of_allowance_or_balance(scene: Scene) -> None:
    """ERC-6093, ERC20InvalidSender: MUST NOT be used for balance or allowance requirements."""
    assert outcome(scene.world, "alice", scene.bind.transfer_from(ZERO, scene.bob, 1)) == "ERC20InsufficientAllowance"
    assert outcome(scene.world, "bob", scene.bind.transfer(scene.alice, 1)) == "ERC20InsufficientBalance"


def test_approvals_are_refused_in_words_of_approvals(scene: Scene) -> None:
    """ERC-6093, ERC20InvalidApprover, ERC20InvalidSpender: recommended for the zero address; the errors of sender and
    receiver MUST NOT be used for approvals."""
    with refused(reverts.ERC20InvalidSpender, ZERO):
        scene.send("alice", scene.bind.approve(ZERO, 1))
    with refused(reverts.ERC20InvalidApprover, ZERO):
        scene.answer(scene.bind.approve(scene.bob, 1), ZERO)


def test_an_error_of_a_partition_counts_that_partition(scene: Scene) -> None:
    """ERC-6093, glossary: `balance`; see the head of this file."""
    call = scene.bind.transfer_by_partition(CLASS_A, scene.bob, HELD_A + 1, b"")
    with refused(reverts.ERC20InsufficientBalance, scene.alice, HELD_A, HELD_A + 1):
        scene.send("alice", call)
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.alice) == HELD
