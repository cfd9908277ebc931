"""Fail when a contract of the tree is missing among Brownie's artifacts: Brownie drops some without a word."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UNIT = re.compile(r"^(?:abstract contract|contract|library|interface)\s+(\w+)", re.MULTILINE)


def missing(contracts: Path, build: Path) -> list[str]:
    """Units of the sources that Brownie has no artifact of, as `path: name`."""
    artifacts = {path.stem for folder in ("contracts", "interfaces") for path in (build / folder).glob("*.json")}
    return [
        f"{source.relative_to(contracts.parent)}: {name}"
        for source in sorted(contracts.rglob("*.sol"))
        for name in UNIT.findall(source.read_text("utf-8"))
        if name not in artifacts
    ]


def main() -> int:
    contracts = ROOT / "contracts"
    lost = missing(contracts, ROOT / "build")
    if lost:
        print("Missing among Brownie's artifacts:", *lost, sep="\n  ", file=sys.stderr)
        return 1
    units = sum(len(UNIT.findall(source.read_text("utf-8"))) for source in contracts.rglob("*.sol"))
    print(f"All {units} contracts, libraries and interfaces are among Brownie's artifacts.")
    return 0 if units else 1


if __name__ == "__main__":
    sys.exit(main())
