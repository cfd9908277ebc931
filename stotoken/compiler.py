"""Compile the contracts and keep what ships with the package in step with them.

    contracts/**/*.sol ─▶ artifacts/*.json ─▶ reverts.py, client/bindings/*.py

Works in a checkout of the project, where the sources, `bin/solc` and `node_modules` are. A manifest beside the
artifacts holds the digests of what they were made from and of themselves: nothing is compiled when nothing changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stotoken import artifacts
from stotoken.artifacts import MANIFEST
from stotoken.errors import ConfigError, InputError

PACKAGE = Path(__file__).resolve().parent

#: Settings that decide the bytecode. No metadata hash: paths and comments must not alter what is deployed.
SETTINGS: dict[str, Any] = {
    "optimizer": {"enabled": True, "runs": 200},
    "evmVersion": "london",
    "metadata": {"bytecodeHash": "none"},
}
OUTPUTS = [
    "abi",
    "devdoc",
    "userdoc",
    "storageLayout",
    "evm.bytecode.object",
    "evm.bytecode.linkReferences",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.linkReferences",
    "evm.deployedBytecode.immutableReferences",
    "evm.methodIdentifiers",
]

#: What somebody else's contract may import, as `stotoken/contracts/…`.
_PUBLISHED = re.compile(r"contracts/(types/\w+|interfaces/(IRule|ISanctionsOracle))\.sol")

_UNIT = re.compile(r"^[ \t]*(abstract contract|contract|library|interface)\s+(\w+)", re.MULTILINE)
#: Type ids carry the number of a syntax tree node, which changes with every edit anywhere.
_NUMBERED = re.compile(r"t_(struct|contract|enum|userDefinedValueType)\(\w+\)\d+")


@dataclass(frozen=True, slots=True)
class Project:
    """Where things are: sources under `root`, `bin/solc` and `node_modules` under `tools`, results in `package`."""

    root: Path = PACKAGE.parent
    package: Path = PACKAGE
    tools: Path = PACKAGE.parent

    @property
    def contracts(self) -> Path:
        return self.root / "contracts"

    @property
    def artifacts(self) -> Path:
        return self.package / "artifacts"

    def sources(self) -> dict[str, str]:
        """Path relative to the root, with forward slashes, to source text."""
        if not self.contracts.is_dir():
            raise ConfigError(f"There is no folder of contracts at {self.contracts}; nothing was compiled.")
        found = sorted(self.contracts.rglob("*.sol"))
        return {path.relative_to(self.root).as_posix(): path.read_text("utf-8") for path in found}


@dataclass(frozen=True, slots=True)
class Compilation:
    """What `compile` did: whether solc ran, which files it wrote or removed, what solc warned of in our sources."""

    compiled: bool
    written: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=(), repr=False)


def compile(force: bool = False, project: Project | None = None) -> Compilation:
    """Bring artifacts, reverts.py and bindings in step with the sources. InputError when the sources do not compile."""
    project = project or Project()
    stale = force or bool(stale_artifacts(project))
    files, warnings = _compiled(project) if stale else (_shipped(project), ())
    files |= _rendered(files)
    written = _write(project, files)
    artifacts.forget()
    return Compilation(compiled=stale, written=written, warnings=warnings)


def check(project: Project | None = None) -> tuple[str, ...]:
    """Compile in memory and name every shipped file that is not what the sources give; empty when all are."""
    project = project or Project()
    files, _ = _compiled(project)
    return _differences(project, files | _rendered(files))


def check_quick(project: Project | None = None) -> tuple[str, ...]:
    """The same question answered from digests, without solc: what `compile` would find to do."""
    project = project or Project()
    stale = stale_artifacts(project)
    if stale:
        return stale
    files = _shipped(project)
    return _differences(project, files | _rendered(files))


def compile_foreign(path: Path, project: Project | None = None) -> artifacts.Artifact:
    """Somebody else's contract, such as a rule, compiled as the project's own are; the one its file is named after.

    It may import what is published: IRule and ISanctionsOracle of `stotoken/contracts/interfaces`, and all of
    `stotoken/contracts/types`. Nothing is written. InputError when it does not compile.
    """
    project = project or Project()
    source = path.read_text("utf-8")
    published = {f"stotoken/{name}": text for name, text in project.sources().items() if _PUBLISHED.fullmatch(name)}
    output = _solc(project, {path.name: source}, published)
    units = output["contracts"][path.name]
    if path.stem not in units:
        raise InputError(f"holds no contract {path.stem}; nothing was compiled.", file=path)
    kinds = {name: kind.removesuffix(" contract") for kind, name in _UNIT.findall(source)}
    return artifacts.parse(_dump(_artifact(path.stem, path.name, kinds[path.stem], units[path.stem])))


def stale_artifacts(project: Project) -> tuple[str, ...]:
    """Why the artifacts must be compiled anew; empty when they need not be."""
    try:
        manifest = json.loads((project.artifacts / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return (f"artifacts/{MANIFEST}: missing",)
    except ValueError:
        return (f"artifacts/{MANIFEST}: not JSON",)
    now = _inputs(project, project.sources())
    reasons = [f"{key}: changed since the artifacts were made" for key in now if manifest.get(key) != now[key]]
    if "sources: changed since the artifacts were made" in reasons:
        before, after = manifest.get("sources", {}), now["sources"]
        reasons.remove("sources: changed since the artifacts were made")
        reasons += [
            f"{path}: changed since the artifacts were made"
            for path in sorted(before.keys() | after.keys())
            if before.get(path) != after.get(path)
        ]
    shipped = {path.name: _digest(path.read_text("utf-8")) for path in _artifact_files(project)}
    recorded = manifest.get("artifacts", {})
    names = sorted(shipped.keys() | recorded.keys())
    reasons += [
        f"artifacts/{name}: not the file that was generated"
        for name in names
        if shipped.get(name) != recorded.get(name)
    ]
    return tuple(reasons)


def _inputs(project: Project, sources: dict[str, str]) -> dict[str, Any]:
    """Everything the artifacts follow from. npm serves libraries by exact version, so the version stands for them."""
    try:
        packages = json.loads((project.tools / "package.json").read_text("utf-8"))["dependencies"]
    except FileNotFoundError:
        raise ConfigError(f"There is no package.json at {project.tools}; nothing was compiled.") from None
    return {
        "compiler": f"solc {packages['solc']}",
        "libraries": {name: version for name, version in packages.items() if name.startswith("@openzeppelin/")},
        "settings": SETTINGS | {"outputs": OUTPUTS, "form": _digest(Path(__file__).read_text("utf-8"))},
        "sources": {path: _digest(text) for path, text in sources.items()},
    }


def _compiled(project: Project) -> tuple[dict[str, str], tuple[str, ...]]:
    """Artifact files and manifest (path in the package to text), and solc's warnings."""
    sources = project.sources()
    output = _solc(project, sources)
    files: dict[str, str] = {}
    for path, units in sorted(output.get("contracts", {}).items()):
        if path not in sources:
            continue
        kinds = {name: kind.removesuffix(" contract") for kind, name in _UNIT.findall(sources[path])}
        for name, unit in units.items():
            target = f"artifacts/{name}.json"
            if target in files:
                raise InputError(f"Two contracts are named {name}; nothing was written.", file=path)
            files[target] = _dump(_artifact(name, path, kinds[name], unit))
    digests = {Path(target).name: _digest(text) for target, text in files.items()}
    files[f"artifacts/{MANIFEST}"] = _dump(_inputs(project, sources) | {"artifacts": digests})
    warnings = [
        entry["formattedMessage"]
        for entry in output.get("errors", [])
        if entry["severity"] == "warning" and entry.get("sourceLocation", {}).get("file") in sources
    ]
    return files, tuple(warnings)


