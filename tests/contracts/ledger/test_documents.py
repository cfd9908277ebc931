"""Documents of a token (ERC-1643)."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import events, outcome, refused
from stotoken import reverts
from stotoken.client.token import Token
from stotoken.types import keccak

PROSPECTUS, ARTICLES, NOTICE = (name.ljust(32, b"\0") for name in (b"prospectus", b"articles", b"notice"))
FIRST, SECOND = keccak(b"first"), keccak(b"second")


@pytest.fixture
def token(world: World) -> Token:
    return world.new_token()


def attach(world: World, token: Token, name: bytes, uri: str = "", hash: bytes = FIRST) -> None:
    world.send("issuer", token.bind.set_document(name, uri, hash))


@pytest.mark.parametrize("who", ["issuer", "registrar"])
def test_a_document_is_attached_and_read_back(world: World, token: Token, who: str) -> None:
    uri = "https://example.jp/目論見書.pdf"
    receipt = world.send(who, token.bind.set_document(PROSPECTUS, uri, FIRST))
    assert events(world, receipt, "DocumentUpdated") == [{"name": PROSPECTUS, "uri": uri, "documentHash": FIRST}]
    assert token.bind.get_document(PROSPECTUS) == (uri, FIRST, receipt.timestamp)
    assert token.bind.get_all_documents() == (PROSPECTUS,)


def test_a_document_that_is_not_there_is_empty(token: Token) -> None:
    assert token.bind.get_document(PROSPECTUS) == ("", bytes(32), 0)
    assert token.bind.get_all_documents() == ()


def test_a_document_is_replaced_under_its_name(world: World, token: Token) -> None:
    attach(world, token, PROSPECTUS, "a long address " * 9)
    world.travel(100)
    attach(world, token, PROSPECTUS, "b", SECOND)
    uri, hash, changed = token.bind.get_document(PROSPECTUS)
    assert (uri, hash) == ("b", SECOND)
    assert changed == world.now
    assert token.bind.get_all_documents() == (PROSPECTUS,)


@pytest.mark.parametrize("removed", [PROSPECTUS, ARTICLES, NOTICE])
def test_removing_one_leaves_the_others_each_under_its_name(world: World, token: Token, removed: bytes) -> None:
    names = (PROSPECTUS, ARTICLES, NOTICE)
    for name in names:
        attach(world, token, name, name.decode(), keccak(name))
    receipt = world.send("issuer", token.bind.remove_document(removed))
    assert events(world, receipt, "DocumentRemoved")[0]["documentHash"] == keccak(removed)
    left = set(names) - {removed}
    assert set(token.bind.get_all_documents()) == left
    assert token.bind.get_document(removed) == ("", bytes(32), 0)
    for name in left:
        assert token.bind.get_document(name)[:2] == (name.decode(), keccak(name))
        world.send("issuer", token.bind.remove_document(name))
    assert token.bind.get_all_documents() == ()


def test_a_removed_document_can_be_attached_again(world: World, token: Token) -> None:
    attach(world, token, PROSPECTUS)
    world.send("issuer", token.bind.remove_document(PROSPECTUS))
    attach(world, token, PROSPECTUS, "again")
    assert token.bind.get_all_documents() == (PROSPECTUS,)
    assert token.bind.get_document(PROSPECTUS)[0] == "again"


def test_what_is_not_there_is_not_removed(world: World, token: Token) -> None:
    attach(world, token, ARTICLES)
    with refused(reverts.DocumentUnknown, PROSPECTUS):
        world.send("issuer", token.bind.remove_document(PROSPECTUS))
    assert token.bind.get_all_documents() == (ARTICLES,)


def test_documents_of_one_token_are_not_those_of_another(world: World, token: Token) -> None:
    attach(world, token, PROSPECTUS)
    assert world.new_token().bind.get_all_documents() == ()


def test_others_do_not_change_documents(world: World, token: Token) -> None:
    attach(world, token, PROSPECTUS)
    for who in ("agent", "compliance", "sys_admin", "alice", "mallory"):
        assert outcome(world, who, token.bind.set_document(PROSPECTUS, "", SECOND)) == "AccessRefused"
        assert outcome(world, who, token.bind.remove_document(PROSPECTUS)) == "AccessRefused"
    assert token.bind.get_document(PROSPECTUS)[1] == FIRST
