"""A token's life, by commands alone."""

from __future__ import annotations

from cli_shell import Shell


def test_a_token_lives_by_commands_alone(bare_shell: Shell) -> None:
    shell = bare_shell
    deployed = shell.json("deploy", "apply", "--roles", shell.roles(), by="mallory")
    assert deployed["deployer"] == shell.address("mallory")
    assert shell.json("deploy", "verify")["rights"] is True
    assert shell.json("deploy", "show")["addresses"] == deployed["addresses"]

    registered = shell.json("investor", "register", shell.investors("alice", "bob", "treasury"), by="compliance")
    assert registered["wallets"] == 3
    assert shell.json("investor", "show", shell.address("alice"))["verified"] is True

    created = shell.order(
        "token", "create", shell.terms(), "--treasury", shell.address("treasury"),
        proposer="sys_admin", approver="issuer",
    )  # fmt: skip
    token = created["token"]
    shell.order("token", "issue", token, shell.address("treasury"), 1000, proposer="agent", approver="issuer")
    shell.order("token", "allot", token, 600, proposer="agent", approver="issuer")
    given = shell.json("token", "distribute", token, shell.allotments(("alice", 400), ("bob", 200)), by="agent")
    assert (given["units"], given["wallets"]) == (600, 2)

    moved = shell.json("token", "transfer", token, shell.address("bob"), 50, by="alice")
    assert (moved["units"], moved["from"], moved["to"]) == (50, shell.address("alice"), shell.address("bob"))
    assert shell.json("token", "balance", token, shell.address("bob"))["units"] == 250

    halted = shell.json("system", "halt", "--incident", "INC-1", by="emergency")
    assert (halted["from"], halted["to"]) == ("NORMAL", "HALTED")
    assert "HALTED" in shell.text("system", "status")
    assert "Nothing was sent" in shell.refused(10, "token", "transfer", token, shell.address("bob"), 50, by="alice")
    shell.order("system", "resume", "--incident", "INC-1", proposer="sys_admin", approver="compliance")
    shell.json("token", "transfer", token, shell.address("bob"), 50, by="alice")

    held = {row["wallet"]: row["units"] for row in shell.json("token", "holders", token)["holdings"]}
    assert held == {shell.address(name): units for name, units in (("treasury", 400), ("alice", 300), ("bob", 300))}
    assert shell.json("ledger", "reconcile", token)["equal"] is True
