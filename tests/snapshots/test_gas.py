"""Gas is reviewed like code: what an act costs changes only together with the snapshot."""

from __future__ import annotations

import json

import gas
import pytest
import table

SNAPSHOT: list[gas.Row] = json.loads(gas.SNAPSHOT.read_text("utf-8"))
RENEW = "review the difference, then renew snapshot and README with `python bench/gas.py --update`"


@pytest.fixture(scope="module")
def measured() -> list[gas.Row]:
    """Measured now, but for the splits: they take 10,000 holders."""
    return gas.measure(gas.QUICK)


def test_every_act_costs_what_the_snapshot_says(measured: list[gas.Row]) -> None:
    assert measured == SNAPSHOT[: len(measured)], RENEW


def test_no_act_of_the_snapshot_breaks_its_bar() -> None:
    assert gas.broken(SNAPSHOT) == []


def test_a_broken_bar_is_told_in_a_sentence() -> None:
    dearer = [row | {"value": 62_001} if row["name"] == "transfer_existing" else row for row in SNAPSHOT]
    assert "transfer_existing costs 62,001 gas, which is more than its bar of 62,000." in gas.broken(dearer)


def test_the_readme_shows_the_table_of_the_snapshot() -> None:
    text = table.README.read_text("utf-8")
    assert table.put(text, table.render(SNAPSHOT)) == text, RENEW


def test_a_cost_that_grows_with_the_number_of_holders_is_told() -> None:
    grown = [row | {"value": row["value"] // 2} if row["name"] == "split_10_holders" else row for row in SNAPSHOT]
    assert any(sentence.endswith("they must be alike.") for sentence in gas.broken(grown))


def test_the_table_comes_to_the_end_of_a_readme_without_markers() -> None:
    text = table.put("# A title\n", "the table")
    assert text == f"# A title\n\n{table.BEGIN}\nthe table\n{table.END}\n"
    assert table.put(text, "the table") == text
