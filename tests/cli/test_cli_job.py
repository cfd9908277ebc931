"""Jobs by commands: run, added for later, listed, shown, resumed."""

from __future__ import annotations

import csv
import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_shell import Shell
from openpyxl import Workbook

from stotoken.client.token import Token
from stotoken.jobs import Journal


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token()
    shell.world.issue(token, "alice", 100)
    shell.world.issue(token, "treasury", 500)
    shell.world.order(token.allot(500))
    return token


def at(seconds: int) -> str:
    """An instant that many seconds from now."""
    return datetime.fromtimestamp(int(time.time()) + seconds, UTC).isoformat()


def sheet(folder: Path, rows: list[list[object]], name: str = "table.xlsx") -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


def test_a_job_is_tried_run_listed_and_shown(shell: Shell, token: Token, tmp_path: Path) -> None:
    table = shell.allotments(("bob", 100), ("carol", 50))
    words = ("job", "run", "distribute", table, "--token", token.address)
    tried = shell.json(*words, "--dry-run", by="agent")
    assert (tried["rows"], tried["known"], tried["units"], tried["lots"], tried["refused"]) == (2, 0, 150, 1, [])
    assert tried["first"] == f"2: {shell.address('bob')} 100"
    assert shell.json("job", "list")["jobs"] == []

    done = shell.json(*words, by="agent")
    assert (done["job"], done["done"], done["known"], done["units"]) == (tried["job"], 2, 0, 150)
    assert "Did 0 rows; 2 were done before." in shell.text(*words, by="agent")
    [listed] = shell.json("job", "list")["jobs"]
    assert (listed["id"], listed["kind"], listed["state"]) == (done["job"], "distribute", "done")
    out = tmp_path / "results.csv"
    shown = shell.json("job", "show", done["job"][:6], "--rows", "--out", out)
    assert (shown["done"], shown["transactions"]) == (2, done["transactions"])
    assert [(row["row"], row["units"], row["state"]) for row in shown["results"]] == [(2, 100, "done"), (3, 50, "done")]
    with out.open(newline="") as file:
        assert [row["wallet"] for row in csv.DictReader(file)] == [shell.address("bob"), shell.address("carol")]
    assert "ジョブ" in shell.text("job", "show", done["job"], "--lang", "ja")
    assert "There is no job ffffff" in shell.refused(2, "job", "show", "ffffff")


def test_rows_that_are_refused_are_told_in_both_languages_and_left_out_when_asked(shell: Shell, token: Token) -> None:
    table = shell.allotments(("bob", 1), ("mallory", 1), ("carol", 1))
    words = ("job", "run", "distribute", table, "--token", token.address)
    [refused] = shell.json(*words, "--dry-run", by="agent")["refused"]
    assert (refused["row"], refused["clause"]) == (3, "6.1.1.7")
    said = shell.refused(10, *words, by="agent")
    assert f"row 3: {shell.address('mallory')} is not registered to any investor. Clause 6.1.1.7." in said
    told = json.loads(shell.refused(10, *words, "--json", by="agent"))
    assert (told["error"], told["rows"][0]["row"], told["rows"][0]["error"]) == ("RowsRefused", 3, "WalletUnregistered")
    assert "3 行のうち 1 行が拒否されます" in shell.refused(10, *words, "--lang", "ja", by="agent")
    done = shell.json(*words, "--skip-refused", by="agent")
    assert (done["done"], done["refused"]) == (2, 1)
    rows = shell.json("job", "show", done["job"], "--rows")["results"]
    assert [row["state"] for row in rows] == ["done", "refused", "done"]
    assert "is not registered" in rows[1]["reason"]


def test_a_spreadsheet_is_taken_like_csv(shell: Shell, token: Token, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["wallet", "partition", "units", "price"],
        [shell.address("bob"), "default", 100, 1500.5],
    ]
    table = sheet(tmp_path, [*rows, [], [shell.address("carol"), "default", "50", None]])
    done = shell.json("job", "run", "distribute", table, "--token", token.address, by="agent")
    assert (done["done"], done["units"]) == (2, 150)
    same = shell.allotments(("bob", 100), ("carol", 50))
    assert shell.json("token", "distribute", token.address, same, by="agent")["known"] == 2


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (True, "row 2, column C: holds TRUE or FALSE where text is meant."),
        (1.5, "row 2, column units: '1.5' is not a whole number of units"),
        (10**17, "row 2, column C: holds a number of more than 15 digits, which a spreadsheet rounds"),
        (datetime(2026, 4, 1, 9, 30), "row 2, column C: holds a time where a day, a number or text is meant."),
        (None, "row 2, column units: is empty."),
    ],
)
def test_a_cell_that_is_not_what_it_must_be_is_told_by_its_place(
    shell: Shell, token: Token, tmp_path: Path, value: object, said: str
) -> None:
    table = sheet(tmp_path, [["wallet", "partition", "units"], [shell.address("bob"), "default", value]])
    assert said in shell.refused(2, "job", "run", "distribute", table, "--token", token.address, by="agent")


