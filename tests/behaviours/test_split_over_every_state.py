"""A split reaches every unit in whatever state it is, exactly, by one transaction (I5, guideline 6.1.1.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from contracts.helpers import (
    CLASS_A,
    DAY,
    DEFAULT,
    LOSS,
    ZERO,
    at,
    events,
    freeze,
    halt,
    lose,
    origin,
    outcome,
    parts,
    permit,
    record_date,
    refused,
    second_wallet,
    split,
)
from world import DAY as WORLD_DAY
from world import DOCUMENT, World, investor_of

from stotoken import reverts
from stotoken.client.act import act_hash
from stotoken.client.token import Token
from stotoken.types import checksum, keccak

SIX = 6
NUMBER = 100


@dataclass
class Holders:
    """One holder in each state, each with a hundred units of a token of ten thousand."""

    world: World
    token: Token
    wallets: dict[str, str]
    lot_ends: int
    moved: bytes
    date: int

    def parts(self) -> dict[str, tuple[int, ...]]:
        """Gross, free, frozen and locked units of each."""
        return {name: tuple(parts(self.world, self.token, wallet)[:4]) for name, wallet in self.wallets.items()}

    def totals(self) -> dict[str, int]:
        bind = self.token.bind
        return {
            "supply": bind.total_supply(),
            "supply of the partition": bind.total_supply_by_partition(DEFAULT),
            "authorised": bind.authorised_units(),
            "allotted": bind.allotted(DEFAULT),
            "allowance": bind.allowance(self.wallets["allowing"], at(self.world, "bob")),
            "reversed": bind.reversed(self.moved),
            "supply of another partition": bind.total_supply_by_partition(CLASS_A),
        }


NAMES = ("free", "frozen", "in a lot", "locked up", "requesting", "allowing", "lost", "treasury", "nothing")
#: Who has a key: the others are wallets that are only written to.
KEYS = {"free": "alice", "requesting": "carol", "allowing": "dave", "treasury": "treasury"}


@pytest.fixture
def holders(world: World) -> Iterator[Holders]:
    wallets = {
        name: at(world, KEYS[name]) if name in KEYS else checksum("0x" + keccak(name.encode())[-20:].hex())
        for name in NAMES
    }
    world.register([wallet for name, wallet in wallets.items() if name not in KEYS])
    token = world.new_token(authorised_units=10_000, partitions=["class-a"])
    for name, wallet in wallets.items():
        if name != "nothing":
            world.issue(token, wallet, NUMBER)
    bind, now = token.bind, world.now
    world.issue(token, "alice", 7, "class-a")
    world.send("compliance", bind.set_frozen_tokens(wallets["frozen"], 30))
    world.order(bind.lock_lot(DEFAULT, wallets["in a lot"], 40, *[now + 50 * DAY] * 3))
    world.order(bind.set_lockup(DEFAULT, wallets["locked up"], now + 50 * DAY))
    world.send("carol", bind.request_transfer(DEFAULT, at(world, "bob"), 20, now + 50 * DAY))
    world.send("dave", bind.approve(at(world, "bob"), 60))
    world.order(bind.allot(DEFAULT, 80))
    date = record_date(world, token)
    moved = origin(world.send("alice", bind.transfer(at(world, "bob"), 10)), token)
    world.order(bind.reverse(moved, DEFAULT, at(world, "bob"), at(world, "alice"), 10, 1, 4))
    lost = world.people.registrar
    world.send(lost, bind.report_loss(LOSS, 1, DEFAULT, wallets["lost"], 0, DOCUMENT))
    return Holders(world, token, wallets, now + 50 * DAY, moved, date)


def six_times(holders: Holders) -> None:
    split(holders.world, holders.token, 2)
    split(holders.world, holders.token, 3)


def times(numbers: dict[str, tuple[int, ...]], ratio: int) -> dict[str, tuple[int, ...]]:
    return {name: tuple(ratio * number for number in each) for name, each in numbers.items()}


def test_one_to_two_and_one_to_three_make_every_unit_six_whatever_its_state(holders: Holders) -> None:
    before, totals = holders.parts(), holders.totals()
    assert before["frozen"] == (100, 70, 30, 0)
    assert before["in a lot"] == (100, 60, 0, 40)
    assert before["requesting"] == (100, 80, 0, 0)
    assert before["nothing"] == (0, 0, 0, 0)
    assert totals["reversed"] == 4
    six_times(holders)
    assert holders.parts() == times(before, SIX)
    assert holders.totals() == {name: SIX * number for name, number in totals.items()}
    held = sum(each[0] for each in holders.parts().values()) + holders.token.bind.balance_of(at(holders.world, "bob"))
    assert holders.token.bind.total_supply_by_partition(DEFAULT) == held


def test_a_scheduled_split_does_the_same_by_time_alone(holders: Holders) -> None:
    before, totals = holders.parts(), holders.totals()
    start = holders.world.now + DAY
    split(holders.world, holders.token, 2, start)
    split(holders.world, holders.token, 3, start)
    assert holders.parts() == before
    holders.world.node.set_time(start)
    assert holders.parts() == times(before, SIX)
    assert holders.totals() == {name: SIX * number for name, number in totals.items()}


def test_the_register_of_an_earlier_date_does_not_change(holders: Holders) -> None:
    bind = holders.token.bind
    then = {name: bind.balance_of_at(DEFAULT, wallet, holders.date) for name, wallet in holders.wallets.items()}
    assert then == {name: 0 if name == "nothing" else NUMBER for name in NAMES}
    six_times(holders)
    holders.world.send("alice", bind.transfer(holders.wallets["nothing"], 500))
    again = {name: bind.balance_of_at(DEFAULT, wallet, holders.date) for name, wallet in holders.wallets.items()}
    assert again == then
    assert bind.total_supply_at(DEFAULT, holders.date) == 800


def test_neither_the_number_of_holders_nor_a_nonce_is_split(world: World) -> None:
    token = world.new_token(holder_cap=3)
    for name in ("alice", "bob"):
        world.issue(token, name, 1)
    split(world, token, 5)
    assert token.bind.holder_count() == 2
    assert token.bind.nonces(at(world, "alice")) == 0
    assert token.bind.terms().holder_cap == 3


def test_what_could_be_done_before_can_be_done_in_new_units_after(holders: Holders) -> None:
    world, bind, wallets = holders.world, holders.token.bind, holders.wallets
    six_times(holders)
    world.send("alice", bind.transfer(at(world, "bob"), 564))
    world.send("bob", bind.transfer_from(wallets["allowing"], at(world, "bob"), 360))
    assert outcome(world, "bob", bind.transfer_from(wallets["allowing"], at(world, "bob"), 1)) != "done"
    world.send("issuer", bind.approve_transfer_request(1))
    assert bind.balance_of(wallets["requesting"]) == 480
    world.send("agent", bind.distribute(DEFAULT, [at(world, "bob")], [480], bytes(32)))
    assert bind.allotted(DEFAULT) == 0
    world.order(bind.reverse(holders.moved, DEFAULT, at(world, "bob"), at(world, "alice"), 10, 1, 36))
    assert bind.reversed(holders.moved) == 60
    with refused(reverts.ReversalExceeded, holders.moved, 1, 0):
        world.order(bind.reverse(holders.moved, DEFAULT, at(world, "bob"), at(world, "alice"), 10, 1, 1))


def test_a_loss_of_before_is_made_good_in_new_units(holders: Holders) -> None:
    world, bind = holders.world, holders.token.bind
    six_times(holders)
    new = checksum("0x" + keccak(b"new")[-20:].hex())
    world.register([new], investor=investor_of(holders.wallets["lost"]))
    receipt = world.order(bind.reissue(LOSS, new))
    assert events(world, receipt, "Reissued")[0]["units"] == 600
    assert bind.balance_of(new) == 600


def test_a_lot_of_before_is_released_in_new_units(holders: Holders) -> None:
    six_times(holders)
    holders.world.node.set_time(holders.lot_ends)
    assert holders.parts()["in a lot"] == (600, 600, 0, 0)


def test_force_reaches_frozen_units_of_before(holders: Holders) -> None:
    world, bind, wallets = holders.world, holders.token.bind, holders.wallets
    six_times(holders)
    world.order(bind.forced_transfer(wallets["frozen"], at(world, "bob"), 500))
    assert holders.parts()["frozen"] == (100, 0, 100, 0)


@pytest.mark.parametrize("ratio", [0, 1])
def test_a_split_into_less_than_two_is_refused(holders: Holders, ratio: int) -> None:
    before = holders.parts()
    with refused(reverts.SplitRatioOutOfRange, ratio):
        split(holders.world, holders.token, ratio)
    assert holders.parts() == before


def test_a_split_beyond_the_bound_is_refused(holders: Holders) -> None:
    with refused(reverts.SplitRatioOutOfRange):
        split(holders.world, holders.token, 2**94 // 10_000 + 1)
    split(holders.world, holders.token, 2**94 // 10_000)
    assert holders.parts()["free"][0] == 94 * (2**94 // 10_000)


@pytest.mark.parametrize("who", ["registrar", "issuer", "sys_admin", "alice", "mallory"])
def test_nobody_splits_alone(holders: Holders, who: str) -> None:
    with refused(reverts.OrderRequired, at(holders.world, who)):
        holders.world.send(who, holders.token.bind.split(2, 0))


def test_nothing_is_split_while_the_system_is_halted(holders: Holders) -> None:
    world, orders = holders.world, holders.world.orders.bind
    call = holders.token.bind.split(2, 0)
    to = holders.token.address
    world.send("registrar", orders.propose(to, call.data, 13, DOCUMENT, world.now + 9 * WORLD_DAY))
    world.send("issuer", orders.approve(orders.count(), act_hash(to, call.data)))
    execution = orders.execute(orders.count(), to, call.data)
    assert outcome(world, "registrar", execution) == "done"
    halt(world)
    assert outcome(world, "registrar", execution) == "SystemHalted"


@pytest.mark.parametrize("split_first", [False, True])
def test_a_transfer_in_the_same_block_counts_in_the_units_of_its_place_in_it(world: World, split_first: bool) -> None:
    token, orders = world.new_token(), world.orders.bind
    world.issue(token, "alice", 100)
    call = token.bind.split(2, 0)
    world.send("registrar", orders.propose(token.address, call.data, 13, DOCUMENT, world.now + DAY))
    world.send("issuer", orders.approve(orders.count(), act_hash(token.address, call.data)))
    execution = orders.execute(orders.count(), token.address, call.data)
    transfer = token.bind.transfer(at(world, "bob"), 30)
    acts = [("registrar", execution), ("alice", transfer)]
    acts = acts if split_first else acts[::-1]
    world.node.rpc("evm_setAutomine", False)
    try:
        sent = []
        for place, (who, each) in enumerate(acts):
            fee = {"gasPrice": hex(10**11 // (place + 1))}  # the dearer one comes first
            fields = {"from": at(world, who), "to": each.to, "data": "0x" + each.data.hex(), "gas": hex(1_000_000)}
            sent.append(str(world.node.rpc("eth_sendTransaction", fields | fee)))
        world.node.mine()
    finally:
        world.node.rpc("evm_setAutomine", True)
    receipts = [world.connection.wait(hash) for hash in sent]
    assert [receipt.status for receipt in receipts] == [1, 1]
    assert receipts[0].block_number == receipts[1].block_number
    first = min(log.log_index for log in receipts[0].logs)
    assert first < min(log.log_index for log in receipts[1].logs)
    held = [token.bind.balance_of(at(world, name)) for name in ("alice", "bob")]
    assert held == ([170, 30] if split_first else [140, 60])
    assert token.bind.total_supply() == 200


def test_a_permit_signed_before_allows_its_number_of_new_units(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 100)
    signed = permit(world, token)
    split(world, token, 2)
    world.send("mallory", signed)
    assert token.bind.allowance(at(world, "alice"), at(world, "bob")) == 60


def test_a_split_costs_the_same_for_two_holders_and_for_forty(world: World) -> None:
    used = []
    for number in (2, 40):
        token = world.new_token()
        wallets = [checksum("0x" + keccak(f"holder {n}".encode())[-20:].hex()) for n in range(number)]
        world.register(wallets)
        world.order(token.bind.batch_issue(DEFAULT, wallets, [1] * number, b""))
        used.append(world.order(token.bind.split(2, 0)).gas_used)
        assert token.bind.total_supply() == 2 * number
    assert abs(used[0] - used[1]) < 500


def test_many_splits_in_a_row_stay_exact(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 7)
    world.issue(token, "bob", 11)
    factor = 1
    for ratio in (2, 3, 7, 13, 10, 5):
        split(world, token, ratio)
        factor *= ratio
    assert token.bind.balance_of(at(world, "alice")) == 7 * factor
    world.send("bob", token.bind.transfer(at(world, "alice"), 11 * factor))
    assert token.bind.balance_of(at(world, "alice")) == 18 * factor == token.bind.total_supply()


def test_everything_at_once_on_one_holding(world: World) -> None:
    token = world.new_token()
    world.issue(token, "alice", 100)
    freeze(world, token, "alice", 10)
    world.order(token.bind.lock_lot(DEFAULT, at(world, "alice"), 20, *[world.now + DAY] * 3))
    world.send("alice", token.bind.request_transfer(DEFAULT, at(world, "bob"), 30, world.now + DAY))
    world.order(token.bind.set_lockup(bytes(32), ZERO, world.now + DAY))
    lose(world, token, "alice")
    split(world, token, 6)
    found = parts(world, token, "alice")
    assert (found.units, found.free, found.frozen, found.locked_lots, found.lost) == (600, 240, 60, 120, True)
    new = second_wallet(world, "alice")
    world.order(token.bind.reissue(LOSS, new))
    assert parts(world, token, new)[:4] == (600, 420, 60, 120)
