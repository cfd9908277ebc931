"""ERC-1410, with what its umbrella ERC-1400 says of issue and redemption.

Not tested, or resolved otherwise:

- The text speaks of `isOperatorFor`, its interface of `isOperator`: the interface's name is used.
- The status byte is one of the table of ERC-1400. ERC-1066, to which the text points, gives those bytes other meanings.
- Units never change partition, so that the partition of arrival is always the one they left, and `ChangedPartition` of
  the umbrella is never emitted.
- `operatorRedeemByPartition` has the four parameters of the text, not the five of its reference contract. There is no
  parameter for `data` in `RedeemedByPartition`, so that the data of a holder's redemption are told as `operatorData`.
- `canTransferByPartition` asks whether the holder could; whether the caller may is `isOperatorForPartition`.
- Nobody is an operator of everybody ("default operators"): the controller is ERC-1644's.
"""

from __future__ import annotations

import pytest
from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, freeze, halt, outcome, refused, split

from standards.letters import ERC20, ERC1410
from standards.scene import HELD, HELD_A, ISSUES, REDEMPTIONS, TRANSFERS, UNITS, Scene, public_ways
from stotoken import reverts
from stotoken.chain.abi import Call

UNKNOWN = b"no such partition".ljust(32, b"\0")
PARTITIONS = {"default": DEFAULT, "class-a": CLASS_A}
SUCCESS = b"\x51"


def shares(scene: Scene, wallet: str) -> dict[bytes, int]:
    """A wallet's units by partition, of those partitions that the token names for it."""
    named = scene.bind.partitions_of(wallet)
    assert len(set(named)) == len(named)
    return {partition: scene.bind.balance_of_by_partition(partition, wallet) for partition in named}


def by_operator(scene: Scene, partition: bytes = DEFAULT, units: int = 1) -> Call:
    return scene.bind.operator_transfer_by_partition(partition, scene.alice, scene.bob, units, b"\x01", b"\x02\x03")


# --- balances ---------------------------------------------------------------------------------------------------------


def test_the_balance_is_the_sum_over_the_partitions_through_all_that_moves_units(scene: Scene) -> None:
    """ERC-1410, balanceOf MUST count all partitions; balanceOfByPartition summed over partitionsOf MUST equal it."""
    wallets = (scene.alice, scene.bob, scene.carol)

    def agree() -> None:
        for wallet in wallets:
            assert sum(shares(scene, wallet).values()) == scene.bind.balance_of(wallet)

    agree()
    assert shares(scene, scene.alice) == {DEFAULT: HELD, CLASS_A: HELD_A}
    scene.send("alice", scene.bind.transfer_by_partition(CLASS_A, scene.bob, HELD_A, b""))
    agree()
    freeze(scene.world, scene.token, "bob", 10, CLASS_A)
    split(scene.world, scene.token, 3)
    agree()
    assert shares(scene, scene.bob) == {CLASS_A: HELD_A * 3}
    REDEMPTIONS["controllerRedeem"](scene).do()
    ISSUES["issue"](scene).do()
    agree()
    assert shares(scene, scene.bob) == {DEFAULT: UNITS, CLASS_A: HELD_A * 3}


def test_the_partitions_of_a_holder_are_those_in_which_it_has_units(scene: Scene) -> None:
    """ERC-1410, partitionsOf: all of the partitions of a token holder."""
    assert scene.bind.partitions_of(scene.bob) == ()
    scene.send("alice", scene.bind.transfer_by_partition(CLASS_A, scene.bob, 1, b""))
    assert scene.bind.partitions_of(scene.bob) == (CLASS_A,)
    scene.send("bob", scene.bind.transfer_by_partition(CLASS_A, scene.alice, 1, b""))
    assert scene.bind.partitions_of(scene.bob) == ()


def test_units_of_a_partition_are_those_of_no_other(scene: Scene) -> None:
    """ERC-1410, balanceOfByPartition: the balance of one specific partition."""
    scene.send("alice", scene.bind.transfer_by_partition(CLASS_A, scene.bob, 20, b""))
    assert scene.bind.balance_of_by_partition(CLASS_A, scene.bob) == 20
    assert scene.bind.balance_of_by_partition(DEFAULT, scene.bob) == 0
    assert scene.bind.balance_of_by_partition(UNKNOWN, scene.bob) == 0


