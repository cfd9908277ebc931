"""The faces of a token, across its standards; each standard on its own is in tests/standards."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import CLASS_A, DAY, DEFAULT, ZERO, at, event_names, events, freeze, outcome, refused, split
from stotoken import artifacts, reverts
from stotoken.chain.abi import Abi, Call
from stotoken.client.token import Token
from stotoken.errors import UnknownRevert
from stotoken.types import keccak

ABI = Abi(artifacts.whole_abi("SecurityToken"))

#: The functions and events of ERC-3643 that a token has without being one; the standards it is are in tests/standards.
SELECTORS = {"paused()": "5c975abb", "pause()": "8456cb59", "unpause()": "3f4ba83a"}
PAUSES = ("Paused(address)", "Unpaused(address)")
#: Events that moves without data emit in assembly.
WRITTEN_BY_HAND = (
    "Transfer(address,address,uint256)",
    "TransferByPartition(bytes32,address,address,address,uint256,bytes,bytes)",
    "IssuedByPartition(bytes32,address,address,uint256,bytes,bytes)",
)


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"], puttable=True)
    world.issue(token, "alice", 100)
    return token


# --- letters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("signature", SELECTORS)
def test_a_function_has_the_selector_of_its_standard(signature: str) -> None:
    assert ABI.function(signature).selector.hex() == SELECTORS[signature]


@pytest.mark.parametrize("signature", PAUSES)
def test_an_event_has_no_indexed_parameters_as_in_its_standard(signature: str) -> None:
    assert not any(param.indexed for param in ABI.event(signature).inputs)


def test_no_function_of_a_part_hides_one_of_another() -> None:
    """The parts are asked one after the other: a selector in two of them would be answered by the first alone."""
    parts = ("SecurityToken", "IssuerDesk", "RegistrarDesk")
    own = [set(artifacts.load(part).method_identifiers.values()) for part in parts]
    assert not own[0] & own[1]
    assert not (own[0] | own[1]) & own[2]


@pytest.mark.parametrize("data", [b"", b"\x12", b"\x12\x34\x56\x78", bytes(4)])
def test_a_call_that_no_part_knows_is_refused(world: World, token: Token, data: bytes) -> None:
    with pytest.raises(UnknownRevert):
        world.people.alice.simulate(Call(token.address, data, "()"))


def test_a_token_takes_no_ether(world: World, token: Token) -> None:
    with pytest.raises(UnknownRevert):
        world.people.alice.simulate(Call(token.address, b"", "()", value=1))
    call = token.bind.transfer(at(world, "bob"), 1)
    with pytest.raises(UnknownRevert):
        world.people.alice.simulate(Call(call.to, call.data, call.signature, value=1))


# --- ERC-20 and ERC-1594 ----------------------------------------------------------------------------------------------


def test_name_symbol_and_decimals_are_those_of_the_terms(world: World) -> None:
    token = world.new_token(name="日本国債 第一回 " * 9, symbol="JGB-1", decimals=2)
    assert (token.bind.name(), token.bind.symbol(), token.bind.decimals()) == ("日本国債 第一回 " * 9, "JGB-1", 2)


def test_a_transfer_is_told_twice_for_the_token_and_for_the_partition(world: World, token: Token) -> None:
    receipt = world.send("alice", token.bind.transfer(at(world, "bob"), 30))
    assert event_names(world, receipt) == ["Transfer", "TransferByPartition"]
    assert events(world, receipt, "Transfer") == [{"from": at(world, "alice"), "to": at(world, "bob"), "value": 30}]
    assert events(world, receipt, "TransferByPartition") == [
        {
            "fromPartition": DEFAULT,
            "operator": at(world, "alice"),
            "from": at(world, "alice"),
            "to": at(world, "bob"),
            "value": 30,
            "data": b"",
            "operatorData": b"",
        }
    ]


def test_the_results_of_transfers_are_as_the_standards_say(world: World, token: Token) -> None:
    answer = world.people.alice.simulate(token.bind.transfer(at(world, "bob"), 1))
    assert int.from_bytes(answer, "big") == 1
    answer = world.people.alice.simulate(token.bind.transfer_by_partition(DEFAULT, at(world, "bob"), 1, b""))
    assert answer == DEFAULT


@pytest.mark.parametrize("data", [b"", b"\x00", b"paper " * 40])
def test_data_is_emitted_as_it_is(world: World, token: Token, data: bytes) -> None:
    receipt = world.send("alice", token.bind.transfer_with_data(at(world, "bob"), 1, data))
    assert events(world, receipt, "TransferByPartition")[0]["data"] == data
    world.send("alice", token.bind.approve(at(world, "carol"), 1))
    receipt = world.send("carol", token.bind.transfer_from_with_data(at(world, "alice"), at(world, "bob"), 1, data))
    (told,) = events(world, receipt, "TransferByPartition")
    assert (told["data"], told["operator"]) == (data, at(world, "carol"))


def test_nothing_goes_to_or_comes_from_the_zero_address(world: World, token: Token) -> None:
    for call in (token.bind.transfer(ZERO, 1), token.bind.transfer_by_partition(DEFAULT, ZERO, 1, b"")):
        with refused(reverts.ERC20InvalidReceiver, ZERO):
            world.send("alice", call)
    with refused(reverts.ERC20InvalidSender, ZERO):
        world.send("alice", token.bind.transfer_from(ZERO, at(world, "bob"), 0))


def test_more_than_is_held_does_not_move(world: World, token: Token) -> None:
    for units in (101, 2**96, 2**256 - 1):
        with refused(reverts.ERC20InsufficientBalance, at(world, "alice"), 100, units):
            world.send("alice", token.bind.transfer(at(world, "bob"), units))


def test_a_transfer_of_nothing_is_a_transfer(world: World, token: Token) -> None:
    receipt = world.send("alice", token.bind.transfer(at(world, "bob"), 0))
    assert event_names(world, receipt) == ["Transfer", "TransferByPartition"]
    assert token.bind.balance_of(at(world, "bob")) == 0
    with refused(reverts.PartitionUnknown, b"x" * 32):
        world.send("alice", token.bind.transfer_by_partition(b"x" * 32, at(world, "bob"), 0, b""))


def test_issue_is_told_as_all_three_standards_want_it(world: World, token: Token) -> None:
    receipt = world.order(token.bind.issue(at(world, "bob"), 30, b"\x01\x02"))
    assert event_names(world, receipt) == ["Transfer", "IssuedByPartition", "Issued", "OrderExecuted"]
    assert events(world, receipt, "Transfer") == [{"from": ZERO, "to": at(world, "bob"), "value": 30}]
    (told,) = events(world, receipt, "IssuedByPartition")
    assert told["operator"] == world.orders.address
    assert (told["partition"], told["to"], told["value"], told["data"]) == (DEFAULT, at(world, "bob"), 30, b"\x01\x02")
    assert events(world, receipt, "Issued")[0]["value"] == 30
    plain = world.issue(token, "bob", 30, "class-a")
    assert event_names(world, plain) == ["Transfer", "IssuedByPartition", "OrderExecuted"]
    assert events(world, plain, "IssuedByPartition")[0] | {"data": b"", "operatorData": b""} == {
        "partition": CLASS_A,
        "operator": world.orders.address,
        "to": at(world, "bob"),
        "value": 30,
        "data": b"",
        "operatorData": b"",
    }


def test_redemption_is_told_as_all_three_standards_want_it(world: World, token: Token) -> None:
    receipt = world.send("alice", token.bind.redeem(30, b"\x09"))
    assert event_names(world, receipt) == ["Transfer", "RedeemedByPartition", "Redeemed"]
    assert events(world, receipt, "Transfer") == [{"from": at(world, "alice"), "to": ZERO, "value": 30}]
    assert events(world, receipt, "Redeemed") == [
        {"operator": at(world, "alice"), "from": at(world, "alice"), "value": 30, "data": b"\x09"}
    ]
    assert (token.bind.total_supply(), token.bind.balance_of(at(world, "alice"))) == (70, 70)


def test_a_spender_redeems_within_the_allowance(world: World, token: Token) -> None:
    world.send("alice", token.bind.approve(at(world, "bob"), 30))
    receipt = world.send("bob", token.bind.redeem_from(at(world, "alice"), 20, b""))
    assert events(world, receipt, "Redeemed")[0]["operator"] == at(world, "bob")
    assert token.bind.allowance(at(world, "alice"), at(world, "bob")) == 10
    assert outcome(world, "bob", token.bind.redeem_from(at(world, "alice"), 11, b"")) == "ERC20InsufficientAllowance"


def test_a_redemption_of_nothing_is_refused(world: World, token: Token) -> None:
    for call in (token.bind.redeem(0, b""), token.bind.redeem_by_partition(DEFAULT, 0, b"")):
        with refused(reverts.UnitsOutOfRange, 0):
            world.send("alice", call)


def test_units_never_change_their_partition(world: World, token: Token) -> None:
    world.issue(token, "alice", 50, "class-a")
    world.send("alice", token.bind.transfer_by_partition(CLASS_A, at(world, "bob"), 20, b""))
    assert token.bind.balance_of_by_partition(CLASS_A, at(world, "bob")) == 20
    assert token.bind.balance_of_by_partition(DEFAULT, at(world, "bob")) == 0
    assert outcome(world, "bob", token.bind.transfer(at(world, "alice"), 1)) != "done"


# --- batches ----------------------------------------------------------------------------------------------------------


def test_a_batch_moves_row_by_row_and_tells_of_each(world: World, token: Token) -> None:
    to = [at(world, name) for name in ("bob", "carol", "bob", "alice")]
    receipt = world.send("alice", token.bind.batch_transfer(DEFAULT, to, [1, 2, 3, 50]))
    assert event_names(world, receipt) == ["Transfer", "TransferByPartition"] * 4
    assert [told["value"] for told in events(world, receipt, "Transfer")] == [1, 2, 3, 50]
    assert [token.bind.balance_of(at(world, name)) for name in ("alice", "bob", "carol")] == [94, 4, 2]


def test_a_batch_happens_whole_or_not_at_all(world: World, token: Token) -> None:
    to = [at(world, name) for name in ("bob", "mallory")]
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        world.send("alice", token.bind.batch_transfer(DEFAULT, to, [1, 1]))
    with refused(reverts.ERC20InsufficientBalance, at(world, "alice"), 40, 41):
        world.send("alice", token.bind.batch_transfer(DEFAULT, [to[0]] * 2, [60, 41]))
    with refused(reverts.ListsDiffer):
        world.send("alice", token.bind.batch_transfer(DEFAULT, to, [1]))


def test_a_batch_of_two_hundred_rows_adds_up(world: World, token: Token) -> None:
    world.issue(token, "alice", 20_000)
    to = [at(world, name) for name in ("bob", "carol")] * 100
    world.send("alice", token.bind.batch_transfer(DEFAULT, to, list(range(1, 201))))
    assert token.bind.balance_of(at(world, "bob")) == sum(range(1, 201, 2))
    assert token.bind.balance_of(at(world, "carol")) == sum(range(2, 201, 2))
    assert token.bind.balance_of(at(world, "alice")) == 20_100 - sum(range(1, 201))


# --- ERC-1644 and ERC-7943 --------------------------------------------------------------------------------------------


def test_a_forced_transfer_is_told_in_the_order_of_the_standards(world: World, token: Token) -> None:
    freeze(world, token, "alice", 100)
    call = token.bind.controller_transfer(at(world, "alice"), at(world, "bob"), 30, b"\x01", b"\x02")
    receipt = world.order(call)
    told = [name for name in event_names(world, receipt) if name != "FrozenByPartition"]
    assert told == [
        "Frozen",
        "Transfer",
        "TransferByPartition",
        "ForcedTransfer",
        "ControllerTransfer",
        "OrderExecuted",
    ]
    assert events(world, receipt, "ControllerTransfer") == [
        {
            "controller": world.orders.address,
            "from": at(world, "alice"),
            "to": at(world, "bob"),
            "value": 30,
            "data": b"\x01",
            "operatorData": b"\x02",
        }
    ]
    assert events(world, receipt, "Frozen") == [{"account": at(world, "alice"), "amount": 70}]


def test_a_controller_redemption_is_told_and_takes_frozen_units(world: World, token: Token) -> None:
    freeze(world, token, "alice", 100)
    receipt = world.order(token.bind.controller_redeem(at(world, "alice"), 30, b"\x01", b"\x02"))
    told = [name for name in event_names(world, receipt) if name != "FrozenByPartition"]
    assert told == ["Frozen", "Transfer", "RedeemedByPartition", "ControllerRedemption", "OrderExecuted"]
    assert (token.bind.total_supply(), token.bind.get_frozen_tokens(at(world, "alice"))) == (70, 70)


def test_a_token_is_controllable_for_ever(world: World, token: Token) -> None:
    assert token.bind.is_controllable() is True


@pytest.mark.parametrize("units", [0, 101])
def test_force_takes_at_least_one_and_at_most_all_units(world: World, token: Token, units: int) -> None:
    error = reverts.UnitsOutOfRange if units == 0 else reverts.ERC20InsufficientBalance
    with refused(error):
        world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), units))


def test_can_send_and_can_receive_say_what_the_rules_say(world: World) -> None:
    token = world.new_token(receive_classes=2, category=2)
    world.register(at(world, "mallory"), classes=2, until=world.now + DAY)  # type: ignore[arg-type]
    names = ("alice", "mallory", "issuer")
    assert [token.bind.can_send(at(world, name)) for name in names] == [True, True, False]
    assert [token.bind.can_receive(at(world, name)) for name in names] == [False, True, False]
    assert token.bind.can_receive(at(world, "treasury")) is True
    world.send("emergency", world.system.bind.freeze_wallet(at(world, "mallory")))
    assert not token.bind.can_send(at(world, "mallory"))
    assert not token.bind.can_receive(at(world, "mallory"))
    assert not token.bind.can_send(ZERO)
    assert not token.bind.can_receive(ZERO)


def test_can_send_and_can_receive_end_with_the_registration(world: World, token: Token) -> None:
    end = world.now + DAY
    world.register(at(world, "mallory"), until=end)
    for time, expected in ((end - 1, True), (end, False)):
        world.node.set_time(time)
        assert token.bind.can_send(at(world, "mallory")) is expected
        assert token.bind.can_receive(at(world, "mallory")) is expected


def test_a_refusal_has_the_byte_and_the_reason_of_its_rule(world: World, token: Token) -> None:
    alice, bob, mallory = (at(world, name) for name in ("alice", "bob", "mallory"))

    def asked(to: str, units: int) -> tuple[int, bytes]:
        status, reason = token.bind.can_transfer(to, units, b"", sender=alice)
        return status[0], reason.rstrip(b"\0")

    assert asked(bob, 100) == (0x51, b"")
    assert asked(bob, 101) == (0x52, b"BALANCE")
    assert asked(mallory, 1) == (0x57, b"KYC")
    assert asked(ZERO, 1) == (0x57, b"ZERO_ADDRESS")
    freeze(world, token, "alice", 50)
    assert asked(bob, 51) == (0x55, b"FROZEN")
    status, reason = token.bind.can_transfer_from(alice, bob, 1, b"", sender=bob)
    assert (status, reason.rstrip(b"\0")) == (b"\x53", b"ALLOWANCE")
    status, reason, partition = token.bind.can_transfer_by_partition(alice, bob, CLASS_A, 1, b"")
    assert (status, reason.rstrip(b"\0"), partition) == (b"\x52", b"BALANCE", CLASS_A)
    status, reason, _ = token.bind.can_transfer_by_partition(alice, bob, b"x" * 32, 0, b"")
    assert (status, reason.rstrip(b"\0")) == (b"\x50", b"PARTITION")


def test_the_question_of_erc_7943_leaves_the_balance_out(world: World, token: Token) -> None:
    alice, bob = at(world, "alice"), at(world, "bob")
    for units in (0, 100, 101, 2**96, 2**256 - 1):
        assert token.bind.can_transfer_between(alice, bob, units) is True
    assert token.bind.can_transfer_between(alice, at(world, "mallory"), 1) is False
    assert token.bind.can_transfer_between(ZERO, bob, 1) is False
    assert token.bind.can_transfer_between(alice, ZERO, 1) is False
    freeze(world, token, "alice", 50)
    assert token.bind.can_transfer_between(alice, bob, 50) is True
    assert token.bind.can_transfer_between(alice, bob, 51) is False
    split(world, token, 2)
    assert token.bind.can_transfer_between(alice, bob, 100) is True
    assert token.bind.can_transfer_between(alice, bob, 101) is False


def test_the_topics_written_by_hand_are_those_of_the_events() -> None:
    """Moves without data are emitted in assembly; what is emitted is decoded above, the constants are checked here."""
    code = artifacts.load("SecurityToken").deployed_bytecode
    for signature in WRITTEN_BY_HAND:
        assert keccak(signature.encode()).hex() in code
