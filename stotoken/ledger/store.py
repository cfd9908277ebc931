"""Where a ledger is kept: all that was read of one system, up to one block of its chain.

store = Store.open("sqlite:///ledger.db", Contracts.of(deployment))
sync(store, [connection])                          # see follower
Register(Contracts.of(deployment, token), store)   # see register
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, delete, func, select

from stotoken.errors import ConfigError
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.database import Database
from stotoken.ledger.events import Event
from stotoken.ledger.moment import Mark
from stotoken.ledger.schema import BLOCKS, BLOCKS_READ, METADATA, SYSTEM, TOKENS
from stotoken.ledger.writer import Overtaken, Writer
from stotoken.types import Address

_AT_ONCE = 200


class Store:
    """A ledger in a database. Any number of programs may read it and write to it at once."""

    def __init__(self, database: Database, contracts: Contracts) -> None:
        self.database, self.contracts = database, contracts
        self._writer: Writer | None = None
        self._require_system()
        #: The last block read; None before the first.
        self.head: Mark | None = None
        self.refresh()

    @classmethod
    def open(cls, url: str, contracts: Contracts) -> Store:
        """Of all tokens of a system, or of one; ConfigError when the database holds anything else."""
        database = Database(url)
        try:
            return cls(database, contracts)
        except BaseException:
            database.close()
            raise

    @classmethod
    def memory(cls, contracts: Contracts) -> Store:
        """Gone with the object."""
        return cls(Database.memory(), contracts)

    def __repr__(self) -> str:
        read = f"block {self.head.number}" if self.head else "nothing read"
        return f"Store({self.database.shown}, {read})"

    def close(self) -> None:
        self.database.close()

    def _require_system(self) -> None:
        mine = self.contracts
        row = (mine.chain_id, mine.system, mine.orders, mine.token, mine.first_block)
        with self.database.reading() as connection:
            found = connection.execute(select(SYSTEM)).one_or_none()
        if found is None:
            with self.database.writing("nothing was done") as connection:
                self.database.make_alone(connection)
                found = connection.execute(select(SYSTEM)).one_or_none()
                if found is None:
                    self.database.insert(connection, SYSTEM, [row])
        if found is not None and tuple(found) != row:
            raise ConfigError(
                f"The ledger {self.database.shown} is of the system {found.system} on chain {found.chain_id}, not of "
                f"{mine.system} on chain {mine.chain_id}; nothing was done."
            )

    # --- where it stands ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """See how far other programs have read."""
        with self.database.reading() as connection:
            head = _head(connection)
        if head != self.head:
            self.head, self._writer = head, None

    def lock(self, connection: Connection) -> Mark | None:
        """Keep other writers out until the end of the transaction; the last block read."""
        connection.execute(select(SYSTEM.c.chain_id).with_for_update())
        return _head(connection)

    def marks(self) -> Iterator[list[Mark]]:
        """Blocks that were read, from the last one back, some at a time."""
        before = None
        while True:
            query = select(*_MARK).order_by(BLOCKS_READ.c.block.desc()).limit(_AT_ONCE)
            if before is not None:
                query = query.where(BLOCKS_READ.c.block < before)
            with self.database.reading() as connection:
                found = [Mark(*row) for row in connection.execute(query)]
            if not found:
                return
            yield found
            before = found[-1].number

    def tokens(self) -> list[Address]:
        """Those it is of, as far as it knows them."""
        if self.contracts.token:
            return [self.contracts.token]
        with self.database.reading() as connection:
            return list(connection.scalars(select(TOKENS.c.address).order_by(TOKENS.c.id)))

    # --- writing ------------------------------------------------------------------------------------------------------

    @property
    def writer(self) -> Writer:
        """What takes the next events; anew whenever what it knew may no longer be so."""
        if self._writer is None:
            self._writer = Writer(self)
        return self._writer

    @property
    def taking(self) -> Writer | None:
        """The writer, if there is one."""
        return self._writer

    def take(
        self,
        events: Sequence[Event],
        blocks: Sequence[Mark],
        head: Mark,
        tokens: Sequence[tuple[Address, int]] = (),
    ) -> None:
        """All that happened up to a block: all of it is kept, or nothing. `blocks`: those with events of ours;
        `tokens`: those created meanwhile, and in which block. `Overtaken` when another program wrote since `head` was
        last looked at."""
        writer = self.writer
        try:
            for token, block in tokens:
                writer.fold_of(token, block)
            writer.take(events)
            writer.commit(blocks, head)
        except BaseException:
            self._writer = None
            raise
        if writer.is_full:
            self._writer = None

    def undo(self, number: int) -> None:
        """Forget all blocks above one; `Overtaken` when another program wrote since `head` was last looked at."""
        expected, self._writer = self.head, None
        with self.database.writing("nothing was undone") as connection:
            if self.lock(connection) != expected:
                raise Overtaken
            for table in METADATA.sorted_tables:
                columns = table.c
                if "block" in columns:
                    connection.execute(delete(table).where(columns.block > number))
                elif "point" in columns:
                    connection.execute(delete(table).where(columns.point % BLOCKS > number))
            self.head = _head(connection)


_MARK = (BLOCKS_READ.c.block, BLOCKS_READ.c.hash, BLOCKS_READ.c.timestamp)


def _head(connection: Connection) -> Mark | None:
    last = select(func.max(BLOCKS_READ.c.block)).scalar_subquery()
    row = connection.execute(select(*_MARK).where(BLOCKS_READ.c.block == last)).one_or_none()
    return Mark(*row) if row else None
