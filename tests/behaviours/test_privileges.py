"""Every function that changes anything is called by everybody, and refused to all but those whom the matrix names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contracts.helpers import DEFAULT, INCIDENT, at, halt, outcome
from world import DOCUMENT, NAMES, ROLES, World

from behaviours.stage import SECTION, Deed, Stage, staged
from stotoken.artifacts import load
from stotoken.chain.abi import Abi, Call
from stotoken.client import bindings
from stotoken.deploy import Matrix, MatrixRow
from stotoken.deploy.plan import CREATED
from stotoken.governance.unrowed import CLOSED, HOLDERS, OWN, QUEUE, state_changing, without_row
from stotoken.types import Basis, Role

MATRIX = Matrix.load()
FUNCTIONS = state_changing()
ROWS: dict[str, MatrixRow] = {
    f"{contract}.{row.signature}": row for row in MATRIX for contract, name in SECTION.items() if name == row.contract
}
#: Needs the system to be halted first; has a test of its own.
RESUME = "CoreSystem.resume(uint8,bytes32)"
ALONE = sorted(name for name, row in ROWS.items() if row.executors)
ORDERED = sorted(name for name, row in ROWS.items() if row.proposers)
#: What a caller without an order is told.
WITHOUT_ORDER = {
    "Authority": "AccessManagerUnauthorizedAccount",
    "CoreSystem": "AccessRefused",
    "SecurityToken": "OrderRequired",
}


@pytest.fixture(scope="module")
def stage(deployed_world: World) -> Iterator[Stage]:
    yield from staged(deployed_world)


@pytest.fixture(autouse=True)
def _undone(stage: Stage) -> Iterator[None]:
    mark = stage.world.node.snapshot()
    yield
    stage.world.node.revert(mark)


def members(roles: frozenset[Role]) -> set[str]:
    return {name for name, role in ROLES.items() if role in roles}


def outcomes(stage: Stage, call: Call) -> dict[str, str]:
    """What becomes of a call for each person there is."""
    return {name: outcome(stage.world, name, call) for name in NAMES}


def expected(allowed: set[str], refusal: str) -> dict[str, str]:
    return {name: "done" if name in allowed else refusal for name in NAMES}


def lowering(stage: Stage, deed: Deed) -> Deed:
    """The direction of a freeze that needs an order."""
    if "setFrozen" not in deed.call.signature:
        return deed
    bind, alice = stage.token.bind, at(stage.world, "alice")
    by_partition = "Partition" in deed.call.signature
    call = bind.set_frozen_by_partition(DEFAULT, alice, 1) if by_partition else bind.set_frozen_tokens(alice, 1)
    return Deed("registrar", call, True)


# --- completeness (I14) -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_has_a_row_or_is_listed_as_somebodys(name: str) -> None:
    assert [name in listed for listed in (ROWS, HOLDERS, QUEUE, OWN, CLOSED)].count(True) == 1


def test_nothing_is_listed_that_is_not_there() -> None:
    assert (ROWS.keys() | HOLDERS | QUEUE | OWN | CLOSED.keys()) - FUNCTIONS.keys() == set()


def test_a_matrix_that_leaves_a_function_to_nobody_is_told_which() -> None:
    assert list(without_row(MATRIX)) == []
    assert list(without_row(Matrix(MATRIX.rows[1:]))) == ["authority.grantRole(uint64,address,uint32)"]


def test_every_contract_that_is_deployed_is_among_those_whose_functions_are_listed() -> None:
    """A desk's functions are in the ABI of the token; a library has no storage of its own to change."""
    listed = {name.partition(".")[2] for name in FUNCTIONS}
    for name in CREATED:
        artifact = load(name)
        if artifact.kind != "library":
            own = Abi(artifact.abi).functions.values()
            assert {function.signature for function in own if not function.is_view} <= listed, name


def test_every_function_has_an_act_that_is_tried(stage: Stage) -> None:
    assert FUNCTIONS.keys() - stage.deeds().keys() == QUEUE | CLOSED.keys() | {RESUME}


def test_every_act_is_possible_for_the_one_who_may(stage: Stage) -> None:
    wrong = {}
    for name, deed in stage.deeds().items():
        if not deed.ordered and (said := outcome(stage.world, deed.who, deed.call)) != "done":
            wrong[name] = said
    assert wrong == {}


# --- alone ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALONE)
def test_one_person_may_do_it_only_in_a_role_of_the_row(stage: Stage, name: str) -> None:
    call = stage.deeds()[name].call
    assert outcomes(stage, call) == expected(members(ROWS[name].executors), "AccessRefused")


# --- by order ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(set(ORDERED) - {RESUME}))
def test_nobody_does_it_without_an_order(stage: Stage, name: str) -> None:
    call = lowering(stage, stage.deeds()[name]).call
    refusal = WITHOUT_ORDER[name.partition(".")[0]]
    assert outcomes(stage, call) == expected(set(), refusal)


