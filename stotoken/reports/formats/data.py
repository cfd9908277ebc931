"""JSON: facts by name, rows as objects by column, whole numbers exact, times with their offset."""

from __future__ import annotations

import json
from typing import BinaryIO

from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Kind, Sheet, Style, Table, Value

#: A whole number beyond it is written as text: other readers of JSON would round it.
_EXACT = 2**53


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    facts = {fact.key: _plain(fact.value, fact.kind, style) for fact in sheet.facts}
    head = {"title": style.said(sheet.title), "asked": manifest.asked.to_dict(), "facts": facts}
    notes = [style.said(note) for note in sheet.notes]
    out.write(json.dumps(head | {"notes": notes}, ensure_ascii=False, indent=2)[:-2].encode())
    out.write(b',\n  "tables": {')
    for place, table in enumerate(sheet.tables):
        out.write(f"{',' if place else ''}\n    {json.dumps(table.key)}: ".encode())
        _table(table, style, out)
    out.write(b"\n  }\n}\n" if sheet.tables else b"}\n}\n")


def _table(table: Table, style: Style, out: BinaryIO) -> None:
    """A row a line."""
    headings = {column.key: style.said(column.heading) for column in table.columns}
    head = {"title": style.said(table.title), "columns": headings, "totals": _totals(table)}
    out.write(json.dumps(head, ensure_ascii=False)[:-1].encode())
    out.write(b', "rows": [')
    for place, row in enumerate(table.rows):
        cells = {
            column.key: _plain(value, column.kind, style) for column, value in zip(table.columns, row, strict=True)
        }
        out.write(f"{',' if place else ''}\n      {json.dumps(cells, ensure_ascii=False)}".encode())
    out.write(b"\n    ]}" if table.rows else b"]}")


def _totals(table: Table) -> dict[str, int | str]:
    return {key: _number(value) for key, value in table.totals.items()}


def _plain(value: Value, kind: Kind, style: Style) -> int | str | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and kind not in (Kind.TIME, Kind.DAY):
        return _number(value)
    return style.plain(value, kind)


def _number(value: object) -> int | str:
    return value if isinstance(value, int) and abs(value) <= _EXACT else f"{value}"
