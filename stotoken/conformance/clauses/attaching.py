"""A forced transfer is carried out whatever became of its parties, its units and the system meanwhile (6.1.1.8)."""

from __future__ import annotations

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
from stotoken.types import Address, Basis, HaltLevel, InvestorClass, LegalCategory, Units


def whatever_became_of_it(s: Stage) -> None:
    _over_the_cap(s)
    _in_parts(s)
    _after_the_units_left(s)
    _requested(s)
    _whoever_holds(s)
    _to_the_court(s)
    _while_stopped(s)


def held(s: Stage, units: Units = 100) -> Token:
    """A token of which A holds that many units."""
    token = s.new_token()
    s.issue(token, s.alice, units)
    return token


def seizure(token: Token, from_: Person, to: Address, units: Units) -> Act:
    return token.force_by_partition(DEFAULT, from_.address, to, units, Basis.ATTACHMENT)


def _over_the_cap(s: Stage) -> None:
    token = s.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=1, whole_only=True)
    s.issue(token, s.alice, 10)
    for basis, to, holders, en, ja in (
        (Basis.ATTACHMENT, s.dave, 2, "A forced transfer", "強制移転"),
        (Basis.INHERITANCE, s.bob, 3, "An inheritance", "相続"),
    ):
        with s.check(
            f"{en} that exceeds the holder cap is done and flagged.",
            f"保有者上限を超える{ja}は妨げられず、警告が記録される。",
            s.units(token, to).goes(0, 4),
        ) as check:
            heir = token.force_by_partition(DEFAULT, s.alice.address, to.address, 4, basis)
            flagged = s.order(heir).event("HolderCapExceeded").values
            check.equal("holders flagged", "警告された保有者数", flagged["holders"], holders)


def _in_parts(s: Stage) -> None:
    token = held(s)
    first = s.order(seizure(token, s.alice, s.bob.address, 30))
    with s.check(
        "An order that took a part takes nothing more, though more was attached.",
        "一部を移転した執行済みの命令では、残りを移転できない。",
        s.units(token, s.alice).stays(70),
    ) as check:
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.registrar).execute(first.id))
    with s.check(
        "The rest is taken on an order of its own.",
        "残りの部分は、別の命令により移転される。",
        s.units(token, s.alice).goes(70, 0), s.units(token, s.bob).goes(30, 100),
    ):  # fmt: skip
        s.order(seizure(token, s.alice, s.bob.address, 70))


def _after_the_units_left(s: Stage) -> None:
    token = held(s)
    number = s.approved(seizure(token, s.alice, s.bob.address, 100))
    carry_out = s.orders.by(s.registrar).execute
    with s.check(
        "When the holder moved units away before the order was carried out, it takes nothing at all.",
        "執行前に保有者が口数の一部を移転していれば、命令では何も移転されない。",
        s.units(token, s.alice).goes(100, 99), s.units(token, s.bob).stays(0),
    ) as check:  # fmt: skip
        token.by(s.alice).transfer(s.carol.address, 1)
        check.refused(reverts.ERC20InsufficientBalance, lambda: carry_out(number))
    with s.check(
        "The units that left are reached by an order against whom they went to.",
        "流出した口数には、移転先に対する別の命令により執行できる。",
        s.units(token, s.carol).goes(1, 0), s.units(token, s.alice).goes(99, 100),
    ):  # fmt: skip
        s.order(seizure(token, s.carol, s.alice.address, 1))
    with s.check(
        "The same order takes all once the units are back.",
        "口数が戻れば、同じ命令で全て移転される。",
        s.units(token, s.bob).goes(0, 100), s.units(token, s.alice).goes(100, 0),
    ):  # fmt: skip
        carry_out(number)


def _requested(s: Stage) -> None:
    token = held(s)
    request = token.by(s.alice).request_transfer(s.carol.address, 60, s.now + DAY).id
    with s.check(
        "Units in a transfer request are taken too.",
        "移転請求中の口数も強制移転できる。",
        s.units(token, s.alice).goes(100, 0), s.units(token, s.bob).goes(0, 100),
    ):  # fmt: skip
        s.order(seizure(token, s.alice, s.bob.address, 100))
    with s.check(
        "A transfer request whose units were taken comes to nothing.",
        "口数を失った移転請求は成立しなくなる。",
        s.units(token, s.carol).stays(0),
    ) as check:
        check.refused(reverts.ERC20InsufficientBalance, lambda: token.by(s.issuer).approve_transfer_request(request))


