from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stotoken.errors import InputError
from stotoken.inputs import TableFaults
from stotoken.tables import Allotment, Investor, read_allotments, read_investors
from stotoken.terms import TokenSpec
from stotoken.types import InvestorClass, checksum

INVESTOR_HEADER = "investor_id,wallet,classes,country,valid_until,name,kana,prefecture"
ALLOTMENT_HEADER = "wallet,partition,units,price,lockup_until"
A, B = (checksum(f"0x{digit * 40}") for digit in "ab")
ID_A, ID_B = "a" * 32, "b" * 32
TARO = f"{ID_A},{A},KYC+QII,392,2030-03-31,山田　太郎,ヤマダ　タロウ,東京都"
HANAKO = f"{ID_B},{B},KYC,392,2030-03-31,鈴木　花子,スズキ　ハナコ,大阪府"


def write(folder: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / "table.csv"
    path.write_bytes("".join(line + end for line in lines).encode(encoding))
    return path


def investors(folder: Path, *rows: str) -> tuple[Investor, ...]:
    return read_investors(write(folder, INVESTOR_HEADER, *rows))


def allotments(folder: Path, *rows: str, spec: TokenSpec | None = None) -> tuple[Allotment, ...]:
    return read_allotments(write(folder, ALLOTMENT_HEADER, *rows), spec=spec)


def refusal(read: Callable[..., object], *given: object) -> InputError:
    with pytest.raises(InputError) as caught:
        read(*given)
    return caught.value


# --- what is read -----------------------------------------------------------------------------------------------------


def test_an_investor_row_becomes_one_wallet_of_one_investor(tmp_path: Path) -> None:
    taro = investors(tmp_path, TARO)[0]
    assert taro.investor_id == b"\xaa" * 16
    assert (taro.wallet, taro.classes, taro.country) == (A, InvestorClass.KYC | InvestorClass.QII, 392)
    assert (taro.name, taro.kana, taro.prefecture) == ("山田　太郎", "ヤマダ　タロウ", "東京都")
    assert taro.expires_at == datetime(2030, 3, 31, 15, tzinfo=UTC).timestamp()


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "units,wallet,partition", f"5,{A},default")
    assert read_allotments(path) == (Allotment(A, "default", 5),)


def test_a_comma_too_many_in_the_header_is_told_by_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "wallet,partition,units,", f"{A},default,5,")
    assert "row 1: column 4 of the header has no name; is there a comma too many?" in str(
        refusal(read_allotments, path)
    )


def test_an_allotment_row_keeps_price_and_lock_up(tmp_path: Path) -> None:
    row = allotments(tmp_path, f"{A.lower()},class-a,7,1500.5,2027-03-31")[0]
    assert row == Allotment(A, "class-a", 7, Decimal("1500.5"), date(2027, 3, 31))
    assert row.partition_id == b"class-a".ljust(32, b"\0")
    assert row.locked_until == datetime(2027, 3, 31, 15, tzinfo=UTC).timestamp()


def test_the_same_investor_may_have_two_wallets(tmp_path: Path) -> None:
    both = investors(tmp_path, TARO, TARO.replace(A, B))
    assert {investor.investor_id for investor in both} == {b"\xaa" * 16}
    assert [investor.wallet for investor in both] == [A, B]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_accepted_encoding_and_line_end_gives_the_same_table(tmp_path: Path, encoding: str, end: str) -> None:
    path = write(tmp_path, INVESTOR_HEADER, TARO.replace("山田", "髙田"), HANAKO, encoding=encoding, end=end)
    assert [investor.name for investor in read_investors(path)] == ["髙田　太郎", "鈴木　花子"]


def test_half_width_kana_in_shift_jis_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, INVESTOR_HEADER, TARO.replace("ヤマダ　タロウ", "ﾔﾏﾀﾞ ﾀﾛｳ"), encoding="cp932")
    assert read_investors(path)[0].kana == "ﾔﾏﾀﾞ ﾀﾛｳ"


# --- personal data ----------------------------------------------------------------------------------------------------


def test_personal_columns_stay_out_of_repr(tmp_path: Path) -> None:
    shown = repr(investors(tmp_path, TARO))
    assert not any(personal in shown for personal in ("山田", "ヤマダ", "東京都"))
    assert A in shown


