"""What on the chain a report rests on: the last block that counts, the contracts and their code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from stotoken.chain.connection import Connection
from stotoken.errors import ChainReorganised
from stotoken.ledger.register import Register
from stotoken.types import Address, Block, checksum, keccak, to_hex

#: How the code of a clone begins (EIP-1167); the address of what it runs follows.
_CLONE = bytes.fromhex("363d3d373d3d3d363d73")


@dataclass(frozen=True, slots=True)
class Grounds:
    chain_id: int
    block: int
    block_hash: str
    #: UTC seconds of the block.
    block_time: int
    #: What the token runs is the implementation.
    contracts: Mapping[str, Address]
    #: keccak256 of the code at each of those addresses.
    code_hashes: Mapping[str, str]

    @classmethod
    def read(cls, register: Register, connection: Connection, block: Block) -> Self:
        """Of a block that the register has read."""
        known = register.contracts
        contracts = {"token": known.token, "system": known.system, "orders": known.orders}
        codes = {name: connection.code(address) for name, address in contracts.items()}
        if codes["token"].startswith(_CLONE):
            contracts["implementation"] = checksum("0x" + codes["token"][10:30].hex())
            codes["implementation"] = connection.code(contracts["implementation"])
        hashes = {name: to_hex(keccak(code)) for name, code in codes.items()}
        return cls(known.chain_id, block.number, block.hash, block.timestamp, contracts, hashes)


def last_block(register: Register, connection: Connection, until: int) -> Block:
    """The last block read whose time is not after a second; the chain's first if all are."""
    head = register.head
    if head is None:
        return connection.block(0)
    low, high = (head.number, head.number + 1) if head.timestamp <= until else (0, head.number)
    while high - low > 1:
        middle = (low + high) // 2
        if connection.block(middle).timestamp <= until:
            low = middle
        else:
            high = middle
    found = connection.block(low)
    if low == head.number and found.hash != head.hash:
        raise ChainReorganised(f"Block {low} ({head.hash}) is no longer part of the chain; no report was made.")
    return found
