"""Carries a plan out, so that it can be ended at any instant and taken up again: no step is ever done twice.

Each transaction is in the journal, by nonce and hash, before it is sent. What became of it is asked of the chain.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stotoken.artifacts import load
from stotoken.chain.connection import Connection
from stotoken.chain.envelope import SignedTransaction
from stotoken.chain.sender import Sender
from stotoken.chain.signer import Health, Signer
from stotoken.client.deployment import FORMAT, Deployment, read_record, write_record
from stotoken.deploy.plan import CREATED, Plan, Step, create_address
from stotoken.deploy.verify import code_hashes, verify
from stotoken.errors import ConfigError, NodeError
from stotoken.types import Address, Receipt

_WORDS = {
    "format": "the version of the record is",
    "chain_id": "the chain id is",
    "genesis": "the chain's first block is",
    "deployer": "the deployer is",
    "artifacts": "the compiled contracts are",
    "rights": "the matrix or the members of the roles are",
}

Progress = Callable[[int, int, Step], None]


def apply(plan: Plan, sender: Sender, folder: str | Path, progress: Progress | None = None) -> Deployment:
    """Deploy, or go on where an earlier call was cut off, or do nothing when all is done; verified at the end.

    The record is `folder`/<chain id>.json. ConfigError when it is of another system or the chain is another one.
    """
    connection = sender.connection
    if connection.chain_id != plan.chain_id:
        raise ConfigError(
            f"The plan is for chain {plan.chain_id}, but the node serves chain {connection.chain_id}; nothing was sent."
        )
    if sender.address != plan.deployer:
        raise ConfigError(f"The plan is for deployer {plan.deployer}, not {sender.address}; nothing was sent.")
    path = Path(folder) / f"{plan.chain_id}.json"
    with _alone(path):
        journal = _Journal(path, _header(plan, connection))
        if not journal.record.get("complete"):
            _run(plan, sender, journal, progress)
            deployment = _finished(plan, connection, journal)
            verify(connection, deployment, plan.matrix)
            journal.finish(deployment)
            return deployment
    deployment = Deployment.load(path)
    verify(connection, deployment, plan.matrix, roles=False)
    return deployment


def artifacts_digest() -> str:
    """Of the creation code of everything that is deployed."""
    found = hashlib.sha256()
    for name in CREATED:
        found.update(f"{name}:{load(name).bytecode}\n".encode())
    return found.hexdigest()


class _Journal:
    """The record while it grows. Every write leaves a whole file behind."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        self.path = path
        existing = read_record(path)
        if existing is None:
            self.record: dict[str, Any] = {**header, "complete": False, "steps": {}}
            self._write()
            return
        self.record = existing
        for key, value in header.items():
            if existing.get(key) != value:
                raise ConfigError(
                    f"{path} is the record of another deployment: {_WORDS[key]} not the same. Nothing was sent; "
                    "move the record away to deploy anew."
                )

    def attempts(self, step: Step) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.record["steps"].get(step.name, {}).get("attempts", [])
        return found

    def settled(self, step: Step) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.record["steps"].get(step.name, {}).get("settled")
        return found

    def intend(self, step: Step, nonce: int, tx_hash: str) -> None:
        entry = self.record["steps"].setdefault(step.name, {"attempts": []})
        attempt = {"nonce": nonce, "tx_hash": tx_hash}
        if attempt not in entry["attempts"]:
            entry["attempts"].append(attempt)
            self._write()

    def settle(self, step: Step, receipt: Receipt) -> None:
        self.record["steps"][step.name]["settled"] = {
            "tx_hash": receipt.tx_hash,
            "block_number": receipt.block_number,
            "address": receipt.contract_address,
        }
        self._write()

    def finish(self, deployment: Deployment) -> None:
        self.record |= deployment.to_dict()
        self._write()

    def _write(self) -> None:
        write_record(self.path, self.record)


