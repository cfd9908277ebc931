"""Several nodes of one chain as one: asked again while the way to them fails, and in turn when it stays so."""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec

from stotoken.chain.bulk import Request, ask, get_header, header_of
from stotoken.chain.connection import Connection
from stotoken.errors import ConfigError, NodeError
from stotoken.types import Block

#: Blocks behind the last one that may still be replaced, where nothing else is said.
FINALITY = 256
#: Seconds between two tries at one node; after the last it is given up.
PAUSES = (0.1, 0.3, 0.9, 2.7)


class Nodes:
    """Only faults of the way to a node are tried again; what a node answers stands."""

    def __init__(self, connections: Sequence[Connection], *, pauses: Sequence[float] = PAUSES) -> None:
        self.connections, self.pauses = tuple(connections), tuple(pauses)
        self._now = 0
        #: The last block that was read: a node that has it not is not gone on with.
        self.known: tuple[int, str] | None = None

    def __repr__(self) -> str:
        return f"Nodes({', '.join(each.shown_url for each in self.connections)})"

    @property
    def connection(self) -> Connection:
        """The node in use."""
        return self.connections[self._now]

    def require_chain(self, chain_id: int) -> None:
        """ConfigError when a node that answers serves another chain; NodeError when none answers."""
        faults: list[NodeError] = []
        for connection in self.connections:
            try:
                found = connection.chain_id
            except NodeError as fault:
                faults.append(fault)
                continue
            if found != chain_id:
                raise ConfigError(
                    f"The node at {connection.shown_url} serves chain {found}, the ledger is of chain {chain_id}; "
                    "nothing was read."
                )
        if len(faults) == len(self.connections):
            raise faults[0]

    def ask(self, requests: Sequence[Request]) -> list[msgspec.Raw]:
        """The results of many requests in one post, from whichever node is to be had."""
        for pause in (*self.pauses, None):
            try:
                return ask(self.connection, requests)
            except NodeError as fault:
                if fault.answered:
                    raise
                if pause is None:
                    self._next(fault)
                else:
                    time.sleep(pause)
        return self.ask(requests)

    def headers(self, blocks: Sequence[int | str]) -> list[Block | None]:
        """None where the chain has no such block."""
        return [header_of(raw) for raw in self.ask([get_header(block) for block in blocks])] if blocks else []

    def _next(self, fault: NodeError) -> None:
        """Go on with the next node that has the last block read; `fault` when there is none."""
        for place in range(self._now + 1, len(self.connections)):
            try:
                if self._agrees(self.connections[place]):
                    self._now = place
                    return
            except NodeError as other:
                fault = other
        raise fault

    def _agrees(self, connection: Connection) -> bool:
        if connection.chain_id != self.connection.chain_id:
            raise ConfigError(f"The node at {connection.shown_url} serves another chain; it was not asked.")
        if self.known is None:
            return True
        number, hash = self.known
        header = header_of(ask(connection, [get_header(number)])[0])
        if header is None or header.hash != hash:
            raise NodeError(
                f"The node at {connection.shown_url} does not have block {number} ({hash}), which another node gave; "
                "nothing was read from it."
            )
        return True
