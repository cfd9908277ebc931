"""Acts that take two people (6.2.3): the queue of orders between them, its delays, vetoes and instants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from stotoken import reverts
from stotoken.chain.abi import Call
from stotoken.client.act import Act
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DOCUMENT, Stage
from stotoken.errors import InputError
from stotoken.governance.matrix import EVERY_TOKEN, mask
from stotoken.types import Basis, HaltLevel, Role


def by_order(s: Stage, token: Token) -> None:
    _two_people(s, token)
    _sound_rows(s)
    _delayed(s)
    _vetoed(s, token)
    _against_an_officer(s)
    _stale(s, token)
    _forged_instant(s)


def _two_people(s: Stage, token: Token) -> None:
    both = s.keyholder(Text("a person of two roles", "二つの役割を持つ者"))
    for role in (Role.ISSUING_AGENT, Role.ISSUER):
        s.order(s.authority.grant(role, both.address))
    mine = s.orders.by(both).propose(token.issue(s.alice.address, 10), DOCUMENT, s.now + DAY)
    with s.check(
        "Nobody approves his own order, though he holds both roles.",
        "両方の役割を持つ者でも、自分の命令を承認することはできない。",
        s.units(token, s.alice).stays(99),
    ) as check:
        check.refused(reverts.OrderSelfApproval, lambda: s.orders.by(both).approve(mine.id))
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(both).execute(mine.id))
    with s.check(
        "Another person of the role approves it.",
        "同じ役割の別の者が承認すれば、執行できる。",
        s.units(token, s.alice).goes(99, 109),
    ):
        s.orders.by(s.issuer).approve(mine.id)
        s.orders.by(both).execute(mine.id)
    for role in (Role.ISSUING_AGENT, Role.ISSUER):
        s.order(s.authority.revoke(role, both.address))


def _sound_rows(s: Stage) -> None:
    pause = s.matrix.row("token", "pause")
    now = s.authority.bind.row_of(EVERY_TOKEN, pause.selector)
    issuer, compliance = mask([Role.ISSUER]), mask([Role.COMPLIANCE])
    for en, ja, proposers, approvers, delay in (
        ("has one role on both sides", "同じ役割が両側にある", issuer, issuer, 0),
        ("has proposers and no approvers", "提案者だけの", issuer, 0, 0),
        ("has approvers and no proposers", "承認者だけの", 0, compliance, 0),
        ("has a delay that outlives its orders", "命令の期限を超える待機を定める", issuer, compliance, 31 * DAY),
    ):
        with s.check(
            f"No row {en}.",
            f"{ja}権限行は設定できない。",
        ) as check:
            bad = replace(now, proposers=proposers, approvers=approvers, delay=delay)
            change = s.authority.set_row(EVERY_TOKEN, pause.selector, bad)
            check.refused(reverts.RowUnsound, partial(s.order, change))
            check.equal("row unchanged", "権限行は不変", s.authority.row_of(EVERY_TOKEN, pause.selector) == now, True)


def _delayed(s: Stage) -> None:
    pause = s.matrix.row("token", "pause")
    now = s.authority.row_of(EVERY_TOKEN, pause.selector)
    wider = replace(now, executors=now.executors | mask([Role.AUDITOR]))
    act = s.authority.set_row(EVERY_TOKEN, pause.selector, wider)
    token = s.new_token()
    rows = s.figure("roles that may pause", "一時停止できる役割",
                    lambda: s.authority.row_of(EVERY_TOKEN, pause.selector).executors.bit_count())  # fmt: skip
    order = s.orders.by(s.sys_admin).propose(act, DOCUMENT, s.now + 30 * DAY)
    ready = s.orders.by(s.compliance).approve(order.id, order.hash).ready_at
    carry_out = partial(s.orders.by(s.sys_admin).execute, order.id)
    with s.check(
        "A right that was granted by a change of a row is of no use before its time, two days after the approval.",
        "権限行の変更による権限は、承認の二日後まで行使できず、変更の執行もできない。",
        rows.stays(4),
    ) as check:
        check.equal("delay in seconds", "待機秒数", s.row(act.call).delay, 2 * DAY)
        check.refused(reverts.OrderNotReady, carry_out)
        s.at(ready - 1)
        check.refused(reverts.OrderNotReady, carry_out)
        check.refused_from(reverts.AccessRefused, token.bind.pause(), s.auditor)
    with s.check(
        "At its time the change is carried out, and is in force at once.",
        "その時刻に変更を執行でき、執行と同時に効力を生じる。",
        rows.goes(4, 5),
    ):
        s.at(ready)
        carry_out()
        token.by(s.auditor).pause()
    s.order(s.authority.set_row(EVERY_TOKEN, pause.selector, now))


def _vetoed(s: Stage, token: Token) -> None:
    act = token.set_policy(token.policy().receive_classes, 0, True)
    required = s.figure("approval required", "発行者承認の要否", lambda: token.policy().approval_required).stays(False)
    number = s.approved(act, proposer=s.issuer)
    with s.check(
        "Whoever is no guardian of an order cannot end it.",
        "拒否権のない者は、待機中の命令を終わらせることができない。",
        required,
    ) as check:
        veto = s.orders.bind.veto(number)
        check.refused_from(reverts.OrderUnauthorized, veto, s.emergency, s.sys_admin, s.registrar, s.mallory)
    with s.check(
        "While an order waits its guardian ends it for good, though it was approved.",
        "待機中の命令は、承認後であっても拒否権を持つ者が終わらせることができる。",
        required,
    ) as check:
        s.orders.by(s.compliance).veto(number)
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.issuer).execute(number))
    with s.check(
        "Who proposed an order takes it back.",
        "命令の提案者は、自らそれを取り下げることができる。",
        required,
    ) as check:
        taken_back = s.approved(act, proposer=s.issuer)
        s.orders.by(s.issuer).veto(taken_back)
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.issuer).execute(taken_back))


def _against_an_officer(s: Stage) -> None:
    second = s.keyholder(Text("a second compliance officer", "第二のコンプライアンス担当者"))
    s.order(s.authority.grant(Role.COMPLIANCE, second.address))
    with s.check(
        "An order against an officer, or out of a halt, is not stopped by that officer.",
        "役割の剥奪や再開の命令を、対象となる担当者が拒否することはできない。",
        s.figure("compliance officers", "コンプライアンスの保持者数",
                 lambda: len(s.authority.members(Role.COMPLIANCE))).goes(2, 1),
    ) as check:  # fmt: skip
        number = s.approved(s.authority.revoke(Role.COMPLIANCE, second.address))
        check.refused_from(reverts.OrderUnauthorized, s.orders.bind.veto(number), second)
        s.orders.by(s.sys_admin).execute(number)


def _stale(s: Stage, token: Token) -> None:
    bob, evidence = s.bob.address, s.incident("evidence")
    by_compliance, loss, stop = token.by(s.compliance), s.incident("a loss"), s.incident("a stop")
    undone: tuple[tuple[str, str, Act, Callable[[], object]], ...] = (
        ("freeze of a wallet", "ウォレット凍結", s.system.unfreeze_wallet(bob),
         lambda: s.system.by(s.compliance).freeze_wallet(bob)),
        ("freeze of units", "口数凍結", token.set_frozen(s.alice.address, 0),
         lambda: by_compliance.freeze(s.alice.address, 30)),
        ("pause", "一時停止", token.unpause(), lambda: token.by(s.issuer).pause()),
        ("report of a loss", "消失の届出", token.dismiss_loss(loss),
         lambda: token.by(s.agent).report_lost_key(s.alice.address, evidence, id=loss)),
        ("halt", "全体停止", s.system.resume(HaltLevel.NORMAL, stop),
         lambda: s.system.by(s.emergency).halt(HaltLevel.HALTED, stop)),
    )  # fmt: skip
    for en, ja, undo, act in undone:
        with s.check(
            f"An order undoes no {en} that came after it was proposed.",
            f"命令は、その提案後に行われた{ja}を取り消さない。",
        ) as check:
            act()
            check.refused(reverts.OrderStale, _left_over(s, undo, act))
        s.order(undo)


def _forged_instant(s: Stage) -> None:
    bob = s.bob.address
    forged = s.system.unfreeze_wallet(bob).call
    forged = Call(forged.to, forged.data + (2**40 - 1).to_bytes(32, "big"), forged.signature)
    s.system.by(s.compliance).freeze_wallet(bob)
    order = s.orders.by(s.registrar).propose(forged, DOCUMENT, s.now + DAY, Basis.POLICY)
    with s.check(
        "An order in whose call somebody forged the instant of its proposal is approved by no client.",
        "提案時刻を偽る呼出しを含む命令は、クライアントが承認しない。",
    ) as check:
        check.refused(InputError, lambda: s.orders.by(s.compliance).approve(order.id, order.hash))
    with s.check(
        "Approved past the client, the forged instant does not count: the order is as stale as it is.",
        "クライアントを経由せず承認しても偽の提案時刻は効力を持たず、古い命令として拒否される。",
    ) as check:
        s.compliance.send(s.orders.bind.approve(order.id, order.hash))
        s.travel(1)
        s.system.by(s.compliance).freeze_wallet(bob)
        check.refused(reverts.OrderStale, lambda: s.orders.by(s.registrar).execute(order.id))
    s.order(s.system.unfreeze_wallet(bob))


def _left_over(s: Stage, undo: Act, act: Callable[[], object]) -> Callable[[], object]:
    """Of two orders that undo an act one is carried out, and the act is done again: what is left is the other."""
    first, second = s.approved(undo), s.approved(undo)
    by = s.orders.by(s.proposer_of(s.row(undo.call)))
    by.execute(first)
    s.travel(1)
    act()
    return partial(by.execute, second)
