"""The story runs on the input files, ends in a register that equals the chain, and says so."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from stotoken.conformance import CLAUSES
from stotoken.demo import run
from stotoken.errors import InputError
from stotoken.terminal import WIDTH, width

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
REGISTERS = {
    "bond-record-date-1.csv", "bond-record-date-2.csv", "bond-before-maturity.csv", "bond-now.csv",
    "share-record-date-1.csv", "share-record-date-2.csv", "share-now.csv",
}  # fmt: skip


def rows(path: Path) -> set[tuple[str, str]]:
    """Wallet and class of every holding; those acquired in parts stand in several lines."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, *lines = csv.reader(file)
    wallet = next(place for place, name in enumerate(heading) if name in ("Wallets", "ウォレット"))
    partition = next(place for place, name in enumerate(heading) if name in ("Class", "Kind", "株式の種類", "種類"))
    return {(line[wallet], line[partition]) for line in lines}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[str], Path]:
    """Exit code, lines and folder of the story of ten wallets."""
    folder, lines = tmp_path_factory.mktemp("demo"), list[str]()
    code = run(lines.append, folder, EXAMPLES, rows=10, only="6.1.1.5")
    return code, lines, folder


def test_the_story_ends_well(told: tuple[int, list[str], Path]) -> None:
    code, lines, _ = told
    assert code == 0, "\n".join(lines)
    assert not any(line.strip().startswith("✗") for line in lines)


def test_the_register_equals_the_chain(told: tuple[int, list[str], Path]) -> None:
    found = next(line for line in told[1] if line.startswith("register equals chain"))
    assert found.endswith("rows compared, 0 differences")


def test_every_line_fits_a_terminal(told: tuple[int, list[str], Path]) -> None:
    paths = str(told[2]), str(EXAMPLES)
    lines = [line for line in told[1] if not any(path in line for path in paths)]
    assert max(map(width, lines)) <= WIDTH


def test_a_refusal_is_told_in_both_languages(told: tuple[int, list[str], Path]) -> None:
    text = "\n".join(told[1])
    assert "HoldingLockedUp  0x55 LOCKUP" in text
    assert "is locked up until" in text
    assert "ロックアップ期間中" in text


def test_registers_are_written_at_both_record_dates_and_now(told: tuple[int, list[str], Path]) -> None:
    folder = told[2]
    assert {path.name for path in folder.glob("*.csv")} == REGISTERS
    assert all((folder / f"{name}.manifest.json").is_file() for name in REGISTERS)
    assert len(rows(folder / "bond-record-date-1.csv")) == 10 + 4
    assert rows(folder / "bond-now.csv") == set()
    assert len(rows(folder / "share-now.csv")) >= 10


def test_what_the_story_showed_stands_in_the_report(told: tuple[int, list[str], Path]) -> None:
    folder = told[2]
    report = json.loads((folder / "conformance.json").read_text("utf-8"))
    (clause,) = report["clauses"]
    stories = [check["sentence"]["en"] for check in clause["checks"] if check["story"]]
    assert stories[0].startswith("60,000 more of the same shares")
    assert "60,000 more of the same shares" in (folder / "conformance.html").read_text("utf-8")


def test_a_wrong_file_ends_the_story_before_it_begins(tmp_path: Path) -> None:
    examples, lines = tmp_path / "examples", list[str]()
    shutil.copytree(EXAMPLES, examples)
    table = examples / "investors.csv"
    table.write_text(table.read_text("utf-8").replace("392", "39X", 1), "utf-8")
    with pytest.raises(InputError, match="investors.csv"):
        run(lines.append, tmp_path / "out", examples)
    assert lines == []
    assert not (tmp_path / "out").exists()


def test_a_language_that_is_not_spoken_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'fr' is not one of en, ja"):
        run(print, tmp_path, EXAMPLES, lang="fr")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_whole_story_on_all_investors(tmp_path: Path, lang: str) -> None:
    lines: list[str] = []
    assert run(lines.append, tmp_path, EXAMPLES, lang=lang) == 0, "\n".join(lines)
    report = json.loads((tmp_path / "conformance.json").read_text("utf-8"))
    assert all(clause["passed"] for clause in report["clauses"])
    assert [clause["clause"] for clause in report["clauses"]] == list(CLAUSES)
    assert len(rows(tmp_path / "bond-record-date-2.csv")) == 1_042 + 4
    assert max(map(width, lines)) <= WIDTH or any(str(tmp_path) in line for line in lines)
