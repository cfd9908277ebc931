"""One transaction before it is signed and after: its digest, its bytes, and whether a signature is what was asked for.

    envelope = Envelope.of(fields)             checked, no field unknown or missing
    envelope.digest                            what is signed, after EIP-155, EIP-2930 or EIP-1559
    envelope.signed(Signature(r, s, parity))   the raw transaction and its hash
    verified(raw, envelope, address)           the same from what somebody else signed, every field compared

The bytes are laid by hand, several times as fast as through eth_account, to which the tests hold them equal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

from stotoken.chain.faults import SignerError
from stotoken.errors import InputError
from stotoken.types import Address, checksum, keccak, parse_address, to_hex

#: The order of the curve secp256k1.
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_HALF_ORDER = ORDER // 2

LEGACY, ACCESS_LIST, FEE_MARKET = 0, 1, 2
_BITS = {"chainId": 64, "nonce": 64, "gas": 64}
_FEES = {
    LEGACY: ("gasPrice",),
    ACCESS_LIST: ("gasPrice",),
    FEE_MARKET: ("maxPriorityFeePerGas", "maxFeePerGas"),
}
_QUANTITY = re.compile(r"0x[0-9a-fA-F]{1,64}")
_BYTES = re.compile(r"0x([0-9a-fA-F]{2})*")
_ODD = "it is not encoded as a transaction for one chain is"
#: A storage key lies in the keys of an entry of the list of a transaction.
_DEPTH = 4

Rlp = bytes | Sequence["Rlp"]
AccessList = tuple[tuple[bytes, tuple[bytes, ...]], ...]


@dataclass(frozen=True)
class SignedTransaction:
    raw: bytes
    hash: str


class Signature(NamedTuple):
    r: int
    s: int
    parity: int

    @property
    def sound(self) -> bool:
        """In range, and with the low s that nobody can flip without being noticed (EIP-2)."""
        return 0 < self.r < ORDER and 0 < self.s <= _HALF_ORDER and self.parity in (0, 1)

    @property
    def compact(self) -> bytes:
        """65 bytes: r, s and v, 27 or 28."""
        return self.r.to_bytes(32, "big") + self.s.to_bytes(32, "big") + bytes([27 + self.parity])

    @classmethod
    def parse(cls, compact: bytes) -> Self:
        """From 65 bytes whose v is 0, 1, 27 or 28; ValueError for any others."""
        if len(compact) != 65 or compact[64] not in (0, 1, 27, 28):
            raise ValueError(_ODD)
        return cls(int.from_bytes(compact[:32], "big"), int.from_bytes(compact[32:64], "big"), compact[64] % 27)

    def signer(self, digest: bytes) -> Address | None:
        """Whose signature of the digest it is; None when it is nobody's."""
        from coincurve import PublicKey

        try:
            found = PublicKey.from_signature_and_message(self.compact[:64] + bytes([self.parity]), digest, hasher=None)
        except ValueError:
            return None
        return address_of(found.format(compressed=False))


