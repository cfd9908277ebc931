"""Imports run one way, in Python and in Solidity, and starting up stays cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "stotoken"
CONTRACTS = ROOT / "contracts"

#: From the ground up. A module imports from its own layer's module or package, and from the layers below it.
PYTHON_LAYERS = (
    {"types", "errors", "terminal"},
    {"reverts", "files", "libraries", "inputs", "law", "terms", "tables"},
    {"artifacts"},
    {"bindgen", "codegen", "compiler", "chain"},
    {"client"},
    {"governance", "ledger", "jobs"},
    {"reports"},
    {"deploy", "custody"},
    {"conformance"},
    {"demo"},
    {"cli"},
)
#: Inside a layer these few build on each other, in this order.
NEIGHBOURS = {
    ("types", "errors"),
    ("errors", "types"),
    ("tables", "inputs"),
    ("terms", "inputs"),
    ("terms", "law"),
    ("tables", "terms"),
}
NEIGHBOURS |= {("codegen", "bindgen"), ("compiler", "codegen")}

SOLIDITY_LAYERS = ({"types"}, {"interfaces"}, {"ledger", "governance"}, {"rules"}, {"system"}, {"token"}, {"desks"})

MODULES = sorted(PACKAGE.rglob("*.py"))
SOURCES = sorted(CONTRACTS.rglob("*.sol"))


def rank(name: str, layers: tuple[set[str], ...]) -> int:
    found = [place for place, layer in enumerate(layers) if name in layer]
    assert found, f"{name} has no place among the layers of this test"
    return found[0]


def unit_of(path: Path) -> str:
    """The module or package right under `stotoken` that the file belongs to; empty for the package's own."""
    first = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imported(path: Path) -> set[str]:
    """Dotted names of everything imported anywhere in the file, relative imports resolved."""
    package = ["stotoken", *path.relative_to(PACKAGE).parts[:-1]]
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            start = ".".join(part for part in (base, node.module or "") if part)
            names |= {f"{start}.{alias.name}" for alias in node.names} | {start}
    return names


def own_units(names: set[str]) -> set[str]:
    units = {name.split(".")[1] for name in names if name.startswith("stotoken.")}
    return {unit for unit in units if (PACKAGE / unit).is_dir() or (PACKAGE / f"{unit}.py").is_file()}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_python_imports_go_down_only(path: Path) -> None:
    unit = unit_of(path)
    if not unit:
        return
    for other in own_units(imported(path)) - {unit}:
        below = rank(other, PYTHON_LAYERS) < rank(unit, PYTHON_LAYERS)
        assert below or (unit, other) in NEIGHBOURS, f"{unit} may not import {other}"


def test_only_the_connection_imports_web3() -> None:
    importers = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if any(name.split(".")[0] == "web3" for name in imported(path))
    }
    assert importers == {"chain/connection.py"}


@pytest.mark.parametrize("name", ["stotoken", "stotoken.cli", "stotoken.artifacts", "stotoken.reverts"])
def test_web3_is_not_imported_before_it_is_needed(name: str) -> None:
    code = f"import sys, {name}; sys.exit('web3' in sys.modules or 'eth_account' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or f"import {name} brings web3 or eth_account with it"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CONTRACTS)))
def test_solidity_imports_go_down_only(path: Path) -> None:
    folder = path.relative_to(CONTRACTS).parts[0]
    targets = re.findall(r'^import[^"]*"(\.[^"]+)"', path.read_text("utf-8"), re.MULTILINE)
    folders = {(path.parent / target).resolve().relative_to(CONTRACTS).parts[0] for target in targets} - {folder}
    if folder == "mocks":
        return
    assert "mocks" not in folders, "nothing depends on mocks"
    if folder in ("settlement", "corporate"):
        assert folders <= {"types", "interfaces"}
        return
    for other in folders:
        assert rank(other, SOLIDITY_LAYERS) < rank(folder, SOLIDITY_LAYERS), f"{folder} may not import {other}"


def test_the_package_does_not_use_mocks() -> None:
    mocks = {path.stem for path in (CONTRACTS / "mocks").rglob("*.sol")}
    for path in MODULES:
        words = {
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not mocks & words, path
