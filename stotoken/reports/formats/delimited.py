"""CSV: UTF-8 with the mark that spreadsheets look for, or Shift_JIS; lines ended as CSV wants them.

One table is nothing but its heading and rows. Of several, each has its title in a line above it and a blank line below.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from types import NoneType
from typing import BinaryIO

from stotoken.errors import InputError
from stotoken.reports.asked import ENCODINGS
from stotoken.reports.manifest import Manifest
from stotoken.reports.sheet import Kind, Sheet, Style, Table, Value

_AT_ONCE = 2_000


def write(sheet: Sheet, manifest: Manifest, style: Style, out: BinaryIO) -> None:
    encoding = ENCODINGS[manifest.asked.encoding]
    if encoding == "utf-8-sig":
        out.write(b"\xef\xbb\xbf")
        encoding = "utf-8"
    for place, table in enumerate(sheet.tables):
        if len(sheet.tables) > 1:
            title = style.said(table.title)
            out.write(f"{chr(13) + chr(10) if place else ''}{title}\r\n".encode(encoding))
        _table(table, style, encoding, out)


def _table(table: Table, style: Style, encoding: str, out: BinaryIO) -> None:
    lines: list[Iterable[object]] = [[style.said(column.heading) for column in table.columns]]
    for start in range(0, max(1, len(table.rows)), _AT_ONCE):
        columns = zip(*table.rows[start : start + _AT_ONCE], strict=True)
        texts = [_texts(values, column.kind, style) for values, column in zip(columns, table.columns, strict=False)]
        lines += zip(*texts, strict=True)
        text = io.StringIO(newline="")
        csv.writer(text).writerows(lines)
        try:
            out.write(text.getvalue().encode(encoding))
        except UnicodeEncodeError:
            _refuse(table, style, lines, start, encoding)
        lines = []


def _texts(values: Sequence[Value], kind: Kind, style: Style) -> Iterable[object]:
    """A column; what csv writes as it should stands as it is."""
    types, distinct = set(map(type, values)) - {NoneType}, set(values)
    if types == {str} and not any(isinstance(value, str) and "\n" in value for value in distinct):
        return values
    if types == {int} and kind in (Kind.UNITS, Kind.NUMBER):
        return values
    if types == {int} and None not in distinct:
        texts = {value: style.plain(value, kind) for value in distinct}
        return map(texts.__getitem__, values)
    return [style.plain(value, kind) for value in values]


def _refuse(table: Table, style: Style, lines: Sequence[Iterable[object]], start: int, encoding: str) -> None:
    """Name the first cell that has no place in the encoding, and not what stands in it."""
    first = 0 if start else 1  # the heading is a line, and always fits
    for number, line in enumerate(lines):
        for column, text in zip(table.columns, line, strict=True):
            try:
                str(text).encode(encoding)
            except UnicodeEncodeError as error:
                character = f"U+{ord(str(text)[error.start]):04X}"
                raise InputError(
                    f"Row {start + number - first + 1}, column '{style.said(column.heading)}', has a character that "
                    f"Shift_JIS does not have ({character}); write UTF-8 instead. Nothing was written."
                ) from None
