"""Maker and checker: one person proposes, another approves, either side carries out, once, in time."""

from __future__ import annotations

import pytest
from world import DOCUMENT, World

from contracts.helpers import DAY, DEFAULT, INCIDENT, at, event_names, events, halt, outcome, refused, resume
from stotoken import reverts
from stotoken.chain.abi import Call, Function
from stotoken.client.act import act_hash
from stotoken.client.bindings.structs import Row
from stotoken.client.token import Token
from stotoken.governance.matrix import EVERY_TOKEN
from stotoken.types import Basis, Role

PROPOSE = Function("propose(address,bytes,uint8,bytes32,uint40)").selector
PROPOSED, APPROVED, EXECUTED, VETOED = 1, 2, 3, 4


class Queue:
    """The queue in the words of one act: an allotment, which the agent proposes and the issuer approves."""

    def __init__(self, world: World) -> None:
        self.world, self.bind = world, world.orders.bind
        self.token: Token = world.new_token()
        self.act: Call = self.token.bind.allot(DEFAULT, 70)

    def propose(self, **changed: object) -> int:
        given = {"basis": Basis.ISSUANCE, "document": DOCUMENT, "deadline": self.world.now + DAY} | changed
        self.world.send(
            str(changed.get("by", "agent")),
            self.bind.propose(
                self.token.address,
                self.act.data,
                given["basis"],
                given["document"],
                given["deadline"],  # type: ignore[arg-type]
            ),
        )
        return self.bind.count()

    def approve(self, id: int, by: str = "issuer") -> None:
        self.world.send(by, self.approval(id))

    def approval(self, id: int) -> Call:
        return self.bind.approve(id, act_hash(self.token.address, self.act.data))

    def execution(self, id: int) -> Call:
        return self.bind.execute(id, self.token.address, self.act.data)

    def status(self, id: int) -> int:
        return self.bind.order_of(id)[1].status


@pytest.fixture
def queue(world: World) -> Queue:
    return Queue(world)


def test_an_order_is_proposed_approved_and_executed_and_tells_who_why_and_on_what_paper(queue: Queue) -> None:
    world, before = queue.world, queue.bind.count()
    deadline = world.now + DAY
    call = queue.bind.propose(queue.token.address, queue.act.data, Basis.ISSUANCE, DOCUMENT, deadline)
    proposed = world.send("agent", call)
    id = before + 1
    assert events(world, proposed, "OrderProposed") == [
        {
            "id": id,
            "target": queue.token.address,
            "proposer": at(world, "agent"),
            "data": queue.act.data,
            "basis": Basis.ISSUANCE,
            "documentHash": DOCUMENT,
            "deadline": deadline,
        }
    ]
    approved = world.send("issuer", queue.approval(id))
    assert events(world, approved, "OrderApproved")[0]["approver"] == at(world, "issuer")
    act, order = queue.bind.order_of(id)
    assert (order.proposer, order.approver, order.status) == (at(world, "agent"), at(world, "issuer"), APPROVED)
    assert act == act_hash(queue.token.address, queue.act.data)
    executed = world.send("agent", queue.execution(id))
    assert event_names(world, executed) == ["Allotted", "OrderExecuted"]
    assert events(world, executed, "OrderExecuted") == [{"id": id, "executor": at(world, "agent")}]
    assert queue.token.bind.allotted(DEFAULT) == 70
    assert queue.status(id) == EXECUTED


def test_there_is_no_order_zero_and_none_beyond_the_last(queue: Queue) -> None:
    for id in (0, queue.bind.count() + 1):
        assert queue.status(id) == 0
        assert outcome(queue.world, "issuer", queue.approval(id)) == "OrderStatusWrong"
        assert outcome(queue.world, "agent", queue.execution(id)) == "OrderStatusWrong"
        assert outcome(queue.world, "agent", queue.bind.veto(id)) == "OrderStatusWrong"


def test_an_order_needs_a_contract_to_act_on(queue: Queue) -> None:
    call = queue.bind.propose(at(queue.world, "alice"), queue.act.data, 1, DOCUMENT, queue.world.now + DAY)
    assert outcome(queue.world, "agent", call) == "OrderIncomplete"


INCOMPLETE = {
    "without a basis": {"basis": 0},
    "without a document": {"document": bytes(32)},
    "with a deadline that is now": {"deadline": 0},
    "with a deadline beyond half a year": {"deadline": 180 * DAY + 1},
}


@pytest.mark.parametrize("why", INCOMPLETE)
def test_an_order_is_not_proposed(queue: Queue, why: str) -> None:
    changed: dict[str, object] = dict(INCOMPLETE[why])
    if "deadline" in changed:
        changed["deadline"] = queue.world.now + INCOMPLETE[why]["deadline"]  # type: ignore[operator]
    with refused(reverts.OrderIncomplete):
        queue.propose(**changed)


