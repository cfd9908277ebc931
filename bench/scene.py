"""A deployed system on an embedded Anvil, the same to the byte in every run: keys, addresses and times are fixed.

Each transaction is alone in its block, so that it finds every account and slot cold, and its gas does not depend on
the machine, the day or the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Self

from stotoken.artifacts import load
from stotoken.chain.abi import Abi, Call
from stotoken.chain.connection import Connection
from stotoken.chain.devnode import DevNode
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner
from stotoken.client.act import Act
from stotoken.client.bindings import structs
from stotoken.client.events import contract_at
from stotoken.client.orders import Orders
from stotoken.client.standing import Standing
from stotoken.client.system import System
from stotoken.client.token import Token
from stotoken.deploy import CONTRACTS, Matrix, Plan, apply
from stotoken.types import (
    Address,
    Instrument,
    InvestorClass,
    LegalCategory,
    Receipt,
    Role,
    checksum,
    keccak,
    partition_id,
    to_hex,
)

#: 2050-01-01T00:00:00Z. Later than any clock the bench will meet: a chain's time only goes on.
START = 2_524_608_000
DAY = 86_400
JAPAN = 392
#: Enough for every act; spares each transaction an estimate.
GAS = 16_000_000
DOCUMENT = keccak(b"the document an order rests on")
NAME, SYMBOL = "Sample Security 2050", "SMPL50"
SERIES_B = partition_id("series-b")


class Ordered(NamedTuple):
    """The three transactions of an act that needs two people."""

    proposed: Receipt
    approved: Receipt
    executed: Receipt


class Plain:
    """An ERC-20 of OpenZeppelin's: the baseline."""

    def __init__(self, deployed: Receipt, abi: Abi) -> None:
        self.deployed = deployed
        self._abi = abi

    def call(self, name: str, *args: object) -> Call:
        return self._abi.function(name).call(str(self.deployed.contract_address), *args)


class Scene:
    """The system with one person for every role, and what the acts of the bench have in common."""

    def __init__(self, node: DevNode, folder: Path) -> None:
        self.node, self.folder = node, folder
        node.set_time(START)
        node.rpc("anvil_setBlockTimestampInterval", 1)
        self.connection = Connection.open(node.url, expect_chain_id=node.chain_id)
        self.people = {role: self.person(role.name) for role in Role}
        self.treasury = self.person("treasury")
        deployer = self.person("deployer")
        roles = {role: (person.address,) for role, person in self.people.items()}
        self.deployment = apply(Plan.make(self.connection, deployer.address, roles), deployer, folder)
        self.system = System(self.deployment, self.connection)
        self.orders = Orders(self.deployment, self.connection)
        self._matrix = Matrix.load()

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Self]:
        """Start a node, deploy; end and remove everything afterwards."""
        with TemporaryDirectory() as folder, DevNode(accounts=1, zero_gas_price=True) as node:
            scene = cls(node, Path(folder))
            try:
                yield scene
            finally:
                scene.connection.close()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is done inside is taken back."""
        mark = self.node.snapshot()
        yield
        self.node.revert(mark)

    # --- people -------------------------------------------------------------------------------------------------------

    def person(self, name: str) -> Sender:
        return Sender(self.connection, LocalSigner(keccak(name.encode())), timeout=60)

    def wallets(self, name: str, count: int) -> list[Address]:
        """Addresses that only receive."""
        return [checksum(to_hex(keccak(f"{name} {place}".encode())[12:])) for place in range(count)]

    # --- acting -------------------------------------------------------------------------------------------------------

    def send(self, who: Sender | Role, call: Call) -> Receipt:
        return (self.people[who] if isinstance(who, Role) else who).send(call, gas=GAS)

    def order(self, act: Act) -> Ordered:
        """Propose, approve and carry out as the matrix has it."""
        call, orders = act.call, self.orders.bind
        contract = contract_at(self.deployment, act.target)
        row = self._matrix.row(next(name for name, of in CONTRACTS.items() if of == contract), call.data[:4])
        proposer, approver = self.people[min(row.proposers)], self.people[min(row.approvers)]
        proposal = orders.propose(act.target, call.data, act.basis, DOCUMENT, self.node.now + 30 * DAY)
        proposed = self.send(proposer, proposal)
        number = orders.count()
        approved = self.send(approver, orders.approve(number, act.hash))
        return Ordered(proposed, approved, self.send(proposer, orders.execute(number, act.target, call.data)))

    def register(self, wallets: Sequence[Address], investor: bytes | None = None) -> Receipt:
        """KYC investors of Japan for ten years; each its own investor unless one is named."""
        standings = [
            Standing(investor or keccak(wallet.encode())[:16], InvestorClass.KYC, JAPAN, START + 3650 * DAY)
            for wallet in wallets
        ]
        return self.send(Role.COMPLIANCE, self.system.bind.register(wallets, [each.word for each in standings]))

    def create_token(
        self, identifier: str, category: LegalCategory = LegalCategory.PUBLIC_PARA1
    ) -> tuple[Token, Ordered]:
        """A share for KYC investors on both sides, all standard rules on, in two partitions, locked up for a day;
        of the category SMALL_NUMBER also with its holder cap, and holdings that move as a whole."""
        small = category is LegalCategory.SMALL_NUMBER
        terms = structs.Terms(
            name=NAME,
            symbol=SYMBOL,
            decimals=0,
            instrument=Instrument.SHARE,
            category=category,
            identifier=identifier.encode(),
            currency=b"JPY",
            face_value=100,
            authorised_units=1_000_000_000,
            maturity=0,
            locked_until=self.node.now + DAY,
            receive_classes=InvestorClass.KYC,
            holder_cap=49 if small else 0,
            approval_required=False,
            whole_only=small,
            puttable=True,
            treasury=self.treasury.address,
            partitions=(SERIES_B,),
        )
        ordered = self.order(self.system.create_token(terms))
        return Token(self.deployment, self.connection, self.system.bind.token_of(identifier.encode())), ordered

    def create_plain(self, contract: str) -> Plain:
        """One of the two contracts that nothing but gas is measured of."""
        artifact = load(contract)
        abi = Abi(artifact.abi)
        return Plain(self.send(self.treasury, abi.constructor.call(contract, artifact.link(), NAME, SYMBOL)), abi)
