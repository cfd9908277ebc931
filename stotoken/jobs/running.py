"""Runs jobs: tried whole, sent lot by lot, resumed wherever they were cut off.

    with Journal.open(folder, deployment) as journal:
        outcome = Runner(deployment, sender, journal).run(job)

Given again, the same job does what is left of it, which is nothing once it is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stotoken.chain.connection import Connection
from stotoken.chain.nodes import FINALITY
from stotoken.chain.sender import Sender
from stotoken.client.deployment import Deployment
from stotoken.errors import InputError, OutcomeUnknown, Reverted
from stotoken.jobs.faults import Refusal, RowsRefused, UnitsChanged
from stotoken.jobs.flight import Flight
from stotoken.jobs.job import Job
from stotoken.jobs.journal import Entry, Journal, Signed
from stotoken.jobs.kinds import Kind
from stotoken.jobs.ordered import kind_of
from stotoken.jobs.overtaken import keep_block, lost
from stotoken.jobs.rehearsal import Lot, Rehearser
from stotoken.jobs.units import Units
from stotoken.types import Address

#: Signed ahead of the chain: four full blocks, for whose rising base fee one signature leaves room, and no more
#: transactions than nodes keep of one account.
_BLOCKS_AHEAD, _AHEAD = 4, 64


@dataclass(frozen=True)
class Preview:
    """What a job would do now."""

    rows: int
    #: Rows that are done, here or on chain.
    known: int
    units: int
    lots: int
    gas: int
    refused: tuple[Refusal, ...]


@dataclass(frozen=True)
class Outcome:
    """What a run did. Rows: in the table, before this run, in this run, refused."""

    entry: Entry
    rows: int
    known: int
    done: int
    units: int
    gas_used: int
    transactions: tuple[str, ...]
    refused: tuple[Refusal, ...]

    @property
    def left(self) -> int:
        """Rows that nothing is in the way of and that were not done: they were in one transaction with refused ones."""
        return self.rows - self.known - self.done - len(self.refused)


class Runner:
    """One sender's. `progress` is told how many rows are done, of how many."""

    def __init__(
        self,
        deployment: Deployment,
        sender: Sender,
        journal: Journal,
        progress: Callable[[int, int], None] = lambda done, rows: None,
    ) -> None:
        self.deployment, self.sender, self.journal, self._progress = deployment, sender, journal, progress
        self._done, self._rows = 0, 0
        self._units = Units(sender.connection)
        self._flight = Flight(sender, journal, self._landed, self._is_stale)

    def run(self, job: Job, *, atomic: bool = False, skip_refused: bool = False) -> Outcome:
        """Do what is left of the job. RowsRefused, before anything is sent, when the chain would refuse rows and they
        are not to be left out. `atomic`: in one transaction or not at all."""
        return self.resume(self._chosen(self._begun(job), atomic, skip_refused), job)

    def add(self, job: Job, at: int, *, atomic: bool = False, skip_refused: bool = False) -> Entry:
        """Keep a job for `work` to run once its time has come. InputError when it was given before, UnitsChanged when
        a split is to come before that."""
        entry = self._begun(job, at)
        if (entry.state, entry.due_at, entry.sender) != ("waiting", at, self.sender.address):
            raise InputError(f"The same rows are job {entry.id} already; name this one otherwise. Nothing was added.")
        return self._chosen(entry, atomic, skip_refused)

    def resume(self, entry: Entry, job: Job | None = None) -> Outcome:
        """Go on with a job of the journal."""
        job = job or self.journal.job(entry)
        kind = kind_of(entry.kind, self.deployment, self.sender.connection, entry.target)
        self._check_senders(entry)
        if not self._is_there(entry):
            self.journal.mark(entry, "open")
        nonce = self._settled()
        before = len(self.journal.lots(entry=entry))
        places = self._left(entry, job, kind)
        entry = self._counted(entry, kind)
        self._check_units(entry)
        known = len(job.rows) - len(places)
        if places and entry.state != "open":
            self.journal.mark(entry, "open", begun_at=_now())
        refused = self._go(entry, job, kind, places, nonce) if places else ()
        while not self._is_there(entry):
            self._settled()
        self._check_units(entry, len(refused))
        return self._outcome(entry, job, kind, known, before, refused)

    def overtaken(self, entry: Entry, others: Sequence[Connection] = (), finality: int = FINALITY) -> int:
        """Give up the transactions of a job whose nonce another took; their rows are to be sent anew. How many.

        OutcomeUnknown, and none is given up, until so many blocks stand on one at which the nonces were found used up,
        here and on the other nodes.
        """
        keep_block(self._own(entry), self.sender, self.journal)
        seen = [lot for lot in self._own(entry) if lot.block_hash is not None]
        gone = lost(seen, (self.sender.connection, *others), finality)
        self.journal.settle([(lot, "void", (), None) for lot in gone])
        return len(gone)

    def raise_fees(self, entry: Entry) -> int:
        """Sign what is on its way anew, for twice the fee of now and the same nonces; how many."""
        job = self.journal.job(entry)
        kind = kind_of(entry.kind, self.deployment, self.sender.connection, entry.target)
        lots, fees = self._own(entry), self._flight.higher_fees()
        kind.known(job, range(len(job.rows)), self.sender.address)  # of an issue: which orders its rows are in
        for lot in lots:
            self._flight.raise_fees(lot, job, kind, fees)
        return len(lots)

    def preview(self, job: Job) -> Preview:
        """What a run would do now, tried on the chain; nothing is sent or kept."""
        return preview(job, self.deployment, self.sender, self.journal)

    def _chosen(self, entry: Entry, atomic: bool, skip_refused: bool) -> Entry:
        if skip_refused and entry.kind.startswith("issue-"):
            raise InputError("Rows of an issue are not left out: all make the same orders of it; nothing was sent.")
        if atomic and skip_refused:
            raise InputError("All rows or none, and leaving out refused ones, do not go together; nothing was sent.")
        return self.journal.choose(entry, atomic=atomic, skipping=skip_refused)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _is_there(self, entry: Entry) -> bool:
        """Whether the chain still has what this sender did of the job; what it has no more is open again."""
        return self._flight.verify(self.journal.lots(sender=self.sender.address, entry=entry, state="done"))

    def _settled(self) -> int:
        """Follow to its end whatever this sender has on its way, of any job; the next nonce. OutcomeUnknown while
        something waits that is none of the journal's."""
        if open_ := self.journal.lots(sender=self.sender.address, state="open"):
            self._flight.land(open_, before=True)
        return self.sender.settled_nonce()

    def _begun(self, job: Job, at: int | None = None) -> Entry:
        """Its entry, made if it is not there. UnitsChanged, and none is made, where a split comes before it is done."""
        kind = kind_of(job.kind, self.deployment, self.sender.connection, job.target)
        check_new(job, kind, self.journal)
        factor = 0
        if not self.journal.has(job):
            factor = factor_of(job, kind, self._units, range(len(job.rows)), self.sender.address, at or 0)
        return self.journal.begin(job, self.sender.address, _now(), factor, at)

    def _is_stale(self, lot: Signed) -> bool:
        """Whether its rows count otherwise now than they did when their job was given."""
        entry = self.journal.entry_of(lot)
        return self._units.split(entry.target, entry.factor) is not None if entry.factor else False

    def _check_units(self, entry: Entry, refused: int = 0) -> None:
        """UnitsChanged when the rows that are left, but for the refused ones, count otherwise now, or when others were
        done while they did. The job is left to a person."""
        split = self._units.split(entry.target, entry.factor) if entry.factor else None
        if split is None:
            return
        late, left = 0, len(self.journal.to_do(entry)) - (refused if entry.skipping else 0)
        for lot in sorted(self.journal.lots(entry=entry, state="done"), key=lambda lot: -lot.block_number):
            if not self._units.is_after(entry.target, split, lot.block_number):
                break
            late += lot.rows
        if left or late:
            fault = UnitsChanged(entry.id, entry.source, split, left, late, kept=True)
            self.journal.mark(entry, "stopped", str(fault))
            raise fault

    def _own(self, entry: Entry) -> list[Signed]:
        """What this sender has on its way of a job: of another's transactions its nonce says nothing."""
        return self.journal.lots(sender=self.sender.address, entry=entry, state="open")

    def _check_senders(self, entry: Entry) -> None:
        """Of a job's transactions each must be followed by whoever sent it."""
        own = {lot.number for lot in self._own(entry)}
        if others := [lot for lot in self.journal.lots(entry=entry, state="open") if lot.number not in own]:
            raise OutcomeUnknown(
                f"{len(others)} transactions of job {entry.id} were sent with another key than {self.sender.address}: "
                "resume it with that key first. Nothing was sent.",
                tx_hash=others[0].hashes[-1],
            )

    def _left(self, entry: Entry, job: Job, kind: Kind) -> list[int]:
        """The rows that are to be done. Asked after the nonce was settled: whatever is sent by somebody else with this
        key from then on takes the nonce of ours."""
        if kind.converges and not (entry.factor and self._units.split(entry.target, entry.factor)):
            every = range(len(job.rows))
            known = kind.known(job, every, self.sender.address)
            self.journal.again(entry, [place for place in every if place not in known])
            self.journal.known(entry, known.intersection(self.journal.to_do(entry)))
            return [place for place in every if place not in known]
        places = self.journal.to_do(entry)
        if places and not kind.converges and (known := kind.known(job, places, self.sender.address)):
            self.journal.known(entry, known)
            places = [place for place in places if place not in known]
        return places

    def _counted(self, entry: Entry, kind: Kind) -> Entry:
        """In units of when the first of its rows were done, where the chain had them and the journal did not."""
        if entry.factor == 0 or kind.since is None:
            return entry
        then = self._units.factor(entry.target, kind.since)
        return entry if then >= entry.factor else self.journal.count_by(entry, then)

    def _go(self, entry: Entry, job: Job, kind: Kind, places: Sequence[int], nonce: int) -> tuple[Refusal, ...]:
        if (refusal := kind.too_much([job.rows[place] for place in places], self.sender.address)) is not None:
            raise refusal
        rehearser = Rehearser(kind, job, self.sender, atomic=entry.atomic)
        if entry.atomic:
            _check_one(rehearser, job, kind, places)
        found = rehearser.rehearse(places)
        refused = refusals(job, found.refused)
        if refused and not entry.skipping:
            raise RowsRefused(entry.source, len(job.rows), refused)
        if entry.atomic and len(found.lots) > 1:
            raise InputError("There is not gas enough for all rows in one transaction; nothing was sent.")
        self.journal.refuse(entry, {place: reason.to_dict() for place, reason in found.refused.items()})
        self._done, self._rows = len(job.rows) - len(places), len(job.rows)
        for lots in _windows(found.lots, rehearser.budget):
            self._check_units(entry)
            self._flight.land(self._flight.sign(entry, job, kind, lots, nonce))
            nonce += len(lots)
        return refused

    def _landed(self, lot: Signed) -> None:
        self._done += lot.rows
        if self._rows:
            self._progress(min(self._done, self._rows), self._rows)

    def _outcome(
        self, entry: Entry, job: Job, kind: Kind, known: int, before: int, refused: tuple[Refusal, ...]
    ) -> Outcome:
        sent = self.journal.lots(entry=entry)[before:]
        done = [lot for lot in sent if lot.state == "done"]
        places = self.journal.done_in(entry, done)
        failed = self._failed(entry, job, kind)
        if len(self.journal.to_do(entry)) <= (len(refused) if entry.skipping else 0):
            self.journal.mark(entry, "done")
        units = sum(job.rows[place].value for place in places) if kind.counted else 0
        hashes = tuple(str(lot.tx_hash) for lot in done)
        gas = sum(lot.gas_used for lot in sent)
        return Outcome(entry, len(job.rows), known, len(places), units, gas, hashes, (*refused, *failed))

    def _failed(self, entry: Entry, job: Job, kind: Kind) -> tuple[Refusal, ...]:
        """Rows of lots that were mined and failed, with their own reasons where the chain has such now."""
        found: dict[int, Reverted] = {}
        for lot, reason in self._flight.failures:
            if lot.job == entry.number:
                places = self.journal.places(lot)
                try:
                    now = Rehearser(kind, job, self.sender).rehearse(places).refused
                except Reverted as refusal:
                    now = dict.fromkeys(places, refusal)  # of all rows alike, such as a halt
                found |= now or dict.fromkeys(places, reason)
        return refusals(job, found)