def test_an_order_may_wait_half_a_year(queue: Queue) -> None:
    call = queue.bind.propose(queue.token.address, queue.act.data, 1, DOCUMENT, queue.world.now + 180 * DAY)
    assert outcome(queue.world, "agent", call) == "done"


@pytest.mark.parametrize("who", ["issuer", "registrar", "compliance", "sys_admin", "alice", "mallory"])
def test_only_the_proposers_of_the_row_propose(queue: Queue, who: str) -> None:
    with refused(reverts.OrderUnauthorized):
        queue.propose(by=who)


@pytest.mark.parametrize("who", ["agent", "registrar", "compliance", "sys_admin", "alice", "mallory"])
def test_only_the_approvers_of_the_row_approve(queue: Queue, who: str) -> None:
    id = queue.propose()
    with refused(reverts.OrderUnauthorized, at(queue.world, who), queue.bind.approve(1, DOCUMENT).data[:4]):
        queue.approve(id, who)


@pytest.mark.parametrize("who", ["registrar", "sys_admin", "alice", "mallory"])
def test_only_the_two_sides_and_compliance_veto_and_only_the_role_that_proposed_executes(
    queue: Queue, who: str
) -> None:
    id = queue.propose()
    queue.approve(id)
    for name in (who, "issuer"):
        with refused(reverts.OrderUnauthorized, at(queue.world, name), queue.execution(id).data[:4]):
            queue.world.people[name].simulate(queue.execution(id))
    assert outcome(queue.world, who, queue.bind.veto(id)) == "OrderUnauthorized"


@pytest.mark.parametrize("who", ["agent", "issuer", "compliance"])
def test_both_sides_and_compliance_veto_an_approved_order_also_during_a_halt(queue: Queue, who: str) -> None:
    id = queue.propose()
    queue.approve(id)
    queue.world.send("emergency", queue.world.system.bind.halt(2, bytes(31) + b"1"))
    queue.world.send(who, queue.bind.veto(id))
    assert queue.status(id) == VETOED


def test_the_approver_vetoes_though_his_role_was_taken_from_the_row(queue: Queue) -> None:
    world = queue.world
    id = queue.propose()
    queue.approve(id)
    world.order(world.authority.bind.revoke_role(Role.ISSUER, at(world, "issuer")))
    world.send("issuer", queue.bind.veto(id))
    assert queue.status(id) == VETOED


@pytest.mark.parametrize("made", ["resume", "revoke_role"])
def test_one_officer_can_neither_keep_the_system_stopped_nor_keep_the_role(world: World, made: str) -> None:
    """Of an order that leads out of a halt its two people alone think better."""
    rogue = at(world, "mallory")
    world.order(world.authority.bind.grant_role(Role.COMPLIANCE, rogue, 0))
    world.send("mallory", world.system.bind.halt(2, INCIDENT))
    call = {
        "resume": world.system.bind.resume(0, INCIDENT),
        "revoke_role": world.authority.bind.revoke_role(Role.COMPLIANCE, rogue),
    }[made]
    id = world.approved(call)
    assert outcome(world, "mallory", world.orders.bind.veto(id)) == "OrderUnauthorized"
    for party in ("sys_admin", "compliance"):
        assert outcome(world, party, world.orders.bind.veto(id)) == "done"
    world.execute(id, call)


def test_who_proposed_from_a_side_that_the_row_has_changed_is_not_approved(queue: Queue) -> None:
    """Else members of one role would stand on both sides."""
    world = queue.world
    id = queue.propose()
    swapped = Row(0, 1 << Role.ISSUER, 1 << Role.ISSUING_AGENT, 0, False)
    world.order(world.authority.bind.grant_role(Role.ISSUING_AGENT, at(world, "dave"), 0))
    world.order(world.authority.bind.set_row(EVERY_TOKEN, queue.act.data[:4], swapped))
    with refused(reverts.OrderUnauthorized, at(world, "agent"), PROPOSE):
        world.people["dave"].simulate(queue.approval(id))


def test_a_role_of_one_token_proposes_and_is_approved(queue: Queue) -> None:
    world = queue.world
    scoped = world.authority.bind.scoped(Role.ISSUING_AGENT, queue.token.address)
    world.order(world.authority.bind.grant_role(scoped, at(world, "dave"), 0))
    id = queue.propose(by="dave")
    queue.approve(id)
    world.send("dave", queue.execution(id))
    assert queue.status(id) == EXECUTED


