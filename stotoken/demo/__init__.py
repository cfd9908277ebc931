"""A security's whole life on a local chain, told as a story on the input files under `examples/`.

    exit_code = run(print, Path("build/demo"))

Everything in it happens: the files are read, the contracts deployed, the transactions mined, the registers replayed
from events. What it shows goes into the same report as the conformance scenarios, which end it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from stotoken.chain.devnode import DevNode
from stotoken.conformance import run as run_conformance
from stotoken.conformance.evidence import ClauseReport, Report, Text
from stotoken.conformance.stage import CAST, Stage
from stotoken.demo import closing, life, opening, remedies
from stotoken.demo.story import Inputs, Story
from stotoken.demo.teller import Echo, Teller
from stotoken.errors import InputError
from stotoken.types import parse_instant

__all__ = ["run"]

FOLDER, EXAMPLES = Path("build/demo"), Path("examples")
#: When the story begins, before the issue dates in the terms.
BEGIN = parse_instant("2026-03-02T09:00:00")


def run(
    echo: Echo,
    folder: Path = FOLDER,
    examples: Path = EXAMPLES,
    *,
    lang: str = "en",
    rows: int | None = None,
    only: Iterable[str] | str | None = None,
) -> int:
    """Tell the story, write the registers and the report into `folder`; 0 when every clause holds.

    `rows`: no more wallets than that from the table of investors. `only`: clauses whose scenarios end the story, all
    by default. InputError when a file is wrong, before anything is started.
    """
    if lang not in ("en", "ja"):
        raise InputError(f"Language '{lang}' is not one of en, ja.")
    inputs, teller = Inputs.read(examples, rows), Teller(echo, lang)
    with DevNode("anvil", accounts=len(CAST)) as node, TemporaryDirectory() as records:
        # The clock of the files, whenever the story is told.
        node.rpc("evm_setTime", BEGIN)
        stage = Stage.create(node, Path(records))
        story = Story(stage, teller, inputs, Path(records))
        _tell(story, folder)
        stage.connection.close()
    report = _conform(teller, only).with_story(stage.checks)
    _write(report, folder, lang)
    teller.lines(report.table(lang))
    teller.lines(
        Text(f"Registers and report: {folder}", f"名簿と報告書の出力先: {folder}").say(lang)
        + " (conformance.html, conformance.json)"
    )
    return report.exit_code


def _tell(story: Story, folder: Path) -> None:
    opening.deployed(story)
    opening.registered(story)
    opening.issued(story)
    opening.distributed(story)
    life.traded(story)
    life.first_record_date(story)
    life.split(story)
    life.issued_more(story)
    remedies.forced(story)
    remedies.reissued(story)
    remedies.reversed_(story)
    remedies.cancelled(story)
    remedies.halted(story)
    closing.second_record_date(story)
    closing.matured(story)
    closing.registers(story, folder)


def _conform(teller: Teller, only: Iterable[str] | str | None) -> Report:
    teller.chapter("Conformance, clause by clause, on a fresh chain", "ガイドライン適合性の検証")

    def progress(done: int, total: int, clause: ClauseReport) -> None:
        mark = "✓" if clause.passed else "✗"
        checks = Text(f"{len(clause.checks)} checks", f"検証{len(clause.checks)}件").say(teller.lang)
        echo_line = f"{mark} {clause.clause:<9} {clause.title.say(teller.lang)}: {checks}"
        teller.say(echo_line, echo_line)

    return run_conformance(only, progress)


def _write(report: Report, folder: Path, lang: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conformance.html").write_text(report.html(lang), "utf-8")
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n"
    (folder / "conformance.json").write_text(text, "utf-8")
