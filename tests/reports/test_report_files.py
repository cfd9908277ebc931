"""Reports as files: the same to the byte when made again, readable, printable, and each with its manifest."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from desk import Desk
from openpyxl import load_workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet
from pypdfium2 import PdfDocument
from world import DAY

from stotoken.errors import ConfigError, InputError
from stotoken.reports import extras
from stotoken.reports.asked import Format, What
from stotoken.reports.extras import require
from stotoken.reports.formats.page import Cell, Page
from stotoken.reports.making import names_of
from stotoken.reports.names import Names
from stotoken.types import MoveKind, keccak, to_hex

TABLES = (Format.CSV, Format.JSON, Format.TXT, Format.XLSX, Format.PDF)
ALL = [
    *((what, format) for what in What if what is not What.CERTIFICATE for format in TABLES),
    *((What.CERTIFICATE, format) for format in (Format.JSON, Format.TXT, Format.PDF)),
    *((what, format) for what in (What.REGISTER, What.HOLDINGS, What.SUPPLY) for format in (Format.SVG, Format.PNG)),
]


def pages(report: bytes) -> list[str]:
    """The text of every page of a PDF."""
    document = PdfDocument(report)
    return [page.get_textpage().get_text_range() for page in document]


def sheets(report: bytes) -> list[Worksheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(load_workbook(io.BytesIO(report)).worksheets)


@pytest.mark.parametrize(("what", "format"), ALL, ids=str)
def test_a_report_that_is_made_again_is_the_same_to_the_byte(desk: Desk, what: What, format: Format) -> None:
    as_of = {} if what is What.CERTIFICATE else {"as_of": desk.world.now}
    if what is What.DIFFERENCE:
        as_of["since"] = desk.world.now - 3 * DAY
    desk.world.travel(1)
    first = desk.made(what, format, lang="ja", **as_of).bytes()
    desk.world.node.mine()
    assert desk.made(what, format, lang="ja", **as_of).bytes() == first
    assert desk.made(what, format, lang="en", **as_of).bytes() != first


@pytest.mark.parametrize("format", [Format.XLSX, Format.PDF, Format.SVG, Format.PNG])
def test_another_process_at_another_time_under_another_name_makes_the_same_bytes(
    desk: Desk, format: Format, tmp_path: Path
) -> None:
    """The hash seed, the clock, the working folder and the name of the file are another's."""
    here = desk.made(What.HOLDINGS, format, named=False).bytes()
    desk.world.deployment.save(tmp_path / f"{desk.world.connection.chain_id}.json")
    words = ["ledger", "holdings", desk.token.address, "--out", f"of-another.{format}", "--lang", "ja"]
    words += ["--node", desk.world.node.url, "--deployments", str(tmp_path), "--issuer", "架空信託銀行株式会社"]
    program = "import sys; from stotoken.cli import main; sys.argv[0] = 'stotoken'; main()"
    done = subprocess.run([sys.executable, "-c", program, *words], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"of-another.{format}").read_bytes() == here


def test_the_manifest_says_what_was_asked_and_what_it_rests_on(desk: Desk, tmp_path: Path) -> None:
    made = desk.made(What.REGISTER, Format.CSV)
    made.save(tmp_path / "register.csv")
    told = json.loads((tmp_path / "register.csv.manifest.json").read_text("utf-8"))
    connection, head = desk.world.connection, desk.world.connection.block("latest")
    assert told["sha256"] == hashlib.sha256((tmp_path / "register.csv").read_bytes()).hexdigest()
    assert (told["chain_id"], told["block"], told["block_hash"]) == (31337, head.number, head.hash)
    assert told["contracts"]["token"] == desk.token.address
    for name, address in told["contracts"].items():
        assert told["code_hashes"][name] == to_hex(keccak(connection.code(address)))
    assert set(told["contracts"]) == {"token", "system", "orders", "implementation"}
    assert told["contracts"]["implementation"] == desk.world.deployment.implementation
    assert told["names_sha256"] == hashlib.sha256(desk.names.read_bytes()).hexdigest()
    assert (told["asked"]["what"], told["asked"]["lang"], told["units"]) == ("register", "ja", 2_200)