def test_another_member_of_the_role_that_proposed_may_execute(queue: Queue) -> None:
    world = queue.world
    world.order(world.authority.bind.grant_role(Role.ISSUING_AGENT, at(world, "dave"), 0))
    id = queue.propose()
    queue.approve(id)
    world.send("dave", queue.execution(id))
    assert queue.status(id) == EXECUTED


def test_a_person_with_both_roles_does_not_approve_their_own_order(queue: Queue) -> None:
    world = queue.world
    world.order(world.authority.bind.grant_role(Role.ISSUER, at(world, "agent"), 0))
    id = queue.propose()
    with refused(reverts.OrderSelfApproval, id, at(world, "agent")):
        queue.approve(id, "agent")
    queue.approve(id)
    assert queue.status(id) == APPROVED


def test_the_approver_approves_exactly_what_was_read(queue: Queue) -> None:
    id = queue.propose()
    other = act_hash(queue.token.address, queue.token.bind.allot(DEFAULT, 700).data)
    with refused(reverts.OrderActMismatch, id):
        queue.world.send("issuer", queue.bind.approve(id, other))


def test_only_the_bound_call_is_executed(queue: Queue) -> None:
    id = queue.propose()
    queue.approve(id)
    other = queue.world.new_token()
    more = queue.token.bind.allot(DEFAULT, 71)
    for target, data in ((queue.token.address, more.data), (other.address, queue.act.data)):
        with refused(reverts.OrderActMismatch, id):
            queue.world.send("agent", queue.bind.execute(id, target, data))


def test_an_order_is_not_executed_before_it_is_approved(queue: Queue) -> None:
    id = queue.propose()
    with refused(reverts.OrderStatusWrong, id, PROPOSED):
        queue.world.send("agent", queue.execution(id))


def test_an_order_is_approved_once(queue: Queue) -> None:
    id = queue.propose()
    queue.approve(id)
    with refused(reverts.OrderStatusWrong, id, APPROVED):
        queue.approve(id)


def test_an_order_is_executed_once(queue: Queue) -> None:
    id = queue.propose()
    queue.approve(id)
    queue.world.send("agent", queue.execution(id))
    with refused(reverts.OrderStatusWrong, id, EXECUTED):
        queue.world.send("agent", queue.execution(id))
    with refused(reverts.OrderStatusWrong, id, EXECUTED):
        queue.world.send("agent", queue.bind.veto(id))


@pytest.mark.parametrize("who", ["agent", "issuer"])
@pytest.mark.parametrize("approved", [False, True])
def test_an_order_is_vetoed_by_its_proposer_or_an_approver(queue: Queue, who: str, approved: bool) -> None:
    id = queue.propose()
    if approved:
        queue.approve(id)
    receipt = queue.world.send(who, queue.bind.veto(id))
    assert events(queue.world, receipt, "OrderVetoed") == [{"id": id, "by": at(queue.world, who)}]
    assert queue.status(id) == VETOED
    assert outcome(queue.world, "issuer", queue.approval(id)) == "OrderStatusWrong"
    assert outcome(queue.world, "agent", queue.execution(id)) == "OrderStatusWrong"


def test_an_order_can_be_approved_until_the_second_before_its_deadline(queue: Queue) -> None:
    deadline = queue.world.now + 1_000
    id = queue.propose(deadline=deadline)
    queue.world.node.set_time(deadline - 1)
    assert outcome(queue.world, "issuer", queue.approval(id)) == "done"
    queue.world.node.set_time(deadline)
    assert outcome(queue.world, "issuer", queue.approval(id)) == "OrderExpired"


def test_an_order_can_be_executed_until_the_second_before_its_deadline(queue: Queue) -> None:
    deadline = queue.world.now + 1_000
    id = queue.propose(deadline=deadline)
    queue.approve(id)
    queue.world.node.set_time(deadline - 1)
    assert outcome(queue.world, "agent", queue.execution(id)) == "done"
    queue.world.node.set_time(deadline)
    assert outcome(queue.world, "agent", queue.execution(id)) == "OrderExpired"


def test_a_stop_of_the_system_moves_the_deadline_on(queue: Queue) -> None:
    world = queue.world
    deadline = world.now + 1_000
    id = queue.propose(deadline=deadline)
    queue.approve(id)
    stopped = halt(world).timestamp
    world.travel(5_000)
    lasted = resume(world).timestamp - stopped
    assert outcome(world, "agent", queue.execution(id)) == "done"
    world.node.set_time(deadline + lasted - 1)
    assert outcome(world, "agent", queue.execution(id)) == "done"
    world.node.set_time(deadline + lasted)
    assert outcome(world, "agent", queue.execution(id)) == "OrderExpired"