@pytest.mark.parametrize("name", sorted(set(ORDERED) - {RESUME}))
def test_its_order_takes_one_of_each_side_of_the_row(stage: Stage, name: str) -> None:
    world, row, deed = stage.world, ROWS[name], lowering(stage, stage.deeds()[name])
    orders, to = world.orders.bind, str(deed.call.to)
    proposal = orders.propose(to, deed.call.data, Basis.POLICY, DOCUMENT, world.now + 9_999_999)
    assert outcomes(stage, proposal) == expected(members(row.proposers), "OrderUnauthorized")
    id = stage.proposed(deed)
    approval, execution = stage.approval(id, deed), stage.execution(id, deed)
    assert set(outcomes(stage, execution).values()) == {"OrderStatusWrong"}
    assert outcomes(stage, approval) == expected(members(row.approvers), "OrderUnauthorized")
    world.send(next(iter(members(row.approvers))), approval)
    if row.delay:
        assert outcome(world, deed.who, execution) == "OrderNotReady"
        world.travel(row.delay)
    assert outcomes(stage, execution) == expected({deed.who}, "OrderUnauthorized")
    vetoers = members(row.approvers) | {deed.who, "compliance"}
    assert outcomes(stage, orders.veto(id)) == expected(vetoers, "OrderUnauthorized")


def test_only_an_order_resumes_the_system(stage: Stage) -> None:
    world = stage.world
    halt(world)
    call = world.system.bind.resume(0, INCIDENT)
    assert outcomes(stage, call) == expected(set(), "AccessRefused")
    proposal = world.orders.bind.propose(world.system.address, call.data, 1, DOCUMENT, world.now + 999)
    assert outcomes(stage, proposal) == expected({"sys_admin"}, "OrderUnauthorized")
    deed = Deed("sys_admin", call, True)
    id = stage.proposed(deed)
    assert outcomes(stage, stage.approval(id, deed)) == expected({"compliance"}, "OrderUnauthorized")
    world.send("compliance", stage.approval(id, deed))
    assert outcomes(stage, stage.execution(id, deed)) == expected({"sys_admin"}, "OrderUnauthorized")


# --- nobody -----------------------------------------------------------------------------------------------------------


def closed_call(stage: Stage, name: str) -> Call:
    world = stage.world
    authority, mallory, token = world.authority.bind, at(world, "mallory"), stage.token
    pause = token.bind.pause().data
    calls = [
        authority.cancel(mallory, token.address, pause),
        authority.consume_scheduled_op(mallory, pause),
        authority.enrol(mallory),
        authority.execute(token.address, token.bind.finalize_issuance().data),
        authority.label_role(5, "x"),
        authority.schedule(token.address, pause, 0),
        authority.set_grant_delay(5, 1),
        authority.set_role_admin(5, 5),
        authority.set_role_guardian(5, 5),
        authority.set_target_admin_delay(token.address, 1),
        authority.set_target_closed(token.address, True),
        authority.set_target_function_role(token.address, [pause[:4]], 5),
        authority.update_authority(world.system.address, mallory),
        world.system.bind.set_authority(mallory),
        token.bind.initialize(world.terms()),
    ]
    return {call.signature: call for call in calls}[name.partition(".")[2]]


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_nobody_at_all_may_do_it(stage: Stage, name: str) -> None:
    assert outcomes(stage, closed_call(stage, name)) == expected(set(), CLOSED[name])


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_not_even_two_people_may_order_it(stage: Stage, name: str) -> None:
    world, call = stage.world, closed_call(stage, name)
    proposal = world.orders.bind.propose(str(call.to), call.data, 1, DOCUMENT, world.now + 999)
    assert outcomes(stage, proposal) == expected(set(), "OrderUnauthorized")


def test_many_calls_in_one_are_judged_one_by_one(stage: Stage) -> None:
    world = stage.world
    inner = world.authority.bind.grant_role(Role.EMERGENCY, at(world, "mallory"), 0)
    outer = world.authority.bind.multicall([inner.data])
    assert outcomes(stage, outer) == expected(set(), "AccessManagerUnauthorizedAccount")


def test_a_call_relayed_by_the_authority_names_its_caller_or_does_not_happen(stage: Stage) -> None:
    relayed = stage.world.authority.bind.execute(stage.token.address, stage.token.bind.pause().data)
    assert "done" not in outcomes(stage, relayed).values()


def test_a_role_is_laid_down_by_its_own_holder_alone(stage: Stage) -> None:
    world = stage.world
    call = world.authority.bind.renounce_role(Role.AUDITOR, at(world, "auditor"))
    assert outcomes(stage, call) == expected({"auditor"}, "AccessManagerBadConfirmation")


@pytest.mark.parametrize("part", ["SecurityToken", "IssuerDesk", "RegistrarDesk"])
def test_the_code_that_tokens_share_obeys_nobody(stage: Stage, part: str) -> None:
    """The implementation and the desks are contracts too: called by themselves they hold no roles and no orders."""
    world = stage.world
    shared = bindings.SecurityToken(world.connection, world.deployment.addresses[part])
    for name, row in ROWS.items():
        if row.contract != "token":
            continue
        data = stage.deeds()[name].call.data
        call = Call(shared.address, data, row.signature)
        for who in members(row.executors | row.proposers | row.approvers):
            said = outcome(world, who, call)
            assert said in ("AccessRefused", "OrderRequired", "UnknownRevert"), (name, who)


# --- a stranger at the doors of holders -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(HOLDERS))
def test_a_stranger_moves_nothing_of_anybody(stage: Stage, name: str) -> None:
    """A stranger may give allowances over nothing and carry a permit; whatever touches units is refused."""
    harmless = ("approve(", "authorizeOperator", "revokeOperator", "permit(")
    said = outcome(stage.world, "mallory", stage.deeds()[name].call)
    if name.partition(".")[2].startswith(harmless):
        assert said == "done"
    else:
        assert said in (
            "WalletUnregistered",
            "ERC20InsufficientAllowance",
            "OperatorUnauthorized",
            "TransferRequestNotYours",
            "ERC20InsufficientBalance",
        )
