"""The register of a real chain: whatever was done to a token, the register says what the chain says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from actor import ACTS, OFTEN, PARTITIONS, Actor
from proxy import Proxy, narrow, without_times
from sqlalchemy import update
from world import DAY, World

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client.token import Token
from stotoken.errors import ChainReorganised, ConfigError, LedgerStale, NodeError
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.follower import follow, replay
from stotoken.ledger.reconcile import reconcile
from stotoken.ledger.register import Register
from stotoken.ledger.schema import BALANCES
from stotoken.reports.asked import Asked, What
from stotoken.reports.making import make
from stotoken.types import MoveKind, encode_values, keccak

DEFAULT = PARTITIONS[0]


def contracts(world: World, token: Token) -> Contracts:
    return Contracts.of(world.deployment, token.address)


def balances(register: Register, as_of: int) -> dict[tuple[bytes, str], int]:
    return {(held.partition, held.wallet): held.units for held in register.holdings(as_of)}


@pytest.fixture
def token(world: World) -> Token:
    """Alice holds 1000, bob 100."""
    made = world.new_token()
    world.issue(made, "alice", 1000)
    world.issue(made, "bob", 100)
    return made


def pay(world: World, token: Token, units: int) -> None:
    world.send("alice", token.bind.transfer(world.people.bob.address, units))


@pytest.mark.parametrize("odd", [0, 1])
def test_a_wallet_that_is_frozen_is_frozen_in_the_register_at_whatever_second(
    world: World, token: Token, odd: int
) -> None:
    world.node.rpc("evm_setNextBlockTimestamp", world.now // 2 * 2 + 10 + odd)
    world.system.by(world.people.emergency).freeze_wallet(world.people.alice.address)
    assert world.connection.block("latest").timestamp % 2 == odd
    reconcile(replay(contracts(world, token), world.connection), world.connection).assert_equal()


# --- everything at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_the_register_equals_the_chain_after_any_acts(world: World, seed: int) -> None:
    actor = Actor(world, seed)
    for what in ACTS:
        actor.once(what)
    for what in actor.random.choices(ACTS + OFTEN * 3, k=60):
        actor.act(what)
    world.travel(DAY)
    register = replay(contracts(world, actor.token), world.connection)

    result = reconcile(register, world.connection)
    result.assert_equal()
    assert result.rows_compared > 50
    assert len(actor.noted) > 80
    for second, noted in actor.noted.items():
        assert balances(register, second) == noted
    assert set(ACTS) == set(actor.done)
    assert {move.kind for move in register.lineage()} == set(MoveKind)
    assert register.record_dates

    again = Register(register.contracts)
    follow(again, world.connection, longest=7)
    for what in (What.REGISTER, What.HOLDINGS, What.LINEAGE, What.SUPPLY):
        first, second = (make(each, actor.token, Asked(what=what)).bytes() for each in (register, again))
        assert first == second


# --- blocks and seconds -----------------------------------------------------------------------------------------------


def in_one_block(world: World, *sent: tuple[Sender, Call]) -> None:
    """Mine the calls in one block in this order."""
    node = world.node
    off, on = (
        (("miner_stop",), ("miner_start",))
        if node.engine == "ganache"
        else (
            ("evm_setAutomine", False),
            ("evm_setAutomine", True),
        )
    )
    node.rpc(*off)
    for place, (who, call) in enumerate(sent):
        fields = {"chainId": node.chain_id, "nonce": world.connection.nonce(who.address), "gas": 1_000_000}
        fields |= {"to": call.to, "value": 0, "data": call.data, "gasPrice": (20 - place) * 10**9}
        world.connection.send_raw(who.signer.sign_transaction(fields).raw)
    node.mine()
    node.rpc(*on)


def approved(world: World, call: Call) -> Call:
    """The execution of an order for the call, ready."""
    bind, data = world.orders.bind, call.data
    row = world.row(call)
    proposer, approver = (world.people.of(min(roles)) for roles in (row.proposers, row.approvers))
    document = b"\1" * 32
    world.send(proposer, bind.propose(str(call.to), data, 1, document, world.now + 1000))
    world.send(approver, bind.approve(bind.count(), keccak(encode_values(["address", "bytes"], [call.to, data]))))
    return bind.execute(bind.count(), str(call.to), data)


def test_a_split_in_the_middle_of_a_block_counts_by_the_order_of_its_block(world: World, token: Token) -> None:
    people, bind = world.people, token.bind
    split = approved(world, bind.split(2, 0))
    to_carol = bind.transfer(people.carol.address, 10)
    in_one_block(world, (people.alice, to_carol), (people.registrar, split), (people.bob, to_carol))
    register = replay(contracts(world, token), world.connection)
    reconcile(register, world.connection).assert_equal()
    assert register.holding(DEFAULT, people.carol.address).units == 30
    assert len({move.block for move in register.lineage(people.carol.address)}) == 1


def test_a_record_date_in_the_middle_of_a_block_divides_it(world: World, token: Token) -> None:
    people, bind = world.people, token.bind
    date = approved(world, bind.schedule_record_date(0))
    to_carol = bind.transfer(people.carol.address, 10)
    in_one_block(world, (people.alice, to_carol), (people.issuer, date), (people.bob, to_carol))
    register = replay(contracts(world, token), world.connection)
    reconcile(register, world.connection).assert_equal()
    carol = people.carol.address
    assert register.holding_at_record_date(DEFAULT, carol, 1).units == bind.balance_of_at(DEFAULT, carol, 1) == 10
    assert register.holding(DEFAULT, carol).units == 20


def test_a_redemption_after_maturity_is_a_redemption_on_its_order(world: World) -> None:
    token = world.new_token(maturity=world.now + 100, instrument=2)
    world.issue(token, "alice", 10)
    world.travel(200)
    world.order(token.bind.redeem_matured(DEFAULT, [world.people.alice.address], b""))
    register = replay(contracts(world, token), world.connection)
    last = register.lineage()[-1]
    assert (last.kind, last.units, last.order) == (MoveKind.REDEEM, 10, world.orders.bind.count())
    assert register.supply() == {DEFAULT: 0}


# --- following --------------------------------------------------------------------------------------------------------


def test_following_goes_on_where_it_stopped(world: World, token: Token) -> None:
    register = replay(contracts(world, token), world.connection)
    first = register.head
    world.travel(10)
    pay(world, token, 5)
    with pytest.raises(LedgerStale, match="lies after it"):
        register.holdings(as_of=world.now)
    told: list[tuple[int, int]] = []
    follow(register, world.connection, progress=lambda at, to: told.append((at, to)))
    assert first is not None
    assert told == [(first.number + 2, first.number + 2)]
    assert register.holding(DEFAULT, world.people.bob.address).units == 105
    reconcile(register, world.connection).assert_equal()


def test_following_may_stop_at_a_block(world: World, token: Token) -> None:
    before = world.connection.block().number
    pay(world, token, 5)
    register = replay(contracts(world, token), world.connection, to_block=before)
    assert register.holding(DEFAULT, world.people.bob.address).units == 100


def test_a_register_of_another_chain_is_not_read(world: World, token: Token) -> None:
    own = contracts(world, token)
    other = Contracts(own.chain_id + 1, own.system, own.orders, own.token)
    with pytest.raises(ConfigError, match="nothing was read"):
        replay(other, world.connection)


@pytest.fixture
def proxy(world: World) -> Iterator[Proxy]:
    """Before the world's node."""
    with Proxy(world.node.url) as proxy:
        yield proxy