def preview(job: Job, deployment: Deployment, sender: Sender, journal: Journal | None) -> Preview:
    """What a run would do now, tried on the chain; nothing is sent or kept."""
    kind = kind_of(job.kind, deployment, sender.connection, job.target)
    places: list[int] = list(range(len(job.rows)))
    if journal:
        check_new(job, kind, journal)
    entry = next((each for each in journal.entries() if each.id == job.id), None) if journal else None
    units = Units(sender.connection)
    factor = entry.factor if entry and entry.factor else None
    if journal and entry and (not kind.converges or (factor and units.split(job.target, factor))):
        places = journal.to_do(entry)
    known = kind.known(job, places, sender.address)
    places = [place for place in places if place not in known]
    if not places:
        return Preview(len(job.rows), len(job.rows), 0, 0, 0, ())
    if kind.since is not None and kind.counted:
        then = units.factor(job.target, kind.since)
        factor = min(factor or then, then)
    factor_of(job, kind, units, places, sender.address, factor=factor)
    rows = [job.rows[place] for place in places]
    if (refusal := kind.too_much(rows, sender.address)) is not None:
        raise refusal
    found = Rehearser(kind, job, sender).rehearse(places)
    sums = sum(row.value for row in rows) if kind.counted else 0
    gas = sum(lot.gas for lot in found.lots)
    return Preview(len(job.rows), len(job.rows) - len(places), sums, len(found.lots), gas, refusals(job, found.refused))


