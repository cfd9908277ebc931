"""Signers whose key is kept elsewhere, and what stands around any signer: a policy and a log of what was signed.

Of the first kind are web3signer, awskms, vault, offline and node, one module each, imported when its URI is opened; of
the second policy and log, with PolicySigner and LoggedSigner, each around another signer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stotoken.chain.signer import NAMED, Signer
from stotoken.errors import ConfigError, InputError
from stotoken.types import Address, parse_address

if TYPE_CHECKING:
    from stotoken.chain.connection import Connection


def open_remote(
    scheme: str, rest: str, password_variable: str, connect: Callable[[], Connection] | None = None
) -> Signer:
    """The signer of a URI already split at its first colon; ConfigError when there is no such scheme."""
    if scheme == "awskms":
        from stotoken.chain.signers.awskms import AwsKmsSigner

        key, mark, address = rest.partition("#")
        return AwsKmsSigner(key, _address(address) if mark else None)
    if scheme == "vault":
        from stotoken.chain.signers.vault import VaultSigner

        return VaultSigner(rest, password_variable=password_variable)
    if scheme == "web3signer":
        from stotoken.chain.signers.web3signer import Web3Signer

        return Web3Signer(*_with_address(rest))
    if scheme == "offline":
        from stotoken.chain.signers.offline import OfflineSigner

        folder, address = _with_address(rest)
        return OfflineSigner(Path(folder), address)
    if scheme == "node" and connect is not None:
        from stotoken.chain.signers.node import NodeSigner

        return NodeSigner(_address(rest), connect)
    raise ConfigError(NAMED)


def guarded(signer: Signer, policy: str | None = None, log: str | None = None) -> Signer:
    """The signer within the policy of one file and before the signing log of another, where they are given."""
    from stotoken.chain.signers.log import LoggedSigner, SigningLog
    from stotoken.chain.signers.policy import Policy, PolicySigner

    kept = SigningLog(Path(log)) if log else None
    if policy:
        signer = PolicySigner(signer, Policy.load(Path(policy)), kept)
    return LoggedSigner(signer, kept) if kept else signer


def _with_address(rest: str) -> tuple[str, Address]:
    place, _, address = rest.rpartition("#")
    if not place:
        raise ConfigError(NAMED)
    return place, _address(address)


def _address(text: str) -> Address:
    try:
        return parse_address(text)
    except InputError as error:
        raise ConfigError(f"The key's name has no address at its end: {error} {NAMED}") from None