def test_the_supply_counts_the_units_of_all_holders_and_partitions(scene: Scene) -> None:
    """ERC-1410, totalSupply MUST count all tokens tracked by the contract."""
    scene.world.issue(scene.token, "bob", 30, "class-a")
    scene.send("alice", scene.bind.redeem_by_partition(DEFAULT, 20, b""))
    wallets = (scene.alice, scene.bob, scene.carol)
    assert scene.bind.total_supply() == sum(map(scene.bind.balance_of, wallets)) == HELD + HELD_A + 10
    assert (scene.books()["default"], scene.books()["class-a"]) == (HELD - 20, HELD_A + 30)


# --- transfers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("partition", PARTITIONS)
@pytest.mark.parametrize("data", [b"", b"paper"])
def test_a_transfer_in_a_partition_is_told_with_all_it_was_given(scene: Scene, partition: str, data: bytes) -> None:
    """ERC-1410, transferByPartition MUST emit TransferByPartition."""
    where = PARTITIONS[partition]
    receipt = scene.send("alice", scene.bind.transfer_by_partition(where, scene.bob, 20, data))
    assert scene.told(receipt, ERC1410.TransferByPartition) == [
        ERC1410.TransferByPartition.log(where, scene.alice, scene.alice, scene.bob, 20, data, b"")
    ]
    assert shares(scene, scene.bob) == {where: 20}


def test_a_transfer_by_an_operator_is_told_with_the_operator(scene: Scene) -> None:
    """ERC-1410, operatorTransferByPartition MUST emit TransferByPartition and include the operator."""
    receipt = scene.send("carol", by_operator(scene, CLASS_A, 20))
    assert scene.told(receipt, ERC1410.TransferByPartition) == [
        ERC1410.TransferByPartition.log(CLASS_A, scene.carol, scene.alice, scene.bob, 20, b"\x01", b"\x02\x03")
    ]
    assert shares(scene, scene.bob) == {CLASS_A: 20}


@pytest.mark.parametrize("way", TRANSFERS)
def test_whatever_moves_units_says_in_which_partition_and_whose_act_it_is(scene: Scene, way: str) -> None:
    """ERC-1410, Transfers: a transfer always has a partition; told after the Transfer of ERC-20."""
    act = TRANSFERS[way](scene)
    assert scene.told(act.do(), ERC20.Transfer, ERC1410.TransferByPartition) == [
        ERC20.Transfer.log(act.source, act.to, act.units),
        ERC1410.TransferByPartition.log(
            DEFAULT, act.operator, act.source, act.to, act.units, act.data, act.operator_data
        ),
    ]


@pytest.mark.parametrize("partition", PARTITIONS)
def test_a_transfer_answers_with_the_partition_of_the_receiver(scene: Scene, partition: str) -> None:
    """ERC-1410, transferByPartition MUST return it; operatorTransferByPartition the same."""
    where = PARTITIONS[partition]
    call = scene.bind.transfer_by_partition(where, scene.bob, 1, b"")
    assert scene.answer(call, scene.alice) == where
    assert scene.answer(by_operator(scene, where), scene.carol) == where
    scene.send("alice", call)
    assert shares(scene, scene.bob) == {where: 1}


#: What stands in the way of a transfer of 20 units of `class-a` to bob, and the error, status and reason it has.
REASONS = {
    "the system is halted": (lambda s: halt(s.world), "SystemHalted", "54", "HALTED"),
    "the token is paused": (lambda s: s.send("issuer", s.bind.pause()), "TokenPaused", "54", "PAUSED"),
    "the units are frozen": (
        lambda s: freeze(s.world, s.token, "alice", HELD_A - 19, CLASS_A),
        "ERC7943InsufficientUnfrozenBalance",
        "55",
        "FROZEN",
    ),
    "the receiver's wallet is frozen": (
        lambda s: s.send("emergency", s.world.system.bind.freeze_wallet(s.bob)),
        "WalletFrozen",
        "57",
        "ADDR_FROZEN",
    ),
    "the sender's registration is over": (
        lambda s: s.world.travel(4_000 * DAY),
        "InvestorExpired",
        "56",
        "KYC_EXPIRED",
    ),
    "the units are in another partition": (
        lambda s: s.order(s.bind.force_by_partition(CLASS_A, s.alice, s.carol, HELD_A - 19, b"", b"")),
        "ERC20InsufficientBalance",
        "52",
        "BALANCE",
    ),
    "the partition is locked up": (
        lambda s: s.order(s.bind.set_lockup(CLASS_A, ZERO, s.world.now + DAY)),
        "HoldingLockedUp",
        "55",
        "LOCKUP",
    ),
}


