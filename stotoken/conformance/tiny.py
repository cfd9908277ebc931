"""Contracts of a few bytes that a scenario puts on chain: rules of third parties, a list of sanctions, a wallet that is
a contract."""

from __future__ import annotations

from stotoken.chain.abi import Call
from stotoken.conformance.witness import Person
from stotoken.errors import NodeError
from stotoken.types import Address

#: Returns empty bytes: no objection.
_PASSES = "602060005260406000f3"
#: A rule that has no objection to anything.
PASSING_RULE = bytes.fromhex(_PASSES)
#: A rule that objects to everything, with the four bytes 0x0bad0bad.
REFUSING_RULE = bytes.fromhex("60206000526004602052630bad0bad60e01b60405260606000f3")
#: A rule that fails.
FAILING_RULE = bytes.fromhex("60006000fd")
#: A rule that never comes to an end.
ENDLESS_RULE = bytes.fromhex("5b600056")
#: A rule that answers with a number instead of bytes.
BABBLING_RULE = bytes.fromhex("60206000f3")
#: A rule that writes before it lets everything pass.
WRITING_RULE = bytes.fromhex("6001600055" + _PASSES)
#: A wallet that calls the address in the first word with all that follows it, for whoever asks.
RELAY = bytes.fromhex("602036038060206000376000600082600060006000355af13d600060003e6025573d6000fd5b3d6000f3")


def calling_rule(call: Call) -> bytes:
    """A rule that makes a call whenever it is asked, with 300,000 gas, and lets pass whatever came of that."""
    size, to, then = f"60{len(call.data):02x}", str(call.to)[2:].lower(), f"506000602052{_PASSES}"
    place = f"60{43 + len(then) // 2:02x}"
    make = f"{size}{place}60003960006000{size}6000600073{to}620493e0f1"
    return bytes.fromhex(make + then) + call.data


def sanctions_list(listed: Address) -> bytes:
    """A list of sanctions on which one address stands."""
    return bytes.fromhex("73" + listed[2:].lower() + "6004351460005260206000f3")


def put_on_chain(by: Person, code: bytes) -> Address:
    """The address of a new contract of that code."""
    start = bytes((0x60, len(code), 0x60, 12, 0x60, 0, 0x39, 0x60, len(code), 0x60, 0, 0xF3))
    made = by.send(Call(None, start + code, "")).contract_address
    if made is None:
        raise NodeError("The node tells of no new contract.", answered=True)
    return made


def through(relay: Address, call: Call) -> Call:
    """The same call, made by the contract."""
    return Call(relay, int(str(call.to), 16).to_bytes(32, "big") + call.data, call.signature)
