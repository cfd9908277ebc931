"""A shell in which `stotoken` is run."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_shell import Shell
from world import World


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    """With the record of the world's own deployment."""
    shell = Shell(world, tmp_path)
    world.deployment.save(shell.deployments / f"{world.connection.chain_id}.json")
    return shell


@pytest.fixture
def bare_shell(world: World, tmp_path: Path) -> Shell:
    """Without any deployment record."""
    return Shell(world, tmp_path)
