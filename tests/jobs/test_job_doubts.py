"""What people do to jobs that were cut off, changed hands, or come back in another table."""

from __future__ import annotations

import time
from typing import Any

import pytest
from plant import DEFAULT, Plant, held_back

from stotoken import reverts
from stotoken.chain.connection import Connection
from stotoken.chain.devnode import DevNode
from stotoken.errors import InputError, OutcomeUnknown
from stotoken.jobs import Job, Row, RowsRefused, Runner, flight, preview
from stotoken.jobs.kinds import Transfer
from stotoken.jobs.ordered import Issuing
from stotoken.jobs.schedule import due, work
from stotoken.types import partition_id


def test_what_waits_with_one_key_is_not_given_up_or_signed_anew_with_another(plant: Plant) -> None:
    world, job = plant.world, plant.job(kind="transfer")
    treasury, other = world.people.treasury, world.people.alice
    world.connection.request("anvil_setNonce", [other.address, "0x1000"])
    with held_back(plant, job, treasury), plant.journal() as journal:
        runner, entry = Runner(world.deployment, other, journal), journal.entry(job.id)
        assert runner.overtaken(entry) == 0
        assert runner.raise_fees(entry) == 0
        [lot] = journal.lots(entry=entry)
        assert (lot.state, len(lot.hashes)) == ("open", 1)
    assert plant.run(job, treasury) == (0, 12)
    assert plant.arrived(job)


