"""Play the Solidity campaigns and say how many calls were made, from which seed, and what held.

    python scripts/campaign.py [--quick] [--seed 0x...]

The seed is drawn anew each time and printed; the same seed plays the same histories. A history that breaks something is
shrunk and printed by forge. Exits with 1 when a property is broken, or fewer calls were made than the campaign is for.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: What a whole campaign makes at least.
CALLS = 1_000_000
RESULT = re.compile(r"\[(PASS|FAIL[^\]]*)\]\s+(\w+)\([^)]*\) \((?:runs: (\d+)(?:, calls: (\d+))?)?")
SUITE = re.compile(r"^Ran \d+ tests? for \S+:(\w+)", re.MULTILINE)


def forge() -> str:
    """The program that npm installed, or one on PATH where npm has none for the platform."""
    found = shutil.which("forge", path=str(ROOT / "node_modules" / ".bin")) or shutil.which("forge")
    if found is None:
        sys.exit("forge is not installed; run `make install`, or put forge 1.7.1 on PATH. Nothing was played.")
    return found


def played(text: str) -> tuple[int, list[str]]:
    """Calls of all campaigns and fuzz tests, and the properties that held, each with the calls it was tried on."""
    calls, held = 0, []
    for part in re.split(r"(?=^Ran \d+ tests? for )", text, flags=re.MULTILINE):
        suite = SUITE.match(part)
        for outcome, name, runs, made in RESULT.findall(part) if suite else ():
            calls += int(made or runs or 0)
            if outcome == "PASS" and suite:
                held.append(f"{int(made or runs or 1):>9,}  {suite[1]}: {in_words(name)}")
    return calls, held


def in_words(name: str) -> str:
    words = re.sub(r"([A-Z])", lambda found: f" {found[1].lower()}", name.partition("_")[2])
    return words.strip()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few histories, for development")
    parser.add_argument("--seed", default=f"0x{secrets.token_hex(8)}", help="play this seed again")
    options, more = parser.parse_known_args()
    print(f"seed {options.seed}", flush=True)
    start = time.monotonic()
    command = [forge(), "test", "--fuzz-seed", options.seed, *more]
    profile = "default" if options.quick else "campaign"
    environment = {**os.environ, "FOUNDRY_PROFILE": profile, "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    calls, held = played(done.stdout)
    if done.returncode != 0:
        print(done.stdout)
        print(f"broken; to play it again: python scripts/campaign.py --seed {options.seed}")
        return 1
    print("\n".join(held))
    print(f"{calls:,} calls in {time.monotonic() - start:.0f} s, {len(held)} properties held, seed {options.seed}")
    if not options.quick and calls < CALLS:
        print(f"a campaign makes {CALLS:,} calls at least")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
