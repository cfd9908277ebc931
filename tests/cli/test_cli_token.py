"""One security by commands: every verb of the noun `token`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from cli_shell import DOCUMENT, Shell
from click.testing import CliRunner

from stotoken.cli import cli
from stotoken.client.token import Token
from stotoken.types import Instrument, checksum, format_jst, jst_end_of_day

DAY = 86_400


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token(puttable=True, partitions=["class-a"])
    shell.world.issue(token, "alice", 100)
    shell.world.issue(token, "alice", 30, "class-a")
    return token


def balance(shell: Shell, token: Token, name: str, *more: object) -> int:
    units = shell.json("token", "balance", token.address, shell.address(name), *more)["units"]
    assert isinstance(units, int)
    return units


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_token_is_shown(shell: Shell, token: Token) -> None:
    identifier = token.terms().identifier.decode()
    shown = shell.json("token", "show", identifier)
    assert (shown["token"], shown["units"], shown["closed"]) == (token.address, 130, False)
    assert [row["partition"] for row in shown["partitions"]] == ["default", "class-a"]
    terms = shell.json("token", "terms", token.address)
    assert (terms["instrument"], terms["receive_classes"], terms["identifier"]) == ("SHARE", ["KYC"], identifier)
    assert terms["partitions"] == ["default", "class-a"]
    listed = shell.json("token", "list")["tokens"]
    assert [(row["token"], row["units"]) for row in listed] == [(token.address, 130)]


def test_results_are_aligned_text_in_two_languages(shell: Shell, token: Token) -> None:
    english = shell.text("token", "balance", token.address, shell.address("alice"))
    assert english.splitlines()[0] == f"{shell.address('alice')} holds 130 units."
    assert "  partition  units  free" in english
    japanese = shell.text("token", "balance", token.address, shell.address("alice"), "--lang", "ja")
    assert japanese.splitlines()[0] == f"{shell.address('alice')} の保有は 130 口です。"
    assert "パーティション" in japanese


def test_numbers_that_json_readers_would_round_are_text(shell: Shell) -> None:
    token = shell.world.new_token(authorised_units=2**93)
    shell.world.issue(token, "alice", 2**60)
    shown = shell.json("token", "show", token.address)
    assert (shown["units"], shown["authorised_units"], shown["epoch"]) == (str(2**60), str(2**93), 0)


def test_whether_a_transfer_would_happen_is_told_with_the_reason(shell: Shell, token: Token) -> None:
    words = ("token", "can-transfer", token.address, shell.address("alice"))
    good = shell.json(*words, shell.address("bob"), 5)
    assert (good["can"], good["status"]) == (True, "0x51")
    bad = shell.json(*words, shell.address("mallory"), 5)
    assert (bad["can"], bad["error"], bad["clause"], bad["reason"]) == (False, "WalletUnregistered", "6.1.1.7", "KYC")


def test_documents_are_attached_shown_and_removed(shell: Shell, token: Token) -> None:
    words = ("token", "document", token.address, "outline", "https://example.com/outline.pdf")
    shell.json(*words, "--file", shell.file("outline.pdf", "terms"), by="issuer")
    [document] = shell.json("token", "documents", token.address)["documents"]
    assert (document["name"], document["uri"]) == ("outline", "https://example.com/outline.pdf")
    assert "give --file or --sha256" in shell.refused(2, *words, by="issuer")
    shell.json("token", "remove-document", token.address, "outline", by="issuer")
    assert shell.json("token", "documents", token.address)["documents"] == []
    assert "nothing was removed" in shell.refused(2, "token", "remove-document", token.address, "outline", by="issuer")


# --- issue ------------------------------------------------------------------------------------------------------------


def test_a_table_is_issued_by_one_order(shell: Shell, token: Token) -> None:
    table = shell.allotments(("bob", 7), ("carol", 8))
    shell.order("token", "issue-batch", token.address, table, proposer="agent", approver="issuer")
    assert (balance(shell, token, "bob"), balance(shell, token, "carol")) == (7, 8)
    words = ("token", "issue-batch", token.address, table, "--partition", "class-a", "--document-hash", DOCUMENT)
    said = shell.refused(2, *words, by="agent")
    assert "row 2, column partition: is not class-a, the one partition that is moved here." in said


def test_lots_and_what_was_reversed_are_told(shell: Shell, token: Token) -> None:
    bob = shell.address("bob")
    words = ("token", "lock-lot", token.address, bob, 1, "--until", "2090-03-31")
    assert shell.json("token", "lots", token.address, bob)["lots"] == []
    shell.json("token", "transfer", token.address, bob, 10, by="alice")
    shell.order(*words, proposer="agent", approver="compliance")
    [lot] = shell.json("token", "lots", token.address, bob)["lots"]
    end = jst_end_of_day(date(2090, 3, 31))
    assert lot == {"lot": 0, "units": 1, "epoch": 0, "start": end, "cliff": end, "end": end}

    move = shell.json("token", "transfer", token.address, bob, 10, by="alice")["move"]
    reverse = ("token", "reverse", token.address, move, "--units", 4, "--basis", "erroneous-transfer")
    before = shell.json("token", "reversed", token.address, move)
    shell.order(*reverse, proposer="registrar", approver="compliance")
    after = shell.json("token", "reversed", token.address, move)
    assert [(each["units"], each["left"]) for each in (before, after)] == [(0, 10), (4, 6)]


@pytest.mark.parametrize("verb", ["transfer-batch", "issue-batch"])
def test_no_row_of_a_table_is_left_out_silently(shell: Shell, token: Token, verb: str) -> None:
    document = ("--document-hash", DOCUMENT) if verb == "issue-batch" else ()
    bob, carol = shell.address("bob"), shell.address("carol")
    other = shell.file("other.csv", f"wallet,partition,units\n{bob},default,3\n{carol},class-a,4\n")
    said = shell.refused(2, "token", verb, token.address, other, *document, by="alice")
    assert "other.csv, row 3, column partition: is not default, the one partition that is moved here." in said
    text = f"wallet,partition,units,lockup_until\n{bob},default,3,\n{carol},default,4,2090-03-31\n"
    said = shell.refused(2, "token", verb, token.address, shell.file("locked.csv", text), *document, by="alice")
    assert "locked.csv, row 3, column lockup_until: names a lock-up, which is not set here" in said
    assert (balance(shell, token, "bob"), balance(shell, token, "carol")) == (0, 0)


def test_authorised_units_are_raised_and_issuance_is_closed(shell: Shell, token: Token) -> None:
    shell.order("token", "raise-authorised", token.address, 2_000_000, proposer="registrar", approver="issuer")
    assert shell.json("token", "show", token.address)["authorised_units"] == 2_000_000
    shell.order("token", "finalize", token.address, proposer="issuer", approver="registrar")
    assert shell.json("token", "show", token.address)["closed"] is True


def test_the_policy_is_changed_by_order(shell: Shell, token: Token) -> None:
    words = ("token", "policy", token.address, "--classes", "KYC+QII", "--holder-cap", 0, "--approval")
    shell.order(*words, proposer="issuer", approver="compliance")
    terms = shell.json("token", "terms", token.address)
    assert (terms["receive_classes"], terms["approval_required"]) == (["KYC", "QII"], True)
    assert "is not one of KYC" in shell.refused(
        2, "token", "policy", token.address, "--classes", "KYC+NIX", "--holder-cap", 0, "--approval", by="issuer"
    )


# --- move -------------------------------------------------------------------------------------------------------------


def test_units_move_within_a_partition_and_by_table(shell: Shell, token: Token) -> None:
    words = ("token", "transfer", token.address, shell.address("bob"), 10, "--partition", "class-a", "--data", "0xabcd")
    moved = shell.json(*words, by="alice")
    assert (moved["partition"], moved["kind"]) == ("class-a", "TRANSFER")
    assert moved["move"] == f"{moved['tx_hash']}:{moved['log_index']}"
    table = shell.allotments(("bob", 3), ("carol", 4))
    assert shell.json("token", "transfer-batch", token.address, table, by="alice")["total"] == 7
    assert balance(shell, token, "bob") == 13


def test_an_operator_and_a_spender_act_for_a_holder(shell: Shell, token: Token) -> None:
    alice, bob, carol = map(shell.address, ("alice", "bob", "carol"))
    shell.json("token", "authorize-operator", token.address, bob, by="alice")
    shell.json("token", "transfer", token.address, carol, 5, "--from", alice, by="bob")
    shell.json("token", "redeem", token.address, 1, "--from", alice, by="bob")
    shell.json("token", "revoke-operator", token.address, bob, by="alice")
    assert shell.json("token", "approve", token.address, bob, 20, by="alice")["units"] == 20
    shell.json("token", "transfer", token.address, carol, 5, "--from", alice, "--allowance", by="bob")
    shell.json("token", "redeem", token.address, 1, "--from", alice, "--allowance", by="bob")
    left = shell.json("token", "allowance", token.address, alice, bob)
    assert (left["units"], left["operator"]) == (14, False)
    assert balance(shell, token, "carol") == 10
    assert balance(shell, token, "alice") == 118
    assert "--allowance goes with --from" in shell.refused(
        2, "token", "transfer", token.address, carol, 5, "--allowance", by="bob"
    )


def test_a_signed_permit_is_sent_by_somebody_else(shell: Shell, token: Token) -> None:
    until = format_jst(shell.world.now + DAY)
    signed = shell.json("token", "sign-permit", token.address, shell.address("bob"), 9, "--deadline", until, by="alice")
    path = shell.file("permit.json", json.dumps(signed))
    assert shell.json("token", "permit", token.address, path, by="carol")["units"] == 9
    path = shell.file("permit.json", "{}")
    assert "is not what `sign-permit --json` prints" in shell.refused(
        2, "token", "permit", token.address, path, by="carol"
    )


def test_a_holder_redeems(shell: Shell, token: Token) -> None:
    redeemed = shell.json("token", "redeem", token.address, 40, by="alice")
    assert (redeemed["kind"], redeemed["units"]) == ("REDEEM", 40)
    assert balance(shell, token, "alice") == 90


def test_requested_transfers_are_approved_rejected_and_cancelled(shell: Shell) -> None:
    token = shell.world.new_token(approval_required=True)
    shell.world.issue(token, "alice", 100)
    until = format_jst(shell.world.now + DAY)
    words = ("token", "request", token.address, shell.address("bob"), 5, "--deadline", until)
    first, second, third = (shell.json(*words, by="alice")["id"] for _ in range(3))
    assert shell.json("token", "request-show", token.address, first)["units"] == 5
    assert shell.json("token", "approve-request", token.address, first, by="issuer")["approved"] is True
    assert shell.json("token", "reject-request", token.address, second, by="registrar")["approved"] is False
    shell.json("token", "cancel-request", token.address, third, by="alice")
    assert shell.json("token", "request-show", token.address, third)["open"] is False
    assert balance(shell, token, "bob") == 5


# --- restrict ---------------------------------------------------------------------------------------------------------


def test_units_are_frozen_at_once_and_unfrozen_by_order(shell: Shell, token: Token) -> None:
    alice = shell.address("alice")
    shell.json("token", "freeze", token.address, alice, 60, by="compliance")
    assert "has only 40 free units" in shell.refused(
        10, "token", "transfer", token.address, shell.address("bob"), 50, by="alice"
    )
    shell.order("token", "unfreeze", token.address, alice, 0, proposer="registrar", approver="compliance")
    shell.json("token", "transfer", token.address, shell.address("bob"), 50, by="alice")


def test_the_last_day_of_the_year_9999_is_a_day_like_others(shell: Shell) -> None:
    maturity = jst_end_of_day(date(9999, 12, 31))
    bond = shell.world.new_token(instrument=Instrument.BOND, maturity=maturity)
    shell.world.issue(bond, "alice", 100)
    said = shell.refused(10, "token", "redeem", bond.address, 1, by="alice")
    assert "10000-01-01T00:00:00+09:00" in said
    words = ("token", "lock-lot", bond.address, shell.address("bob"), 1, "--until", "9999-12-31")
    proposed = shell.json(*words, "--document-hash", DOCUMENT, by="agent")
    assert "until 10000-01-01T00:00:00+09:00" in proposed["act"]


def test_a_lot_becomes_free_by_and_by(shell: Shell, token: Token) -> None:
    world, bob = shell.world, shell.address("bob")
    shell.json("token", "transfer", token.address, bob, 10, by="alice")
    start, end = world.now - 30 * DAY, world.now + 70 * DAY
    words = ("token", "lock-lot", token.address, bob, 10, "--until", format_jst(end), "--start", format_jst(start))
    shell.order(*words, "--cliff", format_jst(start + 50 * DAY), proposer="agent", approver="compliance")
    [lot] = shell.json("token", "lots", token.address, bob)["lots"]
    assert lot == {"lot": 0, "units": 10, "epoch": 0, "start": start, "cliff": start + 50 * DAY, "end": end}
    free = []
    for time in (start + 50 * DAY - 1, start + 50 * DAY, end - 1, end):
        world.node.set_time(time)
        [held] = shell.json("token", "balance", token.address, bob, "--partition", "default")["holdings"]
        free.append((held["free"], held["locked_lots"]))
    assert free == [(0, 10), (5, 5), (9, 1), (10, 0)]
    cliff = ("--cliff", "2090-01-01", "--document-hash", DOCUMENT)
    said = shell.refused(2, *words[:5], "--until", "2090-03-31", *cliff, by="agent")
    assert "goes with a start" in said


def test_lockups_of_token_holding_and_lot(shell: Shell, token: Token) -> None:
    until = format_jst(shell.world.now + DAY)
    move = ("token", "transfer", token.address, shell.address("bob"), 1)
    shell.order("token", "lock", token.address, "--until", until, proposer="issuer", approver="compliance")
    assert "is locked up until" in shell.refused(10, *move, by="alice")
    shell.order("token", "lock", token.address, proposer="issuer", approver="compliance")
    shell.json(*move, by="alice")
    whose = ("--partition", "default", "--holder", shell.address("alice"), "--until", until)
    shell.order("token", "lock", token.address, *whose, proposer="issuer", approver="compliance")
    assert "is locked up until" in shell.refused(10, *move, by="alice")
    words = ("token", "lock-lot", token.address, shell.address("bob"), 1, "--until", until)
    shell.order(*words, proposer="agent", approver="compliance")
    holdings = shell.json("token", "balance", token.address, shell.address("bob"), "--partition", "default")["holdings"]
    assert holdings[0]["locked_lots"] == 1
    words = ("token", "release-lot", token.address, shell.address("bob"), 0)
    shell.order(*words, proposer="agent", approver="compliance")
    holdings = shell.json("token", "balance", token.address, shell.address("bob"), "--partition", "default")["holdings"]
    assert holdings[0]["locked_lots"] == 0
    words = ("token", "lock", token.address, "--holder", shell.address("alice"), "--document-hash", DOCUMENT)
    assert "--holder goes with --partition" in shell.refused(2, *words, by="issuer")


def test_the_issuer_distributes_from_another_of_its_wallets_after_an_order(shell: Shell, token: Token) -> None:
    world = shell.world
    owner = world.system.standing_of(shell.address("treasury")).investor
    world.register("0x" + "7e" * 20, investor=owner)
    other = checksum("0x" + "7e" * 20)
    shell.order("token", "treasury", token.address, other, proposer="registrar", approver="issuer")
    assert shell.json("token", "terms", token.address)["treasury"] == other


def test_a_token_is_paused_at_once_and_runs_again_by_order(shell: Shell, token: Token) -> None:
    shell.json("token", "pause", token.address, by="emergency")
    assert "The token is paused." in shell.refused(
        10, "token", "transfer", token.address, shell.address("bob"), 1, by="alice"
    )
    shell.order("token", "unpause", token.address, proposer="registrar", approver="compliance")
    shell.json("token", "transfer", token.address, shell.address("bob"), 1, by="alice")


# --- calendar ---------------------------------------------------------------------------------------------------------


def test_splits_and_record_dates(shell: Shell, token: Token, tmp_path: Path) -> None:
    shell.order("token", "record-date", token.address, proposer="issuer", approver="registrar")
    shell.order("token", "split", token.address, "1:3", proposer="registrar", approver="issuer")
    assert balance(shell, token, "alice") == 390
    assert balance(shell, token, "alice", "--record-date", 1) == 130
    ahead = format_jst(shell.world.now + 30 * DAY)
    words = ("token", "record-date", token.address, "--day", ahead)
    shell.order(*words, proposer="issuer", approver="registrar")
    epochs = shell.json("token", "calendar", token.address)["epochs"]
    assert [(epoch["factor"], epoch["record_date"]) for epoch in epochs] == [
        (1, False),
        (1, True),
        (3, False),
        (3, True),
    ]
    shell.order("token", "cancel-date", token.address, proposer="registrar", approver="issuer")
    assert len(shell.json("token", "calendar", token.address)["epochs"]) == 3

    register = tmp_path / "register.csv"
    words = ("ledger", "register", token.address, "--out", register)
    assert shell.json(*words, "--record-date", 1)["units"] == 130
    assert shell.json(*words, "--lang", "en")["units"] == 390
    assert register.read_text("utf-8-sig").startswith("No.,Name,Investor id,")
    assert (tmp_path / "register.csv.manifest.json").is_file()
    rows = shell.json("token", "holders", token.address, "--record-date", 1)["holdings"]
    assert sorted(row["units"] for row in rows) == [30, 100]
    assert shell.json("ledger", "reconcile", token.address)["equal"] is True
    shell.refused(20, "token", "holders", token.address, "--as-of", "2090-01-01")
    words = ("ledger", "register", token.address, "--out", tmp_path / "no" / "where.csv")
    assert "cannot be written" in shell.refused(3, *words)


# --- remedies ---------------------------------------------------------------------------------------------------------


def test_force_names_its_basis(shell: Shell, token: Token) -> None:
    words = ("token", "force", token.address, shell.address("alice"), shell.address("bob"), 20)
    missing = shell.run(*words, "--document-hash", DOCUMENT, by="registrar")
    assert (missing.exit_code, "Missing option '--basis'" in missing.stderr) == (2, True)
    shell.order(*words, "--basis", "attachment", proposer="registrar", approver="compliance")
    assert balance(shell, token, "bob") == 20
    assert shell.json("order", "list")["orders"][-1]["basis"] == "ATTACHMENT"


def test_units_are_redeemed_without_their_holder(shell: Shell, token: Token) -> None:
    words = ("token", "redeem-forced", token.address, shell.address("alice"), 20)
    shell.order(*words, proposer="paying_agent", approver="issuer")
    assert balance(shell, token, "alice") == 110


def test_whole_holdings_are_redeemed_at_maturity(shell: Shell) -> None:
    token = shell.world.new_token(instrument=2, maturity=shell.world.now + DAY)
    shell.world.issue(token, "alice", 10)
    shell.world.issue(token, "bob", 20)
    shell.world.travel(2 * DAY)
    words = ("token", "redeem-matured", token.address, shell.address("alice"), shell.address("bob"))
    shell.order(*words, proposer="registrar", approver="issuer")
    assert shell.json("token", "show", token.address)["units"] == 0


def test_a_lost_key_is_made_good_to_another_wallet_of_the_investor(shell: Shell, token: Token) -> None:
    from world import investor_of

    shell.world.register(shell.address("mallory"), investor=investor_of(shell.address("alice")))
    evidence = ("--evidence", shell.file("police.txt", "lost"))
    words = ("token", "report-loss", token.address, "--wallet", shell.address("alice"))
    loss = shell.json(*words, *evidence, by="registrar")["id"]
    assert shell.json("token", "loss", token.address, loss)["status"] == "reported"
    shell.order(
        "token", "reissue", token.address, loss, shell.address("mallory"), proposer="custodian", approver="compliance"
    )
    assert balance(shell, token, "mallory", "--partition", "default") == 100
    assert shell.json("token", "loss", token.address, loss)["status"] == "made good"
    assert shell.json("token", "loss", token.address, "0x" + "7" * 64)["recorded"] is False
    assert "needs evidence" in shell.refused(2, *words, by="registrar")
    assert "is of a --wallet" in shell.refused(2, *words[:3], *evidence, by="registrar")


def test_a_loss_that_was_none_is_dismissed(shell: Shell, token: Token) -> None:
    words = ("token", "report-loss", token.address, "--wallet", shell.address("alice"), "--evidence-hash", DOCUMENT)
    loss = shell.json(*words, by="registrar")["id"]
    shell.order("token", "dismiss-loss", token.address, loss, proposer="registrar", approver="compliance")
    assert shell.json("token", "loss", token.address, loss)["status"] == "dismissed"


def test_units_redeemed_in_error_come_back(shell: Shell, token: Token) -> None:
    move = shell.json("token", "redeem", token.address, 40, by="alice")["move"]
    words = ("token", "report-loss", token.address, "--redemption", move, "--evidence-hash", DOCUMENT)
    loss = shell.json(*words, "--units", 15, by="registrar")["id"]
    shell.order(
        "token", "reissue", token.address, loss, shell.address("alice"), proposer="registrar", approver="compliance"
    )
    assert balance(shell, token, "alice") == 105


def test_a_transfer_is_reversed_by_its_reference(shell: Shell, token: Token) -> None:
    move = shell.json("token", "transfer", token.address, shell.address("bob"), 30, by="alice")["move"]
    words = ("token", "reverse", token.address, move)
    shell.order(*words, "--units", 10, proposer="registrar", approver="compliance")
    shell.order(*words, proposer="registrar", approver="compliance")
    assert (balance(shell, token, "alice"), balance(shell, token, "bob")) == (130, 0)
    assert "0 units are left to return" in shell.refused(2, *words, "--document-hash", DOCUMENT, by="registrar")
    assert "is not a move" in shell.refused(2, *words[:3], move.partition(":")[0], "--document-hash", DOCUMENT)


def test_global_options_stand_anywhere(shell: Shell, token: Token) -> None:
    args = ["--json", "--deployments", str(shell.deployments), "token", "--help"]
    assert CliRunner().invoke(cli, args, env=shell.env).exit_code == 0
    args = ["--deployments", str(shell.deployments), "--json", "token", "show", token.address]
    assert json.loads(CliRunner().invoke(cli, args, env=shell.env).stdout)["token"] == token.address
