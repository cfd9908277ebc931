"""What the chain has is read from its events, and compared with what a file wants."""

from __future__ import annotations

from pathlib import Path

from gov_files import everybody, firm
from world import ROLES, World

from stotoken.client.bindings.structs import Row
from stotoken.governance import EVERY_TOKEN, Governance, Rights, Seat, access_review, differences, read_rights
from stotoken.types import Role


def chain_of(world: World) -> Rights:
    return read_rights(world.deployment, world.connection)


def told(world: World, governance: Governance | None = None) -> list[tuple[str, str, str]]:
    found = differences(governance or Governance.load(), chain_of(world))
    return [(each.what(), each.expected(), each.found()) for each in found]


def test_a_fresh_deployment_does_not_differ(world: World, tmp_path: Path) -> None:
    assert told(world) == []
    assert told(world, firm(tmp_path, world)) == []


def test_members_are_those_the_authority_names(world: World) -> None:
    chain = chain_of(world)
    for name, role in ROLES.items():
        assert chain.holds(1 << role, world.people[name].address)
        assert [seat.account for seat in chain.seats if seat.number == role] == list(world.authority.members(role))


def test_a_member_whom_nobody_expected_is_found_with_those_who_let_him_in(world: World) -> None:
    mallory = world.people.mallory.address
    receipt = world.order(world.authority.grant(Role.EMERGENCY, mallory))
    grant = chain_of(world).seats[Seat(Role.EMERGENCY, mallory)]
    assert grant is not None
    assert (grant.since, grant.block_number, grant.tx_hash, grant.order) == (
        receipt.timestamp,
        receipt.block_number,
        receipt.tx_hash,
        1,
    )
    assert grant.by == (world.people.sys_admin.address, world.people.compliance.address)
    [(what, expected, found)] = told(world)
    assert (what, expected) == (f"EMERGENCY: {mallory}", "not a member")
    assert found.startswith("a member since ")
    assert found.endswith("by order 1")


def test_what_was_set_up_at_the_deployment_was_given_by_the_deployer(world: World) -> None:
    grant = chain_of(world).seats[Seat(Role.ISSUER, world.people.issuer.address)]
    assert grant is not None
    assert (grant.order, grant.by) == (None, (world.deployment.deployer,))


def test_a_member_who_is_gone_is_missed(world: World) -> None:
    auditor = world.people.auditor.address
    world.send("auditor", world.authority.bind.renounce_role(Role.AUDITOR, auditor))
    assert told(world) == [(f"AUDITOR: {auditor}", "a member", "not a member")]


def test_a_member_who_was_let_in_again_is_one_since_then(world: World) -> None:
    auditor = world.people.auditor.address
    world.order(world.authority.revoke(Role.AUDITOR, auditor))
    world.travel(1000)
    receipt = world.order(world.authority.grant(Role.AUDITOR, auditor))
    grant = chain_of(world).seats[Seat(Role.AUDITOR, auditor)]
    assert grant is not None
    assert (grant.since, grant.order) == (receipt.timestamp, 2)
    assert told(world) == []


def test_a_row_that_was_changed_is_found(world: World) -> None:
    pause = world.matrix.row("token", "pause")
    world.order(world.authority.set_row(EVERY_TOKEN, pause.selector, Row(1 << Role.ISSUER, 0, 0, 0, False)))
    assert told(world) == [
        ("token.pause", "execute EMERGENCY ISSUER REGISTRAR COMPLIANCE", "execute ISSUER"),
    ]


def test_a_row_of_a_function_that_no_contract_has_is_found(world: World) -> None:
    world.order(world.authority.set_row(world.system.address, b"abcd", Row(1 << 12, 0, 0, 0, False)))
    assert told(world) == [("core_system.0x61626364", "nobody", "execute role 12")]


def test_a_role_for_one_token_is_found_where_the_file_has_none(world: World, tmp_path: Path) -> None:
    token, mallory = world.new_token(), world.people.mallory.address
    world.order(world.authority.grant(Role.ISSUER, mallory, token.address))
    identifier = token.terms().identifier
    name = identifier.decode() if isinstance(identifier, bytes) else identifier
    assert [what for what, *_ in told(world)] == [f"ISSUER for token {name}: {mallory}"]
    for which in (name, f'"{token.address}"', f'"{token.address.lower()}"'):
        assert told(world, firm(tmp_path, world, {None: everybody(), which: {"ISSUER": ["mallory"]}})) == []


def test_a_role_for_a_token_that_is_yet_to_come_is_found(world: World) -> None:
    mallory = world.people.mallory.address
    world.order(world.authority.bind.grant_role(9 << 8 | Role.ISSUER, mallory, 0))
    assert [what for what, *_ in told(world)] == [f"ISSUER for token #9: {mallory}"]


def test_the_review_tells_what_a_role_for_one_token_lets_its_holder_do(world: World) -> None:
    token, mallory = world.new_token(), world.people.mallory.address
    world.order(world.authority.grant(Role.ISSUER, mallory, token.address))
    last = access_review(chain_of(world))[-1]
    assert (last.role, last.account, last.token) == ("ISSUER", mallory, token.address)
    assert "token.pause" in last.functions["execute"]
    assert all(name.startswith("token.") for names in last.functions.values() for name in names)
    issuer = next(access for access in access_review(chain_of(world)) if access.role == "ISSUER")
    assert set(issuer.functions["approve"]) - set(last.functions["approve"]) == {"core_system.createToken"}


def test_the_review_agrees_with_the_matrix(world: World) -> None:
    for access in access_review(chain_of(world)):
        role = Role.__members__.get(access.role)
        rows = {f"{row.contract}.{row.function.name}": row for row in world.matrix}
        assert set(access.functions["execute"]) == {name for name, row in rows.items() if role in row.executors}
        assert set(access.functions["propose"]) == {name for name, row in rows.items() if role in row.proposers}
        assert set(access.functions["approve"]) == {name for name, row in rows.items() if role in row.approvers}
        assert set(access.functions["veto"]) == {name for name, row in rows.items() if role in row.guardians}
