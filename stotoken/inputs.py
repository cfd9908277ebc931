"""What every input file shares: text whose encoding is certain, and all its faults at once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import yaml

from stotoken.errors import ConfigError, InputError
from stotoken.types import parse_date

T = TypeVar("T")

_SHOWN = 20
_MAX_YAML_BYTES = 256 * 1024
_MAX_DEPTH = 4
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
# EUC-JP, EUC-KR and GB2312 all look like this; Shift_JIS does only when every character is half-width kana.
_EUC = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xfe]{2}|\x8e[\xa1-\xdf]|\x8f[\xa1-\xfe]{2})*")
# What Python makes of bytes that Shift_JIS leaves open, and of characters a firm or vendor added for itself.
_NOT_SHIFT_JIS = re.compile(r"[\x80-\xa0\ue000-\uf8ff]")

# The numbers of ISO 3166-1.
_COUNTRY_CODES = (
    "004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086 090 "
    "092 096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180 184 188 191 192 "
    "196 203 204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 "
    "288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 368 372 376 380 384 388 392 "
    "398 400 404 408 410 414 417 418 422 426 428 430 434 438 440 442 446 450 454 458 462 466 470 474 478 480 484 492 "
    "496 498 499 500 504 508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 "
    "585 586 591 598 600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 660 662 663 666 670 674 678 "
    "682 686 688 690 694 702 703 704 705 706 710 716 724 728 729 732 740 744 748 752 756 760 762 764 768 772 776 780 "
    "784 788 792 795 796 798 800 804 807 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 894"
)
_COUNTRIES = frozenset(_COUNTRY_CODES.split())


class InputFaults(InputError):
    """Every fault of one input file. Nothing of the file was used."""

    noun: ClassVar[str] = "file"

    def __init__(self, faults: list[InputError], *, file: Path | None) -> None:
        self.faults = tuple(faults)
        if len(faults) == 1:
            only = faults[0]
            sentence = f"{only.args[0]} Nothing of the {self.noun} was used."
            super().__init__(sentence, file=file, row=only.row, column=only.column)
            return
        lines = [f"The {self.noun} has {len(faults)} faults; nothing of it was used.", *map(str, faults[:_SHOWN])]
        if len(faults) > _SHOWN:
            lines.append(f"and {len(faults) - _SHOWN} more")
        super().__init__("\n  ".join(lines), file=file)

    def to_dict(self) -> dict[str, object]:
        return super().to_dict() | {"faults": [fault.to_dict() for fault in self.faults]}


class TermsFaults(InputFaults):
    noun = "terms file"


class TableFaults(InputFaults):
    noun = "table"


class Faults:
    """Collects the faults of one file, so that its author sees all of them at once."""

    def __init__(self, file: Path | None, kind: type[InputFaults]) -> None:
        self._file = file
        self._kind = kind
        self._found: list[InputError] = []

    def add(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        sentence = message if message.endswith(".") else f"{message}."
        self._found.append(InputError(sentence, file=self._file, row=row, column=column))

    def raise_any(self) -> None:
        if self._found:
            raise self._kind(sorted(self._found, key=lambda fault: fault.row or 0), file=self._file)


def read_text(path: Path, *, max_bytes: int) -> str:
    """The text of a UTF-8 (with or without BOM) or Shift_JIS (cp932) file; others are refused, never guessed."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name cannot be a file name"
        raise InputError(f"cannot be read: {reason}.", file=path) from None
    if len(raw) > max_bytes:
        raise InputError(f"is larger than {max_bytes} bytes.", file=path)
    return _decode(raw, path)


