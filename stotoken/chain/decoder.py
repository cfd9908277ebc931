"""From revert data, in whatever shape a node or library hands it over, to the typed exception."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from functools import lru_cache

from stotoken.errors import InputError, Panicked, Reverted, UnknownRevert
from stotoken.types import decode_values

_ERROR_STRING = bytes.fromhex("08c379a0")

# Where nodes put the revert data inside an error object: geth, Besu, Anvil; Ganache 7; Ganache 2.
_PLACES = ("data", "result", "return", "output")

# What nodes say when execution, not the request, failed.
_EXECUTION = re.compile(
    r"revert|VM Exception|VM execution|EVM error|out ?of ?gas|invalid opcode|invalid jump|stack (under|over)flow",
    re.IGNORECASE,
)
_SAID_BEFORE_REASON = re.compile(
    r"^(VM Exception while processing transaction:\s*)?(execution\s+)?(revert(ed)?\b:?\s*)*(with reason string)?",
    re.IGNORECASE,
)


_LEARNT: dict[bytes, type[Reverted]] = {}


@lru_cache(maxsize=1)
def _by_selector() -> Mapping[bytes, type[Reverted]]:
    """The generated errors; none of them before the first compilation."""
    try:
        module = importlib.import_module("stotoken.reverts")
    except ModuleNotFoundError as error:
        if error.name != "stotoken.reverts":
            raise
        return {}
    known: Mapping[bytes, type[Reverted]] = module.BY_SELECTOR
    return known


def typed_revert(data: bytes, text: str = "") -> Reverted:
    """The exception for revert data; `text`, what the node said, is kept only where the data explains nothing."""
    selector = data[:4]
    kind = Panicked if selector == Panicked.selector else _by_selector().get(selector) or _LEARNT.get(selector)
    try:
        if selector == _ERROR_STRING:
            return UnknownRevert(data, str(decode_values(["string"], data[4:])[0]))
        if kind is not None:
            return _with_inner(kind.from_data(data))
    except InputError:
        return UnknownRevert(data, text)
    return UnknownRevert(data, "" if data else text)


def learn(*kinds: type[Reverted]) -> None:
    """Know these errors from now on too, such as those that a third party's rule refuses with."""
    _LEARNT.update({kind.selector: kind for kind in kinds})


def _with_inner(error: Reverted) -> Reverted:
    """With the error that its last value is, when it carries one of another contract and it is known."""
    if error.inputs[-1:] == ("bytes",):
        inner = typed_revert(error.args[-1])
        error.inner = inner if not isinstance(inner, UnknownRevert) or inner.text else None
    return error


def revert_data(source: object) -> bytes | None:
    """Revert data out of bytes, a hex string, a JSON-RPC error object (Ganache nests them) or a web3 exception."""
    if isinstance(source, bytes | bytearray):
        return bytes(source)
    if isinstance(source, str):
        found = re.search(r"0x((?:[0-9a-fA-F]{2})*)$", source.strip())
        return bytes.fromhex(found[1]) if found else None
    if isinstance(source, Mapping):
        nested = [source[place] for place in _PLACES if place in source]
        nested += [value for value in source.values() if isinstance(value, Mapping)]
        return next((data for item in nested if (data := revert_data(item)) is not None), None)
    if isinstance(source, Exception):
        return revert_data(getattr(source, "data", None))
    return None


def revert_of(error: object) -> Reverted | None:
    """The typed exception in a JSON-RPC error object or web3 exception; None when it is no failure of execution."""
    message = str(error.get("message", "") if isinstance(error, Mapping) else getattr(error, "message", error))
    data = revert_data(error)
    code = error.get("code") if isinstance(error, Mapping) else None
    if not data and code != 3 and not _EXECUTION.search(message):
        return None
    return typed_revert(data or b"", _SAID_BEFORE_REASON.sub("", message).strip(" '\"."))
