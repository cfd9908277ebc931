"""Who signs: a V3 keystore, an environment variable while developing, or a key an embedded node made.

A key never leaves its `Secret`: not through repr, str, pickle or copy, and not through the text of an error.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

from stotoken.errors import ConfigError, InputError
from stotoken.files import parse_json
from stotoken.types import Address, checksum, to_hex

PASSWORD_VARIABLE = "STOTOKEN_PASSWORD"  # noqa: S105  the name of a variable

_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_HELD = re.compile(r"(?:0x)?[0-9a-fA-F]{64}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: More digits than an address has, or the words of a phrase: perhaps a key, pasted where its name was meant.
_KEY_LIKE = re.compile(r"[0-9a-fA-F]{41}|(\w+\s+){11}")


@dataclass(frozen=True)
class SignedTransaction:
    raw: bytes
    hash: str


class Signer(Protocol):
    """Signs for one address. Typed data is the full EIP-712 message: types, primaryType, domain, message."""

    @property
    def address(self) -> Address: ...

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction: ...

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes: ...


class Secret:
    """Holds a key or password and shows it to nobody but `reveal`."""

    __slots__ = ("__value",)

    def __init__(self, value: bytes) -> None:
        self.__value = value

    def reveal(self) -> bytes:
        return self.__value

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")


class LocalSigner:
    """A private key in memory, such as an embedded node's."""

    def __init__(self, key: bytes | Secret) -> None:
        self._secret = key if isinstance(key, Secret) else Secret(key)
        del key
        self._address = _address_of(self._secret)

    @property
    def address(self) -> Address:
        return self._address

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address})"

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        """Sign after EIP-155 or EIP-1559. `chainId` must be among the fields, so that no other chain takes it."""
        from eth_account import Account
        from eth_utils.exceptions import ValidationError

        if not fields.get("chainId"):
            raise InputError("The transaction names no chain id; it was not signed.")
        try:
            signed = Account.sign_transaction(dict(fields), self._secret.reveal())
        except (TypeError, ValueError, ValidationError) as error:
            problem = str(error)
        else:
            raw = bytes(signed.raw_transaction)
            self._check(signed.s, Account.recover_transaction(raw))
            return SignedTransaction(raw, to_hex(signed.hash))
        raise InputError(f"The transaction cannot be signed: {problem}")

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        """65 bytes r, s, v over the EIP-712 message. A `chainId` in its domain is mandatory."""
        from eth_account import Account
        from eth_account.messages import encode_typed_data
        from eth_utils.exceptions import ValidationError

        if not message.get("domain", {}).get("chainId"):
            raise InputError("The typed data names no chain id in its domain; it was not signed.")
        try:
            signable = encode_typed_data(full_message=dict(message))
        except (TypeError, ValueError, KeyError, ValidationError) as error:
            raise InputError(f"The typed data cannot be signed: {error}") from None
        signed = Account.sign_message(signable, self._secret.reveal())
        signature = bytes(signed.signature)
        self._check(signed.s, Account.recover_message(signable, signature=signature))
        return signature

    def _check(self, s: int, recovered: str) -> None:
        """A signature that others could alter, or of another key, never leaves this process."""
        if s > _HALF_ORDER or checksum(recovered) != self.address:
            raise ConfigError(f"The signature made for {self.address} failed its check; nothing was sent.")


class EnvSigner(LocalSigner):
    """A private key in an environment variable. For development only."""

    def __init__(self, name: str) -> None:
        if not _VARIABLE.fullmatch(name) or _KEY_LIKE.search(name):
            raise ConfigError("env: takes the name of an environment variable, not a key; it is not repeated here.")
        if not os.environ.get(name):
            raise ConfigError(f"Environment variable {name} holds no private key.")
        if not _HELD.fullmatch(os.environ[name].strip()):
            raise ConfigError(f"Environment variable {name} is not a private key of 64 hexadecimal digits.")
        super().__init__(Secret(bytes.fromhex(os.environ[name].strip().removeprefix("0x"))))


