"""What tests of the contracts say often."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from world import World, investor_of

from stotoken.chain.abi import Call
from stotoken.chain.sender import Sender
from stotoken.client.events import abi_of, happened
from stotoken.client.results import origin_of
from stotoken.client.token import Token
from stotoken.errors import Reverted
from stotoken.types import ZERO_ADDRESS, Receipt, checksum, keccak, partition_id

DEFAULT = partition_id("default")
CLASS_A = partition_id("class-a")
ZERO = ZERO_ADDRESS
DAY = 86_400
EVIDENCE = keccak(b"a report of a loss")
INCIDENT = keccak(b"a report of an incident")
#: A loss is recorded under an id of its own.
LOSS = keccak(b"loss 1")
KEY_LOST, REDEEMED_IN_ERROR = 1, 2
#: Authorised units stay below this, through every split.
UNITS_LIMIT = 2**94


class Parts(NamedTuple):
    """What `holdingOf` says."""

    units: int
    free: int
    frozen: int
    locked_lots: int
    locked_until: int
    lost: bool


@contextmanager
def refused(error: type[Reverted], *values: object) -> Iterator[None]:
    """The block is refused with exactly this error, and with these values if any are given."""
    with pytest.raises(Reverted) as caught:
        yield
    assert type(caught.value) is error, repr(caught.value)
    assert not values or caught.value.args == values


def outcome(world: World, who: Sender | str, call: Call) -> str:
    """What would become of a call: `done`, or the name of the error."""
    try:
        (world.people[who] if isinstance(who, str) else who).simulate(call)
    except Reverted as error:
        return type(error).__name__
    return "done"


def at(world: World, name: str) -> str:
    """Somebody's address."""
    return world.people[name].address


def events(world: World, receipt: Receipt, name: str) -> list[dict[str, Any]]:
    return [event.values for event in happened(world.deployment, receipt) if event.name == name]


def event_names(world: World, receipt: Receipt) -> list[str]:
    return [event.name for event in happened(world.deployment, receipt)]


def parts(world: World, token: Token, holder: str, partition: bytes = DEFAULT) -> Parts:
    return Parts(*token.bind.holding_of(partition, at(world, holder) if not holder.startswith("0x") else holder))


def second_wallet(world: World, owner: str, number: int = 2) -> str:
    """Another registered wallet of somebody's investor."""
    wallet = checksum("0x" + keccak(f"{owner} {number}".encode())[-20:].hex())
    world.register([wallet], investor=investor_of(at(world, owner)))
    return wallet


def split(world: World, token: Token, ratio: int, start: int = 0) -> int:
    """Split by an order; the epoch it begins."""
    receipt = world.order(token.bind.split(ratio, start))
    epoch: int = events(world, receipt, "SplitScheduled")[0]["epoch"]
    return epoch


def record_date(world: World, token: Token, start: int = 0) -> int:
    """Fix the register by an order; the epoch it begins."""
    receipt = world.order(token.bind.schedule_record_date(start))
    epoch: int = events(world, receipt, "RecordDateScheduled")[0]["epoch"]
    return epoch


def origin(receipt: Receipt, token: Token, event: str = "TransferByPartition") -> bytes:
    """The reference of the move in a receipt."""
    found = abi_of("SecurityToken").event(event)
    log = next(log for log in receipt.logs if log.address == token.address and found.matches(log))
    return origin_of(receipt.tx_hash, log.log_index)


def freeze(world: World, token: Token, holder: str, units: int, partition: bytes = DEFAULT) -> Receipt:
    """Freeze more units, as compliance may alone."""
    return world.send("compliance", token.bind.set_frozen_by_partition(partition, at(world, holder), units))


def lose(world: World, token: Token, holder: str, id: bytes = LOSS, partition: bytes = DEFAULT) -> Receipt:
    """Report the key of a wallet lost."""
    return world.send("registrar", token.bind.report_loss(id, KEY_LOST, partition, at(world, holder), 0, EVIDENCE))


def halt(world: World, level: int = 2) -> Receipt:
    return world.send("emergency", world.system.bind.halt(level, INCIDENT))


def resume(world: World, level: int = 0) -> Receipt:
    return world.order(world.system.bind.resume(level, INCIDENT))


def storage_hash(world: World, address: str) -> str:
    """Changes when anything in the contract's storage does (and on Anvil when an empty slot is read in a block)."""
    return str(world.node.rpc("eth_getProof", address, [], "latest")["storageHash"])


def permit(world: World, token: Token, **changed: object) -> Call:
    """A permit of alice for bob, signed by her (`signer`) for this token (`contract`), with anything changed."""
    signed: dict[str, object] = {
        "owner": at(world, "alice"),
        "spender": at(world, "bob"),
        "value": 60,
        "nonce": token.bind.nonces(at(world, "alice")),
        "deadline": world.now + 1_000,
    }
    given = {name: value for name, value in changed.items() if name in signed}
    signed |= given
    message = {
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
                {"name": "verifyingContract", "type": "address"},
            ],
            "Permit": [
                {"name": "owner", "type": "address"},
                {"name": "spender", "type": "address"},
                {"name": "value", "type": "uint256"},
                {"name": "nonce", "type": "uint256"},
                {"name": "deadline", "type": "uint256"},
            ],
        },
        "primaryType": "Permit",
        "domain": {
            "name": "stotoken",
            "version": "1",
            "chainId": changed.get("chain_id", world.connection.chain_id),
            "verifyingContract": changed.get("contract", token.address),
        },
        "message": signed,
    }
    signer = world.people[str(changed.get("signer", "alice"))].signer
    signature = signer.sign_typed_data(message)
    r, s, v = signature[:32], signature[32:64], signature[64]
    shown = changed.get("shown_value", signed["value"])
    return token.bind.permit(
        str(signed["owner"]),
        str(signed["spender"]),
        shown,
        signed["deadline"],
        v,
        r,
        s,  # type: ignore[arg-type]
    )
