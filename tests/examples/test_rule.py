"""The rule of a third party: compiled outside of the contracts, set by an order, heard, understood, and removed."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from world import World

from stotoken import reverts
from stotoken.artifacts import Artifact
from stotoken.chain import decoder
from stotoken.chain.abi import Abi
from stotoken.client.token import Token
from stotoken.compiler import compile_foreign
from stotoken.errors import InputError, UnknownRevert

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "rule"


@pytest.fixture(scope="module")
def artifact() -> Artifact:
    return compile_foreign(FOLDER / "CounterpartyList.sol")


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token()
    world.issue(token, "alice", 100)
    return token


@pytest.fixture
def rule(world: World, artifact: Artifact) -> str:
    """The list, kept by the custodian, with bob on it."""
    call = Abi(artifact.abi).constructor.call(artifact.name, artifact.link(), at(world, "custodian"))
    address = str(world.send("mallory", call).contract_address)
    world.send("custodian", Abi(artifact.abi).function("set").call(address, at(world, "bob"), True))
    return address


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> type:
    """The rule's error, learnt for one test."""
    monkeypatch.setattr(decoder, "_LEARNT", {})
    error: type = runpy.run_path(str(FOLDER / "errors.py"))["CounterpartyUnknown"]
    decoder.learn(error)
    return error


def at(world: World, name: str) -> str:
    return world.people[name].address


def test_the_rule_is_set_refuses_and_is_removed_again(world: World, token: Token, rule: str, unknown: type) -> None:
    alice, bob, carol = at(world, "alice"), at(world, "bob"), at(world, "carol")
    mine = token.by(world.people.alice)
    world.order(token.set_rules([rule]))
    mine.transfer(bob, 10)
    with pytest.raises(reverts.RuleRefused) as caught:
        mine.transfer(carol, 10)
    assert caught.value.rule == rule
    assert type(caught.value.inner) is unknown
    assert str(caught.value) == f"Rule {rule} refuses: {carol} is not a known counterparty."
    assert "登録済みの取引先ではありません" in caught.value.message("ja")
    (explained,) = token.explain(alice, carol, 10)
    assert explained.args == caught.value.args
    world.order(token.set_rules([]))
    mine.transfer(carol, 10)


def test_an_order_still_puts_right_what_the_rule_would_refuse(world: World, token: Token, rule: str) -> None:
    world.order(token.set_rules([rule]))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "carol"), 10))
    assert token.balance_of(at(world, "carol")) == 10


def test_the_error_the_client_learns_is_the_one_of_the_contract(artifact: Artifact, unknown: type) -> None:
    error = next(entry for entry in artifact.abi if entry["type"] == "error" and entry["name"] == "CounterpartyUnknown")
    declared = Abi([error]).errors["CounterpartyUnknown(address)"]
    assert (declared.selector, declared.signature) == (unknown.selector, unknown.signature)  # type: ignore[attr-defined]
    assert artifact.kind == "contract"


def test_only_the_owner_of_the_list_changes_it(world: World, artifact: Artifact, rule: str) -> None:
    call = Abi(artifact.abi).function("set").call(rule, at(world, "carol"), True)
    with pytest.raises(UnknownRevert, match="no known error explains"):
        world.people.alice.simulate(call)


def test_the_rule_is_no_part_of_what_ships(artifact: Artifact) -> None:
    from stotoken import artifacts

    assert artifact.name not in artifacts.names()


def test_a_contract_of_another_name_or_with_a_fault_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "Other.sol"
    other.write_text("// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\ncontract Another {}\n")
    with pytest.raises(InputError, match="holds no contract Other"):
        compile_foreign(other)
    other.write_text("// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\ncontract Other { nonsense }\n")
    with pytest.raises(InputError, match="do not compile"):
        compile_foreign(other)
