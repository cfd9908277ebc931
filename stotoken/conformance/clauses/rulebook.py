"""Restrictions that a token may have or not (6.1.1.7): countries, limits, windows, lists."""

from __future__ import annotations

from collections.abc import Callable

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.chain.decoder import typed_revert
from stotoken.client.bindings.structs import Window
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance import tiny
from stotoken.conformance.stage import DAY, DEFAULT, JAPAN, Stage
from stotoken.types import ZERO32, ZERO_ADDRESS, Address, Basis, Units, partition_id

_FRANCE = 250


def by_the_book(s: Stage) -> None:
    _by_country(s)
    _by_amount(s)
    _by_window(s)
    _by_list(s)
    _every_reason(s)


def reasons(token: Token, from_: Address, to: Address, units: Units, partition: str = DEFAULT) -> list[str]:
    """Names of all errors that the chain gives as reasons against a transfer, in the order in which they are asked."""
    found = token.bind.explain(partition_id(partition), from_, to, units)
    return [type(typed_revert(each)).__name__ for each in found]


def held(s: Stage, *calls: Callable[[Token], Call]) -> tuple[Token, Callable[..., Moved]]:
    """A token of which A holds a hundred units of two classes, with rules set by orders; and a transfer from A to B."""
    token = s.new_token(partitions=("class-a",))
    for partition in (DEFAULT, "class-a"):
        s.issue(token, s.alice, 100, partition)
    for call in calls:
        s.order(call(token))
    return token, lambda units=1, partition=DEFAULT: token.by(s.alice).transfer_by_partition(
        partition, s.bob.address, units
    )


def _by_country(s: Stage) -> None:
    where = partition_id("class-a")
    token, send = held(s, lambda token: token.bind.set_countries(where, [_FRANCE], True))
    with s.check(
        "① By country: a class that only investors of one country may hold goes to nobody else.",
        "① 国による制限: 特定の国の投資者に限る種類は、他の国の者へ移転できない。",
        s.units(token, s.bob, "class-a").stays(0),
    ) as check:
        check.refused(reverts.CountryRefused, lambda: send(1, "class-a"))
    with s.check(
        "① By country: another class of the same token is not restricted by that.",
        "① 国による制限: 同じトークンの他の種類は、その制限を受けない。",
        s.units(token, s.bob).goes(0, 1),
    ):
        send(1)
    with s.check(
        "① No rule of a token is set or taken back by one person.",
        "① トークンの制限は、設定も解除も単独ではできない。",
    ) as check:
        for countries in ([JAPAN], []):
            call = token.bind.set_countries(where, countries, True)
            check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.agent)
        check.equal("reasons against", "拒否の理由", " ".join(_against(s, token, "class-a")), "CountryRefused")


def _against(s: Stage, token: Token, partition: str = DEFAULT) -> list[str]:
    return reasons(token, s.alice.address, s.bob.address, 1, partition)


