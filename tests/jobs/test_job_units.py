"""What a split does to jobs: rows are done in the units in which they were given, or not at all."""

from __future__ import annotations

import time
from typing import Any

import pytest
from plant import Plant, held_back
from world import DAY

from stotoken.chain.abi import Call
from stotoken.chain.sender import Sender
from stotoken.client.act import Act
from stotoken.errors import ChainReorganised, NodeError
from stotoken.jobs import Entry, Job, Row, Runner, UnitsChanged, flight, preview
from stotoken.jobs.ordered import kind_of
from stotoken.jobs.schedule import work
from stotoken.jobs.units import MARGIN, Units
from stotoken.types import Address


def two_each(plant: Plant, kind: str = "transfer", name: str = "") -> Job:
    return plant.job([(holder, 2) for holder in plant.holders], name, kind)


def states(plant: Plant, entry: Entry) -> list[str]:
    with plant.journal() as journal:
        return [lot.state for lot in journal.lots(entry=entry)]


def stopped(plant: Plant, job: Job, sender: Sender, left: int, late: int = 0) -> UnitsChanged:
    with pytest.raises(UnitsChanged) as caught:
        plant.run(job, sender)
    assert (caught.value.left, caught.value.late, caught.value.exit_code) == (left, late, 13)
    assert (caught.value.split.ratio, caught.value.to_dict()["ratio"]) == (5, 5)
    return caught.value


