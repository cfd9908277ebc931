"""Started as a program: runs `stotoken` in a fork of itself for each line it is given, a JSON list of words, so that
starting costs nothing. Tells the process id of each, then how it ended."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path

from stotoken.cli import main

#: Imported before the forks, so that each begins at once.
BEFORE = ("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "web3", "stotoken.cli.ledger.syncing")
BEFORE += ("stotoken.cli.token", "stotoken.client.system", "stotoken.ledger.follower")


def run(words: list[str], told: Path) -> None:
    sys.argv = ["stotoken", *words]
    with told.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    main()


if __name__ == "__main__":
    for name in BEFORE:
        importlib.import_module(name)
    for line in sys.stdin:
        words = json.loads(line)
        child = os.fork()
        if child == 0:
            run(words, Path(sys.argv[1]))
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
