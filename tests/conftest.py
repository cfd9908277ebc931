"""Fixtures for every test: a local node with a deployed system, made once a worker, and a fresh world for each test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from world import World

_PROVED = "proved: "


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("stotoken")
    group.addoption("--engine", choices=("anvil", "ganache"), default="anvil", help="local node of the tests")
    group.addoption("--hardfork", default=None, help="rules of the local node's chain; the engine's newest by default")


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Callable[[str, int], None]:
    """Keeps what a long proof counted, for the end of the run."""
    return lambda what, number: record_property(f"{_PROVED}{what}", number)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the proofs counted, summed up over all workers."""
    counted: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in getattr(report, "user_properties", ()):
            if name.startswith(_PROVED):
                counted[name.removeprefix(_PROVED)] += value
    for name, value in sorted(counted.items()):
        terminalreporter.write_line(f"{value:>9,}  {name}")


@pytest.fixture(scope="session")
def deployed_world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The system as it was deployed. For `world` and for read-only tests."""
    from world import NAMES, World

    from stotoken.chain.devnode import DevNode

    engine, hardfork = request.config.getoption("--engine"), request.config.getoption("--hardfork")
    with DevNode(engine, hardfork=hardfork, accounts=len(NAMES)) as node:
        world = World.create(node, tmp_path_factory.mktemp("deployments"))
        yield world
        world.connection.close()


@pytest.fixture
def world(deployed_world: World) -> Iterator[World]:
    """A deployed system to act in; everything is taken back after the test."""
    from world import fresh

    yield from fresh(deployed_world)
