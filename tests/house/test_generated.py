"""What ships is what the sources give, and what the sources say is whole in both languages."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from stotoken import artifacts, compiler, reverts
from stotoken.codegen import DEPLOYABLE
from stotoken.errors import Reverted, field_name
from stotoken.libraries import MEANINGS

ROOT = Path(__file__).resolve().parents[2]
EVERY = list(reverts.BY_SELECTOR.values())
#: Forbidden in code that runs on Berlin chains: BASEFEE, PUSH0, BLOBHASH, BLOBBASEFEE, MCOPY, TLOAD, TSTORE.
AFTER_BERLIN = {0x48, 0x5F, 0x49, 0x4A, 0x5E, 0x5C, 0x5D}
PUSH1, PUSH32 = 0x60, 0x7F


def test_generated_files_are_what_the_sources_give() -> None:
    assert compiler.check_quick() == (), "run `stotoken compile`"


@pytest.mark.slow
def test_recompiling_gives_the_shipped_files_byte_for_byte() -> None:
    assert compiler.check() == ()


def test_every_deployable_contract_has_its_artifact_and_binding() -> None:
    from stotoken.client import bindings

    for name in DEPLOYABLE:
        assert artifacts.load(name).bytecode
        assert hasattr(bindings, name)


@pytest.mark.parametrize("error", EVERY, ids=lambda error: error.__name__)
def test_an_error_speaks_both_languages_and_fills_every_placeholder(error: type[Reverted]) -> None:
    known = set(error.fields)
    for template in (error.template_en, error.template_ja):
        assert template, f"{error.__name__} lacks a sentence"
        used = {field_name(name) for _, name, _, _ in string.Formatter().parse(template) if name}
        assert used <= known
    assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", error.template_ja)


def test_every_error_names_its_clause_also_those_of_libraries() -> None:
    assert [error.__name__ for error in EVERY if not re.fullmatch(r"6(\.\d+){2,3}", error.clause)] == []
    denied = {error for error in EVERY if error.__name__.startswith("AccessManagerUnauthorized")}
    assert {error.exit_code for error in denied} == {11}


def test_every_meaning_of_a_library_error_is_of_one_that_is_there() -> None:
    assert MEANINGS.keys() <= {error.signature for error in EVERY}


def test_a_function_is_told_by_its_name() -> None:
    wallet, pause = "0x" + "11" * 20, bytes.fromhex("8456cb59")
    assert reverts.AccessRefused(wallet, pause).message() == f"{wallet} may not call pause."
    assert (
        reverts.AccessRefused(wallet, b"\xff" * 4).message("ja")
        == f"{wallet} には 0xffffffff を呼び出す権限がありません。"
    )


def test_errors_of_our_own_interfaces_all_carry_their_clause() -> None:
    untagged = [
        f"{artifact.name}: {entry['name']}"
        for artifact in map(artifacts.load, artifacts.names())
        if artifact.source.startswith("contracts/interfaces/")
        for entry in artifact.abi
        if entry["type"] == "error" and not _tags(artifact, entry["name"]).get("custom:clause")
    ]
    assert untagged == []


def _tags(artifact: artifacts.Artifact, name: str) -> dict[str, str]:
    for signature, notes in artifact.devdoc.get("errors", {}).items():
        if signature.startswith(f"{name}("):
            tags: dict[str, str] = notes[0]
            return tags
    return {}


@pytest.mark.parametrize("name", [name for name in artifacts.names() if artifacts.load(name).deployed_bytecode])
def test_the_shipped_code_uses_no_instruction_younger_than_berlin(name: str) -> None:
    artifact = artifacts.load(name)
    code = artifact.link_deployed(dict.fromkeys(artifact.deployed_link_references, "0x" + "00" * 20))
    # The metadata at the end (its length in the last two bytes) is data, not instructions.
    code = code[: len(code) - int.from_bytes(code[-2:], "big") - 2]
    place, found = 0, set()
    while place < len(code):
        found.add(code[place])
        place += code[place] - PUSH1 + 2 if PUSH1 <= code[place] <= PUSH32 else 1
    assert not found & AFTER_BERLIN


@pytest.mark.slow
def test_wheel_and_source_distribution_hold_every_artifact(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    expected = {f"stotoken/artifacts/{name}.json" for name in artifacts.names()} | {"stotoken/py.typed"}
    (wheel,), (source,) = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as packed:
        assert expected <= set(packed.namelist())
    with tarfile.open(source) as unpacked:
        names = {name.partition("/")[2] for name in unpacked.getnames()}
    assert expected | {"bin/solc", "package-lock.json", "contracts/token/SecurityToken.sol"} <= names
