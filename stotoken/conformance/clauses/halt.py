"""6.1.1.11 halt: one transaction stops everything of every token, two people let it run again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.clauses.everything import Ready, not_tried, of_holders, of_orders, of_roles, of_the_system
from stotoken.conformance.clauses.stopped import levels, while_halted
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage, none
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.follower import replay
from stotoken.ledger.report import holder_register
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
    of_servants = [*of_roles(s, fund), *of_orders(s, fund, bond), *of_the_system(s)]
    ready = [*of_holders(s, fund), *of_servants]
    _one_key(s, of_servants)
    possible = s.figure("acts possible", "可能な操作", lambda: sum(act.could() for act in ready))
    deadlines = _deadlines(s, share)
    books = [_book(s, token) for token in tokens]
    supplies = s.figure("issued units of three tokens", "三つのトークンの発行済総数",
                        lambda: sum(token.total_supply() for token in tokens))  # fmt: skip
    with s.check(
        "One transaction of one person stops every token: acts of every kind that were possible the moment before.",
        "一人の一取引で全トークンが停止し、直前まで可能だったあらゆる種類の操作が不可能となる。",
        _level(s).goes("NORMAL", "HALTED"), possible.goes(len(ready), 0), supplies.stays(12_000),
    ) as check:  # fmt: skip
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 1"))
        check.refused(reverts.SystemHalted, *(partial(act.person.send, act.call) for act in ready))
        none(check, "functions of any contract not tried", "試していない機能", not_tried(ready))
    while_halted(s, share)
    _who_resumes(s)
    s.travel(30 * DAY)
    with s.check(
        "After two people resumed, every act is possible again and every register the same to the byte.",
        "二者による再開後は全ての操作が再び可能となり、全ての名簿は1バイトも変わらない。",
        _level(s).goes("HALTED", "NORMAL"), possible.goes(0, len(ready)), supplies.stays(12_000),
    ) as check:  # fmt: skip
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 1")))
        same = sum(_book(s, token) == before for token, before in zip(tokens, books, strict=True))
        check.equal("registers unchanged", "不変の名簿", same, len(tokens))
    _tolled(s, share, *deadlines)
    _left_over(s)
    _one_token(s, fund, share)
    levels(s, share)
    _between_batches(s)


def _level(s: Stage) -> Reading:
    return s.figure("halt level", "停止レベル", lambda: s.system.level().name)


def _book(s: Stage, token: Token) -> bytes:
    return holder_register(replay(Contracts.of(s.deployment, token.address), s.connection))


def _one_key(s: Stage, ready: Sequence[Ready]) -> None:
    with s.check(
        "The emergency key stops and freezes, and does nothing else: it moves no units and lets nothing run again.",
        "緊急対応者の鍵でできるのは停止と凍結だけであり、口数の移転も再開もできない。",
    ) as check:
        could = {act.function for act in ready if Ready(s.emergency, act.call, act.function).could()}
        check.tell("acts tried with it", "試みた操作", len(ready))
        check.equal("possible", "可能な操作", " ".join(sorted(could)), "CoreSystem.freezeWallet SecurityToken.pause")


def _who_resumes(s: Stage) -> None:
    act = s.system.resume(HaltLevel.NORMAL, s.incident("incident 1"))
    with s.check(
        "Whoever halted cannot resume, and nobody resumes alone.",
        "停止した者は再開できず、単独の再開もできない。",
        _level(s).stays("HALTED"),
    ) as check:
        check.refused_from(reverts.AccessRefused, act.call, s.emergency, s.sys_admin, s.compliance, s.mallory)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, proposer=s.emergency))
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
        "Deadlines stood still for the thirty days of the halt: a request and an order that had a day left still run.",
        "期限は30日間の停止中に進まず、残り1日だった移転請求と命令はなお有効である。",
        s.units(share, s.bob).goes(1_000, 1_007), s.units(share, s.dave).goes(0, 1),
    ) as check:  # fmt: skip
        share.by(s.issuer).approve_transfer_request(request)
        s.orders.by(s.agent).execute(order)
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


def _between_batches(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 100)
    s.order(token.allot(100))
    holders = (s.alice, s.bob, s.carol)
    batches = {s.incident(f"batch {place}"): [(h.address, 10) for h in holders] for place in range(3)}

    def run() -> None:
        for batch, rows in batches.items():
            if not token.was_distributed(batch):
                token.by(s.agent).distribute(DEFAULT, rows, batch)

    with s.check(
        "A halt in the midst of a distribution leaves whole batches behind, and the same run goes on after it.",
        "配布の途中で停止しても一括単位で完結しており、再開後に同じ処理で残りを続けられる。",
        s.units(token, s.treasury).goes(100, 10), s.units(token, s.carol).goes(0, 30),
    ) as check:  # fmt: skip
        first, rows = next(iter(batches.items()))
        token.by(s.agent).distribute(DEFAULT, rows, first)
        s.system.by(s.compliance).halt(HaltLevel.HALTED, s.incident("incident 4"))
        check.refused(reverts.SystemHalted, run)
        check.equal("units of C at the halt", "停止時の投資者Cの口数", token.balance_of(s.carol.address), 10)
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 4")))
        run()


def _one_token(s: Stage, fund: Token, share: Token) -> None:
    with s.check(
        "One token can be paused alone, by one person; the others run, two people let it run again.",
        "一つのトークンだけを一者で停止でき、他は動作を続け、再開は二者による。",
        s.units(share, s.carol).goes(1_000, 1_003),
    ) as check:
        fund.by(s.issuer).pause()
        check.refused(reverts.TokenPaused, lambda: fund.by(s.alice).transfer(s.bob.address, 1))
        check.refused(reverts.OrderRequired, lambda: s.issuer.send(fund.bind.unpause()))
        share.by(s.alice).transfer(s.carol.address, 3)
        s.order(fund.unpause())
        fund.by(s.alice).transfer(s.bob.address, 1)
