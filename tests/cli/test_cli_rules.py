"""Rules by commands: proposed, carried out, shown, and every refusal explained."""

from __future__ import annotations

import pytest
from cli_shell import DOCUMENT, Shell
from contracts.rules.book import deploy, refusing

from stotoken.client.token import Token


@pytest.fixture
def token(shell: Shell) -> Token:
    token = shell.world.new_token(partitions=["class-a"])
    shell.world.issue(token, "alice", 100)
    return token


def order(shell: Shell, *words: object, proposer: str = "issuer") -> None:
    shell.order("token", *words, proposer=proposer, approver="compliance")


def test_a_transfer_that_would_happen_is_explained_by_nothing(shell: Shell, token: Token) -> None:
    words = ("token", "explain", token.address, shell.address("alice"), shell.address("bob"), 1)
    assert shell.text(*words) == "The transfer would happen.\n"
    assert shell.text(*words, "--lang", "ja") == "移転できます。\n"
    assert shell.json(*words) == {"can": True, "reasons": []}


def test_every_reason_is_listed_in_both_languages(shell: Shell, token: Token) -> None:
    order(shell, "lock", token.address, "--until", "2090-01-01")
    order(shell, "limits", token.address, "--maximum", 10)
    bob = shell.address("bob")
    words = ("token", "explain", token.address, shell.address("alice"), bob, 11)
    text = shell.text(*words)
    assert text.splitlines()[0] == "The transfer would be refused, for 2 reasons."
    assert "  1. LOCKUP, clause 6.1.1.7\n" in text
    assert f"     {bob} would have 11 units; a holding has at most 10.\n" in text
    assert "最高保有口数 10 口を超えます。" in text
    found = shell.json(*words)
    assert found["can"] is False
    assert [reason["reason"] for reason in found["reasons"]] == ["LOCKUP", "MAX_HOLDING"]
    assert all(reason["message"] and reason["message_ja"] for reason in found["reasons"])


def test_each_rule_is_ordered_by_its_command(shell: Shell, token: Token) -> None:
    oracle, rule = deploy(shell.world, "SanctionsList"), refusing(shell.world, b"")
    order(shell, "limits", token.address, "--minimum", 1, "--maximum", 50, "--lot-size", 5, "--partition", "class-a")
    order(shell, "countries", token.address, "--refuse", "840+036")
    order(shell, "window", token.address, "--from", "2026-01-01", "--until", "2090-01-01")
    order(shell, "closed-period", token.address, "--days", 3)
    order(shell, "sanctions", token.address, "--oracle", oracle, proposer="registrar")
    order(shell, "rules", token.address, rule)
    client = shell.world.token(token.address)
    assert client.limits("class-a").lot_size == 5
    assert client.countries().countries == (36, 840)
    assert client.window().closes > client.window().opens > 0
    assert client.further_rules() == type(client.further_rules())(3 * 86_400, oracle, (rule,))
    order(shell, "countries", token.address)
    order(shell, "window", token.address)
    order(shell, "rules", token.address)
    order(shell, "sanctions", token.address, proposer="registrar")
    assert client.further_rules().rules == ()
    assert not any(client.window().values())


WRONG = {
    "both ways": (("countries", "--admit", "392", "--refuse", "840"), "either admitted or refused"),
    "no country": (("countries", "--admit", "392+JP"), "--admit: must be a country's three digits"),
    "a holder of no partition": (("window", "--holder", "0x" + "11" * 20), "--holder goes with --partition"),
    "units": (("limits", "--minimum", "1.5"), "--minimum: '1.5' is not a whole number of units"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_rule_is_one_sentence_and_exit_2(shell: Shell, token: Token, name: str) -> None:
    (verb, *words), sentence = WRONG[name]
    said = shell.refused(2, "token", verb, token.address, *words, "--document-hash", DOCUMENT, by="issuer")
    assert sentence in said
    assert len(said.splitlines()) == 1


def test_a_rule_the_chain_would_not_take_is_told_when_it_is_proposed(shell: Shell, token: Token) -> None:
    words = ("token", "limits", token.address, "--minimum", 5, "--maximum", 4, "--document-hash", DOCUMENT)
    assert shell.json(*words, by="issuer")["as_things_stand"] == "A rule cannot be set so: MAXIMUM."
