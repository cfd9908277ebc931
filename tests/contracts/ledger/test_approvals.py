"""Allowances, which count units and split with them; operators; permits signed off the chain."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DEFAULT, ZERO, at, event_names, events, outcome, permit, refused, split
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.token import Token
from stotoken.types import checksum, keccak

UNLIMITED = 2**256 - 1
LARGEST = 2**232 - 2


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"])
    world.issue(token, "alice", 100)
    return token


def approve(world: World, token: Token, units: int) -> None:
    world.send("alice", token.bind.approve(at(world, "bob"), units))


def allowance(world: World, token: Token) -> int:
    return token.bind.allowance(at(world, "alice"), at(world, "bob"))


def spend(world: World, token: Token, units: int) -> Call:
    return token.bind.transfer_from(at(world, "alice"), at(world, "carol"), units)


# --- allowances -------------------------------------------------------------------------------------------------------


def test_a_spender_moves_what_the_holder_allows_and_no_more(world: World, token: Token) -> None:
    receipt = world.send("alice", token.bind.approve(at(world, "bob"), 60))
    assert events(world, receipt, "Approval") == [
        {"owner": at(world, "alice"), "spender": at(world, "bob"), "value": 60}
    ]
    world.send("bob", spend(world, token, 45))
    assert allowance(world, token) == 15
    with refused(reverts.ERC20InsufficientAllowance, at(world, "bob"), 15, 16):
        world.send("bob", spend(world, token, 16))
    assert token.bind.balance_of(at(world, "carol")) == 45


def test_a_new_allowance_replaces_the_old_one(world: World, token: Token) -> None:
    approve(world, token, 60)
    approve(world, token, 5)
    assert allowance(world, token) == 5
    approve(world, token, 0)
    assert outcome(world, "bob", spend(world, token, 1)) == "ERC20InsufficientAllowance"


def test_an_allowance_is_for_one_spender(world: World, token: Token) -> None:
    approve(world, token, 60)
    assert outcome(world, "dave", spend(world, token, 1)) == "ERC20InsufficientAllowance"
    assert outcome(world, "alice", spend(world, token, 1)) == "ERC20InsufficientAllowance"


def test_a_spender_needs_no_registration_of_its_own(world: World, token: Token) -> None:
    world.send("alice", token.bind.approve(at(world, "mallory"), 60))
    assert outcome(world, "mallory", spend(world, token, 60)) == "done"


def test_an_unlimited_allowance_is_never_spent(world: World, token: Token) -> None:
    approve(world, token, UNLIMITED)
    world.send("bob", spend(world, token, 100))
    assert allowance(world, token) == UNLIMITED


def test_an_unlimited_allowance_stays_unlimited_through_a_split(world: World, token: Token) -> None:
    approve(world, token, UNLIMITED)
    split(world, token, 2)
    assert allowance(world, token) == UNLIMITED
    world.send("bob", spend(world, token, 200))
    assert allowance(world, token) == UNLIMITED


@pytest.mark.parametrize("units", [LARGEST + 1, LARGEST + 2, UNLIMITED - 1])
def test_an_allowance_between_the_largest_and_unlimited_is_refused(world: World, token: Token, units: int) -> None:
    with refused(reverts.AllowanceOutOfRange, units):
        approve(world, token, units)


def test_the_largest_allowance_is_kept_exactly(world: World, token: Token) -> None:
    approve(world, token, LARGEST)
    assert allowance(world, token) == LARGEST


def test_an_allowance_is_split_with_the_units(world: World, token: Token) -> None:
    approve(world, token, 30)
    split(world, token, 2)
    split(world, token, 3)
    assert allowance(world, token) == 180
    world.send("bob", spend(world, token, 170))
    assert allowance(world, token) == 10
    split(world, token, 2)
    assert allowance(world, token) == 20
    with refused(reverts.ERC20InsufficientAllowance, at(world, "bob"), 20, 21):
        world.send("bob", spend(world, token, 21))


@pytest.mark.parametrize("ratio", [2, 2**24, 2**25, 2**60])
def test_the_largest_allowance_stays_a_large_one_through_a_split(world: World, token: Token, ratio: int) -> None:
    approve(world, token, LARGEST)
    split(world, token, ratio)
    assert allowance(world, token) == LARGEST
    assert outcome(world, "bob", spend(world, token, 100 * ratio)) == "done"


def test_nobody_approves_the_zero_address(world: World, token: Token) -> None:
    with refused(reverts.ERC20InvalidSpender, ZERO):
        world.send("alice", token.bind.approve(ZERO, 1))


def test_an_allowance_never_reaches_another_partition(world: World, token: Token) -> None:
    world.issue(token, "alice", 50, "class-a")
    approve(world, token, UNLIMITED)
    assert outcome(world, "bob", spend(world, token, 101)) != "done"
    moved = token.bind.operator_transfer_by_partition(CLASS_A, at(world, "alice"), at(world, "carol"), 1, b"", b"")
    assert outcome(world, "bob", moved) == "OperatorUnauthorized"


# --- operators --------------------------------------------------------------------------------------------------------


def moves(world: World, token: Token) -> list[str]:
    """What operator bob could do with alice's units, by partition."""
    return [
        outcome(
            world,
            "bob",
            token.bind.operator_transfer_by_partition(partition, at(world, "alice"), at(world, "carol"), 1, b"", b""),
        )
        for partition in (DEFAULT, CLASS_A)
    ]


