"""What tests of stores have in common: opening one, reading it whole, comparing it with a model and with the chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger_model import Model
from papers import written
from sqlalchemy import select
from world import World

from stotoken.chain.bulk import RawLog
from stotoken.chain.connection import Connection
from stotoken.chain.nodes import Nodes
from stotoken.client.token import Token
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.decoding import events_of
from stotoken.ledger.reconcile import reconcile
from stotoken.ledger.register import Register
from stotoken.ledger.schema import BLOCKS_READ, METADATA
from stotoken.ledger.store import Store
from stotoken.reports.asked import Format, What
from stotoken.types import Address

#: Pauses before another try, for nodes that fail on purpose.
BRIEF = (0.02, 0.05)

Rows = dict[str, list[tuple[Any, ...]]]


def system_of(world: World) -> Contracts:
    return Contracts.of(world.deployment)


@contextmanager
def opened(url: str, contracts: Contracts) -> Iterator[Store]:
    store = Store.open(url, contracts)
    try:
        yield store
    finally:
        store.close()


def nodes_of(*connections: Connection) -> Nodes:
    return Nodes(connections, pauses=BRIEF)


def register_of(store: Store, token: Token | Address) -> Register:
    mine = store.contracts
    address = token if isinstance(token, str) else token.address
    return Register(Contracts(mine.chain_id, mine.system, mine.orders, address, mine.first_block), store)


def rows(store: Store) -> Rows:
    """Everything in it, but for the mark of how far it was read where no event is."""
    found: Rows = {}
    with store.database.reading() as connection:
        for table in METADATA.sorted_tables:
            query = select(table)
            if table is BLOCKS_READ:
                query = query.where(BLOCKS_READ.c.used)
            found[table.name] = sorted((tuple(row) for row in connection.execute(query)), key=repr)
    return found


def said(store: Store) -> Rows:
    """The same without the numbers that interning gave, which depend on how the reading was cut into pieces."""
    found: Rows = {"blocks": rows(store)["blocks"]}
    for token in sorted(store.tokens()):
        register = register_of(store, token)
        found[token] = [(move,) for move in register.lineage()]
        found[f"{token} places"] = [tuple(place) for place in register.places()]
        found[f"{token} report"] = [(report_hash(register),)]
    return found


def report_hash(register: Register) -> str:
    return hashlib.sha256(written(register, What.HOLDINGS, format=Format.CSV)).hexdigest()


def require_equal_to_chain(store: Store, connection: Connection) -> int:
    """Reconcile every token; rows compared."""
    compared = 0
    for token in store.tokens():
        result = reconcile(register_of(store, token), connection)
        result.assert_equal()
        compared += result.rows_compared
    return compared


def model_of(world: World, token: Token) -> Model:
    """Of the whole chain as it is now."""
    contracts = Contracts.of(world.deployment, token.address)
    logs = world.connection.logs(contracts.addresses, contracts.first_block)
    times = {number: world.connection.block(number).timestamp for number in {log.block_number for log in logs}}
    return Model(events_of(map(RawLog.of, logs), times, contracts))


def require_equal_to_model(register: Register, model: Model, instants: list[int]) -> int:
    """At instants and at every record date; rows compared."""
    compared = 0
    for instant in instants:
        found = [tuple(held) for held in register.holdings(instant)]
        assert found == model.holdings(instant)
        assert register.supply(instant) == model.supply(instant)
        compared += len(found)
    for epoch in register.record_dates:
        found = [tuple(held) for held in register.at_record_date(epoch.number)]
        assert found == model.at_record_date(epoch.number)
        compared += len(found)
    assert list(register.lineage()) == model.moves
    assert [tuple(place) for place in register.places()] == model.places()
    return compared
