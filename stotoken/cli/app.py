"""The settings of one command line, and what they open: each thing when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import click

from stotoken.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from stotoken.chain.connection import Connection
    from stotoken.chain.sender import Sender
    from stotoken.chain.signer import Signer
    from stotoken.client.authority import Authority
    from stotoken.client.deployment import Deployment
    from stotoken.client.orders import Orders
    from stotoken.client.system import System
    from stotoken.client.token import Token
    from stotoken.ledger.store import Store


class App:
    """Attributes are the global options. Clients ask only, unless they are opened with `acting`."""

    def __init__(self) -> None:
        self.node: str | None = None
        self.deployments = "deployments"
        self.chain_id: int | None = None
        self.signer: str | None = None
        self.ledger: str | None = None
        self.policy: str | None = None
        self.signing_log: str | None = None
        self.as_json = False
        self.lang = "en"
        #: Whether the same command, given again, goes on where this one stopped.
        self.resumes = False

    def close(self) -> None:
        for opened in ("store", "connection"):
            if opened in self.__dict__:
                getattr(self, opened).close()

    def progress(self, line: str) -> None:
        """For people: where results are for machines, errors are alone on standard error."""
        if not self.as_json:
            click.echo(line, err=True)

    @property
    def handed_over(self) -> str | None:
        """Hash of the last transaction that went to the node."""
        return self.sender.handed_over if "sender" in self.__dict__ else None

    @cached_property
    def connection(self) -> Connection:
        from stotoken.chain.connection import Connection

        if not self.node:
            raise ConfigError("No node is named: give --node URL or set STOTOKEN_NODE; nothing was done.")
        return Connection.open(self.node, expect_chain_id=self.chain_id)

    @cached_property
    def sender(self) -> Sender:
        from stotoken.chain.sender import Sender

        if not self.signer:
            raise ConfigError(
                "This act needs a key: give --signer keystore:PATH or another or set STOTOKEN_SIGNER; nothing was sent."
            )
        return Sender(self.connection, self.signer_of(self.signer))

    def signer_of(self, uri: str) -> Signer:
        """Within the policy and before the signing log that were given."""
        from stotoken.chain.signers import guarded

        signer = self.opened(uri)
        return guarded(signer, self.policy, self.signing_log) if self.policy or self.signing_log else signer

    def opened(self, uri: str) -> Signer:
        """A key, or a wallet in custody, by itself."""
        from stotoken.chain.signer import signer_from_uri

        if uri.startswith("custody:"):
            from stotoken.custody.custodian import signer_of

            return signer_of(uri, self.system, self.opened)
        return signer_from_uri(uri, connect=lambda: self.connection)

    @property
    def folder(self) -> Path:
        """Of the deployment records."""
        from pathlib import Path

        return Path(self.deployments)

    @cached_property
    def deployment(self) -> Deployment:
        """The record of the node's chain; ConfigError when it is of another chain of the same number."""
        from stotoken.client.deployment import Deployment

        path = self.folder / f"{self.connection.chain_id}.json"
        deployment = Deployment.load(path)
        if deployment.genesis != self.connection.block(0).hash:
            raise ConfigError(
                f"{path} is the record of another chain of the same number {deployment.chain_id}: its first block "
                "differs; nothing was done."
            )
        return deployment

    @cached_property
    def store(self) -> Store:
        """The ledger of the system, as far as it was read."""
        from stotoken.ledger.contracts import Contracts
        from stotoken.ledger.store import Store

        beside = (self.folder / f"{self.connection.chain_id}.ledger.db").absolute()
        return Store.open(self.ledger or f"sqlite:///{beside}", Contracts.of(self.deployment))

    def system(self, *, acting: bool = False) -> System:
        from stotoken.client.system import System

        return System(self.deployment, self._via(acting))

    def orders(self, *, acting: bool = False) -> Orders:
        from stotoken.client.orders import Orders

        return Orders(self.deployment, self._via(acting))

    def authority(self) -> Authority:
        from stotoken.client.authority import Authority

        return Authority(self.deployment, self.connection)

    def token(self, which: str, *, acting: bool = False) -> Token:
        """By its address or identifier."""
        return self.system(acting=acting).token(which)

    def now(self) -> int:
        """The chain's time, UTC seconds."""
        return self.connection.block("latest").timestamp

    def _via(self, acting: bool) -> Sender | Connection:
        return self.sender if acting else self.connection
