"""The register at one moment: now, an instant, or just before a record date."""

from __future__ import annotations

from functools import cached_property

from stotoken.errors import InputError
from stotoken.ledger.acquisitions import Acquisition, Acquisitions
from stotoken.ledger.events import Moved
from stotoken.ledger.investors import Investors
from stotoken.ledger.register import Held, Register, Supply
from stotoken.types import Units


class View:
    """Everything is counted in units of that moment."""

    def __init__(self, register: Register, as_of: int | None = None, record_date: int | None = None) -> None:
        if as_of is not None and record_date is not None:
            raise InputError("A report is as of an instant or of a record date, not of both; none was made.")
        self.register, self.record_date, self.calendar = register, record_date, register.calendar
        self.moment = register.moment(as_of, record_date)
        self.epoch = self.moment.epoch
        if record_date is None:
            #: UTC seconds: the last that counts, or the one in which the record date began.
            self.as_of = self.moment.clock
            self.supply: Supply = register.supply(self.as_of)
        else:
            self.as_of = self.calendar[record_date].start
            self.supply = register.supply_at_record_date(record_date)

    @cached_property
    def holdings(self) -> list[Held]:
        """By partition, investor and wallet."""
        if self.record_date is None:
            found = self.register.holdings(self.as_of)
        else:
            found = self.register.at_record_date(self.record_date)
        return sorted(found, key=lambda held: (held.partition, held.investor or b"", held.wallet))

    @cached_property
    def investors(self) -> Investors:
        """Of which investor each wallet is."""
        return Investors(self.register)

    @cached_property
    def _acquisitions(self) -> Acquisitions:
        return Acquisitions(self.register, self.moment)

    @cached_property
    def moves(self) -> list[tuple[Moved, int]]:
        """All up to the moment, in chain order, each with its epoch."""
        return list(self.register.moves_until(self.moment))

    @property
    def total(self) -> Units:
        """Issued units over all partitions."""
        return sum(self.supply.values())

    def lots(self, held: Held) -> list[Acquisition]:
        """When the units of a holding were acquired, the oldest first."""
        return self._acquisitions.of(held)

    def scaled(self, units: Units, epoch: int) -> Units:
        """Units of an earlier epoch as units of the moment."""
        return self.calendar.scale(units, epoch, self.epoch)
