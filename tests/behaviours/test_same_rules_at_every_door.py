"""There is one gate and many doors to it: each rule refuses at each of them, with the same error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from contracts.helpers import DAY, DEFAULT, ZERO, at, freeze, halt, lose, outcome, permit, split
from world import World, investor_of

from stotoken.chain.abi import Call
from stotoken.client.token import Token
from stotoken.types import Instrument, InvestorClass

UNITS = 10
REQUEST = 1


@dataclass
class House:
    """Ten units on their way from the issuer's treasury to bob, through any door: carol spends and operates."""

    world: World
    token: Token

    @property
    def sender(self) -> str:
        return at(self.world, "treasury")

    @property
    def receiver(self) -> str:
        return at(self.world, "bob")

    def doors(self) -> dict[str, tuple[str, Call]]:
        bind, sender, receiver = self.token.bind, self.sender, self.receiver
        by_operator = bind.operator_transfer_by_partition(DEFAULT, sender, receiver, UNITS, b"", b"")
        return {
            "transfer": ("treasury", bind.transfer(receiver, UNITS)),
            "transferFrom": ("carol", bind.transfer_from(sender, receiver, UNITS)),
            "transferWithData": ("treasury", bind.transfer_with_data(receiver, UNITS, b"\x01")),
            "transferFromWithData": ("carol", bind.transfer_from_with_data(sender, receiver, UNITS, b"\x01")),
            "transferByPartition": ("treasury", bind.transfer_by_partition(DEFAULT, receiver, UNITS, b"")),
            "operatorTransferByPartition": ("carol", by_operator),
            "batchTransfer": ("treasury", bind.batch_transfer(DEFAULT, [receiver], [UNITS])),
            "approved request": ("issuer", bind.approve_transfer_request(REQUEST)),
            "distribute": ("agent", bind.distribute(DEFAULT, [receiver], [UNITS], bytes(32))),
        }

    def outcomes(self) -> dict[str, str]:
        return {door: outcome(self.world, who, call) for door, (who, call) in self.doors().items()}


@pytest.fixture
def house(world: World) -> Iterator[House]:
    token = world.new_token(
        instrument=Instrument.BOND, maturity=world.now + 100 * DAY, holder_cap=2, partitions=["class-a"]
    )
    for holder in ("treasury", "alice"):
        world.issue(token, holder, 100)
    world.order(token.bind.allot(DEFAULT, 50))
    world.send("treasury", token.bind.approve(at(world, "carol"), 2**256 - 1))
    world.send("treasury", token.bind.authorize_operator(at(world, "carol")))
    request = token.bind.request_transfer(DEFAULT, at(world, "bob"), UNITS, world.now + 1_000 * DAY)
    world.send("treasury", request)
    return House(world, token)


def _expire(house: House, name: str) -> None:
    wallet = at(house.world, name)
    house.world.register(wallet, until=house.world.now + DAY, investor=investor_of(wallet))
    house.world.travel(DAY + 1)


def _class(house: House, name: str) -> None:
    wallet = at(house.world, name)
    house.world.register(wallet, InvestorClass.SPECIAL, investor=investor_of(wallet))


def _lockup(partition: bytes, holder: Callable[[House], str]) -> Callable[[House], object]:
    def do(house: House) -> object:
        until = house.world.now + DAY
        return house.world.order(house.token.bind.set_lockup(partition, holder(house), until))

    return do


def _lose_receiver(house: House) -> None:
    house.world.issue(house.token, "bob", 1)
    lose(house.world, house.token, "bob")


def _fill(house: House) -> None:
    house.world.issue(house.token, "dave", 1)


def _matured(house: House) -> None:
    house.world.travel(100 * DAY)


def _empty(house: House) -> None:
    forced = house.token.bind.forced_transfer(house.sender, at(house.world, "alice"), 100)
    house.world.order(forced)


def _lot(house: House) -> None:
    bind, world = house.token.bind, house.world
    world.order(bind.lock_lot(DEFAULT, house.sender, 90, *[world.now + DAY] * 3))
    world.send("compliance", bind.set_frozen_tokens(house.sender, 5))


def _approval(house: House) -> None:
    house.world.order(house.token.bind.set_policy(1, 2, True, False))


def _freeze_wallet(name: str) -> Callable[[House], object]:
    return lambda house: house.world.send("emergency", house.world.system.bind.freeze_wallet(at(house.world, name)))


