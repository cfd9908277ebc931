"""One token a module, and a fresh state of it for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from world import World, fresh

from standards.scene import Scene


@pytest.fixture(scope="module")
def set_scene(deployed_world: World) -> Iterator[Scene]:
    mark = deployed_world.node.snapshot()
    world = World(deployed_world.node, deployed_world.connection, deployed_world.deployment, deployed_world.people)
    yield Scene.make(world)
    deployed_world.node.revert(mark)


@pytest.fixture
def scene(set_scene: Scene) -> Iterator[Scene]:
    """The token as issued; what the test does is taken back."""
    for world in fresh(set_scene.world):
        yield Scene(world, set_scene.token)
