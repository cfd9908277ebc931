"""Every test starts from the chain its module was set up with."""

import pytest


@pytest.fixture(autouse=True)
def isolation(fn_isolation):
    """Brownie's own: snapshot before the test, revert after it."""
