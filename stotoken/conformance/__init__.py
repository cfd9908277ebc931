"""Shows, clause by clause of the guideline, that a deployed system does what it must and refuses what it must.

report = run()                    every clause on a fresh local node
report = run(["6.1.1.8"])         one
print(report.table("ja"))
sys.exit(report.exit_code)
"""

from __future__ import annotations

from collections.abc import Iterable

from stotoken.chain.devnode import Engine
from stotoken.conformance.clauses import SCENARIOS
from stotoken.conformance.evidence import ClauseReport, Report
from stotoken.conformance.scenario import Progress, choose, play_all

__all__ = ["CLAUSES", "ClauseReport", "Report", "run"]

#: The clauses that have a scenario.
CLAUSES = tuple(each.clause for each in SCENARIOS)


def run(
    only: Iterable[str] | str | None = None,
    progress: Progress | None = None,
    engine: Engine = "anvil",
    hardfork: str | None = None,
) -> Report:
    """Play the scenarios of all clauses, or of those named, each on the system as it was deployed on a node of its own.

    A clause that fails is in the report; `InputError` for a clause that has no scenario.
    """
    return play_all(choose(SCENARIOS, only), progress, engine, hardfork)
