"""Run slither and solhint on the contracts; every finding must be answered in contracts/ANALYSIS.md.

Prints the number of findings. Exits with 1 at a finding without an answer, and at an answer without a finding.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ANSWERS = ROOT / "contracts" / "ANALYSIS.md"
NODE_BIN = ROOT / "node_modules" / ".bin"
ROW = re.compile(r"^\| ([a-z-]+) \| (`.+?) \| .+ \|$", re.MULTILINE)
PLACE = re.compile(r"`([\w.]+)`(?: ×(\d+))?")

Findings = Counter[tuple[str, str]]


def place(finding: dict[str, Any]) -> str:
    """Where a finding is, without lines, which move: the contract and its function, or what slither names instead."""
    element = finding["elements"][0]
    while element["type"] in ("node", "variable") and "parent" in element.get("type_specific_fields", {}):
        parent = element["type_specific_fields"]["parent"]
        if parent["type"] == "contract":
            break
        element = parent
    owner = element.get("type_specific_fields", {}).get("parent")
    return f"{owner['name']}.{element['name']}" if owner and owner["type"] == "contract" else element["name"]


def answered(text: str) -> Findings:
    found: Findings = Counter()
    for check, places in ROW.findall(text):
        for name, times in PLACE.findall(places):
            found[check, name] += int(times or 1)
    return found


def slither() -> Findings:
    program = Path(sys.executable).parent / "slither"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "slither.json"
        path = f"{NODE_BIN}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "FOUNDRY_PROFILE": "default"}
        command = [program, ".", "--json", report, "--foundry-out-directory", "build/forge/out"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if not report.is_file() or not (result := json.loads(report.read_text()))["success"]:
            sys.exit(f"slither did not run:\n{done.stderr[-2000:]}")
    return Counter((finding["check"], place(finding)) for finding in result["results"].get("detectors", []))


def main() -> int:
    lint = ["--config", ".solhint.json", "--max-warnings", "0", "--noPoster", "contracts/**/*.sol"]
    hints = subprocess.run([NODE_BIN / "solhint", *lint], cwd=ROOT, capture_output=True, text=True)
    if hints.returncode != 0:
        print(hints.stdout or hints.stderr)
    print(f"solhint: {'no findings' if hints.returncode == 0 else 'findings, see above'}")

    findings, answers = slither(), answered(ANSWERS.read_text("utf-8"))
    new, stale = findings - answers, answers - findings
    for check, where in sorted(new.elements()):
        print(f"without an answer: {check} in {where}")
    for check, where in sorted(stale.elements()):
        print(f"an answer to nothing: {check} in {where}")
    print(f"slither: {findings.total()} findings, {(findings & answers).total()} answered, {new.total()} new")
    return 1 if new or stale or hints.returncode != 0 else 0


if __name__ == "__main__":
    sys.exit(main())
