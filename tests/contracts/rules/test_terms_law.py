"""The chain itself refuses terms that the law does not allow together, whatever the client let through."""

from __future__ import annotations

from typing import Any

import pytest
from world import World

from contracts.helpers import DAY, UNITS_LIMIT, ZERO, refused
from stotoken import reverts
from stotoken.types import Instrument, InvestorClass, LegalCategory

KYC, QII, PRO, SPECIAL = InvestorClass.KYC, InvestorClass.QII, InvestorClass.PRO, InvestorClass.SPECIAL
PUBLIC, QII_ONLY, SMALL, EXEMPT, PRO_ONLY, FUND = LegalCategory
SHARE, BOND, BENEFICIAL, UNIT = Instrument

#: The terms of each category that are just right.
FLOOR: dict[LegalCategory, dict[str, Any]] = {
    PUBLIC: {},
    QII_ONLY: {"receive_classes": QII},
    SMALL: {"holder_cap": 49, "whole_only": True},
    EXEMPT: {"receive_classes": QII | SPECIAL, "approval_required": True},
    PRO_ONLY: {"receive_classes": PRO | QII},
    FUND: {"instrument": UNIT, "holder_cap": 499},
}

#: Category, what is changed in its terms, the fault. Times are days from now.
FAULTS: list[tuple[LegalCategory, dict[str, Any], str]] = [
    (PUBLIC, {"name": ""}, "NAME"),
    (PUBLIC, {"symbol": ""}, "NAME"),
    (PUBLIC, {"identifier": bytes(12)}, "IDENTIFIER"),
    (PUBLIC, {"instrument": 0}, "INSTRUMENT"),
    (PUBLIC, {"instrument": 5}, "INSTRUMENT"),
    (PUBLIC, {"treasury": ZERO}, "TREASURY"),
    (PUBLIC, {"decimals": 19}, "DECIMALS"),
    (PUBLIC, {"authorised_units": 0}, "AUTHORISED_UNITS"),
    (PUBLIC, {"authorised_units": UNITS_LIMIT}, "AUTHORISED_UNITS"),
    (PUBLIC, {"instrument": SHARE, "maturity": 10}, "MATURITY"),
    (PUBLIC, {"instrument": BOND, "maturity": None}, "MATURITY"),
    (PUBLIC, {"instrument": BOND, "maturity": 0}, "MATURITY"),
    (PUBLIC, {"instrument": BENEFICIAL, "maturity": -1}, "MATURITY"),
    (PUBLIC, {"instrument": BOND, "maturity": 10, "locked_until": 11}, "LOCKUP"),
    (PUBLIC, {"receive_classes": 0}, "CLASSES"),
    (QII_ONLY, {"receive_classes": QII | KYC}, "CLASSES"),
    (QII_ONLY, {"receive_classes": KYC}, "CLASSES"),
    (SMALL, {"holder_cap": 50}, "HOLDER_CAP"),
    (SMALL, {"holder_cap": 0}, "HOLDER_CAP"),
    (SMALL, {"whole_only": False}, "WHOLE_ONLY"),
    (EXEMPT, {"receive_classes": QII | KYC}, "CLASSES"),
    (EXEMPT, {"receive_classes": PRO}, "CLASSES"),
    (EXEMPT, {"approval_required": False}, "APPROVAL"),
    (PRO_ONLY, {"receive_classes": PRO | KYC}, "CLASSES"),
    (FUND, {"instrument": SHARE}, "INSTRUMENT"),
    (FUND, {"instrument": BOND, "maturity": 10}, "INSTRUMENT"),
    (FUND, {"holder_cap": 500}, "HOLDER_CAP"),
    (FUND, {"holder_cap": 0}, "HOLDER_CAP"),
]


def terms(world: World, category: LegalCategory, changed: dict[str, Any]) -> dict[str, Any]:
    """Days as times of the chain; None is no time at all."""
    given = {"category": category} | FLOOR[category] | changed
    for name in ("maturity", "locked_until"):
        if name in given:
            given[name] = 0 if given[name] is None else world.now + given[name] * DAY
    return given


