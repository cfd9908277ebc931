"""A deployment is planned, applied, cut off anywhere and taken up again, recorded, verified."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from world import World

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.chain.devnode import DevNode
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner
from stotoken.client.authority import Authority
from stotoken.client.bindings import structs
from stotoken.deploy import Deployment, Matrix, Plan, apply, create_address, parse_roles, verify
from stotoken.deploy.plan import CREATED
from stotoken.errors import ConfigError, InputError, OutcomeUnknown, Reverted
from stotoken.types import Role

ROLES = (*Role,)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.fixture(scope="module")
def own_node() -> Iterator[DevNode]:
    with DevNode(accounts=len(ROLES) + 1) as node:
        yield node


@pytest.fixture
def node(own_node: DevNode) -> Iterator[DevNode]:
    """An empty chain of its own."""
    mark = own_node.snapshot()
    yield own_node
    own_node.revert(mark)


@pytest.fixture
def deployer(node: DevNode) -> Iterator[Sender]:
    with Connection.open(node.url) as connection:
        yield Sender(connection, LocalSigner(node.accounts[0].key), timeout=20)


def members(node: DevNode) -> dict[Role, tuple[str, ...]]:
    return {role: (account.address,) for role, account in zip(ROLES, node.accounts[1:], strict=True)}


@pytest.fixture
def plan(node: DevNode, deployer: Sender) -> Plan:
    return Plan.make(deployer.connection, deployer.address, members(node))


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_a_plan_says_what_it_will_do_and_where_before_anything_is_sent(plan: Plan, deployer: Sender) -> None:
    text = plan.text(0)
    for name in CREATED:
        assert f"create {name}: new {name}(" in text
    assert "linked with Documents" in text
    assert "core_system.halt: execute EMERGENCY REGISTRAR COMPLIANCE" in text
    assert "authority.setRow: propose SYS_ADMIN, approve COMPLIANCE, delay 172800 s" in text
    assert f"renounceRole(0, {deployer.address})" in text
    assert deployer.connection.nonce(deployer.address) == 0


def test_contracts_come_to_lie_where_the_plan_expects_them(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    expected = plan.expected(0)
    deployment = apply(plan, deployer, tmp_path)
    assert {**deployment.addresses, "deployer": deployer.address} == expected


def test_the_address_of_a_created_contract_follows_from_sender_and_nonce() -> None:
    sender = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
    assert create_address(sender, 0) == "0x5FbDB2315678afecb367f032d93F642f64180aa3"
    assert create_address(sender, 1) == "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512"
    assert create_address(sender, 127) != create_address(sender, 128) != create_address(sender, 256)


# --- applied ----------------------------------------------------------------------------------------------------------


def test_a_deployment_is_recorded_and_loads_equal(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    seen: list[str] = []
    deployment = apply(plan, deployer, tmp_path, lambda place, total, step: seen.append(f"{place}/{total} {step.name}"))
    assert Deployment.load(tmp_path / "31337.json") == deployment
    assert len(seen) == len(plan.steps)
    assert seen[0] == f"1/{len(plan.steps)} create Documents"
    deployment.save(tmp_path / "copy.json")
    assert Deployment.load(tmp_path / "copy.json") == deployment
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["31337.json", "copy.json"]


def test_a_finished_deployment_is_not_done_again(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    first = apply(plan, deployer, tmp_path)
    assert apply(plan, deployer, tmp_path) == first
    assert deployer.connection.nonce(deployer.address) == len(plan.steps)


def test_the_deployer_is_left_without_any_power(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    deployment = apply(plan, deployer, tmp_path)
    authority = Authority(deployment, deployer)
    assert authority.members(Role.SYS_ADMIN) == plan.roles[Role.SYS_ADMIN]
    row = structs.Row(2, 0, 0, 0, False)
    for act in (authority.grant(Role.SYS_ADMIN, deployer.address), authority.set_row(deployment.system, b"abcd", row)):
        with pytest.raises(Reverted):
            deployer.send(act.call)


# --- cut off ----------------------------------------------------------------------------------------------------------


def finish(plan: Plan, deployer: Sender, folder: Path) -> tuple[Deployment, int]:
    """Apply until it is done; how often it was cut off."""
    for cuts in range(100):
        try:
            return apply(plan, deployer, folder), cuts
        except Killed:
            continue
    raise AssertionError("the deployment made no progress")


def once_each(key: Callable[..., object], before: bool, real: Callable[..., Any]) -> Callable[..., Any]:
    """`real`, ended before or after it the first time for each key."""
    seen: set[object] = set()

    def cut(*args: Any, **kwargs: Any) -> Any:
        new = (found := key(*args)) not in seen
        seen.add(found)
        if new and before:
            raise Killed
        result = real(*args, **kwargs)
        if new:
            raise Killed
        return result

    return cut


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_deployment_cut_off_at_every_write_of_its_record_happens_once(
    plan: Plan, deployer: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    monkeypatch.setattr(Path, "replace", once_each(lambda path, _: path.read_text("utf-8"), before, Path.replace))
    _, cuts = finish(plan, deployer, tmp_path)
    # The first write, two for each step, the last one.
    assert cuts == 2 * len(plan.steps) + 2
    assert deployer.connection.nonce(deployer.address) == len(plan.steps)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_deployment_cut_off_at_every_transaction_happens_once(
    plan: Plan, deployer: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    nonce = deployer.connection.nonce
    cut = once_each(lambda *_: nonce(deployer.address), before, Connection.send_raw)
    monkeypatch.setattr(Connection, "send_raw", cut)
    deployment, cuts = finish(plan, deployer, tmp_path)
    assert cuts == len(plan.steps)
    assert nonce(deployer.address) == len(plan.steps)
    assert deployment.addresses == {name: plan.expected(0)[name] for name in CREATED}


def test_a_transaction_that_waits_in_the_pool_is_awaited_and_not_sent_again(
    node: DevNode, plan: Plan, deployer: Sender, tmp_path: Path
) -> None:
    node.rpc("evm_setAutomine", False)
    try:
        impatient = Sender(deployer.connection, deployer.signer, timeout=0.1)
        for _ in range(2):
            with pytest.raises(OutcomeUnknown, match="do not repeat it"):
                apply(plan, impatient, tmp_path)
        record = json.loads((tmp_path / "31337.json").read_text("utf-8"))
        assert len(record["steps"]["create Documents"]["attempts"]) == 1
        node.mine()
    finally:
        node.rpc("evm_setAutomine", True)
    apply(plan, deployer, tmp_path)
    assert deployer.connection.nonce(deployer.address) == len(plan.steps)


def test_a_nonce_taken_by_something_else_does_not_lose_the_step(
    plan: Plan, deployer: Sender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Connection, "send_raw", once_each(lambda *_: 0, True, Connection.send_raw))
        with pytest.raises(Killed):
            apply(plan, deployer, tmp_path)
    deployer.send(Call(deployer.address, b"", ""))
    deployment = apply(plan, deployer, tmp_path)
    assert deployer.connection.nonce(deployer.address) == len(plan.steps) + 1
    assert deployment.addresses["Documents"] == plan.expected(1)["Documents"]


CHILD = """
import os, signal, sys
from pathlib import Path
from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.chain.signer import EnvSigner
from stotoken.deploy import Plan, apply, parse_roles
import json