def address_of(public_key: bytes) -> Address:
    """Of an uncompressed point of 65 bytes."""
    return checksum(to_hex(keccak(public_key[1:])[12:]))


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a transaction says. `fees` are the gas price, or the tip and the most per gas; `to` is empty to create."""

    kind: int
    chain_id: int
    nonce: int
    fees: tuple[int, ...]
    gas: int
    to: bytes
    value: int
    data: bytes
    access: AccessList = ()

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Envelope:
        """From the fields of JSON-RPC, numbers as int or hexadecimal. InputError names what is wrong with one."""
        left = {name: value for name, value in fields.items() if value is not None}
        if not left.get("chainId") or not _number(left, "chainId"):
            raise InputError("The transaction names no chain id; it was not signed.")
        kind = _number(left, "type") if "type" in left else FEE_MARKET if "maxFeePerGas" in left else LEGACY
        if kind not in _FEES:
            raise _unfit(f"type {kind} is not one of {', '.join(map(str, _FEES))}")
        access = _access_list(left.pop("accessList", ())) if kind != LEGACY else ()
        to = left.pop("to", None)
        envelope = cls(
            kind=kind,
            chain_id=_number(left, "chainId"),
            nonce=_number(left, "nonce"),
            fees=tuple(_number(left, name) for name in _FEES[kind]),
            gas=_number(left, "gas"),
            to=_address(to) if to else b"",
            value=_number({"value": 0} | left, "value"),
            data=_data(left.pop("data", b"")),
            access=access,
        )
        known = {"type", "chainId", "nonce", "gas", "value", *_FEES[kind]}
        if unknown := sorted(set(left) - known):
            raise _unfit(f"it has a field {unknown[0]}, which is not signed in a transaction of type {kind}")
        return envelope

    @property
    def target(self) -> Address | None:
        return checksum(to_hex(self.to)) if self.to else None

    def is_idle(self, wallet: Address) -> bool:
        """Whether it only uses up a nonce of the wallet that signs it: to itself, without ether and without data."""
        return self.target == wallet and not self.value and not self.data

    @property
    def most_fee(self) -> int:
        """The most wei that its gas can cost."""
        return self.gas * self.fees[-1]

    @property
    def digest(self) -> bytes:
        return keccak(self._framed((self.chain_id, 0, 0) if self.kind == LEGACY else ()))

    def signed(self, signature: Signature) -> SignedTransaction:
        r, s, parity = signature
        raw = self._framed((self.chain_id * 2 + 35 + parity, r, s) if self.kind == LEGACY else (parity, r, s))
        return SignedTransaction(raw, to_hex(keccak(raw)))

    def rpc(self) -> dict[str, Any]:
        """As JSON-RPC and files write it: quantities and data in hexadecimal."""
        found: dict[str, Any] = {"type": hex(self.kind), "chainId": hex(self.chain_id), "nonce": hex(self.nonce)}
        found |= {name: hex(fee) for name, fee in zip(_FEES[self.kind], self.fees, strict=True)}
        found |= {"gas": hex(self.gas), "to": self.target, "value": hex(self.value), "data": to_hex(self.data)}
        if self.access:
            found["accessList"] = [
                {"address": to_hex(address), "storageKeys": [to_hex(key) for key in keys]}
                for address, keys in self.access
            ]
        return {name: value for name, value in found.items() if value is not None}

    def differs_in(self, other: Envelope, *names: str) -> tuple[str, ...]:
        """Names of the fields in which the two are not the same; of those named alone, if any are."""
        mine, others = self.rpc(), other.rpc()
        every = names or tuple(dict.fromkeys([*mine, *others]))
        return tuple(name for name in every if mine.get(name) != others.get(name))

    def with_terms_of(self, other: Envelope) -> Envelope:
        """The same with the gas, the fees and the type of another."""
        return replace(self, kind=other.kind, fees=other.fees, gas=other.gas, access=other.access)

    def _framed(self, tail: tuple[int, ...]) -> bytes:
        # A fee market transaction has tip and most, the others one price, in the same place.
        head: list[Rlp] = [_big(self.nonce), *map(_big, self.fees), _big(self.gas)]
        body: list[Rlp] = [self.to, _big(self.value), self.data]
        end = list(map(_big, tail))
        if self.kind == LEGACY:
            return rlp_encode([*head, *body, *end])
        access: Rlp = [[address, list(keys)] for address, keys in self.access]
        return bytes([self.kind]) + rlp_encode([_big(self.chain_id), *head, *body, access, *end])


def parse(raw: bytes) -> tuple[Envelope, Signature]:
    """What a signed transaction says, and its signature. ValueError for what is none of the three kinds for a chain."""
    kind = raw[0] if raw and raw[0] in (ACCESS_LIST, FEE_MARKET) else LEGACY
    items = rlp_decode(raw[1:] if kind else raw)
    many = {LEGACY: 9, ACCESS_LIST: 11, FEE_MARKET: 12}[kind]
    if isinstance(items, bytes) or len(items) != many:
        raise ValueError(_ODD)
    access = _parsed_access(items[-4]) if kind else ()
    plain = [item for item in (items[:-4] + items[-3:] if kind else items) if isinstance(item, bytes)]
    if len(plain) != many - (1 if kind else 0):
        raise ValueError(_ODD)
    *front, to, value, data, v, r, s = plain
    numbers = [_small(item) for item in front]
    chain_id, parity = (numbers.pop(0), _small(v)) if kind else divmod(_small(v) - 35, 2)
    nonce, *fees, gas = numbers
    if chain_id <= 0 or len(to) not in (0, 20):
        raise ValueError(_ODD)
    envelope = Envelope(kind, chain_id, nonce, tuple(fees), gas, to, _small(value), data, access)
    return envelope, Signature(_small(r), _small(s), parity)


def verified(raw: bytes, asked: Envelope, address: Address, whose: str) -> SignedTransaction:
    """What was asked for and nothing else, signed by the address; SignerError names what `whose` signer altered."""
    try:
        found, signature = parse(raw)
    except (ValueError, TypeError):
        raise SignerError(f"{whose} gave back something that is no signed transaction; nothing was sent.") from None
    if different := asked.differs_in(found):
        raise SignerError(f"{whose} signed another {', '.join(different)} than was asked for; nothing was sent.")
    check(signature, asked.digest, address, whose)
    if asked.signed(signature).raw != raw:
        raise SignerError(f"{whose} gave back a transaction that is oddly encoded; nothing was sent.")
    return asked.signed(signature)


def check(signature: Signature, digest: bytes, address: Address, whose: str) -> None:
    """SignerError unless it is the address's own, of this digest, and nobody could have altered it."""
    if not signature.sound:
        raise SignerError(f"{whose} gave a signature that others could alter; nothing was sent.")
    if (found := signature.signer(digest)) != address:
        of = "another digest or key" if found is None else f"{found} or of another digest"
        raise SignerError(f"{whose} gave a signature of {of}, not of {address}; nothing was sent.")


