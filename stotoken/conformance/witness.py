"""People and a connection whose every act is kept as evidence.

A `Person` does not try a transaction out before it is sent: also what is refused is refused by the chain, in a mined
transaction that anybody can look up.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from stotoken.chain.abi import Call
from stotoken.chain.connection import Connection, block_of, fee_fields, number_of
from stotoken.chain.sender import Sender
from stotoken.chain.signer import SignedTransaction, Signer
from stotoken.client.deployment import Deployment
from stotoken.client.events import abi_of, contract_at
from stotoken.conformance.evidence import Text, Transaction
from stotoken.errors import StotokenError
from stotoken.types import Address, Receipt

#: Asked for with each transaction: as much as one may have since EIP-7825.
GAS = 2**24


class Journal:
    """Everything sent and asked, in order. Names are found once it is known where the contracts are."""

    def __init__(self) -> None:
        self.deployment: Deployment | None = None
        self.transactions: list[Transaction] = []
        self.views: list[str] = []

    def sent(self, by: Text, call: Call, receipt: Receipt, refused: str = "") -> None:
        contract, function = self._names(call.to, call.data)
        self.transactions.append(
            Transaction(
                tx_hash=receipt.tx_hash,
                block=receipt.block_number,
                timestamp=receipt.timestamp,
                gas_used=receipt.gas_used,
                by=by,
                contract=contract,
                function=function,
                carries=self._carried(contract, function, call.data),
                refused=refused,
            )
        )

    def asked(self, to: Address | None, data: bytes) -> None:
        contract, function = self._names(to, data)
        if function and abi_of(contract).function(_signatures(contract)[data[:4]]).is_view:
            self.views.append(f"{contract}.{function}")

    def _names(self, to: Address | None, data: bytes) -> tuple[str, str]:
        if self.deployment is None or to is None or not data:
            return "", ""
        contract = contract_at(self.deployment, to)
        signature = _signatures(contract).get(data[:4], "")
        return contract, signature.partition("(")[0]

    def _carried(self, contract: str, function: str, data: bytes) -> str:
        if (contract, function) != ("Orders", "execute"):
            return ""
        _, target, inner = abi_of("Orders").function("execute").decode_arguments(data)
        return ".".join(self._names(target, inner))


class WitnessedConnection(Connection):
    """Keeps which questions were asked."""

    journal: Journal | None = None

    def call(
        self,
        to: Address | None,
        data: bytes,
        block: int | str = "latest",
        sender: Address | None = None,
        value: int = 0,
    ) -> bytes:
        if self.journal is not None:
            self.journal.asked(to, data)
        return super().call(to, data, block, sender, value)


class Person(Sender):
    """Somebody with a key, a name, and a journal in which all that they send is written."""

    def __init__(self, connection: Connection, signer: Signer, name: Text, journal: Journal) -> None:
        super().__init__(connection, signer, timeout=30)
        self.name, self.journal = name, journal

    def send(self, call: Call, gas: int | None = None, nonce: int | None = None) -> Receipt:
        """Send at once and wait; the typed exception, with its `tx_hash`, when the chain refused it."""
        signed = self.sign(call, gas, nonce)
        self._hand_over(signed)
        return self.outcome(call, signed)

    def sign(self, call: Call, gas: int | None = None, nonce: int | None = None, bid: int = 1) -> SignedTransaction:
        """What is handed to a node to be mined, now or later; its price is `bid` times the usual one."""
        fields = self._fields(call, gas or GAS)
        for price in fields.keys() & {"gasPrice", "maxPriorityFeePerGas", "maxFeePerGas"}:
            fields[price] *= bid
        return self.signer.sign_transaction(fields if nonce is None else fields | {"nonce": nonce})

    def outcome(self, call: Call, signed: SignedTransaction) -> Receipt:
        """What became of a transaction that a node has; waits until it is mined."""
        receipt = self.connection.wait(signed.hash, self.timeout)
        if receipt.status == 1:
            self.journal.sent(self.name, call, receipt)
            return receipt
        refusal = self.why(partial(self.simulate, call), receipt.tx_hash, receipt.block_number)
        self.journal.sent(self.name, call, receipt, type(refusal).__name__)
        raise refusal

    def _fields(self, call: Call, gas: int) -> dict[str, Any]:
        answers = self.connection.batch(
            [
                ("eth_getTransactionCount", [self.address, "pending"]),
                ("eth_getBlockByNumber", ["latest", False]),
                ("eth_gasPrice", []),
                ("eth_getBalance", [self.address, "latest"]),
            ]
        )
        for answer in answers:
            if isinstance(answer, StotokenError):
                raise answer
        fees = fee_fields(block_of(answers[1]), number_of(answers[2]), number_of(answers[3]))
        fields = {"chainId": self.connection.chain_id, "nonce": number_of(answers[0]), "gas": gas, **fees}
        return fields | {"to": call.to, "value": call.value, "data": call.data}


@cache
def _signatures(contract: str) -> dict[bytes, str]:
    return {function.selector: function.signature for function in abi_of(contract).functions.values()}
