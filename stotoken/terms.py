"""The terms of a security, read from YAML and checked for form and for legal consistency before anything is sent.

Terms are one flat mapping. Amounts are written as whole numbers or quoted text, never as floating point; days are
days of Japan. What a file may hold is `TokenSpec`; what makes it inconsistent is `_RULES`, one sentence each.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import partial, reduce
from operator import or_
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

from stotoken.errors import InputError
from stotoken.inputs import Faults, TermsFaults, half_width_hint, parse_day, read_mapping
from stotoken.types import Instrument, InvestorClass, LegalCategory, jst_end_of_day, jst_start_of_day, partition_id

DEFAULT_PARTITION = "default"
MAX_AUTHORISED = 2**94 - 1
_MINOR_DIGITS = (
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
)
_E = TypeVar("_E", bound=Enum)


@dataclass(frozen=True)
class Document:
    """A document that belongs to the security; only its name, address and SHA-256 go on chain."""

    name: str
    uri: str
    sha256: bytes


@dataclass(frozen=True)
class TokenSpec:
    """The terms of one security. Building one with inconsistent terms raises `TermsFaults`."""

    name: str
    symbol: str
    instrument: Instrument
    category: LegalCategory
    identifier: str
    """12 characters: the ISIN or the firm's own"""
    currency: str
    face_value: int
    """minor units of the currency for one unit, 0..2**96-1"""
    authorised_units: int
    """units, 10^-decimals of one token, 1..2**94-1"""
    issue_date: date
    receive_classes: InvestorClass
    """an investor of any of these classes may receive the security"""
    decimals: int = 0
    partitions: tuple[str, ...] = (DEFAULT_PARTITION,)
    maturity: date | None = None
    holder_cap: int = 0
    """investors that may hold at the same time, 0 for no cap"""
    approval_required: bool = False
    whole_only: bool = False
    """a holding is transferred as a whole or not at all"""
    lockup_until: date | None = None
    """the last day on which units cannot move"""
    puttable: bool = False
    documents: tuple[Document, ...] = ()

    def __post_init__(self) -> None:
        faults = Faults(None, TermsFaults)
        for field, sentence in _broken_rules(self):
            faults.add(sentence, column=field)
        faults.raise_any()

    @classmethod
    def from_file(cls, path: Path | str) -> TokenSpec:
        """The terms in a YAML file; raises `InputError`, or `TermsFaults` with every fault of the file."""
        path = Path(path)
        values, lines = read_mapping(path)
        faults = Faults(path, TermsFaults)

        def add(field: str, sentence: str) -> None:
            faults.add(sentence, row=lines.get(field), column=field)

        parsed = _parse(values, path.parent, add)
        for field, sentence in _broken_rules(SimpleNamespace(**parsed)):
            add(field, sentence)
        faults.raise_any()
        return cls(**parsed)

    @property
    def partition_ids(self) -> tuple[bytes, ...]:
        """bytes32 of each partition, the default one first."""
        return tuple(map(partition_id, self.partitions))

    @property
    def issued_at(self) -> int:
        """UTC seconds: the first instant of the issue date in Japan."""
        return jst_start_of_day(self.issue_date)

    @property
    def matures_at(self) -> int:
        """UTC seconds: the instant at which the maturity day is over in Japan; 0 without maturity."""
        return jst_end_of_day(self.maturity) if self.maturity else 0

    @property
    def locked_until(self) -> int:
        """UTC seconds: the first instant at which units may move; 0 without lock-up."""
        return jst_end_of_day(self.lockup_until) if self.lockup_until else 0


def minor_digits(currency: str) -> int:
    """Decimal places of the currency's minor unit, by ISO 4217: 0 for JPY, 2 for most."""
    return next((digits for digits, listed in _MINOR_DIGITS if currency in listed.split()), 2)


def parse_ratio(text: str) -> int:
    """N of a split written "1:N", by which every unit becomes N units, 2 <= N < 2**32."""
    match = re.fullmatch(r"1:([1-9][0-9]{0,9})", text)
    if match is None or not 2 <= (factor := int(match[1])) < 2**32:
        hint = half_width_hint(text) or "is not 1:N with a whole number N of at least 2"
        raise InputError(f"The split ratio {hint}; nothing was split.")
    return factor


# --- consistency ------------------------------------------------------------------------------------------------------


def _isin_holds(identifier: str) -> bool:
    """Luhn over the ISIN with letters as 10..35; an identifier that is not shaped like an ISIN is the firm's own."""
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", identifier):
        return True
    digits = "".join(str(int(character, 36)) for character in identifier)
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits))) % 10 == 0


def _beyond(classes: InvestorClass, *allowed: InvestorClass) -> bool:
    return bool(classes & ~reduce(or_, allowed))


def _repeats(items: Iterable[object]) -> bool:
    listed = list(items)
    return len(set(listed)) < len(listed)


