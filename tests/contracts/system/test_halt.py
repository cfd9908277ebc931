"""The halt level, and the clock that stands still while the system is stopped."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import INCIDENT, at, events, halt, refused, resume
from stotoken import reverts
from stotoken.errors import Reverted
from stotoken.types import HaltLevel

NORMAL, RESTRICTED, HALTED = HaltLevel


@pytest.mark.parametrize("who", ["emergency", "registrar", "compliance"])
def test_one_person_stops_the_system_by_one_transaction(world: World, who: str) -> None:
    receipt = world.send(who, world.system.bind.halt(HALTED, INCIDENT))
    assert world.system.level() is HALTED
    assert events(world, receipt, "HaltLevelChanged") == [
        {"from": NORMAL, "to": HALTED, "by": at(world, who), "incident": INCIDENT}
    ]


@pytest.mark.parametrize(("first", "then"), [(1, 1), (2, 2), (2, 1), (1, 0), (0, 0)])
def test_a_halt_only_goes_upwards(world: World, first: int, then: int) -> None:
    if first:
        halt(world, first)
    with refused(reverts.HaltLevelWrong, first, then):
        halt(world, then)


def test_a_restricted_system_can_be_halted_altogether(world: World) -> None:
    halt(world, RESTRICTED)
    halt(world, HALTED)
    assert world.system.level() is HALTED


def test_a_level_that_does_not_exist_is_refused(world: World) -> None:
    with pytest.raises(Reverted):
        halt(world, 3)


def test_the_system_resumes_in_one_step_or_in_two(world: World) -> None:
    halt(world)
    resume(world, NORMAL)
    assert world.system.level() is NORMAL
    halt(world)
    resume(world, RESTRICTED)
    assert world.system.level() is RESTRICTED
    receipt = resume(world, NORMAL)
    assert events(world, receipt, "HaltLevelChanged") == [
        {"from": RESTRICTED, "to": NORMAL, "by": world.orders.address, "incident": INCIDENT}
    ]


@pytest.mark.parametrize(("level", "to"), [(1, 1), (1, 2), (2, 2)])
def test_a_resumption_only_goes_downwards(world: World, level: int, to: int) -> None:
    halt(world, level)
    with refused(reverts.HaltLevelWrong, level, to):
        resume(world, to)


def test_running_time_is_chain_time_before_any_stop(world: World) -> None:
    assert world.system.running_time() == world.now


@pytest.mark.parametrize("level", [RESTRICTED, HALTED])
def test_running_time_stands_still_while_stopped(world: World, level: int) -> None:
    halt(world, level)
    stopped = world.system.running_time()
    assert stopped == world.now
    world.travel(5_000)
    assert world.system.running_time() == stopped
    resumed = resume(world).timestamp
    assert world.system.running_time() - stopped == world.now - resumed


def test_running_time_leaves_out_every_stop_and_counts_a_rising_one_once(world: World) -> None:
    stops = 0
    for levels in ((RESTRICTED, HALTED), (HALTED,)):
        begun = 0
        for level in levels:
            receipt = halt(world, level)
            begun = begun or receipt.timestamp
            world.travel(1_000)
        stops += resume(world).timestamp - begun
        world.travel(700)
    assert stops >= 3_000
    assert world.now - world.system.running_time() == stops


def test_a_step_down_to_restricted_does_not_start_the_clock(world: World) -> None:
    halt(world)
    stopped = world.system.running_time()
    world.travel(1_000)
    resume(world, RESTRICTED)
    world.travel(1_000)
    assert world.system.running_time() == stopped
