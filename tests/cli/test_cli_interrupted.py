"""Commands that are cut off: what they say of what was sent, and what happens when they are given again."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator

import pytest
from cli_shell import Shell

from stotoken.chain.connection import Connection
from stotoken.client.token import Token
from stotoken.errors import NodeError
from stotoken.types import keccak

LONG = 20.0


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token()
    shell.world.issue(token, "alice", 100)
    shell.world.issue(token, "treasury", 500)
    shell.world.order(token.allot(500))
    return token


@pytest.fixture
def blocks_by_hand(shell: Shell, token: Token) -> Iterator[Connection]:
    """From here on transactions stay pending until a block is made."""
    node = shell.world.connection
    node.request("evm_setAutomine", [False])
    yield node
    node.request("anvil_dropAllTransactions")
    node.request("evm_setAutomine", [True])


def interrupted(shell: Shell, *words: object, by: str) -> tuple[int, str]:
    """Ctrl-C as soon as the command's transaction is with the node; exit code and what it said."""
    node, wallet = shell.world.connection, shell.address(by)
    before, end = node.nonce(wallet), time.monotonic() + LONG
    with shell.started(*words, by=by) as process:
        while node.nonce(wallet) == before and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=LONG)
    assert out == ""
    assert "Traceback" not in said
    return process.returncode, said.strip()


def test_a_distribution_with_a_transaction_still_pending_waits_for_it_and_is_not_made_again(
    shell: Shell, token: Token, blocks_by_hand: Connection
) -> None:
    words = ("token", "distribute", token.address, shell.allotments(("bob", 100), ("carol", 50)))
    code, said = interrupted(shell, *words, by="agent")
    assert code == 130
    assert "the same command goes on where this one stopped" in said

    with shell.started(*words, "--json", by="agent") as again:
        time.sleep(2)
        assert again.poll() is None
        blocks_by_hand.request("evm_mine")
        told = json.loads(again.communicate(timeout=LONG)[0])
    assert (told["wallets"], told["known"]) == (0, 2)
    assert token.balance_of(shell.address("bob")) == 100


def test_of_two_programs_that_distribute_the_same_rows_only_one_succeeds(shell: Shell, token: Token) -> None:
    agent, rows, batch = token.by(shell.world.people.agent), [(shell.address("bob"), 100)], keccak(b"rows")
    nonce = agent.actor.settled_nonce()
    agent.distribute("default", rows, batch, nonce)
    with pytest.raises(NodeError, match="nonce too low"):
        agent.distribute("default", rows, batch, nonce)
    assert token.balance_of(shell.address("bob")) == 100


def test_two_programs_that_run_at_once_pay_every_row_once(
    shell: Shell, token: Token, blocks_by_hand: Connection
) -> None:
    words = ("token", "distribute", token.address, shell.allotments(("bob", 100), ("carol", 50)), "--json")
    with shell.started(*words, by="agent") as first, shell.started(*words, by="agent") as second:
        end = time.monotonic() + LONG
        while None in (first.poll(), second.poll()) and time.monotonic() < end:
            time.sleep(0.5)
            blocks_by_hand.request("evm_mine")
        told = [process.communicate(timeout=LONG) for process in (first, second)]
    assert sum(json.loads(out)["wallets"] for out, _ in told if out) == 2
    assert sorted((first.returncode, second.returncode)) in ([0, 0], [0, 16])
    assert (token.balance_of(shell.address("bob")), token.balance_of(shell.address("carol"))) == (100, 50)


def test_an_interrupted_transfer_names_its_transaction_and_is_not_to_be_repeated(
    shell: Shell, token: Token, blocks_by_hand: Connection
) -> None:
    words = ("token", "transfer", token.address, shell.address("bob"), 5)
    code, said = interrupted(shell, *words, by="alice")
    assert code == 5
    assert said.endswith("was sent. It may still be mined: look it up, do not repeat it.")
    blocks_by_hand.request("evm_mine")
    code, said = interrupted(shell, *words, "--json", by="alice")
    told = json.loads(said)
    assert (code, told["error"], told["exit_code"]) == (5, "OutcomeUnknown", 5)
    blocks_by_hand.request("evm_mine")
    receipt = blocks_by_hand.wait(told["tx_hash"], LONG)
    assert receipt.status == 1


def test_interrupted_before_anything_was_sent_says_so(
    shell: Shell, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Connection, "batch", pressed)
    words = ("token", "transfer", token.address, shell.address("bob"), 5)
    assert shell.refused(130, *words, by="alice") == "Interrupted; nothing was sent."
    assert "何も送信していません" in shell.refused(130, *words, "--lang", "ja", by="alice")
