"""Drawing on pages of A4: lines of text, facts, ruled tables; millimetres from the left margin and the top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from stotoken.errors import InputError
from stotoken.reports.extras import font, load

BODY, HEX, NOTE = 8.0, 6.0, 7.0
_FACT, _FOOT = 9.0, 7.0
_MARGIN, _PAD = 12.0, 0.9
#: Points to millimetres, and the height of a line as a part of its size.
_POINT, _LEADING = 25.4 / 72, 1.3
INK, SOFT = (28, 36, 48), (92, 102, 117)
_RULE, _BAND, _MARKED = (138, 148, 166), (232, 236, 242), (252, 239, 213)
#: A line that is too wide by so little is made smaller; a table that is wider than this part of the page fills it.
_SMALLER, _FILLS = 0.9, 0.6
#: What does not begin a line in Japanese.
_NOT_FIRST = frozenset("、。，．・：；！？」』）】〕〉》”’ー～々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;!?)]}")


@dataclass(frozen=True, slots=True)
class Cell:
    """`align`: L, R or C. `where`: row and column, for the sentence about a character that has no glyph."""

    text: str
    size: float
    align: str
    #: Small print under it.
    under: str = ""
    shaded: bool = False
    where: tuple[int, str] | None = None


class _Line(NamedTuple):
    text: str
    size: float


class Page:
    """The document while it is drawn; `y` is where the next thing goes."""

    def __init__(self, title: str, head: str, foot: str, made: datetime, lang: str, portrait: bool) -> None:
        """`head` stands over every page but the first, `foot` under all of them."""
        fpdf = load("fpdf")
        self.portrait, self._head, self._foot = portrait, head, foot
        self._pdf = fpdf.FPDF(orientation="portrait" if portrait else "landscape", unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.set_creation_date(made)
        self._pdf.set_title(title)
        self._pdf.set_lang(lang)
        self._pdf.add_font("ipaex", fname=font())
        self._pdf.set_font("ipaex", size=BODY)
        self._pdf.set_line_width(0.12)
        self._glyphs = self._pdf.fonts["ipaex"].cw
        self._advances: dict[str, float] = {}
        self.width, self._height = self._pdf.w - 2 * _MARGIN, self._pdf.h
        self.y = 0.0
        self._widths: list[float] = []
        self._heads: list[Cell] = []
        self._top = 0.0
        self._count = 0

    def bytes(self) -> bytes:
        """The document, its pages numbered."""
        for number in range(1, self._count + 1):
            self._pdf.page = number
            if number > 1:
                (head,) = self._fitted(self._head, _FOOT, self.width)[:1]
                self._text(_MARGIN, _MARGIN - 3, head.text, head.size, SOFT)
            self._text(_MARGIN, self._height - 7, self._foot, _FOOT - 1, SOFT)
            said = f"{number} / {self._count}"
            self._text(self._pdf.w - _MARGIN - self._wide(said, _FOOT), self._height - 7, said, _FOOT, SOFT)
        return bytes(self._pdf.output())

    def close(self) -> None:
        """Let go of the font file."""
        self._pdf.fonts["ipaex"].ttfont.close()

    def begin(self) -> None:
        """A new page."""
        self._require(self._head, None)
        self._pdf.add_page()
        self._count += 1
        self.y = _MARGIN

    def shared(self, parts: Sequence[float]) -> list[float]:
        """The whole width, shared in these proportions; a narrow table is as wide as it says."""
        whole = self.width if sum(parts) > _FILLS * self.width else sum(parts)
        return [whole * part / sum(parts) for part in parts]

    # --- lines --------------------------------------------------------------------------------------------------------

    def title(self, text: str, size: float) -> None:
        self._require(text, None)
        self.y += size * _POINT
        self._text(_MARGIN + (self.width - self._wide(text, size)) / 2, self.y, text, size)
        self.y += 6

    def subtitle(self, text: str, size: float) -> None:
        self._room(30)
        self.y += size * _POINT + 2
        self._text(_MARGIN, self.y, text, size)
        self.y += 2

    def line(self, text: str, size: float, colour: tuple[int, int, int] = INK) -> None:
        """A paragraph over the whole width."""
        self._require(text, None)
        for part in self._wrapped(text, size, self.width):
            self._room(size * _POINT * _LEADING)
            self.y += size * _POINT * _LEADING
            self._text(_MARGIN, self.y, part, size, colour)
        self.y += 1

    def fact(self, label: str, value: str, left: float, width: float) -> None:
        """Label and value over a hairline."""
        self._require(value, (0, label))
        start = left + 34
        parts = list(self._wrapped(value, _FACT, width - 34))
        for place, part in enumerate(parts):
            self.y += _FACT * _POINT * _LEADING
            if place == 0:
                self._text(_MARGIN + left, self.y, label, _FACT - 1, SOFT)
            self._text(_MARGIN + start, self.y, part, _FACT)
        self.y += 1.2
        self._rule(_MARGIN + left, _MARGIN + left + width, self.y)

    # --- tables -------------------------------------------------------------------------------------------------------

    def start_table(self, widths: Sequence[float], heads: Sequence[Cell]) -> None:
        """Rows follow; the headings stand over them on every page."""
        self._widths, self._heads = list(widths), list(heads)
        self._open()

    def row(self, cells: Sequence[Cell], *, marked: bool = False, total: bool = False) -> None:
        lines = [self._lines(cell, width) for cell, width in zip(cells, self._widths, strict=True)]
        height = self._tall(lines)
        if self.y + height > self._height - 13:
            self.end_table()
            self.begin()
            self._open()
        colour = _MARKED if marked else _BAND if total else None
        self._draw(cells, lines, height, colour)
        if total:
            self._across(self.y - height + 0.5)

    def end_table(self) -> None:
        """Close the rules of what stands on this page."""
        x = _MARGIN
        for width in [*self._widths, 0]:
            self._pdf.set_draw_color(*_RULE)
            self._pdf.line(x, self._top, x, self.y)
            x += width

    def _open(self) -> None:
        self._top = self.y
        self._across(self.y)
        if self._heads:
            lines = [self._lines(cell, width) for cell, width in zip(self._heads, self._widths, strict=True)]
            self._draw(self._heads, lines, self._tall(lines), _BAND)

    def _lines(self, cell: Cell, width: float) -> list[_Line]:
        found = []
        for text, size in ((cell.text, cell.size), (cell.under, HEX)):
            self._require(text, cell.where)
            if text:
                found += self._fitted(text, size, width - 2 * _PAD)
        return found

    def _tall(self, lines: Sequence[Sequence[_Line]]) -> float:
        heights = (sum(line.size for line in found) for found in lines)
        return max(BODY, *heights) * _POINT * _LEADING + 2 * _PAD

    def _draw(
        self,
        cells: Sequence[Cell],
        lines: Sequence[Sequence[_Line]],
        height: float,
        colour: tuple[int, int, int] | None,
    ) -> None:
        x = _MARGIN
        for cell, found, width in zip(cells, lines, self._widths, strict=True):
            if fill := colour or (_BAND if cell.shaded else None):
                self._pdf.set_fill_color(*fill)
                self._pdf.rect(x, self.y, width, height, style="F")
            y = self.y + _PAD + (height - self._tall([found])) * (cell.align == "C") / 2
            for text, size in found:
                free = width - 2 * _PAD - self._wide(text, size)
                shift = {"L": 0.0, "C": free / 2, "R": free}[cell.align]
                self._text(x + _PAD + shift, y + size * _POINT, text, size)
                y += size * _POINT * _LEADING
            x += width
        self._across(self.y)
        self.y += height
        self._across(self.y)

    # --- ink ----------------------------------------------------------------------------------------------------------

    def _room(self, height: float) -> None:
        if self.y + height > self._height - 13:
            self.begin()

    def _rule(self, left: float, right: float, y: float) -> None:
        self._pdf.set_draw_color(*_RULE)
        self._pdf.line(left, y, right, y)

    def _across(self, y: float) -> None:
        """A rule as wide as the table."""
        self._rule(_MARGIN, _MARGIN + sum(self._widths), y)

    def _text(self, x: float, y: float, text: str, size: float, colour: tuple[int, int, int] = INK) -> None:
        if text:
            self._pdf.set_font_size(size)
            self._pdf.set_text_color(*colour)
            self._pdf.text(x, y, text)

    def _advance(self, character: str) -> float:
        """Thousandths of the size."""
        found = self._advances.get(character)
        if found is None:
            found = self._advances[character] = float(self._glyphs[ord(character)])
        return found

    def _wide(self, text: str, size: float) -> float:
        return sum(map(self._advance, text)) * size / 1000 * _POINT

    def _fitted(self, text: str, size: float, width: float) -> list[_Line]:
        """Lines no wider than that; a little smaller where that spares a word its break."""
        found = []
        for line in text.split("\n"):
            widest = max(self._wide(word, size) for word in line.split(" "))
            fits = size if widest <= width or widest * _SMALLER > width else size * width / widest * 0.999
            found += [_Line(part, fits) for part in self._wrapped(line, fits, width)]
        return found

    def _wrapped(self, text: str, size: float, width: float) -> Iterator[str]:
        """Lines no wider than that; broken at a blank where there is one, else between characters."""
        limit = width * 1000 / size / _POINT
        for line in text.split("\n"):
            start, blank, used = 0, -1, 0.0
            for place, character in enumerate(line):
                if character == " ":
                    blank = place
                used += self._advance(character)
                if used > limit and place > start:
                    end = blank if blank > start else self._between(line, start, place)
                    yield line[start:end]
                    start = end + (line[end] == " ")
                    used, blank = sum(map(self._advance, line[start : place + 1])), -1
            yield line[start:]

    @staticmethod
    def _between(line: str, start: int, place: int) -> int:
        """Where a line without a blank is broken, at `place` or before: hexadecimal into halves, and nothing that
        closes begins a line."""
        word = line[start:].split(" ")[0]
        if word.startswith("0x") and place - start < len(word) <= 2 * (place - start):
            return start + (len(word) + 1) // 2
        end = place
        while end > start + 1 and line[end] in _NOT_FIRST:
            end -= 1
        return end if end > start + 1 else place

    def _require(self, text: str, where: tuple[int, str] | None) -> None:
        """The font must have every character: what it lacks would be left out, and told in a log with its text."""
        for character in text:
            if character != "\n" and ord(character) not in self._glyphs:
                place = f"Row {where[0] + 1}, column '{where[1]}'," if where else "A line"
                raise InputError(
                    f"{place} has a character that the font of the PDF does not have (U+{ord(character):04X}); "
                    "write CSV or Excel instead. Nothing was written."
                )