def _decode(raw: bytes, path: Path) -> str:
    if raw.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise InputError("is UTF-32 by the mark at byte offset 0; save it as UTF-8.", file=path)
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("is UTF-16 by the mark at byte offset 0; save it as UTF-8.", file=path)
    if control := _CONTROL.search(raw.replace(b"\r", b"\n")):
        offset = control.start()
        what = "an escape sequence, as ISO-2022-JP has" if raw[offset] == 0x1B else f"control byte 0x{raw[offset]:02X}"
        raise InputError(f"holds {what}, at byte offset {offset}; save it as UTF-8.", file=path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        not_utf8 = error.start
    if _EUC.fullmatch(raw):
        offset = next(place for place, byte in enumerate(raw) if byte > 0x7F)
        raise InputError(f"looks like EUC-JP from byte offset {offset}; save it as UTF-8 or Shift_JIS.", file=path)
    try:
        text = raw.decode("cp932")
        odd = _NOT_SHIFT_JIS.search(text)
        not_sjis = len(text[: odd.start()].encode("cp932")) if odd else None
    except UnicodeDecodeError as error:
        not_sjis = error.start
    if not_sjis is not None:
        raise InputError(
            f"is neither UTF-8 (byte 0x{raw[not_utf8]:02X} at offset {not_utf8})"
            f" nor Shift_JIS (byte 0x{raw[not_sjis]:02X} at offset {not_sjis}); save it as UTF-8.",
            file=path,
        )
    return text


def read_settings(path: Path, what: str, undone: str, make: Callable[[dict[str, Any]], T]) -> T:
    """What `make` makes of a TOML file; ConfigError names what is wrong with it, and where. `undone`: what was not."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{what} {path} cannot be read: {error.strerror}; {undone}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{what} {path} is not TOML: {error}; {undone}.") from None
    try:
        return make(found)
    except InputError as error:
        raise ConfigError(f"{what} {path}: {str(error).rstrip('.')}; {undone}.") from None


def require_known(found: Mapping[str, Any], keys: set[str], where: str) -> None:
    """InputError for a setting that there is not."""
    if unknown := set(found) - keys:
        raise InputError(f"{where} has a setting {min(unknown)}, which there is not")


def whole_or_none(value: object, what: str) -> int | None:
    """A setting that counts; InputError when it is no whole number of 0 or more."""
    if value is not None and (type(value) is not int or value < 0):
        raise InputError(f"{what} must be a whole number of 0 or more")
    return value


def parse_day(text: str) -> date:
    """A day after 1970-01-01 written YYYY-MM-DD."""
    try:
        day = parse_date(text)
    except InputError:
        day = None
    if day is None or day <= date(1970, 1, 1):
        raise InputError(half_width_hint(text) or "must be a day after 1970-01-01, written YYYY-MM-DD")
    return day


def parse_country(text: str) -> int:
    """The number of a country by ISO 3166-1, written with its three digits."""
    if text not in _COUNTRIES:
        raise InputError("must be a country's three digits by ISO 3166, such as 392 for Japan")
    return int(text)


def half_width_hint(text: str) -> str | None:
    """A sentence about characters that are not ASCII where only ASCII can be meant; None when there are none."""
    if text.isascii():
        return None
    if unicodedata.normalize("NFKC", text).isascii():
        return "holds full-width characters; type it in half-width (0-9, A-Z)"
    return "holds characters other than ASCII letters, digits and signs"


# --- YAML -------------------------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """YAML without what terms never need: anchors, aliases, tags, deep nesting."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="anchors, aliases and tags are not used", problem_mark=event.start_mark)
        if self.depth == _MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem="it is nested too deeply", problem_mark=event.start_mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_mapping(path: Path) -> tuple[dict[str, object], dict[str, int]]:
    """The mapping in a YAML file and the line of each of its keys."""
    text = read_text(path, max_bytes=_MAX_YAML_BYTES)
    try:
        node = yaml.compose(text, Loader=_Loader)
        value = _value(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InputError(f"cannot be read as YAML: {error.problem}.", file=path, row=line) from None
    except yaml.YAMLError:
        raise InputError("cannot be read as YAML: it holds characters that YAML does not allow.", file=path) from None
    if not isinstance(node, yaml.MappingNode) or not isinstance(value, dict):
        raise InputError("must be a mapping of field names to values.", file=path)
    return value, {key.value: key.start_mark.line + 1 for key, _ in node.value}


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.SequenceNode):
        return [_value(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        pairs: dict[str, object] = {}
        for key, item in node.value:
            word = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            if not word.isprintable() or not word or word in pairs:
                problem = f"{word} stands twice" if word in pairs else "a key must be a word"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            pairs[word] = _value(item)
        return pairs
    return _scalar(str(node.value), plain=node.style is None)  # type: ignore[attr-defined]


def _scalar(text: str, *, plain: bool) -> object:
    """Whole numbers, true, false and null are themselves, all else text: YAML 1.1 would read 1:30 as 90, 010 as 8."""
    words = {"": None, "~": None, "null": None, "true": True, "false": False}
    if not plain:
        return text
    if text in words:
        return words[text]
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,38})", text):
        return int(text)
    if re.fullmatch(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?", text):
        return float(text)
    return text
