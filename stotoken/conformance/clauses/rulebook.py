"""Restrictions that a token may have or not (6.1.1.7): countries, limits, windows, lists, rules of third parties."""

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
from stotoken.types import ZERO32, ZERO_ADDRESS, Address, Units, partition_id

_FRANCE = 250


def by_the_book(s: Stage) -> None:
    _by_country(s)
    _by_amount(s)
    _by_window(s)
    _by_list(s)
    _by_third_parties(s)
    _every_reason(s)


def reasons(token: Token, from_: Address, to: Address, units: Units, partition: str = DEFAULT) -> list[str]:
    """Names of all errors that the chain gives as reasons against a transfer, in the order in which they are asked."""
    found = token.bind.explain(partition_id(partition), from_, to, units)
    return [type(typed_revert(each)).__name__ for each in found]


def _held(s: Stage, *calls: Callable[[Token], Call]) -> tuple[Token, Callable[..., Moved]]:
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
    token, send = _held(s, lambda token: token.bind.set_countries(where, [_FRANCE], True))
    with s.check(
        "① By country: a class that only investors of one country may hold goes to nobody else; the other class does.",
        "① 国による制限: 特定の国の投資者に限る種類は他の者へ移転できず、他の種類は移転できる。",
        s.units(token, s.bob, "class-a").stays(0), s.units(token, s.bob).goes(0, 1),
    ) as check:  # fmt: skip
        check.refused(reverts.CountryRefused, lambda: send(1, "class-a"))
        send(1)
    with s.check(
        "① No rule of a token is set or taken back by one person.",
        "① トークンの制限は、設定も解除も単独ではできない。",
    ) as check:
        call = token.bind.set_countries(where, [JAPAN], True)
        check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.agent)
        check.equal("reasons against", "拒否の理由", " ".join(_against(s, token, "class-a")), "CountryRefused")


def _against(s: Stage, token: Token, partition: str = DEFAULT) -> list[str]:
    return reasons(token, s.alice.address, s.bob.address, 1, partition)


def _by_amount(s: Stage) -> None:
    token, send = _held(s, lambda token: token.bind.set_limits(ZERO32, 20, 60, 10))
    with s.check(
        "By amount: no odd lots, no holding below the least or above the most; after a split all three are larger.",
        "口数による制限: 売買単位未満、最低保有数未満、最高保有数超過は拒否され、分割後はいずれも比例して増える。",
        s.units(token, s.bob).goes(0, 120), s.units(token, s.alice).goes(100, 80),
    ) as check:  # fmt: skip
        check.refused(reverts.UnitsNotInLots, lambda: send(25))
        check.refused(reverts.HoldingBelowMinimum, lambda: send(10), lambda: send(90))
        check.refused(reverts.HoldingAboveMaximum, lambda: send(70))
        send(40)
        s.order(token.split(2))
        check.refused(reverts.UnitsNotInLots, lambda: send(30))
        send(40)


def _by_window(s: Stage) -> None:
    opens, closes = s.now + 30 * DAY, s.now + 39 * DAY
    token, send = _held(s, lambda token: token.bind.set_window(ZERO32, ZERO_ADDRESS, Window(opens, closes, 0, 0)))
    with s.check(
        "② By window: transfers open at an instant and close at one, to the second.",
        "② 期間による制限: 移転は定めた時刻に始まり、定めた時刻に終わる(秒単位)。",
        s.units(token, s.bob).goes(0, 2),
    ) as check:
        for instant, closed in (
            (opens - 1, True),
            (opens, False),
            (opens + 9 * DAY - 1, False),
            (opens + 9 * DAY, True),
        ):
            s.at(instant)
            if closed:
                check.refused(reverts.TransferWindowClosed, send)
            else:
                send()
    token, send = _held(s, lambda token: token.bind.set_closed_period(2 * DAY))
    date = s.now + 9 * DAY
    s.order(token.schedule_record_date(date))
    with s.check(
        "② Before a record date the register is closed for as long as was set, and opens with the date.",
        "② 基準日前は定めた期間だけ名義の変更が止まり、基準日の到来とともに再開する。",
        s.units(token, s.bob).goes(0, 2),
    ) as check:
        s.at(date - 2 * DAY - 1)
        send()
        s.at(date - 2 * DAY)
        check.refused(reverts.ClosedPeriodRunning, send)
        s.at(date)
        send()


def _by_list(s: Stage) -> None:
    listed = tiny.put_on_chain(s.mallory, tiny.sanctions_list(s.bob.address))
    token, send = _held(s, lambda token: token.bind.set_sanctions_oracle(listed))
    with s.check(
        "Who stands on the list of sanctions neither receives nor is forced units to.",
        "制裁リストに載る者は、受領できず、強制移転の受領者にもなれない。",
        s.units(token, s.bob).stays(0), s.units(token, s.carol).goes(0, 1),
    ) as check:  # fmt: skip
        check.refused(reverts.WalletSanctioned, send)
        check.refused(reverts.WalletSanctioned, lambda: s.issue(token, s.bob, 1))
        token.by(s.alice).transfer(s.carol.address, 1)


def _by_third_parties(s: Stage) -> None:
    rule = {name: tiny.put_on_chain(s.mallory, code) for name, code in _RULES.items()}
    token, send = _held(s, lambda token: token.bind.set_rules([rule["passing"]]))
    with s.check(
        "A rule of a third party lets pass or refuses, and its own reason is told.",
        "第三者の規則は移転を認め、または拒否し、拒否の理由が示される。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        send()
        s.order(token.bind.set_rules([rule["passing"], rule["refusing"]]))
        check.refused(reverts.RuleRefused, send)
    with s.check(
        "A rule that fails, runs out of gas or answers nonsense refuses; so does one that tries to change anything.",
        "規則が失敗し、ガスを使い切り、または無効な回答をした場合は拒否され、状態の変更を試みた場合も同様である。",
        s.units(token, s.bob).stays(1),
    ) as check:
        for name in ("failing", "endless", "babbling", "writing"):
            s.order(token.bind.set_rules([rule[name]]))
            check.refused(reverts.RuleUnanswered, send)
    s.order(token.bind.set_rules([]))
    with s.check(
        "When the rule is taken back by an order, units move again.",
        "命令により規則を外せば、再び移転できる。",
        s.units(token, s.bob).goes(1, 2),
    ):
        send()


_RULES = {
    "passing": tiny.PASSING_RULE,
    "refusing": tiny.REFUSING_RULE,
    "failing": tiny.FAILING_RULE,
    "endless": tiny.ENDLESS_RULE,
    "babbling": tiny.BABBLING_RULE,
    "writing": tiny.WRITING_RULE,
}


def _every_reason(s: Stage) -> None:
    token, send = _held(
        s,
        lambda token: token.bind.set_countries(ZERO32, [JAPAN], False),
        lambda token: token.bind.set_limits(ZERO32, 50, 0, 0),
        lambda token: token.set_lockup(s.now + 9 * DAY).call,
    )
    with s.check(
        "A refusal names its first reason; asked, the chain tells all of them, and in both languages.",
        "拒否時は最初の理由が示され、照会すればチェーンは全ての理由を日英両語で答える。",
    ) as check:
        check.refused(reverts.HoldingLockedUp, send)
        wanted = "HoldingLockedUp CountryRefused HoldingBelowMinimum"
        check.equal("all reasons", "全ての理由", " ".join(_against(s, token)), wanted)
        check.equal("told in two languages", "二か国語で示される", check.said.en != check.said.ja, True)
