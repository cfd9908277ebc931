"""Long proofs of the ledger in SQLite and PostgreSQL: random histories, sudden ends, reorganisations.

`make proofs` shows what they counted.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from actor import ACTS, OFTEN, Actor
from ledgers import (
    model_of,
    nodes_of,
    opened,
    register_of,
    require_equal_to_chain,
    require_equal_to_model,
    said,
    system_of,
)
from proxy import Proxy, narrow
from world import DAY, NAMES, World

from stotoken.chain.connection import Connection
from stotoken.chain.devnode import DevNode
from stotoken.chain.nodes import Nodes
from stotoken.client.token import Token
from stotoken.ledger.follower import sync
from stotoken.ledger.store import Store

pytestmark = pytest.mark.slow

INSTANTS = 50
KILLS = 50
REORGANISATIONS = 12
RESTARTS = 20

Count = Callable[[str, int], None]


@pytest.fixture
def count(count: Count, url: str) -> Count:
    """By the kind of database."""
    kind = "PostgreSQL" if url.startswith("postgresql") else "SQLite"
    return lambda what, number: count(f"{what}, ledger in {kind}", number)


@pytest.fixture
def store(url: str, world: World) -> Iterator[Store]:
    with opened(url, system_of(world)) as store:
        yield store


# --- random histories -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [11, 12])
def test_the_stored_register_equals_an_independent_fold_at_every_noted_instant(
    world: World, store: Store, seed: int, count: Count
) -> None:
    actor = Actor(world, seed)
    for what in ACTS:
        actor.once(what)
    for place, what in enumerate(actor.random.choices(ACTS + OFTEN * 3, k=80)):
        actor.act(what)
        if place % 20 == 0:
            sync(store, nodes_of(world.connection))
    world.travel(DAY)
    sync(store, nodes_of(world.connection))
    register, instants = register_of(store, actor.token), sorted(actor.noted)
    assert len(instants) >= INSTANTS
    compared = require_equal_to_model(register, model_of(world, actor.token), instants)
    for instant, noted in actor.noted.items():
        assert {(held.partition, held.wallet): held.units for held in register.holdings(instant)} == noted
    count("rows of past instants compared with an independent fold", compared)
    count("rows compared with the chain", require_equal_to_chain(store, world.connection))


# --- sudden ends ------------------------------------------------------------------------------------------------------


class Launcher:
    """Runs the program again and again; `launcher.py` is the other end."""

    def __init__(self, folder: Path) -> None:
        self.told = folder / "told.txt"
        path = [str(Path(__file__).parent), *sys.path]
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("launcher.py")), str(self.told)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": ":".join(path)},
        )  # fmt: skip

    def run(self, words: list[str], kill_after: float | None = None) -> int:
        """The exit code; minus nine when it was killed before its end."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        child = self._line()
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(child, signal.SIGKILL)
        return self._line()

    def _line(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def close(self) -> None:
        for end in (self._process.stdin, self._process.stdout):
            assert end is not None
            end.close()
        self._process.wait(20)


def many_acts(world: World, seed: int) -> Token:
    actor = Actor(world, seed)
    for what in ACTS:
        actor.once(what)
    for what in actor.random.choices(ACTS + OFTEN * 3, k=10):
        actor.act(what)
    return actor.token


def test_a_program_that_is_killed_at_any_instant_loses_nothing_and_does_nothing_twice(
    world: World, url: str, tmp_path: Path, count: Count
) -> None:
    """A child that was killed is reaped by its parent, so its id is its own until then."""
    world.deployment.save(tmp_path / f"{world.deployment.chain_id}.json")
    many_acts(world, 13)
    whole = Store.memory(system_of(world))
    sync(whole, Nodes([world.connection]))
    expected, chance = said(whole), random.Random(14)
    launcher = Launcher(tmp_path)
    killed = finished = 0
    with Proxy(world.node.url) as proxy, opened(url, system_of(world)) as store:
        proxy.rule = narrow(4)
        words = ["ledger", "sync", "--json", "--node", proxy.url, "--deployments", str(tmp_path), "--ledger", url]
        while killed < KILLS:
            for _ in range(KILLS // 5):
                code = launcher.run(words, kill_after=chance.uniform(0, 0.6))
                assert code in (0, -signal.SIGKILL), launcher.told.read_text()
                killed += code != 0
            assert launcher.run(words) == 0, launcher.told.read_text()
            store.refresh()
            assert said(store) == expected
            require_equal_to_chain(store, world.connection)
            finished += 1
            store.undo(chance.choice((-1, 30, 60)))
    launcher.close()
    count("kills survived", killed)
    count("ledgers finished after kills, each equal to one read at once", finished)


def test_nodes_that_come_and_go_lose_nothing(world: World, store: Store, count: Count) -> None:
    many_acts(world, 15)
    chance, restarts, over = random.Random(16), 0, threading.Event()
    with Proxy(world.node.url) as proxy, Connection(proxy.url) as connection:
        proxy.rule = narrow(10)

        def restart() -> None:
            nonlocal restarts
            while not over.wait(chance.uniform(0.1, 0.3)):
                proxy.stop()
                time.sleep(chance.uniform(0, 0.1))
                proxy.start()
                restarts += 1

        unrest = threading.Thread(target=restart)
        unrest.start()
        try:
            while restarts < RESTARTS:
                store.undo(-1)
                sync(store, Nodes([connection], pauses=(0.05,) * 40))
        finally:
            over.set()
            unrest.join()
    whole = Store.memory(system_of(world))
    sync(whole, Nodes([world.connection]))
    assert said(store) == said(whole)
    count("restarts of the node survived", restarts)


# --- reorganisations --------------------------------------------------------------------------------------------------


@pytest.fixture
def long_memory(tmp_path: Path) -> Iterator[World]:
    """A node that keeps the state of past blocks, which `anvil_reorg` needs."""
    with DevNode(accounts=len(NAMES), history=1_000) as node:
        world = World.create(node, tmp_path)
        yield world
        world.connection.close()


@pytest.mark.parametrize("way", ["snapshots", "anvil_reorg"])
def test_reorganisations_of_any_depth_leave_what_the_new_chain_says(
    long_memory: World, url: str, way: str, count: Count
) -> None:
    world = long_memory
    actor, chance = Actor(world, 17), random.Random(18)
    undone = 0
    with opened(url, system_of(world)) as store:
        for _ in range(REORGANISATIONS):
            sync(store, nodes_of(world.connection))
            mark, before = world.node.snapshot(), world.connection.block().number
            for what in actor.random.choices(ACTS, k=chance.randint(1, 6)):
                actor.act(what)
                if chance.random() < 0.5:
                    sync(store, nodes_of(world.connection))
            sync(store, nodes_of(world.connection))
            head = store.head
            assert head is not None
            if way == "snapshots":
                world.node.revert(mark)
            else:
                depth = min(chance.randint(1, 20), head.number - before)
                world.connection.request("anvil_reorg", [depth, []])
            for what in actor.random.choices(ACTS, k=chance.randint(0, 3)):
                actor.act(what)
            sync(store, nodes_of(world.connection))
            assert all(mark.hash != head.hash for marks in store.marks() for mark in marks)
            undone += 1
        anew = Store.memory(system_of(world))
        sync(anew, Nodes([world.connection]))
        assert said(store) == said(anew)
        count("rows compared with the chain", require_equal_to_chain(store, world.connection))
    count("reorganisations undone", undone)
