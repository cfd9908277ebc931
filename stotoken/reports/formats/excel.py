"""Excel: a sheet for each table, ready to print on A4, and the manifest as the last one.

What stands on paper in the PDF stands on paper here too, each value in a column of its own; what only programs need
stands to the right of it and is not printed.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any, BinaryIO

from stotoken.reports.extras import load
from stotoken.reports.formats.book import (
    BAND,
    BODY,
    FONT,
    HAIR,
    MARKED,
    SMALL,
    SOFT,
    Book,
    height,
    pixels,
    room,
    size,
)
from stotoken.reports.formats.plain import NOTHING, TOTAL, running
from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Column, Fact, Kind, Row, Sheet, Style, Table, Value, Words

MANIFEST = Words("Manifest", "マニフェスト")
#: Excel keeps this many digits of a number; a longer one is text.
_DIGITS = 15
#: Characters that Excel does not allow in the name of a sheet.
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "       ")
#: Millimetres of a column that has no width of its own on paper.
_WIDTHS = {
    Kind.TEXT: 26, Kind.NUMBER: 14, Kind.UNITS: 26, Kind.CHANGE: 26, Kind.SHARE: 18, Kind.TIME: 34,
    Kind.DAY: 22, Kind.FLAG: 18,
}  # fmt: skip
#: Kinds whose values have as many lines as they need.
_WRAPPED = (Kind.TEXT, Kind.FLAG)
#: Millimetres that the label of a fact needs, and its value.
_LABEL, _VALUE = 30, 60
_MANIFEST_WIDTHS = (56, 146)
#: Millimetres at most that a heading asks for; pixels that the arrow of a filter takes; how much wider bold text is.
_HEAD, _ARROW, _BOLD = 34, 12, 1.05
#: Where the page's foot may be cut: Excel allows 255 characters in all of it.
_FOOT = 120


class _Grid:
    """The columns of a table as they stand in its sheet, and how wide each is."""

    def __init__(self, table: Table, style: Style) -> None:
        paper = [place for place, column in enumerate(table.columns) if column.width or column.under]
        others = [place for place in range(len(table.columns)) if place not in paper]
        #: Places in the table, in the order of the sheet.
        self.order = (*paper, *others)
        self.columns = [table.columns[place] for place in self.order]
        longest = _longest(table, style)
        self.widths = [
            _wide(table.columns[place], longest[place], style, printed=place in paper) for place in self.order
        ]
        #: The last column that is printed.
        self.last = len(paper) - 1
        self.edges = list(accumulate(self.widths, initial=0))

    def across(self, first: int, last: int) -> int:
        return self.edges[last + 1] - self.edges[first]

    def slots(self) -> list[tuple[int, int, int]]:
        """Where facts stand beside each other: columns of the label, of the value, and the last one of the value."""
        one = [(0, min(self._after(0), self.last), self.last)]
        halves = [
            [(0, self._after(0), half - 1), (half, self._after(half), self.last)] for half in range(2, self.last + 1)
        ]
        best = max(halves, key=self._narrowest, default=one)
        return best if self._narrowest(best) >= pixels(_VALUE) else one

    def _after(self, label: int) -> int:
        """The first column right of a label that begins in this one."""
        left = self.edges[label] + pixels(_LABEL)
        return next((place for place in range(label + 1, self.last + 1) if self.edges[place] >= left), self.last + 1)

    def _narrowest(self, slots: list[tuple[int, int, int]]) -> int:
        """Pixels of the value that has the fewest."""
        return min(self.across(value, last) for _, value, last in slots)


def _longest(table: Table, style: Style) -> list[str]:
    """The longest value of each column, of hexadecimal the longest word."""
    found = [style.shown(table.totals.get(column.key), column.kind) for column in table.columns]
    sized = [(place, column.kind) for place, column in enumerate(table.columns) if column.kind not in _WRAPPED]
    for row in table.rows:
        for place, kind in sized:
            text = style.shown(row[place], kind)
            if kind is Kind.HEX:
                text = max(text.split(" "), key=len)
            if len(text) > len(found[place]):
                found[place] = text
    return found


def _wide(column: Column, longest: str, style: Style, *, printed: bool) -> int:
    """Pixels of a column: those it has on paper, and room for its heading and for what has no second line, as
    hexadecimal has only where it is printed."""
    head = min(room(style.said(column.heading), BODY * _BOLD) + _ARROW, pixels(_HEAD))
    if column.kind is Kind.HEX:
        return max(head, room(longest[: (len(longest) + 1) // 2] if printed else longest, SMALL))
    return max(head, pixels(column.width or _WIDTHS[column.kind]), room(longest, BODY * _BOLD))


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    xlsxwriter = load("xlsxwriter")
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(out, options)
    made = datetime.fromtimestamp(manifest.grounds.block_time, UTC).replace(tzinfo=None)
    workbook.set_properties({"title": style.said(sheet.title), "author": "stotoken", "created": made})
    book = Book(workbook, style)
    foot = _foot(sheet, style)
    for table in sheet.tables:
        _table(book, sheet, table, foot)
    _manifest(book, manifest, foot)
    workbook.close()


def _foot(sheet: Sheet, style: Style) -> str:
    text = running(sheet, style)
    return (text if len(text) <= _FOOT else f"{text[: _FOOT - 1]}…").replace("&", "&&")


def _page(book: Book, name: Words, foot: str, portrait: bool) -> Any:
    """A worksheet for A4, as wide as one page, numbered."""
    page = book.workbook.add_worksheet(book.style.said(name).translate(_NOT_IN_NAMES)[:31])
    page.set_paper(9)
    if portrait:
        page.set_portrait()
    else:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.center_horizontally()
    face = f'&"{FONT},Regular"&8'
    page.set_footer(f"&L{face}{foot}&R{face}&P / &N")
    page.hide_gridlines(2)
    return page


def _table(book: Book, sheet: Sheet, table: Table, foot: str) -> None:
    said, grid = book.style.said, _Grid(table, book.style)
    page = _page(book, table.title, foot, portrait=False)
    for place, wide in enumerate(grid.widths):
        page.set_column_pixels(place, place, wide)
    page.set_row(0, 36)
    _across(page, 0, 0, grid.last, said(sheet.title), book.format(font_size=18, align="center"))
    at = _facts(book, page, grid, sheet.facts)
    page.set_row(at, 28)
    page.write_string(at, 0, said(table.title), book.format(font_size=12))
    at += 1
    _heads(book, page, grid, at)
    page.freeze_panes(at + 1, 0)
    page.repeat_rows(at)
    if table.rows:
        page.autofilter(at, 0, at + len(table.rows), len(table.columns) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:XFD{at + len(table.rows) + 2}"})
    for number, row in enumerate(table.rows):
        at += 1
        more: dict[str, object] = {"bg_color": MARKED} if number in table.marked else {}
        _row(book, page, grid, at, row, more)
    if not table.rows:
        at += 1
        page.set_row(at, BODY * 2)
        _across(page, at, 0, grid.last, said(NOTHING), book.ruled(align="center"))
    if table.totals:
        at += 1
        _totals(book, page, grid, at, table)
    at = _notes(book, page, grid, at + 1, sheet)
    page.print_area(0, 0, at - 1, grid.last)


def _facts(book: Book, page: Any, grid: _Grid, facts: tuple[Fact, ...]) -> int:
    """Labels and values over a hairline, in two columns where they have room; the row after them."""
    slots = grid.slots()
    down = -(-len(facts) // len(slots))
    label = book.format(font_color=SOFT, bottom=1, bottom_color=HAIR)
    for line in range(down):
        beside = list(zip(slots, facts[line::down], strict=False))
        shown = [book.style.shown(fact.value, fact.kind) or "-" for _, fact in beside]
        rooms = [
            (text, size(fact.kind), grid.across(slot[1], slot[2]))
            for (slot, fact), text in zip(beside, shown, strict=True)
        ]
        page.set_row(1 + line, height(rooms))
        for ((first, middle, last), fact), text in zip(beside, shown, strict=True):
            _across(page, 1 + line, first, middle - 1, book.style.said(fact.label), label)
            value = book.format(text_wrap=True, bottom=1, bottom_color=HAIR, font_size=size(fact.kind))
            _across(page, 1 + line, middle, last, text, value)
    return 1 + down


def _heads(book: Book, page: Any, grid: _Grid, at: int) -> None:
    texts = [book.style.said(column.heading) for column in grid.columns]
    page.set_row(at, height([(text, BODY, wide) for text, wide in zip(texts, grid.widths, strict=True)]) + 4)
    head = book.ruled(bold=True, bg_color=BAND, text_wrap=True, align="center")
    for place, text in enumerate(texts):
        page.write_string(at, place, text, head)


def _row(book: Book, page: Any, grid: _Grid, at: int, row: Row, more: dict[str, object]) -> None:
    values = [row[place] for place in grid.order]
    cells = zip(grid.columns, values, grid.widths, strict=True)
    rooms = [(book.style.shown(value, each.kind), size(each.kind), wide) for each, value, wide in cells]
    page.set_row(at, height(rooms))
    for place, (column, value) in enumerate(zip(grid.columns, values, strict=True)):
        _value(book, page, at, place, value, column.kind, **more)


def _totals(book: Book, page: Any, grid: _Grid, at: int, table: Table) -> None:
    page.set_row(at, BODY * 2)
    told = False
    for place, column in enumerate(grid.columns):
        total: Value = table.totals.get(column.key)
        if total is None and not told and not column.kind.numeric:
            total, told = TOTAL, True
        kind = column.kind if column.key in table.totals else Kind.TEXT
        _value(book, page, at, place, total, kind, bold=True, bg_color=BAND, top=6)


def _notes(book: Book, page: Any, grid: _Grid, at: int, sheet: Sheet) -> int:
    """Below the table, as wide as the page; the row after them."""
    note = book.format(font_size=SMALL + 1, font_color=SOFT, text_wrap=True)
    for number, text in enumerate(map(book.style.said, sheet.notes), 1):
        page.set_row(at + number, height([(text, SMALL + 1, grid.across(0, grid.last))]))
        _across(page, at + number, 0, grid.last, text, note)
    return at + 1 + len(sheet.notes)


def _manifest(book: Book, manifest: Manifest, foot: str) -> None:
    """Name and value of everything, a row each."""
    page = _page(book, MANIFEST, foot, portrait=True)
    label, value = book.ruled(bg_color=BAND, indent=1), book.ruled(text_wrap=True, num_format="@", indent=1)
    for place, millimetres in enumerate(_MANIFEST_WIDTHS):
        page.set_column_pixels(place, place, pixels(millimetres))
    page.set_row(0, 36)
    page.write_string(0, 0, book.style.said(MANIFEST), book.format(font_size=18))
    lines = manifest.lines()
    page.ignore_errors({"number_stored_as_text": f"B1:B{len(lines) + 2}"})
    for at, (name, text) in enumerate(lines, 2):
        page.set_row(at, height([(text, BODY, pixels(_MANIFEST_WIDTHS[1]))]))
        page.write_string(at, 0, name, label)
        page.write_string(at, 1, text, value)


def _across(page: Any, at: int, first: int, last: int, text: str, format: Any) -> None:
    """A text over several columns."""
    if first < last:
        page.merge_range(at, first, at, last, text, format)
    else:
        page.write_string(at, first, text, format)


def _value(book: Book, page: Any, at: int, place: int, value: Value, kind: Kind, **more: object) -> None:
    format, moment = book.cell(kind, value, **more), _moment(book.style, value, kind)
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
