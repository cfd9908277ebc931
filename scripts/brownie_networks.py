"""Print Brownie's network configuration: an Anvil and a Ganache of our own, each on a free loopback port."""

from __future__ import annotations

import socket

# Brownie never reads what its nodes say: they must not say much, or they stop when the pipe is full.
NETWORKS = """live: []
development:
  - name: Anvil
    id: anvil
    cmd: anvil --prune-history
    host: http://127.0.0.1
    cmd_settings:
      port: {anvil}
  - name: Ganache
    id: ganache-cli
    cmd: ganache --logging.quiet
    host: http://127.0.0.1
    cmd_settings:
      port: {ganache}
"""


def free_ports() -> dict[str, int]:
    """A different free port for each node."""
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        return {"anvil": one.getsockname()[1], "ganache": other.getsockname()[1]}


if __name__ == "__main__":
    print(NETWORKS.format(**free_ports()), end="")
