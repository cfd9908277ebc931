"""Any history of acts, played on the contracts and on a model of the register side by side.

Hypothesis draws the history; after every step the invariants I1 to I10 are looked at and everything that can be asked
of the token is compared with the model. A failure prints the shortest history it found as a program, and a line
`@reproduce_failure(...)` that plays it again when it is put on top of `Machine`.

Orders are sent from the address of their queue (see `chain`): what is tested here is what they do, not how they come
about. The clock is the history's own: every block is given its instant, so a history plays the same each time.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from book_rules import BookRules
from game import Table
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from order_rules import OrderRules
from start import prepare
from world import World


class Machine(BookRules, OrderRules):
    """All rules. See `game` for what is looked at after each step."""


#: Few histories a run: after ten, Hypothesis mostly repeats parts of earlier ones, which finds little here.
HISTORIES = 10
PLAY = settings(
    max_examples=HISTORIES,
    stateful_step_count=60,
    deadline=None,
    print_blob=True,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)


@pytest.fixture(scope="module")
def machine(deployed_world: World) -> Iterator[type[Machine]]:
    """The machine at a table of its own; the node is as it was afterwards."""
    before = deployed_world.node.snapshot()
    world = World(deployed_world.node, deployed_world.connection, deployed_world.deployment, deployed_world.people)
    starts = {start.make: start for start in prepare(world)}
    Machine.table = Table(world, starts, world.node.snapshot())
    yield Machine
    world.node.revert(before)


@pytest.mark.parametrize("run", range(14))
def test_every_history_ends_in_the_register_that_the_model_keeps(machine: type[Machine], run: int) -> None:
    run_state_machine_as_test(machine, settings=PLAY)


@pytest.mark.slow
@pytest.mark.parametrize("run", range(60))
def test_many_longer_histories_do_too(machine: type[Machine], run: int) -> None:
    run_state_machine_as_test(machine, settings=settings(PLAY, stateful_step_count=100))
