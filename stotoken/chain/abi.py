"""Codecs for functions, events and errors, each known by its full signature, so that an overload is never guessed.

Arguments and results are plain Python values: addresses as EIP-55 strings, `bytes`, `int`, `bool`, structs and arrays
as tuples.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stotoken.errors import ConfigError, InputError
from stotoken.types import Address, Log, decode_values, encode_values, keccak, to_hex


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter; `type` is canonical, structs written out as tuples: `(address,uint256)[]`."""

    name: str
    type: str
    indexed: bool = False
    components: tuple[Param, ...] = ()

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Param:
        components = tuple(cls.from_json(part) for part in entry.get("components", ()))
        kind = str(entry["type"])
        if kind.startswith("tuple"):
            kind = f"({','.join(part.type for part in components)}){kind.removeprefix('tuple')}"
        return cls(str(entry.get("name", "")), kind, bool(entry.get("indexed", False)), components)

    @property
    def dynamic_or_compound(self) -> bool:
        """Whether an indexed value of this type leaves only its hash in the log."""
        return self.type in ("string", "bytes") or self.type.endswith((")", "]"))


def _params(items: Iterable[str | Param]) -> tuple[Param, ...]:
    return tuple(item if isinstance(item, Param) else Param("", item) for item in items)


def _types(params: Iterable[Param]) -> tuple[str, ...]:
    return tuple(param.type for param in params)


def _json_params(entry: Mapping[str, Any], key: str = "inputs") -> tuple[Param, ...]:
    return tuple(Param.from_json(item) for item in entry.get(key, ()))


@dataclass(frozen=True)
class Call:
    """What to ask of a contract: encoded, addressed, not yet sent. `to` is None for a deployment."""

    to: Address | None
    data: bytes
    signature: str
    value: int = 0

    def describe(self) -> str:
        """`transfer(0xAb…, 100) on 0xCd…`, for plans and logs."""
        if self.to is None:
            return f"deploy {self.signature.partition('(')[0]} ({len(self.data)} bytes)"
        name, _, rest = self.signature.partition("(")
        try:
            values = decode_values(split_types(rest[:-1]), self.data[4:])
        except InputError:
            return f"{self.signature} with {to_hex(self.data)} on {self.to}"
        return f"{name}({', '.join(_text(value) for value in values)}) on {self.to}"


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return to_hex(value)
    if isinstance(value, tuple):
        return f"[{', '.join(_text(item) for item in value)}]"
    return str(value)


def split_types(text: str) -> tuple[str, ...]:
    """The top-level types of a canonical list: `address,(uint8,bytes)[]` → `address`, `(uint8,bytes)[]`."""
    parts: list[str] = []
    depth, start = 0, 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return (*parts, text[start:]) if text else ()


class _Signed:
    """A name and typed inputs; the canonical signature is what tells it from every other."""

    def __init__(self, signature: str, inputs: Iterable[str | Param] | None = None) -> None:
        name, opening, rest = signature.partition("(")
        if not (name and opening and rest.endswith(")")):
            raise InputError(f"'{signature}' is not a full signature such as transfer(address,uint256).")
        self.name = name
        self.inputs = _params(split_types(rest[:-1]) if inputs is None else inputs)
        self.types = _types(self.inputs)
        self.signature = f"{name}({','.join(self.types)})"
        if self.signature != signature:
            raise InputError(f"Signature {signature} does not match its inputs, which give {self.signature}.")
        self.hash = keccak(signature.encode())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.signature})"

    @staticmethod
    def signature_of(entry: Mapping[str, Any]) -> str:
        """Canonical signature of an ABI JSON entry."""
        return f"{entry['name']}({','.join(_types(_json_params(entry)))})"

    def _encode(self, values: Sequence[object]) -> bytes:
        try:
            return encode_values(self.types, values)
        except InputError as error:
            raise InputError(f"{self.signature}: {error}") from None


class Function(_Signed):
    """`Function("transfer(address,uint256)", outputs=("bool",))`; `inputs` may be given as `Param` for their names."""

    def __init__(
        self,
        signature: str,
        inputs: Iterable[str | Param] | None = None,
        outputs: Iterable[str | Param] = (),
        *,
        mutability: str = "nonpayable",
    ) -> None:
        super().__init__(signature, inputs)
        self.outputs = _params(outputs)
        self.output_types = _types(self.outputs)
        self.mutability = mutability
        self.selector = self.hash[:4]

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Function:
        inputs, outputs = _json_params(entry), _json_params(entry, "outputs")
        mutability = str(entry.get("stateMutability", "nonpayable"))
        return cls(cls.signature_of(entry), inputs, outputs, mutability=mutability)

    @property
    def is_view(self) -> bool:
        return self.mutability in ("view", "pure")

    def encode(self, *args: object) -> bytes:
        """Call data, selector included. InputError names the first argument that does not fit."""
        return self.selector + self._encode(args)

    def call(self, to: Address, *args: object, value: int = 0) -> Call:
        return Call(to, self.encode(*args), self.signature, value)

    def decode(self, data: bytes) -> Any:
        """The result: None for no output, the value for one, a tuple for more."""
        if self.output_types and not data:
            raise InputError(f"{self.signature} gave no result: no contract of this kind at the address.")
        values = decode_values(self.output_types, data)
        return values[0] if len(values) == 1 else (values or None)

    def decode_arguments(self, data: bytes) -> tuple[Any, ...]:
        """The arguments back from call data."""
        if data[:4] != self.selector:
            raise InputError(f"Call data {to_hex(data[:4])} is not for {self.signature}.")
        return decode_values(self.types, data[4:])


