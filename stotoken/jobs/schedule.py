"""Jobs whose time comes: what is due is run, once, and what was late says by how much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from stotoken.errors import StotokenError
from stotoken.jobs.faults import RowsRefused
from stotoken.jobs.journal import Entry, Journal
from stotoken.jobs.running import Outcome, Runner
from stotoken.types import Address

#: Seconds after its time from which a job is late.
LATE = 60


@dataclass(frozen=True)
class Worked:
    """A job whose time had come: what came of it, or what was in the way."""

    entry: Entry
    #: Seconds between its time and its begin.
    late: int
    outcome: Outcome | None
    fault: StotokenError | None


def due(journal: Journal, sender: Address, now: int) -> list[Entry]:
    """Jobs of a sender whose time has come, those that were begun and cut off among them; the earliest first."""
    waiting = [entry for entry in journal.entries() if entry.due_at is not None and entry.sender == sender]
    ready = [entry for entry in waiting if entry.state in ("waiting", "open") and (entry.due_at or 0) <= now]
    return sorted(ready, key=lambda entry: (entry.due_at or 0, entry.number))


def next_at(journal: Journal, sender: Address) -> int | None:
    """When the next job of a sender is due."""
    times = [entry.due_at for entry in journal.entries() if entry.state == "waiting" and entry.sender == sender]
    return min((at for at in times if at is not None), default=None)


def work(runner: Runner, now: int | None = None) -> Iterator[Worked]:
    """Run what is due. What the chain refuses is stopped, for a person to look at and resume; whatever else is in the
    way, such as a node that is down, leaves the job to the next time."""
    now = int(time.time()) if now is None else now
    for entry in due(runner.journal, runner.sender.address, now):
        begun = entry.begun_at or now
        late = begun - (entry.due_at or 0)
        runner.journal.mark(entry, "open", begun_at=begun)
        outcome, fault = _tried(runner, entry)
        if fault is not None and fault.exit_code >= RowsRefused.exit_code:
            runner.journal.mark(entry, "stopped", str(fault))
        yield Worked(entry, late if late > LATE else 0, outcome, fault)


def _tried(runner: Runner, entry: Entry) -> tuple[Outcome | None, StotokenError | None]:
    try:
        outcome = runner.resume(entry)
    except StotokenError as fault:
        return None, fault
    if outcome.refused and not entry.skipping:
        return outcome, RowsRefused(entry.source, outcome.rows, outcome.refused, sent=True, left=outcome.left)
    return outcome, None
