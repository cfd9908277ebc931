"""A conformance run tells what held and what did not, and never hides the one behind the other."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from stotoken import reverts
from stotoken.conformance import CLAUSES, Report, run
from stotoken.conformance.scenario import Scenario, play_all, scenario
from stotoken.conformance.stage import Stage
from stotoken.errors import InputError
from stotoken.terminal import WIDTH, width


@scenario("1", "Holds", "適合するもの")
def holds(s: Stage) -> None:
    token = s.new_token()
    with s.check("Units are issued.", "発行される。", s.units(token, s.alice).goes(0, 5)) as check:
        s.issue(token, s.alice, 5)
        check.refused(reverts.OrderRequired, lambda: s.mallory.send(token.issue(s.alice.address, 5).call))
        check.refused(reverts.AccessRefused, lambda: token.by(s.mallory).pause())
        check.equal("decimals", "小数桁", token.bind.decimals(), 0)


@scenario("2", "Does not hold", "適合しないもの")
def does_not_hold(s: Stage) -> None:
    token = s.new_token()
    with s.check("Nothing is issued.", "発行されない。", s.supply(token).stays()) as check:
        s.issue(token, s.alice, 5)
        check.refused(reverts.WalletFrozen, lambda: token.by(s.alice).transfer(s.mallory.address, 1))
        check.refused(reverts.WalletFrozen, lambda: token.by(s.alice).transfer(s.bob.address, 1))


@scenario("3", "Breaks off", "中断するもの")
def breaks_off(s: Stage) -> None:
    token = s.new_token()
    with s.check("A stranger issues.", "第三者が発行する。"):
        s.mallory.send(token.issue(s.alice.address, 5).call)
    raise AssertionError("is never reached")


@scenario("4", "Says nothing", "何も示さないもの")
def says_nothing(s: Stage) -> None:
    """A scenario without a check shows nothing."""


@pytest.fixture(scope="module")
def report() -> Report:
    """Of one scenario that holds, between others that do not."""
    told: list[tuple[int, int, str, bool]] = []
    scenarios: tuple[Scenario, ...] = (does_not_hold, breaks_off, holds, says_nothing)
    report = play_all(scenarios, lambda done, of, clause: told.append((done, of, clause.clause, clause.passed)))
    assert told == [(1, 4, "2", False), (2, 4, "3", False), (3, 4, "1", True), (4, 4, "4", False)]
    return report


def test_a_failing_clause_fails_the_run_and_the_others_still_run(report: Report) -> None:
    assert not report.passed
    assert report.exit_code == 1
    assert [clause.clause for clause in report.clauses if clause.passed] == ["1"]


def test_a_check_says_what_it_found_instead(report: Report) -> None:
    (check,) = report.clause("2").checks
    assert len(check.faults) == 3
    assert check.faults[0].startswith("Refused with WalletUnregistered instead of WalletFrozen")
    assert check.faults[1] == "Was not refused, as it must be with WalletFrozen."
    assert check.faults[2] == "issued units changed from 0 to 5."


def test_a_scenario_that_raises_is_a_failed_clause_with_the_sentence(report: Report) -> None:
    clause = report.clause("3")
    assert "is not the queue of orders" in clause.error
    assert clause.checks[0].faults == [clause.error]
    assert clause.transactions[0].refused == "OrderRequired"


def test_evidence_is_what_was_mined(report: Report) -> None:
    clause = report.clause("1")
    assert clause.functions == (
        "Orders.propose",
        "Orders.approve",
        "Orders.execute",
        "SecurityToken.issueByPartition",
    )
    assert clause.refused_functions == ("SecurityToken.pause",)
    assert [sent.refused for sent in clause.transactions] == ["", "", "", "OrderRequired", "AccessRefused"]
    assert all(re.fullmatch(r"0x[0-9a-f]{64}", sent.tx_hash) and sent.block > 0 for sent in clause.transactions)
    assert clause.checks[0].refusals[-1].tx_hash == clause.transactions[-1].tx_hash
    assert "SecurityToken.balanceOfByPartition" in clause.views


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_table_fits_a_terminal_and_names_every_fault(report: Report, lang: str) -> None:
    lines = report.table(lang).splitlines()
    assert max(map(width, lines)) <= WIDTH
    assert "Was not refused" in " ".join(line.strip() for line in lines)
    assert ("不適合" if lang == "ja" else "FAILED") in report.table(lang)


def test_the_json_is_machine_readable_and_of_a_fixed_shape(report: Report) -> None:
    found = json.loads(json.dumps(report.to_dict()))
    assert found.keys() == {"format", "passed", "setting", "clauses"}
    assert found["clauses"][2].keys() == {
        "clause", "title", "passed", "error", "functions", "refused_functions", "views", "checks",
    }  # fmt: skip
    check = found["clauses"][2]["checks"][0]
    assert check.keys() == {"sentence", "story", "passed", "faults", "transactions", "figures", "refusals"}
    assert check["figures"] == [
        {"label": {"en": "decimals", "ja": "小数桁"}, "before": None, "after": 0},
        {"label": {"en": "units of A", "ja": "投資者Aの口数"}, "before": 0, "after": 5},
    ]


def test_the_setting_is_what_the_node_reports_and_when_it_ran(report: Report) -> None:
    setting = report.setting
    assert (setting["engine"], setting["chain_id"]) == ("anvil", 31337)
    assert setting["node"].startswith("anvil/v")
    assert setting["hardfork"] != "newest"
    age = datetime.now(UTC) - datetime.fromisoformat(setting["started_at"])
    assert timedelta(0) <= age < timedelta(hours=1)


def test_a_figure_that_was_not_read_before_shows_its_value_alone(report: Report) -> None:
    assert '<span lang="ja">小数桁</span> <b>0</b>' in report.html()
    assert "Only refused" in report.html()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_needs_nothing_else_and_has_both_languages(report: Report, lang: str) -> None:
    page = report.html(lang)
    assert re.search(r"<script|<link|@import|url\(|src=", page) is None
    assert f'<html lang="{lang}">' in page
    assert f'id="in-{lang}" checked' in page
    for said in ("Units are issued.", "発行される。", "Was not refused", report.clause("1").transactions[0].tx_hash):
        assert said in page


def test_one_clause_can_be_asked_for() -> None:
    report = run("6.1.1.5")
    assert [clause.clause for clause in report.clauses] == ["6.1.1.5"]
    assert report.passed
    assert report.exit_code == 0


def test_a_clause_without_a_scenario_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no scenario for clause 6.1.1.12"):
        run(["6.1.1.1", "6.1.1.12"])


def test_every_basic_operation_of_the_guideline_has_its_scenario() -> None:
    assert (*(f"6.1.1.{number}" for number in range(1, 12)), "6.1.2", "6.2.1", "6.2.3") == CLAUSES