def _by_amount(s: Stage) -> None:
    token, send = held(s, lambda token: token.bind.set_limits(ZERO32, 20, 60, 10))
    with s.check(
        "By amount: odd lots do not move.",
        "口数による制限: 売買単位に満たない端数は移転できない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        check.refused(reverts.UnitsNotInLots, lambda: send(25))
    with s.check(
        "By amount: nobody is given a holding below the least.",
        "口数による制限: 最低保有数に満たない保有を取得することはできない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        check.refused(reverts.HoldingBelowMinimum, lambda: send(10))
    with s.check(
        "By amount: nobody keeps a rest below the least.",
        "口数による制限: 最低保有数に満たない残りを生じる移転はできない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        check.refused(reverts.HoldingBelowMinimum, lambda: send(90))
    with s.check(
        "By amount: nobody is given a holding above the most.",
        "口数による制限: 最高保有数を超える保有を取得することはできない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        check.refused(reverts.HoldingAboveMaximum, lambda: send(70))
    with s.check(
        "By amount: what is within all three moves.",
        "口数による制限: 三つの制限の範囲内であれば移転できる。",
        s.units(token, s.bob).goes(0, 40), s.units(token, s.alice).goes(100, 60),
    ):  # fmt: skip
        send(40)
    with s.check(
        "By amount: after a split lots, least and most are as many times larger.",
        "口数による制限: 分割後は、売買単位・最低保有数・最高保有数のいずれも分割比率に応じて増える。",
        s.units(token, s.bob).goes(40, 120), s.units(token, s.alice).goes(60, 80),
    ) as check:  # fmt: skip
        s.order(token.split(2))
        check.refused(reverts.UnitsNotInLots, lambda: send(30))
        check.refused(reverts.HoldingBelowMinimum, lambda: send(100))
        check.refused(reverts.HoldingAboveMaximum, lambda: send(60))
        send(40)


def _by_window(s: Stage) -> None:
    opens, closes = s.now + 30 * DAY, s.now + 39 * DAY
    token, send = held(s, lambda token: token.bind.set_window(ZERO32, ZERO_ADDRESS, Window(opens, closes, 0, 0)))
    with s.check(
        "② By window: it opens at an instant, refused one second before and done at it.",
        "② 期間による制限の開始: 1秒前は拒否され、その時刻から移転できる。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.at(opens - 1)
        check.refused(reverts.TransferWindowClosed, send)
        s.at(opens)
        send()
    with s.check(
        "② By window: it closes at an instant, done one second before and refused at it.",
        "② 期間による制限の終了: 1秒前は移転でき、その時刻から拒否される。",
        s.units(token, s.bob).goes(1, 2),
    ) as check:
        s.at(closes - 1)
        send()
        s.at(closes)
        check.refused(reverts.TransferWindowClosed, send)
    _by_closed_period(s)


def _by_closed_period(s: Stage) -> None:
    token, send = held(s, lambda token: token.bind.set_closed_period(2 * DAY))
    date = s.now + 9 * DAY
    s.order(token.schedule_record_date(date))
    with s.check(
        "② Before a record date the register closes as long as was set: done one second before, refused at it.",
        "② 基準日前は、定めた期間だけ名義の変更が止まる: 1秒前は移転でき、その時刻から拒否される。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.at(date - 2 * DAY - 1)
        send()
        s.at(date - 2 * DAY)
        check.refused(reverts.ClosedPeriodRunning, send)
    with s.check(
        "② With the record date it opens again: refused one second before, done at it.",
        "② 基準日の到来とともに再開する: 1秒前は拒否され、その時刻から移転できる。",
        s.units(token, s.bob).goes(1, 2),
    ) as check:
        s.at(date - 1)
        check.refused(reverts.ClosedPeriodRunning, send)
        s.at(date)
        send()


def _by_list(s: Stage) -> None:
    listed = tiny.put_on_chain(s.mallory, tiny.sanctions_list(s.bob.address))
    token, send = held(s, lambda token: token.bind.set_sanctions_oracle(listed))
    with s.check(
        "Who stands on the list of sanctions receives nothing from a holder; others do.",
        "制裁リストに載る者は保有者から受領できず、他の者は受領できる。",
        s.units(token, s.bob).stays(0), s.units(token, s.carol).goes(0, 1),
    ) as check:  # fmt: skip
        check.refused(reverts.WalletSanctioned, send)
        token.by(s.alice).transfer(s.carol.address, 1)
    with s.check(
        "Who stands on the list of sanctions is issued nothing.",
        "制裁リストに載る者への発行はできない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        check.refused(reverts.WalletSanctioned, lambda: s.issue(token, s.bob, 1))
    with s.check(
        "Who stands on the list of sanctions is forced nothing to.",
        "制裁リストに載る者を受領者とする強制移転はできない。",
        s.units(token, s.bob).stays(0),
    ) as check:
        seize = token.force_by_partition(DEFAULT, s.alice.address, s.bob.address, 1, Basis.JUDGMENT)
        check.refused(reverts.WalletSanctioned, lambda: s.order(seize))


def _every_reason(s: Stage) -> None:
    token, send = held(
        s,
        lambda token: token.bind.set_countries(ZERO32, [JAPAN], False),
        lambda token: token.bind.set_limits(ZERO32, 50, 0, 0),
        lambda token: token.set_lockup(s.now + 9 * DAY).call,
    )
    with s.check(
        "A refusal names its first reason, in both languages.",
        "拒否時は最初の理由が日英両語で示される。",
        s.units(token, s.bob).stays(0),
    ) as check:
        check.refused(reverts.HoldingLockedUp, send)
        check.equal("told in two languages", "二か国語で示される", check.said.en != check.said.ja, True)
    with s.check(
        "Asked, the chain tells all reasons, not only the first.",
        "照会すれば、チェーンは最初の理由だけでなく全ての理由を答える。",
    ) as check:
        wanted = "HoldingLockedUp CountryRefused HoldingBelowMinimum"
        check.equal("all reasons", "全ての理由", " ".join(_against(s, token)), wanted)
