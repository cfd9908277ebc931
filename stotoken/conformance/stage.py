"""Where a scenario plays: a deployed system on a local node, with a person for every role and a few investors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Self

from stotoken.chain.abi import Call
from stotoken.chain.devnode import DevNode
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner, Signer
from stotoken.client.act import Act
from stotoken.client.authority import Authority
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.events import contract_at
from stotoken.client.orders import Executed, Orders
from stotoken.client.standing import Standing
from stotoken.client.system import System
from stotoken.client.token import Token
from stotoken.conformance.checking import Checking, Expectation, Reading
from stotoken.conformance.evidence import Check, Text, Value
from stotoken.conformance.witness import Journal, Person, WitnessedConnection
from stotoken.deploy import CONTRACTS, Matrix, MatrixRow, Plan, apply
from stotoken.deploy.apply import Progress
from stotoken.types import (
    Address,
    Basis,
    Bytes32,
    Instrument,
    InvestorClass,
    LegalCategory,
    Role,
    Units,
    keccak,
    partition_id,
)

JAPAN = 392
DAY = 86_400
DEFAULT = "default"
#: Hash of the document that an order rests on, where the scenario has none of its own.
DOCUMENT = keccak(b"the document an order rests on")

ROLES: Mapping[str, tuple[Role, Text]] = {
    "sys_admin": (Role.SYS_ADMIN, Text("system administrator", "システム管理者")),
    "emergency": (Role.EMERGENCY, Text("emergency officer", "緊急対応者")),
    "issuer": (Role.ISSUER, Text("issuer", "発行者")),
    "agent": (Role.ISSUING_AGENT, Text("issuing agent", "発行代理人")),
    "registrar": (Role.REGISTRAR, Text("registrar", "名簿管理者")),
    "compliance": (Role.COMPLIANCE, Text("compliance officer", "コンプライアンス")),
    "custodian": (Role.CUSTODIAN, Text("custodian", "保管者")),
    "paying_agent": (Role.PAYING_AGENT, Text("paying agent", "支払代理人")),
    "auditor": (Role.AUDITOR, Text("auditor", "監査人")),
}
#: Registered from the start, each an investor of its own.
HOLDERS: Mapping[str, Text] = {
    "alice": Text("A", "投資者A"),
    "bob": Text("B", "投資者B"),
    "carol": Text("C", "投資者C"),
    "dave": Text("D", "投資者D"),
    "treasury": Text("the treasury", "発行者口座"),
}
CAST: Mapping[str, Text] = {
    "deployer": Text("deployer", "展開者"),
    "mallory": Text("a stranger", "第三者"),
    **{name: text for name, (_, text) in ROLES.items()},
    **HOLDERS,
}


class Stage:
    """One scenario's world; its people by their names, what they do kept in `journal`, what holds in `checks`."""

    deployer: Person
    mallory: Person
    sys_admin: Person
    emergency: Person
    issuer: Person
    agent: Person
    registrar: Person
    compliance: Person
    custodian: Person
    paying_agent: Person
    auditor: Person
    alice: Person
    bob: Person
    carol: Person
    dave: Person
    treasury: Person

    def __init__(
        self, node: DevNode, connection: WitnessedConnection, deployment: Deployment, signers: Mapping[str, Signer]
    ) -> None:
        self.node, self.connection, self.deployment = node, connection, deployment
        self.journal = connection.journal = Journal()
        self.journal.deployment = deployment
        self.checks: list[Check] = []
        self.clause = ""
        #: Told of every check as soon as it is made.
        self.on_check: Callable[[Check], None] = lambda _: None
        for name, text in CAST.items():
            setattr(self, name, Person(connection, signers[name], text, self.journal))
        self.matrix = Matrix.load()
        self.system = System(deployment, connection)
        self.orders = Orders(deployment, connection)
        self.authority = Authority(deployment, connection)
        self._numbers = count(1)

    @classmethod
    def create(cls, node: DevNode, folder: Path, progress: Progress | None = None) -> Self:
        """Deploy on a running node of at least `len(CAST)` accounts, and register the holders."""
        connection = WitnessedConnection.open(node.url, expect_chain_id=node.chain_id)
        accounts = zip(CAST, node.accounts, strict=False)
        signers: dict[str, Signer] = {name: LocalSigner(account.key) for name, account in accounts}
        deployer = Sender(connection, signers["deployer"], timeout=30)
        roles = {role: (signers[name].address,) for name, (role, _) in ROLES.items()}
        deployment = apply(Plan.make(connection, deployer.address, roles), deployer, folder, progress)
        stage = cls(node, connection, deployment, signers)
        stage.register(*(signers[name].address for name in HOLDERS))
        return stage

    def again(self) -> Stage:
        """The same place with nothing written yet."""
        signers = {name: self.person(name).signer for name in CAST}
        return Stage(self.node, self.connection, self.deployment, signers)

    # --- stating ------------------------------------------------------------------------------------------------------

    def check(self, en: str, ja: str, *expected: Expectation, clause: str = "") -> Checking:
        """A sentence that the acts inside the `with` bear out; the figures are read before and after them."""
        return Checking(Check(clause or self.clause, Text(en, ja)), self.journal, expected, self._checked)

    def _checked(self, check: Check) -> None:
        self.checks.append(check)
        self.on_check(check)

    def units(self, token: Token, holder: Person, partition: str = DEFAULT) -> Reading:
        """Registered units of one holding."""
        where = "" if partition == DEFAULT else f" of {partition}"
        return Reading(
            Text(f"units{where} of {holder.name.en}", f"{holder.name.ja}の口数{f'({partition})' if where else ''}"),
            lambda: token.balance_of(holder.address, partition),
        )

    def free(self, token: Token, holder: Person, partition: str = DEFAULT) -> Reading:
        """Units of one holding that no encumbrance keeps."""
        label = Text(f"free units of {holder.name.en}", f"{holder.name.ja}の移転可能数")
        return Reading(label, lambda: token.holding_of(holder.address, partition).free)

    def frozen(self, token: Token, holder: Person, partition: str = DEFAULT) -> Reading:
        label = Text(f"frozen units of {holder.name.en}", f"{holder.name.ja}の凍結数")
        return Reading(label, lambda: token.holding_of(holder.address, partition).frozen)

    def supply(self, token: Token, partition: str | None = None) -> Reading:
        where = Text(f" of {partition}", f"({partition})") if partition else Text("", "")
        return Reading(Text(f"issued units{where.en}", f"発行済総数{where.ja}"), lambda: token.total_supply(partition))

    def figure(self, en: str, ja: str, read: Callable[[], Value]) -> Reading:
        return Reading(Text(en, ja), read)

    # --- acting -------------------------------------------------------------------------------------------------------

    def approved(self, act: Act | Call, proposer: Person | None = None, approver: Person | None = None) -> int:
        """An order proposed by one person and approved by another, as the matrix has it; its number."""
        row = self.row(act.call if isinstance(act, Act) else act)
        proposer = proposer or self._one_of(row.proposers)
        approver = approver or self._one_of(row.approvers)
        basis = act.basis if isinstance(act, Act) else Basis.POLICY
        order = self.orders.by(proposer).propose(act, DOCUMENT, self.now + 30 * DAY, basis)
        self.orders.by(approver).approve(order.id, order.hash)
        if row.delay:
            self.travel(row.delay)
        return order.id

    def order(
        self,
        act: Act | Call,
        proposer: Person | None = None,
        approver: Person | None = None,
        at: int | None = None,
    ) -> Executed:
        """Propose, approve, and carry out, in a block of timestamp `at` if one is given."""
        row = self.row(act.call if isinstance(act, Act) else act)
        number = self.approved(act, proposer, approver)
        if at is not None:
            self.at(at)
        return self.orders.by(proposer or self._one_of(row.proposers)).execute(number)

    def row(self, call: Call) -> MatrixRow:
        """The row of the matrix that governs a call."""
        contract = contract_at(self.deployment, str(call.to))
        section = next(name for name, found in CONTRACTS.items() if found == contract)
        return self.matrix.row(section, call.data[:4])

    def register(
        self,
        *wallets: Person | Address,
        classes: InvestorClass = InvestorClass.KYC,
        until: int | None = None,
        investor: bytes | None = None,
    ) -> None:
        """Register wallets, or change what is known of them; for ten years if no end is given. A new wallet is an
        investor of its own unless one is named."""
        rows = []
        for each in wallets:
            wallet = each if isinstance(each, str) else each.address
            known = self.system.standing_of(wallet)
            whose = investor or (known.investor if known else keccak(wallet.encode())[:16])
            end = self.now + 3650 * DAY if until is None else until
            rows.append((wallet, Standing(whose, classes, JAPAN, end)))
        self.system.by(self.compliance).register(rows)

    def newcomer(self, name: Text, classes: InvestorClass = InvestorClass.KYC, of: Person | None = None) -> Person:
        """Another registered person with a key of its own, or another wallet of the investor that somebody is."""
        known = self.system.standing_of(of.address) if of else None
        person = self.keyholder(name)
        self.register(person, classes=classes, investor=known.investor if known else None)
        return person

    def keyholder(self, name: Text) -> Person:
        """Somebody with a key and some ether, unknown to the system."""
        person = Person(self.connection, LocalSigner(keccak(name.en.encode())), name, self.journal)
        self.deployer.send(Call(person.address, b"", "", 10**19))
        return person

    def new_token(self, **terms: Any) -> Token:
        """A token by an order; `terms` as in `terms`."""
        return self.system.created(self.order(self.system.create_token(self.terms(**terms))))

    def terms(self, partitions: Sequence[str] = (), **changed: Any) -> structs.Terms:
        """Of a share for KYC investors, one million units authorised, with the given fields changed."""
        number = next(self._numbers)
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
            "treasury": self.treasury.address,
            "partitions": tuple(map(partition_id, partitions)),
        }
        return structs.Terms(**(defaults | changed))

    def issue(self, token: Token, to: Person, units: Units, partition: str = DEFAULT) -> Executed:
        return self.order(token.issue(to.address, units, partition))

    def person(self, name: str) -> Person:
        found: Person = getattr(self, name)
        return found

    def proposer_of(self, row: MatrixRow) -> Person:
        return self._one_of(row.proposers)

    def approver_of(self, row: MatrixRow) -> Person:
        return self._one_of(row.approvers)

    def _one_of(self, roles: frozenset[Role]) -> Person:
        return next(self.person(name) for name, (role, _) in ROLES.items() if role in roles)

    # --- time ---------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        """The chain's time, UTC seconds."""
        return self.node.now

    def travel(self, seconds: int) -> int:
        return self.node.travel(seconds)

    def at(self, timestamp: int) -> None:
        """The next block, which the next transaction makes, is of exactly that timestamp."""
        if self.node.engine == "anvil":
            self.node.rpc("evm_setNextBlockTimestamp", timestamp)
        else:
            self.node.rpc("evm_setTime", timestamp * 1000)

    def incident(self, name: str) -> Bytes32:
        """The number of an incident, a document, a batch: something opaque."""
        return keccak(name.encode())

    # --- telling ------------------------------------------------------------------------------------------------------

    def role_of(self, address: Address) -> str:
        """The role that an address was given at the deployment, by name; empty for anybody else."""
        return next((role.name for name, (role, _) in ROLES.items() if self.person(name).address == address), "")


def none(check: Checking, en: str, ja: str, found: Iterable[str]) -> None:
    """There must be no such thing; each that is there is a fault by its name."""
    names = sorted(found)
    check.tell(en, ja, len(names))
    for name in names:
        check.fault(f"{en}: {name}.")
