"""A local node for development and tests: Anvil, or Ganache, started and ended by a context manager.

    with DevNode() as node:
        node.url, node.accounts[0].address

The node listens on the loopback address alone, keeps its files in a temporary home that goes with it, and does not
outlive the process that started it, however that process ends.
"""

from __future__ import annotations

import atexit
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from stotoken.errors import ConfigError, InputError, NodeError

Engine = Literal["anvil", "ganache"]

HOST = "127.0.0.1"
CHAIN_ID = 31337
#: The phrase every local node uses: its keys are known to everybody and worth nothing.
MNEMONIC = "test test test test test test test test test test test junk"
BLOCK_GAS = 30_000_000

_PROGRAMS = Path(__file__).resolve().parents[2] / "node_modules" / ".bin"
#: Of Ganache, when nothing else is asked for.
_GANACHE_RULES = "shanghai"
_START_SECONDS, _STOP_SECONDS = 30.0, 5.0
_TRIES = 4
#: Ends the node when the pipe it reads from closes, which it does whenever and however our process ends.
_WATCHER = (
    'read _; kill "$1" 2>/dev/null; n=0; while [ $n -lt 100 ] && kill -0 "$1" 2>/dev/null; do '
    'n=$((n+1)); [ $n -eq 80 ] && kill -9 "$1" 2>/dev/null; sleep 0.05; done; rm -rf "$2"'
)


