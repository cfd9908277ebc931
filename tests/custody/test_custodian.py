"""A custodian on a real chain: limits, approvals, freezes, reconciliation; then the same by commands."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from world import World

from stotoken.chain.envelope import Envelope
from stotoken.chain.faults import PolicyRefused, SignatureAwaited
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner, Signer
from stotoken.chain.signers.log import verify
from stotoken.chain.signers.offline import SIGNED, UNSIGNED, OfflineSigner, Request
from stotoken.client.token import Token
from stotoken.custody import Book, Custodian, reconcile
from stotoken.custody.approvals import Intent
from stotoken.custody.bundle import files_of, write_bundle
from stotoken.errors import ConfigError, InputError
from stotoken.tables import CustomerUnits
from stotoken.types import JST, InvestorClass, to_hex

#: A Monday.
NOON = datetime(2026, 4, 6, 12, 0, tzinfo=JST).timestamp()


class Vaults:
    """alice's wallet is hot and of several customers, bob's cold, the treasury's the firm's; carol and dave approve."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.now = world, NOON
        people = world.people
        keys = {f"key:{name}": people[name].signer for name in ("alice", "bob", "treasury")}
        rows = {
            "alice": f'owner = "customer"\nomnibus = true\ntier = "hot"\nwithdraw_to = ["{people.carol.address}"]',
            "bob": 'owner = "customer"\ntier = "cold"',
            "treasury": 'owner = "own"\ntier = "hot"',
        }
        text = 'chains = [31337]\nstate = "state"\n[tiers.hot]\nunits_per_act = 100\nunits_per_day = 150\n'
        text += "[tiers.cold]\napprovals = 2\n"
        for name in ("carol", "dave"):
            text += f'[[approver]]\nname = "{name}"\naddress = "{people[name].address}"\n'
        for name, more in rows.items():
            text += f'[[wallet]]\naddress = "{people[name].address}"\nsigner = "key:{name}"\n{more}\n'
        self.path = folder / "custody.toml"
        self.path.write_text(text)
        self.custodian = Custodian(Book.load(self.path), lambda: world.system, keys.__getitem__, clock=lambda: self.now)
        kyc = InvestorClass.KYC | InvestorClass.CUSTODY
        world.register(people.alice, classes=kyc)
        self.token = world.new_token()
        for name in rows:
            world.issue(self.token, name, 500)

    def by(self, name: str) -> Token:
        signer = self.custodian.signer(self.world.people[name].address)
        return self.token.by(Sender(self.world.connection, signer, timeout=20))

    def address(self, name: str) -> str:
        return self.world.people[name].address

    def rows(self, **changed: int) -> list[CustomerUnits]:
        """The customer ledger as it must be, but for the units given."""
        units = {"A-1": 200, "A-2": 300, "B-1": 500} | {name.replace("_", "-"): n for name, n in changed.items()}
        where = {"A": self.address("alice"), "B": self.address("bob")}
        return [
            CustomerUnits(customer, where[customer[0]], self.token.address, "default", held)
            for customer, held in units.items()
            if held
        ]


@pytest.fixture
def vaults(world: World, tmp_path: Path) -> Vaults:
    return Vaults(world, tmp_path)


def refused(act: Any) -> str:
    with pytest.raises(PolicyRefused) as caught:
        act()
    assert str(caught.value).startswith("Custody of 0x")
    assert "保管設定により拒否" in caught.value.message("ja")
    return str(caught.value)


def test_a_hot_wallet_signs_within_its_limits(vaults: Vaults) -> None:
    alice, carol = vaults.by("alice"), vaults.address("carol")
    assert "101 units are more than 100 in one act" in refused(lambda: alice.transfer(carol, 101))
    alice.transfer(carol, 100)
    assert "51 units, with 100 signed for today, are more than 150" in refused(lambda: alice.transfer(carol, 51))
    vaults.now = NOON + 86_400
    alice.transfer(carol, 51)
    assert vaults.token.balance_of(carol) == 151
    assert verify(vaults.custodian.log.path).lines == 2
    assert vaults.custodian.spent(vaults.address("alice"), 31337, vaults.token.address) == 51


