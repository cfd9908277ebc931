"""What contracts/THREATS.md says is shown by tests that exist, for every role and every pair that orders something."""

from __future__ import annotations

import ast
import re
from functools import cache
from itertools import product
from pathlib import Path

from stotoken.deploy import Matrix
from stotoken.types import Role

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "contracts" / "THREATS.md").read_text("utf-8")
TEXT, _, LIST = PAGE.partition("\n## The tests\n")
NAMED = {int(number): (path, test) for number, path, test in re.findall(r"^(\d+)\. `(.+)::(\w+)`$", LIST, re.MULTILINE)}
#: The first cell of every row of a table, and the row.
ROWS = [(row.split("|")[1].strip(), row) for row in TEXT.splitlines() if row.startswith("| ")]
MATRIX = Matrix.load()


def section(title: str) -> list[str]:
    """The first cells of the table under a heading."""
    part = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return [row.split("|")[1].strip() for row in part.splitlines() if row.startswith("| ")]


@cache
def defined_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_test_that_is_named_exists() -> None:
    assert len(NAMED) == len([line for line in LIST.splitlines() if line])
    assert [f"{path}::{test}" for path, test in NAMED.values() if test not in defined_in(path)] == []
    assert all(test.startswith("test_") for _, test in NAMED.values())


def test_every_number_is_a_test_and_every_test_is_used_and_listed_once() -> None:
    assert {int(number) for number in re.findall(r"\[(\d+)\]", TEXT)} == set(NAMED)
    assert sorted(NAMED) == list(range(1, len(NAMED) + 1))
    assert len(set(NAMED.values())) == len(NAMED)


def test_every_line_of_a_table_names_a_test() -> None:
    without = [first for first, row in ROWS if not re.search(r"\[\d+\]", row)]
    assert without == ["who", "pair"]


def test_every_role_of_the_matrix_has_its_line() -> None:
    told = [name for first in section("One stolen key") for name in re.findall(r"`(\w+)`", first)]
    assert sorted(told) == sorted(role.name for role in Role)


def test_a_role_without_a_row_does_nothing() -> None:
    [idle] = [first for first in section("One stolen key") if "," in first]
    rows = [row.executors | row.proposers | row.approvers for row in MATRIX]
    assert set(re.findall(r"`(\w+)`", idle)) == {role.name for role in set(Role).difference(*rows)}


def test_every_pair_that_can_order_something_has_its_line_and_no_other() -> None:
    told = [frozenset(re.findall(r"`(\w+)`", first)) for first in section("Two stolen keys") if first != "pair"]
    can = {frozenset({one.name, other.name}) for row in MATRIX for one, other in product(row.proposers, row.approvers)}
    assert len(told) == len(set(told))
    assert set(told) == can


def test_the_contracts_page_leads_here() -> None:
    assert "(THREATS.md)" in (ROOT / "contracts" / "README.md").read_text("utf-8")
