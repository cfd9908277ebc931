"""Results, as aligned text or as one JSON object."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, IntFlag
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from stotoken.cli.words import WORDS
from stotoken.errors import NotTold
from stotoken.terminal import visible, width
from stotoken.types import format_jst, partition_name, to_hex

if TYPE_CHECKING:
    from stotoken.cli.app import App
    from stotoken.types import Receipt

#: Bytes under these names spell text.
_SPELLED = {"partition", "partitions", "identifier", "currency"}
#: Whole numbers under these names are UTC seconds, 0 for none.
_TIMES = {
    "deadline",
    "until",
    "locked_until",
    "start",
    "cliff",
    "end",
    "changed_at",
    "maturity",
    "time",
    "next_epoch_at",
    "made_at",
    "due_at",
    "begun_at",
    "next",
}
#: A whole number beyond it is written as text: other readers of JSON would round it.
_EXACT = 2**53
#: What a contract keeps of a time.
_LAST_TIME = 2**40


class Pair(NamedTuple):
    """One sentence in both languages."""

    en: str
    ja: str

    def in_(self, lang: str) -> str:
        return self.ja if lang == "ja" else self.en


class Report:
    """What a command did or found: a sentence, named values, rows of a table, and what to do next."""

    def __init__(
        self,
        said: Pair,
        values: Mapping[str, object] | None = None,
        *,
        rows: Sequence[Mapping[str, object]] | None = None,
        rows_name: str = "rows",
        then: Pair | None = None,
    ) -> None:
        self.said, self.values, self.rows, self.rows_name, self.then = said, dict(values or {}), rows, rows_name, then

    def tell(self, app: App) -> None:
        """On standard output; NotTold when that cannot be written to."""
        text = self.json() if app.as_json else self.text(app.lang)
        try:
            click.echo(text)
        except OSError as error:
            _close_output()
            by = f" by transaction {app.handed_over}" if app.handed_over else ""
            raise NotTold(
                f"It was done{by}, but the result could not be written: {error.strerror}. Do not repeat it.",
                tx_hash=app.handed_over,
            ) from None

    def to_dict(self) -> dict[str, Any]:
        found = {name: plain(value, name) for name, value in self.values.items()}
        if self.rows is not None:
            found[self.rows_name] = [plain(row) for row in self.rows]
        return found

    def json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def text(self, lang: str) -> str:
        parts = [self.said.in_(lang)]
        if self.values:
            parts.append(_aligned([line for name, value in self.values.items() for line in _lines(name, value, lang)]))
        if self.rows:
            parts.append(_table(self.rows, lang))
        if self.then:
            parts.append(self.then.in_(lang))
        return "\n".join(parts)


def _close_output() -> None:
    """What is left in the buffer goes nowhere, so that the end of the program does not stumble over it again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def done(en: str, ja: str, result: Any, **more: object) -> Report:
    """The report of an act that a client carried out; the sentences may name values of the result as `{units}`."""
    values = values_of(result) | more
    shown = {name: _shown(value, name) for name, value in values.items()}
    return Report(Pair(en.format(**shown), ja.format(**shown)), values)


def values_of(result: Any) -> dict[str, object]:
    """The fields of a record by name, its receipt as the transaction's hash and block."""
    found: dict[str, object] = {}
    for field in fields(result):
        if field.name != "receipt":
            found[field.name.rstrip("_")] = getattr(result, field.name)
    receipt = getattr(result, "receipt", None)
    if receipt is not None:
        if "log_index" in found:
            found["move"] = f"{receipt.tx_hash}:{found['log_index']}"
        found |= transaction(receipt)
    return found


def transaction(receipt: Receipt) -> dict[str, object]:
    return {"tx_hash": receipt.tx_hash, "block_number": receipt.block_number, "gas_used": receipt.gas_used}


def plain(value: Any, name: str = "") -> Any:
    """Ready for JSON: whole numbers exact, bytes hexadecimal, times UTC seconds, members of enumerations by name."""
    if isinstance(value, IntFlag):
        return [member.name for member in value]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, bytes):
        return _spelled(value, name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) > _EXACT else value
    if is_dataclass(value):
        value = values_of(value)
    if isinstance(value, Mapping):
        return {key: plain(item, key) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [plain(item, name) for item in value]
    return value if value is None or isinstance(value, str | bool | float) else str(value)


def _spelled(value: bytes, name: str) -> str:
    if name not in _SPELLED:
        return to_hex(value)
    return partition_name(value) if any(value) else ""


def _lines(name: str, value: Any, lang: str, indent: str = "") -> list[list[str]]:
    """Label and text; a mapping is a line for each of its values, a list one for each of its items."""
    label = indent + _label(name, lang)
    if isinstance(value, Mapping) and value:
        nested = [line for key, item in value.items() for line in _lines(key, item, lang, indent + "  ")]
        return [[label, ""], *nested]
    if isinstance(value, tuple | list) and value and all(isinstance(item, str) for item in value):
        return [[label if place == 0 else "", item] for place, item in enumerate(value)]
    return [[label, _shown(value, name, lang)]]


def _shown(value: Any, name: str, lang: str = "en") -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return Pair("yes" if value else "no", "はい" if value else "いいえ").in_(lang)
    if name in _TIMES and isinstance(value, int):
        return format_jst(value) if 0 < value < _LAST_TIME else "-" if value == 0 else str(value)
    if isinstance(value, IntFlag):
        return "+".join(member.name or "" for member in value) or "-"
    if isinstance(value, date | Decimal):
        return str(value)
    if is_dataclass(value):
        value = values_of(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_shown(item, key, lang)}" for key, item in value.items())
    if isinstance(value, tuple | list | frozenset):
        listed = any(is_dataclass(item) or isinstance(item, Mapping) for item in value)
        return str(len(value)) if listed else " ".join(_shown(item, name, lang) for item in value) or "-"
    return str(plain(value, name))


def _label(name: str, lang: str) -> str:
    return WORDS.get(name, name.replace("_", " ")) if lang == "ja" else name.replace("_", " ")


def _table(rows: Sequence[Mapping[str, object]], lang: str) -> str:
    names = list(rows[0])
    lines = [[_label(name, lang) for name in names]]
    lines += [[_shown(row[name], name, lang) for name in names] for row in rows]
    numeric = [all(isinstance(row[name], int) and name not in _TIMES for row in rows) for name in names]
    return _aligned(lines, numeric)


def _aligned(lines: list[list[str]], numeric: Sequence[bool] = ()) -> str:
    lines = [[visible(text) for text in line] for line in lines]
    widths = [max(width(line[place]) for line in lines) for place in range(len(lines[0]))]
    right = [*numeric, *[False] * (len(widths) - len(numeric))]

    def cell(text: str, place: int) -> str:
        blanks = " " * (widths[place] - width(text))
        return blanks + text if right[place] else text + blanks

    return "\n".join("  " + "  ".join(cell(text, place) for place, text in enumerate(line)).rstrip() for line in lines)