def test_units_of_different_tokens_are_counted_apart(vaults: Vaults) -> None:
    other = vaults.world.new_token()
    vaults.world.issue(other, "alice", 100)
    vaults.by("alice").transfer(vaults.address("carol"), 100)
    sender = vaults.by("alice").actor
    other.by(sender).transfer(vaults.address("carol"), 100)
    assert other.balance_of(vaults.address("carol")) == 100


def test_a_wallet_in_custody_moves_units_to_its_list_and_does_nothing_else(vaults: Vaults) -> None:
    alice, carol, dave = vaults.by("alice"), vaults.address("carol"), vaults.address("dave")
    assert f"{dave} is not on its list" in refused(lambda: alice.transfer(dave, 1))
    assert f"{dave} is not on its list" in refused(lambda: alice.batch_transfer("default", [(carol, 1), (dave, 1)]))
    for act in (
        lambda: alice.approve(carol, 1),
        lambda: alice.authorize_operator(carol),
    ):
        assert "is not what a wallet in custody does" in refused(act)
    assert "consents by signature are not given" in refused(lambda: alice.sign_permit(carol, 1, 2**39))
    signer = vaults.custodian.signer(vaults.address("alice"))
    plain = {"nonce": 0, "gas": 21_000, "gasPrice": 0, "to": carol, "value": 1, "chainId": 31337}
    assert "the call is not what a wallet in custody does" in refused(lambda: signer.sign_transaction(plain))
    assert "chain 1 is not its own" in refused(lambda: signer.sign_transaction(plain | {"chainId": 1}))
    assert vaults.token.balance_of(vaults.address("alice")) == 500


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_what_only_uses_up_a_nonce_of_the_wallet_is_signed_unless_it_is_frozen(vaults: Vaults, name: str) -> None:
    wallet = vaults.address(name)
    signer = vaults.custodian.signer(wallet)
    idle = {"chainId": 31337, "nonce": 9, "gas": 21_000, "gasPrice": 1, "value": 0, "to": wallet, "data": b""}
    assert signer.sign_transaction(idle).raw
    for more in ({"to": vaults.address("carol")}, {"value": 1}, {"chainId": 1}):
        with pytest.raises(PolicyRefused):
            signer.sign_transaction(idle | more)
    vaults.custodian.freeze(wallet, "lost")
    with pytest.raises(PolicyRefused, match="frozen"):
        signer.sign_transaction(idle)


def test_a_frozen_wallet_signs_nothing_until_it_is_unfrozen(vaults: Vaults) -> None:
    alice, address = vaults.by("alice"), vaults.address("alice")
    vaults.custodian.freeze(address, "INC-7")
    assert vaults.custodian.frozen(address)
    assert "it is frozen" in refused(lambda: alice.transfer(vaults.address("carol"), 1))
    with pytest.raises(InputError, match="must be the number or hash of an incident"):
        vaults.custodian.freeze(address, "山田さんの件")
    request = awaited(lambda: vaults.custodian.unfreeze(address))
    approve(vaults, request, "carol")
    assert awaited(lambda: vaults.custodian.unfreeze(address)) == request
    assert "it is frozen" in refused(lambda: alice.transfer(vaults.address("carol"), 1))
    approve(vaults, request, "dave")
    vaults.custodian.unfreeze(address)
    alice.transfer(vaults.address("carol"), 1)
    with pytest.raises(ConfigError, match="is not frozen"):
        vaults.custodian.unfreeze(address)


def test_approvals_end_the_freeze_they_were_given_for_and_no_later_one(vaults: Vaults) -> None:
    custodian, address = vaults.custodian, vaults.address("alice")
    custodian.freeze(address, "INC-7")
    request = awaited(lambda: custodian.unfreeze(address))
    for name in ("carol", "dave"):
        approve(vaults, request, name)
    custodian.freeze(address, "INC-8")
    with pytest.raises(InputError, match="it asks for another act of the same number"):
        custodian.unfreeze(address)
    vaults.now += 1
    custodian.freeze(address, "INC-7")
    assert awaited(lambda: custodian.unfreeze(address)) != request
    assert custodian.frozen(address)