def test_a_report_of_an_instant_rests_on_the_last_block_of_it(desk: Desk) -> None:
    connection = desk.world.connection
    blocks = [connection.block(number) for number in range(connection.block("latest").number + 1)]
    for second in (blocks[-1].timestamp, blocks[-1].timestamp - 1, blocks[len(blocks) // 2].timestamp, 1):
        last = [block for block in blocks if block.timestamp <= second][-1:] or blocks[:1]
        grounds = desk.made(What.SUPPLY, as_of=second).manifest.grounds
        assert (grounds.block, grounds.block_hash, grounds.block_time) == (
            last[0].number,
            last[0].hash,
            last[0].timestamp,
        )


# --- PDF --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [what for what in What if what is not What.CERTIFICATE])
def test_a_pdf_is_landscape_a4_with_numbered_pages_and_the_manifest_last(desk: Desk, what: What) -> None:
    made = desk.made(what, Format.PDF)
    report = made.bytes()
    document, texts = PdfDocument(report), pages(report)
    assert {(round(page.get_width()), round(page.get_height())) for page in document} == {(842, 595)}
    for number, text in enumerate(texts, 1):
        assert f"{number} / {len(texts)}" in text
        assert made.manifest.grounds.block_hash in text
    assert made.manifest.title in texts[0]
    assert all(word in texts[0] for word in ("銘柄", "基準日時", "発行者", "架空信託銀行株式会社"))
    assert "マニフェスト" in texts[-1]
    assert made.manifest.grounds.code_hashes["token"] in texts[-1]


def test_the_font_of_a_pdf_is_inside_it_and_cut_to_what_is_used(desk: Desk) -> None:
    report = desk.made(What.REGISTER, Format.PDF).bytes()
    assert b"/FontFile2" in report
    assert re.search(rb"/BaseFont /[A-Z]{6}\+IPAexGothic", report)
    assert len(report) < 300_000


def test_the_headings_of_a_long_table_stand_on_every_page(desk: Desk, tmp_path: Path) -> None:
    rows = "".join(f",投資者{n},架空市{n},{n},2025-04-01\n" for n in range(1, 120))
    (tmp_path / "names.csv").write_text(desk.names.read_text("utf-8") + rows, "utf-8")
    long = Desk(desk.world, desk.token, tmp_path / "names.csv")
    texts = pages(long.made(What.REGISTER, Format.PDF).bytes())
    assert len(texts) > 4
    assert all("氏名又は名称" in text and "取得日" in text for text in texts[:-2])
    assert sum(text.count("投資者119") for text in texts) == 1


def test_a_character_that_the_font_does_not_have_is_told_by_its_place_and_in_no_log(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = desk.names.read_text("utf-8").replace("投資者A", "投資者\U0001f600")
    (tmp_path / "names.csv").write_text(text, "utf-8")
    odd = Desk(desk.world, desk.token, tmp_path / "names.csv")
    with pytest.raises(InputError, match=r"column '氏名又は名称', has a character .*\(U\+1F600\).*Nothing was written"):
        odd.made(What.REGISTER, Format.PDF).save(tmp_path / "register.pdf")
    with pytest.raises(InputError, match=r"\(U\+1F600\)"):
        odd.made(What.REGISTER, Format.PNG).bytes()
    assert not (tmp_path / "register.pdf").exists()
    assert caplog.text == ""


def test_every_page_of_a_pdf_but_the_first_has_the_report_and_its_security_at_the_head(desk: Desk) -> None:
    made = desk.made(What.LINEAGE, Format.PDF)
    first, *others = pages(made.bytes())
    named = next(str(fact.value) for fact in made.sheet.facts if fact.key == "name")
    together = re.compile(rf"{re.escape(made.manifest.title)} +{re.escape(named)}")
    assert others
    assert all(together.search(text) for text in others)
    assert not together.search(first)


def drawn(draw: Callable[[Page], object]) -> list[str]:
    """The lines of a page that something was drawn on."""
    page = Page("", "", "", datetime(2027, 3, 31, tzinfo=UTC), "ja", True)
    page.begin()
    draw(page)
    (text,) = pages(page.bytes())
    page.close()
    return text.splitlines()


def test_nothing_that_closes_begins_a_line_of_a_pdf() -> None:
    for count in range(40, 90):
        text = f"{'あ' * count}」。{'い' * 70}"
        first, *others = found = drawn(lambda page, text=text: page.line(text, 9))
        assert "".join(found).startswith(text)
        assert not any(line.startswith(("」", "。")) for line in others), first


def test_hexadecimal_in_a_pdf_is_whole_or_in_halves() -> None:
    address = f"0x{'0123456789abcdef' * 3}"[:42]

    def lines(width: float) -> list[str]:
        def table(page: Page) -> None:
            page.start_table([width], [])
            page.row([Cell(address, 6.0, "L")])

        return [line for line in drawn(table) if set(line) <= set(address)]

    assert lines(80) == [address]
    assert [lines(width / 2) for width in (100, 110)] == [[address]] * 2
    assert [list(map(len, lines(width))) for width in (30, 35, 40)] == [[21, 21]] * 3


def test_a_certificate_tells_who_what_when_and_on_which_order(desk: Desk) -> None:
    move = desk.move(MoveKind.FORCE)
    told = json.loads(desk.made(What.CERTIFICATE, Format.JSON, move=move).bytes())["facts"]
    block = desk.world.connection.block(told["block"])
    people = desk.world.people
    assert (told["tx_hash"], str(told["log_index"])) == tuple(move.split(":"))
    assert told["block_hash"] == block.hash
    assert (told["from_wallet"], told["to_wallet"]) == (people.alice.address, people.bob.address)
    assert (told["from_name"], told["to_name"], told["units"]) == ("投資者A", "投資者B", 10)
    assert (told["extraordinary"], told["basis"], told["basis_code"]) == (True, "滞納処分", 7)
    order = desk.world.orders.show(told["order"])
    assert (told["document"], told["proposer"]) == (to_hex(order.document_hash), order.proposer)
    assert told["approver"] == order.approver
    (page, _) = pages(desk.made(What.CERTIFICATE, Format.PDF, move=move).bytes())
    assert "強制移転証明書" in page
    assert block.hash in page


def test_the_certificate_of_a_reversal_names_what_it_reversed(desk: Desk) -> None:
    asked = {"move": desk.move(MoveKind.REVERSE)}
    told = json.loads(desk.made(What.CERTIFICATE, Format.JSON, **asked).bytes())["facts"]
    assert told["reference"] == desk.move(MoveKind.TRANSFER)


def test_a_certificate_of_no_move_is_refused(desk: Desk) -> None:
    tx_hash = desk.move(MoveKind.FORCE).split(":")[0]
    with pytest.raises(InputError, match="is no move of this token; no certificate was made. Its moves are logs"):
        desk.made(What.CERTIFICATE, Format.JSON, move=f"{tx_hash}:99")
    with pytest.raises(InputError, match="has no move of this token at all"):
        desk.made(What.CERTIFICATE, Format.JSON, move=f"0x{'7' * 64}:1")


# --- Excel ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [what for what in What if what is not What.CERTIFICATE])
def test_an_excel_file_is_ready_to_print_and_ends_in_the_manifest(desk: Desk, what: What) -> None:
    made = desk.made(what, Format.XLSX)
    *tables, manifest = sheets(made.bytes())
    assert [table.title for table in tables] == [table.title.ja for table in made.sheet.tables]
    for found in tables:
        assert (found.page_setup.paperSize, found.page_setup.orientation) == (9, "landscape")
        assert found.sheet_properties.pageSetUpPr.fitToPage
        assert (found.page_setup.fitToWidth or 1, found.page_setup.fitToHeight) == (1, 0)
        assert found.oddFooter.right.text == "&P / &N"
        row = int(re.sub(r"\D", "", found.freeze_panes)) - 1
        assert found.print_title_rows == f"${row}:${row}"
        assert found.cell(row, 1).font.b
    assert manifest.title == "マニフェスト"
    told = {row[0].value: row[1].value for row in manifest.iter_rows(min_row=3)}
    assert told["block_hash"] == made.manifest.grounds.block_hash
    assert "sha256" not in told


def test_numbers_and_days_of_an_excel_file_are_numbers_and_days(desk: Desk) -> None:
    found = sheets(desk.made(What.REGISTER, Format.XLSX).bytes())[0]
    row = int(re.sub(r"\D", "", found.freeze_panes)) - 1
    columns = {cell.value: cell.column for cell in found[row]}
    units, day = found.cell(row + 1, columns["株式の数"]), found.cell(row + 1, columns["取得日"])
    assert (type(units.value), units.number_format) == (int, "#,##0")
    assert (day.is_date, day.number_format) == (True, "yyyy-mm-dd")
    last = found.cell(found.max_row, 1)
    assert last.value is not None
    assert found.cell(row + 1, columns["氏名又は名称"]).value.startswith("投資者")


@pytest.fixture
def wide(desk: Desk, tmp_path: Path) -> Worksheet:
    """A register with a holder whose numbers and texts are long, on its second sheet."""
    row = f",投資者{'長' * 60},東京都架空区{'見本町' * 40},123456789012345,2025-04-01\n"
    (tmp_path / "names.csv").write_text(desk.names.read_text("utf-8") + row, "utf-8")
    return sheets(Desk(desk.world, desk.token, tmp_path / "names.csv").made(What.REGISTER, Format.XLSX).bytes())[1]


def test_no_number_of_an_excel_file_is_wider_than_its_column(wide: Worksheet) -> None:
    cells = [cell for row in wide.iter_rows() for cell in row if isinstance(cell.value, int)]
    assert max(cell.value for cell in cells) > 123_456_789_012_345
    assert all(len(f"{cell.value:,}") + 2 < wide.column_dimensions[cell.column_letter].width for cell in cells)


def test_a_row_of_an_excel_file_is_as_high_as_its_longest_text_needs(wide: Worksheet) -> None:
    """Also where a program does not find the height itself: a line of Japanese is as wide as its size for each."""
    (row,) = (cells for cells in wide.iter_rows() if "長" in str(cells[1].value))
    for cell in row[:4]:
        points = wide.column_dimensions[cell.column_letter].width * 7 * 72 / 96
        lines = len(str(cell.value)) * cell.font.sz // points if cell.alignment.wrap_text else 1
        assert wide.row_dimensions[cell.row].height >= lines * cell.font.sz * 1.3
    assert wide.row_dimensions[row[0].row].height > 2 * wide.row_dimensions[row[0].row - 1].height


def test_hexadecimal_in_an_excel_file_has_two_lines_where_it_is_printed_and_else_one(desk: Desk) -> None:
    for what, lines in ((What.REGISTER, 2), (What.LINEAGE, 2), (What.SUPPLY, 1)):
        found = sheets(desk.made(what, Format.XLSX).bytes())[-2 if what is What.SUPPLY else 0]
        row = int(re.sub(r"\D", "", found.freeze_panes))
        size = max(cell.font.sz for cell in found[row]) if lines == 1 else 8
        assert lines * size * 1.6 < found.row_dimensions[row].height < lines * size * 2


def test_what_only_programs_need_stands_beside_the_printed_page(desk: Desk) -> None:
    made = desk.made(What.LINEAGE, Format.XLSX)
    found, (table,) = sheets(made.bytes())[0], made.sheet.tables
    row = int(re.sub(r"\D", "", found.freeze_panes)) - 1
    heads = [cell.value for cell in found[row]]
    (area,) = CellRange(found.print_area.split("!")[1].replace("$", "")).bounds[2:3]
    paper = {column.heading.ja for column in table.columns if column.width or column.under}
    assert set(heads[:area]) == paper
    assert set(heads[area:]) == {column.heading.ja for column in table.columns} - paper
    assert "文書ハッシュ" in heads[area:]
    first = dict(zip(heads, [cell.value for cell in found[row + 1]], strict=True))
    assert first["取引ハッシュ"] == table.rows[0][table.place("tx_hash")]
    assert first["実行者"] == table.rows[0][table.place("operator")]


def test_extraordinary_acts_stand_out_of_an_excel_file(desk: Desk) -> None:
    made = desk.made(What.LINEAGE, Format.XLSX)
    found, (table,) = sheets(made.bytes())[0], made.sheet.tables
    row = int(re.sub(r"\D", "", found.freeze_panes))
    filled = {at for at in range(len(table.rows)) if found.cell(row + at, 1).fill.fill_type == "solid"}
    assert filled == table.marked != set()


def test_every_printed_page_of_an_excel_file_names_its_security(desk: Desk) -> None:
    made = desk.made(What.HOLDINGS, Format.XLSX)
    fact = replace(made.sheet.facts[0], value="架空 R&D 株式")
    odd = replace(made, sheet=replace(made.sheet, facts=(fact, *made.sheet.facts[1:])))
    for found in sheets(odd.bytes()):
        assert "架空 R&&D 株式" in found.oddFooter.left.text
        assert made.manifest.title in found.oddFooter.left.text


def test_the_font_of_an_excel_file_asks_for_japanese_where_it_is_not_installed(desk: Desk) -> None:
    (found, *_) = sheets(desk.made(What.HOLDINGS, Format.XLSX).bytes())
    fonts = {(cell.font.name, cell.font.charset) for row in found.iter_rows() for cell in row if cell.value is not None}
    assert fonts == {("Yu Gothic", 128)}


def test_nothing_in_an_excel_file_is_of_the_clock(desk: Desk) -> None:
    report = desk.made(What.SUPPLY, Format.XLSX).bytes()
    with ZipFile(io.BytesIO(report)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    created = re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core)
    assert len(set(created)) == 1
    block = desk.world.connection.block("latest")
    assert created[0] == datetime.fromtimestamp(block.timestamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- what else can go wrong -------------------------------------------------------------------------------------------


def test_a_format_whose_library_is_missing_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    for format, name in ((Format.XLSX, "xlsxwriter"), (Format.PDF, "fpdf2"), (Format.SVG, "matplotlib")):
        with pytest.raises(ConfigError, match=rf"{name} is not installed.*pip install stotoken\[reports\]"):
            require(format)
    require(Format.CSV)


def test_the_libraries_of_other_formats_are_not_loaded(desk: Desk) -> None:
    code = (
        "import sys, stotoken.reports.making, stotoken.reports.formats.delimited, stotoken.reports.formats.plain\n"
        "print(*sorted({'xlsxwriter', 'fpdf', 'matplotlib', 'openpyxl', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_report_that_cannot_be_written_leaves_the_old_one(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_bytes(b"old")
    made = desk.made(What.SUPPLY)
    with pytest.raises(ConfigError, match="cannot be written"):
        made.save(tmp_path / "none" / "report.csv")
    (tmp_path / "report.csv.manifest.json").mkdir()
    with pytest.raises(ConfigError, match="manifest"):
        made.save(tmp_path / "report.csv")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_names_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        names_of(tmp_path / "names.csv")
    assert names_of(None) == Names()