def test_an_operator_moves_every_partition_until_revoked(world: World, token: Token) -> None:
    world.issue(token, "alice", 50, "class-a")
    assert moves(world, token) == ["OperatorUnauthorized"] * 2
    receipt = world.send("alice", token.bind.authorize_operator(at(world, "bob")))
    assert event_names(world, receipt) == ["AuthorizedOperator"]
    assert token.bind.is_operator(at(world, "bob"), at(world, "alice"))
    assert token.bind.is_operator_for_partition(CLASS_A, at(world, "bob"), at(world, "alice"))
    assert moves(world, token) == ["done"] * 2
    receipt = world.send("alice", token.bind.revoke_operator(at(world, "bob")))
    assert event_names(world, receipt) == ["RevokedOperator"]
    assert not token.bind.is_operator(at(world, "bob"), at(world, "alice"))
    assert moves(world, token) == ["OperatorUnauthorized"] * 2


def test_an_operator_of_one_partition_moves_that_one_alone(world: World, token: Token) -> None:
    world.issue(token, "alice", 50, "class-a")
    receipt = world.send("alice", token.bind.authorize_operator_by_partition(CLASS_A, at(world, "bob")))
    assert event_names(world, receipt) == ["AuthorizedOperatorByPartition"]
    assert moves(world, token) == ["OperatorUnauthorized", "done"]
    assert token.bind.is_operator_for_partition(CLASS_A, at(world, "bob"), at(world, "alice"))
    assert not token.bind.is_operator_for_partition(DEFAULT, at(world, "bob"), at(world, "alice"))
    assert not token.bind.is_operator(at(world, "bob"), at(world, "alice"))
    receipt = world.send("alice", token.bind.revoke_operator_by_partition(CLASS_A, at(world, "bob")))
    assert event_names(world, receipt) == ["RevokedOperatorByPartition"]
    assert moves(world, token) == ["OperatorUnauthorized"] * 2


def test_what_an_operator_moves_is_told_as_his(world: World, token: Token) -> None:
    world.send("alice", token.bind.authorize_operator(at(world, "bob")))
    call = token.bind.operator_transfer_by_partition(
        DEFAULT, at(world, "alice"), at(world, "carol"), 7, b"\x01", b"\x02\x03"
    )
    receipt = world.send("bob", call)
    assert events(world, receipt, "TransferByPartition") == [
        {
            "fromPartition": DEFAULT,
            "operator": at(world, "bob"),
            "from": at(world, "alice"),
            "to": at(world, "carol"),
            "value": 7,
            "data": b"\x01",
            "operatorData": b"\x02\x03",
        }
    ]


