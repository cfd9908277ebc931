"""What a deployment record must look like, finished or while it grows, and what is wrong with one that does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from stotoken.errors import InputError
from stotoken.types import parse_address


class _Is(NamedTuple):
    """One value: what it must be, in words, and whether it is."""

    what: str
    test: Callable[[Any], bool]


class _Each(NamedTuple):
    """A mapping from any text to values of one shape, among them those of `needed`."""

    shape: Any
    needed: tuple[str, ...] = ()


def _is_address(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(parse_address(value))
    except InputError:
        return False


_NUMBER = _Is("a whole number", lambda value: type(value) is int and value >= 0)
_TEXT = _Is("text", lambda value: isinstance(value, str))
_YES_OR_NO = _Is("true or false", lambda value: isinstance(value, bool))
_HASH = _Is("a hash", lambda value: isinstance(value, str) and bool(re.fullmatch(r"0x[0-9a-f]{64}", value)))
_ADDRESS = _Is("an address", _is_address)
_CREATED = _Is("an address or null", lambda value: value is None or _is_address(value))

#: A mapping of names to shapes, of which those with `?` may be missing; a list of one shape is a list of such.
_STEP = {
    "attempts": [{"nonce": _NUMBER, "tx_hash": _HASH}],
    "settled?": {"tx_hash": _HASH, "block_number": _NUMBER, "address": _CREATED},
}
_ALWAYS = {
    "format": _NUMBER,
    "complete": _YES_OR_NO,
    "chain_id": _NUMBER,
    "genesis": _HASH,
    "deployer": _ADDRESS,
    "artifacts": _TEXT,
}
GROWING = _ALWAYS | {"rights": _TEXT, "steps": _Each(_STEP)}
FINISHED = _ALWAYS | {
    "rights?": _TEXT,
    "steps?": _Each(_STEP),
    "block_number": _NUMBER,
    "addresses": _Each(_ADDRESS, ("Authority", "CoreSystem", "Orders", "SecurityToken")),
    "code_hashes": _Each(_HASH),
    "roles": _Each([_ADDRESS]),
}


def fault_of(value: Any, shape: Any, where: str = "") -> str:
    """What is wrong with a value, and where; empty when it has the shape."""
    place = where or "the record"
    if isinstance(shape, _Is):
        return "" if shape.test(value) else f"{place} is not {shape.what}"
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{place} is not a list"
        return _first(fault_of(item, shape[0], f"{where}[{number}]") for number, item in enumerate(value))
    if not isinstance(value, Mapping):
        return f"{place} is not a mapping"
    if isinstance(shape, _Each):
        shape = dict.fromkeys([*shape.needed, *value], shape.shape)
    for name, inner in shape.items():
        bare = name.removesuffix("?")
        if bare in value:
            if fault := fault_of(value[bare], inner, f"{where}.{bare}".lstrip(".")):
                return fault
        elif bare == name:
            return f"{f'{where}.{bare}'.lstrip('.')} is missing"
    return ""


def _first(faults: Iterable[str]) -> str:
    return next((fault for fault in faults if fault), "")
