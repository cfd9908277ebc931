"""From events to rows: a stretch of the chain is folded in memory, then written in one transaction with its last block.

What a writer knows is as of the last block written. If another program has written meanwhile, nothing is written and
the writer is to be thrown away: `Overtaken`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Table, delete, func, select

from stotoken.ledger.events import Event, Moved, StandingChanged
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.fold import Encumbrance, Fold, Holding
from stotoken.ledger.lots import open_lots
from stotoken.ledger.moment import Mark
from stotoken.ledger.reading import LAST, among, calendar_of, open_losses, open_requests, places_at, words_of
from stotoken.ledger.schema import (
    BLOCKS_READ,
    LOTS,
    METADATA,
    MOVES,
    OPERATORS,
    PLACES,
    STANDINGS,
    TOKENS,
    TRANSACTIONS,
)
from stotoken.types import Address, Bytes32

if TYPE_CHECKING:
    from stotoken.ledger.store import Store

#: Holdings and addresses that are remembered between stretches, at most.
REMEMBERED = 200_000


class Overtaken(Exception):
    """Another program has written to the ledger."""


class Writer:
    def __init__(self, store: Store) -> None:
        self.store, self.head = store, store.head
        self.rows: dict[str, list[tuple[object, ...]]] = {table.name: [] for table in METADATA.tables.values()}
        self.folds: dict[Address, Fold] = {}
        self._operators: dict[Address, int] = {}
        self._standings: dict[Address, int] = {}
        self._tx, self._tx_hash = 0, ""
        self._moves = self.rows[MOVES.name]
        with store.database.reading() as connection:
            self._tokens = {row.address: row.id for row in connection.execute(select(TOKENS))}
            counted = (PLACES, TOKENS, OPERATORS, TRANSACTIONS, LOTS)
            self._last = {each.name: connection.scalar(select(func.max(each.c.id))) or 0 for each in counted}

    # --- rows ---------------------------------------------------------------------------------------------------------

    def add(self, table: str, row: tuple[object, ...]) -> None:
        self.rows[table].append(row)

    def next_id(self, table: str) -> int:
        self._last[table] += 1
        return self._last[table]

    def new_place(self, token: int, partition: Bytes32, wallet: Address, block: int) -> int:
        id = self.next_id(PLACES.name)
        investor = self._standings.get(wallet, 0) >> 128
        self.add(PLACES.name, (id, token, partition, wallet, investor.to_bytes(16, "big") if investor else None, block))
        return id

    def add_move(self, move: Moved, epoch: int, giver: int, taker: int) -> None:
        if move.tx_hash != self._tx_hash:
            self._tx, self._tx_hash = self.next_id(TRANSACTIONS.name), move.tx_hash
            self.add(TRANSACTIONS.name, (self._tx, move.block, bytes.fromhex(move.tx_hash[2:])))
        operator = self._operators.get(move.operator) or self._new_operator(move.operator, move.block)
        self._moves.append(
            (
                move.block,
                move.log_index,
                epoch,
                self._tx,
                int(move.kind),
                giver,
                taker,
                move.units,
                operator,
                move.data or None,
                move.operator_data or None,
                move.order,
                move.reference,
            )
        )

    def _new_operator(self, address: Address, block: int) -> int:
        id = self._operators[address] = self.next_id(OPERATORS.name)
        self.add(OPERATORS.name, (id, address, block))
        return id

    # --- taking -------------------------------------------------------------------------------------------------------

    def take(self, events: Sequence[Event], token: Address = "") -> None:
        """Take the next events of the chain; of `token`, or of the contract that each names."""
        self._prepare(events, token)
        folds, system = self.folds, self.store.contracts.system
        for event in events:
            if type(event) is StandingChanged:
                self._stand(event)
                continue
            address = token or event.contract
            if address in folds:
                folds[address].take(event)
            elif address != system and address != self.store.contracts.orders:
                self.fold_of(address, event.block).take(event)

    def fold_of(self, token: Address, block: int) -> Fold:
        """What is known of a token, which need not have been seen before."""
        found = self.folds.get(token)
        if found is None:
            id = self._tokens.get(token)
            if id is None:
                id = self._tokens[token] = self.next_id(TOKENS.name)
                self.add(TOKENS.name, (id, token, block))
            found = self.folds[token] = self._loaded(Fold(self, id, token))
        return found

    def _loaded(self, fold: Fold) -> Fold:
        with self.store.database.reading() as connection:
            fold.calendar = calendar_of(connection, fold.token)
            fold.lots.load(open_lots(connection, fold.token))
            fold.requests = open_requests(connection, fold.token)
            fold.losses = open_losses(connection, fold.token)
        return fold

    def _stand(self, event: StandingChanged) -> None:
        before = self._standings.get(event.wallet, 0)
        if before >> 128 not in (0, event.standing >> 128):
            raise RegisterDiffers(f"Wallet {event.wallet} went to another investor, which the system never does.")
        self._standings[event.wallet] = event.standing
        row = (event.wallet, event.block, event.log_index, event.standing.to_bytes(32, "big"), event.investor)
        self.add(STANDINGS.name, row)

    # --- remembering --------------------------------------------------------------------------------------------------

    def _prepare(self, events: Iterable[Event], token: Address) -> None:
        """Look up what the events are about, in bulk."""
        wallets: dict[Address, set[Address]] = {}
        operators: set[Address] = set()
        standing: set[Address] = set()
        skipped = (self.store.contracts.system, self.store.contracts.orders)
        for event in events:
            address = token or event.contract
            if type(event) is Moved:
                found = wallets.get(address) or self._begin(wallets, address, event)
                found.add(event.from_)
                found.add(event.to)
                operators.add(event.operator)
            elif type(event) is StandingChanged:
                standing.add(event.wallet)
            elif address not in skipped:
                found = wallets.get(address) or self._begin(wallets, address, event)
                found.update(self.folds[address].wallets_of(event))
        for address, found in wallets.items():
            self._look_up(self.folds[address], found - self.folds[address].known)
        self._operators |= self._ids(OPERATORS, operators - self._operators.keys())
        if not standing:
            return
        with self.store.database.reading() as connection:
            self._standings |= words_of(connection, standing - self._standings.keys())

    def _begin(self, wallets: dict[Address, set[Address]], token: Address, event: Event) -> set[Address]:
        """The set of the token's wallets; in it the one without an address, which is its supply."""
        self.fold_of(token, event.block)
        return wallets.setdefault(token, {""})

    def _look_up(self, fold: Fold, wallets: set[Address]) -> None:
        if not wallets:
            return
        fold.known |= wallets
        with self.store.database.reading() as connection:
            query = places_at(numbered=True).where(among(connection, PLACES.c.wallet, wallets))
            found = connection.execute(query, {"token": fold.token, "last": LAST}).all()
            new = wallets - {row.wallet for row in found} - self._standings.keys()
            self._standings |= words_of(connection, new)
            for row in found:
                holding = Holding(row.id, -1 if row.point is None else row.point, row.units or 0)
                if row.encumbered is not None:
                    kept = (row.encumbered, row.frozen, row.requested, row.locked_until, row.lost)
                    holding.encumbrance = Encumbrance(*kept)
                fold.holdings[row.partition, row.wallet] = holding

    def _ids(self, table: Table, addresses: set[Address]) -> dict[Address, int]:
        if not addresses:
            return {}
        with self.store.database.reading() as connection:
            query = select(table.c.address, table.c.id).where(among(connection, table.c.address, addresses))
            return {row.address: row.id for row in connection.execute(query)}

    # --- writing ------------------------------------------------------------------------------------------------------

    def commit(self, blocks: Sequence[Mark], head: Mark) -> None:
        """Write what was taken; `head` is the last block read, `blocks` are those with events of ours."""
        for fold in self.folds.values():
            fold.flush()
        used = {block.number for block in blocks}
        marks = [(*block, True) for block in blocks] + [(*head, False)] * (head.number not in used)
        self.rows[BLOCKS_READ.name] += marks
        before = f"block {self.head.number}" if self.head else "its beginning"
        database = self.store.database
        with database.writing(f"it stands at {before} as before") as connection:
            if self.store.lock(connection) != self.head:
                raise Overtaken
            if self.head is not None:
                old = BLOCKS_READ.c.block == self.head.number
                connection.execute(delete(BLOCKS_READ).where(old, BLOCKS_READ.c.used.is_(False)))
            for table in METADATA.sorted_tables:
                rows = self.rows[table.name]
                database.insert(connection, table, rows)
        for rows in self.rows.values():
            rows.clear()
        self.head = self.store.head = head

    @property
    def is_full(self) -> bool:
        """Whether it remembers as much as it should."""
        holdings = sum(len(fold.known) for fold in self.folds.values())
        return holdings + len(self._operators) + len(self._standings) > REMEMBERED
