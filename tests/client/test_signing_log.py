"""The signing log: every signature is in it before anybody has it, and whatever is done to it afterwards is found."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stotoken.chain.signer import LocalSigner
from stotoken.chain.signers.log import Entry, LoggedSigner, SigningLog, verify
from stotoken.client.bindings import SecurityToken
from stotoken.errors import ConfigError
from stotoken.types import keccak

KEY = bytes(range(1, 33))
TOKEN = "0x" + "33" * 20
TO = "0x" + "22" * 20


def transfer(units: int = 5, nonce: int = 0) -> dict[str, Any]:
    call = SecurityToken(None, TOKEN).transfer(TO, units)  # type: ignore[arg-type]
    return {"chainId": 31337, "nonce": nonce, "gas": 90_000, "gasPrice": 0, "to": TOKEN, "value": 0, "data": call.data}


def permit(units: int = 7) -> dict[str, Any]:
    domain = [{"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"}]
    return {
        "types": {"EIP712Domain": domain, "Permit": [{"name": "value", "type": "uint256"}]},
        "primaryType": "Permit",
        "domain": {"chainId": 31337, "verifyingContract": TOKEN},
        "message": {"value": units},
    }


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "signing.jsonl"


@pytest.fixture
def signer(path: Path) -> LoggedSigner:
    return LoggedSigner(LocalSigner(KEY), SigningLog(path))


@pytest.fixture
def full(path: Path, signer: LoggedSigner) -> list[bytes]:
    """The lines of a log of five."""
    for nonce in range(5):
        signer.sign_transaction(transfer(nonce=nonce))
    return path.read_bytes().splitlines(keepends=True)


def test_a_line_says_what_was_signed_and_nothing_secret(path: Path, signer: LoggedSigner) -> None:
    before = int(time.time())
    signed = signer.sign_transaction(transfer())
    signer.sign_typed_data(permit())
    first, second = (json.loads(line) for line in path.read_text().splitlines())
    assert before <= first.pop("time") <= time.time()
    assert first.pop("sha256") == second["previous"]
    raw = LocalSigner(KEY).sign_transaction(transfer()).raw
    assert signed.raw == raw
    assert first == {
        "number": 1, "signer": signer.address, "chain": 31337, "contract": "0x" + "33" * 20, "act": "transfer",
        "units": 5, "nonce": 0, "digest": first["digest"], "tx_hash": "0x" + keccak(raw).hex(), "torn": 0,
        "previous": "0" * 64,
    }  # fmt: skip
    assert (second["act"], second["units"], second["nonce"], second["tx_hash"]) == ("Permit", 7, None, None)
    assert KEY.hex() not in path.read_text()


def test_a_whole_log_is_verified_and_its_end_can_be_kept_elsewhere(path: Path, full: list[bytes]) -> None:
    found = verify(path)
    assert (found.lines, found.torn) == (5, 0)
    assert found.sha256 == json.loads(full[-1])["sha256"]
    path.write_bytes(b"".join(full[:-1]))
    assert verify(path).lines == 4
    with pytest.raises(ConfigError, match="none of them is .*: it was cut or written anew"):
        verify(path, kept=found.sha256)


@pytest.mark.parametrize("field", ["units", "time", "signer", "act", "nonce", "digest", "tx_hash", "previous", "torn"])
def test_a_line_of_which_anything_was_altered_is_named(field: str, path: Path, full: list[bytes]) -> None:
    line = json.loads(full[2])
    line[field] = line[field] + 1 if isinstance(line[field], int) else f"{line[field][:-1]}X"
    full[2] = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    path.write_bytes(b"".join(full))
    with pytest.raises(ConfigError, match="line 3: it was altered"):
        verify(path)


def test_a_line_that_was_altered_and_sealed_anew_is_noticed_in_the_next(path: Path, full: list[bytes]) -> None:
    from stotoken.chain.signers.log import Entry

    line = json.loads(full[2]) | {"units": 1}
    line["sha256"] = Entry(**line).seal
    full[2] = Entry(**line).line
    path.write_bytes(b"".join(full))
    with pytest.raises(ConfigError, match="line 4: it does not follow the line before, which was replaced"):
        verify(path)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ([0, 1, 3, 4], "line 3: it is missing: line 4 of the log stands in its place"),
        ([1, 2, 3, 4], "line 1: it is missing: line 2 of the log stands in its place"),
        ([0, 2, 1, 3, 4], "line 2: it is missing: line 3 of the log stands in its place"),
        ([0, 1, 2, 2, 3, 4], "line 4: it stands out of its order: it is line 3 of the log"),
    ],
)
def test_a_line_that_is_missing_moved_or_doubled_is_named(
    order: list[int], said: str, path: Path, full: list[bytes], signer: LoggedSigner
) -> None:
    path.write_bytes(b"".join(full[place] for place in order))
    with pytest.raises(ConfigError, match=said):
        verify(path)
    with pytest.raises(ConfigError, match=said):
        LoggedSigner(LocalSigner(KEY), SigningLog(path)).sign_transaction(transfer())
    assert path.read_bytes() == b"".join(full[place] for place in order)


def test_a_log_that_was_cut_while_it_is_in_use_is_noticed(path: Path, full: list[bytes], signer: LoggedSigner) -> None:
    path.write_bytes(b"".join(full[:3]))
    with pytest.raises(ConfigError, match="line 5: lines that were there are missing"):
        signer.sign_transaction(transfer())


@pytest.mark.parametrize("cut", [1, 40])
def test_a_line_torn_by_a_crash_is_cut_off_and_told(cut: int, path: Path, full: list[bytes]) -> None:
    path.write_bytes(b"".join(full[:4]) + full[4][:-cut])
    assert verify(path).torn == len(full[4]) - cut
    LoggedSigner(LocalSigner(KEY), SigningLog(path)).sign_transaction(transfer(nonce=4))
    assert (verify(path).lines, verify(path).torn) == (5, 0)
    assert json.loads(path.read_text().splitlines()[-1])["torn"] == len(full[4]) - cut


class Refusing(LocalSigner):
    def sign_transaction(self, fields: Any) -> Any:
        raise ConfigError("no")


def test_what_was_not_signed_is_not_logged(path: Path) -> None:
    with pytest.raises(ConfigError, match="no"):
        LoggedSigner(Refusing(KEY), SigningLog(path)).sign_transaction(transfer())
    assert path.read_bytes() == b""


def test_a_signature_that_cannot_be_logged_is_not_handed_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory; nothing was signed"):
        LoggedSigner(LocalSigner(KEY), SigningLog(tmp_path)).sign_transaction(transfer())
    full = Path("/dev/full")
    with pytest.raises(ConfigError, match="cannot be written: No space left on device; no signature was handed out"):
        LoggedSigner(LocalSigner(KEY), SigningLog(full)).sign_transaction(transfer())


def test_the_line_is_on_disk_before_the_signature_is_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def sync(handle: int) -> None:
        synced.append(os.fstat(handle).st_size)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(ConfigError, match="Input/output error; no signature was handed out"):
        LoggedSigner(LocalSigner(KEY), SigningLog(path)).sign_transaction(transfer())
    assert synced == [len(path.read_bytes())]


SIGN = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/client")
from test_signing_log import KEY, transfer
from stotoken.chain.signer import LocalSigner
from stotoken.chain.signers.log import LoggedSigner, SigningLog
signer = LoggedSigner(LocalSigner(KEY), SigningLog(Path(sys.argv[1])))
for nonce in range(25):
    signer.sign_transaction(transfer(nonce=nonce))
"""


