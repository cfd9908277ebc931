"""The status byte and reason that views give are those that the errors' own documentation states, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from world import World

from contracts.helpers import ZERO
from contracts.rules.book import TOKEN, deploy, refusing
from stotoken import artifacts
from stotoken.chain.abi import Abi, Function
from stotoken.client.bindings.structs import Window
from stotoken.reverts import BY_SELECTOR
from stotoken.types import checksum, keccak

#: Named first in a refusal, and not the receiver.
SOMEBODY = b"\x11" * 20
READ = Function("read(bytes,address)", outputs=("bytes1", "bytes32"))


def _documented() -> dict[str, tuple[int, str]]:
    """Signature of each error with both tags to the status and the reason its documentation states."""
    found = {}
    for name in artifacts.names():
        for signature, notes in artifacts.load(name).devdoc.get("errors", {}).items():
            tags: dict[str, Any] = {tag: text for note in notes for tag, text in note.items()}
            if "custom:status" in tags and "custom:reason" in tags:
                found[signature] = (int(tags["custom:status"], 16), tags["custom:reason"])
    return found


DOCUMENTED = _documented()


def read(world: World, refusal: bytes, to: str = ZERO) -> tuple[int, str]:
    raw = world.connection.call(world.deployment.addresses["StatusCodes"], READ.encode(refusal, to))
    status, reason = READ.decode(raw)
    return status[0], reason.rstrip(b"\0").decode("ascii", "replace")


def test_every_refusal_that_a_rule_gives_is_documented() -> None:
    rules = {entry["name"] for entry in artifacts.load("IRefusals").abi if entry["type"] == "error"}
    assert rules == {name.partition("(")[0] for name in DOCUMENTED} & rules
    assert len(rules) >= 20


@pytest.mark.parametrize("signature", sorted(DOCUMENTED))
def test_the_table_on_chain_says_what_the_documentation_says(deployed_world: World, signature: str) -> None:
    refusal = keccak(signature.encode())[:4] + SOMEBODY.rjust(32, b"\0") + bytes(96)
    assert read(deployed_world, refusal) == DOCUMENTED[signature]


@pytest.mark.parametrize("signature", sorted(DOCUMENTED))
def test_the_exception_says_what_the_documentation_says(signature: str) -> None:
    error = BY_SELECTOR[keccak(signature.encode())[:4]]
    assert (error.status, error.reason) == DOCUMENTED[signature]


#: The rule book's errors: status byte and reason.
OF_THE_BOOK = {
    "CountryRefused": (0x57, "COUNTRY"),
    "HoldingBelowMinimum": (0x50, "MIN_HOLDING"),
    "HoldingAboveMaximum": (0x57, "MAX_HOLDING"),
    "UnitsNotInLots": (0x50, "LOT_SIZE"),
    "WholeHoldingOnly": (0x50, "WHOLE_ONLY"),
    "TransferWindowClosed": (0x55, "WINDOW"),
    "ClosedPeriodRunning": (0x55, "CLOSED_PERIOD"),
    "WalletSanctioned": (0x56, "SANCTION"),
    "RuleRefused": (0x50, "RULE"),
    "RuleUnanswered": (0x50, "RULE_FAILED"),
}


@pytest.mark.parametrize("name", OF_THE_BOOK)
def test_a_rule_of_the_book_has_its_own_code_on_chain_and_in_the_client(deployed_world: World, name: str) -> None:
    signature = next(one for one in DOCUMENTED if one.startswith(f"{name}("))
    error = BY_SELECTOR[keccak(signature.encode())[:4]]
    assert (error.status, error.reason) == OF_THE_BOOK[name]
    assert read(deployed_world, error.selector + SOMEBODY.rjust(32, b"\0") + bytes(96)) == OF_THE_BOOK[name]


def test_a_token_answers_with_the_codes_of_the_book(world: World) -> None:
    """By the function that partners on chain call, not by the table."""
    token = world.new_token(whole_only=True)
    world.issue(token, "alice", 100)
    alice, bob = world.people.alice.address, world.people.bob.address
    oracle = deploy(world, "SanctionsList")
    book = token.bind

    def code(units: int) -> tuple[int, str]:
        status, reason = book.can_transfer(bob, units, b"", sender=alice)
        return status[0], reason.rstrip(b"\0").decode()

    assert code(99) == OF_THE_BOOK["WholeHoldingOnly"]
    for call, undo, name in (
        (book.set_countries(TOKEN, [840], True), book.set_countries(TOKEN, [], True), "CountryRefused"),
        (book.set_limits(TOKEN, 101, 0, 0), book.set_limits(TOKEN, 0, 0, 0), "HoldingBelowMinimum"),
        (book.set_limits(TOKEN, 0, 99, 0), book.set_limits(TOKEN, 0, 0, 0), "HoldingAboveMaximum"),
        (
            book.set_window(TOKEN, ZERO, Window(world.now + 10**6, 0, 0, 0)),
            book.set_window(TOKEN, ZERO, Window(0, 0, 0, 0)),
            "TransferWindowClosed",
        ),
        (
            book.set_window(TOKEN, ZERO, Window(0, 0, 0, world.now + 10**6)),
            book.set_window(TOKEN, ZERO, Window(0, 0, 0, 0)),
            "ClosedPeriodRunning",
        ),
        (book.set_rules([refusing(world, b"no")]), book.set_rules([]), "RuleRefused"),
        (book.set_rules([oracle]), book.set_rules([]), "RuleUnanswered"),
        (book.set_sanctions_oracle(oracle), book.set_sanctions_oracle(ZERO), ""),
    ):
        world.order(call)
        assert code(100) == OF_THE_BOOK.get(name, (0x51, ""))
        world.order(undo)
        assert code(100) == (0x51, "")


def test_a_sanctioned_receiver_is_the_receivers_and_a_sanctioned_sender_the_senders(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 100)
    alice, bob = world.people.alice.address, world.people.bob.address
    oracle = deploy(world, "SanctionsList")
    world.order(token.bind.set_sanctions_oracle(oracle))
    put = Abi(artifacts.load("SanctionsList").abi).function("set")
    for wallet, status in ((alice, b"\x56"), (bob, b"\x57")):
        world.send("mallory", put.call(oracle, wallet, True))
        assert token.bind.can_transfer(bob, 1, b"", sender=alice) == (status, b"SANCTION".ljust(32, b"\0"))


NAMING = ["WalletUnregistered", "InvestorExpired", "WalletFrozen", "HoldingLost", "WalletSanctioned"]


@pytest.mark.parametrize("name", NAMING)
def test_a_refusal_that_names_the_receiver_is_the_receivers(deployed_world: World, name: str) -> None:
    signature = next(one for one in DOCUMENTED if one.startswith(name))
    refusal = keccak(signature.encode())[:4] + SOMEBODY.rjust(32, b"\0") + bytes(32)
    reason = DOCUMENTED[signature][1]
    assert read(deployed_world, refusal, checksum("0x" + SOMEBODY.hex())) == (0x57, reason)
    assert read(deployed_world, refusal) == (0x56, reason)


def test_nothing_refused_is_success(deployed_world: World) -> None:
    assert read(deployed_world, b"") == (0x51, "")


def test_an_error_the_table_does_not_know_is_a_failure(deployed_world: World) -> None:
    assert read(deployed_world, b"\x12\x34\x56\x78")[0] == 0x50


def test_no_two_refusals_share_a_reason() -> None:
    """But for the zero address, which is as wrong on every side."""
    reasons = [reason for _, reason in DOCUMENTED.values() if reason != "ZERO_ADDRESS"]
    assert sorted(reasons) == sorted(set(reasons))


@pytest.mark.parametrize("signature", sorted(DOCUMENTED))
def test_a_status_is_one_of_the_table_of_erc_1400(signature: str) -> None:
    status, reason = DOCUMENTED[signature]
    assert status in (0x50, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58)
    assert reason.isascii()
    assert reason == reason.upper()
