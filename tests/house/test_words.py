"""The tree speaks of the project alone, and leaves nothing half-said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", ".venv-brownie", "node_modules", "build", "dist", "__pycache__"}
NOT_OURS |= {".venv-slither", ".venv-halmos"}
NOT_OURS |= {".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
TEXT = {".py", ".sol", ".md", ".toml", ".yaml", ".yml", ".json", ".sh", ".lock", ".in", ".ini", ".txt", ".html", ""}

#: What no file may say, and why. Written so that this file does not say it either.
FORBIDDEN = {
    "a path of one machine": r"(?<![\w.\]/-])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/",
    "a package registry": r"[r]egistry\.npmjs|[p]ypi\.org|[f]iles\.pythonhosted|--[i]ndex-url|--[f]ind-links",
    "something left undone": r"\b(?:T[O]DO|F[I]XME|X[X]X|H[A]CK)\b",
}
IN_PYTHON = {
    "an error swallowed whole": r"except (?:Base)?[E]xception\s*:\s*(?:\n\s*)?pass\b",
    "a test that is passed over": r"pytest\.(?:[s]kip|mark\.[s]kip|mark\.[x]fail|[x]fail)\b",
}


def files() -> Iterator[Path]:
    folders = [ROOT]
    while folders:
        for path in sorted(folders.pop().iterdir()):
            if path.name in NOT_OURS or path.name.endswith(".egg-info"):
                continue
            if path.is_dir():
                folders.append(path)
            elif path.suffix in TEXT:
                yield path


def texts() -> Iterator[tuple[str, str]]:
    for path in files():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


@pytest.mark.parametrize("why", FORBIDDEN)
def test_no_file_names(why: str) -> None:
    found = [f"{name}: {hit[0]}" for name, text in texts() for hit in re.finditer(FORBIDDEN[why], text)]
    assert found == []


@pytest.mark.parametrize("why", IN_PYTHON)
def test_no_python_file_holds(why: str) -> None:
    python = ((name, text) for name, text in texts() if name.endswith(".py"))
    found = [f"{name}: {hit[0]}" for name, text in python for hit in re.finditer(IN_PYTHON[why], text)]
    assert found == []


def test_every_source_says_its_licence_in_one_line() -> None:
    for path in (ROOT / "contracts").rglob("*.sol"):
        assert path.read_text("utf-8").startswith("// SPDX-License-Identifier: MIT\npragma solidity"), path


def test_the_npm_lock_file_pins_by_digest_and_names_no_place() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    entries = [entry for name, entry in packages.items() if name and not entry.get("inBundle")]
    assert entries
    assert all("resolved" not in entry and entry["integrity"].startswith("sha512-") for entry in entries)


def test_npm_and_python_requirements_are_exact() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    kinds = ("dependencies", "devDependencies", "optionalDependencies")
    versions = [version for kind in kinds for version in package[kind].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", version) for version in versions)
    for name in ("dev", "brownie", "slither", "halmos"):
        lock = (ROOT / "requirements" / f"{name}.lock").read_text()
        pins = re.findall(r"^([\w.-]+)==\S+", lock, re.MULTILINE)
        assert len(pins) > 10
        assert lock.count("--hash=sha256:") >= len(pins)
        assert "://" not in lock
