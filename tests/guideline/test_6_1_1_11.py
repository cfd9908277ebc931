"""停止機能 — stop the basic operation of every token that was issued, over the whole system."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DOCUMENT, Stage
from stotoken.types import Basis, HaltLevel, Role


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units."""
    token = stage.new_token()
    stage.issue(token, stage.alice, 100)
    return token


def halt(stage: Stage, level: HaltLevel = HaltLevel.HALTED) -> None:
    stage.system.by(stage.emergency).halt(level, stage.incident("incident"))


def resume(stage: Stage, level: HaltLevel = HaltLevel.NORMAL) -> None:
    stage.order(stage.system.resume(level, stage.incident("incident")))


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


@pytest.mark.parametrize("who", ["emergency", "registrar", "compliance"])
def test_any_of_three_roles_halts_alone(stage: Stage, who: str) -> None:
    stage.system.by(stage.person(who)).halt(HaltLevel.HALTED, stage.incident("incident"))
    assert stage.system.level() is HaltLevel.HALTED


@pytest.mark.parametrize(
    "who", ["mallory", "deployer", "issuer", "agent", "custodian", "auditor", "sys_admin", "alice"]
)
def test_nobody_else_halts(stage: Stage, who: str) -> None:
    with pytest.raises(reverts.AccessRefused):
        stage.system.by(stage.person(who)).halt(HaltLevel.HALTED, stage.incident("incident"))


def test_a_halt_is_raised_and_never_lowered_by_one_person(stage: Stage) -> None:
    halt(stage, HaltLevel.RESTRICTED)
    halt(stage, HaltLevel.HALTED)
    for level in HaltLevel:
        with pytest.raises(reverts.HaltLevelWrong):
            halt(stage, level)


def test_a_halt_is_lowered_step_by_step(stage: Stage, token: Token) -> None:
    halt(stage)
    resume(stage, HaltLevel.RESTRICTED)
    with pytest.raises(reverts.SystemHalted):
        token.by(stage.alice).transfer(stage.bob.address, 1)
    resume(stage)
    token.by(stage.alice).transfer(stage.bob.address, 1)


def test_an_order_waits_out_the_halt_with_all_the_time_it_had(stage: Stage, token: Token) -> None:
    end = stage.now + DAY
    act = token.force_by_partition("default", stage.alice.address, stage.bob.address, 1, Basis.JUDGMENT)
    order = stage.orders.by(stage.registrar).propose(act, DOCUMENT, end)
    stage.orders.by(stage.compliance).approve(order.id, order.hash)
    halt(stage)
    stage.travel(100 * DAY)
    resume(stage)
    stage.orders.by(stage.registrar).execute(order.id)
    assert token.balance_of(stage.bob.address) == 1


def test_running_time_stands_still_while_the_system_does(stage: Stage) -> None:
    halt(stage)
    before = stage.system.running_time()
    stage.travel(9 * DAY)
    assert stage.system.running_time() == before


def test_a_scheduled_split_and_a_record_date_do_not_wait(stage: Stage, token: Token) -> None:
    stage.order(token.schedule_record_date(stage.now + DAY))
    stage.order(token.split(2, stage.now + 2 * DAY))
    halt(stage)
    stage.travel(3 * DAY)
    assert token.balance_at(stage.alice.address, 1) == 100
    assert token.balance_of(stage.alice.address) == 200


def test_questions_are_answered_during_a_halt(stage: Stage, token: Token) -> None:
    halt(stage)
    assert token.total_supply() == 100
    assert isinstance(token.can_transfer(stage.alice.address, stage.bob.address, 1), reverts.SystemHalted)
    assert token.transfer_status(stage.alice.address, stage.bob.address, 1) == (0x54, "HALTED")


def test_a_lost_administrator_is_replaced_during_a_halt(stage: Stage) -> None:
    halt(stage)
    stage.order(stage.authority.grant(Role.EMERGENCY, stage.carol.address))
    assert stage.authority.holds(Role.EMERGENCY, stage.carol.address)


def test_a_proposer_takes_an_order_back_during_a_halt(stage: Stage, token: Token) -> None:
    number = stage.approved(token.issue(stage.alice.address, 1))
    halt(stage)
    stage.orders.by(stage.agent).veto(number)
    resume(stage)
    with pytest.raises(reverts.OrderStatusWrong):
        stage.orders.by(stage.agent).execute(number)


@pytest.mark.parametrize("level", [HaltLevel.RESTRICTED, HaltLevel.HALTED])
def test_rescue_runs_in_the_restricted_halt_only(stage: Stage, token: Token, level: HaltLevel) -> None:
    wrong = token.by(stage.alice).transfer(stage.bob.address, 10)
    number = stage.approved(token.reversal_of(wrong.tx_hash, wrong.log_index), proposer=stage.registrar)
    halt(stage, level)
    if level is HaltLevel.RESTRICTED:
        stage.orders.by(stage.registrar).execute(number)
    else:
        with pytest.raises(reverts.SystemHalted):
            stage.orders.by(stage.registrar).execute(number)


def test_a_paused_token_can_still_be_rescued(stage: Stage, token: Token) -> None:
    token.by(stage.issuer).pause()
    with pytest.raises(reverts.TokenPaused):
        stage.issue(token, stage.alice, 1)
    stage.order(token.forced_transfer(stage.alice.address, stage.bob.address, 1, Basis.JUDGMENT))
    assert token.balance_of(stage.bob.address) == 1


def test_a_token_paused_before_a_halt_is_paused_after_it(stage: Stage, token: Token) -> None:
    token.by(stage.registrar).pause()
    halt(stage)
    resume(stage)
    with pytest.raises(reverts.TokenPaused):
        token.by(stage.alice).transfer(stage.bob.address, 1)