def test_a_deadline_given_after_a_stop_is_a_time_of_the_clock_on_the_wall(queue: Queue) -> None:
    world = queue.world
    halt(world)
    world.travel(5_000)
    resume(world)
    deadline = world.now + 1_000
    id = queue.propose(deadline=deadline)
    queue.approve(id)
    world.node.set_time(deadline - 1)
    assert outcome(world, "agent", queue.execution(id)) == "done"
    world.node.set_time(deadline)
    assert outcome(world, "agent", queue.execution(id)) == "OrderExpired"


def test_a_delayed_order_is_executed_from_the_second_it_is_ready(world: World) -> None:
    orders, row = world.orders.bind, world.matrix.row("token", "pause")
    call = world.authority.bind.set_row("0x" + "00" * 19 + "01", row.selector, row.struct)
    to = str(call.to)
    world.send("sys_admin", orders.propose(to, call.data, Basis.GOVERNANCE, DOCUMENT, world.now + 30 * DAY))
    id = orders.count()
    receipt = world.send("compliance", orders.approve(id, act_hash(to, call.data)))
    ready = events(world, receipt, "OrderApproved")[0]["readyAt"]
    assert ready == receipt.timestamp + 2 * DAY
    world.node.set_time(ready - 1)
    assert outcome(world, "sys_admin", orders.execute(id, to, call.data)) == "OrderNotReady"
    world.node.set_time(ready)
    assert outcome(world, "sys_admin", orders.execute(id, to, call.data)) == "done"


def test_an_act_that_fails_tells_why_and_its_order_can_be_tried_again(queue: Queue) -> None:
    world = queue.world
    queue.act = queue.token.bind.issue(at(world, "mallory"), 10, b"")
    id = queue.propose()
    queue.approve(id)
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        world.send("agent", queue.execution(id))
    assert queue.status(id) == APPROVED
    world.register(world.people.mallory)
    world.send("agent", queue.execution(id))
    assert queue.token.bind.balance_of(at(world, "mallory")) == 10


def test_a_person_who_lost_the_role_does_not_execute(queue: Queue) -> None:
    world = queue.world
    id = queue.propose()
    queue.approve(id)
    world.order(world.authority.bind.revoke_role(Role.ISSUING_AGENT, at(world, "agent")))
    assert outcome(world, "agent", queue.execution(id)) == "OrderUnauthorized"


def test_what_a_person_proposed_who_lost_the_role_is_not_approved(queue: Queue) -> None:
    world = queue.world
    id = queue.propose()
    world.order(world.authority.bind.revoke_role(Role.ISSUING_AGENT, at(world, "agent")))
    assert outcome(world, "issuer", queue.approval(id)) == "OrderUnauthorized"


def test_the_result_of_the_act_is_handed_back(queue: Queue) -> None:
    world = queue.world
    queue.act = queue.token.bind.split(2, 0)
    call = queue.bind.propose(queue.token.address, queue.act.data, Basis.CORPORATE_ACTION, DOCUMENT, world.now + DAY)
    world.send("registrar", call)
    id = queue.bind.count()
    queue.approve(id)
    answer = world.people.registrar.simulate(queue.execution(id))
    execute = Function("execute(uint256,address,bytes)", outputs=("bytes",))
    assert int.from_bytes(execute.decode(answer), "big") == 1


def test_an_act_without_a_row_cannot_be_proposed(queue: Queue) -> None:
    world = queue.world
    acts = [
        queue.token.bind.transfer(at(world, "bob"), 1),
        world.authority.bind.set_target_closed(queue.token.address, True),
        world.system.bind.set_authority(at(world, "mallory")),
        Call(queue.token.address, b"\0\0\0\0", "()"),
        Call(world.deployment.implementation, queue.act.data, "()"),
    ]
    for act in acts:
        for who in ("sys_admin", "registrar", "issuer", "agent"):
            call = queue.bind.propose(str(act.to), act.data, 1, DOCUMENT, world.now + DAY)
            assert outcome(world, who, call) == "OrderUnauthorized", act.signature


def test_orders_stand_still_while_the_system_is_halted(queue: Queue) -> None:
    world = queue.world
    id, other = queue.propose(), queue.propose()
    queue.approve(id)
    proposal = queue.bind.propose(queue.token.address, queue.act.data, 1, DOCUMENT, world.now + DAY)
    halt(world)
    assert outcome(world, "agent", proposal) == "SystemHalted"
    assert outcome(world, "issuer", queue.approval(other)) == "SystemHalted"
    assert outcome(world, "agent", queue.execution(id)) == "SystemHalted"
    grant = world.authority.bind.grant_role(Role.EMERGENCY, at(world, "dave"), 0)
    world.order(grant)
    assert world.authority.holds(Role.EMERGENCY, at(world, "dave"))
    assert outcome(world, "dave", world.system.bind.halt(2, INCIDENT)) == "HaltLevelWrong"
