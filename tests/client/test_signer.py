from __future__ import annotations

import copy
import io
import json
import os
import pickle
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from stotoken.chain.faults import SignerError
from stotoken.chain.signer import EnvSigner, KeystoreSigner, LocalSigner, Secret, signer_from_uri
from stotoken.errors import ConfigError, InputError, StotokenError

KEY = bytes(range(1, 33))
ADDRESS = "0x6370eF2f4Db3611D657b90667De398a2Cc2a370C"
FIELDS: dict[str, Any] = {"to": ADDRESS, "nonce": 0, "gas": 21_000, "gasPrice": 0, "value": 0, "chainId": 1337}
PERMIT: dict[str, Any] = {
    "types": {
        "EIP712Domain": [{"name": "name", "type": "string"}, {"name": "chainId", "type": "uint256"}],
        "Permit": [{"name": "units", "type": "uint256"}],
    },
    "primaryType": "Permit",
    "domain": {"name": "token", "chainId": 1337},
    "message": {"units": 5},
}


@pytest.fixture(scope="module")
def keystore(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key.json"
    KeystoreSigner.create(path, "correct horse", KEY, work=2)
    return path


def shows_key(text: str) -> bool:
    return KEY.hex() in text.lower() or repr(KEY)[2:-1] in text or str(int.from_bytes(KEY, "big")) in text


def test_legacy_and_fee_market_transactions_are_signed_for_the_named_chain() -> None:
    from eth_account import Account

    market = {name: value for name, value in FIELDS.items() if name != "gasPrice"}
    market |= {"type": 2, "maxFeePerGas": 0, "maxPriorityFeePerGas": 0}
    for fields in (FIELDS, market):
        signed = LocalSigner(KEY).sign_transaction(fields)
        assert Account.recover_transaction(signed.raw) == ADDRESS
        assert signed.hash.startswith("0x")


@pytest.mark.parametrize("chain_id", [None, 0])
def test_nothing_is_signed_without_a_chain_id(chain_id: int | None) -> None:
    with pytest.raises(InputError, match="names no chain id"):
        LocalSigner(KEY).sign_transaction(FIELDS | {"chainId": chain_id})
    with pytest.raises(InputError, match="names no chain id"):
        LocalSigner(KEY).sign_typed_data(PERMIT | {"domain": {"name": "token"}})


def test_typed_data_is_signed_with_a_low_s_and_recovers() -> None:
    from eth_account import Account
    from eth_account.messages import encode_typed_data

    signature = LocalSigner(KEY).sign_typed_data(PERMIT)
    assert len(signature) == 65
    assert Account.recover_message(encode_typed_data(full_message=PERMIT), signature=signature) == ADDRESS


def test_a_signature_of_another_key_is_never_handed_out() -> None:
    signer = LocalSigner(KEY)
    signer._address = "0x" + "11" * 20
    with pytest.raises(SignerError, match="is not of its key; nothing was sent"):
        signer.sign_transaction(FIELDS)


def test_a_key_shows_nowhere(monkeypatch: pytest.MonkeyPatch, keystore: Path) -> None:
    monkeypatch.setenv("DEV_KEY", "0x" + KEY.hex())
    monkeypatch.setenv("STOTOKEN_PASSWORD", "correct horse")
    opened = KeystoreSigner(keystore)
    opened.sign_transaction(FIELDS)
    for signer in (LocalSigner(KEY), EnvSigner("DEV_KEY"), opened):
        assert not shows_key(f"{signer!r} {signer} {vars(signer)}")
        for leak in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="neither pickled nor copied"):
                leak(signer)
    assert f"{Secret(KEY)} {Secret(KEY)!r}" == "<secret> <secret>"


def test_a_wrong_field_is_refused_without_showing_the_key() -> None:
    with pytest.raises(InputError, match="cannot be signed") as caught:
        LocalSigner(KEY).sign_transaction(FIELDS | {"nonce": "first"})
    assert caught.value.__context__ is None
    assert not shows_key(str(caught.value))
    with pytest.raises(InputError, match="cannot be signed"):
        LocalSigner(KEY).sign_typed_data(PERMIT | {"primaryType": "Other"})


