"""One node over HTTP. The only module that imports web3.

Every failure is told in one sentence by a typed error, and no URL that holds a credential is ever shown: web3 itself
is given the masked URL and a session that knows the real one.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from stotoken.chain.decoder import revert_of
from stotoken.errors import ConfigError, NodeError, OutcomeUnknown, Reverted
from stotoken.types import Address, Block, Log, Receipt, checksum, to_hex

if TYPE_CHECKING:
    from web3 import HTTPProvider, Web3

_EXECUTING = frozenset({"eth_call", "eth_estimateGas"})
_FIRST_POLL, _LONGEST_POLL = 0.002, 0.25
#: Bytes of an answer that are taken at once, at most: what is asked for in bulk is then asked for in smaller parts.
LARGEST = 64 << 20


def mask_url(url: str) -> str:
    """The URL, or whatever was given for one, without user, password, the values of its query and path parts long
    enough to be a key."""
    scheme = found[0] if (found := re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url)) else ""
    _, at, rest = url.removeprefix(scheme).rpartition("@")
    address, mark, query = rest.partition("#")[0].partition("?")
    host, *path = address.split("/") if scheme else ("", *address.split("/"))
    path = ["***" if re.fullmatch(r"[\w.~-]{20,}", part) else part for part in path]
    query = re.sub(r"([^&=]*=)?[^&]+", lambda part: f"{part[1] or ''}***", query)
    return f"{scheme}{'***' if at else ''}{at}{'/'.join([host, *path] if scheme else path)}{mark}{query}"


def _checked(url: str) -> str:
    """The URL; ConfigError when no node can be at it."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ConfigError(
            f"Node URL '{mask_url(url)}' must start with http:// or https:// and name a host, and a port if any as a "
            "number."
        )
    return url


def _tag(block: int | str) -> str:
    return hex(block) if isinstance(block, int) else block


