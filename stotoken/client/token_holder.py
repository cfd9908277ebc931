"""What holders, their spenders and operators do with a token, each alone and at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stotoken.chain.abi import Call
from stotoken.client.events import only
from stotoken.client.results import (
    AllowanceSet,
    Moved,
    MovedMany,
    OperatorSet,
    Requested,
    RequestEnded,
    moves_of,
    one_move,
)
from stotoken.client.token_views import Partition, TokenViews, partition_bytes
from stotoken.terms import DEFAULT_PARTITION
from stotoken.types import Address, Receipt, Units

UNLIMITED = 2**256 - 1


@dataclass(frozen=True, slots=True)
class Permit:
    """A signed consent: whoever sends it makes `spender` able to move `units` of `owner`. UTC seconds."""

    owner: Address
    spender: Address
    units: Units
    deadline: int
    v: int
    r: bytes
    s: bytes


class HolderActs(TokenViews):
    """Acts of the person whose key the client has."""

    def transfer(self, to: Address, units: Units) -> Moved:
        """Of the default partition."""
        return self._move(self.bind.transfer(to, units))

    def transfer_with_data(self, to: Address, units: Units, data: bytes) -> Moved:
        return self._move(self.bind.transfer_with_data(to, units, data))

    def transfer_by_partition(self, partition: Partition, to: Address, units: Units, data: bytes = b"") -> Moved:
        return self._move(self.bind.transfer_by_partition(partition_bytes(partition), to, units, data))

    def batch_transfer(self, partition: Partition, rows: Sequence[tuple[Address, Units]]) -> MovedMany:
        """To many at once; all rows or none."""
        wallets, units = [wallet for wallet, _ in rows], [units for _, units in rows]
        receipt = self._send(self.bind.batch_transfer(partition_bytes(partition), wallets, units))
        return MovedMany(receipt=receipt, moves=moves_of(self.deployment, receipt, self.address))

    def transfer_from(self, from_: Address, to: Address, units: Units) -> Moved:
        """Within an allowance, of the default partition."""
        return self._move(self.bind.transfer_from(from_, to, units))

    def transfer_from_with_data(self, from_: Address, to: Address, units: Units, data: bytes) -> Moved:
        return self._move(self.bind.transfer_from_with_data(from_, to, units, data))

    def operator_transfer(
        self, partition: Partition, from_: Address, to: Address, units: Units, data: bytes = b"", note: bytes = b""
    ) -> Moved:
        """By an operator of `from_`; `note` is the operator's own data."""
        where = partition_bytes(partition)
        return self._move(self.bind.operator_transfer_by_partition(where, from_, to, units, data, note))

    # --- redeem -------------------------------------------------------------------------------------------------------

    def redeem(self, units: Units, data: bytes = b"") -> Moved:
        """A put, or after maturity; of the default partition."""
        return self._move(self.bind.redeem(units, data))

    def redeem_by_partition(self, partition: Partition, units: Units, data: bytes = b"") -> Moved:
        return self._move(self.bind.redeem_by_partition(partition_bytes(partition), units, data))

    def redeem_from(self, holder: Address, units: Units, data: bytes = b"") -> Moved:
        """Within an allowance."""
        return self._move(self.bind.redeem_from(holder, units, data))

    def operator_redeem(self, partition: Partition, holder: Address, units: Units, note: bytes = b"") -> Moved:
        return self._move(self.bind.operator_redeem_by_partition(partition_bytes(partition), holder, units, note))

    # --- who may act for me -------------------------------------------------------------------------------------------

    def approve(self, spender: Address, units: Units) -> AllowanceSet:
        """Let `spender` move that many units; `UNLIMITED` is a number too."""
        return self._allowance(self._send(self.bind.approve(spender, units)))

    def sign_permit(self, spender: Address, units: Units, deadline: int) -> Permit:
        """The same consent as a signature, for somebody else to send. Signs only; nothing is sent."""
        owner = self.actor.address
        message = self._permit_message(owner, spender, units, deadline)
        signature = self.actor.signer.sign_typed_data(message)
        return Permit(owner, spender, units, deadline, signature[64], signature[:32], signature[32:64])

    def permit(self, permit: Permit) -> AllowanceSet:
        """Send somebody's signed consent."""
        p = permit
        return self._allowance(self._send(self.bind.permit(p.owner, p.spender, p.units, p.deadline, p.v, p.r, p.s)))

    def authorize_operator(self, operator: Address, partition: Partition | None = None) -> OperatorSet:
        """Let somebody move all of one's units, or those of one partition."""
        if partition is None:
            return self._operator(self.bind.authorize_operator(operator), operator, partition, True)
        call = self.bind.authorize_operator_by_partition(partition_bytes(partition), operator)
        return self._operator(call, operator, partition, True)

    def revoke_operator(self, operator: Address, partition: Partition | None = None) -> OperatorSet:
        if partition is None:
            return self._operator(self.bind.revoke_operator(operator), operator, partition, False)
        call = self.bind.revoke_operator_by_partition(partition_bytes(partition), operator)
        return self._operator(call, operator, partition, False)

    # --- transfers that the issuer approves ---------------------------------------------------------------------------

    def request_transfer(
        self, to: Address, units: Units, deadline: int, partition: Partition = DEFAULT_PARTITION
    ) -> Requested:
        """Ask the issuer to let units move; they stay the holder's and cannot move until then."""
        receipt = self._send(self.bind.request_transfer(partition_bytes(partition), to, units, deadline))
        values = only(self.deployment, receipt, "TransferRequested", self.address).values
        return Requested(
            receipt=receipt,
            id=values["id"],
            from_=values["from"],
            to=values["to"],
            partition=values["partition"],
            units=values["units"],
            deadline=values["deadline"],
        )

    def cancel_transfer_request(self, id: int) -> RequestEnded:
        """Take back one's request; after its deadline anybody may."""
        return self._ended(self._send(self.bind.cancel_transfer_request(id)))

    # --- inside -------------------------------------------------------------------------------------------------------

    def _move(self, call: Call) -> Moved:
        return one_move(self.deployment, self._send(call), self.address)

    def _ended(self, receipt: Receipt) -> RequestEnded:
        values = only(self.deployment, receipt, "TransferRequestEnded", self.address).values
        moved = next(iter(moves_of(self.deployment, receipt, self.address)), None)
        return RequestEnded(receipt=receipt, id=values["id"], by=values["by"], approved=values["approved"], moved=moved)

    def _allowance(self, receipt: Receipt) -> AllowanceSet:
        values = only(self.deployment, receipt, "Approval", self.address).values
        return AllowanceSet(receipt=receipt, owner=values["owner"], spender=values["spender"], units=values["value"])

    def _operator(self, call: Call, operator: Address, partition: Partition | None, authorised: bool) -> OperatorSet:
        where = None if partition is None else partition_bytes(partition)
        receipt, holder = self._send(call), self.actor.address
        return OperatorSet(receipt=receipt, operator=operator, holder=holder, partition=where, authorised=authorised)

    def _permit_message(self, owner: Address, spender: Address, units: Units, deadline: int) -> Mapping[str, Any]:
        def fields(**kinds: str) -> list[dict[str, str]]:
            return [{"name": name, "type": kind} for name, kind in kinds.items()]

        return {
            "types": {
                "EIP712Domain": fields(name="string", version="string", chainId="uint256", verifyingContract="address"),
                "Permit": fields(
                    owner="address", spender="address", value="uint256", nonce="uint256", deadline="uint256"
                ),
            },
            "primaryType": "Permit",
            "domain": {
                "name": "stotoken",
                "version": "1",
                "chainId": self.connection.chain_id,
                "verifyingContract": self.address,
            },
            "message": {
                "owner": owner,
                "spender": spender,
                "value": units,
                "nonce": self.bind.nonces(owner),
                "deadline": deadline,
            },
        }