@pytest.mark.parametrize("key", [b"", b"\1" * 31, bytes(32), b"\xff" * 32])
def test_an_impossible_key_is_refused_without_showing_it(key: bytes) -> None:
    with pytest.raises(ConfigError, match="not a valid key") as caught:
        LocalSigner(key)
    assert caught.value.__context__ is None


def test_an_environment_key_is_read_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEV_KEY", KEY.hex())
    assert signer_from_uri("env:DEV_KEY").address == ADDRESS
    monkeypatch.setenv("DEV_KEY", KEY.hex()[:-1])
    with pytest.raises(ConfigError, match="DEV_KEY is not a private key of 64") as caught:
        signer_from_uri("env:DEV_KEY")
    assert KEY.hex()[:-1] not in str(caught.value)
    with pytest.raises(ConfigError, match="NO_SUCH_KEY holds no private key"):
        signer_from_uri("env:NO_SUCH_KEY")


def test_a_keystore_tells_its_address_before_it_is_opened(keystore: Path) -> None:
    signer = signer_from_uri(f"keystore:{keystore}")
    assert signer.address == ADDRESS
    assert stat.S_IMODE(keystore.stat().st_mode) == 0o600
    assert KEY.hex() not in keystore.read_text()


def test_a_keystore_asks_once_for_its_password(monkeypatch: pytest.MonkeyPatch, keystore: Path) -> None:
    monkeypatch.delenv("STOTOKEN_PASSWORD", raising=False)
    asked: list[str] = []
    signer = KeystoreSigner(keystore, prompt=lambda text: asked.append(text) or "correct horse")  # type: ignore[func-returns-value]
    signer.sign_transaction(FIELDS)
    assert len(signer.sign_typed_data(PERMIT)) == 65
    assert asked == [f"Password of keystore {keystore}: "]


def test_a_password_of_bytes_that_spell_no_text_opens_its_keystore(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    password = os.fsdecode(b"p\xe9ss")
    made = KeystoreSigner.create(tmp_path / "key.json", password, work=2)
    monkeypatch.setenv("STOTOKEN_PASSWORD", password)
    assert KeystoreSigner(tmp_path / "key.json").sign_transaction(FIELDS).raw
    monkeypatch.setenv("STOTOKEN_PASSWORD", os.fsdecode(b"p\xe8ss"))
    with pytest.raises(ConfigError, match="password is wrong"):
        KeystoreSigner(made.path).sign_transaction(FIELDS)


def test_a_wrong_or_missing_password_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, keystore: Path) -> None:
    monkeypatch.setenv("KEY_PASSWORD", "battery staple")
    with pytest.raises(ConfigError, match="password is wrong") as caught:
        KeystoreSigner(keystore, password_variable="KEY_PASSWORD").sign_transaction(FIELDS)
    assert "battery" not in str(caught.value)
    assert caught.value.__context__ is None
    monkeypatch.delenv("KEY_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(ConfigError, match="set KEY_PASSWORD or use a terminal"):
        KeystoreSigner(keystore, password_variable="KEY_PASSWORD").sign_transaction(FIELDS)


def test_an_existing_keystore_is_never_overwritten(keystore: Path) -> None:
    before = keystore.read_bytes()
    with pytest.raises(ConfigError, match="was not written: File exists"):
        KeystoreSigner.create(keystore, "other", work=2)
    assert keystore.read_bytes() == before


@pytest.mark.parametrize("text", [None, "", "{}", '{"version": 1}', "[3]", "\udcff"])
def test_a_file_that_is_no_keystore_is_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "key.json"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=r"cannot be read: No such file|is not a version 3 keystore"):
        KeystoreSigner(path)


def test_a_file_without_end_is_no_keystore() -> None:
    with pytest.raises(ConfigError, match="/dev/zero is not a version 3 keystore"):
        KeystoreSigner("/dev/zero")


