"""The embedded node, on both engines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stotoken.chain import devnode
from stotoken.chain.devnode import DevNode, Engine
from stotoken.errors import ConfigError, InputError, NodeError

ETHER = 10**18


@pytest.fixture(scope="module", params=["anvil", "ganache"])
def shared(request: pytest.FixtureRequest) -> Iterator[DevNode]:
    with DevNode(request.param, accounts=3, balance=7) as running:
        yield running


@pytest.fixture
def node(shared: DevNode) -> Iterator[DevNode]:
    mark = shared.snapshot()
    yield shared
    shared.revert(mark)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_until_ended(pid: int) -> bool:
    for _ in range(400):
        if not alive(pid):
            return True
        time.sleep(0.025)
    return False


def block_number(node: DevNode) -> int:
    return int(node.rpc("eth_blockNumber"), 16)


def balance(node: DevNode, address: str) -> int:
    return int(node.rpc("eth_getBalance", address, "latest"), 16)


def test_accounts_are_those_of_the_mnemonic_and_hold_the_balance_asked_for(node: DevNode) -> None:
    from eth_account import Account

    assert [account.address for account in node.accounts] == [
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ]
    assert [Account.from_key(account.key).address for account in node.accounts] == [
        account.address for account in node.accounts
    ]
    assert balance(node, node.accounts[0].address) == 7 * ETHER


def test_keys_and_mnemonic_are_not_in_any_repr(node: DevNode) -> None:
    shown = f"{node!r} {node.options!r} {node.accounts!r}"
    assert "junk" not in shown
    assert "ac0974bec39a17e3" not in shown
    assert not any(repr(account.key) in shown for account in node.accounts)


def test_both_engines_serve_the_same_chain_id(node: DevNode) -> None:
    assert int(node.rpc("eth_chainId"), 16) == node.chain_id == 31337


def test_the_node_listens_on_the_loopback_address_alone(node: DevNode) -> None:
    assert node.url == f"http://127.0.0.1:{node.port}"


def test_reverting_to_a_snapshot_undoes_what_came_after_it(node: DevNode) -> None:
    giver, taker = node.accounts[1].address, node.accounts[2].address
    before = block_number(node), balance(node, taker)
    mark = node.snapshot()
    node.rpc("eth_sendTransaction", {"from": giver, "to": taker, "value": hex(ETHER)})
    node.mine()
    assert balance(node, taker) == before[1] + ETHER
    node.revert(mark)
    assert (block_number(node), balance(node, taker)) == before


def test_a_snapshot_that_does_not_exist_is_refused(node: DevNode) -> None:
    with pytest.raises(NodeError, match=r"no snapshot 0x7777; nothing was reverted|refused evm_revert"):
        node.revert("0x7777")


def test_time_travel_moves_the_chain_by_exactly_the_seconds(node: DevNode) -> None:
    start = node.now
    assert node.travel(86_400) == start + 86_400
    assert node.set_time(start + 200_000) == start + 200_000 == node.now


def test_the_clock_goes_on_from_where_it_was_set(node: DevNode) -> None:
    there = node.travel(1_000_000)
    node.mine()
    assert there <= node.now < there + 1_000


def test_time_never_goes_back(node: DevNode) -> None:
    with pytest.raises(NodeError, match=r"cannot go back to .*; nothing was changed"):
        node.set_time(node.now - 1)
    with pytest.raises(NodeError, match=r"cannot go back by 5 seconds; nothing was changed"):
        node.travel(-5)


def test_mining_adds_as_many_blocks_as_asked(node: DevNode) -> None:
    before = block_number(node)
    node.mine(7)
    assert block_number(node) == before + 7


def test_what_the_node_refuses_is_one_sentence(node: DevNode) -> None:
    with pytest.raises(NodeError, match="The local node refused no_such_method") as caught:
        node.rpc("no_such_method")
    assert caught.value.answered


@pytest.mark.parametrize("engine", ["anvil", "ganache"])
def test_a_port_that_is_taken_is_reported_in_one_sentence(engine: devnode.Engine, shared: DevNode) -> None:
    with pytest.raises(NodeError, match=f"^Port {shared.port} is already taken; no node was started.$"):
        DevNode(engine, port=shared.port).start()


@pytest.mark.parametrize("engine", ["anvil", "ganache"])
def test_a_missing_program_is_reported_in_one_sentence(
    engine: devnode.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(devnode, "_PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeError, match=f"^The program {engine} was found neither in node_modules nor on PATH"):
        DevNode(engine).start()


def test_an_unknown_engine_and_ganache_without_gas_price_are_refused() -> None:
    with pytest.raises(ConfigError, match="no local node named 'geth'"):
        DevNode("geth")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="Ganache hangs at a gas price of zero"):
        DevNode("ganache", zero_gas_price=True)


@pytest.mark.parametrize("engine", ["anvil", "ganache"])
def test_an_unknown_hardfork_is_wrong_input(engine: Engine) -> None:
    with pytest.raises(InputError, match=f"{engine} knows no rules named 'nonsense'; no node was started."):
        DevNode(engine, hardfork="nonsense").start()


def test_a_program_that_ends_at_once_is_reported_with_what_it_said() -> None:
    with pytest.raises(NodeError, match=r"anvil ended at once with code \d+: .*nonsense"):
        DevNode(mnemonic="nonsense").start()


@pytest.mark.parametrize("hardfork", ["berlin", "london", None])
def test_accounts_without_ether_can_act_where_gas_costs_nothing(hardfork: str | None) -> None:
    with DevNode(hardfork=hardfork, zero_gas_price=True, balance=0, accounts=2) as node:
        sender, other = (account.address for account in node.accounts)
        sent = {"from": sender, "to": other, "value": "0x0", "gasPrice": "0x0"}
        transaction = node.rpc("eth_sendTransaction", sent)
        node.mine()
        assert node.rpc("eth_getTransactionReceipt", transaction)["status"] == "0x1"
        assert balance(node, sender) == 0


def test_berlin_blocks_have_no_base_fee() -> None:
    with DevNode(hardfork="berlin") as node:
        assert "baseFeePerGas" not in node.rpc("eth_getBlockByNumber", "latest", False)


def test_leaving_the_context_ends_the_process_and_removes_its_home() -> None:
    with DevNode() as node:
        pid, home = node.pid, node._home
        assert pid
        assert home
        assert home.is_dir()
    assert not alive(pid)
    assert not home.exists()
    node.stop()


def test_the_node_is_not_told_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOTOKEN_PRIVATE_KEY", "0x01")
    environment = devnode._environment(Path("/nowhere"))
    assert set(environment) == {"PATH", "HOME", "TMPDIR", "LANG"}


CHILD = """
import sys, time
from stotoken.chain.devnode import DevNode
node = DevNode(sys.argv[1]).start()
print(node.pid, node._home, flush=True)
if sys.argv[2] == "exit":
    sys.exit(0)
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("engine", "end"),
    [("anvil", "exit"), ("anvil", "SIGINT"), ("anvil", "SIGTERM"), ("anvil", "SIGKILL"), ("ganache", "SIGKILL")],
)
def test_no_node_outlives_the_process_that_started_it(engine: str, end: str) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, engine, end], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout
    pid, home = child.stdout.readline().decode().split()
    if end != "exit":
        child.send_signal(signal.Signals[end])
    child.communicate(timeout=30)
    assert wait_until_ended(int(pid))
    for _ in range(400):
        if not Path(home).exists():
            break
        time.sleep(0.025)
    assert not Path(home).exists()
