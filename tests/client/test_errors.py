from __future__ import annotations

import json
import pickle

import pytest

from stotoken import errors, reverts
from stotoken.chain.abi import ErrorCodec
from stotoken.errors import InputError, NodeError, OutcomeUnknown, Panicked, Refused, RejectedInput, UnknownRevert

WALLET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


class CapExceeded(Refused):
    signature = "CapExceeded(address,uint256,bytes32,uint256)"
    selector = ErrorCodec(signature).selector
    inputs = ("address", "uint256", "bytes32", "uint256")
    fields = ("wallet", "max_units", "partition", "status_")
    clause = "6.1.1.7"
    status = 0x58
    reason = "CAP"
    template_en = "Wallet {wallet} may hold {maxUnits} units of {partition}, {status} asked, {nothing}."
    template_ja = "ウォレット{wallet}の{partition}の上限は{maxUnits}口です。"
    wallet: str
    max_units: int
    partition: bytes
    status_: int


CAP = CapExceeded(WALLET, 10, b"common".ljust(32, b"\0"), 7)


def test_exit_codes_are_those_of_the_documented_tree() -> None:
    codes = {
        name: kind.exit_code
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.StotokenError)
    }
    assert codes == {
        "StotokenError": 1, "InputError": 2, "ConfigError": 3, "NodeError": 4, "OutcomeUnknown": 5, "NotTold": 6,
        "Reverted": 1,
        "Refused": 10, "Unauthorized": 11, "LedgerError": 12, "StateError": 13, "Panicked": 14, "UnknownRevert": 15,
        "RejectedInput": 2, "LedgerStale": 20, "ChainReorganised": 21,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({}, "units are missing"),
        ({"file": "a.csv"}, "a.csv: units are missing"),
        ({"file": "a.csv", "row": 3, "column": "units"}, "a.csv, row 3, column units: units are missing"),
        ({"row": 0}, "row 0: units are missing"),
    ],
)
def test_an_input_error_is_one_sentence_with_its_place(place: dict[str, object], sentence: str) -> None:
    error = InputError("units are missing", **place)  # type: ignore[arg-type]
    assert str(error) == sentence
    assert str(pickle.loads(pickle.dumps(error))) == sentence


def test_a_place_is_filled_in_but_never_overwritten() -> None:
    placed = InputError("wrong", column="wallet").at(file="a.csv", row=2, column="other")
    assert str(placed) == "a.csv, row 2, column wallet: wrong"
    assert placed.to_dict() == {
        "error": "InputError", "exit_code": 2, "message": str(placed), "file": "a.csv", "row": 2, "column": "wallet",
    }  # fmt: skip


def test_a_revert_fills_both_sentences_by_solidity_or_python_name() -> None:
    assert str(CAP) == f"Wallet {WALLET} may hold 10 units of common, 7 asked, {{nothing}}."
    assert CAP.message("ja") == f"ウォレット{WALLET}のcommonの上限は10口です。"
    with pytest.raises(InputError, match="'fr' is not one of en, ja"):
        CAP.message("fr")


def test_a_revert_has_its_values_as_attributes_and_survives_pickling() -> None:
    assert (CAP.wallet, CAP.max_units, CAP.status_, CAP.status) == (WALLET, 10, 7, 0x58)
    copy = pickle.loads(pickle.dumps(CAP))
    assert (type(copy), copy.args, copy.wallet) == (CapExceeded, CAP.args, WALLET)
    with pytest.raises(TypeError, match="takes 4 values, 1 given"):
        CapExceeded(1)


def test_a_revert_reads_its_own_data_only() -> None:
    data = ErrorCodec(CapExceeded.signature).encode(*CAP.args)
    assert CapExceeded.from_data(data).args == CAP.args
    with pytest.raises(InputError, match="is not that of CapExceeded"):
        CapExceeded.from_data(b"\1\2\3\4" + data[4:])
    with pytest.raises(InputError, match="do not decode"):
        CapExceeded.from_data(data[:40])


def test_a_revert_is_json_ready() -> None:
    told = json.loads(json.dumps(CAP.to_dict()))
    assert told["arguments"] == {
        "wallet": WALLET, "max_units": 10, "partition": "0x636f6d6d6f6e" + "0" * 52, "status_": 7,
    }  # fmt: skip
    assert (told["exit_code"], told["status"], told["reason"], told["clause"], told["family"], told["tx_hash"]) == (
        10, "0x58", "CAP", "6.1.1.7", "refused", None,
    )  # fmt: skip


def test_a_revert_without_a_sentence_names_itself_and_its_values() -> None:
    class ERC20InsufficientBalance(errors.LedgerError):
        signature = "ERC20InsufficientBalance(address,uint256)"
        inputs = ("address", "uint256")
        fields = ("sender", "needed")

    assert str(ERC20InsufficientBalance(WALLET, 5)) == (
        f"The chain refused the call: ERC20InsufficientBalance(sender={WALLET}, needed=5)."
    )


def test_a_rejected_argument_is_an_input_error_and_a_revert() -> None:
    class ZeroUnits(RejectedInput):
        signature = "ZeroUnits()"
        template_en = "Units must be more than 0."

    error = ZeroUnits()
    assert isinstance(error, InputError)
    assert (str(error), error.exit_code, error.to_dict()["row"]) == ("Units must be more than 0.", 2, None)
    assert pickle.loads(pickle.dumps(Panicked(0x11))).code == 0x11


def test_panics_say_what_happened_in_both_languages() -> None:
    assert str(Panicked(0x12)) == "A contract stopped on a division by zero (panic 0x12)."
    assert "ゼロ除算" in Panicked(0x12).message("ja")
    assert "原因不明" in Panicked(0x99).message("ja")


def test_unknown_reverts_tell_what_there_is() -> None:
    assert str(UnknownRevert()) == "The call reverted without a reason."
    assert str(UnknownRevert(b"\1\2")) == "The call reverted with data that no known error explains: 0x0102."
    assert UnknownRevert(b"\1", "not today").message("ja") == "呼出しが差し戻されました: not today"


def test_field_names_never_hide_what_every_revert_has() -> None:
    names = ["orderId", "from", "status", "args", "tokenURI", "_row", "kycUntil", "message"]
    assert [errors.field_name(name) for name in names] == [
        "order_id", "from_", "status_", "args_", "token_uri", "row_", "kyc_until", "message_",
    ]  # fmt: skip


def test_every_family_tag_has_its_class() -> None:
    assert sorted(errors.FAMILIES) == ["input", "ledger", "refused", "state", "unauthorized"]


def test_node_and_outcome_errors_carry_their_facts() -> None:
    assert NodeError("no", answered=True, code=-32000).to_dict()["code"] == -32000
    assert OutcomeUnknown("sent", tx_hash="0x1").to_dict()["tx_hash"] == "0x1"


def test_classes_and_countries_are_told_as_people_write_them() -> None:
    refused = reverts.InvestorClassRefused("0x" + "11" * 20, 0, 3)
    assert refused.message("en").endswith("is of classes none; only classes KYC+QII may receive this security.")
    assert "の区分(なし)は" in refused.message("ja")
    assert "is of country 036," in reverts.CountryRefused("0x" + "11" * 20, 36).message("en")