def test_a_keystore_whose_address_is_not_its_keys_is_refused(tmp_path: Path, keystore: Path) -> None:
    forged = tmp_path / "forged.json"
    text = keystore.read_text()
    forged.write_text(text.replace(ADDRESS[2:].lower(), "22" * 20).replace(ADDRESS[2:], "22" * 20))
    with pytest.raises(ConfigError, match="states address 0x2222"):
        KeystoreSigner(forged, prompt=lambda _: "correct horse").sign_transaction(FIELDS)


def test_a_keystore_without_its_parts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text('{"version": 3}')
    with pytest.raises(ConfigError, match="not a complete version 3 keystore"):
        KeystoreSigner(path, prompt=lambda _: "any").sign_transaction(FIELDS)


def with_costs(keystore: Path, path: Path, **params: object) -> KeystoreSigner:
    """The same keystore asking for other costs; `c` makes it one of PBKDF2."""
    found = json.loads(keystore.read_text())
    crypto = found["crypto"]
    crypto["kdf"] = "pbkdf2" if "c" in params else "scrypt"
    crypto["kdfparams"] = crypto["kdfparams"] | {"prf": "hmac-sha256"} | params
    path.write_text(json.dumps(found))
    return KeystoreSigner(path, prompt=lambda _: "correct horse")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"n": 2**30}, "more than 512 MiB of memory"),
        ({"N": 2**30}, "more than 512 MiB of memory"),
        ({"n": 2, "r": 2**22}, "more than 512 MiB of memory"),
        ({"n": 2**19, "r": 1, "p": 2**10}, "more than 8,388,608 steps or 1,024 blocks of scrypt"),
        ({"n": 2, "r": 1, "p": 2**20}, "more than 8,388,608 steps or 1,024 blocks of scrypt"),
        ({"c": 10**10}, "more than 10,000,000 rounds of PBKDF2"),
        ({"c": 1, "dklen": 2**40}, "a derived key of other than 32 to 64 bytes"),
        ({"dklen": 16}, "a derived key of other than 32 to 64 bytes"),
        ({"n": "262144"}, "it is not a complete version 3 keystore"),
        ({"n": 2.0}, "it is not a complete version 3 keystore"),
        ({"r": 0}, "it is not a complete version 3 keystore"),
        ({"c": 1, "prf": "sha256"}, "it is not a complete version 3 keystore"),
        ({"n": 3}, "the password is wrong or the file is damaged"),
    ],
)
def test_a_keystore_that_would_cost_too_much_to_open_is_refused_at_once(
    params: dict[str, object], said: str, keystore: Path, tmp_path: Path
) -> None:
    before = time.monotonic()
    with pytest.raises(ConfigError) as caught:
        with_costs(keystore, tmp_path / "key.json", **params).sign_transaction(FIELDS)
    assert time.monotonic() - before < 2
    assert str(caught.value).startswith(f"Keystore {tmp_path / 'key.json'} was not opened: ")
    assert said in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("params", [{"n": 2**18, "r": 8, "p": 1}, {"n": 2**12, "r": 8, "p": 6}, {"c": 2**18}])
def test_what_wallets_in_use_ask_for_is_within_the_bounds(
    params: dict[str, object], keystore: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="the password is wrong or the file is damaged"):
        with_costs(keystore, tmp_path / "key.json", **params).sign_transaction(FIELDS)


def test_a_password_that_cannot_be_encoded_is_not_in_what_is_raised(keystore: Path, tmp_path: Path) -> None:
    for act in (
        lambda: KeystoreSigner(keystore, prompt=lambda _: "pass\ud800word").sign_transaction(FIELDS),
        lambda: KeystoreSigner.create(tmp_path / "new.json", "pass\ud800word", work=2),
    ):
        with pytest.raises(ConfigError, match="has a character that is none in UTF-8") as caught:
            act()
        assert (caught.value.__context__, caught.value.__cause__) == (None, None)
    assert not (tmp_path / "new.json").exists()


@pytest.mark.parametrize("uri", ["", "keystore:", KEY.hex(), "file:key.json"])
def test_another_way_to_name_a_key_is_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(StotokenError) as caught:
        signer_from_uri(uri)
    assert str(caught.value).startswith("A key is named keystore:PATH, env:NAME, web3signer:URL#ADDRESS, ")
