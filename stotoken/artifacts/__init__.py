"""What the contracts compile to, shipped inside the package: one JSON file per contract, read on demand.

    artifact = load("SecurityToken")
    artifact.link({"Holdings": "0x…"})      deployable bytecode

`stotoken compile` writes the files; `stotoken compile --check` proves that they are what the sources give.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from stotoken.errors import ConfigError

MANIFEST = "manifest.json"

#: Contracts whose code is in several parts behind one address: callers see the functions, events and errors of all.
PARTS = {"SecurityToken": ("IssuerDesk", "RegistrarDesk", "TermsDesk")}

#: Kinds of ABI entries that a part does not give to the whole.
_OWN = ("constructor", "fallback", "receive")

#: Library name to the byte offsets of its 20-byte address in the bytecode.
LinkReferences = dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled unit of Solidity. Bytecodes: hex without 0x, zeros where a library's address belongs."""

    name: str
    #: Path of the source, relative to the project.
    source: str
    #: "contract", "abstract", "library" or "interface"; only contracts and libraries have bytecode.
    kind: str
    abi: list[dict[str, Any]] = field(repr=False)
    bytecode: str = field(repr=False)
    deployed_bytecode: str = field(repr=False)
    link_references: LinkReferences = field(repr=False)
    deployed_link_references: LinkReferences = field(repr=False)
    #: (start, length) of every immutable in the deployed bytecode.
    immutable_references: tuple[tuple[int, int], ...] = field(repr=False)
    storage_layout: dict[str, Any] = field(repr=False)
    #: Signature to selector, hex without 0x.
    method_identifiers: dict[str, str] = field(repr=False)
    devdoc: dict[str, Any] = field(repr=False)
    userdoc: dict[str, Any] = field(repr=False)

    @property
    def libraries(self) -> tuple[str, ...]:
        """Names of the libraries whose addresses `link` needs."""
        return tuple(sorted(self.link_references))

    def link(self, addresses: Mapping[str, str] | None = None) -> bytes:
        """Creation bytecode with the libraries' addresses put in; ConfigError when there is none or one is missing."""
        if not self.bytecode:
            raise ConfigError(f"{self.name} is an {self.kind} and cannot be deployed.")
        return _linked(self.name, self.bytecode, self.link_references, addresses or {})

    def link_deployed(self, addresses: Mapping[str, str] | None = None) -> bytes:
        """Runtime bytecode as it lies on chain, but for its immutables, which are zero here."""
        return _linked(self.name, self.deployed_bytecode, self.deployed_link_references, addresses or {})


@cache
def names() -> tuple[str, ...]:
    """Every contract, library and interface there is an artifact of."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in found if name.endswith(".json") and name != MANIFEST))


@cache
def load(name: str) -> Artifact:
    """The artifact of one contract; ConfigError when there is none of that name."""
    if name not in names():
        raise ConfigError(f"There is no contract named '{name}' among the compiled artifacts.")
    return parse(files(__name__).joinpath(f"{name}.json").read_text("utf-8"))


def whole_abi(name: str, artifacts: Mapping[str, Artifact] | None = None) -> list[dict[str, Any]]:
    """The ABI behind the address of a contract: its own entries and those of its parts, each once."""
    found = [artifacts[part] if artifacts else load(part) for part in (name, *PARTS.get(name, ()))]
    merged = list(found[0].abi)
    for part in found[1:]:
        merged += [entry for entry in part.abi if entry["type"] not in _OWN and entry not in merged]
    return merged


def parse(text: str) -> Artifact:
    """An artifact from its JSON text."""
    data = json.loads(text)
    return Artifact(
        name=data["name"],
        source=data["source"],
        kind=data["kind"],
        abi=data["abi"],
        bytecode=data["bytecode"],
        deployed_bytecode=data["deployedBytecode"],
        link_references=_offsets(data["linkReferences"]),
        deployed_link_references=_offsets(data["deployedLinkReferences"]),
        immutable_references=tuple((start, length) for start, length in data["immutableReferences"]),
        storage_layout=data["storageLayout"],
        method_identifiers=data["methodIdentifiers"],
        devdoc=data["devdoc"],
        userdoc=data["userdoc"],
    )


def forget() -> None:
    """Read the files anew from now on: they were just written."""
    names.cache_clear()
    load.cache_clear()


def _offsets(references: dict[str, list[int]]) -> LinkReferences:
    return {library: tuple(offsets) for library, offsets in references.items()}


def _linked(name: str, code: str, references: LinkReferences, addresses: Mapping[str, str]) -> bytes:
    linked = bytearray.fromhex(code)
    for library, offsets in references.items():
        if library not in addresses:
            raise ConfigError(f"{name} needs the address of the library {library}, which was not given.")
        address = bytes.fromhex(addresses[library].removeprefix("0x"))
        if len(address) != 20:
            raise ConfigError(f"The address of the library {library} given for {name} is not 20 bytes long.")
        for offset in offsets:
            linked[offset : offset + 20] = address
    return bytes(linked)
