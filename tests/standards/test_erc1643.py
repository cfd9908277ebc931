"""ERC-1643.

Not tested, or resolved otherwise:

- `getDocument` answers with three values as the text says; the two of the umbrella ERC-1400 are its first two.
- The umbrella's event `Document` is ERC-1643's `DocumentUpdated`.
"""

from __future__ import annotations

import pytest
from contracts.helpers import DAY, halt, refused

from standards.letters import ERC1643
from standards.scene import Scene
from stotoken import reverts
from stotoken.types import keccak

PROSPECTUS, ARTICLES, NOTICE = (name.ljust(32, b"\0") for name in (b"prospectus", b"articles", b"notice"))
FIRST, SECOND = keccak(b"first"), keccak(b"second")
LINK = "https://example.jp/目論見書.pdf"
NONE = ("", bytes(32), 0)
EVENTS = tuple(ERC1643.events.values())


def attach(scene: Scene, *names: bytes) -> None:
    for name in names:
        scene.send("issuer", scene.bind.set_document(name, LINK, keccak(name)))


@pytest.mark.parametrize("uri", ["", LINK, "x" * 31, "x" * 32, LINK * 9])
@pytest.mark.parametrize("hash", [bytes(32), FIRST])
def test_a_document_set_is_stored_and_told(scene: Scene, uri: str, hash: bytes) -> None:
    """ERC-1643, setDocument MUST emit DocumentUpdated; getDocument returns URI, hash and time of the last change."""
    receipt = scene.send("issuer", scene.bind.set_document(PROSPECTUS, uri, hash))
    assert scene.told(receipt, *EVENTS) == [ERC1643.DocumentUpdated.log(PROSPECTUS, uri, hash)]
    assert scene.bind.get_document(PROSPECTUS) == (uri, hash, receipt.timestamp)


def test_a_document_set_again_has_its_new_link_hash_and_time_and_no_second_name(scene: Scene) -> None:
    """ERC-1643, setDocument also updates; getDocument tells when it was last modified."""
    scene.send("issuer", scene.bind.set_document(PROSPECTUS, LINK * 9, FIRST))
    for uri, hash in (("short", SECOND), ("short", SECOND), (LINK, FIRST)):
        scene.world.travel(DAY)
        receipt = scene.send("registrar", scene.bind.set_document(PROSPECTUS, uri, hash))
        assert scene.told(receipt, *EVENTS) == [ERC1643.DocumentUpdated.log(PROSPECTUS, uri, hash)]
        assert scene.bind.get_document(PROSPECTUS) == (uri, hash, receipt.timestamp)
    assert scene.bind.get_all_documents() == (PROSPECTUS,)


@pytest.mark.parametrize("who", ["alice", "agent", "compliance", "mallory"])
def test_a_document_that_is_not_stored_or_removed_throws(scene: Scene, who: str) -> None:
    """ERC-1643, setDocument, removeDocument MUST throw if they do not succeed."""
    attach(scene, PROSPECTUS)
    before = scene.bind.get_document(PROSPECTUS)
    for call in (scene.bind.set_document(PROSPECTUS, "", SECOND), scene.bind.remove_document(PROSPECTUS)):
        with refused(reverts.AccessRefused, scene.world.people[who].address, call.data[:4]):
            scene.send(who, call)
    assert scene.bind.get_document(PROSPECTUS) == before


def test_while_the_system_is_halted_nothing_is_stored_or_removed_and_that_throws(scene: Scene) -> None:
    """ERC-1643, setDocument, removeDocument MUST throw if they do not succeed."""
    attach(scene, PROSPECTUS)
    halt(scene.world)
    for call in (scene.bind.set_document(PROSPECTUS, "", SECOND), scene.bind.remove_document(PROSPECTUS)):
        with refused(reverts.SystemHalted, 2):
            scene.send("issuer", call)
    assert scene.bind.get_all_documents() == (PROSPECTUS,)


@pytest.mark.parametrize("removed", [PROSPECTUS, ARTICLES, NOTICE])
def test_a_document_removed_is_gone_and_told_with_what_it_was(scene: Scene, removed: bytes) -> None:
    """ERC-1643, removeDocument MUST emit DocumentRemoved with the details of the document."""
    attach(scene, PROSPECTUS, ARTICLES, NOTICE)
    receipt = scene.send("issuer", scene.bind.remove_document(removed))
    assert scene.told(receipt, *EVENTS) == [ERC1643.DocumentRemoved.log(removed, LINK, keccak(removed))]
    assert scene.bind.get_document(removed) == NONE


def test_all_documents_set_and_not_removed_are_listed_each_once(scene: Scene) -> None:
    """ERC-1643, getAllDocuments: whatever was added and not removed since MUST be returned."""
    names = [keccak(bytes([number])) for number in range(9)]
    attached: set[bytes] = set()
    for place, name in enumerate(names):
        attach(scene, name)
        attached.add(name)
        if place % 3 == 2:
            gone = names[place - place // 3]
            scene.send("issuer", scene.bind.remove_document(gone))
            attached.remove(gone)
    attach(scene, names[2])
    listed = scene.bind.get_all_documents()
    assert sorted(listed) == sorted(attached | {names[2]})
    assert {name: scene.bind.get_document(name)[1] for name in listed} == {name: keccak(name) for name in listed}


def test_a_removed_document_can_be_set_again_and_is_listed_again(scene: Scene) -> None:
    """ERC-1643, getAllDocuments: added and not subsequently removed."""
    attach(scene, PROSPECTUS, ARTICLES)
    scene.send("issuer", scene.bind.remove_document(PROSPECTUS))
    assert scene.bind.get_all_documents() == (ARTICLES,)
    attach(scene, PROSPECTUS)
    assert set(scene.bind.get_all_documents()) == {PROSPECTUS, ARTICLES}


def test_documents_can_be_queried_by_anybody_and_every_change_can_be_subscribed_to(scene: Scene) -> None:
    """ERC-1643, Requirements: MUST support querying and subscribing to updates on documentation."""
    attach(scene, PROSPECTUS, ARTICLES)
    scene.send("registrar", scene.bind.remove_document(PROSPECTUS))
    left: set[bytes] = set()
    for log in scene.world.connection.logs([scene.token.address]):
        if ERC1643.DocumentUpdated.matches(log):
            left.add(log.topics[1])
        elif ERC1643.DocumentRemoved.matches(log):
            left.remove(log.topics[1])
    assert left == {ARTICLES} == set(scene.bind.get_all_documents(sender=scene.mallory))
    assert scene.bind.get_document(ARTICLES, sender=scene.mallory)[:2] == (LINK, keccak(ARTICLES))


def test_removing_a_document_that_is_not_there_throws(scene: Scene) -> None:
    """ERC-1643, removeDocument MUST throw if the document is not removed."""
    attach(scene, ARTICLES)
    with refused(reverts.DocumentUnknown, NOTICE):
        scene.send("issuer", scene.bind.remove_document(NOTICE))
    assert scene.bind.get_all_documents() == (ARTICLES,)
