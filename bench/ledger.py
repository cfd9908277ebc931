"""How fast the ledger reads a chain and answers: `make bench`.

Each figure stands beside its baseline from the same run on the same machine, and only ratios have bars. The baselines:
web3.py's `get_logs` of each event by name, rows inserted by `executemany` into SQLite (timed on a part, its pace holds
for the rest); the bare bytes of the same logs; the sum of all moves by holder, in SQL, in the same database.

The chain is real; the register's history is told to the real fold without a chain, which could not make it in minutes.
Prints a table, writes build/bench/ledger.json, and ends with 1 when a bar is broken,
which takes more than the noise of a busy machine.
"""

from __future__ import annotations

import argparse
import io
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

from history import PARTITION, Chain, Told, chain_contracts, told_contracts
from postgres import Postgres
from proxy import Proxy
from scene import Scene
from sqlalchemy import text

from stotoken.chain.bulk import get_logs
from stotoken.chain.nodes import Nodes
from stotoken.client.events import abi_of
from stotoken.ledger.follower import sync
from stotoken.ledger.register import Register
from stotoken.ledger.store import Store
from stotoken.ledger.stretches import Reader
from stotoken.reports import formats
from stotoken.reports.asked import Asked, Format, What
from stotoken.reports.common import Matter
from stotoken.reports.grounds import Grounds
from stotoken.reports.making import sheet_of
from stotoken.reports.manifest import Manifest
from stotoken.reports.names import Names
from stotoken.reports.security import Security
from stotoken.reports.sheet import Style
from stotoken.reports.view import View
from stotoken.reports.zones import Zone
from stotoken.types import Instrument

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "bench" / "ledger.json"

#: Ratio that must be reached, or not passed.
AT_LEAST = {"sync_vs_web3": 15.0, "sync_pg_vs_web3": 30.0, "register_vs_sum": 3.0}
AT_MOST = {"sync_vs_download": 4.0, "sync_growth_10x": 11.0, "register_growth_10x": 1.5, "follow_500_requests": 10.0}

#: How far a busy machine may push a figure from its bar: only what is worse than that is broken.
NOISE = 2

#: Events that an indexer by web3.py asks for, each by its name.
WEB3_EVENTS = ("Transfer", "TransferByPartition", "IssuedByPartition", "RedeemedByPartition", "Distributed")
#: Parts of the chain that web3.py reads.
WEB3_PART = 20
LIVE, IN_BLOCK = 500, 10
REPEATS = 5


class Row(TypedDict):
    """One line of ledger.json, as those of gas.json."""

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None