def _solc(project: Project, sources: dict[str, str], imports: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What solc makes of the sources; `imports` are there for them and give no output."""
    from solcx import compile_standard
    from solcx.exceptions import SolcError

    wrapper = project.tools / "bin" / "solc"
    if not (project.tools / "node_modules" / "solc").is_dir():
        raise ConfigError("The compiler is not installed; run `make install` first. Nothing was compiled.")
    request = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in {**sources, **(imports or {})}.items()},
        "settings": SETTINGS | {"outputSelection": {path: {"*": OUTPUTS} for path in sources}},
    }
    try:
        output: dict[str, Any] = compile_standard(request, solc_binary=wrapper, base_path=project.root)
    except SolcError as fault:
        found = [entry for entry in fault.error_dict or [] if entry["severity"] == "error"]
        told = "\n".join(entry["formattedMessage"].rstrip() for entry in found) or str(fault.stderr_data).strip()
        raise InputError(f"The contracts do not compile; nothing was written.\n{told}") from None
    return output


def _artifact(name: str, path: str, kind: str, unit: dict[str, Any]) -> dict[str, Any]:
    creation, runtime = unit["evm"]["bytecode"], unit["evm"]["deployedBytecode"]
    immutables = runtime.get("immutableReferences", {}).values()
    return {
        "name": name,
        "source": path,
        "kind": kind,
        "abi": unit["abi"],
        "bytecode": _unlinked(creation),
        "deployedBytecode": _unlinked(runtime),
        "linkReferences": _link_offsets(creation),
        "deployedLinkReferences": _link_offsets(runtime),
        "immutableReferences": sorted([place["start"], place["length"]] for places in immutables for place in places),
        "storageLayout": _storage_layout(unit.get("storageLayout") or {}),
        "methodIdentifiers": unit["evm"]["methodIdentifiers"],
        "devdoc": unit["devdoc"],
        "userdoc": unit["userdoc"],
    }


def _link_offsets(code: dict[str, Any]) -> dict[str, list[int]]:
    places = {name: where for units in code.get("linkReferences", {}).values() for name, where in units.items()}
    return {name: sorted(place["start"] for place in where) for name, where in places.items()}


def _unlinked(code: dict[str, Any]) -> str:
    """Zeros for the placeholders, which are digests of paths."""
    return re.sub(r"__\$[0-9a-f]{34}\$__", "0" * 40, code["object"])


def _storage_layout(layout: dict[str, Any]) -> dict[str, Any]:
    """The layout without numbers of syntax tree nodes; the label tells types of one name apart."""
    types = layout.get("types") or {}
    renamed = {}
    for key, value in types.items():
        own = _NUMBERED.match(key)
        if own:
            renamed[own[0]] = f"t_{own[1]}({value['label'].split(' ')[-1]})"
    text = json.dumps({"storage": layout.get("storage", []), "types": types})
    text = _NUMBERED.sub(lambda found: renamed.get(found[0], found[0]), text)
    clean: dict[str, Any] = json.loads(text)
    for slots in [clean["storage"], *(value.get("members", []) for value in clean["types"].values())]:
        for slot in slots:
            slot.pop("astId", None)
    return clean


def _rendered(files: dict[str, str]) -> dict[str, str]:
    from stotoken import codegen

    texts = {path: text for path, text in files.items() if path != f"artifacts/{MANIFEST}"}
    return codegen.render([artifacts.parse(text) for _, text in sorted(texts.items())])


def _shipped(project: Project) -> dict[str, str]:
    found = [*_artifact_files(project), project.artifacts / MANIFEST]
    return {f"artifacts/{path.name}": path.read_text("utf-8") for path in found}


def _artifact_files(project: Project) -> list[Path]:
    return sorted(path for path in project.artifacts.glob("*.json") if path.name != MANIFEST)


def _generated_files(project: Project) -> set[str]:
    bindings = (project.package / "client" / "bindings").glob("*.py")
    found = [*project.artifacts.glob("*.json"), *bindings]
    return {path.relative_to(project.package).as_posix() for path in found}


def _differences(project: Project, files: dict[str, str]) -> tuple[str, ...]:
    found = []
    for name in sorted(files.keys() | _generated_files(project)):
        path = project.package / name
        if name not in files:
            found.append(f"{name}: no source gives this file")
        elif not path.is_file():
            found.append(f"{name}: missing")
        elif path.read_text("utf-8") != files[name]:
            found.append(f"{name}: {_difference(name, path.read_text('utf-8'), files[name])}")
    return tuple(found)


def _difference(name: str, shipped: str, expected: str) -> str:
    if name.endswith(".json"):
        try:
            ours, theirs = json.loads(shipped), json.loads(expected)
        except ValueError:
            return "not JSON"
        keys = [key for key in theirs if ours.get(key) != theirs[key]]
        return f"differs from the sources in {', '.join(keys) or 'its layout'}"
    return "differs from what the artifacts give"


def _write(project: Project, files: dict[str, str]) -> tuple[str, ...]:
    """Write what differs, remove what no source gives any more; each file appears whole or not at all."""
    written = []
    for name in sorted(files.keys() | _generated_files(project)):
        path = project.package / name
        if name not in files:
            path.unlink()
        elif path.is_file() and path.read_text("utf-8") == files[name]:
            continue
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            partial = path.with_name(f".{path.name}.{os.getpid()}")
            partial.write_text(files[name], "utf-8")
            partial.replace(path)
        written.append(name)
    return tuple(written)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _dump(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
