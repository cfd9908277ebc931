"""What a report is about: the terms of a security that never change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from stotoken.client.token import Token
from stotoken.reports.sheet import Words
from stotoken.terms import minor_digits
from stotoken.types import Address, Instrument, Units

INSTRUMENTS = {
    Instrument.SHARE: Words("share", "株式"),
    Instrument.BOND: Words("bond", "社債"),
    Instrument.BENEFICIAL_INTEREST: Words("beneficial interest", "信託受益権"),
    Instrument.FUND_UNIT: Words("fund unit", "ファンド持分"),
}


@dataclass(frozen=True, slots=True)
class Security:
    address: Address
    name: str
    symbol: str
    identifier: str
    instrument: Instrument
    currency: str
    #: Of one unit as it was issued, in the smallest units of the currency.
    face_value: int

    @classmethod
    def of(cls, token: Token) -> Self:
        terms = token.terms()
        return cls(
            token.address,
            terms.name,
            terms.symbol,
            terms.identifier.rstrip(b"\0").decode("ascii", "replace"),
            Instrument(terms.instrument),
            terms.currency.rstrip(b"\0").decode("ascii", "replace"),
            terms.face_value,
        )

    def amount(self, units: Units, factor: int) -> Decimal:
        """Face value of units, of which each unit that was issued has become `factor`; rounded half up."""
        minor = (2 * units * self.face_value + factor) // (2 * factor)
        return Decimal(minor).scaleb(-minor_digits(self.currency))
