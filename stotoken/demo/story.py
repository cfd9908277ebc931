"""What the story plays with: the system, two securities, a thousand investors from files and five with keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from stotoken.chain.abi import Call
from stotoken.chain.connection import call_object, data_of
from stotoken.client.events import abi_of
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import Stage
from stotoken.conformance.witness import Person
from stotoken.demo.teller import Teller
from stotoken.errors import StotokenError
from stotoken.jobs import Job, Journal, Runner
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.register import Register
from stotoken.tables import Allotment, Investor, read_allotments, read_investors
from stotoken.terms import DEFAULT_PARTITION, TokenSpec
from stotoken.types import Address, Units, jst_start_of_day, partition_id

#: Rows of one transaction, so that none comes near the 16.7 million gas that one may have.
REDEEMED_AT_ONCE = 300
#: Nine in the morning in Japan.
MORNING = 9 * 3600

T = TypeVar("T")
BOND, SHARE = Text("bond", "社債"), Text("share", "株式")


@dataclass(frozen=True)
class Inputs:
    """The files, read and checked before anything is sent."""

    folder: Path
    bond: TokenSpec
    share: TokenSpec
    investors: tuple[Investor, ...]
    bond_allotments: tuple[Allotment, ...]
    share_allotments: tuple[Allotment, ...]

    @classmethod
    def read(cls, folder: Path, rows: int | None) -> Inputs:
        """InputError, naming file, row and column, when something is wrong. `rows`: no more investors than that."""
        bond, share = TokenSpec.from_file(folder / "bond.yaml"), TokenSpec.from_file(folder / "share.yaml")
        every = read_investors(folder / "investors.csv")
        investors = every[:rows]
        wallets = {investor.wallet for investor in investors}
        tables = [
            tuple(row for row in read_allotments(folder / name, spec=spec, investors=every) if row.wallet in wallets)
            for name, spec in (("bond-allotments.csv", bond), ("share-allotments.csv", share))
        ]
        return cls(folder, bond, share, investors, *tables)


@dataclass
class Security:
    """One of the two, once it exists."""

    name: Text
    spec: TokenSpec
    token: Token
    treasury: Person
    book: Register

    def units(self, holder: Person, partition: str = DEFAULT_PARTITION) -> Reading:
        en = f"{self.name.en} units of {holder.name.en}"
        ja = f"{holder.name.ja}の{self.name.ja}"
        return Reading(Text(en, ja), lambda: self.token.balance_of(holder.address, partition))

    def balances(self, wallets: Sequence[Address], partition: str = DEFAULT_PARTITION) -> list[Units]:
        """Registered units of many wallets, asked for a hundred at once."""
        function = abi_of("SecurityToken").function("balanceOfByPartition")
        connection, where = self.token.connection, partition_id(partition)
        found: list[Units] = []
        for _, part in chunks(wallets, 100):
            asked = (call_object(self.token.address, function.encode(where, wallet)) for wallet in part)
            for answer in connection.batch([("eth_call", [each, "latest"]) for each in asked]):
                if isinstance(answer, StotokenError):
                    raise answer
                found.append(function.decode(bytes.fromhex(answer[2:])))
        return found

    @property
    def supply(self) -> Reading:
        label = Text(f"{self.name.en} units issued", f"{self.name.ja}の発行済総数")
        return Reading(label, self.token.total_supply)


class Story:
    """The stage of the story, its teller, and where in time it is."""

    def __init__(self, stage: Stage, teller: Teller, inputs: Inputs, records: Path) -> None:
        self.stage, self.teller, self.inputs, self.records = stage, teller, inputs, records
        stage.on_check = teller.check
        self.bond: Security
        self.share: Security

    @property
    def securities(self) -> tuple[Security, Security]:
        return self.bond, self.share

    def security(self, name: Text, spec: TokenSpec, token: Token, treasury: Person) -> Security:
        book = Register(Contracts.of(self.stage.deployment, token.address))
        return Security(name, spec, token, treasury, book)

    def run(self, job: Job, by: Person) -> None:
        """Every row of a job, told lot by lot and kept as evidence."""
        stage, done = self.stage, 0
        with Journal.open(self.records, stage.deployment) as journal:
            outcome = Runner(stage.deployment, by, journal).run(job)
            lots = [lot for lot in journal.lots(entry=outcome.entry) if lot.state == "done"]
        for lot in lots:
            sent = stage.connection.request("eth_getTransactionByHash", [lot.tx_hash])
            receipt = stage.connection.wait(str(lot.tx_hash))
            stage.journal.sent(by.name, Call(job.target, data_of(sent["input"]), ""), receipt)
            done += lot.rows
            self.teller.progress(done, len(job.rows), lot.gas_used)

    def until(self, day: date, seconds: int = MORNING) -> None:
        """Let time pass until that day in Japan."""
        self.stage.node.set_time(jst_start_of_day(day) + seconds)


def rows_of(allotments: Iterable[Allotment], partition: str) -> list[tuple[Address, Units]]:
    return [(row.wallet, row.units) for row in allotments if row.partition == partition]


def chunks(items: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    """Parts of at most `size`, each with how many are done after it."""
    for start in range(0, len(items), size):
        part = items[start : start + size]
        yield start + len(part), part
