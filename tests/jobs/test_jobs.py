"""Jobs: what is refused before anything is sent, how rows become transactions, and that nothing is done twice."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from plant import DEFAULT, Plant, wallets
from world import DAY, JAPAN

from stotoken import reverts
from stotoken.chain.connection import Connection
from stotoken.client.events import abi_of
from stotoken.client.standing import Standing
from stotoken.errors import InputError, NodeError, OutcomeUnknown
from stotoken.jobs import Job, Journal, JournalBusy, JournalFault, NonceTaken, Row, RowsRefused, Runner, preview
from stotoken.jobs.journal import Signed
from stotoken.jobs.layout import two_lists
from stotoken.jobs.ordered import Issuing, kind_of
from stotoken.types import InvestorClass, partition_id

EVERY = list(range(12))


def test_every_row_arrives_once_and_the_same_table_again_does_nothing(plant: Plant) -> None:
    job = plant.job()
    nonce = plant.world.connection.nonce(plant.agent.address)
    assert plant.run(job) == (12, 0)
    assert plant.arrived(job)
    assert plant.run(job) == (0, 12)
    assert plant.run(plant.job(name="once more")) == (12, 0)
    assert plant.arrived(job, times=2)
    assert plant.world.connection.nonce(plant.agent.address) == nonce + 2


@pytest.mark.usefixtures("small_lots")
def test_rows_are_sent_in_as_few_transactions_as_there_is_gas_for(plant: Plant) -> None:
    job = plant.job()
    told: list[tuple[int, int]] = []
    with plant.journal() as journal:
        outcome = Runner(plant.world.deployment, plant.agent, journal, lambda *done: told.append(done)).run(job)
        lots = journal.lots()
    assert (outcome.done, outcome.units, len(outcome.transactions)) == (12, sum(row.value for row in job.rows), 3)
    assert all(lot.gas_used <= lot.gas <= 260_000 for lot in lots)
    assert [lot.nonce for lot in lots] == list(range(lots[0].nonce, lots[0].nonce + 3))
    assert told[-1] == (12, 12)
    assert plant.arrived(job)


def test_two_full_lots_fill_a_block(plant: Plant) -> None:
    from stotoken.jobs.rehearsal import Rehearser

    rows = [(wallet, 1) for wallet in wallets(2000)]
    job = plant.job(rows)
    kind = kind_of("distribute", plant.world.deployment, plant.world.connection, plant.token.address)
    lots = list(Rehearser(kind, job, plant.agent).lots(range(2000)))
    assert [lot.gas for lot in lots[:-1]] == [15_000_000] * (len(lots) - 1)
    assert {len(lot.places) for lot in lots[:-1]} == {434}
    assert [place for lot in lots for place in lot.places] == list(range(2000))


@pytest.mark.parametrize("kind", ["distribute", "transfer", "register"])
def test_call_data_laid_out_by_hand_is_that_of_the_codec(plant: Plant, kind: str) -> None:
    system = kind == "register"
    target = plant.world.deployment.system if system else plant.token.address
    for count in (1, 2, 12):
        job = Job.of(kind, target, plant.job().rows[:count])
        rows = ([row.wallet for row in job.rows], [row.value for row in job.rows])
        data = kind_of(kind, plant.world.deployment, plant.world.connection, target).data(job, range(count))
        if system:
            assert data == abi_of("CoreSystem").function("register").encode(*rows)
            continue
        number = job.digest[:24] + bytes(4) + (count - 1).to_bytes(4, "big")
        if kind == "transfer":
            assert data == abi_of("SecurityToken").function("batchTransfer").encode(DEFAULT, *rows) + number
        else:
            assert data == abi_of("SecurityToken").function("distribute").encode(DEFAULT, *rows, number)
    assert two_lists(b"\1\2\3\4", []) == bytes.fromhex("01020304") + b"".join(
        word.to_bytes(32, "big") for word in (64, 96, 0, 0)
    )


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_lots")
def test_every_row_that_would_be_refused_is_told_with_its_row_and_reason_and_nothing_is_sent(plant: Plant) -> None:
    mallory = plant.world.people.mallory.address
    late = wallets(1, "late")[0]
    plant.world.register(late, until=plant.world.now + DAY)
    plant.world.travel(2 * DAY)
    pairs = [(holder, 1) for holder in plant.holders]
    pairs[1], pairs[9] = (mallory, 1), (late, 1)
    with pytest.raises(RowsRefused) as caught:
        plant.run(plant.job(pairs))
    assert [(each.line, type(each.reason)) for each in caught.value.refusals] == [
        (3, reverts.WalletUnregistered),
        (11, reverts.InvestorExpired),
    ]
    assert str(caught.value).startswith("2 of 12 rows would be refused; nothing was sent.\n  table.csv, row 3: ")
    assert "12 行のうち 2 行が拒否されます" in caught.value.message("ja")
    assert caught.value.to_dict()["exit_code"] == 10
    assert plant.balances() == [0] * 12


def test_rows_that_would_be_refused_are_left_out_where_that_is_asked_for(plant: Plant) -> None:
    pairs = [(holder, 1) for holder in plant.holders[:5]]
    pairs[2] = (plant.world.people.mallory.address, 1)
    job = plant.job(pairs)
    assert plant.run(job, skip_refused=True) == (4, 0)
    assert plant.balances()[:5] == [1, 1, 0, 1, 1]
    with plant.journal() as journal:
        entry = journal.entry(job.id)
        results = journal.results(entry)
    assert entry.state == "done"
    assert [row["state"] for row in results] == ["done", "done", "refused", "done", "done"]
    assert results[2]["reason"]["signature"] == "WalletUnregistered(address)"
    plant.world.register(plant.world.people.mallory.address)
    assert plant.run(job) == (1, 4)


def test_a_lost_journal_is_made_up_for_by_the_chain_also_where_rows_were_left_out(plant: Plant) -> None:
    pairs = [(holder, 1) for holder in plant.holders[:5]]
    pairs[2] = (plant.world.people.mallory.address, 1)
    job = plant.job(pairs)
    plant.run(job, skip_refused=True)
    for path in plant.folder.glob("*.jobs.*"):
        path.unlink()
    plant.world.register(plant.world.people.mallory.address)
    assert plant.run(job) == (1, 4)
    assert plant.token.balance_of(plant.world.people.mallory.address) == 1
    assert plant.balances()[:5] == [1, 1, 0, 1, 1]


@pytest.mark.usefixtures("small_lots")
@pytest.mark.parametrize("lost", ["the journal", "what was written since"])
@pytest.mark.parametrize("kind", ["transfer", "redeem"])
def test_transfers_and_redemptions_are_found_again_on_chain_where_the_journal_lacks_them(
    plant: Plant, kind: str, lost: str
) -> None:
    world = plant.world
    plant.token = world.new_token(puttable=True)
    world.issue(plant.token, "alice", 100)
    pairs = [(holder, 4) for holder in plant.holders[:9]]
    if kind == "redeem":
        plant.token.by(world.people.alice).authorize_operator(world.people.dave.address)
        pairs = [
            (world.people.alice.address, 4),
            (world.people.alice.address, 4000),
            *[(world.people.alice.address, 5)] * 3,
        ]
    else:
        pairs[1] = (world.people.mallory.address, 4)
    sender, job = world.people.dave if kind == "redeem" else world.people.alice, plant.job(pairs, kind=kind)
    saved = plant.folder / "saved"
    with plant.journal() as journal:
        journal.begin(job, sender.address, world.now)
        saved.write_bytes(journal.path.read_bytes())
    assert plant.run(job, sender, skip_refused=True) == (len(pairs) - 1, 0)
    for path in plant.folder.glob("*.jobs.*"):
        path.unlink()
    if lost != "the journal":
        saved.rename(journal.path)
    moved, nonce = plant.token.balance_of(world.people.alice.address), world.connection.nonce(sender.address)
    with plant.journal() as journal:
        assert preview(job, world.deployment, sender, journal).known == len(pairs) - 1
    assert plant.run(job, sender, skip_refused=True) == (0, len(pairs) - 1)
    assert plant.run(plant.job(pairs[:1], name="once more", kind=kind), sender) == (1, 0)
    assert moved - plant.token.balance_of(world.people.alice.address) == 4
    assert world.connection.nonce(sender.address) == nonce + 1


@pytest.mark.parametrize(
    ("kind", "dropped"),
    [
        ("transfer", "eth_getTransactionByHash"),
        ("transfer", "eth_getTransactionReceipt"),
        ("distribute", "eth_getTransactionReceipt"),
    ],
)
def test_rows_whose_transaction_the_node_dropped_are_not_taken_for_rows_that_are_left(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, kind: str, dropped: str
) -> None:
    """As nodes do with old ones, whose logs they keep."""
    sender = plant.agent if kind == "distribute" else plant.world.people.alice
    plant.world.issue(plant.token, "alice", 100)
    pairs = [(holder, 4) for holder in plant.holders[:3]]
    pairs[1] = (plant.world.people.mallory.address, 4)
    job = plant.job(pairs, kind=kind)
    assert plant.run(job, sender, skip_refused=True) == (2, 0)
    for path in plant.folder.glob("*.jobs.*"):
        path.unlink()
    request, nonce = Connection.request, plant.world.connection.nonce(sender.address)
    batch = Connection.batch

    def one(self: Connection, method: str, params: Any) -> Any:
        return None if method == dropped else request(self, method, params)

    def many(self: Connection, requests: Any) -> Any:
        return [None] * len(requests) if requests and requests[0][0] == dropped else batch(self, requests)

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "request", one)
        patch.setattr(Connection, "batch", many)
        with pytest.raises(NodeError, match="and not the transaction, .*; nothing was sent"):
            plant.run(job, sender, skip_refused=True)
    assert plant.world.connection.nonce(sender.address) == nonce
    assert plant.run(job, sender, skip_refused=True) == (0, 2)
    assert plant.balances()[:3] == [4, 0, 4]


def test_moves_that_are_none_of_the_jobs_are_not_taken_for_its_rows(plant: Plant) -> None:
    """By hand, by another table, and by a holder who gives the number of a redemption of more."""
    world = plant.world
    token = plant.token = world.new_token(puttable=True)
    alice, dave = world.people.alice, world.people.dave
    world.issue(token, "alice", 100)
    job = plant.job([(holder, 4) for holder in plant.holders[:3]], kind="transfer")
    token.by(alice).transfer(plant.holders[0], 4)
    plant.run(plant.job([(plant.holders[1], 4)], kind="transfer", name="another"), alice)
    kind = kind_of("transfer", world.deployment, world.connection, token.address)
    assert kind.known(job, range(3), alice.address) == set()
    redeem = plant.job([(alice.address, 5), (alice.address, 6)], kind="redeem")
    kind = kind_of("redeem", world.deployment, world.connection, token.address)
    token.by(alice).authorize_operator(dave.address)
    numbered = abi_of("SecurityToken").function("operatorRedeemByPartition").decode_arguments(kind.data(redeem, [0]))[3]
    world.send("alice", token.bind.redeem_by_partition(DEFAULT, 5, numbered))
    world.send("dave", token.bind.operator_redeem_by_partition(DEFAULT, alice.address, 1, numbered))
    assert kind.known(redeem, range(2), dave.address) == set()
    assert plant.run(redeem, dave) == (2, 0)


def test_what_all_rows_ask_for_together_is_refused_before_the_first_is_sent(plant: Plant) -> None:
    with pytest.raises(reverts.AllotmentExceeded):
        plant.run(plant.job([(plant.holders[0], 300_000), (plant.holders[1], 300_000)]))
    plant.world.order(plant.token.allot(1_000_000))
    with pytest.raises(reverts.ERC20InsufficientBalance):
        plant.run(plant.job([(plant.holders[0], 300_000), (plant.holders[1], 300_000)]))
    with pytest.raises(reverts.ERC20InsufficientBalance):
        plant.run(plant.job(kind="transfer"), plant.world.people.alice)
    assert plant.balances() == [0] * 12


def test_rows_that_only_together_are_too_many_are_found(plant: Plant) -> None:
    from stotoken.types import LegalCategory

    world = plant.world
    plant.token = world.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=5, whole_only=True)
    world.issue(plant.token, "treasury", 1000)
    world.order(plant.token.allot(1000))
    with pytest.raises(RowsRefused) as caught:
        plant.run(plant.job())
    assert [each.line for each in caught.value.refusals] == list(range(7, 14))
    assert {type(each.reason) for each in caught.value.refusals} == {reverts.HolderCapReached}


def test_who_may_not_do_it_is_told_so_once(plant: Plant) -> None:
    with pytest.raises(reverts.AccessRefused):
        plant.run(plant.job(), plant.world.people.alice)
    plant.world.send("emergency", plant.token.bind.pause())
    with pytest.raises(reverts.TokenPaused):
        plant.run(plant.job())


def test_a_preview_tells_rows_lots_and_gas_and_keeps_nothing(plant: Plant) -> None:
    job = plant.job([*((holder, 2) for holder in plant.holders[:3]), (plant.world.people.mallory.address, 1)])
    found = preview(job, plant.world.deployment, plant.agent, None)
    assert (found.rows, found.known, found.units, found.lots) == (4, 0, 7, 1)
    assert [each.line for each in found.refused] == [5]
    assert plant.balances() == [0] * 12
    assert list(plant.folder.glob("*.jobs.*")) == []


@pytest.mark.usefixtures("small_lots")
def test_all_rows_in_one_transaction_or_none(plant: Plant) -> None:
    with pytest.raises(InputError, match="All rows in one transaction would take about .* nothing was sent."):
        plant.run(plant.job(), atomic=True)
    assert plant.run(plant.job([(holder, 1) for holder in plant.holders[:4]]), atomic=True) == (4, 0)
    with pytest.raises(InputError, match="do not go together"):
        plant.run(plant.job(), atomic=True, skip_refused=True)
    assert plant.balances() == [1, 1, 1, 1] + [0] * 8


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_wallets_are_registered_and_only_those_that_differ_are_done_again(plant: Plant) -> None:
    world, until = plant.world, plant.world.now + 100 * DAY
    new = wallets(3, "new")
    words = [Standing(bytes([n]) * 16, InvestorClass.KYC, JAPAN, until).word for n in (1, 2, 3)]
    rows = tuple(Row(n, wallet, word) for n, (wallet, word) in enumerate(zip(new, words, strict=True), 2))
    job = Job.of("register", world.deployment.system, rows)
    compliance = world.people.compliance
    assert plant.run(job, compliance) == (3, 0)
    assert plant.run(job, compliance) == (0, 3)
    world.send("compliance", world.system.bind.freeze_wallet(new[0]))
    assert plant.run(job, compliance) == (0, 3)
    world.register(new[1], until=until - DAY, investor=bytes([2]) * 16)
    assert plant.run(job, compliance) == (1, 2)
    assert world.system.standing_of(new[1]) == Standing.of(words[1])


def test_units_are_transferred_frozen_and_redeemed_and_wallets_frozen(plant: Plant) -> None:
    world = plant.world
    token = plant.token = world.new_token(puttable=True)
    world.issue(token, "alice", 100)
    alice, operator, compliance = world.people.alice, world.people.dave, world.people.compliance
    holders = plant.holders[:3]
    assert plant.run(plant.job([(holder, 10) for holder in holders], kind="transfer"), alice) == (3, 0)
    assert plant.run(plant.job([(holder, 10) for holder in holders], kind="transfer"), alice) == (0, 3)
    freeze = plant.job([(holder, 4) for holder in holders], kind="freeze")
    assert plant.run(freeze, compliance) == (3, 0)
    assert plant.run(freeze, compliance) == (0, 3)
    assert token.holding_of(holders[0]).frozen == 4
    token.by(alice).authorize_operator(operator.address)
    redeem = plant.job([(alice.address, 5), (alice.address, 6)], kind="redeem")
    assert plant.run(redeem, operator) == (2, 0)
    assert token.balance_of(alice.address) == 59
    wallets_ = Job.of("freeze-wallet", world.deployment.system, tuple(Row(2, each) for each in holders))
    assert plant.run(wallets_, compliance) == (3, 0)
    assert plant.run(wallets_, compliance) == (0, 3)
    with pytest.raises(InputError, match="There is no one transaction for all rows of a job freeze"):
        plant.run(plant.job([(holder, 5) for holder in holders], kind="freeze"), compliance, atomic=True)


def test_rows_of_several_partitions_go_in_lots_of_one_each(plant: Plant) -> None:
    world = plant.world
    plant.token = world.new_token(partitions=("class-a",))
    for partition in ("default", "class-a"):
        world.issue(plant.token, "treasury", 100, partition)
        world.order(plant.token.allot(100, partition))
    parts = [DEFAULT, partition_id("class-a")]
    rows = tuple(Row(n + 2, holder, 1 + n, parts[n % 2]) for n, holder in enumerate(plant.holders[:6]))
    job = Job.of("distribute", plant.token.address, rows)
    with plant.journal() as journal:
        outcome = Runner(world.deployment, plant.agent, journal).run(job)
        assert len(outcome.transactions) == 2
        assert [row["row"] for row in journal.results(outcome.entry)] == [2, 3, 4, 5, 6, 7]
    for row in rows:
        assert plant.token.balance_of(row.wallet, row.partition) == row.value


def test_a_table_is_issued_by_two_people_who_give_the_same_table(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Issuing, "most_rows", 5)
    world, agent, issuer = plant.world, plant.agent, plant.world.people.issuer
    token, before = plant.token, plant.world.orders.count()
    propose, approve, execute = (plant.job(kind=f"issue-{step}") for step in ("propose", "approve", "execute"))
    with pytest.raises(InputError, match="There is no proposed order for rows 2 to 6 of this table"):
        plant.run(approve, issuer)
    assert plant.run(propose, agent) == (12, 0)
    assert world.orders.count() == before + 3
    assert plant.run(propose, agent) == (0, 12)
    with pytest.raises(InputError, match="There is no approved order"):
        plant.run(execute, agent)
    with pytest.raises(reverts.OrderUnauthorized):
        plant.run(approve, agent)
    other = plant.job([(holder, 8) for holder in plant.holders], kind="issue-approve")
    with pytest.raises(InputError, match="There is no proposed order"):
        plant.run(other, issuer)
    assert plant.run(approve, issuer) == (12, 0)
    assert plant.balances() == [0] * 12
    assert plant.run(execute, agent) == (12, 0)
    assert plant.run(execute, agent) == (0, 12)
    assert plant.arrived(execute)
    assert token.total_supply() == 500_000 + sum(row.value for row in execute.rows)


def test_an_issue_that_a_rule_is_in_the_way_of_is_refused_by_its_rows(plant: Plant) -> None:
    pairs = [(plant.holders[0], 1), (plant.world.people.mallory.address, 1)]
    with pytest.raises(RowsRefused) as caught:
        plant.run(plant.job(pairs, kind="issue-propose"))
    assert [(each.line, type(each.reason)) for each in caught.value.refusals] == [(3, reverts.WalletUnregistered)]
    with pytest.raises(reverts.AuthorisedUnitsExceeded):
        plant.run(plant.job([(plant.holders[0], 500_001)], kind="issue-propose"))
    with pytest.raises(InputError, match="Rows of an issue are not left out"):
        plant.run(plant.job(kind="issue-propose"), skip_refused=True)


# --- the journal ------------------------------------------------------------------------------------------------------


def test_two_processes_on_one_journal_exclude_each_other(plant: Plant) -> None:
    with (
        plant.journal(),
        pytest.raises(JournalBusy, match="Another process works with the jobs of .*; nothing was done"),
    ):
        plant.journal()
    assert plant.run(plant.job()) == (12, 0)


def test_a_journal_can_be_looked_at_while_it_is_worked_with(plant: Plant) -> None:
    assert Journal.read(plant.folder, plant.world.deployment) is None
    with plant.journal() as journal:
        Runner(plant.world.deployment, plant.agent, journal).run(plant.job())
        looking = Journal.read(plant.folder, plant.world.deployment)
        assert looking is not None
        assert [entry.state for entry in looking.entries()] == ["done"]
        looking.close()


def test_the_journal_of_another_deployment_is_refused(plant: Plant) -> None:
    from dataclasses import replace

    plant.run(plant.job())
    other = replace(plant.world.deployment, genesis="0x" + "77" * 32)
    with pytest.raises(JournalFault, match="is the journal of another deployment"):
        Journal.open(plant.folder, other)


def test_a_file_that_is_no_journal_is_told_in_one_sentence(plant: Plant) -> None:
    path = plant.folder / f"{plant.world.deployment.chain_id}.jobs.sqlite"
    path.write_bytes(b"nonsense" * 1000)
    with pytest.raises(JournalFault, match="file is not a database"):
        plant.run(plant.job())
    path.unlink()
    path.mkdir()
    with pytest.raises(JournalFault, match="cannot be opened"):
        plant.run(plant.job())
    assert plant.balances() == [0] * 12


def test_nothing_of_a_person_or_a_key_is_in_the_journal(plant: Plant, tmp_path: Path) -> None:
    from stotoken.jobs.reading import read_job

    header = "investor_id,wallet,classes,country,valid_until,name,kana,prefecture"
    row = f"{'a' * 32},{wallets(1, 'taro')[0]},KYC,392,2090-03-31,山田　太郎,ヤマダ　タロウ,東京都"
    table = tmp_path / "investors.csv"
    table.write_text(f"{header}\n{row}\n", "utf-8")
    job = read_job("register", plant.world.deployment.system, table)
    assert plant.run(job, plant.world.people.compliance) == (1, 0)
    held = b"".join(path.read_bytes() for path in plant.folder.glob("*.jobs.*"))
    for secret in ("山田", "ヤマダ", "東京都"):
        assert secret.encode() not in held
    for account in plant.world.node.accounts:
        assert account.key not in held


# --- somebody else with the same key ----------------------------------------------------------------------------------


def test_a_transaction_of_the_same_key_that_is_none_of_the_journals_is_waited_for(plant: Plant) -> None:
    node = plant.world.connection
    node.request("evm_setAutomine", [False])
    fields = {"chainId": node.chain_id, "nonce": node.nonce(plant.agent.address), "gas": 21_000, "value": 0}
    fields |= {"to": plant.agent.address, "gasPrice": 10**10, "data": b""}
    node.send_raw(plant.agent.signer.sign_transaction(fields).raw)
    with pytest.raises(OutcomeUnknown, match=r"still waits to be mined \(transactions: 1\); nothing was sent."):
        plant.run(plant.job())
    node.request("evm_mine")
    node.request("evm_setAutomine", [True])
    assert plant.run(plant.job()) == (12, 0)


def test_a_nonce_that_another_transaction_took_is_told_and_never_guessed_about(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stotoken.jobs import flight

    monkeypatch.setattr(flight, "_FIRST_DOUBT", 0.05)
    node, job = plant.world.connection, plant.job()
    fields = {"chainId": node.chain_id, "nonce": node.nonce(plant.agent.address), "gas": 21_000, "value": 0}
    other = plant.agent.signer.sign_transaction(fields | {"to": plant.agent.address, "gasPrice": 10**10, "data": b""})
    before = flight.Flight._hand_over

    def overtaken(self: flight.Flight, lot: Signed) -> None:
        node.send_raw(other.raw)
        while node.nonce(plant.agent.address, pending=False) == lot.nonce:
            time.sleep(0.01)
        before(self, lot)

    monkeypatch.setattr(flight.Flight, "_hand_over", overtaken)
    with pytest.raises(NonceTaken, match="took nonce .* somebody else sends with the same key"):
        plant.run(job)
    monkeypatch.setattr(flight.Flight, "_hand_over", before)
    with pytest.raises(NonceTaken):
        plant.run(job)
    assert plant.balances() == [0] * 12
    with plant.journal() as journal:
        runner = Runner(plant.world.deployment, plant.agent, journal)
        with pytest.raises(OutcomeUnknown, match=r"not final that nonce .* stand 0 of 256 .* Nothing was given up"):
            runner.overtaken(journal.entry(job.id))
        node.request("anvil_mine", [hex(256)])
        assert runner.overtaken(journal.entry(job.id)) == 1
        assert runner.resume(journal.entry(job.id)).done == 12
    assert plant.arrived(job)
