"""`bin/solc`, as build tools call it."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOLC = ROOT / "bin" / "solc"
VERSION = json.loads((ROOT / "package.json").read_text())["dependencies"]["solc"]
SOURCE = """
pragma solidity ^0.8.0;
import {Context} from "@openzeppelin/contracts/utils/Context.sol";
contract A is Context {}
"""
REQUEST = {
    "language": "Solidity",
    "sources": {"A.sol": {"content": SOURCE}},
    "settings": {"outputSelection": {"A.sol": {"*": ["evm.bytecode.object"]}}},
}


def run(
    *arguments: str, given: str | None = None, path: str | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"PATH": path} if path else {})
    return subprocess.run(
        [str(SOLC), *arguments], input=given, capture_output=True, text=True, env=environment, cwd=cwd, check=False
    )


def test_the_version_is_the_one_that_is_pinned() -> None:
    first = run("--version").stdout
    assert re.search(rf"^Version: {re.escape(VERSION)}\+commit\.[0-9a-f]{{8}}\.", first, re.MULTILINE)
    assert run("--version").stdout == first


@pytest.mark.parametrize("way", ["stdin", "file"])
def test_standard_json_is_read_from_stdin_or_a_file_and_imports_are_found(way: str, tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    if way == "stdin":
        done = run("--standard-json", "--allow-paths", ".", "--base-path", str(tmp_path), given=json.dumps(REQUEST))
    else:
        done = run("--standard-json", "request.json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    assert [entry for entry in answer.get("errors", []) if entry["severity"] == "error"] == []
    assert answer["contracts"]["A.sol"]["A"]["evm"]["bytecode"]["object"]


def test_imports_are_looked_for_under_base_and_include_paths(tmp_path: Path) -> None:
    (tmp_path / "libraries" / "own").mkdir(parents=True)
    (tmp_path / "libraries" / "own" / "B.sol").write_text("pragma solidity ^0.8.0; contract B {}")
    request = REQUEST | {
        "sources": {"A.sol": {"content": 'pragma solidity ^0.8.0; import "own/B.sol"; contract A is B {}'}}
    }
    found = run("--standard-json", "--include-path", str(tmp_path / "libraries"), given=json.dumps(request))
    assert "contracts" in json.loads(found.stdout)
    lost = run("--standard-json", given=json.dumps(request), cwd=tmp_path)
    assert "File not found: own/B.sol" in lost.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--combined-json", "abi"], "option --combined-json is not supported"),
        ([], "nothing to do"),
        (["--standard-json", "missing.json"], "cannot read the standard JSON input"),
        (["--base-path"], "option --base-path needs a value"),
    ],
)
def test_what_it_cannot_do_is_one_sentence_and_a_failure(arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stderr.startswith(f"solc: {told}")
    assert done.stderr.count("\n") == 1


@pytest.fixture
def with_native(tmp_path: Path) -> str:
    """PATH with a compiled program in front that is named solc and is no compiler."""
    native = tmp_path / "solc"
    shutil.copy(shutil.which("true") or "/bin/true", native)
    native.chmod(native.stat().st_mode | stat.S_IXUSR)
    return f"{tmp_path}{os.pathsep}{os.environ['PATH']}"


def test_a_native_program_that_is_not_exactly_this_version_is_passed_over(with_native: str) -> None:
    done = run("--standard-json", given=json.dumps(REQUEST), path=with_native)
    assert "contracts" in json.loads(done.stdout)
