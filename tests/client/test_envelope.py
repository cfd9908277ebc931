"""Transactions laid by hand are byte for byte those of eth_account, and read back as what they are."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from stotoken.chain.envelope import Envelope, Signature, parse, rlp_decode, rlp_encode, verified
from stotoken.chain.faults import SignerError
from stotoken.chain.signer import LocalSigner
from stotoken.errors import InputError
from stotoken.types import checksum

KEY = bytes(range(1, 33))
ADDRESS = LocalSigner(KEY).address
HALF = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
ORDER = 2 * HALF + 1

quantities = st.one_of(st.sampled_from([0, 1, 127, 128, 255, 256]), st.integers(0, 2**64 - 1))
addresses = st.binary(min_size=20, max_size=20).map(lambda data: checksum(f"0x{data.hex()}"))
access = st.lists(
    st.fixed_dictionaries(
        {"address": addresses, "storageKeys": st.lists(st.binary(min_size=32, max_size=32), max_size=2)}
    ),
    max_size=2,
)


@st.composite
def transactions(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "chainId": draw(st.integers(1, 2**40)),
        "nonce": draw(quantities),
        "gas": draw(quantities),
        "value": draw(quantities),
        "data": draw(st.binary(max_size=80)),
    }
    kind = draw(st.sampled_from(["legacy", 1, 2]))
    if kind == 2:
        fields |= {"type": 2, "maxPriorityFeePerGas": draw(quantities), "maxFeePerGas": draw(quantities)}
    else:
        fields |= {"gasPrice": draw(quantities)} | ({"type": 1} if kind == 1 else {})
    if kind != "legacy":
        fields["accessList"] = draw(access)
    return fields | ({"to": draw(addresses)} if draw(st.booleans()) else {})


def by_eth_account(fields: dict[str, Any]) -> Any:
    lists = [
        {"address": each["address"], "storageKeys": [f"0x{key.hex()}" for key in each["storageKeys"]]}
        for each in fields.get("accessList", ())
    ]
    return Account.sign_transaction(fields | ({"accessList": lists} if "accessList" in fields else {}), KEY)


@settings(max_examples=150, deadline=None)
@given(transactions())
def test_every_transaction_is_signed_as_eth_account_signs_it(fields: dict[str, Any]) -> None:
    theirs, ours = by_eth_account(fields), LocalSigner(KEY).sign_transaction(fields)
    assert ours.raw == bytes(theirs.raw_transaction)
    assert ours.hash == theirs.hash.to_0x_hex()


@settings(max_examples=100, deadline=None)
@given(transactions())
def test_a_signed_transaction_reads_back_as_it_was_asked_for(fields: dict[str, Any]) -> None:
    asked, raw = Envelope.of(fields), LocalSigner(KEY).sign_transaction(fields).raw
    assert parse(raw)[0] == asked
    assert Envelope.of(asked.rpc()) == asked
    assert verified(raw, asked, ADDRESS, "It").raw == raw


FIELDS: dict[str, Any] = {
    "type": 2, "chainId": 1337, "nonce": 7, "gas": 21_000, "to": ADDRESS, "value": 5, "data": b"abc",
    "maxFeePerGas": 10, "maxPriorityFeePerGas": 1,
}  # fmt: skip
CHANGES: dict[str, Any] = {
    "chainId": 1338, "nonce": 8, "gas": 21_001, "to": "0x" + "11" * 20, "value": 6, "data": b"abd",
    "maxFeePerGas": 11, "maxPriorityFeePerGas": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_field_another_signer_changes_is_named_and_refused(name: str) -> None:
    changed = LocalSigner(KEY).sign_transaction(FIELDS | {name: CHANGES[name]})
    with pytest.raises(SignerError, match=f"It signed another {name} than was asked for; nothing was sent."):
        verified(changed.raw, Envelope.of(FIELDS), ADDRESS, "It")


def test_another_kind_of_transaction_is_refused() -> None:
    legacy = {name: value for name, value in FIELDS.items() if "Fee" not in name and name != "type"} | {"gasPrice": 10}
    with pytest.raises(SignerError, match="signed another type"):
        verified(LocalSigner(KEY).sign_transaction(legacy).raw, Envelope.of(FIELDS), ADDRESS, "It")


def test_a_signature_that_was_flipped_to_its_high_s_is_refused() -> None:
    asked = Envelope.of(FIELDS)
    r, s, parity = parse(LocalSigner(KEY).sign_transaction(FIELDS).raw)[1]
    assert s <= HALF
    flipped = asked.signed(Signature(r, ORDER - s, 1 - parity)).raw
    assert Account.recover_transaction(flipped) == ADDRESS
    with pytest.raises(SignerError, match="a signature that others could alter"):
        verified(flipped, asked, ADDRESS, "It")


def test_a_signature_of_another_key_is_refused() -> None:
    with pytest.raises(SignerError, match="gave a signature of 0x"):
        verified(LocalSigner(b"\7" * 32).sign_transaction(FIELDS).raw, Envelope.of(FIELDS), ADDRESS, "It")


def test_bytes_that_are_no_transaction_are_refused() -> None:
    raw, asked = LocalSigner(KEY).sign_transaction(FIELDS).raw, Envelope.of(FIELDS)
    nested = b"\x02" + rlp_encode([[[[[[[[]]]]]]]])
    blob = b"\x03" + raw[1:]
    for bad in (b"", raw[:-1], raw + b"\0", b"\x02\xc0", nested, blob, b"\x02" + b"\xf8" * 3000):
        with pytest.raises(SignerError, match="no signed transaction"):
            verified(bad, asked, ADDRESS, "It")


def test_a_transaction_for_any_chain_is_refused() -> None:
    v27 = rlp_encode([b"", b"\1", b"\1", b"", b"", b"", b"\x1b", b"\1", b"\1"])
    with pytest.raises(ValueError, match="not encoded as a transaction"):
        parse(v27)


@pytest.mark.parametrize("data", ["8100", "b800", "f800", "c1", "83616263ff", "b90001ff", ""])
def test_an_encoding_that_is_not_the_shortest_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match="not encoded as a transaction"):
        rlp_decode(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nonce": "first"}, "nonce must be a whole number"),
        ({"nonce": -1}, "nonce must be a whole number"),
        ({"nonce": True}, "nonce must be a whole number"),
        ({"nonce": 2**64}, "nonce must be a whole number"),
        ({"gas": None}, "it has no gas"),
        ({"to": "0x12"}, "is not an address"),
        ({"data": "abc"}, "data must be bytes"),
        ({"type": 3}, "type 3 is not one of 0, 1, 2"),
        ({"gasPrice": 1}, "it has a field gasPrice, which is not signed"),
        ({"from": ADDRESS}, "it has a field from, which is not signed"),
        ({"accessList": [1]}, "its access list is none"),
    ],
)
def test_a_field_that_cannot_be_signed_is_named(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=f"cannot be signed: .*{said}"):
        Envelope.of(FIELDS | changed)
