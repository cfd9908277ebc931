"""Moves as they happened, read back from the tables: as records, or as steps between numbered places for the many."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, select, tuple_

from stotoken.ledger.events import Moved
from stotoken.ledger.moment import Moment
from stotoken.ledger.reading import among, places_of, straight
from stotoken.ledger.schema import BALANCES, BLOCKS, BLOCKS_READ, MOVES, OPERATORS, PLACES, TRANSACTIONS
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, MoveKind, keccak, to_hex

#: Records, and steps, that are read at once.
_AT_ONCE, _STEPS = 1_000, 100_000

#: Block and log index of a move.
Mark = tuple[int, int]


def moves(
    connection: Connection,
    token: int,
    address: Address,
    wallets: Collection[Address] | None = None,
    partition: Bytes32 | None = None,
    moment: Moment | None = None,
) -> Iterator[tuple[Moved, int]]:
    """In chain order, each with its epoch; of some wallets, or all. A wallet's moves are found by the blocks its
    balances changed in."""
    query = _MOVES.where(_GIVER.c.token == token, *_until(moment))
    if partition is not None:
        query = query.where(_GIVER.c.partition == partition)
    if wallets is not None:
        own = select(PLACES.c.id).where(PLACES.c.token == token, among(connection, PLACES.c.wallet, wallets))
        blocks = select(BALANCES.c.point % BLOCKS).where(BALANCES.c.place.in_(own))
        query = query.where(MOVES.c.block.in_(blocks), MOVES.c.giver.in_(own) | MOVES.c.taker.in_(own))
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield _move(row, address), row.epoch


@dataclass(frozen=True, slots=True)
class Return:
    """A reversal, or a reissue. `reference`: the origin of the move whose units it gives back, or a loss."""

    reverses: bool
    reference: Bytes32 | None


@dataclass(frozen=True, slots=True)
class History:
    """The moves of a token up to a moment."""

    connection: Connection
    token: int
    moment: Moment

    def places(self) -> Iterator[tuple[Bytes32, Address, int, bytes | None]]:
        """Partition, wallet, number and investor of each place."""
        return places_of(self.connection, self.token)

    def steps(self) -> Iterator[tuple[int, int, int, int, int, int, Any]]:
        """Every move in chain order: block, log index, second, epoch, giver, taker, units as the driver has them."""
        columns = (BLOCKS_READ.c.timestamp, MOVES.c.epoch, MOVES.c.giver, MOVES.c.taker, MOVES.c.units)
        joined = MOVES.join(BLOCKS_READ, BLOCKS_READ.c.block == MOVES.c.block)
        query = select(*_MARK, *columns).select_from(joined).where(self._own).order_by(*_MARK).limit(_STEPS)
        last = (-1, -1)
        while rows := list(self._rows(query.where(tuple_(*_MARK) > last))):
            yield from rows
            last = rows[-1][:2]

    def returns(self) -> dict[Mark, Return]:
        """Reversals and reissues."""
        query = select(*_MARK, MOVES.c.kind, MOVES.c.reference).where(self._own, _RETURNS)
        return {
            (block, index): Return(kind == MoveKind.REVERSE, reference)
            for block, index, kind, reference in self._rows(query)
        }

    def given_back(self) -> dict[Mark, Bytes32]:
        """Moves that were given back later, by the origin that their return refers to. Who returns is who received."""
        references = {back.reference for back in self.returns().values()} - {None}
        if not references:
            return {}
        returned = select(MOVES.c.giver).where(_RETURNS)
        query = select(*_MARK, TRANSACTIONS.c.hash)
        query = query.select_from(MOVES.join(TRANSACTIONS, TRANSACTIONS.c.id == MOVES.c.tx))
        rows = self._rows(query.where(self._own, MOVES.c.taker.in_(returned)))
        found = {(block, index): keccak(hash + index.to_bytes(32, "big")) for block, index, hash in rows}
        return {mark: origin for mark, origin in found.items() if origin in references}

    @property
    def _own(self) -> ColumnElement[bool]:
        places = select(PLACES.c.id).where(PLACES.c.token == self.token)
        return MOVES.c.giver.in_(places) & and_(*_until(self.moment))

    def _rows(self, query: Select[Any]) -> Iterator[Any]:
        return straight(self.connection, query)


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


def _until(moment: Moment | None) -> tuple[ColumnElement[bool], ...]:
    return (MOVES.c.block <= moment.block, MOVES.c.epoch <= moment.epoch) if moment else ()


_MARK = (MOVES.c.block, MOVES.c.log_index)
_RETURNS = MOVES.c.kind.in_((int(MoveKind.REISSUE), int(MoveKind.REVERSE)))
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
