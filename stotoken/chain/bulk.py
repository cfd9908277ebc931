"""Logs, headers and receipts by the thousand: the JSON goes straight into structs, hexadecimal until
it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import msgspec

from stotoken.chain.connection import Connection, block_of, data_of, number_of
from stotoken.errors import NodeError, StotokenError
from stotoken.types import Address, Block, Log, checksum, to_hex

Request = tuple[str, Sequence[object]]


class RawLog(msgspec.Struct, rename="camel", gc=False):
    """A log in the words of the node."""

    address: str
    topics: tuple[str, ...]
    data: str
    block_number: str
    block_hash: str
    transaction_hash: str
    log_index: str
    #: Only some nodes tell it.
    block_timestamp: str | int | None = None

    @classmethod
    def of(cls, log: Log) -> Self:
        """The same log as a node would word it."""
        words = tuple(map(to_hex, log.topics))
        place = (hex(log.block_number), log.block_hash, log.tx_hash, hex(log.log_index))
        return cls(log.address.lower(), words, to_hex(log.data), *place)

    def log(self) -> Log:
        return Log(
            checksum(self.address),
            tuple(map(data_of, self.topics)),
            data_of(self.data),
            number_of(self.block_number),
            self.block_hash,
            self.transaction_hash,
            number_of(self.log_index),
        )


class Mined(NamedTuple):
    """The part of a receipt that tells what became of a transaction. `status` is 1 when it took effect."""

    tx_hash: str
    block_number: int
    block_hash: str
    gas_used: int
    status: int


class _Receipt(msgspec.Struct, rename="camel"):
    """Without the logs, most of what the node answers: they are passed over unread."""

    transaction_hash: str
    block_number: str | None
    block_hash: str | None
    gas_used: str
    status: str


class _Answer(msgspec.Struct):
    id: int
    result: msgspec.Raw = msgspec.Raw(b"")
    error: dict[str, Any] | str | None = None


_ANSWERS = msgspec.json.Decoder(list[_Answer])
_LOGS = msgspec.json.Decoder(list[RawLog])
_RECEIPT = msgspec.json.Decoder(_Receipt | None)


def ask(connection: Connection, requests: Sequence[Request]) -> list[msgspec.Raw]:
    """Many requests in one post; the results as they came, in order. The first that failed is raised.

    A node that takes no batches is asked one by one.
    """
    if not requests:
        return []
    body = [
        {"jsonrpc": "2.0", "id": place, "method": method, "params": list(params)}
        for place, (method, params) in enumerate(requests)
    ]
    try:
        answers = _ANSWERS.decode(connection.post(body))
    except msgspec.DecodeError:
        return [_alone(connection, method, params) for method, params in requests]
    found = {answer.id: answer for answer in answers}
    results = []
    for place, (method, _) in enumerate(requests):
        answer = found.get(place)
        if answer is None:
            raise NodeError(f"The node gave no answer to {method} within a batch.", answered=True)
        if answer.error is not None:
            connection.result_of(method, {"error": answer.error})
        results.append(answer.result)
    return results


def _alone(connection: Connection, method: str, params: Sequence[object]) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(connection.request(method, params)))


def get_logs(addresses: Sequence[Address], first: int, last: int) -> Request:
    return "eth_getLogs", [{"address": list(addresses), "fromBlock": hex(first), "toBlock": hex(last)}]


def get_header(block: int | str) -> Request:
    return "eth_getBlockByNumber", [hex(block) if isinstance(block, int) else block, False]


def logs_of(raw: msgspec.Raw) -> list[RawLog]:
    try:
        return _LOGS.decode(raw)
    except msgspec.DecodeError:
        raise NodeError("The node answered something else where a list of logs was expected.", answered=True) from None


def header_of(raw: msgspec.Raw) -> Block | None:
    """None where the chain has no such block."""
    try:
        found = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise NodeError("The node answered something else where a block was expected.", answered=True) from None
    return None if found is None else block_of(found)


def receipts(connection: Connection, hashes: Sequence[str]) -> list[Mined | None]:
    """What became of each transaction, in order; None of one that is not mined."""
    return [_mined(raw) for raw in ask(connection, [("eth_getTransactionReceipt", [tx]) for tx in hashes])]


def _mined(raw: msgspec.Raw) -> Mined | None:
    try:
        found = _RECEIPT.decode(raw)
    except msgspec.DecodeError:
        raise NodeError("The node answered something else where a receipt was expected.", answered=True) from None
    if found is None or found.block_number is None:
        return None
    place, gas_used = number_of(found.block_number), number_of(found.gas_used)
    return Mined(found.transaction_hash, place, str(found.block_hash), gas_used, number_of(found.status))


def is_transport(fault: StotokenError) -> bool:
    """Whether it came of the way to the node rather than of what the node was asked."""
    return isinstance(fault, NodeError) and not fault.answered
