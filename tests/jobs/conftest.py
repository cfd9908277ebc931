from __future__ import annotations

from pathlib import Path

import pytest
from plant import Plant
from world import World

from stotoken.jobs import rehearsal


@pytest.fixture
def plant(world: World, tmp_path: Path) -> Plant:
    """Twelve holders."""
    return Plant(world, tmp_path, 12)


@pytest.fixture
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a transaction had room for three rows or four."""
    monkeypatch.setattr(rehearsal, "TRANSACTION_GAS_CAP", 260_000)
