"""One transaction stops everything that can be done to any token; nothing is lost by it (I9, guideline 6.1.1.11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from contracts.helpers import DEFAULT, INCIDENT, at, halt, outcome, refused, resume, storage_hash
from world import World, fresh

from behaviours.stage import SECTION, Deed, Stage
from stotoken import reverts
from stotoken.artifacts import whole_abi
from stotoken.chain.abi import Abi, Call
from stotoken.errors import Reverted
from stotoken.governance.unrowed import CLOSED, HOLDERS, QUEUE, state_changing
from stotoken.types import Basis, HaltLevel

#: What still runs while the system is halted: the ways out of it, one's own role, an empty list of questions.
WAYS_OUT = {
    "Authority.grantRole(uint64,address,uint32)",
    "Authority.revokeRole(uint64,address)",
    "Authority.renounceRole(uint64,address)",
    "Authority.multicall(bytes[])",
    "CoreSystem.resume(uint8,bytes32)",
}
HALT = "CoreSystem.halt(uint8,bytes32)"


@dataclass
class Ready:
    """A stage with an approved order for every act that needs one."""

    stage: Stage
    deeds: dict[str, Deed]
    orders: dict[str, int] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.stage.world

    def attempts(self) -> dict[str, tuple[str, Call]]:
        """What to call, and who, to do each act just now."""
        found = {}
        for name, deed in self.deeds.items():
            call = self.stage.execution(self.orders[name], deed) if deed.ordered else deed.call
            found[name] = (deed.who, call)
        return found

    def outcomes(self) -> dict[str, str]:
        return {name: outcome(self.world, who, call) for name, (who, call) in self.attempts().items()}


def _ready(world: World) -> Ready:
    stage = Stage(world)
    ready = Ready(stage, stage.deeds())
    for name, deed in ready.deeds.items():
        if deed.ordered:
            id = stage.proposed(deed)
            approver = next(iter(world.row(deed.call).approvers))
            world.send(world.people.of(approver), stage.approval(id, deed))
            ready.orders[name] = id
    world.travel(2 * 86_400)  # the delay of setRow
    return ready


@pytest.fixture(scope="module")
def _built(deployed_world: World) -> Iterator[Ready]:
    for world in fresh(deployed_world):
        yield _ready(world)


@pytest.fixture
def ready(_built: Ready) -> Iterator[Ready]:
    mark = _built.world.node.snapshot()
    yield _built
    _built.world.node.revert(mark)


def refusing(name: str) -> str:
    return "HaltLevelWrong" if name == HALT else "SystemHalted"


def test_every_function_that_changes_anything_is_tried(ready: Ready) -> None:
    tried = ready.deeds.keys() | QUEUE | {"CoreSystem.resume(uint8,bytes32)"}
    assert state_changing().keys() - tried == CLOSED.keys()


def test_after_one_transaction_every_act_is_refused_and_after_the_resumption_every_act_is_possible(
    ready: Ready,
) -> None:
    assert set(ready.outcomes().values()) == {"done"}
    halt(ready.world)
    assert ready.outcomes() == {name: "done" if name in WAYS_OUT else refusing(name) for name in ready.deeds}
    resume(ready.world)
    assert set(ready.outcomes().values()) == {"done"}


def test_every_token_is_stopped_by_the_same_transaction(ready: Ready) -> None:
    world = ready.world
    halt(world)
    for token in ready.stage.tokens:
        for who, call in (
            ("alice", token.bind.transfer(at(world, "bob"), 1)),
            ("alice", token.bind.batch_transfer(DEFAULT, [at(world, "bob")], [1])),
            ("alice", token.bind.approve(at(world, "bob"), 1)),
            ("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 1, world.now + 99)),
            ("registrar", token.bind.pause()),
            ("compliance", token.bind.set_frozen_tokens(at(world, "alice"), 999)),
        ):
            assert outcome(world, who, call) == "SystemHalted", call.signature


def test_nothing_is_proposed_or_approved_while_halted_but_the_ways_out(ready: Ready) -> None:
    world, stage = ready.world, ready.stage
    waiting = {name: stage.proposed(deed) for name, deed in ready.deeds.items() if deed.ordered}
    halt(world)
    for name, id in waiting.items():
        deed = ready.deeds[name]
        approver = world.people.of(next(iter(world.row(deed.call).approvers)))
        again = world.orders.bind.propose(str(deed.call.to), deed.call.data, Basis.POLICY, INCIDENT, world.now + 99)
        said = {outcome(world, deed.who, again), outcome(world, approver, stage.approval(id, deed))}
        assert said == {"done" if name in WAYS_OUT else "SystemHalted"}, name


def test_transactions_sent_past_any_check_fail_and_change_nothing(ready: Ready) -> None:
    """Sent as they are, as an attacker's node would, not asked first whether they would succeed."""
    world = ready.world
    halt(world)
    before = answers(ready)
    for name, (who, call) in ready.attempts().items():
        if name in WAYS_OUT:
            continue
        fields = {
            "from": at(world, who),
            "to": call.to,
            "data": "0x" + call.data.hex(),
            "gas": hex(3_000_000),
            "gasPrice": hex(10**10),
        }
        receipt = world.connection.wait(str(world.node.rpc("eth_sendTransaction", fields)))
        assert receipt.status == 0, name
    assert answers(ready) == before


