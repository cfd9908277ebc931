"""Custody on the command line: a wallet acts within its limits, two people approve, the ledger is compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_shell import Shell

from stotoken.client.token import Token


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token()
    shell.world.issue(token, "alice", 100)
    shell.world.issue(token, "bob", 200)
    return token


@pytest.fixture
def book(shell: Shell) -> Path:
    text = 'chains = [31337]\nstate = "state"\n[tiers.hot]\nunits_per_act = 30\n[tiers.cold]\napprovals = 2\n'
    for name in ("carol", "dave"):
        text += f'[[approver]]\nname = "{name}"\naddress = "{shell.address(name)}"\n'
    for name, tier in (("alice", "hot"), ("bob", "cold")):
        text += f'[[wallet]]\naddress = "{shell.address(name)}"\nsigner = "env:KEY_{name}"\n'
        text += f'owner = "customer"\ntier = "{tier}"\n'
    return shell.file("custody.toml", text)


def test_a_wallet_in_custody_acts_within_its_limits(shell: Shell, token: Token, book: Path) -> None:
    signer = ("--signer", f"custody:{book}#{shell.address('alice')}")
    words = ("token", "transfer", token.address, shell.address("carol"))
    assert "(hot) refuses: 31 units are more than 30 in one act" in shell.refused(9, *words, 31, *signer)
    shell.json(*words, 30, *signer)
    assert token.balance_of(shell.address("carol")) == 30
    assert shell.json("key", "health", signer[1])["kind"] == "custody, hot"
    rows = shell.json("custody", "show", book)["wallets"]
    assert [(row["tier"], row["signer"], row["approvals"], row["frozen"]) for row in rows] == [
        ("hot", "env", 0, False), ("cold", "env", 2, False),
    ]  # fmt: skip
    shell.json("custody", "freeze", book, shell.address("alice"), "--reason", "INC-1")
    assert "refuses: it is frozen" in shell.refused(9, *words, 1, *signer)
    assert "凍結" in shell.text("custody", "show", book, "--lang", "ja")
    thaw = ("custody", "unfreeze", book, shell.address("alice"))
    said = json.loads(shell.run(*thaw, "--json").stderr)
    assert (said["exit_code"], "the wallet stays frozen" in said["message"]) == (8, True)
    assert "凍結は解除していません" in said["message_ja"]
    digest = json.loads(Path(said["request"]).read_text())["digest"]
    for name in ("carol", "dave"):
        approved = shell.json("custody", "approve", book, said["request"], "--digest", digest, by=name)
        assert (approved["function"], approved["reason"]) == ("unfreeze", "INC-1")
    shell.json(*thaw)
    shell.json(*words, 1, *signer)
    assert "has no wallet" in shell.refused(3, *words, 1, "--signer", f"custody:{book}#{shell.address('dave')}")
    assert "is named custody:FILE#WALLET" in shell.refused(3, *words, 1, "--signer", "custody:nothing")


def test_a_cold_wallet_waits_for_two_people(shell: Shell, token: Token, book: Path) -> None:
    words = ("token", "transfer", token.address, shell.address("carol"), 150)
    signer = ("--signer", f"custody:{book}#{shell.address('bob')}")
    said = json.loads(shell.run(*words, *signer, "--json").stderr)
    assert (said["error"], said["exit_code"]) == ("SignatureAwaited", 8)
    assert "waits for 2 more of 2 approvals" in said["message"]
    assert "承認待ち" in said["message_ja"]
    request = said["request"]
    digest = json.loads(Path(request).read_text())["digest"]
    for name in ("carol", "dave"):
        assert f"is to be signed: {digest}" in shell.refused(2, "custody", "approve", book, request, by=name)
        shown = shell.json("custody", "approve", book, request, "--digest", digest, by=name)
        assert (shown["function"], shown["arguments"]["value"]) == ("transferByPartition", 150)
    assert "is no approver of" in shell.refused(3, "custody", "approve", book, request, "--digest", digest, by="alice")
    shell.json(*words, *signer)
    assert token.balance_of(shell.address("carol")) == 150


def test_a_break_between_ledger_and_chain_ends_with_1(shell: Shell, token: Token, book: Path) -> None:
    head = "customer,wallet,token,partition,units\n"
    row = f"A-1,{shell.address('alice')},{token.address},default,100\n"
    identifier = token.terms().identifier.decode()
    ledger = shell.file("customers.csv", f"{head}{row}B-1,{shell.address('bob')},{identifier},default,200\n")
    words = ("custody", "reconcile", book, "--customers", ledger)
    found = shell.json(*words, "--out", shell.folder / "audit.zip")
    assert (found["breaks"], found["rows"]) == ([], 2)
    assert (shell.folder / "audit.zip").is_file()
    assert "差異なし" in shell.text(*words, "--lang", "ja")

    ledger.write_text(head + row)
    result = shell.run(*words, "--json", "--out", shell.folder / "audit")
    assert (result.exit_code, result.stderr) == (1, "")
    [found] = json.loads(result.stdout)["breaks"]
    assert (found["kind"], found["found"]) == ("units", "The customer ledger has 0 units, the chain 200.")
    assert (shell.folder / "audit" / "manifest.json").is_file()
    assert "差異が 1 件" in shell.run(*words, "--lang", "ja").stdout
