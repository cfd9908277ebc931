"""Compiler, conformance and demo, by commands."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stotoken import compiler
from stotoken.cli import cli

SOURCE = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\ncontract Till { function sum() external {} }\n"


def run(*words: object) -> Result:
    result = CliRunner().invoke(cli, [str(word) for word in words], prog_name="stotoken")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only contract of a project of its own."""
    path = tmp_path / "contracts" / "Till.sol"
    path.parent.mkdir()
    path.write_text(SOURCE, "utf-8")
    project = functools.partial(compiler.Project, root=tmp_path, package=tmp_path / "package")
    monkeypatch.setattr(compiler, "Project", project)
    return path


def test_contracts_are_compiled_checked_and_left_alone(source: Path) -> None:
    first = json.loads(run("compile", "--json").stdout)
    assert first["compiled"] is True
    assert "artifacts/Till.json" in first["written"]
    assert run("compile").stdout.startswith("Nothing changed since the last compilation.")
    assert run("compile", "--check").exit_code == 0

    source.write_text(SOURCE.replace("sum", "total"), "utf-8")
    check = run("compile", "--check")
    assert (check.exit_code, check.stdout) == (1, "")
    assert "artifacts/Till.json: differs from the sources" in check.stderr

    source.write_text(SOURCE.replace("{}", "{"), "utf-8")
    broken = run("compile")
    assert broken.exit_code == 2
    assert "The contracts do not compile; nothing was written." in broken.stderr


def test_conformance_is_readable_by_machines_and_people(tmp_path: Path) -> None:
    result = run("conformance", "6.1.1.11", "--json", "--html", tmp_path / "report.html")
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["passed"], [clause["clause"] for clause in report["clauses"]]) == (True, ["6.1.1.11"])
    assert result.stderr == ""
    assert "6.1.1.11" in (tmp_path / "report.html").read_text("utf-8")


def test_conformance_refuses_what_it_cannot_do_before_it_runs(tmp_path: Path) -> None:
    unknown = run("conformance", "9.9")
    assert (unknown.exit_code, unknown.stderr) == (2, "There is no scenario for clause 9.9; nothing was run.\n")
    unwritable = run("conformance", "--html", tmp_path / "no" / "report.html")
    assert (unwritable.exit_code, "nothing was changed" in unwritable.stderr) == (3, True)
    folder = run("conformance", "--html", tmp_path)
    assert (folder.exit_code, folder.stderr) == (
        3, f"{tmp_path} cannot be written: it is not a file; nothing was changed.\n",
    )  # fmt: skip


def test_an_interrupted_conformance_run_leaves_the_older_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    report = tmp_path / "report.html"
    report.write_text("the older one", "utf-8")
    monkeypatch.setattr("stotoken.conformance.run", pressed)
    assert run("conformance", "--html", report).exit_code == 130
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["the older one"]


def test_the_demo_refuses_what_it_cannot_do_before_it_starts(tmp_path: Path) -> None:
    missing = run("demo", "--examples", tmp_path / "nowhere", "--out", tmp_path)
    assert (missing.exit_code, "cannot be read" in missing.stderr) == (2, True)
    taken = tmp_path / "file"
    taken.touch()
    assert run("demo", "--out", taken / "demo").exit_code == 3
