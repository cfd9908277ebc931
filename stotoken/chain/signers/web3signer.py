"""Web3Signer (formerly EthSigner): a firm's own signing service, which keeps keys in a vault or HSM behind JSON-RPC.

It is given the whole transaction and gives back a signed one, which is compared field by field with what was asked:
its chain id, for one, comes from its own configuration.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from stotoken.chain.connection import mask_url
from stotoken.chain.envelope import Envelope, Signature, SignedTransaction, check, typed_digest, verified
from stotoken.chain.faults import SignerError
from stotoken.chain.signer import TRANSACTION, TYPED_DATA, Health
from stotoken.errors import ConfigError
from stotoken.types import Address, to_hex

TIMEOUT = 15.0
#: Files of TLS: whom to trust, and with what to be trusted.
CA_VARIABLE, CERTIFICATE_VARIABLE, KEY_VARIABLE = (f"STOTOKEN_WEB3SIGNER_{name}" for name in ("CA", "CERT", "KEY"))

#: A whole number beyond it is rounded by readers of JSON that keep numbers as floating point.
_EXACT = 2**53
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Codes of JSON-RPC for a method that is not there, or not switched on.
_NO_METHOD = (-32601, -32604)


class _Refusal(SignerError):
    """An error object of JSON-RPC."""

    code: object = None


class Web3Signer:
    kind = "Web3Signer"

    def __init__(self, url: str, address: Address, *, timeout: float = TIMEOUT) -> None:
        self._url, self._timeout = _checked(url), timeout
        self.shown_url = mask_url(url)
        self.address = address

    def __repr__(self) -> str:
        return f"Web3Signer({self.address} at {self.shown_url})"

    @property
    def _name(self) -> str:
        return f"Web3Signer at {self.shown_url}"

    def sign_transaction(self, fields: Mapping[str, Any]) -> SignedTransaction:
        asked = Envelope.of(fields)
        answer = self._ask("eth_signTransaction", [asked.rpc() | {"from": self.address}])
        return verified(raw_of(answer, self._name), asked, self.address, self._name)

    def sign_typed_data(self, message: Mapping[str, Any]) -> bytes:
        digest = typed_digest(message)
        try:
            answer = self._ask("eth_signTypedData", [self.address, typed_json(message)])
        except _Refusal as refusal:
            if refusal.code in _NO_METHOD:
                raise SignerError(f"{self._name} does not sign typed data; nothing was signed.") from None
            raise
        return signature_of(answer, digest, self.address, self._name)

    def health(self) -> Health:
        """Whether it is up, has the key of the address, and knows how to sign typed data; nothing is signed."""
        can: tuple[str, ...] = ()
        try:
            self._upcheck()
            held, can = self._ask("eth_accounts", []), self.can_sign
        except SignerError as error:
            return Health(self.kind, self.address, can, reachable=False, matches=False, problem=str(error))
        there = isinstance(held, list) and self.address.lower() in [str(each).lower() for each in held]
        problem = "" if there else f"{self._name} holds no key of {self.address}."
        return Health(self.kind, self.address, can, reachable=True, matches=there, problem=problem)

    @property
    def can_sign(self) -> tuple[str, ...]:
        """Asked of the service: typed data is not in every version."""
        return (TRANSACTION, TYPED_DATA) if self._knows("eth_signTypedData") else (TRANSACTION,)

    def _upcheck(self) -> None:
        answer = self._exchange("GET", "/upcheck")
        if answer.status_code != 200:
            raise SignerError(f"{self._name} is up but not ready: it answered HTTP {answer.status_code}.")

    def _knows(self, method: str) -> bool:
        """Asked without parameters, so that nothing can be signed: it complains of them, or of the method."""
        try:
            self._ask(method, [])
        except _Refusal as refusal:
            return refusal.code not in _NO_METHOD
        return True

    def _ask(self, method: str, params: list[object]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        response = self._exchange("POST", "", body)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not {"result", "error"} & set(answer):
            said = f"HTTP {response.status_code}" if response.status_code != 200 else "something that is not JSON-RPC"
            raise SignerError(f"{self._name} answered {said} to {method}; nothing was signed.")
        error = answer.get("error")
        if error is not None:
            told = error if isinstance(error, dict) else {"message": error}
            refusal = _Refusal(
                f"{self._name} refused {method}: {str(told.get('message'))[:200].rstrip('.')}; nothing was signed."
            )
            refusal.code = told.get("code")
            raise refusal
        return answer.get("result")

    def _exchange(self, method: str, path: str, body: str | None = None) -> Any:
        """One HTTP exchange without proxies, redirects or what the user keeps for other hosts."""
        import requests

        trusted, own, key = (os.environ.get(name) for name in (CA_VARIABLE, CERTIFICATE_VARIABLE, KEY_VARIABLE))
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.request(
                    method, self._url + path, data=body, headers={"Content-Type": "application/json"},
                    timeout=self._timeout, verify=trusted or True, allow_redirects=False,
                    cert=(own, key) if own and key else own,
                )  # fmt: skip
        except requests.Timeout:
            problem = f"did not answer within {self._timeout:g} seconds"
        except requests.exceptions.SSLError:
            problem = "has no certificate that is trusted"
        except OSError as error:
            # Of a file of TLS that cannot be read, or of requests, whose text may hold the URL as it is.
            problem = "cannot be reached" if isinstance(error, requests.RequestException) else "has no file of TLS"
        raise SignerError(f"{self._name} {problem}; nothing was signed.")


def raw_of(answer: object, name: str) -> bytes:
    """The raw transaction in an answer to eth_signTransaction, bare or as geth wraps it."""
    raw = answer.get("raw") if isinstance(answer, Mapping) else answer
    try:
        return bytes.fromhex(str(raw).removeprefix("0x"))
    except ValueError:
        raise SignerError(f"{name} gave back something that is no signed transaction; nothing was sent.") from None


def signature_of(answer: object, digest: bytes, address: Address, name: str) -> bytes:
    """The 65 bytes in an answer to eth_signTypedData, once they are the address's own of that digest."""
    try:
        signature = Signature.parse(bytes.fromhex(str(answer).removeprefix("0x")))
    except ValueError:
        raise SignerError(f"{name} gave back something that is no signature; nothing was signed.") from None
    check(signature, digest, address, name)
    return signature.compact


def typed_json(message: Mapping[str, Any]) -> str:
    """A message of EIP-712 as JSON for others: bytes in hexadecimal, numbers they would round as text."""
    return json.dumps(_for_others(message))


def _for_others(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _for_others(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_for_others(item) for item in value]
    if isinstance(value, bytes):
        return to_hex(value)
    return str(value) if type(value) is int and abs(value) > _EXACT else value


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        good = secure and bool(parts.hostname) and parts.port != 0 and not parts.query
    except ValueError:
        good = False
    if not good:
        raise ConfigError(
            f"web3signer: takes https://HOST[:PORT]#ADDRESS, or http:// on this machine, not '{mask_url(url)}'."
        )
    return url.rstrip("/")