def test_a_file_that_is_no_spreadsheet_or_has_several_sheets_is_refused(
    shell: Shell, token: Token, tmp_path: Path
) -> None:
    words = ("job", "run", "distribute", "--token", token.address)
    bad = shell.file("bad.xlsx", "wallet,partition,units\n")
    assert "is not a spreadsheet that can be read" in shell.refused(2, *words, bad, by="agent")
    assert "cannot be read: No such file" in shell.refused(2, *words, tmp_path / "none.xlsx", by="agent")
    book = Workbook()
    book.create_sheet("second")
    book.save(tmp_path / "two.xlsx")
    said = shell.refused(2, *words, tmp_path / "two.xlsx", by="agent")
    assert "holds more than one sheet (Sheet, second): leave the one that is meant." in said


def test_a_job_of_the_system_has_no_token_and_one_of_a_token_has_one(shell: Shell, token: Token) -> None:
    table = shell.allotments(("bob", 1))
    assert "is of one token: give --token" in shell.refused(2, "job", "run", "distribute", table, by="agent")
    words = ("job", "run", "register", shell.investors("mallory"))
    assert "is of no token: leave out --token" in shell.refused(2, *words, "--token", token.address, by="compliance")
    assert shell.json(*words, by="compliance")["done"] == 1
    assert shell.json(*words, by="compliance")["done"] == 0


def test_wallets_are_frozen_by_a_table_of_wallets(shell: Shell) -> None:
    table = shell.file("wallets.csv", f"wallet\n{shell.address('alice')}\n{shell.address('bob')}\n")
    assert shell.json("job", "run", "freeze-wallet", table, by="compliance")["done"] == 2
    assert shell.json("investor", "show", shell.address("bob"))["frozen"] is True
    twice = shell.file("twice.csv", f"wallet\n{shell.address('alice')}\n{shell.address('alice')}\n")
    said = shell.refused(2, "job", "run", "freeze-wallet", twice, by="compliance")
    assert "row 3, column wallet: is already in row 2." in said


# --- later ------------------------------------------------------------------------------------------------------------


def test_a_job_is_done_once_when_its_time_has_come_and_not_before(shell: Shell, token: Token) -> None:
    table = shell.allotments(("alice", 60))
    words = ("job", "add", "freeze", table, "--token", token.address)
    added = shell.json(*words, "--at", at(2), by="compliance")
    assert added["state"] == "waiting"
    table.write_text("wallet,partition,units\n", "utf-8")
    early = shell.json("job", "work", by="compliance")
    assert (early["jobs"], early["next"]) == ([], added["due_at"])
    time.sleep(2.1)
    assert shell.json("job", "work", by="agent")["jobs"] == []
    [done] = shell.json("job", "work", by="compliance")["jobs"]
    assert (done["id"], done["done"], done["late"], done["fault"]) == (added["id"], 1, 0, None)
    assert token.holding_of(shell.address("alice")).frozen == 60
    assert shell.json("job", "work", by="compliance")["jobs"] == []


def test_a_job_that_is_late_says_so_and_the_same_rows_are_not_added_twice(shell: Shell, token: Token) -> None:
    words = ("job", "add", "distribute", shell.allotments(("bob", 5)), "--token", token.address)
    added = shell.json(*words, "--at", at(-3600), by="agent")
    said = shell.refused(2, *words, "--at", at(60), by="agent")
    assert f"The same rows are job {added['id']} already" in said
    [done] = shell.json("job", "work", by="agent")["jobs"]
    assert 3600 <= done["late"] < 3700
    assert token.balance_of(shell.address("bob")) == 5


def test_a_due_job_that_is_refused_is_stopped_for_a_person_to_resume(shell: Shell, token: Token) -> None:
    table = shell.allotments(("mallory", 5))
    words = ("job", "add", "distribute", table, "--token", token.address, "--at", at(-1))
    added = shell.json(*words, by="agent")
    result = shell.run("job", "work", by="agent")
    assert result.exit_code == 10
    assert "is not registered" in result.stderr
    assert shell.json("job", "work", by="agent")["jobs"] == []
    shown = shell.json("job", "show", added["id"])
    assert (shown["state"], "is not registered" in shown["said"]) == ("stopped", True)
    shell.world.register(shell.address("mallory"))
    assert shell.json("job", "resume", added["id"], by="agent")["done"] == 1
    assert shell.json("job", "show", added["id"])["state"] == "done"