def test_the_state_of_every_token_is_the_same_after_the_resumption(ready: Ready) -> None:
    world = ready.world
    addresses = [token.address for token in ready.stage.tokens]
    before = [storage_hash(world, address) for address in addresses]
    halt(world)
    world.travel(5_000)
    resume(world)
    assert [storage_hash(world, address) for address in addresses] == before


def test_every_question_is_answered_while_halted_as_it_was_before(ready: Ready) -> None:
    """But for those that ask whether something may be done."""
    world = ready.world

    before = answers(ready)
    halt(world)
    after = answers(ready)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "CoreSystem.level()",
        "CoreSystem.clock()",
        "CoreSystem.look(address,address)",
        "CoreSystem.lookMany(address,uint256[])",
        "CoreSystem.runningTime()",
        "SecurityToken.canTransfer(address,uint256,bytes)",
        "SecurityToken.canTransferFrom(address,address,uint256,bytes)",
        "SecurityToken.canTransfer(address,address,uint256)",
        "SecurityToken.canTransferByPartition(address,address,bytes32,uint256,bytes)",
        "SecurityToken.explain(bytes32,address,address,uint256)",
    }
    assert "SecurityToken.canTransfer(address,address,uint256)" in changed
    assert "CoreSystem.level()" in changed


def answers(ready: Ready) -> dict[str, bytes]:
    """What every question about the system and its first token is answered with."""
    world, found = ready.world, {}
    for contract in SECTION:
        target = {"SecurityToken": ready.stage.token.address}.get(contract, world.deployment.addresses[contract])
        for function in Abi(whole_abi(contract)).functions.values():
            if function.is_view:
                data = function.encode(*(_sample(world, kind) for kind in function.types))
                found[f"{contract}.{function.signature}"] = _answer(world, target, data)
    return found


def _answer(world: World, target: str, data: bytes) -> bytes:
    """The answer, or the refusal: a question about what is not there is refused, halted or not."""
    try:
        return world.connection.call(target, data, sender=at(world, "alice"))
    except Reverted as error:
        return type(error).__name__.encode()


def _sample(world: World, kind: str) -> object:
    """An argument of a type: alice, the default partition, one."""
    if kind == "address":
        return at(world, "alice")
    if kind == "bytes32":
        return DEFAULT
    if kind.endswith("[]"):
        return [_sample(world, kind[:-2])]
    if kind.startswith("bytes"):
        return bytes(int(kind[5:] or 0))
    return 1


def test_no_token_is_created_while_halted(ready: Ready) -> None:
    world = ready.world
    call = world.system.bind.create_token(world.terms())
    halt(world)
    with refused(reverts.SystemHalted, HaltLevel.HALTED):
        world.connection.call(call.to, call.data, sender=world.orders.address)
    assert len(world.system.bind.tokens()) == 3


