"""ERC-165.

Not tested, or resolved otherwise:

- "True for any other identifier this contract implements": any set of its functions is one, and nobody can list them
  all. Claimed is what a standard has published an identifier of; what a token can do beyond is not claimed.
- ERC-1410 and ERC-1594 also draw in functions of ERC-20. Their identifiers are made of their own functions alone, as
  those of OpenZeppelin's interfaces are.
"""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest

from standards.letters import CLAIMED
from standards.scene import Scene
from stotoken import artifacts
from stotoken.chain.abi import Abi
from stotoken.types import to_hex

FUNCTIONS = Abi(artifacts.whole_abi("SecurityToken")).functions
IDS = {standard.id for standard in CLAIMED.values()}
FALSE, TRUE = bytes(32), (1).to_bytes(32, "big")
#: What a transaction pays before the first instruction of a call, and for each byte of its data that is zero or not.
BASE, ZERO_BYTE, OTHER_BYTE = 21_000, 4, 16
MOST_GAS = 30_000
#: Identifiers of interfaces that a token might be taken to have.
OTHERS = {
    "ERC-721": "80ac58cd",
    "ERC-777": "e58e113c",
    "ERC-1155": "d9b67a26",
    "ERC-1271": "1626ba7e",
    "ERC-1363": "b0202a11",
    "ERC-1404": "ab84a5c8",
    "ERC-6372": "da287a1d",
    "ERC-7943, non-fungible": "bf1ef5fe",
    "ERC-7943, multi token": "41c4fbad",
    "no function at all": "00000000",
}


def neighbours(id: bytes) -> set[bytes]:
    """Identifiers that differ in one bit."""
    number = int.from_bytes(id, "big")
    return {(number ^ 1 << bit).to_bytes(4, "big") for bit in range(32)}


def question(id: bytes) -> bytes:
    """The call data as the standard writes it out."""
    return bytes.fromhex("01ffc9a7") + id.ljust(32, b"\0")


def asked(scene: Scene, ids: set[bytes]) -> dict[bytes, bytes]:
    """What the token answers, bytes as they come, within the gas that the standard allows."""
    wanted = sorted(ids)
    requests = []
    for id in wanted:
        data = question(id)
        paid = BASE + sum(OTHER_BYTE if byte else ZERO_BYTE for byte in data)
        call = {"to": scene.token.address, "data": to_hex(data), "gas": hex(paid + MOST_GAS)}
        requests.append(("eth_call", [call, "latest"]))
    return {id: bytes.fromhex(got[2:]) for id, got in zip(wanted, scene.world.connection.batch(requests), strict=True)}


@pytest.mark.parametrize("standard", CLAIMED)
def test_it_says_yes_to_the_published_identifier_of(scene: Scene, standard: str) -> None:
    """ERC-165, Publishing: true for 0x01ffc9a7 and for every interface implemented."""
    assert asked(scene, {CLAIMED[standard].id}) == {CLAIMED[standard].id: TRUE}
    assert scene.bind.supports_interface(CLAIMED[standard].id) is True


def test_it_says_no_to_the_identifier_that_is_none(scene: Scene) -> None:
    """ERC-165, Publishing: false for 0xffffffff."""
    assert asked(scene, {b"\xff" * 4}) == {b"\xff" * 4: FALSE}


@pytest.mark.parametrize("other", OTHERS)
def test_it_says_no_to(scene: Scene, other: str) -> None:
    """ERC-165, Publishing: false for any other identifier."""
    assert scene.bind.supports_interface(bytes.fromhex(OTHERS[other])) is False


def test_it_says_no_to_whatever_differs_from_a_claim_in_one_bit(scene: Scene) -> None:
    """ERC-165, Publishing: false for any other identifier."""
    assert set(asked(scene, set.union(*map(neighbours, IDS)) - IDS).values()) == {FALSE}


def test_it_says_no_to_the_selector_of_a_single_function(scene: Scene) -> None:
    """ERC-165, Identification: an interface is all of its functions, not one of them."""
    selectors = {function.selector for function in FUNCTIONS.values()}
    assert IDS & selectors == {CLAIMED["ERC-165"].id, CLAIMED["ERC-5267"].id}
    assert set(asked(scene, selectors - IDS).values()) == {FALSE}


def test_it_says_no_to_two_standards_in_one_and_to_all_functions_together(scene: Scene) -> None:
    """ERC-165, Publishing: false for any other identifier."""
    numbers = [int.from_bytes(id, "big") for id in sorted(IDS)]
    mixed = {(a ^ b).to_bytes(4, "big") for a in numbers for b in numbers}
    everything = reduce(xor, (int.from_bytes(function.selector, "big") for function in FUNCTIONS.values()))
    assert set(asked(scene, mixed | {everything.to_bytes(4, "big")} - IDS).values()) == {FALSE}


def test_it_answers_with_one_word_within_thirty_thousand_gas(scene: Scene) -> None:
    """ERC-165, Publishing: returns a bool and uses at most 30,000 gas, whatever is asked."""
    answers = asked(scene, IDS | {bytes(4), b"\xff" * 4})
    assert {id for id, answer in answers.items() if answer == TRUE} == IDS
    assert set(answers.values()) == {TRUE, FALSE}


def test_the_procedure_of_detection_finds_a_contract_that_implements_the_standard(scene: Scene) -> None:
    """ERC-165, Detection: the call data written out there, first for true, then for false."""
    for data, answer in (("01ffc9a701ffc9a7" + "0" * 56, TRUE), ("01ffc9a7ffffffff" + "0" * 56, FALSE)):
        assert scene.world.connection.call(scene.token.address, bytes.fromhex(data)) == answer


def test_every_token_and_the_code_they_share_make_the_same_claims(scene: Scene) -> None:
    """ERC-165, Publishing: what is implemented is claimed, by every token from its first block."""
    for address in (scene.another().token.address, scene.world.deployment.implementation):
        token = scene.world.token(address)
        assert all(token.bind.supports_interface(id) for id in IDS)
        assert token.bind.supports_interface(b"\xff" * 4) is False
