"""A spreadsheet (.xlsx) as rows of text, read as strictly as CSV is: what a cell shows and what it holds may differ."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from stotoken.errors import InputError
from stotoken.inputs import Faults

_SUFFIX = ".xlsx"
#: A book unpacks to many times its size: neither may be more than any table of ours needs.
_MAX_BYTES, _MAX_UNPACKED, _MAX_COLUMNS = 64 * 1024 * 1024, 512 * 1024 * 1024, 64
#: Digits of a number beyond which spreadsheets round it.
_DIGITS = 15
_UNREADABLE = (zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError)


def is_sheet(path: Path) -> bool:
    return path.suffix.lower() == _SUFFIX


def read_sheet(path: Path, faults: Faults) -> Iterator[tuple[int, list[str]]]:
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
