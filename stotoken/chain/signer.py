"""Who signs, named by a URI: here a V3 keystore, a variable while developing, or a key an embedded node made.

`signer_from_uri` opens any of them; those whose key is kept elsewhere are in `stotoken.chain.signers`. A key never
leaves its `Secret`: not through repr, str, pickle or copy, and not through the text of an error.
"""

from __future__ import annotations

import json
import os
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from stotoken.chain.envelope import ORDER, Envelope, Signature, address_of, typed_digest
from stotoken.chain.envelope import SignedTransaction as SignedTransaction
from stotoken.chain.faults import SignerError
from stotoken.chain.keystore import Secret as Secret
from stotoken.chain.keystore import decrypt, encoded, read_keystore
from stotoken.errors import ConfigError, StotokenError
from stotoken.types import Address, checksum

if TYPE_CHECKING:
    from stotoken.chain.connection import Connection

PASSWORD_VARIABLE = "STOTOKEN_PASSWORD"  # noqa: S105  the name of a variable
#: Names more chains on which a key in the environment may sign, as numbers joined by commas.
CHAINS_VARIABLE = "STOTOKEN_DEVELOPMENT_CHAINS"
DEVELOPMENT_CHAINS = frozenset({1337, 31337})

NAMED = (
    "A key is named keystore:PATH, env:NAME, web3signer:URL#ADDRESS, awskms:KEY[#ADDRESS], vault:MOUNT/PATH#FIELD, "
    "offline:DIR#ADDRESS or node:ADDRESS."
)
#: What a signer may be able to sign.
TRANSACTION, TYPED_DATA = "transaction", "typed data"

_HELD = re.compile(r"(?:0x)?[0-9a-fA-F]{64}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: More digits than an address has, or the words of a phrase: perhaps a key, pasted where its name was meant.
_KEY_LIKE = re.compile(r"[0-9a-fA-F]{41}|(\w+\s+){11}")


@dataclass(frozen=True)
class Health:
    """How a signer is: what it is, whether it answers, and whether its key is the address's."""

    kind: str
    #: None as long as it cannot be known.
    address: Address | None
    can_sign: tuple[str, ...]
    reachable: bool
    matches: bool
    #: In one sentence; empty when nothing is wrong.
    problem: str = ""

    @property
    def well(self) -> bool:
        return self.reachable and self.matches and not self.problem


class Signer(Protocol):
    """Signs for one address. Typed data is the full EIP-712 message: types, primaryType, domain, message.

    A chain id is mandatory in both; what is handed out has a low s and recovers to the address.
    """

    @property
    def address(self) -> Address: ...

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction: ...

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes: ...

    def health(self) -> Health: ...


class DigestSigner(ABC):
    """What every signer of bare digests has in common: `address` and `_sign_digest` are left to the kind."""

    kind = ""
    can_sign: tuple[str, ...] = (TRANSACTION, TYPED_DATA)

    @property
    @abstractmethod
    def address(self) -> Address: ...

    @abstractmethod
    def _sign_digest(self, digest: bytes) -> Signature:
        """As it comes; the parity is a guess."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        """Sign after EIP-155, EIP-2930 or EIP-1559."""
        envelope = Envelope.of(fields)
        return envelope.signed(self._signature(envelope.digest))

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """65 bytes r, s, v over the EIP-712 message."""
        return self._signature(typed_digest(message)).compact

    def health(self) -> Health:
        try:
            return Health(self.kind, self.address, self.can_sign, reachable=True, matches=self._probe())
        except StotokenError as error:
            return Health(self.kind, None, self.can_sign, reachable=False, matches=False, problem=str(error))

    def _probe(self) -> bool:
        """Whether the key is there and the address's own; without signing anything, where that can be known."""
        return True

    def _signature(self, digest: bytes) -> Signature:
        """With the low s, and the parity under which it is the address's; one of another key is never handed out."""
        r, s, guess = self._sign_digest(digest)
        low = min(s, ORDER - s)
        for parity in (guess, 1 - guess):
            found = Signature(r, low, parity)
            if found.sound and found.signer(digest) == self.address:
                return found
        raise SignerError(f"The signature made for {self.address} is not of its key; nothing was sent.")


class LocalSigner(DigestSigner):
    """A private key in memory, such as an embedded node's."""

    kind = "key in memory"

    def __init__(self, key: bytes | Secret) -> None:
        self._secret = key if isinstance(key, Secret) else Secret(key)
        del key
        self._address = _address_of(self._secret)

    @property
    def address(self) -> Address:
        return self._address

    def _sign_digest(self, digest: bytes) -> Signature:
        return Signature.parse(self._secret.sign(digest))


class EnvSigner(LocalSigner):
    """A private key in an environment variable, for development chains only."""

    kind = "key in the environment, for development"

    def __init__(self, name: str) -> None:
        if not _VARIABLE.fullmatch(name) or _KEY_LIKE.search(name):
            raise ConfigError("env: takes the name of an environment variable, not a key; it is not repeated here.")
        if not os.environ.get(name):
            raise ConfigError(f"Environment variable {name} holds no private key.")
        if not _HELD.fullmatch(os.environ[name].strip()):
            raise ConfigError(f"Environment variable {name} is not a private key of 64 hexadecimal digits.")
        super().__init__(Secret(bytes.fromhex(os.environ[name].strip().removeprefix("0x"))))

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        _in_development(Envelope.of(fields).chain_id)
        return super().sign_transaction(fields)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        _in_development(message.get("domain", {}).get("chainId"))
        return super().sign_typed_data(message)


class StoredKey(DigestSigner):
    """A V3 keystore from wherever, opened with a password when first asked to sign."""

    def __init__(self, where: str, password_variable: str, prompt: Callable[[str], str] | None = None) -> None:
        #: As sentences name it.
        self.where = where
        self._variable = password_variable
        self._prompt = prompt
        self._local: LocalSigner | None = None

    @abstractmethod
    def _keystore(self) -> Mapping[str, Any]:
        """The whole V3 keystore."""

    @property
    def address(self) -> Address:
        stated = str(self._keystore().get("address", "")).removeprefix("0x")
        return checksum(f"0x{stated}") if re.fullmatch(r"[0-9a-fA-F]{40}", stated) else self._unlocked().address

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.where})"

    def _sign_digest(self, digest: bytes) -> Signature:
        return self._unlocked()._sign_digest(digest)

    def _probe(self) -> bool:
        return bool(self._unlocked().address)

    def _unlocked(self) -> LocalSigner:
        if self._local is None:
            opened = LocalSigner(decrypt(self._keystore(), self._password(), self.where))
            stated = str(self._keystore().get("address", "")).removeprefix("0x")
            if stated and f"0x{stated.lower()}" != opened.address.lower():
                raise ConfigError(f"{self.where} states address 0x{stated} but holds the key of {opened.address}.")
            self._local = opened
        return self._local

    def _password(self) -> Secret:
        if self._variable in os.environ:
            return encoded(os.environ[self._variable])
        if self._prompt is None and not sys.stdin.isatty():
            raise ConfigError(f"{self.where} needs a password: set {self._variable} or use a terminal.")
        ask = self._prompt or getpass
        return encoded(ask(f"Password of {self.where[0].lower()}{self.where[1:]}: "))


