"""What the logs of a transaction become: every move once, with the kind its neighbours tell."""

from __future__ import annotations

from typing import Any

import pytest
from story import ALICE, BOB, CAROL, CONTRACTS, DEFAULT, ORDERS, SYSTEM, TOKEN

from stotoken.chain.abi import Abi
from stotoken.client.events import abi_of
from stotoken.errors import ConfigError, InputError
from stotoken.ledger.decoding import UNUSED, USED, Contracts, events_of
from stotoken.ledger.events import RECORDS, Event, HaltLevelChanged, Moved, StandingChanged
from stotoken.ledger.faults import RegisterDiffers
from stotoken.types import ZERO_ADDRESS, HaltLevel, Log, MoveKind, encode_values, keccak

EVENTS = {TOKEN: "SecurityToken", ORDERS: "Orders", SYSTEM: "CoreSystem"}
REFERENCE = bytes(range(32))


def log(address: str, name: str, **values: Any) -> tuple[str, str, dict[str, Any]]:
    """An event to be told; parameters by the names of the ABI, `from_` for `from`."""
    return address, name, {key.rstrip("_"): value for key, value in values.items()}


def transfer(giver: str, to: str, units: int) -> tuple[str, str, dict[str, Any]]:
    return log(TOKEN, "Transfer", from_=giver, to=to, value=units)


def moved(giver: str, to: str, units: int, operator: str = ORDERS) -> list[tuple[str, str, dict[str, Any]]]:
    """The two events of one move."""
    fields: dict[str, Any] = {"operator": operator, "value": units, "operatorData": b""}
    if giver == ZERO_ADDRESS:
        second = log(TOKEN, "IssuedByPartition", partition=DEFAULT, to=to, data=b"", **fields)
    elif to == ZERO_ADDRESS:
        second = log(TOKEN, "RedeemedByPartition", partition=DEFAULT, from_=giver, **fields)
    else:
        second = log(TOKEN, "TransferByPartition", fromPartition=DEFAULT, from_=giver, to=to, data=b"", **fields)
    return [transfer(giver, to, units), second]


def controller(giver: str, to: str, units: int) -> list[tuple[str, str, dict[str, Any]]]:
    more = log(
        TOKEN, "ControllerTransfer", controller=ORDERS, from_=giver, to=to, value=units, data=b"", operatorData=b""
    )
    return [log(TOKEN, "ForcedTransfer", from_=giver, to=to, amount=units), more]


EXECUTED = log(ORDERS, "OrderExecuted", id=42, executor=CAROL)


def read(*told: tuple[str, str, dict[str, Any]]) -> list[Event]:
    """Decode one transaction of these events."""
    logs = []
    for index, (address, name, values) in enumerate(told):
        event = abi_of(EVENTS[address]).event(name)
        topics = event.topics(**{p.name: values[p.name] for p in event.inputs if p.indexed})
        plain = [p for p in event.inputs if not p.indexed]
        data = encode_values([p.type for p in plain], [values[p.name] for p in plain])
        words = tuple(bytes.fromhex(str(topic)[2:]) for topic in topics)
        logs.append(Log(address, words, data, 5, "0x" + "55" * 32, "0x" + "aa" * 32, index))
    return events_of(logs, {5: 1234}, CONTRACTS)


def moves(*told: tuple[str, str, dict[str, Any]]) -> list[Moved]:
    return [event for event in read(*told) if isinstance(event, Moved)]


def test_an_issue_a_transfer_and_a_redemption_tell_themselves() -> None:
    found = moves(*moved(ZERO_ADDRESS, ALICE, 5), *moved(ALICE, BOB, 3, ALICE), *moved(BOB, ZERO_ADDRESS, 1, BOB))
    assert [(m.kind, m.from_, m.to, m.units) for m in found] == [
        (MoveKind.ISSUE, ZERO_ADDRESS, ALICE, 5),
        (MoveKind.TRANSFER, ALICE, BOB, 3),
        (MoveKind.REDEEM, BOB, ZERO_ADDRESS, 1),
    ]
    assert [(m.block, m.timestamp, m.log_index) for m in found] == [(5, 1234, 1), (5, 1234, 3), (5, 1234, 5)]


def test_a_distribution_is_the_rows_before_its_event_and_no_others() -> None:
    end = log(TOKEN, "Distributed", partition=DEFAULT, batch=REFERENCE, count=2, units=7)
    found = moves(*moved(ALICE, CAROL, 1), *moved(ALICE, BOB, 3), *moved(ALICE, CAROL, 4), end)
    assert [m.kind for m in found] == [MoveKind.TRANSFER, MoveKind.DISTRIBUTE, MoveKind.DISTRIBUTE]
    assert [m.reference for m in found] == [None, REFERENCE, REFERENCE]


def test_a_forced_transfer_and_a_forced_redemption_are_told_by_the_controller() -> None:
    redemption = log(
        TOKEN, "ControllerRedemption", controller=ORDERS, tokenHolder=BOB, value=2, data=b"", operatorData=b""
    )
    found = moves(*moved(ALICE, BOB, 3), *controller(ALICE, BOB, 3), *moved(BOB, ZERO_ADDRESS, 2), redemption, EXECUTED)
    assert [(m.kind, m.order) for m in found] == [(MoveKind.FORCE, 42), (MoveKind.FORCE, 42)]


def test_a_batch_redemption_after_maturity_is_a_redemption_on_an_order() -> None:
    found = moves(*moved(ALICE, ZERO_ADDRESS, 3), *moved(BOB, ZERO_ADDRESS, 4), EXECUTED)
    assert [(m.kind, m.order) for m in found] == [(MoveKind.REDEEM, 42), (MoveKind.REDEEM, 42)]


