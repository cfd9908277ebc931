"""How a command runs a job: with its progress, and what it says at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from stotoken.cli.app import App
from stotoken.cli.report import Pair, Report

if TYPE_CHECKING:
    from stotoken.jobs import Job, Journal, Outcome, Preview, Runner

atomic = click.option("--atomic", is_flag=True, help="All rows in one transaction, or none.")
skip_refused = click.option("--skip-refused", is_flag=True, help="Leave out rows that the chain would refuse.")
dry_run = click.option("--dry-run", is_flag=True, help="Try every row on the chain and send nothing.")
job_name = click.option(
    "--batch", default="", help="A name for this table, when the very same rows are meant once more."
)


@contextmanager
def runner(app: App) -> Iterator[Runner]:
    """Of the journal beside the deployment's record."""
    from stotoken.jobs import Journal, Runner

    with Journal.open(app.folder, app.deployment) as journal:
        yield Runner(app.deployment, app.sender, journal, Progress(app))


def run(app: App, job: Job, *, one: bool = False, skip: bool = False) -> Outcome:
    """Run it; RowsRefused when a row was refused that was not to be left out."""
    with runner(app) as found:
        return checked(found.run(job, atomic=one, skip_refused=skip))


def checked(outcome: Outcome) -> Outcome:
    from stotoken.jobs import RowsRefused

    if outcome.refused and not outcome.entry.skipping:
        source, rows = outcome.entry.source, outcome.rows
        raise RowsRefused(source, rows, outcome.refused, sent=True, left=outcome.left)
    return outcome


class Progress:
    """A line that is written over on a terminal, and one for each step elsewhere."""

    def __init__(self, app: App) -> None:
        self._app, self._over = app, sys.stderr.isatty()

    def __call__(self, done: int, rows: int) -> None:
        if not self._over or self._app.as_json:
            self._app.progress(f"{done}/{rows}")
            return
        width = 40
        bar = "█" * (width * done // rows)
        click.echo(f"\r{bar:░<{width}} {done}/{rows}", err=True, nl=done == rows)


def told(outcome: Outcome, *without: str) -> dict[str, object]:
    """What every report of a job has, but what it tells under other names."""
    found: dict[str, object] = {"job": outcome.entry.id, "rows": outcome.rows, "done": outcome.done}
    found |= {"known": outcome.known, "refused": len(outcome.refused), "units": outcome.units}
    found |= {"gas_used": outcome.gas_used, "transactions": outcome.transactions}
    return {name: value for name, value in found.items() if name not in without}


def report_of(outcome: Outcome) -> Report:
    said = Pair(f"Did {outcome.done} rows; {outcome.known} were done before.",
                f"{outcome.done} 行を実行しました(実行済み {outcome.known} 行)。")  # fmt: skip
    return Report(said, told(outcome))


@contextmanager
def looking(app: App) -> Iterator[Journal | None]:
    """The journal, to be looked at, also while somebody works with it; None when there is none."""
    from stotoken.jobs import Journal

    journal = Journal.read(app.folder, app.deployment)
    try:
        yield journal
    finally:
        if journal:
            journal.close()


def preview_of(app: App, job: Job) -> Report:
    """What the job would do now; `--dry-run`."""
    from stotoken.jobs import preview

    with looking(app) as journal:
        found = preview(job, app.deployment, app.sender, journal)
    left = found.rows - found.known
    refused = len(found.refused)
    said = (
        Pair(f"{refused} of {left} rows would be refused; nothing was sent.",
             f"{left} 行のうち {refused} 行が拒否されます。何も送信していません。")
        if refused else
        Pair(f"All {left} rows would be taken; nothing was sent.",
             f"{left} 行すべて実行できます。何も送信していません。")
    )  # fmt: skip
    values = {"job": job.id, "rows": found.rows, "known": found.known, "units": found.units, "lots": found.lots}
    values |= {"gas": found.gas, "first": _shown(job, 0), "last": _shown(job, -1)}
    return Report(said, values, rows=_refused(app, found), rows_name="refused")


def _shown(job: Job, place: int) -> str:
    row = job.rows[place]
    return f"{row.line}: {row.wallet}" + (f" {row.value}" if job.kind not in ("register", "freeze-wallet") else "")


def _refused(app: App, found: Preview) -> list[dict[str, object]]:
    return [
        {"row": each.line, "wallet": each.wallet, "reason": each.reason.message(app.lang), "clause": each.reason.clause}
        for each in found.refused
    ]
