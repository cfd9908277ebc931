"""The contracts as they are, and what a fault makes of their bytecode. Compiled once, for forge and for Python."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mutants_faults import Mutant, Node, mutants

from stotoken.compiler import SETTINGS, Project

ROOT = Path(__file__).resolve().parents[1]
#: No code of the system.
NOT_MUTATED = ("contracts/interfaces/", "contracts/mocks/")
CODE = [
    "evm.bytecode.object",
    "evm.bytecode.linkReferences",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.linkReferences",
    "evm.deployedBytecode.immutableReferences",
]
KINDS = ("bytecode", "deployedBytecode")
PLACEHOLDER = re.compile(r"__\$[0-9a-f]{34}\$__")

#: Bytecode of contracts and libraries, by their names.
Units = dict[str, dict[str, Any]]


class Code:
    """Texts, syntax trees and bytecode of the sources."""

    def __init__(self) -> None:
        self.texts = Project().sources()
        output = _solc(self.texts, {"*": {"*": CODE, "": ["ast"]}})
        self._trees: dict[str, Node] = {file: output["sources"][file]["ast"] for file in self.texts}
        self._deployed = {file for file, tree in self._trees.items() if _is_mutated(file) and _is_deployed(tree)}
        self.units: Units = {name: unit for file in self._deployed for name, unit in _units(output, file)}

    def mutants(self, every: bool) -> list[Mutant]:
        trees = {file: tree for file, tree in self._trees.items() if _is_mutated(file)}
        return mutants(trees, self.texts, every)

    def changed(self, mutant: Mutant) -> Units | None:
        """The bytecode that is other than without the fault; None when it does not compile."""
        files = {file for file in self._deployed if mutant.file in self._imported(file)}
        output = _solc(self.texts | {mutant.file: mutant.source}, {file: {"*": CODE} for file in files})
        if any(entry["severity"] == "error" for entry in output.get("errors", [])):
            return None
        found = {name: unit for file in files for name, unit in _units(output, file)}
        return {name: unit for name, unit in found.items() if unit != self.units[name]}

    def _imported(self, file: str) -> set[str]:
        """The file and all that it stands on."""
        seen: set[str] = set()
        waiting = [file]
        while waiting:
            file = waiting.pop()
            if file in self._trees and file not in seen:
                seen.add(file)
                nodes = self._trees[file]["nodes"]
                waiting += [node["absolutePath"] for node in nodes if node["nodeType"] == "ImportDirective"]
        return seen


def for_forge(artifact: dict[str, Any], unit: dict[str, Any]) -> None:
    """Put bytecode into an artifact of forge."""
    for kind in KINDS:
        artifact[kind]["object"] = "0x" + unit[kind]["object"]
        artifact[kind]["linkReferences"] = unit[kind]["linkReferences"]


def for_python(artifact: dict[str, Any], unit: dict[str, Any]) -> None:
    """Put bytecode into an artifact of the package."""
    for kind, references in zip(KINDS, ("linkReferences", "deployedLinkReferences"), strict=True):
        artifact[kind] = PLACEHOLDER.sub("0" * 40, unit[kind]["object"])
        linked = {name: places for found in unit[kind]["linkReferences"].values() for name, places in found.items()}
        artifact[references] = {name: sorted(place["start"] for place in places) for name, places in linked.items()}
    artifact["immutableReferences"] = unit["immutables"]


def _solc(texts: dict[str, str], outputs: dict[str, Any]) -> dict[str, Any]:
    request = {
        "language": "Solidity",
        "sources": {file: {"content": text} for file, text in texts.items()},
        "settings": SETTINGS | {"outputSelection": outputs},
    }
    command = [ROOT / "bin" / "solc", "--standard-json"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(request), stdout=subprocess.PIPE, text=True, check=True)
    output: dict[str, Any] = json.loads(done.stdout)
    return output


def _is_mutated(file: str) -> bool:
    return not file.startswith(NOT_MUTATED)


def _is_deployed(tree: Node) -> bool:
    """Whether something in the file lies on chain by itself: a contract, or a library that is called."""
    units = [node for node in tree["nodes"] if node["nodeType"] == "ContractDefinition"]
    return any(
        (unit["contractKind"] == "contract" and not unit["abstract"])
        or (unit["contractKind"] == "library" and any(_is_called(member) for member in unit["nodes"]))
        for unit in units
    )


def _is_called(member: Node) -> bool:
    return member["nodeType"] == "FunctionDefinition" and member["visibility"] in ("public", "external")


def _units(output: dict[str, Any], file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Without the numbers of syntax tree nodes, so that the same code is equal."""
    for name, unit in output["contracts"][file].items():
        evm = unit["evm"]
        places = evm["deployedBytecode"].get("immutableReferences", {}).values()
        code = {kind: {key: evm[kind][key] for key in ("object", "linkReferences")} for kind in KINDS}
        yield name, code | {"immutables": sorted([at["start"], at["length"]] for found in places for at in found)}
