"""6.1.1.7 restrictions on transfers: by person (①) and by time (②), for all units or some."""

from __future__ import annotations

from collections.abc import Callable

from stotoken import reverts
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import InvestorClass, LegalCategory, Units

KYC, QII = InvestorClass.KYC, InvestorClass.QII


@scenario("6.1.1.7", "Restrict transfers", "移転の制限機能")
def restrict(s: Stage) -> None:
    _by_class(s)
    _by_registration(s)
    _by_lockup(s)
    _by_freeze(s)
    _by_number_of_holders(s)
    _through_every_door(s)


def _by_class(s: Stage) -> None:
    s.register(s.alice, s.bob, classes=QII)
    token = s.new_token(category=LegalCategory.QII_ONLY, receive_classes=QII)
    s.issue(token, s.alice, 100)
    with s.check(
        "① Units of a security for qualified institutional investors move among them, and to nobody else.",
        "① 適格機関投資家限定の証券は、適格機関投資家間でのみ移転できる。",
        s.units(token, s.bob).goes(0, 40), s.units(token, s.carol).stays(0),
    ) as check:  # fmt: skip
        token.by(s.alice).transfer(s.bob.address, 40)
        check.refused(reverts.InvestorClassRefused, lambda: token.by(s.alice).transfer(s.carol.address, 1))
    with s.check(
        "① An investor who becomes qualified may receive; one who is no longer may sell, but not receive.",
        "① 適格となった投資者は受領でき、適格でなくなった投資者は売却できるが受領できない。",
        s.units(token, s.carol).goes(0, 10), s.units(token, s.bob).goes(40, 30),
    ) as check:  # fmt: skip
        s.register(s.carol, classes=KYC | QII)
        s.register(s.bob, classes=KYC)
        token.by(s.bob).transfer(s.carol.address, 10)
        check.refused(reverts.InvestorClassRefused, lambda: token.by(s.alice).transfer(s.bob.address, 1))
    with s.check(
        "The floor that the law sets for this category is not loosened, not even by two people; no policy by one.",
        "この区分の法定の下限は二者でも緩和できず、方針の変更は単独ではできない。",
    ) as check:
        check.refused(reverts.TermsInconsistent, lambda: s.order(token.set_policy(KYC | QII, 0, False)))
        call = token.set_policy(QII, 0, True).call
        check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.mallory)
        check.equal("classes admitted", "取得できる区分", token.policy().receive_classes.name or "", "QII")
    s.register(s.alice, s.bob, s.carol)


def _by_registration(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    with s.check(
        "① Checks hold until their last second: a transfer is done one second before, refused at the instant, "
        "for the giver as for the receiver.",
        "① 本人確認は最終の1秒まで有効であり、期限の1秒前は移転でき、期限の時刻からは双方とも拒否される。",
        s.units(token, s.bob).goes(0, 1), s.units(token, s.alice).goes(100, 99),
    ) as check:  # fmt: skip
        end = s.now + 5 * DAY
        s.register(s.alice, until=end)
        s.at(end - 1)
        token.by(s.alice).transfer(s.bob.address, 1)
        s.at(end)
        check.refused(reverts.InvestorExpired, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        check.refused(reverts.InvestorExpired, lambda: token.by(s.bob).transfer(s.alice.address, 1))
    s.register(s.alice)


def _by_lockup(s: Stage) -> None:
    end = s.now + 30 * DAY
    token = s.new_token(locked_until=end, partitions=("class-a",))
    s.issue(token, s.alice, 100)
    s.issue(token, s.alice, 100, "class-a")

    def send(units: Units = 1, where: str = DEFAULT) -> Moved:
        return token.by(s.alice).transfer_by_partition(where, s.bob.address, units)

    with s.check(
        "② Lock-up of the token: refused one second before its end, done at its end.",
        "② トークン全体のロックアップ: 終了の1秒前は拒否され、終了時刻から移転できる。",
        s.units(token, s.bob).goes(0, 1),
    ) as check:
        s.at(end - 1)
        check.refused(reverts.HoldingLockedUp, send)
        s.at(end)
        send()
    later = s.now + 30 * DAY
    s.order(token.set_lockup(later, "class-a"))
    s.order(token.set_lockup(later, DEFAULT, s.bob.address))
    s.order(token.lock_lot(s.alice.address, 60, later))
    with s.check(
        "② Lock-up of one class, of one holding, of some units of a holding: the rest still moves.",
        "② 種類単位・保有単位・一部口数単位のロックアップ: 対象外は移転できる。",
        s.units(token, s.alice).goes(99, 60), s.units(token, s.alice, "class-a").stays(100),
        s.free(token, s.alice).goes(39, 0),
    ) as check:  # fmt: skip
        check.refused(reverts.HoldingLockedUp, lambda: send(1, "class-a"))
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.bob).transfer(s.alice.address, 1))
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: send(40))
        send(39)
    with s.check(
        "② At the end of those lock-ups everything moves, by itself.",
        "② これらの終了時刻には、何の操作もなく全て移転できる。",
        s.units(token, s.alice).goes(60, 1), s.units(token, s.alice, "class-a").goes(100, 0),
    ):  # fmt: skip
        s.at(later)
        send(60)
        send(100, "class-a")
        token.by(s.bob).transfer(s.alice.address, 1)
    call = token.set_lockup(s.now + DAY).call
    with s.check(
        "② Nobody sets or ends a lock-up alone.",
        "② ロックアップの設定・解除は単独ではできない。",
    ) as check:
        check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.alice)


