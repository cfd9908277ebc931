"""The terms of a security, read from YAML and checked for form and for legal consistency before anything is sent.

Terms are one flat mapping. Amounts are written as whole numbers or quoted text, never as floating point; days are
days of Japan. What a file may hold is `TokenSpec`; what makes it inconsistent stands in `law`, one sentence each.
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
from stotoken.inputs import Faults, TermsFaults, half_width_hint, parse_country, parse_day, read_mapping
from stotoken.law import DEFAULT_PARTITION as DEFAULT_PARTITION
from stotoken.law import broken_rules, repeats
from stotoken.types import (
    Address,
    Instrument,
    InvestorClass,
    LegalCategory,
    jst_end_of_day,
    jst_start_of_day,
    parse_address,
    partition_id,
)

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
    minimum: int = 0
    """units that a holding has at least, 0 for none"""
    maximum: int = 0
    """units that a holding has at most, 0 for none"""
    lot_size: int = 0
    """units move in multiples of it, 0 for any number"""
    admitted_countries: tuple[int, ...] = ()
    """ISO 3166-1 numbers: only investors of these may receive; none for any"""
    refused_countries: tuple[int, ...] = ()
    transfer_window: tuple[date | None, date | None] = (None, None)
    """first and last day of transfers, None for no bound"""
    closed_period_days: int = 0
    """days before every record date without transfers"""
    sanctions_oracle: Address | None = None
    rules: tuple[Address, ...] = ()
    """contracts of third parties that are asked too"""
    documents: tuple[Document, ...] = ()

    def __post_init__(self) -> None:
        faults = Faults(None, TermsFaults)
        for field, sentence in broken_rules(self):
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
        for field, sentence in broken_rules(SimpleNamespace(**parsed)):
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
    if repeats(named):
        raise InputError("names the same class twice")
    return reduce(or_, named, InvestorClass(0))


def _names(value: object) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _countries(value: object) -> tuple[int, ...]:
    """YAML leaves 036 text and makes 392 a number."""
    return tuple(parse_country(str(item)) for item in _list(value))


def _window(value: object) -> tuple[date | None, date | None]:
    days = _list(value)
    if len(days) != 2:
        raise InputError("must be a list of the first and the last day, null for no bound")
    return None if days[0] is None else _day(days[0]), None if days[1] is None else _day(days[1])


def _address(value: object) -> Address:
    try:
        return parse_address(_text(value))
    except InputError as error:
        raise InputError(f"holds no address: {error}") from None


def _addresses(value: object) -> tuple[Address, ...]:
    return tuple(_address(item) for item in _list(value))


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
    "minimum": _whole,
    "maximum": _whole,
    "lot_size": _whole,
    "admitted_countries": _countries,
    "refused_countries": _countries,
    "transfer_window": _window,
    "closed_period_days": _whole,
    "sanctions_oracle": _address,
    "rules": _addresses,
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