_I, _L, _C = Instrument, LegalCategory, InvestorClass
_RULES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("name", lambda t: not (t.name.isprintable() and t.name.strip() == t.name and 1 <= len(t.name.encode()) <= 128),
     "must be 1 to 128 bytes of printable text without blanks at its ends"),
    ("symbol", lambda t: not re.fullmatch(r"[A-Z0-9][A-Z0-9.-]{0,10}", t.symbol),
     "must be 1 to 11 characters of A-Z, 0-9, point and hyphen"),
    ("decimals", lambda t: not 0 <= t.decimals <= 18, "must be between 0 and 18"),
    ("identifier", lambda t: not re.fullmatch(r"[A-Z0-9]{12}", t.identifier),
     "must be 12 characters of A-Z and 0-9"),
    ("identifier", lambda t: not _isin_holds(t.identifier),
     "is shaped like an ISIN but its check digit is wrong"),
    ("currency", lambda t: not re.fullmatch(r"[A-Z]{3}", t.currency), "must be the three capital letters of ISO 4217"),
    ("face_value", lambda t: not 0 <= t.face_value < 2**96, "must be between 0 and 2^96 - 1 minor units"),
    ("authorised_units", lambda t: t.authorised_units == 0, "is 0, so that nothing could ever be issued"),
    ("authorised_units", lambda t: t.authorised_units < 0 or t.authorised_units > MAX_AUTHORISED,
     "must be between 1 and 2^94 - 1"),
    ("partitions", lambda t: not t.partitions or t.partitions[0] != DEFAULT_PARTITION,
     f"must begin with the partition {DEFAULT_PARTITION!r}"),
    ("partitions", lambda t: any(not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,30}", name) for name in t.partitions),
     "must be names of at most 31 ASCII letters, digits, points, hyphens and underscores"),
    ("partitions", lambda t: len(t.partitions) > 32, "must be at most 32, the default one among them"),
    ("partitions", lambda t: _repeats(t.partitions), "names the same partition twice"),
    ("maturity", lambda t: t.instrument is _I.BOND and t.maturity is None, "is missing: a bond needs a maturity"),
    ("maturity", lambda t: t.instrument is _I.SHARE and t.maturity is not None, "must be left out: a share has none"),
    ("maturity", lambda t: t.maturity is not None and t.maturity <= t.issue_date, "must be after the issue date"),
    ("lockup_until", lambda t: t.lockup_until is not None and t.lockup_until < t.issue_date,
     "is before the issue date, so that it would lock nothing"),
    ("lockup_until", lambda t: None not in (t.lockup_until, t.maturity) and t.lockup_until > t.maturity,
     "is after the maturity"),
    ("holder_cap", lambda t: not 0 <= t.holder_cap < 2**24, "must be between 0 (no cap) and 2^24 - 1"),
    ("receive_classes", lambda t: not t.receive_classes, "must name at least one class, else nobody could receive it"),
    ("documents", lambda t: _repeats(document.name for document in t.documents), "names the same document twice"),
    ("documents", lambda t: any(len(document.sha256) != 32 for document in t.documents), "must have 32-byte hashes"),
    ("receive_classes", lambda t: t.category is _L.QII_ONLY and t.receive_classes != _C.QII,
     "must be [QII]: a QII_ONLY security goes to qualified institutional investors and to nobody else"),
    ("receive_classes", lambda t: t.category is _L.EXEMPT_ERTR and _beyond(t.receive_classes, _C.QII, _C.SPECIAL),
     "may hold only QII and SPECIAL: nobody else may receive an EXEMPT_ERTR security"),
    ("approval_required", lambda t: t.category is _L.EXEMPT_ERTR and not t.approval_required,
     "must be true: the issuer approves every transfer of an EXEMPT_ERTR security"),
    ("holder_cap", lambda t: t.category is _L.SMALL_NUMBER and not 1 <= t.holder_cap <= 49,
     "must be between 1 and 49: a SMALL_NUMBER security is placed with fewer than 50 investors"),
    ("whole_only", lambda t: t.category is _L.SMALL_NUMBER and not t.whole_only,
     "must be true: a holding of a SMALL_NUMBER security is transferred as a whole or not at all"),
    ("receive_classes", lambda t: t.category is _L.PRO_INVESTOR and _beyond(t.receive_classes, _C.PRO, _C.QII),
     "may hold only PRO and QII: nobody else may receive a PRO_INVESTOR security"),
    ("instrument", lambda t: t.category is _L.FUND_PARA2 and t.instrument not in (_I.FUND_UNIT, _I.BENEFICIAL_INTEREST),
     "must be fund_unit or beneficial_interest: FUND_PARA2 is for nothing else"),
    ("holder_cap", lambda t: t.category is _L.FUND_PARA2 and not 1 <= t.holder_cap <= 499,
     "must be between 1 and 499: a FUND_PARA2 security has fewer than 500 investors"),
)  # fmt: skip


def _broken_rules(terms: Any) -> Iterable[tuple[str, str]]:
    """(field, sentence) of each broken rule; a rule about a field that could not be read is not asked."""
    for field, is_broken, sentence in _RULES:
        try:
            if is_broken(terms):
                yield field, sentence
        except AttributeError as error:
            if error.obj is not terms:
                raise