def test_a_shifted_column_does_not_put_a_name_into_a_message(tmp_path: Path) -> None:
    shifted = ",".join(["Yamada", *HANAKO.split(",")[:7]])
    error = refusal(investors, tmp_path, "山田　太郎," + TARO.rsplit(",", 1)[0], shifted)
    told = "".join(traceback.format_exception(error)) + str(error.to_dict())
    assert isinstance(error, TableFaults)
    assert len(error.faults) > 6
    assert not any(personal in told for personal in ("太郎", "Yamada", "花子", "ヤマダ", "スズキ"))


def test_a_table_without_header_does_not_put_a_name_into_a_message(tmp_path: Path) -> None:
    error = refusal(read_investors, write(tmp_path, TARO, HANAKO))
    assert "must begin with a header" in str(error)
    assert "太郎" not in str(error)


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "column", "sentence"),
    [
        (INVESTOR_HEADER + ",rank", "rank", "is not a known column"),
        (INVESTOR_HEADER.replace("country", "contry"), "contry", "is not a known column; the nearest is country"),
        (INVESTOR_HEADER.replace(",kana", ""), "kana", "is missing from the header"),
        (INVESTOR_HEADER + ",kana", "kana", "stands twice in the header"),
        (INVESTOR_HEADER.replace("wallet", "Wallet"), "Wallet", "the nearest is wallet"),
        (INVESTOR_HEADER.replace("wallet", " wallet"), " wallet", "the nearest is wallet"),
    ],
)
def test_a_wrong_header_is_refused_by_column(tmp_path: Path, header: str, column: str, sentence: str) -> None:
    error = refusal(read_investors, write(tmp_path, header, TARO))
    assert f"row 1, column {column}: " in str(error)
    assert sentence in str(error)


@pytest.mark.parametrize(
    ("place", "cell", "column", "sentence"),
    [
        (0, "", "investor_id", "is empty"),
        (0, "C-0001", "investor_id", "must be 32 hexadecimal digits"),
        (0, "0" * 32, "investor_id", "not all zero"),
        (0, "0x" + "a" * 30, "investor_id", "must be 32 hexadecimal digits"),
        (1, "taro.eth", "wallet", "must be an address"),
        (1, A[:-1], "wallet", "must be an address"),
        (1, A.swapcase().replace("X", "x"), "wallet", "fails its checksum"),
        (1, "0x" + "0" * 40, "wallet", "zero address"),
        (1, "０x" + "a" * 40, "wallet", "holds full-width characters"),
        (2, "", "classes", "is empty"),
        (2, "KYC,QII", "classes", "has 9 cells where the header has 8"),
        (2, "KYC+QI", "classes", "holds an unknown class in place 2; the nearest is QII"),
        (2, "KYC+KYC", "classes", "names KYC twice"),
        (2, "kyc", "classes", "holds an unknown class in place 1"),
        (3, "JP", "country", "three digits by ISO 3166"),
        (3, "999", "country", "three digits by ISO 3166"),
        (3, "３９２", "country", "holds full-width characters"),
        (4, "2030/03/31", "valid_until", "written YYYY-MM-DD"),
        (4, "2030-02-29", "valid_until", "must be a day"),
        (4, "２０３０-03-31", "valid_until", "holds full-width characters"),
        (4, "令和12年3月31日", "valid_until", "holds characters other than ASCII"),
        (5, "　", "name", "is empty"),
        (6, "", "kana", "is empty"),
        (7, "東京", "prefecture", "must be one of the 47 prefectures"),
    ],
)
def test_a_wrong_investor_cell_is_refused_with_its_row_and_column(
    tmp_path: Path, place: int, cell: str, column: str, sentence: str
) -> None:
    cells = TARO.split(",")
    error = refusal(investors, tmp_path, HANAKO, ",".join([*cells[:place], cell, *cells[place + 1 :]]))
    assert sentence in str(error)
    assert error.row == 3
    assert error.column == (None if "cells where" in sentence else column)
    assert "table.csv" in str(error)


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (f"{A},default,-5,,", "units", "Units must be 1 or more, not -5"),
        (f"{A},default,0,,", "units", "Units must be 1 or more, not 0"),
        (f"{A},default,1.5,,", "units", "units cannot be divided"),
        (f"{A},default,１０,,", "units", "holds full-width characters; type it in half-width"),
        (f'{A},default,"1,000",,', "units", "without separators"),
        (f"{A},default,ten,,", "units", "must be a whole number of units"),
        (f"{A},default,,,", "units", "is empty"),
        (f"{A},default,{2**96},,", "units", "more than the largest amount"),
        (f"{A},,5,,", "partition", "is empty"),
        (f"{A},種類株,5,,", "partition", "holds characters other than ASCII"),
        (f"{A},a b,5,,", "partition", "must be the name of a partition"),
        (f"{A},default,5,-1,", "price", "must be an amount of 0 or more"),
        (f"{A},default,5,1e3,", "price", "must be an amount of 0 or more"),
        (f"{A},default,5,,tomorrow", "lockup_until", "written YYYY-MM-DD"),
        (f"{A[:-1]},default,5,,", "wallet", "must be an address"),
    ],
)
def test_a_wrong_allotment_cell_is_refused_with_its_row_and_column(
    tmp_path: Path, row: str, column: str, sentence: str
) -> None:
    error = refusal(allotments, tmp_path, f"{B},default,5,,", row)
    assert sentence in str(error)
    assert (error.row, error.column) == (3, column)