@contextmanager
def _expected(what: str) -> Iterator[None]:
    """NodeError when what the node answered does not hold what it must."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError):
        raise NodeError(f"The node answered something else where {what} was expected.", answered=True) from None


@_expected("a number")
def number_of(raw: Any) -> int:
    return raw if type(raw) is int else int(raw, 16)


@_expected("data")
def data_of(raw: Any) -> bytes:
    return bytes.fromhex(raw.removeprefix("0x"))


def _hash_of(raw: Any) -> str:
    if len(data_of(raw)) != 32:
        raise ValueError
    return str(raw)


@_expected("a log")
def log_of(raw: Mapping[str, Any]) -> Log:
    return Log(
        checksum(raw["address"]),
        tuple(map(data_of, raw["topics"])),
        data_of(raw["data"]),
        number_of(raw["blockNumber"]),
        _hash_of(raw["blockHash"]),
        _hash_of(raw["transactionHash"]),
        number_of(raw["logIndex"]),
    )


@_expected("a block")
def block_of(raw: Mapping[str, Any]) -> Block:
    base_fee = raw.get("baseFeePerGas")
    return Block(
        number_of(raw["number"]),
        _hash_of(raw["hash"]),
        _hash_of(raw["parentHash"]),
        number_of(raw["timestamp"]),
        number_of(raw["gasLimit"]),
        None if base_fee is None else number_of(base_fee),
    )


def fee_fields(latest: Block, gas_price: int, balance: int) -> dict[str, int]:
    """Legacy fees where blocks show no base fee, else EIP-1559 with room for five full blocks in a row.

    An account without ether offers nothing where the base fee is nothing, whatever tip the node suggests.
    """
    if latest.base_fee is None:
        return {"gasPrice": gas_price}
    tip = max(0, gas_price - latest.base_fee) if latest.base_fee or balance else 0
    return {"type": 2, "maxPriorityFeePerGas": tip, "maxFeePerGas": 2 * latest.base_fee + tip}


def call_object(to: Address | None, data: bytes, sender: Address | None = None, value: int = 0) -> dict[str, str]:
    """The transaction object of `eth_call` and `eth_estimateGas`."""
    fields = {"to": to, "from": sender, "data": to_hex(data), "value": hex(value) if value else None}
    return {name: text for name, text in fields.items() if text is not None}


class Connection:
    """A node and the chain it serves. Made by `Connection.open`."""

    def __init__(self, url: str, *, timeout: float = 30.0) -> None:
        self.shown_url = mask_url(url)
        self._timeout = timeout
        self._web3 = _web3(_checked(url), self.shown_url, timeout)
        self._chain_id: int | None = None

    @classmethod
    def open(cls, url: str, *, expect_chain_id: int | None = None, timeout: float = 30.0) -> Self:
        """Connect and make sure the node answers, for the chain meant."""
        connection = cls(url, timeout=timeout)
        found = connection.chain_id
        if expect_chain_id is not None and found != expect_chain_id:
            connection.close()
            raise ConfigError(
                f"The node at {connection.shown_url} serves chain {found}, not {expect_chain_id}; nothing was done."
            )
        return connection

    def __repr__(self) -> str:
        return f"Connection({self.shown_url})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    @property
    def w3(self) -> Web3:
        """The same node as web3, proof-of-authority headers understood, for what this class has no method for."""
        return self._web3[0]

    @property
    def _provider(self) -> HTTPProvider:
        return self._web3[1]

    @property
    def _session(self) -> Any:
        return self._web3[2]

    # --- JSON-RPC -----------------------------------------------------------------------------------------------------

    def request(self, method: str, params: Sequence[object] = ()) -> Any:
        """One JSON-RPC request; the result, or the typed error."""
        from web3.types import RPCEndpoint

        answer = self._exchange(lambda: self._provider.make_request(RPCEndpoint(method), list(params)))
        if not isinstance(answer, Mapping) or ("result" not in answer and "error" not in answer):
            raise NodeError(f"The node at {self.shown_url} gave no JSON-RPC answer to {method}.")
        return self.result_of(method, answer)

    def batch(self, requests: Sequence[tuple[str, Sequence[object]]]) -> list[Any]:
        """Many requests in one post; results in order. A request that failed has its typed error as its result."""
        if not requests:
            return []
        body = [
            {"jsonrpc": "2.0", "id": place, "method": method, "params": list(params)}
            for place, (method, params) in enumerate(requests)
        ]
        answers = self._exchange(lambda: json.loads(self._post(body)))
        if not isinstance(answers, list):
            return [self._settled(method, params) for method, params in requests]
        by_id = {answer.get("id"): answer for answer in answers if isinstance(answer, Mapping)}
        missing = {"error": {"message": "no answer within the batch"}}
        return [self._outcome(method, by_id.get(place, missing)) for place, (method, _) in enumerate(requests)]

    def post(self, body: object) -> bytes:
        """One HTTP exchange of JSON; the answer as it came. NodeError when it is larger than `LARGEST`."""
        return bytes(self._exchange(lambda: self._post(body)))

    def _post(self, body: object) -> bytes:
        response = self._session.post(
            self.shown_url,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
            timeout=self._timeout,
            stream=True,
        )
        with response:
            response.raise_for_status()
            answer = bytearray()
            for part in response.iter_content(1 << 20):
                answer += part
                if len(answer) > LARGEST:
                    raise NodeError(
                        f"The answer of the node at {self.shown_url} is larger than {LARGEST} bytes.", answered=True
                    )
        return bytes(answer)

    def _settled(self, method: str, params: Sequence[object]) -> Any:
        """For a node that takes no batches: the request alone, its error as its result."""
        try:
            return self.request(method, params)
        except (NodeError, Reverted) as error:
            return error

    def _outcome(self, method: str, answer: Mapping[str, Any]) -> Any:
        try:
            return self.result_of(method, answer)
        except (NodeError, Reverted) as error:
            return error

    def result_of(self, method: str, answer: Mapping[str, Any]) -> Any:
        """What a JSON-RPC answer holds; the typed error it tells, raised."""
        error = answer.get("error")
        if error is None:
            return answer.get("result")
        if not isinstance(error, Mapping):
            error = {"message": str(error)}
        if method in _EXECUTING and (reverted := revert_of(error)) is not None:
            raise reverted
        said = str(error.get("message", "")).strip(" .") or "no message"
        raise NodeError(f"The node refused {method}: {said}.", answered=True, code=error.get("code"))

    def _exchange(self, ask: Any) -> Any:
        """Run one HTTP exchange; whatever goes wrong on the way becomes one sentence without the real URL."""
        import requests

        try:
            return ask()
        except requests.Timeout:
            problem = f"did not answer within {self._timeout:g} seconds"
        except requests.HTTPError as error:
            problem = f"answered HTTP {error.response.status_code if error.response is not None else 'error'}"
        except requests.exceptions.SSLError:
            problem = "has a certificate that is not trusted"
        except requests.ConnectionError:
            problem = "cannot be reached"
        except (requests.RequestException, ValueError):
            problem = "answered something that is not JSON"
        raise NodeError(f"The node at {self.shown_url} {problem}.")

    # --- questions ----------------------------------------------------------------------------------------------------

    @property
    def chain_id(self) -> int:
        if self._chain_id is None:
            self._chain_id = number_of(self.request("eth_chainId"))
        return self._chain_id

    def call(
        self,
        to: Address | None,
        data: bytes,
        block: int | str = "latest",
        sender: Address | None = None,
        value: int = 0,
    ) -> bytes:
        """Run a call without sending anything; raises the typed exception when it reverts."""
        return data_of(self.request("eth_call", [call_object(to, data, sender, value), _tag(block)]))

    def estimate_gas(self, to: Address | None, data: bytes, sender: Address | None = None, value: int = 0) -> int:
        return number_of(self.request("eth_estimateGas", [call_object(to, data, sender, value)]))

    def nonce(self, address: Address, pending: bool = True) -> int:
        return number_of(self.request("eth_getTransactionCount", [address, "pending" if pending else "latest"]))

    def balance(self, address: Address, block: int | str = "latest") -> int:
        return number_of(self.request("eth_getBalance", [address, _tag(block)]))

    def code(self, address: Address, block: int | str = "latest") -> bytes:
        return data_of(self.request("eth_getCode", [address, _tag(block)]))

    def gas_price(self) -> int:
        return number_of(self.request("eth_gasPrice"))

    def block(self, block: int | str = "latest") -> Block:
        """A header by number or tag; NodeError when the chain has no such block."""
        raw = self.request("eth_getBlockByNumber", [_tag(block), False])
        if raw is None:
            raise NodeError(f"The node at {self.shown_url} has no block {block}.", answered=True)
        return block_of(raw)

    def logs(
        self,
        addresses: Sequence[Address] = (),
        from_block: int | str = 0,
        to_block: int | str = "latest",
        topics: Sequence[str | Sequence[str] | None] = (),
    ) -> list[Log]:
        """Events in chain order; no addresses means any address."""
        wanted: dict[str, object] = {"fromBlock": _tag(from_block), "toBlock": _tag(to_block), "topics": list(topics)}
        if addresses:
            wanted["address"] = list(addresses)
        found = self.request("eth_getLogs", [wanted])
        with _expected("a list of logs"):
            return [log_of(raw) for raw in found]

    # --- transactions -------------------------------------------------------------------------------------------------

    def send_raw(self, raw: bytes) -> str:
        """Hand over a signed transaction; its hash."""
        return str(self.request("eth_sendRawTransaction", [to_hex(raw)]))

    def receipt(self, tx_hash: str) -> Receipt | None:
        """The receipt, or None while the transaction is not mined."""
        raw = self.request("eth_getTransactionReceipt", [tx_hash])
        with _expected(f"the receipt of {tx_hash}"):
            if raw is None or raw.get("blockNumber") is None:
                return None
            contract = raw.get("contractAddress")
            return Receipt(
                _hash_of(raw["transactionHash"]),
                number_of(raw["blockNumber"]),
                _hash_of(raw["blockHash"]),
                number_of(raw["gasUsed"]),
                number_of(raw["status"]),
                tuple(map(log_of, raw["logs"])),
                self._timestamp(raw),
                checksum(contract) if contract else None,
            )

    def _timestamp(self, raw: Mapping[str, Any]) -> int:
        told = next((log["blockTimestamp"] for log in raw["logs"] if log.get("blockTimestamp")), None)
        return self.block(number_of(raw["blockNumber"])).timestamp if told is None else number_of(told)

    def wait(self, tx_hash: str, timeout: float = 120.0) -> Receipt:
        """Poll for the receipt; OutcomeUnknown when none came in `timeout` seconds or the node fell silent."""
        deadline, pause = time.monotonic() + timeout, _FIRST_POLL
        trouble = f"was sent, but no receipt came within {timeout:g} seconds"
        while True:
            try:
                if (found := self.receipt(tx_hash)) is not None:
                    return found
            except NodeError as error:
                trouble = f"was sent, but then: {str(error).rstrip('.')}"
            if (left := deadline - time.monotonic()) <= 0:
                break
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_POLL)
        raise OutcomeUnknown(
            f"Transaction {tx_hash} {trouble}. It may still be mined: do not repeat it.", tx_hash=tx_hash
        )


def _web3(url: str, shown_url: str, timeout: float) -> tuple[Web3, HTTPProvider, Any]:
    """web3 over a session that puts the real URL in place of the masked one."""
    import requests
    from web3 import HTTPProvider, Web3
    from web3.middleware import ExtraDataToPOAMiddleware

    class MaskedSession(requests.Session):
        def request(self, method: Any, _shown: Any, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
            return super().request(method, url, *args, **kwargs)

    session = MaskedSession()
    # Retrying is left to the caller: web3 would also send transactions again.
    provider = HTTPProvider(
        shown_url, request_kwargs={"timeout": timeout}, session=session, exception_retry_configuration=None
    )
    w3 = Web3(provider)
    w3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    return w3, provider, session