def test_processes_that_share_a_log_take_turns(path: Path) -> None:
    root = Path(__file__).parents[2]
    processes = [subprocess.Popen([sys.executable, "-c", SIGN, str(path)], cwd=root) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert verify(path).lines == 75


def test_a_log_that_another_process_keeps_is_waited_for_and_then_told(
    path: Path, monkeypatch: pytest.MonkeyPatch, signer: LoggedSigner
) -> None:
    monkeypatch.setattr("stotoken.chain.signers.log.PATIENCE", 0.1)
    told = pytest.raises(ConfigError, match="was in use by another process for 0.1 seconds; nothing was signed")
    with SigningLog(path).held(), told:
        signer.sign_transaction(transfer())
    assert signer.sign_transaction(transfer()).raw


def test_a_line_that_the_disk_took_in_part_hands_out_no_signature(
    path: Path, full: list[bytes], signer: LoggedSigner
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 40, hard))
    try:
        with pytest.raises(ConfigError, match="cannot be written: No space left on device; no signature was handed"):
            signer.sign_transaction(transfer(nonce=5))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert verify(path).torn == 40
    signer.sign_transaction(transfer(nonce=5))
    assert (verify(path).lines, verify(path).torn) == (6, 0)


@pytest.mark.parametrize(
    "odd",
    [
        {"number": "2"},
        {"number": 2.0},
        {"units": -5},
        {"units": "5"},
        {"time": "x"},
        {"time": 2**60},
        {"contract": [1]},
    ],
)
def test_a_line_sealed_anew_over_what_is_never_written_is_named(
    odd: dict[str, Any], path: Path, full: list[bytes]
) -> None:
    line = replace(Entry.read(full[1]), **odd)
    path.write_bytes(full[0] + replace(line, sha256=line.seal).line)
    with pytest.raises(ConfigError, match="line 2: it was altered"):
        verify(path)


