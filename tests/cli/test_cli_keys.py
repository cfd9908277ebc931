"""Keys on the command line: made, looked at, kept on another machine, held to a policy, written down."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from cli_shell import DOCUMENT, Shell

from stotoken.chain.faults import SignatureAwaited
from stotoken.chain.signer import KeystoreSigner, signer_from_uri
from stotoken.client.token import Token
from stotoken.types import jst_date, jst_end_of_day

PASSWORD = "correct horse battery staple"


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token()
    shell.world.issue(token, "alice", 100)
    return token


def cold(shell: Shell, name: str) -> tuple[str, str]:
    """Somebody's key on a machine without a network: how the machine with one names it, and how its own does."""
    shell.env["STOTOKEN_PASSWORD"] = PASSWORD
    key = bytes.fromhex(str(shell.env[f"KEY_{name}"]))
    path = KeystoreSigner.create(shell.folder / f"{name}.json", PASSWORD, key, work=2).path
    return f"offline:{shell.folder / 'requests'}#{shell.address(name)}", f"keystore:{path}"


def only_request(shell: Shell) -> tuple[Path, str]:
    """The file that waits, and the digest that stands in it."""
    [request] = (shell.folder / "requests").glob("*.unsigned.json")
    return request, json.loads(request.read_text())["digest"]


def test_a_key_is_made_shown_and_found_in_order(shell: Shell) -> None:
    path = shell.folder / "new.json"
    shell.env["STOTOKEN_PASSWORD"] = PASSWORD
    made = shell.json("key", "new", path)
    assert made["signer"] == f"keystore:{path}"
    shown = shell.json("key", "show", f"keystore:{path}")
    assert (shown["address"], shown["kind"]) == (made["address"], "keystore")
    assert shell.json("key", "health", f"keystore:{path}")["address"] == made["address"]
    assert "の鍵です" in shell.text("key", "show", f"keystore:{path}", "--lang", "ja")
    assert "was not written: File exists" in shell.refused(3, "key", "new", path)
    shell.env["STOTOKEN_PASSWORD"] = "another"
    assert "the password is wrong" in shell.refused(7, "key", "health", f"keystore:{path}")
    shell.env["STOTOKEN_PASSWORD"] = None
    assert "set STOTOKEN_PASSWORD or use a terminal; no key was made" in shell.refused(3, "key", "new", path)
    assert PASSWORD not in path.read_text()


def test_an_account_of_the_node_acts_on_a_development_chain(shell: Shell, token: Token) -> None:
    uri = f"node:{shell.address('alice')}"
    assert shell.json("key", "health", uri)["kind"] == "account of a development node"
    done = shell.json("token", "transfer", token.address, shell.address("bob"), 7, "--signer", uri)
    assert done["tx_hash"]
    assert token.balance_of(shell.address("bob")) == 7


def test_a_key_on_another_machine_signs_what_was_read_there(shell: Shell, token: Token) -> None:
    away, there = cold(shell, "alice")
    words = ("token", "transfer", token.address, shell.address("bob"), 30, "--signer", away)
    sentence = shell.refused(8, *words)
    request, digest = only_request(shell)
    assert f"{request} waits to be signed; nothing was sent." in sentence
    assert "署名待ちです" in shell.refused(8, *words, "--lang", "ja")
    assert json.loads(shell.run(*words, "--json").stderr)["request"] == str(request)

    sign = ("key", "sign", request, "--signer", there)
    assert f"--digest names what was read and is to be signed: {digest}" in shell.refused(2, *sign)
    assert f"the request is of {digest}, not of 0x12; nothing was signed" in shell.refused(2, *sign, "--digest", "0x12")
    signed = shell.json(*sign, "--digest", digest)
    assert (signed["function"], signed["contract"], signed["chain_id"]) == ("transferByPartition", token.address, 31337)
    assert (signed["arguments"]["to"], signed["arguments"]["value"]) == (shell.address("bob"), 30)
    assert "is there already; nothing was signed" in shell.refused(3, *sign, "--digest", digest)

    other = ("token", "transfer", token.address, shell.address("bob"), 31, "--signer", away)
    assert "data differs. Nothing was sent." in shell.refused(2, *other)
    assert token.balance_of(shell.address("bob")) == 0
    shell.json(*words)
    assert token.balance_of(shell.address("bob")) == 30
    shell.refused(8, *words)
    assert len(list(request.parent.glob("*.unsigned.json"))) == 2


