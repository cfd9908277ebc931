"""A copy of the project in which a fault is tried: its bytecode in the place of the contracts', tests as they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from campaign import forge
from mutants_code import ROOT, Units, for_forge, for_python
from mutants_faults import Mutant

COPIED = ("bin", "contracts", "examples", "stotoken", "tests", "foundry.toml", "package.json", "pyproject.toml")
FORGE_OUT, PACKAGE_OUT = Path("build/forge/out"), Path("stotoken/artifacts")
#: The same histories for every fault.
FORGE = ["test", "--fuzz-seed", "0x1", "--fail-fast"]
#: These have the code of libraries in themselves, so that it must be compiled into them.
INLINED = "tests/forge/{Words,Ratios}.t.sol"
PYTHON = ["contracts", "behaviours", "guideline", "standards"]
#: They look at the bytecode itself, and would find every fault.
LOOKS_AT_CODE = ("test_bytecode.py", "test_storage_layout.py")
#: Seconds of processor time: what takes longer has found nothing.
LIMITS = {"forge": 120, "python": 900}
FORGE_FAILURE = re.compile(r"^\[FAIL.*?\] (\w+)\(|^\[FAIL", re.MULTILINE)
FORGE_SUITE = re.compile(
    r"^Ran \d+ tests? for \S+:(\w+)(?:(?!^Ran ).)*?^\[FAIL(?:(?!^Ran ).)*", re.MULTILINE | re.DOTALL
)
PYTHON_FAILURE = re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", re.MULTILINE)


class Stopped(Exception):
    """The run is to end: what a test said meanwhile is not believed."""


class Trial:
    """One copy, in which one thing is tried at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def prepare(self) -> None:
        """Bring the copy in step with the project, and compile its Solidity tests. What forge keeps stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            source, target = ROOT / name, self.folder / name
            if source.is_dir():
                shutil.rmtree(target, ignore_errors=True)
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, target)
        modules = self.folder / "node_modules"
        if not modules.is_symlink():
            modules.symlink_to(ROOT / "node_modules")
        self._run("forge", [forge(), "build"])

    def copy(self, folder: Path) -> Trial:
        """Another one that needs not be compiled."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, symlinks=True)
        return Trial(folder)

    def killer(self, mutant: Mutant, units: Units) -> str | None:
        """The first test that finds a fault, the fastest first; None when none does."""
        kept = {path: path.read_text("utf-8") for path in self._artifacts(units)}
        try:
            for path, text in kept.items():
                artifact = json.loads(text)
                put = for_forge if FORGE_OUT.name in path.parts else for_python
                put(artifact, units[path.stem])
                path.write_text(json.dumps(artifact), "utf-8")
            return self._forge() or self._inlined(mutant) or self._python(mutant)
        finally:
            for path, text in kept.items():
                path.write_text(text, "utf-8")

    def stop(self) -> None:
        """End what runs, from another thread."""
        self._stopped = True
        if self._process is not None:
            _end(self._process)

    def _artifacts(self, units: Iterable[str]) -> Iterable[Path]:
        for name in units:
            yield self.folder / FORGE_OUT / f"{name}.sol" / f"{name}.json"
            yield self.folder / PACKAGE_OUT / f"{name}.json"

    def _forge(self) -> str | None:
        code, text = self._run("forge", [forge(), *FORGE])
        if "Compiling" in text:
            raise RuntimeError(f"forge compiled anew, so that it did not test the fault:\n{text}")
        return _found(code, text)

    def _inlined(self, mutant: Mutant) -> str | None:
        """What is compiled into tests of its own."""
        tests = [path.read_text("utf-8") for path in (self.folder / "tests" / "forge").glob("*.t.sol")]
        if not any(f"../../{mutant.file}" in text for text in tests):
            return None
        path = self.folder / mutant.file
        kept = path.read_text("utf-8")
        path.write_text(mutant.source, "utf-8")
        places = {"FOUNDRY_OUT": "build/inlined/out", "FOUNDRY_CACHE_PATH": "build/inlined/cache"}
        try:
            command = [forge(), *FORGE, "--match-path", INLINED]
            return _found(*self._run("forge", command, places | {"FOUNDRY_DYNAMIC_TEST_LINKING": "false"}))
        finally:
            path.write_text(kept, "utf-8")

    def _python(self, mutant: Mutant) -> str | None:
        """A test that keeps time on a busy machine may fail by itself: what fails is asked once more, alone."""
        files, passed = self._nearest(mutant), list[str]()
        while failed := self._pytest([*files, *(f"--deselect={test}" for test in passed)]):
            if self._pytest([failed]):
                return failed
            passed.append(failed)
        return None

    def _pytest(self, what: list[str]) -> str | None:
        """The first test that fails."""
        options = ["-q", "-x", "--tb=no", "-rfE", "-m", "not slow", "-p", "no:cacheprovider"]
        command = [sys.executable, "-m", "pytest", *options, *what]
        code, text = self._run("python", command, {"PYTHONPATH": str(self.folder)})
        failure = PYTHON_FAILURE.search(text)
        if code == 1 and failure:
            return failure[1]
        if code not in (0, None):
            raise RuntimeError(f"pytest did not run:\n{text[-3000:]}")
        return None

    def _nearest(self, mutant: Mutant) -> list[str]:
        """The files of Python tests: first those named after the source, and those of its folder."""
        source = Path(mutant.file)
        name = "test" + re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", source.stem) + ".py"
        tests = self.folder / "tests"
        found = [path for each in PYTHON for path in (tests / each).rglob("test_*.py")]
        found = [path for path in found if path.name not in LOOKS_AT_CODE]
        mirror = tests / "contracts" / source.parent.name
        first = "test_privileges.py" if mutant.kind == "role" else name
        found.sort(key=lambda path: (path.name != first, path.name != name, path.parent != mirror, path))
        return [path.relative_to(self.folder).as_posix() for path in found]

    def _run(self, what: str, command: list[str], more: dict[str, str] | None = None) -> tuple[int | None, str]:
        """Exit code and output; no exit code when the time was over. The limit is the system's own, so that nothing
        goes on for long if this program is killed."""
        if self._stopped:
            raise Stopped
        shutil.rmtree(self.folder / "build" / "forge" / "failures", ignore_errors=True)
        environment = {**os.environ, "FOUNDRY_PROFILE": "mutants", "NO_COLOR": "1", **(more or {})}
        limited = ["sh", "-c", f'ulimit -t {LIMITS[what]}; exec "$@"', "sh", *command]
        with subprocess.Popen(
            limited,
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as self._process:
            try:
                text, _ = self._process.communicate(timeout=2 * LIMITS[what])
            except subprocess.TimeoutExpired:
                text = ""
            finally:
                _end(self._process)
        if self._stopped:
            raise Stopped
        code = self._process.returncode
        return (None if code < 0 else code), text


def _end(process: subprocess.Popen[Any]) -> None:
    """End a process and what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _found(code: int | None, text: str) -> str | None:
    """The test of forge that failed. A fault that keeps the system from being deployed is found by all."""
    if code in (0, None):
        return None
    failure = FORGE_FAILURE.search(text)
    if failure is None:
        raise RuntimeError(f"forge did not run:\n{text[-3000:]}")
    suite = FORGE_SUITE.search(text)
    return f"{suite[1] if suite else 'forge'}.{failure[1] or 'invariants'}"
