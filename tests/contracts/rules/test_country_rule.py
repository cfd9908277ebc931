"""The receiver is of a country that may hold the security."""

from __future__ import annotations

import pytest
from world import World, investor_of

from contracts.helpers import CLASS_A, DEFAULT, at, outcome, refused
from contracts.rules.book import TOKEN, redeemed_at_will, transfer
from stotoken import reverts
from stotoken.client.token import Token

JAPAN, USA = 392, 840


@pytest.fixture
def token(world: World) -> Token:
    return redeemed_at_will(world)


def move_to(world: World, name: str, country: int) -> None:
    """Register somebody's wallet in a country."""
    wallet = at(world, name)
    world.register(wallet, country=country, investor=investor_of(wallet))


def rule(world: World, token: Token, countries: list[int], admitted: bool, partition: bytes = TOKEN) -> None:
    world.order(token.bind.set_countries(partition, countries, admitted))


def test_only_countries_that_are_admitted_receive(world: World, token: Token) -> None:
    rule(world, token, [JAPAN], True)
    transfer(world, token, "bob", 10)
    move_to(world, "bob", USA)
    with refused(reverts.CountryRefused, at(world, "bob"), USA):
        transfer(world, token, "bob", 10)


def test_countries_that_are_refused_do_not_receive(world: World, token: Token) -> None:
    rule(world, token, [USA, 36], False)
    move_to(world, "carol", USA)
    transfer(world, token, "bob", 10)
    with refused(reverts.CountryRefused, at(world, "carol"), USA):
        transfer(world, token, "carol", 10)


def test_the_sender_may_be_of_any_country(world: World, token: Token) -> None:
    move_to(world, "alice", USA)
    rule(world, token, [JAPAN], True)
    transfer(world, token, "bob", 10)


@pytest.mark.parametrize("country", [1, 255, 256, 511, 512, 767, 768, 999])
def test_every_code_has_its_own_place(world: World, token: Token, country: int) -> None:
    rule(world, token, [country], True)
    move_to(world, "bob", country)
    assert token.bind.countries_of(TOKEN) == ((country,), True)
    transfer(world, token, "bob", 1)
    for other in {1, (country + 256) % 1000 or 1, country - 1 or 2} - {country}:
        move_to(world, "bob", other)
        assert outcome(world, "alice", token.bind.transfer(at(world, "bob"), 1)) == "CountryRefused"


@pytest.mark.parametrize("country", [0, 1_000, 1_024, 2**16 - 1])
@pytest.mark.parametrize("admitted", [True, False])
def test_a_country_that_is_none_is_refused_whichever_way_the_list_is_meant(
    world: World, token: Token, country: int, admitted: bool
) -> None:
    rule(world, token, [JAPAN if admitted else USA], admitted)
    move_to(world, "bob", country)
    with refused(reverts.CountryRefused, at(world, "bob"), country):
        transfer(world, token, "bob", 1)


def test_the_treasury_is_not_asked(world: World, token: Token) -> None:
    rule(world, token, [USA], True)
    transfer(world, token, "treasury", 10)
    world.issue(token, "treasury", 10)


def test_issue_and_distribution_ask_and_redemption_and_force_do_not(world: World, token: Token) -> None:
    world.issue(token, "treasury", 10)
    world.order(token.bind.allot(DEFAULT, 10))
    rule(world, token, [USA], True)
    with refused(reverts.CountryRefused, at(world, "bob"), JAPAN):
        world.issue(token, "bob", 1)
    call = token.bind.distribute(DEFAULT, [at(world, "bob")], [1], bytes(32))
    assert outcome(world, "agent", call) == "CountryRefused"
    world.send("alice", token.bind.redeem(1, b""))
    world.order(token.bind.forced_transfer(at(world, "alice"), at(world, "bob"), 1))


def test_every_row_of_a_batch_is_asked(world: World, token: Token) -> None:
    rule(world, token, [JAPAN], True)
    move_to(world, "carol", USA)
    bob, carol = at(world, "bob"), at(world, "carol")
    assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, [bob, bob], [1, 1])) == "done"
    assert outcome(world, "alice", token.bind.batch_transfer(DEFAULT, [bob, carol], [1, 1])) == "CountryRefused"


def test_a_list_of_one_partition_goes_with_that_of_the_token(world: World, token: Token) -> None:
    rule(world, token, [JAPAN, USA], True)
    rule(world, token, [USA], False, CLASS_A)
    move_to(world, "bob", USA)
    transfer(world, token, "bob", 1)
    with refused(reverts.CountryRefused, at(world, "bob"), USA):
        transfer(world, token, "bob", 1, CLASS_A)
    rule(world, token, [], False, CLASS_A)
    transfer(world, token, "bob", 1, CLASS_A)


def test_a_new_list_replaces_the_old_one_and_an_empty_one_takes_it_back(world: World, token: Token) -> None:
    rule(world, token, [USA, 36], True)
    rule(world, token, [826, 4], False)
    assert token.bind.countries_of(TOKEN) == ((4, 826), False)
    transfer(world, token, "bob", 1)
    rule(world, token, [], True)
    assert token.bind.countries_of(TOKEN)[0] == ()
    transfer(world, token, "bob", 1)
