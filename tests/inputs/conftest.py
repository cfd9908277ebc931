from __future__ import annotations

from pathlib import Path

import pytest

from stotoken.tables import Investor, read_investors
from stotoken.terms import TokenSpec

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="session")
def bond() -> TokenSpec:
    return TokenSpec.from_file(EXAMPLES / "bond.yaml")


@pytest.fixture(scope="session")
def investors() -> tuple[Investor, ...]:
    return read_investors(EXAMPLES / "investors.csv")
