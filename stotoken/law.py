"""Which terms the law, and reason, allow together: one sentence each, and the floor of each legal category."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from stotoken.types import Instrument, InvestorClass, LegalCategory

DEFAULT_PARTITION = "default"
MAX_AUTHORISED = 2**94 - 1


@dataclass(frozen=True)
class Floor:
    """What the law asks of a legal category at least; an issuer may ask more, and nobody can ask less."""

    en: str
    ja: str
    """what kind of offer it is and why it has this floor"""
    classes: InvestorClass | None = None
    """only these may be admitted; None: any class"""
    holder_cap: int = 0
    """the largest cap, 0: none is needed"""
    approval_required: bool = False
    whole_only: bool = False
    instruments: tuple[Instrument, ...] = tuple(Instrument)


_I, _L, _C = Instrument, LegalCategory, InvestorClass
FLOORS: Mapping[LegalCategory, Floor] = {
    _L.PUBLIC_PARA1: Floor(
        "Offered to the public as a paragraph-1 security: disclosure protects investors, so the law limits neither who "
        "may hold nor how many.",
        "第一項有価証券の公募。投資者は開示により保護されるため、取得者の区分・人数に法定の制限はありません。",
    ),
    _L.QII_ONLY: Floor(
        "Placed with qualified institutional investors: the system itself must make a transfer to anybody else "
        "impossible (Cabinet Office Order on Definitions, article 13-4).",
        "適格機関投資家私募。適格機関投資家以外の者への移転ができない技術的措置が必要です(定義府令13条の4)。",
        classes=_C.QII,
    ),
    _L.SMALL_NUMBER: Floor(
        "Placed with fewer than 50 investors: at most 49 hold at once, and a holding is not divided among more.",
        "少人数私募。保有者は49名以下とし、一括譲渡以外の譲渡を制限します。",
        holder_cap=49,
        whole_only=True,
    ),
    _L.EXEMPT_ERTR: Floor(
        "Exempt electronically recorded transferable right: only qualified institutional and special investors acquire "
        "it, and the issuer consents to each transfer (Cabinet Office Order on Definitions, article 9-2).",
        "適用除外電子記録移転権利。取得者を適格機関投資家・特例業務対象投資家等に限り、"
        "移転の都度発行者の承諾を要します(定義府令9条の2)。",
        classes=_C.QII | _C.SPECIAL,
        approval_required=True,
    ),
    _L.PRO_INVESTOR: Floor(
        "Placed with professional investors: only they and qualified institutional investors may acquire it.",
        "特定投資家私募。取得者を特定投資家(適格機関投資家を含む)に限ります。",
        classes=_C.PRO | _C.QII,
    ),
    _L.FUND_PARA2: Floor(
        "Paragraph-2 fund interest without a public offer: fewer than 500 investors acquire it.",
        "第二項有価証券(ファンド持分等)の私募。取得者を499名以下とします。",
        holder_cap=499,
        instruments=(_I.BENEFICIAL_INTEREST, _I.FUND_UNIT),
    ),
}


def _isin_holds(identifier: str) -> bool:
    """Luhn over the ISIN with letters as 10..35; an identifier that is not shaped like an ISIN is the firm's own."""
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", identifier):
        return True
    digits = "".join(str(int(character, 36)) for character in identifier)
    return sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits))) % 10 == 0


def _beyond(classes: InvestorClass, *allowed: InvestorClass) -> bool:
    return bool(classes & ~reduce(or_, allowed))


def repeats(items: Iterable[object]) -> bool:
    listed = list(items)
    return len(set(listed)) < len(listed)


#: Field, when it is broken, and what is wrong with it.
RULES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
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
    ("partitions", lambda t: repeats(t.partitions), "names the same partition twice"),
    ("maturity", lambda t: t.instrument is _I.BOND and t.maturity is None, "is missing: a bond needs a maturity"),
    ("maturity", lambda t: t.instrument is _I.SHARE and t.maturity is not None, "must be left out: a share has none"),
    ("maturity", lambda t: t.maturity is not None and t.maturity <= t.issue_date, "must be after the issue date"),
    ("lockup_until", lambda t: t.lockup_until is not None and t.lockup_until < t.issue_date,
     "is before the issue date, so that it would lock nothing"),
    ("lockup_until", lambda t: None not in (t.lockup_until, t.maturity) and t.lockup_until > t.maturity,
     "is after the maturity"),
    ("holder_cap", lambda t: not 0 <= t.holder_cap < 2**24, "must be between 0 (no cap) and 2^24 - 1"),
    ("receive_classes", lambda t: not t.receive_classes, "must name at least one class, else nobody could receive it"),
    ("documents", lambda t: repeats(document.name for document in t.documents), "names the same document twice"),
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
    ("minimum", lambda t: not 0 <= t.minimum < 2**94, "must be between 0 (none) and 2^94 - 1"),
    ("maximum", lambda t: not 0 <= t.maximum < 2**94, "must be between 0 (none) and 2^94 - 1"),
    ("lot_size", lambda t: not 0 <= t.lot_size < 2**94, "must be between 0 (none) and 2^94 - 1"),
    ("minimum", lambda t: 0 < t.authorised_units < t.minimum,
     "is more than the authorised units: nobody could hold it"),
    ("maximum", lambda t: t.maximum != 0 and t.minimum > t.maximum, "is less than the minimum: nobody could hold any"),
    ("lot_size", lambda t: t.maximum != 0 and t.lot_size > t.maximum, "is more than the maximum: nothing could move"),
    ("refused_countries", lambda t: bool(t.admitted_countries and t.refused_countries),
     "must be left out where admitted_countries lists all that may receive"),
    ("admitted_countries", lambda t: repeats(t.admitted_countries), "names the same country twice"),
    ("refused_countries", lambda t: repeats(t.refused_countries), "names the same country twice"),
    ("transfer_window", lambda t: None not in t.transfer_window and t.transfer_window[1] < t.transfer_window[0],
     "ends before it begins"),
    ("transfer_window", lambda t: t.transfer_window[1] is not None and t.transfer_window[1] < t.issue_date,
     "ends before the issue date: nothing could be transferred"),
    ("transfer_window", lambda t: None not in (t.transfer_window[0], t.maturity) and t.transfer_window[0] > t.maturity,
     "begins after the maturity: nothing could be transferred"),
    ("closed_period_days", lambda t: not 0 <= t.closed_period_days <= 3_650, "must be between 0 (none) and 3650 days"),
    ("rules", lambda t: len(t.rules) > 8, "must be at most 8 contracts"),
    ("rules", lambda t: repeats(t.rules), "names the same contract twice"),
)  # fmt: skip


def broken_rules(terms: Any) -> Iterable[tuple[str, str]]:
    """(field, sentence) of each broken rule; a rule about a field that could not be read is not asked."""
    for field, is_broken, sentence in RULES:
        try:
            if is_broken(terms):
                yield field, sentence
        except AttributeError as error:
            if error.obj is not terms:
                raise
