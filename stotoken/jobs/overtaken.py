"""Nonces that somebody else used: given up only once the chain cannot think better of it.

Seen twice: when a nonce is found used up without a transaction of ours, the journal keeps the block at which it was;
what was signed for it is given up when that block is final and still no node has heard of any of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from stotoken.chain.connection import Connection, block_of, number_of
from stotoken.chain.sender import Sender
from stotoken.errors import OutcomeUnknown, StotokenError
from stotoken.jobs.journal import Journal, Signed


def keep_block(lots: Sequence[Signed], sender: Sender, journal: Journal) -> None:
    """Keep of each lot, where its nonce is used up now, the block at which it is; unless an earlier one is kept that
    the chain still has."""
    connection = sender.connection
    block = connection.block("latest")
    used = number_of(connection.request("eth_getTransactionCount", [sender.address, hex(block.number)]))
    new = [lot for lot in lots if lot.nonce < used and not _stands(connection, lot)]
    if connection.block(block.number).hash == block.hash:
        journal.settle([(lot, "open", (None, block.number, block.hash, None), None) for lot in new])


def lost(lots: Sequence[Signed], nodes: Sequence[Connection], finality: int) -> list[Signed]:
    """Those of lots, each with its block, that never happen. OutcomeUnknown while a node may still think otherwise."""
    gone = [lot for lot in lots if not any(_heard(node, lot) for node in nodes)]
    for node in nodes if gone else ():
        head = node.block("latest").number
        for lot in gone:
            if not _stands(node, lot):
                why = f"the node at {node.shown_url} does not have block {lot.block_number}, at which it was used up"
            elif (since := head - lot.block_number) < finality:
                why = (
                    f"on block {lot.block_number}, at which it was used up, stand {since} of {finality} blocks that do"
                )
            else:
                continue
            raise OutcomeUnknown(
                f"It is not final that nonce {lot.nonce} is another's: {why}. Nothing was given up; the same command "
                "does it later.",
                tx_hash=lot.hashes[-1],
            )
    return gone


def _stands(node: Connection, lot: Signed) -> bool:
    """Whether the node's chain has the block that was kept."""
    if lot.block_hash is None:
        return False
    raw = node.request("eth_getBlockByNumber", [hex(lot.block_number), False])
    return raw is not None and block_of(raw).hash == lot.block_hash


def _heard(node: Connection, lot: Signed) -> bool:
    """Whether the node has any transaction that was ever signed for the lot, mined or not."""
    questions = ("eth_getTransactionReceipt", "eth_getTransactionByHash")
    answers = node.batch([(asked, [tx_hash]) for tx_hash in lot.hashes for asked in questions])
    for answer in answers:
        if isinstance(answer, StotokenError):
            raise answer
    return any(answer is not None for answer in answers)
