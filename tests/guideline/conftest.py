"""The stage of the conformance scenarios, on the tests' own deployed system."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from world import World

from stotoken.conformance.clauses import SCENARIOS
from stotoken.conformance.stage import CAST, Stage
from stotoken.conformance.witness import WitnessedConnection


@pytest.fixture
def stage(deployed_world: World) -> Iterator[Stage]:
    """People, a system, and the clock; everything is taken back after the test."""
    world = deployed_world
    mark = world.node.snapshot()
    connection = WitnessedConnection.open(world.node.url, expect_chain_id=world.deployment.chain_id)
    yield Stage(world.node, connection, world.deployment, {name: world.people[name].signer for name in CAST})
    connection.close()
    world.node.revert(mark)


@pytest.fixture
def faults(stage: Stage, request: pytest.FixtureRequest) -> list[str]:
    """What the scenario of this file's clause found wrong."""
    clause = request.path.stem.removeprefix("test_").replace("_", ".")
    scenario = next(each for each in SCENARIOS if each.clause == clause)
    report = scenario.perform(stage)
    assert report.checks
    return [fault for check in report.checks for fault in check.faults] + ([report.error] if report.error else [])
