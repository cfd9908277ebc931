"""Moves of a plain layout, read where their words lie: without data, which nearly all of them are.

Nodes write hexadecimal in small letters. Whatever does not lie exactly so, or contradicts the ERC-20 event before it,
is None here, and left to the ABI.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from stotoken.chain.bulk import RawLog
from stotoken.client.events import abi_of
from stotoken.ledger.events import Moved
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, MoveKind, checksum, to_hex

KINDS = {
    "IssuedByPartition": MoveKind.ISSUE,
    "TransferByPartition": MoveKind.TRANSFER,
    "RedeemedByPartition": MoveKind.REDEEM,
}

#: Distinct addresses that are remembered between logs.
_REMEMBERED = 1 << 18
#: Two empty byte strings behind four words and behind three, one behind two.
_TAIL_OF_TRANSFER = "".join(f"{word:064x}" for word in (0x80, 0xA0, 0, 0))
_TAIL_OF_ISSUE = "".join(f"{word:064x}" for word in (0x60, 0x80, 0, 0))
_TAIL_OF_REDEMPTION = "".join(f"{word:064x}" for word in (0x40, 0))
_NOBODY = f"0x{0:064x}"


@lru_cache(_REMEMBERED)
def address_in(word: str) -> Address:
    """The address in a word of 32 bytes, with `0x` or without."""
    return checksum(f"0x{word[-40:]}")


@lru_cache(_REMEMBERED)
def _contract(address: str) -> Address:
    return checksum(address)


@lru_cache(1 << 12)
def _bytes32(topic: str) -> Bytes32:
    return bytes.fromhex(topic[2:])


def _alike(transfer: RawLog, log: RawLog, giver: str, taker: str, value: str) -> bool:
    """Whether the ERC-20 event right before says the same, word for word."""
    topics = transfer.topics
    return (
        len(topics) == 3
        and topics[1] == giver
        and topics[2] == taker
        and transfer.data[2:] == value
        and transfer.address == log.address
    )


def _transferred(transfer: RawLog, log: RawLog, block: int, timestamp: int) -> Moved | None:
    topics, data = log.topics, log.data
    if len(topics) != 4 or data[130:] != _TAIL_OF_TRANSFER:
        return None
    if not _alike(transfer, log, topics[2], topics[3], data[66:130]):
        return None
    return Moved(
        block=block,
        timestamp=timestamp,
        tx_hash=log.transaction_hash,
        log_index=int(log.log_index, 16),
        contract=_contract(log.address),
        kind=MoveKind.TRANSFER,
        partition=_bytes32(topics[1]),
        from_=address_in(topics[2]),
        to=address_in(topics[3]),
        units=int(data[66:130], 16),
        operator=address_in(data[2:66]),
    )


def _issued(transfer: RawLog, log: RawLog, block: int, timestamp: int) -> Moved | None:
    topics, data = log.topics, log.data
    if len(topics) != 4 or data[66:] != _TAIL_OF_ISSUE or not _alike(transfer, log, _NOBODY, topics[3], data[2:66]):
        return None
    return Moved(
        block=block,
        timestamp=timestamp,
        tx_hash=log.transaction_hash,
        log_index=int(log.log_index, 16),
        contract=_contract(log.address),
        kind=MoveKind.ISSUE,
        partition=_bytes32(topics[1]),
        from_=ZERO_ADDRESS,
        to=address_in(topics[3]),
        units=int(data[2:66], 16),
        operator=address_in(topics[2]),
    )


def _redeemed(transfer: RawLog, log: RawLog, block: int, timestamp: int) -> Moved | None:
    topics, data = log.topics, log.data
    if (
        len(topics) != 4
        or data[66:] != _TAIL_OF_REDEMPTION
        or not _alike(transfer, log, topics[3], _NOBODY, data[2:66])
    ):
        return None
    return Moved(
        block=block,
        timestamp=timestamp,
        tx_hash=log.transaction_hash,
        log_index=int(log.log_index, 16),
        contract=_contract(log.address),
        kind=MoveKind.REDEEM,
        partition=_bytes32(topics[1]),
        from_=address_in(topics[3]),
        to=ZERO_ADDRESS,
        units=int(data[2:66], 16),
        operator=address_in(topics[2]),
    )


def _topic(name: str) -> str:
    return to_hex(abi_of("SecurityToken").event(name).topic)


TRANSFER = _topic("Transfer")
#: First topic to what reads the plain layout of that event, given the ERC-20 event before it.
PLAIN: Mapping[str, Callable[[RawLog, RawLog, int, int], Moved | None]] = {
    _topic("TransferByPartition"): _transferred,
    _topic("IssuedByPartition"): _issued,
    _topic("RedeemedByPartition"): _redeemed,
}
