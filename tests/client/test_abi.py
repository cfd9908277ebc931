from __future__ import annotations

from typing import Any

import pytest

from stotoken.chain.abi import Abi, Call, Constructor, ErrorCodec, Event, Function, Param, split_types
from stotoken.errors import ConfigError, InputError
from stotoken.types import Log

A, B = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
UNITS = {"name": "units", "type": "uint256"}
LOT = {
    "name": "lots", "type": "tuple[]", "components": [
        {"name": "to", "type": "address"},
        {"name": "part", "type": "tuple", "components": [{"name": "id", "type": "bytes32"}, UNITS]},
    ],
}  # fmt: skip
ENTRIES: list[dict[str, Any]] = [
    {"type": "constructor", "inputs": [UNITS]},
    {"type": "function", "name": "can", "inputs": [{"name": "to", "type": "address"}], "outputs": [],
     "stateMutability": "view"},
    {"type": "function", "name": "can", "inputs": [UNITS], "outputs": [{"name": "", "type": "bool"}],
     "stateMutability": "view"},
    {"type": "function", "name": "issue", "inputs": [LOT], "outputs": [LOT, UNITS], "stateMutability": "nonpayable"},
    {"type": "event", "name": "Moved", "inputs": [
        UNITS, {"name": "from", "type": "address", "indexed": True},
        {"name": "note", "type": "string", "indexed": True}]},
    {"type": "error", "name": "Short", "inputs": [UNITS]},
]  # fmt: skip
ABI = Abi(ENTRIES)


def test_selectors_and_topics_are_the_standard_ones() -> None:
    assert Function("transfer(address,uint256)").selector.hex() == "a9059cbb"
    assert Event("Transfer(address,address,uint256)").topic.hex().startswith("ddf252ad")
    assert ErrorCodec("Panic(uint256)").selector.hex() == "4e487b71"


def test_nested_structs_are_written_out_and_round_trip() -> None:
    issue = ABI.function("issue")
    assert issue.signature == "issue((address,(bytes32,uint256))[])"
    lots = ((A, (b"\1" * 32, 5)), (B, (b"\2" * 32, 6)))
    data = issue.encode(lots)
    assert issue.decode_arguments(data) == (lots,)
    assert issue.inputs[0].components[1].components[1].name == "units"
    assert issue.decode(ErrorCodec("x((address,(bytes32,uint256))[],uint256)").encode(lots, 9)[4:]) == (lots, 9)


def test_results_are_none_a_value_or_a_tuple() -> None:
    assert Function("f()").decode(b"") is None
    assert Function("f()", outputs=("address",)).decode(bytes(12) + bytes.fromhex(A[2:])) == A
    with pytest.raises(InputError, match="no contract of this kind"):
        Function("f()", outputs=("bool",)).decode(b"")


def test_overloads_are_never_guessed() -> None:
    with pytest.raises(ConfigError, match=r"overloaded: name one of can\(address\), can\(uint256\)"):
        ABI.function("can")
    assert ABI.function("can(uint256)").is_view
    with pytest.raises(ConfigError, match="no function gone"):
        ABI.function("gone")


def test_a_signature_that_is_not_full_or_not_of_its_inputs_is_refused() -> None:
    with pytest.raises(InputError, match="not a full signature"):
        Function("transfer")
    with pytest.raises(InputError, match="does not match"):
        Function("transfer(address,uint)", ("address", "uint256"))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("uint96", -1), ("uint96", 2**96), ("uint256", 1.0), ("uint256", "1"), ("uint8", True), ("bool", 1),
        ("address", A[:-1]), ("address", A.replace("A", "a", 1)), ("bytes32", b"short"), ("bytes32", "text"),
        ("string", b"bytes"), ("(address,uint8)", (A,)), ("uint8[2]", [1]),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_named(kind: str, value: object) -> None:
    with pytest.raises(InputError, match=r"^f\(uint256,.*\): Value 2, .* is not a valid "):
        Function(f"f(uint256,{kind})").encode(1, value)


def test_a_wrong_number_of_values_is_refused() -> None:
    with pytest.raises(InputError, match="takes 1 values, 2 given"):
        ABI.errors["Short(uint256)"].encode(1, 2)
    with pytest.raises(InputError, match="constructor: "):
        ABI.constructor.encode()


def moved() -> Log:
    event = ABI.event("Moved")
    topics = (event.topic, bytes(12) + bytes.fromhex(A[2:]), b"\7" * 32)
    return Log(B, topics, (5).to_bytes(32, "big"), 1, "0xb", "0xt", 0)


def test_events_decode_in_declared_order_with_hashes_for_indexed_text() -> None:
    found = ABI.decode_log(moved())
    assert found is not None
    assert (found[0].name, list(found[1].items())) == ("Moved", [("units", 5), ("from", A), ("note", b"\7" * 32)])


def test_a_log_of_another_event_is_none_or_refused() -> None:
    other = moved()._replace(topics=(b"\0" * 32,))
    assert ABI.decode_log(other) is None
    assert ABI.decode_log(moved()._replace(topics=())) is None
    with pytest.raises(InputError, match="is not Moved"):
        ABI.event("Moved").decode(other)


def test_filter_topics_hold_what_is_asked_and_nothing_behind() -> None:
    moved_event = ABI.event("Moved")
    assert moved_event.topics() == ["0x" + moved_event.topic.hex()]
    assert moved_event.topics(**{"from": A})[1:] == ["0x" + "0" * 24 + A[2:].lower()]
    with pytest.raises(InputError, match="no indexed units"):
        moved_event.topics(units=1)


def test_a_call_describes_itself() -> None:
    assert Function("transfer(address,uint256)").call(B, A, 100).describe() == f"transfer({A}, 100) on {B}"
    assert Call(B, b"\1\2\3\4", "f(uint256)").describe() == f"f(uint256) with 0x01020304 on {B}"
    deployment = Constructor((Param("units", "uint256"),)).call("Token", b"\x60", 1)
    assert (deployment.to, deployment.describe()) == (None, "deploy Token (33 bytes)")


def test_types_split_at_the_top_level_only() -> None:
    assert split_types("address,(uint8,(bytes,bool)[])[2],uint8") == ("address", "(uint8,(bytes,bool)[])[2]", "uint8")
    assert split_types("") == ()
