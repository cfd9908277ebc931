"""The database a ledger is kept in: SQLite in one file, PostgreSQL for a firm, or SQLite in memory.

Everything that goes wrong in it becomes one sentence that shows no user, password or option of the URL.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, Table, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from stotoken.errors import ConfigError
from stotoken.ledger.schema import METADATA, WHOLE, Whole, small

MIGRATIONS = Path(__file__).with_name("migrations")
#: The revision this version of the package reads and writes: the last one of `migrations`.
REVISION = "0001"
VERSION_TABLE = "ledger_version"

_MEMORY = "sqlite://"
#: Seconds a writer waits for another.
_PATIENCE, _PAUSE = 60, 0.02
#: Only one program at a time makes a ledger: any number that nobody else uses.
_MAKING = 0x73746F746F6B656E
#: PostgreSQL, and `synchronous` in SQLite: a machine that fails may lose the last stretches, which are read again.
_LATE = "SET LOCAL synchronous_commit = off"
#: SQLite: as much of the file in memory as a large ledger's indexes need, in KiB.
_PRAGMAS = ("synchronous = NORMAL", "cache_size = -131072", "temp_store = MEMORY")


class Database:
    """One open database. `reading` and `writing` are its transactions."""

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        self.shown = _shown(parsed)
        self.postgresql = parsed.get_backend_name() == "postgresql"
        self.engine = _engine(parsed)
        try:
            with self.faults("nothing was done"):
                METADATA.create_all(self.engine) if url == _MEMORY else self._migrate()
        except BaseException:
            self.close()
            raise

    @classmethod
    def memory(cls) -> Database:
        """Gone with the object."""
        return cls(_MEMORY)

    def __repr__(self) -> str:
        return f"Database({self.shown})"

    def close(self) -> None:
        self.engine.dispose()

    # --- transactions -------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One state of the database, whoever writes meanwhile."""
        level = {"isolation_level": "REPEATABLE READ"} if self.postgresql else {}
        with self.faults("nothing was done"), self.engine.connect().execution_options(**level) as connection:
            yield connection

    @contextmanager
    def writing(self, kept: str) -> Iterator[Connection]:
        """All of it or nothing. `kept`: what is so when it fails, for the sentence that tells."""
        with self.faults(kept), self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                if self.postgresql:
                    connection.exec_driver_sql(_LATE)
                yield connection

    @contextmanager
    def faults(self, kept: str) -> Iterator[None]:
        driver: Any = self.engine.dialect.loaded_dbapi
        try:
            yield
        except (DBAPIError, driver.Error) as fault:
            said = str(getattr(fault, "orig", None) or fault).strip().partition("\n")[0].rstrip(".")
            raise ConfigError(f"The ledger {self.shown} cannot be used: {said}; {kept}.") from None

    def insert(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows of all columns in their order, in bulk."""
        if not rows:
            return
        if self.postgresql:
            driver: Any = connection.connection.driver_connection
            with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608
        for place, column in enumerate(table.columns):
            if isinstance(column.type, Whole) and max(filter(None, map(itemgetter(place), rows)), default=0) >= WHOLE:
                rows = [(*row[:place], small(row[place]), *row[place + 1 :]) for row in rows]
        connection.exec_driver_sql(statement, list(rows))

    def make_alone(self, connection: Connection) -> None:
        """Keep out whoever else makes this ledger until the transaction ends; who writes to SQLite does already."""
        if self.postgresql:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MAKING})"))

    # --- tables -------------------------------------------------------------------------------------------------------

    def _migrate(self) -> None:
        """Make or renew the tables; ConfigError when they are of a newer version."""
        with self.engine.connect() as connection:
            if _revision(connection) == REVISION:
                return
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            self.make_alone(connection)
            found = _revision(connection)
            if found is not None and found > REVISION:
                raise ConfigError(
                    f"The ledger {self.shown} was written by a newer version of this program ({found}, here "
                    f"{REVISION}); nothing was done."
                )
            if found != REVISION:
                _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return None if found is None else str(found)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        good = parsed.get_backend_name() in ("postgresql", "sqlite")
    except (ArgumentError, ValueError):
        good = False
    if not good:
        raise ConfigError(
            "A ledger is at sqlite:///FILE or postgresql://USER@HOST/DATABASE; what was given is neither. "
            "Nothing was done."
        )
    return parsed


def _shown(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return f"postgresql://{url.host or ''}/{url.database or ''}"


def _write_ahead(driver: Any) -> None:
    """Many readers beside one writer. While others turn it on in a new file SQLite refuses at once, without waiting."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            driver.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(_PAUSE)


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        try:
            return sqlalchemy.create_engine(url, pool_pre_ping=True)
        except ImportError:
            raise ConfigError(
                "A ledger in PostgreSQL needs the package psycopg: pip install 'stotoken[postgresql]'; "
                "nothing was done."
            ) from None
    in_memory = {} if url.database else {"poolclass": StaticPool}
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": _PATIENCE, "check_same_thread": False}, **in_memory)

    @event.listens_for(engine, "connect")
    def prepare(driver: Any, _: object) -> None:
        driver.isolation_level = None  # transactions are begun below, not by the driver's guesses
        _write_ahead(driver)
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif url.database:  # in memory there is one connection, and nobody else who writes
            connection.exec_driver_sql("BEGIN")

    return engine
