"""Text for a terminal, aligned also where characters are twice as wide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Column, Sheet, Style, Table, Words
from stotoken.terminal import WIDTH, padded, width, wrapped

TOTAL = Words("Total", "合計")
NOTHING = Words("(none)", "(該当なし)")


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    for line in lines(sheet, style):
        out.write(f"{line}\n".encode())


def lines(sheet: Sheet, style: Style) -> Iterator[str]:
    title = style.said(sheet.title)
    yield title
    yield "=" * width(title)
    labels = [style.said(fact.label) for fact in sheet.facts]
    columns = max(map(width, labels), default=0)
    for fact, label in zip(sheet.facts, labels, strict=True):
        yield f"{padded(label, columns)}  {style.shown(fact.value, fact.kind) or '-'}"
    for table in sheet.tables:
        yield ""
        yield f"[{style.said(table.title)}]"
        yield from _table(table, style)
    for note in sheet.notes:
        yield ""
        yield from _note(style.said(note), style.lang)


def _table(table: Table, style: Style) -> Iterator[str]:
    if not table.rows:
        yield style.said(NOTHING)
        return
    body = [
        [style.shown(value, column.kind).replace("\n", " / ") for column, value in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    wanted = [place for place, column in enumerate(table.columns) if column.width or column.under]
    shown = [place for place in wanted if any(row[place] for row in body)]
    columns = [table.columns[place] for place in shown]
    rows = [[row[place] for place in shown] for row in body]
    head = [style.said(column.heading) for column in columns]
    foot = totals(table, columns, style)
    widths = [max(map(width, cells)) for cells in zip(head, *rows, *([foot] if foot else []), strict=True)]
    rule = "  ".join("-" * each for each in widths)
    yield _line(head, columns, widths)
    yield rule
    for row in rows:
        yield _line(row, columns, widths)
    if foot:
        yield rule
        yield _line(foot, columns, widths)


def running(sheet: Sheet, style: Style) -> str:
    """Title, security and moment in a line: a page that lies alone says what it is of."""
    told = [style.shown(fact.value, fact.kind) for fact in sheet.facts if fact.key in ("name", "as_of", "at")]
    return "  ".join([style.said(sheet.title), *told])


def totals(table: Table, columns: Sequence[Column], style: Style) -> list[str]:
    """The sums in the places of their columns, said to be sums in the first place that has none."""
    if not table.totals:
        return []
    cells = [style.shown(table.totals.get(column.key), column.kind) for column in columns]
    empty = [place for place, column in enumerate(columns) if not cells[place] and not column.kind.numeric]
    if empty:
        cells[empty[0]] = style.said(TOTAL)
    return cells


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    placed = (
        " " * (wide - width(cell)) + cell if column.kind.numeric else padded(cell, wide)
        for cell, column, wide in zip(cells, columns, widths, strict=True)
    )
    return "  ".join(placed).rstrip()


def _note(text: str, lang: str) -> Iterator[str]:
    return wrapped(text.split(" "), WIDTH) if lang == "en" else wrapped(list(text), WIDTH, "")
