"""One deployed system, as a frozen record: where its contracts are, on which chain, and what they were made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stotoken.client.shape import FINISHED, GROWING, fault_of
from stotoken.errors import ConfigError
from stotoken.files import parse_json, replacing
from stotoken.types import Address, parse_address

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """Everything a client needs to find the system. `load` reads what a deployment wrote."""

    chain_id: int
    #: Hash of the chain's first block: tells chains of the same id apart.
    genesis: str
    deployer: Address
    #: Block of the first contract: nothing of this system happened before it.
    block_number: int
    #: Contract name to address, libraries and desks included.
    addresses: Mapping[str, Address]
    #: Contract name to keccak of the code on chain.
    code_hashes: Mapping[str, str] = field(repr=False)
    #: Role name to the members it was deployed with; who holds a role today is asked of the authority.
    roles: Mapping[str, tuple[Address, ...]] = field(repr=False)
    #: Digest of the artifacts it was deployed from.
    artifacts: str

    @property
    def authority(self) -> Address:
        return self.addresses["Authority"]

    @property
    def system(self) -> Address:
        return self.addresses["CoreSystem"]

    @property
    def orders(self) -> Address:
        return self.addresses["Orders"]

    @property
    def implementation(self) -> Address:
        """What new tokens are clones of, as deployed."""
        return self.addresses["SecurityToken"]

    @classmethod
    def load(cls, path: str | Path) -> Deployment:
        """Read a record; ConfigError when there is none, it is damaged, or its deployment is not finished."""
        record = read_record(Path(path))
        if record is None:
            raise ConfigError(f"There is no deployment record {path}.")
        if not record.get("complete"):
            raise ConfigError(f"The deployment recorded in {path} is not finished: resume it before using the system.")
        return cls.from_dict(record, path)

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], path: str | Path = "the deployment record") -> Deployment:
        """ConfigError when anything of a finished record is missing or not what it must be."""
        if fault := fault_of(record, FINISHED):
            raise ConfigError(f"{path} is damaged: {fault}; nothing was done.")
        return cls(
            chain_id=record["chain_id"],
            genesis=record["genesis"],
            deployer=parse_address(record["deployer"]),
            block_number=record["block_number"],
            addresses={name: parse_address(address) for name, address in record["addresses"].items()},
            code_hashes=dict(record["code_hashes"]),
            roles={name: tuple(map(parse_address, members)) for name, members in record["roles"].items()},
            artifacts=record["artifacts"],
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "complete": True,
            "chain_id": self.chain_id,
            "genesis": self.genesis,
            "deployer": self.deployer,
            "block_number": self.block_number,
            "artifacts": self.artifacts,
            "addresses": dict(self.addresses),
            "code_hashes": dict(self.code_hashes),
            "roles": {name: list(members) for name, members in self.roles.items()},
        }

    def save(self, path: str | Path) -> None:
        """Write the record, whole or not at all."""
        write_record(Path(path), self.to_dict())


def read_record(path: Path) -> dict[str, Any] | None:
    """The record in a file, finished or not; None when there is no file, ConfigError when anything in it is wrong."""
    try:
        record = parse_json(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigError(f"The deployment record {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        record = None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ConfigError(f"{path} is not a deployment record of this version; nothing was done.")
    if fault := fault_of(record, FINISHED if record.get("complete") is True else GROWING):
        raise ConfigError(f"{path} is damaged: {fault}; nothing was done.")
    return record


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Put the record in place so that at any instant the file is the old one or the new one, whole and on disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"The folder of the record {path} cannot be made: {error.strerror}.") from None
    with replacing(path, "The deployment record") as text:
        json.dump(record, text, indent=2, ensure_ascii=False)
        text.write("\n")
