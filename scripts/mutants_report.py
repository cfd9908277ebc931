"""contracts/MUTANTS.md: how many faults were found, and why those that were not may stay."""

from __future__ import annotations

import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mutants_code import ROOT

if TYPE_CHECKING:
    from mutants import Outcome

REPORT = ROOT / "contracts" / "MUTANTS.md"
#: Of a hundred faults so many are found at least.
FLOOR = 95
SURVIVOR = re.compile(r"^- (\S.*)\n(?:  (\S.*)\n)?", re.MULTILINE)
HEAD = """\
# Faults put into the contracts

`make mutants` puts small faults into the contracts, one at a time, and runs the tests until one fails: of every
function that has one, a role, a check and a boundary; of every file a link of a condition; of every folder one of each
other kind; of these, as many as a run of ninety minutes has time for, those whose names have the lowest digests. The
Solidity tests come first, then the Python tests of the contracts, behaviours, guideline and standards. The smaller or
the larger of two numbers has no boundary to move: where they are equal, either is the answer.

Written by it at commit {commit} on {date}; the reasons below are written by hand, and kept.

**{killed} of {total} found ({percent:.1f} %)**, {by_forge} by the Solidity tests and {by_python} by the Python tests.
Not counted: {same} that give the same bytecode, {invalid} that do not compile.

"""
KINDS = {
    "role": "a modifier that asks who may, or when, is taken away",
    "check": "a condition that refuses never holds, or a call that refuses is left out",
    "boundary": "`<` for `<=` and the like",
    "clause": "one link of an `&&` or `||` is left out",
    "answer": "a question is always answered alike",
    "branch": "a condition always or never holds",
    "write": "an assignment is left out",
    "call": "a call is left out",
    "event": "an event is left out",
    "arithmetic": "`+` for `-` and the like",
    "equality": "`==` for `!=` and the like",
    "constant": "a number that is one more, `true` for `false`",
}


def short(outcomes: Sequence[Outcome]) -> str:
    """Killed of total."""
    results = Counter(outcome.result for outcome in outcomes)
    return f"{results['killed']} of {results['killed'] + results['survived']} killed"


def write(outcomes: Sequence[Outcome]) -> int:
    """Write the page and print what is wrong with it; the exit code."""
    reasons = _reasons()
    survivors = [outcome.name for outcome in outcomes if outcome.result == "survived"]
    results = Counter(outcome.result for outcome in outcomes)
    total = results["killed"] + results["survived"]
    by_forge = sum(outcome.result == "killed" and not outcome.by.startswith("tests/") for outcome in outcomes)
    figures = {"killed": results["killed"], "total": total, "percent": 100 * results["killed"] / total}
    figures |= {"same": results["same"], "invalid": results["invalid"]}
    figures |= {"by_forge": by_forge, "by_python": results["killed"] - by_forge}
    page = HEAD.format(commit=_commit(), date=time.strftime("%Y-%m-%d", time.gmtime()), **figures)
    page += "| kind | what it is | found | of |\n|---|---|---:|---:|\n"
    for kind, (killed, of) in _table(outcomes, lambda outcome: outcome.kind).items():
        page += f"| {kind} | {KINDS[kind]} | {killed} | {of} |\n"
    page += "\n| file | found | of |\n|---|---:|---:|\n"
    for file, (killed, of) in _table(outcomes, lambda outcome: outcome.file).items():
        page += f"| `{file.removeprefix('contracts/')}` | {killed} | {of} |\n"
    page += "\n## Not found\n\nBy function and kind, without lines, which move; each with why it may stay.\n\n"
    page += "".join(f"- {name}\n" + (f"  {reasons[name]}\n" if reasons.get(name) else "") for name in survivors)
    REPORT.write_text(page, "utf-8")
    print(f"{short(outcomes)} ({figures['percent']:.1f} %)")
    unanswered = [name for name in survivors if not reasons.get(name)]
    for name in unanswered:
        print(f"not found, and contracts/MUTANTS.md has no reason: {name}")
    return 1 if unanswered or figures["percent"] < FLOOR else 0


def _table(outcomes: Sequence[Outcome], group: Callable[[Outcome], str]) -> dict[str, tuple[int, int]]:
    counted = [outcome for outcome in outcomes if outcome.result in ("killed", "survived")]
    killed = Counter(group(outcome) for outcome in counted if outcome.result == "killed")
    of = Counter(map(group, counted))
    names = [kind for kind in KINDS if kind in of] or sorted(of)
    return {name: (killed[name], of[name]) for name in names}


def _reasons() -> dict[str, str]:
    """What the page says of each fault that was not found."""
    text = REPORT.read_text("utf-8") if REPORT.is_file() else ""
    return dict(SURVIVOR.findall(text.partition("## Not found\n")[2]))


def _commit() -> str:
    """The commit, and whether what was tried is another state than it."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    changed = git("status", "--porcelain", "--", "contracts/**/*.sol", "tests")
    return f"`{git('rev-parse', '--short=12', 'HEAD')}`" + (", changed since," if changed else "")
