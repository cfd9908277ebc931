"""What a unit is: a split makes several of each, so that the same row says less after it than before.

The rows of a job are in units of the instant at which they are first given. The journal keeps by which factor of the
token's calendar that was, and the calendar is asked again before anything is signed and before anything is sent.
"""

from __future__ import annotations

import time
from typing import NamedTuple

from stotoken.chain.connection import Connection
from stotoken.client import bindings
from stotoken.client.bindings import structs
from stotoken.client.events import abi_of
from stotoken.errors import ChainReorganised
from stotoken.types import Address

#: Seconds before a split in which nothing more is sent in units of before: so long may it wait to be mined.
MARGIN = 900


class Split(NamedTuple):
    """One or more in a row: units that each becomes, and when the first begins, UTC seconds, with which epoch."""

    ratio: int
    start: int
    epoch: int


class Units:
    """Of the tokens of one chain, by their calendars as they are when they are asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: Where each calendar was last looked into.
        self._epochs: dict[Address, int] = {}

    def factor(self, token: Address, block: int | str = "latest") -> int:
        """How many units one of the token's first is, at the time of a block."""
        return self._last(token, self._connection.block(block).timestamp)[1].factor

    def split(self, token: Address, factor: int, until: int = 0) -> Split | None:
        """The split that ends units of a factor, if it begins before what is sent now, or at `until`, is surely mined.

        Time is the later of the chain's, which may have stood since its last block, and the clock's.
        """
        now = max(self._connection.block("latest").timestamp, int(time.time()), until)
        epoch, last = self._last(token, now + MARGIN)
        if last.factor < factor:
            raise ChainReorganised(
                f"The chain has a split of {token} no more, in whose units rows of a job are; nothing was sent."
            )
        if last.factor == factor:
            return None
        first, calendar = last, bindings.SecurityToken(self._connection, token)
        while (before := calendar.epoch_of(epoch := epoch - 1)).factor > factor:
            first = before
        return Split(last.factor // factor, first.start, epoch + 1)

    def is_after(self, token: Address, split: Split, block_number: int) -> bool:
        """Whether units of a block are those of after a split. Of two in one second the order in the chain tells, and
        of one block it is taken to be so."""
        if self._connection.block(block_number).timestamp < split.start:
            return False
        topics = abi_of("SecurityToken").event("SplitScheduled").topics(epoch=split.epoch)
        scheduled = self._connection.logs([token], to_block=block_number, topics=topics)
        return bool(scheduled)

    def _last(self, token: Address, instant: int) -> tuple[int, structs.Epoch]:
        """The last epoch that has begun at an instant, by its number, whether or not the chain is that far."""
        calendar = bindings.SecurityToken(self._connection, token)
        epoch = self._epochs[token] if token in self._epochs else calendar.current_epoch()
        here = calendar.epoch_of(epoch)
        while epoch and (here.start == 0 or here.start > instant):
            epoch -= 1
            here = calendar.epoch_of(epoch)
        while 0 < (after := calendar.epoch_of(epoch + 1)).start <= instant:
            epoch, here = epoch + 1, after
        self._epochs[token] = epoch
        return epoch, here
