"""A job that is cut off: at every step, by every kind of fault, and what it comes to when it is given again."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from plant import Plant, own_plant

from stotoken import reverts
from stotoken.chain.connection import Connection
from stotoken.errors import NodeError, OutcomeUnknown
from stotoken.jobs import RowsRefused, Runner, flight
from stotoken.jobs.store import Store


class Killed(BaseException):
    """The process is gone: nothing that it would have done afterwards happens."""


class Reaper:
    """Kills at one step, counted over questions to the node and changes of the journal: before it, or right after."""

    def __init__(self, step: int, *, after: bool) -> None:
        self._left, self._after, self.dead = step, after, False

    def before(self) -> None:
        if self.dead or (self._left == 0 and not self._after):
            self._die()

    def after(self) -> None:
        if self._left == 0:
            self._die()
        self._left -= 1

    def _die(self) -> None:
        self.dead = True
        raise Killed


def watched(reaper: Reaper, patch: pytest.MonkeyPatch) -> None:
    exchange, writing = Connection._exchange, Store._writing

    def asking(self: Connection, ask: Any) -> Any:
        reaper.before()
        answer = exchange(self, ask)
        reaper.after()
        return answer

    @contextmanager
    def keeping(self: Store) -> Iterator[Any]:
        reaper.before()
        with writing(self) as write:
            yield write
        reaper.after()

    patch.setattr(Connection, "_exchange", asking)
    patch.setattr(Store, "_writing", keeping)


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize("kind", ["distribute", "transfer"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_job_killed_at_any_step_and_given_again_does_every_row_once(
    plant: Plant, kind: str, after: bool, tmp_path: Path
) -> None:
    sender = plant.agent if kind == "distribute" else plant.world.people.treasury
    job, step, died = plant.job(kind=kind), 0, True
    while died:
        mark = plant.world.node.snapshot()
        plant.folder = tmp_path / f"{step}"
        reaper = Reaper(step, after=after)
        with pytest.MonkeyPatch.context() as patch:
            watched(reaper, patch)
            with suppress(Killed):
                plant.run(job, sender)
        done, known = plant.run(job, sender)
        assert done + known == 12, f"killed at step {step}"
        assert plant.arrived(job), f"killed at step {step}"
        assert plant.run(job, sender) == (0, 12)
        plant.world.node.revert(mark)
        died, step = reaper.dead, step + 1
    assert step > 15


@pytest.mark.usefixtures("small_lots")
def test_transactions_that_the_chain_forgot_under_a_running_job_are_sent_again(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "_FIRST_DOUBT", 0.05)
    node, job = plant.world.node, plant.job()
    marks = [node.snapshot()]

    def landed(done: int, rows: int) -> None:
        if done == rows and marks:
            node.revert(marks.pop())

    with plant.journal() as journal:
        outcome = Runner(plant.world.deployment, plant.agent, journal, landed).run(job)
    assert marks == []
    assert (outcome.done, plant.arrived(job)) == (12, True)


@pytest.mark.usefixtures("small_lots")
def test_a_chain_that_went_back_after_the_job_is_brought_forward_again(plant: Plant) -> None:
    job, mark = plant.job(), plant.world.node.snapshot()
    plant.run(job)
    plant.world.node.revert(mark)
    assert plant.balances() == [0] * 12
    plant.run(job)
    assert plant.arrived(job)


@pytest.mark.usefixtures("small_lots")
def test_a_pool_that_was_forgotten_gets_the_same_transactions_again(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flight, "_FIRST_DOUBT", 0.05)
    monkeypatch.setattr(flight, "_AT_ONCE", 0.01)
    node, job = plant.world.connection, plant.job()
    node.request("evm_setAutomine", [False])
    dropped: list[int] = []
    look = flight.Flight._look

    def forgetful(self: flight.Flight, flying: dict[int, Any]) -> bool:
        if not dropped and int(node.request("txpool_status")["pending"], 16) == 3:
            node.request("anvil_dropAllTransactions")
            dropped.append(1)
        elif dropped and int(node.request("txpool_status")["pending"], 16) == 3:
            node.request("evm_mine")
        return look(self, flying)

    monkeypatch.setattr(flight.Flight, "_look", forgetful)
    assert plant.run(job) == (12, 0)
    assert dropped == [1]
    node.request("evm_setAutomine", [True])
    assert plant.arrived(job)


def test_silence_of_the_chain_ends_with_what_is_still_unknown_and_the_next_run_finds_it(plant: Plant) -> None:
    node, job = plant.world.connection, plant.job()
    node.request("evm_setAutomine", [False])
    plant.agent.timeout, before = 1.0, plant.agent.timeout
    try:
        with pytest.raises(OutcomeUnknown, match="1 transactions were sent, but no receipt came within 1 seconds"):
            plant.run(job)
    finally:
        plant.agent.timeout = before
    node.request("evm_mine")
    node.request("evm_setAutomine", [True])
    assert plant.run(job) == (0, 12)
    assert plant.arrived(job)


def test_a_fee_that_is_too_low_is_raised_for_the_same_nonce_and_both_hashes_are_kept(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, job = plant.world.connection, plant.job()
    low = {"type": 2, "maxPriorityFeePerGas": 0, "maxFeePerGas": 1}
    with monkeypatch.context() as patch:
        patch.setattr(flight.Flight, "_fees", lambda self: low)
        with pytest.raises(NodeError, match="is in the journal and not with the node"):
            plant.run(job)
    with pytest.raises(NodeError):
        plant.run(job)
    nonce = node.nonce(plant.agent.address)
    with plant.journal() as journal:
        runner = Runner(plant.world.deployment, plant.agent, journal)
        entry = journal.entry(job.id)
        assert runner.raise_fees(entry) == 1
        assert runner.resume(entry).known == 12
        [lot] = journal.lots(entry=entry)
    assert (lot.nonce, len(lot.hashes), lot.tx_hash) == (nonce, 2, lot.hashes[-1])
    assert plant.arrived(job)


@pytest.mark.usefixtures("small_lots")
def test_a_lot_that_is_mined_and_fails_is_told_by_its_rows_and_the_others_are_done(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, job = plant.world, plant.job()
    send = flight.Flight._hand_over

    def frozen_meanwhile(self: flight.Flight, lot: Any) -> None:
        if self.connection.nonce(plant.agent.address) == lot.nonce and not plant.balances()[0]:
            world.send("compliance", world.system.bind.freeze_wallet(plant.holders[5]))
        send(self, lot)

    with monkeypatch.context() as patch, plant.journal() as journal:
        patch.setattr(flight.Flight, "_hand_over", frozen_meanwhile)
        outcome = Runner(world.deployment, plant.agent, journal).run(job)
        assert [(each.line, type(each.reason)) for each in outcome.refused] == [(7, reverts.WalletFrozen)]
        assert (outcome.done, journal.entry(job.id).state) == (8, "open")
    with pytest.raises(RowsRefused):
        plant.run(job)
    assert plant.run(job, skip_refused=True) == (3, 8)
    assert plant.balances()[5] == 0


def test_a_full_disk_is_one_sentence_and_nothing_is_sent_that_is_not_in_the_journal(tmp_path: Path) -> None:
    with own_plant(tmp_path, 400) as plant:
        table = plant.table(plant.job())
        key = next(a for a in plant.world.node.accounts if a.address == plant.agent.address)
        words = ["token", "distribute", plant.token.address, str(table), "--deployments", str(tmp_path)]
        words += ["--node", plant.world.node.url, "--signer", "env:KEY"]

        def run(limit: int | None) -> subprocess.CompletedProcess[str]:
            def shrink() -> None:
                if limit is not None:
                    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            program = [sys.executable, "-c", "from stotoken.cli import main; main()", *words]
            env = {"KEY": key.key.hex(), "PYTHONDONTWRITEBYTECODE": "1"}
            return subprocess.run(program, env=env, capture_output=True, text=True, preexec_fn=shrink)

        nonce = plant.world.connection.nonce(plant.agent.address)
        for limit in (1_000, 20_000, 60_000):
            done = run(limit)
            assert done.returncode == 3, done.stderr
            assert "The journal" in done.stderr
            assert "Traceback" not in done.stderr
            assert plant.world.connection.nonce(plant.agent.address) == nonce
        assert run(None).returncode == 0
        assert plant.arrived(plant.job())
