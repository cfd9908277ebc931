"""6.1.1.8 forced transfer: on an order with its ground, without the holder."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.orders import Executed
from stotoken.client.token import Token
from stotoken.conformance.checking import Reading
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, DOCUMENT, Stage
from stotoken.conformance.witness import Person
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.follower import replay
from stotoken.types import ZERO_ADDRESS, Address, Basis, HaltLevel, InvestorClass, LegalCategory, Units


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
        s.frozen(token, s.alice).goes(80, 40), _transactions(s, s.alice).stays(),
    ) as check:  # fmt: skip
        done = s.order(seize(60))
        order = s.orders.show(done.id)
        check.equal("ground in the register of orders", "命令簿上の根拠", order.basis.name, "ATTACHMENT")
        check.equal("document hash", "文書ハッシュ", order.document_hash == DOCUMENT, True)
        check.equal("proposer and approver differ", "提案者と承認者が別人", order.proposer != order.approver, True)
        moved = replay(Contracts.of(s.deployment, token.address), s.connection).lineage(s.alice.address)[-1]
        check.equal("order named in the lineage", "来歴が示す命令番号", moved.order or 0, done.id)
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
    _empty_orders(s, token)
    _in_parts(s)
    _after_the_units_left(s)
    _whoever_holds(s)
    _to_the_court(s)
    _while_stopped(s)


def _transactions(s: Stage, person: Person) -> Reading:
    """How many transactions somebody ever sent: none is needed from who loses the units."""
    text = Text(f"transactions of {person.name.en}", f"{person.name.ja}の取引数")
    return Reading(text, lambda: s.connection.nonce(person.address))


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


def _held(s: Stage, units: Units = 100) -> Token:
    """A token of which A holds that many units."""
    token = s.new_token()
    s.issue(token, s.alice, units)
    return token


def _seizure(token: Token, from_: Person, to: Address, units: Units) -> Act:
    return token.force_by_partition(DEFAULT, from_.address, to, units, Basis.ATTACHMENT)


def _empty_orders(s: Stage, token: Token) -> None:
    with s.check(
        "To the same wallet, to nobody, or in no units at all, nothing is forced.",
        "同一ウォレットへの、宛先のない、または0口の強制移転はできない。",
        s.units(token, s.alice).stays(40), s.supply(token).stays(100),
    ) as check:  # fmt: skip
        for to in (s.alice.address, ZERO_ADDRESS):
            check.refused(reverts.ERC20InvalidReceiver, partial(s.order, _seizure(token, s.alice, to, 1)))
        check.refused(reverts.UnitsOutOfRange, lambda: s.order(_seizure(token, s.alice, s.bob.address, 0)))


def _in_parts(s: Stage) -> None:
    token = _held(s)
    with s.check(
        "An attachment that is executed in parts needs an order for each part; a used order takes nothing more.",
        "差押えを分けて執行するには部分ごとに命令を要し、執行済みの命令では追加の移転はできない。",
        s.units(token, s.alice).goes(100, 0), s.units(token, s.bob).goes(0, 100),
    ) as check:  # fmt: skip
        first = s.order(_seizure(token, s.alice, s.bob.address, 30))
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.registrar).execute(first.id))
        s.order(_seizure(token, s.alice, s.bob.address, 70))


def _after_the_units_left(s: Stage) -> None:
    token = _held(s)
    carry_out = s.orders.by(s.registrar).execute
    with s.check(
        "When the holder moved units away before the order, it takes nothing, and takes all once they are back.",
        "命令の執行前に保有者が口数を移転していれば何も移転されず、戻れば全て移転される。",
        s.units(token, s.bob).goes(0, 100), s.units(token, s.alice).goes(100, 0),
    ) as check:  # fmt: skip
        number = s.approved(_seizure(token, s.alice, s.bob.address, 100))
        token.by(s.alice).transfer(s.carol.address, 1)
        check.refused(reverts.ERC20InsufficientBalance, lambda: carry_out(number))
        token.by(s.carol).transfer(s.alice.address, 1)
        carry_out(number)
    token = _held(s)
    with s.check(
        "Units in a transfer request are taken too; the request then comes to nothing.",
        "移転請求中の口数も強制移転でき、その請求は成立しなくなる。",
        s.units(token, s.alice).goes(100, 0), s.units(token, s.carol).stays(0),
    ) as check:  # fmt: skip
        request = token.by(s.alice).request_transfer(s.carol.address, 60, s.now + DAY).id
        s.order(_seizure(token, s.alice, s.bob.address, 100))
        approve = token.by(s.issuer).approve_transfer_request
        check.refused(reverts.ERC20InsufficientBalance, lambda: approve(request))


def _whoever_holds(s: Stage) -> None:
    token = _held(s)
    s.issue(token, s.treasury, 10)
    with s.check(
        "The treasury can be attached as anybody else.",
        "発行者口座も、他の保有者と同様に差し押さえられる。",
        s.units(token, s.treasury).goes(10, 0), s.units(token, s.bob).goes(0, 10),
    ):  # fmt: skip
        s.order(_seizure(token, s.treasury, s.bob.address, 10))
    with s.check(
        "A debtor who is frozen and whose checks expired does not stop an order.",
        "債務者のウォレットが凍結され本人確認が失効していても、命令は執行される。",
        s.units(token, s.alice).goes(100, 0),
    ):
        s.system.by(s.compliance).freeze_wallet(s.alice.address)
        s.register(s.alice, until=s.now)
        s.order(_seizure(token, s.alice, s.bob.address, 100))
    s.order(s.system.unfreeze_wallet(s.alice.address))
    s.register(s.alice)
    with s.check(
        "Control cannot be renounced: every token answers that it is controllable, and has no function to end it.",
        "強制移転の可能性は放棄できない: 全トークンが強制移転可能と答え、それを終わらせる機能はない。",
    ) as check:
        controlled = [each.bind.is_controllable() for each in s.system.tokens()]
        check.equal("tokens under control", "強制移転可能なトークン", sum(controlled), len(controlled))


def _to_the_court(s: Stage) -> None:
    qii = InvestorClass.QII
    s.register(s.alice, classes=qii)
    token = s.new_token(category=LegalCategory.QII_ONLY, receive_classes=qii)
    s.issue(token, s.alice, 10)
    court = s.newcomer(Text("the court's account", "裁判所の保管口座"), InvestorClass.CUSTODY)
    with s.check(
        "The receiver must be one who may hold the security, or an account of a court or custodian.",
        "受領者は、その証券を保有できる者か、裁判所・保管者の口座でなければならない。",
        s.units(token, s.alice).goes(10, 6), s.units(token, court).goes(0, 4),
    ) as check:  # fmt: skip
        check.refused(reverts.InvestorClassRefused, lambda: s.order(_seizure(token, s.alice, s.bob.address, 1)))
        s.order(_seizure(token, s.alice, court.address, 4))
    s.register(s.alice)


def _while_stopped(s: Stage) -> None:
    token = _held(s)
    first, second = (s.approved(_seizure(token, s.alice, s.bob.address, 1)) for _ in range(2))
    carry_out = s.orders.by(s.registrar).execute
    with s.check(
        "In a restricted halt, when holders cannot move, a forced transfer still runs.",
        "保有者の移転が止まる制限停止中でも、強制移転は執行できる。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        carry_out(first)
    with s.check(
        "In a full halt no forced transfer runs, and none is proposed.",
        "全停止中は、強制移転の執行も提案もできない。",
        s.units(token, s.bob).stays(1),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: carry_out(second))
        check.refused(reverts.SystemHalted, lambda: s.approved(_seizure(token, s.alice, s.bob.address, 1)))