def test_a_freeze_stays_where_there_are_not_two_to_end_it(vaults: Vaults) -> None:
    book, address = vaults.custodian.book, vaults.address("alice")
    alone = replace(book, approvers=dict(list(book.approvers.items())[:1]))
    custodian = Custodian(alone, lambda: vaults.world.system, clock=lambda: NOON)
    custodian.freeze(address, "INC-7")
    with pytest.raises(ConfigError, match="2 approvers end a freeze, and custody file .* names 1; 0x.* stays frozen"):
        custodian.unfreeze(address)
    (book.state / "frozen" / address).write_text("{}")
    with pytest.raises(InputError, match="does not say since when and why; 0x.* stays frozen"):
        vaults.custodian.unfreeze(address)
    assert custodian.frozen(address)


def test_a_wallet_whose_signer_has_another_key_signs_nothing(vaults: Vaults) -> None:
    custodian = Custodian(
        vaults.custodian.book, lambda: vaults.world.system, lambda _: LocalSigner(b"\7" * 32), clock=lambda: NOON
    )
    sender = Sender(vaults.world.connection, custodian.signer(vaults.address("alice")))
    with pytest.raises(ConfigError, match="has the key of 0x.*; nothing was signed"):
        vaults.token.by(sender).transfer(vaults.address("carol"), 1)
    assert not vaults.custodian.log.path.read_bytes()


def test_a_wallet_in_custody_moves_nothing_at_a_contract_that_is_no_token_of_the_system(vaults: Vaults) -> None:
    world, signer = vaults.world, vaults.custodian.signer(vaults.address("alice"))
    data = vaults.token.bind.transfer(vaults.address("carol"), 1).data
    fields = {"nonce": 0, "gas": 90_000, "gasPrice": 0, "value": 0, "chainId": 31337, "data": data}
    for contract in (world.deployment.system, vaults.address("mallory")):
        said = refused(lambda contract=contract: signer.sign_transaction(fields | {"to": contract}))
        assert f"{contract} is no token of the system on chain 31337" in said
    assert vaults.custodian.log.path.read_bytes() == b""
    assert signer.sign_transaction(fields | {"to": vaults.token.address}).raw


def test_a_wallet_in_custody_signs_for_the_chain_of_the_system_alone(vaults: Vaults) -> None:
    vaults.path.write_text(vaults.path.read_text().replace("chains = [31337]", "chains = [31337, 1337]"))
    key, system = vaults.world.people.alice.signer, vaults.world.system
    custodian = Custodian(Book.load(vaults.path), lambda: system, lambda _: key, clock=lambda: NOON)
    data = vaults.token.bind.transfer(vaults.address("carol"), 1).data
    fields = {"nonce": 0, "gas": 90_000, "gasPrice": 0, "data": data, "to": vaults.token.address, "chainId": 1337}
    act = custodian.signer(vaults.address("alice")).sign_transaction
    assert f"{vaults.token.address} is no token of the system on chain 1337" in refused(lambda: act(fields))


def test_the_gas_of_a_wallet_in_custody_costs_no_more_than_the_file_says(vaults: Vaults, tmp_path: Path) -> None:
    vaults.path.write_text(vaults.path.read_text().replace("[tiers.hot]", "most_fee = 90_000\n[tiers.hot]", 1))
    alice, folder = vaults.world.people.alice, tmp_path / "requests"
    data = vaults.token.bind.transfer(vaults.address("carol"), 1).data
    fields = {"nonce": 0, "gas": 90_000, "data": data, "to": vaults.token.address, "chainId": 31337}

    def sign(key: Signer, price: int) -> bytes:
        custodian = Custodian(Book.load(vaults.path), lambda: vaults.world.system, lambda _: key, clock=lambda: NOON)
        return custodian.signer(alice.address).sign_transaction(fields | {"gasPrice": price}).raw

    assert "the gas may cost 180000 wei, more than 90000" in refused(lambda: sign(alice.signer, 2))
    away = OfflineSigner(folder, alice.address)
    request = awaited(lambda: sign(away, 1))
    dear = Request(alice.address, Envelope.of(fields | {"gasPrice": 5}))
    dear.write(request)
    dear.write(request.with_name(request.name.replace(UNSIGNED, SIGNED)), signature=to_hex(dear.sign(alice.signer)))
    assert "the gas may cost 450000 wei, more than 90000" in refused(lambda: sign(away, 1))
    assert vaults.custodian.log.path.read_bytes() == b""
    assert sign(alice.signer, 1)


