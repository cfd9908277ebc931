"""What was signed, as a chain of lines: each holds the SHA-256 of the line before and of itself.

A line is on disk before its signature is handed out, so that nothing is signed that is not in the log. Processes that
share a log take turns, and with them everything that is counted from it. It never goes back in time: while the clock
stands before the last line, nothing is signed, or a day's units could be had twice. It holds no key and no personal
data. Whoever can write the file can write it all anew: keep the last line's `sha256` elsewhere, and `verify` finds it
or not.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from stotoken.chain.calls import read_call
from stotoken.chain.envelope import Envelope, SignedTransaction, parse, typed_digest
from stotoken.chain.signer import Health, Signer
from stotoken.errors import ConfigError, InputError
from stotoken.files import parse_json, sync_folder
from stotoken.types import Address, Units, checksum, format_jst, jst_date, to_hex

START = "0" * 64
#: Seconds one process waits for another to finish signing.
PATIENCE = 60.0
#: Seconds by which a clock that is set right may step back; what is signed meanwhile has the time of the last line.
STEP = 60
_PAUSE = 0.02
#: The year 9000, within what has a date.
_NEVER = 221_845_392_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One signature. `sha256` is over all the other fields."""

    number: int
    #: UTC seconds.
    time: int
    signer: Address
    chain: int
    #: None for a contract that is created.
    contract: Address | None
    #: Name of the function, or of the typed data; None where the data is no call that can be read.
    act: str | None
    units: Units
    #: None for typed data.
    nonce: int | None
    digest: str
    tx_hash: str | None
    #: Bytes of an unfinished line that was cut off before this one: a signature that was never handed out.
    torn: int
    previous: str
    sha256: str = ""

    @property
    def seal(self) -> str:
        fields = {name: getattr(self, name) for name in self.__slots__ if name != "sha256"}
        return sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()

    @property
    def line(self) -> bytes:
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Entry:
        """ValueError or TypeError unless the line is exactly what was written for it."""
        entry = cls(**parse_json(line.decode()))
        counts = (entry.number, entry.time, entry.chain, entry.units, entry.torn)
        counted = all(type(each) is int and each >= 0 for each in counts) and entry.time < _NEVER
        named = entry.contract is None or isinstance(entry.contract, str)
        if not counted or not named or entry.line != line or entry.seal != entry.sha256:
            raise ValueError
        return entry


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that holds together."""

    lines: int
    #: Of the last line; keep it elsewhere.
    sha256: str
    #: Bytes of an unfinished last line.
    torn: int


class SigningLog:
    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        self._turn = threading.RLock()
        self._file: BinaryIO | None = None
        self._read_to = self._lines = self._torn = 0
        self._last, self._latest = START, 0
        #: Units signed for by day in Japan, signer, chain, contract and act.
        self._units: dict[tuple[Any, ...], Units] = {}

    def __repr__(self) -> str:
        return f"SigningLog({self.path})"

    @property
    def now(self) -> int:
        """Never before the last line."""
        return max(int(self._clock()), self._latest)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Alone with the log, everything in it read; ConfigError when it is damaged, stays with another process, or the
        clock stands before its last line."""
        with self._turn:
            if self._file is not None:
                yield
                return
            try:
                file = open(self.path, "a+b", buffering=0)  # noqa: SIM115  closed below
            except OSError as error:
                raise ConfigError(f"Signing log {self.path}: {error.strerror}; nothing was signed.") from None
            with file:
                _lock(file, self.path)
                self._file = file
                try:
                    self._catch_up()
                    self._require_forward()
                    yield
                finally:
                    self._file = None

    def append(self, **fields: Any) -> Entry:
        """Put the next line on disk, its time and its place in the chain filled in here. The log must be `held`."""
        assert self._file is not None  # noqa: S101
        placed = Entry(number=self._lines + 1, time=self.now, torn=self._torn, previous=self._last, **fields)
        placed = replace(placed, sha256=placed.seal)
        try:
            if self._torn:
                os.ftruncate(self._file.fileno(), self._read_to)
            new = self._read_to == 0
            if self._file.write(placed.line) != len(placed.line):
                raise OSError(ENOSPC, os.strerror(ENOSPC))
            os.fsync(self._file.fileno())
            if new:
                sync_folder(self.path.parent)
        except OSError as error:
            raise ConfigError(
                f"Signing log {self.path} cannot be written: {error.strerror}; no signature was handed out."
            ) from None
        self._take(placed, len(placed.line))
        return placed

    def units(self, signer: Address, chain: int, contract: Address | None, acts: Callable[[str], bool]) -> Units:
        """Signed for today, Japan time, in the acts of those names. The log must be `held`."""
        key = (jst_date(self.now), signer, chain, contract)
        return sum(units for (*where, act), units in self._units.items() if tuple(where) == key and acts(act))

    def _catch_up(self) -> None:
        """Read what came since, from this process or another."""
        assert self._file is not None  # noqa: S101
        size = os.fstat(self._file.fileno()).st_size
        if size < self._read_to:
            raise _broken(self.path, self._lines, "lines that were there are missing")
        self._file.seek(self._read_to)
        data = self._file.read(size - self._read_to)
        whole = data[: data.rfind(b"\n") + 1]
        for entry in read_chain(whole, self.path, self._lines, self._last, self._latest):
            self._take(entry, len(entry.line))
        self._torn = len(data) - len(whole)

    def _require_forward(self) -> None:
        if (clock := int(self._clock())) < self._latest - STEP:
            raise ConfigError(
                f"Signing log {self.path} was written until {format_jst(self._latest)}, and the clock of this machine "
                f"stands at {format_jst(clock)}, before it; nothing was signed. Set the clock right; if it was wrong "
                "then, keep this log and start another."
            )

    def _take(self, entry: Entry, length: int) -> None:
        self._read_to, self._lines, self._torn = self._read_to + length, entry.number, 0
        self._last, self._latest = entry.sha256, entry.time
        key = (jst_date(entry.time), entry.signer, entry.chain, entry.contract, entry.act or "")
        self._units[key] = self._units.get(key, 0) + entry.units


