"""One suite for every kind of signer, each behind the real wire of its kind, sending to a real node; then faults."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import rlp
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_account.typed_transactions import TypedTransaction
from hexbytes import HexBytes
from keepers import PASSWORD, TLS, KmsService, Offline, Service, VaultService, Web3SignerService, on_the_other_machine

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.chain.devnode import MNEMONIC
from stotoken.chain.faults import SignatureAwaited, SignerError
from stotoken.chain.sender import Sender
from stotoken.chain.signer import KeystoreSigner, LocalSigner, Signer, signer_from_uri
from stotoken.chain.signers.awskms import AwsKmsSigner, der_signature
from stotoken.chain.signers.web3signer import Web3Signer
from stotoken.errors import ConfigError, InputError, StotokenError

KINDS = ("memory", "env", "keystore", "web3signer", "awskms", "vault", "offline", "node")
STRANGER = "0x" + "22" * 20
AWS_SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"

LEGACY: dict[str, Any] = {"chainId": 31337, "nonce": 3, "gas": 50_000, "gasPrice": 7, "to": STRANGER, "value": 0}
MARKET: dict[str, Any] = {
    "type": 2, "chainId": 31337, "nonce": 4, "gas": 50_000, "maxFeePerGas": 9, "maxPriorityFeePerGas": 1,
    "to": STRANGER, "value": 1, "data": b"\1\2\3",
}  # fmt: skip
PERMIT: dict[str, Any] = {
    "types": {
        "EIP712Domain": [
            {"name": "name", "type": "string"},
            {"name": "chainId", "type": "uint256"},
            {"name": "verifyingContract", "type": "address"},
        ],
        "Permit": [{"name": "spender", "type": "address"}, {"name": "value", "type": "uint256"}],
    },
    "primaryType": "Permit",
    "domain": {"name": "token", "chainId": 31337, "verifyingContract": STRANGER},
    "message": {"spender": STRANGER, "value": 2**200 + 5},
}


@dataclass
class Kept:
    """A signer, whose key it is, and what may never show."""

    signer: Signer
    address: str
    secrets: list[str] = field(default_factory=list)
    service: Service | None = None


class Keep:
    """Has a new key kept in one of the ways, named by its kind."""

    def __init__(self, anvil: Connection, folder: Path, running: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.anvil, self.folder, self.running, self.monkeypatch = anvil, folder, running, monkeypatch
        self.key = os.urandom(32)
        self.address = LocalSigner(self.key).address
        self.secrets = [self.key.hex(), str(int.from_bytes(self.key, "big")), repr(self.key)[2:-1], PASSWORD]

    def __call__(self, kind: str) -> Kept:
        kept: Kept = getattr(self, kind)()
        return kept

    def memory(self) -> Kept:
        return Kept(LocalSigner(self.key), self.address, self.secrets)

    def env(self) -> Kept:
        self.monkeypatch.setenv("DEV_KEY", self.key.hex())
        return Kept(signer_from_uri("env:DEV_KEY"), self.address, self.secrets)

    def keystore(self) -> Kept:
        return Kept(signer_from_uri(f"keystore:{self._stored()}"), self.address, self.secrets)

    def web3signer(self) -> Kept:
        return self._served(Web3SignerService(self.key), "web3signer:{0}#{1}")

    def awskms(self) -> Kept:
        return self._served(
            KmsService(self.key), f"awskms:{KmsService.key_id}", AWS_ENDPOINT_URL_KMS="{}",
            AWS_DEFAULT_REGION="ap-northeast-1", AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
            AWS_SECRET_ACCESS_KEY=AWS_SECRET, AWS_EC2_METADATA_DISABLED="true",
        )  # fmt: skip

    def vault(self) -> Kept:
        where = {"VAULT_ADDR": "{}", "VAULT_TOKEN": VaultService.token}
        return self._served(VaultService(self.key), "vault:secret/stotoken/issuer#keystore", **where)

    def offline(self) -> Kept:
        signer = signer_from_uri(f"offline:{self.folder / 'requests'}#{self.address}")
        return Kept(Offline(signer, self._stored(), dict(os.environ)), self.address, self.secrets)

    def node(self) -> Kept:
        [account] = self.anvil.request("eth_accounts")
        Account.enable_unaudited_hdwallet_features()
        known = Account.from_mnemonic(MNEMONIC)
        signer = signer_from_uri(f"node:{account}", connect=lambda: self.anvil)
        return Kept(signer, known.address, [known.key.hex()])

    def _stored(self) -> Path:
        path = self.folder / "key.json"
        KeystoreSigner.create(path, PASSWORD, self.key, work=2)
        return path

    def _served(self, service: Service, uri: str, **environment: str) -> Kept:
        self.running.enter_context(service.running())
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value.format(service.url))
        signer = signer_from_uri(uri.format(service.url, self.address))
        return Kept(signer, self.address, [*self.secrets, AWS_SECRET, VaultService.token], service)


@pytest.fixture
def keep(anvil: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keep]:
    monkeypatch.setenv("STOTOKEN_PASSWORD", PASSWORD)
    with ExitStack() as running:
        yield Keep(anvil, tmp_path, running, monkeypatch)


@pytest.mark.parametrize("kind", KINDS)
def test_every_signer_sends_transactions_that_the_chain_takes(kind: str, keep: Keep, anvil: Connection) -> None:
    kept = keep(kind)
    assert kept.signer.address == kept.address
    anvil.request("anvil_setBalance", [kept.address, hex(10**20)])
    sender = Sender(anvil, kept.signer, timeout=20)
    before = anvil.nonce(kept.address)
    for amount in (1, 2):
        receipt = sender.send(Call(STRANGER, b"", "", amount))
        assert receipt.status == 1
        assert anvil.request("eth_getTransactionByHash", [receipt.tx_hash])["from"] == kept.address.lower()
    assert anvil.nonce(kept.address) == before + 2


@pytest.mark.parametrize("fields", [LEGACY, MARKET], ids=["legacy", "fee market"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_signer_signs_what_it_is_asked_for(kind: str, fields: dict[str, Any], keep: Keep) -> None:
    kept = keep(kind)
    signed = kept.signer.sign_transaction(fields)
    assert Account.recover_transaction(signed.raw) == kept.address
    if fields is MARKET:
        said = TypedTransaction.from_bytes(HexBytes(signed.raw)).as_dict()
        assert {name: said[name] for name in MARKET} == MARKET | {"to": bytes.fromhex(STRANGER[2:])}
    else:
        said = [int.from_bytes(item, "big") for item in rlp.decode(signed.raw)]
        wanted = [LEGACY[name] for name in ("nonce", "gasPrice", "gas")] + [int(STRANGER, 16), 0, 0]
        assert said[:6] == wanted
        assert (said[6] - 35) // 2 == LEGACY["chainId"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_signer_signs_typed_data(kind: str, keep: Keep) -> None:
    kept = keep(kind)
    signature = kept.signer.sign_typed_data(PERMIT)
    assert len(signature) == 65
    assert signature[64] in (27, 28)
    assert Account.recover_message(encode_typed_data(full_message=PERMIT), signature=signature) == kept.address


@pytest.mark.parametrize("kind", KINDS)
def test_no_signer_signs_without_a_chain_id(kind: str, keep: Keep) -> None:
    signer = keep(kind).signer
    with pytest.raises(InputError, match="names no chain id"):
        signer.sign_transaction(LEGACY | {"chainId": None})
    with pytest.raises(InputError, match="names no chain id"):
        signer.sign_typed_data(PERMIT | {"domain": {"name": "token"}})


@pytest.mark.parametrize("kind", KINDS)
def test_every_signer_tells_how_it_is(kind: str, keep: Keep) -> None:
    kept = keep(kind)
    found = kept.signer.health()
    assert (found.well, found.address, found.can_sign) == (True, kept.address, ("transaction", "typed data"))


@pytest.mark.parametrize("kind", KINDS)
def test_no_signer_shows_a_key_a_password_or_a_token(
    kind: str, keep: Keep, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    kept = keep(kind)
    kept.signer.sign_transaction(LEGACY)
    shown = [
        repr(kept.signer),
        str(kept.signer),
        str(vars(getattr(kept.signer, "_signer", kept.signer))),
        str(kept.signer.health()),
        caplog.text,
    ]
    if kept.service is not None:
        kept.service.faults["status"] = 500
        with pytest.raises(SignerError) as caught:
            keep_asking(kept.signer)
        shown += [str(caught.value), str(caught.value.to_dict()), repr(caught.value.__context__)]
    shown += list(capfd.readouterr())
    for secret in kept.secrets:
        assert not [text for text in shown if secret in text.lower() or secret in text]


def keep_asking(signer: Signer) -> None:
    """Everything that asks the keeper, what it knows already forgotten."""
    if (problem := signer.health().problem) != "":
        raise SignerError(problem)
    signer.sign_transaction(LEGACY)


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["web3signer", "awskms", "vault"])
def test_a_keeper_that_fails_or_is_gone_is_told_in_one_sentence(
    kind: str, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(kind)
    assert kept.service is not None
    kept.service.faults["status"] = 500
    with pytest.raises(SignerError, match="nothing was signed"):
        kept.signer.sign_transaction(LEGACY)
    assert not kept.signer.health().well
    kept.service.faults = {"status": 200}
    with pytest.raises(SignerError, match="nothing was s"):
        kept.signer.sign_transaction(LEGACY)


def test_a_keeper_that_does_not_answer_in_time_is_told(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep("web3signer")
    assert kept.service is not None
    kept.service.faults["wait"] = 0.6
    slow = Web3Signer(kept.service.url, kept.address, timeout=0.2)
    with pytest.raises(SignerError, match="did not answer within 0.2 seconds; nothing was signed"):
        slow.sign_transaction(LEGACY)
    assert slow.health().problem.endswith("did not answer within 0.2 seconds; nothing was signed.")


def test_kms_and_vault_that_do_not_answer_in_time_are_told(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stotoken.chain.signers.awskms.ATTEMPTS", 1)
    kept = keep("awskms")
    assert kept.service is not None
    kept.service.faults["wait"] = 0.6
    with pytest.raises(SignerError, match="AWS KMS cannot be asked for sign: ReadTimeoutError"):
        AwsKmsSigner(KmsService.key_id, timeout=0.2).sign_transaction(LEGACY)
    monkeypatch.setattr("stotoken.chain.signers.vault.TIMEOUT", 0.2)
    kept = keep("vault")
    assert kept.service is not None
    kept.service.faults["wait"] = 0.6
    from stotoken.chain.signers.vault import VaultSigner

    with pytest.raises(SignerError, match="Vault did not answer in time; nothing was signed"):
        VaultSigner("secret/stotoken/issuer#keystore", timeout=0.2).sign_transaction(LEGACY)  # type: ignore[arg-type]


def test_a_service_without_a_trusted_certificate_is_not_asked(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = Web3SignerService(os.urandom(32))
    with service.running(tls=True):
        signer = Web3Signer(service.url, service.account.address)
        with pytest.raises(SignerError, match="has no certificate that is trusted; nothing was signed"):
            signer.sign_transaction(LEGACY)
        assert service.asked == []
        monkeypatch.setenv("STOTOKEN_WEB3SIGNER_CA", str(TLS / "loopback.crt"))
        assert Account.recover_transaction(signer.sign_transaction(LEGACY).raw) == service.account.address
        monkeypatch.setenv("STOTOKEN_WEB3SIGNER_CA", str(tmp_path / "none.crt"))
        with pytest.raises(SignerError, match="has no file of TLS"):
            signer.sign_transaction(LEGACY)


def test_a_service_that_asks_for_a_certificate_is_shown_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Web3SignerService(os.urandom(32))
    monkeypatch.setenv("STOTOKEN_WEB3SIGNER_CA", str(TLS / "loopback.crt"))
    with service.running(tls=True, mutual=True):
        signer = Web3Signer(service.url, service.account.address)
        with pytest.raises(SignerError, match="nothing was signed"):
            signer.sign_transaction(LEGACY)
        assert service.asked == []
        monkeypatch.setenv("STOTOKEN_WEB3SIGNER_CERT", str(TLS / "loopback.crt"))
        monkeypatch.setenv("STOTOKEN_WEB3SIGNER_KEY", str(TLS / "loopback.pem"))
        assert Account.recover_transaction(signer.sign_transaction(LEGACY).raw) == service.account.address


def test_web3signer_over_plain_http_beyond_this_machine_is_refused() -> None:
    for url in ("http://signer.example", "ftp://127.0.0.1", "https://", "https://u:p@h:0", "https://h/?token=abcdef"):
        with pytest.raises(ConfigError, match="web3signer: takes https://HOST") as caught:
            Web3Signer(url, STRANGER)
        assert "abcdef" not in str(caught.value)
        assert "u:p" not in str(caught.value)


ALTERED: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "to": lambda fields: fields | {"to": "0x" + "33" * 20},
    "data": lambda fields: fields | {"data": "0x010204"},
    "value": lambda fields: fields | {"value": 2},
    "nonce": lambda fields: fields | {"nonce": 5},
    "chainId": lambda fields: fields | {"chainId": 1},
    "gas": lambda fields: fields | {"gas": 50_001},
    "maxFeePerGas": lambda fields: fields | {"maxFeePerGas": 10**12},
}


@pytest.mark.parametrize("name", ALTERED)
def test_a_transaction_that_the_service_altered_is_not_sent(name: str, keep: Keep) -> None:
    kept = keep("web3signer")
    assert kept.service is not None
    kept.service.faults["alter"] = ALTERED[name]
    with pytest.raises(SignerError, match=f"signed another {name} than was asked for; nothing was sent."):
        kept.signer.sign_transaction(MARKET)


def test_a_service_with_the_key_of_another_is_refused(keep: Keep) -> None:
    kept = keep("web3signer")
    assert kept.service is not None
    other = Web3Signer(kept.service.url, STRANGER)
    with pytest.raises(SignerError, match="refused eth_signTransaction: No unlocked account matches the Sender"):
        other.sign_transaction(LEGACY)
    assert other.health().problem.endswith(f"holds no key of {STRANGER}.")
    kept.service.faults["any sender"] = True
    with pytest.raises(SignerError, match=f"gave a signature of {kept.address} or of another digest, not of"):
        other.sign_transaction(LEGACY)
    with pytest.raises(SignerError, match="gave a signature of 0x"):
        other.sign_typed_data(PERMIT)


def test_a_service_that_knows_no_typed_data_says_so(keep: Keep) -> None:
    kept = keep("web3signer")
    assert kept.service is not None
    kept.service.faults["without"] = {"eth_signTypedData"}
    assert kept.signer.health().can_sign == ("transaction",)
    assert kept.signer.health().well
    with pytest.raises(SignerError, match="does not sign typed data; nothing was signed"):
        kept.signer.sign_typed_data(PERMIT)


def test_a_raw_transaction_cut_short_on_the_way_is_refused(keep: Keep) -> None:
    kept = keep("web3signer")
    assert kept.service is not None
    kept.service.faults["alter_raw"] = lambda raw: raw[:-1]
    with pytest.raises(SignerError, match="no signed transaction; nothing was sent"):
        kept.signer.sign_transaction(LEGACY)


def test_kms_signatures_with_a_high_s_are_made_low(keep: Keep) -> None:
    kept = keep("awskms")
    assert isinstance(kept.service, KmsService)
    for _ in range(4):
        signature = kept.signer.sign_typed_data(PERMIT)
        assert (
            int.from_bytes(signature[32:64], "big")
            <= 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
        )
    assert kept.service.signatures == 4
    assert {operation for operation, _ in kept.service.asked} == {"GetPublicKey", "Sign"}


def test_kms_that_signs_with_another_key_is_refused(keep: Keep) -> None:
    kept = keep("awskms")
    assert kept.service is not None
    kept.service.faults["key"] = b"\7" * 32
    with pytest.raises(SignerError, match=f"made for {kept.address} is not of its key; nothing was sent"):
        kept.signer.sign_transaction(LEGACY)
    with pytest.raises(SignerError, match=f"is that of {kept.address}, not of {STRANGER}"):
        _ = signer_from_uri(f"awskms:{KmsService.key_id}#{STRANGER}").address


@pytest.mark.parametrize(
    "broken",
    [
        lambda der: der[:-1],
        lambda der: der[:10],
        lambda der: b"",
        lambda der: der + b"\0",
        lambda der: b"\x31" + der[1:],
        lambda der: der.replace(b"\x02", b"\x03", 1),
    ],
)
def test_a_signature_of_kms_that_is_cut_or_odd_is_refused(broken: Callable[[bytes], bytes], keep: Keep) -> None:
    kept = keep("awskms")
    assert kept.service is not None
    kept.service.faults["der"] = broken
    with pytest.raises(SignerError, match="AWS KMS gave back something that is no signature; nothing was sent"):
        kept.signer.sign_transaction(LEGACY)


@pytest.mark.parametrize(
    "data",
    [
        "3006020100020101",  # r is zero
        "300702020001020101",  # r has a zero too many
        "300702010102010200",  # something follows inside
        "3007020101020102",  # it says that it is longer
        "3006020181020101",  # r is negative
        "30060201010201" + "00",  # s is zero
        "3026" + "0221" + "00" + "ff" * 32 + "020101",  # r is beyond the order
        "308106020101020101",  # the length is in the long form
        "3004020101" + "0200",  # s is empty
    ],
)
def test_the_only_encoding_of_a_signature_is_the_strict_one(data: str) -> None:
    assert der_signature(bytes.fromhex("3006020101020102")) == (1, 2)
    with pytest.raises((ValueError, IndexError)):
        der_signature(bytes.fromhex(data))


def test_a_key_of_kms_of_another_curve_use_or_state_is_refused(keep: Keep) -> None:
    kept = keep("awskms")
    service = kept.service
    assert isinstance(service, KmsService)
    service.state = "PendingDeletion"
    assert "is in state PendingDeletion: it does not sign" in kept.signer.health().problem
    with pytest.raises(SignerError, match="AWS KMS refused sign: DisabledException; nothing was signed"):
        kept.signer.sign_transaction(LEGACY)
    for name, value, said in (("spec", "ECC_NIST_P256", "not of the curve"), ("usage", "ENCRYPT", "not for signing")):
        setattr(service, name, value)
        with pytest.raises(SignerError, match=said):
            _ = signer_from_uri(f"awskms:{KmsService.key_id}").address
        setattr(service, name, {"spec": "ECC_SECG_P256K1", "usage": "SIGN_VERIFY"}[name])
    service.faults["spki"] = lambda spki: spki[:-1]
    with pytest.raises(SignerError, match="no public key of secp256k1"):
        _ = signer_from_uri(f"awskms:{KmsService.key_id}").address
    with pytest.raises(SignerError, match="refused get_public_key: NotFoundException"):
        _ = signer_from_uri("awskms:alias/other").address


def test_a_setting_of_aws_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(ConfigError, match=r"such as the region \(NoRegionError\); nothing was done"):
        signer_from_uri("awskms:alias/issuer")


def test_what_vault_does_not_give_is_told(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep("vault")
    service = kept.service
    assert isinstance(service, VaultService)
    with pytest.raises(SignerError, match="Keystore secret/stotoken/other#keystore of Vault is not there"):
        _ = signer_from_uri("vault:secret/stotoken/other#keystore").address
    with pytest.raises(SignerError, match="is not a version 3 keystore"):
        _ = signer_from_uri("vault:secret/stotoken/issuer#other").address
    service.secret["keystore"] = json.loads(str(service.secret["keystore"]))
    assert signer_from_uri("vault:secret/stotoken/issuer#keystore").address == kept.address
    monkeypatch.setenv("STOTOKEN_PASSWORD", "another")
    with pytest.raises(ConfigError, match="was not opened: the password is wrong"):
        kept.signer.sign_transaction(LEGACY)
    monkeypatch.setenv("VAULT_TOKEN", "hvs.of-somebody-else")
    with pytest.raises(SignerError, match="is not shown to this token") as caught:
        _ = signer_from_uri("vault:secret/stotoken/issuer#keystore").address
    assert "somebody-else" not in str(caught.value)
    monkeypatch.delenv("VAULT_TOKEN")
    with pytest.raises(ConfigError, match="vault: needs VAULT_TOKEN in the environment; nothing was done"):
        signer_from_uri("vault:secret/stotoken/issuer#keystore")


@pytest.mark.parametrize(("uri", "module", "extra"), [("awskms:k", "boto3", "aws"), ("vault:a/b#c", "hvac", "vault")])
def test_a_missing_extra_is_one_sentence_with_the_command(
    uri: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(ConfigError) as caught:
        signer_from_uri(uri)
    scheme = uri.partition(":")[0]
    assert str(caught.value) == f"{scheme}: needs {module}: pip install 'stotoken[{extra}]'. Nothing was done."


# --- keys for development ---------------------------------------------------------------------------------------------


def test_a_key_in_the_environment_signs_for_development_chains_alone(
    keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = keep("env").signer
    far = LEGACY | {"chainId": 2018}
    with pytest.raises(ConfigError, match="chain 2018 is none of 1337, 31337: use another signer"):
        signer.sign_transaction(far)
    with pytest.raises(ConfigError, match="nothing was signed"):
        signer.sign_typed_data(PERMIT | {"domain": PERMIT["domain"] | {"chainId": 2018}})
    assert signer.sign_transaction(LEGACY | {"chainId": "0x7a69"}).raw
    monkeypatch.setenv("STOTOKEN_DEVELOPMENT_CHAINS", "2017, 2018")
    assert signer.sign_transaction(far).raw


def test_an_account_of_a_node_is_for_development_chains_alone(start_anvil: Any) -> None:
    elsewhere = start_anvil("--chain-id", "2018")
    [account] = elsewhere.request("eth_accounts")
    signer = signer_from_uri(f"node:{account}", connect=lambda: elsewhere)
    with pytest.raises(ConfigError, match="the node serves chain 2018, which is none of 1337, 31337"):
        signer.sign_transaction(LEGACY | {"chainId": 2018})
    assert "serves chain 2018" in signer.health().problem


def test_a_node_without_the_account_says_so(anvil: Connection) -> None:
    signer = signer_from_uri(f"node:{STRANGER}", connect=lambda: anvil)
    assert signer.health().problem == f"The node holds no key of {STRANGER}."
    with pytest.raises(SignerError, match="nothing was signed"):
        signer.sign_transaction(LEGACY)


# --- a key on another machine -----------------------------------------------------------------------------------------


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Signer, Path, Path]:
    """The signer, its folder, and the keystore on the other machine."""
    monkeypatch.setenv("STOTOKEN_PASSWORD", PASSWORD)
    stored = KeystoreSigner.create(tmp_path / "key.json", PASSWORD, work=2)
    folder = tmp_path / "requests"
    return signer_from_uri(f"offline:{folder}#{stored.address}"), folder, stored.path


def asked_for(signer: Signer, fields: dict[str, Any]) -> SignatureAwaited:
    with pytest.raises(SignatureAwaited) as caught:
        signer.sign_transaction(fields)
    return caught.value


def test_a_request_waits_and_says_what_to_do(offline: tuple[Signer, Path, Path]) -> None:
    signer, folder, _ = offline
    awaited = asked_for(signer, MARKET)
    assert awaited.exit_code == 8
    assert f"stotoken key sign {Path(awaited.request).name} --signer keystore:PATH" in str(awaited)
    assert "同じコマンドを再実行" in awaited.message("ja")
    assert [path.name for path in folder.iterdir()] == [f"31337-{signer.address}-4.unsigned.json"]
    before = Path(awaited.request).read_bytes()
    assert asked_for(signer, MARKET | {"maxFeePerGas": 99}).request == awaited.request
    assert Path(awaited.request).read_bytes() == before


def test_a_signed_request_is_sent_with_the_fees_that_were_signed(offline: tuple[Signer, Path, Path]) -> None:
    signer, _, keystore = offline
    on_the_other_machine(asked_for(signer, MARKET).request, keystore, dict(os.environ))
    later = signer.sign_transaction(MARKET | {"maxFeePerGas": 99, "gas": 60_000})
    assert Account.recover_transaction(later.raw) == signer.address
    assert later == signer.sign_transaction(MARKET)


@pytest.mark.parametrize(("name", "value"), [("to", "0x" + "33" * 20), ("data", b"\1"), ("value", 2)])
def test_another_act_of_the_same_nonce_is_refused(name: str, value: Any, offline: tuple[Signer, Path, Path]) -> None:
    signer, _, keystore = offline
    on_the_other_machine(asked_for(signer, MARKET).request, keystore, dict(os.environ))
    with pytest.raises(InputError, match=f"another act of the same number 4: {name} differs. Nothing was sent."):
        signer.sign_transaction(MARKET | {name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("to", "0x" + "33" * 20), ("gas", "0xc351"), ("maxFeePerGas", "0xa"), ("nonce", "0x5"), ("chainId", "0x1")],
)
def test_a_signed_file_of_anything_else_is_refused(
    name: str, value: str, offline: tuple[Signer, Path, Path], tmp_path: Path
) -> None:
    """Altered on the way there, and honestly signed there."""
    from stotoken.chain.envelope import Envelope

    signer, folder, keystore = offline
    request = Path(asked_for(signer, MARKET).request)
    found = json.loads(request.read_text())
    found["transaction"][name] = value
    found["digest"] = "0x" + Envelope.of(found["transaction"]).digest.hex()
    carried = tmp_path / "carried.unsigned.json"
    carried.write_text(json.dumps(found))
    on_the_other_machine(str(carried), keystore, dict(os.environ))
    carried.with_name("carried.signed.json").rename(folder / request.name.replace("unsigned", "signed"))
    with pytest.raises(SignerError, match=f"is not what was asked for: {name} differs; nothing was sent."):
        signer.sign_transaction(MARKET)


def test_a_signed_file_without_its_own_signature_is_refused(offline: tuple[Signer, Path, Path]) -> None:
    signer, _, _ = offline
    request = Path(asked_for(signer, MARKET).request)
    signed = request.with_name(request.name.replace("unsigned", "signed"))
    found = json.loads(request.read_text())
    for signature, said in ((None, "holds no signature"), ("0x" + "11" * 65, "holds no signature")):
        signed.write_text(json.dumps(found if signature is None else found | {"signature": signature}))
        with pytest.raises(SignerError, match=said):
            signer.sign_transaction(MARKET)
    other = LocalSigner(os.urandom(32))
    forged = json.loads(request.read_text()) | {"signature": "0x" + other._signature(bytes(32)).compact.hex()}
    signed.write_text(json.dumps(forged))
    with pytest.raises(SignerError, match="gave a signature of 0x"):
        signer.sign_transaction(MARKET)
    signed.write_text('{"format": 1}')
    with pytest.raises(StotokenError, match="is not a request to sign, or was altered"):
        signer.sign_transaction(MARKET)
