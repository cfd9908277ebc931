"""Excel: a sheet for each table, ready to print on A4, and the manifest as the last one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from stotoken.reports.extras import load
from stotoken.reports.formats.plain import TOTAL
from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Fact, Kind, Sheet, Style, Table, Value, Words

MANIFEST = Words("Manifest", "マニフェスト")
_FACTS = Words("Facts", "記載事項")
#: Excel keeps this many digits of a number; a longer one is text.
_DIGITS = 15
#: Characters that Excel does not allow in the name of a sheet.
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "       ")
_FORMATS = {
    Kind.NUMBER: "0", Kind.UNITS: "#,##0", Kind.CHANGE: "+#,##0;-#,##0;0", Kind.SHARE: "0.0000",
    Kind.TIME: "yyyy-mm-dd hh:mm:ss", Kind.DAY: "yyyy-mm-dd",
}  # fmt: skip
#: Width of a column in characters.
_WIDTHS = {
    Kind.TEXT: 22, Kind.HEX: 44, Kind.NUMBER: 10, Kind.UNITS: 18, Kind.CHANGE: 16, Kind.SHARE: 14, Kind.TIME: 21,
    Kind.DAY: 13, Kind.FLAG: 10,
}  # fmt: skip
#: On every machine with Excel in Japanese; others take their own.
_FONT = "Yu Gothic"
_BAND, _MARKED, _RULE = "#E8ECF2", "#FCEFD5", "#8A94A6"


class _Book:
    """A workbook and the cell formats that it shares."""

    def __init__(self, workbook: Any, style: Style) -> None:
        self.workbook, self.style = workbook, style
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format(self, **more: object) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"font_name": _FONT, "font_size": 10, "valign": "top"} | more)
        return self._formats[key]

    def cell(self, kind: Kind, value: Value, **more: object) -> Any:
        numeric = kind.numeric or kind in (Kind.TIME, Kind.DAY)
        pattern = _FORMATS.get(kind, "@")
        if isinstance(value, Decimal) and kind is Kind.UNITS and -int(value.as_tuple().exponent) > 0:
            pattern = "#,##0." + "0" * -int(value.as_tuple().exponent)
        align = "right" if kind.numeric else "left"
        wrap = {} if numeric else {"text_wrap": True}
        return self.format(num_format=pattern, align=align, border=1, border_color=_RULE, **wrap, **more)


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    xlsxwriter = load("xlsxwriter")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(out, options)
    made = datetime.fromtimestamp(manifest.grounds.block_time, UTC).replace(tzinfo=None)
    workbook.set_properties({"title": style.said(sheet.title), "author": "stotoken", "created": made})
    book = _Book(workbook, style)
    for table in sheet.tables:
        _table(book, sheet, table, manifest)
    if not sheet.tables:
        _pairs(book, sheet.title, _FACTS, _fact_rows(sheet.facts), sheet, portrait=True)
    lines = [(name, value, Kind.TEXT) for name, value in manifest.lines()]
    _pairs(book, Words(*MANIFEST), MANIFEST, lines, None, portrait=True)
    workbook.close()


def _fact_rows(facts: tuple[Fact, ...]) -> list[tuple[Words | str, Value, Kind]]:
    return [(fact.label, fact.value, fact.kind) for fact in facts]


def _page(book: _Book, title: Words, name: Words, portrait: bool) -> Any:
    """A worksheet for A4, as wide as one page, numbered."""
    said = book.style.said
    page = book.workbook.add_worksheet(said(name).translate(_NOT_IN_NAMES)[:31])
    page.set_paper(9)
    if portrait:
        page.set_portrait()
    else:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L&8{said(title)}&R&8&P / &N")
    page.hide_gridlines(2)
    page.write_string(0, 0, said(title), book.format(font_size=16))
    page.set_row(0, 26)
    return page


def _table(book: _Book, sheet: Sheet, table: Table, manifest: Manifest) -> None:
    said = book.style.said
    page = _page(book, sheet.title, table.title, portrait=False)
    for place, column in enumerate(table.columns):
        page.set_column(place, place, _WIDTHS[column.kind])
    at = 1
    for fact in sheet.facts:
        page.write_string(at, 0, said(fact.label), book.format(font_color="#5C6675"))
        shown = book.style.shown(fact.value, fact.kind) or "-"
        page.write_string(at, 2, shown, book.format())
        at += 1
    page.write_string(at, 0, said(table.title), book.format(font_size=12))
    at += 1
    head = book.format(bold=True, bg_color=_BAND, border=1, border_color=_RULE, text_wrap=True, align="center")
    for place, column in enumerate(table.columns):
        page.write_string(at, place, said(column.heading), head)
    page.freeze_panes(at + 1, 0)
    page.repeat_rows(at)
    if table.rows:
        page.autofilter(at, 0, at + len(table.rows), len(table.columns) - 1)
    for number, row in enumerate(table.rows):
        at += 1
        more: dict[str, object] = {"bg_color": _MARKED} if number in table.marked else {}
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _value(book, page, at, place, value, column.kind, **more)
    if table.totals:
        at += 1
        _totals(book, page, at, table)
    for note in sheet.notes:
        at += 1
        page.write_string(at, 0, said(note), book.format(font_size=9, font_color="#5C6675"))


def _totals(book: _Book, page: Any, at: int, table: Table) -> None:
    told = False
    for place, column in enumerate(table.columns):
        total: Value = table.totals.get(column.key)
        if total is None and not told and not column.kind.numeric:
            total, told = TOTAL, True
        kind = column.kind if column.key in table.totals else Kind.TEXT
        _value(book, page, at, place, total, kind, bold=True, bg_color=_BAND, top=6)


def _pairs(
    book: _Book,
    title: Words,
    name: Words,
    rows: list[tuple[Words | str, Value, Kind]] | list[tuple[str, str, Kind]],
    sheet: Sheet | None,
    portrait: bool,
) -> None:
    """Label and value, a row each."""
    page = _page(book, title, name, portrait)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 78)
    for at, (label, value, kind) in enumerate(rows, 2):
        told = label if isinstance(label, str) else book.style.said(label)
        page.write_string(at, 0, told, book.format(bg_color=_BAND, border=1, border_color=_RULE))
        _value(book, page, at, 1, value, kind, align="left")
    for at, note in enumerate(sheet.notes if sheet else (), len(rows) + 3):
        page.write_string(at, 0, book.style.said(note), book.format(font_size=9))


def _value(book: _Book, page: Any, at: int, place: int, value: Value, kind: Kind, **more: Any) -> None:
    align = more.pop("align", None)
    format = (
        book.cell(kind, value, **more)
        if align is None
        else book.format(num_format=_FORMATS.get(kind, "@"), border=1, border_color=_RULE, align=align, text_wrap=True)
    )
    moment = _moment(book.style, value, kind)
    if value is None:
        page.write_blank(at, place, None, format)
    elif moment is not None:
        page.write_datetime(at, place, moment, format)
    elif kind.numeric and isinstance(value, int | Decimal) and _fits(value):
        page.write_number(at, place, value, format)
    else:
        page.write_string(at, place, book.style.shown(value, kind), format)


def _moment(style: Style, value: Value, kind: Kind) -> datetime | None:
    """Clock time in the zone, where Excel knows the year."""
    if kind not in (Kind.TIME, Kind.DAY) or not isinstance(value, int):
        return None
    text = style.zone.iso(value)[: 10 if kind is Kind.DAY else 19]
    return datetime.fromisoformat(text) if "1900-03-01" < text < "9999" and text[4] == "-" else None


def _fits(value: int | Decimal) -> bool:
    return len(Decimal(value).normalize().as_tuple().digits) <= _DIGITS