@pytest.mark.usefixtures("small_lots")
def test_rows_that_are_left_are_not_done_in_units_of_after_a_split(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, sign = plant.job([(holder, 2) for holder in plant.holders], kind="transfer"), flight.Flight.sign
    treasury = plant.world.people.treasury
    monkeypatch.setattr("stotoken.jobs.running._AHEAD", 1)

    def once(self: flight.Flight, *lot: Any) -> Any:
        if plant.balances()[0]:
            raise KeyboardInterrupt
        return sign(self, *lot)

    with monkeypatch.context() as patch:
        patch.setattr(flight.Flight, "sign", once)
        with pytest.raises(KeyboardInterrupt):
            plant.run(job, treasury)
    plant.world.order(plant.token.split(5))
    before = plant.balances()
    assert sorted(set(before)) == [0, 10]
    with pytest.raises(UnitsChanged, match="split 1:5 at .* count units of before. 8 were not sent: give them once it"):
        plant.run(job, treasury)
    assert plant.balances() == before


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize("ahead", [64, 1])
def test_what_is_signed_and_not_yet_sent_when_a_split_begins_is_taken_back_and_no_more_is_signed(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    send, nonce = flight.Flight._hand_over, world.connection.nonce(treasury.address)

    def split_after_the_first(self: flight.Flight, lot: Any) -> None:
        send(self, lot)
        if lot.nonce == nonce:
            world.connection.wait(lot.hashes[0])
            world.order(plant.token.split(5))

    monkeypatch.setattr(flight.Flight, "_hand_over", split_after_the_first)
    monkeypatch.setattr("stotoken.jobs.running._AHEAD", ahead)
    with plant.journal() as journal:
        runner = Runner(world.deployment, treasury, journal)
        runner._flight._room = 300_000  # as if a block held one lot
        with pytest.raises(UnitsChanged, match="8 were not sent") as caught:
            runner.run(job)
        entry = journal.entry(job.id)
        assert (caught.value.late, entry.state, entry.said) == (0, "stopped", str(caught.value))
        assert [row["state"] for row in journal.results(entry)] == ["done"] * 4 + ["waiting"] * 8
    signed = 3 if ahead > 1 else 1
    assert states(plant, entry) == ["done", "void", "void"][:signed]
    assert world.connection.nonce(treasury.address) == nonce + signed
    assert plant.balances() == [10] * 4 + [0] * 8
    rest = plant.job([(row.wallet, 5 * row.value) for row in job.rows[4:]], kind="transfer")
    assert plant.run(rest, treasury) == (8, 0)
    assert plant.balances() == [10] * 12


@pytest.mark.parametrize("kind", ["distribute", "transfer"])
def test_what_was_signed_before_a_split_is_not_sent_after_it_and_stands_in_no_other_jobs_way(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def killed(self: flight.Flight, lot: Any) -> None:
        raise KeyboardInterrupt

    world, job = plant.world, two_each(plant, kind)
    sender = plant.agent if kind == "distribute" else world.people.treasury
    with monkeypatch.context() as patch:
        patch.setattr(flight.Flight, "_hand_over", killed)
        with pytest.raises(KeyboardInterrupt):
            plant.run(job, sender)
    world.order(plant.token.split(5))
    assert plant.run(two_each(plant, kind, "of after"), sender) == (12, 0)
    assert plant.balances() == [2] * 12
    fault = stopped(plant, job, sender, left=12)
    assert f"stotoken job show {job.id} --left CSV" in str(fault)
    assert "12 行は送信していません" in fault.message("ja")
    assert plant.balances() == [2] * 12


@pytest.mark.usefixtures("small_lots")
def test_nonces_that_were_taken_by_nothing_are_so_again_where_the_chain_forgot_them(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(self: flight.Flight, lot: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(flight, "_FIRST_DOUBT", 0.05)
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    treasury.timeout = 10
    with monkeypatch.context() as patch:
        patch.setattr(flight.Flight, "_hand_over", killed)
        with pytest.raises(KeyboardInterrupt):
            plant.run(job, treasury)
    world.order(plant.token.split(5))
    marks = [world.node.snapshot()]

    def landed(done: int, rows: int) -> None:
        if done == rows and marks:
            world.node.revert(marks.pop())

    with plant.journal() as journal:
        outcome = Runner(world.deployment, treasury, journal, landed).run(two_each(plant, name="of after"))
    assert marks == []
    assert outcome.done == 12
    assert plant.balances() == [2] * 12
    stopped(plant, job, treasury, left=12)
    assert set(states(plant, entry_of(plant, job))) == {"void"}


@pytest.mark.usefixtures("small_lots")
def test_nothing_is_handed_over_while_the_node_does_not_tell_the_calendar(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, treasury, refused, split = two_each(plant), plant.world.people.treasury, [0], Units.split
    sign = flight.Flight.sign

    def silent(self: Units, token: Address, factor: int, until: int = 0) -> Any:
        if refused[0]:
            refused[0] -= 1
            raise NodeError("The node refused eth_call: it is making a block.", answered=True)
        return split(self, token, factor, until)

    def signed(self: flight.Flight, *given: Any) -> Any:
        refused[0] = 3
        return sign(self, *given)

    monkeypatch.setattr(Units, "split", silent)
    monkeypatch.setattr(flight.Flight, "sign", signed)
    assert plant.run(job, treasury) == (12, 0)
    assert refused == [0]
    assert plant.balances() == [2] * 12


def test_what_waits_with_the_node_when_a_split_begins_is_taken_back_for_a_higher_fee(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    with held_back(plant, job, treasury):
        begin = max(world.now, int(time.time())) + MARGIN - 60
        proposed(plant, plant.token.split(5, begin))
        with plant.journal() as journal:
            runner = Runner(world.deployment, treasury, journal)
            assert runner.raise_fees(journal.entry(job.id)) == 1
            [lot] = journal.lots(entry=journal.entry(job.id))
        assert lot.empty == lot.hashes[1:]
        world.connection.send_raw(lot.raw)
    stopped(plant, job, treasury, left=12)
    assert states(plant, entry_of(plant, job)) == ["void"]
    assert plant.balances() == [0] * 12


def test_rows_that_were_mined_after_a_split_all_the_same_are_told(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    with held_back(plant, job, treasury), plant.journal() as journal:
        [lot] = journal.lots()
        world.connection.request("anvil_dropAllTransactions")
    world.order(plant.token.split(5))
    world.connection.wait(world.connection.send_raw(lot.raw))
    for _ in range(2):
        fault = stopped(plant, job, treasury, left=0, late=12)
        assert "12 of them were done at its start or after it, and are to be looked at" in str(fault)
        assert "分割以後に 12 行が実行されています" in fault.message("ja")
    assert plant.balances() == [2] * 12


def test_a_job_is_not_added_for_an_instant_at_which_a_split_will_have_begun(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    begin = max(world.now, int(time.time())) + DAY
    world.order(plant.token.split(5, begin))
    with plant.journal() as journal:
        runner = Runner(world.deployment, treasury, journal)
        for at in (begin + DAY, begin, begin - MARGIN):
            with pytest.raises(UnitsChanged, match="12 were not sent: give them once it has begun"):
                runner.add(job, at)
        assert journal.entries() == []
        assert runner.add(job, begin - MARGIN - 1).due_at == begin - MARGIN - 1


def test_a_job_that_waits_when_a_split_is_put_before_it_is_stopped_and_nothing_is_sent(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    with plant.journal() as journal:
        runner = Runner(world.deployment, treasury, journal)
        entry = runner.add(job, world.now + 10)
        world.order(plant.token.split(5))
        nonce = world.connection.nonce(treasury.address)
        [worked] = work(runner, world.now + 10)
        assert isinstance(worked.fault, UnitsChanged)
        assert journal.entry(entry.id).state == "stopped"
        assert list(work(runner, world.now + 20)) == []
        assert world.connection.nonce(treasury.address) == nonce


def test_nothing_is_sent_shortly_before_a_split_and_everything_after_it(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    begin = max(world.now, int(time.time())) + MARGIN - 60
    world.order(plant.token.split(5, begin))
    stopped(plant, job, treasury, left=12)
    with pytest.raises(UnitsChanged):
        preview(job, world.deployment, treasury, None)
    world.node.set_time(begin)
    assert preview(job, world.deployment, treasury, None).units == 24
    assert plant.run(job, treasury) == (12, 0)
    assert plant.balances() == [2] * 12


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize("lost", [False, True])
def test_rows_that_were_done_before_are_not_told_as_left_by_a_split(plant: Plant, lost: bool) -> None:
    """Who is told that they are gives them once more, in units of after."""
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    frozen = plant.holders[3]
    world.send("compliance", world.system.bind.freeze_wallet(frozen))
    assert plant.run(job, treasury, skip_refused=True) == (11, 0)
    world.order(world.system.unfreeze_wallet(frozen))
    for path in plant.folder.glob("*.jobs.*") if lost else ():
        path.unlink()
    begin = max(world.now, int(time.time())) + MARGIN - 60
    world.order(plant.token.split(5, begin))
    with plant.journal() as journal, pytest.raises(UnitsChanged) as caught:
        preview(job, world.deployment, treasury, journal)
    assert caught.value.left == 1
    stopped(plant, job, treasury, left=1)
    assert plant.balances() == [2] * 3 + [0] + [2] * 8


def test_a_record_date_and_what_counts_no_units_are_nothing_to_a_job(plant: Plant) -> None:
    world, soon = plant.world, max(plant.world.now, int(time.time())) + 60
    world.order(plant.token.schedule_record_date(soon))
    assert plant.run(two_each(plant), world.people.treasury) == (12, 0)
    world.node.set_time(soon)
    assert plant.run(two_each(plant), world.people.treasury) == (0, 12)
    job = Job.of("freeze-wallet", world.deployment.system, tuple(Row(2 + n, plant.holders[n]) for n in range(2)))
    with plant.journal() as journal:
        entry = Runner(world.deployment, world.people.compliance, journal).add(job, soon)
        assert entry.factor == 0


def test_a_freeze_that_was_done_before_a_split_is_done(plant: Plant) -> None:
    world, compliance = plant.world, plant.world.people.compliance
    plant.run(two_each(plant), world.people.treasury)
    freeze = plant.job([(holder, 1) for holder in plant.holders], kind="freeze")
    assert plant.run(freeze, compliance) == (12, 0)
    world.order(plant.token.split(5))
    assert plant.run(freeze, compliance) == (0, 12)
    assert plant.token.holding_of(plant.holders[0]).frozen == 5


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize("kind", ["distribute", "transfer"])
def test_a_job_without_its_journal_is_in_units_of_when_its_first_rows_were_done(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    world, job = plant.world, two_each(plant, kind)
    sender = plant.agent if kind == "distribute" else world.people.treasury
    frozen = plant.holders[3]
    world.send("compliance", world.system.bind.freeze_wallet(frozen))
    assert plant.run(job, sender, skip_refused=True) == (11, 0)
    world.order(world.system.unfreeze_wallet(frozen))
    for path in plant.folder.glob("*.jobs.*"):
        path.unlink()
    world.travel(1)
    world.order(plant.token.split(5))
    with pytest.raises(UnitsChanged):
        preview(job, world.deployment, sender, None)
    stopped(plant, job, sender, left=1)
    assert plant.balances() == [10] * 3 + [0] + [10] * 8


def test_a_dry_run_tells_a_split_also_where_rows_of_before_were_mined_after_it(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    with plant.journal() as journal:
        Runner(world.deployment, treasury, journal).add(job, world.now)
    world.order(plant.token.split(5))
    data = kind_of("transfer", world.deployment, world.connection, job.target).data(job, [0, 1, 2])
    treasury.send(Call(job.target, data, "batchTransfer"))
    with plant.journal() as journal, pytest.raises(UnitsChanged) as caught:
        preview(job, world.deployment, treasury, journal)
    assert caught.value.left == 9
    stopped(plant, job, treasury, left=9)
    assert plant.balances() == [2] * 3 + [0] * 9


def test_a_job_in_units_of_a_split_that_the_chain_has_no_more_sends_nothing(plant: Plant) -> None:
    world, job, treasury = plant.world, two_each(plant), plant.world.people.treasury
    mark = world.node.snapshot()
    world.order(plant.token.split(5))
    with plant.journal() as journal:
        Runner(world.deployment, treasury, journal).add(job, world.now)
    world.node.revert(mark)
    with pytest.raises(ChainReorganised, match="has a split of .* no more, in whose units rows of a job are; nothing"):
        plant.run(job, treasury)
    assert plant.balances() == [0] * 12


def test_an_order_of_an_issue_that_was_proposed_before_a_split_is_not_gone_on_with_after_it(plant: Plant) -> None:
    plant.run(two_each(plant, "issue-propose"))
    plant.world.travel(1)
    plant.world.order(plant.token.split(5))
    stopped(plant, two_each(plant, "issue-approve"), plant.world.people.issuer, left=12)


def proposed(plant: Plant, act: Act) -> None:
    """Ordered while no block is made by itself."""
    node = plant.world.connection
    node.request("anvil_dropAllTransactions")
    node.request("evm_setAutomine", [True])
    plant.world.order(act)
    node.request("evm_setAutomine", [False])


def entry_of(plant: Plant, job: Job) -> Entry:
    with plant.journal() as journal:
        return journal.entry(job.id)
