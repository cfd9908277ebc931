"""What the sheets of a workbook share: cell formats, and how much room a text takes in whatever font it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any

from stotoken.reports.sheet import Kind, Style, Value
from stotoken.terminal import width

BAND, MARKED, RULE, HAIR, SOFT = "#E8ECF2", "#FCEFD5", "#8A94A6", "#C9D0DA", "#5C6675"
BODY, SMALL = 10, 8
#: On every machine with Excel in Japanese. Where it is not, the character set asks for another with Japanese in it.
FONT, _SHIFT_JIS = "Yu Gothic", 128
FORMATS = {
    Kind.NUMBER: "0", Kind.UNITS: "#,##0", Kind.CHANGE: "+#,##0;-#,##0;0", Kind.SHARE: "0.0000",
    Kind.TIME: "yyyy-mm-dd hh:mm:ss", Kind.DAY: "yyyy-mm-dd",
}  # fmt: skip
_MIDDLE = (Kind.NUMBER, Kind.TIME, Kind.DAY, Kind.FLAG)
#: Pixels of a millimetre and of a point; what a cell keeps free at its sides, indented as it is.
_MILLIMETRE, _POINT, _PAD = 96 / 25.4, 96 / 72, 20
#: Height of a line as a part of its size: Yu Gothic is taller than others.
_LEADING = 1.7


class Book:
    """A workbook and the cell formats that it shares."""

    def __init__(self, workbook: Any, style: Style) -> None:
        self.workbook, self.style = workbook, style
        self._formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format(self, **more: object) -> Any:
        """One for all cells that look alike."""
        key = tuple(sorted(more.items()))
        if key not in self._formats:
            usual = {"font_name": FONT, "font_charset": _SHIFT_JIS, "font_size": BODY, "valign": "vcenter"}
            self._formats[key] = self.workbook.add_format(usual | more)
        return self._formats[key]

    def ruled(self, **more: object) -> Any:
        return self.format(border=1, border_color=RULE, **more)

    def cell(self, kind: Kind, value: Value, **more: object) -> Any:
        """Amounts to the right, text to the left and small where it is hexadecimal; a long one has several lines."""
        pattern = FORMATS.get(kind, "@")
        if isinstance(value, Decimal) and kind is Kind.UNITS and -int(value.as_tuple().exponent) > 0:
            pattern = "#,##0." + "0" * -int(value.as_tuple().exponent)
        look: dict[str, object] = {"align": "right" if kind.numeric else "left", "indent": 1}
        if kind in _MIDDLE:
            look = {"align": "center"}
        elif not kind.numeric:
            look["text_wrap"] = True
        return self.ruled(num_format=pattern, font_size=size(kind), **look | more)


def size(kind: Kind) -> int:
    return SMALL if kind is Kind.HEX else BODY


def pixels(millimetres: float) -> int:
    return round(millimetres * _MILLIMETRE)


def room(text: str, points: float) -> int:
    """Pixels for the widest line of a text: generous, for a font that is wider than most."""
    return _PAD + max(ceil(_ems(line) * points * _POINT) for line in text.split("\n"))


def height(cells: Sequence[tuple[str, float, int]]) -> float:
    """Points for a row of cells, each its text, the size of it and the pixels it has."""
    return max(_lines(text, points, wide) * points * _LEADING for text, points, wide in cells) + 2


def _lines(text: str, points: float, wide: int) -> int:
    """How many a text takes; a word that is longer than a line is broken."""
    limit = max(1.0, (wide - _PAD) / points / _POINT)
    count = 0
    for line in text.split("\n"):
        count, used = count + 1, 0.0
        for word in line.split(" "):
            ems = _ems(word)
            if used and used + ems > limit:
                count, used = count + 1, 0.0
            broken = max(0, ceil(ems / limit) - 1)
            count, used = count + broken, used + ems - broken * limit + _ems(" ")
    return count


def _ems(text: str) -> float:
    """1 for a Japanese character, 0.6 for another."""
    return 0.4 * width(text) + 0.2 * len(text)
