"""6.1.1.9 reissue: what was lost from the records comes back, to the same investor, in the same number, once."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.clauses.unredeem import redeemed_in_error
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.types import Bytes32, Units, format_jst, partition_id


@scenario("6.1.1.9", "Reissue what was lost", "再配布機能")
def reissue(s: Stage) -> None:
    token = s.new_token(partitions=("class-a",))
    s.issue(token, s.alice, 100)
    s.issue(token, s.alice, 50, "class-a")
    token.by(s.compliance).freeze(s.alice.address, 10)
    s.order(token.lock_lot(s.alice.address, 20, s.now + 90 * DAY))
    second = s.newcomer(Text("A's new wallet", "投資者Aの新ウォレット"), of=s.alice)
    loss = s.incident("loss")
    _reported(s, token, loss, second)
    with s.check(
        "It is not made good to another investor, nor to a wallet that nobody registered.",
        "他の投資者や未登録のウォレットへの再配布はできない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        for wrong in (s.bob, s.mallory):
            check.refused(reverts.InvestorDiffers, partial(s.order, token.reissue(loss, wrong.address)))
    with s.check(
        "Nobody reissues alone, nor approves what he proposed.",
        "単独での再配布や、自らの提案の承認はできない。",
        s.units(token, second).stays(0),
    ) as check:
        act = token.reissue(loss, second.address)
        check.refused_from(reverts.OrderRequired, act.call, s.registrar, s.compliance, s.alice)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.registrar))
    with s.check(
        "The same number goes to a wallet of the same investor, with what encumbers it; the supply stays.",
        "同一投資者のウォレットへ同数が、凍結・ロックとともに再配布され、総数は変わらない。",
        s.units(token, s.alice).goes(100, 0), s.units(token, second).goes(0, 100), s.supply(token).stays(150),
        s.frozen(token, second).goes(0, 10), s.free(token, second).goes(0, 70),
    ):  # fmt: skip
        s.order(token.reissue(loss, second.address))
    _once(s, token, loss, second)
    _found_again(s, token, second)
    _encumbered(s)
    _split_between(s)
    _in_use_again(s)
    _dismissed(s)
    _closed(s)
    _of_a_wrong_transfer(s)
    redeemed_in_error(s)


def _reported(s: Stage, token: Token, loss: Bytes32, second: Person) -> None:
    with s.check(
        "Nothing is reissued without a recorded loss, and not everybody records one.",
        "消失の届出のない再配布はできず、届出は定められた者だけが行える。",
        s.units(token, second).stays(0),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, second.address)))
        call = token.bind.report_loss(loss, 1, partition_id(DEFAULT), s.alice.address, 0, s.incident("evidence"))
        check.refused_from(reverts.AccessRefused, call, s.mallory, s.alice, s.issuer)
    with s.check(
        "A reported holding stands still at once, so that whoever found the key moves nothing; it is reported once.",
        "届け出た保有は直ちに停止し、鍵を得た者も移転できず、重ねて届け出ることもできない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        token.by(s.custodian).report_lost_key(s.alice.address, s.incident("evidence"), id=loss)
        check.refused(
            reverts.HoldingLost,
            lambda: token.by(s.alice).transfer(s.bob.address, 1),
            lambda: token.by(s.alice).request_transfer(s.bob.address, 1, s.now + DAY),
        )
        check.refused(reverts.LossRecorded, lambda: s.registrar.send(call))
    with s.check(
        "A loss is of one class of units: the other class still moves, and is not reissued on that record.",
        "消失は種類ごとに記録され、他の種類は移転でき、その届出では再配布されない。",
    ) as check:
        token.by(s.alice).transfer_by_partition("class-a", s.bob.address, 1)
        left = token.balance_of(s.alice.address, "class-a")
        check.equal("units of class-a of A", "投資者Aの口数(class-a)", left, 49)
        recorded = token.loss(loss)
        check.equal("units recorded as lost", "届出の口数", recorded.units if recorded else 0, 100)


def _once(s: Stage, token: Token, loss: Bytes32, second: Person) -> None:
    with s.check(
        "A loss is made good once, and then neither dismissed nor reported again.",
        "同じ消失の再配布は一度限りで、その後の取下げや再届出もできない。",
        s.supply(token).stays(150), s.units(token, second, "class-a").stays(0),
    ) as check:  # fmt: skip
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, second.address)))
        check.refused(reverts.LossNotOpen, lambda: s.order(token.dismiss_loss(loss)))
        again = token.bind.report_loss(loss, 1, partition_id(DEFAULT), second.address, 0, s.incident("evidence"))
        check.refused(reverts.LossRecorded, lambda: s.registrar.send(again))


def _found_again(s: Stage, token: Token, second: Person) -> None:
    with s.check(
        "A key that is found afterwards opens nothing: the old wallet is empty for good and receives no more.",
        "後に鍵が見つかっても旧ウォレットは復活せず、送ることも受け取ることもできない。",
        s.units(token, s.alice).stays(0), s.units(token, second).stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.ERC20InsufficientBalance, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        check.refused(reverts.HoldingLost, lambda: token.by(second).transfer(s.alice.address, 1))


def _held(s: Stage, units: Units = 100) -> tuple[Token, Bytes32]:
    """A token of which B holds that many units; the number of a loss."""
    token = s.new_token()
    s.issue(token, s.bob, units)
    return token, s.incident(f"loss of {token.address}")


def _lost(s: Stage, token: Token, loss: Bytes32) -> None:
    token.by(s.custodian).report_lost_key(s.bob.address, s.incident("evidence"), id=loss)


def _encumbered(s: Stage) -> None:
    token, loss = _held(s)
    heir = s.newcomer(Text("B's second wallet", "投資者Bの第二ウォレット"), of=s.bob)
    end = s.now + 30 * DAY
    token.by(s.bob).request_transfer(s.carol.address, 25, end)
    s.order(token.set_lockup(end, DEFAULT, s.bob.address))
    with s.check(
        "Units that were locked up or in a transfer request come back: the lock-up follows, the request does not.",
        "ロックアップ中や移転請求中の口数も再配布され、ロックアップは引き継がれ、請求は引き継がれない。",
        s.units(token, heir).goes(0, 100), s.units(token, s.carol).stays(0), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))
        check.refused(reverts.HoldingLockedUp, lambda: token.by(heir).transfer(s.carol.address, 1))
        until = token.holding_of(heir.address).locked_until
        check.equal("locked up until", "ロックアップの終了", format_jst(until), format_jst(end))
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.issuer).approve_transfer_request(1))


def _split_between(s: Stage) -> None:
    token, loss = _held(s)
    heir = s.newcomer(Text("B's third wallet", "投資者Bの第三ウォレット"), of=s.bob)
    with s.check(
        "A split between loss and reissue counts: what comes back is counted in later units.",
        "届出と再配布の間に分割があれば、分割後の口数で再配布される。",
        s.units(token, heir).goes(0, 300), s.units(token, s.bob).goes(100, 0), s.supply(token).goes(100, 300),
    ):  # fmt: skip
        _lost(s, token, loss)
        s.order(token.split(3))
        s.order(token.reissue(loss, heir.address))


def _in_use_again(s: Stage) -> None:
    token, loss = _held(s)
    heir = s.newcomer(Text("B's fourth wallet", "投資者Bの第四ウォレット"), of=s.bob)
    _lost(s, token, loss)
    s.order(token.reissue(loss, heir.address))
    with s.check(
        "Reissued units serve in every other operation: transfer, reversal, split, redemption, another reissue.",
        "再配布された口数は、移転・逆移転・分割・償還・再度の再配布の全てに使える。",
        s.units(token, heir).goes(100, 0), s.units(token, s.carol).stays(0), s.supply(token).goes(100, 150),
    ):  # fmt: skip
        moved = token.by(heir).transfer(s.carol.address, 60)
        s.order(token.split(2))
        s.order(token.reversal_of(moved.tx_hash, moved.log_index))
        s.order(token.controller_redeem(heir.address, 50))
        again = token.by(s.registrar).report_lost_key(heir.address, s.incident("evidence"))
        last = s.newcomer(Text("B's fifth wallet", "投資者Bの第五ウォレット"), of=s.bob)
        s.order(token.reissue(again.id, last.address))


def _dismissed(s: Stage) -> None:
    token, loss = _held(s)
    with s.check(
        "A loss that was none is dismissed by an order, and the holding moves again.",
        "消失でなかった届出は命令により取り下げられ、保有は再び移転できる。",
        s.units(token, s.carol).goes(0, 1),
    ) as check:
        _lost(s, token, loss)
        check.refused(reverts.HoldingLost, lambda: token.by(s.bob).transfer(s.carol.address, 1))
        check.refused_from(reverts.OrderRequired, token.dismiss_loss(loss).call, s.custodian, s.compliance)
        s.order(token.dismiss_loss(loss))
        token.by(s.bob).transfer(s.carol.address, 1)
    heir = s.newcomer(Text("B's sixth wallet", "投資者Bの第六ウォレット"), of=s.bob)
    with s.check(
        "A dismissed loss is not made good, but may be reported again, of what is held then.",
        "取り下げた届出では再配布されないが、その時点の保有について再び届け出ることができる。",
        s.units(token, heir).goes(0, 99),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, heir.address)))
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))


def _closed(s: Stage) -> None:
    token, loss = _held(s)
    heir = s.newcomer(Text("B's seventh wallet", "投資者Bの第七ウォレット"), of=s.bob)
    s.order(token.finalize_issuance())
    with s.check(
        "Where issuance is closed a lost key is made good too: it is no issue, the supply stays.",
        "追加発行を終了したトークンでも鍵喪失の再配布はでき、発行ではないため総数は変わらない。",
        s.units(token, heir).goes(0, 100), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.IssuanceClosed, lambda: s.issue(token, s.bob, 1))
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))


def _of_a_wrong_transfer(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 100)
    wrong = token.by(s.treasury).transfer(s.bob.address, 100)
    heir = s.newcomer(Text("B's eighth wallet", "投資者Bの第八ウォレット"), of=s.bob)
    back = token.reversal_of(wrong.tx_hash, wrong.log_index)
    with s.check(
        "Units that were made good are not returned a second time by reversing the transfer that brought them.",
        "再配布済みの口数が、元の移転の逆移転によって二重に返還されることはない。",
        s.units(token, heir).goes(0, 100), s.units(token, s.treasury).stays(0), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        loss = token.by(s.registrar).report_lost_key(s.bob.address, s.incident("evidence"))
        s.order(token.reissue(loss.id, heir.address))
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(back))
