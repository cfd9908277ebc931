"""6.1.1.10 reversal: one earlier transfer goes back to its sender, by its reference, at most once in all."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.act import Act
from stotoken.client.orders import Executed
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage
from stotoken.errors import InputError
from stotoken.types import Basis, HaltLevel, Units, partition_id


@scenario("6.1.1.10", "Reverse a transfer", "逆移転機能")
def reverse(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 500)
    wrong = token.by(s.treasury).transfer(s.alice.address, 100)
    token.by(s.alice).transfer(s.bob.address, 60)

    def back(units: Units) -> Act:
        return token.reversal_of(wrong.tx_hash, wrong.log_index, units)

    returned = _returned(token, wrong.origin)
    _forged(s, token, wrong)
    with s.check(
        "Nobody reverses alone.",
        "単独での逆移転はできない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        check.refused_from(
            reverts.OrderRequired, back(40).call, s.registrar, s.issuer, s.compliance, s.mallory, s.treasury
        )
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(back(40), approver=s.issuer))
    token.by(s.compliance).freeze(s.alice.address, 40)
    s.order(token.set_lockup(s.now + 90 * DAY, DEFAULT, s.alice.address))
    with s.check(
        "What the recipient still has goes back to the sender, frozen and locked as it is; the rest stays open.",
        "受領者に残る口数は、凍結・ロック中でも元の移転者へ戻され、残りは未了として記録される。",
        s.units(token, s.alice).goes(40, 0), s.units(token, s.treasury).goes(400, 440), returned.goes(0, 40),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(back(41)))
        s.order(back(40))
    s.order(token.set_lockup(None, DEFAULT, s.alice.address))
    token.by(s.bob).transfer(s.alice.address, 60)
    with s.check(
        "When the recipient has the rest again it goes back too; of one transfer never more than it moved.",
        "受領者が残りを再び保有すれば戻すことができ、一つの移転につき移転数を超えて戻すことはない。",
        s.units(token, s.alice).goes(60, 0), s.units(token, s.treasury).goes(440, 500), returned.goes(40, 100),
    ) as check:  # fmt: skip
        exceeded = s.approved(back(60))
        reversal = s.order(back(60))
        check.refused(reverts.ReversalExceeded, lambda: s.orders.by(s.issuer).execute(exceeded))
        check.refused(InputError, lambda: back(1))
    _not_reversed(s, token, wrong, reversal)
    _on_chain_limits(s, token)


def _forged(s: Stage, token: Token, wrong: Moved) -> None:
    forged = token.bind.reverse(
        s.incident("forged"), partition_id(DEFAULT), s.bob.address, s.mallory.address, 60, 0, 60
    )
    with s.check(
        "A reference is proved from the chain before it is proposed and again before it is approved: forged ones stop.",
        "参照は提案前と承認前にチェーンから証明され、偽造された参照はそこで止まる。",
        s.units(token, s.bob).stays(60),
    ) as check:
        issued = _log_of_an_issue(s, token)
        check.refused(InputError, lambda: token.reversal_of(*issued))
        check.refused(InputError, lambda: token.reversal_of(wrong.tx_hash, wrong.log_index, 101))
        check.refused(InputError, lambda: token.reversal_of(wrong.tx_hash, wrong.log_index + 40))
        check.refused(InputError, lambda: s.approved(forged))


def _not_reversed(s: Stage, token: Token, wrong: Moved, reversal: Executed) -> None:
    with s.check(
        "Neither a reversal nor an issue nor another token's transfer is reversed.",
        "逆移転そのもの、発行、別トークンの移転は逆移転できない。",
        s.units(token, s.treasury).stays(500),
    ) as check:
        log = next(event.log for event in reversal.events if event.name == "TransferByPartition")
        check.refused(InputError, lambda: token.reversal_of(log.tx_hash, log.log_index))
        other = s.new_token()
        check.refused(InputError, lambda: other.reversal_of(wrong.tx_hash, wrong.log_index))


def _returned(token: Token, origin: bytes) -> Reading:
    return Reading(Text("units returned of that transfer", "当該移転の返還済み口数"), lambda: token.reversed(origin))


def _log_of_an_issue(s: Stage, token: Token) -> tuple[str, int]:
    log = s.order(token.issue(s.dave.address, 1)).event("IssuedByPartition").log
    return log.tx_hash, log.log_index


def _on_chain_limits(s: Stage, token: Token) -> None:
    moved = token.by(s.treasury).transfer(s.carol.address, 50)
    s.order(token.reversal_of(moved.tx_hash, moved.log_index, 20))
    where, carol, treasury = partition_id(DEFAULT), s.carol.address, s.treasury.address
    with s.check(
        "Behind the clients stands the chain: a recorded reference keeps its parties and units, and is not exceeded.",
        "クライアントの背後でチェーン自体が、記録済みの参照の当事者・口数を固定し、超過を拒否する。",
        s.units(token, s.carol).stays(30),
    ) as check:
        other = token.bind.reverse(moved.origin, where, carol, s.bob.address, 50, 0, 10)
        larger = token.bind.reverse(moved.origin, where, carol, treasury, 5_000, 0, 30)
        beyond = token.bind.reverse(moved.origin, where, carol, treasury, 50, 0, 31)
        check.refused(reverts.ReversalMismatch, *(partial(_past_the_client, s, call) for call in (other, larger)))
        check.refused(reverts.ReversalExceeded, lambda: _past_the_client(s, beyond))
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        act = token.reversal_of(moved.tx_hash, moved.log_index, 1)
        check.refused(reverts.SystemHalted, lambda: s.approved(act))


def _past_the_client(s: Stage, call: Call) -> None:
    """An order whose approver's client proves nothing: two people who both err, or both lie."""
    order = s.orders.by(s.registrar).propose(call, DOCUMENT, s.now + DAY, Basis.THEFT)
    s.compliance.send(s.orders.bind.approve(order.id, order.hash))
    s.orders.by(s.registrar).execute(order.id)
