"""What a halted system still does, what the two levels of a halt differ in, and who sets them (6.1.1.11)."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DOCUMENT, Stage
from stotoken.governance.matrix import EVERY_TOKEN
from stotoken.types import Basis, HaltLevel, Role


def while_halted(s: Stage, share: Token) -> None:
    with s.check(
        "Questions are answered during the halt, and tell that it is one.",
        "停止中も照会には応答し、停止中であることを答える。",
    ) as check:
        check.equal("issued units", "発行済総数", share.total_supply(), 4_000)
        told = share.can_transfer(s.alice.address, s.bob.address, 1)
        check.equal("why nothing moves", "移転できない理由", type(told).__name__, "SystemHalted")
        check.equal("reason of ERC-1400", "ERC-1400の理由", share.transfer_status(s.alice.address, s.bob.address, 1)[1],
                    "HALTED")  # fmt: skip
    with s.check(
        "No order is proposed or approved but those that lead out of the halt; an open one can be withdrawn.",
        "停止を解くための命令以外は提案も承認もできず、未執行の命令の取下げはできる。",
    ) as check:
        check.refused(reverts.SystemHalted, lambda: s.approved(share.issue(s.alice.address, 1)))
        pause = s.matrix.row("token", "pause")
        change = s.authority.set_row(EVERY_TOKEN, pause.selector, pause.struct)
        for act in (change, s.system.set_implementation(s.deployment.implementation)):
            check.refused(reverts.SystemHalted, partial(s.approved, act))
        order = s.orders.by(s.sys_admin).propose(s.authority.grant(Role.AUDITOR, s.dave.address), DOCUMENT, s.now + DAY)
        s.orders.by(s.sys_admin).veto(order.id)
    second = s.keyholder(Text("a second emergency officer", "第二の緊急対応者"))
    with s.check(
        "An emergency officer whose key is lost is replaced during the halt, by two people.",
        "鍵を失った緊急対応者は、停止中でも二者により交代できる。",
        s.figure("emergency officers", "緊急対応者の数", lambda: len(s.authority.members(Role.EMERGENCY))).stays(1),
    ) as check:
        s.order(s.authority.grant(Role.EMERGENCY, second.address))
        s.order(s.authority.revoke(Role.EMERGENCY, s.emergency.address))
        stop = s.system.bind.halt(HaltLevel.HALTED, s.incident("incident 1"))
        check.refused_from(reverts.AccessRefused, stop, s.emergency)
        check.refused_from(reverts.HaltLevelWrong, stop, second)
    s.order(s.authority.grant(Role.EMERGENCY, s.emergency.address))
    s.order(s.authority.revoke(Role.EMERGENCY, second.address))


def levels(s: Stage, share: Token) -> None:
    _who_halts(s)
    young = _restricted(s, share)
    _halted(s, share, young)
    _calendar(s, share)


def _who_halts(s: Stage) -> None:
    with s.check(
        "Three roles can each halt alone, so that no single key is needed; nobody else can.",
        "三つの役割がそれぞれ単独で停止でき、特定の一つの鍵に依存しない。他の者は停止できない。",
        s.figure("halt level", "停止レベル", lambda: s.system.level().name).stays("NORMAL"),
    ) as check:
        for person in (s.emergency, s.registrar, s.compliance):
            s.system.by(person).halt(HaltLevel.HALTED, s.incident("a drill"))
            s.order(s.system.resume(HaltLevel.NORMAL, s.incident("a drill")))
        stop = s.system.bind.halt(HaltLevel.HALTED, s.incident("a prank"))
        check.refused_from(reverts.AccessRefused, stop, s.mallory, s.alice, s.issuer, s.agent, s.sys_admin)


def _restricted(s: Stage, share: Token) -> Token:
    with s.check(
        "The restricted level stops holders and issuers; rescue by order runs.",
        "制限停止では保有者と発行者の操作が止まり、命令による救済は可能である。",
        s.units(share, s.bob).goes(1_007, 1_012),
    ) as check:
        s.system.by(s.registrar).halt(HaltLevel.RESTRICTED, s.incident("incident 5"))
        check.refused(
            reverts.SystemHalted,
            lambda: share.by(s.alice).transfer(s.bob.address, 1),
            lambda: s.issue(share, s.alice, 1),
        )
        s.order(share.forced_transfer(s.alice.address, s.bob.address, 5, Basis.JUDGMENT))
    with s.check(
        "A token that is created after the halt is halted as all others.",
        "停止後に作成されたトークンも、他と同様に停止している。",
        s.figure("tokens", "トークン数", lambda: len(s.system.tokens())).goes(3, 4),
    ) as check:
        young = s.new_token()
        check.refused(reverts.SystemHalted, lambda: s.issue(young, s.alice, 1))
        told = young.can_transfer(s.alice.address, s.bob.address, 0)
        check.equal("why nothing moves", "移転できない理由", type(told).__name__, "SystemHalted")
    return young


def _halted(s: Stage, share: Token, young: Token) -> None:
    force = share.forced_transfer(s.alice.address, s.bob.address, 5, Basis.JUDGMENT)
    number = s.approved(force)
    with s.check(
        "The full level also stops what two people ordered; one person raises a halt and never lowers it.",
        "全停止では命令も執行できない。停止レベルは一者で引き上げられるが、一者で引き下げることはできない。",
        s.units(share, s.bob).stays(1_012),
    ) as check:
        by = s.system.by(s.registrar)
        by.halt(HaltLevel.HALTED, s.incident("incident 5"))
        check.refused(reverts.SystemHalted, lambda: s.orders.by(s.registrar).execute(number))
        check.refused(reverts.SystemHalted, lambda: young.by(s.alice).approve(s.bob.address, 1))
        for level in (HaltLevel.RESTRICTED, HaltLevel.NORMAL):
            check.refused(reverts.HaltLevelWrong, partial(by.halt, level, s.incident("incident 5")))
    with s.check(
        "A halt is lowered in steps, each of two people; from the restricted level rescue runs again.",
        "停止は二者により段階的に解除でき、制限停止に戻れば命令による救済が再び可能となる。",
        s.units(share, s.bob).goes(1_012, 1_017),
    ):
        s.order(s.system.resume(HaltLevel.RESTRICTED, s.incident("incident 5")))
        s.orders.by(s.registrar).execute(number)
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 5")))


def _calendar(s: Stage, share: Token) -> None:
    with s.check(
        "A record date or split that is on the calendar takes effect at its time, during a halt too.",
        "暦に定めた基準日や分割は、停止中でもその時刻に効力を生じる。",
        s.units(share, s.bob).goes(1_017, 2_034),
    ) as check:
        s.order(share.schedule_record_date(s.now + DAY))
        s.order(share.split(2, s.now + 2 * DAY))
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 6"))
        s.travel(3 * DAY)
        held = share.balance_at(s.bob.address, 1)
        check.equal("units of B at the record date", "基準日における投資者Bの口数", held, 1_017)
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 6")))
