"""A deployed system on a local node with one person for every role, for tests to act in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.chain.devnode import DevNode
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner
from stotoken.client.act import Act
from stotoken.client.authority import Authority
from stotoken.client.bindings import structs
from stotoken.client.events import contract_at
from stotoken.client.orders import Orders
from stotoken.client.standing import Standing
from stotoken.client.system import System
from stotoken.client.token import Token
from stotoken.deploy import CONTRACTS, Deployment, Matrix, MatrixRow, Plan, apply
from stotoken.types import Basis, Instrument, InvestorClass, LegalCategory, Receipt, Role, keccak, partition_id

ROLES = {
    "sys_admin": Role.SYS_ADMIN,
    "emergency": Role.EMERGENCY,
    "issuer": Role.ISSUER,
    "agent": Role.ISSUING_AGENT,
    "registrar": Role.REGISTRAR,
    "compliance": Role.COMPLIANCE,
    "custodian": Role.CUSTODIAN,
    "paying_agent": Role.PAYING_AGENT,
    "auditor": Role.AUDITOR,
}
#: Registered as KYC investors of Japan, each an investor of its own, for ten years.
HOLDERS = ("alice", "bob", "carol", "dave", "treasury")
OTHERS = ("deployer", "mallory")
NAMES = (*OTHERS, *ROLES, *HOLDERS)

JAPAN = 392
DAY = 86_400
DOCUMENT = keccak(b"the document an order rests on")
#: Enough for any act of the tests: spares each transaction an estimate.
GAS = 8_000_000


@dataclass(frozen=True)
class People:
    """Everybody, each with a key: one for every role, the registered holders and their issuer's treasury, and
    mallory, whom nobody knows."""

    deployer: Sender
    mallory: Sender
    sys_admin: Sender
    emergency: Sender
    issuer: Sender
    agent: Sender
    registrar: Sender
    compliance: Sender
    custodian: Sender
    paying_agent: Sender
    auditor: Sender
    alice: Sender
    bob: Sender
    carol: Sender
    dave: Sender
    treasury: Sender

    def __getitem__(self, name: str) -> Sender:
        person: Sender = getattr(self, name)
        return person

    def of(self, role: Role) -> Sender:
        """The person who holds a role."""
        return self[next(name for name, held in ROLES.items() if held == role)]


class World:
    """What a test acts in. Everything it changes is gone with the end of the test."""

    def __init__(self, node: DevNode, connection: Connection, deployment: Deployment, people: People) -> None:
        self.node, self.connection, self.deployment, self.people = node, connection, deployment, people
        self.matrix = Matrix.load()
        self.system = System(deployment, connection)
        self.orders = Orders(deployment, connection)
        self.authority = Authority(deployment, connection)
        self._identifiers = count(1)

    @classmethod
    def create(cls, node: DevNode, folder: Path) -> World:
        """Deploy on a running node with at least `len(NAMES)` accounts."""
        connection = Connection.open(node.url, expect_chain_id=node.chain_id)
        keys = zip(NAMES, node.accounts, strict=False)
        people = People(**{name: Sender(connection, LocalSigner(account.key), timeout=30) for name, account in keys})
        roles = {role: (people[name].address,) for name, role in ROLES.items()}
        deployment = apply(Plan.make(connection, people.deployer.address, roles), people.deployer, folder)
        world = cls(node, connection, deployment, people)
        world.register([people[name].address for name in HOLDERS])
        return world

    # --- acting -------------------------------------------------------------------------------------------------------

    def send(self, who: Sender | str, call: Call) -> Receipt:
        """One transaction of one person, without an estimate of its gas."""
        return self._person(who).send(call, gas=GAS)

    def approved(self, act: Act | Call) -> int:
        """The number of an order that only waits to be carried out."""
        call, basis = (act.call, act.basis) if isinstance(act, Act) else (act, Basis.POLICY)
        row, orders = self.row(call), self.orders.bind
        proposal = orders.propose(str(call.to), call.data, basis, DOCUMENT, self.now + 30 * DAY)
        self.send(self._one_of(row.proposers), proposal)
        id = orders.count()
        self.send(self._one_of(row.approvers), orders.approve(id, Act(call, basis, "", "").hash))
        return id

    def execute(self, id: int, act: Act | Call) -> Receipt:
        """Carry an approved order out, as who proposed it."""
        call = act.call if isinstance(act, Act) else act
        proposer = self._one_of(self.row(call).proposers)
        return self.send(proposer, self.orders.bind.execute(id, str(call.to), call.data))

    def order(
        self, act: Act | Call, proposer: Sender | str | None = None, approver: Sender | str | None = None
    ) -> Receipt:
        """Propose, approve (as the matrix has it, if nobody is named), let the delay pass, execute; the receipt of the
        execution."""
        call, basis = (act.call, act.basis) if isinstance(act, Act) else (act, Basis.POLICY)
        row = self.row(call)
        proposer = self._person(proposer or self._one_of(row.proposers))
        approver = self._person(approver or self._one_of(row.approvers))
        orders = self.orders.bind
        deadline = self.now + 30 * DAY
        self.send(proposer, orders.propose(str(call.to), call.data, basis, DOCUMENT, deadline))
        id = orders.count()
        hash = Act(call, basis, "", "").hash
        self.send(approver, orders.approve(id, hash))
        if row.delay:
            self.travel(row.delay)
        return self.send(proposer, orders.execute(id, str(call.to), call.data))

    def row(self, call: Call) -> MatrixRow:
        """The row of the matrix that governs a call."""
        contract = contract_at(self.deployment, str(call.to))
        section = next(name for name, found in CONTRACTS.items() if found == contract)
        return self.matrix.row(section, call.data[:4])

    def register(
        self,
        wallet: str | Sender | Sequence[str],
        classes: InvestorClass = InvestorClass.KYC,
        until: int | None = None,
        country: int = JAPAN,
        investor: bytes | None = None,
    ) -> Receipt:
        """Register wallets; each its own investor unless one is named. `until`: ten years from now if not given."""
        wallets = [wallet.address] if isinstance(wallet, Sender) else [wallet] if isinstance(wallet, str) else wallet
        end = self.now + 3650 * DAY if until is None else until
        words = [Standing(investor or investor_of(each), classes, country, end).word for each in wallets]
        return self.send("compliance", self.system.bind.register(list(wallets), words))

    def new_token(self, **terms: Any) -> Token:
        """A token of the given terms, by fields of `structs.Terms`: a share offered to the public by default, one
        million authorised units, no lock-up, no cap, held by the treasury, with the partition `default` alone.
        `partitions` names those besides it, as text or bytes."""
        created = self.order(self.system.bind.create_token(self.terms(**terms)))
        topic = self.deployment.system
        log = next(log for log in created.logs if log.address == topic and len(log.topics) == 4)
        return self.token("0x" + log.topics[1][-20:].hex())

    def terms(self, **changed: Any) -> structs.Terms:
        """The terms `new_token` uses."""
        number = next(self._identifiers)
        partitions = changed.pop("partitions", ())
        defaults: dict[str, Any] = {
            "name": f"試験証券 第{number}回",
            "symbol": f"TEST-{number}",
            "decimals": 0,
            "instrument": Instrument.SHARE,
            "category": LegalCategory.PUBLIC_PARA1,
            "identifier": f"ZZTEST{number:06}".encode(),
            "currency": b"JPY",
            "face_value": 100,
            "authorised_units": 1_000_000,
            "maturity": 0,
            "locked_until": 0,
            "receive_classes": InvestorClass.KYC,
            "holder_cap": 0,
            "approval_required": False,
            "whole_only": False,
            "puttable": False,
            "treasury": self.people.treasury.address,
            "partitions": tuple(partition_id(p) if isinstance(p, str) else p for p in partitions),
        }
        return structs.Terms(**(defaults | changed))

    def token(self, address: str, who: Sender | str | None = None) -> Token:
        """The client of a token, for nobody or for one person."""
        from stotoken.types import checksum

        return Token(self.deployment, self._person(who) if who else self.connection, checksum(address))

    def issue(self, token: Token, to: Sender | str, units: int, partition: str | bytes = "default") -> Receipt:
        """Issue by an order of the agent and the issuer."""
        address = to if isinstance(to, str) and to.startswith("0x") else self._person(to).address
        where = partition_id(partition) if isinstance(partition, str) else partition
        return self.order(token.bind.issue_by_partition(where, address, units, b""))

    def travel(self, seconds: int) -> int:
        """Let time pass; the chain's time after it."""
        return self.node.travel(seconds)

    @property
    def now(self) -> int:
        """The chain's time, UTC seconds."""
        return self.node.now

    def _person(self, who: Sender | str) -> Sender:
        return self.people[who] if isinstance(who, str) else who

    def _one_of(self, roles: frozenset[Role]) -> Sender:
        return next(self.people.of(role) for role in sorted(roles) if role in ROLES.values())


def investor_of(wallet: str) -> bytes:
    """The investor id that `World.register` gives a wallet of its own."""
    return keccak(wallet.encode())[:16]


def fresh(world: World) -> Iterator[World]:
    """The world for one test: what the test does is taken back."""
    mark = world.node.snapshot()
    yield World(world.node, world.connection, world.deployment, world.people)
    world.node.revert(mark)