def _by_freeze(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    a, b = s.alice.address, s.bob.address
    with s.check(
        "A frozen wallet neither sends nor receives, in any token; one officer freezes, two people unfreeze.",
        "凍結されたウォレットは全トークンで送受できず、凍結は一者、解除は二者による。",
        s.units(token, s.alice).stays(100),
    ) as check:
        s.system.by(s.compliance).freeze_wallet(b)
        check.refused(reverts.WalletFrozen, lambda: token.by(s.alice).transfer(b, 1))
        check.refused(reverts.WalletFrozen, lambda: token.by(s.bob).transfer(a, 0))
        check.refused(reverts.AccessRefused, lambda: s.compliance.send(s.system.bind.unfreeze_wallet(b)))
        s.order(s.system.unfreeze_wallet(b))
    with s.check(
        "Of a partly frozen holding only the rest moves.",
        "一部凍結された保有は、残りの口数だけ移転できる。",
        s.units(token, s.alice).goes(100, 70), s.frozen(token, s.alice).goes(0, 70),
    ) as check:  # fmt: skip
        token.by(s.compliance).freeze(a, 70)
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, lambda: token.by(s.alice).transfer(b, 31))
        token.by(s.alice).transfer(b, 30)
        check.refused(reverts.OrderRequired, lambda: token.by(s.compliance).freeze(a, 69))


def _by_number_of_holders(s: Stage) -> None:
    token = s.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=2, whole_only=True)
    s.order(token.batch_issue(DEFAULT, [(s.alice.address, 10), (s.bob.address, 10)]))
    second = s.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=s.alice)
    holders = s.figure("investors holding", "保有者数", token.holder_count)
    with s.check(
        "① At the cap a further investor is refused, a second wallet of a holder is not, nor is one who takes all of "
        "another's units.",
        "① 上限では新たな投資者への移転は拒否され、保有者の別ウォレットや全口数を引き継ぐ者への移転は認められる。",
        holders.stays(2), s.units(token, s.carol).goes(0, 10),
    ) as check:  # fmt: skip
        check.refused(reverts.HolderCapReached, lambda: token.by(s.bob).transfer(s.carol.address, 9))
        token.by(s.alice).transfer(second.address, 10)
        token.by(s.bob).transfer(s.carol.address, 10)
    with s.check(
        "① A holding of a small-number placement moves as a whole or not at all.",
        "① 少人数私募の保有は、一括してのみ移転できる。",
        s.units(token, s.carol).goes(10, 0),
    ) as check:
        check.refused(reverts.WholeHoldingOnly, lambda: token.by(s.carol).transfer(second.address, 9))
        token.by(s.carol).transfer(second.address, 10)


def _through_every_door(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    token.by(s.alice).approve(s.bob.address, 50)
    token.by(s.alice).authorize_operator(s.bob.address)
    s.issue(token, s.treasury, 10)
    s.order(token.allot(10))
    s.system.by(s.compliance).freeze_wallet(s.carol.address)
    with s.check(
        "Every way to move units meets the same rules and the same refusal.",
        "移転のあらゆる経路に、同じ制限が同じ理由で適用される。",
        s.units(token, s.alice).stays(100), s.units(token, s.carol).stays(0),
    ) as check:  # fmt: skip
        doors = _doors(s, token, s.carol.address)
        check.refused(reverts.WalletFrozen, *doors)
        check.equal("ways tried", "試みた経路", len(doors), 9)
        told = token.can_transfer(s.alice.address, s.carol.address, 1)
        check.equal("told beforehand", "事前照会の答え", type(told).__name__, "WalletFrozen")
        _, reason = token.transfer_status(s.alice.address, s.carol.address, 1)
        check.equal("reason of ERC-1400", "ERC-1400の理由", reason, "ADDR_FROZEN")


def _doors(s: Stage, token: Token, to: str) -> tuple[Callable[[], object], ...]:
    holder, other, a = token.by(s.alice), token.by(s.bob), s.alice.address
    return (
        lambda: holder.transfer(to, 1),
        lambda: holder.transfer_with_data(to, 1, b"data"),
        lambda: holder.transfer_by_partition(DEFAULT, to, 1),
        lambda: holder.batch_transfer(DEFAULT, [(s.bob.address, 1), (to, 1)]),
        lambda: holder.request_transfer(to, 1, s.now + DAY),
        lambda: other.transfer_from(a, to, 1),
        lambda: other.transfer_from_with_data(a, to, 1, b"data"),
        lambda: other.operator_transfer(DEFAULT, a, to, 1),
        lambda: token.by(s.agent).distribute(DEFAULT, [(to, 1)], s.incident("batch")),
    )