@pytest.mark.parametrize("category", FLOOR, ids=lambda one: one.name)
def test_terms_at_the_floor_of_the_category_are_taken(world: World, category: LegalCategory) -> None:
    token = world.new_token(**terms(world, category, {}))
    assert token.bind.terms().category == category


@pytest.mark.parametrize(
    ("category", "changed", "fault"), FAULTS, ids=[f"{c.name}-{'-'.join(x)}-{n}" for n, (c, x, _) in enumerate(FAULTS)]
)
def test_terms_are_refused(world: World, category: LegalCategory, changed: dict[str, Any], fault: str) -> None:
    with refused(reverts.TermsInconsistent, category, fault.encode().ljust(32, b"\0")):
        world.new_token(**terms(world, category, changed))
    assert world.system.bind.tokens() == ()


@pytest.mark.parametrize("category", [0, 7, 255])
def test_a_category_that_does_not_exist_is_refused(world: World, category: int) -> None:
    with refused(reverts.TermsInconsistent, category, b"CATEGORY".ljust(32, b"\0")):
        world.new_token(category=category)


@pytest.mark.parametrize(
    ("instrument", "maturity"), [(BOND, 10), (BENEFICIAL, None), (BENEFICIAL, 10), (UNIT, None), (UNIT, 10)]
)
def test_instruments_mature_as_they_are(world: World, instrument: Instrument, maturity: int | None) -> None:
    given = terms(world, PUBLIC, {"instrument": instrument, "maturity": maturity})
    assert world.new_token(**given).bind.terms().maturity == given["maturity"]


def test_a_lockup_may_last_until_maturity(world: World) -> None:
    given = terms(world, PUBLIC, {"instrument": BOND, "maturity": 10, "locked_until": 10})
    assert world.new_token(**given).bind.terms().locked_until == given["maturity"]


def test_the_largest_authorised_number_is_taken(world: World) -> None:
    assert world.new_token(authorised_units=UNITS_LIMIT - 1).bind.authorised_units() == UNITS_LIMIT - 1


#: Category, a policy below its floor, the fault.
LOOSENED: list[tuple[LegalCategory, tuple[int, int, bool, bool], str]] = [
    (PUBLIC, (0, 0, False, False), "CLASSES"),
    (QII_ONLY, (QII | KYC, 0, False, False), "CLASSES"),
    (SMALL, (KYC, 50, False, True), "HOLDER_CAP"),
    (SMALL, (KYC, 0, False, True), "HOLDER_CAP"),
    (SMALL, (KYC, 49, False, False), "WHOLE_ONLY"),
    (EXEMPT, (QII | KYC, 0, True, False), "CLASSES"),
    (EXEMPT, (QII, 0, False, False), "APPROVAL"),
    (PRO_ONLY, (PRO | KYC, 0, False, False), "CLASSES"),
    (FUND, (KYC, 500, False, False), "HOLDER_CAP"),
]


@pytest.mark.parametrize(("category", "policy", "fault"), LOOSENED, ids=lambda one: str(one))
def test_not_even_two_people_loosen_the_floor_of_the_law(
    world: World, category: LegalCategory, policy: tuple[int, int, bool, bool], fault: str
) -> None:
    token = world.new_token(**terms(world, category, {}))
    before = token.bind.policy()
    with refused(reverts.TermsInconsistent, category, fault.encode().ljust(32, b"\0")):
        world.order(token.bind.set_policy(*policy))
    assert token.bind.policy() == before


def test_a_policy_is_tightened_within_the_floor(world: World) -> None:
    token = world.new_token(**terms(world, SMALL, {}))
    world.order(token.bind.set_policy(QII, 10, True, True))
    found = token.bind.terms()
    assert (found.receive_classes, found.holder_cap, found.approval_required) == (QII, 10, True)
