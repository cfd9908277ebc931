from __future__ import annotations

import sys
from types import ModuleType
from typing import ClassVar

import pytest

from stotoken.chain import decoder
from stotoken.chain.abi import ErrorCodec
from stotoken.errors import Panicked, Refused, Reverted, UnknownRevert

WALLET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
FROZEN = ErrorCodec("WalletFrozen(address)")
FROZEN_DATA = FROZEN.encode(WALLET)
STRING_DATA = ErrorCodec("Error(string)").encode("not today")
PANIC_DATA = ErrorCodec("Panic(uint256)").encode(0x11)


class WalletFrozen(Refused):
    signature = FROZEN.signature
    selector = FROZEN.selector
    inputs = ("address",)
    fields = ("wallet",)
    template_en = "Wallet {wallet} is frozen."
    wallet: str


@pytest.fixture(autouse=True)
def _generated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A generated module that knows one error."""

    class Generated(ModuleType):
        BY_SELECTOR: ClassVar[dict[bytes, type[Reverted]]] = {FROZEN.selector: WalletFrozen}

    monkeypatch.setitem(sys.modules, "stotoken.reverts", Generated("stotoken.reverts"))
    decoder._by_selector.cache_clear()
    monkeypatch.setattr(decoder, "_by_selector", decoder._by_selector.__wrapped__)


def test_known_data_becomes_its_generated_exception() -> None:
    error = decoder.typed_revert(FROZEN_DATA)
    assert isinstance(error, WalletFrozen)
    assert (error.wallet, str(error)) == (WALLET, f"Wallet {WALLET} is frozen.")


def test_strings_panics_and_unknown_data_have_exceptions_of_their_own() -> None:
    assert str(decoder.typed_revert(STRING_DATA)) == "The call reverted: not today"
    panic = decoder.typed_revert(PANIC_DATA)
    assert isinstance(panic, Panicked)
    assert panic.meaning == "an arithmetic overflow or underflow"
    assert decoder.typed_revert(b"\1\2\3\4\5").args == (b"\1\2\3\4\5", "")
    assert decoder.typed_revert(b"", "what the node said").args == (b"", "what the node said")


@pytest.mark.parametrize("data", [FROZEN_DATA[:20], STRING_DATA[:40], PANIC_DATA[:10], b"\x08\xc3"])
def test_data_cut_short_is_unknown_and_kept(data: bytes) -> None:
    error = decoder.typed_revert(data)
    assert isinstance(error, UnknownRevert)
    assert error.data == data


def test_without_generated_errors_data_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "_by_selector", dict)
    assert isinstance(decoder.typed_revert(FROZEN_DATA), UnknownRevert)


HEX = "0x" + FROZEN_DATA.hex()
NODES = {
    "anvil": {"code": 3, "message": f"execution reverted: custom error {HEX}", "data": HEX},
    "geth": {"code": 3, "message": "execution reverted", "data": HEX},
    "besu": {"code": -32000, "message": "Execution reverted", "data": HEX},
    "besu before 24": {"code": -32000, "message": "Execution reverted", "data": f"Reverted {HEX}"},
    "ganache 7": {"code": -32000, "message": "VM Exception while processing transaction: revert", "data": HEX},
    "ganache 7, sent": {
        "code": -32000,
        "message": "VM Exception while processing transaction: revert",
        "data": {"hash": "0x" + "11" * 32, "programCounter": 9, "result": HEX, "reason": None, "message": "revert"},
    },
    "ganache 2": {
        "code": -32000,
        "message": "VM Exception while processing transaction: revert",
        "data": {
            "0x" + "22" * 32: {"error": "revert", "program_counter": 9, "return": HEX},
            "stack": "RuntimeError: VM Exception while processing transaction: revert\n    at f (a.js:1:1)",
            "name": "RuntimeError",
        },
    },
}


@pytest.mark.parametrize("node", NODES)
def test_the_refusal_is_the_same_whatever_node_tells_it(node: str) -> None:
    error = decoder.revert_of(NODES[node])
    assert isinstance(error, WalletFrozen)
    assert error.wallet == WALLET


def test_web3_exceptions_of_both_shapes_are_read() -> None:
    from web3.exceptions import ContractCustomError, ContractLogicError

    for raised in (
        ContractCustomError(HEX, data=HEX),
        ContractLogicError("execution reverted", data={"data": HEX}),
        ContractLogicError("execution reverted", data=NODES["ganache 2"]["data"]),  # type: ignore[arg-type]
    ):
        assert isinstance(decoder.revert_of(raised), WalletFrozen)


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("execution reverted: sold out", "The call reverted: sold out"),
        ("VM Exception while processing transaction: revert sold out", "The call reverted: sold out"),
        ("execution reverted", "The call reverted without a reason."),
        ("out of gas", "The call reverted: out of gas"),
        ("EVM error OutOfGas", "The call reverted: EVM error OutOfGas"),
        ("invalid opcode: INVALID", "The call reverted: invalid opcode: INVALID"),
    ],
)
def test_what_the_node_says_is_kept_when_there_is_no_data(message: str, sentence: str) -> None:
    assert str(decoder.revert_of({"code": -32000, "message": message})) == sentence
    assert str(decoder.revert_of({"code": -32000, "message": message, "data": "0x"})) == sentence


@pytest.mark.parametrize("message", ["nonce too low", "header not found", "insufficient funds for gas * price + value"])
def test_a_refused_request_is_no_revert(message: str) -> None:
    assert decoder.revert_of({"code": -32000, "message": message}) is None
    assert decoder.revert_of({"code": -32000, "message": message, "data": None}) is None


def test_data_is_found_in_bytes_and_text_only() -> None:
    assert decoder.revert_data(bytearray(b"\1")) == b"\1"
    assert decoder.revert_data("no data here") is None
    assert decoder.revert_data(None) is None
    assert decoder.revert_data({"data": None, "code": 3}) is None