class LoggedSigner:
    """Hands out what another signer signed once it is in the log."""

    def __init__(self, signer: Signer, log: SigningLog) -> None:
        self._signer, self._log = signer, log

    @property
    def address(self) -> Address:
        return self._signer.address

    def __repr__(self) -> str:
        return f"LoggedSigner({self._signer!r}, {self._log!r})"

    def health(self) -> Health:
        return self._signer.health()

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        asked = Envelope.of(fields)
        read = read_call(asked.data)
        with self._log.held():
            signed = self._signer.sign_transaction(fields)
            # One that waited for its signature has the gas and the fees of the day it was asked for.
            digest = parse(signed.raw)[0].digest
            self._log.append(
                chain=asked.chain_id, contract=asked.target, act=read.name if read else None,
                units=read.units if read else 0, nonce=asked.nonce, digest=to_hex(digest), tx_hash=signed.hash,
                signer=self.address,
            )  # fmt: skip
        return signed

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        digest, contract = typed_digest(message), message["domain"].get("verifyingContract")
        with self._log.held():
            signature = self._signer.sign_typed_data(message)
            self._log.append(
                chain=message["domain"]["chainId"], contract=checksum(contract) if contract else None,
                act=str(message["primaryType"]), units=typed_units(message), nonce=None, digest=to_hex(digest),
                tx_hash=None, signer=self.address,
            )  # fmt: skip
        return signature


def typed_units(message: Mapping[str, Any]) -> Units:
    """Units that typed data gives away, such as a permit; InputError when they are not a number of 0 or more."""
    value = message.get("message", {}).get("value", 0)
    if type(value) is not int or value < 0:
        raise InputError("The value of typed data must be a whole number of 0 or more; it was not signed.")
    return value


def verify(path: Path, kept: str | None = None) -> Verified:
    """Read the whole log; ConfigError names the first line that is altered, missing or out of its order.

    `kept`: the `sha256` of a line of before; without that line the log was cut or written anew.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"Signing log {path} cannot be read: {error.strerror}.") from None
    whole, last, lines, found = data[: data.rfind(b"\n") + 1], START, 0, kept is None
    for entry in read_chain(whole, path):
        last, lines, found = entry.sha256, entry.number, found or entry.sha256 == kept
    if not found:
        raise ConfigError(
            f"Signing log {path} holds together in its {lines} lines, but none of them is {kept}: it was cut or "
            "written anew."
        )
    return Verified(lines, last, len(data) - len(whole))


def read_chain(data: bytes, path: Path, number: int = 0, last: str = START, latest: int = 0) -> Iterator[Entry]:
    """The lines after that many; ConfigError names the first that is not what it must be."""
    for line in data.splitlines(keepends=True):
        number += 1
        try:
            entry = Entry.read(line)
        except (ValueError, TypeError):
            raise _broken(path, number, "it was altered") from None
        if entry.number > number:
            raise _broken(path, number, f"it is missing: line {entry.number} of the log stands in its place")
        if entry.number < number:
            raise _broken(path, number, f"it stands out of its order: it is line {entry.number} of the log")
        if entry.previous != last:
            raise _broken(path, number, "it does not follow the line before, which was replaced")
        if entry.time < latest:
            raise _broken(path, number, "it is of a time before the line before")
        last, latest = entry.sha256, entry.time
        yield entry


def _broken(path: Path, number: int, how: str) -> ConfigError:
    return ConfigError(f"Signing log {path}, line {number}: {how}. Nothing rests on this log from there on.")


def _lock(file: BinaryIO, path: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > end:
                raise ConfigError(
                    f"Signing log {path} was in use by another process for {PATIENCE:g} seconds; nothing was signed."
                ) from None
        time.sleep(_PAUSE)
