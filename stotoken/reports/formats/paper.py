"""PDF on A4 with its Japanese font inside: ruled tables, headings repeated on every page, the manifest last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

from stotoken.reports.formats.excel import MANIFEST
from stotoken.reports.formats.page import BODY, HEX, NOTE, SOFT, Cell, Page
from stotoken.reports.formats.plain import NOTHING, TOTAL, running
from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Column, Fact, Kind, Row, Sheet, Style, Table, Words, printed

_TITLE, _SUBTITLE = 16.0, 10.5
#: Millimetres between the two columns of facts.
_GUTTER = 8.0


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    made = datetime.fromtimestamp(manifest.grounds.block_time, UTC)
    title = style.said(sheet.title)
    page = Page(title, running(sheet, style), _foot(manifest), made, style.lang, sheet.portrait)
    try:
        _draw(page, sheet, manifest, style)
        out.write(page.bytes())
    finally:
        page.close()


def _draw(page: Page, sheet: Sheet, manifest: Manifest, style: Style) -> None:
    page.begin()
    if sheet.portrait:
        page.title(style.said(sheet.title), _TITLE)
        _pairs(page, [(style.said(fact.label), _shown(fact, style), fact.kind) for fact in sheet.facts])
    else:
        _head(page, sheet, style)
    for table in sheet.tables:
        _table(page, table, style)
    _notes(page, sheet, style)
    page.begin()
    page.title(style.said(MANIFEST), _SUBTITLE + 2)
    _pairs(page, [(name, value, Kind.HEX) for name, value in manifest.lines()])


def _foot(manifest: Manifest) -> str:
    grounds = manifest.grounds
    return f"chain {grounds.chain_id}  block {grounds.block}  {grounds.block_hash}"


def _shown(fact: Fact, style: Style) -> str:
    if fact.kind is Kind.FLAG:
        return style.said(Words("yes", "該当")) if fact.value else style.said(Words("no", "非該当"))
    return style.shown(fact.value, fact.kind) or "-"


def _head(page: Page, sheet: Sheet, style: Style) -> None:
    """Title, and the facts in two columns."""
    page.title(style.said(sheet.title), _TITLE)
    half = (len(sheet.facts) + 1) // 2
    width = (page.width - _GUTTER) / 2
    top = page.y
    bottoms = []
    for place, facts in enumerate((sheet.facts[:half], sheet.facts[half:])):
        page.y = top
        for fact in facts:
            page.fact(style.said(fact.label), _shown(fact, style), place * (width + _GUTTER), width)
        bottoms.append(page.y)
    page.y = max(bottoms) + 2


def _table(page: Page, table: Table, style: Style) -> None:
    columns = list(printed(table))
    widths = page.shared([column.width for column, _ in columns])
    page.subtitle(style.said(table.title), _SUBTITLE)
    if not table.rows:
        page.line(style.said(NOTHING), BODY)
        return
    heads = [Cell(_heading(table, places, style), BODY - 0.5, "C") for _, places in columns]
    page.start_table(widths, heads)
    for number, row in enumerate(table.rows):
        cells = []
        for column, (own, *below) in columns:
            text = style.shown(row[own], column.kind)
            where = (number, style.said(column.heading))
            cells.append(Cell(text, *_look(column), _below(table, row, below, style), where=where))
        page.row(cells, marked=number in table.marked)
    if table.totals:
        page.row(_totals(table, columns, style), total=True)
    page.end_table()


def _heading(table: Table, places: Sequence[int], style: Style) -> str:
    return "\n".join(style.said(table.columns[place].heading) for place in places[:2])


def _below(table: Table, row: Row, places: Sequence[int], style: Style) -> str:
    """What stands under a value; a number says what it is."""
    lines = []
    for place in places:
        column = table.columns[place]
        if text := style.shown(row[place], column.kind):
            lines.append(f"{style.said(column.heading)} {text}" if column.kind.numeric else text)
    return "\n".join(lines)


def _look(column: Column) -> tuple[float, str]:
    """Size and alignment of a column's cells."""
    return (HEX if column.kind is Kind.HEX else BODY), ("R" if column.kind.numeric else "L")


def _totals(table: Table, columns: Iterable[tuple[Column, tuple[int, ...]]], style: Style) -> list[Cell]:
    told, cells = False, []
    for column, _ in columns:
        text = style.shown(table.totals.get(column.key), column.kind)
        if not text and not told and not column.kind.numeric:
            text, told = style.said(TOTAL), True
        cells.append(Cell(text, BODY, "R" if column.kind.numeric else "L"))
    return cells


def _pairs(page: Page, rows: Sequence[tuple[str, str, Kind]]) -> None:
    """Label and value, ruled, a row each."""
    widths = page.shared([50, 120] if page.portrait else [70, 197])
    page.start_table(widths, [])
    for label, value, kind in rows:
        size = BODY - 0.5 if kind is Kind.HEX else BODY + (1 if page.portrait else 0)
        page.row([Cell(label, BODY, "L", shaded=True), Cell(value, size, "L", where=(0, label))])
    page.end_table()


def _notes(page: Page, sheet: Sheet, style: Style) -> None:
    page.y += 2
    for note in sheet.notes:
        page.line(style.said(note), NOTE, SOFT)