def _whoever_holds(s: Stage) -> None:
    token = held(s)
    s.issue(token, s.treasury, 10)
    with s.check(
        "The treasury can be attached as anybody else.",
        "発行者口座も、他の保有者と同様に差し押さえられる。",
        s.units(token, s.treasury).goes(10, 0), s.units(token, s.bob).goes(0, 10),
    ):  # fmt: skip
        s.order(seizure(token, s.treasury, s.bob.address, 10))
    with s.check(
        "A debtor whose wallet is frozen does not stop an order.",
        "債務者のウォレットが凍結されていても、命令は執行される。",
        s.units(token, s.alice).goes(100, 60),
    ):
        s.system.by(s.compliance).freeze_wallet(s.alice.address)
        s.order(seizure(token, s.alice, s.bob.address, 40))
    s.order(s.system.unfreeze_wallet(s.alice.address))
    with s.check(
        "A debtor whose checks expired does not stop an order.",
        "債務者の本人確認が失効していても、命令は執行される。",
        s.units(token, s.alice).goes(60, 0),
    ):
        s.register(s.alice, until=s.now)
        s.order(seizure(token, s.alice, s.bob.address, 60))
    s.register(s.alice)
    with s.check(
        "Control cannot be renounced: every token answers that it is controllable, and has no function to end it.",
        "強制移転の可能性は放棄できない: 全トークンが強制移転可能と答え、それを終わらせる機能はない。",
    ) as check:
        controlled = [each.bind.is_controllable() for each in s.system.tokens()]
        check.equal("tokens under control", "強制移転可能なトークン", sum(controlled), len(controlled))
        check.equal("ways to end it", "終わらせる機能", len(_ending(token)), 0)


def _ending(token: Token) -> list[str]:
    """Functions of a token that tell by their names that they set or end control over it."""
    return [name for name in dir(token.bind) if "controllab" in name and name != "is_controllable"]


def _to_the_court(s: Stage) -> None:
    qii = InvestorClass.QII
    s.register(s.alice, classes=qii)
    token = s.new_token(category=LegalCategory.QII_ONLY, receive_classes=qii)
    s.issue(token, s.alice, 10)
    court = s.newcomer(Text("the court's account", "裁判所の保管口座"), InvestorClass.CUSTODY)
    with s.check(
        "A receiver who may not hold the security gets nothing, though it was ordered.",
        "その証券を保有できない者を受領者とする強制移転は、命令があってもできない。",
        s.units(token, s.alice).stays(10), s.units(token, s.bob).stays(0),
    ) as check:  # fmt: skip
        check.refused(reverts.InvestorClassRefused, lambda: s.order(seizure(token, s.alice, s.bob.address, 1)))
    with s.check(
        "An account of a court or custodian receives in the place of one who may.",
        "裁判所・保管者の口座は、保有できる者に代わって受領できる。",
        s.units(token, s.alice).goes(10, 6), s.units(token, court).goes(0, 4),
    ):  # fmt: skip
        s.order(seizure(token, s.alice, court.address, 4))
    s.register(s.alice)


def _while_stopped(s: Stage) -> None:
    token = held(s)
    first, second = (s.approved(seizure(token, s.alice, s.bob.address, 1)) for _ in range(2))
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
        "In a full halt no forced transfer runs, though it was approved.",
        "全停止中は、承認済みの強制移転も執行できない。",
        s.units(token, s.bob).stays(1),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: carry_out(second))
    with s.check(
        "In a full halt no forced transfer is proposed.",
        "全停止中は、強制移転の提案もできない。",
        s.units(token, s.bob).stays(1),
    ) as check:
        check.refused(reverts.SystemHalted, lambda: s.approved(seizure(token, s.alice, s.bob.address, 1)))