url, folder, roles, writes = sys.argv[1:]
left, replace = int(writes), Path.replace

def dying(path, target):
    global left
    left -= 1
    done = replace(path, target)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

Path.replace = dying
sender = Sender(Connection.open(url), EnvSigner("DEPLOYER_KEY"))
apply(Plan.make(sender.connection, sender.address, parse_roles(json.loads(roles))), sender, folder)
"""


def test_a_process_killed_outright_leaves_a_deployment_that_another_finishes(
    node: DevNode, plan: Plan, deployer: Sender, tmp_path: Path
) -> None:
    roles = json.dumps({role.name: list(listed) for role, listed in plan.roles.items()})
    environment = {"DEPLOYER_KEY": node.accounts[0].key.hex()}
    codes = []
    for writes in ("11", "1000"):
        command = [sys.executable, "-c", CHILD, node.url, str(tmp_path), roles, writes]
        codes.append(subprocess.run(command, env=environment, capture_output=True, check=False).returncode)
    assert codes == [-9, 0]
    assert deployer.connection.nonce(deployer.address) == len(plan.steps)
    verify(deployer.connection, Deployment.load(tmp_path / "31337.json"), plan.matrix)


def test_two_processes_do_not_deploy_into_one_folder(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    def meanwhile(*_: object) -> None:
        with pytest.raises(ConfigError, match="Another process is deploying"):
            apply(plan, deployer, tmp_path)
        raise Killed

    with pytest.raises(Killed):
        apply(plan, deployer, tmp_path, meanwhile)


# --- refused ----------------------------------------------------------------------------------------------------------


def test_a_plan_for_another_chain_or_deployer_is_refused(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    elsewhere = Plan(1, plan.deployer, plan.matrix, plan.roles)
    with pytest.raises(ConfigError, match="for chain 1, but the node serves chain 31337"):
        apply(elsewhere, deployer, tmp_path)
    with pytest.raises(ConfigError, match="not 0x"):
        apply(Plan(31337, "0x" + "11" * 20, plan.matrix, plan.roles), deployer, tmp_path)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("genesis", "the chain's first block is not the same"),
        ("artifacts", "the compiled contracts are not the same"),
        ("rights", "the matrix or the members of the roles are not the same"),
    ],
)
def test_the_record_of_another_deployment_is_refused(
    plan: Plan, deployer: Sender, tmp_path: Path, key: str, words: str
) -> None:
    apply(plan, deployer, tmp_path)
    path = tmp_path / "31337.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {key: "0x" + "00" * 32}), "utf-8")
    with pytest.raises(ConfigError, match=words):
        apply(plan, deployer, tmp_path)


def _changed(record: Any, place: str, value: object) -> Any:
    """The record with something else, or nothing, in one place."""
    *way, last = place.split(".")
    inner = record
    for name in way:
        inner = inner[int(name) if name.isdigit() else name]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return record


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("steps", None, "steps is missing"),
        ("steps", [], "steps is not a mapping"),
        ("steps.Create the authority", [], "steps.Create the authority is not a mapping"),
        ("steps.Create the authority.attempts", None, "attempts is missing"),
        ("steps.Create the authority.attempts.0.nonce", "0", "attempts[0].nonce is not a whole number"),
        ("steps.Create the authority.attempts.0.tx_hash", 5, "attempts[0].tx_hash is not a hash"),
        ("steps.Create the authority.settled.address", None, "settled.address is missing"),
        ("chain_id", "31337", "chain_id is not a whole number"),
        ("complete", "yes", "complete is not true or false"),
    ],
)
def test_a_growing_record_that_is_damaged_is_told_by_file_and_place(
    plan: Plan, deployer: Sender, tmp_path: Path, place: str, value: object, said: str
) -> None:
    def stop(step: int, *_: object) -> None:
        if step == 3:
            raise Killed

    with pytest.raises(Killed):
        apply(plan, deployer, tmp_path, stop)
    path = tmp_path / "31337.json"
    record = json.loads(path.read_text("utf-8"))
    first = next(iter(record["steps"]))
    path.write_text(json.dumps(_changed(record, place.replace("Create the authority", first), value)), "utf-8")
    said = said.replace("Create the authority", first)
    with pytest.raises(ConfigError) as caught:
        apply(plan, deployer, tmp_path)
    assert str(path) in str(caught.value)
    assert f"{said}; nothing was done." in str(caught.value)


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("addresses.Authority", None, "addresses.Authority is missing"),
        ("addresses.Orders", "0x12", "addresses.Orders is not an address"),
        ("addresses", [], "addresses is not a mapping"),
        ("roles.ISSUER", "0x12", "roles.ISSUER is not a list"),
        ("code_hashes", None, "code_hashes is missing"),
        ("block_number", 1.5, "block_number is not a whole number"),
    ],
)
def test_a_finished_record_that_is_damaged_is_told_by_file_and_place(
    world: World, tmp_path: Path, place: str, value: object, said: str
) -> None:
    path = tmp_path / "31337.json"
    path.write_text(json.dumps(_changed(world.deployment.to_dict(), place, value)), "utf-8")
    with pytest.raises(ConfigError) as caught:
        Deployment.load(path)
    assert str(caught.value) == f"{path} is damaged: {said}; nothing was done."


@pytest.mark.parametrize("text", ["[" * 200_000, "{" * 5_000_000, '{"format": ' * 100])
def test_a_record_nested_without_end_is_refused_before_it_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "31337.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="is not a deployment record of this version"):
        Deployment.load(path)


def test_a_damaged_or_unfinished_record_is_refused(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    path = tmp_path / "31337.json"
    path.write_text("{", "utf-8")
    with pytest.raises(ConfigError, match="not a deployment record"):
        apply(plan, deployer, tmp_path)
    path.unlink()
    with pytest.raises(ConfigError, match="There is no deployment record"):
        Deployment.load(path)

    def stop(place: int, *_: object) -> None:
        if place == 3:
            raise Killed

    with pytest.raises(Killed):
        apply(plan, deployer, tmp_path, stop)
    with pytest.raises(ConfigError, match="is not finished: resume it"):
        Deployment.load(path)


def test_verification_finds_code_that_is_not_ours(node: DevNode, plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    deployment = apply(plan, deployer, tmp_path)
    node.rpc("anvil_setCode", deployment.orders, "0x6000")
    with pytest.raises(ConfigError, match="there is not the code of Orders"):
        apply(plan, deployer, tmp_path)


def test_verification_finds_a_row_and_a_role_that_differ(plan: Plan, deployer: Sender, tmp_path: Path) -> None:
    deployment = apply(plan, deployer, tmp_path)
    path = tmp_path / "other.toml"
    path.write_text('[core_system]\nhalt = { execute = ["AUDITOR"] }\n', "utf-8")
    with pytest.raises(ConfigError, match=r"The row of core_system\.halt on chain is not that of the matrix"):
        verify(deployer.connection, deployment, Matrix.load(path))
    record = deployment.to_dict() | {"roles": {"AUDITOR": [deployer.address]}}
    with pytest.raises(ConfigError, match="does not hold role 11"):
        verify(deployer.connection, Deployment.from_dict(record), plan.matrix)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({Role.COMPLIANCE: ()}, "Role COMPLIANCE has no member"),
        ({Role.SYS_ADMIN: ()}, "Role SYS_ADMIN has no member"),
        ({Role.COMPLIANCE: ("sys_admin",)}, "could both propose and approve"),
        ({Role.AUDITOR: ("deployer",)}, "may hold no role"),
        ({Role.AUDITOR: ("sys_admin", "sys_admin")}, "names the same member twice"),
    ],
)
def test_members_that_leave_nobody_to_govern_or_one_person_on_both_sides_are_refused(
    node: DevNode, deployer: Sender, changed: dict[Role, tuple[str, ...]], sentence: str
) -> None:
    people = {"deployer": deployer.address, "sys_admin": node.accounts[1].address}
    roles = members(node) | {role: tuple(people[name] for name in names) for role, names in changed.items()}
    with pytest.raises(ConfigError, match=sentence):
        Plan.make(deployer.connection, deployer.address, roles)


def test_role_names_and_addresses_are_checked() -> None:
    with pytest.raises(ConfigError, match="There is no role KING"):
        parse_roles({"KING": []})
    with pytest.raises(ConfigError, match="Role AUDITOR: '0x1' is not an address"):
        parse_roles({"AUDITOR": ["0x1"]})


# --- the matrix -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "is not valid TOML"),
        ("[bank]\n", "there is no section bank"),
        ("[token]\nsplat = { execute = [] }\n", r"token\.splat: The ABI has no function splat"),
        ("[token]\nsplit = { execute = [] }\n", "names nobody"),
        ('[token]\nsplit = { execute = ["KING"] }\n', "must be a list of roles among"),
        ('[token]\nsplit = { propose = ["ISSUER"] }\n', "must name proposers and approvers"),
        ('[token]\nsplit = { propose = ["ISSUER"], approve = ["ISSUER", "REGISTRAR"] }\n', "no role as both"),
        ('[token]\nsplit = { run = ["ISSUER"] }\n', "unknown key run"),
        ('[token]\nsplit = { execute = ["ISSUER"], delay = -1 }\n', "delay must be whole seconds"),
        ('[token]\nbalanceOf = { execute = ["ISSUER"] }\n', "is a question"),
        ("token = 1\n", "token must be a section"),
    ],
)
def test_a_matrix_that_makes_no_sense_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "matrix.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=sentence):
        Matrix.load(path)


def test_the_matrix_answers_by_name_signature_and_selector() -> None:
    matrix = Matrix.load()
    row = matrix.row("token", "split")
    assert row == matrix.row("token", "split(uint256,uint40)") == matrix.row("token", row.selector)
    assert row.proposers == {Role.REGISTRAR}
    with pytest.raises(ConfigError, match="no row for transfer of token"):
        matrix.row("token", "transfer")
    with pytest.raises(ConfigError, match="cannot be read"):
        Matrix.load("nowhere.toml")


def test_input_errors_of_a_plan_are_input_errors(deployer: Sender) -> None:
    with pytest.raises(InputError, match="is not an address"):
        Plan.make(deployer.connection, "deployer", {Role.SYS_ADMIN: (), Role.COMPLIANCE: ()})