@pytest.mark.parametrize("reason", REASONS)
def test_a_transfer_in_a_partition_throws_and_is_foretold_when(scene: Scene, reason: str) -> None:
    """ERC-1410, transferByPartition MUST throw if it does not succeed; canTransferByPartition says so beforehand."""
    bring, error, status, code = REASONS[reason]
    assert scene.bind.can_transfer_by_partition(scene.alice, scene.bob, CLASS_A, 20, b"")[0] == SUCCESS
    bring(scene)
    for who, call in public_ways(scene, scene.bob, 20, CLASS_A).values():
        assert outcome(scene.world, who, call) == error
    said = scene.bind.can_transfer_by_partition(scene.alice, scene.bob, CLASS_A, 20, b"")
    assert said == (bytes.fromhex(status), code.encode().ljust(32, b"\0"), CLASS_A)


@pytest.mark.parametrize("units", [0, 1])
def test_there_is_no_transfer_in_a_partition_that_the_token_does_not_have(scene: Scene, units: int) -> None:
    """ERC-1410, transferByPartition MUST throw if it does not succeed, for whatever reason."""
    assert scene.bind.can_transfer_by_partition(scene.alice, scene.bob, UNKNOWN, units, b"")[0] != SUCCESS
    for who, call in public_ways(scene, scene.bob, units, UNKNOWN).values():
        assert outcome(scene.world, who, call) in ("PartitionUnknown", "ERC20InsufficientBalance")


@pytest.mark.parametrize("data", [b"", b"paper"])
def test_it_is_foretold_that_a_transfer_succeeds_and_where_the_units_arrive(scene: Scene, data: bytes) -> None:
    """ERC-1410, canTransferByPartition: whether it will succeed, and the destination partition."""
    for partition, units in ((DEFAULT, HELD), (CLASS_A, HELD_A)):
        said = scene.bind.can_transfer_by_partition(scene.alice, scene.bob, partition, units, data)
        assert said == (SUCCESS, bytes(32), partition)
        scene.send("alice", scene.bind.transfer_by_partition(partition, scene.bob, units, data))
        assert shares(scene, scene.bob)[partition] == units


# --- operators --------------------------------------------------------------------------------------------------------


def test_an_operator_is_one_for_all_partitions_of_the_holder_who_says_so(scene: Scene) -> None:
    """ERC-1410, authorizeOperator MUST authorise for all partitions of the caller; isOperator MUST say so."""
    bind, mallory = scene.bind, scene.mallory
    scene.send("alice", bind.authorize_operator(mallory))
    assert bind.is_operator(mallory, scene.alice)
    assert all(bind.is_operator_for_partition(each, mallory, scene.alice) for each in PARTITIONS.values())
    assert not bind.is_operator(mallory, scene.bob)
    assert not bind.is_operator(scene.alice, mallory)
    for partition in PARTITIONS.values():
        scene.send("mallory", by_operator(scene, partition))


def test_a_revoked_operator_is_one_for_no_partition(scene: Scene) -> None:
    """ERC-1410, revokeOperator MUST revoke what was given for all partitions of the caller."""
    scene.send("alice", scene.bind.revoke_operator(scene.carol))
    assert not scene.bind.is_operator(scene.carol, scene.alice)
    for partition in PARTITIONS.values():
        assert not scene.bind.is_operator_for_partition(partition, scene.carol, scene.alice)
        with refused(reverts.OperatorUnauthorized, scene.carol, scene.alice, partition):
            scene.send("carol", by_operator(scene, partition))


def test_a_revoked_operator_keeps_what_was_given_for_one_partition(scene: Scene) -> None:
    """ERC-1410, revokeOperator: authorisation by partition stands on its own."""
    scene.send("alice", scene.bind.authorize_operator_by_partition(CLASS_A, scene.carol))
    scene.send("alice", scene.bind.revoke_operator(scene.carol))
    assert scene.bind.is_operator_for_partition(CLASS_A, scene.carol, scene.alice)
    assert not scene.bind.is_operator_for_partition(DEFAULT, scene.carol, scene.alice)


def test_an_operator_of_each_partition_is_not_one_of_all(scene: Scene) -> None:
    """ERC-1410, isOperator MUST query whether it is an operator for all partitions."""
    for partition in PARTITIONS.values():
        scene.send("alice", scene.bind.authorize_operator_by_partition(partition, scene.bob))
        assert scene.bind.is_operator_for_partition(partition, scene.bob, scene.alice)
    assert not scene.bind.is_operator(scene.bob, scene.alice)


