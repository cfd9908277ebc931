"""`stotoken ledger` as somebody types it: catching up, following, and where the database is."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_shell import Shell

from stotoken.chain.devnode import DevNode
from stotoken.client.token import Token
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.register import Register
from stotoken.ledger.store import Store

LONG = 30.0


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token()
    shell.world.issue(token, "alice", 100)
    return token


def stored(shell: Shell, path: Path, token: Token) -> Register:
    contracts = Contracts.of(shell.world.deployment)
    own = Contracts.of(shell.world.deployment, token.address)
    return Register(own, Store.open(f"sqlite:///{path}", contracts))


def test_the_ledger_is_kept_beside_the_deployment_record_and_read_once(shell: Shell, token: Token) -> None:
    first = shell.json("ledger", "sync")
    assert first["block_number"] == shell.world.connection.block().number
    path = shell.deployments / "31337.ledger.db"
    assert (first["ledger"], path.exists()) == (str(path), True)
    shell.world.send("alice", token.bind.transfer(shell.address("bob"), 30))
    assert shell.json("ledger", "sync")["block_number"] == first["block_number"] + 1
    register = stored(shell, path, token)
    assert sorted(held.units for held in register.holdings()) == [30, 70]
    register.store.close()
    assert shell.json("ledger", "reconcile", token.address)["equal"] is True


def test_reading_tells_how_far_it_is_and_where_it_ended(shell: Shell, token: Token) -> None:
    result = shell.run("ledger", "sync")
    number = shell.world.connection.block().number
    assert f"block {number} of {number}" in result.stderr
    assert f"The ledger has read up to block {number}." in result.stdout
    japanese = shell.run("ledger", "sync", "--lang", "ja")
    assert f"ブロック {number} まで読み取り済みです" in japanese.stdout


def test_commands_that_ask_the_register_bring_the_ledger_up_to_date(shell: Shell, token: Token, tmp_path: Path) -> None:
    ledger = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    assert shell.json("token", "holders", token.address, "--ledger", ledger)["units"] == 100
    shell.world.issue(token, "bob", 11)
    assert shell.json("token", "holders", token.address, "--ledger", ledger)["units"] == 111
    assert (tmp_path / "elsewhere.db").exists()
    assert not (shell.deployments / "31337.ledger.db").exists()


def test_following_reads_what_comes_and_ends_when_it_is_interrupted(shell: Shell, token: Token, tmp_path: Path) -> None:
    path = tmp_path / "followed.db"
    words = ("ledger", "follow", "--every", "0.1", "--ledger", f"sqlite:///{path}")
    with shell.started(*words, by="alice") as process:
        _until(path.exists)
        for units in (1, 2, 3):
            shell.world.send("alice", token.bind.transfer(shell.address("bob"), units))
        _until(lambda: _bob(shell, path, token) == 6)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=LONG)
    assert (process.returncode, out) == (130, "")
    assert told.strip().endswith("Interrupted; nothing was sent.")
    assert "Traceback" not in told


def test_other_nodes_are_checked_before_anything_is_read(shell: Shell, token: Token) -> None:
    shell.json("ledger", "sync", "--other-node", shell.world.node.url)
    told = shell.refused(3, "ledger", "sync", "--other-node", "ftp://user:hunter2@host")
    assert "hunter2" not in told
    assert "must start with http" in told
    with DevNode(chain_id=7) as foreign:
        told = shell.refused(3, "ledger", "sync", "--other-node", foreign.url)
    assert told.endswith("serves chain 7, the ledger is of chain 31337; nothing was read.")


def test_a_database_of_another_kind_is_refused_without_its_password(shell: Shell) -> None:
    told = shell.refused(3, "ledger", "sync", "--ledger", "mysql://me:hunter2@host/db")
    assert told.endswith("what was given is neither. Nothing was done.")
    assert "hunter2" not in told


def test_a_ledger_of_another_deployment_is_refused(shell: Shell, tmp_path: Path) -> None:
    system = shell.world.deployment
    other = Contracts(system.chain_id, system.orders, system.system)
    Store.open(f"sqlite:///{tmp_path / 'other.db'}", other).close()
    told = shell.refused(3, "ledger", "sync", "--ledger", f"sqlite:///{tmp_path / 'other.db'}")
    assert f"not of {system.system} on chain 31337; nothing was done." in told


def test_a_disk_that_is_full_ends_the_command_and_the_next_one_goes_on(
    shell: Shell, token: Token, tmp_path: Path
) -> None:
    """No file may grow beyond 80,000 bytes: less than what there is to write takes."""
    ledger = f"sqlite:///{tmp_path / 'ledger.db'}"
    words = ["ledger", "sync", "--deployments", str(shell.deployments), "--ledger", ledger]
    shell.json("ledger", "sync", "--ledger", ledger)
    for _ in range(3):
        shell.world.register([f"0x{number:040x}" for number in range(5000, 5200)])
    env = {name: value for name, value in shell.env.items() if value and name != "STOTOKEN_DEBUG"}
    program = str(Path(sys.executable).parent / "stotoken")
    limit = "import resource, sys, os; resource.setrlimit(resource.RLIMIT_FSIZE, (80_000, 80_000))"
    done = subprocess.run(
        [sys.executable, "-c", f"{limit}; os.execv(sys.argv[1], sys.argv[1:])", program, *words],
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "as before" in done.stderr
    assert shell.json("ledger", "sync", "--ledger", ledger)["block_number"] == shell.world.connection.block().number
    assert shell.json("ledger", "reconcile", token.address, "--ledger", ledger)["equal"] is True


def _bob(shell: Shell, path: Path, token: Token) -> int:
    register = stored(shell, path, token)
    try:
        if register.head is None:
            return 0
        return sum(held.units for held in register.holdings() if held.wallet == shell.address("bob"))
    finally:
        register.store.close()


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.1)
