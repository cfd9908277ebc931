"""6.1.1.8 forced transfer: on an order with its ground, without the holder."""

from __future__ import annotations

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.orders import Executed
from stotoken.client.token import Token
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage
from stotoken.types import Basis, HaltLevel, LegalCategory, Units


@scenario("6.1.1.8", "Forced transfer", "強制移転機能")
def force(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    token.by(s.compliance).freeze(s.alice.address, 80)
    s.order(token.set_lockup(s.now + 90 * DAY, DEFAULT, s.alice.address))

    def seize(units: Units) -> Act:
        return token.force_by_partition(DEFAULT, s.alice.address, s.bob.address, units, Basis.ATTACHMENT)

    with s.check(
        "On an order with its legal ground, frozen and locked units move to a third party without the holder.",
        "法的根拠を付した命令により、凍結・ロック中の口数も、保有者の承諾なく第三者へ移転される。",
        s.units(token, s.alice).goes(100, 40), s.units(token, s.bob).goes(0, 60), s.supply(token).stays(100),
        s.frozen(token, s.alice).goes(80, 40),
    ) as check:  # fmt: skip
        done = s.order(seize(60))
        order = s.orders.show(done.id)
        check.equal("ground in the register of orders", "命令簿上の根拠", order.basis.name, "ATTACHMENT")
        check.equal("document hash", "文書ハッシュ", order.document_hash == DOCUMENT, True)
        check.equal("proposer and approver differ", "提案者と承認者が別人", order.proposer != order.approver, True)
        check.equal("events", "イベント", _forced_events(done), "Frozen Transfer ForcedTransfer ControllerTransfer")
    with s.check(
        "Nobody forces alone, and nobody approves his own order: the registrar, compliance, a creditor, the new owner.",
        "単独での強制移転や自己承認は、名簿管理者・コンプライアンス・債権者・取得者のいずれもできない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        check.refused_from(reverts.OrderRequired, seize(1).call, s.registrar, s.compliance, s.mallory, s.bob)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(seize(1), approver=s.registrar))
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(seize(1), proposer=s.compliance))
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(seize(1), proposer=s.mallory))
    _orders_that_do_not_hold(s, token)
    with s.check(
        "More than is held or to an unregistered wallet, nothing is forced.",
        "保有数を超える強制移転、未登録ウォレットへの強制移転はできない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        check.refused(reverts.ERC20InsufficientBalance, lambda: s.order(seize(41)))
        away = token.controller_transfer(s.alice.address, s.mallory.address, 1, Basis.JUDGMENT)
        check.refused(reverts.WalletUnregistered, lambda: s.order(away))
    _over_the_cap(s)
    with s.check(
        "In a restricted halt a forced transfer still runs, in a full halt it does not.",
        "制限停止中は強制移転のみ可能であり、全停止中は強制移転もできない。",
        s.units(token, s.bob).goes(60, 61),
    ) as check:
        first, second = s.approved(seize(1)), s.approved(seize(1))
        s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, s.incident("drill"))
        s.orders.by(s.registrar).execute(first)
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: s.orders.by(s.registrar).execute(second))


def _forced_events(done: Executed) -> str:
    wanted = ("Frozen", "Transfer", "ForcedTransfer", "ControllerTransfer")
    return " ".join(event.name for event in done.events if event.name in wanted)


def _orders_that_do_not_hold(s: Stage, token: Token) -> None:
    act = token.force_by_partition(DEFAULT, s.alice.address, s.bob.address, 5, Basis.JUDGMENT)
    other = token.force_by_partition(DEFAULT, s.alice.address, s.bob.address, 6, Basis.JUDGMENT)
    registrar, compliance = s.orders.by(s.registrar), s.orders.by(s.compliance)
    with s.check(
        "An order that is not approved, vetoed, expired, used, or about another act forces nothing.",
        "未承認・拒否済み・期限切れ・執行済み・内容の異なる命令では、強制移転できない。",
        s.units(token, s.alice).stays(40),
    ) as check:
        mere = registrar.propose(act, DOCUMENT, s.now + DAY)
        check.refused(reverts.OrderStatusWrong, lambda: registrar.execute(mere.id))
        check.refused(reverts.OrderActMismatch, lambda: s.compliance.send(s.orders.bind.approve(mere.id, other.hash)))
        compliance.approve(mere.id, mere.hash)
        bait = s.orders.bind.execute(mere.id, other.target, other.call.data)
        check.refused(reverts.OrderActMismatch, lambda: s.registrar.send(bait))
        compliance.veto(mere.id)
        check.refused(reverts.OrderStatusWrong, lambda: registrar.execute(mere.id))
        end = s.now + DAY
        late = registrar.propose(act, DOCUMENT, end)
        compliance.approve(late.id, late.hash)
        s.at(end)
        check.refused(reverts.OrderExpired, lambda: registrar.execute(late.id))
        check.refused(reverts.OrderIncomplete, lambda: registrar.propose(act, bytes(32), s.now + DAY))


def _over_the_cap(s: Stage) -> None:
    token = s.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=1, whole_only=True)
    s.issue(token, s.alice, 10)
    with s.check(
        "A forced transfer, or an inheritance, that exceeds the holder cap is done and flagged.",
        "保有者上限を超える強制移転(相続など)は、妨げられず、警告が記録される。",
        s.units(token, s.dave).goes(0, 4),
    ) as check:
        heir = token.force_by_partition(DEFAULT, s.alice.address, s.dave.address, 4, Basis.INHERITANCE)
        flagged = s.order(heir).event("HolderCapExceeded").values
        check.equal("holders flagged", "警告された保有者数", flagged["holders"], 2)
