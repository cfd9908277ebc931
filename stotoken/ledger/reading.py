"""Questions that the fold and the register both ask of the tables."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql

from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.schema import (
    BALANCES,
    BLOCK_BITS,
    ENCUMBRANCES,
    EPOCHS,
    LOSSES,
    PLACES,
    REQUEST_ENDS,
    REQUESTS,
    STANDINGS,
)
from stotoken.types import Address, Bytes32, Units

#: A point behind all others.
LAST = 1 << 62
#: The investor of a wallet that the system gave to none.
NOBODY = bytes(16)
_NONE: Mapping[str, Any] = {}


def among(connection: Connection, column: Column[str], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether a column is one of many texts, given as one value."""
    wanted = sorted(values)
    if connection.dialect.name == "postgresql":
        return column == any_(literal(wanted, postgresql.ARRAY(postgresql.TEXT)))
    return column.in_(select(func.json_each(json.dumps(wanted)).table_valued("value").c.value))


def straight(connection: Connection, query: Select[Any], binds: Mapping[str, Any] = _NONE) -> Iterator[Any]:
    """Rows as the driver gives them, for the many: whole numbers may come as text or decimals."""
    return iter(cast("Iterable[Any]", connection.execute(query, binds).cursor))


@contextmanager
def uncollected() -> Iterator[None]:
    """While very many rows are made: they hold no cycles, and looking for some takes longer than making them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _seek(query: Select[Any]) -> Any:
    return query.correlate(PLACES).scalar_subquery()


#: Of a place: a wallet never goes to another investor.
_STANDING = select(STANDINGS.c.investor).where(STANDINGS.c.wallet == PLACES.c.wallet, STANDINGS.c.investor != NOBODY)
_INVESTOR = func.coalesce(PLACES.c.investor, _seek(_STANDING.limit(1))).label("investor")


@cache
def places_at(*, numbered: bool) -> Select[Any]:
    """The places of the token `:token`, and of each its investor, the last balance up to the point `:last`, and what
    encumbers it, with the point of that; None where nothing was said. `numbered`: then also the number of the place,
    and the point of its balance, which is another seek."""
    token, last = bindparam("token", type_=BigInteger), bindparam("last", type_=BigInteger)
    kept, here = ENCUMBRANCES, ENCUMBRANCES.alias("here")
    latest = select(func.max(here.c.point)).where(here.c.place == PLACES.c.id, here.c.point <= last)
    joined = PLACES.outerjoin(kept, (kept.c.place == PLACES.c.id) & (kept.c.point == _seek(latest)))
    balance = select(BALANCES.c.units).where(BALANCES.c.place == PLACES.c.id, BALANCES.c.point <= last)
    balance = balance.order_by(BALANCES.c.point.desc()).limit(1)
    query = select(
        PLACES.c.partition,
        PLACES.c.wallet,
        _INVESTOR,
        _seek(balance).label("units"),
        kept.c.point.label("encumbered"),
        *(kept.c.frozen, kept.c.requested, kept.c.locked_until, kept.c.lost),
    )
    if numbered:
        query = query.add_columns(PLACES.c.id, _seek(balance.with_only_columns(BALANCES.c.point)).label("point"))
    return query.select_from(joined).where(PLACES.c.token == token)


def places_of(connection: Connection, token: int) -> Iterator[tuple[Bytes32, Address, int, bytes | None]]:
    """Partition, wallet, number and investor of each place of a token."""
    query = select(PLACES.c.partition, PLACES.c.wallet, PLACES.c.id, _INVESTOR).where(PLACES.c.token == token)
    return straight(connection, query)


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


def wallets_of(connection: Connection, investor: bytes) -> frozenset[Address]:
    query = select(STANDINGS.c.wallet).where(STANDINGS.c.investor == investor)
    return frozenset(connection.scalars(query))
