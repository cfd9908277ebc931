"""The contracts are the size, shape and layout that was last reviewed."""

from __future__ import annotations

import pytest
import shapes

#: A tenth of what the chain allows is kept free, so that a fix always fits.
MOST_BYTES = 24_576 * 9 // 10


@pytest.mark.parametrize("name", shapes.SHAPES)
def test_the_contracts_are_as_in_the_snapshot_of(name: str) -> None:
    renew = f"review the difference, then renew it with `python tests/snapshots/shapes.py` ({name}.json)"
    assert shapes.SHAPES[name]() == shapes.snapshot(name), renew


@pytest.mark.parametrize("name", shapes.sizes())
def test_a_contract_leaves_a_tenth_of_the_allowed_code_free(name: str) -> None:
    assert shapes.sizes()[name] <= MOST_BYTES


@pytest.mark.parametrize("part", shapes.TOKEN)
def test_every_part_of_a_token_sees_the_same_state(part: str) -> None:
    state = shapes.variables("TokenState")
    assert shapes.variables(part)[: len(state)] == state
