"""How the story is told: a heading for each chapter, a sentence for each thing that is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from stotoken.conformance.evidence import Check, Text
from stotoken.conformance.table import shortened
from stotoken.errors import Reverted
from stotoken.terminal import WIDTH, width, wrapped
from stotoken.types import JST

Echo = Callable[[str], None]


class Teller:
    """Says everything in one language, headings in both."""

    def __init__(self, echo: Echo, lang: str) -> None:
        self._echo, self.lang = echo, lang
        self._chapter = 0

    def chapter(self, en: str, ja: str, timestamp: int | None = None) -> None:
        """`timestamp`: when it plays, UTC seconds; shown as a day in Japan."""
        self._chapter += 1
        heading = f"{self._chapter:>2}  {en} {ja}"
        day = "" if timestamp is None else f"{datetime.fromtimestamp(timestamp, UTC).astimezone(JST):%Y-%m-%d}"
        self._echo("")
        self._echo(f"{heading}{' ' * (WIDTH - width(heading) - len(day))}{day}".rstrip())
        self._echo("─" * WIDTH)

    def say(self, en: str, ja: str) -> None:
        self._paragraph(Text(en, ja).say(self.lang), "    ")

    def check(self, check: Check) -> None:
        """A check that was just made: its sentence, what changed, and where to find it."""
        self._paragraph(check.text.say(self.lang), "  ✓ " if check.passed else "  ✗ ")
        shown = [figure.say(self.lang) for figure in check.figures]
        if check.refusals:
            names = ", ".join(dict.fromkeys(refusal.error for refusal in check.refusals))
            shown.append(f"{Text('refused', '拒否').say(self.lang)} {names}")
        done = [sent for sent in check.transactions if not sent.refused]
        if done:
            block = Text("block", "ブロック").say(self.lang)
            shown.append(f"{block} {done[-1].block} {shortened(done[-1].tx_hash)}")
        for line in wrapped(shown, WIDTH - 6, " · "):
            self._echo(f"      {line}")
        for fault in check.faults:
            self._paragraph(fault, "      ")

    def refusal(self, error: Reverted) -> None:
        """What a person reads who is refused, in both languages."""
        self._echo(f"      {type(error).__name__}  0x{error.status:02x} {error.reason}".rstrip())
        for lang in ("en", "ja"):
            self._paragraph(error.message(lang), "        ")

    def lines(self, text: str) -> None:
        """Something that is laid out already."""
        self._echo("")
        for line in text.splitlines():
            self._echo(line)

    def progress(self, done: int, total: int, gas: int) -> None:
        counted = Text(f"{done:>6,} of {total:,}", f"{done:>6,} / {total:,} 件").say(self.lang)
        self._echo(f"    {counted}   {gas / 1e6:.1f} M gas")

    def _paragraph(self, text: str, lead: str) -> None:
        for line in _broken(text, WIDTH - len(lead)):
            self._echo(f"{lead}{line}")
            lead = " " * len(lead)


def _broken(text: str, columns: int) -> Iterator[str]:
    """Lines of that many columns at most, broken at blanks, or in a script that has none between any two characters
    but those of a word in katakana."""
    line = ""
    for piece in re.findall(r"[!-~]+ ?|[ァ-ー]+|.", text):
        if line and width(line) + width(piece.rstrip()) > columns and piece not in "、。)」":
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line.rstrip()
