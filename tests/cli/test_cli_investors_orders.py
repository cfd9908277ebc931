"""Investors, orders and the halt, by commands."""

from __future__ import annotations

from hashlib import sha256

import pytest
from cli_shell import DOCUMENT, Shell

from stotoken.client.act import Act
from stotoken.types import Basis, Role, format_jst


def test_a_table_is_registered_once_and_taken_up_again(shell: Shell) -> None:
    first = shell.json("investor", "register", shell.investors("mallory"), by="compliance")
    again = shell.json("investor", "register", shell.investors("mallory"), by="compliance")
    assert (first["wallets"], again["wallets"], again["known"]) == (1, 0, 1)
    assert again["transactions"] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_tables_of_spreadsheets_are_accepted(shell: Shell, encoding: str) -> None:
    table = shell.investors("mallory")
    table.write_text(table.read_text("utf-8"), encoding)
    assert shell.json("investor", "register", table, by="compliance")["wallets"] == 1


def test_a_frozen_wallet_is_shown_and_unfrozen_by_order(shell: Shell) -> None:
    alice = shell.address("alice")
    assert shell.json("investor", "freeze", alice, by="compliance")["frozen"] is True
    shown = shell.json("investor", "show", alice)
    assert (shown["verified"], shown["frozen"], shown["classes"]) == (False, True, ["KYC"])
    shell.order("investor", "unfreeze", alice, proposer="registrar", approver="compliance")
    assert shell.json("investor", "show", alice)["verified"] is True
    assert shell.json("investor", "show", shell.address("mallory"))["registered"] is False


def test_an_order_is_told_in_words_with_what_to_do_next(shell: Shell) -> None:
    said = shell.text("investor", "unfreeze", shell.address("alice"), "--document-hash", DOCUMENT, by="registrar")
    assert said.startswith("Proposed order 1: Unfreeze wallet")
    assert "Next, somebody else of COMPLIANCE approves it: stotoken order approve 1 --hash 0x" in said
    assert "Then somebody of REGISTRAR, which proposed it, carries it out" in said
    assert "stotoken order execute 1" in said
    told = shell.text(
        "investor", "unfreeze", shell.address("alice"), "--document-hash", DOCUMENT, "--lang", "ja", by="registrar"
    )
    assert "命令 2 を提案しました" in told


def test_an_order_rests_on_its_document_its_deadline_and_its_basis(shell: Shell) -> None:
    deadline = shell.world.now + 86_400
    proposed = shell.json(
        "investor", "unfreeze", shell.address("alice"), "--document", shell.file("letter.txt", "please"),
        "--basis", "judgment", "--deadline", format_jst(deadline), by="registrar",
    )  # fmt: skip
    shown = shell.json("order", "show", proposed["order"])
    assert (shown["basis"], shown["deadline"]) == ("JUDGMENT", deadline)
    assert shown["document_hash"] == f"0x{sha256(b'please').hexdigest()}"
    assert shown["arguments"] == {"wallet": shell.address("alice")}


def test_an_order_is_approved_only_as_it_was_read(shell: Shell) -> None:
    proposed = shell.json("investor", "unfreeze", shell.address("alice"), "--document-hash", DOCUMENT, by="registrar")
    id = proposed["order"]
    assert "away from a terminal" in shell.refused(2, "order", "approve", id, by="compliance")
    assert "is not the act that was shown" in shell.refused(
        2, "order", "approve", id, "--hash", DOCUMENT, by="compliance"
    )
    assert shell.json("order", "show", id)["status"] == "PROPOSED"
    assert "Nothing was sent." in shell.refused(11, "order", "approve", id, "--hash", proposed["hash"], by="registrar")
    assert "Nothing was sent." in shell.refused(13, "order", "execute", id, by="registrar")


