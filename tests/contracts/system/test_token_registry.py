"""How tokens come into being, and that they never change afterwards."""

from __future__ import annotations

import pytest
from world import World

from contracts.helpers import ZERO, at, events, refused
from stotoken import artifacts, reverts
from stotoken.chain.abi import Abi, Call
from stotoken.client import bindings
from stotoken.errors import Reverted
from stotoken.types import partition_id


def test_a_token_is_created_with_its_terms_and_found_again(world: World) -> None:
    terms = world.terms(partitions=["class-a", "class-b"], holder_cap=20, locked_until=world.now + 99, decimals=3)
    receipt = world.order(world.system.bind.create_token(terms))
    (created,) = events(world, receipt, "TokenCreated")
    address = created["token"]
    assert created["identifier"] == terms.identifier
    assert created["implementation"] == world.deployment.implementation
    assert world.system.bind.token_of(terms.identifier) == address
    assert world.system.bind.is_token(address)
    assert world.system.bind.tokens() == (address,)
    found = world.token(address).bind.terms()
    with_default = (partition_id("default"), *terms.partitions)
    assert found.values() == (*terms.values()[:-1], with_default)


def test_tokens_are_listed_in_the_order_of_their_creation(world: World) -> None:
    made = [world.new_token().address for _ in range(3)]
    assert list(world.system.bind.tokens()) == made


def test_an_identifier_names_one_token_for_ever(world: World) -> None:
    first = world.new_token(identifier=b"JP0000000001")
    with refused(reverts.IdentifierTaken, b"JP0000000001", first.address):
        world.new_token(identifier=b"JP0000000001")


def test_what_this_system_did_not_create_is_no_token(world: World) -> None:
    for address in (world.deployment.implementation, world.orders.address, at(world, "alice"), ZERO):
        assert not world.system.bind.is_token(address)
    assert world.system.bind.token_of(b"ZZ0000000000") == ZERO


@pytest.mark.parametrize("who", ["sys_admin", "issuer", "mallory"])
def test_nobody_initialises_a_token_again(world: World, who: str) -> None:
    token = world.new_token()
    with refused(reverts.AccessRefused):
        world.people[who].simulate(token.bind.initialize(world.terms()))


def test_not_even_the_system_initialises_a_token_twice(world: World) -> None:
    token = world.new_token()
    call = token.bind.initialize(world.terms())
    with refused(reverts.TokenInitialised):
        world.connection.call(call.to, call.data, sender=world.system.address)


@pytest.mark.parametrize("part", ["SecurityToken", "IssuerDesk"])
def test_nobody_initialises_the_implementation_that_tokens_share(world: World, part: str) -> None:
    bind = bindings.SecurityToken(world.connection, world.deployment.addresses[part])
    with refused(reverts.AccessRefused):
        world.people.mallory.simulate(bind.initialize(world.terms()))


@pytest.mark.parametrize(
    "partitions", [[bytes(32)], [partition_id("a"), partition_id("a")], [partition_id("default")]], ids=str
)
def test_partitions_are_named_and_differ(world: World, partitions: list[bytes]) -> None:
    with refused(reverts.TermsInconsistent, 1, b"PARTITIONS".ljust(32, b"\0")):
        world.new_token(partitions=partitions)


def test_a_token_has_at_most_thirty_two_partitions(world: World) -> None:
    names = [f"series-{number}" for number in range(32)]
    assert len(world.new_token(partitions=names[:31]).bind.partitions()) == 32
    with refused(reverts.TermsInconsistent, 1, b"PARTITIONS".ljust(32, b"\0")):
        world.new_token(partitions=names)


def test_a_new_implementation_serves_later_tokens_only(world: World) -> None:
    old = world.new_token()
    code = world.connection.code(old.address)
    another = world.people.deployer.send(_creation(world)).contract_address
    assert another is not None
    receipt = world.order(world.system.bind.set_implementation(another))
    assert events(world, receipt, "ImplementationChanged") == [{"from": world.deployment.implementation, "to": another}]
    new = world.new_token()
    assert world.connection.code(old.address) == code
    assert bytes.fromhex(another[2:]) in world.connection.code(new.address)
    world.issue(new, "alice", 10)
    world.issue(old, "alice", 20)
    assert (new.bind.total_supply(), old.bind.total_supply()) == (10, 20)


def test_an_address_without_code_is_no_implementation(world: World) -> None:
    """A clone of nothing would answer every call with silent success."""
    with pytest.raises(Reverted):
        world.order(world.system.bind.set_implementation(at(world, "mallory")))


def test_tokens_of_every_instrument_are_clones_of_one_implementation(world: World) -> None:
    later = world.now + 1_000_000
    codes = {
        world.connection.code(world.new_token(instrument=kind, maturity=maturity).address)
        for kind, maturity in ((1, 0), (2, later), (3, 0), (4, 0))
    }
    assert len(codes) == 1
    assert len(codes.pop()) == 45


def _creation(world: World) -> Call:
    """The deployment of one more implementation beside the first."""
    artifact, found = artifacts.load("SecurityToken"), world.deployment.addresses
    arguments = (found["CoreSystem"], found["Orders"], found["Authority"], found["IssuerDesk"])
    return Abi(artifact.abi).constructor.call("SecurityToken", artifact.link(found), *arguments)
