"""A signing policy: what it does not allow is refused in one sentence, and the key is not asked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from test_signing_log import KEY, TO, TOKEN, permit, transfer

from stotoken.chain.envelope import Envelope, Signature
from stotoken.chain.faults import PolicyRefused, SignatureAwaited
from stotoken.chain.signer import LocalSigner
from stotoken.chain.signers import guarded
from stotoken.chain.signers.log import LoggedSigner, SigningLog, verify
from stotoken.chain.signers.offline import SIGNED, UNSIGNED, OfflineSigner, Request
from stotoken.chain.signers.policy import Policy, PolicySigner
from stotoken.client.bindings import Authority, Orders, SecurityToken
from stotoken.errors import ConfigError, InputError
from stotoken.types import JST, Basis, to_hex

OTHER = "0x" + "44" * 20
ORDERS = "0x" + "55" * 20
POLICY = f"""
chains = [31337]
days = ["mon", "tue", "wed", "thu", "fri"]
hours = "08:30-18:00"
holidays = [2027-01-01]
most_fee = 1_000_000

[[allow]]
contract = "{TOKEN}"
functions = ["transfer"]
typed_data = ["Permit"]
units_per_act = 100
units_per_day = 250

[[allow]]
contract = "{ORDERS}"
functions = ["approve", "propose:split"]
"""
#: A Monday.
NOON = datetime(2026, 4, 6, 12, 0, tzinfo=JST).timestamp()


class Asked(LocalSigner):
    """Remembers whether it was asked for anything."""

    asked = 0

    def _sign_digest(self, digest: bytes) -> Signature:
        self.asked += 1
        return super()._sign_digest(digest)


class Desk:
    def __init__(self, folder: Path, text: str = POLICY) -> None:
        self.path, self.log_path, self.now = folder / "policy.toml", folder / "signing.jsonl", NOON
        self.path.write_text(text)
        self.key = Asked(KEY)
        log = SigningLog(self.log_path, clock=lambda: self.now)
        inner = PolicySigner(self.key, Policy.load(self.path), log, clock=lambda: self.now)
        self.signer = LoggedSigner(inner, log)

    def refused(self, act: Any) -> str:
        asked = self.key.asked
        with pytest.raises(PolicyRefused) as caught:
            act()
        assert self.key.asked == asked
        assert caught.value.exit_code == 9
        assert str(caught.value).startswith(f"The signing policy {self.path} refuses: ")
        assert str(caught.value).endswith(". Nothing was signed.")
        assert caught.value.message("ja").endswith("何も署名していません。")
        return str(caught.value)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_is_allowed_is_signed(desk: Desk) -> None:
    assert desk.signer.sign_transaction(transfer(100)).raw
    assert desk.signer.sign_typed_data(permit(100))
    assert desk.signer.address == desk.key.address
    assert desk.signer.health().well


def test_what_only_uses_up_a_nonce_of_its_own_is_signed_within_fees_and_hours(desk: Desk) -> None:
    idle = transfer() | {"data": b"", "to": desk.key.address}
    assert desk.signer.sign_transaction(idle).raw
    assert "the gas may cost" in desk.refused(lambda: desk.signer.sign_transaction(idle | {"gasPrice": 10**6}))
    assert "it sends no ether along" in desk.refused(lambda: desk.signer.sign_transaction(idle | {"value": 1}))
    for more in ({"to": OTHER}, {"data": b"\0"}):
        assert "none that it can read" in desk.refused(lambda more=more: desk.signer.sign_transaction(idle | more))


def test_a_policy_that_allows_no_transaction_signs_none_that_only_uses_up_a_nonce(tmp_path: Path) -> None:
    """It has nothing to take back, and fees to lose."""
    desk = Desk(tmp_path, f'chains = [31337]\n[[allow]]\ncontract = "{TOKEN}"\ntyped_data = ["Permit"]')
    idle = transfer() | {"data": b"", "to": desk.key.address}
    assert "none that it can read" in desk.refused(lambda: desk.signer.sign_transaction(idle))
    assert desk.signer.sign_typed_data(permit(100))


def transaction(data: bytes, to: str | None = TOKEN, **more: Any) -> dict[str, Any]:
    return transfer() | {"data": data, "to": to} | more


TOKENS, QUEUE = SecurityToken(None, TOKEN), Orders(None, ORDERS)  # type: ignore[arg-type]
RIGHTS = Authority(None, ORDERS)  # type: ignore[arg-type]


def proposal(act: bytes) -> bytes:
    return QUEUE.propose(TOKEN, act, Basis.POLICY, bytes(32), 1).data


def test_a_batch_is_read_with_the_number_of_a_jobs_lot_behind_it_and_with_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path, POLICY.replace('["transfer"]', '["transfer", "batchTransfer"]'))
    batch = TOKENS.batch_transfer(bytes(32), [TO], [1]).data
    for behind in (b"", b"\7" * 32):
        assert desk.signer.sign_transaction(transaction(batch + behind)).raw
    for data in (batch + b"\7" * 31, batch + b"\7" * 64, transfer()["data"] + b"\7" * 32):
        assert "the call is none that it can read" in desk.refused(
            lambda data=data: desk.signer.sign_transaction(transaction(data))
        )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (transfer() | {"chainId": 1}, "chain 1 is not allowed"),
        (transfer() | {"value": 1}, "it sends no ether along"),
        (transfer() | {"gasPrice": 12}, "the gas may cost 1080000 wei, more than 1000000"),
        (transaction(TOKENS.approve(TO, 1).data), f"approve of {TOKEN} is not allowed"),
        (transfer() | {"to": OTHER}, f"transfer of {OTHER} is not allowed"),
        (transaction(b"\1\2\3\4"), "the call is none that it can read"),
        (transaction(b""), "the call is none that it can read"),
        (transaction(transfer()["data"] + b"\0"), "the call is none that it can read"),
        (transaction(transfer()["data"], None), "the call is none that it can read"),
        (transfer(101), "transfer names 101 units, more than 100 in one act"),
        (transaction(proposal(TOKENS.finalize_issuance().data), ORDERS), "propose:finalizeIssuance of 0x5"),
        (transaction(proposal(b"\1\2\3\4"), ORDERS), "the call is none that it can read"),
    ],
)
def test_what_is_not_allowed_is_refused_and_the_key_is_not_asked(fields: dict[str, Any], said: str, desk: Desk) -> None:
    assert said in desk.refused(lambda: desk.signer.sign_transaction(fields))
    assert desk.log_path.read_bytes() == b""


def test_an_order_is_allowed_by_the_act_it_carries(desk: Desk) -> None:
    assert desk.signer.sign_transaction(transaction(proposal(TOKENS.split(2, 0).data), ORDERS)).raw
    assert desk.signer.sign_transaction(transaction(QUEUE.approve(1, bytes(32)).data, ORDERS)).raw


def order(target: str, act: bytes) -> dict[str, Any]:
    return transaction(QUEUE.propose(target, act, Basis.POLICY, bytes(32), 1).data, ORDERS)


def test_an_order_upon_a_contract_that_the_policy_does_not_name_is_refused(desk: Desk) -> None:
    split = TOKENS.split(2, 0).data
    refusal = desk.refused(lambda: desk.signer.sign_transaction(order(OTHER, split)))
    assert f"propose:split upon {OTHER} is not allowed" in refusal
    assert desk.signer.sign_transaction(order(TOKEN, split)).raw


def test_orders_of_a_row_with_targets_are_upon_these_alone(tmp_path: Path) -> None:
    row = '"propose:split"]'
    desk = Desk(tmp_path, POLICY.replace(row, f'{row}\ntargets = ["{OTHER}"]'))
    split = TOKENS.split(2, 0).data
    assert desk.signer.sign_transaction(order(OTHER, split)).raw
    assert f"upon {TOKEN} is not" in desk.refused(lambda: desk.signer.sign_transaction(order(TOKEN, split)))


@pytest.mark.parametrize("within", [QUEUE.propose, QUEUE.execute])
def test_every_order_is_held_to_its_targets_also_one_within_another(within: Any, tmp_path: Path) -> None:
    policy = POLICY.replace('["approve", "propose:split"]', '["propose", "execute"]')
    desk = Desk(tmp_path, policy.replace('["propose", "execute"]', f'["propose", "execute"]\ntargets = ["{ORDERS}"]'))
    split = TOKENS.split(2, 0).data
    more = (Basis.POLICY, bytes(32), 1) if within == QUEUE.propose else ()
    inner = within(OTHER, split, *more) if more else within(1, OTHER, split)
    assert f"upon {OTHER} is not" in desk.refused(lambda: desk.signer.sign_transaction(order(ORDERS, inner.data)))
    outer = transaction(QUEUE.execute(1, OTHER, split).data, ORDERS)
    assert f"execute:split upon {OTHER} is not" in desk.refused(lambda: desk.signer.sign_transaction(outer))


def test_a_call_that_hides_others_is_none_that_it_can_read(desk: Desk) -> None:
    hidden = TOKENS.transfer(TO, 1_000).data
    for call in (RIGHTS.multicall([hidden]), RIGHTS.execute(TOKEN, hidden), RIGHTS.schedule(TOKEN, hidden, 0)):
        fields = transaction(call.data)
        refusal = desk.refused(lambda fields=fields: desk.signer.sign_transaction(fields))
        assert "the call is none that it can read" in refusal


def test_typed_data_is_allowed_by_contract_type_and_units(desk: Desk) -> None:
    other = permit() | {"domain": {"chainId": 31337, "verifyingContract": OTHER}}
    types = {"EIP712Domain": permit()["types"]["EIP712Domain"], "Offer": permit()["types"]["Permit"]}
    offer = permit() | {"types": types, "primaryType": "Offer"}
    named = permit() | {"types": types | {"transfer": types["Offer"]}, "primaryType": "transfer"}
    del named["types"]["Offer"]
    for message, said in (
        (other, f"Permit of {OTHER} is not allowed"),
        (offer, f"Offer of {TOKEN} is not allowed"),
        (named, f"transfer of {TOKEN} is not allowed"),
        (permit(101), "Permit names 101 units, more than 100 in one act"),
        (permit() | {"domain": {"chainId": 2, "verifyingContract": TOKEN}}, "chain 2 is not allowed"),
    ):
        assert said in desk.refused(lambda message=message: desk.signer.sign_typed_data(message))
    with pytest.raises(InputError, match="must be a whole number of 0 or more; it was not signed"):
        desk.signer.sign_typed_data(permit() | {"message": {"value": "0x05"}})


def test_a_day_is_a_day_in_japan_and_counts_whatever_was_signed_in_it(desk: Desk, tmp_path: Path) -> None:
    desk.signer.sign_transaction(transfer(100))
    desk.signer.sign_typed_data(permit(100))
    again = Desk(tmp_path)
    refusal = again.refused(lambda: again.signer.sign_transaction(transfer(51)))
    assert "transfer names 51 units, and with 200 signed for today that is more than 250" in refusal
    assert again.signer.sign_transaction(transfer(50)).raw
    assert "with 250 signed for today" in again.refused(lambda: again.signer.sign_typed_data(permit(1)))
    again.now = NOON + 86_400
    assert again.signer.sign_transaction(transfer(100)).raw
    assert verify(again.log_path).lines == 4


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ((2026, 4, 6, 8, 29), False),
        ((2026, 4, 6, 8, 30), True),
        ((2026, 4, 6, 17, 59), True),
        ((2026, 4, 6, 18, 0), False),
        ((2026, 4, 5, 12, 0), False),
        ((2027, 1, 1, 12, 0), False),
    ],
)
def test_hours_days_and_holidays_are_those_of_japan(moment: tuple[int, ...], open_: bool, desk: Desk) -> None:
    desk.now = datetime(*moment, tzinfo=JST).timestamp()  # type: ignore[arg-type,misc]
    if open_:
        assert desk.signer.sign_transaction(transfer()).raw
    else:
        assert "it does not sign at 202" in desk.refused(lambda: desk.signer.sign_transaction(transfer()))


def test_a_limit_by_the_day_needs_a_signing_log(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    with pytest.raises(ConfigError, match="give --signing-log FILE or set STOTOKEN_SIGNING_LOG; nothing was signed"):
        guarded(LocalSigner(KEY), str(desk.path))
    assert repr(guarded(LocalSigner(KEY), str(desk.path), str(desk.log_path))).startswith("LoggedSigner(PolicySigner(")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chains = [31337]", "chains = []", "chains must name at least one chain"),
        ("chains = [31337]", 'chains = ["31337"]', "chains of it must be a list"),
        ("chains = [31337]", "chain = 31337", "it has a setting chain, which there is not"),
        ('"mon"', '"monday"', "days has monday, which is none of mon, tue"),
        ("08:30-18:00", "18:00-08:30", "hours must be such as"),
        ("08:30-18:00", "8-18", "hours must be such as"),
        ("2027-01-01", '"soon"', "'soon' is not a date"),
        ("1_000_000", "-1", "most_fee of it must be a whole number of 0 or more"),
        (TOKEN, "0x12", "allow 1: contract: '0x12' is not an address"),
        ('"propose:split"]', '"propose:split"]\ntargets = ["0x12"]', "allow 2: targets: '0x12' is not an address"),
        ('["transfer"]', '["multicall"]', "allow 1: multicall is no function of the system's contracts"),
        ('["transfer"]', '["transfre"]', "allow 1: transfre is no function of the system's contracts"),
        ("units_per_act = 100", "units_per_act = 1.5", "units_per_act of allow 1 must be a whole number"),
        ("units_per_act = 100", "unit_per_act = 100", "allow 1 has a setting unit_per_act"),
        ('functions = ["approve", "propose:split"]', "", "allow 2 names neither functions nor typed_data"),
        ("[[allow]]", "[allow]", "is not TOML"),
        ("chains", "\x01", "is not TOML"),
    ],
)
def test_a_policy_with_a_fault_is_refused_whole(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        Policy.load(path)
    assert said in str(caught.value)
    assert str(caught.value).endswith("; nothing was signed.")


def test_a_policy_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory; nothing was signed"):
        Policy.load(tmp_path / "none.toml")


def test_typed_data_of_less_than_nothing_does_not_make_room_in_the_day(desk: Desk) -> None:
    types = {"EIP712Domain": permit()["types"]["EIP712Domain"], "Permit": [{"name": "value", "type": "int256"}]}
    with pytest.raises(InputError, match="must be a whole number of 0 or more; it was not signed"):
        desk.signer.sign_typed_data(permit() | {"types": types, "message": {"value": -1_000}})
    assert desk.key.asked == 0


def test_holidays_that_are_no_list_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holidays must be a list of days"):
        Desk(tmp_path, POLICY.replace("[2027-01-01]", "5"))


def offline_desk(folder: Path, price: int) -> tuple[Request, Any]:
    """What was asked of a key elsewhere and signed there at that price, and the signer that is to take it."""
    (folder / "policy.toml").write_text(POLICY.replace('hours = "08:30-18:00"', ""))
    log, key = SigningLog(folder / "signing.jsonl", clock=lambda: NOON), LocalSigner(KEY)
    policy = Policy.load(folder / "policy.toml")
    inner = PolicySigner(OfflineSigner(folder, key.address), policy, log, clock=lambda: NOON)
    signer = LoggedSigner(inner, log)
    with pytest.raises(SignatureAwaited) as awaited:
        signer.sign_transaction(transfer() | {"gasPrice": 1})
    path = Path(awaited.value.request)
    request = Request.read(path)[0]
    if price != 1:
        request = Request(key.address, Envelope.of(transfer() | {"gasPrice": price}))
        request.write(path)
    signed = path.with_name(path.name.removesuffix(UNSIGNED) + SIGNED)
    request.write(signed, signature=to_hex(request.sign(key)))
    return request, signer


def test_a_request_whose_fees_were_raised_while_it_waited_is_refused(tmp_path: Path) -> None:
    _, signer = offline_desk(tmp_path, 1_000)
    with pytest.raises(PolicyRefused, match="the gas may cost 90000000 wei, more than 1000000"):
        signer.sign_transaction(transfer() | {"gasPrice": 1})


def test_the_log_has_the_digest_of_what_was_signed_with_the_fees_of_before(tmp_path: Path) -> None:
    request, signer = offline_desk(tmp_path, 1)
    signer.sign_transaction(transfer() | {"gasPrice": 2})
    assert to_hex(request.digest) in (tmp_path / "signing.jsonl").read_text()
