"""The register of a real chain: whatever was done to a token, the register says what the chain says."""

from __future__ import annotations

import pytest
from actor import ACTS, OFTEN, PARTITIONS, Actor
from world import DAY, World

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client.token import Token
from stotoken.errors import ChainReorganised, ConfigError, LedgerStale, NodeError
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.follower import follow, replay
from stotoken.ledger.reconcile import reconcile
from stotoken.ledger.register import Register
from stotoken.ledger.state import Figure, Place, Version
from stotoken.reports.asked import Asked, What
from stotoken.reports.making import make
from stotoken.types import Log, MoveKind, encode_values, keccak

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


class Narrow(Connection):
    """A node that gives the logs of few blocks at once."""

    limit = 3

    def logs(self, addresses=(), from_block=0, to_block="latest", topics=()) -> list[Log]:
        if to_block - from_block >= self.limit:
            raise NodeError("The node refused eth_getLogs: block range too wide.", answered=True)
        return super().logs(addresses, from_block, to_block, topics)


def test_a_node_that_limits_ranges_is_asked_for_shorter_ones(world: World, token: Token) -> None:
    wide = replay(contracts(world, token), world.connection)
    with Narrow.open(world.node.url) as connection:
        narrow = replay(contracts(world, token), connection)
    assert narrow.head == wide.head
    assert narrow.holdings() == wide.holdings()
    assert narrow.lineage() == wide.lineage()


def test_a_node_that_refuses_every_range_is_an_error(world: World, token: Token) -> None:
    with Narrow.open(world.node.url) as connection:
        connection.limit = 0
        with pytest.raises(NodeError, match="block range too wide"):
            replay(contracts(world, token), connection)


# --- reorganisations --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replaced_by", [0, 1, 3])
def test_a_reorganisation_is_detected_however_long_the_new_branch(world: World, token: Token, replaced_by: int) -> None:
    mark = world.node.snapshot()
    pay(world, token, 5)
    register = replay(contracts(world, token), world.connection)
    world.node.revert(mark)
    for number in range(replaced_by):
        pay(world, token, 6 + number)
    with pytest.raises(ChainReorganised, match="is no longer part of the chain"):
        follow(register, world.connection)
    with pytest.raises(ChainReorganised):
        reconcile(register, world.connection)
    anew = replay(contracts(world, token), world.connection)
    reconcile(anew, world.connection).assert_equal()


class Shifting(Connection):
    """A node whose chain is reorganised right after it gave the logs."""

    world: World
    token: Token
    mark: str

    def logs(self, *args, **options) -> list[Log]:
        found = super().logs(*args, **options)
        self.world.node.revert(self.mark)
        for units in (7, 8):
            pay(self.world, self.token, units)
        return found


def test_a_reorganisation_while_reading_is_detected(world: World, token: Token) -> None:
    with Shifting.open(world.node.url) as connection:
        connection.world, connection.token, connection.mark = world, token, world.node.snapshot()
        for units in (5, 6):
            pay(world, token, units)
        register = Register(contracts(world, token))
        with pytest.raises(ChainReorganised):
            follow(register, connection)
    assert register.head is None
    assert register.lineage() == ()


# --- differences ------------------------------------------------------------------------------------------------------


def test_a_difference_is_named_and_is_an_error(world: World, token: Token) -> None:
    register = replay(contracts(world, token), world.connection)
    alice = world.people.alice.address
    register.state.put(Figure.UNITS, Place(DEFAULT, alice), Version(0, register.now, 999))
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
