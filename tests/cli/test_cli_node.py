"""The node, the plan of a deployment and the compiler, by commands; the installed program itself."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from cli_shell import Shell
from click.testing import CliRunner

from stotoken.cli import cli

PROGRAM = [sys.executable, "-c", "from stotoken.cli import main; main()"]


def read_object(stream: object) -> dict[str, object]:
    """One JSON object from a stream that stays open."""
    text = ""
    for line in stream:  # type: ignore[attr-defined]
        text += line
        if line.rstrip() == "}":
            break
    found: dict[str, object] = json.loads(text)
    return found


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_node_runs_until_it_is_told_to_end(tmp_path: Path, ending: signal.Signals) -> None:
    env = os.environ | {"STOTOKEN_PASSWORD": "sesame"}
    command = [*PROGRAM, "node", "--port", "0", "--keys", str(tmp_path / "keys"), "--accounts", "2", "--json"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        told = read_object(process.stdout)
        url, keystores = str(told["url"]), told["keystores"]
        assert isinstance(keystores, list)
        assert len(keystores) == 2
        result = CliRunner().invoke(
            cli,
            ["system", "halt", "--incident", "X", "--node", url, "--signer", f"keystore:{keystores[0]}"],
            env={"STOTOKEN_PASSWORD": "sesame"},
        )
        assert (result.exit_code, "There is no deployment record" in result.stderr) == (3, True)
        process.send_signal(ending)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    assert said.strip() == "The node was ended."
    assert "sesame" not in json.dumps(told)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0


def test_keystores_need_a_password_before_the_node_starts(tmp_path: Path) -> None:
    env = {"STOTOKEN_PASSWORD": None}
    result = CliRunner().invoke(cli, ["node", "--keys", str(tmp_path / "keys")], env=env)
    assert result.exit_code == 3
    assert result.stderr == "Keystores need a password: set STOTOKEN_PASSWORD. No node was started.\n"


def test_a_taken_port_ends_with_4() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = CliRunner().invoke(cli, ["node", "--port", str(other.getsockname()[1])])
    assert result.exit_code == 4
    assert "is already taken; no node was started." in result.stderr


def test_ganache_without_gas_price_is_refused() -> None:
    result = CliRunner().invoke(cli, ["node", "--engine", "ganache", "--free-gas"])
    assert (result.exit_code, "hangs at a gas price of zero" in result.stderr) == (3, True)


def test_a_plan_is_printed_without_a_key_and_sends_nothing(bare_shell: Shell) -> None:
    deployer = bare_shell.address("mallory")
    before = bare_shell.world.connection.nonce(deployer)
    words = ("deploy", "plan", "--roles", bare_shell.roles(), "--deployer", deployer)
    told = bare_shell.json(*words)
    assert told["steps"][0]["name"] == "create Documents"
    text = bare_shell.text(*words)
    assert text.startswith(f"Chain 31337, deployer {deployer}, first nonce {before}")
    assert told["steps"][3]["creates"] in text
    assert bare_shell.world.connection.nonce(deployer) == before
    assert not (bare_shell.deployments / "31337.json").exists()


def test_roles_come_from_options_and_yaml_too(bare_shell: Shell) -> None:
    people = bare_shell.world.people
    options = ["--role", f"ISSUER={people.issuer.address}"]
    text = f"SYS_ADMIN: ['{people.sys_admin.address}']\nCOMPLIANCE: '{people.compliance.address}'\n"
    words = (
        "deploy",
        "plan",
        "--roles",
        bare_shell.file("roles.yaml", text),
        "--deployer",
        bare_shell.address("mallory"),
    )
    grants = bare_shell.text(*words, *options)
    assert f"ISSUER to {people.issuer.address}" in grants
    assert "is not ROLE=ADDRESS" in bare_shell.refused(2, *words, "--role", "ISSUER")
    assert "needs members of its roles" in bare_shell.refused(2, *words[:2], *words[4:])


def test_a_record_that_is_not_of_the_code_on_chain_is_found_out(shell: Shell) -> None:
    path = shell.deployments / "31337.json"
    record = json.loads(path.read_text())
    addresses = record["addresses"]
    addresses["Orders"], addresses["CoreSystem"] = addresses["CoreSystem"], addresses["Orders"]
    path.write_text(json.dumps(record))
    assert "there is not the code of" in shell.refused(3, "deploy", "verify")


def test_the_record_is_shown_as_a_table(shell: Shell) -> None:
    text = shell.text("deploy", "show")
    assert f"CoreSystem     {shell.world.deployment.system}" in text
    assert f"COMPLIANCE     {shell.address('compliance')}" in text


def test_the_program_runs_by_itself() -> None:
    done = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("stotoken ")