class Bench:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[Row] = []

    def add(
        self, name: str, value: float, unit: str, baseline: float | None = None, ratio: float | None = None
    ) -> None:
        rounded = None if ratio is None else round(ratio, 2)
        self.rows.append(Row(name=name, value=round(value, 2), unit=unit, baseline=baseline, ratio=rounded))
        print(f"  {name}: {value:,.2f} {unit}", file=sys.stderr, flush=True)

    def sqlite(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"


def timed(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


# --- reading a chain --------------------------------------------------------------------------------------------------


def reading(bench: Bench, scene: Scene, moves: int) -> None:
    """The first sync, from block one on."""
    chain = Chain(scene)
    tenth = chain.extend(moves // 10)
    last = chain.extend(moves)
    nodes, contracts = Nodes([scene.connection]), chain_contracts(scene)

    def synced(url: str, to_block: int) -> float:
        store = Store.open(url, contracts)
        try:
            return timed(lambda: sync(store, nodes, to_block=to_block))
        finally:
            store.close()

    short, whole = synced(bench.sqlite("tenth"), tenth), synced(bench.sqlite("chain"), last)
    addresses = [*contracts.addresses, chain.token.address]
    ends = [stretch.last.number for stretch in Reader(nodes, contracts, [], contracts.first_block, last)]
    logs = 2 * chain.moves
    bare = timed(lambda: download(scene, addresses, ends))
    with Postgres() as server:
        url = server.new_database()
        in_postgresql = synced(url, last)
    pace = logs / whole
    web3 = by_web3(bench, scene, chain, last)
    bench.add("sync_vs_web3", pace, "logs/s", round(web3, 2), pace / web3)
    bench.add("sync_pg_vs_web3", logs / in_postgresql, "logs/s", round(web3, 2), logs / in_postgresql / web3)
    bench.add("sync_vs_download", whole, "s", round(bare, 3), whole / bare)
    bench.add("sync_growth_10x", whole, "s", round(short, 3), whole / short)
    following(bench, scene, chain)


def download(scene: Scene, addresses: list[str], ends: list[int]) -> int:
    """The same logs in the same parts, and nothing done with them."""
    size, start = 0, 0
    for end in ends:
        method, params = get_logs(addresses, start, end)
        size += len(scene.connection.post({"jsonrpc": "2.0", "id": 0, "method": method, "params": params}))
        start = end + 1
    return size


def by_web3(bench: Bench, scene: Scene, chain: Chain, last: int) -> float:
    """Logs a second of web3.py and `executemany`, over the last part of the chain."""
    abi = [entry for entry in abi_entries() if entry["name"] in WEB3_EVENTS]
    w3 = scene.connection.w3
    contract: Any = w3.eth.contract(address=w3.to_checksum_address(chain.token.address), abi=abi)
    database = sqlite3.connect(bench.folder / "web3.db")
    database.execute("CREATE TABLE logs (block INTEGER, log_index INTEGER, tx TEXT, event TEXT, args TEXT)")
    found = 0
    begun = time.perf_counter()
    for name in WEB3_EVENTS:
        logs = contract.events[name].get_logs(from_block=last - WEB3_PART + 1, to_block=last)
        rows = [
            (log["blockNumber"], log["logIndex"], log["transactionHash"].hex(), name, str(dict(log["args"])))
            for log in logs
        ]
        database.executemany("INSERT INTO logs VALUES (?, ?, ?, ?, ?)", rows)
        found += len(rows)
    database.commit()
    spent = time.perf_counter() - begun
    database.close()
    return found / spent


def abi_entries() -> Iterator[dict[str, Any]]:
    for event in abi_of("SecurityToken").events.values():
        inputs = [{"name": p.name, "type": p.type, "indexed": p.indexed} for p in event.inputs]
        yield {"type": "event", "name": event.name, "inputs": inputs, "anonymous": False}


# --- following it -----------------------------------------------------------------------------------------------------


def following(bench: Bench, scene: Scene, chain: Chain) -> None:
    """`stotoken ledger follow` as it is run, from its start until it has read all transfers."""
    store = Store.open(bench.sqlite("chain"), chain_contracts(scene))
    register = Register(chain_contracts(scene, chain.token), store)
    with Proxy(scene.node.url) as proxy:
        words = ["--node", proxy.url, "--deployments", str(scene.folder), "--ledger", bench.sqlite("chain")]
        program = [sys.executable, "-c", "from stotoken.cli import main; main()", "ledger", "follow", *words]
        with subprocess.Popen(program, stderr=subprocess.DEVNULL) as process:
            try:
                _until(lambda: proxy.posts >= 3)
                chain.live(LIVE, IN_BLOCK)
                _until(lambda: _moves(store) == chain.moves)
                posts = proxy.posts
            finally:
                process.terminate()
    assert register.supply() == {PARTITION: 900_000_000}
    store.close()
    bench.add("follow_500_requests", posts, "requests", None, posts)


def _moves(store: Store) -> int:
    store.refresh()
    with store.database.reading() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM moves")) or 0)


def _until(reached: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError("The follower did not read what it was to read.")
        time.sleep(0.2)


# --- asking the register ----------------------------------------------------------------------------------------------


def asking(bench: Bench, holders: int, moves: int) -> None:
    """The register as of the beginning, the middle and the end; the slowest of them counts."""
    contracts = told_contracts()
    store = Store.open(bench.sqlite("told"), contracts)
    register, told = Register(contracts, store), Told(store, holders)
    told.extend(moves // 10)
    short = slowest(register)
    told.extend(moves)
    long, summed = slowest(register), _median(lambda: by_sum(register))
    assert by_sum(register) == [(held.wallet, held.units) for held in register.holdings()]
    bench.add("register_vs_sum", long * 1000, "ms", round(summed * 1000, 1), summed / long)
    bench.add("register_growth_10x", long * 1000, "ms", round(short * 1000, 1), long / short)
    instants = iter(range(100, register.now, register.now // 400))
    one = median(timed(lambda: register.holding(PARTITION, told.wallets[7], next(instants))) for _ in range(300))
    bench.add("holding_as_of", one * 1e6, "us")
    bench.add("report_of_all_rows", timed(lambda: report(register)), "s")
    store.close()


def report(register: Register) -> bytes:
    """All holdings as CSV, of a security that is on no chain."""
    asked, token = Asked(what=What.HOLDINGS, format=Format.CSV), register.contracts.token
    zone = Zone.named(asked.zone)
    security = Security(token, "Bench", "BENCH", "ZZ0000BENCH0", Instrument.SHARE, "JPY", 100)
    sheet = sheet_of(Matter(View(register, None, None), security, asked, zone, Names(), {}))
    style = Style(asked.lang, zone)
    grounds = Grounds(1, 1, "0x", register.now, {}, {})
    manifest = Manifest.of(sheet, asked, grounds, style, units=0, names_sha256="", made_with={})
    out = io.BytesIO()
    formats.write(sheet, manifest, style, out)
    return out.getvalue()


def slowest(register: Register) -> float:
    return max(_median(lambda: register.holdings(register.now * part // 4)) for part in (1, 2, 4))  # noqa: B023


def by_sum(register: Register) -> list[tuple[str, int]]:
    """What every holder has, from all moves, as of the end."""
    query = (
        "SELECT wallet, units FROM (SELECT place, sum(units) AS units FROM (SELECT taker AS place, units FROM moves "
        "UNION ALL SELECT giver, -units FROM moves) GROUP BY place) JOIN places ON id = place WHERE wallet <> '' "
        "ORDER BY wallet"
    )
    with register.store.database.reading() as connection:
        found: Any = connection.execute(text(query)).cursor
        return list(map(tuple, found.fetchall()))


def _median(what: Callable[[], object]) -> float:
    return median(timed(what) for _ in range(REPEATS))


# --- the table --------------------------------------------------------------------------------------------------------


def broken(rows: list[Row]) -> list[str]:
    """A sentence for each bar that does not hold."""
    ratios = {row["name"]: row["ratio"] or 0 for row in rows}
    told = [
        f"{name} is {ratios[name]}, below its bar of {bar:g}."
        for name, bar in AT_LEAST.items()
        if ratios[name] * NOISE < bar
    ]
    return told + [
        f"{name} is {ratios[name]}, above its bar of {bar:g}."
        for name, bar in AT_MOST.items()
        if ratios[name] > bar * NOISE
    ]


def show(rows: list[Row]) -> str:
    lines = [f"{'figure':24}{'value':>14} {'unit':10}{'baseline':>14}{'ratio':>10}{'bar':>9}"]
    for row in rows:
        name, baseline, ratio = row["name"], row["baseline"], row["ratio"]
        bar = f">= {AT_LEAST[name]:g}" if name in AT_LEAST else f"<= {AT_MOST[name]:g}" if name in AT_MOST else ""
        cells = (f"{baseline:,}" if baseline else "", f"{ratio:,}" if ratio else "")
        lines.append(f"{name:24}{row['value']:>14,} {row['unit']:10}{cells[0]:>14}{cells[1]:>10}{bar:>9}")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the ledger.")
    parser.add_argument("--moves", type=int, default=200_000, help="on the chain")
    parser.add_argument("--holders", type=int, default=100_000, help="in the register")
    parser.add_argument("--history", type=int, default=1_000_000, help="moves of the register")
    parser.add_argument("--full", action="store_true", help="ten times the history of the register")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        with Scene.open() as scene:
            reading(bench, scene, given.moves)
        asking(bench, given.holders, given.history * (10 if given.full else 1))
    print(show(bench.rows))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(bench.rows, indent=1) + "\n", "utf-8")
    faults = broken(bench.rows)
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