class Constructor:
    """Arguments of a contract's creation."""

    def __init__(self, inputs: Iterable[str | Param] = ()) -> None:
        self.inputs = _params(inputs)
        self.types = _types(self.inputs)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Constructor:
        return cls(_json_params(entry))

    def encode(self, *args: object) -> bytes:
        try:
            return encode_values(self.types, args)
        except InputError as error:
            raise InputError(f"constructor: {error}") from None

    def call(self, name: str, bytecode: bytes, *args: object) -> Call:
        """The deployment of contract `name` from its linked creation code."""
        return Call(None, bytecode + self.encode(*args), f"{name}({','.join(self.types)})")


class Event(_Signed):
    """`Event("Transfer(address,address,uint256)", (Param("from", "address", indexed=True), …))`"""

    def __init__(self, signature: str, inputs: Iterable[str | Param] | None = None) -> None:
        super().__init__(signature, inputs)
        self.topic = self.hash
        self._indexed = tuple(param for param in self.inputs if param.indexed)
        self._plain_types = tuple(param.type for param in self.inputs if not param.indexed)
        self._topic_types = tuple("bytes32" if p.dynamic_or_compound else p.type for p in self._indexed)

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Event:
        return cls(cls.signature_of(entry), _json_params(entry))

    def matches(self, log: Log) -> bool:
        return len(log.topics) == len(self._indexed) + 1 and log.topics[0] == self.topic

    def decode(self, log: Log) -> dict[str, Any]:
        """Values by parameter name in declared order; an indexed string, bytes, array or struct comes as its hash."""
        if not self.matches(log):
            raise InputError(f"Log {log.log_index} of transaction {log.tx_hash} is not {self.signature}.")
        indexed = iter(decode_values(self._topic_types, b"".join(log.topics[1:])))
        plain = iter(decode_values(self._plain_types, log.data))
        return {
            param.name or f"arg{place}": next(indexed if param.indexed else plain)
            for place, param in enumerate(self.inputs)
        }

    def topics(self, **indexed: object) -> list[str | None]:
        """Filter topics: the event, and the given values of indexed parameters by name."""
        names = [param.name for param in self._indexed]
        if unknown := set(indexed) - set(names):
            raise InputError(f"{self.signature} has no indexed {', '.join(sorted(unknown))}.")
        found: list[str | None] = [to_hex(self.topic)]
        for name, kind in zip(names, self._topic_types, strict=True):
            value = indexed.get(name)
            found.append(None if value is None else to_hex(encode_values([kind], [value])))
        while found[-1] is None:
            found.pop()
        return found


class ErrorCodec(_Signed):
    """A custom error of a contract."""

    def __init__(self, signature: str, inputs: Iterable[str | Param] | None = None) -> None:
        super().__init__(signature, inputs)
        self.selector = self.hash[:4]

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> ErrorCodec:
        return cls(cls.signature_of(entry), _json_params(entry))

    def encode(self, *args: object) -> bytes:
        return self.selector + self._encode(args)

    def decode(self, data: bytes) -> tuple[Any, ...]:
        if data[:4] != self.selector:
            raise InputError(f"Revert data {to_hex(data[:4])} is not that of {self.signature}.")
        return decode_values(self.types, data[4:])


class Abi:
    """Everything one ABI declares: `functions` and `errors` by signature, `events` by topic, `constructor`."""

    def __init__(self, entries: Sequence[Mapping[str, Any]]) -> None:
        def of(kind: str) -> list[Mapping[str, Any]]:
            return [entry for entry in entries if entry.get("type") == kind]

        self.functions = {found.signature: found for found in map(Function.from_json, of("function"))}
        self.events = {found.topic: found for found in map(Event.from_json, of("event"))}
        self.errors = {found.signature: found for found in map(ErrorCodec.from_json, of("error"))}
        self.constructor = next(map(Constructor.from_json, of("constructor")), Constructor())

    def function(self, name: str) -> Function:
        """By full signature, or by bare name where the ABI has only one of that name."""
        if name in self.functions:
            return self.functions[name]
        found = [function for function in self.functions.values() if function.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise ConfigError(f"Function {name} is overloaded: name one of {', '.join(f.signature for f in found)}.")
        raise ConfigError(f"The ABI has no function {name}.")

    def event(self, name: str) -> Event:
        """By full signature or bare name, as `function`."""
        found = [event for event in self.events.values() if name in (event.signature, event.name)]
        if len(found) == 1:
            return found[0]
        raise ConfigError(f"The ABI has {'more than one' if found else 'no'} event {name}.")

    def decode_log(self, log: Log) -> tuple[Event, dict[str, Any]] | None:
        """The event and its values, or None when the ABI does not know it."""
        event = self.events.get(log.topics[0]) if log.topics else None
        return (event, event.decode(log)) if event and event.matches(log) else None
