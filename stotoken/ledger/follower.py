"""Keeps a ledger in step with its chain, stretch by stretch of blocks.

What a stretch said and how far it went is written together, so that a program killed at any instant goes on where it
stood. When the chain was reorganised, what no longer happened is undone back to the last block that still stands, and
read again. Blocks deeper than `finality` are final: when one of them is gone, that is an error, and nothing is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from stotoken.chain.connection import Connection
from stotoken.chain.nodes import FINALITY, Nodes
from stotoken.errors import ChainReorganised
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.decoding import events_of
from stotoken.ledger.moment import Mark
from stotoken.ledger.register import Register
from stotoken.ledger.store import Store
from stotoken.ledger.stretches import FIRST, LONGEST, Reader, Shifted
from stotoken.ledger.writer import Overtaken
from stotoken.types import Block

#: Seconds between two looks at the chain.
INTERVAL = 10.0
#: Blocks asked for at once, of those that came between two looks.
_LIVE = 1_000
#: How often in a row reading is begun anew because the chain shifted or another program wrote.
_TRIES = 20

#: Called with the last block read and the one to read up to.
Progress = Callable[[int, int], None]


def follow(
    register: Register,
    connection: Connection,
    *,
    to_block: int | None = None,
    longest: int = LONGEST,
    progress: Progress | None = None,
) -> Mark | None:
    """`sync` for the store of one register, from one node."""
    return sync(register.store, Nodes([connection]), to_block=to_block, longest=longest, progress=progress)


def replay(
    contracts: Contracts, connection: Connection, *, to_block: int | None = None, progress: Progress | None = None
) -> Register:
    """A new register in memory, read from the first block on."""
    register = Register(contracts)
    follow(register, connection, to_block=to_block, progress=progress)
    return register


def sync(
    store: Store,
    nodes: Nodes,
    *,
    to_block: int | None = None,
    longest: int = LONGEST,
    finality: int = FINALITY,
    progress: Progress | None = None,
    span: int = FIRST,
) -> Mark | None:
    """Bring a store up to a block, the latest if none is named; its head then.

    ChainReorganised when a final block is no longer part of the chain, ConfigError when it is another chain.
    """
    nodes.require_chain(store.contracts.chain_id)
    tries = 0
    while tries < _TRIES:
        before = store.head
        try:
            tip = _settle(store, nodes, finality)
            start = store.head.number + 1 if store.head else store.contracts.first_block
            target = tip.number if to_block is None else to_block
            parent = store.head.hash if store.head else None
            reader = Reader(nodes, store.contracts, store.tokens(), start, target, longest, parent, tip, span)
            _take(store, reader, progress)
            return store.head
        except (Overtaken, Shifted):
            store.refresh()
            tries = tries + 1 if store.head == before else 0
    raise ChainReorganised("The chain was reorganised again and again while it was read; try again when it is quiet.")


def keep_following(
    store: Store,
    nodes: Nodes,
    *,
    interval: float = INTERVAL,
    finality: int = FINALITY,
    progress: Progress | None = None,
) -> None:
    """Go on for ever, with one light request each time there is nothing new."""
    span = FIRST
    while True:
        begun = time.monotonic()
        store.refresh()
        sync(store, nodes, finality=finality, progress=progress, span=span)
        span = _LIVE
        time.sleep(max(0.0, interval - (time.monotonic() - begun)))


def _take(store: Store, reader: Reader, progress: Progress | None) -> None:
    for stretch in reader:
        events = events_of(stretch.logs, stretch.timestamps, store.contracts)
        store.take(events, stretch.used, stretch.last, stretch.created)
        reader.nodes.known = (stretch.last.number, stretch.last.hash)
        if progress:
            progress(stretch.last.number, reader.target)


def _settle(store: Store, nodes: Nodes, finality: int) -> Block:
    """Undo what is no longer part of the chain; its latest header."""
    head = store.head
    latest, found = nodes.headers(["latest", head.number if head else "latest"])
    if latest is None:
        raise Shifted
    if head is None or (found is not None and found.hash == head.hash):
        return latest
    for marks in store.marks():
        for mark, header in zip(marks, nodes.headers([mark.number for mark in marks]), strict=True):
            if header is not None and header.hash == mark.hash:
                store.undo(mark.number)
                return latest
            if mark.number <= head.number - finality:
                raise ChainReorganised(
                    f"Block {mark.number} ({mark.hash}) is no longer part of the chain, {head.number - mark.number} "
                    f"blocks below the last one read, and final were those {finality} below; nothing was changed."
                )
    store.undo(-1)
    return latest


def require_current(register: Register, connection: Connection) -> None:
    """ChainReorganised when the last block read is no longer part of the chain."""
    head = register.head
    if head is None:
        return
    found = Nodes([connection]).headers([head.number])[0]
    if found is None or found.hash != head.hash:
        raise ChainReorganised(f"Block {head.number} ({head.hash}) is no longer part of the chain; read it again.")
