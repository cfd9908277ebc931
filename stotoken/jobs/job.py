"""A job: what is to be done with the rows of a table, and by what it is known again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from stotoken.types import ZERO32, Address, Bytes32


class Row(NamedTuple):
    """One row of a table. `value` is its units, or the word of a standing, or nothing."""

    line: int
    wallet: Address
    value: int = 0
    partition: Bytes32 = ZERO32


@dataclass(frozen=True)
class Job:
    """One act on all rows. The same act on the same rows of the same contract is the same job, however often the table
    is given; `name` tells two apart that are meant to be two."""

    kind: str
    target: Address
    #: By partition, each in the order of the table.
    rows: tuple[Row, ...]
    name: str = ""
    #: The table they came from, for people.
    source: str = ""

    @classmethod
    def of(cls, kind: str, target: Address, rows: tuple[Row, ...], name: str = "", source: str = "") -> Job:
        places = {partition: place for place, partition in enumerate(dict.fromkeys(row.partition for row in rows))}
        ordered = rows if len(places) < 2 else tuple(sorted(rows, key=lambda row: places[row.partition]))
        return cls(kind, target, ordered, name, source)

    @cached_property
    def digest(self) -> bytes:
        """By what the job is known, here and on chain."""
        parts = [f"{self.kind}\n{self.target}\n{self.name}\n".encode()]
        for row in self.rows:
            parts += (bytes.fromhex(row.wallet[2:]), row.partition, row.value.to_bytes(32, "big"))
        return hashlib.sha256(b"".join(parts)).digest()

    @property
    def id(self) -> str:
        return self.digest.hex()[:ID_DIGITS]


#: Hexadecimal digits by which people name a job.
ID_DIGITS = 12
