"""What a job must survive: a hundred kills of the real program, nodes that restart, chains of other kinds."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
from plant import Plant, own_plant

from stotoken.chain.devnode import find_program
from stotoken.errors import OutcomeUnknown

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


#: The program with everything imported, which forks for each line of arguments: a hundred starts would cost minutes.
FORKING = """
import json, os, sys
import eth_account, eth_account.messages, requests, web3
import stotoken.cli.token.issuing, stotoken.jobs, stotoken.jobs.reading
from stotoken.cli import main
for line in sys.stdin:
    *words, said = json.loads(line)
    pid = os.fork()
    if pid == 0:
        told = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(told, 1), os.dup2(told, 2)
        sys.argv = ["stotoken", *words]
        main()
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Programs:
    """Runs of the program, one at a time, each a process of its own."""

    def __init__(self, plant: Plant) -> None:
        self.lock = plant.folder / f"{plant.world.deployment.chain_id}.jobs.lock"
        self.said = plant.folder / "said.txt"
        key = next(a for a in plant.world.node.accounts if a.address == plant.agent.address).key
        program, pipe = [sys.executable, "-c", FORKING], subprocess.PIPE
        self._process = subprocess.Popen(program, env={"KEY": key.hex()}, stdin=pipe, stdout=pipe, text=True)
        self._given = ("--deployments", str(plant.folder), "--node", plant.world.node.url, "--signer", "env:KEY")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, *words: object, killed_after: float | None = None) -> int:
        """Its exit code; -9 when it was killed, that long after it had the journal to itself."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([*map(str, words), *self._given, str(self.said)]) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        if killed_after is not None:
            while not self._is_at_work(pid):
                time.sleep(0.001)
            time.sleep(killed_after)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return int(self._process.stdout.readline())

    def _is_at_work(self, pid: int) -> bool:
        """Whether the run has the lock open, or is over."""
        try:
            held = {os.readlink(f"/proc/{pid}/fd/{name}") for name in os.listdir(f"/proc/{pid}/fd")}
        except OSError:
            return not os.path.exists(f"/proc/{pid}/fd/0")
        return str(self.lock) in held


def test_a_job_killed_at_a_hundred_random_instants_does_every_row_exactly_once(
    tmp_path: Path, count: Callable[[str, int], None]
) -> None:
    dice = random.Random(SEED)
    with own_plant(tmp_path, ROWS) as plant, Programs(plant) as programs:
        make_blocks_small(plant)
        job, node = plant.job(), plant.world.connection
        words = ("token", "distribute", plant.token.address, plant.table(job), "--batch")
        begun = time.perf_counter()
        assert programs.run(*words, 1) == 0, programs.said.read_text()
        longest = time.perf_counter() - begun
        jobs, kills = 2, 0
        while kills < KILLS:
            code = programs.run(*words, jobs, killed_after=dice.uniform(0, longest))
            assert code in (0, -9), programs.said.read_text()
            kills += code == -9
            jobs += code == 0
            # The machine is faster at one time than at another: about as many runs are killed early as late.
            longest *= 1.05 if code else 0.7
        for name in range(1, jobs + 1):
            assert programs.run(*words, name) == 0, programs.said.read_text()
        assert plant.arrived(job, times=jobs)
        nonce = node.nonce(plant.agent.address)
        assert programs.run(*words, jobs) == 0
        assert "Distributed 0 units to 0 wallets; 120 rows were distributed before." in programs.said.read_text()
        assert node.nonce(plant.agent.address) == nonce
        count("kills survived, jobs", kills)
        count("jobs finished after kills, each row on chain once for each", jobs)
        count("rows on chain as often as was meant", jobs * ROWS)


@pytest.mark.parametrize("knowing", [True, False], ids=["that knows its chain", "that knows nothing for a while"])
def test_a_node_that_restarts_without_its_pool_is_given_the_same_transactions_again(
    knowing: bool, tmp_path: Path, count: Callable[[str, int], None]
) -> None:
    """One that does not know even its chain at first may leave the outcome unknown until the command is given again."""
    with own_plant(tmp_path, ROWS) as plant:
        make_blocks_small(plant)
        node, job = plant.world.connection, plant.job()
        words = ("token", "distribute", plant.token.address, plant.table(job), "--json")
        node.request("evm_setAutomine", [False])
        with program(plant, *words) as process:
            while process.poll() is None and int(node.request("txpool_status")["pending"], 16) < 2:
                time.sleep(0.01)
            node.request("evm_mine")
            state = node.request("anvil_dumpState")
            port = plant.world.node.port
            plant.world.node.stop()
            time.sleep(1)
            with restarted(plant, port, state, knowing):
                _, said = process.communicate(timeout=60)
                assert process.returncode in (0, 0 if knowing else OutcomeUnknown.exit_code), said
                with program(plant, *words) as again:
                    _, said = again.communicate(timeout=60)
                assert again.returncode == 0, said
                assert plant.arrived(job)
        count("rows that arrived once though the node forgot its pool", ROWS)


@contextmanager
def restarted(plant: Plant, port: int, state: str, knowing: bool) -> Iterator[None]:
    """An Anvil on the same port that knows the state, from its first answer on or after a while, and nothing else."""
    home = plant.folder / "home"
    home.mkdir()
    kept = home / "state.json"
    kept.write_bytes(gzip.decompress(bytes.fromhex(state[2:])))
    options = ["--port", str(port), "--silent", "--gas-limit", str(SMALL_BLOCK)]
    options += ["--load-state", str(kept)] if knowing else []
    node = subprocess.Popen([str(find_program("anvil")), *options], env=os.environ | {"HOME": str(home)})
    try:
        if not knowing:
            time.sleep(2)
            plant.world.connection.request("anvil_loadState", [state])
        yield
    finally:
        node.kill()
        node.wait()


CHAINS: dict[str, dict[str, Any]] = {
    "Berlin without a gas price": {"hardfork": "berlin", "zero_gas_price": True, "balance": 0},
    "London with a base fee": {"hardfork": "london"},
    "the newest rules without a gas price": {"zero_gas_price": True, "balance": 0},
    "a block a second": {},
    "a block a second, Berlin without a gas price": {"hardfork": "berlin", "zero_gas_price": True, "balance": 0},
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_job_runs_on_chains_of_every_kind(name: str, tmp_path: Path, count: Callable[[str, int], None]) -> None:
    with own_plant(tmp_path, ROWS, **CHAINS[name]) as plant:
        make_blocks_small(plant)
        if timed := name.startswith("a block a second"):
            plant.world.connection.request("evm_setIntervalMining", [1])
        job = plant.job()
        assert plant.run(job) == (ROWS, 0)
        assert plant.arrived(job)
        assert plant.run(job) == (0, ROWS)
        with plant.journal() as journal:
            lots = journal.lots()
        blocks = len({lot.block_number for lot in lots})
        count(f"rows that arrived once on a chain of its own kind: {name}", ROWS)
        if timed:
            assert blocks <= -(-len(lots) // 2) + 1
