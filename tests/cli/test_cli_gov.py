"""Governance by commands: what differs has an exit code, what is next is told, what is wrong is one sentence."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from cli_shell import Shell
from world import DAY, ROLES

from stotoken.cli.root import EXIT_CODES
from stotoken.terminal import WIDTH, width
from stotoken.types import Role

PACKAGE = files("stotoken").joinpath("governance.toml").read_text("utf-8")


def firm(shell: Shell, rows: str = PACKAGE, more: str = "", **changed: Sequence[str]) -> Path:
    """The package's rows with the world's people as members; `changed` by role."""
    named = {role.name: [name] for name, role in ROLES.items()} | changed
    lines = [f"{role} = [{', '.join(f'{shell.address(name)!r}' for name in names)}]" for role, names in named.items()]
    return shell.file("firm.toml", "\n".join([rows, "[members]", *lines, more]))


def fits(text: str) -> bool:
    return all(width(line) <= WIDTH for line in text.splitlines())


# --- matrix -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_matrix_of_the_file_and_of_the_chain_are_one_table(shell: Shell, lang: str) -> None:
    table = shell.text("gov", "matrix", "--lang", lang)
    assert shell.text("gov", "matrix", "--on-chain", "--lang", lang) == table
    assert fits(table)
    marks = next(line for line in table.splitlines() if line.startswith("  setFrozenTokens ")).split()
    assert marks[1:] == [".", ".", ".", ".", "P", "XA", ".", ".", ".", ".", "."]


def test_the_matrix_needs_no_node(shell: Shell) -> None:
    shell.env["STOTOKEN_NODE"] = None
    assert "setRow" in shell.text("gov", "matrix", "--file", firm(shell))


def test_the_matrix_for_machines_names_roles_and_guardians(shell: Shell) -> None:
    rows = {row["function"]: row for row in shell.json("gov", "matrix")["functions"]}
    assert rows["authority.setRow"] == {
        "function": "authority.setRow",
        "execute": [],
        "propose": ["SYS_ADMIN"],
        "approve": ["COMPLIANCE"],
        "veto": ["COMPLIANCE"],
        "delay": 172800,
        "during_halt": False,
    }
    assert rows["token.split"]["veto"] == ["ISSUER", "COMPLIANCE"]


def test_a_file_without_rows_is_a_table_without_any(shell: Shell) -> None:
    assert shell.text("gov", "matrix", "--file", shell.file("empty.toml", "")).lstrip().startswith("ADM")


def test_the_matrix_is_not_of_a_file_and_of_the_chain_at_once(shell: Shell) -> None:
    assert "not both" in shell.refused(2, "gov", "matrix", "--on-chain", "--file", firm(shell))


# --- diff -------------------------------------------------------------------------------------------------------------


def test_a_fresh_deployment_has_no_difference(shell: Shell) -> None:
    for words in ((), ("--file", firm(shell))):
        assert shell.text("gov", "diff", *words).startswith("No difference")
        assert shell.json("gov", "diff", *words) == {"differences": []}
    assert shell.text("gov", "diff", "--lang", "ja").startswith("差異なし")


def test_a_difference_is_named_and_has_its_exit_code(shell: Shell) -> None:
    world, mallory = shell.world, shell.address("mallory")
    world.order(world.authority.grant(Role.EMERGENCY, mallory))
    found = shell.run("gov", "diff")
    assert found.exit_code == 1
    assert f"EMERGENCY: {mallory}\n    expected  not a member\n    on chain  a member since" in found.stdout
    assert shell.run("gov", "diff", "--json").exit_code == 1
    assert "governance" in dict(EXIT_CODES)["1"]
    japanese = shell.run("gov", "diff", "--lang", "ja")
    assert "差異 1 件" in japanese.stdout
    assert "ファイル  保持者でない" in japanese.stdout
    assert fits(found.stdout + japanese.stdout)


# --- plan and apply ---------------------------------------------------------------------------------------------------


def test_a_plan_is_printed_with_its_exact_calls(shell: Shell) -> None:
    mallory = shell.address("mallory")
    said = shell.text("gov", "plan", "--file", file := firm(shell, AUDITOR=["mallory"]))
    assert said.startswith("2 orders lead from the chain to ")
    assert f"  1  Grant AUDITOR to {mallory}.\n     authority.grantRole(11, {mallory}, 0)\n" in said
    assert "proposed by SYS_ADMIN, approved by COMPLIANCE" in said
    japanese = shell.text("gov", "plan", "--file", file, "--lang", "ja")
    assert f"{mallory} に AUDITOR を付与する。" in japanese
    assert fits("\n".join([*said.splitlines()[1:], *japanese.splitlines()[1:]]))
    [grant, _] = shell.json("gov", "plan", "--file", file)["steps"]
    assert (grant["function"], grant["delay"]) == ("grantRole(uint64,address,uint32)", 0)
    assert grant["arguments"] == {"roleId": 11, "account": mallory, "executionDelay": 0}
    assert shell.world.orders.count() == 0


def test_two_people_apply_a_plan_with_one_command(shell: Shell) -> None:
    rows = PACKAGE.replace('pause = { execute = ["EMERGENCY", ', "pause = { execute = [", 1)
    words = ("gov", "apply", "--file", firm(shell, rows, AUDITOR=["mallory"]))
    said = shell.text(*words, by="sys_admin")
    assert "order 1 was proposed just now: COMPLIANCE approves it" in said
    assert "Next: COMPLIANCE runs the same command with the same file, to approve: 1, 2, 3." in said
    assert "order 1 is proposed: COMPLIANCE approves it" in shell.text(*words, by="sys_admin")
    said = shell.text(*words, by="compliance")
    assert "order 3 was approved just now" in said
    assert "Next: SYS_ADMIN runs the same command, to carry them out in this order." in said
    said = shell.text(*words, by="sys_admin")
    assert "order 2 was carried out just now" in said
    assert "order 3 is approved; it can be carried out from " in said
    shell.world.travel(2 * DAY)
    [last] = shell.json(*words, by="sys_admin")["steps"]
    assert (last["state"], last["order"], last["moved"]) == ("DONE", 3, True)
    assert shell.text(*words, by="sys_admin").startswith("Nothing to do: the chain is as ")
    assert shell.text("gov", "diff", *words[2:]).startswith("No difference")
    assert shell.run("gov", "diff").exit_code == 1


def test_a_plan_is_applied_in_japanese(shell: Shell) -> None:
    words = ("gov", "apply", "--lang", "ja", "--file", firm(shell, AUDITOR=["mallory"]))
    assert "次: COMPLIANCE が同じファイルと同じコマンドで承認します: 1, 2" in shell.text(*words, by="sys_admin")
    assert "命令 2: 今回承認済み" in shell.text(*words, by="compliance")
    assert shell.text(*words, by="sys_admin").rstrip().endswith("のとおりになりました。")
    assert shell.text(*words, by="sys_admin").startswith("何もする必要はありません")


def test_a_stranger_to_the_plan_is_not_authorised(shell: Shell) -> None:
    said = shell.refused(11, "gov", "apply", "--file", firm(shell, AUDITOR=["mallory"]), by="mallory")
    assert said.endswith("SYS_ADMIN proposes it and COMPLIANCE approves it. Nothing was sent.")


def test_to_apply_needs_a_key(shell: Shell) -> None:
    assert "This act needs a key" in shell.refused(3, "gov", "apply")


@pytest.mark.parametrize("verb", ["plan", "apply"])
def test_a_file_that_breaks_a_rule_is_refused(shell: Shell, verb: str) -> None:
    file = firm(shell, SYS_ADMIN=[])
    said = shell.refused(3, "gov", verb, "--file", file, by="sys_admin")
    assert (
        said == f"{file}: Role SYS_ADMIN has no member: without one nobody could govern the system. Nothing was done."
    )


@pytest.mark.parametrize("verb", ["matrix", "diff", "plan", "apply"])
def test_a_file_that_is_not_there_is_refused(shell: Shell, verb: str) -> None:
    said = shell.refused(3, "gov", verb, "--file", "nowhere.toml", by="sys_admin")
    assert said == "The role matrix nowhere.toml cannot be read: No such file or directory."


def test_a_token_that_the_system_has_not_is_refused(shell: Shell) -> None:
    file = firm(shell, more=f'[members.ZZ0000000000]\nISSUER = ["{shell.address("mallory")}"]')
    assert shell.refused(3, "gov", "diff", "--file", file).endswith("this system has no such token; nothing was done.")


def test_the_halt_stops_the_plan_with_its_own_exit_code(shell: Shell) -> None:
    rows = PACKAGE.replace('pause = { execute = ["EMERGENCY", ', "pause = { execute = [", 1)
    shell.json("system", "halt", "--incident", "INC-1", by="emergency")
    shell.refused(10, "gov", "apply", "--file", firm(shell, rows), by="sys_admin")


# --- access review ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_access_review_is_told_in_both_languages(shell: Shell, lang: str) -> None:
    world, mallory = shell.world, shell.address("mallory")
    token = world.new_token()
    world.order(world.authority.grant(Role.CUSTODIAN, mallory, token.address))
    said = shell.text("gov", "access-review", "--lang", lang)
    assert fits(said)
    assert {"en": "Token ZZTEST", "ja": "トークン ZZTEST"}[lang] in said
    assert f"{shell.address('sys_admin')} {'proposed' if lang == 'en' else '提案'}," in said
    assert {"en": "executes alone  token: reportLoss", "ja": "単独執行  token: reportLoss"}[lang] in said
    assert {"en": "vetoes  every order", "ja": "却下  停止中に執行できない命令すべて"}[lang] in said


def test_the_access_review_for_machines_and_spreadsheets_has_the_same_rows(shell: Shell) -> None:
    world, mallory = shell.world, shell.address("mallory")
    receipt = world.order(world.authority.grant(Role.EMERGENCY, mallory))
    access = shell.json("gov", "access-review")["access"]
    given = next(each for each in access if each["account"] == mallory)
    assert (given["since"], given["block_number"], given["tx_hash"], given["order"]) == (
        receipt.timestamp,
        receipt.block_number,
        receipt.tx_hash,
        1,
    )
    assert given["by"] == [shell.address("sys_admin"), shell.address("compliance")]
    path = shell.folder / "review.csv"
    assert "11 roles" not in shell.text("gov", "access-review", "--output", path)
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert [row[:2] for row in rows[1:]] == [[each["role"], each["account"]] for each in access]
    assert rows[0][:2] == ["role", "account"]
    shell.text("gov", "access-review", "--output", path, "--lang", "ja")
    assert path.read_text("utf-8-sig").startswith("役割,保持者,")


def test_a_review_that_cannot_be_written_is_refused(shell: Shell) -> None:
    said = shell.refused(3, "gov", "access-review", "--output", shell.folder)
    assert said.endswith("cannot be written: Is a directory; no review was written.")


# --- a system deployed from one file ----------------------------------------------------------------------------------


def test_a_system_is_deployed_with_the_members_of_its_governance_file(bare_shell: Shell) -> None:
    file = firm(bare_shell, EMERGENCY=["mallory"])
    bare_shell.json("deploy", "apply", "--matrix", file, by="deployer")
    assert bare_shell.text("gov", "diff", "--file", file).startswith("No difference")
    assert bare_shell.text("gov", "diff").startswith("No difference")


def test_a_system_that_is_yet_to_come_has_no_tokens_to_name_members_of(bare_shell: Shell) -> None:
    file = firm(bare_shell, more=f'[members.ZZ0000000000]\nISSUER = ["{bare_shell.address("mallory")}"]')
    said = bare_shell.refused(3, "deploy", "plan", "--matrix", file, by="deployer")
    assert said.endswith("a system that is yet to come has no tokens with members; nothing was sent.")