# --- approvals --------------------------------------------------------------------------------------------------------


def awaited(act: Any) -> Path:
    with pytest.raises(SignatureAwaited) as caught:
        act()
    return Path(caught.value.request)


def test_a_cold_wallet_signs_when_two_people_have_approved(vaults: Vaults) -> None:
    bob, carol = vaults.by("bob"), vaults.address("carol")
    people, approvals = vaults.world.people, vaults.custodian.approvals
    request = awaited(lambda: bob.transfer(carol, 200))
    approvals.approve(request, people.carol.signer)
    assert awaited(lambda: bob.transfer(carol, 200)) == request
    for signer, said in ((people.carol.signer, "is there already"), (people.mallory.signer, "is no approver of")):
        with pytest.raises(ConfigError, match=said):
            approvals.approve(request, signer)
    approvals.approve(request, people.dave.signer)
    bob.transfer(carol, 200)
    assert vaults.token.balance_of(carol) == 200
    assert awaited(lambda: bob.transfer(carol, 200)) != request


def test_an_approval_is_of_that_act_and_no_other(vaults: Vaults) -> None:
    bob, carol, dave = vaults.by("bob"), vaults.address("carol"), vaults.address("dave")
    request = awaited(lambda: bob.transfer(carol, 400))
    with pytest.raises(InputError, match="another act of the same number"):
        bob.transfer(dave, 400)
    found = json.loads(request.read_text())
    found["message"]["message"]["nonce"] += 1
    request.write_text(json.dumps(found))
    for act in (lambda: bob.transfer(carol, 400), lambda: approve(vaults, request, "carol")):
        with pytest.raises(InputError, match="is no request for an approval, or was altered"):
            act()


def test_an_approval_is_of_what_was_read_though_the_file_was_changed_since(vaults: Vaults) -> None:
    bob, carol, dave = vaults.by("bob"), vaults.address("carol"), vaults.address("dave")
    request = awaited(lambda: bob.transfer(dave, 400))
    other, read = request.read_text(), Intent.read(request)
    request.unlink()
    request = awaited(lambda: bob.transfer(carol, 400))
    assert Intent.read(request) != read
    vaults.custodian.approvals.approve(request, vaults.world.people["carol"].signer, read)
    with pytest.raises(InputError, match="is not of an approver, or not of this act"):
        bob.transfer(carol, 400)
    request.write_text(other)
    assert awaited(lambda: bob.transfer(dave, 400)) == request


def approve(vaults: Vaults, request: Path, name: str) -> Path:
    return vaults.custodian.approvals.approve(request, vaults.world.people[name].signer)


def test_an_approval_that_was_forged_is_an_error(vaults: Vaults) -> None:
    bob, carol = vaults.by("bob"), vaults.address("carol")
    request = awaited(lambda: bob.transfer(carol, 400))
    first = approve(vaults, request, "carol")
    forged = first.with_name(first.name.replace(carol, vaults.address("dave")))
    said = json.loads(first.read_text())
    forged.write_text(json.dumps(said))
    assert awaited(lambda: bob.transfer(carol, 400)) == request
    for changed in ({"approver": vaults.address("dave")}, {"signature": "0x" + "11" * 65}):
        forged.write_text(json.dumps(said | changed))
        with pytest.raises(InputError, match="is not of an approver, or not of this act|is no approval"):
            bob.transfer(carol, 400)


# --- reconciliation ---------------------------------------------------------------------------------------------------


def kinds(vaults: Vaults, rows: list[CustomerUnits], book: Book | None = None) -> list[str]:
    return sorted(each.kind for each in reconcile(book or vaults.custodian.book, rows, vaults.world.system).breaks)


