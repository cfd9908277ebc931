"""Questions that the fold and the register both ask of the tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, Connection, Select, any_, func, literal, select
from sqlalchemy.dialects import postgresql

from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.schema import BLOCK_BITS, EPOCHS, LOSSES, PLACES, REQUEST_ENDS, REQUESTS, STANDINGS, VERSIONS
from stotoken.types import Address, Bytes32, Units

#: A point behind all others.
LAST = 1 << 62


def among(connection: Connection, column: Column[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of many texts, given as one value."""
    wanted = sorted(values)
    if connection.dialect.name == "postgresql":
        return column == any_(literal(wanted, postgresql.ARRAY(postgresql.TEXT)))
    return column.in_(select(func.json_each(json.dumps(wanted)).table_valued("value").c.value))


def straight(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """Rows as the driver gives them, for the many: whole numbers may come as text or decimals."""
    return iter(cast("Iterable[Any]", connection.execute(query).cursor))


def versions(token: int, last: int, where: Sequence[Any]) -> Select[Any]:
    """Partition, wallet, number of each place of a token, and its last version up to a point: one seek a place.
    `where`: conditions on the places."""
    here = VERSIONS.alias("here")
    latest = select(func.max(here.c.point)).where(here.c.place == PLACES.c.id, here.c.point <= last)
    joined = PLACES.join(
        VERSIONS,
        (VERSIONS.c.place == PLACES.c.id) & (VERSIONS.c.point == latest.correlate(PLACES).scalar_subquery()),
    )
    figures = [column for column in VERSIONS.c if column.name != "place"]
    query = select(PLACES.c.partition, PLACES.c.wallet, PLACES.c.id, *figures).select_from(joined)
    return query.where(PLACES.c.token == token, *where).order_by(PLACES.c.partition, PLACES.c.wallet)


def calendar_of(connection: Connection, token: int) -> Calendar:
    """As all events so far tell it."""
    calendar = Calendar()
    rows = select(EPOCHS).where(EPOCHS.c.token == token).order_by(EPOCHS.c.block, EPOCHS.c.log_index)
    for row in connection.execute(rows):
        if row.start is None:
            calendar.cancel(row.number, -1)
        else:
            calendar.add(Epoch(row.number, row.start, row.factor, row.record_date), 0)
    return calendar


def open_requests(connection: Connection, token: int) -> dict[int, tuple[Bytes32, Address, Units, int]]:
    """Transfer requests not ended: partition, wallet, units, and the epoch they count in."""
    joined = REQUESTS.join(PLACES, PLACES.c.id == REQUESTS.c.place).outerjoin(
        REQUEST_ENDS, (REQUEST_ENDS.c.token == REQUESTS.c.token) & (REQUEST_ENDS.c.id == REQUESTS.c.id)
    )
    query = (
        select(REQUESTS.c.id, PLACES.c.partition, PLACES.c.wallet, REQUESTS.c.units, REQUESTS.c.point)
        .select_from(joined)
        .where(REQUESTS.c.token == token, REQUEST_ENDS.c.id.is_(None))
    )
    found = connection.execute(query)
    return {id: (partition, wallet, units, here >> BLOCK_BITS) for id, partition, wallet, units, here in found}


def open_losses(connection: Connection, token: int) -> dict[Bytes32, tuple[Bytes32, Address] | None]:
    """Losses that were reported, the last report of each, and the holding that stands still for it, if one does."""
    query = (
        select(LOSSES.c.id, LOSSES.c.place, PLACES.c.partition, PLACES.c.wallet)
        .select_from(LOSSES.outerjoin(PLACES, PLACES.c.id == LOSSES.c.place))
        .where(LOSSES.c.token == token)
        .order_by(LOSSES.c.block, LOSSES.c.log_index)
    )
    found = connection.execute(query)
    return {id: None if place is None else (partition, wallet) for id, place, partition, wallet in found}


def words_of(connection: Connection, wallets: Iterable[Address], block: int | None = None) -> dict[Address, int]:
    """The packed standings of wallets after a block, or after all that was read."""
    query = (
        select(STANDINGS.c.wallet, STANDINGS.c.word)
        .where(among(connection, STANDINGS.c.wallet, wallets))
        .order_by(STANDINGS.c.block, STANDINGS.c.log_index)
    )
    if block is not None:
        query = query.where(STANDINGS.c.block <= block)
    return {wallet: int.from_bytes(word, "big") for wallet, word in connection.execute(query)}


def investors_of(connection: Connection, token: int, where: Sequence[Any] = ()) -> dict[Address, bytes]:
    """Wallet to investor, of a token's places; `where`: conditions on them. A wallet never goes to another investor."""
    wallets = select(PLACES.c.wallet).where(PLACES.c.token == token, *where)
    query = select(STANDINGS.c.wallet, STANDINGS.c.investor).where(STANDINGS.c.wallet.in_(wallets))
    return {wallet: investor for wallet, investor in straight(connection, query) if any(investor)}


def wallets_of(connection: Connection, investor: bytes) -> frozenset[Address]:
    query = select(STANDINGS.c.wallet).where(STANDINGS.c.investor == investor)
    return frozenset(connection.scalars(query))
