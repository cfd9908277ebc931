"""Sends calls: simulated first, so that what the chain would refuse is refused before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection, block_of, call_object, fee_fields, number_of
from stotoken.chain.envelope import SignedTransaction
from stotoken.chain.signer import Signer
from stotoken.errors import NodeError, OutcomeUnknown, Reverted, StotokenError, UnknownRevert
from stotoken.types import Address, Block, Receipt

#: Most gas one transaction may ask for since EIP-7825.
TRANSACTION_GAS_CAP = 2**24
_UNEXPLAINED = "was mined and failed without a reason"


class Sender:
    """Signs and sends for one address over one connection, one transaction at a time."""

    def __init__(self, connection: Connection, signer: Signer, *, timeout: float = 120.0) -> None:
        self.connection = connection
        self.signer = signer
        self.timeout = timeout
        #: Hash of the last transaction that went to the node, whatever became of it; None before the first.
        self.handed_over: str | None = None

    @property
    def address(self) -> Address:
        return self.signer.address

    def __repr__(self) -> str:
        return f"Sender({self.address} on {self.connection!r})"

    def simulate(self, call: Call, block: int | str = "latest") -> bytes:
        """Run without sending, as this sender; the returned data, or the typed exception."""
        return self.connection.call(call.to, call.data, block, self.address, call.value)

    def settled_nonce(self) -> int:
        """The next nonce, once everything this sender sent is mined; OutcomeUnknown while something still waits.

        Sent with this nonce, a transaction made from what the chain says from now on happens only if nothing else of
        this sender came between.
        """
        mined, sent = (self.connection.nonce(self.address, pending=pending) for pending in (False, True))
        if sent > mined:
            raise OutcomeUnknown(
                f"What {self.address} sent before still waits to be mined (transactions: {sent - mined}); nothing was "
                "sent. Wait until it is, then run the same again."
            )
        return mined

    def send(self, call: Call, gas: int | None = None, nonce: int | None = None) -> Receipt:
        """Simulate, sign, send and wait for the receipt of a transaction that took effect.

        Raises the typed `Reverted` before sending when the simulation is refused, and with `tx_hash` set when the
        transaction was mined and failed; `OutcomeUnknown` when it was sent and no receipt came; `NodeError` when the
        node did not take it. Nothing is ever sent twice. `nonce`: the next one if not given.
        """
        fields = self._prepare(call, gas)
        signed = self.signer.sign_transaction(fields if nonce is None else fields | {"nonce": nonce})
        self._hand_over(signed)
        receipt = self.connection.wait(signed.hash, self.timeout)
        if receipt.status != 1:
            raise self.why(partial(self.simulate, call), receipt.tx_hash, receipt.block_number)
        return receipt

    def _prepare(self, call: Call, gas: int | None) -> dict[str, Any]:
        """The whole transaction, simulated and filled in with one exchange with the node."""
        asked = call_object(call.to, call.data, self.address, call.value)
        questions: list[tuple[str, list[object]]] = [
            ("eth_call", [asked, "latest"]),
            ("eth_getTransactionCount", [self.address, "pending"]),
            ("eth_getBlockByNumber", ["latest", False]),
            ("eth_gasPrice", []),
            ("eth_getBalance", [self.address, "latest"]),
        ]
        if gas is None:
            questions.append(("eth_estimateGas", [asked]))
        answers = self.connection.batch(questions)
        for answer in answers:
            if isinstance(answer, StotokenError):
                raise answer
        latest = block_of(answers[2])
        fields: dict[str, Any] = {
            "chainId": self.connection.chain_id,
            "nonce": number_of(answers[1]),
            "gas": _with_margin(number_of(answers[5]), latest) if gas is None else gas,
            "value": call.value,
            "data": call.data,
            **fee_fields(latest, number_of(answers[3]), number_of(answers[4])),
        }
        return fields if call.to is None else fields | {"to": call.to}

    def _hand_over(self, signed: SignedTransaction) -> None:
        """Give the transaction to the node, and find out whether it has it when the node's answer leaves doubt.

        One that the node refuses although it has it came to it from elsewhere: it is not told as a second success.
        """
        self.handed_over = signed.hash
        try:
            self.connection.send_raw(signed.raw)
        except NodeError as error:
            if self._is_known(signed, error):
                if not error.answered:
                    return
                raise OutcomeUnknown(
                    f"Transaction {signed.hash} was with the node already: another program with this key sent the "
                    "same. It happens once: look it up before you repeat it.",
                    tx_hash=signed.hash,
                ) from None
            if error.answered:
                self.handed_over = None
                raise
            raise OutcomeUnknown(
                f"Transaction {signed.hash} was sent without an answer: {error} It may still be mined.",
                tx_hash=signed.hash,
            ) from None

    def _is_known(self, signed: SignedTransaction, refusal: NodeError) -> bool:
        try:
            return self.connection.request("eth_getTransactionByHash", [signed.hash]) is not None
        except NodeError:
            if not refusal.answered:
                return False
            raise refusal from None

    def why(
        self, again: Callable[[int], object], tx_hash: str, block_number: int, unexplained: str = _UNEXPLAINED
    ) -> Reverted:
        """The typed reason of a mined failure, found by running it `again` on the state after its block and before;
        `unexplained` is said where neither gives a reason."""
        found: Reverted = UnknownRevert(text=f"transaction {tx_hash} {unexplained}")
        for block in (block_number, block_number - 1):
            try:
                again(block)
            except Reverted as reason:
                found = reason
                break
            except NodeError:
                continue  # the node keeps no state of that block
        found.tx_hash = tx_hash
        return found


def _with_margin(estimate: int, latest: Block) -> int:
    """A quarter more than estimated, within what one block and one transaction may hold."""
    wanted = estimate + estimate // 4
    if estimate <= TRANSACTION_GAS_CAP:
        wanted = min(wanted, TRANSACTION_GAS_CAP)
    return min(wanted, latest.gas_limit)
