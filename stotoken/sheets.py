"""Rows of a table, out of CSV or a spreadsheet (.xlsx), which is read as strictly."""

from __future__ import annotations

import csv
import difflib
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar, cast
from xml.etree.ElementTree import ParseError

from stotoken.errors import InputError
from stotoken.inputs import Faults, TableFaults, read_text

_T = TypeVar("_T")
_SUFFIX = ".xlsx"
#: A book unpacks to many times its size: neither may be more than any table of ours needs.
_MAX_BYTES, _MAX_UNPACKED, _MAX_COLUMNS = 64 * 1024 * 1024, 512 * 1024 * 1024, 64
#: Digits of a number beyond which spreadsheets round it.
_DIGITS = 15
_UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError)


class Row:
    """The cells of one row. A cell that cannot be read becomes a fault and None.

    `read`: what came of cells that were read before, since most of a table says the same many times.
    """

    def __init__(
        self, cells: Mapping[str, str], number: int, faults: Faults, read: dict[tuple[str, str], object]
    ) -> None:
        self._cells = cells
        self.number = number
        self._faults = faults
        self._read = read
        self.whole = True

    def get(self, column: str, parse: Callable[[str], _T]) -> _T | None:
        key = (column, self._cells.get(column, ""))
        if key in self._read:
            return cast("_T", self._read[key])
        try:
            self._read[key] = value = parse(key[1])
        except InputError as error:
            self.fault(column, str(error))
            return None
        return value

    def fault(self, column: str, sentence: str) -> None:
        self.whole = False
        self._faults.add(sentence, row=self.number, column=column)


def read_rows(
    path: Path, columns: tuple[str, ...], optional: frozenset[str], faults: Faults, build: Callable[[Row], _T | None]
) -> Iterator[tuple[int, _T]]:
    """Line number and value of every row that can be read; the others become faults."""
    header: list[str] | None = None
    empty, line = True, 1
    read: dict[tuple[str, str], object] = {}
    try:
        for line, cells in _read_sheet(path, faults) if _is_sheet(path) else _lines(path):
            if header is None:
                header = _header(cells, columns, optional, path)
            elif len(cells) not in (0, len(header)):
                faults.add(f"has {len(cells)} cells where the header has {len(header)}", row=line)
                empty = False
            elif cells:
                empty = False
                row = Row(dict(zip(header, cells, strict=True)), line, faults, read)
                if (value := build(row)) is not None and row.whole:
                    yield line, value
    except csv.Error as error:
        faults.add(f"is not CSV from here on: {error.args[0]}", row=error.args[1])
        return
    if empty:
        raise InputError(f"The table holds no rows{'' if header else ' and no header'}; nothing was used.", file=path)


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Cells of every row of a CSV file, with the line it begins in, as has the error where it ends being one."""
    reader = csv.reader(io.StringIO(read_text(path, max_bytes=_MAX_BYTES), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(str(error), line) from None


def _header(cells: list[str], columns: tuple[str, ...], optional: frozenset[str], path: Path) -> list[str]:
    faults = Faults(path, TableFaults)
    if not set(cells) & set(columns):
        raise InputError(f"must begin with a header of the columns {', '.join(columns)}.", file=path, row=1)
    for place, name in enumerate(cells):
        if not name.strip():
            faults.add(f"column {place + 1} of the header has no name; is there a comma too many?", row=1)
        elif name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            faults.add(f"is not a known column{f'; the nearest is {near[0]}' if near else ''}", row=1, column=name)
        elif name in cells[:place]:
            faults.add("stands twice in the header", row=1, column=name)
    for name in columns:
        if name not in cells and name not in optional:
            faults.add("is missing from the header", row=1, column=name)
    faults.raise_any()
    return cells


# --- spreadsheets -----------------------------------------------------------------------------------------------------


def _is_sheet(path: Path) -> bool:
    return path.suffix.lower() == _SUFFIX


def _read_sheet(path: Path, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of every row of the only sheet, no cells of an empty one; what has no text becomes a fault."""
    from openpyxl import load_workbook

    _check_size(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except _UNREADABLE:
        raise InputError("is not a spreadsheet that can be read; save it as .xlsx or CSV.", file=path) from None
    try:
        if len(book.worksheets) != 1:
            names = ", ".join(sheet.title for sheet in book.worksheets)
            raise InputError(f"holds more than one sheet ({names}): leave the one that is meant.", file=path)
        width = 0
        for number, values in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=_MAX_COLUMNS), 1):
            cells = [_text(value, number, place, faults) for place, value in enumerate(values)]
            while len(cells) > width and not cells[-1]:
                cells.pop()
            width = width or len(cells)
            yield number, cells if any(cells) else []
    except _UNREADABLE:
        raise InputError("is not a spreadsheet that can be read; save it as .xlsx or CSV.", file=path) from None
    finally:
        book.close()


def _check_size(path: Path) -> None:
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}.", file=path) from None
    except zipfile.BadZipFile:
        raise InputError("is not a spreadsheet that can be read; save it as .xlsx or CSV.", file=path) from None
    if size > _MAX_BYTES or unpacked > _MAX_UNPACKED:
        raise InputError(f"is larger than {_MAX_BYTES} bytes, or {_MAX_UNPACKED} unpacked.", file=path)


def _text(value: Any, row: int, place: int, faults: Faults) -> str:
    """As somebody would have typed it: whole numbers in digits, days as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    column = _letters(place)
    if isinstance(value, bool):
        faults.add("holds TRUE or FALSE where text is meant", row=row, column=column)
    elif isinstance(value, int | float):
        if value != int(value):
            return repr(value)
        if abs(value) >= 10**_DIGITS:
            faults.add(f"holds a number of more than {_DIGITS} digits, which a spreadsheet rounds: enter it as text",
                       row=row, column=column)  # fmt: skip
        return str(int(value))
    elif isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    elif isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    else:
        faults.add("holds a time where a day, a number or text is meant", row=row, column=column)
    return ""


def _letters(place: int) -> str:
    """`A`, `B`, … as spreadsheets name their columns."""
    found = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        found = chr(ord("A") + letter) + found
    return found
