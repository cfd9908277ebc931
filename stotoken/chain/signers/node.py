"""A key that a development node keeps, such as Anvil's accounts. On any other chain it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from stotoken.chain.envelope import Envelope, SignedTransaction, typed_digest, verified
from stotoken.chain.faults import SignerError
from stotoken.chain.signer import DEVELOPMENT_CHAINS, TRANSACTION, TYPED_DATA, Health
from stotoken.chain.signers.web3signer import raw_of, signature_of, typed_json
from stotoken.errors import ConfigError, NodeError, StotokenError
from stotoken.types import Address

if TYPE_CHECKING:
    from stotoken.chain.connection import Connection


class NodeSigner:
    kind, can_sign = "account of a development node", (TRANSACTION, TYPED_DATA)

    def __init__(self, address: Address, connect: Callable[[], Connection]) -> None:
        self.address = address
        self._connect = connect

    def __repr__(self) -> str:
        return f"NodeSigner({self.address})"

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        asked = Envelope.of(fields)
        answer = self._ask("eth_signTransaction", [asked.rpc() | {"from": self.address}])
        return verified(raw_of(answer, "The node"), asked, self.address, "The node")

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        digest = typed_digest(message)
        answer = self._ask("eth_signTypedData_v4", [self.address, typed_json(message)])
        return signature_of(answer, digest, self.address, "The node")

    def health(self) -> Health:
        try:
            held = self._ask("eth_accounts", [])
        except StotokenError as error:
            return Health(self.kind, self.address, self.can_sign, reachable=False, matches=False, problem=str(error))
        there = isinstance(held, list) and self.address.lower() in [str(each).lower() for each in held]
        problem = "" if there else f"The node holds no key of {self.address}."
        return Health(self.kind, self.address, self.can_sign, reachable=True, matches=there, problem=problem)

    def _ask(self, method: str, params: list[object]) -> Any:
        connection = self._connect()
        if connection.chain_id not in DEVELOPMENT_CHAINS:
            raise ConfigError(
                f"node: is for development, and the node serves chain {connection.chain_id}, which is none of "
                f"{', '.join(map(str, sorted(DEVELOPMENT_CHAINS)))}; nothing was signed."
            )
        try:
            return connection.request(method, params)
        except NodeError as error:
            if error.answered:
                raise SignerError(f"{str(error).rstrip('.')}; nothing was signed.") from None
            raise
