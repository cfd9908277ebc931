"""Bad input: one sentence, the documented exit code, nothing half-done."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_shell import DOCUMENT, Shell
from world import NAMES, World

from stotoken.client.token import Token
from stotoken.errors import NodeError

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BY_SYMPTOM = dict(
    re.findall(r"^\| (\S+\.(?:yaml|csv)) \| (.+) \|$", (EXAMPLES / "refused" / "README.md").read_text(), re.M)
)


def refused(pattern: str) -> list[str]:
    return [name for name in BY_SYMPTOM if re.fullmatch(pattern, name)]


def nonces(world: World) -> list[int]:
    return [world.connection.nonce(world.people[name].address) for name in NAMES]


@pytest.fixture
def nothing_sent(world: World) -> Iterator[None]:
    """Nobody's transaction was mined meanwhile."""
    before = nonces(world)
    yield
    assert nonces(world) == before


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token()
    shell.world.issue(token, "alice", 100)
    return token


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ("0", "UNITS: Units must be 1 or more, not 0."),
        ("-5", "'-5' is not accepted"),
        ("-0.5", "'-0.5' is not accepted"),
        ("1.5", "UNITS: '1.5' is not a whole number of units: units cannot be divided."),
        ("1,000", "UNITS: '1,000' is not accepted as units"),
        ("１０", "is not a whole number of units"),
        ("79228162514264337593543950336", "more than the largest amount"),
    ],
)
def test_units_that_are_none_are_refused(shell: Shell, token: Token, units: str, said: str) -> None:
    sentence = shell.refused(2, "token", "transfer", token.address, shell.address("bob"), units, by="alice")
    assert said in sentence
    assert sentence.endswith("Nothing was done.")
    assert len(sentence.splitlines()) == 1
    assert token.balance_of(shell.address("alice")) == 100


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("bob", "is not an address: it must be 0x and 40 hexadecimal digits."),
        ("0x70997970C51812dc3A010C7d01b50e0d17dc79C", "is not an address"),
        ("0x70997970c51812dc3A010C7d01b50e0d17dc79C8", "fails its checksum: a character is mistyped."),
        ("0x" + "0" * 40, "The zero address is not accepted here."),
    ],
)
@pytest.mark.usefixtures("nothing_sent")
def test_a_wrong_address_is_refused(shell: Shell, address: str, said: str) -> None:
    sentence = shell.refused(2, "token", "transfer", "ZZTEST000001", address, 5, by="alice")
    assert said in sentence
    assert sentence.startswith("TO: ")


@pytest.mark.usefixtures("nothing_sent")
def test_a_token_that_the_system_does_not_have_is_refused(shell: Shell) -> None:
    assert "neither an address nor an identifier" in shell.refused(2, "token", "show", "AOBA")
    assert shell.refused(2, "token", "show", "ZZ00NOSUCH00") == "This system has no token ZZ00NOSUCH00."
    assert "has no token 0x" in shell.refused(2, "token", "show", shell.address("bob"))


@pytest.mark.parametrize("name", refused("investors-.*"))
@pytest.mark.usefixtures("nothing_sent")
def test_a_faulty_table_of_investors_is_refused_whole(shell: Shell, name: str) -> None:
    sentence = shell.refused(2, "investor", "register", EXAMPLES / "refused" / name, by="compliance")
    assert BY_SYMPTOM[name] in sentence
    assert name in sentence


@pytest.mark.parametrize("name", refused("allotments-.*"))
@pytest.mark.usefixtures("nothing_sent")
def test_a_faulty_table_of_allotments_is_refused_whole(shell: Shell, name: str) -> None:
    checks = ("--terms", EXAMPLES / "bond.yaml", "--investors", EXAMPLES / "investors.csv")
    table = EXAMPLES / "refused" / name
    sentence = shell.refused(2, "token", "distribute", "ZZTEST000001", table, *checks, by="agent")
    assert BY_SYMPTOM[name] in sentence
    assert name in sentence


