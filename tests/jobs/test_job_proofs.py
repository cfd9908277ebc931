"""What a job must survive: a hundred kills of the real program, nodes that restart, chains of other kinds."""

from __future__ import annotations

import fcntl
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from plant import Plant, own_plant

from stotoken.chain.devnode import find_program

pytestmark = pytest.mark.slow

KILLS, ROWS, SEED = 100, 120, 20260401
#: Of a block, for lots of about thirty rows: a job of four.
SMALL_BLOCK = 2_400_000


def make_blocks_small(plant: Plant) -> None:
    plant.world.connection.request("evm_setBlockGasLimit", [hex(SMALL_BLOCK)])
    plant.world.connection.request("evm_mine")


def program(plant: Plant, *words: object) -> subprocess.Popen[str]:
    key = next(a for a in plant.world.node.accounts if a.address == plant.agent.address).key
    args = [*map(str, words), "--deployments", str(plant.folder), "--node", plant.world.node.url, "--signer", "env:KEY"]
    started = [sys.executable, "-c", "from stotoken.cli import main; main()", *args]
    return subprocess.Popen(started, env={"KEY": key.hex()}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until_it_holds_the_lock(plant: Plant, process: subprocess.Popen[str]) -> None:
    path = plant.folder / f"{plant.world.deployment.chain_id}.jobs.lock"
    while process.poll() is None:
        if path.exists():
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    return
        time.sleep(0.002)


def test_a_job_killed_at_a_hundred_random_instants_does_every_row_exactly_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(SEED)
    with own_plant(tmp_path, ROWS) as plant:
        make_blocks_small(plant)
        job = plant.job()
        words = ("token", "distribute", plant.token.address, plant.table(job), "--batch")
        jobs, kills, runs = 1, 0, 0
        while kills < KILLS:
            with program(plant, *words, jobs) as process:
                until_it_holds_the_lock(plant, process)
                time.sleep(dice.uniform(0, 0.4))
                process.kill()
                _, said = process.communicate()
            runs += 1
            if process.returncode == 0:
                jobs += 1
            else:
                assert process.returncode == -9, said
                kills += 1
        for name in range(1, jobs + 1):
            with program(plant, *words, name) as process:
                _, said = process.communicate()
            assert process.returncode == 0, said
        assert plant.arrived(job, times=jobs)
        nonce = plant.world.connection.nonce(plant.agent.address)
        with program(plant, *words, jobs) as process:
            assert "Distributed 0 units to 0 wallets; 120 rows were distributed before." in process.communicate()[0]
        assert plant.world.connection.nonce(plant.agent.address) == nonce
        with capsys.disabled():
            print(
                f"\n{kills} kills over {jobs} jobs of {ROWS} rows: every row {jobs} times on chain, as often as meant"
            )


def test_a_node_that_restarts_without_its_pool_is_given_the_same_transactions_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with own_plant(tmp_path, ROWS) as plant:
        make_blocks_small(plant)
        node, job = plant.world.connection, plant.job()
        node.request("evm_setAutomine", [False])
        with program(plant, "token", "distribute", plant.token.address, plant.table(job), "--json") as process:
            while process.poll() is None and int(node.request("txpool_status")["pending"], 16) < 4:
                time.sleep(0.01)
            node.request("evm_mine")
            state = node.request("anvil_dumpState")
            port = plant.world.node.port
            plant.world.node.stop()
            time.sleep(1)
            again = restarted(plant, port, state)
            _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said
        assert plant.arrived(job)
        again.kill()
        again.wait()
        with capsys.disabled():
            print(f"\nnode restarted with half of a job in its forgotten pool: {ROWS} rows arrived once")


def restarted(plant: Plant, port: int, state: str) -> subprocess.Popen[bytes]:
    """An Anvil on the same port that knows the state and nothing else."""
    home = plant.folder / "home"
    home.mkdir()
    options = ["--port", str(port), "--silent", "--prune-history", "--gas-limit", str(SMALL_BLOCK)]
    node = subprocess.Popen([str(find_program("anvil")), *options], env=os.environ | {"HOME": str(home)})
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            plant.world.connection.request("anvil_loadState", [state])
            return node
        except Exception:  # noqa: BLE001  it is not up yet
            time.sleep(0.05)
    raise AssertionError("the node did not come up")


CHAINS: dict[str, dict[str, Any]] = {
    "Berlin without a gas price": {"hardfork": "berlin", "zero_gas_price": True, "balance": 0},
    "London with a base fee": {"hardfork": "london"},
    "the newest rules without a gas price": {"zero_gas_price": True, "balance": 0},
    "a block a second": {},
    "a block a second, Berlin without a gas price": {"hardfork": "berlin", "zero_gas_price": True, "balance": 0},
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_job_runs_on_chains_of_every_kind(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with own_plant(tmp_path, ROWS, **CHAINS[name]) as plant:
        make_blocks_small(plant)
        if timed := name.startswith("a block a second"):
            plant.world.connection.request("evm_setIntervalMining", [1])
        job, begun = plant.job(), time.perf_counter()
        assert plant.run(job) == (ROWS, 0)
        took = time.perf_counter() - begun
        assert plant.arrived(job)
        assert plant.run(job) == (0, ROWS)
        with plant.journal() as journal:
            lots = journal.lots()
        blocks = len({lot.block_number for lot in lots})
        with capsys.disabled():
            print(f"\n{name}: {ROWS} rows in {len(lots)} transactions and {blocks} blocks, {took:.1f} s")
        if timed:
            assert took > 1
            assert blocks <= -(-len(lots) // 2) + 1
