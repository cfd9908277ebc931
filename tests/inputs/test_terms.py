from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stotoken.errors import InputError
from stotoken.inputs import TermsFaults
from stotoken.terms import TokenSpec, minor_digits, parse_ratio
from stotoken.types import Instrument, InvestorClass, LegalCategory

BASE = {
    "name": "Aoba 1",
    "symbol": "AOBA-1",
    "instrument": "bond",
    "category": "PUBLIC_PARA1",
    "identifier": "US0378331005",
    "currency": "JPY",
    "face_value": "100000",
    "authorised_units": "50000",
    "issue_date": "2026-04-01",
    "maturity": "2031-03-31",
    "receive_classes": "[KYC]",
}


def read(folder: Path, text: str | bytes) -> TokenSpec:
    path = folder / "terms.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return TokenSpec.from_file(path)


def terms(**changes: str | None) -> str:
    return "".join(f"{key}: {value}\n" for key, value in (BASE | changes).items() if value is not None)


def refusal(folder: Path, text: str | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return caught.value


# --- what is read -----------------------------------------------------------------------------------------------------


def test_what_is_left_out_gets_the_plain_default(tmp_path: Path) -> None:
    spec = read(tmp_path, terms())
    assert (spec.decimals, spec.partitions, spec.holder_cap) == (0, ("default",), 0)
    assert (spec.approval_required, spec.lockup_until, spec.puttable, spec.documents) == (False, None, False, ())


def test_names_become_enumerations_and_partitions_bytes32(tmp_path: Path) -> None:
    spec = read(tmp_path, terms(receive_classes="[KYC, QII]", partitions="[default, class-a]"))
    assert spec.instrument is Instrument.BOND
    assert spec.category is LegalCategory.PUBLIC_PARA1
    assert spec.receive_classes == InvestorClass.KYC | InvestorClass.QII
    assert spec.partition_ids == (b"default".ljust(32, b"\0"), b"class-a".ljust(32, b"\0"))


def test_a_day_ends_at_midnight_in_japan(tmp_path: Path) -> None:
    spec = read(tmp_path, terms(lockup_until="2026-09-30"))
    assert spec.issued_at == datetime(2026, 3, 31, 15, tzinfo=UTC).timestamp()
    assert spec.matures_at == datetime(2031, 3, 31, 15, tzinfo=UTC).timestamp()
    assert spec.locked_until == datetime(2026, 9, 30, 15, tzinfo=UTC).timestamp()
    assert read(tmp_path, terms()).locked_until == 0


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [
        ("JPY", "100000", 100000),
        ("USD", '"100.50"', 10050),
        ("USD", "100", 10000),
        ("KWD", '"0.001"', 1),
        ("JPY", "0", 0),
    ],
)
def test_face_value_is_kept_in_minor_units(tmp_path: Path, currency: str, written: str, minor: int) -> None:
    assert read(tmp_path, terms(currency=currency, face_value=written)).face_value == minor


def test_yen_has_no_minor_unit_and_most_currencies_two_digits() -> None:
    assert [minor_digits(currency) for currency in ("JPY", "EUR", "BHD", "CLF")] == [0, 2, 3, 4]


def test_a_document_is_hashed_where_it_lies_beside_the_terms(tmp_path: Path) -> None:
    (tmp_path / "outline.txt").write_bytes(b"abc")
    by_file = "\n  - {name: outline, uri: 'https://example.com/a', file: outline.txt}"
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    by_hash = f"\n  - {{name: outline, uri: 'https://example.com/a', sha256: '{digest}'}}"
    assert read(tmp_path, terms(documents=by_file)) == read(tmp_path, terms(documents=by_hash))