def test_orders_are_listed_and_vetoed(shell: Shell) -> None:
    words = ("investor", "unfreeze", shell.address("alice"), "--document-hash", DOCUMENT)
    first, second = (shell.json(*words, by="registrar")["order"] for _ in range(2))
    shell.json("order", "veto", first, by="compliance")
    assert [order["id"] for order in shell.json("order", "list")["orders"]] == [first, second]
    assert [order["id"] for order in shell.json("order", "list", "--status", "vetoed")["orders"]] == [first]
    assert "There is no order 99." in shell.refused(2, "order", "show", 99)


def test_the_approver_reads_the_terms_of_a_token_by_their_names(shell: Shell) -> None:
    words = ("token", "create", shell.terms(), "--treasury", shell.address("treasury"), "--document-hash", DOCUMENT)
    order = shell.json(*words, by="sys_admin")["order"]
    terms = shell.json("order", "show", order)["arguments"]["terms"]
    assert (terms["symbol"], terms["identifier"], terms["authorised_units"]) == ("TRIAL", "ZZ0000CLI00X", 100_000)
    assert "identifier" in shell.text("order", "show", order)


def test_the_approver_is_told_how_long_an_order_must_wait_also_after_a_halt(shell: Shell) -> None:
    world = shell.world
    shell.json("system", "halt", "--incident", "INC-7", by="emergency")
    world.travel(100_000)
    shell.order("system", "resume", "--incident", "INC-7", proposer="sys_admin", approver="compliance")
    row = world.authority.row_of(
        world.deployment.system, world.system.bind.freeze_wallet(shell.address("bob")).data[:4]
    )
    act = world.authority.set_row(world.deployment.system, b"\x01\x02\x03\x04", row)
    orders = world.orders.by(world.people.of(Role.SYS_ADMIN))
    ref = orders.propose(Act(act.call, Basis.GOVERNANCE, "", ""), bytes(31) + b"\1", world.now + 86_400 * 10)
    approved = shell.json("order", "approve", ref.id, "--hash", "0x" + ref.hash.hex(), by="compliance")
    assert 172_000 < approved["ready_in"] <= 172_800
    assert "ready in" in shell.text("order", "show", ref.id)


def test_the_outlook_of_an_order_is_told_when_it_is_proposed(shell: Shell) -> None:
    token = shell.world.new_token(authorised_units=10)
    words = ("token", "issue", token.address, shell.address("alice"))
    good = shell.json(*words, 10, "--document-hash", DOCUMENT, by="agent")
    assert good["as_things_stand"] == "it can be done"
    bad = shell.json(*words, 11, "--document-hash", DOCUMENT, by="agent")
    assert "would exceed the 10 that are authorised" in bad["as_things_stand"]


def test_a_restricted_system_is_halted_further_and_resumed(shell: Shell) -> None:
    restrict = ("system", "halt", "--level", "restricted", "--incident", "INC-7")
    shell.json(*restrict, by="registrar")
    assert shell.json("system", "status")["level"] == "RESTRICTED"
    assert "from RESTRICTED to HALTED" in shell.text("system", "halt", "--incident", "INC-7", by="emergency")
    assert "Nothing was sent." in shell.refused(13, *restrict, by="registrar")
    shell.order("system", "resume", "--incident", "INC-7", proposer="sys_admin", approver="compliance")
    assert shell.json("system", "status")["level"] == "NORMAL"


def test_roles_and_the_implementation_are_changed_by_order(shell: Shell) -> None:
    mallory = shell.address("mallory")
    words = ("KYC_PROVIDER", mallory)
    shell.order("system", "grant-role", *words, proposer="sys_admin", approver="compliance")
    assert shell.world.authority.holds(Role.KYC_PROVIDER, mallory)
    shell.order("system", "revoke-role", *words, proposer="sys_admin", approver="compliance")
    assert not shell.world.authority.holds(Role.KYC_PROVIDER, mallory)

    made = shell.world.deployment.implementation
    proposed = shell.json("system", "set-implementation", made, "--document-hash", DOCUMENT, by="sys_admin")
    assert (proposed["approvers"], proposed["executor"]) == (["COMPLIANCE"], "SYS_ADMIN")
