"""Stretches of blocks, read ahead of whoever takes them.

A stretch is good when its last header is the same before and after its logs were read, its first block stands on the
last one of the stretch before, and every log belongs to the header of its block. Otherwise the chain was reorganised
under the reader: `Shifted`, and what was read is void.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from stotoken.chain.bulk import RawLog, get_header, get_logs, header_of, logs_of
from stotoken.chain.connection import number_of
from stotoken.chain.nodes import Nodes
from stotoken.client.events import abi_of
from stotoken.errors import NodeError
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.moment import Mark
from stotoken.types import Address, Block, checksum, to_hex

#: Blocks asked for at once, at most; a node that refuses is asked for half as many.
LONGEST = 10_000
#: Blocks asked for at once at first, where nothing is known of how full they are.
FIRST = 16
#: Stretches until a number of blocks that the node refused is asked for again.
PATIENCE = 32
#: Headers in one batch.
BATCH = 500
#: Logs that a stretch should hold: enough to make the way worth it, few enough to keep memory flat.
FILL = 8_000

_CREATED = to_hex(abi_of("CoreSystem").event("TokenCreated").topic)


#: A token and the block it began in.
Created = tuple[Address, int]


class Shifted(Exception):
    """The chain was reorganised while it was read."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a range of blocks holds. `used`: blocks with logs; `created`: tokens that began in it, and their blocks."""

    last: Mark
    logs: list[RawLog]
    used: list[Mark]
    created: list[Created]

    @property
    def timestamps(self) -> dict[int, int]:
        return {mark.number: mark.timestamp for mark in self.used}


@dataclass(slots=True)
class Reader:
    """Reads on from a block, as much at once as the node gives and memory holds."""

    nodes: Nodes
    contracts: Contracts
    tokens: list[Address]
    start: int
    target: int
    longest: int = LONGEST
    #: Hash of the block before `start`; None at the beginning.
    parent: str | None = None
    #: The target's header, if somebody has it already.
    tip: Block | None = None
    span: int = FIRST
    #: Blocks that are not asked for at once again before so many stretches: the node refused.
    refused: int = 0
    patience: int = 0

    def __iter__(self) -> Iterator[Stretch]:
        """The stretches in order, each asked for while the one before is being worked on."""
        self.span = min(self.span, self.longest)
        with ThreadPoolExecutor(1) as pool:
            ahead: Future[Stretch] | None = None
            try:
                while self.start <= self.target or ahead:
                    found = ahead.result() if ahead else self._next()
                    ahead = pool.submit(self._next) if found.last.number < self.target else None
                    yield found
            finally:
                pool.shutdown(cancel_futures=True)

    def _next(self) -> Stretch:
        while True:
            end = min(self.start + self.span - 1, self.target)
            last = self.tip if self.tip and self.tip.number == end else self.nodes.headers([end])[0]
            if last is None:
                raise Shifted
            try:
                logs, created = self._logs(end, last)
            except NodeError:
                if self.start == end:
                    raise
                self.refused, self.patience = end - self.start + 1, PATIENCE
                self.span = self.refused // 2
                continue
            found = self._checked(last, logs, created)
            self.span = self._fitting(end + 1 - self.start, len(logs))
            self.start, self.parent = end + 1, last.hash
            return found

    def _fitting(self, blocks: int, logs: int) -> int:
        """How many blocks to ask for next, when so many held so many logs."""
        fitting = min(self.longest, blocks * FILL // logs if logs else self.longest)
        if self.patience and min(fitting, blocks * 2) >= self.refused:
            self.patience -= 1
            return blocks
        return max(1, min(fitting, blocks * 2))

    def _logs(self, end: int, last: Block) -> tuple[list[RawLog], list[Created]]:
        """The logs up to a block, those of tokens created on the way included."""
        addresses = [*self.contracts.addresses, *self.tokens]
        ends = [get_header(self.start), get_header(end)]
        raw, *headers = self.nodes.ask([get_logs(addresses, self.start, end), *ends])
        first, again = map(header_of, headers)
        if first is None or again is None or again.hash != last.hash:
            raise Shifted
        if self.parent is not None and first.parent_hash != self.parent:
            raise Shifted
        logs = logs_of(raw)
        created = [] if self.contracts.token else self._created(logs)
        if created:
            tokens = [token for token, _ in created]
            more, header = self.nodes.ask([get_logs(tokens, self.start, end), get_header(end)])
            again = header_of(header)
            if again is None or again.hash != last.hash:
                raise Shifted
            logs += logs_of(more)
            logs.sort(key=lambda log: (int(log.block_number, 16), int(log.log_index, 16)))
            self.tokens = [*self.tokens, *tokens]
        return logs, created

    def _created(self, logs: Sequence[RawLog]) -> list[Created]:
        system = self.contracts.system.lower()
        return [
            (checksum(f"0x{log.topics[1][-40:]}"), number_of(log.block_number))
            for log in logs
            if log.topics and log.topics[0] == _CREATED and log.address.lower() == system
        ]

    def _checked(self, last: Block, logs: list[RawLog], created: list[Created]) -> Stretch:
        """Every log beside the header of its block; nodes that tell the block's time with each log spare the asking."""
        times: dict[str, tuple[str, str | int | None]] = {}
        for log in logs:
            if log.block_number not in times:
                times[log.block_number] = (log.block_hash, log.block_timestamp)
            elif times[log.block_number][0] != log.block_hash:
                raise Shifted
        untold = [int(number, 16) for number, (_, time) in times.items() if time is None]
        told = {number_of(n): Mark(number_of(n), hash, number_of(t)) for n, (hash, t) in times.items() if t is not None}
        for start in range(0, len(untold), BATCH):
            for header in self.nodes.headers(untold[start : start + BATCH]):
                if header is None or times[hex(header.number)][0] != header.hash:
                    raise Shifted
                told[header.number] = Mark(header.number, header.hash, header.timestamp)
        if last.number in told and told[last.number].hash != last.hash:
            raise Shifted
        used = [told[number] for number in sorted(told)]
        return Stretch(Mark(last.number, last.hash, last.timestamp), logs, used, created)
