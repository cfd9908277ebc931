"""A plan through the queue of orders: each person runs the same command, and it does what that person may do next.

Nothing is kept between the runs. What was proposed and approved is found on chain by the hash of its act, so that
nothing is proposed twice and nothing is approved but what the plan contains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar

from stotoken.chain.sender import Sender
from stotoken.client.authority import Authority
from stotoken.client.bindings import structs
from stotoken.client.deployment import Deployment
from stotoken.client.orders import Orders, OrderStatus
from stotoken.client.system import System
from stotoken.errors import StotokenError
from stotoken.governance.file import Governance
from stotoken.governance.plan import Step, plan
from stotoken.governance.rights import Rights, read_rights
from stotoken.reverts import OrderNotReady
from stotoken.types import Address, Bytes32

#: Seconds that an order lives beyond its delay.
LIFE = 30 * 86_400


class NotInvolved(StotokenError):
    """Nothing of a plan can be done with this key."""

    exit_code: ClassVar[int] = 11


class State(Enum):
    """What a step waits for."""

    PROPOSAL = "proposal"
    APPROVAL = "approval"
    #: By a person: it rests on another document than the file.
    READING = "reading"
    #: Until its delay is over.
    DELAY = "delay"
    #: By somebody of the role that proposed it, after the steps before it.
    EXECUTION = "execution"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """A step, its order, and what it waits for. `ready_at`: UTC seconds before which it cannot be carried out."""

    step: Step
    state: State
    order: int | None = None
    proposer: Address | None = None
    ready_at: int = 0
    #: Whether this run brought it here.
    moved: bool = False


def apply(governance: Governance, deployment: Deployment, sender: Sender) -> tuple[Progress, ...]:
    """Do what `sender` may do next: propose, approve what others proposed, carry out what is approved, in order.

    Empty when the chain is as the file wants it. NotInvolved when there is something to do and the sender may do none
    of it; errors of the chain as they come, and the next run goes on from there.
    """
    return _Run(governance, deployment, sender).run()


class _Run:
    def __init__(self, governance: Governance, deployment: Deployment, sender: Sender) -> None:
        self.sender, self.document = sender, governance.sha256
        self.orders = Orders(deployment, sender)
        self.authority, self.system = Authority(deployment, sender), System(deployment, sender)
        self.chain: Rights = read_rights(deployment, sender.connection)
        self.steps = plan(governance, self.chain, sender.connection)

    def run(self) -> tuple[Progress, ...]:
        if not self.steps:
            return ()
        me = self.sender.address
        if not any(self.chain.holds(step.row.proposers | step.row.approvers, me) for step in self.steps):
            proposers = " or ".join(dict.fromkeys(name for step in self.steps for name in step.proposers))
            approvers = " or ".join(dict.fromkeys(name for step in self.steps for name in step.approvers))
            raise NotInvolved(
                f"{me} has no part in this plan: {proposers} proposes it and {approvers} approves it. Nothing was sent."
            )
        self.opened = self._open_orders()
        return self._carried_out([self._agreed(step) for step in self.steps])

    def _open_orders(self) -> dict[Bytes32, tuple[int, structs.Order]]:
        """By act, the order that can still be carried out: an approved one first, then one that rests on the file."""
        acts = {step.act.hash for step in self.steps}
        time = self.system.running_time()
        found: dict[Bytes32, tuple[int, structs.Order]] = {}
        for view in self.orders.list():
            if view.hash not in acts or view.status not in (OrderStatus.PROPOSED, OrderStatus.APPROVED):
                continue
            order = self.orders.bind.order_of(view.id)[1]
            left = view.status == OrderStatus.PROPOSED and not self.chain.holds(1 << order.role, order.proposer)
            if left or time >= order.deadline:
                continue
            if view.hash not in found or self._rank(found[view.hash][1]) < self._rank(order):
                found[view.hash] = (view.id, order)
        return found

    def _rank(self, order: structs.Order) -> tuple[bool, bool]:
        return order.status == OrderStatus.APPROVED, order.document_hash == self.document

    def _agreed(self, step: Step) -> Progress:
        """Propose or approve, where it is this sender's turn."""
        me = self.sender.address
        if (opened := self.opened.get(step.act.hash)) is None:
            if not self.chain.holds(step.row.proposers, me):
                return Progress(step, State.PROPOSAL)
            until = self.sender.connection.block("latest").timestamp + LIFE + step.row.delay
            ref = self.orders.propose(step.act, self.document, until)
            return Progress(step, State.APPROVAL, ref.id, me, moved=True)
        id, order = opened
        known = Progress(step, State.APPROVAL, id, order.proposer, order.ready_at)
        if order.status == OrderStatus.APPROVED:
            return replace(known, state=State.EXECUTION)
        if order.document_hash != self.document:
            return replace(known, state=State.READING)
        if order.proposer == me or not self.chain.holds(step.row.approvers, me):
            return known
        approved = self.orders.approve(id, step.act.hash)
        return replace(known, state=State.EXECUTION, ready_at=approved.ready_at, moved=True)

    def _carried_out(self, progress: list[Progress]) -> tuple[Progress, ...]:
        """Carry out approved steps, up to the first that cannot be yet."""
        for place, each in enumerate(progress):
            if each.state != State.EXECUTION:
                break
            id, order = self.opened[each.step.act.hash]
            # Asked anew each time: the step before may have taken the role from this very sender.
            if not self.authority.bind.holds(order.role, self.sender.address):
                break
            try:
                self.orders.execute(id)
            except OrderNotReady:
                progress[place] = replace(each, state=State.DELAY)
                break
            progress[place] = replace(each, state=State.DONE, moved=True)
        return tuple(progress)
