"""What became of many transactions, in one answer and without the logs of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from stotoken.chain.connection import Connection, number_of
from stotoken.errors import NodeError, StotokenError

_METHOD = "eth_getTransactionReceipt"


class Mined(NamedTuple):
    """The part of a receipt that tells what became of a transaction. `status` is 1 when it took effect."""

    tx_hash: str
    block_number: int
    block_hash: str
    gas_used: int
    status: int


class _Receipt(msgspec.Struct):
    transactionHash: str  # noqa: N815  names of JSON-RPC
    blockNumber: str | None  # noqa: N815
    blockHash: str | None  # noqa: N815
    gasUsed: str  # noqa: N815
    status: str


class _Answer(msgspec.Struct):
    id: int
    result: _Receipt | None = None
    error: Any = None


_ANSWERS = msgspec.json.Decoder(list[_Answer])


def receipts(connection: Connection, hashes: Sequence[str]) -> list[Mined | None]:
    """What became of each transaction, in order; None of one that is not mined. The logs, most of what the node
    answers, are passed over unread."""
    if not hashes:
        return []
    body = [{"jsonrpc": "2.0", "id": place, "method": _METHOD, "params": [tx]} for place, tx in enumerate(hashes)]
    try:
        answers = connection.exchange(body, _ANSWERS.decode)
    except NodeError as error:
        if "not JSON" not in str(error):
            raise
        return [_settled(answer) for answer in connection.batch([(_METHOD, [tx]) for tx in hashes])]
    by_place = {answer.id: answer for answer in answers}
    return [_mined(by_place.get(place)) for place in range(len(hashes))]


def _mined(answer: _Answer | None) -> Mined | None:
    if answer is None or answer.error is not None:
        raise NodeError(f"The node gave no answer to {_METHOD}.", answered=True)
    found = answer.result
    if found is None or found.blockNumber is None:
        return None
    return Mined(
        found.transactionHash,
        number_of(found.blockNumber),
        str(found.blockHash),
        number_of(found.gasUsed),
        number_of(found.status),
    )


def _settled(answer: Any) -> Mined | None:
    """From a node that takes no batches, or answers them in a form of its own."""
    if isinstance(answer, StotokenError):
        raise answer
    if not isinstance(answer, Mapping) or answer.get("blockNumber") is None:
        return None
    return Mined(
        str(answer.get("transactionHash")),
        number_of(answer["blockNumber"]),
        str(answer.get("blockHash")),
        number_of(answer.get("gasUsed")),
        number_of(answer.get("status")),
    )
