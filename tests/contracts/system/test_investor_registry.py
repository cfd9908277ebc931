"""Wallets, whose they are, and until when."""

from __future__ import annotations

import pytest
from world import JAPAN, World, investor_of

from contracts.helpers import DAY, ZERO, at, events, refused
from stotoken import reverts
from stotoken.client.standing import Standing
from stotoken.types import InvestorClass, Receipt

ALICE = b"0123456789abcdef"


def register(world: World, wallets: list[str], standings: list[Standing]) -> Receipt:
    return world.send("compliance", world.system.bind.register(wallets, [one.word for one in standings]))


def standing(world: World, investor: bytes = ALICE, classes: InvestorClass = InvestorClass.KYC) -> Standing:
    return Standing(investor, classes, JAPAN, world.now + 365 * DAY)


def test_a_registered_wallet_has_its_investor_classes_country_and_validity(world: World) -> None:
    given = Standing(ALICE, InvestorClass.QII | InvestorClass.KYC, 840, world.now + 99)
    receipt = register(world, [at(world, "mallory")], [given])
    assert world.system.standing_of(at(world, "mallory")) == given
    assert world.system.bind.standing_of(at(world, "mallory")) == (ALICE, 3, 840, given.until, False)
    assert events(world, receipt, "StandingChanged") == [
        {"wallet": at(world, "mallory"), "investor": ALICE, "standing": given.word, "by": at(world, "compliance")}
    ]


def test_many_wallets_are_registered_in_one_transaction(world: World) -> None:
    wallets = [at(world, name) for name in ("mallory", "issuer", "agent")]
    register(world, wallets, [standing(world, bytes([n]) * 16) for n in (1, 2, 3)])
    assert [world.system.standing_of(wallet).investor[0] for wallet in wallets] == [1, 2, 3]  # type: ignore[union-attr]


def test_an_unknown_wallet_is_nobodys_and_not_verified(world: World) -> None:
    assert world.system.standing_of(at(world, "mallory")) is None
    assert not world.system.is_verified(at(world, "mallory"))
    assert world.system.bind.look(ZERO, at(world, "mallory")) == (0, 0, 0)


def test_a_registration_is_valid_until_the_second_before_its_end(world: World) -> None:
    end = world.now + 1_000
    register(world, [at(world, "mallory")], [Standing(ALICE, InvestorClass.KYC, JAPAN, end)])
    world.node.set_time(end - 1)
    assert world.system.is_verified(at(world, "mallory"))
    world.node.set_time(end)
    assert not world.system.is_verified(at(world, "mallory"))


def test_a_wallet_never_changes_hands(world: World) -> None:
    with refused(reverts.WalletTaken, at(world, "alice")):
        register(world, [at(world, "alice")], [standing(world)])


def test_an_investor_may_have_several_wallets(world: World) -> None:
    register(world, [at(world, "mallory")], [standing(world, investor_of(at(world, "alice")))])
    both = [world.system.standing_of(at(world, name)) for name in ("alice", "mallory")]
    assert both[0] is not None
    assert both[1] is not None
    assert both[0].investor == both[1].investor


def test_the_classes_and_the_validity_of_an_investor_can_be_changed(world: World) -> None:
    changed = Standing(investor_of(at(world, "alice")), InvestorClass.QII, 840, world.now + 5)
    register(world, [at(world, "alice")], [changed])
    assert world.system.standing_of(at(world, "alice")) == changed


def test_a_wallet_needs_an_investor(world: World) -> None:
    with refused(reverts.WalletTaken, at(world, "mallory")):
        register(world, [at(world, "mallory")], [standing(world, bytes(16))])


def test_the_zero_address_is_nobodys_wallet(world: World) -> None:
    with refused(reverts.WalletTaken, ZERO):
        register(world, [ZERO], [standing(world)])


def test_as_many_standings_as_wallets_are_needed(world: World) -> None:
    with refused(reverts.ListsDiffer):
        register(world, [at(world, "mallory"), at(world, "issuer")], [standing(world)])


def test_one_bad_row_takes_the_whole_registration_back(world: World) -> None:
    with refused(reverts.WalletTaken, at(world, "alice")):
        register(world, [at(world, "mallory"), at(world, "alice")], [standing(world), standing(world)])
    assert world.system.standing_of(at(world, "mallory")) is None


@pytest.mark.parametrize("who", ["compliance", "emergency"])
def test_a_wallet_is_frozen_by_one_person_and_unfrozen_by_two(world: World, who: str) -> None:
    world.send(who, world.system.bind.freeze_wallet(at(world, "alice")))
    assert not world.system.is_verified(at(world, "alice"))
    assert world.system.bind.standing_of(at(world, "alice"))[4] is True
    world.order(world.system.bind.unfreeze_wallet(at(world, "alice")))
    assert world.system.is_verified(at(world, "alice"))


def test_a_new_registration_does_not_thaw_a_wallet(world: World) -> None:
    world.send("compliance", world.system.bind.freeze_wallet(at(world, "alice")))
    world.register(at(world, "alice"), InvestorClass.QII)
    found = world.system.standing_of(at(world, "alice"))
    assert found is not None
    assert (found.classes, found.frozen) == (InvestorClass.QII, True)


def test_a_registration_cannot_freeze_in_passing(world: World) -> None:
    given = Standing(ALICE, InvestorClass.KYC, JAPAN, world.now + 99, frozen_at=1)
    register(world, [at(world, "mallory")], [given])
    assert world.system.is_verified(at(world, "mallory"))


def test_a_wallet_nobody_knows_is_not_frozen(world: World) -> None:
    for wallet in (at(world, "mallory"), ZERO):
        with refused(reverts.WalletUnregistered, wallet):
            world.send("compliance", world.system.bind.freeze_wallet(wallet))


def test_one_look_tells_of_many_wallets(world: World) -> None:
    names = ("alice", "mallory", "bob")
    words = [int(at(world, name), 16) for name in names]
    level, sender, receivers = world.system.bind.look_many(at(world, "carol"), words)
    assert level == 0
    assert sender == world.system.bind.look(at(world, "carol"), ZERO)[1]
    assert list(receivers) == [world.system.bind.look(ZERO, at(world, name))[2] for name in names]
    assert [bool(word) for word in receivers] == [True, False, True]
