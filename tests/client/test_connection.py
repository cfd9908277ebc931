from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stotoken.chain.abi import Call, ErrorCodec
from stotoken.chain.connection import Connection, fee_fields, mask_url
from stotoken.chain.sender import Sender
from stotoken.errors import ConfigError, NodeError, OutcomeUnknown, Panicked, UnknownRevert
from stotoken.types import ZERO_ADDRESS, Block

PANIC = ErrorCodec("Panic(uint256)").encode(0x32)
Answer = Callable[[Any], tuple[int, bytes]]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """An HTTP server that answers every posted JSON as told; its host and port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def result(asked: dict[str, Any], value: object) -> tuple[int, bytes]:
    return 200, json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": value}).encode()


def test_another_chain_is_refused_with_both_numbers(anvil: Connection) -> None:
    assert Connection.open(anvil.shown_url, expect_chain_id=31337).chain_id == 31337
    with pytest.raises(ConfigError, match="serves chain 31337, not 2017; nothing was done"):
        Connection.open(anvil.shown_url, expect_chain_id=2017)


def test_a_node_that_is_down_is_told_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(NodeError) as caught:
            Connection.open(url)
    assert str(caught.value) == f"The node at {url} cannot be reached."
    assert not caught.value.answered


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (401, b"{}", "answered HTTP 401"),
        (200, b"<html>", "answered something that is not JSON"),
        (200, b"[]", "gave no JSON-RPC answer to eth_chainId"),
        (
            200,
            b'{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no such method."}}',
            "refused eth_chainId: no",
        ),
        (200, b'{"jsonrpc":"2.0","id":1,"error":"broken"}', "refused eth_chainId: broken"),
    ],
)
def test_an_answer_that_is_none_is_told_in_one_sentence(status: int, body: bytes, sentence: str) -> None:
    with serving(lambda _: (status, body)) as host, pytest.raises(NodeError, match=sentence):
        Connection.open(f"http://{host}")


def test_a_node_that_does_not_answer_in_time_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(NodeError, match=r"did not answer within 0\.05 seconds"):
            Connection.open(url, timeout=0.05)


@pytest.mark.parametrize("value", ["hello", None, [], {}, True, 1.5])
def test_an_answer_that_is_no_number_is_told_in_one_sentence(value: object) -> None:
    with serving(lambda asked: result(asked, value)) as host, pytest.raises(NodeError, match="a number was expected"):
        Connection.open(f"http://{host}")


def test_nonsense_for_anything_else_is_told_in_one_sentence() -> None:
    with serving(lambda asked: result(asked, {"nonsense": 1})) as host:
        node = Connection(f"http://{host}")
        for ask in (node.block, node.logs, node.gas_price, lambda: node.call(ZERO_ADDRESS, b"")):
            with pytest.raises(NodeError, match="something else where"):
                ask()


def test_an_incomplete_receipt_leaves_the_outcome_unknown() -> None:
    sent = "0x" + "ab" * 32
    receipt = {"transactionHash": sent, "blockNumber": "0x1"}
    told = pytest.raises(OutcomeUnknown, match=f"Transaction {sent} was sent, but then")
    with serving(lambda asked: result(asked, receipt)) as host, told as caught:
        Connection(f"http://{host}").wait(sent, 0.01)
    assert caught.value.tx_hash == sent


def test_other_schemes_are_refused() -> None:
    for url in ("ws://127.0.0.1:1", "127.0.0.1:8545", "", "http://", "http://[::1", "http://host:abc"):
        with pytest.raises(ConfigError, match="must start with http"):
            Connection.open(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://127.0.0.1:8545", "http://127.0.0.1:8545"),
        ("https://user:pass@node.example/rpc", "https://***@node.example/rpc"),
        ("https://node.example/v3/0123456789abcdef0123456789abcdef", "https://node.example/v3/***"),
        ("https://node.example/?token=abc&x=1", "https://node.example/?token=***&x=***"),
        ("https://node.example/?SECRETKEY", "https://node.example/?***"),
        ("user:secretpw@host:8545", "***@host:8545"),
        ("http://user:pw@[::1", "http://***@[::1"),
        ("http://user:p/w?x#y://@host/rpc", "http://***@host/rpc"),
        ("https://a-node-of-some-length.example", "https://a-node-of-some-length.example"),
    ],
)
def test_credentials_in_urls_are_masked(url: str, shown: str) -> None:
    assert mask_url(url) == shown


def test_credentials_reach_the_node_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="web3")
    with serving(lambda asked: result(asked, "0x7e1")) as host:
        connection = Connection.open(f"http://user:hunter2@{host}/?token=s3cret")
        shown = [repr(connection), str(connection.w3.provider), caplog.text]
        assert connection.chain_id == 2017
    with pytest.raises(NodeError) as caught:
        connection.balance(ZERO_ADDRESS)
    shown.append(f"{caught.value} {caught.value.__cause__} {caught.value.__context__}")
    assert [text for text in shown if "hunter2" in text or "s3cret" in text] == []


def test_a_call_that_reverts_raises_the_typed_exception(anvil: Connection, deploy: Callable[[str], str]) -> None:
    address = deploy("reverts with its input")
    with pytest.raises(Panicked, match="an array index out of bounds"):
        anvil.call(address, PANIC)
    with pytest.raises(Panicked):
        anvil.estimate_gas(address, PANIC)
    with pytest.raises(UnknownRevert, match="not today"):
        anvil.call(address, ErrorCodec("Error(string)").encode("not today"))
    with pytest.raises(UnknownRevert, match="without a reason"):
        anvil.call(address, b"")


def test_calls_logs_and_code_come_as_bytes(anvil: Connection, sender: Sender, deploy: Callable[[str], str]) -> None:
    address = deploy("logs and returns its input")
    assert anvil.code(address).hex() == "36600060003760aa366000a1366000f3"
    assert anvil.call(address, b"echo", sender=sender.address) == b"echo"
    receipt = sender.send(Call(address, b"echo", "echo()"))
    found = anvil.logs([address], receipt.block_number, receipt.block_number, ["0x" + "aa".rjust(64, "0")])
    assert tuple(found) == receipt.logs
    assert (found[0].address, found[0].data, found[0].tx_hash) == (address, b"echo", receipt.tx_hash)
    assert anvil.logs([address], topics=["0x" + "bb".rjust(64, "0")]) == []
    assert anvil.receipt(receipt.tx_hash) == receipt
    block = anvil.block(receipt.block_number)
    assert (block.hash, block.timestamp) == (receipt.block_hash, receipt.timestamp)
    assert (anvil.nonce(sender.address), anvil.nonce(sender.address, pending=False)) == (2, 2)
    with pytest.raises(NodeError, match="has no block 999999999"):
        anvil.block(999_999_999)


def test_a_batch_keeps_its_order_and_the_errors_of_its_items(anvil: Connection, deploy: Callable[[str], str]) -> None:
    address = deploy("reverts with its input")
    answers = anvil.batch(
        [
            ("eth_chainId", []),
            ("eth_call", [{"to": address, "data": "0x" + PANIC.hex()}, "latest"]),
            ("no_such_method", []),
            ("eth_getBalance", [address, "latest"]),
        ]
    )
    assert (answers[0], answers[3]) == ("0x7a69", "0x0")
    assert isinstance(answers[1], Panicked)
    assert isinstance(answers[2], NodeError)
    assert answers[2].answered
    assert anvil.batch([]) == []


def test_a_batch_is_put_in_order_and_a_missing_answer_is_told() -> None:
    def shuffled(asked: Any) -> tuple[int, bytes]:
        answers = [{"jsonrpc": "2.0", "id": item["id"], "result": item["method"]} for item in reversed(asked)]
        return 200, json.dumps(answers[:-1]).encode()

    with serving(shuffled) as host:
        answers = Connection(f"http://{host}").batch([("a", []), ("b", []), ("c", [])])
    assert answers[1:] == ["b", "c"]
    assert str(answers[0]) == "The node refused a: no answer within the batch."


def test_a_node_without_batches_is_asked_one_by_one() -> None:
    def single(asked: Any) -> tuple[int, bytes]:
        if isinstance(asked, list):
            return 200, b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}'
        return result(asked, asked["method"])

    with serving(single) as host:
        assert Connection(f"http://{host}").batch([("a", []), ("b", [])]) == ["a", "b"]


def test_proof_of_authority_headers_are_understood(anvil: Connection) -> None:
    header = anvil.request("eth_getBlockByNumber", ["0x0", False]) | {"extraData": "0x" + "ab" * 97}
    with serving(lambda asked: result(asked, header)) as host:
        block = Connection(f"http://{host}").w3.eth.get_block(0)
    assert len(block["proofOfAuthorityData"]) == 97  # type: ignore[typeddict-item]


def test_fees_follow_what_the_latest_block_shows() -> None:
    berlin = Block(1, "0x", "0x", 0, 30_000_000, None)
    london = berlin._replace(base_fee=100)
    assert fee_fields(berlin, 0, 0) == {"gasPrice": 0}
    assert fee_fields(london, 103, 1) == {"type": 2, "maxPriorityFeePerGas": 3, "maxFeePerGas": 203}
    free = london._replace(base_fee=0)
    assert fee_fields(free, 3, 0) == {"type": 2, "maxPriorityFeePerGas": 0, "maxFeePerGas": 0}
    assert fee_fields(free, 3, 1) == {"type": 2, "maxPriorityFeePerGas": 3, "maxFeePerGas": 3}


def test_waiting_ends_when_the_receipt_never_comes(anvil: Connection) -> None:
    missing = "0x" + "12" * 32
    with pytest.raises(OutcomeUnknown, match=r"no receipt came within 0\.01 seconds") as caught:
        anvil.wait(missing, timeout=0.01)
    assert caught.value.tx_hash == missing


def test_waiting_outlasts_a_node_that_is_down_and_then_tells_it() -> None:
    with serving(lambda _: (503, b"")) as host, pytest.raises(OutcomeUnknown, match=r"was sent, but then: .* HTTP 503"):
        Connection(f"http://{host}").wait("0x" + "12" * 32, timeout=0.01)
