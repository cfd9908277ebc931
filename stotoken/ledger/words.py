"""Events whose parameters are one word each, read where the words lie: all but a few, and those are left to the ABI."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple, Self

from stotoken.chain.abi import Event as EventCodec
from stotoken.chain.bulk import RawLog
from stotoken.client.events import abi_of
from stotoken.ledger.events import RECORDS, Event
from stotoken.ledger.moves import address_in
from stotoken.types import python_name, to_hex


class Layout(NamedTuple):
    """Where the words of one event are, and what becomes of them: field, place among topics and data, conversion."""

    record: type[Event]
    topics: int
    length: int
    fields: tuple[tuple[str, int, Callable[[str], Any]], ...]

    @classmethod
    def of(cls, event: EventCodec) -> Self | None:
        """None where a parameter is no single word."""
        conversions = [_conversion(param.type) for param in event.inputs]
        indexed = [param.indexed for param in event.inputs]
        record, fields = RECORDS[event.name], []
        topic, word = 1, 1 + sum(indexed)
        for param, conversion in zip(event.inputs, conversions, strict=True):
            if conversion is None:
                return None
            name, place = python_name(param.name), topic if param.indexed else word
            topic, word = topic + param.indexed, word + (not param.indexed)
            if name in record.__struct_fields__:
                fields.append((name, place, conversion))
        return cls(record, 1 + sum(indexed), 2 + 64 * (len(indexed) - sum(indexed)), tuple(fields))

    def read(self, log: RawLog, place: Mapping[str, Any]) -> Event | None:
        """The event; None where the log does not lie so."""
        if len(log.topics) != self.topics or len(log.data) != self.length:
            return None
        data = log.data
        words = [topic[2:] for topic in log.topics] + [data[at : at + 64] for at in range(2, len(data), 64)]
        return self.record(**{name: to_value(words[at]) for name, at, to_value in self.fields}, **place)


@cache
def layouts(contract: str) -> Mapping[str, Layout]:
    """First topic to layout, of the events of a contract that are used."""
    found = {
        to_hex(topic): Layout.of(event) for topic, event in abi_of(contract).events.items() if event.name in RECORDS
    }
    return {topic: layout for topic, layout in found.items() if layout is not None}


def _conversion(kind: str) -> Callable[[str], Any] | None:
    if kind == "address":
        return address_in
    if kind == "bool":
        return lambda word: word[-1] == "1"
    if re.fullmatch(r"uint\d+", kind):
        return lambda word: int(word, 16)
    if size := re.fullmatch(r"bytes(\d+)", kind):
        end = 2 * int(size[1])
        return lambda word: bytes.fromhex(word[:end])
    return None