def test_a_second_process_is_told_that_the_journal_is_taken(shell: Shell, token: Token) -> None:
    words = ("job", "run", "distribute", shell.allotments(("bob", 5)), "--token", token.address)
    with Journal.open(shell.deployments, shell.world.deployment):
        assert "Another process works with the jobs of" in shell.refused(16, *words, by="agent")
        assert shell.json("job", "list")["jobs"] == []
    assert shell.json(*words, by="agent")["done"] == 1


def test_a_table_is_issued_by_two_people_each_with_the_same_table(shell: Shell, token: Token) -> None:
    words = ("job", "run", "issue", shell.allotments(("bob", 7), ("carol", 8)), "--token", token.address)
    assert "An issue names its step" in shell.refused(2, *words, by="agent")
    assert "There is no proposed order for rows 2 to 3" in shell.refused(2, *words, "--as", "approve", by="issuer")
    for step, who in (("propose", "agent"), ("approve", "issuer"), ("execute", "agent")):
        assert shell.json(*words, "--as", step, by=who)["done"] == 2
        assert shell.json(*words, "--as", step, by=who)["done"] == 0
    assert (token.balance_of(shell.address("bob")), token.balance_of(shell.address("carol"))) == (7, 8)
    assert shell.json("order", "list", "--status", "executed")["orders"][-1]["act"] == "batchIssue"


def test_a_watch_goes_on_when_somebody_else_had_the_journal_for_a_while(shell: Shell, token: Token) -> None:
    words = ("job", "add", "distribute", shell.allotments(("bob", 5)), "--token", token.address)
    shell.json(*words, "--at", at(-1), by="agent")
    journal = Journal.open(shell.deployments, shell.world.deployment)
    with shell.started("job", "work", "--watch", by="agent") as process:
        assert process.stderr is not None
        try:
            assert "Another process works with the jobs" in process.stderr.readline()
            journal.close()
            assert any("distribute: done" in line for line in process.stderr)
        finally:
            process.send_signal(signal.SIGINT)
    assert token.balance_of(shell.address("bob")) == 5


def test_a_job_that_a_split_overtook_is_stopped_and_what_is_left_is_written_as_another_table(
    shell: Shell, token: Token, tmp_path: Path
) -> None:
    rows = (("bob", 5), ("carol", 6))
    words = ("distribute", shell.allotments(*rows), "--token", token.address)
    added = shell.json("job", "add", *words, "--at", at(-1), by="agent")
    shell.world.order(token.split(5))
    result = shell.run("job", "work", by="agent")
    assert result.exit_code == 13
    assert "The token is split 1:5 at " in result.stderr
    shown = shell.json("job", "show", added["id"], "--left", tmp_path / "left.csv")
    assert (shown["state"], "--left CSV writes them" in shown["said"]) == ("stopped", True)
    told = json.loads(shell.refused(13, "job", "resume", added["id"], "--json", by="agent"))
    assert (told["error"], told["ratio"], told["left"], told["late"]) == ("UnitsChanged", 5, 2, 0)
    asking = shell.refused(2, "job", "resume", added["id"], "--other-node", shell.world.node.url, by="agent")
    assert "with --overtaken alone; nothing was done" in asking
    assert "2 行は送信していません" in shell.refused(13, "job", "run", *words, "--lang", "ja", by="agent")
    with (tmp_path / "left.csv").open(newline="") as file:
        left = [(row["wallet"], row["partition"], int(row["units"])) for row in csv.DictReader(file)]
    assert left == [(shell.address(name), "default", units) for name, units in rows]
    after = shell.allotments(*((name, 5 * units) for name, units in rows))
    done = shell.json("job", "run", "distribute", after, "--token", token.address, by="agent")
    assert (done["done"], token.balance_of(shell.address("bob"))) == (2, 25)
    assert "is left; nothing was written" in shell.refused(
        2, "job", "show", done["job"], "--left", tmp_path / "none.csv"
    )
    registered = shell.json("job", "run", "register", shell.investors("mallory"), by="compliance")["job"]
    said = shell.refused(2, "job", "show", registered, "--left", tmp_path / "none.csv")
    assert "is not in the journal; nothing was written" in said
    assert not (tmp_path / "none.csv").exists()
