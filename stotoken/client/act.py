"""An act that needs two people: the exact call, on what it rests, and what it is in words."""

from __future__ import annotations

from dataclasses import dataclass

from stotoken.chain.abi import Call
from stotoken.types import Address, Basis, encode_values, keccak


@dataclass(frozen=True)
class Act:
    """Made by a client's method, carried by `Orders.propose`."""

    call: Call
    basis: Basis
    en: str
    ja: str

    @property
    def target(self) -> Address:
        return self.call.to or ""

    @property
    def hash(self) -> bytes:
        """What the approver approves."""
        return act_hash(self.target, self.call.data)

    def text(self, lang: str = "en") -> str:
        return self.ja if lang == "ja" else self.en


def act_hash(target: Address, data: bytes) -> bytes:
    """keccak256(abi.encode(target, data))"""
    return keccak(encode_values(["address", "bytes"], [target, data]))
