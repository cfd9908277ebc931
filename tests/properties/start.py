"""The tokens that runs begin from, one of each make, issued and partly distributed, and the model of each."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from acts import Token
from chain import ORDER, PARTITIONS, WALLETS, Chain, partition
from model import KYC, LIMIT, PRO, QII, SPECIAL, Policy
from people import HALTED, Registered, System
from world import DAY, DOCUMENT, World, investor_of

from stotoken.chain.abi import Call
from stotoken.client.act import act_hash
from stotoken.types import Basis, Instrument, InvestorClass, LegalCategory

TEN_YEARS = 3650 * DAY

#: Terms apart from those of `World.terms`. A date is days from the start.
MAKES: dict[str, dict[str, Any]] = {
    "share": {"puttable": True},
    "share with room for no split": {"authorised_units": LIMIT - 1, "puttable": True},
    "bond of few holders": {
        "instrument": Instrument.BOND,
        "category": LegalCategory.SMALL_NUMBER,
        "maturity": 400,
        "holder_cap": 3,
        "whole_only": True,
    },
    "fund for institutions": {
        "instrument": Instrument.FUND_UNIT,
        "category": LegalCategory.EXEMPT_ERTR,
        "receive_classes": InvestorClass.QII | InvestorClass.SPECIAL,
        "approval_required": True,
        "maturity": 1000,
        "locked_until": 2,
    },
    "beneficial interest": {
        "instrument": Instrument.BENEFICIAL_INTEREST,
        "category": LegalCategory.FUND_PARA2,
        "receive_classes": InvestorClass.KYC | InvestorClass.QII,
        "holder_cap": 2,
        "authorised_units": 2**80,
        "puttable": True,
        "maturity": 300,
    },
}
#: Who holds what of each partition when a run begins. Carol is registered and holds nothing; nobody knows mallory.
FIRST = {
    "default": (("treasury", 600), ("alice", 100), ("alice2", 20), ("bob", 50)),
    "class-a": (("treasury", 300), ("alice", 30), ("bob", 7)),
}
CLASSES = {"carol": KYC, "treasury": KYC}
INVESTORS = {"alice2": "alice"}


@dataclass(frozen=True)
class Start:
    make: str
    address: str
    #: The proposer of an order that is approved and waits, and its execution.
    waiting: tuple[str, Call]
    model: Token

    def fresh(self, world: World) -> tuple[Chain, Token]:
        """The token as it was at the start; the node must be back there too."""
        model = copy.deepcopy(self.model)
        return Chain(world, self.address, self.waiting, lambda: model.system.level == HALTED), model


def investor_id(world: World, investor: str) -> bytes:
    return investor_of(world.people[investor].address)


def prepare(world: World) -> list[Start]:
    """One token of each make, in one system."""
    Chain.admit(world)
    until = world.now + TEN_YEARS
    for name in WALLETS[:-1]:
        who = INVESTORS.get(name, name)
        classes = InvestorClass(CLASSES.get(name, KYC | QII | PRO | SPECIAL))
        address = world.people["deployer" if name == "alice2" else name].address
        world.register(address, classes, until, investor=investor_id(world, who))
    made = [(make, *_create(world, terms)) for make, terms in MAKES.items()]
    starts = [Start(make, address, _waiting(world, address), model) for make, address, model in made]
    # The models were made one after the other; all begin at the instant at which all are ready.
    for start in starts:
        start.model.tick(world.now)
        start.model.system.registered = {name: _registered(name, until) for name in WALLETS[:-1]}
    return starts


def _registered(name: str, until: int) -> Registered:
    return Registered(INVESTORS.get(name, name), CLASSES.get(name, KYC | QII | PRO | SPECIAL), until)


def _create(world: World, apart: dict[str, Any]) -> tuple[str, Token]:
    dates = {name: world.now + apart[name] * DAY for name in ("maturity", "locked_until") if name in apart}
    token = world.new_token(partitions=PARTITIONS[1:], **(apart | dates))
    terms = token.bind.terms()
    policy = Policy(
        category=terms.category,
        treasury="treasury",
        classes=terms.receive_classes,
        cap=terms.holder_cap,
        approval=terms.approval_required,
        whole=terms.whole_only,
        puttable=terms.puttable,
        maturity=terms.maturity,
        locked_until=terms.locked_until,
        authorised=terms.authorised_units,
    )
    system = System(world.now, registered={name: _registered(name, world.now + TEN_YEARS) for name in WALLETS[:-1]})
    model = Token(system, policy, PARTITIONS)
    chain = Chain(world, token.address, ("", Call(None, b"", "")), lambda: False)
    for name, rows in FIRST.items():
        to, units = [chain.of(wallet) for wallet, _ in rows], [units for _, units in rows]
        error, _ = chain.act(ORDER, token.bind.batch_issue(partition(name), to, units, b""), world.now)
        assert (error, model.issue(name, rows)) == (None, set())
    return token.address, model


def _waiting(world: World, token: str) -> tuple[str, Call]:
    """An order to issue one unit to alice, proposed and approved."""
    orders, alice = world.orders.bind, world.people.alice.address
    act = world.token(token).bind.issue_by_partition(partition("default"), alice, 1, b"")
    row = world.row(act)
    proposer, approver = (world.people.of(min(roles)) for roles in (row.proposers, row.approvers))
    world.send(proposer, orders.propose(token, act.data, Basis.ISSUANCE, DOCUMENT, world.now + 170 * DAY))
    number = orders.count()
    world.send(approver, orders.approve(number, act_hash(token, act.data)))
    return proposer.address, orders.execute(number, token, act.data)
