"""A real Anvil for the tests of the chain layer, and small hand-assembled contracts to send to."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stotoken.chain.abi import Constructor
from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.chain.signer import LocalSigner

ANVIL = Path(__file__).parents[2] / "node_modules" / ".bin" / "anvil"

_REVERT_WITH_INPUT = "366000600037" + "366000fd"

# Runtime code by what it does, Berlin opcodes only.
TINY = {
    "reverts with its input": _REVERT_WITH_INPUT,
    "logs and returns its input": "366000600037" + "60aa366000a1" + "366000f3",
    "works once, then reverts with its input": "600054600c57" + "600160005500" + "5b" + _REVERT_WITH_INPUT,
    "reverts when gas has a price": "3a600557" + "00" + "5b60006000fd",
}

StartAnvil = Callable[..., Connection]


@pytest.fixture(scope="session")
def start_anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartAnvil]:
    """Starts an Anvil on a free port with the given options; all of them end with the session."""
    started: list[tuple[subprocess.Popen[str], Connection]] = []

    def start(*options: str) -> Connection:
        home = str(tmp_path_factory.mktemp("anvil"))
        command = [str(ANVIL), "--port", "0", "--prune-history", "--accounts", "1", *options]
        node = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ | {"HOME": home})
        assert node.stdout is not None
        listening = next(found for line in node.stdout if (found := re.search(r"Listening on (\S+)", line)))
        connection = Connection.open(f"http://{listening[1]}")
        started.append((node, connection))
        return connection

    yield start
    for node, connection in started:
        connection.close()
        node.terminate()
        node.wait()
        assert node.stdout is not None
        node.stdout.close()


@pytest.fixture(scope="session")
def anvil(start_anvil: StartAnvil) -> Connection:
    return start_anvil()


@pytest.fixture
def sender(anvil: Connection) -> Sender:
    """A new account with ether."""
    signer = LocalSigner(os.urandom(32))
    anvil.request("anvil_setBalance", [signer.address, hex(10**20)])
    return Sender(anvil, signer, timeout=20)


@pytest.fixture
def deploy(sender: Sender) -> Callable[[str], str]:
    """Deploys one of the tiny contracts; its address."""

    def deployed(name: str) -> str:
        code = bytes.fromhex(TINY[name])
        init = bytes([0x60, len(code), 0x60, 12, 0x60, 0, 0x39, 0x60, len(code), 0x60, 0, 0xF3])
        address = sender.send(Constructor().call("Tiny", init + code)).contract_address
        assert address is not None
        return address

    return deployed
