"""The rules that only some tokens have, kept the plain way: how many, of which country, when.

Each is for the whole token (no partition) or for one partition, a window also for one holding; where there are several,
all of them are asked. A rule set anew takes the place of the old one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from people import ZERO, Faults

LARGEST = 2**94


@dataclass
class Limits:
    """In units of today; 0 is no limit."""

    minimum: int = 0
    maximum: int = 0
    lot: int = 0

    def unsound(self) -> bool:
        each = (self.minimum, self.maximum, self.lot)
        return max(each) > LARGEST or (self.maximum != 0 and max(each) > self.maximum)


@dataclass
class Window:
    """Seconds; the end of a span is the first second outside of it, 0 is no bound."""

    opens: int = 0
    closes: int = 0
    shut_from: int = 0
    shut_until: int = 0

    def unsound(self) -> bool:
        backwards = self.closes and self.closes <= self.opens
        never_shut = self.shut_until < self.shut_from or self.shut_until == self.shut_from != 0
        return bool(backwards or never_shut)


@dataclass
class Countries:
    codes: frozenset[int] = frozenset()
    admitted: bool = False

    def unsound(self) -> bool:
        return any(not 0 < code < 1000 for code in self.codes)


@dataclass
class Book:
    limits: dict[str, Limits] = field(default_factory=dict)
    windows: dict[tuple[str, str], Window] = field(default_factory=dict)
    countries: dict[str, Countries] = field(default_factory=dict)
    #: Seconds before every record date in which nothing is transferred.
    closed_before: int = 0

    def multiply(self, n: int) -> None:
        """A split: limits are counted in units too."""
        for limits in self.limits.values():
            limits.minimum *= n
            limits.maximum *= n
            limits.lot *= n

    def of_lots(self, partition: str, units: int, held: int | None) -> Faults:
        """`held`: by a giver who is bound; one who sells out may give an odd lot."""
        lots = [limits.lot for limits in self._limits(partition) if limits.lot]
        odd = any(units % lot for lot in lots) and units != held
        return {"UnitsNotInLots"} if odd else set()

    def of_a_rest(self, partition: str, rest: int) -> Faults:
        """What a giver who is bound keeps; nothing is well too."""
        short = any(0 < rest < limits.minimum for limits in self._limits(partition))
        return {"HoldingBelowMinimum"} if short else set()

    def of_a_gain(self, partition: str, afterwards: int) -> Faults:
        """What a receiver who is bound has afterwards."""
        limits = self._limits(partition)
        short = any(afterwards < each.minimum for each in limits)
        long = any(0 < each.maximum < afterwards for each in limits)
        return ({"HoldingBelowMinimum"} if short else set()) | ({"HoldingAboveMaximum"} if long else set())

    def of_a_country(self, partition: str, country: int) -> Faults:
        lists = [self.countries[scope] for scope in ("", partition) if scope in self.countries]
        refused = any(each.codes and not self._agrees(each, country) for each in lists)
        return {"CountryRefused"} if refused else set()

    def of_the_time(self, partition: str, sender: str, now: int, record_date: int) -> Faults:
        """`record_date`: the next one ahead, 0 if there is none."""
        faults: Faults = set()
        for place in (("", ZERO), (partition, ZERO), (partition, sender)):
            window = self.windows.get(place, Window())
            if now < window.opens or 0 < window.closes <= now:
                faults |= {"TransferWindowClosed"}
            if window.shut_from <= now < window.shut_until:
                faults |= {"ClosedPeriodRunning"}
        if self.closed_before and record_date and now >= record_date - self.closed_before:
            faults |= {"ClosedPeriodRunning"}
        return faults

    def moments(self, record_dates: list[int]) -> list[int]:
        """Instants at which a rule begins or ends to refuse."""
        spans = [(w.opens, w.closes, w.shut_from, w.shut_until) for w in self.windows.values()]
        return [moment for span in spans for moment in span] + [date - self.closed_before for date in record_dates]

    def _limits(self, partition: str) -> list[Limits]:
        return [self.limits[scope] for scope in ("", partition) if scope in self.limits]

    @staticmethod
    def _agrees(listed: Countries, country: int) -> bool:
        """A country that is none agrees with no list, whichever way it is meant."""
        return 0 < country < 1000 and (country in listed.codes) == listed.admitted
