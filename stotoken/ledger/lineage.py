"""Moves as they happened, read back from the tables."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from stotoken.ledger.events import Moved
from stotoken.ledger.reading import among
from stotoken.ledger.schema import BLOCKS, BLOCKS_READ, MOVES, OPERATORS, PLACES, TRANSACTIONS, VERSIONS
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, MoveKind, to_hex

_AT_ONCE = 1_000


def moves(
    connection: Connection,
    token: int,
    address: Address,
    wallets: Collection[Address] | None = None,
    partition: Bytes32 | None = None,
) -> Iterator[Moved]:
    """In chain order; of some wallets, or all. A wallet's moves are found by the blocks its holdings changed in."""
    query = _MOVES.where(_GIVER.c.token == token)
    if partition is not None:
        query = query.where(_GIVER.c.partition == partition)
    if wallets is not None:
        own = select(PLACES.c.id).where(PLACES.c.token == token, among(connection, PLACES.c.wallet, wallets))
        blocks = select(VERSIONS.c.point % BLOCKS).where(VERSIONS.c.place.in_(own))
        query = query.where(MOVES.c.block.in_(blocks), MOVES.c.giver.in_(own) | MOVES.c.taker.in_(own))
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield _move(row, address)


def _move(row: Row[Any], token: Address) -> Moved:
    return Moved(
        block=row.block,
        timestamp=row.timestamp,
        tx_hash=to_hex(row.hash),
        log_index=row.log_index,
        contract=token,
        kind=MoveKind(row.kind),
        partition=row.partition,
        from_=row.from_ or ZERO_ADDRESS,
        to=row.to or ZERO_ADDRESS,
        units=row.units,
        operator=row.address,
        data=row.data or b"",
        operator_data=row.operator_data or b"",
        order=row.order_id,
        reference=row.reference,
    )


_GIVER, _TAKER = PLACES.alias("giver"), PLACES.alias("taker")
_MOVES = (
    select(
        MOVES,
        _GIVER.c.partition,
        _GIVER.c.wallet.label("from_"),
        _TAKER.c.wallet.label("to"),
        TRANSACTIONS.c.hash,
        OPERATORS.c.address,
        BLOCKS_READ.c.timestamp,
    )
    .select_from(
        MOVES.join(_GIVER, _GIVER.c.id == MOVES.c.giver)
        .join(_TAKER, _TAKER.c.id == MOVES.c.taker)
        .join(TRANSACTIONS, TRANSACTIONS.c.id == MOVES.c.tx)
        .join(OPERATORS, OPERATORS.c.id == MOVES.c.operator)
        .join(BLOCKS_READ, BLOCKS_READ.c.block == MOVES.c.block)
    )
    .order_by(MOVES.c.block, MOVES.c.log_index)
)