class KeystoreSigner(StoredKey):
    """A V3 keystore file, opened with a password from the environment or the terminal when first asked to sign."""

    kind = "keystore"

    def __init__(
        self,
        path: str | Path,
        *,
        password_variable: str = PASSWORD_VARIABLE,
        prompt: Callable[[str], str] | None = None,
    ) -> None:
        if _KEY_LIKE.search(str(path)) and not Path(path).is_file():
            raise ConfigError("keystore: takes the path of a keystore file, not a key; it is not repeated here.")
        super().__init__(f"Keystore {path}", password_variable, prompt)
        self.path = Path(path)
        self._read = read_keystore(self.path)

    def _keystore(self) -> Mapping[str, Any]:
        return self._read

    @classmethod
    def create(
        cls, path: str | Path, password: str, key: bytes | Secret | None = None, *, work: int | None = None
    ) -> KeystoreSigner:
        """Write a keystore for `key`, or for a new one, readable by its owner alone; an existing file is left alone.

        `work` is scrypt's cost (a power of 2); the default of eth-account is meant for keys of worth.
        """
        from eth_account import Account

        secret, locked = key if isinstance(key, Secret) else Secret(key or os.urandom(32)), encoded(password)
        del key, password
        _address_of(secret)
        text = json.dumps(Account.encrypt(secret.reveal(), cast("Any", locked.reveal()), iterations=work))
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise ConfigError(f"Keystore {path} was not written: {error.strerror}.") from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        return cls(path)


def signer_from_uri(
    uri: str, *, password_variable: str = PASSWORD_VARIABLE, connect: Callable[[], Connection] | None = None
) -> Signer:
    """The signer a URI names; ConfigError for a URI that names none. `connect` gives the node of `node:`."""
    scheme, _, rest = uri.partition(":")
    if scheme == "keystore" and rest:
        return KeystoreSigner(rest, password_variable=password_variable)
    if scheme == "env" and rest:
        return EnvSigner(rest)
    # What was given may be a key pasted by mistake: it is not repeated.
    if not rest or _KEY_LIKE.search(rest):
        raise ConfigError(NAMED)
    from stotoken.chain import signers

    return signers.open_remote(scheme, rest, password_variable, connect)


def _in_development(chain_id: object) -> None:
    named = re.split(r"[,\s]+", os.environ.get(CHAINS_VARIABLE, ""))
    if chain_id and chain_id not in DEVELOPMENT_CHAINS | {int(text) for text in named if text.isdecimal()}:
        raise ConfigError(
            f"A key in the environment is for development, and chain {chain_id} is none of "
            f"{', '.join(map(str, sorted(DEVELOPMENT_CHAINS)))}: use another signer, or set {CHAINS_VARIABLE}; "
            "nothing was signed."
        )


def _address_of(secret: Secret) -> Address:
    from coincurve import PrivateKey

    try:
        if len(secret.reveal()) == 32:
            return address_of(PrivateKey(secret.reveal()).public_key.format(compressed=False))
    except (TypeError, ValueError):
        pass  # the cause may quote the key
    raise ConfigError("The private key is not a valid key: it must be 32 bytes, not zero and below the curve's order.")