def test_a_customer_ledger_that_equals_the_chain_has_no_break(vaults: Vaults) -> None:
    found = reconcile(vaults.custodian.book, vaults.rows(), vaults.world.system)
    assert (found.whole, found.rows, found.breaks) == (True, 3, ())
    [total] = found.totals
    assert (total.ledger, total.customers, total.own) == (1000, 1000, 500)


def test_every_kind_of_break_is_found(vaults: Vaults) -> None:
    rows = vaults.rows()
    assert kinds(vaults, vaults.rows(A_1=199)) == ["units"]
    assert kinds(vaults, vaults.rows(B_1=0)) == ["units"]
    own = CustomerUnits("C-1", vaults.address("treasury"), vaults.token.address, "default", 500)
    assert kinds(vaults, [*rows, own]) == ["own", "units"]
    unknown = CustomerUnits("C-1", vaults.address("carol"), vaults.token.address, "default", 1)
    assert kinds(vaults, [*rows, unknown]) == ["units", "unknown"]
    other = CustomerUnits("B-1", vaults.address("bob"), vaults.token.address, "class-a", 1)
    assert kinds(vaults, [*rows, other]) == ["units"]
    assert kinds(vaults, [*vaults.rows(B_1=499), replace(rows[2], customer="B-2", units=1)]) == ["commingled"]
    with pytest.raises(InputError, match="names a token JP9999999999, which this system has not"):
        kinds(vaults, [replace(rows[0], token="JP9999999999")])


def test_what_the_chain_says_of_the_wallets_is_held_against_the_custody_file(vaults: Vaults) -> None:
    book, people, world = vaults.custodian.book, vaults.world.people, vaults.world
    wallets = dict(book.wallets)
    stranger = replace(wallets[people.bob.address], address=people.mallory.address)
    assert kinds(vaults, vaults.rows(), replace(book, wallets=wallets | {stranger.address: stranger})) == [
        "unregistered"
    ]
    world.register(people.alice, classes=InvestorClass.KYC)
    assert kinds(vaults, vaults.rows()) == ["unflagged"]
    world.register(people.alice, classes=InvestorClass.KYC | InvestorClass.CUSTODY)
    own = world.system.standing_of(people.treasury.address)
    assert own is not None
    world.system.by(people.compliance).register([(people.mallory.address, own)])
    assert kinds(vaults, vaults.rows(), replace(book, wallets=wallets | {stranger.address: stranger})) == ["mixed"]


def test_an_auditor_gets_registers_breaks_and_hashes_in_both_languages(vaults: Vaults, tmp_path: Path) -> None:
    ledger = tmp_path / "customers.csv"
    ledger.write_text("customer,wallet,token,partition,units\n")
    found = reconcile(vaults.custodian.book, vaults.rows(A_1=199), vaults.world.system)
    files = files_of(found, vaults.custodian.book, ledger)
    manifest = json.loads(files["manifest.json"])
    assert manifest["customer_ledger"]["sha256"] == sha256(ledger.read_bytes()).hexdigest()
    assert manifest["custody_file"]["sha256"] == sha256(vaults.path.read_bytes()).hexdigest()
    assert manifest["files"] == {
        name: sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"
    }
    [identifier] = [identifier for identifier, *_ in found.registers]
    assert {f"register-{identifier}.ja.csv", f"register-{identifier}.en.csv"} <= set(files)
    heading, row = csv.reader(io.StringIO(files["breaks.ja.csv"].decode("utf-8-sig")))
    assert (heading[0], row[4:]) == ("種別", ["499", "500", "顧客帳簿は 499 口、チェーンは 500 口です。"])
    _, total = csv.reader(io.StringIO(files["totals.en.csv"].decode("utf-8-sig")))
    assert total[2:] == ["999", "1000", "500", "1"]

    write_bundle(tmp_path / "audit", files)
    assert {path.name: path.read_bytes() for path in (tmp_path / "audit").iterdir()} == files
    write_bundle(tmp_path / "audit.zip", files)
    with zipfile.ZipFile(tmp_path / "audit.zip") as bundle:
        assert {name: bundle.read(name) for name in bundle.namelist()} == files
    for taken in ("audit", "audit.zip"):
        with pytest.raises(ConfigError, match="cannot be written: File exists; no bundle was made"):
            write_bundle(tmp_path / taken, files)
