"""Every function, event and error of the standards, letter for letter, and each function tested in its module."""

from __future__ import annotations

import re
from functools import reduce
from operator import xor
from pathlib import Path

import pytest

from standards.letters import CLAIMED, STANDARDS
from stotoken import artifacts
from stotoken.bindgen import method_names
from stotoken.chain.abi import Abi

WHOLE = artifacts.whole_abi("SecurityToken")
ABI = Abi(WHOLE)
METHODS = method_names([entry for entry in WHOLE if entry["type"] == "function"])

FUNCTIONS = [(name, signature) for name, standard in CLAIMED.items() for signature in standard.functions]
EVENTS = [(name, event) for name, standard in STANDARDS.items() for event in standard.events]
ERRORS = [(name, error) for name, standard in STANDARDS.items() for error in standard.errors]


def functions_of(artifact: str) -> set[str]:
    return set(artifacts.load(artifact).method_identifiers)


@pytest.mark.parametrize(("standard", "signature"), FUNCTIONS)
def test_a_function_takes_and_answers_what_its_standard_declares(standard: str, signature: str) -> None:
    declared, ours = CLAIMED[standard].functions[signature], ABI.function(signature)
    assert ours.selector == declared.selector
    assert ours.output_types == declared.output_types
    assert ours.is_view is declared.is_view


@pytest.mark.parametrize(("standard", "name"), EVENTS)
def test_an_event_has_the_topic_and_the_indexed_parameters_its_standard_declares(standard: str, name: str) -> None:
    declared = STANDARDS[standard].events[name]
    ours = ABI.events[declared.topic]
    assert [(param.type, param.indexed) for param in ours.inputs] == [
        (param.type, param.indexed) for param in declared.inputs
    ]


@pytest.mark.parametrize(("standard", "name"), ERRORS)
def test_an_error_has_the_arguments_its_standard_declares(standard: str, name: str) -> None:
    assert STANDARDS[standard].errors[name] in ABI.errors


@pytest.mark.parametrize("standard", CLAIMED)
def test_the_selectors_of_our_functions_make_up_the_published_identifier(standard: str) -> None:
    selectors = (ABI.function(signature).selector for signature in CLAIMED[standard].functions)
    assert reduce(xor, (int.from_bytes(each, "big") for each in selectors)).to_bytes(4, "big") == CLAIMED[standard].id


def test_every_function_of_the_token_that_is_not_of_our_own_making_is_one_of_a_standard() -> None:
    """A new function in the part that holds the standards belongs to a standard, and gets its tests."""
    held = functions_of("SecurityToken") | functions_of("IERC1643")
    assert held - functions_of("IBatchTransfer") == {signature for _, signature in FUNCTIONS}


@pytest.mark.parametrize(("standard", "signature"), FUNCTIONS)
def test_a_function_is_called_by_the_tests_of_its_standard(standard: str, signature: str) -> None:
    text = Path(__file__).with_name(f"{CLAIMED[standard].module}.py").read_text("utf-8")
    assert re.search(rf"\bbind\.{METHODS[signature]}\b|\"{re.escape(signature)}\"", text)
