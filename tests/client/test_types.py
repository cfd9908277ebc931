from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from stotoken import types
from stotoken.errors import InputError
from stotoken.types import MAX_UNITS, ZERO_ADDRESS, Basis, InvestorClass

WALLET = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def test_addresses_are_taken_with_a_right_checksum_or_in_lower_case() -> None:
    assert types.parse_address(WALLET) == WALLET
    assert types.parse_address(WALLET.lower()) == WALLET


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (WALLET.replace("A", "a", 1), "fails its checksum"),
        (WALLET.upper().replace("X", "x"), "fails its checksum"),
        (WALLET[:-1], "is not an address"),
        (WALLET[2:], "is not an address"),
        ("vitalik.eth", "is not an address"),
        ("", "is not an address"),
        (ZERO_ADDRESS, "zero address"),
    ],
)
def test_any_other_address_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        types.parse_address(text)


def test_the_zero_address_is_taken_where_it_is_allowed() -> None:
    assert types.parse_address(ZERO_ADDRESS, allow_zero=True) == ZERO_ADDRESS


def test_units_are_whole_numbers_in_plain_digits() -> None:
    assert [types.parse_units(value) for value in (1, "1000", MAX_UNITS)] == [1, 1000, MAX_UNITS]
    assert types.parse_units("0", allow_zero=True) == 0


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("1,000", "without separators"),
        ("1" * 41, "A number of 41 digits is more than the largest amount"),
        ("1.5", "cannot be divided"),
        (".5", "cannot be divided"),
        ("0", "1 or more, not 0"),
        (-1, "1 or more, not -1"),
        ("-1", "1 or more, not -1"),
        ("", "are missing"),
        (" 5", "plain digits"),
        ("1e3", "plain digits"),
        ("１００", "plain digits"),
        (True, "whole number, not bool"),
        (1.0, "whole number, not float"),
        (MAX_UNITS + 1, "largest amount"),
    ],
)
def test_any_other_amount_is_refused(value: int | str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        types.parse_units(value)


def test_partition_names_go_to_bytes32_and_back() -> None:
    raw = types.partition_id("common-A")
    assert (len(raw), types.partition_name(raw)) == (32, "common-A")
    odd = bytes(range(32))
    assert types.partition_id(types.partition_name(odd)) == odd


@pytest.mark.parametrize("name", ["", "a b", "普通株", "x" * 32])
def test_other_partition_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="is not a partition name"):
        types.partition_id(name)


def test_a_day_in_japan_is_over_at_its_midnight() -> None:
    day = types.parse_date("2026-03-31")
    end = types.jst_end_of_day(day)
    assert types.format_jst(end) == "2026-04-01T00:00:00+09:00"
    assert (types.jst_date(end - 1), types.jst_date(end)) == (date(2026, 3, 31), date(2026, 4, 1))
    assert end - types.jst_start_of_day(day) == 86_400


@pytest.mark.parametrize(
    ("timestamp", "shown"),
    [
        (0, "1970-01-01T09:00:00+09:00"),
        (253_402_268_399, "9999-12-31T23:59:59+09:00"),
        (253_402_268_400, "10000-01-01T00:00:00+09:00"),
        (2**40 - 1, "36812-02-20T09:36:15+09:00"),
    ],
)
def test_every_time_a_contract_can_hold_can_be_shown(timestamp: int, shown: str) -> None:
    assert types.format_jst(timestamp) == shown


def test_an_instant_without_offset_is_japan_time() -> None:
    assert types.parse_instant("2026-04-01T09:00:00") == types.parse_instant("2026-04-01T00:00:00Z") == 1_775_001_600
    for wrong in ("2026-13-01", "tomorrow", "2026-04-01T00:00:00.5"):
        with pytest.raises(InputError):
            types.parse_instant(wrong)
    for wrong in ("2026-02-30", "2026/02/03", "20260203"):
        with pytest.raises(InputError):
            types.parse_date(wrong)


def test_enumerations_are_read_by_name() -> None:
    assert types.parse_enum(Basis, "key-loss") is Basis.KEY_LOSS
    assert types.parse_enum(InvestorClass, "qii") is InvestorClass.QII
    with pytest.raises(InputError, match="'nobody' is not one of KYC, QII"):
        types.parse_enum(InvestorClass, "nobody")


def test_bytes32_is_read_strictly() -> None:
    assert types.parse_bytes32("0x" + "ab" * 32) == b"\xab" * 32
    for wrong in ("0x" + "ab" * 31, "ab" * 32, ""):
        with pytest.raises(InputError):
            types.parse_bytes32(wrong)


def test_importing_the_package_imports_neither_web3_nor_eth_libraries() -> None:
    modules = "stotoken, stotoken.types, stotoken.chain.sender, stotoken.chain.connection, stotoken.chain.signer"
    heavy = "[m for m in ('web3', 'eth_abi', 'eth_account', 'requests') if m in sys.modules]"
    found = subprocess.run(
        [sys.executable, "-c", f"import sys, {modules}; print({heavy})"], capture_output=True, text=True
    )
    assert found.stdout.strip() == "[]", found.stderr


def test_the_public_surface_loads_when_used() -> None:
    import stotoken

    assert [name for name in dir(stotoken) if not hasattr(stotoken, name)] == []
    with pytest.raises(AttributeError, match="nothing"):
        stotoken.nothing  # noqa: B018
