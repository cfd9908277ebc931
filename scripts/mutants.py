"""Put small faults into the contracts, one at a time, and see that the tests find them: `make mutants`.

    python scripts/mutants.py [--only TEXT] [--every] [--workers N]

A fault is compiled once, and its bytecode is put where forge and Python find that of the contracts. The Solidity tests
come first, then the Python tests, those of the contract before the others, until one fails. What is known is kept under
build/mutants/, so that a run that was cut off goes on, and one after a change tries only what the change concerns.

A whole run writes contracts/MUTANTS.md. Exits with 1 when less than 95 % are found, or when a fault that is not found
has no reason there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

import mutants_report
from mutants_code import ROOT, Code
from mutants_faults import Mutant
from mutants_trial import COPIED, Stopped, Trial

FOLDER = ROOT / "build" / "mutants"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a fault: `killed` by a test, `survived`; or `same` bytecode as without it, or `invalid` source."""

    key: str
    name: str
    file: str
    kind: str
    result: str
    by: str
    seconds: float

    @property
    def counts(self) -> bool:
        return self.result in ("killed", "survived")


class Journal:
    """What is known. What was found stays found while its file is as it was; what was not is tried again when any
    contract or test changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state = _digest_of_all()
        self._lock = threading.Lock()
        self._known: dict[str, Outcome] = {}
        for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
            # A line that was cut off is as if it had not been written.
            if line.endswith("}"):
                outcome = Outcome(**json.loads(line))
                self._known[outcome.key] = outcome

    def find(self, mutant: Mutant) -> Outcome | None:
        return self._known.get(mutant.digest) or self._known.get(f"{mutant.digest} {self._state}")

    def add(self, mutant: Mutant, result: str, by: str, seconds: float) -> Outcome:
        key = f"{mutant.digest} {self._state}" if result == "survived" else mutant.digest
        outcome = Outcome(key, mutant.name, mutant.file, mutant.kind, result, by, round(seconds, 1))
        with self._lock, self._path.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(asdict(outcome), ensure_ascii=False) + "\n")
        self._known[key] = outcome
        return outcome


def _digest_of_all() -> str:
    """Of everything that a trial copies, and of how it asks the tests."""
    digest = hashlib.sha256()
    for name in (*COPIED, "scripts/mutants_trial.py"):
        found = [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*"))
        for path in found:
            if path.is_file() and path.suffix in (".sol", ".py", ".toml", ".json", ".yaml"):
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()


class Run:
    """All trials of one go."""

    def __init__(self, code: Code, workers: int) -> None:
        self._code, self._workers = code, workers
        self._journal = Journal(FOLDER / "journal.jsonl")
        self._trials: SimpleQueue[Trial] = SimpleQueue()
        self._copies: list[Trial] = []

    def all(self, mutants: list[Mutant]) -> list[Outcome]:
        """The outcome of each, in their order."""
        found = {mutant: self._journal.find(mutant) for mutant in mutants}
        missing = [mutant for mutant, outcome in found.items() if outcome is None]
        # Mixed, so that what is left can be told from what is done.
        missing.sort(key=lambda mutant: mutant.rank)
        print(f"{len(mutants)} faults, {len(missing)} to be tried", flush=True)
        if missing:
            self._prepare()
            self._try(missing, [outcome for outcome in found.values() if outcome])
        return [outcome for mutant in mutants if (outcome := self._journal.find(mutant))]

    def _prepare(self) -> None:
        """A copy for each worker, of one that is compiled. Without a fault nothing may be found."""
        whole = Trial(FOLDER / "whole")
        self._copies = [whole]
        whole.prepare()
        self._copies = [whole.copy(FOLDER / str(number)) for number in range(self._workers)]
        control = Mutant("contracts/token/SecurityToken.sol", "nothing", "control", "", "", "")
        if self._journal.find(control) is None:
            print("the tests without a fault ...", flush=True)
            killer = self._copies[0].killer(control, {})
            if killer:
                sys.exit(f"{killer} fails without a fault. Nothing was tried.")
            self._journal.add(control, "survived", "", 0)
        for trial in self._copies:
            self._trials.put(trial)

    def _try(self, missing: list[Mutant], known: list[Outcome]) -> None:
        start, done = time.monotonic(), list(known)
        pool = ThreadPoolExecutor(self._workers)
        waiting = [pool.submit(self._outcome, mutant) for mutant in missing]
        try:
            for number, future in enumerate(as_completed(waiting), 1):
                outcome = future.result()
                done.append(outcome)
                left = (time.monotonic() - start) / number * (len(missing) - number) / 60
                print(f"{number}/{len(missing)} {mutants_report.short(done)}, {left:.0f} min left: ", end="")
                print(f"{outcome.result} {outcome.name}  {outcome.by} {outcome.seconds} s", flush=True)
        finally:
            for future in waiting:
                future.cancel()
            for trial in self._copies:
                trial.stop()
            pool.shutdown()

    def _outcome(self, mutant: Mutant) -> Outcome:
        start = time.monotonic()
        units = self._code.changed(mutant)
        if not units:
            return self._journal.add(mutant, "invalid" if units is None else "same", "", time.monotonic() - start)
        trial = self._trials.get()
        try:
            killer = trial.killer(mutant, units)
        finally:
            self._trials.put(trial)
        result = "killed" if killer else "survived"
        return self._journal.add(mutant, result, killer or "", time.monotonic() - start)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="faults whose file or name has this in it; nothing is written")
    parser.add_argument("--every", action="store_true", help="all there are, which takes days; nothing is written")
    parser.add_argument("--workers", type=int, default=2, help="how many are tried at once")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    FOLDER.mkdir(parents=True, exist_ok=True)
    code = Code()
    mutants = [each for each in code.mutants(options.every) if options.only in f"{each.file} {each.name}"]
    try:
        outcomes = Run(code, options.workers).all(mutants)
    except (KeyboardInterrupt, Stopped):
        print("cut off; what is known is kept, and the next run goes on from there")
        return 130
    if options.only or options.every:
        print(mutants_report.short(outcomes))
        return 0
    return mutants_report.write(outcomes)


if __name__ == "__main__":
    sys.exit(main())