#: The rule, what brings it into force, its error, the doors it leaves open (as the masks of the policy say).
NEITHER_LOCKUP_NOR_APPROVAL = {"distribute"}
RULES: dict[str, tuple[Callable[[House], object], str, set[str]]] = {
    "the system is halted": (lambda h: halt(h.world), "SystemHalted", set()),
    "the system is restricted": (lambda h: halt(h.world, 1), "SystemHalted", set()),
    "the token is paused": (lambda h: h.world.send("issuer", h.token.bind.pause()), "TokenPaused", set()),
    "the sender's registration is over": (lambda h: _expire(h, "treasury"), "InvestorExpired", set()),
    "the receiver's registration is over": (lambda h: _expire(h, "bob"), "InvestorExpired", set()),
    "the receiver is of no admitted class": (lambda h: _class(h, "bob"), "InvestorClassRefused", set()),
    "the sender's wallet is frozen": (_freeze_wallet("treasury"), "WalletFrozen", set()),
    "the receiver's wallet is frozen": (_freeze_wallet("bob"), "WalletFrozen", set()),
    "the sender's holding is lost": (lambda h: lose(h.world, h.token, "treasury"), "HoldingLost", set()),
    "the receiver's holding is lost": (_lose_receiver, "HoldingLost", set()),
    "the units are frozen": (
        lambda h: freeze(h.world, h.token, "treasury", 95),
        "ERC7943InsufficientUnfrozenBalance",
        set(),
    ),
    "the units are in a lot or frozen": (_lot, "ERC7943InsufficientUnfrozenBalance", set()),
    "the token is locked up": (
        _lockup(bytes(32), lambda _: ZERO),
        "HoldingLockedUp",
        NEITHER_LOCKUP_NOR_APPROVAL,
    ),
    "the partition is locked up": (_lockup(DEFAULT, lambda _: ZERO), "HoldingLockedUp", NEITHER_LOCKUP_NOR_APPROVAL),
    "the holding is locked up": (
        _lockup(DEFAULT, lambda h: h.sender),
        "HoldingLockedUp",
        NEITHER_LOCKUP_NOR_APPROVAL,
    ),
    "the issuer's approval is required": (
        _approval,
        "TransferApprovalRequired",
        NEITHER_LOCKUP_NOR_APPROVAL | {"approved request"},
    ),
    "as many hold as may": (_fill, "HolderCapReached", set()),
    "the security has matured": (_matured, "TokenMatured", set()),
    "the sender has not so many": (_empty, "ERC20InsufficientBalance", set()),
}


def test_without_a_rule_in_the_way_every_door_is_open(house: House) -> None:
    assert house.outcomes() == dict.fromkeys(house.doors(), "done")


def test_every_door_is_open_after_a_split_too(house: House) -> None:
    split(house.world, house.token, 3)
    assert house.outcomes() == dict.fromkeys(house.doors(), "done")


@pytest.mark.parametrize("rule", RULES)
def test_the_same_refusal_at_every_door_when(house: House, rule: str) -> None:
    bring, error, left_open = RULES[rule]
    bring(house)
    assert house.outcomes() == {door: "done" if door in left_open else error for door in house.doors()}


@pytest.mark.parametrize("rule", ["the units are frozen", "the sender's wallet is frozen", "the holding is locked up"])
def test_a_permit_opens_no_door_that_is_closed(house: House, rule: str) -> None:
    world, token = house.world, house.token
    call = permit(world, token, owner=house.sender, spender=at(world, "dave"), signer="treasury", nonce=0)
    world.send("dave", call)
    through = token.bind.transfer_from(house.sender, house.receiver, UNITS)
    assert outcome(world, "dave", through) == "done"
    bring, error, _ = RULES[rule]
    bring(house)
    assert outcome(world, "dave", through) == error


def test_a_wallet_nobody_knows_is_refused_at_every_door(house: House) -> None:
    world, bind, stranger = house.world, house.token.bind, at(house.world, "mallory")
    calls = [
        ("treasury", bind.transfer(stranger, 1)),
        ("carol", bind.transfer_from(house.sender, stranger, 1)),
        ("treasury", bind.transfer_with_data(stranger, 1, b"")),
        ("carol", bind.transfer_from_with_data(house.sender, stranger, 1, b"")),
        ("treasury", bind.transfer_by_partition(DEFAULT, stranger, 1, b"")),
        ("carol", bind.operator_transfer_by_partition(DEFAULT, house.sender, stranger, 1, b"", b"")),
        ("treasury", bind.batch_transfer(DEFAULT, [house.receiver, stranger], [1, 1])),
        ("treasury", bind.request_transfer(DEFAULT, stranger, 1, world.now + DAY)),
        ("agent", bind.distribute(DEFAULT, [house.receiver, stranger], [1, 1], bytes(32))),
    ]
    assert {outcome(world, who, call) for who, call in calls} == {"WalletUnregistered"}
