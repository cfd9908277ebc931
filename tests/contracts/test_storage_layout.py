"""The parts of a token's code run on one storage: each must see it alike."""

from __future__ import annotations

from typing import Any

import pytest

from stotoken import artifacts

PARTS = ("SecurityToken", "IssuerDesk", "RegistrarDesk")
SHARED = "TokenState"


def layout(name: str) -> list[tuple[str, int, int, str]]:
    """Label, slot, offset and type of every variable, the type written out so that parts can be compared."""
    found = artifacts.load(name).storage_layout
    types = found["types"] or {}
    return [
        (entry["label"], int(entry["slot"]), int(entry["offset"]), shape(entry["type"], types))
        for entry in found["storage"]
    ]


def shape(kind: str, types: dict[str, Any]) -> str:
    """A type in words and places, without the compiler's own numbers for it."""
    known = types[kind]
    if "members" in known:
        members = (f"{m['label']}@{m['slot']}+{m['offset']}:{shape(m['type'], types)}" for m in known["members"])
        return f"{known['label']}{{{','.join(members)}}}[{known['numberOfBytes']}]"
    if known["encoding"] == "mapping":
        return f"({shape(known['key'], types)} => {shape(known['value'], types)})"
    if known["encoding"] == "dynamic_array":
        return f"{shape(known['base'], types)}[]"
    return f"{known['label']}[{known['numberOfBytes']}]"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_begins_with_the_shared_state_and_every_variable_is_in_its_place(part: str) -> None:
    shared = layout(SHARED)
    assert len(shared) > 15
    assert layout(part)[: len(shared)] == shared


@pytest.mark.parametrize("part", ["IssuerDesk", "RegistrarDesk"])
def test_a_desk_has_no_storage_of_its_own(part: str) -> None:
    assert layout(part) == layout(SHARED)


def test_the_token_only_appends() -> None:
    shared, whole = layout(SHARED), layout("SecurityToken")
    last = max(slot for _, slot, _, _ in shared)
    assert all(slot > last for _, slot, _, _ in whole[len(shared) :])


@pytest.mark.parametrize("part", PARTS)
def test_the_word_that_every_transfer_reads_is_first(part: str) -> None:
    label, slot, offset, kind = layout(part)[0]
    assert (label, slot, offset) == ("_policy", 0, 0)
    assert kind.endswith("[32]")


def test_a_holding_and_a_policy_are_one_slot_each() -> None:
    types = artifacts.load(SHARED).storage_layout["types"]
    sizes = {known["label"]: int(known["numberOfBytes"]) for known in types.values()}
    assert sizes["Holding"] == sizes["Policy"] == 32


def test_a_difference_would_be_seen() -> None:
    """The comparison itself: a type of another size, or another order, is another layout."""
    types = {
        "a": {"label": "uint96", "encoding": "inplace", "numberOfBytes": "12"},
        "b": {"label": "uint256", "encoding": "inplace", "numberOfBytes": "32"},
        "m": {"label": "mapping", "encoding": "mapping", "key": "a", "value": "b", "numberOfBytes": "32"},
    }
    assert shape("m", types) != shape("m", types | {"b": types["a"]})