@pytest.mark.parametrize("who", ["alice", "bob", "mallory", "registrar"])
def test_nobody_without_authorisation_acts_as_operator_not_even_the_holder(scene: Scene, who: str) -> None:
    """ERC-1410, operatorTransferByPartition MUST revert for whom isOperatorForPartition is false."""
    address = at(scene.world, who)
    assert not scene.bind.is_operator_for_partition(DEFAULT, address, scene.alice)
    for call in (by_operator(scene), scene.bind.operator_redeem_by_partition(DEFAULT, scene.alice, 1, b"")):
        with refused(reverts.OperatorUnauthorized, address, scene.alice, DEFAULT):
            scene.send(who, call)


@pytest.mark.parametrize(
    ("event", "partition"),
    [
        ("AuthorizedOperator", None),
        ("RevokedOperator", None),
        ("AuthorizedOperatorByPartition", CLASS_A),
        ("RevokedOperatorByPartition", CLASS_A),
    ],
)
def test_it_is_told_every_time_also_when_nothing_changes(scene: Scene, event: str, partition: bytes | None) -> None:
    """ERC-1410, the four functions of operators MUST emit their event every time they are called."""
    bind, given = scene.bind, () if partition is None else (partition,)
    call = {
        "AuthorizedOperator": lambda: bind.authorize_operator(scene.bob),
        "RevokedOperator": lambda: bind.revoke_operator(scene.bob),
        "AuthorizedOperatorByPartition": lambda: bind.authorize_operator_by_partition(CLASS_A, scene.bob),
        "RevokedOperatorByPartition": lambda: bind.revoke_operator_by_partition(CLASS_A, scene.bob),
    }[event]()
    for _ in range(2):
        receipt = scene.send("alice", call)
        assert scene.told(receipt, *ERC1410.events.values()) == [
            ERC1410.events[event].log(*given, scene.bob, scene.alice)
        ]


# --- issue and redemption ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("partition", PARTITIONS)
@pytest.mark.parametrize("data", [b"", b"paper"])
def test_an_issue_adds_to_the_partition_and_is_told(scene: Scene, partition: str, data: bytes) -> None:
    """ERC-1400, issueByPartition MUST increase supply and partition balance, and emit IssuedByPartition."""
    where, before = PARTITIONS[partition], scene.books()
    receipt = scene.order(scene.bind.issue_by_partition(where, scene.bob, 30, data))
    assert scene.told(receipt, *ERC1410.events.values()) == [
        ERC1410.IssuedByPartition.log(where, scene.queue, scene.bob, 30, data, b"")
    ]
    assert shares(scene, scene.bob) == {where: 30}
    after = scene.books()
    assert {key: after[key] - before[key] for key in ("supply", partition)} == {"supply": 30, partition: 30}


@pytest.mark.parametrize("partition", PARTITIONS)
def test_a_redemption_takes_from_the_partition_and_is_told(scene: Scene, partition: str) -> None:
    """ERC-1400, redeemByPartition MUST decrease supply and partition balance, and emit RedeemedByPartition."""
    where, before = PARTITIONS[partition], scene.books()
    for who, call in (
        ("alice", scene.bind.redeem_by_partition(where, 10, b"paper")),
        ("carol", scene.bind.operator_redeem_by_partition(where, scene.alice, 10, b"paper")),
    ):
        receipt = scene.send(who, call)
        assert scene.told(receipt, *ERC1410.events.values()) == [
            ERC1410.RedeemedByPartition.log(where, at(scene.world, who), scene.alice, 10, b"paper")
        ]
    held = {DEFAULT: HELD, CLASS_A: HELD_A}
    assert shares(scene, scene.alice) == held | {where: held[where] - 20}
    after = scene.books()
    assert {key: before[key] - after[key] for key in ("supply", partition)} == {"supply": 20, partition: 20}


@pytest.mark.parametrize("way", [*ISSUES, *REDEMPTIONS])
def test_whatever_makes_or_ends_units_tells_its_partition_and_whose_act_it_is(scene: Scene, way: str) -> None:
    """ERC-1410, Issuance and redemption events, at every way in and out."""
    act = (ISSUES | REDEMPTIONS)[way](scene)
    if way in ISSUES:
        expected = ERC1410.IssuedByPartition.log(DEFAULT, act.operator, act.to, UNITS, act.data, act.operator_data)
    else:
        expected = ERC1410.RedeemedByPartition.log(DEFAULT, act.operator, act.source, UNITS, act.operator_data)
    assert scene.told(act.do(), *ERC1410.events.values()) == [expected]
