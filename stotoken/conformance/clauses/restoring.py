"""What was lost comes back whatever became of it and of the token meanwhile, and is then as good as ever (6.1.1.9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.tiny import PASSING_RULE, put_on_chain
from stotoken.conformance.witness import Person
from stotoken.types import Bytes32, Units, format_jst


def whatever_became_of_it(s: Stage) -> None:
    _locked_up(s)
    _requested(s)
    _split_between(s)
    _in_use_again(s)
    _dismissed(s)
    _closed(s)
    _stranded(s)
    _of_a_wrong_transfer(s)


def _held(s: Stage, units: Units = 100) -> tuple[Token, Bytes32]:
    """A token of which B holds that many units; the number of a loss."""
    token = s.new_token()
    s.issue(token, s.bob, units)
    return token, s.incident(f"loss of {token.address}")


def _lost(s: Stage, token: Token, loss: Bytes32) -> None:
    token.by(s.custodian).report_lost_key(s.bob.address, s.incident("evidence"), id=loss)


def _heir(s: Stage, en: str, ja: str) -> Person:
    return s.newcomer(Text(f"B's {en} wallet", f"投資者Bの第{ja}ウォレット"), of=s.bob)


def _locked_up(s: Stage) -> None:
    token, loss = _held(s)
    heir, end = _heir(s, "second", "二"), s.now + 30 * DAY
    s.order(token.set_lockup(end, DEFAULT, s.bob.address))
    with s.check(
        "Units that were locked up come back, and the lock-up follows until the end it had.",
        "ロックアップ中の口数も再配布され、ロックアップは当初の終了時刻まで引き継がれる。",
        s.units(token, heir).goes(0, 100), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))
        until = token.holding_of(heir.address).locked_until
        check.equal("locked up until", "ロックアップの終了", format_jst(until), format_jst(end))
        check.refused(reverts.HoldingLockedUp, lambda: token.by(heir).transfer(s.carol.address, 1))


def _requested(s: Stage) -> None:
    token, loss = _held(s)
    heir = _heir(s, "third", "三")
    request = token.by(s.bob).request_transfer(s.carol.address, 25, s.now + 30 * DAY).id
    with s.check(
        "Units in a transfer request come back, and are free to move: the request does not follow.",
        "移転請求中の口数も再配布され、移転可能となる。請求は引き継がれない。",
        s.units(token, heir).goes(0, 100), s.free(token, heir).goes(0, 100), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))
        approve = partial(token.by(s.issuer).approve_transfer_request, request)
        check.refused(reverts.ERC20InsufficientBalance, approve)


def _split_between(s: Stage) -> None:
    token, loss = _held(s)
    heir = _heir(s, "fourth", "四")
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
    heir = _heir(s, "fifth", "五")
    _lost(s, token, loss)
    s.order(token.reissue(loss, heir.address))
    moved = token.by(heir).transfer(s.carol.address, 60)

    def lost_again() -> None:
        again = token.by(s.registrar).report_lost_key(heir.address, s.incident("evidence"))
        s.order(token.reissue(again.id, _heir(s, "sixth", "六").address))

    acts: tuple[tuple[str, str, Callable[[], object], Units, Units], ...] = (
        ("a transfer", "移転", lambda: token.by(heir).transfer(s.carol.address, 10), 40, 30),
        ("a reversal", "逆移転", lambda: s.order(token.reversal_of(moved.tx_hash, moved.log_index)), 30, 90),
        ("a split", "分割", lambda: s.order(token.split(2)), 90, 180),
        ("a redemption", "償還", lambda: s.order(token.controller_redeem(heir.address, 50)), 180, 130),
        ("a freeze", "凍結", lambda: token.by(s.compliance).freeze(heir.address, 5), 130, 130),
        ("another reissue", "再度の再配布", lost_again, 130, 0),
    )
    for en, ja, act, before, after in acts:
        with s.check(
            f"Reissued units serve in {en} as any others.",
            f"再配布された口数は、{ja}にも他の口数と同様に用いられる。",
            s.units(token, heir).goes(before, after),
        ):
            act()


def _dismissed(s: Stage) -> None:
    token, loss = _held(s)
    _lost(s, token, loss)
    with s.check(
        "Nobody dismisses a loss alone, not even who reported it.",
        "消失の届出は、届け出た者を含め、単独では取り下げられない。",
    ) as check:
        check.refused_from(reverts.OrderRequired, token.dismiss_loss(loss).call, s.custodian, s.compliance, s.bob)
    with s.check(
        "A loss that was none is dismissed by an order, and the holding moves again.",
        "消失でなかった届出は命令により取り下げられ、保有は再び移転できる。",
        s.units(token, s.carol).goes(0, 1),
    ) as check:
        check.refused(reverts.HoldingLost, lambda: token.by(s.bob).transfer(s.carol.address, 1))
        s.order(token.dismiss_loss(loss))
        token.by(s.bob).transfer(s.carol.address, 1)
    heir = _heir(s, "seventh", "七")
    with s.check(
        "A dismissed loss is not made good.",
        "取り下げた届出による再配布はできない。",
        s.units(token, heir).stays(0),
    ) as check:
        check.refused(reverts.LossNotOpen, lambda: s.order(token.reissue(loss, heir.address)))
    with s.check(
        "A dismissed loss may be reported again, of what is held then.",
        "取り下げた消失は、その時点の保有について再び届け出ることができる。",
        s.units(token, heir).goes(0, 99),
    ):
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))


def _closed(s: Stage) -> None:
    token, loss = _held(s)
    heir = _heir(s, "eighth", "八")
    s.order(token.finalize_issuance())
    with s.check(
        "Where issuance is closed a lost key is made good too: it is no issue, the supply stays.",
        "追加発行を終了したトークンでも鍵喪失の再配布はでき、発行ではないため総数は変わらない。",
        s.units(token, heir).goes(0, 100), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        check.refused(reverts.IssuanceClosed, lambda: s.issue(token, s.bob, 1))
        _lost(s, token, loss)
        s.order(token.reissue(loss, heir.address))


def _stranded(s: Stage) -> None:
    token, _ = _held(s)
    wallet = put_on_chain(s.mallory, PASSING_RULE)
    known = s.system.standing_of(s.bob.address)
    s.register(wallet, investor=known.investor if known else None)
    heir = _heir(s, "ninth", "九")
    inside = s.figure("units in the contract", "コントラクト内の口数", lambda: token.balance_of(wallet))
    with s.check(
        "Units stranded in a contract that cannot send them come back to a wallet of the same investor.",
        "移転する手段のないコントラクトに残された口数も、同一投資者のウォレットへ再配布される。",
        s.units(token, heir).goes(0, 100), inside.stays(0), s.supply(token).stays(100),
    ):  # fmt: skip
        token.by(s.bob).transfer(wallet, 100)
        loss = token.by(s.custodian).report_lost_key(wallet, s.incident("evidence"))
        s.order(token.reissue(loss.id, heir.address))


def _of_a_wrong_transfer(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 100)
    wrong = token.by(s.treasury).transfer(s.bob.address, 100)
    heir = _heir(s, "tenth", "十")
    back = token.reversal_of(wrong.tx_hash, wrong.log_index)
    with s.check(
        "Units that were made good are not returned a second time by reversing the transfer that brought them.",
        "再配布済みの口数が、元の移転の逆移転によって二重に返還されることはない。",
        s.units(token, heir).goes(0, 100), s.units(token, s.treasury).stays(0), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        loss = token.by(s.registrar).report_lost_key(s.bob.address, s.incident("evidence"))
        s.order(token.reissue(loss.id, heir.address))
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(back))
