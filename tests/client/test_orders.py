"""Orders through the client: proposed, read back, approved as read, carried out; references proved by both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from world import DAY, DOCUMENT, World

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.orders import Orders, OrderStatus
from stotoken.client.token import Token
from stotoken.errors import InputError
from stotoken.types import Basis, Role, keccak

OTHER = keccak(b"another document")


@pytest.fixture
def token(world: World) -> Token:
    token = world.new_token(partitions=["class-a"], puttable=True)
    world.issue(token, "alice", 1000)
    return token


def by(world: World, name: str) -> Orders:
    return world.orders.by(world.people[name])


def test_an_order_runs_from_proposal_to_execution(world: World, token: Token) -> None:
    act = token.issue(world.people.bob.address, 700, "class-a")
    before = world.orders.count()
    order = by(world, "agent").propose(act, DOCUMENT, world.now + DAY)
    assert (order.id, order.hash) == (before + 1, act.hash)
    approved = by(world, "issuer").approve(order.id)
    assert approved.order.hash == act.hash
    assert approved.order.arguments["value"] == 700
    done = by(world, "agent").execute(order.id)
    assert done.event("IssuedByPartition").values["value"] == 700
    assert world.orders.show(order.id).status == OrderStatus.EXECUTED
    with pytest.raises(InputError, match="caused no event Paused"):
        done.event("Paused")


def test_an_order_is_shown_as_a_function_with_named_arguments(world: World, token: Token) -> None:
    bob, deadline = world.people.bob.address, world.now + DAY
    order = by(world, "agent").propose(token.issue(bob, 700), DOCUMENT, deadline)
    view = world.orders.show(order.id)
    assert view.function == "issueByPartition(bytes32,address,uint256,bytes)"
    assert (view.arguments["tokenHolder"], view.arguments["value"]) == (bob, 700)
    assert (view.contract, view.target, view.status) == ("SecurityToken", token.address, OrderStatus.PROPOSED)
    assert (view.basis, view.document_hash, view.deadline) == (Basis.ISSUANCE, DOCUMENT, deadline)
    assert view.proposer == world.people.agent.address
    listed = world.orders.list()
    assert [each.id for each in listed] == list(range(1, order.id + 1))
    assert listed[-1] == view
    assert listed[0].function.startswith("createToken(")
    assert listed[0].arguments["terms"][1] == token.symbol()


def test_nothing_is_approved_that_was_not_shown(world: World, token: Token) -> None:
    order = by(world, "agent").propose(token.issue(world.people.bob.address, 700), DOCUMENT, world.now + DAY)
    with pytest.raises(InputError, match="is not the act that was shown; nothing was approved"):
        by(world, "issuer").approve(order.id, OTHER)
    assert world.orders.show(order.id).status == OrderStatus.PROPOSED


def test_refusals_of_the_queue_come_typed(world: World, token: Token) -> None:
    act, agent = token.issue(world.people.bob.address, 1), by(world, "agent")
    with pytest.raises(reverts.OrderUnauthorized):
        by(world, "mallory").propose(act, DOCUMENT, world.now + DAY)
    with pytest.raises(reverts.OrderIncomplete):
        agent.propose(act, bytes(32), world.now + DAY)
    with pytest.raises(InputError, match="There is no order 99"):
        agent.approve(99)
    with pytest.raises(InputError, match="A bare call is proposed with its basis"):
        agent.propose(act.call, DOCUMENT, world.now + DAY)
    order = agent.propose(act.call, DOCUMENT, world.now + DAY, Basis.ISSUANCE)
    with pytest.raises(reverts.OrderStatusWrong):
        agent.execute(order.id)
    by(world, "issuer").approve(order.id)
    world.travel(2 * DAY)
    with pytest.raises(reverts.OrderExpired):
        agent.execute(order.id)


def test_a_proposer_takes_its_order_back(world: World, token: Token) -> None:
    agent = by(world, "agent")
    order = agent.propose(token.issue(world.people.bob.address, 1), DOCUMENT, world.now + DAY)
    assert agent.veto(order.id).id == order.id
    assert world.orders.show(order.id).status == OrderStatus.VETOED
    with pytest.raises(reverts.OrderStatusWrong):
        by(world, "issuer").approve(order.id)


def test_the_matrix_itself_changes_by_a_delayed_order(world: World) -> None:
    sys_admin, authority = by(world, "sys_admin"), world.authority
    row = world.matrix.row("core_system", "freezeWallet")
    act = authority.set_row(world.deployment.system, row.selector, replace(row.struct, executors=1 << Role.EMERGENCY))
    order = sys_admin.propose(act, DOCUMENT, world.now + 30 * DAY)
    by(world, "compliance").approve(order.id)
    with pytest.raises(reverts.OrderNotReady):
        sys_admin.execute(order.id)
    world.travel(2 * DAY)
    sys_admin.execute(order.id)
    assert authority.row_of(world.deployment.system, row.selector).executors == 1 << Role.EMERGENCY
    with pytest.raises(reverts.AccessRefused):
        world.system.by(world.people.compliance).freeze_wallet(world.people.bob.address)


# --- reversal ---------------------------------------------------------------------------------------------------------


def test_a_transfer_is_returned_by_reference_in_parts_and_never_more_than_all(world: World, token: Token) -> None:
    alice, bob = world.people.alice.address, world.people.bob.address
    moved = token.by(world.people.alice).transfer(bob, 300)
    act = token.reversal_of(moved.tx_hash, moved.log_index, 100)
    assert act.basis == Basis.ERRONEOUS_TRANSFER
    order = by(world, "registrar").propose(act, DOCUMENT, world.now + DAY)
    by(world, "compliance").approve(order.id)
    done = by(world, "registrar").execute(order.id)
    assert done.event("Reversed").values["outstanding"] == 200
    assert token.reversed(moved.origin) == 100
    assert token.balance_of(alice) == 800
    world.order(token.reversal_of(moved.tx_hash))
    assert token.balance_of(bob) == 0
    with pytest.raises(InputError, match="0 units are left to return"):
        token.reversal_of(moved.tx_hash, moved.log_index, 1)


def test_a_reversal_counts_in_units_of_its_day(world: World, token: Token) -> None:
    bob = world.people.bob.address
    world.order(token.split(2))
    moved = token.by(world.people.alice).transfer(bob, 300)
    world.order(token.split(5))
    world.order(token.reversal_of(moved.tx_hash, moved.log_index))
    assert token.reversed(moved.origin) == 1500
    assert token.balance_of(bob) == 0


def test_a_transfer_just_before_a_split_of_the_same_block_counts_in_the_epoch_before(
    world: World, token: Token
) -> None:
    bob, act = world.people.bob.address, token.split(2)
    order = by(world, "registrar").propose(act, DOCUMENT, world.now + DAY)
    by(world, "issuer").approve(order.id)
    _mine_at_once(world, False)
    try:
        first = world.connection.send_raw(_signed(world, "alice", token.bind.transfer(bob, 300), 0, tip=9))
        execute = world.orders.bind.execute(order.id, token.address, act.call.data)
        world.connection.send_raw(_signed(world, "registrar", execute, 0, tip=5))
        second = world.connection.send_raw(_signed(world, "alice", token.bind.transfer(bob, 300), 1, tip=2))
        world.node.mine()
    finally:
        _mine_at_once(world, True)
    assert token.current_epoch() == 1
    receipts = [world.connection.receipt(tx_hash) for tx_hash in (first, second)]
    assert receipts[0] is not None
    assert receipts[1] is not None
    assert receipts[0].block_number == receipts[1].block_number
    indexes = [next(log.log_index for log in receipt.logs if len(log.topics) == 4) for receipt in receipts if receipt]
    assert "Return 600 units" in token.reversal_of(first, indexes[0]).text()
    assert "Return 300 units" in token.reversal_of(second, indexes[1]).text()


def test_what_is_no_ordinary_transfer_is_not_reversed(world: World, token: Token) -> None:
    bob = world.people.bob.address
    forced = world.order(token.forced_transfer(world.people.alice.address, bob, 10, Basis.JUDGMENT))
    place = next(log.log_index for log in forced.logs if log.address == token.address and len(log.topics) == 4)
    with pytest.raises(InputError, match="kind FORCE, which is not reversed"):
        token.reversal_of(forced.tx_hash, place)
    redeemed = token.by(world.people.alice).redeem(10)
    with pytest.raises(InputError, match="kind REDEEM, which is not reversed"):
        token.reversal_of(redeemed.tx_hash, redeemed.log_index)
    with pytest.raises(InputError, match="is no move of the token"):
        token.reversal_of(redeemed.tx_hash, redeemed.log_index + 50)
    many = token.by(world.people.alice).batch_transfer("default", [(bob, 1), (bob, 2)])
    with pytest.raises(InputError, match="2 moves of the token: name the log"):
        token.reversal_of(many.tx_hash)
    with pytest.raises(InputError, match="The chain has no transaction"):
        token.reversal_of("0x" + "12" * 32, 0)


@pytest.mark.parametrize("lie", ["origin", "units of the transfer", "parties", "epoch"])
def test_the_approver_proves_the_reference_anew(world: World, token: Token, lie: str) -> None:
    alice, bob, carol = (world.people[name].address for name in ("alice", "bob", "carol"))
    moved = token.by(world.people.alice).transfer(bob, 300)
    stated: dict[str, Any] = {"origin": moved.origin, "from": bob, "to": alice, "original": 300, "epoch": 0}
    if lie == "epoch":
        world.order(token.split(2))
    lies: dict[str, dict[str, Any]] = {
        "origin": {"origin": OTHER},
        "units of the transfer": {"original": 400},
        "parties": {"to": carol},
        "epoch": {"epoch": 1},
    }
    stated |= lies[lie]
    call = token.bind.reverse(
        stated["origin"], moved.partition, stated["from"], stated["to"], stated["original"], stated["epoch"], 1
    )
    order = by(world, "registrar").propose(call, DOCUMENT, world.now + DAY, Basis.ERRONEOUS_TRANSFER)
    with pytest.raises(InputError, match="nothing was approved|no log of"):
        by(world, "compliance").approve(order.id)


def test_units_redeemed_in_error_come_back_by_the_proof_of_their_redemption(world: World, token: Token) -> None:
    alice = world.people.alice.address
    redeemed = token.by(world.people.alice).redeem(400)
    registrar = token.by(world.people.registrar)
    with pytest.raises(InputError, match="redeemed 400 units, not 500"):
        registrar.loss_of_redemption(redeemed.tx_hash, redeemed.log_index, DOCUMENT, 500)
    world.order(token.split(2))
    loss = registrar.loss_of_redemption(redeemed.tx_hash, redeemed.log_index, DOCUMENT)
    assert (loss.id, loss.kind, loss.units, loss.wallet) == (redeemed.origin, 2, 800, alice)
    order = by(world, "registrar").propose(token.reissue(loss.id, alice), DOCUMENT, world.now + DAY)
    by(world, "compliance").approve(order.id)
    by(world, "registrar").execute(order.id)
    assert token.balance_of(alice) == 2000


def test_a_loss_that_no_redemption_bears_out_is_not_approved(world: World, token: Token) -> None:
    bob = world.people.bob.address
    redeemed = token.by(world.people.alice).redeem(400)
    moved = token.by(world.people.alice).transfer(bob, 1)
    registrar = token.by(world.people.registrar)
    with pytest.raises(InputError, match="not a redemption"):
        registrar.loss_of_redemption(moved.tx_hash, moved.log_index, DOCUMENT)
    false = token.bind.report_loss(redeemed.origin, 2, redeemed.partition, bob, 400, DOCUMENT)
    world.send("registrar", false)
    order = by(world, "registrar").propose(token.reissue(redeemed.origin, bob), DOCUMENT, world.now + DAY)
    with pytest.raises(InputError, match="no log of"):
        by(world, "compliance").approve(order.id)


def _mine_at_once(world: World, on: bool) -> None:
    if world.node.engine == "anvil":
        world.node.rpc("evm_setAutomine", on)
    else:
        world.node.rpc("miner_start" if on else "miner_stop")


def _signed(world: World, name: str, call: Call, ahead: int, tip: int) -> bytes:
    sender, gwei = world.people[name], 10**9
    fields = {
        "chainId": world.connection.chain_id,
        "nonce": world.connection.nonce(sender.address, pending=False) + ahead,
        "gas": 1_000_000,
        "to": call.to,
        "value": 0,
        "data": call.data,
        "gasPrice": (10 + tip) * gwei,
    }
    return sender.signer.sign_transaction(fields).raw
