"""Terms are told in words before anything is sent, and a token beside its terms afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_shell import Shell
from click.testing import CliRunner
from contracts.rules.book import refusing

from stotoken.cli import cli
from stotoken.client.token import Token, terms_from
from stotoken.terms import TokenSpec

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
FUND = ROOT / "examples" / "fund.yaml"


def plan(path: Path, *words: str) -> str:
    """Without any node, key or deployment."""
    result = CliRunner().invoke(cli, ["token", "plan", str(path), *words], prog_name="stotoken")
    assert result.exit_code == 0, result.output
    return result.stdout


def planned(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(plan(path, "--json"))
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_planned_in_both_languages(path: Path) -> None:
    english, japanese = plan(path), plan(path, "--lang", "ja")
    spec = TokenSpec.from_file(path)
    assert english.splitlines()[0] == f"{spec.symbol}: {spec.name}. Nothing was sent."
    assert "何も送信していません" in japanese.splitlines()[0]
    for text in (english, japanese):
        assert spec.category.name in text
        assert "createToken" in text
    assert len(english.splitlines()) == len(japanese.splitlines())
    assert english.replace(spec.name, "").isascii()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_label_of_the_plan_has_its_japanese_word(path: Path) -> None:
    for line in plan(path, "--lang", "ja").splitlines()[1:]:
        label = line.strip().split("  ")[0]
        assert not label or not label.isascii() or label in ("createToken", "setDocument") or label.startswith("set")


def test_the_floor_of_the_law_is_told_with_its_reason() -> None:
    found = planned(ROOT / "examples" / "small-number-bond.yaml")
    assert found["floor"] == ["at most 49 holders", "whole holdings only"]
    assert "fewer than 50 investors" in found["because"]
    assert planned(ROOT / "examples" / "bond.yaml")["floor"] == ["none"]


def test_the_plan_lists_every_order_with_who_proposes_and_who_approves() -> None:
    orders = planned(FUND)["orders"]
    assert [order["function"] for order in orders] == [
        "createToken",
        "setDocument",
        "setLimits",
        "setCountries",
        "setWindow",
        "setClosedPeriod",
    ]
    assert orders[0]["proposers"] == ["SYS_ADMIN"]
    assert orders[1]["approvers"] == []
    assert all(order["approvers"] == ["COMPLIANCE"] for order in orders[2:])


def test_the_plan_states_every_rule_of_the_terms() -> None:
    rules = planned(FUND)["rules"]
    assert list(rules) == [
        "registration",
        "receivers",
        "holders",
        "maturity",
        "limits",
        "countries",
        "window",
        "closed_period",
    ]
    assert rules["limits"] == ["Units of one holding: minimum 10, lots of 5."]


def test_terms_that_are_refused_are_not_planned() -> None:
    path = ROOT / "examples" / "refused" / "small-number-in-parts.yaml"
    result = CliRunner().invoke(cli, ["token", "plan", str(path)], prog_name="stotoken")
    assert result.exit_code == 2
    assert "column whole_only: must be true" in result.stderr
    assert result.stdout == ""


# --- on chain ---------------------------------------------------------------------------------------------------------


def create(shell: Shell, path: Path) -> Token:
    world, spec = shell.world, TokenSpec.from_file(path)
    terms = terms_from(spec, shell.address("treasury"))
    world.order(world.system.create_token(terms))
    token = world.token(world.system.bind.token_of(terms.identifier), "issuer")
    for document in spec.documents:
        token.set_document(document.name, document.uri, document.sha256)
    return token


def show(shell: Shell, token: Token, *words: object) -> Any:
    return shell.json("token", "show", token.address, *words)


def test_what_is_not_yet_ordered_is_the_difference_and_then_there_is_none(shell: Shell) -> None:
    token, spec = create(shell, FUND), TokenSpec.from_file(FUND)
    found = show(shell, token, "--spec", FUND)["difference"]
    assert [each["what"] for each in found] == ["limits", "countries", "window", "closed_period"]
    assert found[0] == {"what": "limits", "spec": ["Units of one holding: minimum 10, lots of 5."], "chain": []}
    text = shell.text("token", "show", token.address, "--spec", FUND)
    assert text.splitlines()[0].endswith(f"; 4 differences from {FUND}.")
    assert "spec: Units of one holding: minimum 10, lots of 5." in text
    assert "chain: -" in text
    for act in token.further_acts(spec):
        shell.world.order(act)
    assert show(shell, token, "--spec", FUND)["difference"] == []
    assert "; no difference from " in shell.text("token", "show", token.address, "--spec", FUND).splitlines()[0]
    japanese = shell.text("token", "show", token.address, "--spec", FUND, "--lang", "ja")
    assert japanese.splitlines()[0].endswith("との相違 0 件)")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_token_of_an_example_is_shown_as_it_was_planned(shell: Shell, path: Path) -> None:
    token, spec = create(shell, path), TokenSpec.from_file(path)
    for act in token.further_acts(spec):
        shell.world.order(act)
    assert show(shell, token)["rules"] == planned(path)["rules"]
    assert show(shell, token, "--spec", path)["difference"] == []


def test_a_document_that_is_missing_or_another_is_a_difference(shell: Shell) -> None:
    path = ROOT / "examples" / "share.yaml"
    token = create(shell, path)
    token.set_document("articles", "https://example.com/other", bytes(32))
    (found,) = show(shell, token, "--spec", path)["difference"]
    assert found["what"] == "documents"
    assert found["spec"][0].startswith("articles (https://example.com/shirakaba/articles.txt, SHA-256 ")
    assert found["chain"] == [f"articles (https://example.com/other, SHA-256 {'00' * 32})"]
    token.remove_document("articles")
    assert show(shell, token, "--spec", path)["difference"][0]["chain"] == []


def test_a_change_behind_the_terms_is_told_on_both_sides(shell: Shell) -> None:
    path = ROOT / "examples" / "share.yaml"
    token = create(shell, path)
    world = shell.world
    world.order(token.set_policy(token.policy().receive_classes, 0, True))
    world.order(token.raise_authorised_units(3_000_000))
    found = {each["what"]: each for each in show(shell, token, "--spec", path)["difference"]}
    assert found["approval"] == {"what": "approval", "spec": [], "chain": ["The issuer approves every transfer."]}
    assert found["authorised_units"]["spec"] == ["2000000"]
    assert found["authorised_units"]["chain"] == ["3000000"]


def test_every_rule_on_chain_is_shown_in_every_scope(shell: Shell) -> None:
    world = shell.world
    token = world.new_token(partitions=["class-a"], puttable=True)
    world.issue(token, "alice", 10, "class-a")
    alice, rule = shell.address("alice"), refusing(world, b"")
    until = world.now + 1_000_000
    for act in (
        token.set_limits(maximum=9),
        token.set_limits(lot_size=2, partition="class-a"),
        token.set_countries([840], False, "class-a"),
        token.set_window(closes=until, partition="class-a"),
        token.set_window(shut_until=until, partition="class-a", holder=alice),
        token.set_lockup(until),
        token.set_lockup(until, "class-a"),
        token.set_lockup(until, "class-a", alice),
        token.set_closed_period(86_400),
        token.set_sanctions_oracle(rule),
        token.set_rules([rule]),
    ):
        world.order(act)
    rules = show(shell, token)["rules"]
    assert [line.split(": ")[0] for line in rules["limits"]] == ["Units of one holding", "class-a"]
    assert rules["countries"] == ["class-a: Investors of 840 do not receive."]
    assert [line.split(": ")[0] for line in rules["window"]] == ["class-a", f"class-a {alice}"]
    assert len(rules["lockup"]) == 3
    assert rules["put"] == ["Holders may redeem before maturity."]
    assert rules["sanctions"] == [f"Neither side is on the list {rule}."]
    assert rules["further_rules"] == [f"The rule {rule} does not refuse."]
    world.order(token.set_window(partition="class-a", holder=alice))
    assert len(show(shell, token)["rules"]["window"]) == 1
    japanese = shell.text("token", "show", token.address, "--lang", "ja")
    assert f"外部ルール {rule} が拒否しないこと。" in japanese