# --- fields -----------------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise InputError("must be text; put it in quotes")
    return value


def _whole(value: object) -> int:
    if isinstance(value, str) and (hint := half_width_hint(value)):
        raise InputError(hint)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError("must be a whole number, written with digits only")
    return value


def _amount(value: object) -> Decimal:
    if isinstance(value, float):
        raise InputError("is a floating point number, which money never is; put it in quotes")
    if isinstance(value, str) and (hint := half_width_hint(value)):
        raise InputError(hint)
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", str(value)):
        raise InputError("must be an amount of at most 18 digits, written as a whole number or in quotes")
    return Decimal(str(value))


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise InputError("must be true or false")
    return value


def _day(value: object) -> date:
    return parse_day(value if isinstance(value, str) else "")


def _one_of(kind: type[_E], written: Callable[[str], str] = str) -> Callable[[object], _E]:
    known = {written(name): member for name, member in kind.__members__.items()}

    def parse(value: object) -> _E:
        if not isinstance(value, str) or value not in known:
            shown = repr(value) if isinstance(value, str) else "this"
            raise InputError(f"must be one of {', '.join(known)}; {shown} is not{_nearest(value, known)}")
        return known[value]

    return parse


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise InputError("must be a list")
    return value


def _classes(value: object) -> InvestorClass:
    named = [_one_of(InvestorClass)(item) for item in _list(value)]
    if _repeats(named):
        raise InputError("names the same class twice")
    return reduce(or_, named, InvestorClass(0))


def _names(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _documents(value: object, folder: Path) -> tuple[Document, ...]:
    return tuple(_document(item, folder) for item in _list(value))


def _document(item: object, folder: Path) -> Document:
    keys = set(item) if isinstance(item, dict) else set()
    if not isinstance(item, dict) or keys not in ({"name", "uri", "file"}, {"name", "uri", "sha256"}):
        raise InputError("must each have exactly name, uri and one of file and sha256")
    name, uri = _text(item["name"]), _text(item["uri"])
    if not re.fullmatch(r"[!-~]{1,32}", name):
        raise InputError("must have names of 1 to 32 ASCII characters without blanks")
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:[!-~]+", uri):
        raise InputError("must have an absolute address as uri, such as https://example.com/outline.pdf")
    return Document(name, uri, _hash_of(folder / _text(item["file"])) if "file" in item else _sha256(item["sha256"]))


def _sha256(value: object) -> bytes:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise InputError("must have a sha256 of 64 hexadecimal digits, in quotes")
    return bytes.fromhex(value)


def _hash_of(path: Path) -> bytes:
    try:
        if path.is_file():
            with path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").digest()
    except (OSError, ValueError):
        pass
    raise InputError(f"name the file {path.name!r}, which cannot be read")


_PARSERS: dict[str, Callable[[object], Any]] = {
    "name": _text,
    "symbol": _text,
    "decimals": _whole,
    "instrument": _one_of(Instrument, str.lower),
    "category": _one_of(LegalCategory),
    "identifier": _text,
    "currency": _text,
    "face_value": _amount,
    "authorised_units": _whole,
    "partitions": _names,
    "issue_date": _day,
    "maturity": _day,
    "receive_classes": _classes,
    "holder_cap": _whole,
    "approval_required": _yes_or_no,
    "whole_only": _yes_or_no,
    "lockup_until": _day,
    "puttable": _yes_or_no,
}


def _parse(values: dict[str, object], folder: Path, add: Callable[[str, str], None]) -> dict[str, Any]:
    """Each known field that is present and well formed, in the type `TokenSpec` gives it."""
    parsers: dict[str, Callable[[object], Any]] = {**_PARSERS, "documents": partial(_documents, folder=folder)}
    for key in values.keys() - parsers.keys():
        add(key, f"is not a field of the terms{_nearest(key, parsers)}")
    for field in fields(TokenSpec):
        if field.default is MISSING and values.get(field.name) is None:
            add(field.name, "is missing")
    parsed = {field.name: field.default for field in fields(TokenSpec) if field.default is not MISSING}
    for key, parse in parsers.items():
        if (value := values.get(key)) is None:
            continue
        try:
            parsed[key] = parse(value)
        except InputError as error:
            parsed.pop(key, None)
            add(key, str(error))
    if "face_value" in parsed:
        _to_minor_units(parsed, add)
    return parsed


def _to_minor_units(parsed: dict[str, Any], add: Callable[[str, str], None]) -> None:
    amount: Decimal = parsed.pop("face_value")
    digits = minor_digits(currency := parsed.get("currency", ""))
    if -amount.as_tuple().exponent > digits:  # type: ignore[operator]  # a regular expression let only digits through
        add("face_value", f"has more decimal places than {currency} has")
    else:
        parsed["face_value"] = int(amount.scaleb(digits))


def _nearest(word: object, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(str(word), list(known), n=1)
    return f"; the nearest is {found[0]}" if found else ""
