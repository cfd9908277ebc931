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
from stotoken.conformance.clauses.returning import whatever_became_of_it
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
    with s.check(
        "What the recipient still has goes back to the sender, and not one unit more; the rest stays open.",
        "受領者に残る口数だけが元の移転者へ戻され、残りは未了として記録される。",
        s.units(token, s.alice).goes(40, 0), s.units(token, s.treasury).goes(400, 440), returned.goes(0, 40),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(back(41)))
        s.order(back(40))
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
    whatever_became_of_it(s)
    _many(s)
    _while_stopped(s)


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
    force = token.force_by_partition(DEFAULT, s.treasury.address, s.dave.address, 1, Basis.JUDGMENT)
    done = (
        reversal.event("TransferByPartition"), s.order(token.issue(s.dave.address, 1)).event("IssuedByPartition"),
        s.order(token.controller_redeem(s.dave.address, 1)).event("RedeemedByPartition"),
        s.order(force).event("TransferByPartition"),
    )  # fmt: skip
    with s.check(
        "A reversal is not reversed, nor an issue, a redemption, a forced transfer.",
        "逆移転そのもの、発行、償還、強制移転は逆移転できない。",
        s.units(token, s.treasury).stays(499),
    ) as check:
        for log in (event.log for event in done):
            check.refused(InputError, partial(token.reversal_of, log.tx_hash, log.log_index))
    with s.check(
        "A reference of one token is worth nothing at another.",
        "あるトークンの移転への参照は、他のトークンでは通用しない。",
    ) as check:
        other = s.new_token()
        check.refused(InputError, lambda: other.reversal_of(wrong.tx_hash, wrong.log_index))
        where, a, t = partition_id(DEFAULT), s.alice.address, s.treasury.address
        replayed = other.bind.reverse(wrong.origin, where, a, t, 100, 0, 1)
        check.refused(reverts.ERC20InsufficientBalance, lambda: _past_the_client(s, replayed))


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


def _past_the_client(s: Stage, call: Call) -> None:
    """An order whose approver's client proves nothing: two people who both err, or both lie."""
    order = s.orders.by(s.registrar).propose(call, DOCUMENT, s.now + DAY, Basis.THEFT)
    s.compliance.send(s.orders.bind.approve(order.id, order.hash))
    s.orders.by(s.registrar).execute(order.id)


def _many(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 500)
    rows = [(holder.address, units) for holder, units in ((s.alice, 10), (s.bob, 20), (s.carol, 30))]
    batch = token.by(s.treasury).batch_transfer(DEFAULT, rows)
    moves = [*batch.moves, *(token.by(s.treasury).transfer(s.dave.address, 1) for _ in range(3))]
    with s.check(
        "After a theft many transfers are returned one by one, a batch row by row; a run that broke off goes on.",
        "流出後は多数の移転を一件ずつ(一括移転は行ごとに)戻し、中断しても続きから再開できる。",
        s.units(token, s.treasury).goes(437, 500), s.units(token, s.bob).goes(20, 0),
    ) as check:  # fmt: skip
        for move in moves[:2]:
            s.order(token.reversal_of(move.tx_hash, move.log_index, basis=Basis.THEFT))
        again = [move for move in moves if token.reversed(move.origin) < move.units]
        check.equal("left after the break", "中断後の残り", len(again), 4)
        check.refused(InputError, lambda: token.reversal_of(moves[0].tx_hash, moves[0].log_index))
        for move in again:
            s.order(token.reversal_of(move.tx_hash, move.log_index, basis=Basis.THEFT))


def _while_stopped(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 500)
    moved = token.by(s.treasury).transfer(s.alice.address, 50)
    act = token.reversal_of(moved.tx_hash, moved.log_index, 25)
    first, second = s.approved(act), s.approved(act)
    carry_out = s.orders.by(s.proposer_of(s.row(act.call))).execute
    with s.check(
        "In a restricted halt a reversal still runs, in a full halt it does not.",
        "制限停止中でも逆移転は執行できるが、全停止中はできない。",
        s.units(token, s.alice).goes(50, 25),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, s.incident("drill"))
        carry_out(first)
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: carry_out(second))
