"""What stands beside a report: what was asked, what it rests on, what it was made with, and its SHA-256."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from stotoken.errors import InputError
from stotoken.files import parse_json
from stotoken.reports.asked import Asked
from stotoken.reports.grounds import Grounds
from stotoken.reports.sheet import Sheet, Style
from stotoken.types import parse_address

FORMAT = 2
#: What a manifest must hold, by type; `asked` looks after itself.
_SHAPE: Mapping[str, type] = {
    "report": str, "sha256": str, "title": str, "as_of": str, "rows": int, "units": int, "names_sha256": str,
    "made_with": dict, "chain_id": int, "block": int, "block_hash": str, "block_time": int, "contracts": dict,
    "code_hashes": dict, "asked": dict,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    #: Name and hash of the file; empty inside the report itself, which is the same under any name.
    report: str
    sha256: str
    asked: Asked
    title: str
    as_of: str
    grounds: Grounds
    #: Rows of all tables, units in issue at that moment.
    rows: int
    units: int
    #: SHA-256 of the names file; empty without one.
    names_sha256: str
    #: Program and libraries, by version: others may write the same report in other bytes.
    made_with: Mapping[str, str]

    @classmethod
    def of(cls, sheet: Sheet, asked: Asked, grounds: Grounds, style: Style, **more: Any) -> Self:
        facts = {fact.key: fact.value for fact in sheet.facts}
        at = facts.get("as_of", facts.get("at"))
        return cls(
            report="",
            sha256="",
            asked=asked,
            title=style.said(sheet.title),
            as_of=style.zone.iso(at) if isinstance(at, int) else "",
            grounds=grounds,
            rows=sheet.rows,
            units=more.pop("units"),
            **more,
        )

    def to_dict(self) -> dict[str, Any]:
        """Flat where a person looks first; `asked` is all that a program needs to make it again."""
        found = asdict(self)
        grounds = found.pop("grounds")
        found |= {"asked": self.asked.to_dict(), "record_date": self.asked.record_date}
        if not self.sha256:
            del found["report"], found["sha256"]
        return {"format": FORMAT, **found, **grounds}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    def lines(self) -> list[tuple[str, str]]:
        """Name and value of everything, for the last page."""
        found: list[tuple[str, str]] = []
        for name, value in self.to_dict().items():
            if isinstance(value, Mapping):
                found += [(f"{name}.{key}", str(item)) for key, item in value.items()]
            elif value is not None:
                found.append((name, str(value)))
        return found

    @classmethod
    def load(cls, report: Path) -> Self:
        """The manifest beside a report; InputError when there is none, or it is none of this version."""
        path = beside(report)
        try:
            told = parse_json(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise InputError(
                f"The manifest of {report.name} cannot be read: {why}; nothing was proved.", file=path
            ) from None
        except ValueError:
            told = None
        try:
            if told["format"] != FORMAT or any(type(told[name]) is not kind for name, kind in _SHAPE.items()):
                raise KeyError
            parse_address(told["contracts"]["token"])
            grounds = Grounds(**{name: told[name] for name in Grounds.__dataclass_fields__})
            return cls(
                asked=Asked.from_dict(told["asked"]),
                grounds=grounds,
                **{name: told[name] for name in cls.__dataclass_fields__ if name not in ("asked", "grounds")},
            )
        except (KeyError, TypeError, InputError):
            raise InputError(f"{path.name} is not a manifest of this version; nothing was proved.", file=path) from None


def beside(report: Path) -> Path:
    return report.with_name(f"{report.name}.manifest.json")
