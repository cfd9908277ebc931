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
    _asked(s, share)
    _ordered(s, share)
    second = s.keyholder(Text("a second emergency officer", "第二の緊急対応者"))
    stop = s.system.bind.halt(HaltLevel.HALTED, s.incident("incident 1"))
    with s.check(
        "An emergency officer whose key is lost is replaced during the halt, by two people.",
        "鍵を失った緊急対応者は、停止中でも二者により交代できる。",
        s.figure("emergency officers", "緊急対応者の数", lambda: len(s.authority.members(Role.EMERGENCY))).stays(1),
    ) as check:
        s.order(s.authority.grant(Role.EMERGENCY, second.address))
        s.order(s.authority.revoke(Role.EMERGENCY, s.emergency.address))
        check.refused_from(reverts.HaltLevelWrong, stop, second)
    with s.check(
        "The lost key of an emergency officer halts nothing any more.",
        "失われた鍵では、以後停止もできない。",
    ) as check:
        check.refused_from(reverts.AccessRefused, stop, s.emergency)
    s.order(s.authority.grant(Role.EMERGENCY, s.emergency.address))
    s.order(s.authority.revoke(Role.EMERGENCY, second.address))


def _asked(s: Stage, share: Token) -> None:
    with s.check(
        "Questions are answered during the halt: what is issued, who holds how much.",
        "停止中も、発行済総数や保有数の照会に応答する。",
    ) as check:
        check.equal("issued units", "発行済総数", share.total_supply(), 4_000)
        check.equal("units of A", "投資者Aの口数", share.balance_of(s.alice.address), 1_000)
    with s.check(
        "Asked whether a transfer would be done, the chain tells that it is halted, in ERC-1400 too.",
        "移転可否の事前照会に対し、チェーンは停止中であることをERC-1400でも答える。",
    ) as check:
        told = share.can_transfer(s.alice.address, s.bob.address, 1)
        check.equal("why nothing moves", "移転できない理由", type(told).__name__, "SystemHalted")
        check.equal("reason of ERC-1400", "ERC-1400の理由", share.transfer_status(s.alice.address, s.bob.address, 1)[1],
                    "HALTED")  # fmt: skip


def _ordered(s: Stage, share: Token) -> None:
    pause = s.matrix.row("token", "pause")
    for en, ja, act in (
        ("No order for a token is proposed", "トークンに対する命令は提案できない", share.issue(s.alice.address, 1)),
        (
            "The role matrix is not changed", "権限表は変更できない",
            s.authority.set_row(EVERY_TOKEN, pause.selector, pause.struct),
        ),
        (
            "No other code is put in the place of tokens, and so none lets them run again",
            "トークンの実装を差し替えて停止を免れることはできない",
            s.system.set_implementation(s.deployment.implementation),
        ),
    ):  # fmt: skip
        with s.check(f"{en} during the halt.", f"停止中、{ja}。") as check:
            check.refused(reverts.SystemHalted, partial(s.approved, act))
    with s.check(
        "An order that leads out of the halt is proposed during it, and can be withdrawn.",
        "停止を解くための命令は停止中も提案でき、取り下げることもできる。",
        s.figure("halt level", "停止レベル", lambda: s.system.level().name).stays("HALTED"),
    ):
        act = s.system.resume(HaltLevel.NORMAL, s.incident("incident 1"))
        order = s.orders.by(s.sys_admin).propose(act, DOCUMENT, s.now + DAY)
        s.orders.by(s.sys_admin).veto(order.id)


def levels(s: Stage, share: Token) -> None:
    _who_halts(s)
    young = _restricted(s, share)
    _halted(s, share, young)
    _calendar(s, share)


def _who_halts(s: Stage) -> None:
    for person in (s.emergency, s.registrar, s.compliance):
        with s.check(
            f"The {person.name.en} halts alone, so that no single key is needed for it.",
            f"{person.name.ja}は単独で停止でき、停止は特定の一つの鍵に依存しない。",
            s.figure("halt level", "停止レベル", lambda: s.system.level().name).goes("NORMAL", "HALTED"),
        ):
            s.system.by(person).halt(HaltLevel.HALTED, s.incident("a drill"))
        s.order(s.system.resume(HaltLevel.NORMAL, s.incident("a drill")))
    with s.check(
        "Nobody else halts.",
        "他の者は停止できない。",
        s.figure("halt level", "停止レベル", lambda: s.system.level().name).stays("NORMAL"),
    ) as check:
        stop = s.system.bind.halt(HaltLevel.HALTED, s.incident("a prank"))
        check.refused_from(reverts.AccessRefused, stop, s.mallory, s.alice, s.issuer, s.agent, s.sys_admin)