@pytest.mark.parametrize("name", refused(".*yaml"))
@pytest.mark.usefixtures("nothing_sent")
def test_inconsistent_terms_are_refused(shell: Shell, name: str) -> None:
    treasury = ("--treasury", shell.address("treasury"), "--document-hash", DOCUMENT)
    sentence = shell.refused(2, "token", "create", EXAMPLES / "refused" / name, *treasury, by="sys_admin")
    assert BY_SYMPTOM[name] in sentence
    assert name in sentence


@pytest.mark.usefixtures("nothing_sent")
def test_a_split_by_less_than_two_is_refused(shell: Shell) -> None:
    sentence = shell.refused(2, "token", "split", "ZZTEST000001", "1:1", "--document-hash", DOCUMENT, by="registrar")
    assert sentence == "RATIO: The split ratio is not 1:N with a whole number N of at least 2; nothing was split."


@pytest.mark.usefixtures("nothing_sent")
def test_a_missing_file_is_named(shell: Shell) -> None:
    sentence = shell.refused(2, "investor", "register", "nowhere.csv", by="compliance")
    assert sentence == "nowhere.csv: cannot be read: No such file or directory."


def test_an_order_without_its_document_is_refused(shell: Shell, token: Token) -> None:
    before = nonces(shell.world)
    said = "An order rests on a document: give --document FILE or --document-hash. Nothing was sent."
    assert shell.refused(2, "token", "finalize", token.address, by="issuer") == said
    missing = shell.refused(2, "token", "finalize", token.address, "--document", "nowhere.pdf", by="issuer")
    assert "nowhere.pdf: cannot be read" in missing
    assert nonces(shell.world) == before


# --- node, chain, record, key -----------------------------------------------------------------------------------------


def test_a_node_that_is_down_ends_with_4(shell: Shell) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    assert shell.refused(4, "system", "status", "--node", url) == f"The node at {url} cannot be reached."


def test_a_credential_of_a_node_is_not_shown(shell: Shell) -> None:
    sentence = shell.refused(4, "system", "status", "--node", "http://user:sesame@127.0.0.1:9/")
    assert "sesame" not in sentence


def test_no_node_and_no_url_end_with_3(shell: Shell) -> None:
    shell.env["STOTOKEN_NODE"] = None
    assert "No node is named" in shell.refused(3, "system", "status")
    assert "must start with http" in shell.refused(3, "system", "status", "--node", "localhost")


@pytest.mark.usefixtures("nothing_sent")
def test_another_chain_id_ends_with_3(shell: Shell) -> None:
    sentence = shell.refused(3, "system", "halt", "--incident", "X", "--chain-id", 1, by="emergency")
    assert sentence.endswith("serves chain 31337, not 1; nothing was done.")


def test_a_chain_without_a_record_ends_with_3(bare_shell: Shell) -> None:
    assert "There is no deployment record" in bare_shell.refused(3, "system", "status")


def test_the_record_of_another_chain_of_the_same_number_ends_with_3(shell: Shell) -> None:
    path = shell.deployments / "31337.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"genesis": "0x" + "1" * 64}))
    assert "the record of another chain of the same number" in shell.refused(3, "system", "status")


@pytest.mark.usefixtures("nothing_sent")
def test_a_missing_key_ends_with_3(shell: Shell) -> None:
    assert "This act needs a key" in shell.refused(3, "system", "halt", "--incident", "X")
    assert "holds no private key" in shell.refused(3, "system", "halt", "--incident", "X", by="nobody")
    pasted = "ab" * 32
    for signer in (pasted, f"env:{pasted}", f"env:0x{pasted}", f"keystore:{pasted}", f"keystore:0x{pasted}"):
        assert "abab" not in shell.refused(3, "system", "halt", "--incident", "X", "--signer", signer)


@pytest.mark.parametrize("node", ["user:sesame@host:8545", "http://user:sesame@[::1", "ftp://host/?sesame"])
def test_a_credential_in_a_url_that_is_none_is_not_shown(shell: Shell, node: str) -> None:
    sentence = shell.refused(3, "system", "status", "--node", node)
    assert "must start with http" in sentence
    assert "sesame" not in sentence


