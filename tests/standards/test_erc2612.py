"""ERC-2612, and ERC-5267 for its domain.

Not tested, or resolved otherwise:

- "Sets the allowance if and only if" four conditions hold: a permit is an approval and is refused where `approve` is:
  for the zero address as spender, for more than 2^232 - 2 that is not 2^256 - 1, and while the system or the token
  stands still. Nothing is used up by such a refusal.
- The name in the domain is `stotoken` and not the token's: the text leaves it open, and the address tells tokens apart.
- Signatures are those of `secp256k1`, which the text demands; a wallet that is a contract approves by itself.
- ERC-5267 MAY announce changes of the domain: it never changes but with the chain's id.

Not met:

- `eip712Domain` MUST be defined exactly as declared. Its types are; in our ABI its results have no names.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contracts.helpers import ZERO, halt, outcome, permit, refused

from standards.letters import ERC20
from standards.scene import Scene
from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.types import encode_values, keccak

VALUE = 60
PERMIT = keccak(b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)")
#: ERC-712's fields in its order, which is the order of the bits in ERC-5267's `fields`.
FIELDS = (
    ("string", "name"),
    ("string", "version"),
    ("uint256", "chainId"),
    ("address", "verifyingContract"),
    ("bytes32", "salt"),
)


def signed(scene: Scene, **changed: object) -> Call:
    return permit(scene.world, scene.token, **changed)


def allowed(scene: Scene) -> tuple[int, int]:
    """What bob may spend of alice's, and how many of her permits were used."""
    return scene.bind.allowance(scene.alice, scene.bob), scene.bind.nonces(scene.alice)


def separator(scene: Scene) -> bytes:
    """The domain separator as ERC-712 makes it from the answer of ERC-5267."""
    fields, *values, extensions = scene.bind.eip712_domain()
    assert extensions == ()
    present = [
        (kind, name, value)
        for bit, ((kind, name), value) in enumerate(zip(FIELDS, values, strict=True))
        if fields[0] >> bit & 1
    ]
    type_hash = keccak(f"EIP712Domain({','.join(f'{kind} {name}' for kind, name, _ in present)})".encode())
    words = [keccak(value.encode()) if kind == "string" else value for kind, _, value in present]
    kinds = ["bytes32" if kind == "string" else kind for kind, _, _ in present]
    return keccak(encode_values(["bytes32", *kinds], [type_hash, *words]))


@pytest.mark.parametrize("value", [0, 1, VALUE, 2**232 - 2, 2**256 - 1])
@pytest.mark.parametrize("carrier", ["mallory", "bob", "alice"])
def test_a_permit_sets_the_allowance_counts_and_tells_whoever_carries_it(
    scene: Scene, carrier: str, value: int
) -> None:
    """ERC-2612, Specification: sets allowance, increments nonces by 1, emits Approval; anybody can be the caller."""
    scene.send("alice", scene.bind.approve(scene.bob, 9))
    receipt = scene.send(carrier, signed(scene, value=value))
    assert scene.told(receipt, *ERC20.events.values()) == [ERC20.Approval.log(scene.alice, scene.bob, value)]
    assert allowed(scene) == (value, 1)
    assert scene.bind.nonces(scene.bob) == 0


def test_a_permit_is_used_once(scene: Scene) -> None:
    """ERC-2612, Specification: nonces must equal the signed nonce, else revert."""
    call = signed(scene)
    scene.send("bob", call)
    with pytest.raises(reverts.ERC2612InvalidSigner):
        scene.send("bob", call)
    assert allowed(scene) == (VALUE, 1)
    scene.send("bob", signed(scene, value=5))
    assert allowed(scene) == (5, 2)


@pytest.mark.parametrize("nonce", [1, 2**256 - 1])
def test_a_permit_for_another_turn_is_refused(scene: Scene, nonce: int) -> None:
    """ERC-2612, Specification: nonces must equal the signed nonce, else revert."""
    with pytest.raises(reverts.ERC2612InvalidSigner):
        scene.send("bob", signed(scene, nonce=nonce))
    assert allowed(scene) == (0, 0)


