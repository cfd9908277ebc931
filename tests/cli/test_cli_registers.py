"""The registers that a token's servants and its auditor read: enforcement, losses, reversals, waiting requests."""

from __future__ import annotations

from typing import Any

import pytest
from cli_shell import DOCUMENT, Shell

from stotoken.client.token import Token
from stotoken.types import Basis, HaltLevel, format_jst, keccak, parse_bytes32

DAY = 86_400


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token(partitions=["class-a"])
    shell.world.issue(token, "alice", 100)
    shell.world.issue(token, "bob", 100, "class-a")
    return token


def forced(shell: Shell, token: Token, *more: object, basis: str = "attachment") -> Any:
    """A proposal to take units from alice."""
    words = ("token", "force", token.address, shell.address("alice"), shell.address("carol"), *more)
    return shell.json(*words, "--basis", basis, "--document-hash", DOCUMENT, by="registrar")


def register(shell: Shell, token: Token, name: str, rows: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shell.json("token", name, token.address)[rows]
    return found


def test_every_order_of_enforcement_is_in_the_register_whatever_became_of_it(shell: Shell, token: Token) -> None:
    assert register(shell, token, "enforcement", "orders") == []
    done, approved, ended, waiting = (forced(shell, token, units) for units in (10, 11, 12, 13))
    for order in (done, approved, ended):
        shell.json("order", "approve", order["order"], "--hash", order["hash"], by="compliance")
    tx_hash = shell.json("order", "execute", done["order"], by="registrar")["tx_hash"]
    shell.json("order", "veto", ended["order"], by="compliance")
    words = ("token", "redeem-forced", token.address, shell.address("bob"), 5, "--partition", "class-a")
    redeemed = shell.order(*words, proposer="registrar", approver="issuer")
    shell.world.order(token.split(2))
    found = register(shell, token, "enforcement", "orders")
    assert [(row["order"], row["status"], row["units"], row["tx_hash"]) for row in found] == [
        (done["order"], "executed", 10, tx_hash),
        (approved["order"], "approved", 11, None),
        (ended["order"], "vetoed", 12, None),
        (waiting["order"], "proposed", 13, None),
        (redeemed["order"], "executed", 5, redeemed["tx_hash"]),
    ]
    first, last = found[0], found[-1]
    people = shell.world.people
    assert (first["from"], first["to"]) == (shell.address("alice"), shell.address("carol"))
    assert (first["basis"], first["document_hash"], first["partition"]) == ("ATTACHMENT", DOCUMENT, "default")
    assert (first["proposer"], first["approver"]) == (people["registrar"].address, people["compliance"].address)
    assert (last["act"], last["from"], last["to"]) == ("controllerRedeemByPartition", shell.address("bob"), None)
    assert last["partition"] == "class-a"


def test_an_order_of_enforcement_that_nobody_can_read_is_in_the_register_too(shell: Shell, token: Token) -> None:
    call = token.bind.force_by_partition(b"\0" * 32, shell.address("alice"), shell.address("carol"), 1, b"", b"")
    end = shell.world.now + DAY
    document = parse_bytes32(DOCUMENT)
    longer = call.data + bytes(31) + b"\1"
    propose = shell.world.orders.bind.propose(token.address, longer, Basis.JUDGMENT, document, end)
    shell.world.send("registrar", propose)
    [row] = register(shell, token, "enforcement", "orders")
    assert (row["act"], row["status"]) == ("forceByPartition", "proposed")
    assert (row["from"], row["to"], row["units"], row["partition"]) == (None, None, None, None)


def test_losses_are_listed_with_their_evidence_and_what_made_them_good(shell: Shell, token: Token) -> None:
    words = ("token", "report-loss", token.address, "--wallet", shell.address("alice"), "--evidence-hash", DOCUMENT)
    first = shell.json(*words, by="custodian")
    dismiss = ("token", "dismiss-loss", token.address, first["id"])
    dismissed = shell.order(*dismiss, proposer="registrar", approver="compliance")
    second = shell.json(*words, by="custodian")
    investor = shell.world.system.standing_of(shell.address("alice"))
    assert investor is not None
    shell.world.register(shell.address("mallory"), investor=investor.investor)
    reissue = ("token", "reissue", token.address, second["id"], shell.address("mallory"))
    reissued = shell.order(*reissue, proposer="registrar", approver="compliance")
    words = ("token", "report-loss", token.address, "--wallet", shell.address("bob"), "--partition", "class-a")
    third = shell.json(*words, "--evidence-hash", DOCUMENT, by="custodian")
    found = register(shell, token, "losses", "losses")
    assert [(row["id"], row["status"], row["order"], row["tx_hash"]) for row in found] == [
        (first["id"], "dismissed", dismissed["order"], dismissed["tx_hash"]),
        (second["id"], "made good", reissued["order"], reissued["tx_hash"]),
        (third["id"], "reported", None, None),
    ]
    assert [(row["units"], row["partition"], row["reissued"]) for row in found] == [
        (100, "default", None), (100, "default", 100), (100, "class-a", None),
    ]  # fmt: skip
    assert {row["evidence"] for row in found} == {DOCUMENT}
    assert [row["reported"] for row in found] == [loss["tx_hash"] for loss in (first, second, third)]
    assert (found[1]["wallet"], found[1]["to"]) == (shell.address("alice"), shell.address("mallory"))
    assert {row["kind"] for row in found} == {"key lost"}


def test_reversals_are_listed_with_the_transfer_they_returned_and_what_is_outstanding(
    shell: Shell, token: Token
) -> None:
    move = shell.json("token", "transfer", token.address, shell.address("bob"), 10, by="alice")["move"]
    words = ("token", "reverse", token.address, move, "--basis", "erroneous-transfer", "--units")
    done = [shell.order(*words, units, proposer="registrar", approver="compliance") for units in (4, 6)]
    found = register(shell, token, "reversals", "reversals")
    assert [(row["original"], row["units"], row["outstanding"]) for row in found] == [(move, 4, 6), (move, 6, 0)]
    assert [(row["order"], row["tx_hash"]) for row in found] == [(each["order"], each["tx_hash"]) for each in done]
    assert {(row["from"], row["to"]) for row in found} == {(shell.address("bob"), shell.address("alice"))}


def test_requests_that_wait_for_the_issuer_are_listed_until_they_end(shell: Shell) -> None:
    token = shell.world.new_token(approval_required=True)
    shell.world.issue(token, "alice", 100)
    end = shell.world.now + 9 * DAY
    words = ("token", "request", token.address, shell.address("bob"))
    ids = [shell.json(*words, units, "--deadline", format_jst(end), by="alice")["id"] for units in (5, 6, 7)]
    shell.json("token", "reject-request", token.address, ids[1], by="issuer")
    found = register(shell, token, "requests", "requests")
    assert [(row["request"], row["units"], row["deadline"]) for row in found] == [(ids[0], 5, end), (ids[2], 7, end)]
    assert {(row["from"], row["to"]) for row in found} == {(shell.address("alice"), shell.address("bob"))}
    shell.json("token", "approve-request", token.address, ids[0], by="issuer")
    shell.world.order(token.split(3))
    assert [(row["request"], row["units"]) for row in register(shell, token, "requests", "requests")] == [(ids[2], 21)]


def test_the_deadline_of_a_request_is_later_by_what_the_system_was_halted(shell: Shell) -> None:
    token = shell.world.new_token(approval_required=True)
    shell.world.issue(token, "alice", 100)
    end = shell.world.now + DAY
    words = ("token", "request", token.address, shell.address("bob"), 5, "--deadline", format_jst(end))
    number = shell.json(*words, by="alice")["id"]
    system = shell.world.system
    stopped = system.by(shell.world.people["emergency"]).halt(HaltLevel.HALTED, keccak(b"incident")).receipt.timestamp
    shell.world.travel(7 * DAY)
    shell.world.order(system.resume(HaltLevel.NORMAL, keccak(b"incident")))
    later = end + shell.world.now - stopped
    [row] = register(shell, token, "requests", "requests")
    assert row["deadline"] == later
    assert shell.json("token", "request-show", token.address, number)["deadline"] == later


@pytest.mark.parametrize(
    ("name", "said", "label"),
    [
        ("enforcement", "1 order of enforcement. 強制執行の命令 1 件。", "文書ハッシュ"),
        ("losses", "1 loss. 消失記録 1 件。", "証拠"),
        ("reversals", "1 reversal. 逆移転 1 件。", "返還の残り"),
        ("requests", "1 transfer request waits for the issuer. 承認待ちの移転請求 1 件。", "移転請求"),
    ],
)  # fmt: skip
def test_each_register_is_a_table_in_two_languages(
    shell: Shell, token: Token, name: str, said: str, label: str
) -> None:
    forced(shell, token, 1)
    words = ("token", "request", token.address, shell.address("bob"), 5, "--deadline")
    shell.json(*words, format_jst(shell.world.now + DAY), by="alice")
    move = shell.json("token", "transfer", token.address, shell.address("bob"), 10, by="alice")["move"]
    words = ("token", "reverse", token.address, move, "--basis", "erroneous-transfer", "--units", "4")
    shell.order(*words, proposer="registrar", approver="compliance")
    words = ("token", "report-loss", token.address, "--wallet", shell.address("alice"), "--evidence-hash", DOCUMENT)
    shell.json(*words, by="custodian")
    japanese = shell.text("token", name, token.address, "--lang", "ja").splitlines()
    english = shell.text("token", name, token.address).splitlines()
    assert f"{english[0]} {japanese[0]}" == said
    assert label in japanese[1]
    assert english[1].isascii()
    assert len(japanese) == len(english) == 3
