"""What the system knows of a wallet, packed into the one word that is kept on chain."""

from __future__ import annotations

from dataclasses import dataclass

from stotoken.errors import InputError
from stotoken.tables import Investor
from stotoken.types import Address, InvestorClass


@dataclass(frozen=True, slots=True)
class Standing:
    """`investor` is 16 opaque random bytes; `country` the number of ISO 3166-1; `until` UTC seconds, the first second
    in which the registration is no longer valid."""

    investor: bytes
    classes: InvestorClass
    country: int
    until: int
    frozen_at: int = 0
    """UTC seconds of the last freeze, 0 when it is not frozen"""

    @property
    def frozen(self) -> bool:
        return self.frozen_at != 0

    @property
    def word(self) -> int:
        """investor (bits 128-255) | classes (96-127) | country (80-95) | until (40-79) | frozen at (0-39)"""
        if len(self.investor) != 16:
            raise InputError(f"An investor id is 16 bytes, not {len(self.investor)}.")
        if not (0 <= self.classes < 2**32 and 0 <= self.country < 2**16 and 0 <= self.until < 2**40):
            raise InputError("Classes, country or validity of an investor are out of range.")
        packed = int.from_bytes(self.investor, "big") << 128 | int(self.classes) << 96
        return packed | self.country << 80 | self.until << 40 | self.frozen_at

    @classmethod
    def of(cls, word: int) -> Standing:
        """Back from the word, such as an event or `look` gives it."""
        return cls(
            (word >> 128).to_bytes(16, "big"),
            InvestorClass(word >> 96 & 0xFFFFFFFF),
            word >> 80 & 0xFFFF,
            word >> 40 & 0xFFFFFFFFFF,
            word & 0xFFFFFFFFFF,
        )


def standing_row(investor: Investor) -> tuple[Address, Standing]:
    """A row of the investor table as `System.register` takes it; valid until its last day is over in Japan."""
    return investor.wallet, Standing(investor.investor_id, investor.classes, investor.country, investor.expires_at)