@pytest.fixture
def connection(proxy: Proxy) -> Iterator[Connection]:
    with Connection.open(proxy.url) as connection:
        yield connection


def test_a_node_that_limits_ranges_is_asked_for_shorter_ones(
    world: World, token: Token, proxy: Proxy, connection: Connection
) -> None:
    wide = replay(contracts(world, token), connection)
    proxy.rule = narrow(3)
    limited = replay(contracts(world, token), connection)
    assert limited.head == wide.head
    assert limited.holdings() == wide.holdings()


def test_a_node_that_refuses_every_range_is_an_error(
    world: World, token: Token, proxy: Proxy, connection: Connection
) -> None:
    proxy.rule = narrow(0)
    with pytest.raises(NodeError, match="block range too wide"):
        replay(contracts(world, token), connection)


def test_blocks_whose_time_the_logs_do_not_tell_are_asked_for(
    world: World, token: Token, proxy: Proxy, connection: Connection
) -> None:
    told = replay(contracts(world, token), connection)
    proxy.changes = without_times
    asked = replay(contracts(world, token), connection)
    assert proxy.methods["eth_getBlockByNumber"] > 10
    assert asked.holdings() == told.holdings()
    assert asked.lineage() == told.lineage()


# --- reorganisations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replaced_by", [0, 1, 3])
def test_a_reorganisation_is_undone_however_long_the_new_branch(world: World, token: Token, replaced_by: int) -> None:
    mark = world.node.snapshot()
    pay(world, token, 5)
    register = replay(contracts(world, token), world.connection)
    world.node.revert(mark)
    for number in range(replaced_by):
        pay(world, token, 6 + number)
    with pytest.raises(ChainReorganised, match="is no longer part of the chain"):
        reconcile(register, world.connection)
    follow(register, world.connection)
    reconcile(register, world.connection).assert_equal()
    anew = replay(contracts(world, token), world.connection)
    assert anew.holdings() == register.holdings()
    assert anew.lineage() == register.lineage()


def test_a_reorganisation_while_reading_is_read_anew(
    world: World, token: Token, proxy: Proxy, connection: Connection
) -> None:
    mark = world.node.snapshot()
    for units in (5, 6):
        pay(world, token, units)
    shifts = [mark]

    def shift(calls: list[dict[str, Any]]) -> None:
        """The chain is reorganised right before it gives the logs."""
        if shifts and calls[0]["method"] == "eth_getLogs":
            world.node.revert(shifts.pop())
            for units in (7, 8, 9):
                pay(world, token, units)

    proxy.rule = shift
    register = replay(contracts(world, token), connection)
    assert [move.units for move in register.lineage()][-3:] == [7, 8, 9]
    reconcile(register, world.connection).assert_equal()


# --- differences ------------------------------------------------------------------------------------------------------


def test_a_difference_is_named_and_is_an_error(world: World, token: Token) -> None:
    register = replay(contracts(world, token), world.connection)
    alice = world.people.alice.address
    with register.store.database.writing("") as connection:
        connection.execute(update(BALANCES).where(BALANCES.c.units == 1000).values(units=999))
    result = reconcile(register, world.connection)
    assert not result.equal
    whats = [difference.what for difference in result.differences]
    assert f"units of {alice} in default" in whats
    assert "supply of default and the sum of its holdings, both in the register" in whats
    with pytest.raises(RegisterDiffers, match="register 999, chain 1000") as caught:
        result.assert_equal()
    assert caught.value.exit_code == 20
    assert len(caught.value.differences) == len(result.differences)


def test_a_register_that_missed_the_beginning_is_refused(world: World, token: Token) -> None:
    own = contracts(world, token)
    pay(world, token, 5)
    late = Contracts(own.chain_id, own.system, own.orders, own.token, world.connection.block().number)
    with pytest.raises(RegisterDiffers, match="events before it are missing"):
        replay(late, world.connection)
