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
    _not_proved(s, token, wrong)
    _forged(s, token)
    _nobody_alone(s, token, wrong)
    reversal = _as_far_as_it_goes(s, token, wrong)
    _not_reversed(s, token, reversal)
    _of_another_token(s, wrong)
    _on_chain_limits(s, token)
    whatever_became_of_it(s)
    _many(s)
    _while_stopped(s)


def _not_proved(s: Stage, token: Token, wrong: Moved) -> None:
    tx, place = wrong.tx_hash, wrong.log_index
    issued = _log_of(s.order(token.issue(s.dave.address, 1)), "IssuedByPartition")
    for en, ja, reference in (
        ("names no transfer", "移転でない記録", (tx, place + 40)),
        ("names an issue", "発行の記録", issued),
        ("claims more than was transferred", "移転数を超える口数", (tx, place, 101)),
    ):
        with s.check(
            f"A reference that {en} is not even proposed: it is proved from the chain first.",
            f"{ja}を示す参照は、チェーンから証明できないため提案もされない。",
            s.units(token, s.alice).stays(40),
        ) as check:
            check.refused(InputError, partial(token.reversal_of, *reference))


def _forged(s: Stage, token: Token) -> None:
    where, bob = partition_id(DEFAULT), s.bob.address
    with s.check(
        "A forged reference that was proposed past the client is not approved: it is proved again.",
        "クライアントを経由せずに提案された偽の参照は、承認前に改めて証明され、承認されない。",
        s.units(token, s.bob).stays(60),
    ) as check:
        forged = token.bind.reverse(s.incident("forged"), where, bob, s.mallory.address, 60, 0, 60)
        check.refused(InputError, lambda: s.approved(forged))