def check_new(job: Job, kind: Kind, journal: Journal) -> None:
    """InputError when rows of a new table were done by another, as when the table was sorted or mended since."""
    if kind.converges or journal.has(job):
        return
    if found := journal.elsewhere(job):
        row, id = found[0]
        raise InputError(
            f"{len(found)} of {len(job.rows)} rows of {job.source}, the first in row {row.line}, were done by job "
            f"{id}, whose table had others too or another order; nothing was sent. Take them out, or name this table "
            "(--batch) where they are meant once more."
        )


def factor_of(
    job: Job,
    kind: Kind,
    units: Units,
    places: Sequence[int],
    sender: Address,
    until: int = 0,
    factor: int | None = None,
) -> int:
    """By which factor of its token's calendar a job counts, if not by the one that is given; 0 where it counts no
    units. UnitsChanged where a split comes before these rows are surely done, unless the chain has them all."""
    if not kind.counted:
        return 0
    factor = units.factor(job.target) if factor is None else factor
    split = units.split(job.target, factor, until)
    if split and (left := len(places) - len(kind.known(job, places, sender))):
        raise UnitsChanged(job.id, job.source, split, left)
    return factor


def refusals(job: Job, refused: dict[int, Reverted]) -> tuple[Refusal, ...]:
    found = (Refusal(job.rows[place].line, job.rows[place].wallet, reason) for place, reason in refused.items())
    return tuple(sorted(found, key=lambda each: each.line))


def _check_one(rehearser: Rehearser, job: Job, kind: Kind, places: Sequence[int]) -> None:
    """InputError when the rows do not fit in one transaction."""
    if len(places) > 1 and kind.most_rows == 1:
        raise InputError(f"There is no one transaction for all rows of a job {kind.name}; nothing was sent.")
    if len({job.rows[place].partition for place in places}) > 1:
        raise InputError("Rows of different partitions cannot be done in one transaction; nothing was sent.")
    if (gas := rehearser.needed(places)) > rehearser.budget:
        raise InputError(
            f"All rows in one transaction would take about {gas} gas, and it may have {rehearser.budget}; nothing was "
            "sent."
        )


def _windows(lots: Sequence[Lot], budget: int) -> Iterator[list[Lot]]:
    """Lots that are signed together."""
    window: list[Lot] = []
    gas = 0
    for lot in lots:
        if window and (gas + lot.gas > 2 * _BLOCKS_AHEAD * budget or len(window) == _AHEAD):
            yield window
            window, gas = [], 0
        window.append(lot)
        gas += lot.gas
    if window:
        yield window


def _now() -> int:
    return int(time.time())
