"""Proofs of what an act refers to: an earlier move, by transaction hash and log index, read from the chain itself.

A reversal binds (origin, partition, parties, units, epoch); the chain cannot look back at its own logs, so the
proposer's client proves them from the receipt, and the approver's client, which knows the origin alone, finds the
log anew and proves them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection
from stotoken.client import bindings
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of, contract_at
from stotoken.client.results import Moved, move_at, origin_of
from stotoken.errors import InputError
from stotoken.types import Address, Bytes32, MoveKind, Receipt, Units, to_hex

REDEEMED_IN_ERROR = 2


@dataclass(frozen=True)
class Proof:
    """An earlier move as the chain tells it. `epoch`: the one its units count in."""

    move: Moved
    epoch: int
    #: The units of the move, in units of today.
    units_today: Units

    @property
    def origin(self) -> Bytes32:
        return self.move.origin


def prove_transfer(
    deployment: Deployment, connection: Connection, token: Address, tx_hash: str, index: int | None
) -> Proof:
    """That a log is an ordinary transfer (or distribution) of the token; InputError says what it is instead.

    `index` may be left out where the transaction made only one move.
    """
    proof = _prove(deployment, connection, token, tx_hash, index)
    move = proof.move
    index = move.log_index
    if move.kind not in (MoveKind.TRANSFER, MoveKind.DISTRIBUTE):
        raise InputError(f"Log {index} of {tx_hash} is a move of kind {move.kind.name}, which is not reversed.")
    if move.operator == deployment.orders or move.from_ == move.to:
        raise InputError(f"Log {index} of {tx_hash} is not a transfer between two holders.")
    return proof


def prove_redemption(
    deployment: Deployment, connection: Connection, token: Address, tx_hash: str, index: int | None
) -> Proof:
    """That a log is a redemption of the token, by its holder or by an order."""
    proof = _prove(deployment, connection, token, tx_hash, index)
    if int(proof.move.to, 16) != 0:
        raise InputError(
            f"Log {proof.move.log_index} of {tx_hash} is a move of kind {proof.move.kind.name}, not a redemption."
        )
    return proof


def prove_again(deployment: Deployment, connection: Connection, call: Call) -> None:
    """What the proposer's client proved, proved by the approver's own: for a reversal, and for the reissue of units
    redeemed in error. InputError when the chain does not bear the act out."""
    token = call.to or ""
    if contract_at(deployment, token) != "SecurityToken":
        return
    abi = abi_of("SecurityToken")
    reverse, reissue = abi.function("reverse"), abi.function("reissue")
    if call.data[:4] == reverse.selector:
        names = [param.name for param in reverse.inputs]
        given = dict(zip(names, reverse.decode_arguments(call.data), strict=True))
        _prove_reversal(deployment, connection, token, given)
    elif call.data[:4] == reissue.selector:
        _prove_reissue(deployment, connection, token, reissue.decode_arguments(call.data)[0])


def _prove_reversal(deployment: Deployment, connection: Connection, token: Address, given: Mapping[str, Any]) -> None:
    parties = {"fromPartition": given["partition"], "from": given["to"], "to": given["from"]}
    found = _find(deployment, connection, token, "TransferByPartition", given["origin"], parties)
    proof = prove_transfer(deployment, connection, token, *found)
    if (proof.move.units, proof.epoch) != (given["original"], given["epoch"]):
        raise InputError(
            f"The order states {given['original']} units of epoch {given['epoch']}, but transfer {found[0]} moved "
            f"{proof.move.units} units of epoch {proof.epoch}; nothing was approved."
        )
    left = proof.units_today - bindings.SecurityToken(connection, token).reversed(proof.origin)
    if given["units"] > left:
        raise InputError(
            f"The order returns {given['units']} units, but {left} are left to return; nothing was approved."
        )


def _prove_reissue(deployment: Deployment, connection: Connection, token: Address, id: Bytes32) -> None:
    bind = bindings.SecurityToken(connection, token)
    loss = bind.loss_of(id)
    if loss.kind != REDEEMED_IN_ERROR:
        return
    parties = {"partition": loss.partition, "from": loss.wallet}
    found = _find(deployment, connection, token, "RedeemedByPartition", id, parties)
    proof = prove_redemption(deployment, connection, token, *found)
    units = loss.units * (bind.epoch_of(bind.current_epoch()).factor // bind.epoch_of(loss.epoch).factor)
    if units > proof.units_today:
        raise InputError(
            f"The loss states {units} units, but redemption {found[0]} took {proof.units_today}; nothing was approved."
        )


def find_origin(
    deployment: Deployment,
    connection: Connection,
    token: Address,
    name: str,
    origin: Bytes32,
    parties: Mapping[str, Any],
) -> tuple[str, int] | None:
    """Transaction and index of the log an origin stands for; None when there is none between these parties."""
    topics = abi_of("SecurityToken").event(name).topics(**parties)
    for log in connection.logs([token], deployment.block_number, topics=topics):
        if origin_of(log.tx_hash, log.log_index) == origin:
            return log.tx_hash, log.log_index
    return None


def _find(
    deployment: Deployment,
    connection: Connection,
    token: Address,
    name: str,
    origin: Bytes32,
    parties: Mapping[str, Any],
) -> tuple[str, int]:
    found = find_origin(deployment, connection, token, name, origin, parties)
    if found is None:
        raise InputError(f"The chain has no log of {token} between these parties for the reference {to_hex(origin)}.")
    return found


def _prove(deployment: Deployment, connection: Connection, token: Address, tx_hash: str, index: int | None) -> Proof:
    receipt = connection.receipt(tx_hash)
    if receipt is None:
        raise InputError(f"The chain has no transaction {tx_hash}.")
    move = move_at(deployment, receipt, token, index)
    bind = bindings.SecurityToken(connection, token)
    epoch = _epoch_at(bind, receipt, move.log_index)
    ratio = bind.epoch_of(bind.current_epoch()).factor // bind.epoch_of(epoch).factor
    return Proof(move, epoch, move.units * ratio)


def _epoch_at(bind: bindings.SecurityToken, receipt: Receipt, index: int) -> int:
    """The epoch in force when the log was written: one that begins at the instant of its block may have been put on
    the calendar after it, later in the block or in another block of that instant."""
    epoch = bind.current_epoch()
    while (start := bind.epoch_of(epoch).start) > receipt.timestamp:
        epoch -= 1
    while epoch and start == receipt.timestamp and _was_scheduled_later(bind, epoch, receipt, index):
        epoch -= 1
        start = bind.epoch_of(epoch).start
    return epoch


def _was_scheduled_later(bind: bindings.SecurityToken, epoch: int, receipt: Receipt, index: int) -> bool:
    here = _position(bind.connection, receipt.tx_hash, index)
    for name in ("SplitScheduled", "RecordDateScheduled"):
        topics = abi_of("SecurityToken").event(name).topics(epoch=epoch)
        logs = bind.connection.logs([bind.address], receipt.block_number, topics=topics)
        if any(_position(bind.connection, log.tx_hash, log.log_index) > here for log in logs):
            return True
    return False


def _position(connection: Connection, tx_hash: str, log_index: int) -> tuple[int, int, int]:
    """Where a log stands on the chain; some nodes number the logs of each transaction from 0."""
    found = connection.request("eth_getTransactionByHash", [tx_hash])
    return int(found["blockNumber"], 16), int(found["transactionIndex"], 16), log_index