def test_a_line_nested_without_end_is_named(path: Path, full: list[bytes]) -> None:
    path.write_bytes(full[0] + b"[" * 100_000 + b"\n")
    with pytest.raises(ConfigError, match="line 2: it was altered"):
        verify(path)


class Clock:
    """Stands where it is set."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_nothing_is_signed_while_the_clock_stands_before_the_last_line(path: Path) -> None:
    clock = Clock(1_800_000_000)
    signer = LoggedSigner(LocalSigner(KEY), SigningLog(path, clock=clock))
    signer.sign_transaction(transfer())
    before = path.read_bytes()
    clock.now -= 86_400
    told = "the clock of this machine stands at 2027-01-14T17:00:00.*, before it; nothing was signed"
    for again in (signer, LoggedSigner(LocalSigner(KEY), SigningLog(path, clock=clock))):
        with pytest.raises(ConfigError, match=told):
            again.sign_transaction(transfer(nonce=1))
        with pytest.raises(ConfigError, match=told):
            again.sign_typed_data(permit())
    assert path.read_bytes() == before
    clock.now += 86_400
    assert signer.sign_transaction(transfer(nonce=1)).raw


def test_a_clock_that_is_set_right_by_a_little_keeps_the_day_and_the_order_of_the_log(path: Path) -> None:
    midnight = 1_800_025_200
    clock = Clock(midnight)
    log = SigningLog(path, clock=clock)
    signer = LoggedSigner(LocalSigner(KEY), log)
    signer.sign_transaction(transfer())
    clock.now = midnight - 5
    signer.sign_transaction(transfer(nonce=1))
    assert [json.loads(line)["time"] for line in path.read_text().splitlines()] == [midnight, midnight]
    with log.held():
        assert log.units(signer.address, 31337, TOKEN, lambda act: True) == 10
    assert verify(path).lines == 2


def test_a_line_of_a_time_before_the_line_before_is_named(path: Path, full: list[bytes]) -> None:
    first = Entry.read(full[0])
    second = replace(Entry.read(full[1]), time=first.time - 1)
    path.write_bytes(full[0] + replace(second, sha256=second.seal).line)
    with pytest.raises(ConfigError, match="line 2: it is of a time before the line before"):
        verify(path)
