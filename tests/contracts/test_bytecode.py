"""The code fits on chain with room to spare, and runs on every chain since Berlin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stotoken import artifacts

DEPLOYED = [name for name in artifacts.names() if artifacts.load(name).kind in ("contract", "library")]
LIMIT = 24_576
#: A tenth is kept free.
ROOM = LIMIT * 9 // 10

#: Operations younger than Berlin.
YOUNGER = {
    0x48: "BASEFEE",
    0x49: "BLOBHASH",
    0x4A: "BLOBBASEFEE",
    0x5C: "TLOAD",
    0x5D: "TSTORE",
    0x5E: "MCOPY",
    0x5F: "PUSH0",
}
INVALID = 0xFE


def operations(code: bytes) -> Iterator[tuple[int, int]]:
    """Place and operation, past the data of every PUSH; up to the metadata, which is no code."""
    place, end = 0, len(code) - metadata_length(code)
    while place < end:
        yield place, code[place]
        place += 1 + (code[place] - 0x5F if 0x60 <= code[place] <= 0x7F else 0)


def metadata_length(code: bytes) -> int:
    """Solidity puts CBOR behind the code, and its length in the last two bytes."""
    length = int.from_bytes(code[-2:], "big") + 2
    has_it = length < len(code) and code[-length] & 0xE0 == 0xA0
    return length if has_it else 0


def runtime(name: str) -> bytes:
    return bytes.fromhex(artifacts.load(name).deployed_bytecode)


@pytest.mark.parametrize("name", DEPLOYED)
def test_the_runtime_code_leaves_a_tenth_of_the_limit_free(name: str) -> None:
    assert len(runtime(name)) <= ROOM


@pytest.mark.parametrize("name", DEPLOYED)
def test_the_runtime_code_runs_on_berlin(name: str) -> None:
    found = {YOUNGER[operation] for _, operation in operations(runtime(name)) if operation in YOUNGER}
    assert found == set()


@pytest.mark.parametrize("name", DEPLOYED)
def test_the_creation_code_runs_on_berlin(name: str) -> None:
    """Behind the constructor's own code lie the runtime code, checked above, and constants."""
    creation = bytes.fromhex(artifacts.load(name).bytecode)
    end = creation.find(runtime(name)[:32]) if len(runtime(name)) > 32 else len(creation)
    own = creation[: end if end > 0 else len(creation)]
    walked = _until_invalid(own)
    assert {YOUNGER[operation] for operation in walked if operation in YOUNGER} == set()


def _until_invalid(code: bytes) -> list[int]:
    found = []
    for _, operation in operations(code):
        if operation == INVALID:
            break
        found.append(operation)
    return found


@pytest.mark.parametrize("name", ["SecurityToken", "IssuerDesk", "RegistrarDesk", "Orders", "Authority", "CoreSystem"])
def test_the_walk_through_the_code_is_in_step(name: str) -> None:
    """Every jump destination that is pushed as a constant is found as one: out of step, few would be."""
    code = runtime(name)
    operating = dict(operations(code))
    destinations = {place for place, operation in operating.items() if operation == 0x5B}
    jumps = [place for place, operation in operating.items() if operation == 0x56 and operating.get(place - 3) == 0x61]
    pushed = [int.from_bytes(code[place - 2 : place], "big") for place in jumps]
    assert len(pushed) > 50
    assert set(pushed) <= destinations


def test_the_walk_finds_a_younger_operation_where_there_is_one_and_not_in_data() -> None:
    assert [operation for _, operation in operations(bytes.fromhex("605f5f00"))] == [0x60, 0x5F, 0x00]
    assert [operation for _, operation in operations(bytes.fromhex("7f" + "5f" * 32 + "48"))] == [0x7F, 0x48]
    assert [operation for _, operation in operations(bytes.fromhex("615c5d00"))] == [0x61, 0x00]
