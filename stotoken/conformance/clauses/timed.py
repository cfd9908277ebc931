"""Restrictions by time and by amount (6.1.1.7): lock-ups, locked lots, freezes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import time

from stotoken import reverts
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import Units, format_jst, jst_date, jst_end_of_day


def by_lockup(s: Stage) -> None:
    end = s.now + 30 * DAY
    token = s.new_token(locked_until=end, partitions=("class-a",))
    s.issue(token, s.alice, 100)
    s.issue(token, s.alice, 100, "class-a")

    def send(units: Units = 1, where: str = DEFAULT) -> Moved:
        return token.by(s.alice).transfer_by_partition(where, s.bob.address, units)

    with s.check(
        "② Lock-up of the token: refused one second before its end, done at its end.",
        "② トークン全体のロックアップ: 終了の1秒前は拒否され、終了時刻から移転できる。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.at(end - 1)
        check.refused(reverts.HoldingLockedUp, send)
        s.at(end)
        send()
    _of_a_part(s, token, send)
    _by_and_by(s)
    _bought_later(s)
    _across_a_split(s)
    _to_the_end_of_a_day(s)
    _by_nobody_alone(s, token)


def by_freeze(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    a, b = s.alice.address, s.bob.address
    _of_a_wallet(s, token)
    with s.check(
        "Of a partly frozen holding only the rest moves.",
        "一部凍結された保有は、残りの口数だけ移転できる。",
        s.units(token, s.alice).goes(100, 70), s.frozen(token, s.alice).goes(0, 70),
    ) as check:  # fmt: skip
        token.by(s.compliance).freeze(a, 70)
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(b, 31))
        token.by(s.alice).transfer(b, 30)
    with s.check(
        "One officer freezes units; fewer are frozen again only by an order of two people.",
        "口数の凍結は一者で行えるが、凍結数の引下げは二者の命令による。",
        s.frozen(token, s.alice).goes(70, 69),
    ) as check:
        check.refused(reverts.OrderRequired, lambda: token.by(s.compliance).freeze(a, 69))
        s.order(token.set_frozen(a, 69))


def _of_a_wallet(s: Stage, token: Token) -> None:
    other = s.new_token()
    s.issue(other, s.bob, 10)
    a, b = s.alice.address, s.bob.address
    s.system.by(s.compliance).freeze_wallet(b)
    with s.check(
        "A frozen wallet receives nothing.",
        "凍結されたウォレットは受領できない。",
        s.units(token, s.alice).stays(100), s.units(token, s.bob).stays(0),
    ) as check:  # fmt: skip
        check.refused(reverts.WalletFrozen, lambda: token.by(s.alice).transfer(b, 1))
    with s.check(
        "A frozen wallet sends nothing, in any token.",
        "凍結されたウォレットは、どのトークンも移転できない。",
        s.units(other, s.bob).stays(10),
    ) as check:
        for each, units in ((token, 0), (other, 1)):
            check.refused(reverts.WalletFrozen, partial(each.by(s.bob).transfer, a, units))
    with s.check(
        "A wallet that one officer froze is unfrozen by two people only, and then sends again.",
        "一者が凍結したウォレットの解除は二者の命令によってのみ行え、解除後は再び移転できる。",
        s.units(other, s.bob).goes(10, 9),
    ) as check:
        call = s.system.bind.unfreeze_wallet(b)
        check.refused_from(reverts.AccessRefused, call, s.compliance, s.registrar, s.bob)
        s.order(s.system.unfreeze_wallet(b))
        other.by(s.bob).transfer(a, 1)


def _of_a_part(s: Stage, token: Token, send: Callable[..., Moved]) -> None:
    """Of A's 99 units of the default class and 100 of class-a, and B's one."""
    later = s.now + 30 * DAY
    with s.check(
        "② Lock-up of one class: the other class still moves.",
        "② 種類単位のロックアップ: 他の種類は移転できる。",
        s.units(token, s.alice, "class-a").stays(100), s.units(token, s.alice).goes(99, 98),
    ) as check:  # fmt: skip
        s.order(token.set_lockup(later, "class-a"))
        check.refused(reverts.HoldingLockedUp, lambda: send(1, "class-a"))
        send(1)
    with s.check(
        "② Lock-up of one holding: those of others still move.",
        "② 保有単位のロックアップ: 他の者の保有は移転できる。",
        s.units(token, s.bob).goes(2, 3),
    ) as check:
        s.order(token.set_lockup(later, DEFAULT, s.bob.address))
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.bob).transfer(s.alice.address, 1))
        send(1)
    with s.check(
        "② Lock-up of some units of a holding: only the locked lot is held back, the rest still moves.",
        "② 一部口数単位のロックアップ: ロックされたロットだけが拘束され、残りは移転できる。",
        s.units(token, s.alice).goes(97, 60), s.free(token, s.alice).goes(97, 0),
    ) as check:  # fmt: skip
        s.order(token.lock_lot(s.alice.address, 60, later))
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: send(38))
        send(37)
    s.at(later)
    with s.check(
        "② At the end of the lock-up of a lot its units move, by themselves.",
        "② ロットのロックアップは終了時刻に何の操作もなく解け、その口数を移転できる。",
        s.units(token, s.alice).goes(60, 0),
    ):
        send(60)
    with s.check(
        "② At the end of the lock-up of a class it moves, by itself.",
        "② 種類単位のロックアップは終了時刻に何の操作もなく解け、移転できる。",
        s.units(token, s.alice, "class-a").goes(100, 0),
    ):
        send(100, "class-a")
    with s.check(
        "② At the end of the lock-up of a holding it moves, by itself.",
        "② 保有単位のロックアップは終了時刻に何の操作もなく解け、移転できる。",
        s.units(token, s.bob).goes(100, 0),
    ):
        token.by(s.bob).transfer(s.alice.address, 100)


def _by_nobody_alone(s: Stage, token: Token) -> None:
    for until, en, ja in ((s.now + DAY, "sets", "設定"), (None, "ends", "解除")):
        with s.check(
            f"② Nobody {en} a lock-up alone.",
            f"② ロックアップの{ja}は単独ではできない。",
        ) as check:
            call = token.set_lockup(until).call
            check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.alice)


def _by_and_by(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    start = s.now
    cliff, half, end = start + 30 * DAY, start + 50 * DAY, start + 100 * DAY
    s.order(token.lock_lot(s.alice.address, 100, end, start=start, cliff=cliff))

    def send(units: Units) -> Moved:
        return token.by(s.alice).transfer(s.bob.address, units)

    refused = reverts.ERC7943InsufficientUnfrozenBalance
    with s.check(
        "② A lot with start, cliff and end: nothing is free one second before the cliff.",
        "② 起算日・初回解除日・終了日を定めたロット: 初回解除の1秒前は全口数を拘束する。",
        s.free(token, s.alice).stays(0), s.units(token, s.alice).stays(100),
    ) as check:  # fmt: skip
        s.at(cliff - 1)
        check.refused(refused, lambda: send(1))
    with s.check(
        "② At the cliff of a lot what is due since its start is free, and no unit more.",
        "② ロットの初回解除時には起算日からの按分だけが解除される。",
        s.units(token, s.alice).goes(100, 70), s.units(token, s.bob).goes(0, 30),
    ) as check:  # fmt: skip
        s.at(cliff)
        send(30)
        check.refused(refused, lambda: send(1))
    with s.check(
        "② After its cliff a lot becomes free evenly, and nobody has to do anything.",
        "② 初回解除後は均等に解除され、操作は要しない。",
        s.units(token, s.alice).goes(70, 50), s.units(token, s.bob).goes(30, 50),
    ) as check:  # fmt: skip
        s.at(half)
        send(20)
        check.refused(refused, lambda: send(1))
    with s.check(
        "② The last unit of a lot is free at its end and not one second before.",
        "② ロットの最後の1口は終了の1秒前まで拘束され、終了時刻に解除される。",
        s.units(token, s.alice).goes(50, 0), s.units(token, s.bob).goes(50, 100),
    ) as check:  # fmt: skip
        s.at(end - 1)
        check.refused(refused, lambda: send(50))
        s.at(end)
        send(50)


def _bought_later(s: Stage) -> None:
    token = s.new_token()
    s.order(token.batch_issue(DEFAULT, [(s.alice.address, 100), (s.bob.address, 25)]))
    s.order(token.lock_lot(s.alice.address, 100, s.now + 9 * DAY))
    with s.check(
        "② A locked lot binds a number of units, whichever came first: what is bought later moves at once.",
        "② ロットのロックは取得順によらず口数を拘束し、後から取得した口数は直ちに移転できる。",
        s.units(token, s.alice).stays(100), s.units(token, s.carol).goes(0, 25),
    ) as check:  # fmt: skip
        check.refused(
            reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(s.carol.address, 1)
        )
        token.by(s.bob).transfer(s.alice.address, 25)
        token.by(s.alice).transfer(s.carol.address, 25)


def _across_a_split(s: Stage) -> None:
    token = s.new_token()
    s.order(token.batch_issue(DEFAULT, [(s.alice.address, 100), (s.bob.address, 10)]))
    end = s.now + 9 * DAY
    s.order(token.lock_lot(s.alice.address, 60, end))
    s.order(token.set_lockup(end, DEFAULT, s.bob.address))
    with s.check(
        "② After a split a locked lot is as many times larger.",
        "② 分割後、ロックされたロットは分割比率に応じて増える。",
        s.free(token, s.alice).goes(40, 119), s.units(token, s.alice).goes(100, 299),
    ) as check:  # fmt: skip
        s.order(token.split(3))
        token.by(s.alice).transfer(s.bob.address, 1)
        check.refused(
            reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(s.bob.address, 120)
        )
    with s.check(
        "② A lock-up lasts through a split, of all units that it made, until the end it had.",
        "② ロックアップは分割で生じた口数を含めて分割後も続き、当初の終了時刻に解ける。",
        s.units(token, s.bob).goes(31, 0),
    ) as check:
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.bob).transfer(s.alice.address, 1))
        s.at(end)
        token.by(s.bob).transfer(s.alice.address, 31)


def _to_the_end_of_a_day(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    day = jst_date(s.now) + timedelta(days=3)
    midnight = jst_end_of_day(day)
    send = partial(token.by(s.alice).transfer, s.bob.address, 1)
    with s.check(
        "② A lock-up until a day ends at midnight in Japan after that day.",
        "② 日付で定めたロックアップは、日本時間でその日の終わりに終了する。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.order(token.set_lockup(day))
        check.equal("ends at", "終了時刻", format_jst(token.policy().locked_until), format_jst(midnight))
        s.at(midnight - 1)
        check.refused(reverts.HoldingLockedUp, send)
        s.at(midnight)
        send()
    with s.check(
        "② The time of the block decides, to the second, however far it is from the clock of who sends.",
        "② 判定には送信者の時計ではなくブロックの時刻が、両者のずれによらず秒単位で用いられる。",
        s.units(token, s.bob).goes(1, 2),
    ) as check:
        end = s.now + 9 * DAY
        s.order(token.set_lockup(end))
        s.at(end - 1)
        check.refused(reverts.HoldingLockedUp, send)
        s.at(end)
        send()
        check.equal("lock-up over by the sender's clock", "送信者の時計でのロックアップ終了", time() >= end, False)
