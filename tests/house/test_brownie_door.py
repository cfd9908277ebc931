"""Brownie compiles what the project compiles, and nothing of the tree gets lost on the way."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import yaml

from stotoken.chain.devnode import BLOCK_GAS, MNEMONIC
from stotoken.compiler import SETTINGS
from stotoken.types import Role

ROOT = Path(__file__).resolve().parents[2]
CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "brownie-config.yaml").read_text("utf-8"))


def test_brownie_uses_the_project_compiler_settings() -> None:
    versions = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert CONFIG["compiler"]["solc"]["version"] == versions["solc"]
    assert CONFIG["compiler"]["solc"]["optimizer"] == SETTINGS["optimizer"]
    assert CONFIG["compiler"]["evm_version"] == SETTINGS["evmVersion"]
    assert CONFIG["compiler"]["solc"]["remappings"] == ["@openzeppelin=node_modules/@openzeppelin"]


def test_brownie_nodes_have_the_accounts_of_every_local_node_and_one_for_each_role() -> None:
    settings = CONFIG["networks"]["development"]["cmd_settings"]
    assert settings["mnemonic"] == MNEMONIC
    assert settings["gas_limit"] == BLOCK_GAS
    assert settings["accounts"] > 1 + len(Role)


def test_brownie_knows_both_engines_and_asks_for_anvil_by_itself() -> None:
    module = runpy.run_path(str(ROOT / "scripts" / "brownie_networks.py"))
    ports = module["free_ports"]()
    networks = {found["id"]: found for found in yaml.safe_load(module["NETWORKS"].format(**ports))["development"]}
    assert set(networks) == {"anvil", "ganache-cli"}
    assert CONFIG["networks"]["default"] == "anvil"
    assert networks["anvil"]["cmd_settings"]["port"] != networks["ganache-cli"]["cmd_settings"]["port"]


def test_brownie_fetches_nothing() -> None:
    assert CONFIG["dependencies"] is None
    assert CONFIG["autofetch_sources"] is False


def test_a_contract_that_brownie_dropped_is_named(tmp_path: Path) -> None:
    missing = runpy.run_path(str(ROOT / "scripts" / "check_brownie_artifacts.py"))["missing"]
    sources, build = tmp_path / "contracts", tmp_path / "build"
    for folder in (sources / "a", build / "contracts", build / "interfaces"):
        folder.mkdir(parents=True)
    (sources / "a" / "Kept.sol").write_text("// contract NotThis\nabstract contract Kept {}\n")
    (sources / "a" / "Lost.sol").write_text("library Lost {}\n")
    (sources / "IKept.sol").write_text("interface IKept {}\n")
    (build / "contracts" / "Kept.json").write_text("{}")
    (build / "interfaces" / "IKept.json").write_text("{}")
    assert missing(sources, build) == ["contracts/a/Lost.sol: Lost"]