def test_a_wallet_that_stands_twice_is_refused_with_the_earlier_row(tmp_path: Path) -> None:
    error = refusal(investors, tmp_path, TARO, HANAKO, HANAKO.replace(B, A.lower()).replace(ID_B, "c" * 32))
    assert "row 4, column wallet: is already in row 2" in str(error)


def test_two_rows_of_one_investor_may_differ_in_the_wallet_alone(tmp_path: Path) -> None:
    error = refusal(investors, tmp_path, TARO, TARO.replace(A, B).replace("2030-", "2029-"))
    assert "row 3, column valid_until: differs from row 2, which is the same investor" in str(error)


def test_a_foreign_investor_needs_no_prefecture(tmp_path: Path) -> None:
    assert investors(tmp_path, f"{ID_A},{A},KYC+NON_RESIDENT,840,2030-03-31,Emma Martin,Emma Martin,")[0].country == 840


def test_a_wallet_is_allotted_once_in_each_partition(tmp_path: Path) -> None:
    assert len(allotments(tmp_path, f"{A},default,5,,", f"{A},class-a,5,,")) == 2
    error = refusal(allotments, tmp_path, f"{A},default,5,,", f"{B},default,5,,", f"{A.lower()},default,6,,")
    assert "row 4, column wallet: has an allotment in the same partition in row 2 already" in str(error)


def test_allotments_are_held_to_the_terms(tmp_path: Path, bond: TokenSpec) -> None:
    small = replace(bond, authorised_units=9)
    error = refusal(lambda: allotments(tmp_path, f"{A},default,5,,", f"{B},class-a,5,,2032-01-01", spec=small))
    assert isinstance(error, TableFaults)
    assert [(fault.row, fault.column) for fault in error.faults] == [
        (3, "partition"), (3, "lockup_until"), (3, "units")
    ]  # fmt: skip
    assert "brings the sum to 10, over the 9 authorised units" in str(error)
    assert len(allotments(tmp_path, f"{A},default,5,,", f"{B},default,4,,", spec=small)) == 2


def test_allotments_go_only_to_wallets_of_the_investors_given(tmp_path: Path) -> None:
    known = investors(tmp_path, TARO)
    path = write(tmp_path, ALLOTMENT_HEADER, f"{A},default,5,,", f"{B},default,5,,")
    with pytest.raises(TableFaults, match="row 3, column wallet: is not a wallet of any investor"):
        read_allotments(path, investors=known)


def test_all_faults_are_collected_and_the_first_twenty_shown(tmp_path: Path) -> None:
    error = refusal(allotments, tmp_path, *[f"{A[:-1]},default,0,,"] * 15)
    assert isinstance(error, TableFaults)
    assert len(error.faults) == 30
    lines = str(error).splitlines()
    assert lines[0].endswith("The table has 30 faults; nothing of it was used.")
    assert len(lines) == 22
    assert lines[-1].strip() == "and 10 more"


def test_the_row_is_the_line_of_the_file_even_after_blank_lines_and_quoted_line_ends(tmp_path: Path) -> None:
    error = refusal(investors, tmp_path, "", TARO.replace("山田　太郎", '"山田\n太郎"'), HANAKO.replace("392", "JP"))
    assert error.row == 5


