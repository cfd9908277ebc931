"""Of which investor a wallet is, asked once for all that ever held, and for any other when it is needed."""

from __future__ import annotations

from stotoken.ledger.register import Register
from stotoken.types import Address


class Investors(dict[Address, bytes | None]):
    """The 16 bytes of the investor by wallet; None for a wallet that the system never registered."""

    def __init__(self, register: Register) -> None:
        super().__init__(register.investors())
        self._register = register

    def __missing__(self, wallet: Address) -> bytes | None:
        found = self[wallet] = self._register.investor_of(wallet)
        return found
