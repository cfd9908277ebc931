from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from stotoken.chain.abi import Call, Constructor, ErrorCodec
from stotoken.chain.connection import Connection
from stotoken.chain.sender import Sender, _with_margin
from stotoken.chain.signer import LocalSigner
from stotoken.errors import NodeError, OutcomeUnknown, Panicked, UnknownRevert
from stotoken.types import Block

PANIC = ErrorCodec("Panic(uint256)").encode(0x11)
Deploy = Callable[[str], str]


@pytest.fixture
def blocks_by_hand(anvil: Connection) -> Iterator[Connection]:
    """Transactions stay pending until a block is made."""
    anvil.request("evm_setAutomine", [False])
    yield anvil
    anvil.request("evm_setIntervalMining", [0])
    anvil.request("anvil_dropAllTransactions")
    anvil.request("evm_setAutomine", [True])


def test_a_transaction_that_takes_effect_returns_its_receipt(anvil: Connection, sender: Sender, deploy: Deploy) -> None:
    address = deploy("logs and returns its input")
    receipt = sender.send(Call(address, b"echo", "echo()"))
    assert (receipt.status, receipt.logs[0].data, receipt.contract_address) == (1, b"echo", None)
    assert receipt.timestamp == anvil.block(receipt.block_number).timestamp
    assert sender.simulate(Call(address, b"echo", "echo()")) == b"echo"


def test_a_refusal_is_typed_before_anything_is_sent(anvil: Connection, sender: Sender, deploy: Deploy) -> None:
    address = deploy("reverts with its input")
    before = anvil.nonce(sender.address)
    for gas in (None, 100_000):
        with pytest.raises(Panicked) as caught:
            sender.send(Call(address, PANIC, "fail()"), gas)
        assert caught.value.tx_hash is None
    assert anvil.nonce(sender.address) == before


def test_a_creation_that_reverts_is_typed_before_anything_is_sent(anvil: Connection, sender: Sender) -> None:
    init = "64" + "0102030405" + "600052" + "6005601bfd"
    with pytest.raises(UnknownRevert, match="0x0102030405"):
        sender.send(Constructor().call("Bad", bytes.fromhex(init)))
    assert anvil.nonce(sender.address) == 0


def test_a_mined_failure_is_run_again_for_its_reason(anvil: Connection, sender: Sender, deploy: Deploy) -> None:
    call = Call(deploy("works once, then reverts with its input"), PANIC, "once()")
    first = sender.signer.sign_transaction(sender._prepare(call, 100_000))
    other = LocalSigner(os.urandom(32))
    anvil.request("anvil_setBalance", [other.address, hex(10**20)])
    anvil.request("evm_setAutomine", [False])
    try:
        anvil.send_raw(first.raw)
        anvil.request("evm_setIntervalMining", [1])
        with pytest.raises(Panicked) as caught:
            Sender(anvil, other, timeout=20).send(call, 100_000)
    finally:
        anvil.request("evm_setIntervalMining", [0])
        anvil.request("evm_setAutomine", [True])
    assert caught.value.tx_hash is not None
    failed = anvil.receipt(caught.value.tx_hash)
    assert failed is not None
    assert failed.status == 0


def test_a_mined_failure_without_a_reason_is_told_with_its_hash(sender: Sender, deploy: Deploy) -> None:
    # A simulation names no gas price, so only the mined transaction fails.
    address = deploy("reverts when gas has a price")
    with pytest.raises(UnknownRevert, match="was mined and failed without a reason") as caught:
        sender.send(Call(address, b"", "priced()"), 100_000)
    assert caught.value.tx_hash is not None
    assert caught.value.tx_hash in str(caught.value)


def test_no_receipt_in_time_is_an_unknown_outcome_and_nothing_is_sent_twice(
    blocks_by_hand: Connection, sender: Sender
) -> None:
    sender.timeout = 0.02
    with pytest.raises(OutcomeUnknown) as caught:
        sender.send(Call(sender.address, b"", "nothing()"))
    tx_hash = caught.value.tx_hash
    assert tx_hash is not None
    assert blocks_by_hand.receipt(tx_hash) is None
    blocks_by_hand.request("evm_mine")
    receipt = blocks_by_hand.wait(tx_hash, timeout=10)
    assert (receipt.status, blocks_by_hand.nonce(sender.address)) == (1, 1)