def at_a_terminal(shell: Shell, answer: bytes, *words: object) -> tuple[int, str]:
    """Exit code of the command, answered there, and what was shown."""
    ours, theirs = pty.openpty()
    program = [sys.executable, "-c", "from stotoken.cli import main; main()", *map(str, words)]
    env = {name: value for name, value in shell.env.items() if value}
    with subprocess.Popen(program, env=env, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        os.write(ours, answer)
        _, shown = process.communicate(timeout=60)
    for end in (ours, theirs):
        os.close(end)
    return process.returncode, shown.decode()


def test_at_a_terminal_it_is_shown_and_asked(shell: Shell, token: Token) -> None:
    away, there = cold(shell, "alice")
    shell.refused(8, "token", "transfer", token.address, shell.address("bob"), 30, "--signer", away)
    request, digest = only_request(shell)
    words = ("key", "sign", request, "--signer", there)
    code, shown = at_a_terminal(shell, b"n\n", *words)
    assert (code, "Nothing was signed." in shown) == (2, True)
    assert not list(request.parent.glob("*.signed.json"))
    code, shown = at_a_terminal(shell, b"y\n", *words)
    assert code == 0, shown
    for told in ("transferByPartition", token.address, shell.address("bob"), "30", f"Sign {digest}?"):
        assert told in shown
    assert list(request.parent.glob("*.signed.json"))


def test_a_call_that_cannot_be_read_is_shown_as_such(shell: Shell) -> None:
    away, there = cold(shell, "alice")
    signer = signer_from_uri(away)
    fields = {"chainId": 31337, "nonce": 0, "gas": 50_000, "gasPrice": 0, "to": shell.address("bob"), "data": b"\1\2"}
    with pytest.raises(SignatureAwaited):
        signer.sign_transaction(fields)
    request, _ = only_request(shell)
    _, shown = at_a_terminal(shell, b"n\n", "key", "sign", request, "--signer", there)
    assert "To be signed, and it is NO call that can be read:" in shown
    assert "0x0102" in shown


def test_typed_data_is_shown_to_its_last_field_and_hides_nothing(shell: Shell) -> None:
    away, there = cold(shell, "alice")
    grant = [{"name": "spender", "type": "address"}, {"name": "value", "type": "uint256"}]
    message = {
        "types": {
            "EIP712Domain": [{"name": "chainId", "type": "uint256"}],
            "Grant": grant,
            "Grants": [{"name": "grants", "type": "Grant[]"}, {"name": "note", "type": "string"}],
        },
        "primaryType": "Grants",
        "domain": {"chainId": 31337},
        "message": {
            "grants": [{"spender": shell.address("bob"), "value": 1}, {"spender": shell.address("dave"), "value": 777}],
            "note": "\x1b[2K\u202eall well\nvalue 1",
        },
    }
    with pytest.raises(SignatureAwaited):
        signer_from_uri(away).sign_typed_data(message)
    request, _ = only_request(shell)
    _, shown = at_a_terminal(shell, b"n\n", "key", "sign", request, "--signer", there)
    assert "\x1b" not in shown
    assert "\\x1b[2K\\u202eall well\\nvalue 1" in shown
    for told in (shell.address("bob"), shell.address("dave"), "777"):
        assert told in shown


def test_the_key_of_another_does_not_sign_a_request(shell: Shell, token: Token) -> None:
    away, _ = cold(shell, "carol")
    _, there = cold(shell, "alice")
    shell.refused(8, "token", "approve", token.address, shell.address("bob"), 1, "--signer", away)
    request, digest = only_request(shell)
    said = shell.refused(2, "key", "sign", request, "--digest", digest, "--signer", there)
    assert said.startswith(f"The request is for {shell.address('carol')}, not for {shell.address('alice')}")


def test_an_order_signed_elsewhere_shows_the_act_it_carries(shell: Shell, token: Token) -> None:
    away, there = cold(shell, "registrar")
    words = ("token", "split", token.address, "1:3", "--document-hash", DOCUMENT, "--signer", away)
    # Some time of a day that is not about to end.
    shell.world.travel(jst_end_of_day(jst_date(shell.world.now)) + 3600 - shell.world.now)
    shell.refused(8, *words)
    request, digest = only_request(shell)
    signed = shell.json("key", "sign", request, "--digest", digest, "--signer", there)
    assert signed["function"] == "propose:split"
    assert signed["arguments"]["data"]["ratio"] == 3
    shell.world.travel(3600)
    assert shell.json(*words)["order"] == shell.world.orders.count()


def test_typed_data_is_signed_elsewhere_too(shell: Shell, token: Token) -> None:
    away, there = cold(shell, "alice")
    out = shell.folder / "permit.json"
    words = ("token", "sign-permit", token.address, shell.address("bob"), 5, "--deadline", "2099-01-01", "--signer")
    shell.refused(8, *words, away)
    request, digest = only_request(shell)
    assert shell.json("key", "sign", request, "--digest", digest, "--signer", there)["function"] == "Permit"
    out.write_text(json.dumps(shell.json(*words, away)))
    shell.json("token", "permit", token.address, out, by="carol")
    assert token.allowance(shell.address("alice"), shell.address("bob")) == 5


def test_a_policy_refuses_with_its_exit_code_and_the_log_keeps_what_was_signed(shell: Shell, token: Token) -> None:
    row = f'[[allow]]\ncontract = "{token.address}"\nfunctions = ["transferByPartition"]\nunits_per_day = 50\n'
    policy, log = shell.file("policy.toml", f"chains = [31337]\n{row}"), shell.folder / "signing.jsonl"
    words = ("token", "transfer", token.address, shell.address("bob"))
    guards = ("--policy", policy, "--signing-log", log)
    shell.json(*words, 30, *guards, by="alice")
    said = shell.refused(9, *words, 21, *guards, by="alice")
    act = "transferByPartition names 21 units, and with 30 signed for today"
    assert said.startswith(f"The signing policy {policy} refuses: {act}")
    assert "署名ポリシー" in shell.refused(9, *words, 21, *guards, "--lang", "ja", by="alice")
    refused = ("token", "approve", token.address, shell.address("bob"), 1)
    assert f"approve of {token.address} is not allowed" in shell.refused(9, *refused, *guards, by="alice")

    shell.env |= {"STOTOKEN_POLICY": str(policy), "STOTOKEN_SIGNING_LOG": str(log)}
    assert "with 30 signed for today" in shell.refused(9, *words, 21, by="alice")
    shell.json(*words, 20, by="alice")
    assert token.balance_of(shell.address("bob")) == 50


def test_a_signing_log_is_verified_line_by_line(shell: Shell, token: Token) -> None:
    log = shell.folder / "signing.jsonl"
    for units in (30, 20):
        words = ("token", "transfer", token.address, shell.address("bob"), units)
        shell.json(*words, "--signing-log", log, by="alice")
    verify = ("key", "log", "verify", log)
    found = shell.json(*verify)
    assert found["lines"] == 2
    assert shell.json(*verify, "--kept", found["sha256"])["torn"] == 0
    first, second = log.read_text().splitlines(keepends=True)
    log.write_text(first.replace('"units":30', '"units":3') + second)
    assert "line 1: it was altered" in shell.refused(3, *verify)
    log.write_text(second)
    assert "line 1: it is missing: line 2 of the log stands in its place" in shell.refused(3, *verify)
    log.write_text(first + second[:50])
    assert "its signature was never handed out" in shell.text(*verify)
    assert "none of them is" in shell.refused(3, *verify, "--kept", found["sha256"])
