"""How fast a table reaches the chain: `make bench`.

A table of 10,000 new holders is distributed by a job, from the CSV to the last receipt: every row checked and tried, a
journal on disk, KYC of both sides, class rule, lock-up (one that has ended), freeze and halt switched on. Beside it, in
the same run on the same chain: a plain loop of web3.py, batches of 100 of web3.py one after the other, and the job's
own signed transactions given to the node again, which is all that this node does for anybody. Only ratios are compared
with bars: how much a second is depends on the machine. Writes build/bench/bulk.json, and ends with 1 when a bar is
broken.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gas import Row, write
from scene import DAY, Scene

from stotoken.artifacts import whole_abi
from stotoken.chain.bulk import receipts
from stotoken.client.token import Token
from stotoken.jobs import Journal, Runner
from stotoken.jobs.reading import read_job
from stotoken.types import Address, Role, checksum, keccak, partition_id

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "bench" / "bulk.json"

#: The least a job must be, times what it is compared with. Ten times the batches were aimed at, but the chain is the
#: limit: the bare replay of signed transactions, under the rules of a security, is itself about nine times as fast.
BARS = {"distribute_vs_loop": 300.0, "distribute_vs_web3_batch": 5.0, "distribute_vs_replay": 0.5}
ROWS, UNITS = 10_000, 7
#: The loop and the batches are measured on fewer, and what they would take for all is scaled from that.
LOOPED, BATCHED, BATCH = 500, 2_000, 100
POLL = 0.005
#: Rounds, of which the fastest counts: others use the machine too.
ROUNDS = 5
REGISTERED_AT_ONCE = 500


class Bulk:
    """The chain of the measurement, its token with everything allotted, and the table."""

    def __init__(self, scene: Scene, folder: Path) -> None:
        self.scene, self.folder = scene, folder
        self.agent = scene.people[Role.ISSUING_AGENT]
        self.holders = scene.wallets("holder", ROWS)
        self.token = self._token()
        self.table = folder / "allotments.csv"
        lines = ["wallet,partition,units", *(f"{holder},default,{UNITS}" for holder in self.holders)]
        self.table.write_text("\n".join(lines) + "\n", "utf-8")

    def _token(self) -> Token:
        scene = self.scene
        token, _ = scene.create_token("ZZSAMPLE0001")
        scene.node.set_time(scene.node.now + 2 * DAY)
        scene.register([scene.treasury.address])
        for start in range(0, ROWS, REGISTERED_AT_ONCE):
            scene.register(self.holders[start : start + REGISTERED_AT_ONCE])
        scene.order(token.issue(scene.treasury.address, ROWS * UNITS))
        scene.order(token.allot(ROWS * UNITS))
        return token

    def rate(self, rows: int, act: Callable[[], object]) -> float:
        """Rows a second; what the act did to the chain is taken back."""
        with self.scene.undone():
            begun = time.perf_counter()
            act()
            return rows / (time.perf_counter() - begun)

    # --- the job, and its transactions again --------------------------------------------------------------------------

    def distribute(self) -> list[tuple[bytes, str]]:
        """From the CSV to the last receipt; the transactions."""
        checksum.cache_clear()
        with TemporaryDirectory(dir=self.folder) as records:
            job = read_job("distribute", self.token.address, self.table)
            with Journal.open(Path(records), self.scene.deployment) as journal:
                outcome = Runner(self.scene.deployment, self.agent, journal).run(job)
                if outcome.done != ROWS:
                    raise AssertionError(f"{outcome.done} rows were distributed, not {ROWS}")
                return [(lot.raw, lot.hashes[-1]) for lot in journal.lots()]

    def replay(self, signed: Sequence[tuple[bytes, str]]) -> None:
        """Each handed over as soon as the one before it is mined: this node seals a block for each transaction, and
        misses some that arrive meanwhile."""
        connection = self.scene.connection
        for raw, tx_hash in signed:
            connection.send_raw(raw)
            while None in receipts(connection, [tx_hash]):
                time.sleep(POLL / 5)

    # --- what others do -----------------------------------------------------------------------------------------------

    def loop(self) -> None:
        """One transfer after the other, each waited for."""
        for holder in self.holders[:LOOPED]:
            self._send("treasury", self._contract().functions["transfer(address,uint256)"](holder, UNITS))

    def batches(self) -> None:
        """A batch after the other, each waited for."""
        contract, name = self._contract(), "distribute(bytes32,address[],uint256[],bytes32)"
        for start in range(0, BATCHED, BATCH):
            part: list[Address] = self.holders[start : start + BATCH]
            number = start.to_bytes(32, "big")
            self._send("agent", contract.functions[name](partition_id("default"), part, [UNITS] * BATCH, number))

    def _contract(self) -> Any:
        w3: Any = self.scene.connection.w3
        return w3.eth.contract(address=self.token.address, abi=whole_abi("SecurityToken"))

    def _send(self, who: str, call: Any) -> None:
        """As the manual of web3.py has it: estimate, sign, send, wait. Nobody here has ether, and none is asked for."""
        from eth_account import Account

        name = "treasury" if who == "treasury" else Role.ISSUING_AGENT.name
        account, w3 = Account.from_key(keccak(name.encode())), self.scene.connection.w3
        nonce = w3.eth.get_transaction_count(account.address)
        free = {"maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
        built = call.build_transaction({"from": account.address, "nonce": nonce, **free})
        sent = w3.eth.send_raw_transaction(account.sign_transaction(built).raw_transaction)
        if w3.eth.wait_for_transaction_receipt(sent, poll_latency=POLL)["status"] != 1:
            raise AssertionError("a transaction of the comparison failed")


def measure() -> list[Row]:
    with Scene.open() as scene, TemporaryDirectory() as folder:
        bulk = Bulk(scene, Path(folder))
        with scene.undone():
            signed = bulk.distribute()
        job, replayed, batched, looped = [], [], [], []
        for _ in range(ROUNDS):
            job.append(bulk.rate(ROWS, bulk.distribute))
            replayed.append(bulk.rate(ROWS, lambda: bulk.replay(signed)))
            batched.append(bulk.rate(BATCHED, bulk.batches))
        for _ in range(2):
            looped.append(bulk.rate(LOOPED, bulk.loop))
    return [
        _row("distribute_vs_loop", max(job), max(looped)),
        _row("distribute_vs_web3_batch", max(job), max(batched)),
        _row("distribute_vs_replay", max(job), max(replayed)),
    ]


def _row(name: str, value: float, baseline: float) -> Row:
    return Row(name=name, value=round(value), unit="rows/s", baseline=round(baseline), ratio=round(value / baseline, 3))


def broken(rows: Sequence[Row]) -> list[str]:
    """A sentence for each bar that does not hold."""
    return [
        f"{row['name']} is {row['ratio']}, which is less than its bar of {BARS[row['name']]:g}."
        for row in rows
        if (row["ratio"] or 0) < BARS[row["name"]]
    ]


def show(rows: Sequence[Row]) -> str:
    lines = [f"{'distribute to 10,000 new holders':34}{'rows/s':>9}{'beside':>9}{'ratio':>9}{'bar':>7}"]
    lines += [f"{r['name']:34}{r['value']:>9,}{r['baseline']:>9,}{r['ratio']:>9,}{BARS[r['name']]:>7g}" for r in rows]
    lines += ["", f"The loop is measured on {LOOPED} transfers, the batches of {BATCH} on {BATCHED} rows, and scaled."]
    return "\n".join(lines)


def main() -> int:
    rows = measure()
    print(show(rows))
    write(RESULTS, rows)
    faults = broken(rows)
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