@pytest.mark.parametrize("who", ["registrar", "issuer"])
def test_an_order_can_be_vetoed_while_halted(ready: Ready, who: str) -> None:
    """A veto changes no token: it only makes sure that an act does not follow the resumption."""
    world, name = ready.world, "SecurityToken.split(uint256,uint40)"
    halt(world)
    assert outcome(world, "emergency", world.orders.bind.veto(ready.orders[name])) == "OrderUnauthorized"
    world.send(who, world.orders.bind.veto(ready.orders[name]))
    resume(world)
    assert ready.outcomes()[name] == "OrderStatusWrong"


def test_the_emergency_key_stops_and_can_do_nothing_else(ready: Ready) -> None:
    world = ready.world
    halt(world)
    call = world.system.bind.resume(0, INCIDENT)
    proposal = world.orders.bind.propose(world.system.address, call.data, 1, INCIDENT, world.now + 99)
    assert outcome(world, "emergency", call) == "AccessRefused"
    assert outcome(world, "emergency", proposal) == "OrderUnauthorized"
    for who, attempt in ready.attempts().values():
        if who != "emergency" and attempt.signature != "multicall(bytes[])":
            assert outcome(world, "emergency", attempt) != "done", attempt.signature


def test_two_people_are_needed_to_resume_and_neither_suffices(ready: Ready) -> None:
    world, stage = ready.world, ready.stage
    halt(world)
    deed = Deed("sys_admin", world.system.bind.resume(0, INCIDENT), True)
    id = stage.proposed(deed)
    assert outcome(world, "sys_admin", stage.approval(id, deed)) == "OrderUnauthorized"
    assert outcome(world, "sys_admin", stage.execution(id, deed)) == "OrderStatusWrong"
    world.send("compliance", stage.approval(id, deed))
    world.send("sys_admin", stage.execution(id, deed))
    assert world.system.level() is HaltLevel.NORMAL


# --- restricted -------------------------------------------------------------------------------------------------------

#: Rescue, which runs while holders and issuers stand still.
RESCUE = {
    "SecurityToken.controllerTransfer(address,address,uint256,bytes,bytes)",
    "SecurityToken.controllerRedeem(address,uint256,bytes,bytes)",
    "SecurityToken.forcedTransfer(address,address,uint256)",
    "SecurityToken.forceByPartition(bytes32,address,address,uint256,bytes,bytes)",
    "SecurityToken.redeemMatured(bytes32,address[],bytes)",
    "SecurityToken.reissue(bytes32,address)",
    "SecurityToken.reverse(bytes32,bytes32,address,address,uint96,uint16,uint256)",
}


def test_while_restricted_rescue_runs_and_holders_and_issuers_stand_still(ready: Ready) -> None:
    halt(ready.world, HaltLevel.RESTRICTED)
    said = ready.outcomes()
    assert {name: said[name] for name in RESCUE} == dict.fromkeys(RESCUE, "done")
    moving = HOLDERS | {
        "SecurityToken.distribute(bytes32,address[],uint256[],bytes32)",
        "SecurityToken.approveTransferRequest(uint256)",
        "SecurityToken.issue(address,uint256,bytes)",
        "SecurityToken.issueByPartition(bytes32,address,uint256,bytes)",
        "SecurityToken.batchIssue(bytes32,address[],uint256[],bytes)",
    }
    assert {name: said[name] for name in moving} == dict.fromkeys(moving, "SystemHalted")


def test_an_empty_batch_is_no_way_around_a_halt(ready: Ready) -> None:
    world, token = ready.world, ready.stage.token
    for level in (HaltLevel.RESTRICTED, HaltLevel.HALTED):
        halt(world, level)
        assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, [], [])) != "done"
        assert outcome(world, "agent", token.bind.distribute(DEFAULT, [], [], bytes(32))) != "done"
