"""A key where it lies: `Secret` in memory, a version 3 keystore at rest.

What opening a keystore costs stands in the keystore itself, and is held to bounds before anything is derived: a file
from elsewhere neither takes the memory of the machine nor hangs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, cast

from stotoken.errors import ConfigError
from stotoken.files import parse_json

#: Bytes that scrypt may take, 128·n·r: twice those of geth's costliest keystores, the dearest in use.
MOST_MEMORY = 2**29
#: Steps of scrypt, n·r·p: four times those of geth's, some three seconds.
MOST_STEPS = 2**23
#: Blocks that scrypt spreads and gathers, r·p: 48 in geth's lighter keystores; their time grows with the square.
MOST_BLOCKS = 2**10
#: Rounds of PBKDF2: ten times those of eth-account, some six seconds.
MOST_ROUNDS = 10_000_000
#: Characters that are read of a file; a keystore has less than a thousand.
_LONGEST = 2**20
#: Bytes derived: the last of the 32 that are used, and room for those who derive more.
_DERIVED = range(32, 65)


class Secret:
    """Holds a key or password and shows it to nobody but `reveal`."""

    __slots__ = ("__key", "__value")

    def __init__(self, value: bytes) -> None:
        self.__value = value
        self.__key: Any = None

    def reveal(self) -> bytes:
        return self.__value

    def sign(self, digest: bytes) -> bytes:
        """r, s and parity by this as a private key, the same for the same digest (RFC 6979)."""
        from coincurve import PrivateKey

        self.__key = self.__key or PrivateKey(self.__value)
        return bytes(self.__key.sign_recoverable(digest, hasher=None))

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is neither pickled nor copied")


def encoded(password: str) -> Secret:
    """As it was typed, also where the environment holds bytes that spell no text."""
    try:
        return Secret(password.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        pass  # the cause quotes the password
    raise ConfigError("The password has a character that is none in UTF-8; nothing was done.")


def keystore_in(text: str) -> dict[str, Any] | None:
    """The V3 keystore a text holds; None when it holds none."""
    try:
        found = parse_json(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("version") == 3 else None


def read_keystore(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            keystore = keystore_in(file.read(_LONGEST))
    except OSError as error:
        raise ConfigError(f"Keystore {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        keystore = None
    if keystore is None:
        raise ConfigError(f"{path} is not a version 3 keystore.")
    return keystore


def decrypt(keystore: Mapping[str, Any], password: Secret, where: str) -> Secret:
    """The key; ConfigError when the password is wrong, a part is missing, or opening it would cost too much."""
    from eth_account import Account

    # Names are read in any case, as eth-account does: what is bounded is what it derives from.
    lowered = _lowered(keystore)
    if (too_much := _cost(lowered)) is not None:
        raise ConfigError(f"{where} was not opened: {too_much}.")
    try:
        return Secret(bytes(Account.decrypt(lowered, cast("Any", password.reveal()))))
    except (TypeError, ValueError, KeyError, NotImplementedError) as error:
        # NotImplementedError: what eth-keyfile does not derive. What is raised below has no cause that quotes a part.
        wrong = isinstance(error, ValueError)
    if wrong:
        raise ConfigError(f"{where} was not opened: the password is wrong or the file is damaged.")
    raise ConfigError(f"{where} was not opened: {_INCOMPLETE}.")


_INCOMPLETE = "it is not a complete version 3 keystore"


def _cost(keystore: Mapping[str, Any]) -> str | None:
    """What opening it would take that is beyond the bounds, or that it does not say."""
    crypto = keystore.get("crypto")
    given = crypto.get("kdfparams") if isinstance(crypto, dict) else None
    if not isinstance(crypto, dict) or not isinstance(given, dict):
        return _INCOMPLETE
    names = {"scrypt": ("n", "r", "p"), "pbkdf2": ("c",)}.get(str(crypto.get("kdf")), ())
    numbers = [given.get(name) for name in (*names, "dklen")]
    if not names or not all(type(each) is int and each > 0 for each in numbers):
        return _INCOMPLETE
    if given["dklen"] not in _DERIVED:
        return f"it asks for a derived key of other than {_DERIVED.start} to {_DERIVED.stop - 1} bytes"
    if "c" in names:
        if given.get("prf") != "hmac-sha256":
            return _INCOMPLETE
        return f"it asks for more than {MOST_ROUNDS:,} rounds of PBKDF2" if given["c"] > MOST_ROUNDS else None
    n, r, p = (given[name] for name in names)
    if 128 * n * r > MOST_MEMORY:
        return f"it asks for more than {MOST_MEMORY // 2**20} MiB of memory"
    if n * r * p > MOST_STEPS or r * p > MOST_BLOCKS:
        return f"it asks for more than {MOST_STEPS:,} steps or {MOST_BLOCKS:,} blocks of scrypt"
    return None


def _lowered(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): _lowered(value) if isinstance(value, dict) else value for name, value in found.items()}