@pytest.mark.parametrize("lines", [[], [""], [ALLOTMENT_HEADER], [ALLOTMENT_HEADER, "", ""]])
def test_a_table_without_rows_is_refused(tmp_path: Path, lines: list[str]) -> None:
    error = refusal(read_allotments, write(tmp_path, *lines))
    assert "holds no rows" in str(error) or "must begin with a header" in str(error)


def test_an_open_quote_is_refused_where_it_begins(tmp_path: Path) -> None:
    error = refusal(allotments, tmp_path, f"{A},default,5,,", f'"{B},default,5,,')
    assert "row 3: is not CSV from here on" in str(error)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("\n名前".encode("utf-16"), "is UTF-16 by the mark at byte offset 0"),
        ("\n名前".encode("utf-32"), "is UTF-32 by the mark at byte offset 0"),
        (b"\x00\x00\xfe\xff" + "名前".encode("utf-32-be"), "is UTF-32 by the mark at byte offset 0"),
        ("ab,名前".encode("utf-16-le"), "holds control byte 0x00, at byte offset 1"),
        ("ab,名前".encode("iso2022_jp"), "an escape sequence, as ISO-2022-JP has, at byte offset 3"),
        ("ab,名前".encode("euc_jp"), "looks like EUC-JP from byte offset 3"),
        ("ab,이름".encode("euc_kr"), "looks like EUC-JP from byte offset 3"),
        (b"ab,\xff", "is neither UTF-8 (byte 0xFF at offset 3)"),
        (b"ab,\x82\xa0\x80", "is neither UTF-8 (byte 0x82 at offset 3) nor Shift_JIS (byte 0x80 at offset 5)"),
        (b"ab,\x82\xa0\xf0\x40", "is neither UTF-8 (byte 0x82 at offset 3) nor Shift_JIS (byte 0xF0 at offset 5)"),
    ],
)
def test_any_other_encoding_is_refused_with_the_byte_offset(tmp_path: Path, raw: bytes, sentence: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(raw)
    error = refusal(read_investors, path)
    assert sentence in str(error)
    assert str(error).startswith(str(path))


def test_a_folder_or_an_absent_file_is_refused_by_name(tmp_path: Path) -> None:
    assert "cannot be read: Is a directory" in str(refusal(read_investors, tmp_path))
    assert "cannot be read: No such file" in str(refusal(read_investors, tmp_path / "absent.csv"))
    assert "cannot be a file name" in str(refusal(read_investors, "a\0b"))


# --- any input --------------------------------------------------------------------------------------------------------


def outcome(read: Callable[[Path], object], folder: Path, raw: bytes) -> None:
    path = folder / "table.csv"
    path.write_bytes(raw)
    try:
        told = f"table.csv: {read(path)}"
    except InputError as error:
        told = str(error)
    assert "table.csv" in told


@given(raw=st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("cp932", "ignore")))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_a_table_or_an_input_error(tmp_path: Path, raw: bytes) -> None:
    outcome(read_investors, tmp_path, raw)
    outcome(read_allotments, tmp_path, raw)


_CELLS = st.text(max_size=12) | st.sampled_from(
    [A, B, A.lower(), "default", "5", "-1", "KYC", "392", "2030-03-31", '"', ID_A]
)


@given(
    header=st.sampled_from([INVESTOR_HEADER, ALLOTMENT_HEADER]), rows=st.lists(st.lists(_CELLS, min_size=5, max_size=8))
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_cells_give_a_table_or_an_input_error(tmp_path: Path, header: str, rows: list[list[str]]) -> None:
    raw = "\n".join([header, *map(",".join, rows)]).encode("utf-8", "surrogatepass")
    outcome(read_investors if header == INVESTOR_HEADER else read_allotments, tmp_path, raw)


@given(text=st.text(st.characters(codec="shift_jis", categories=["L", "N"]), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_name_in_shift_jis_is_read_as_it_was_written_or_refused(tmp_path: Path, text: str) -> None:
    row = TARO.replace("山田　太郎", text)
    path = write(tmp_path, INVESTOR_HEADER, row, encoding="cp932")
    assert read_investors(path)[0].name == text
