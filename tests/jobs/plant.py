"""A deployed system with a token to distribute and a table to do it from, on a world's node or on one of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from world import NAMES, World

from stotoken.chain.connection import call_object
from stotoken.chain.devnode import DevNode
from stotoken.chain.sender import Sender
from stotoken.client.events import abi_of
from stotoken.client.token import Token
from stotoken.errors import OutcomeUnknown
from stotoken.jobs import Job, Journal, Row, Runner
from stotoken.types import Address, checksum, keccak, partition_id

DEFAULT = partition_id("default")


def wallets(count: int, name: str = "holder") -> list[Address]:
    return [checksum(f"0x{keccak(f'{name} {place}'.encode())[12:].hex()}") for place in range(count)]


class Plant:
    """`holders` are registered; the treasury holds, and the agent may distribute, `units` to each, many times over."""

    def __init__(self, world: World, folder: Path, holders: int, name: str = "holder") -> None:
        self.world, self.folder = world, folder
        self.holders = wallets(holders, name)
        for start in range(0, holders, 200):
            world.register(self.holders[start : start + 200])
        self.token: Token = world.new_token()
        world.issue(self.token, "treasury", 500_000)
        world.order(self.token.allot(500_000))
        self.agent = world.people.agent

    def job(self, pairs: Sequence[tuple[Address, int]] = (), name: str = "", kind: str = "distribute") -> Job:
        pairs = pairs or [(holder, 1 + place % 7) for place, holder in enumerate(self.holders)]
        rows = tuple(Row(line, wallet, units, DEFAULT) for line, (wallet, units) in enumerate(pairs, 2))
        return Job.of(kind, self.token.address, rows, name, "table.csv")

    def table(self, job: Job) -> Path:
        path = self.folder / "table.csv"
        lines = ["wallet,partition,units", *(f"{row.wallet},default,{row.value}" for row in job.rows)]
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    def journal(self) -> Journal:
        return Journal.open(self.folder, self.world.deployment)

    def run(self, job: Job, sender: Sender | None = None, **how: bool) -> tuple[int, int]:
        """Rows done, and done before."""
        with self.journal() as journal:
            outcome = Runner(self.world.deployment, sender or self.agent, journal).run(job, **how)
        return outcome.done, outcome.known

    def balances(self) -> list[int]:
        function, found = abi_of("SecurityToken").function("balanceOf"), []
        for start in range(0, len(self.holders), 200):
            part = self.holders[start : start + 200]
            asked = [call_object(self.token.address, function.encode(each)) for each in part]
            found += self.world.connection.batch([("eth_call", [each, "latest"]) for each in asked])
        return [int(answer, 16) for answer in found]

    def arrived(self, job: Job, times: int = 1) -> bool:
        """Whether every row of a distribution is on chain, exactly that many times."""
        wanted = dict.fromkeys(self.holders, 0)
        for row in job.rows:
            wanted[row.wallet] += times * row.value
        return self.balances() == list(wanted.values())


@contextmanager
def own_plant(folder: Path, holders: int, **options: object) -> Iterator[Plant]:
    """On a node of its own, to be treated badly."""
    with DevNode(accounts=len(NAMES), **options) as node:
        world = World.create(node, folder)
        world.deployment.save(folder / f"{node.chain_id}.json")
        yield Plant(world, folder, holders)
        world.connection.close()


@contextmanager
def held_back(plant: Plant, job: Job, sender: Sender) -> Iterator[None]:
    """The job's transactions are in the pool, and no block is made until this is over."""
    node, patience = plant.world.connection, sender.timeout
    node.request("evm_setAutomine", [False])
    sender.timeout = 0.5
    try:
        with pytest.raises(OutcomeUnknown):
            plant.run(job, sender)
        yield
    finally:
        sender.timeout = patience
        node.request("evm_mine")
        node.request("evm_setAutomine", [True])
