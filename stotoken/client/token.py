"""One security: what can be asked of it, what holders do with it, what its servants do alone, what needs an order."""

from __future__ import annotations

import os
from collections.abc import Sequence

from stotoken.client import proofs
from stotoken.client.bindings import structs
from stotoken.client.events import abi_of, only
from stotoken.client.results import (
    Distributed,
    DocumentChanged,
    LossReported,
    PauseChanged,
    RequestEnded,
    UnitsFrozen,
    moves_of,
)
from stotoken.client.token_holder import HolderActs
from stotoken.client.token_orders import OrderedActs
from stotoken.client.token_rules import RuleActs
from stotoken.client.token_views import Partition, document_key, partition_bytes
from stotoken.errors import InputError
from stotoken.terms import DEFAULT_PARTITION, TokenSpec
from stotoken.types import Address, Bytes32, Receipt, Units

KEY_LOST, REDEEMED_IN_ERROR = 1, 2


class Token(HolderActs, OrderedActs, RuleActs):
    """A token of the deployment. `System.token` finds one and makes sure that it is of this system."""

    # --- the agent ----------------------------------------------------------------------------------------------------

    def distribute(
        self, partition: Partition, rows: Sequence[tuple[Address, Units]], batch: Bytes32, nonce: int | None = None
    ) -> Distributed:
        """From the treasury to many at once, within the allotment; all rows or none. `batch`: an opaque number.

        To do a batch once at most, take the `settled_nonce` of the sender, then ask `was_distributed`, then send with
        that nonce.
        """
        wallets, units = [wallet for wallet, _ in rows], [units for _, units in rows]
        where = partition_bytes(partition)
        receipt = self._send(self.bind.distribute(where, wallets, units, batch), nonce)
        moves = moves_of(self.deployment, receipt, self.address)
        return Distributed(receipt=receipt, moves=moves, partition=where, batch=batch)

    def was_distributed(self, batch: Bytes32) -> bool:
        """Whether a batch of this number was distributed."""
        topics = abi_of("SecurityToken").event("Distributed").topics(batch=batch)
        return bool(self.connection.logs([self.address], self.deployment.block_number, topics=topics))

    # --- issuer and registrar -----------------------------------------------------------------------------------------

    def approve_transfer_request(self, id: int) -> RequestEnded:
        """Let the requested transfer happen, now."""
        return self._ended(self._send(self.bind.approve_transfer_request(id)))

    def reject_transfer_request(self, id: int) -> RequestEnded:
        return self._ended(self._send(self.bind.reject_transfer_request(id)))

    def set_document(self, name: str, uri: str, sha256: Bytes32) -> DocumentChanged:
        """Attach a document, or replace it."""
        receipt = self._send(self.bind.set_document(document_key(name), uri, sha256))
        return DocumentChanged(receipt=receipt, name=name, uri=uri, sha256=sha256, removed=False)

    def remove_document(self, name: str) -> DocumentChanged:
        """InputError when there is none of that name."""
        if not any(name == document.name for document in self.documents()):
            raise InputError(f"The token has no document named {name}; nothing was removed.")
        receipt = self._send(self.bind.remove_document(document_key(name)))
        values = only(self.deployment, receipt, "DocumentRemoved", self.address).values
        return DocumentChanged(
            receipt=receipt, name=name, uri=values["uri"], sha256=values["documentHash"], removed=True
        )

    def pause(self) -> PauseChanged:
        """Stop holders and issuers of this token, alone and at once; `unpause` is an order."""
        receipt = self._send(self.bind.pause())
        return PauseChanged(receipt=receipt, paused=True, by=self.actor.address)

    # --- compliance ---------------------------------------------------------------------------------------------------

    def freeze(self, account: Address, units: Units, partition: Partition = DEFAULT_PARTITION) -> UnitsFrozen:
        """Set the frozen units of a holding to no fewer than they are; fewer needs an order: `set_frozen`."""
        receipt = self._send(self.bind.set_frozen_by_partition(partition_bytes(partition), account, units))
        values = only(self.deployment, receipt, "FrozenByPartition", self.address).values
        return UnitsFrozen(
            receipt=receipt, partition=values["partition"], account=values["account"], units=values["units"]
        )

    # --- losses -------------------------------------------------------------------------------------------------------

    def report_lost_key(
        self,
        wallet: Address,
        evidence: Bytes32,
        partition: Partition = DEFAULT_PARTITION,
        id: Bytes32 | None = None,
    ) -> LossReported:
        """Record that a wallet's key is lost: its holding in the partition stands still at once. `id`: random."""
        call = self.bind.report_loss(
            os.urandom(32) if id is None else id, KEY_LOST, partition_bytes(partition), wallet, 0, evidence
        )
        return self._loss(self._send(call))

    def loss_of_redemption(
        self, tx_hash: str, log_index: int | None, evidence: Bytes32, units: Units | None = None
    ) -> LossReported:
        """Record that units were redeemed in error, all of that redemption when no number is given.

        `log_index` may be None where the transaction made only one move. The redemption is proved from its receipt;
        InputError when the log is none of this token.
        """
        proof = proofs.prove_redemption(self.deployment, self.connection, self.address, tx_hash, log_index)
        wanted = proof.units_today if units is None else units
        if not 0 < wanted <= proof.units_today:
            raise InputError(
                f"Log {proof.move.log_index} of {tx_hash} redeemed {proof.units_today} units, not {wanted}."
            )
        move = proof.move
        call = self.bind.report_loss(proof.origin, REDEEMED_IN_ERROR, move.partition, move.from_, wanted, evidence)
        return self._loss(self._send(call))

    def _loss(self, receipt: Receipt) -> LossReported:
        values = only(self.deployment, receipt, "LossReported", self.address).values
        names = ("id", "wallet", "kind", "partition", "units", "evidence")
        return LossReported(receipt=receipt, **{name: values[name] for name in names})


def terms_from(spec: TokenSpec, treasury: Address) -> structs.Terms:
    """The terms as the chain takes them. Their documents are attached afterwards: `set_document`."""
    return structs.Terms(
        name=spec.name,
        symbol=spec.symbol,
        decimals=spec.decimals,
        instrument=spec.instrument,
        category=spec.category,
        identifier=spec.identifier.encode("ascii"),
        currency=spec.currency.encode("ascii"),
        face_value=spec.face_value,
        authorised_units=spec.authorised_units,
        maturity=spec.matures_at,
        locked_until=spec.locked_until,
        receive_classes=int(spec.receive_classes),
        holder_cap=spec.holder_cap,
        approval_required=spec.approval_required,
        whole_only=spec.whole_only,
        puttable=spec.puttable,
        treasury=treasury,
        # The default partition is every token's first and is not named among its terms.
        partitions=tuple(
            part for name, part in zip(spec.partitions, spec.partition_ids, strict=True) if name != DEFAULT_PARTITION
        ),
    )
