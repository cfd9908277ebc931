"""`stotoken job`: one act on all rows of a table, every row exactly once."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from stotoken.cli import jobs, values
from stotoken.cli.app import App
from stotoken.cli.frame import Group
from stotoken.cli.report import Pair, Report, plain
from stotoken.errors import InputError
from stotoken.types import partition_name

if TYPE_CHECKING:
    from stotoken.jobs import Entry, Job, Journal
    from stotoken.jobs.schedule import Worked

COMMAND = Group("job", help="One act on all rows of a table, every row exactly once.")

KINDS = ("register", "issue", "distribute", "transfer", "redeem", "freeze", "freeze-wallet")
#: Seconds between two looks for what is due.
_LOOK = 5

_kind = click.argument("kind", type=click.Choice(KINDS))
_table = click.argument("table", metavar="TABLE")
_token = values.option("--token", parse=values.token, help="The token, where the act is of one.")
_terms = click.option("--terms", metavar="YAML", help="Check the rows against these terms.")
_investors = click.option("--investors", metavar="TABLE", help="Check that every wallet is in this table.")
_step = click.option(
    "--as",
    "step",
    type=click.Choice(["propose", "approve", "execute"]),
    help="Of an issue, which takes two people: what you do of it.",
)
_id = click.argument("job")


def _read(
    app: App,
    kind: str,
    table: str,
    token: str | None,
    batch: str,
    terms: str | None,
    investors: str | None,
    step: str | None,
) -> Job:
    from stotoken.jobs.reading import read_job

    if (kind == "issue") != (step is not None):
        raise InputError("An issue names its step, and nothing else does: --as propose, approve or execute.")
    kind = f"issue-{step}" if step else kind

    of_token = kind not in ("register", "freeze-wallet")
    if of_token != (token is not None):
        raise InputError(f"A job {kind} is of {'one token: give' if of_token else 'no token: leave out'} --token.")
    target = app.token(token).address if token else app.deployment.system
    return read_job(kind, target, table, batch, terms=terms, investors=investors)


@COMMAND.told("run", resumes=True)
@_kind
@_table
@_token
@_terms
@_investors
@_step
@jobs.job_name
@jobs.dry_run
@jobs.atomic
@jobs.skip_refused
def run(
    app: App,
    kind: str,
    table: str,
    token: str | None,
    terms: str | None,
    investors: str | None,
    step: str | None,
    batch: str,
    dry_run: bool,
    atomic: bool,
    skip_refused: bool,
) -> Report:
    """Do it now: every row of a table, CSV or .xlsx.

    The table is checked whole, then every row is tried on the chain, then it is sent in as few transactions as there is
    gas for. The same command goes on where it was cut off, and does nothing once it is done. Of an issue, one proposes
    the table, another approves it, and the first carries it out, each with the same table.
    """
    job = _read(app, kind, table, token, batch, terms, investors, step)
    if dry_run:
        return jobs.preview_of(app, job)
    return jobs.report_of(jobs.run(app, job, one=atomic, skip=skip_refused))


@COMMAND.told("add")
@_kind
@_table
@values.option("--at", parse=values.instant, required=True, help="When, Japan time if it names no other.")
@_token
@_terms
@_investors
@_step
@jobs.job_name
@jobs.atomic
@jobs.skip_refused
def add(
    app: App,
    kind: str,
    table: str,
    at: int,
    token: str | None,
    terms: str | None,
    investors: str | None,
    step: str | None,
    batch: str,
    atomic: bool,
    skip_refused: bool,
) -> Report:
    """Keep it for later: `stotoken job work` with the same key does it once its time has come.

    The rows are kept as they are now; what becomes of the table afterwards changes nothing.
    """
    job = _read(app, kind, table, token, batch, terms, investors, step)
    with jobs.runner(app) as found:
        entry = found.add(job, at, atomic=atomic, skip_refused=skip_refused)
    then = Pair("It is done by whoever runs, then or later: stotoken job work",
                "実行: その時刻以降に stotoken job work")  # fmt: skip
    return Report(Pair(f"Added job {entry.id}.", f"ジョブ {entry.id} を登録しました。"), _values(entry), then=then)


@COMMAND.told("list")
def list_jobs(app: App) -> Report:
    """Every job of this deployment, oldest first."""
    with jobs.looking(app) as journal:
        entries = journal.entries() if journal else []
    names = ("id", "kind", "state", "due_at", "name", "source")
    rows = [{name: getattr(entry, name) for name in names} for entry in entries]
    return Report(Pair(f"{len(rows)} jobs.", f"ジョブ {len(rows)} 件。"), rows=rows, rows_name="jobs")


@COMMAND.told("show")
@_id
@click.option("--rows", "every", is_flag=True, help="Also what became of each row.")
@click.option("--out", metavar="CSV", help="Write what became of each row to a file.")
@click.option("--left", metavar="CSV", help="Write the rows that were not done, as they were given, as another table.")
def show(app: App, job: str, every: bool, out: str | None, left: str | None) -> Report:
    """One job: what was sent, and what became of it."""
    with jobs.looking(app) as journal:
        if journal is None:
            raise InputError(f"There is no job {job}: there is no journal in {app.folder}.")
        entry = journal.entry(job)
        rows, sent = _results(app, journal, entry), journal.transactions(entry)
    found = _values(entry) | {"rows": len(rows)}
    found |= {state: sum(row["state"] == state for row in rows) for state in ("done", "known", "sent", "refused")}
    found |= {"transactions": [each["tx_hash"] for each in sent if each["tx_hash"]]}
    if out:
        _write(out, rows)
    if left:
        _write(left, _left(entry, rows))
    said = Pair(f"Job {entry.id} is {entry.state}.", f"ジョブ {entry.id}: {entry.state}")
    return Report(said, found, rows=rows if every else None, rows_name="results")


@COMMAND.told("resume", resumes=True)
@_id
@click.option("--raise-fees", is_flag=True, help="Send what waits once more, for the same nonces and twice the fee.")
@click.option("--overtaken", is_flag=True, help="Send anew what never happens because its nonce was taken for good.")
@click.option("--other-node", "others", metavar="URL", multiple=True,
              help="Another node that must not have it either, with --overtaken; any number.")  # fmt: skip
@click.option("--finality", type=click.IntRange(min=0), default=256, show_default=True,
              help="Blocks after which it is for good, with --overtaken.")  # fmt: skip
def resume(app: App, job: str, raise_fees: bool, overtaken: bool, others: tuple[str, ...], finality: int) -> Report:
    """Go on with a job, without its table."""
    from stotoken.chain.connection import Connection

    if others and not overtaken:
        raise InputError("--other-node is asked with --overtaken alone; nothing was done.")
    with jobs.runner(app) as found:
        entry = found.journal.entry(job)
        if overtaken:
            chain = app.deployment.chain_id
            nodes = [Connection.open(url, expect_chain_id=chain) for url in others]
            found.overtaken(entry, nodes, finality)
        if raise_fees:
            found.raise_fees(entry)
        return jobs.report_of(jobs.checked(found.resume(entry)))


@COMMAND.told("work", resumes=True)
@click.option("--watch", is_flag=True, help="Go on until interrupted.")
def work(app: App, watch: bool) -> Report:
    """Run what is due and to be sent with this key; nothing twice, and what is late says so."""
    from stotoken.jobs import JournalBusy

    done: list[Worked] = []
    while True:
        try:
            following = _worked(app, done)
        except JournalBusy as busy:
            if not watch:
                raise
            app.progress(busy.message(app.lang))
            following = None
        if not watch:
            break
        time.sleep(min(_LOOK, max(0, following - int(time.time()))) if following else _LOOK)
    rows = [{"id": each.entry.id, "kind": each.entry.kind, "late": each.late} | _came(each, app.lang) for each in done]
    report = Report(Pair(f"{len(done)} jobs were due.", f"実行時刻の来たジョブ {len(done)} 件。"),
                    {"next": following}, rows=rows, rows_name="jobs")  # fmt: skip
    if fault := next((each.fault for each in done if each.fault), None):
        report.tell(app)
        raise fault
    return report


def _worked(app: App, done: list[Worked]) -> int | None:
    """Run what is due now, each to be told with the others; when the next is due."""
    from stotoken.jobs.schedule import next_at, work

    with jobs.runner(app) as found:
        for each in work(found):
            app.progress(_line(each, app.lang))
            done.append(each)
        return next_at(found.journal, app.sender.address)


def _line(each: Worked, lang: str) -> str:
    late = Pair(f", {each.late} seconds late", f"(予定から {each.late} 秒遅れ)").in_(lang) if each.late else ""
    what = each.fault.message(lang) if each.fault else Pair("done", "完了").in_(lang)
    return f"{each.entry.id} {each.entry.kind}{late}: {what}"


def _came(each: Worked, lang: str) -> dict[str, object]:
    done = each.outcome.done if each.outcome else 0
    return {"done": done, "fault": each.fault.message(lang) if each.fault else None}


def _values(entry: Entry) -> dict[str, object]:
    names = ("id", "kind", "state", "target", "name", "source", "sender", "made_at", "due_at", "begun_at", "said")
    return {name: getattr(entry, name) for name in names}


def _results(app: App, journal: Journal, entry: Entry) -> list[dict[str, Any]]:
    rows = journal.results(entry)
    counted = entry.kind not in ("register", "freeze-wallet")
    for row in rows:
        partition, value, reason = row.pop("partition"), row.pop("value"), row.pop("reason")
        row |= {"partition": partition_name(partition) if any(partition) else "", "units": value if counted else None}
        row["reason"] = reason and reason["message_ja" if app.lang == "ja" else "message"]
    return rows


def _left(entry: Entry, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that were not done, in the columns of a table to be given."""
    if entry.kind == "register":
        raise InputError("What is known of investors is not in the journal; nothing was written. Register them again.")
    columns = ("wallet",) if entry.kind == "freeze-wallet" else ("wallet", "partition", "units")
    left = [{name: row[name] for name in columns} for row in rows if row["state"] in ("waiting", "refused")]
    if not left:
        raise InputError(f"No row of job {entry.id} is left; nothing was written.")
    return left


def _write(path: str, rows: Sequence[dict[str, Any]]) -> None:
    from pathlib import Path

    from stotoken.files import replacing

    with replacing(Path(path), "The result") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(plain(row) for row in rows)