def test_a_fault_of_the_program_is_one_sentence_without_what_was_given(
    shell: Shell, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("sesame")

    words = ("token", "transfer", token.address, shell.address("bob"), 5)
    monkeypatch.setattr("stotoken.client.token_holder.one_move", broken)
    with pytest.raises(KeyError):
        shell.run(*words, by="alice")
    shell.env["STOTOKEN_DEBUG"] = None
    sentence = shell.refused(70, *words, by="alice")
    assert re.match(r"This program has a fault \(KeyError, test_cli_bad_input.py:\d+\)\. Transaction 0x", sentence)
    assert "was sent: look it up, do not repeat it." in sentence
    assert "sesame" not in sentence


def test_a_node_that_fails_after_it_took_a_transaction_leaves_the_outcome_unknown(
    shell: Shell, token: Token, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> None:
        raise NodeError("The node cannot be reached.")

    monkeypatch.setattr("stotoken.client.orders.Orders.role_of", silent)
    words = ("token", "finalize", token.address, "--document-hash", DOCUMENT)
    sentence = shell.refused(5, *words, by="issuer")
    assert re.match(r"Transaction 0x\w{64} was sent: look it up, do not repeat it. The node cannot", sentence)


@pytest.mark.parametrize("units", ["1e999", "1.5", "true", '"5 "', "-1"])
def test_a_permit_of_units_that_are_none_is_refused(shell: Shell, token: Token, units: str) -> None:
    before = nonces(shell.world)
    r = "0x" + "11" * 32
    text = f'{{"owner": "{shell.address("bob")}", "spender": "{shell.address("carol")}", "units": {units}, '
    text += f'"deadline": 1, "v": 27, "r": "{r}", "s": "{r}"}}'
    sentence = shell.refused(2, "token", "permit", token.address, shell.file("permit.json", text), by="alice")
    assert sentence.endswith("permit.json: is not what `sign-permit --json` prints. Nothing was sent.")
    assert nonces(shell.world) == before


def test_a_result_that_cannot_be_written_says_that_the_act_was_done(shell: Shell, token: Token) -> None:
    words = ["token", "transfer", token.address, shell.address("bob"), "5", "--deployments", str(shell.deployments)]
    env = {name: value for name, value in shell.env.items() if value}
    program = [sys.executable, "-c", "from stotoken.cli import main; main()"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*program, *words, "--signer", "env:KEY_alice"],
            env=env, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 6
    assert re.fullmatch(
        r"It was done by transaction 0x\w{64}, but the result could not be written: No space left on device\. "
        r"Do not repeat it\.\n",
        done.stderr,
    )
    assert token.balance_of(shell.address("bob")) == 5


@pytest.mark.parametrize(
    ("file", "text", "code", "said"),
    [
        ("roles.toml", "SYS_ADMIN = [", 2, "is not valid TOML"),
        ("roles.toml", "SYS_ADMIN = 5", 2, "column SYS_ADMIN: must be an address or a list of addresses"),
        ("roles.yaml", "- a", 2, "must be a mapping"),
        ("roles.toml", 'KING = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"', 3, "There is no role KING"),
        ("roles.toml", 'SYS_ADMIN = "0x7"', 3, "Role SYS_ADMIN: '0x7' is not an address"),
        ("roles.toml", 'ISSUER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"', 3, "Role SYS_ADMIN has no member"),
    ],
)
@pytest.mark.usefixtures("nothing_sent")
def test_wrong_roles_are_refused_before_anything_is_sent(
    bare_shell: Shell, file: str, text: str, code: int, said: str
) -> None:
    assert said in bare_shell.refused(code, "deploy", "apply", "--roles", bare_shell.file(file, text), by="mallory")
    assert not bare_shell.deployments.exists()


def test_an_interrupted_deployment_is_told_and_taken_up_again(bare_shell: Shell) -> None:
    shell = bare_shell
    with shell.started("deploy", "apply", "--roles", shell.roles(), by="mallory") as process:
        assert process.stderr is not None
        assert any(line.startswith("[4/") for line in process.stderr)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Interrupted." in rest
    assert "the same command goes on where this one stopped" in rest
    assert "Traceback" not in rest

    assert "is not finished: resume it" in shell.refused(3, "system", "status")
    assert "is the record of another deployment" in shell.refused(
        3, "deploy", "apply", "--roles", shell.roles(), by="dave"
    )
    done = shell.json("deploy", "apply", "--roles", shell.roles(), by="mallory")
    assert shell.json("deploy", "show") == done
    assert shell.json("system", "status")["level"] == "NORMAL"


# --- what the chain refuses -------------------------------------------------------------------------------------------


def test_what_the_chain_refuses_ends_with_the_code_of_its_family(shell: Shell, token: Token) -> None:
    before = nonces(shell.world)
    for code, by, words in (
        (10, "alice", ("token", "transfer", token.address, shell.address("mallory"), 5)),
        (11, "alice", ("token", "pause", token.address)),
        (11, "alice", ("system", "halt", "--incident", "X")),
        (12, "alice", ("token", "transfer", token.address, shell.address("bob"), 101)),
        (12, "agent", ("token", "distribute", token.address, shell.allotments(("bob", 1)))),
        (13, "alice", ("token", "cancel-request", token.address, 9)),
    ):
        assert shell.refused(code, *words, by=by).endswith("Nothing was sent.")
    assert nonces(shell.world) == before


def test_errors_are_told_in_japanese_and_in_json(shell: Shell, token: Token) -> None:
    words = ("token", "transfer", token.address, shell.address("mallory"), 5)
    assert "投資者として登録されていません。(条項 6.1.1.7、送信されていません)" in shell.refused(
        10, *words, "--lang", "ja", by="alice"
    )
    assert shell.refused(10, *words, by="alice").endswith(
        "is not registered to any investor. Clause 6.1.1.7. Nothing was sent."
    )
    told = json.loads(shell.refused(10, *words, "--json", by="alice"))
    assert (told["error"], told["exit_code"], told["clause"]) == ("WalletUnregistered", 10, "6.1.1.7")
    assert told["arguments"] == {"wallet": shell.address("mallory")}


def test_a_distribution_that_one_row_spoils_distributes_nothing(shell: Shell, token: Token) -> None:
    shell.world.issue(token, "treasury", 500)
    shell.world.order(token.allot(500))
    table = shell.allotments(("bob", 100), ("mallory", 100))
    assert "is not registered to any investor" in shell.refused(
        10, "token", "distribute", token.address, table, by="agent"
    )
    words = ("token", "distribute", token.address, shell.allotments(("bob", 501)))
    assert "501 units are asked for and 500 are allotted" in shell.refused(12, *words, by="agent")
    assert token.balance_of(shell.address("treasury")) == 500


def test_a_distribution_is_never_made_twice(shell: Shell, token: Token) -> None:
    shell.world.issue(token, "treasury", 500)
    shell.world.order(token.allot(500))
    table = shell.allotments(("bob", 100), ("carol", 50))
    first = shell.json("token", "distribute", token.address, table, by="agent")
    again = shell.json("token", "distribute", token.address, table, by="agent")
    assert (first["wallets"], again["wallets"], again["known"]) == (2, 0, 2)
    assert token.balance_of(shell.address("bob")) == 100
    meant = shell.json("token", "distribute", token.address, table, "--batch", "second", by="agent")
    assert meant["units"] == 150
    assert token.balance_of(shell.address("bob")) == 200


def test_a_distribution_whose_journal_was_lost_is_not_made_again(shell: Shell, token: Token) -> None:
    shell.world.issue(token, "treasury", 500)
    shell.world.order(token.allot(500))
    words = ("token", "distribute", token.address, shell.allotments(("bob", 100), ("carol", 50)))
    shell.json(*words, by="agent")
    for path in shell.deployments.glob("*.jobs.*"):
        path.unlink()
    again = shell.json(*words, by="agent")
    assert (again["wallets"], again["known"], again["transactions"]) == (0, 2, [])
    assert token.balance_of(shell.address("bob")) == 100
