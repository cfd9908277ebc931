"""What reports say of a register: legal layouts, investors joined, lineage, supply, differences, plain formats."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from time import process_time

import pytest
from papers import SECURITY, data, names, rows, sheet, written
from story import ALICE, BOB, CAROL, DEFAULT, Story

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger.events import FrozenByPartition, LossReported, Moved, TransferRequested
from stotoken.ledger.register import Register
from stotoken.reports import layout
from stotoken.reports.asked import Asked, By, Format, What
from stotoken.reports.common import share
from stotoken.reports.told import OrderTold
from stotoken.reports.view import View
from stotoken.reports.zones import Zone
from stotoken.terminal import width
from stotoken.types import Basis, Instrument, MoveKind, checksum, keccak, partition_id

SECOND = checksum(f"0x{20:040x}")
IDS = {name: f"0x{number:032x}" for name, number in (("alice", 1), ("bob", 2), ("carol", 3))}


@pytest.fixture
def story() -> Story:
    """Alice has two wallets, Bob and Carol one each; a record date (epoch 1) at second 1020, then a split."""
    story = Story().block(1_000)
    for wallet, number in ((ALICE, 1), (SECOND, 1), (BOB, 2), (CAROL, 3)):
        story.stand(wallet, number)
    for number, wallet in enumerate((ALICE, BOB, CAROL), 1):
        story.issue(wallet, number)
    story.tell(FrozenByPartition, partition=DEFAULT, account=CAROL, units=1)
    story.lock(CAROL, 1, 9_000)
    story.block(1_010).record_date(start=1_020)
    story.block(1_030).split(2)
    story.move(ALICE, SECOND, 1)
    story.redeem(BOB, 4)
    return story


@pytest.fixture
def register(story: Story) -> Register:
    return story.close()


# --- holdings ---------------------------------------------------------------------------------------------------------


def test_the_wallets_of_an_investor_are_joined_unless_each_is_asked_for(register: Register) -> None:
    joined = data(register, What.HOLDINGS)["tables"]["holdings"]
    assert [(row["investor"], row["units"]) for row in joined["rows"]] == [(IDS["alice"], 2), (IDS["carol"], 6)]
    assert joined["rows"][0]["wallet"] == f"{ALICE} {SECOND}"
    apart = data(register, What.HOLDINGS, by=By.WALLET)["tables"]["holdings"]
    assert [(row["wallet"], row["units"]) for row in apart["rows"]] == [(ALICE, 1), (SECOND, 1), (CAROL, 6)]
    assert joined["totals"]["units"] == apart["totals"]["units"] == 8


def test_what_encumbers_a_holding_stands_apart(story: Story) -> None:
    request = {"id": 1, "from_": CAROL, "to": BOB, "partition": DEFAULT, "units": 1, "deadline": 9_000}
    story.tell(TransferRequested, **request)
    loss = {"id": b"\1" * 32, "wallet": SECOND, "kind": 1, "partition": DEFAULT, "units": 0, "evidence": b"\2" * 32}
    story.tell(LossReported, **loss)
    alice, carol = data(story.close(), What.HOLDINGS)["tables"]["holdings"]["rows"]
    figures = ("units", "frozen", "locked", "requested", "lost", "free")
    assert [carol[name] for name in figures] == [6, 2, 2, 1, 0, 1]
    assert [alice[name] for name in figures] == [2, 0, 0, 0, 1, 2]


def test_lots_are_told_by_the_instant_of_their_acquisition(story: Story) -> None:
    story.block(2_000).move(CAROL, BOB, 5)
    lots = data(story.close(), What.HOLDINGS)["tables"]["lots"]
    told = [(row["investor"], row["acquired"], row["units"]) for row in lots["rows"]]
    first, last = "1970-01-01T09:16:40+09:00", "1970-01-01T09:33:20+09:00"
    assert told == [(IDS["alice"], first, 2), (IDS["bob"], last, 5), (IDS["carol"], first, 1)]
    assert lots["totals"] == {"units": 8}


def test_the_report_at_a_record_date_is_in_units_of_that_date(register: Register) -> None:
    told = data(register, What.HOLDINGS, record_date=1)
    assert [(row["units"], row["share"]) for row in told["tables"]["holdings"]["rows"]] == [
        (1, "16.6666666667"),
        (2, "33.3333333333"),
        (3, "50.0000000000"),
    ]
    assert (told["facts"]["as_of"], told["facts"]["record_date"]) == ("1970-01-01T09:17:00+09:00", 1)


def test_a_report_can_be_of_one_holder_or_one_partition(story: Story) -> None:
    story.issue(BOB, 7, partition_id("class-a"))
    register = story.close()
    for holder, units in ((IDS["alice"], [2]), (SECOND, [1]), (IDS["bob"], [7]), (f"0x{9:032x}", [])):
        found = data(register, What.HOLDINGS, holder=holder, by=By.WALLET if holder == SECOND else By.INVESTOR)
        assert [row["units"] for row in found["tables"]["holdings"]["rows"]] == units
    found = data(register, What.HOLDINGS, partition="class-a")["tables"]["holdings"]["rows"]
    assert [(row["units"], row["share"]) for row in found] == [(7, "100.0000000000")]


def test_a_partition_that_looks_like_a_formula_is_written_in_hexadecimal() -> None:
    story = Story().block(1_000)
    story.issue(ALICE, 1, partition_id("=1+1"))
    found = data(story.close(), What.HOLDINGS)["tables"]["holdings"]["rows"]
    assert found[0]["partition"].startswith("0x3d312b31")


def test_shares_are_exact_to_ten_places_at_any_size() -> None:
    assert share(1, 3) == Decimal("33.3333333333")
    assert share(2, 3) == Decimal("66.6666666667")
    assert share(2**94, 2**94) == 100
    assert share(1, 2**94) == 0
    assert share(0, 0) == 0
    assert f"{share(1, 10**9):f}" == "0.0000001000"


def test_the_report_of_an_instant_stays_the_same_when_the_chain_goes_on(story: Story) -> None:
    story.block(1_040)
    before = [written(story.close(), what, as_of=1_035) for what in (What.REGISTER, What.LINEAGE, What.SUPPLY)]
    story.block(1_050).split(2)
    story.move(CAROL, BOB, 5)
    after = [written(story.close(), what, as_of=1_035) for what in (What.REGISTER, What.LINEAGE, What.SUPPLY)]
    assert before == after


def test_nothing_is_said_of_a_register_that_has_read_nothing() -> None:
    with pytest.raises(LedgerStale):
        View(Story().register)


def test_a_report_is_of_one_moment(register: Register) -> None:
    with pytest.raises(InputError, match="not of both"):
        View(register, 1_000, 1)


# --- legal registers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instrument", "title", "article"),
    [
        (Instrument.SHARE, "株主名簿", "会社法121条"),
        (Instrument.BOND, "社債原簿", "会社法681条"),
        (Instrument.BENEFICIAL_INTEREST, "受益権原簿", "信託法186条(条文未確認)"),
        (Instrument.FUND_UNIT, "組合員名簿(ファンド持分)", "民法467条"),
    ],
)
def test_every_kind_of_security_has_its_layout(
    register: Register, instrument: Instrument, title: str, article: str
) -> None:
    made, _ = sheet(register, What.REGISTER, security=replace(SECURITY, instrument=instrument))
    assert made.title.ja == title
    assert any(note.ja.startswith(article) for note in made.notes)


@pytest.mark.parametrize("name", layout.names())
def test_every_column_that_an_article_asks_for_names_an_article_of_the_layout(name: str) -> None:
    found = layout.load(name)
    assert set(found.answers.values()) <= {article.name for article in found.articles}
    assert {column.under for column in found.columns if column.under} <= {
        column.key for column in found.columns if column.width
    }


def test_a_register_of_shareholders_has_a_row_for_each_lot(story: Story) -> None:
    story.block(2_000_000).move(CAROL, ALICE, 5)
    heading, *body = rows(story.close(), What.REGISTER)
    assert heading == [
        "番号", "氏名又は名称", "投資者ID", "住所", "株式の種類", "株式の数", "取得日", "割合(%)", "制限・質権",
        "ウォレット",
    ]  # fmt: skip
    assert [(row[2], row[5], row[6]) for row in body] == [
        (IDS["alice"], "2", "1970-01-01"),
        (IDS["alice"], "5", "1970-01-24"),
        (IDS["carol"], "1", "1970-01-01"),
    ]
    assert body[2][8] == "凍結 1"


def test_amounts_are_face_values_also_after_a_split(register: Register) -> None:
    bond = replace(SECURITY, instrument=Instrument.BOND, face_value=301)
    found = data(register, What.REGISTER, security=bond)["tables"]["register"]
    assert [(row["units"], row["amount"]) for row in found["rows"]] == [(2, "301"), (6, "903")]
    assert found["totals"] == {"units": 8, "amount": "1204"}


def test_a_layout_that_is_not_there_is_refused(register: Register) -> None:
    with pytest.raises(InputError, match="'shares' is not a layout; there are beneficial-interest, bond"):
        sheet(register, What.REGISTER, layout="shares")


NAMES = (
    "investor_id,name,address,partition,units,acquired,pledgee\n"
    f"{IDS['alice'][2:]},投資者A,東京都架空区1-1,,,,質権者P\n"
    ",投資者Z,大阪府架空市2-2,default,120,2025-04-01,\n"
)


def test_names_are_joined_and_holders_kept_off_chain_stand_apart_and_are_summed(
    register: Register, tmp_path: Path
) -> None:
    known = names(tmp_path / "names.csv", NAMES)
    found = data(register, What.REGISTER, names=known)
    first, second = found["tables"]["register"]["rows"]
    assert (first["name"], first["address"], first["remarks"]) == ("投資者A", "東京都架空区1-1", "質権者 質権者P")
    assert second["name"] is None
    (kept,) = found["tables"]["off_chain"]["rows"]
    assert (kept["name"], kept["units"], kept["acquired"]) == ("投資者Z", 120, "2025-04-01")
    sums = found["tables"]["sums"]
    assert [(row["record"], row["units"]) for row in sums["rows"]] == [("ブロックチェーン上", 8), ("チェーン外", 120)]
    assert sums["totals"] == {"units": 128}
    assert "氏名ファイルに記載のない保有者: 1 件。" in found["notes"]


def test_personal_data_stays_out_of_every_repr(register: Register, tmp_path: Path) -> None:
    known = names(tmp_path / "names.csv", NAMES)
    shown = repr(known) + repr(known.off_chain) + repr(list(known.people.values()))
    assert not any(text in shown for text in ("投資者", "東京都", "質権者", "大阪府"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("investor_id,name\n", "is missing from the header"),
        ("investor_id,name,address,age\n", "is not a known column"),
        (f"investor_id,name,address\n{1:032x},,東京都\n", "row 2, column name: is empty"),
        ("investor_id,name,address\nabc,投資者A,東京都\n", "column investor_id: must be 32 hexadecimal digits"),
        ("investor_id,name,address\n,投資者A,東京都\n", "must be given in a row without units"),
        (f"investor_id,name,address\n{1:032x},=CMD(),東京都\n", "column name: begins as a formula does"),
        ("investor_id,name,address,units\n,投資者A,東京都,1.5\n", "column units: must be a whole number of units"),
        ("investor_id,name,address,units\n,投資者A,東京都,１０\n", "column units: must be a whole number of units"),
        ("investor_id,name,address,units,acquired\n,投資者A,東京都,1,4月1日\n", "must be a day written YYYY-MM-DD"),
        (f"investor_id,name,address\n{1:032x},A,B\n{1:032x},C,D\n", "row 3, column investor_id: stands twice"),
        (f"investor_id,name,address\n{1:032x},A,B,C,D\n", "has 5 cells where the header has 3"),
    ],
)
def test_a_fault_of_a_names_file_is_told_by_its_place_and_not_by_its_text(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        names(tmp_path / "names.csv", text)
    assert "投資者" not in str(caught.value)
    assert "東京都" not in str(caught.value)


def test_a_names_file_may_be_shift_jis_or_excel(register: Register, tmp_path: Path) -> None:
    from openpyxl import Workbook

    told = names(tmp_path / "sjis.csv", NAMES, "cp932")
    book = Workbook()
    for line in NAMES.splitlines():
        book.worksheets[0].append([int(cell) if cell == "120" else cell or None for cell in line.split(",")])
    book.save(tmp_path / "names.xlsx")
    from stotoken.reports.names import Names

    excel = Names.read(tmp_path / "names.xlsx")
    asked = {"what": What.REGISTER, "format": Format.CSV}
    assert written(register, names=told, **asked) == written(register, names=excel, **asked)
    (tmp_path / "text.xlsx").write_text("investor_id,name,address")
    with pytest.raises(InputError, match="is not an Excel file"):
        Names.read(tmp_path / "text.xlsx")


# --- lineage, supply, difference --------------------------------------------------------------------------------------


def test_extraordinary_acts_are_marked_and_told_with_their_orders(story: Story) -> None:
    fields = {"partition": DEFAULT, "from_": CAROL, "to": BOB, "units": 2, "operator": ALICE, "order": 8}
    story.tell(Moved, kind=MoveKind.FORCE, **fields)
    story.tell(Moved, kind=MoveKind.FORCE, **(fields | {"to": f"0x{0:040x}", "order": 9}))
    order = OrderTold(8, "forceByPartition()", Basis.TAX, keccak(b"document"), ALICE, BOB)
    found = data(story.close(), What.LINEAGE, orders={8: order}, lang="en")
    *plain, force, redemption = found["tables"]["lineage"]["rows"]
    assert not any(row["extraordinary"] for row in plain)
    assert (force["kind"], force["order"], force["basis"]) == ("※ forced transfer", 8, "tax")
    assert force["document"] == f"0x{keccak(b'document').hex()}"
    assert (force["from_investor"], force["to_investor"]) == (IDS["carol"], IDS["bob"])
    assert (redemption["kind"], redemption["to"], redemption["order"]) == ("※ forced redemption", None, 9)
    assert (found["facts"]["moves"], found["facts"]["extraordinary"]) == (7, 2)


def test_a_lineage_counts_in_units_of_the_time_and_of_the_moment(register: Register) -> None:
    found = data(register, What.LINEAGE)["tables"]["lineage"]["rows"]
    assert [(row["units"], row["units_today"]) for row in found] == [(1, 2), (2, 4), (3, 6), (1, 1), (4, 4)]
    since = data(register, What.LINEAGE, since=1_030)["tables"]["lineage"]["rows"]
    assert [row["number"] for row in since] == [1, 2]


def test_a_supply_tells_issues_redemptions_and_splits(register: Register) -> None:
    found = data(register, What.SUPPLY, lang="en")["tables"]
    assert found["supply"]["totals"] == {"issued": 12, "reissued": 0, "redeemed": 4, "units": 8}
    told = [(row["kind"], row["change"], row["units"]) for row in found["history"]["rows"]]
    assert told == [("issue", 1, 1), ("issue", 2, 3), ("issue", 3, 6), ("split 1:2", 6, 12), ("redeem", -4, 8)]


def test_a_difference_is_made_of_splits_and_what_came_and_went(story: Story) -> None:
    story.block(2_000).move(CAROL, BOB, 5)
    found = data(story.close(), What.DIFFERENCE, since=1_010)["tables"]["difference"]
    names_of = ("holder", "before", "split", "received", "given", "after", "change")
    assert [tuple(row[name] for name in names_of) for row in found["rows"]] == [
        (IDS["alice"], 1, 1, 0, 0, 2, 1),
        (IDS["bob"], 2, 2, 5, 4, 5, 3),
        (IDS["carol"], 3, 3, 0, 5, 1, -2),
    ]
    assert found["totals"]["after"] == 8


def test_a_difference_runs_forwards(register: Register) -> None:
    with pytest.raises(InputError, match="from an earlier instant to a later one"):
        sheet(register, What.DIFFERENCE, since=1_020, as_of=1_010)


# --- formats ----------------------------------------------------------------------------------------------------------


def test_csv_opens_in_a_spreadsheet_in_japanese(register: Register) -> None:
    report = written(register, What.REGISTER, format=Format.CSV)
    assert report.startswith(b"\xef\xbb\xbf")
    assert report.count(b"\r\n") == report.count(b"\n") == 3
    sjis = written(register, What.REGISTER, format=Format.CSV, encoding="shift_jis")
    assert sjis.decode("cp932") == report.decode("utf-8-sig")


def test_a_character_that_shift_jis_does_not_have_is_named_by_row_and_column(
    register: Register, tmp_path: Path
) -> None:
    text = f"investor_id,name,address\n{3:032x},投資者\U00020bb7,東京都\n"
    known = names(tmp_path / "names.csv", text)
    asked = {"what": What.REGISTER, "format": Format.CSV, "encoding": "shift_jis", "names": known}
    with pytest.raises(InputError, match=r"Row 2, column '氏名又は名称', .*U\+20BB7.*Nothing was written") as caught:
        written(register, **asked)
    assert "投資者" not in str(caught.value)


def test_tables_of_one_csv_are_apart_each_under_its_title(register: Register) -> None:
    lines = rows(register, What.SUPPLY, lang="en")
    assert lines[0] == ["By partition"]
    assert ["History"] in lines
    assert lines[lines.index(["History"]) - 1] == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_table_on_a_terminal_is_aligned(register: Register, lang: str) -> None:
    text = written(register, What.REGISTER, format=Format.TXT, lang=lang).decode()
    table = text.split("]\n", 1)[1].split("\n\n")[0].splitlines()
    units = [line for line in table if line.strip()]
    ends = {width(line[: line.rindex("1970")]) for line in units if "1970" in line}
    assert len(ends) == 1
    assert ("Total" if lang == "en" else "合計") in text


def test_numbers_that_other_readers_would_round_are_text_in_json() -> None:
    story = Story().block(1_000)
    story.issue(ALICE, 2**60)
    found = data(story.close(), What.HOLDINGS)["tables"]["holdings"]
    assert found["rows"][0]["units"] == found["totals"]["units"] == str(2**60)


# --- what can be asked ------------------------------------------------------------------------------------------------


def test_a_day_is_its_last_second_in_the_zone() -> None:
    tokyo, paris = Zone.named("Asia/Tokyo"), Zone.named("Europe/Paris")
    assert tokyo.parse("2027-03-31") == tokyo.parse("2027-03-31T23:59:59") == tokyo.parse("2027-03-31T23:59:59+09:00")
    assert tokyo.parse("2027-03-31") - paris.parse("2027-03-31") == -7 * 3_600
    assert paris.iso(paris.parse("2027-03-31")) == "2027-03-31T23:59:59+02:00"
    assert tokyo.text(0) == "1970-01-01 09:00:00"
    assert tokyo.iso(2**40 - 1).startswith("36812-")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-02-30", "not a day of the calendar"),
        ("31 March", "write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss"),
        ("2027-03-31T10:00:00.5", "fraction of a second"),
        ("2027-03-28T02:30:00", "its clock jumps over it"),
        ("9999-12-31", "beyond the years"),
    ],
)
def test_a_time_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Zone.named("Europe/Paris").parse(text)


def test_a_zone_that_is_not_there_is_refused() -> None:
    for name in ("Asia/Edo", "../../etc/passwd", ""):
        with pytest.raises(InputError, match="not a time zone"):
            Zone.named(name)


def test_a_question_that_has_no_answer_is_refused() -> None:
    with pytest.raises(InputError, match="'fr' is not one of en, ja"):
        Asked(what=What.REGISTER, lang="fr")
    with pytest.raises(InputError, match="'euc' is not one of utf-8, shift_jis"):
        Asked(what=What.REGISTER, encoding="euc")
    with pytest.raises(InputError, match="Only CSV has another encoding"):
        Asked(what=What.REGISTER, format=Format.JSON, encoding="shift_jis")
    with pytest.raises(InputError, match="no chart of a lineage"):
        Asked(what=What.LINEAGE, format=Format.SVG)
    with pytest.raises(InputError, match="A certificate is made as"):
        Asked(what=What.CERTIFICATE, format=Format.CSV)


def test_a_question_is_the_same_after_it_was_written_down() -> None:
    asked = Asked(what=What.DIFFERENCE, format=Format.PDF, since=5, as_of=9, by=By.WALLET, issuer="架空")
    assert Asked.from_dict(asked.to_dict()) == asked
    for wrong in ({"what": "poem"}, {"what": "register", "as_of": "now"}, {"what": "register", "colour": "red"}):
        with pytest.raises(InputError, match="words of this version"):
            Asked.from_dict(wrong)


@pytest.mark.slow
def test_a_register_of_a_hundred_thousand_rows_takes_less_than_ten_seconds(tmp_path: Path) -> None:
    """Of the processor's time, from the register to the bytes; half of the lots are older than the last move."""
    story = Story().block(1_000)
    wallets = [checksum(f"0x{number:040x}") for number in range(1_000, 51_500)]
    for number, wallet in enumerate(wallets, 1):
        story.stand(wallet, number)
        story.issue(wallet, 10)
    story.block(2_000_000)
    for giver, taker in zip(wallets, [*wallets[1:], wallets[0]], strict=True):
        story.move(giver, taker, 1)
    register = story.close()
    start = process_time()
    report = written(register, What.REGISTER, format=Format.CSV)
    assert process_time() - start < 10
    assert report.count(b"\r\n") == 1 + 2 * len(wallets) > 100_000
