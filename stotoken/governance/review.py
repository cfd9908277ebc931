"""The access review: who holds which role since when, by whom it was given, and what this lets the holder do."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stotoken.errors import InputError
from stotoken.governance.matrix import guardians_in, role_name
from stotoken.governance.rights import Grant, Rights
from stotoken.types import Address, format_jst

#: Column: heading in English, in Japanese.
COLUMNS = {
    "role": ("role", "役割"),
    "account": ("account", "保持者"),
    "token": ("token (empty: whole system)", "トークン(空欄: システム全体)"),
    "identifier": ("identifier", "識別子"),
    "since": ("since", "付与日時"),
    "block_number": ("block", "ブロック"),
    "tx_hash": ("transaction", "取引"),
    "order": ("order (empty: deployment)", "命令(空欄: 配備時)"),
    "by": ("granted by", "付与者"),
    "execute": ("may execute alone", "単独執行できる関数"),
    "propose": ("may propose", "提案できる関数"),
    "approve": ("may approve", "承認できる関数"),
    "veto": ("may veto orders for", "却下できる命令の関数"),
}


@dataclass(frozen=True)
class Access:
    """One seat. Functions as `token.pause`, by what the holder may do with them."""

    role: str
    account: Address
    token: Address | None
    identifier: str
    grant: Grant
    functions: Mapping[str, tuple[str, ...]]

    @property
    def values(self) -> dict[str, object]:
        """By the names of `COLUMNS`; `since` in UTC seconds."""
        grant = self.grant
        return {
            "role": self.role, "account": self.account, "token": self.token, "identifier": self.identifier,
            "since": grant.since, "block_number": grant.block_number, "tx_hash": grant.tx_hash, "order": grant.order,
            "by": grant.by, **self.functions,
        }  # fmt: skip


def access_review(chain: Rights) -> tuple[Access, ...]:
    """Every seat on chain, the system's before the tokens', by role and in the order of the grants."""
    found = []
    for seat, grant in chain.seats.items():
        if grant is not None:
            role, token = chain.scope(seat.number)
            identifier = chain.identifiers.get(token or "", "")
            functions = _functions(chain, role, scoped=token is not None)
            access = Access(role_name(role), seat.account, token, identifier, grant, functions)
            found.append((seat.number >> 8, role, grant.block_number, access))
    return tuple(access for *_, access in sorted(found, key=lambda each: each[:3]))


def review_csv(review: tuple[Access, ...], lang: str = "en") -> bytes:
    """UTF-8 with BOM and one line a seat, so that spreadsheets open it as it is; times in Japan."""
    if lang not in ("en", "ja"):
        raise InputError(f"Language '{lang}' is not one of en, ja.")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading[lang == "ja"] for heading in COLUMNS.values())
    for access in review:
        values = access.values
        writer.writerow(_cell(name, values[name]) for name in COLUMNS)
    return text.getvalue().encode("utf-8-sig")


def _functions(chain: Rights, role: int, *, scoped: bool) -> dict[str, tuple[str, ...]]:
    may: dict[str, list[str]] = {"execute": [], "propose": [], "approve": [], "veto": []}
    for door, row in chain.rows.items():
        name = chain.function(door)
        if scoped and not name.startswith("token."):
            continue
        sides = {
            "execute": row.executors,
            "propose": row.proposers,
            "approve": row.approvers,
            "veto": guardians_in(row),
        }
        for side, mask in sides.items():
            if mask >> role & 1:
                may[side].append(name)
    return {side: tuple(names) for side, names in may.items()}


def _cell(name: str, value: object) -> object:
    if name == "since" and isinstance(value, int):
        return format_jst(value)
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else value


def by_section(names: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """`token.pause`, `token.split` as token and its functions."""
    sections: dict[str, list[str]] = {}
    for name in names:
        section, _, function = name.partition(".")
        sections.setdefault(section, []).append(function)
    yield from sections.items()