def _restricted(s: Stage, share: Token) -> Token:
    s.system.by(s.registrar).halt(HaltLevel.RESTRICTED, s.incident("incident 5"))
    with s.check(
        "The restricted level stops holders.",
        "制限停止では、保有者の操作が止まる。",
        s.units(share, s.bob).stays(1_007),
    ) as check:
        check.refused(reverts.SystemHalted, lambda: share.by(s.alice).transfer(s.bob.address, 1))
    with s.check(
        "The restricted level stops the issuer, though two people ordered it.",
        "制限停止では、二者の命令による発行も止まる。",
        s.supply(share).stays(),
    ) as check:
        check.refused(reverts.SystemHalted, lambda: s.issue(share, s.alice, 1))
    with s.check(
        "At the restricted level rescue by order runs.",
        "制限停止でも、命令による救済は可能である。",
        s.units(share, s.bob).goes(1_007, 1_012),
    ):
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
    number = s.approved(share.forced_transfer(s.alice.address, s.bob.address, 5, Basis.JUDGMENT))
    level = s.figure("halt level", "停止レベル", lambda: s.system.level().name)
    by = s.system.by(s.registrar)
    with s.check(
        "One person raises a halt to the full level, which also stops what two people ordered.",
        "停止レベルは一者で全停止に引き上げられ、全停止では二者の命令も執行できない。",
        level.goes("RESTRICTED", "HALTED"), s.units(share, s.bob).stays(1_012),
    ) as check:  # fmt: skip
        by.halt(HaltLevel.HALTED, s.incident("incident 5"))
        check.refused(reverts.SystemHalted, lambda: s.orders.by(s.registrar).execute(number))
    with s.check(
        "At the full level the youngest token does nothing either, not even an approval.",
        "全停止では、最も新しいトークンも動作せず、許可の付与もできない。",
    ) as check:
        check.refused(reverts.SystemHalted, lambda: young.by(s.alice).approve(s.bob.address, 1))
    with s.check(
        "One person never lowers a halt, neither to the restricted level nor to none.",
        "停止レベルを一者で引き下げることは、制限停止へも通常へもできない。",
        level.stays("HALTED"),
    ) as check:
        for lower in (HaltLevel.RESTRICTED, HaltLevel.NORMAL):
            check.refused(reverts.HaltLevelWrong, partial(by.halt, lower, s.incident("incident 5")))
    with s.check(
        "Two people lower a halt to the restricted level, from which rescue runs again.",
        "二者により制限停止に引き下げれば、命令による救済が再び可能となる。",
        level.goes("HALTED", "RESTRICTED"), s.units(share, s.bob).goes(1_012, 1_017),
    ):  # fmt: skip
        s.order(s.system.resume(HaltLevel.RESTRICTED, s.incident("incident 5")))
        s.orders.by(s.registrar).execute(number)
    s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 5")))


def _calendar(s: Stage, share: Token) -> None:
    s.order(share.schedule_record_date(s.now + DAY))
    s.order(share.split(2, s.now + 2 * DAY))
    with s.check(
        "A split that is on the calendar takes effect at its time, during a halt too.",
        "暦に定めた分割は、停止中でもその時刻に効力を生じる。",
        s.units(share, s.bob).goes(1_017, 2_034),
    ):
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("incident 6"))
        s.travel(3 * DAY)
    with s.check(
        "A record date that is on the calendar fixes the register at its time, during a halt too.",
        "暦に定めた基準日は、停止中でもその時刻の名簿を確定する。",
    ) as check:
        held = share.balance_at(s.bob.address, 1)
        check.equal("units of B at the record date", "基準日における投資者Bの口数", held, 1_017)
    s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 6")))
