"""The orders that set the further rules of a token, on the register of `model`; see `acts` for what they give back."""

from __future__ import annotations

from book import Countries, Limits, Window
from model import Register
from people import ZERO, Faults


class BookActs(Register):
    def set_limits(self, scope: str, limits: Limits) -> Faults:
        faults = self.system.halted() | self._unknown_scope(scope) | _unsound(limits.unsound())
        if not faults:
            self.book.limits[scope] = limits
        return faults

    def set_countries(self, scope: str, countries: Countries) -> Faults:
        faults = self.system.halted() | self._unknown_scope(scope) | _unsound(countries.unsound())
        if not faults:
            self.book.countries[scope] = countries
        return faults

    def set_window(self, scope: str, wallet: str, window: Window) -> Faults:
        """A holding is one of a partition."""
        faults = self.system.halted() | self._unknown_scope(scope)
        faults |= _unsound(window.unsound() or (not scope and wallet != ZERO))
        if not faults:
            self.book.windows[scope, wallet] = window
        return faults

    def set_closed_period(self, span: int) -> Faults:
        faults = self.system.halted()
        if not faults:
            self.book.closed_before = span
        return faults

    def _unknown(self, partition: str) -> Faults:
        return set() if partition in self.partitions else {"PartitionUnknown"}

    def _unknown_scope(self, scope: str) -> Faults:
        """No partition is the whole token."""
        return self._unknown(scope) if scope else set()


def _unsound(is_so: bool) -> Faults:
    return {"RuleUnsound"} if is_so else set()