@pytest.mark.parametrize("identifier", ["US0378331005", "JP3633400001", "A12345678901"])
def test_an_isin_or_the_firms_own_identifier_is_accepted(tmp_path: Path, identifier: str) -> None:
    assert read(tmp_path, terms(identifier=identifier)).identifier == identifier


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_terms_are_read_in_each_accepted_encoding(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, terms(name="青葉電機").encode(encoding)).name == "青葉電機"


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "QII_ONLY", "receive_classes": "[QII]"},
        {"category": "EXEMPT_ERTR", "receive_classes": "[QII, SPECIAL]", "approval_required": "true"},
        {"category": "EXEMPT_ERTR", "receive_classes": "[SPECIAL]", "approval_required": "true"},
        {"category": "SMALL_NUMBER", "holder_cap": "1", "whole_only": "true"},
        {"category": "SMALL_NUMBER", "holder_cap": "49", "whole_only": "true"},
        {"minimum": "5", "maximum": "5", "lot_size": "5"},
        {"admitted_countries": "[392, 036]"},
        {"transfer_window": "[2026-04-01, 2026-04-01]"},
        {"transfer_window": "[null, null]"},
        {"closed_period_days": "3650", "rules": f"[{'0x' + '11' * 20}]", "sanctions_oracle": "0x" + "22" * 20},
        {"category": "PRO_INVESTOR", "receive_classes": "[PRO]"},
        {"category": "FUND_PARA2", "instrument": "fund_unit", "maturity": None, "holder_cap": "499"},
        {"category": "FUND_PARA2", "instrument": "beneficial_interest", "holder_cap": "1"},
        {"instrument": "share", "maturity": None},
        {"authorised_units": str(2**94 - 1)},
        {"lockup_until": "2031-03-31"},
    ],
)
def test_consistent_terms_are_accepted(tmp_path: Path, changes: dict[str, str | None]) -> None:
    assert read(tmp_path, terms(**changes)).symbol == "AOBA-1"


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("name", '""', "must be 1 to 128 bytes"),
        ("name", "2026", "must be text; put it in quotes"),
        ("symbol", "aoba", "must be 1 to 11 characters"),
        ("symbol", "A23456789012", "must be 1 to 11 characters"),
        ("decimals", "19", "must be between 0 and 18"),
        ("decimals", "-1", "must be between 0 and 18"),
        ("decimals", "true", "must be a whole number"),
        (
            "instrument",
            "bnd",
            "must be one of share, bond, beneficial_interest, fund_unit; 'bnd' is not; the nearest is bond",
        ),
        ("instrument", "2", "must be one of share, bond"),
        ("category", "QII_ONYL", "the nearest is QII_ONLY"),
        ("identifier", "US0378331006", "its check digit is wrong"),
        ("identifier", "US037833100", "must be 12 characters"),
        ("currency", "yen", "must be the three capital letters"),
        ("face_value", "-1", "must be between 0 and"),
        ("face_value", "1.0", "is a floating point number"),
        ("face_value", "1e3", "is a floating point number"),
        ("face_value", '"1,000"', "must be an amount"),
        ("face_value", '"１００"', "holds full-width characters"),
        ("face_value", "1:30", "must be an amount"),
        ("face_value", '"1.5"', "has more decimal places than JPY has"),
        ("authorised_units", "0", "nothing could ever be issued"),
        ("authorised_units", "-5", "must be between 1 and 2^94 - 1"),
        ("authorised_units", str(2**94), "must be between 1 and 2^94 - 1"),
        ("authorised_units", "010", "must be a whole number"),
        ("authorised_units", "1:30", "must be a whole number"),
        ("authorised_units", "９０", "holds full-width characters"),
        ("partitions", "default", "must be a list"),
        ("partitions", "[]", "must begin with the partition 'default'"),
        ("partitions", "[class-a, default]", "must begin with the partition 'default'"),
        ("partitions", "[default, default]", "names the same partition twice"),
        ("partitions", str(["default", *(f"class-{number}" for number in range(32))]), "must be at most 32"),
        ("partitions", "[default, 種類株]", "at most 31 ASCII"),
        ("issue_date", "2026-02-30", "must be a day after 1970-01-01"),
        ("issue_date", "2026-04-01T00:00:00Z", "must be a day after 1970-01-01"),
        ("maturity", "1969-12-31", "must be a day after 1970-01-01"),
        ("maturity", "2026-04-01", "must be after the issue date"),
        ("receive_classes", "KYC", "must be a list"),
        ("receive_classes", "[KYC, KYC]", "names the same class twice"),
        ("receive_classes", "[PROO]", "the nearest is PRO"),
        ("receive_classes", "[]", "must name at least one class"),
        ("holder_cap", "-1", "must be between 0 (no cap)"),
        ("holder_cap", str(2**24), "must be between 0 (no cap) and 2^24 - 1"),
        ("approval_required", "yes", "must be true or false"),
        ("puttable", "1", "must be true or false"),
        ("lockup_until", "2031-04-01", "is after the maturity"),
        ("lockup_until", "2026-03-31", "is before the issue date"),
        ("minimum", "-1", "must be between 0 (none)"),
        ("lot_size", str(2**94), "must be between 0 (none) and 2^94 - 1"),
        ("admitted_countries", "392", "must be a list"),
        ("admitted_countries", "[36]", "must be a country's three digits"),
        ("admitted_countries", "[392, 392]", "names the same country twice"),
        ("refused_countries", "[999]", "must be a country's three digits"),
        ("transfer_window", "2026-04-01", "must be a list"),
        ("transfer_window", "[2026-04-02, 2026-02-30]", "must be a day after 1970-01-01"),
        ("closed_period_days", "-1", "must be between 0 (none) and 3650 days"),
        ("sanctions_oracle", "0x11", "holds no address: '0x11' is not an address"),
        ("rules", "[0x0000000000000000000000000000000000000000]", "The zero address is not accepted"),
        ("documents", "[outline]", "must each have exactly name, uri and one of file and sha256"),
        ("documents", "[{name: a, uri: 'x:y', sha256: 'ab'}]", "must have a sha256 of 64"),
        ("documents", "[{name: a, uri: nowhere, file: b}]", "must have an absolute address as uri"),
        ("documents", "[{name: a b, uri: 'x:y', file: b}]", "must have names of 1 to 32 ASCII"),
        ("documents", '[{name: a, uri: "x:y", file: "b\\0"}]', "which cannot be read"),
    ],
)
def test_a_fault_is_one_sentence_with_file_line_and_field(
    tmp_path: Path, field: str, written: str, sentence: str
) -> None:
    fault = refusal(tmp_path, terms(**{field: written}))
    assert sentence in str(fault)
    assert str(tmp_path / "terms.yaml") in str(fault)
    assert fault.column == field
    assert fault.row == list(BASE | {field: ""}).index(field) + 1
    assert len(str(fault).splitlines()) == 1


