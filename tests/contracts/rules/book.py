"""What tests of the rule book say often."""

from __future__ import annotations

from world import World

from contracts.helpers import DEFAULT, ZERO, at, outcome
from stotoken.artifacts import load
from stotoken.chain.abi import Abi
from stotoken.chain.decoder import typed_revert
from stotoken.client.token import Token
from stotoken.errors import Reverted
from stotoken.types import encode_values

TOKEN = bytes(32)
ANSWERS, REVERTS, BURNS, FLOODS = range(4)
#: What is no answer, however it is given.
NO_ANSWERS = {
    "reverts": (REVERTS, b""),
    "reverts with an answer": (REVERTS, encode_values(["bytes"], [b""])),
    "burns its gas": (BURNS, b""),
    "floods": (FLOODS, b""),
    "answers nothing": (ANSWERS, b""),
    "answers half a word": (ANSWERS, bytes(16)),
    "answers a number": (ANSWERS, encode_values(["uint256"], [2])),
    "answers garbage": (ANSWERS, b"\xff" * 96),
}


def deploy(world: World, name: str, *values: object) -> str:
    """A contract of `contracts/mocks`; its address."""
    artifact = load(name)
    abi = Abi(artifact.abi)
    receipt = world.send("mallory", abi.constructor.call(name, artifact.link(), *values))
    return str(receipt.contract_address)


def stranger(world: World, manner: int, answer: bytes = b"") -> str:
    return deploy(world, "Stranger", manner, answer)


def refusing(world: World, refusal: bytes) -> str:
    """A rule that refuses everything with these bytes, or nothing when there are none."""
    return stranger(world, ANSWERS, encode_values(["bytes"], [refusal]))


def explained(token: Token, from_: str, to: str, units: int, partition: bytes = DEFAULT) -> list[Reverted]:
    found = token.bind.explain(partition, from_, to, units, sender=from_ if from_ != ZERO else None)
    return [typed_revert(each) for each in found]


def redeemed_at_will(world: World, **terms: object) -> Token:
    """A token with two partitions whose holders may redeem: alice holds 100 of each."""
    token = world.new_token(partitions=["class-a"], puttable=True, **terms)
    for partition in ("default", "class-a"):
        world.issue(token, "alice", 100, partition)
    return token


def names(found: list[Reverted]) -> list[str]:
    return [type(each).__name__ for each in found]


def transfer(world: World, token: Token, to: str, units: int, partition: bytes = DEFAULT, by: str = "alice") -> None:
    """Done, or refused with the error; the views agree with either."""
    receiver, sender = at(world, to), at(world, by)
    said = token.bind.can_transfer_by_partition(sender, receiver, partition, units, b"", sender=sender)[0]
    why = explained(token, sender, receiver, units, partition)
    call = token.bind.transfer_by_partition(partition, receiver, units, b"")
    happens = outcome(world, by, call)
    assert happens == [*names(why), "done"][0]
    assert (said == b"\x51") == (happens == "done")
    world.send(by, call)
