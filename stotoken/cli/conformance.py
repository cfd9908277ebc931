"""`stotoken conformance`"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from stotoken.cli.app import App
from stotoken.cli.frame import told
from stotoken.cli.report import Pair, Report
from stotoken.files import replacing

if TYPE_CHECKING:
    from stotoken.conformance import ClauseReport
    from stotoken.conformance import Report as Findings


@click.argument("clauses", nargs=-1)
@click.option("--html", metavar="FILE", help="Write the report there too.")
@click.option("--engine", type=click.Choice(["anvil", "ganache"]), default="anvil", show_default=True)
@click.option("--hardfork", help="Rules of the chain; the engine's newest if not given.")
def run_conformance(
    app: App, clauses: tuple[str, ...], html: str | None, engine: Literal["anvil", "ganache"], hardfork: str | None
) -> None:
    """Run every clause of the guideline, or those named, on a fresh local chain.

    A failing clause gives exit code 1.
    """
    from stotoken import conformance

    def progress(place: int, count: int, clause: ClauseReport) -> None:
        verdict = "passed" if clause.passed else "FAILED"
        app.progress(f"[{place}/{count}] {clause.clause} {clause.title.say(app.lang)}: {verdict}")

    with replacing(Path(html)) if html else nullcontext() as page:
        findings = conformance.run(clauses or None, progress, engine, hardfork)
        if page is not None:
            page.write(findings.html(app.lang))
    _Told(findings).tell(app)
    click.get_current_context().exit(findings.exit_code)


class _Told(Report):
    def __init__(self, findings: Findings) -> None:
        super().__init__(Pair("", ""))
        self._findings = findings

    def to_dict(self) -> dict[str, Any]:
        return self._findings.to_dict()

    def text(self, lang: str) -> str:
        return self._findings.table(lang)


COMMAND = told("conformance")(run_conformance)
