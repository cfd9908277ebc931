"""Terms are refused twice: by the client before anything is sent, and by the chain when the client is bypassed."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from contracts.rules.book import deploy, refusing
from world import World

from stotoken import reverts
from stotoken.client.bindings.structs import Terms
from stotoken.client.token import Token, terms_from
from stotoken.errors import InputError, Reverted
from stotoken.inputs import TermsFaults, read_mapping
from stotoken.law import FLOORS
from stotoken.terms import TokenSpec, _parse
from stotoken.types import Instrument, InvestorClass, LegalCategory, jst_date

EXAMPLES = Path(__file__).parents[2] / "examples"
GOOD = sorted(path.stem for path in EXAMPLES.glob("*.yaml"))
#: What the chain says to a refused example, where it can know: an issue date, a file, a spelling it cannot.
ON_CHAIN = {
    "qii-only-open-to-all": "CLASSES",
    "exempt-open-to-all": "CLASSES",
    "exempt-without-approval": "APPROVAL",
    "small-number-without-cap": "HOLDER_CAP",
    "small-number-cap-50": "HOLDER_CAP",
    "small-number-in-parts": "WHOLE_ONLY",
    "pro-open-to-all": "CLASSES",
    "fund-that-is-a-bond": "INSTRUMENT",
    "fund-without-cap": "HOLDER_CAP",
    "bond-without-maturity": "MATURITY",
    "share-with-maturity": "MATURITY",
    "lockup-after-maturity": "LOCKUP",
    "authorised-nothing": "AUTHORISED_UNITS",
    "authorised-too-much": "AUTHORISED_UNITS",
    "nobody-may-receive": "CLASSES",
    "maximum-below-minimum": "MAXIMUM",
    "lot-above-maximum": "MAXIMUM",
    "window-backwards": "CLOSES",
    "nine-rules": "RULES",
}
#: Of these no call can be made at all: what stands there is no value that a token could be given.
NOTHING_TO_SEND = {
    "authorised-as-text",
    "document-missing",
    "duplicate-field",
    "face-value-as-float",
    "face-value-below-the-yen",
    "oracle-mistyped",
    "partition-name-too-long",
    "unknown-class",
    "unknown-country",
    "unknown-field",
    "window-of-one-day",
}
#: What only the client knows of, and why the chain does not.
UNKNOWN_TO_THE_CHAIN = {
    "closed-for-ever": "how long a register is decently closed is no matter of consistency",
    "countries-both-ways": "a token has one list of countries, which admits or refuses; two cannot be sent",
    "default-partition-missing": "a token has its default partition whatever is sent",
    "lockup-before-issue": "the issue date is not on chain",
    "maturity-before-issue": "the issue date is not on chain; the chain refuses a maturity that is past",
    "minimum-beyond-issue": "more units may be authorised later, and a split makes more of them",
    "window-after-maturity": "a window that never opens lets nothing through, and an order takes it back",
    "window-before-issue": "the issue date is not on chain",
    "wrong-check-digit": "an identifier of twelve characters need not be an ISIN",
}


def bypassed(path: Path) -> TokenSpec:
    """The terms as a client would send them that checks nothing."""
    values, _ = read_mapping(path)
    parsed = _parse(values, path.parent, lambda field, sentence: pytest.fail(f"{field} {sentence}"))
    return unchecked(parsed)


def unchecked(values: dict[str, Any]) -> TokenSpec:
    spec = object.__new__(TokenSpec)
    for field in fields(TokenSpec):
        object.__setattr__(spec, field.name, values.get(field.name, field.default))
    return spec


def create(world: World, spec: TokenSpec) -> Token:
    terms = terms_from(spec, world.people.treasury.address)
    world.order(world.system.create_token(terms))
    return world.token(world.system.bind.token_of(terms.identifier))


def carry_out(world: World, spec: TokenSpec) -> Token:
    """Create the token and give it all its rules."""
    token = create(world, spec)
    for act in token.further_acts(spec):
        world.order(act)
    return token


def test_every_refused_example_of_terms_is_one_the_chain_knows_or_one_it_cannot_know() -> None:
    known = [*ON_CHAIN, *NOTHING_TO_SEND, *UNKNOWN_TO_THE_CHAIN]
    assert sorted(known) == sorted(path.stem for path in (EXAMPLES / "refused").glob("*.yaml"))
    assert all(UNKNOWN_TO_THE_CHAIN.values())


@pytest.mark.parametrize("path", sorted((EXAMPLES / "refused").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_refused_example_of_terms_is_refused_by_the_client_with_its_file(path: Path) -> None:
    with pytest.raises(InputError, match=path.name) as caught:
        TokenSpec.from_file(path)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", sorted(NOTHING_TO_SEND))
def test_where_no_value_stands_no_call_can_be_made_past_the_client(world: World, name: str) -> None:
    with pytest.raises((InputError, pytest.fail.Exception)):
        terms_from(bypassed(EXAMPLES / "refused" / f"{name}.yaml"), world.people.treasury.address)


@pytest.mark.parametrize("name", ON_CHAIN)
def test_inconsistent_terms_are_refused_by_the_client_and_by_the_chain(world: World, name: str) -> None:
    path = EXAMPLES / "refused" / f"{name}.yaml"
    with pytest.raises(TermsFaults) as off_chain:
        TokenSpec.from_file(path)
    column = off_chain.value.column
    assert column
    assert off_chain.value.row == read_mapping(path)[1].get(column)
    spec = bypassed(path)
    with pytest.raises(Reverted) as on_chain:
        carry_out(world, spec)
    assert isinstance(on_chain.value, reverts.TermsInconsistent | reverts.RuleUnsound)
    assert on_chain.value.args[-1].rstrip(b"\0").decode() == ON_CHAIN[name]


@pytest.mark.parametrize("name", GOOD)
def test_every_example_becomes_a_token_of_exactly_its_terms(world: World, name: str) -> None:
    spec = TokenSpec.from_file(EXAMPLES / f"{name}.yaml")
    token = carry_out(world, spec)
    found = token.terms()
    wanted = terms_from(spec, world.people.treasury.address)
    assert {f.name: getattr(found, f.name) for f in fields(Terms) if f.name != "partitions"} == {
        f.name: getattr(wanted, f.name) for f in fields(Terms) if f.name != "partitions"
    } | {"identifier": found.identifier, "currency": found.currency}
    assert token.partitions() == spec.partitions
    assert token.policy().rule_book == bool(token.further_acts(spec))
    limits = token.limits()
    assert (limits.minimum, limits.maximum, limits.lot_size) == (spec.minimum, spec.maximum, spec.lot_size)
    assert token.countries().countries == tuple(sorted(spec.admitted_countries or spec.refused_countries))
    assert token.countries().admitted == bool(spec.admitted_countries)
    assert token.further_rules().closed_period == spec.closed_period_days * 86_400
    window = token.window()
    assert (bool(window.opens), bool(window.closes)) == tuple(map(bool, spec.transfer_window))


def test_the_examples_show_every_legal_category() -> None:
    assert {TokenSpec.from_file(EXAMPLES / f"{name}.yaml").category for name in GOOD} == set(LegalCategory)


def test_contracts_named_in_the_terms_are_set_by_orders(world: World) -> None:
    oracle, rule = deploy(world, "SanctionsList"), refusing(world, b"")
    spec = at_the_floor(world, LegalCategory.PUBLIC_PARA1, Instrument.SHARE, sanctions_oracle=oracle, rules=(rule,))
    token = carry_out(world, spec)
    assert token.further_rules() == type(token.further_rules())(0, oracle, (rule,))


def at_the_floor(world: World, category: LegalCategory, instrument: Instrument, **changed: Any) -> TokenSpec:
    """The loosest terms of a category, unchecked."""
    floor = FLOORS[category]
    today = jst_date(world.now)
    bond = Instrument.BOND is instrument
    values = {
        "name": "試験",
        "symbol": "TEST",
        "instrument": instrument,
        "category": category,
        "identifier": "ZZ00000TESTA",
        "currency": "JPY",
        "face_value": 1,
        "authorised_units": 1_000,
        "issue_date": today,
        "maturity": today + timedelta(days=900) if bond else None,
        "receive_classes": floor.classes or InvestorClass.KYC,
        "holder_cap": floor.holder_cap,
        "approval_required": floor.approval_required,
        "whole_only": floor.whole_only,
    }
    return unchecked(values | changed)


@pytest.mark.parametrize("instrument", Instrument, ids=lambda one: one.name)
@pytest.mark.parametrize("category", LegalCategory, ids=lambda one: one.name)
def test_client_and_chain_agree_on_every_preset(world: World, category: LegalCategory, instrument: Instrument) -> None:
    spec = at_the_floor(world, category, instrument)
    if instrument in FLOORS[category].instruments:
        TokenSpec(**{field.name: getattr(spec, field.name) for field in fields(spec)})
        assert create(world, spec).terms().category == category
        return
    with pytest.raises(InputError, match="instrument"):
        TokenSpec(**{field.name: getattr(spec, field.name) for field in fields(spec)})
    with pytest.raises(reverts.TermsInconsistent):
        create(world, spec)


#: What is looser than the floor, by field.
LOOSER = {
    "receive_classes": InvestorClass.KYC,
    "holder_cap": 0,
    "approval_required": False,
    "whole_only": False,
}


@pytest.mark.parametrize("field", LOOSER)
@pytest.mark.parametrize("category", LegalCategory, ids=lambda one: one.name)
def test_client_and_chain_agree_on_what_is_looser_than_the_floor(
    world: World, category: LegalCategory, field: str
) -> None:
    spec = at_the_floor(world, category, Instrument.FUND_UNIT, **{field: LOOSER[field]})
    strict = {"receive_classes": "classes"}.get(field, field)
    if not getattr(FLOORS[category], strict):
        assert create(world, spec).terms().category == category
        return
    with pytest.raises(InputError, match=field):
        TokenSpec(**{each.name: getattr(spec, each.name) for each in fields(spec)})
    with pytest.raises(reverts.TermsInconsistent):
        create(world, spec)
