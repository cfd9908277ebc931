"""What differs between what a file wants and what the chain has, each in words of both languages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from stotoken.client.bindings.structs import Row
from stotoken.governance.file import Governance
from stotoken.governance.matrix import row_words
from stotoken.governance.rights import Door, Grant, Rights, Seat
from stotoken.types import format_jst


@dataclass(frozen=True)
class MemberDiffers:
    """A seat that is taken on one side only."""

    kind: ClassVar[str] = "member"
    seat: Seat
    wanted: bool
    #: How it was taken on chain, if it is.
    grant: Grant | None
    chain: Rights = field(repr=False)

    def what(self, lang: str = "en") -> str:
        return f"{self.chain.role(self.seat.number, lang)}: {self.seat.account}"

    def expected(self, lang: str = "en") -> str:
        return _member(self.wanted, lang)

    def found(self, lang: str = "en") -> str:
        return _member(not self.wanted, lang) + (grant_words(self.grant, lang) if self.grant else "")


@dataclass(frozen=True)
class RowDiffers:
    """A row that says another thing on chain; one that is missing names nobody."""

    kind: ClassVar[str] = "row"
    door: Door
    wanted: Row
    actual: Row
    chain: Rights = field(repr=False)

    def what(self, lang: str = "en") -> str:
        return self.chain.function(self.door)

    def expected(self, lang: str = "en") -> str:
        return row_words(self.wanted, lang)

    def found(self, lang: str = "en") -> str:
        return row_words(self.actual, lang)


Difference = MemberDiffers | RowDiffers


def differences(governance: Governance, chain: Rights) -> tuple[Difference, ...]:
    """Every difference: members, then rows; members by role, rows as the file has them."""
    wanted = governance.rights(chain)
    seats = sorted(wanted.seats.keys() ^ chain.seats.keys())
    doors = (*wanted.rows, *sorted(chain.rows.keys() - wanted.rows))
    return (
        *(MemberDiffers(seat, seat in wanted.seats, chain.seats.get(seat), chain) for seat in seats),
        *(
            RowDiffers(door, wanted.row(door), chain.row(door), chain)
            for door in doors
            if wanted.row(door) != chain.row(door)
        ),
    )


def grant_words(grant: Grant, lang: str = "en") -> str:
    """` since 2026-03-31T15:00:00+09:00, block 12, by order 3`"""
    when = format_jst(grant.since)
    if lang == "ja":
        by = "配備時" if grant.order is None else f"命令 {grant.order}"
        return f"({when} から、ブロック {grant.block_number}、{by})"
    by = "at the deployment" if grant.order is None else f"by order {grant.order}"
    return f" since {when}, block {grant.block_number}, {by}"


def _member(is_one: bool, lang: str) -> str:
    if lang == "ja":
        return "保持者である" if is_one else "保持者でない"
    return "a member" if is_one else "not a member"
