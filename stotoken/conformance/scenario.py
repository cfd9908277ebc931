"""A scenario plays what one clause asks for; a run plays them all, each on the system as it was deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import stotoken
from stotoken.chain.devnode import DevNode, Engine
from stotoken.conformance.checking import sentence_of
from stotoken.conformance.evidence import ClauseReport, Report, Text
from stotoken.conformance.stage import CAST, Stage
from stotoken.errors import InputError

Play = Callable[[Stage], None]
#: Called with each clause when it is done: how many are, of how many, what came of it.
Progress = Callable[[int, int, ClauseReport], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    clause: str
    title: Text
    play: Play

    def perform(self, stage: Stage) -> ClauseReport:
        """Play on this stage; an error of whatever kind ends the scenario, and is what the report says."""
        stage.clause, error = self.clause, ""
        try:
            self.play(stage)
        except Exception as fault:  # noqa: BLE001 - a scenario that breaks in any way is a clause not shown to hold
            error = sentence_of(fault)
        return ClauseReport(self.clause, self.title, tuple(stage.checks), error)


def scenario(clause: str, en: str, ja: str) -> Callable[[Play], Scenario]:
    """Makes a function the scenario of a clause."""
    return lambda play: Scenario(clause, Text(en, ja), play)


def choose(scenarios: Iterable[Scenario], only: Iterable[str] | str | None) -> tuple[Scenario, ...]:
    """Those of the named clauses in the order of the guideline; InputError for a clause that has none."""
    every = tuple(scenarios)
    if only is None:
        return every
    wanted = {only} if isinstance(only, str) else set(only)
    if unknown := wanted - {each.clause for each in every}:
        raise InputError(f"There is no scenario for clause {min(unknown)}; nothing was run.")
    return tuple(each for each in every if each.clause in wanted)


def play_all(
    scenarios: Iterable[Scenario],
    progress: Progress | None = None,
    engine: Engine = "anvil",
    hardfork: str | None = None,
) -> Report:
    """On one node that is started for it: each scenario finds the system as it was deployed."""
    chosen = tuple(scenarios)
    clauses: list[ClauseReport] = []
    started = datetime.now(UTC)
    with DevNode(engine, hardfork=hardfork, accounts=len(CAST)) as node, TemporaryDirectory() as folder:
        stage = Stage.create(node, Path(folder))
        setting = {
            "version": stotoken.__version__,
            "engine": engine,
            "hardfork": node.hardfork,
            "node": str(node.rpc("web3_clientVersion")),
            "chain_id": stage.connection.chain_id,
            "started_at": started.isoformat(timespec="seconds"),
            "artifacts": stage.deployment.artifacts,
        }
        for each in chosen:
            mark = node.snapshot()
            clauses.append(each.perform(stage.again()))
            node.revert(mark)
            if progress:
                progress(len(clauses), len(chosen), clauses[-1])
        stage.connection.close()
    return Report(tuple(clauses), setting)
