"""What each act costs, beside a plain ERC-20: `make bench`.

The token has KYC of both sides, class rule, lock-up (one that has ended), freeze and halt switched on, and a second
partition. Prints a table, writes build/bench/gas.json, and ends with 1 when a bar is broken. `--update` also renews
the snapshot that the tests compare with, and the table in the README.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypedDict

import table
from scene import DAY, SERIES_B, START, Ordered, Scene

from stotoken.chain.abi import Call
from stotoken.terms import DEFAULT_PARTITION
from stotoken.types import Address, Basis, HaltLevel, LegalCategory, Receipt, Role, Units, keccak, partition_id

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "build" / "bench" / "gas.json"
SNAPSHOT = ROOT / "tests" / "snapshots" / "gas.json"

#: The most an act may cost.
BARS = {
    "deploy_token": 900_000,
    "register_batch_each": 27_000,
    "batch_issue_new_each": 34_000,
    "transfer_new": 79_500,
    "transfer_existing": 62_000,
    "transfer_existing_small_number": 78_000,
    "transfer_by_partition_existing": 64_000,
    "batch_transfer_existing_each": 16_500,
    "forced_transfer_existing": 90_000,
    "split": 90_000,
    "first_transfer_after_record_date": 115_000,
    "halt": 50_000,
}
#: Pairs that must cost the same to within one part in a hundred: no act may grow with the number of holders.
ALIKE = (("split", "split_10_holders"),)

BATCH = 100
FEW, MANY = 10, 10_000
REGISTERED_AT_ONCE, ISSUED_AT_ONCE = 500, 300


class Row(TypedDict):
    """One line of gas.json; `baseline` is None where a plain ERC-20 has no such act."""

    name: str
    value: int
    unit: str
    baseline: int | None
    ratio: float | None


class Bench:
    """The people of the measurement and what was measured so far."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.rows: list[Row] = []
        self.seller, self.buyer, self.newcomer = map(scene.person, ("seller", "buyer", "newcomer"))
        self.heir = scene.wallets("heir", 1)[0]
        self.subscribers = scene.wallets("subscriber", BATCH)
        self.receivers = scene.wallets("receiver", BATCH)
        self.units = [10 + place for place in range(BATCH)]
        self.token, created = scene.create_token("ZZSAMPLE0001")
        self.plain = scene.create_plain("PlainToken")
        self.loops = scene.create_plain("PlainBatchToken")
        self.add("deploy_token", created, self.plain.deployed)

    def add(self, name: str, spent: Receipt | Ordered, plain: Receipt | None = None, each: int = 1) -> None:
        """Keep a measurement: an order's is that of its execution, a batch's is divided by its rows, rounded up."""
        receipt = spent.executed if isinstance(spent, Ordered) else spent
        value = -(-receipt.gas_used // each)
        baseline = -(-plain.gas_used // each) if plain else None
        ratio = round(value / baseline, 3) if baseline else None
        self.rows.append(Row(name=name, value=value, unit="gas", baseline=baseline, ratio=ratio))

    def both(self, name: str, call: Call, same: Call, each: int = 1) -> None:
        """The same act of the seller on the token and on a plain ERC-20."""
        self.add(name, self.scene.send(self.seller, call), self.scene.send(self.seller, same), each)

    def issue(self, name: str, to: Address, units: Units) -> None:
        ordered = self.scene.order(self.token.issue(to, units))
        self.add(name, ordered, self.scene.send(self.seller, self.plain.call("mint", to, units)))


def registering(bench: Bench) -> None:
    scene = bench.scene
    bench.add("register_investor", scene.register([bench.seller.address]))
    bench.add("register_batch_each", scene.register(bench.subscribers), each=BATCH)
    people = [bench.buyer.address, bench.newcomer.address, bench.heir]
    scene.register(people[:1] + people[2:], investor=keccak(b"one investor, two wallets")[:16])
    scene.register([people[1], *bench.receivers])


def issuing(bench: Bench) -> None:
    """Not the first issue ever, which makes the supply."""
    scene, token = bench.scene, bench.token
    scene.node.set_time(START + 2 * DAY)
    scene.order(token.issue(bench.seller.address, 1_000_000))
    scene.order(token.issue(bench.seller.address, 1_000_000, SERIES_B))
    for erc20 in (bench.plain, bench.loops):
        scene.send(bench.seller, erc20.call("mint", bench.seller.address, 1_000_000))
    bench.issue("issue_new", bench.buyer.address, 10_000)
    bench.issue("issue_existing", bench.buyer.address, 10_000)
    batch = scene.order(token.batch_issue(DEFAULT_PARTITION, list(zip(bench.subscribers, bench.units, strict=True))))
    same = scene.send(bench.seller, bench.loops.call("batchMint", bench.subscribers, bench.units))
    bench.add("batch_issue_new_each", batch, same, each=BATCH)


def transferring(bench: Bench) -> None:
    token, to = bench.token.bind, bench.newcomer.address
    for state in ("new", "existing"):
        bench.both(f"transfer_{state}", token.transfer(to, 1_000), bench.plain.call("transfer", to, 1_000))
    for state in ("new", "existing"):
        call = token.transfer_by_partition(SERIES_B, to, 1_000, b"")
        bench.add(f"transfer_by_partition_{state}", bench.scene.send(bench.seller, call))
    many = (bench.receivers, bench.units)
    for state in ("new", "existing"):
        call = token.batch_transfer(partition_id(DEFAULT_PARTITION), *many)
        bench.both(f"batch_transfer_{state}_each", call, bench.loops.call("batchTransfer", *many), each=BATCH)


def transferring_the_whole(bench: Bench) -> None:
    """Of a small-number placement: KYC, class, lock-up, holder cap and whole-holding rules on. To a holder."""
    scene = bench.scene
    token, _ = scene.create_token("ZZSAMPLE0003", LegalCategory.SMALL_NUMBER)
    scene.node.set_time(scene.node.now + 2 * DAY)
    for holder in (bench.seller.address, bench.newcomer.address, bench.buyer.address):
        scene.order(token.issue(holder, 1_000))
    transfer = token.bind.transfer(bench.newcomer.address, 1_000)
    bench.add("transfer_existing_small_number", scene.send(bench.seller, transfer))


def remedying(bench: Bench) -> None:
    scene, token, seller, buyer = bench.scene, bench.token, bench.seller.address, bench.buyer.address
    forced = scene.order(token.controller_transfer(seller, buyer, 1_000, Basis.JUDGMENT, note=keccak(b"judgment")))
    bench.add("forced_transfer_existing", forced)
    bench.add("order_propose", forced.proposed)
    bench.add("order_approve", forced.approved)
    erroneous = scene.send(bench.seller, token.bind.transfer(buyer, 1_000))
    bench.add("reverse", scene.order(token.reversal_of(erroneous.tx_hash)))
    loss = keccak(b"loss")
    report = token.bind.report_loss(loss, 1, partition_id(DEFAULT_PARTITION), buyer, 0, keccak(b"report to the police"))
    bench.add("report_loss", scene.send(Role.REGISTRAR, report))
    bench.add("reissue_lost_wallet", scene.order(token.reissue(loss, bench.heir)))


def redeeming(bench: Bench) -> None:
    """Not the first redemption ever, which begins the count of redeemed units."""
    bench.scene.send(bench.seller, bench.token.bind.redeem(1_000, b""))
    bench.both("redeem_holder", bench.token.bind.redeem(1_000, b""), bench.plain.call("burn", 1_000))


def freezing(bench: Bench) -> None:
    scene, (whole, part) = bench.scene, bench.subscribers[:2]
    bench.add("freeze_wallet", scene.send(Role.COMPLIANCE, scene.system.bind.freeze_wallet(whole)))
    freeze = bench.token.bind.set_frozen_by_partition(partition_id(DEFAULT_PARTITION), part, 5)
    bench.add("freeze_part", scene.send(Role.COMPLIANCE, freeze))


def recording(bench: Bench) -> None:
    """A record date set a day ahead; the first transfer after it writes the calendar's turn and both holdings' past."""
    scene, token = bench.scene, bench.token
    bench.add("record_date", scene.order(token.schedule_record_date(START + 4 * DAY)))
    scene.node.set_time(START + 5 * DAY)
    transfer = token.bind.transfer(bench.newcomer.address, 1_000)
    bench.add("first_transfer_after_record_date", scene.send(bench.seller, transfer))


def halting(bench: Bench) -> None:
    scene = bench.scene
    with scene.undone():
        halt = scene.system.bind.halt(HaltLevel.HALTED, keccak(b"incident"))
        bench.add("halt", scene.send(Role.EMERGENCY, halt))


def splitting(bench: Bench) -> None:
    """Of one token, with few holders and with many."""
    scene = bench.scene
    token, _ = scene.create_token("ZZSAMPLE0002")
    holders = scene.wallets("holder", MANY)
    for start in range(0, MANY, REGISTERED_AT_ONCE):
        scene.register(holders[start : start + REGISTERED_AT_ONCE])

    def issue(to: Sequence[Address]) -> None:
        rows = [(each, 10) for each in to]
        for start in range(0, len(rows), ISSUED_AT_ONCE):
            scene.order(token.batch_issue(DEFAULT_PARTITION, rows[start : start + ISSUED_AT_ONCE]))

    issue(holders[:FEW])
    with scene.undone():
        bench.add("split_10_holders", scene.order(token.split(3)))
    issue(holders[FEW:])
    bench.add("split", scene.order(token.split(3)))


#: In this order: each finds the chain as the ones before left it.
QUICK: tuple[Callable[[Bench], None], ...] = (
    registering,
    issuing,
    transferring,
    remedying,
    redeeming,
    freezing,
    recording,
    halting,
    transferring_the_whole,
)
ALL = (*QUICK, splitting)


def measure(chapters: Iterable[Callable[[Bench], None]] = ALL) -> list[Row]:
    """Run the chapters on a chain of their own."""
    with Scene.open() as scene:
        bench = Bench(scene)
        for chapter in chapters:
            chapter(bench)
    return bench.rows


def broken(rows: Sequence[Row]) -> list[str]:
    """A sentence for each bar that does not hold."""
    values = {row["name"]: row["value"] for row in rows}
    told = [
        f"{name} costs {values[name]:,} gas, which is more than its bar of {bar:,}."
        for name, bar in BARS.items()
        if values[name] > bar
    ]
    for one, other in ALIKE:
        if abs(values[one] - values[other]) * 100 > values[other]:
            told.append(f"{one} costs {values[one]:,} gas and {other} {values[other]:,}: they must be alike.")
    return told


def show(rows: Sequence[Row]) -> str:
    lines = [f"{'act':34}{'gas':>9}{'ERC-20':>9}{'ratio':>8}{'bar':>9}"]
    for row in rows:
        bar, baseline, ratio = BARS.get(row["name"]), row["baseline"], row["ratio"]
        cells = (f"{baseline:,}" if baseline else "", f"{ratio:.3f}" if ratio else "", f"{bar:,}" if bar else "")
        name = row["name"] + (" *" if row["name"] in table.BY_ORDER else "")
        lines.append(f"{name:34}{row['value']:>9,}{cells[0]:>9}{cells[1]:>8}{cells[2]:>9}")
    lines += ["", "* by order: the value is its execution; order_propose and order_approve are those of the forced"]
    lines += ["  transfer. split is with 10,000 holders. Batches: per row of 100. ERC-20: OpenZeppelin, same run."]
    return "\n".join(lines)


def write(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the gas of every act.")
    parser.add_argument("--update", action="store_true", help="renew the tests' snapshot and the table in the README")
    update = parser.parse_args().update
    rows = measure()
    print(show(rows))
    write(RESULTS, rows)
    if update:
        write(SNAPSHOT, rows)
        table.main()
    faults = broken(rows)
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
