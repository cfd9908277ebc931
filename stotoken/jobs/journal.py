"""The journal of a deployment's jobs.

Nothing is sent that is not in it: a transaction is here, signed, with its nonce and hash, before it goes to the node.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stotoken.errors import InputError
from stotoken.jobs.job import ID_DIGITS, Job, Row
from stotoken.jobs.store import Store
from stotoken.types import Address, checksum

_TO_DO = """
SELECT place FROM row WHERE job = ? AND known = 0
AND (lot IS NULL OR lot IN (SELECT number FROM lot WHERE state IN ('failed', 'void'))) ORDER BY place
"""
_RESULTS = """
SELECT row.line, row.wallet, row.part, row.value, row.known, row.reason, lot.state, lot.tx_hash, lot.reason
FROM row LEFT JOIN lot ON lot.number = row.lot WHERE row.job = ? ORDER BY row.line, row.place
"""
#: Of other jobs of the same act, contract and name: rows that were done or are on their way.
_ELSEWHERE = """
SELECT job.digest, row.wallet, row.part, row.value FROM job JOIN row ON row.job = job.number
LEFT JOIN lot ON lot.number = row.lot
WHERE job.kind = ? AND job.target = ? AND job.name = ? AND job.digest != ?
AND (row.known = 1 OR lot.state IN ('open', 'done'))
"""
_LOTS = """
SELECT lot.number, job, nonce, gas, rows, raw, hash, empty, state, coalesce(block_number, 0), block_hash, tx_hash,
coalesce(gas_used, 0) FROM lot JOIN signed ON signed.lot = lot.number
WHERE (?1 IS NULL OR sender = ?1) AND (?2 IS NULL OR job = ?2) AND (?3 IS NULL OR state = ?3)
ORDER BY lot.number, signed.rowid
"""
_TRANSACTIONS = """
SELECT nonce, state, tx_hash, block_number, gas_used, reason, rows FROM lot WHERE job = ? ORDER BY number
"""


@dataclass(frozen=True)
class Signed:
    """A lot whose transaction is signed: its latest bytes, and every hash that ever was signed for its nonce, those of
    `empty` transactions among them: of these one that is mined ends the lot undone."""

    number: int
    job: int
    nonce: int
    gas: int
    rows: int
    raw: bytes
    hashes: tuple[str, ...]
    empty: tuple[str, ...] = ()
    state: str = "open"
    block_number: int = 0
    block_hash: str | None = None
    #: Of the one that was mined.
    tx_hash: str | None = None
    gas_used: int = 0


@dataclass(frozen=True)
class Entry:
    """A job as the journal has it. Times are UTC seconds."""

    number: int
    id: str
    kind: str
    target: Address
    name: str
    source: str
    #: waiting for its time, open, done, or stopped: a person is to look at it
    state: str
    made_at: int
    #: Who is to send it.
    sender: Address
    atomic: bool
    skipping: bool
    #: By which factor of its token's calendar its rows count units; 0 where they count none.
    factor: int
    due_at: int | None
    begun_at: int | None
    said: str | None


class Journal(Store):
    """Jobs, their rows, and the transactions that were signed for them."""

    # --- jobs ---------------------------------------------------------------------------------------------------------

    def begin(self, job: Job, sender: Address, now: int, factor: int = 0, at: int | None = None) -> Entry:
        """The entry of a job, made if it is not there. `factor`: of its units; `at`: when it is to be run, else at
        once."""
        with self._writing() as write:
            if write("SELECT number FROM job WHERE digest = ?", (job.digest,)).fetchone() is None:
                state = "open" if at is None else "waiting"
                number = write(
                    "INSERT INTO job (digest, kind, target, name, source, state, made_at, sender, factor, due_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (job.digest, job.kind, job.target, job.name, job.source, state, now, sender, str(factor), at),
                ).lastrowid
                self._database.executemany(
                    "INSERT INTO row (job, place, line, wallet, part, value) VALUES (?, ?, ?, ?, ?, ?)",
                    (
                        (number, place, row.line, bytes.fromhex(row.wallet[2:]), row.partition, _packed(row.value))
                        for place, row in enumerate(job.rows)
                    ),
                )
        return self.entry(job.id)

    def has(self, job: Job) -> bool:
        return bool(self._rows("SELECT 1 FROM job WHERE digest = ?", (job.digest,)))

    def choose(self, entry: Entry, *, atomic: bool, skipping: bool) -> Entry:
        """How a job is to be run from now on."""
        with self._writing() as write:
            write("UPDATE job SET atomic = ?, skipping = ? WHERE number = ?", (atomic, skipping, entry.number))
        return replace(entry, atomic=atomic, skipping=skipping)

    def count_by(self, entry: Entry, factor: int) -> Entry:
        """The rows of a job are found to be in units of another factor."""
        with self._writing() as write:
            write("UPDATE job SET factor = ? WHERE number = ?", (str(factor), entry.number))
        return replace(entry, factor=factor)

    def entries(self) -> list[Entry]:
        """Every job, oldest first."""
        return [_entry(row) for row in self._rows("SELECT * FROM job ORDER BY number")]

    def entry(self, id: str) -> Entry:
        """A job by the first digits of its id; InputError when there is not just one."""
        found = [entry for entry in self.entries() if entry.id.startswith(id.lower())]
        if len(found) != 1:
            raise InputError(f"There is {'no' if not found else 'more than one'} job {id}; nothing was done.")
        return found[0]

    def entry_of(self, lot: Signed) -> Entry:
        [row] = self._rows("SELECT * FROM job WHERE number = ?", (lot.job,))
        return _entry(row)

    def job(self, entry: Entry) -> Job:
        """The job itself, its rows as they were first given."""
        rows = self._rows("SELECT line, wallet, part, value FROM row WHERE job = ? ORDER BY place", (entry.number,))
        read = tuple(
            Row(line, checksum(f"0x{wallet.hex()}"), int.from_bytes(value, "big"), part)
            for line, wallet, part, value in rows
        )
        return Job(entry.kind, entry.target, read, entry.name, entry.source)

    def mark(self, entry: Entry, state: str, said: str | None = None, begun_at: int | None = None) -> None:
        with self._writing() as write:
            write(
                "UPDATE job SET state = ?, said = ?, begun_at = coalesce(?, begun_at) WHERE number = ?",
                (state, said, begun_at, entry.number),
            )

    # --- rows ---------------------------------------------------------------------------------------------------------

    def to_do(self, entry: Entry) -> list[int]:
        """Places of the rows of which nothing is on its way or done."""
        rows = self._rows(_TO_DO, (entry.number,))
        return [place for (place,) in rows]

    def again(self, entry: Entry, places: Iterable[int]) -> None:
        """Rows that were done and that the chain has otherwise now."""
        with self._writing():
            self._database.executemany(
                "UPDATE row SET lot = NULL, known = 0 WHERE job = ? AND place = ?",
                ((entry.number, place) for place in places),
            )

    def known(self, entry: Entry, places: Iterable[int]) -> None:
        """The chain had these rows before the job came to them."""
        with self._writing():
            self._database.executemany(
                "UPDATE row SET known = 1, reason = NULL WHERE job = ? AND place = ?",
                ((entry.number, place) for place in places),
            )

    def refuse(self, entry: Entry, reasons: Mapping[int, Mapping[str, object]]) -> None:
        """Why the chain would not take a row, which is left out."""
        with self._writing() as write:
            write("UPDATE row SET reason = NULL WHERE job = ?", (entry.number,))
            self._database.executemany(
                "UPDATE row SET reason = ? WHERE job = ? AND place = ?",
                ((json.dumps(told, ensure_ascii=False), entry.number, place) for place, told in reasons.items()),
            )

    def elsewhere(self, job: Job) -> list[tuple[Row, str]]:
        """Rows of a job that others of the same act, contract and name have done, or are about to; and by which."""
        found = self._rows(_ELSEWHERE, (job.kind, job.target, job.name, job.digest))
        done = {(wallet, part, value): digest.hex()[:ID_DIGITS] for digest, wallet, part, value in found}
        if not done:
            return []
        keys = ((row, (bytes.fromhex(row.wallet[2:]), row.partition, _packed(row.value))) for row in job.rows)
        return [(row, done[key]) for row, key in keys if key in done]

    def results(self, entry: Entry) -> list[dict[str, Any]]:
        """Every row with what became of it."""
        rows = self._rows(_RESULTS, (entry.number,))
        return [
            {
                "row": line,
                "wallet": checksum(f"0x{wallet.hex()}"),
                "partition": part,
                "value": int.from_bytes(value, "big"),
                "state": _state(known, reason, state),
                "tx_hash": tx_hash,
                "reason": json.loads(reason or why) if reason or why else None,
            }
            for line, wallet, part, value, known, reason, state, tx_hash, why in rows
        ]

    # --- lots ---------------------------------------------------------------------------------------------------------

    def sign(
        self, entry: Entry, sender: Address, lots: Sequence[tuple[Sequence[int], int, int, bytes, str]]
    ) -> list[Signed]:
        """Keep signed transactions: rows by place, nonce, gas, bytes, hash. On disk when this returns."""
        kept = []
        with self._writing() as write:
            for places, nonce, gas, raw, tx_hash in lots:
                number = write(
                    "INSERT INTO lot (job, sender, nonce, gas, rows, state) VALUES (?, ?, ?, ?, ?, 'open')",
                    (entry.number, sender, nonce, gas, len(places)),
                ).lastrowid
                write("INSERT INTO signed (hash, lot, raw, empty) VALUES (?, ?, ?, 0)", (tx_hash, number, raw))
                self._database.executemany(
                    "UPDATE row SET lot = ?, reason = NULL WHERE job = ? AND place BETWEEN ? AND ?",
                    ((number, entry.number, first, last) for first, last in _spans(places)),
                )
                kept.append(Signed(int(number or 0), entry.number, nonce, gas, len(places), raw, (tx_hash,)))
        return kept

    def sign_again(self, lot: Signed, raw: bytes, tx_hash: str, *, empty: bool = False) -> Signed:
        """A second transaction for the same nonce, of the same lot; whichever is mined, the lot happened, unless it is
        `empty`."""
        values = (tx_hash, lot.number, raw, empty)
        with self._writing() as write:
            write("INSERT INTO signed (hash, lot, raw, empty) VALUES (?, ?, ?, ?)", values)
        more = (tx_hash,) if empty else ()
        return replace(lot, raw=raw, hashes=(*lot.hashes, tx_hash), empty=(*lot.empty, *more))

    def lots(
        self, *, sender: Address | None = None, entry: Entry | None = None, state: str | None = None
    ) -> list[Signed]:
        """Signed lots in the order of their signing."""
        rows = self._rows(_LOTS, (sender, entry and entry.number, state))
        found: dict[int, Signed] = {}
        for number, job, nonce, gas, count, raw, tx_hash, empty, *ended in rows:
            before, nothing = (found[number].hashes, found[number].empty) if number in found else ((), ())
            nothing = (*nothing, tx_hash) if empty else nothing
            found[number] = Signed(number, job, nonce, gas, count, raw, (*before, tx_hash), nothing, *ended)
        return list(found.values())

    def places(self, lot: Signed) -> list[int]:
        rows = self._rows("SELECT place FROM row WHERE job = ? AND lot = ? ORDER BY place", (lot.job, lot.number))
        return [place for (place,) in rows]

    def done_in(self, entry: Entry, lots: Iterable[Signed]) -> list[int]:
        """Places of the rows of these lots."""
        numbers = {lot.number for lot in lots}
        rows = self._rows("SELECT place, lot FROM row WHERE job = ? AND lot IS NOT NULL", (entry.number,))
        return [place for place, lot in rows if lot in numbers]

    def settle(self, outcomes: Iterable[tuple[Signed, str, Sequence[object], Mapping[str, object] | None]]) -> None:
        """What became of lots: done or failed with hash, block, block hash and gas; void; or open once more."""
        with self._writing():
            self._database.executemany(
                "UPDATE lot SET state = ?, tx_hash = ?, block_number = ?, block_hash = ?, gas_used = ?, reason = ?"
                " WHERE number = ?",
                (
                    (
                        state,
                        *(mined or (None, None, None, None)),
                        json.dumps(why, ensure_ascii=False) if why else None,
                        lot.number,
                    )
                    for lot, state, mined, why in outcomes
                ),
            )

    def transactions(self, entry: Entry) -> list[dict[str, Any]]:
        """Every lot of a job that took effect or was tried."""
        rows = self._rows(_TRANSACTIONS, (entry.number,))
        names = ("nonce", "state", "tx_hash", "block_number", "gas_used", "reason", "rows")
        return [dict(zip(names, row, strict=True)) for row in rows]


def _spans(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of places without a gap."""
    if len(places) == places[-1] - places[0] + 1:
        yield places[0], places[-1]
    else:
        yield from ((place, place) for place in places)


def _packed(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _entry(row: Sequence[Any]) -> Entry:
    number, digest, *rest = row
    kind, target, name, source, state, made_at, sender, atomic, skipping, factor, *times = rest
    told = (kind, target, name, source, state, made_at, sender, bool(atomic), bool(skipping), int(factor))
    return Entry(number, digest.hex()[:ID_DIGITS], *told, *times)


def _state(known: int, reason: str | None, lot: str | None) -> str:
    if known:
        return "known"
    if lot in ("open", "done"):
        return {"open": "sent", "done": "done"}[lot]
    return "refused" if reason or lot == "failed" else "waiting"
