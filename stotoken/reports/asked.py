"""What somebody asked for, in full: a report can be made again from it, its names file and the chain alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from stotoken.errors import InputError


class What(StrEnum):
    REGISTER = "register"
    HOLDINGS = "holdings"
    LINEAGE = "lineage"
    SUPPLY = "supply"
    DIFFERENCE = "diff"
    CERTIFICATE = "certificate"


class Format(StrEnum):
    """Also how its files end."""

    CSV = "csv"
    JSON = "json"
    TXT = "txt"
    XLSX = "xlsx"
    PDF = "pdf"
    SVG = "svg"
    PNG = "png"


class By(StrEnum):
    """Whose units stand in a row: all wallets of an investor joined, or each wallet."""

    INVESTOR = "investor"
    WALLET = "wallet"


#: Encodings of CSV: UTF-8 with a mark that spreadsheets look for, or Shift_JIS as spreadsheets in Japan write it.
ENCODINGS = {"utf-8": "utf-8-sig", "shift_jis": "cp932"}
LANGUAGES = ("en", "ja")
_CHARTS = (What.REGISTER, What.HOLDINGS, What.SUPPLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`as_of`, `since`: UTC seconds. The words of `what`, `by`, `format` are those of their enumerations."""

    what: What
    format: Format = Format.CSV
    lang: str = "ja"
    zone: str = "Asia/Tokyo"
    encoding: str = "utf-8"
    #: The last second that counts; None with a record date.
    as_of: int | None = None
    record_date: int | None = None
    #: The earlier instant of a difference; the first of a lineage.
    since: int | None = None
    by: By = By.INVESTOR
    layout: str = ""
    issuer: str = ""
    #: Moves of this wallet (address) or investor (16 bytes) alone, in hexadecimal.
    holder: str = ""
    partition: str = ""
    #: Transaction hash and log index of a certificate's move: `0x…:3`.
    move: str = ""

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise InputError(f"Language '{self.lang}' is not one of {', '.join(LANGUAGES)}.")
        if self.encoding not in ENCODINGS:
            raise InputError(f"Encoding '{self.encoding}' is not one of {', '.join(ENCODINGS)}.")
        if self.encoding != "utf-8" and self.format is not Format.CSV:
            raise InputError(f"Only CSV has another encoding than UTF-8; no {self.format} was made.")
        if self.format in (Format.SVG, Format.PNG) and self.what not in _CHARTS:
            raise InputError(f"There is no chart of a {self.what}: ask for {', '.join(_CHARTS)}.")
        if self.what is What.CERTIFICATE and self.format not in (Format.PDF, Format.JSON, Format.TXT):
            raise InputError(f"A certificate is made as pdf, json or txt, not as {self.format}.")

    def to_dict(self) -> dict[str, Any]:
        """Only what differs from what is asked for when nothing is said."""
        told = {name: value for name, value in asdict(self).items() if value is not None and value != ""}
        return {name: str(value) if isinstance(value, StrEnum) else value for name, value in told.items()}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """InputError when a report of this version cannot have been asked for so."""
        numbers = {"as_of", "record_date", "since"}
        try:
            known = {field.name for field in fields(cls)}
            right = all(
                name in known and isinstance(value, int if name in numbers else str) for name, value in told.items()
            )
            if not right:
                raise ValueError
            kinds: dict[str, Any] = {"what": What, "format": Format, "by": By}
            return cls(**{name: kinds.get(name, lambda value: value)(value) for name, value in told.items()})
        except (ValueError, TypeError):
            raise InputError("The manifest does not say what was asked for in words of this version.") from None


def format_of(path: Path, named: str | None) -> Format:
    """The format that was named, or the one that the file's name ends in."""
    text = named or path.suffix.removeprefix(".").lower()
    try:
        return Format(text)
    except ValueError:
        raise InputError(
            f"{path.name} does not say a format: end it in .{', .'.join(Format)}, or name one with --format; "
            "nothing was written."
        ) from None