class _Announcing:
    """A signer that writes what it signed into the journal before anybody can send it."""

    def __init__(self, signer: Signer, journal: _Journal, step: Step) -> None:
        self._signer, self._journal, self._step = signer, journal, step

    @property
    def address(self) -> Address:
        return self._signer.address

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        signed = self._signer.sign_transaction(fields)
        self._journal.intend(self._step, int(fields["nonce"]), signed.hash)
        return signed

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        return self._signer.sign_typed_data(message)

    def health(self) -> Health:
        return self._signer.health()


def _run(plan: Plan, sender: Sender, journal: _Journal, progress: Progress | None) -> None:
    known: dict[str, Address] = {"deployer": plan.deployer}
    steps = plan.steps
    for place, step in enumerate(steps):
        if progress:
            progress(place + 1, len(steps), step)
        address = _do(step, known, sender, journal)
        if step.contract:
            known[step.contract] = address or ""


def _do(step: Step, known: Mapping[str, Address], sender: Sender, journal: _Journal) -> Address | None:
    """Make sure the step is done once; the address of what it created."""
    settled = journal.settled(step)
    if settled is None:
        receipt = _earlier(step, sender, journal)
        if receipt is None:
            announcing = Sender(sender.connection, _Announcing(sender.signer, journal, step), timeout=sender.timeout)
            receipt = announcing.send(step.build(known))
        journal.settle(step, receipt)
        settled = journal.settled(step) or {}
    address: Address | None = settled["address"]
    return address


def _earlier(step: Step, sender: Sender, journal: _Journal) -> Receipt | None:
    """The receipt of an attempt that was cut off, if the chain took it; None when the step is still to be done.

    An attempt the node does not know, whose nonce is still free, may yet be mined from elsewhere: the next attempt
    takes the same nonce (it is the deployer's next one), so that at most one of the two ever happens.
    """
    connection = sender.connection
    for attempt in journal.attempts(step):
        used = connection.nonce(sender.address, pending=False) > attempt["nonce"]
        receipt = connection.receipt(attempt["tx_hash"])
        if receipt is None and connection.request("eth_getTransactionByHash", [attempt["tx_hash"]]) is not None:
            receipt = connection.wait(attempt["tx_hash"], sender.timeout)
        if receipt is not None and receipt.status == 1:
            return receipt
        if receipt is None and used and step.contract:
            _refuse_unexplained(step, connection, create_address(sender.address, attempt["nonce"]))
    return None


def _refuse_unexplained(step: Step, connection: Connection, address: Address) -> None:
    """The nonce is used and the node knows no receipt: code at the computed address means that it forgot ours."""
    if connection.code(address):
        raise NodeError(
            f"The node has no receipt of '{step.name}', but there is code at {address}: ask a node that keeps its "
            "history. Nothing was sent."
        )


def _finished(plan: Plan, connection: Connection, journal: _Journal) -> Deployment:
    steps = journal.record["steps"]
    addresses = {step.contract: steps[step.name]["settled"]["address"] for step in plan.steps if step.contract}
    header = journal.record
    return Deployment(
        chain_id=plan.chain_id,
        genesis=header["genesis"],
        deployer=plan.deployer,
        block_number=min(entry["settled"]["block_number"] for entry in steps.values()),
        addresses=addresses,
        code_hashes=code_hashes(connection, addresses),
        roles={role.name: tuple(members) for role, members in sorted(plan.roles.items())},
        artifacts=header["artifacts"],
    )


def _header(plan: Plan, connection: Connection) -> dict[str, Any]:
    """What makes two deployments the same one."""
    return {
        "format": FORMAT,
        "chain_id": plan.chain_id,
        "genesis": connection.block(0).hash,
        "deployer": plan.deployer,
        "artifacts": artifacts_digest(),
        "rights": plan.digest,
    }


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Only one process works on a record at a time; the lock goes with the process, however that ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise ConfigError(
            f"The folder {path.parent} cannot be used for deployment records: {error.strerror}."
        ) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError(
                f"Another process is deploying with the records in {path.parent}; nothing was sent."
            ) from None
        yield
    finally:
        os.close(handle)
