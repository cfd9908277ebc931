"""A system that the script deployed, and a share in it, made once a module; every test starts from there."""

from __future__ import annotations

from types import SimpleNamespace

import brownie
import pytest

from stotoken.artifacts import whole_abi
from stotoken.client.act import act_hash
from stotoken.client.bindings.structs import Terms
from stotoken.client.standing import Standing
from stotoken.types import Basis, Instrument, InvestorClass, LegalCategory, Role, keccak, partition_id

DAY, JAPAN = 86_400, 392
#: Registered as investors. Whoever comes after the roles; mallory is the one whom nobody registered.
HOLDERS = ("alice", "bob", "treasury")
NAMES = ("deployer", *(role.name.lower() for role in Role), *HOLDERS, "mallory")


@pytest.fixture(autouse=True)
def isolation(fn_isolation):
    """Brownie's own: snapshot before the test, revert after it."""


@pytest.fixture(scope="module")
def people(accounts):
    return SimpleNamespace(**dict(zip(NAMES, accounts, strict=False)))


@pytest.fixture(scope="module")
def deployment(module_isolation, tmp_path_factory):
    return brownie.run("deploy", "deploy", [str(tmp_path_factory.mktemp("deployments"))])


@pytest.fixture(scope="module")
def system(deployment, people, CoreSystem):  # noqa: N803  Brownie names the fixture after the contract
    system = CoreSystem.at(deployment.system)
    wallets = [getattr(people, name).address for name in HOLDERS]
    until = brownie.chain[-1].timestamp + 3650 * DAY
    words = [Standing(keccak(wallet.encode())[:16], InvestorClass.KYC, JAPAN, until).word for wallet in wallets]
    system.register(wallets, words, {"from": people.compliance})
    return system


@pytest.fixture(scope="module")
def order(deployment, people, Orders):  # noqa: N803
    """Has two people carry out an act of a contract: one proposes and executes it, the other approves it."""
    orders = Orders.at(deployment.orders)

    def carry_out(contract, act, *arguments, by, approved_by, basis=Basis.POLICY):
        target, data = contract.address, getattr(contract, act).encode_input(*arguments)
        proposer, approver = {"from": getattr(people, by)}, {"from": getattr(people, approved_by)}
        deadline = brownie.chain[-1].timestamp + 30 * DAY
        orders.propose(target, data, basis, keccak(b"the document"), deadline, proposer)
        number = orders.count()
        orders.approve(number, act_hash(target, bytes.fromhex(data[2:])), approver)
        return orders.execute(number, target, data, proposer)

    return carry_out


@pytest.fixture(scope="module")
def token(system, order, people):
    """A share of two partitions, its three parts as one contract of Brownie's. Of `default` 100 units are alice's, 50
    bob's and 850 the treasury's, 70 of them allotted; of `class-a` alice has 30 and the treasury 470."""
    terms = share(people.treasury.address)
    created = order(system, "createToken", terms.values(), by="sys_admin", approved_by="issuer")
    address = created.events["TokenCreated"]["token"]
    token = brownie.Contract.from_abi("SecurityToken", address, whole_abi("SecurityToken"), persist=False)
    for name, issued, allotted, wallets, units in (
        ("default", 1_000, 220, [people.alice, people.bob], [100, 50]),
        ("class-a", 500, 30, [people.alice], [30]),
    ):
        where = partition_id(name)
        order(token, "issueByPartition", where, people.treasury, issued, b"", by="registrar", approved_by="issuer")
        order(token, "allot", where, allotted, by="issuing_agent", approved_by="issuer")
        token.distribute(where, wallets, units, keccak(where), {"from": people.issuing_agent})
    return token


def share(treasury):
    """Its terms: offered to the public, open to every registered investor, without lock-up or cap."""
    return Terms(
        name="試験証券",
        symbol="TEST",
        decimals=0,
        instrument=Instrument.SHARE,
        category=LegalCategory.PUBLIC_PARA1,
        identifier=b"ZZTEST000001",
        currency=b"JPY",
        face_value=0,
        authorised_units=10_000,
        maturity=0,
        locked_until=0,
        receive_classes=InvestorClass.KYC,
        holder_cap=0,
        approval_required=False,
        whole_only=False,
        puttable=False,
        treasury=treasury,
        partitions=(partition_id("class-a"),),
    )