class KeystoreSigner:
    """A V3 keystore file, opened with a password from the environment or the terminal when first asked to sign."""

    def __init__(
        self,
        path: str | Path,
        *,
        password_variable: str = PASSWORD_VARIABLE,
        prompt: Callable[[str], str] | None = None,
    ) -> None:
        if _KEY_LIKE.search(str(path)) and not Path(path).is_file():
            raise ConfigError("keystore: takes the path of a keystore file, not a key; it is not repeated here.")
        self.path = Path(path)
        self._variable = password_variable
        self._prompt = prompt
        self._keystore = _read_keystore(self.path)
        self._local: LocalSigner | None = None
        stated = str(self._keystore.get("address", "")).removeprefix("0x")
        self._address = checksum(f"0x{stated}") if re.fullmatch(r"[0-9a-fA-F]{40}", stated) else None

    @classmethod
    def create(
        cls, path: str | Path, password: str, key: bytes | Secret | None = None, *, work: int | None = None
    ) -> KeystoreSigner:
        """Write a keystore for `key`, or for a new one, readable by its owner alone; an existing file is left alone.

        `work` is scrypt's cost (a power of 2); the default of eth-account is meant for keys of worth.
        """
        from eth_account import Account

        secret = key if isinstance(key, Secret) else Secret(key or os.urandom(32))
        del key
        _address_of(secret)
        text = json.dumps(Account.encrypt(secret.reveal(), cast("Any", _encoded(password)), iterations=work))
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise ConfigError(f"Keystore {path} was not written: {error.strerror}.") from None
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return cls(path)

    @property
    def address(self) -> Address:
        return self._address or self._unlocked().address

    def __repr__(self) -> str:
        return f"KeystoreSigner({self._address or self.path.name})"

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        return self._unlocked().sign_transaction(fields)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        return self._unlocked().sign_typed_data(message)

    def _unlocked(self) -> LocalSigner:
        if self._local is None:
            self._local = LocalSigner(_decrypt(self._keystore, self._password(), self.path))
            stated, self._address = self._address, self._local.address
            if stated not in (None, self._address):
                raise ConfigError(f"Keystore {self.path} states address {stated} but holds the key of {self._address}.")
        return self._local

    def _password(self) -> Secret:
        if self._variable in os.environ:
            return Secret(_encoded(os.environ[self._variable]))
        if self._prompt is None and not sys.stdin.isatty():
            raise ConfigError(f"Keystore {self.path} needs a password: set {self._variable} or use a terminal.")
        ask = self._prompt or getpass
        return Secret(_encoded(ask(f"Password of keystore {self.path}: ")))


def signer_from_uri(uri: str, *, password_variable: str = PASSWORD_VARIABLE) -> Signer:
    """`keystore:PATH` or, while developing, `env:NAME`."""
    scheme, _, rest = uri.partition(":")
    if scheme == "keystore" and rest:
        return KeystoreSigner(rest, password_variable=password_variable)
    if scheme == "env" and rest:
        return EnvSigner(rest)
    # What was given may be a key pasted by mistake: it is not repeated.
    raise ConfigError("A key is named keystore:PATH or env:NAME.")


def _encoded(password: str) -> bytes:
    """As it was typed, also where the environment holds bytes that spell no text."""
    return password.encode("utf-8", "surrogateescape")


def _address_of(secret: Secret) -> Address:
    from eth_account import Account

    try:
        return checksum(Account.from_key(secret.reveal()).address)
    except (TypeError, ValueError):
        pass  # the cause may quote the key
    raise ConfigError("The private key is not a valid key: it must be 32 bytes, not zero and below the curve's order.")


def _read_keystore(path: Path) -> dict[str, Any]:
    try:
        keystore = parse_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"Keystore {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        keystore = None
    if not isinstance(keystore, dict) or keystore.get("version") != 3:
        raise ConfigError(f"{path} is not a version 3 keystore.")
    return keystore


def _decrypt(keystore: dict[str, Any], password: Secret, path: Path) -> Secret:
    from eth_account import Account

    try:
        return Secret(bytes(Account.decrypt(keystore, cast("Any", password.reveal()))))
    except (TypeError, ValueError, KeyError, NotImplementedError) as error:
        wrong = isinstance(error, ValueError)
    if wrong:
        raise ConfigError(f"Keystore {path} was not opened: the password is wrong or the file is damaged.")
    raise ConfigError(f"Keystore {path} was not opened: it is not a complete version 3 keystore.")
