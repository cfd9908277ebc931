"""The core system and the authority through the client."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import DAY, DOCUMENT, World, investor_of

from stotoken import reverts
from stotoken.client import Standing, System, standing_row
from stotoken.client.deployment import Deployment
from stotoken.errors import ConfigError, InputError
from stotoken.tables import read_investors
from stotoken.types import HaltLevel, InvestorClass, Role

EXAMPLES = Path(__file__).parents[2] / "examples"
YEAR_2100 = 4_102_444_800


def test_investors_of_a_table_are_registered_in_one_transaction(world: World) -> None:
    investors = read_investors(EXAMPLES / "investors.csv")[:20]
    done = world.system.by(world.people.compliance).register(map(standing_row, investors))
    assert done.wallets == tuple(investor.wallet for investor in investors)
    for investor in investors:
        standing = world.system.standing_of(investor.wallet)
        assert standing is not None
        assert (standing.investor, standing.classes) == (investor.investor_id, investor.classes)
        assert (standing.country, standing.until) == (investor.country, investor.expires_at)
        assert world.system.is_verified(investor.wallet)
    with pytest.raises(InputError, match="no wallet to register"):
        world.system.by(world.people.compliance).register([])


def test_a_standing_packs_and_unpacks() -> None:
    standing = Standing(bytes(range(16)), InvestorClass.QII | InvestorClass.KYC, 392, YEAR_2100, frozen_at=YEAR_2100)
    assert Standing.of(standing.word) == standing
    with pytest.raises(InputError, match="16 bytes, not 1"):
        _ = Standing(b"x", InvestorClass.KYC, 392, 0).word
    with pytest.raises(InputError, match="out of range"):
        _ = Standing(bytes(16), InvestorClass.KYC, 70_000, 0).word


def test_an_unknown_wallet_has_no_standing(world: World) -> None:
    assert world.system.standing_of(world.people.mallory.address) is None
    known = world.system.standing_of(world.people.alice.address)
    assert known is not None
    assert known.investor == investor_of(world.people.alice.address)


def test_a_wallet_is_frozen_by_one_and_unfrozen_by_two(world: World) -> None:
    alice = world.people.alice.address
    assert world.system.by(world.people.emergency).freeze_wallet(alice).frozen
    assert not world.system.is_verified(alice)
    world.order(world.system.unfreeze_wallet(alice))
    assert world.system.is_verified(alice)


def test_the_system_is_halted_by_one_and_resumed_by_two(world: World) -> None:
    emergency = world.system.by(world.people.emergency)
    changed = emergency.halt(HaltLevel.HALTED, DOCUMENT)
    assert (changed.from_, changed.to, changed.by) == (
        HaltLevel.NORMAL,
        HaltLevel.HALTED,
        world.people.emergency.address,
    )
    assert world.system.level() == HaltLevel.HALTED
    stopped = world.system.running_time()
    world.travel(DAY)
    assert world.system.running_time() == stopped
    with pytest.raises(reverts.SystemHalted):
        world.register(world.people.mallory)
    with pytest.raises(reverts.AccessRefused):
        world.send("emergency", world.system.bind.resume(HaltLevel.NORMAL, DOCUMENT))
    world.order(world.system.resume(HaltLevel.NORMAL, DOCUMENT))
    assert world.system.level() == HaltLevel.NORMAL


def test_tokens_are_found_by_address_and_identifier(world: World) -> None:
    token = world.new_token(identifier=b"ZZTESTFOUND0")
    assert [found.address for found in world.system.tokens()] == [token.address]
    assert world.system.token(token.address).address == token.address
    assert world.system.token("ZZTESTFOUND0").address == token.address
    for unknown in ("ZZTESTFOUND1", world.people.alice.address, "x"):
        with pytest.raises(InputError, match=f"This system has no token {unknown}"):
            world.system.token(unknown)


def test_a_client_for_another_chain_is_refused(world: World) -> None:
    elsewhere = Deployment.from_dict(world.deployment.to_dict() | {"chain_id": 5})
    with pytest.raises(ConfigError, match="on chain 5, but the node serves chain 31337"):
        System(elsewhere, world.connection)


def test_roles_are_granted_and_revoked_by_orders(world: World) -> None:
    authority, mallory = world.authority, world.people.mallory.address
    world.order(authority.grant(Role.EMERGENCY, mallory))
    assert authority.holds(Role.EMERGENCY, mallory)
    assert authority.members(Role.EMERGENCY) == (world.people.emergency.address, mallory)
    world.system.by(world.people.mallory).freeze_wallet(world.people.bob.address)
    world.order(authority.revoke(Role.EMERGENCY, mallory))
    assert not authority.holds(Role.EMERGENCY, mallory)
    assert authority.members(Role.EMERGENCY) == (world.people.emergency.address,)
    with pytest.raises(reverts.RoleLastMember):
        world.order(authority.revoke(Role.SYS_ADMIN, world.people.sys_admin.address))


def test_a_role_can_be_held_for_one_token_alone(world: World) -> None:
    one, other = world.new_token(), world.new_token()
    mallory = world.people.mallory
    world.order(world.authority.grant(Role.REGISTRAR, mallory.address, one.address))
    assert world.authority.holds(Role.REGISTRAR, mallory.address, one.address)
    assert not world.authority.holds(Role.REGISTRAR, mallory.address, other.address)
    assert not world.authority.holds(Role.REGISTRAR, mallory.address)
    assert world.authority.members(Role.REGISTRAR, one.address) == (mallory.address,)
    one.by(mallory).pause()
    with pytest.raises(reverts.AccessRefused):
        other.by(mallory).pause()


def test_a_role_for_something_that_is_no_token_is_refused(world: World) -> None:
    with pytest.raises(InputError, match="is not a token of this system"):
        world.authority.grant(Role.REGISTRAR, world.people.mallory.address, world.people.bob.address)
