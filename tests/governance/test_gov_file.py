"""A governance file that breaks a rule is refused in one sentence, before anything is done."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gov_files import PACKAGE, everybody, firm
from world import World

from stotoken.errors import ConfigError
from stotoken.governance import Governance, check, plan, read_rights
from stotoken.governance.unrowed import UNROWED, state_changing
from stotoken.types import Role

ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"


def refusal(world: World, governance: Governance) -> str:
    with pytest.raises(ConfigError) as refused:
        check(governance, world.deployment)
    said = str(refused.value)
    assert said.endswith("Nothing was done.")
    assert "\n" not in said
    return said


# --- the shape --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ("members = 1", "members must be a section"),
        (f'[members]\nKING = ["{ADDRESS}"]', "members: There is no role KING; the roles are SYS_ADMIN,"),
        ('[members]\nISSUER = ["0x12"]', "members: Role ISSUER: '0x12' is not an address"),
        (f'[members]\nISSUER = ["{ADDRESS[:-1]}9"]', "0x70997970C51812dc3A010C7d01b50e0d17dc79C9 fails its checksum"),
        (f'[members]\nISSUER = "{ADDRESS}"', "members.ISSUER must be a list of addresses, in quotes"),
        ("[members.ISSUER]\nREGISTRAR = []", "members.ISSUER must be a list of addresses, in quotes"),
        ('[token]\npause = { execute = [["ISSUER"]] }', "execute must be a list of roles among"),
        (
            '[token]\npause = { execute = ["ISSUER"] }\n"pause()" = { execute = ["ISSUER"] }',
            "token.pause() is named twice",
        ),
        ("[members]\nISSUER = [1]", "members.ISSUER must be a list of addresses, in quotes"),
        (f'[members.ZZ]\nKING = ["{ADDRESS}"]', "members.ZZ: There is no role KING"),
        ('[members."0x12"]\nISSUER = []', "members.0x12: '0x12' is not an address"),
        (f'[members."{ADDRESS}"]\n[members."{ADDRESS.lower()}"]', "the token is named twice"),
        ("[member]\n", "there is no section member; there are authority, core_system, token, members"),
        ('[token]\npause = { execute = ["ISSUER"], during_halt = 1 }', "during_halt must be true or false"),
        (
            '[token]\npause = { execute = ["ISSUER"], veto = ["ISSUER"] }',
            "veto is fixed by the queue of orders: nobody",
        ),
        (
            '[token]\nsplit = { propose = ["REGISTRAR"], approve = ["ISSUER"], veto = ["AUDITOR"] }',
            "veto is fixed by the queue of orders: ISSUER COMPLIANCE",
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_its_place(tmp_path: Path, members: str, sentence: str) -> None:
    path = tmp_path / "firm.toml"
    path.write_text(members, "utf-8")
    with pytest.raises(ConfigError, match=re.escape(sentence)) as refused:
        Governance.load(path)
    assert str(refused.value).startswith(str(path))


def test_a_file_may_name_the_guardians_that_the_queue_has(tmp_path: Path, world: World) -> None:
    rows = PACKAGE.replace(
        'split = { propose = ["REGISTRAR"], approve = ["ISSUER"] }',
        'split = { propose = ["REGISTRAR"], approve = ["ISSUER"], veto = ["ISSUER", "COMPLIANCE"] }',
    )
    assert rows != PACKAGE
    governance = firm(tmp_path, world, rows=rows)
    assert governance.matrix.row("token", "split").guardians == {Role.ISSUER, Role.COMPLIANCE}
    check(governance, world.deployment)


def test_a_token_that_the_system_has_not_is_refused(world: World, tmp_path: Path) -> None:
    governance = firm(tmp_path, world, {None: everybody(), "ZZ0000000000": {"ISSUER": ["mallory"]}})
    with pytest.raises(ConfigError, match="members.ZZ0000000000: this system has no such token; nothing was done"):
        plan(governance, read_rights(world.deployment, world.connection), world.connection)


# --- the rules of members ---------------------------------------------------------------------------------------------


def test_one_address_on_both_sides_of_a_row_is_refused(world: World, tmp_path: Path) -> None:
    both = world.people.issuer.address
    said = refusal(world, firm(tmp_path, world, {None: everybody(REGISTRAR=["registrar", "issuer"])}))
    assert f"{both} could both propose and approve" in said


def test_one_address_on_both_sides_of_a_row_of_one_token_is_refused(world: World, tmp_path: Path) -> None:
    token = {"ZZTEST000001": {"REGISTRAR": ["issuer"]}}
    said = refusal(world, firm(tmp_path, world, {None: everybody(), **token}))
    assert f"{world.people.issuer.address} could both propose and approve" in said
    assert "for token ZZTEST000001" in said


@pytest.mark.parametrize("role", ["ISSUER", "EMERGENCY", "AUDITOR", "CUSTODIAN"])
def test_an_administrator_with_another_role_is_refused(world: World, tmp_path: Path, role: str) -> None:
    said = refusal(world, firm(tmp_path, world, {None: everybody(**{role: ["sys_admin"]})}))
    assert "holds SYS_ADMIN and may hold no other role" in said or "could both propose and approve" in said


def test_an_administrator_with_a_role_of_one_token_is_refused(world: World, tmp_path: Path) -> None:
    said = refusal(world, firm(tmp_path, world, {None: everybody(), "ZZTEST000001": {"CUSTODIAN": ["sys_admin"]}}))
    assert "holds SYS_ADMIN and may hold no other role, but is named for CUSTODIAN" in said


def test_an_administrator_of_one_token_is_refused(world: World, tmp_path: Path) -> None:
    said = refusal(world, firm(tmp_path, world, {None: everybody(), "ZZTEST000001": {"SYS_ADMIN": ["mallory"]}}))
    assert "cannot be held for token ZZTEST000001 alone" in said


@pytest.mark.parametrize("role", ["SYS_ADMIN", "COMPLIANCE"])
def test_the_last_of_those_who_govern_is_not_lost(world: World, tmp_path: Path, role: str) -> None:
    said = refusal(world, firm(tmp_path, world, {None: everybody(**{role: []})}))
    assert f"Role {role} has no member" in said


def test_a_row_of_governance_that_nobody_could_order_is_refused(world: World, tmp_path: Path) -> None:
    rows = PACKAGE.replace('setRow = { propose = ["SYS_ADMIN"]', 'setRow = { propose = ["KYC_PROVIDER"]')
    said = refusal(world, firm(tmp_path, world, rows=rows))
    assert "authority.setRow needs KYC_PROVIDER, which has no member." in said


def test_a_member_named_twice_is_refused(world: World, tmp_path: Path) -> None:
    said = refusal(world, firm(tmp_path, world, {None: everybody(ISSUER=["issuer", "issuer"])}))
    assert "Role ISSUER names the same member twice" in said


# --- the rules of rows ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("pause = {", "#pause = {", "token.pause() has no row"),
        ("grantRole = {", "#grantRole = {", "authority.grantRole(uint64,address,uint32) has no row"),
        (
            "[token]\n",
            '[token]\nredeemFrom = { execute = ["ISSUER"] }\n',
            "token.redeemFrom(address,uint256,bytes) asks",
        ),
        (
            "delay = 172800",
            "delay = 2592001",
            "authority.setRow has a delay of 2592001 seconds; the longest is 2592000",
        ),
        (
            '["COMPLIANCE"], delay = 172800',
            '["COMPLIANCE"], delay = 1, during_halt = true',
            "a way out of a halt has none",
        ),
        (
            'resume = { propose = ["SYS_ADMIN"], approve = ["COMPLIANCE"], during_halt = true }',
            'resume = { propose = ["SYS_ADMIN"], approve = ["COMPLIANCE"] }',
            "core_system.resume must be an order that runs during a halt",
        ),
        (
            'setRow = { propose = ["SYS_ADMIN"], approve = ["COMPLIANCE"]',
            'setRow = { execute = ["EMERGENCY"], propose = ["SYS_ADMIN"], approve = ["COMPLIANCE"]',
            "authority.setRow must not be one person's act",
        ),
        ('distribute = { execute = ["', 'distribute = { execute = ["SYS_ADMIN", "', "token.distribute is business"),
    ],
)
def test_rows_that_break_a_rule_are_refused(world: World, tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in PACKAGE
    assert sentence in refusal(world, firm(tmp_path, world, rows=PACKAGE.replace(old, new, 1)))


def test_a_row_of_the_authority_that_no_order_can_set_is_refused(world: World, tmp_path: Path) -> None:
    rows = PACKAGE.replace("[authority]\n", '[authority]\nenrol = { execute = ["ISSUER"] }\n')
    assert "authority.enrol(address) asks for no row" in refusal(world, firm(tmp_path, world, rows=rows))


def test_every_function_without_a_row_that_is_nobodys_own_is_missed(world: World) -> None:
    matrix = world.matrix
    rows = {f"{row.contract}.{row.signature}" for row in matrix}
    assert len(rows) == len(state_changing().keys() - UNROWED)
