"""Where the issuer's consent is required, each transfer between holders needs it."""

from __future__ import annotations

import pytest
from world import World, investor_of

from contracts.helpers import DAY, DEFAULT, ZERO, at, event_names, events, halt, outcome, refused, resume
from stotoken import reverts
from stotoken.client.token import Token


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(approval_required=True)
    world.issue(token, "alice", 100)
    return token


def request(world: World, token: Token, units: int = 40, to: str = "bob", lasts: int = DAY) -> int:
    receipt = world.send("alice", token.bind.request_transfer(DEFAULT, at(world, to), units, world.now + lasts))
    id: int = events(world, receipt, "TransferRequested")[0]["id"]
    return id


def test_a_plain_transfer_is_refused(world: World, token: Token) -> None:
    with refused(reverts.TransferApprovalRequired):
        world.send("alice", token.bind.transfer(at(world, "bob"), 1))


@pytest.mark.parametrize("who", ["issuer", "registrar"])
def test_a_requested_transfer_happens_when_it_is_approved(world: World, token: Token, who: str) -> None:
    id = request(world, token)
    assert token.bind.balance_of(at(world, "bob")) == 0
    receipt = world.send(who, token.bind.approve_transfer_request(id))
    assert event_names(world, receipt) == ["TransferRequestEnded", "Transfer", "TransferByPartition"]
    assert events(world, receipt, "TransferByPartition")[0]["operator"] == at(world, who)
    assert token.bind.balance_of(at(world, "bob")) == 40


def test_a_request_is_kept_as_it_was_made_and_deleted_when_it_ends(world: World, token: Token) -> None:
    deadline = world.now + DAY
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, deadline))
    kept = token.bind.transfer_request_of(1)
    assert kept.values() == (at(world, "alice"), 40, at(world, "bob"), deadline, 0, DEFAULT)
    world.send("issuer", token.bind.reject_transfer_request(1))
    assert token.bind.transfer_request_of(1).values() == (ZERO, 0, ZERO, 0, 0, bytes(32))


def test_a_request_is_used_once(world: World, token: Token) -> None:
    id = request(world, token)
    world.send("issuer", token.bind.approve_transfer_request(id))
    for call in (
        token.bind.approve_transfer_request(id),
        token.bind.reject_transfer_request(id),
    ):
        with refused(reverts.TransferRequestUnknown, id):
            world.send("issuer", call)
    with refused(reverts.TransferRequestUnknown, id):
        world.send("alice", token.bind.cancel_transfer_request(id))


def test_a_request_is_approved_until_the_second_before_its_deadline(world: World, token: Token) -> None:
    deadline = world.now + 1_000
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, deadline))
    approval = token.bind.approve_transfer_request(1)
    world.node.set_time(deadline - 1)
    assert outcome(world, "issuer", approval) == "done"
    world.node.set_time(deadline)
    with refused(reverts.TransferRequestExpired, 1, deadline):
        world.send("issuer", approval)


def test_anybody_ends_a_request_after_its_deadline_and_only_the_holder_before(world: World, token: Token) -> None:
    deadline = world.now + 1_000
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, deadline))
    cancel = token.bind.cancel_transfer_request(1)
    world.node.set_time(deadline - 1)
    for who in ("bob", "mallory", "issuer"):
        assert outcome(world, who, cancel) == "TransferRequestNotYours"
    assert outcome(world, "alice", cancel) == "done"
    world.node.set_time(deadline)
    world.send("mallory", cancel)
    assert token.bind.holding_of(DEFAULT, at(world, "alice"))[:2] == (100, 100)


def test_a_stop_of_the_system_moves_the_deadline_of_a_request_on(world: World, token: Token) -> None:
    deadline = world.now + 1_000
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, deadline))
    stopped = halt(world).timestamp
    world.travel(5_000)
    lasted = resume(world).timestamp - stopped
    approval, cancel = token.bind.approve_transfer_request(1), token.bind.cancel_transfer_request(1)
    world.node.set_time(deadline + lasted - 1)
    assert outcome(world, "issuer", approval) == "done"
    assert outcome(world, "mallory", cancel) == "TransferRequestNotYours"
    world.node.set_time(deadline + lasted)
    assert outcome(world, "issuer", approval) == "TransferRequestExpired"
    assert outcome(world, "mallory", cancel) == "done"


@pytest.mark.parametrize("late", [0, -1])
def test_a_request_ends_in_the_future(world: World, token: Token, late: int) -> None:
    deadline = world.now + late
    with refused(reverts.TimeNotFuture, deadline):
        world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 40, deadline))


def test_a_request_of_nothing_is_refused(world: World, token: Token) -> None:
    with refused(reverts.UnitsOutOfRange, 0):
        request(world, token, 0)


def test_the_approved_transfer_is_still_judged_by_every_other_rule(world: World, token: Token) -> None:
    end = world.now + 1_000
    id = request(world, token)
    world.register(at(world, "bob"), until=end, investor=investor_of(at(world, "bob")))
    world.node.set_time(end)
    with refused(reverts.InvestorExpired, at(world, "bob"), end):
        world.send("issuer", token.bind.approve_transfer_request(id))
    assert token.bind.holding_of(DEFAULT, at(world, "alice"))[:2] == (100, 60)


def test_a_request_that_no_rule_would_let_through_is_not_taken(world: World, token: Token) -> None:
    with refused(reverts.WalletUnregistered, at(world, "mallory")):
        request(world, token, to="mallory")


def test_others_do_not_approve(world: World, token: Token) -> None:
    id = request(world, token)
    for who in ("alice", "bob", "agent", "compliance", "sys_admin", "mallory"):
        assert outcome(world, who, token.bind.approve_transfer_request(id)) == "AccessRefused"
        assert outcome(world, who, token.bind.reject_transfer_request(id)) == "AccessRefused"


def test_distribution_and_force_need_no_approval(world: World, token: Token) -> None:
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    world.send("agent", token.bind.distribute(DEFAULT, [at(world, "bob")], [10], bytes(32)))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 10))
    assert token.bind.balance_of(at(world, "bob")) == 20


def test_the_rule_is_switched_by_a_change_of_policy(world: World, token: Token) -> None:
    transfer = token.bind.transfer(at(world, "bob"), 1)
    world.order(token.bind.set_policy(1, 0, False, False))
    assert outcome(world, "alice", transfer) == "done"
    world.order(token.bind.set_policy(1, 0, True, False))
    assert outcome(world, "alice", transfer) == "TransferApprovalRequired"
