"""What every client has in common: one deployment, one contract of it, and whoever acts, or nobody."""

from __future__ import annotations

from typing import Self

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender
from stotoken.client.deployment import Deployment
from stotoken.errors import ConfigError
from stotoken.types import Address, Receipt


class Client:
    """Bound to a deployment and to a `Sender`, or to a bare `Connection` for asking only."""

    def __init__(self, deployment: Deployment, via: Sender | Connection, address: Address) -> None:
        self.deployment = deployment
        self.sender = via if isinstance(via, Sender) else None
        self.connection = via.connection if isinstance(via, Sender) else via
        self.address = address
        if self.connection.chain_id != deployment.chain_id:
            raise ConfigError(
                f"The deployment is on chain {deployment.chain_id}, but the node serves chain "
                f"{self.connection.chain_id}; nothing was done."
            )

    def __repr__(self) -> str:
        acting = f" as {self.sender.address}" if self.sender else ""
        return f"{type(self).__name__}({self.address}{acting})"

    def by(self, sender: Sender) -> Self:
        """The same contract, acted on by somebody else."""
        return type(self)(self.deployment, sender, self.address)

    @property
    def actor(self) -> Sender:
        """Who acts; ConfigError when this client only asks."""
        if self.sender is None:
            raise ConfigError("This client has no key and can only ask; nothing was sent.")
        return self.sender

    def _send(self, call: Call, nonce: int | None = None) -> Receipt:
        return self.actor.send(call, nonce=nonce)
