"""What the documents show is what happens: every snippet runs, every command exists, every link leads somewhere."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    path for path in ROOT.glob("**/*.md") if not {"node_modules", "build"} & set(path.relative_to(ROOT).parts)
)
PAGES = [path for path in PAGES if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def blocks(kind: str) -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), text)
        for path in PAGES
        for found, text in BLOCK.findall(path.read_text())
        if found == kind
    ]


def commands() -> list[str]:
    lines = (line.split("#")[0].strip() for _, text in blocks("sh") for line in text.splitlines())
    return sorted({line for line in lines if line})


@pytest.mark.parametrize(("page", "text"), blocks("python"), ids=lambda value: value[:20])
def test_a_python_snippet_of_the_documents_runs(page: str, text: str) -> None:
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, f"{page}: {done.stderr}"


@pytest.mark.parametrize("command", [each for each in commands() if each.startswith("make ")])
def test_a_make_target_of_the_documents_exists(command: str) -> None:
    assert command.split()[1] in TARGETS


@pytest.mark.parametrize("command", [each for each in commands() if each.startswith("stotoken ")])
def test_a_command_of_the_documents_runs(command: str) -> None:
    words = [str(Path(sys.executable).parent / "stotoken"), *shlex.split(command)[1:]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr


def test_the_documents_hold_only_commands_that_are_tested() -> None:
    assert all(command.split()[0] in ("make", "stotoken") for command in commands())
    assert {kind for path in PAGES for kind, _ in BLOCK.findall(path.read_text())} <= {"python", "sh"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_link_of_the_documents_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_command_that_a_document_names_is_one_of_the_program(page: Path) -> None:
    named = re.findall(r"`stotoken ([a-z]+)(?: ([a-z][a-z-]+))?", page.read_text())
    for noun, verb in named:
        words = [str(Path(sys.executable).parent / "stotoken"), noun, *([verb] if verb else []), "--help"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"{' '.join(words[1:])}: {done.stderr}"
