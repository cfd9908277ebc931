"""Where along the chain: blocks that were read, and up to where things count."""

from __future__ import annotations

from typing import NamedTuple

from stotoken.ledger.schema import BLOCKS


class Mark(NamedTuple):
    """A block that was read."""

    number: int
    hash: str
    timestamp: int


class Moment(NamedTuple):
    """What was written up to a point (see `schema.point`), looked at in units of an epoch.

    `clock`: the second that decides whether a lot is over.
    """

    epoch: int
    point: int
    clock: int

    @property
    def block(self) -> int:
        """The last block that counts; -1 when none does."""
        return self.point if self.point < 0 else self.point % BLOCKS
