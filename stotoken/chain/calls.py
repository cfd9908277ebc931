"""What call data asks for, read by the ABIs of the system's contracts: function, arguments by name, units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from stotoken.artifacts import whole_abi
from stotoken.chain.abi import Abi, Function, Param
from stotoken.errors import InputError
from stotoken.types import Address, Units, python_name

#: Contracts whose functions are read; `SecurityToken` is every token.
KNOWN = ("Authority", "CoreSystem", "Orders", "SecurityToken")

#: Parameters that are amounts of units, in the functions of a token.
_AMOUNTS = {"units", "value", "amount"}
#: Functions without a parameter for it behind whose arguments a job may give the number of its lot: 32 bytes that the
#: token does not read.
_NUMBERED, _NUMBER = {"batchTransfer"}, 32
#: Functions of the queue that carry another call.
_CARRIERS = {"propose", "execute"}
#: Functions that carry calls of which nothing here would be known: none of them is read.
_UNREAD = {("Authority", name) for name in ("execute", "multicall", "schedule")}


@dataclass(frozen=True, slots=True)
class ReadCall:
    """One call; `inner` is the act that an order carries, `number` what a job gives behind the arguments."""

    contract: str
    function: Function
    arguments: Mapping[str, Any]
    inner: ReadCall | None = None
    number: bytes = b""

    @property
    def name(self) -> str:
        """`transfer`, or `propose:split` for an order."""
        return f"{self.function.name}:{self.inner.name}" if self.inner else self.function.name

    @property
    def targets(self) -> tuple[Address, ...]:
        """The contracts that an order acts upon, its own first; none for a call that carries no other."""
        return (self.arguments["target"], *self.inner.targets) if self.inner else ()

    @property
    def units(self) -> Units:
        """All units it names."""
        if self.inner:
            return self.inner.units
        if self.contract != "SecurityToken":
            return 0
        pairs = zip(self.function.inputs, self.arguments.values(), strict=True)
        return sum(_total(param, value) for param, value in pairs if param.name in _AMOUNTS)


def read_call(data: bytes) -> ReadCall | None:
    """What the data asks for; None when it is no call of the system's contracts, or says more than the call."""
    contract, function = _functions().get(data[:4], ("", None))
    if function is None:
        return None
    try:
        values = function.decode_arguments(data)
    except InputError:
        return None
    behind = data.removeprefix(function.encode(*values)) if function.name in _NUMBERED else b""
    if data != function.encode(*values) + behind or len(behind) not in (0, _NUMBER):
        return None
    arguments = {python_name(param.name): value for param, value in zip(function.inputs, values, strict=True)}
    if contract != "Orders" or function.name not in _CARRIERS:
        return ReadCall(contract, function, arguments, number=behind)
    inner = read_call(arguments["data"])
    return None if inner is None else ReadCall(contract, function, arguments, inner)


def is_function(name: str) -> bool:
    """Whether any of the contracts has a function of that name that changes something and can be read."""
    return any(name == function.name for _, function in _functions().values())


@cache
def _functions() -> dict[bytes, tuple[str, Function]]:
    return {
        function.selector: (contract, function)
        for contract in KNOWN
        for function in Abi(whole_abi(contract)).functions.values()
        if not function.is_view and (contract, function.name) not in _UNREAD
    }


def _total(param: Param, value: Any) -> Units:
    return sum(value) if param.type.endswith("[]") else int(value)