def test_the_next_transaction_follows_one_of_unknown_outcome(blocks_by_hand: Connection, sender: Sender) -> None:
    sender.timeout = 0.02
    for nonce in (1, 2):
        with pytest.raises(OutcomeUnknown):
            sender.send(Call(sender.address, b"", "nothing()"))
        assert blocks_by_hand.nonce(sender.address) == nonce


def test_a_transaction_that_another_program_sent_is_no_success_of_this_one(anvil: Connection, sender: Sender) -> None:
    signed = sender.signer.sign_transaction(sender._prepare(Call(sender.address, b"", "nothing()"), None))
    anvil.send_raw(signed.raw)
    with pytest.raises(OutcomeUnknown, match="was with the node already") as caught:
        sender._hand_over(signed)
    assert caught.value.tx_hash == signed.hash
    assert anvil.nonce(sender.address) == 1


def test_what_waits_to_be_mined_is_told_before_anything_else_is_sent(
    blocks_by_hand: Connection, sender: Sender
) -> None:
    assert sender.settled_nonce() == 0
    sender.timeout = 0.02
    with pytest.raises(OutcomeUnknown):
        sender.send(Call(sender.address, b"", "nothing()"))
    with pytest.raises(OutcomeUnknown, match=r"still waits to be mined \(transactions: 1\); nothing was sent"):
        sender.settled_nonce()
    blocks_by_hand.request("evm_mine")
    assert sender.settled_nonce() == 1


def test_of_two_transactions_with_one_nonce_only_one_happens(anvil: Connection, sender: Sender) -> None:
    nonce = sender.settled_nonce()
    sender.send(Call(sender.address, b"", "nothing()"), nonce=nonce)
    with pytest.raises(NodeError, match="nonce too low"):
        sender.send(Call(sender.address, b"other", "nothing()"), nonce=nonce)
    assert anvil.nonce(sender.address) == 1


def test_a_transaction_the_node_refuses_is_a_node_error(anvil: Connection, sender: Sender) -> None:
    fields = sender._prepare(Call(sender.address, b"", "nothing()"), None)
    sender.send(Call(sender.address, b"", "nothing()"))
    with pytest.raises(NodeError, match="nonce too low") as caught:
        sender._hand_over(sender.signer.sign_transaction(fields | {"gas": 50_000}))
    assert caught.value.answered


def test_a_node_that_dies_while_it_takes_a_transaction_leaves_the_outcome_unknown(sender: Sender) -> None:
    signed = sender.signer.sign_transaction(sender._prepare(Call(sender.address, b"", "nothing()"), None))
    dead = Sender(Connection("http://127.0.0.1:9"), sender.signer)
    with pytest.raises(OutcomeUnknown, match=r"sent without an answer: .* cannot be reached") as caught:
        dead._hand_over(signed)
    assert caught.value.tx_hash == signed.hash


def test_a_chain_taken_back_to_a_snapshot_takes_the_next_transaction(anvil: Connection, sender: Sender) -> None:
    snapshot = anvil.request("evm_snapshot")
    sender.send(Call(sender.address, b"", "nothing()"))
    anvil.request("evm_revert", [snapshot])
    assert sender.send(Call(sender.address, b"", "nothing()")).status == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--hardfork", "berlin", "--gas-price", "0"),
        ("--hardfork", "london", "--block-base-fee-per-gas", "0", "--gas-price", "0"),
    ],
    ids=["berlin", "london"],
)
def test_accounts_without_ether_work_where_gas_is_free(
    start_anvil: Callable[..., Connection], options: tuple[str, ...]
) -> None:
    connection = start_anvil(*options)
    poor = Sender(connection, LocalSigner(os.urandom(32)), timeout=20)
    assert connection.balance(poor.address) == 0
    receipts = [poor.send(Call(poor.address, b"", "nothing()")) for _ in range(2)]
    assert [receipt.status for receipt in receipts] == [1, 1]
    sent = connection.request("eth_getTransactionByHash", [receipts[0].tx_hash])
    assert (int(sent["gasPrice"], 16), sent["type"]) == (0, "0x0" if "berlin" in options else "0x2")


def test_gas_keeps_within_the_transaction_cap_and_the_block() -> None:
    block = Block(1, "0x", "0x", 0, 30_000_000, None)
    assert [_with_margin(gas, block) for gas in (40_000, 16_000_000, 20_000_000, 29_000_000)] == [
        50_000, 2**24, 25_000_000, 30_000_000,
    ]  # fmt: skip
