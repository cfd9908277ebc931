"""Measure which lines and branches of the contracts the Solidity tests reach, with forge, and print it.

Exits with 1 below the floors, and names the lines and branches that nothing reaches.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from campaign import ROOT, forge

LINES, BRANCHES = 98, 95
REPORT = ROOT / "build" / "forge" / "lcov.info"
#: The same histories each time, so that the figures are comparable.
OPTIONS = ["--fuzz-seed", "0x1", "--no-match-coverage", "(tests|mocks|node_modules)/", "--no-match-test", "everyAct"]

Hits = dict[tuple[str, str], bool]


def read(report: Path) -> tuple[Hits, Hits]:
    """Whether each line and each branch was reached, by file and place."""
    lines: Hits = {}
    branches: Hits = {}
    source = ""
    for record in report.read_text("utf-8").splitlines():
        kind, _, value = record.partition(":")
        fields = value.split(",")
        if kind == "SF":
            source = value
        elif kind == "DA":
            lines[source, fields[0]] = int(fields[1]) > 0
        elif kind == "BRDA":
            branches[source, ":".join(fields[:3])] = fields[3] not in ("-", "0")
    return lines, branches


def percent(hits: Hits) -> float:
    return 100 * sum(hits.values()) / len(hits)


def main() -> int:
    command = [forge(), "coverage", "--report", "lcov", "--report-file", str(REPORT), *OPTIONS]
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "FOUNDRY_PROFILE": "default", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout)
    lines, branches = read(REPORT)
    for (source, place), reached in sorted({**lines, **branches}.items()):
        if not reached:
            print(f"{source}:{place} is reached by no test")
    print(f"lines {percent(lines):.1f} % of {len(lines)}, branches {percent(branches):.1f} % of {len(branches)}")
    return 0 if percent(lines) >= LINES and percent(branches) >= BRANCHES else 1


if __name__ == "__main__":
    sys.exit(main())