def test_a_permit_holds_until_its_deadline_and_not_a_second_longer(scene: Scene) -> None:
    """ERC-2612, Specification: the time of the block must be at most the deadline, else revert."""
    deadline = scene.world.now + 100
    call = signed(scene, deadline=deadline)
    scene.world.node.set_time(deadline + 1)
    with refused(reverts.ERC2612ExpiredSignature, deadline):
        scene.send("bob", call)
    assert allowed(scene) == (0, 0)
    last = scene.world.now + 100
    call = signed(scene, deadline=last)
    scene.world.node.set_time(last)
    assert outcome(scene.world, "bob", call) == "done"


def test_a_permit_without_end_never_expires(scene: Scene) -> None:
    """ERC-2612, Rationale: a deadline of the largest number effectively never expires."""
    call = signed(scene, deadline=2**256 - 1)
    scene.world.travel(50 * 365 * 86_400)
    scene.send("bob", call)
    assert allowed(scene) == (VALUE, 1)


@pytest.mark.parametrize("v", [0, 1, 27, 28, 255])
def test_the_zero_address_permits_nothing_whatever_the_signature(scene: Scene, v: int) -> None:
    """ERC-2612, Specification: the owner must not be the zero address; Security: what ecrecover says of nonsense."""
    deadline = scene.world.now + 100
    for r, s in ((bytes(32), bytes(32)), (b"\1" * 32, b"\1" * 32), (b"\xff" * 32, b"\1" * 32)):
        call = scene.bind.permit(ZERO, scene.bob, VALUE, deadline, v, r, s)
        assert outcome(scene.world, "bob", call) in ("ECDSAInvalidSignature", "ERC2612InvalidSigner")
    assert scene.bind.nonces(ZERO) == 0


#: What makes a signature one for something else.
FORGED: dict[str, dict[str, object]] = {
    "signed by the spender": {"signer": "bob"},
    "signed for another value": {"shown_value": VALUE + 1},
    "signed for another chain": {"chain_id": 1},
    "signed for another contract": {"contract": "0x" + "11" * 20},
}


@pytest.mark.parametrize("why", FORGED)
def test_a_permit_is_refused_that_is(scene: Scene, why: str) -> None:
    """ERC-2612, Specification: r, s, v must be the owner's signature of this message under this domain, else revert."""
    with pytest.raises(reverts.ERC2612InvalidSigner):
        scene.send("mallory", signed(scene, **FORGED[why]))
    assert allowed(scene) == (0, 0)


@pytest.mark.parametrize("changed", [0, 1, 3])
def test_a_permit_is_refused_whose_owner_spender_or_deadline_was_changed(scene: Scene, changed: int) -> None:
    """ERC-2612, Specification: r, s, v must be the owner's signature of this message, else revert."""
    call = signed(scene)
    words = [call.data[4 + 32 * place : 36 + 32 * place] for place in range(7)]
    words[changed] = encode_values(["address"], [scene.carol]) if changed < 2 else b"\0" * 24 + b"\x7f" * 8
    forged = Call(call.to, call.data[:4] + b"".join(words), call.signature)
    with pytest.raises(reverts.ERC2612InvalidSigner):
        scene.send("mallory", forged)
    assert allowed(scene) == (0, 0)


def test_the_other_of_the_two_signatures_is_refused(scene: Scene) -> None:
    """ERC-2612, Specification: a valid signature; the malleable twin of one is not."""
    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    good = signed(scene)
    s = order - int.from_bytes(good.data[-32:], "big")
    v = 55 - good.data[4 + 5 * 32 - 1]
    data = good.data[: 4 + 5 * 32 - 1] + bytes([v]) + good.data[-64:-32] + s.to_bytes(32, "big")
    assert outcome(scene.world, "bob", Call(good.to, data, good.signature)) == "ECDSAInvalidSignatureS"


def test_the_message_is_the_one_the_standard_spells_out(scene: Scene) -> None:
    """ERC-2612, Specification: the digest, put together here byte by byte, with the separator that the token names."""
    from eth_account import Account

    deadline = scene.world.now + 100
    message = [PERMIT, scene.alice, scene.bob, VALUE, 0, deadline]
    struct = keccak(encode_values(["bytes32", "address", "address", "uint256", "uint256", "uint256"], message))
    digest = keccak(b"\x19\x01" + scene.bind.domain_separator() + struct)
    key = next(each.key for each in scene.world.node.accounts if each.address == scene.alice)
    made = Account.unsafe_sign_hash(digest, key)
    r, s = (number.to_bytes(32, "big") for number in (made.r, made.s))
    scene.send("mallory", scene.bind.permit(scene.alice, scene.bob, VALUE, deadline, made.v, r, s))
    assert allowed(scene) == (VALUE, 1)


