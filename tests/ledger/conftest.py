"""Fixtures of the ledger's tests. What they share with the bench is found where the bench has it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

if TYPE_CHECKING:
    from postgres import Postgres

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server of its own for every worker."""
    from postgres import Postgres

    with Postgres(durable=False) as server:
        yield server


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database, of each kind that a ledger may be kept in."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(scope="module", params=KINDS)
def told_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where stories told by hand are kept: in memory, or in one database that each begins anew."""
    import story

    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        story.Story.database = story.Emptied(server.new_database())
    yield request.param
    if story.Story.database:
        story.Story.database.database.close()
    story.Story.database = None
