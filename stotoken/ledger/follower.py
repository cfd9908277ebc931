"""Reads a register's events from a node, stretch by stretch of blocks.

A stretch is taken only when its last header is the same before and after its logs were read, its first block stands on
the last one taken before, and every log belongs to the header of its block. Otherwise the chain was reorganised under
the reader: what was read is void, build the register anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stotoken.chain.connection import Connection, block_of
from stotoken.errors import ChainReorganised, ConfigError, NodeError, StotokenError
from stotoken.ledger.decoding import Contracts, events_of
from stotoken.ledger.register import Register
from stotoken.types import Block, Log

#: Blocks asked for at once, at most; a node that refuses is asked for half as many.
LONGEST = 10_000
BATCH = 100

#: Called with the last block read and the one to read up to.
Progress = Callable[[int, int], None]


def follow(
    register: Register,
    connection: Connection,
    *,
    to_block: int | None = None,
    longest: int = LONGEST,
    progress: Progress | None = None,
) -> Block | None:
    """Bring the register up to a block, the latest if none is named; its head then.

    ChainReorganised when blocks read earlier are no longer part of the chain, ConfigError when it is another chain.
    """
    contracts = register.contracts
    if connection.chain_id != contracts.chain_id:
        raise ConfigError(
            f"The node serves chain {connection.chain_id}, the register is of chain {contracts.chain_id}; "
            "nothing was read."
        )
    require_current(register, connection)
    target = connection.block("latest").number if to_block is None else to_block
    start = register.head.number + 1 if register.head else contracts.first_block
    span = longest
    while start <= target:
        end = min(start + span - 1, target)
        last = _block(connection, end)
        try:
            logs = connection.logs(contracts.addresses, start, end)
        except NodeError as fault:
            if not fault.answered or start == end:
                raise
            span = (end - start + 1) // 2
            continue
        _take(register, connection, start, last, logs)
        if progress:
            progress(end, target)
        start, span = end + 1, min(longest, span * 2)
    return register.head


def replay(
    contracts: Contracts, connection: Connection, *, to_block: int | None = None, progress: Progress | None = None
) -> Register:
    """A new register, read from the first block on."""
    register = Register(contracts)
    follow(register, connection, to_block=to_block, progress=progress)
    return register


def require_current(register: Register, connection: Connection) -> None:
    """ChainReorganised when the last block read is no longer part of the chain."""
    head = register.head
    if head is not None and headers(connection, [head.number])[0] != head:
        raise _reorganised(head)


def headers(connection: Connection, numbers: Sequence[int]) -> list[Block | None]:
    """Headers by number, in batches; None where the chain has no such block."""
    found: list[Block | None] = []
    for start in range(0, len(numbers), BATCH):
        asked = [("eth_getBlockByNumber", [hex(number), False]) for number in numbers[start : start + BATCH]]
        for answer in connection.batch(asked):
            if isinstance(answer, StotokenError):
                raise answer
            found.append(None if answer is None else block_of(answer))
    return found


def _take(register: Register, connection: Connection, start: int, last: Block, logs: list[Log]) -> None:
    numbers = sorted({start, last.number} | {log.block_number for log in logs})
    found = dict(zip(numbers, headers(connection, numbers), strict=True))
    first, head = found[start], register.head
    if found[last.number] != last:
        raise _reorganised(last)
    if head is not None and (first is None or first.parent_hash != head.hash):
        raise _reorganised(head)
    timestamps: dict[int, int] = {}
    for log in logs:
        block = found[log.block_number]
        if block is None or block.hash != log.block_hash:
            raise _reorganised(last)
        timestamps[block.number] = block.timestamp
    for event in events_of(logs, timestamps, register.contracts):
        register.apply(event)
    register.advance(last)


def _block(connection: Connection, number: int) -> Block:
    """The header of a block that was there a moment ago."""
    found = headers(connection, [number])[0]
    if found is None:
        raise ChainReorganised(f"The chain no longer reaches block {number}; the register must be built anew.")
    return found


def _reorganised(block: Block) -> ChainReorganised:
    return ChainReorganised(
        f"Block {block.number} ({block.hash}) is no longer part of the chain; the register must be built anew."
    )
