"""Where the clock hangs by which a report is asked for and told: Japan, unless another zone is named."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stotoken.errors import InputError
from stotoken.types import JST, format_jst, parse_date

TOKYO = "Asia/Tokyo"
#: The last second whose year Python can write in any zone.
_LAST = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())


class Zone(NamedTuple):
    """A zone by its name in the IANA database. Japan needs no database."""

    name: str
    clock: tzinfo

    @classmethod
    def named(cls, name: str) -> Zone:
        if name == TOKYO:
            return JAPAN
        try:
            return cls(name, ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InputError(f"'{name}' is not a time zone of this machine: write one such as Asia/Tokyo.") from None

    def parse(self, text: str) -> int:
        """UTC seconds of a date and time, read in this zone where it names no offset; of a day, its last second."""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return self.midnight_after(parse_date(text)) - 1
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise InputError(
                f"'{text}' is not a date and time: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, with an offset if not of "
                f"{self.name}."
            ) from None
        if moment.microsecond:
            raise InputError(f"'{text}' has a fraction of a second: chain time is whole seconds.")
        return self._seconds(moment) if moment.tzinfo is None else int(moment.timestamp())

    def midnight_after(self, day: date) -> int:
        """The first second of the next day, UTC seconds."""
        if day == date.max:
            raise InputError(f"'{day}' is beyond the years that can be told.")
        following = day + timedelta(days=1)
        return self._seconds(datetime(following.year, following.month, following.day))

    def _seconds(self, local: datetime) -> int:
        """UTC seconds of a clock time; the first of two, InputError where the clock jumps over it."""
        moment = local.replace(tzinfo=self.clock)
        back = moment.astimezone(UTC).astimezone(self.clock).replace(tzinfo=None)
        if back != local and not (local.hour == local.minute == local.second == 0):
            raise InputError(f"'{local.isoformat()}' is no time in {self.name}: its clock jumps over it.")
        return int(moment.timestamp())

    def iso(self, second: int) -> str:
        """`2027-03-31T23:59:59+09:00`"""
        return format_jst(second) if second > _LAST else _iso(second, self.clock)

    def text(self, second: int) -> str:
        """`2027-03-31 23:59:59`; with its offset where that is not the same all year."""
        whole = self.iso(second).replace("T", " ")
        return whole[:19] if self.name == TOKYO and second <= _LAST else whole

    def day(self, second: int) -> str:
        """`2027-03-31`"""
        return self.iso(second).split("T")[0]

    @property
    def shown(self) -> str:
        return f"{self.name} (JST, UTC+9)" if self.name == TOKYO else self.name


@lru_cache(1 << 14)
def _iso(second: int, clock: tzinfo) -> str:
    return datetime.fromtimestamp(second, clock).isoformat(timespec="seconds")


JAPAN = Zone(TOKYO, JST)