@pytest.mark.parametrize("field", [key for key in BASE if key != "maturity"])
def test_each_required_field_is_missed_by_name(tmp_path: Path, field: str) -> None:
    fault = refusal(tmp_path, terms(**{field: None}))
    assert f"column {field}: is missing" in str(fault)


def test_all_faults_are_listed_at_once_whether_of_form_or_of_law(tmp_path: Path) -> None:
    text = terms(category="QII_ONLY", decimals="x", maturity="2020-01-01", currency="yen", colour="red")
    fault = refusal(tmp_path, text)
    assert isinstance(fault, TermsFaults)
    assert [inner.column for inner in fault.faults] == ["currency", "maturity", "receive_classes", "decimals", "colour"]
    assert str(fault).count("terms.yaml") == 6
    assert len(fault.to_dict()["faults"]) == 5  # type: ignore[arg-type]


def test_an_unknown_field_is_refused_with_the_nearest_known_one(tmp_path: Path) -> None:
    fault = refusal(tmp_path, terms(holder_capp="5"))
    assert "is not a field of the terms; the nearest is holder_cap" in str(fault)


def test_terms_built_in_python_are_held_to_the_same_rules(bond: TokenSpec) -> None:
    with pytest.raises(TermsFaults, match="column maturity: must be after the issue date"):
        replace(bond, maturity=date(2020, 1, 1))
    with pytest.raises(TermsFaults, match="must be \\[QII\\]"):
        replace(bond, category=LegalCategory.QII_ONLY)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "must be a mapping"),
        ("- a\n- b\n", "must be a mapping"),
        ("just words", "must be a mapping"),
        ("a: [1", "cannot be read as YAML"),
        ("name: a\nname: b\n", "row 2: cannot be read as YAML: name stands twice"),
        ("a: &x 1\nb: *x\n", "anchors, aliases and tags are not used"),
        ("a: !!python/object/apply:os.system ['true']\n", "anchors, aliases and tags are not used"),
        ("[a]: 1\n", "a key must be a word"),
        ("a: " + "[" * 2000, "nested too deeply"),
        ("a: 1\n---\nb: 2\n", "cannot be read as YAML"),
        ("a: \ufffe\n", "cannot be read as YAML"),
        ("a" * 300_000, "is larger than 262144 bytes"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in str(refusal(tmp_path, text))


def test_a_file_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml: cannot be read: No such file"):
        TokenSpec.from_file(tmp_path / "absent.yaml")


# --- ratios -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "factor"), [("1:2", 2), ("1:5", 5), ("1:1000000", 1_000_000)])
def test_a_split_ratio_gives_its_factor(written: str, factor: int) -> None:
    assert parse_ratio(written) == factor


@pytest.mark.parametrize(
    "written", ["1:1", "1:0", "2:1", "5", "1:2.5", "1:-2", "1:02", "", "1:99999999999", "１：５", "1:2\n"]
)
def test_a_split_by_less_than_two_or_by_a_fraction_is_refused(written: str) -> None:
    with pytest.raises(InputError, match="nothing was split"):
        parse_ratio(written)


# --- any input --------------------------------------------------------------------------------------------------------

_VALUES = st.one_of(
    st.text(max_size=20), st.integers().map(str), st.dates().map(str), st.floats().map(str),
    st.sampled_from(["null", "true", "[]", "{}", "[KYC]", "[QII]", "bond", "FUND_PARA2", "[{}]", "'", '"\\ud800"']),
)  # fmt: skip


@given(raw=st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_give_terms_or_an_input_error(tmp_path: Path, raw: bytes) -> None:
    refusal(tmp_path, raw)


@given(
    changes=st.dictionaries(st.sampled_from([*BASE, "documents", "partitions", "decimals", "odd"]), _VALUES, max_size=4)
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_values_give_terms_or_an_input_error_that_can_be_printed(tmp_path: Path, changes: dict[str, str]) -> None:
    try:
        spec = read(tmp_path, terms(**changes).encode("utf-8", "surrogatepass"))
    except InputError as error:
        str(error).encode()
    else:
        assert spec.issued_at > 0