def test_the_separator_is_of_one_token_alone(scene: Scene) -> None:
    """ERC-2612, Specification: DOMAIN_SEPARATOR should be unique to the contract."""
    other = scene.another()
    assert other.bind.domain_separator() != scene.bind.domain_separator()
    call = signed(scene)
    with pytest.raises(reverts.ERC2612InvalidSigner):
        scene.send("bob", Call(other.token.address, call.data, call.signature))


@pytest.fixture
def other_chain(scene: Scene) -> Iterator[int]:
    """The same state on a chain that goes by another id, as after a fork."""
    node, own = scene.world.node, scene.world.connection.chain_id
    node.rpc("anvil_setChainId", own + 1)
    yield own + 1
    node.rpc("anvil_setChainId", own)


def test_the_separator_and_the_domain_follow_the_chain(scene: Scene, other_chain: int) -> None:
    """ERC-2612, Security: a separator fixed at deployment allows replays after a fork; ERC-5267: chainId SHOULD mirror
    the chain's."""
    assert scene.bind.eip712_domain()[3] == other_chain
    assert scene.bind.domain_separator() == separator(scene)
    with pytest.raises(reverts.ERC2612InvalidSigner):
        scene.world.people.mallory.simulate(signed(scene, chain_id=other_chain - 1))
    assert outcome(scene.world, "mallory", signed(scene, chain_id=other_chain)) == "done"


def test_a_permit_is_no_way_around_a_standstill_and_is_not_used_up_by_it(scene: Scene) -> None:
    """ERC-2612, as resolved at the head of this file."""
    call = signed(scene)
    halt(scene.world)
    with refused(reverts.SystemHalted, 2):
        scene.send("bob", call)
    assert allowed(scene) == (0, 0)


@pytest.mark.parametrize("changed", [{"spender": ZERO}, {"value": 2**232 - 1}, {"value": 2**256 - 2}])
def test_a_permit_is_refused_where_an_approval_is(scene: Scene, changed: dict[str, object]) -> None:
    """ERC-2612, as resolved at the head of this file."""
    call = signed(scene, **changed)
    approval = scene.bind.approve(str(changed.get("spender", scene.bob)), int(str(changed.get("value", VALUE))))
    error = outcome(scene.world, "alice", approval)
    assert error in ("ERC20InvalidSpender", "AllowanceOutOfRange")
    assert outcome(scene.world, "bob", call) == error


# --- ERC-5267 ---------------------------------------------------------------------------------------------------------


def test_the_domain_told_is_the_domain_that_signatures_are_checked_under(scene: Scene) -> None:
    """ERC-5267, Specification: the values MUST describe the domain separator that is used for verification."""
    for one in (scene, scene.another()):
        assert one.bind.domain_separator() == separator(one)
    # `permit` signs under exactly the fields that were told.
    assert outcome(scene.world, "bob", signed(scene)) == "done"


def test_all_values_are_told_also_those_that_are_not_used(scene: Scene) -> None:
    """ERC-5267, Specification: all values MUST be returned; bits name the fields present; extensions are a list."""
    fields, name, version, chain, contract, salt, extensions = scene.bind.eip712_domain()
    assert (fields, name, version) == (b"\x0f", "stotoken", "1")
    assert (chain, contract) == (scene.world.connection.chain_id, scene.token.address)
    assert (salt, extensions) == (bytes(32), ())


def test_the_domain_does_not_change_with_what_is_done_to_the_token(scene: Scene) -> None:
    """ERC-5267, Specification: changes SHOULD NOT be frequent."""
    before = scene.bind.eip712_domain()
    scene.send("bob", signed(scene))
    scene.order(scene.bind.split(2, 0))
    scene.order(scene.bind.finalize_issuance())
    scene.send("issuer", scene.bind.pause())
    assert scene.bind.eip712_domain() == before
