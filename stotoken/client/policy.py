"""What every move of a token is judged by, unpacked from the one word that is kept on chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stotoken.types import InvestorClass, MoveKind

#: The standard rules, in the order of their bytes.
RULES = ("STANDING", "CLASS", "FREEZE", "LOCKUP", "FREE_UNITS", "HOLDER_CAP", "APPROVAL", "MATURITY")


@dataclass(frozen=True, slots=True)
class PolicyView:
    """Times are UTC seconds, 0 for none. Dates of the calendar that no move has touched yet are not rolled in."""

    #: Rule to the kinds of move it governs.
    governs: Mapping[str, frozenset[MoveKind]]
    next_epoch_at: int
    locked_until: int
    maturity: int
    #: Investors that may hold at once; 0: they are not counted.
    holder_cap: int
    receive_classes: InvestorClass
    epoch: int
    paused: bool
    closed: bool
    puttable: bool
    #: A holding moves as a whole or not at all.
    whole_only: bool
    #: Limits, countries, windows, sanctions or rules of third parties are asked too.
    rule_book: bool

    @classmethod
    def of(cls, word: int) -> PolicyView:
        flags = word >> 240 & 0xFF
        return cls(
            {rule: _kinds(word >> 8 * place & 0xFF) for place, rule in enumerate(RULES)},
            next_epoch_at=word >> 64 & 0xFFFFFFFFFF,
            locked_until=word >> 104 & 0xFFFFFFFFFF,
            maturity=word >> 144 & 0xFFFFFFFFFF,
            holder_cap=word >> 184 & 0xFFFFFF,
            receive_classes=InvestorClass(word >> 208 & 0xFFFF),
            epoch=word >> 224 & 0xFFFF,
            paused=bool(flags & 1),
            closed=bool(flags & 2),
            puttable=bool(flags & 4),
            whole_only=bool(flags & 16),
            rule_book=bool(flags & 32),
        )

    @property
    def approval_required(self) -> bool:
        """Whether the issuer approves every transfer."""
        return MoveKind.TRANSFER in self.governs["APPROVAL"]


def _kinds(mask: int) -> frozenset[MoveKind]:
    return frozenset(kind for kind in MoveKind if mask >> kind & 1)
