"""発行機能 — issue a token to an issuer, as the law allows and the issuer wishes."""

from __future__ import annotations

from typing import Any

import pytest

from stotoken import reverts
from stotoken.conformance.stage import DAY, Stage
from stotoken.types import Instrument, InvestorClass, LegalCategory

KYC, QII, PRO = InvestorClass.KYC, InvestorClass.QII, InvestorClass.PRO


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


@pytest.mark.parametrize(
    "terms",
    [
        {"category": LegalCategory.PUBLIC_PARA1},
        {"category": LegalCategory.QII_ONLY, "receive_classes": QII},
        {"category": LegalCategory.SMALL_NUMBER, "holder_cap": 49, "whole_only": True},
        {"category": LegalCategory.EXEMPT_ERTR, "receive_classes": QII, "approval_required": True},
        {"category": LegalCategory.PRO_INVESTOR, "receive_classes": PRO | QII},
        {"category": LegalCategory.FUND_PARA2, "instrument": Instrument.FUND_UNIT, "holder_cap": 499},
    ],
    ids=lambda terms: terms["category"].name,
)
def test_a_token_of_every_legal_category_is_created_and_issued(stage: Stage, terms: dict[str, Any]) -> None:
    stage.register(stage.alice, classes=KYC | QII)
    token = stage.new_token(**terms)
    stage.issue(token, stage.alice, 10)
    assert token.balance_of(stage.alice.address) == 10
    assert token.terms().category == terms["category"]


@pytest.mark.parametrize(
    "terms",
    [
        {"category": LegalCategory.QII_ONLY, "receive_classes": QII | KYC},
        {"category": LegalCategory.SMALL_NUMBER, "holder_cap": 0, "whole_only": True},
        {"category": LegalCategory.SMALL_NUMBER, "holder_cap": 49},
        {"category": LegalCategory.EXEMPT_ERTR, "receive_classes": QII | KYC, "approval_required": True},
        {"category": LegalCategory.PRO_INVESTOR, "receive_classes": KYC},
        {"category": LegalCategory.FUND_PARA2, "holder_cap": 499},
        {"category": LegalCategory.FUND_PARA2, "instrument": Instrument.FUND_UNIT, "holder_cap": 500},
        {"receive_classes": 0},
        {"instrument": Instrument.BOND},
        {"name": ""},
        {"decimals": 19},
        {"authorised_units": 2**95},
    ],
    ids=str,
)
def test_the_chain_refuses_what_the_law_or_reason_does_not_allow(stage: Stage, terms: dict[str, Any]) -> None:
    act = stage.system.create_token(stage.terms(**terms))
    with pytest.raises(reverts.TermsInconsistent):
        stage.order(act)
    assert stage.system.tokens() == ()


def test_units_are_counted_in_the_smallest_part_of_a_token(stage: Stage) -> None:
    token = stage.new_token(decimals=3)
    stage.issue(token, stage.alice, 1_500)
    assert token.bind.decimals() == 3
    assert token.total_supply() == 1_500


def test_an_issue_to_an_investor_is_judged_like_any_receipt(stage: Stage) -> None:
    token = stage.new_token(category=LegalCategory.QII_ONLY, receive_classes=QII)
    with pytest.raises(reverts.InvestorClassRefused):
        stage.issue(token, stage.alice, 1)
    stage.register(stage.alice, classes=QII)
    stage.issue(token, stage.alice, 1)
    assert token.total_supply() == 1


def test_the_implementation_of_all_tokens_cannot_be_taken_over(stage: Stage) -> None:
    implementation = stage.new_token().by(stage.mallory)
    call = implementation.bind.initialize(stage.terms())
    call = type(call)(stage.deployment.implementation, call.data, call.signature)
    with pytest.raises(reverts.AccessRefused):
        stage.mallory.send(call)


def test_two_issuers_may_use_the_same_symbol_but_not_the_same_identifier(stage: Stage) -> None:
    stage.new_token(symbol="SAME", identifier=b"ZZSAME000001")
    stage.new_token(symbol="SAME", identifier=b"ZZSAME000002")
    with pytest.raises(reverts.IdentifierTaken):
        stage.new_token(symbol="OTHER", identifier=b"ZZSAME000001")
    assert len(stage.system.tokens()) == 2


def test_the_last_authorised_unit_is_issued_and_not_one_more(stage: Stage) -> None:
    token = stage.new_token(authorised_units=10, partitions=("class-a",))
    stage.issue(token, stage.alice, 4)
    stage.issue(token, stage.alice, 6, "class-a")
    with pytest.raises(reverts.AuthorisedUnitsExceeded):
        stage.issue(token, stage.alice, 1, "class-a")


def test_a_maturity_that_is_already_past_is_refused(stage: Stage) -> None:
    terms = stage.terms(instrument=Instrument.BOND, maturity=stage.now - DAY)
    with pytest.raises(reverts.TermsInconsistent):
        stage.order(stage.system.create_token(terms))