def test_an_operator_redeems_for_the_holder(world: World) -> None:
    token = world.new_token(puttable=True)
    world.issue(token, "alice", 100)
    call = token.bind.operator_redeem_by_partition(DEFAULT, at(world, "alice"), 40, b"\x07")
    with refused(reverts.OperatorUnauthorized, at(world, "bob"), at(world, "alice"), DEFAULT):
        world.send("bob", call)
    world.send("alice", token.bind.authorize_operator(at(world, "bob")))
    receipt = world.send("bob", call)
    (told,) = events(world, receipt, "RedeemedByPartition")
    assert (told["operator"], told["from"], told["value"]) == (at(world, "bob"), at(world, "alice"), 40)
    assert told["operatorData"] == b"\x07"


# --- permits ----------------------------------------------------------------------------------------------------------


def test_a_permit_carried_by_anybody_is_an_allowance(world: World, token: Token) -> None:
    receipt = world.send("mallory", permit(world, token))
    assert event_names(world, receipt) == ["Approval"]
    assert allowance(world, token) == 60
    assert token.bind.nonces(at(world, "alice")) == 1
    world.send("bob", spend(world, token, 60))


def test_a_permit_is_good_for_one_time(world: World, token: Token) -> None:
    call = permit(world, token)
    world.send("bob", call)
    world.send("bob", spend(world, token, 60))
    with pytest.raises(reverts.ERC2612InvalidSigner):
        world.send("bob", call)


def test_a_permit_is_good_until_its_deadline(world: World, token: Token) -> None:
    deadline = world.now + 1_000
    call = permit(world, token, deadline=deadline)
    world.node.set_time(deadline)
    assert outcome(world, "bob", call) == "done"
    world.node.set_time(deadline + 1)
    with refused(reverts.ERC2612ExpiredSignature, deadline):
        world.send("bob", call)


FORGED: dict[str, dict[str, object]] = {
    "signed by somebody else": {"signer": "mallory"},
    "for another value": {"shown_value": 61},
    "with a nonce of tomorrow": {"nonce": 1},
    "for another chain": {"chain_id": 1},
    "for another contract": {"contract": checksum("0x" + keccak(b"another")[-20:].hex())},
}


@pytest.mark.parametrize("why", FORGED)
def test_a_permit_is_refused_that_is(world: World, token: Token, why: str) -> None:
    with pytest.raises(reverts.ERC2612InvalidSigner) as caught:
        world.send("bob", permit(world, token, **FORGED[why]))
    assert caught.value.args[1] == at(world, "alice")
    assert allowance(world, token) == 0


def test_a_permit_for_one_token_is_worth_nothing_at_another(world: World, token: Token) -> None:
    other = world.new_token()
    call = permit(world, token)
    assert other.bind.domain_separator() != token.bind.domain_separator()
    with pytest.raises(reverts.ERC2612InvalidSigner):
        world.send("bob", Call(other.address, call.data, call.signature))


def test_a_permit_with_a_mangled_signature_is_refused(world: World, token: Token) -> None:
    good = permit(world, token)
    high_s = Call(good.to, good.data[:-32] + b"\xff" * 32, good.signature)
    assert outcome(world, "bob", high_s) == "ECDSAInvalidSignatureS"
    nothing = Call(good.to, good.data[:-64] + bytes(64), good.signature)
    assert outcome(world, "bob", nothing) == "ECDSAInvalidSignature"


def test_a_permit_signed_before_a_split_allows_the_number_it_names(world: World, token: Token) -> None:
    call = permit(world, token)
    split(world, token, 2)
    world.send("bob", call)
    assert allowance(world, token) == 60


def test_the_domain_of_permits_can_be_read(world: World, token: Token) -> None:
    fields, name, version, chain_id, contract, salt, extensions = token.bind.eip712_domain()
    assert (fields, name, version, salt, extensions) == (b"\x0f", "stotoken", "1", bytes(32), ())
    assert (chain_id, contract) == (world.connection.chain_id, token.address)