@dataclass(frozen=True, slots=True)
class DevAccount:
    """An account the node has filled with ether; its key is public knowledge all the same, it is never shown."""

    address: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to run the node; `None` leaves a choice to the engine."""

    #: Rules of the chain: berlin, london, … as the engine names them. Anvil's own choice is its newest.
    hardfork: str | None = None
    #: Seconds between blocks; None mines each transaction at once.
    block_time: int | None = None
    #: Transactions cost nothing, as on consortium chains: accounts need no ether.
    zero_gas_price: bool = False
    accounts: int = 10
    #: Ether in each account.
    balance: int = 10_000
    mnemonic: str = field(default=MNEMONIC, repr=False)
    chain_id: int = CHAIN_ID
    gas_limit: int = BLOCK_GAS
    #: Port to listen on; 0 takes a free one.
    port: int = 0
    #: Past blocks whose state can still be asked for (Anvil; Ganache keeps all).
    history: int = 0


class DevNode:
    """A running node; `start` and `stop`, or `with`."""

    def __init__(self, engine: Engine = "anvil", **options: Any) -> None:
        if engine not in ("anvil", "ganache"):
            raise ConfigError(f"There is no local node named '{engine}': choose anvil or ganache.")
        self.engine: Engine = engine
        self.options = Options(**options)
        if engine == "ganache" and self.options.zero_gas_price:
            raise ConfigError("Ganache hangs at a gas price of zero: use Anvil. No node was started.")
        self.port = self.options.port
        self.accounts: tuple[DevAccount, ...] = ()
        self._process: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None
        self._home: Path | None = None
        self._owner = os.getpid()

    def __repr__(self) -> str:
        return f"DevNode({self.engine}, {self.url if self._process else 'stopped'})"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def chain_id(self) -> int:
        return self.options.chain_id

    # --- life ---------------------------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Start the node and wait until it answers; NodeError when it cannot be had."""
        program = find_program(self.engine)
        tries = 1 if self.options.port else _TRIES
        for _ in range(tries):
            self.port = self.options.port or _free_port()
            try:
                self._launch(program)
                return self
            except _PortTaken:
                self.stop()
            except BaseException:
                self.stop()
                raise
        raise NodeError(f"Port {self.port} is already taken; no node was started.")

    def stop(self) -> None:
        """End the node that was started here and remove its files. May be called at any time, any number of times."""
        atexit.unregister(self.stop)
        if os.getpid() != self._owner:
            return
        watcher, process, home = self._watcher, self._process, self._home
        self._watcher = self._process = self._home = None
        if watcher:
            watcher.kill()
            watcher.wait()
            if watcher.stdin:
                watcher.stdin.close()
        if process and process.poll() is None:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if home:
            shutil.rmtree(home, ignore_errors=True)

    def _launch(self, program: Path) -> None:
        self._home = home = Path(tempfile.mkdtemp(prefix="stotoken-node-"))
        atexit.register(self.stop)
        arguments = _anvil(self.options, home) if self.engine == "anvil" else _ganache(self.options, home)
        listen = ["--host", HOST, "--port"] if self.engine == "anvil" else ["--server.host", HOST, "--server.port"]
        with (home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(program), *listen, str(self.port), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(home),
                cwd=home,
                start_new_session=True,
            )
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHER, "sh", str(self._process.pid), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._await_start(home)
        self.accounts = _accounts(self.engine, home)

    def _await_start(self, home: Path) -> None:
        """Wait for the sign that this very process holds the port, then for its first answer."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            self._fail_if_ended(home)
            if _is_listening(self.engine, home):
                try:
                    self.rpc("eth_chainId")
                    return
                except NodeError as fault:
                    if fault.answered:
                        raise
            time.sleep(0.01)
        raise NodeError(f"{self.engine} did not answer within {_START_SECONDS:.0f} seconds; it was ended.")

    def _fail_if_ended(self, home: Path) -> None:
        if self._process is None or self._process.poll() is None:
            return
        said = (home / "log").read_text("utf-8", "replace").strip()
        if "Address already in use" in said or "EADDRINUSE" in said or "already in use" in said:
            raise _PortTaken
        if self.options.hardfork and "hardfork" in said.lower():
            raise InputError(f"{self.engine} knows no rules named '{self.options.hardfork}'; no node was started.")
        sentence = " ".join(said.split())[:300] or "it said nothing"
        raise NodeError(f"{self.engine} ended at once with code {self._process.returncode}: {sentence}")

    # --- requests -----------------------------------------------------------------------------------------------------

    def rpc(self, method: str, *params: object) -> Any:
        """One JSON-RPC request to the node."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError) as fault:
            raise NodeError(f"The local node at {self.url} does not answer {method}: {fault}") from None
        finally:
            connection.close()
        if "error" in answer:
            error = answer["error"]
            raise NodeError(
                f"The local node refused {method}: {error.get('message')}", answered=True, code=error.get("code")
            )
        return answer["result"]

    @property
    def hardfork(self) -> str:
        """The rules of the chain, as the node reports them; Ganache reports none and is told which."""
        if self.engine == "ganache":
            return self.options.hardfork or _GANACHE_RULES
        return str(self.rpc("anvil_nodeInfo")["hardFork"]).lower()

    @property
    def now(self) -> int:
        """Timestamp of the latest block, UTC seconds."""
        return int(self.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def snapshot(self) -> str:
        """Mark the present state; each mark can be gone back to once."""
        return str(self.rpc("evm_snapshot"))

    def revert(self, snapshot: str) -> None:
        """Go back to a mark; NodeError when it is unknown or used up."""
        if self.rpc("evm_revert", snapshot) is not True:
            raise NodeError(f"The local node has no snapshot {snapshot}; nothing was reverted.", answered=True)

    def travel(self, seconds: int) -> int:
        """Let `seconds` pass and mine a block; its timestamp."""
        if seconds < 0:
            raise NodeError(f"A chain's time cannot go back by {-seconds} seconds; nothing was changed.", answered=True)
        return self.set_time(self.now + seconds) if seconds else self.now

    def set_time(self, timestamp: int) -> int:
        """Mine a block of that timestamp, from which the clock goes on; later than the latest block's."""
        if timestamp <= self.now:
            raise NodeError(
                f"The chain's time is already {self.now}, it cannot go back to {timestamp}; nothing was changed.",
                answered=True,
            )
        if self.engine == "anvil":
            self.rpc("evm_setNextBlockTimestamp", timestamp)
            self.rpc("evm_mine")
        else:
            self.rpc("evm_setTime", timestamp * 1000)
            self.rpc("evm_mine", timestamp)
        return self.now

    def mine(self, blocks: int = 1) -> None:
        """Mine blocks, with whatever transactions wait in the pool."""
        if self.engine == "anvil":
            self.rpc("anvil_mine", hex(blocks))
        else:
            self.rpc("evm_mine", {"blocks": blocks})


class _PortTaken(Exception):
    """Another program listens on the port."""


def find_program(name: Engine) -> Path:
    """The node's program: beside the project where npm installs it, else on PATH. NodeError when there is none."""
    found = shutil.which(name, path=str(_PROGRAMS)) or shutil.which(name)
    if found is None:
        raise NodeError(f"The program {name} was found neither in node_modules nor on PATH: install it with `npm ci`.")
    return Path(found)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    """What the node may know of ours: where programs are. It needs no keys; its home is the temporary folder."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8"}


def _anvil(options: Options, home: Path) -> list[str]:
    arguments = ["--silent", "--config-out", str(home / "accounts.json")]
    # Without this Anvil writes the state of every block to its home: gigabytes in an afternoon.
    arguments += ["--prune-history", *([str(options.history)] if options.history else [])]
    arguments += ["--accounts", str(options.accounts), "--balance", str(options.balance)]
    arguments += ["--mnemonic", options.mnemonic, "--chain-id", str(options.chain_id)]
    arguments += ["--gas-limit", str(options.gas_limit)]
    if options.hardfork:
        arguments += ["--hardfork", options.hardfork]
    if options.block_time:
        arguments += ["--block-time", str(options.block_time)]
    if options.zero_gas_price:
        arguments += ["--gas-price", "0", "--disable-min-priority-fee"]
        if options.hardfork not in ("istanbul", "muirglacier", "berlin"):
            arguments += ["--block-base-fee-per-gas", "0"]
    return arguments


def _ganache(options: Options, home: Path) -> list[str]:
    arguments = ["--wallet.accountKeysPath", str(home / "accounts.json")]
    arguments += ["--wallet.totalAccounts", str(options.accounts), "--wallet.defaultBalance", str(options.balance)]
    arguments += ["--wallet.mnemonic", options.mnemonic]
    arguments += ["--chain.chainId", str(options.chain_id), "--chain.networkId", str(options.chain_id)]
    arguments += ["--chain.hardfork", options.hardfork or _GANACHE_RULES]
    arguments += ["--miner.blockGasLimit", str(options.gas_limit), "--miner.callGasLimit", str(options.gas_limit)]
    if options.block_time:
        arguments += ["--miner.blockTime", str(options.block_time)]
    return arguments


def _is_listening(engine: Engine, home: Path) -> bool:
    """Anvil writes its accounts once it holds the port; Ganache says so."""
    if engine == "anvil":
        written = home / "accounts.json"
        return written.is_file() and written.read_bytes().rstrip().endswith(b"}")
    return b"RPC Listening on" in (home / "log").read_bytes()


def _accounts(engine: Engine, home: Path) -> tuple[DevAccount, ...]:
    from stotoken.types import checksum

    written = home / "accounts.json"
    data = json.loads(written.read_text("utf-8"))
    written.unlink()
    keys = data["private_keys"]
    pairs = zip(data["available_accounts"], keys, strict=True) if engine == "anvil" else keys.items()
    return tuple(DevAccount(checksum(address), bytes.fromhex(key.removeprefix("0x"))) for address, key in pairs)