def _nobody_alone(s: Stage, token: Token, wrong: Moved) -> None:
    act = token.reversal_of(wrong.tx_hash, wrong.log_index, 40)
    with s.check(
        "Nobody reverses alone: neither a role, nor the sender, nor a stranger.",
        "単独での逆移転は、いずれの役割も、元の移転者も、第三者もできない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.issuer, s.compliance, s.mallory, s.treasury)
    with s.check(
        "Nobody approves a reversal that he proposed.",
        "自ら提案した逆移転を承認することはできない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, s.issuer, s.issuer))
    with s.check(
        "Nobody else proposes or approves one.",
        "他の者は逆移転を提案も承認もできない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        for person in (s.mallory, s.alice, s.sys_admin):
            check.refused(reverts.OrderUnauthorized, partial(s.approved, act, proposer=person))
            check.refused(reverts.OrderUnauthorized, partial(s.approved, act, approver=person))


def _as_far_as_it_goes(s: Stage, token: Token, wrong: Moved) -> Executed:
    def back(units: Units) -> Act:
        return token.reversal_of(wrong.tx_hash, wrong.log_index, units)

    returned, treasury = _returned(token, wrong.origin), s.units(token, s.treasury)
    with s.check(
        "Not one unit more goes back than the recipient still has.",
        "受領者に残る口数を一口でも超える逆移転はできない。",
        s.units(token, s.alice).stays(40), returned.stays(0),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(back(41)))
    with s.check(
        "What the recipient still has goes back to the sender, a part of the transfer.",
        "受領者に残る口数が、移転の一部として元の移転者へ戻される。",
        s.units(token, s.alice).goes(40, 0), treasury.goes(400, 440), returned.goes(0, 40),
    ) as check:  # fmt: skip
        done = s.order(back(40))
        check.equal("left to return", "返還の残り", done.event("Reversed").values["outstanding"], 60)
    exceeded = s.approved(back(60))
    with s.check(
        "When the recipient has the rest again it goes back too.",
        "受領者が残りを再び保有すれば、それも戻される。",
        s.units(token, s.bob).goes(60, 0), treasury.goes(440, 500), returned.goes(40, 100),
    ):  # fmt: skip
        token.by(s.bob).transfer(s.alice.address, 60)
        reversal = s.order(back(60))
    token.by(s.treasury).transfer(s.alice.address, 100)
    with s.check(
        "Of one transfer never more goes back than it moved in all, though an order for more was approved.",
        "一つの移転について、累計で移転数を超えて戻すことは、承認済みの命令があってもできない。",
        s.units(token, s.alice).stays(100), returned.stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.ReversalExceeded, lambda: s.orders.by(s.issuer).execute(exceeded))
    with s.check(
        "A second reversal of all of it is not even proposed.",
        "全部を戻した移転の二度目の逆移転は、提案もできない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        check.refused(InputError, lambda: back(100))
        check.refused(InputError, lambda: back(1))
    return reversal


def _not_reversed(s: Stage, token: Token, reversal: Executed) -> None:
    force = token.force_by_partition(DEFAULT, s.treasury.address, s.dave.address, 1, Basis.JUDGMENT)
    moved = "TransferByPartition"
    done = (
        ("A reversal", "逆移転", _log_of(reversal, moved)),
        ("An issue", "発行", _log_of(s.order(token.issue(s.dave.address, 1)), "IssuedByPartition")),
        ("A redemption", "償還", _log_of(s.order(token.controller_redeem(s.dave.address, 1)), "RedeemedByPartition")),
        ("A forced transfer", "強制移転", _log_of(s.order(force), moved)),
    )
    for en, ja, reference in done:
        with s.check(
            f"{en} is not reversed.",
            f"{ja}は逆移転できない。",
            s.units(token, s.treasury).stays(399),
        ) as check:
            check.refused(InputError, partial(token.reversal_of, *reference))


def _of_another_token(s: Stage, wrong: Moved) -> None:
    other = s.new_token()
    with s.check(
        "A reference of one token is not proposed at another.",
        "あるトークンの移転への参照は、他のトークンでは提案できない。",
    ) as check:
        check.refused(InputError, lambda: other.reversal_of(wrong.tx_hash, wrong.log_index))
    where, a, t = partition_id(DEFAULT), s.alice.address, s.treasury.address
    replayed = other.bind.reverse(wrong.origin, where, a, t, 100, 0, 1)
    s.issue(other, s.alice, 5)
    with s.check(
        "Replayed at another token past the client, it is not approved.",
        "クライアントを経由せず他のトークンに対して提案しても、承認されない。",
        s.units(other, s.alice).stays(5),
    ) as check:
        check.refused(InputError, lambda: s.approved(replayed))


def _returned(token: Token, origin: bytes) -> Reading:
    return Reading(Text("units returned of that transfer", "当該移転の返還済み口数"), lambda: token.reversed(origin))


def _log_of(done: Executed, name: str) -> tuple[str, int]:
    log = done.event(name).log
    return log.tx_hash, log.log_index


def _on_chain_limits(s: Stage, token: Token) -> None:
    moved = token.by(s.treasury).transfer(s.carol.address, 50)
    s.order(token.reversal_of(moved.tx_hash, moved.log_index, 20))
    where, carol, treasury = partition_id(DEFAULT), s.carol.address, s.treasury.address
    for en, ja, error, call in (
        ("another sender", "異なる元の移転者", reverts.ReversalMismatch,
         token.bind.reverse(moved.origin, where, carol, s.bob.address, 50, 0, 10)),
        ("more units", "異なる移転数", reverts.ReversalMismatch,
         token.bind.reverse(moved.origin, where, carol, treasury, 5_000, 0, 30)),
        ("more than is left of it", "残りを超える口数", reverts.ReversalExceeded,
         token.bind.reverse(moved.origin, where, carol, treasury, 50, 0, 31)),
    ):  # fmt: skip
        with s.check(
            f"The chain itself refuses a reference it knows with {en}, though two people ordered that past clients.",
            f"クライアントを経由しない二者の命令であっても、既知の参照に{ja}を付せばチェーン自体が拒否する。",
            s.units(token, s.carol).stays(30),
        ) as check:
            check.refused(error, partial(_past_the_client, s, call))


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
    small = [token.by(s.treasury).transfer(s.dave.address, 1) for _ in range(5)]

    def back(move: Moved) -> None:
        s.order(token.reversal_of(move.tx_hash, move.log_index, basis=Basis.THEFT))

    with s.check(
        "Many small transfers to one recipient go back one by one, each once.",
        "同じ受領者への多数の少額移転は、一件ずつ、それぞれ一度だけ戻される。",
        s.units(token, s.dave).goes(5, 0), s.units(token, s.treasury).goes(435, 440),
    ) as check:  # fmt: skip
        for move in small:
            back(move)
        check.refused(InputError, lambda: back(small[0]))
    with s.check(
        "After a theft a batch goes back row by row.",
        "流出後、一括移転は行ごとに戻される。",
        s.units(token, s.bob).goes(20, 0), s.units(token, s.alice).stays(10), s.units(token, s.carol).stays(30),
    ):  # fmt: skip
        back(batch.moves[1])
    with s.check(
        "A run over a batch that broke off goes on where it stopped: what is left is read from the chain.",
        "中断した一括の逆移転は続きから再開でき、残りはチェーンから読み取られる。",
        s.units(token, s.treasury).goes(460, 500),
    ) as check:
        left = [move for move in batch.moves if token.reversed(move.origin) < move.units]
        check.equal("rows left after the break", "中断後の残り", len(left), 2)
        for move in left:
            back(move)


def _while_stopped(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 500)
    moved = token.by(s.treasury).transfer(s.alice.address, 50)
    act = token.reversal_of(moved.tx_hash, moved.log_index, 25)
    first, second = s.approved(act), s.approved(act)
    carry_out = s.orders.by(s.proposer_of(s.row(act.call))).execute
    with s.check(
        "In a restricted halt a reversal still runs.",
        "制限停止中でも逆移転は執行できる。",
        s.units(token, s.alice).goes(50, 25),
    ):
        s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, s.incident("drill"))
        carry_out(first)
    with s.check(
        "In a full halt no reversal runs, though it was approved.",
        "全停止中は、承認済みの逆移転も執行できない。",
        s.units(token, s.alice).stays(25),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: carry_out(second))
