"""The desk at which reports are made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk import Desk, told
from world import World, fresh


@pytest.fixture(scope="module")
def desk(deployed_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One for all tests of a file."""
    for world in fresh(deployed_world):
        yield told(world, tmp_path_factory.mktemp("names"))
