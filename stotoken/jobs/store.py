"""The file under the journal: SQLite beside the record of a deployment, locked by whoever works with it.

By the standard library and not in a firm's database: what one machine is about to send must be on that machine's disk,
and synced, before it is sent, and a server between could be down or behind.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from stotoken.client.deployment import Deployment
from stotoken.jobs.faults import JournalBusy, JournalFault

FORMAT = 2

_SCHEMA = """
CREATE TABLE journal (format INTEGER NOT NULL, genesis TEXT NOT NULL, system TEXT NOT NULL);
CREATE TABLE job (
    number INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, target TEXT NOT NULL,
    name TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, made_at INTEGER NOT NULL,
    sender TEXT NOT NULL, atomic INTEGER NOT NULL DEFAULT 0, skipping INTEGER NOT NULL DEFAULT 0,
    factor TEXT NOT NULL, due_at INTEGER, begun_at INTEGER, said TEXT
);
CREATE TABLE lot (
    number INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES job, sender TEXT NOT NULL, nonce INTEGER NOT NULL,
    gas INTEGER NOT NULL, rows INTEGER NOT NULL, state TEXT NOT NULL, tx_hash TEXT, block_number INTEGER,
    block_hash TEXT, gas_used INTEGER, reason TEXT
);
CREATE INDEX lot_of_job ON lot (job);
CREATE INDEX lot_of_sender ON lot (sender, nonce);
CREATE TABLE signed (
    hash TEXT PRIMARY KEY, lot INTEGER NOT NULL REFERENCES lot, raw BLOB NOT NULL, empty INTEGER NOT NULL
);
CREATE INDEX signed_of_lot ON signed (lot);
CREATE TABLE row (
    job INTEGER NOT NULL REFERENCES job, place INTEGER NOT NULL, line INTEGER NOT NULL, wallet BLOB NOT NULL,
    part BLOB NOT NULL, value BLOB NOT NULL, lot INTEGER REFERENCES lot, known INTEGER NOT NULL DEFAULT 0, reason TEXT,
    PRIMARY KEY (job, place)
) WITHOUT ROWID;
"""


class Store:
    """A file of one deployment, opened by `open`: for one process at a time."""

    def __init__(self, path: Path, database: sqlite3.Connection, lock: int | None) -> None:
        self.path, self._database, self._lock = path, database, lock

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path})"

    @classmethod
    def open(cls, folder: Path, deployment: Deployment) -> Self:
        """The journal beside the record of a deployment, made if there is none; JournalBusy while somebody has it."""
        path = folder / f"{deployment.chain_id}.jobs.sqlite"
        lock = _locked(path.with_suffix(".lock"))
        try:
            journal = cls(path, _connected(path), lock)
            journal._check(deployment)
        except BaseException:
            os.close(lock)
            raise
        return journal

    @classmethod
    def read(cls, folder: Path, deployment: Deployment) -> Self | None:
        """For looking at it only, also while somebody works with it; None when there is none."""
        path = folder / f"{deployment.chain_id}.jobs.sqlite"
        if not path.exists():
            return None
        journal = cls(path, _connected(path), None)
        journal._check(deployment)
        return journal

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # --- inside -------------------------------------------------------------------------------------------------------

    def _check(self, deployment: Deployment) -> None:
        """Make an empty journal this deployment's; JournalFault when it is another's."""
        mine = (FORMAT, deployment.genesis, deployment.system)
        with self._told():
            made = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if not made:
            with self._writing() as write:
                for statement in _SCHEMA.split(";\n"):
                    write(statement)
                write("INSERT INTO journal VALUES (?, ?, ?)", mine)
            return
        found = self._rows("SELECT format, genesis, system FROM journal")
        if found != [mine]:
            raise JournalFault(
                f"{self.path} is the journal of another deployment, or of another version; nothing was done."
            )

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._told():
            return self._database.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[Any]:
        """One change, on disk as a whole when the block is over, or not at all."""
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database.execute
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise JournalFault(
                f"The journal {self.path} cannot be used: {error}. Nothing was sent that is not in it; the same "
                "command goes on once it can."
            ) from None


def _connected(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        # In WAL mode only FULL syncs at every commit, which is what makes the journal come before the sending.
        database.execute("PRAGMA synchronous = FULL")
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise JournalFault(f"The journal {path} cannot be opened: {reason}; nothing was sent.") from None
    return database


def _locked(path: Path) -> int:
    """Hold the lock until the file is closed, which the end of the process does however it ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise JournalFault(f"The journal's lock {path} cannot be made: {error.strerror}; nothing was sent.") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise JournalBusy(
            f"Another process works with the jobs of {path.with_suffix('.sqlite')}; nothing was done. Wait until it is "
            "over."
        ) from None
    return handle