def typed_digest(message: Mapping[str, Any]) -> bytes:
    """What is signed of a full EIP-712 message. A `chainId` in its domain is mandatory."""
    from eth_abi.exceptions import EncodingError
    from eth_account.messages import encode_typed_data
    from eth_utils.exceptions import ValidationError

    chain_id = message.get("domain", {}).get("chainId")
    if not isinstance(chain_id, int) or not chain_id:
        raise InputError("The typed data names no chain id in its domain; it was not signed.")
    try:
        found = encode_typed_data(full_message=dict(message))
    except (TypeError, ValueError, KeyError, AttributeError, EncodingError, ValidationError) as error:
        raise InputError(f"The typed data cannot be signed: {error}") from None
    return keccak(b"\x19" + found.version + found.header + found.body)


# --- fields -----------------------------------------------------------------------------------------------------------


def _unfit(problem: str) -> InputError:
    return InputError(f"The transaction cannot be signed: {problem}.")


def _number(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name)
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        value = int(value, 16)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2 ** _BITS.get(name, 256):
        raise _unfit(f"{name} must be a whole number of 0 or more" if name in fields else f"it has no {name}")
    return value


def _address(value: object) -> bytes:
    try:
        return bytes.fromhex(parse_address(str(value), allow_zero=True)[2:])
    except InputError as error:
        raise _unfit(f"to: {str(error).rstrip('.')}") from None


def _data(value: object) -> bytes:
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, str) and _BYTES.fullmatch(value):
        return bytes.fromhex(value[2:])
    raise _unfit("data must be bytes")


def _access_list(value: object) -> AccessList:
    try:
        return tuple(
            (_address(entry["address"]), tuple(_data(key) for key in entry["storageKeys"]))
            for entry in value  # type: ignore[attr-defined]
        )
    except (TypeError, KeyError):
        raise _unfit("its access list is none") from None


def _parsed_access(items: Any) -> AccessList:
    found = tuple((address, tuple(keys)) for address, keys in items)
    if not all(isinstance(part, bytes) for address, keys in found for part in (address, *keys)):
        raise ValueError(_ODD)
    return found


# --- RLP --------------------------------------------------------------------------------------------------------------


def _big(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _small(data: bytes) -> int:
    if data[:1] == b"\0" or len(data) > 32:
        raise ValueError(_ODD)
    return int.from_bytes(data, "big")


def rlp_encode(item: Rlp) -> bytes:
    if isinstance(item, bytes):
        return item if len(item) == 1 and item[0] < 0x80 else _header(0x80, len(item)) + item
    body = b"".join(map(rlp_encode, item))
    return _header(0xC0, len(body)) + body


def _header(base: int, length: int) -> bytes:
    size = _big(length)
    return bytes([base + length]) if length < 56 else bytes([base + 55 + len(size)]) + size


def rlp_decode(data: bytes) -> Any:
    """The only item of the data, lists as lists; ValueError unless it is the shortest encoding of it."""
    item, end = _decoded(data, 0, 0)
    if end != len(data) or rlp_encode(item) != data:
        raise ValueError(_ODD)
    return item


def _decoded(data: bytes, start: int, depth: int) -> tuple[Any, int]:
    if start >= len(data) or depth > _DEPTH:
        raise ValueError(_ODD)
    first = data[start]
    if first < 0x80:
        return data[start : start + 1], start + 1
    base = 0xC0 if first >= 0xC0 else 0x80
    start, length = start + 1, first - base
    if length > 55:
        size = length - 55
        length, start = int.from_bytes(data[start : start + size], "big"), start + size
    end = start + length
    if end > len(data):
        raise ValueError(_ODD)
    if base == 0x80:
        return data[start:end], end
    items = []
    while start < end:
        found, start = _decoded(data, start, depth + 1)
        items.append(found)
    if start != end:
        raise ValueError(_ODD)
    return items, end
