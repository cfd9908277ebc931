"""トークンの発行・配布・移転情報に関する機能 — show and hand out whose the units were, are, and how many there are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stotoken.client.token import Token
from stotoken.conformance.clauses.past import Past, past
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.errors import LedgerStale
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import replay
from stotoken.reports.asked import Asked, Format, What
from stotoken.reports.making import make
from stotoken.types import HaltLevel, MoveKind


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which A holds a hundred units."""
    token = stage.new_token()
    stage.issue(token, stage.alice, 100)
    return token


def told(stage: Stage, token: Token, what: What, **asked: Any) -> Any:
    register = replay(Contracts.of(stage.deployment, token.address), stage.connection)
    return json.loads(make(register, token, Asked(what=what, format=Format.JSON, **asked)).bytes())


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_a_model_that_missed_a_move_is_found_out(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check can fail: with one unit less in the model, it does."""
    did = Past.did

    def wrong(self: Past, kind: MoveKind, giver: str, taker: str, units: int) -> None:
        did(self, kind, giver, taker, units - (kind is MoveKind.REDEEM))

    monkeypatch.setattr(Past, "did", wrong)
    past(stage)
    faults = [fault for check in stage.checks for fault in check.faults]
    assert any(fault.startswith("instants that differ is") for fault in faults)


def test_reports_are_made_while_the_system_is_halted(stage: Stage, token: Token) -> None:
    stage.system.by(stage.emergency).halt(HaltLevel.HALTED, stage.incident("halt"))
    assert told(stage, token, What.SUPPLY)["tables"]["supply"]["totals"]["units"] == 100


def test_an_investor_who_never_held_has_an_empty_report(stage: Stage, token: Token) -> None:
    for what, table in ((What.HOLDINGS, "holdings"), (What.LINEAGE, "lineage")):
        assert told(stage, token, what, holder=stage.dave.address)["tables"][table]["rows"] == []


def test_a_record_date_between_two_blocks_divides_them(stage: Stage, token: Token) -> None:
    date = stage.order(token.schedule_record_date(stage.now + DAY)).event("RecordDateScheduled").values["epoch"]
    token.by(stage.alice).transfer(stage.bob.address, 30)
    stage.travel(DAY)
    token.by(stage.alice).transfer(stage.bob.address, 30)
    at, now = (told(stage, token, What.REGISTER, **moment) for moment in ({"record_date": date}, {}))
    assert [row["units"] for row in at["tables"]["register"]["rows"]] != [
        row["units"] for row in now["tables"]["register"]["rows"]
    ]
    assert at["tables"]["register"]["totals"]["units"] == 100


def test_the_last_second_of_a_day_and_the_first_of_the_next_are_told_apart(stage: Stage, token: Token) -> None:
    midnight = stage.now // DAY * DAY + 10 * DAY - 9 * 3_600
    stage.at(midnight)
    token.by(stage.alice).transfer(stage.bob.address, 30)
    stage.travel(1)
    rows = [
        told(stage, token, What.HOLDINGS, as_of=second)["tables"]["holdings"]["rows"]
        for second in (midnight - 1, midnight)
    ]
    assert list(map(len, rows)) == [1, 2]


def test_what_the_chain_has_not_reached_is_not_told(stage: Stage, token: Token) -> None:
    with pytest.raises(LedgerStale, match="lies after it"):
        told(stage, token, What.HOLDINGS, as_of=stage.now + DAY)


def test_a_report_of_one_class_counts_that_class(stage: Stage) -> None:
    token = stage.new_token(partitions=("class-a",))
    stage.issue(token, stage.alice, 3)
    stage.issue(token, stage.bob, 5, "class-a")
    for partition, units in ((DEFAULT, 3), ("class-a", 5), ("", 8)):
        assert told(stage, token, What.REGISTER, partition=partition)["tables"]["register"]["totals"]["units"] == units
