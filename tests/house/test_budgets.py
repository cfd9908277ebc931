"""Files short enough to read in one sitting; contracts small enough to deploy. A budget that hurts is a design talk."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from stotoken import artifacts

ROOT = Path(__file__).resolve().parents[2]
GENERATED = {"stotoken/reverts.py"} | {
    path.relative_to(ROOT).as_posix() for path in (ROOT / "stotoken" / "client" / "bindings").glob("*.py")
}
PYTHON = sorted(
    path
    for folder in ("stotoken", "scripts", "bench")
    for path in (ROOT / folder).rglob("*.py")
    if path.relative_to(ROOT).as_posix() not in GENERATED
)
SOLIDITY = sorted((ROOT / "contracts").rglob("*.sol"))

SOLIDITY_LINES, PYTHON_LINES, FUNCTION_LINES, RUNTIME_BYTES = 300, 400, 50, 24_576

#: File-level definitions.
DEFINITION = re.compile(
    r"^(?P<kind>abstract contract|contract|library|interface|struct|enum|error|event|type|function|using)\b"
    r"\s*(?P<name>\w*)",
    re.MULTILINE,
)
UNITS = {"abstract contract", "contract", "library", "interface", "struct", "enum", "type"}
CONTRACTS = {"abstract contract", "contract", "library", "interface"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def definitions(path: Path) -> list[tuple[str, str]]:
    return [(found["kind"], found["name"]) for found in DEFINITION.finditer(path.read_text("utf-8"))]


@pytest.mark.parametrize("path", SOLIDITY, ids=relative)
def test_a_contract_file_is_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= SOLIDITY_LINES


@pytest.mark.parametrize("path", PYTHON, ids=relative)
def test_a_python_module_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= PYTHON_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno + 1 <= FUNCTION_LINES, f"{node.name} in line {node.lineno}"


@pytest.mark.parametrize("path", SOLIDITY, ids=relative)
def test_a_contract_file_holds_one_unit_of_its_name(path: Path) -> None:
    units = [(kind, name) for kind, name in definitions(path) if kind in UNITS]
    assert [name for _, name in units] == [path.stem]


@pytest.mark.parametrize("path", SOLIDITY, ids=relative)
def test_nothing_stands_beside_a_contract_that_would_make_brownie_drop_it(path: Path) -> None:
    kinds = [kind for kind, _ in definitions(path)]
    if CONTRACTS & set(kinds):
        assert len(kinds) == 1


def test_no_two_contracts_share_a_name() -> None:
    names = [name for path in SOLIDITY for kind, name in definitions(path) if kind in CONTRACTS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", artifacts.names())
def test_the_runtime_code_fits_on_chain(name: str) -> None:
    assert len(artifacts.load(name).deployed_bytecode) // 2 <= RUNTIME_BYTES