def test_a_move_of_a_holder_beside_an_order_is_not_on_that_order() -> None:
    assert [m.order for m in moves(*moved(ALICE, BOB, 3, ALICE), EXECUTED)] == [None]


def test_a_reissue_is_told_from_an_issue_and_from_a_transfer() -> None:
    gone = log(TOKEN, "Reissued", id=REFERENCE, from_=ZERO_ADDRESS, to=BOB, partition=DEFAULT, units=3)
    lost = log(TOKEN, "Reissued", id=REFERENCE, from_=ALICE, to=BOB, partition=DEFAULT, units=3)
    lot = log(TOKEN, "LotLocked", partition=DEFAULT, holder=BOB, units=1, start=9, cliff=9, end=9)
    found = moves(*moved(ZERO_ADDRESS, BOB, 3), gone, *moved(ALICE, BOB, 3), lot, lost)
    assert [(m.kind, m.reference) for m in found] == [(MoveKind.REISSUE, REFERENCE)] * 2


def test_a_reversal_names_its_origin_as_the_original_names_itself() -> None:
    original = moves(*moved(ALICE, BOB, 3, ALICE))[0]
    assert original.origin == keccak(bytes.fromhex("aa" * 32) + (1).to_bytes(32, "big"))
    back = {"from_": BOB, "to": ALICE, "partition": DEFAULT, "units": 2, "outstanding": 1}
    found = moves(*moved(BOB, ALICE, 2), log(TOKEN, "Reversed", origin=original.origin, **back))
    assert [(m.kind, m.reference) for m in found] == [(MoveKind.REVERSE, original.origin)]


def test_events_of_the_system_are_read_with_their_meaning() -> None:
    investor = bytes(range(16))
    word = int.from_bytes(investor, "big") << 128 | 1 << 96
    standing, halt = read(
        log(SYSTEM, "StandingChanged", wallet=ALICE, investor=investor, standing=word, by=BOB),
        log(SYSTEM, "HaltLevelChanged", from_=0, to=2, by=BOB, incident=REFERENCE),
    )
    assert isinstance(standing, StandingChanged)
    assert (standing.investor, standing.standing) == (investor, word)
    assert isinstance(halt, HaltLevelChanged)
    assert (halt.from_, halt.to) == (HaltLevel.NORMAL, HaltLevel.HALTED)


# --- contradictions ---------------------------------------------------------------------------------------------------


def test_erc20_and_partition_events_that_disagree_are_an_error() -> None:
    with pytest.raises(RegisterDiffers, match="Transfer says"):
        read(transfer(ALICE, BOB, 4), moved(ALICE, BOB, 3)[1])


def test_an_event_by_partition_without_its_transfer_is_an_error() -> None:
    with pytest.raises(RegisterDiffers, match="Transfer says None"):
        read(moved(ALICE, BOB, 3)[1])


@pytest.mark.parametrize("behind", [(), (transfer(ALICE, BOB, 1),), (EXECUTED,)])
def test_a_transfer_without_its_event_by_partition_is_an_error(behind: tuple[Any, ...]) -> None:
    with pytest.raises(RegisterDiffers, match="Transfer"):
        read(transfer(ALICE, BOB, 4), *behind)


@pytest.mark.parametrize("to", [ALICE, CAROL])
def test_a_companion_that_does_not_fit_its_move_is_an_error(to: str) -> None:
    with pytest.raises(RegisterDiffers, match="does not fit the move before it"):
        read(*moved(ALICE, BOB, 3), *controller(ALICE, to, 3))


def test_a_companion_without_a_move_is_an_error() -> None:
    with pytest.raises(RegisterDiffers, match="does not fit the move before it, None"):
        read(*controller(ALICE, BOB, 3))


@pytest.mark.parametrize(("count", "total"), [(2, 3), (1, 4)])
def test_a_distribution_of_other_rows_is_an_error(count: int, total: int) -> None:
    end = log(TOKEN, "Distributed", partition=DEFAULT, batch=REFERENCE, count=count, units=total)
    with pytest.raises(RegisterDiffers, match="Distributed does not fit"):
        read(*moved(ALICE, BOB, 3), end)


def test_a_standing_under_a_foreign_investor_is_an_error() -> None:
    with pytest.raises(RegisterDiffers, match="not the one of its standing"):
        read(log(SYSTEM, "StandingChanged", wallet=ALICE, investor=bytes(range(16)), standing=1, by=BOB))


def test_an_event_nobody_knows_is_an_error() -> None:
    unknown = Log(TOKEN, (keccak(b"Surprise()"),), b"", 5, "0x" + "55" * 32, "0x" + "aa" * 32, 0)
    with pytest.raises(ConfigError, match="no event that this version knows of SecurityToken"):
        events_of([unknown], {5: 1234}, CONTRACTS)


def test_every_event_of_the_contracts_is_either_used_or_known_to_change_nothing() -> None:
    declared = {event.name for name in EVENTS.values() for event in abi_of(name).events.values()}
    assert declared == USED | UNUSED
    assert not USED & UNUSED


def test_every_record_has_fields_of_its_event_only() -> None:
    place = {"block", "timestamp", "tx_hash", "log_index"}
    for name, record in RECORDS.items():
        abi: Abi = next(abi_of(c) for c in EVENTS.values() if any(e.name == name for e in abi_of(c).events.values()))
        assert len(record.__dataclass_fields__.keys() - place) == len(abi.event(name).inputs)


def test_an_address_of_a_register_must_be_one() -> None:
    with pytest.raises(InputError, match="is not an address"):
        Contracts(1, SYSTEM, ORDERS, "0x12")
