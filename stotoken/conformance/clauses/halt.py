"""6.1.1.11 halt: one transaction stops everything of every token, two people let it run again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.clauses.everything import Ready, not_tried, of_holders, of_orders, of_roles, of_the_system
from stotoken.conformance.clauses.stopped import levels, while_halted
from stotoken.conformance.clauses.stopping import against_the_odds, between_batches
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage, none
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.follower import replay
from stotoken.reports.asked import Asked, What
from stotoken.reports.making import make
from stotoken.types import HaltLevel, Instrument, LegalCategory


@scenario("6.1.1.11", "Halt", "停止機能")
def halt(s: Stage) -> None:
    fund = s.new_token(
        instrument=Instrument.FUND_UNIT, category=LegalCategory.FUND_PARA2, holder_cap=499, puttable=True
    )
    bond = s.new_token(instrument=Instrument.BOND, maturity=s.now + DAY)
    share = s.new_token()
    tokens = (fund, bond, share)
    for token in tokens:
        s.order(token.batch_issue(DEFAULT, [(h.address, 1_000) for h in (s.alice, s.bob, s.carol, s.treasury)]))
    s.travel(DAY)
    acts = (
        (Text("holders, spenders and operators do", "保有者・許可を受けた者・操作者の操作"), of_holders(s, fund)),
        (Text("the issuer and its servants do alone", "発行者・担当者の単独の操作"), of_roles(s, fund)),
        (Text("two people ordered before", "停止前に二者が承認した命令"), of_orders(s, fund, bond)),
        (Text("changes the system and its registries", "基幹システムとその登録簿の変更"), of_the_system(s)),
    )
    ready = [act for _, group in acts for act in group]
    _one_key(s, [act for _, group in acts[1:] for act in group])
    deadlines = _deadlines(s, share)
    books = [_book(s, token) for token in tokens]
    possible = s.figure("acts possible", "可能な操作", lambda: sum(act.could() for act in ready))
    with s.check(
        "One transaction of one person stops every token: nothing that was possible the moment before is possible.",
        "一人の一取引で全トークンが停止し、直前まで可能だった全ての操作が不可能となる。",
        _level(s).goes("NORMAL", "HALTED"), possible.goes(len(ready), 0),
    ):  # fmt: skip
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 1"))
    _each_refused(s, tokens, acts)
    while_halted(s, share)
    _who_resumes(s)
    s.travel(30 * DAY)
    with s.check(
        "After two people resumed, every act is possible again.",
        "二者による再開後は、全ての操作が再び可能となる。",
        _level(s).goes("HALTED", "NORMAL"), possible.goes(0, len(ready)),
    ):  # fmt: skip
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 1")))
    with s.check(
        "After it was resumed every register is the same to the byte.",
        "再開後の全ての名簿は、停止前と1バイトも変わらない。",
    ) as check:
        same = sum(_book(s, token) == before for token, before in zip(tokens, books, strict=True))
        check.equal("registers unchanged", "不変の名簿", same, len(tokens))
    _tolled(s, share, *deadlines)
    _left_over(s)
    _one_token(s, fund, share)
    levels(s, share)
    between_batches(s)
    against_the_odds(s)


def _each_refused(s: Stage, tokens: Sequence[Token], acts: Sequence[tuple[Text, Sequence[Ready]]]) -> None:
    supplies = s.figure("issued units of three tokens", "三つのトークンの発行済総数",
                        lambda: sum(token.total_supply() for token in tokens))  # fmt: skip
    for text, group in acts:
        with s.check(
            f"While halted, all that {text.en} is refused when it is sent.",
            f"停止中は、{text.ja}は全て拒否される。",
            supplies.stays(12_000),
        ) as check:
            check.refused(reverts.SystemHalted, *(partial(act.person.send, act.call) for act in group))
    with s.check(
        "No function of any contract that changes something was left out.",
        "状態を変更する全コントラクトの全機能を試みている。",
    ) as check:
        ready = [act for _, group in acts for act in group]
        check.tell("functions tried", "試みた機能", len({act.function for act in ready}))
        none(check, "functions of any contract not tried", "試していない機能", not_tried(ready))


def _level(s: Stage) -> Reading:
    return s.figure("halt level", "停止レベル", lambda: s.system.level().name)


def _book(s: Stage, token: Token) -> bytes:
    """The holdings as a report, as of now."""
    register = replay(Contracts.of(s.deployment, token.address), s.connection)
    return make(register, token, Asked(what=What.HOLDINGS)).bytes()


def _one_key(s: Stage, ready: Sequence[Ready]) -> None:
    with s.check(
        "The emergency key stops and freezes, and does nothing else: it moves no units.",
        "緊急対応者の鍵でできるのは停止と凍結だけであり、口数の移転はできない。",
    ) as check:
        could = {act.function for act in ready if Ready(s.emergency, act.call, act.function).could()}
        check.tell("acts tried with it", "試みた操作", len(ready))
        check.equal("possible", "可能な操作", " ".join(sorted(could)), "CoreSystem.freezeWallet SecurityToken.pause")


def _who_resumes(s: Stage) -> None:
    act = s.system.resume(HaltLevel.NORMAL, s.incident("incident 1"))
    with s.check(
        "Whoever halted cannot resume: the emergency key neither does nor proposes nor approves it.",
        "停止した者は再開できず、緊急対応者の鍵では再開の実行も提案も承認もできない。",
        _level(s).stays("HALTED"),
    ) as check:
        check.refused_from(reverts.AccessRefused, act.call, s.emergency)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, proposer=s.emergency))
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.emergency))
    with s.check(
        "Nobody resumes alone, nor approves what he proposed.",
        "単独の再開も、自ら提案した再開の承認もできない。",
        _level(s).stays("HALTED"),
    ) as check:
        check.refused_from(reverts.AccessRefused, act.call, s.sys_admin, s.compliance, s.mallory)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.sys_admin))
        alone = s.orders.by(s.sys_admin).propose(act, DOCUMENT, s.now + DAY)
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.sys_admin).execute(alone.id))


def _deadlines(s: Stage, share: Token) -> tuple[int, int, int]:
    """A transfer request and two orders that have a day left."""
    end = s.now + DAY
    request = share.by(s.alice).request_transfer(s.bob.address, 7, end).id
    numbers = []
    for _ in range(2):
        order = s.orders.by(s.agent).propose(share.issue(s.dave.address, 1), DOCUMENT, end)
        s.orders.by(s.issuer).approve(order.id, order.hash)
        numbers.append(order.id)
    return request, numbers[0], numbers[1]


def _tolled(s: Stage, share: Token, request: int, order: int, late: int) -> None:
    with s.check(
        "The deadline of a transfer request stood still for the thirty days of the halt.",
        "移転請求の期限は30日間の停止中に進まず、残り1日だった請求はなお有効である。",
        s.units(share, s.bob).goes(1_000, 1_007),
    ):
        share.by(s.issuer).approve_transfer_request(request)
    with s.check(
        "The deadline of an order stood still too.",
        "命令の期限も停止中に進まず、残り1日だった命令はなお有効である。",
        s.units(share, s.dave).goes(0, 1),
    ):
        s.orders.by(s.agent).execute(order)
    with s.check(
        "What was left of a deadline runs on after the halt, and then it is over.",
        "期限の残りは再開後に進み、経過すれば失効する。",
        s.units(share, s.dave).stays(1),
    ) as check:
        s.travel(DAY)
        check.refused(reverts.OrderExpired, lambda: s.orders.by(s.agent).execute(late))


def _left_over(s: Stage) -> None:
    with s.check(
        "An order to resume that is left over from one halt does not end the next.",
        "前回の停止のために残った再開命令で、次の停止を終わらせることはできない。",
        _level(s).stays("NORMAL"),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 2"))
        act = s.system.resume(HaltLevel.NORMAL, s.incident("incident 2"))
        first, second = s.approved(act), s.approved(act)
        s.orders.by(s.sys_admin).execute(first)
        s.travel(1)
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 3"))
        check.refused(reverts.OrderStale, lambda: s.orders.by(s.sys_admin).execute(second))
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 3")))


def _one_token(s: Stage, fund: Token, share: Token) -> None:
    with s.check(
        "One token can be paused alone, by one person; the others run.",
        "一つのトークンだけを一者で停止でき、他は動作を続ける。",
        s.units(share, s.carol).goes(1_000, 1_003),
    ) as check:
        fund.by(s.issuer).pause()
        check.refused(reverts.TokenPaused, lambda: fund.by(s.alice).transfer(s.bob.address, 1))
        share.by(s.alice).transfer(s.carol.address, 3)
    with s.check(
        "A paused token runs again when two people say so, and not before.",
        "停止したトークンの再開は二者の命令による。",
        s.units(fund, s.bob).becomes(fund.balance_of(s.bob.address) + 1),
    ) as check:
        check.refused_from(reverts.OrderRequired, fund.bind.unpause(), s.issuer, s.registrar, s.compliance)
        s.order(fund.unpause())
        fund.by(s.alice).transfer(s.bob.address, 1)
