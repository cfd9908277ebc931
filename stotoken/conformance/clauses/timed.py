"""Restrictions by time and by amount (6.1.1.7): lock-ups, locked lots, freezes."""

from __future__ import annotations

from datetime import timedelta

from stotoken import reverts
from stotoken.client.results import Moved
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
    later = s.now + 30 * DAY
    s.order(token.set_lockup(later, "class-a"))
    s.order(token.set_lockup(later, DEFAULT, s.bob.address))
    s.order(token.lock_lot(s.alice.address, 60, later))
    with s.check(
        "② Lock-up of one class, of one holding, of some units of a holding: the rest still moves.",
        "② 種類単位・保有単位・一部口数単位のロックアップ: 対象外は移転できる。",
        s.units(token, s.alice).goes(99, 60), s.units(token, s.alice, "class-a").stays(100),
        s.free(token, s.alice).goes(39, 0),
    ) as check:  # fmt: skip
        check.refused(reverts.HoldingLockedUp, lambda: send(1, "class-a"))
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.bob).transfer(s.alice.address, 1))
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: send(40))
        send(39)
    with s.check(
        "② At the end of those lock-ups everything moves, by itself.",
        "② これらの終了時刻には、何の操作もなく全て移転できる。",
        s.units(token, s.alice).goes(60, 1), s.units(token, s.alice, "class-a").goes(100, 0),
    ):  # fmt: skip
        s.at(later)
        send(60)
        send(100, "class-a")
        token.by(s.bob).transfer(s.alice.address, 1)
    for further in (_by_and_by, _bought_later, _across_a_split, _to_the_end_of_a_day):
        further(s)
    call = token.set_lockup(s.now + DAY).call
    with s.check(
        "② Nobody sets or ends a lock-up alone.",
        "② ロックアップの設定・解除は単独ではできない。",
    ) as check:
        check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.alice)


def by_freeze(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    a, b = s.alice.address, s.bob.address
    with s.check(
        "A frozen wallet neither sends nor receives, in any token; one officer freezes, two people unfreeze.",
        "凍結されたウォレットは全トークンで送受できず、凍結は一者、解除は二者による。",
        s.units(token, s.alice).stays(100),
    ) as check:
        s.system.by(s.compliance).freeze_wallet(b)
        check.refused(reverts.WalletFrozen, lambda: token.by(s.alice).transfer(b, 1))
        check.refused(reverts.WalletFrozen, lambda: token.by(s.bob).transfer(a, 0))
        check.refused(reverts.AccessRefused, lambda: s.compliance.send(s.system.bind.unfreeze_wallet(b)))
        s.order(s.system.unfreeze_wallet(b))
    with s.check(
        "Of a partly frozen holding only the rest moves.",
        "一部凍結された保有は、残りの口数だけ移転できる。",
        s.units(token, s.alice).goes(100, 70), s.frozen(token, s.alice).goes(0, 70),
    ) as check:  # fmt: skip
        token.by(s.compliance).freeze(a, 70)
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(b, 31))
        token.by(s.alice).transfer(b, 30)
        check.refused(reverts.OrderRequired, lambda: token.by(s.compliance).freeze(a, 69))


def _by_and_by(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    start = s.now
    cliff, half, end = start + 30 * DAY, start + 50 * DAY, start + 100 * DAY
    s.order(token.lock_lot(s.alice.address, 100, end, start=start, cliff=cliff))

    def send(units: Units) -> Moved:
        return token.by(s.alice).transfer(s.bob.address, units)

    with s.check(
        "② A lot with start, cliff and end: nothing is free one second before the cliff, at it what is due since the "
        "start, then evenly more, the last unit at the end and not one second before; nobody has to do anything.",
        "② 起算日・初回解除日・終了日を定めたロット: 初回解除の1秒前は全口数を拘束し、初回解除時に起算日からの按分を、"
        "以後は均等に解除する。最後の1口は終了の1秒前まで拘束され、終了時刻に解除される。操作は要しない。",
        s.free(token, s.alice).stays(0), s.units(token, s.alice).goes(100, 0), s.units(token, s.bob).goes(0, 100),
    ) as check:  # fmt: skip
        refused = reverts.ERC7943InsufficientUnfrozenBalance
        s.at(cliff - 1)
        check.refused(refused, lambda: send(1))
        s.at(cliff)
        send(30)
        check.refused(refused, lambda: send(1))
        s.at(half)
        send(20)
        check.refused(refused, lambda: send(1))
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
    s.issue(token, s.alice, 100)
    end = s.now + 9 * DAY
    s.order(token.lock_lot(s.alice.address, 60, end))
    s.order(token.set_lockup(end, DEFAULT, s.bob.address))
    with s.check(
        "② A lock-up lasts through a split, and a locked lot is as many times larger.",
        "② ロックアップは分割後も続き、ロックされたロットは分割比率に応じて増える。",
        s.free(token, s.alice).goes(40, 119), s.units(token, s.bob).goes(0, 1),
    ) as check:  # fmt: skip
        s.order(token.split(3))
        token.by(s.alice).transfer(s.bob.address, 1)
        check.refused(
            reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(s.bob.address, 120)
        )
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.bob).transfer(s.alice.address, 1))


def _to_the_end_of_a_day(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    day = jst_date(s.now) + timedelta(days=3)
    midnight = jst_end_of_day(day)
    with s.check(
        "② A lock-up until a day ends at midnight in Japan after that day; the block's time decides, to the second.",
        "② 日付で定めたロックアップは日本時間でその日の終わりに終了し、ブロックの時刻が秒単位で判定に用いられる。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.order(token.set_lockup(day))
        check.equal("ends at", "終了時刻", format_jst(token.policy().locked_until), format_jst(midnight))
        s.at(midnight - 1)
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        s.at(midnight)
        token.by(s.alice).transfer(s.bob.address, 1)
