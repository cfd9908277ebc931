"""Text on a terminal of 100 columns, in either language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

WIDTH = 100


def width(text: str) -> int:
    """Columns that the text takes: East Asian characters take two."""
    from unicodedata import east_asian_width

    return len(text) + (0 if text.isascii() else sum(east_asian_width(character) in "WF" for character in text))


def visible(text: str) -> str:
    """The text with what a terminal would obey instead of showing written out: what others wrote hides nothing."""
    from unicodedata import category

    if text.isascii() and text.isprintable():
        return text
    plain = (each.isprintable() or category(each) == "Zs" for each in text)
    pairs = zip(text, plain, strict=True)
    return "".join(each if shown else each.encode("unicode_escape").decode() for each, shown in pairs)


def padded(text: str, columns: int) -> str:
    """The text with blanks behind it up to that many columns."""
    return text + " " * max(0, columns - width(text))


def wrapped(words: Iterable[str], columns: int, between: str = " ") -> Iterator[str]:
    """Words in lines of that many columns at most, with `between` between them; a longer word stands alone."""
    line = ""
    for word in words:
        if line and width(line) + width(between) + width(word) > columns:
            yield line
            line = word
        else:
            line = f"{line}{between}{word}" if line else word
    if line:
        yield line