def test_a_freeze_that_the_chain_had_already_is_over_and_not_repeated_after_it_was_lifted(plant: Plant) -> None:
    world, compliance = plant.world, plant.world.people.compliance
    world.send("compliance", world.system.bind.freeze_wallet(plant.holders[0]))
    job = Job.of("freeze-wallet", world.deployment.system, tuple(Row(2 + n, plant.holders[n]) for n in range(2)))
    with plant.journal() as journal:
        runner = Runner(world.deployment, compliance, journal)
        runner.add(job, world.now - 10)
        assert [each.outcome and each.outcome.done for each in work(runner, world.now)] == [1]
        assert [row["state"] for row in journal.results(journal.entry(job.id))] == ["known", "done"]
        assert journal.entry(job.id).state == "done"
        assert due(journal, compliance.address, world.now + 1) == []
        assert (runner.run(job).done, [row["state"] for row in journal.results(journal.entry(job.id))]) == (
            0,
            ["known", "done"],
        )


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize("stop", ["wallet", "token"])
def test_rows_that_failed_with_others_are_told_as_not_done(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    world, job, stopped = plant.world, plant.job(), [False]
    send = flight.Flight._hand_over

    def meanwhile(self: flight.Flight, lot: Any) -> None:
        send(self, lot)
        if stopped[0]:
            return
        stopped[0] = True
        while self.connection.nonce(plant.agent.address, pending=False) == lot.nonce:
            time.sleep(0.01)
        if stop == "wallet":
            world.send("compliance", world.system.bind.freeze_wallet(plant.holders[5]))
        else:
            world.send("emergency", plant.token.bind.pause())

    monkeypatch.setattr(flight.Flight, "_hand_over", meanwhile)
    with plant.journal() as journal:
        outcome = Runner(world.deployment, plant.agent, journal).run(job)
    reason, refused, left = (reverts.WalletFrozen, 1, 3) if stop == "wallet" else (reverts.TokenPaused, 8, 0)
    assert {type(each.reason) for each in outcome.refused} == {reason}
    assert (len(outcome.refused), outcome.left, outcome.done) == (refused, left, 12 - refused - left)
    fault = RowsRefused("table.csv", 12, outcome.refused, sent=True, left=outcome.left)
    if stop == "wallet":
        assert "1 of 12 rows were refused; 3 more in the same transactions were not done; the others were done." in str(
            fault
        )
        assert "同じ取引の 3 行は未実行です" in fault.message("ja")


def test_all_or_none_is_never_two_transactions(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Transfer, "row_gas", 1_000)
    job = plant.job(kind="transfer")
    with pytest.raises(InputError, match="not gas enough for all rows in one transaction; nothing was sent"):
        plant.run(job, plant.world.people.treasury, atomic=True)
    assert plant.balances() == [0] * 12
    assert plant.run(job, plant.world.people.treasury) == (12, 0)
    assert plant.arrived(job)


def test_an_issue_of_two_partitions_is_known_again_without_its_journal(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Issuing, "most_rows", 4)
    plant.token = plant.world.new_token(partitions=("class-a",))
    parts = [DEFAULT, partition_id("class-a")]
    rows = tuple(Row(n + 2, holder, 1 + n, parts[n % 2]) for n, holder in enumerate(plant.holders))
    job = Job.of("issue-propose", plant.token.address, rows)
    assert plant.run(job) == (12, 0)
    for path in plant.folder.glob("*.jobs.*"):
        path.unlink()
    count = plant.world.orders.count()
    assert plant.run(job) == (0, 12)
    assert plant.world.orders.count() == count


def test_a_step_of_an_issue_can_be_offered_a_higher_fee(plant: Plant) -> None:
    issuer = plant.world.people.issuer
    plant.run(plant.job(kind="issue-propose"))
    job = plant.job(kind="issue-approve")
    with held_back(plant, job, issuer), plant.journal() as journal:
        assert Runner(plant.world.deployment, issuer, journal).raise_fees(journal.entry(job.id)) == 1
    assert plant.run(job, issuer) == (0, 12)


def test_a_higher_fee_reaches_a_node_that_has_the_lower_one(plant: Plant) -> None:
    job, treasury, node = plant.job(kind="transfer"), plant.world.people.treasury, plant.world.connection
    with held_back(plant, job, treasury):
        with plant.journal() as journal:
            assert Runner(plant.world.deployment, treasury, journal).raise_fees(journal.entry(job.id)) == 1
        with pytest.raises(OutcomeUnknown):
            plant.run(job, treasury)
        with plant.journal() as journal:
            [lot] = journal.lots()
        assert node.request("eth_getTransactionByHash", [lot.hashes[1]]) is not None
    assert plant.run(job, treasury) == (0, 12)
    with plant.journal() as journal:
        assert journal.lots()[0].tx_hash == lot.hashes[1]


def test_a_job_of_one_key_is_not_told_as_added_to_another(plant: Plant) -> None:
    job, at = plant.job(kind="transfer"), plant.world.now + 1000
    with plant.journal() as journal:
        first = Runner(plant.world.deployment, plant.world.people.treasury, journal).add(job, at)
        assert Runner(plant.world.deployment, plant.world.people.treasury, journal).add(job, at) == first
        with pytest.raises(InputError, match="name this one otherwise"):
            Runner(plant.world.deployment, plant.world.people.alice, journal).add(job, at)


@pytest.mark.parametrize("kind", ["distribute", "transfer"])
def test_rows_that_another_table_did_are_not_done_again_unless_that_is_said(plant: Plant, kind: str) -> None:
    sender = plant.agent if kind == "distribute" else plant.world.people.treasury
    pairs = [(holder, 1 + place) for place, holder in enumerate(plant.holders)]
    plant.run(plant.job(pairs[:10], kind=kind), sender)
    for table in (pairs[9::-1], pairs, pairs[:9], [(plant.holders[0], 50), *pairs[1:10]]):
        with pytest.raises(InputError, match=r"rows of table.csv, the first in row \d+, were done by job .*--batch"):
            plant.run(plant.job(table, kind=kind), sender)
        with pytest.raises(InputError, match="--batch"), plant.journal() as journal:
            preview(plant.job(table, kind=kind), plant.world.deployment, sender, journal)
    assert plant.balances() == [*range(1, 11), 0, 0]
    assert plant.run(plant.job(pairs[10:], kind=kind), sender) == (2, 0)
    assert plant.run(plant.job(pairs, name="second", kind=kind), sender) == (12, 0)
    assert plant.balances() == [2 * units for _, units in pairs]


def test_what_one_look_or_one_node_does_not_see_is_not_given_up(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job's own transaction was mined, and the node tells of it late; then another node alone knows it."""
    world, job, node = plant.world, plant.job(), plant.world.connection
    with held_back(plant, job, plant.agent):
        pass
    monkeypatch.setattr(plant.agent, "connection", Connection.open(world.node.url))
    batch, blind = Connection.batch, [True]

    def seeing(self: Connection, requests: Any) -> Any:
        hidden = self is plant.agent.connection and blind[0] and requests[0][0] == "eth_getTransactionReceipt"
        return [None] * len(requests) if hidden else batch(self, requests)

    monkeypatch.setattr(Connection, "batch", seeing)
    with plant.journal() as journal:
        runner, entry = Runner(world.deployment, plant.agent, journal), journal.entry(job.id)
        with pytest.raises(OutcomeUnknown, match="Nothing was given up"):
            runner.overtaken(entry)
        node.request("anvil_mine", [hex(300)])
        assert runner.overtaken(entry, [node]) == 0
        blind[0] = False
        assert runner.overtaken(entry) == 0
        with DevNode(chain_id=world.deployment.chain_id) as foreign, Connection.open(foreign.url) as strange:
            blind[0] = True
            with pytest.raises(OutcomeUnknown, match="does not have block .*, at which it was used up"):
                runner.overtaken(entry, [strange])
        blind[0] = False
        assert runner.resume(entry).known == 12
    assert plant.arrived(job)


def test_a_nonce_whose_block_went_back_is_looked_at_from_the_beginning(plant: Plant) -> None:
    world, job, node = plant.world, plant.job(), plant.world.connection
    mark = world.node.snapshot()
    with held_back(plant, job, plant.agent):
        node.request("anvil_dropAllTransactions")
        fields = {"chainId": node.chain_id, "nonce": node.nonce(plant.agent.address), "gas": 21_000, "value": 0}
        fields |= {"to": plant.agent.address, "gasPrice": 10**10, "data": b""}
        other = plant.agent.signer.sign_transaction(fields).raw
        node.send_raw(other)
    with plant.journal() as journal:
        runner, entry = Runner(world.deployment, plant.agent, journal), journal.entry(job.id)
        with pytest.raises(OutcomeUnknown, match="stand 0 of 256"):
            runner.overtaken(entry)
        world.node.revert(mark)
        world.travel(60)
        node.wait(node.send_raw(other))
        with pytest.raises(OutcomeUnknown, match="stand 0 of 256"):
            runner.overtaken(entry)
        node.request("anvil_mine", [hex(256)])
        assert runner.overtaken(entry) == 1
        assert runner.resume(entry).done == 12
    assert plant.arrived(job)
