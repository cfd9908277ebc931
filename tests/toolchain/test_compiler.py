"""The compiler keeps what ships in step with the sources, and solc runs only when it must."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stotoken import artifacts, compiler
from stotoken.artifacts import Artifact
from stotoken.compiler import Project
from stotoken.errors import ConfigError, InputError

LIBRARY = "0x" + "ab" * 20


def shipped(project: Project, name: str) -> Artifact:
    return artifacts.parse((project.artifacts / f"{name}.json").read_text("utf-8"))


@pytest.fixture
def without_solc(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Any:
        raise AssertionError("solc was started")

    monkeypatch.setattr(compiler, "_solc", refuse)


@pytest.mark.usefixtures("without_solc")
def test_nothing_is_compiled_or_written_when_nothing_changed(project: Project) -> None:
    assert compiler.compile(project=project) == compiler.Compilation(compiled=False)
    assert compiler.check_quick(project) == ()


def test_a_full_check_finds_no_difference_right_after_compiling(compiled: Project) -> None:
    assert compiler.check(compiled) == ()


def test_a_changed_source_is_named_and_compiled(project: Project) -> None:
    source = project.contracts / "Arithmetic.sol"
    source.write_text(source.read_text().replace("2 * a", "3 * a"))
    assert compiler.check_quick(project) == ("contracts/Arithmetic.sol: changed since the artifacts were made",)
    assert compiler.check(project) == (
        "artifacts/Arithmetic.json: differs from the sources in bytecode, deployedBytecode",
        "artifacts/manifest.json: differs from the sources in artifacts, sources",
    )
    result = compiler.compile(project=project)
    assert (result.compiled, result.written) == (True, ("artifacts/Arithmetic.json", "artifacts/manifest.json"))
    assert compiler.check_quick(project) == ()


def test_a_comment_changes_no_bytecode(project: Project) -> None:
    source = project.contracts / "Shop.sol"
    source.write_text(source.read_text() + "// a word\n")
    assert compiler.compile(project=project).written == ("artifacts/manifest.json",)


def test_the_place_of_the_project_and_new_files_leave_other_artifacts_alone(
    project: Project, compiled: Project
) -> None:
    added = project.contracts / "Added.sol"
    added.write_text("// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\nstruct Added { uint256 a; }\n")
    compiler.compile(project=project)
    for name in ("Shop", "Arithmetic", "IShop"):
        assert (project.artifacts / f"{name}.json").read_bytes() == (compiled.artifacts / f"{name}.json").read_bytes()


@pytest.mark.usefixtures("without_solc")
@pytest.mark.parametrize(
    ("victim", "told"),
    [
        ("reverts.py", "reverts.py: differs from what the artifacts give"),
        ("client/bindings/structs.py", "client/bindings/structs.py: differs from what the artifacts give"),
        ("client/bindings/extra.py", "client/bindings/extra.py: no source gives this file"),
    ],
)
def test_generated_python_that_was_edited_is_found_and_restored_without_solc(
    project: Project, victim: str, told: str
) -> None:
    path = project.package / victim
    path.write_text("edited = True\n")
    assert compiler.check_quick(project) == (told,)
    assert compiler.compile(project=project) == compiler.Compilation(compiled=False, written=(victim,))
    assert compiler.check_quick(project) == ()


@pytest.mark.parametrize("harm", ["edited", "removed", "added"])
def test_an_artifact_that_was_touched_is_found_and_made_anew(project: Project, harm: str) -> None:
    path = project.artifacts / ("Extra.json" if harm == "added" else "Shop.json")
    if harm == "removed":
        path.unlink()
    else:
        path.write_text((project.artifacts / "Shop.json").read_text().replace("6.1.1.3", "6.1.1.4") + "\n")
    assert compiler.check_quick(project) == (f"artifacts/{path.name}: not the file that was generated",)
    assert compiler.compile(project=project).written == (f"artifacts/{path.name}",)
    assert compiler.check_quick(project) == ()


def test_sources_that_do_not_compile_leave_everything_as_it_was(project: Project) -> None:
    (project.contracts / "Broken.sol").write_text("contract Broken { uint256 x = ; }\n")
    before = {path: path.read_bytes() for path in project.package.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="The contracts do not compile; nothing was written") as caught:
        compiler.compile(project=project)
    assert "contracts/Broken.sol:1:" in str(caught.value)
    assert {path: path.read_bytes() for path in project.package.rglob("*") if path.is_file()} == before


def test_two_contracts_of_one_name_are_refused(project: Project) -> None:
    shutil.copy(project.contracts / "Arithmetic.sol", project.contracts / "types" / "Arithmetic.sol")
    with pytest.raises(InputError, match="Two contracts are named Arithmetic; nothing was written"):
        compiler.compile(project=project)


def test_a_missing_compiler_and_missing_sources_are_one_sentence_each(project: Project, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"solc": "0.8.37"}}')
    with pytest.raises(ConfigError, match="The compiler is not installed; run `make install` first"):
        compiler.compile(force=True, project=replace(project, tools=tmp_path))
    with pytest.raises(ConfigError, match="There is no folder of contracts at .*; nothing was compiled"):
        compiler.compile(project=replace(project, root=tmp_path))


def test_an_artifact_says_what_the_contract_is(compiled: Project) -> None:
    shop = shipped(compiled, "Shop")
    assert (shop.name, shop.source, shop.kind) == ("Shop", "contracts/Shop.sol", "contract")
    assert shop.method_identifiers["pay()"] == "1b9265b8"
    assert [length for _, length in shop.immutable_references] == [32]
    assert "custom:clause" in shipped(compiled, "IShop").devdoc["methods"]["sell(address,uint256)"]


def test_interfaces_have_an_abi_and_no_bytecode(compiled: Project) -> None:
    interface = shipped(compiled, "IShop")
    assert (interface.kind, interface.bytecode, interface.deployed_bytecode) == ("interface", "", "")
    assert {entry["name"] for entry in interface.abi} == {"ShopUnitsMissing", "ShopClosed", "sell"}
    with pytest.raises(ConfigError, match="^IShop is an interface and cannot be deployed.$"):
        interface.link()


def test_linking_puts_the_library_address_in_every_place(compiled: Project) -> None:
    shop = shipped(compiled, "Shop")
    assert shop.libraries == ("Arithmetic",)
    code = shop.link({"Arithmetic": LIBRARY})
    for offset in shop.link_references["Arithmetic"]:
        assert code[offset : offset + 20].hex() == "ab" * 20
    assert len(code) == len(shop.bytecode) // 2
    assert shop.link_deployed({"Arithmetic": LIBRARY}).count(bytes.fromhex("ab" * 20)) == 1


def test_linking_without_the_library_or_with_half_an_address_is_refused(compiled: Project) -> None:
    shop = shipped(compiled, "Shop")
    with pytest.raises(ConfigError, match="Shop needs the address of the library Arithmetic, which was not given"):
        shop.link()
    with pytest.raises(ConfigError, match="is not 20 bytes long"):
        shop.link({"Arithmetic": "0xabcd"})


def test_artifacts_name_no_place_on_this_machine_and_no_syntax_tree_numbers(compiled: Project) -> None:
    for path in compiled.artifacts.glob("*.json"):
        text = path.read_text("utf-8")
        assert str(compiled.root) not in text
        assert "astId" not in text
    layout = shipped(compiled, "Shop").storage_layout
    assert "t_struct(Shop.Shelf)_storage" in layout["types"]
    assert layout["types"]["t_struct(Shop.Shelf)_storage"]["members"][1]["type"] == "t_contract(IShop)"


def test_bytecode_carries_no_hash_of_the_sources(compiled: Project) -> None:
    assert b"ipfs".hex() not in shipped(compiled, "Shop").deployed_bytecode


def test_artifacts_are_json_with_sorted_keys(compiled: Project) -> None:
    text = (compiled.artifacts / "Shop.json").read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_an_unknown_artifact_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="There is no contract named 'Nothing' among the compiled artifacts"):
        artifacts.load("Nothing")
