"""6.1.1.7 restrictions on transfers: by person (①) and by time (②), for all units or some."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.clauses.rulebook import by_the_book, reasons
from stotoken.conformance.clauses.timed import by_freeze, by_lockup
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import Address, Basis, InvestorClass, LegalCategory, Units

KYC, QII = InvestorClass.KYC, InvestorClass.QII


@scenario("6.1.1.7", "Restrict transfers", "移転の制限機能")
def restrict(s: Stage) -> None:
    _by_class(s)
    _by_registration(s)
    _by_number_of_holders(s)
    _in_custody(s)
    by_lockup(s)
    by_freeze(s)
    by_the_book(s)
    _through_every_door(s)
    _asked_beforehand(s)
    _not_of_orders(s)


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
        "① An investor who becomes qualified may receive from then on.",
        "① 適格機関投資家となった投資者は、その時から受領できる。",
        s.units(token, s.carol).goes(0, 10),
    ):
        s.register(s.carol, classes=KYC | QII)
        token.by(s.alice).transfer(s.carol.address, 10)
    with s.check(
        "① One who is no longer qualified keeps what he holds and may sell it, but receives no more.",
        "① 適格でなくなった投資者は保有を続け、売却できるが、受領はできない。",
        s.units(token, s.bob).goes(40, 30),
    ) as check:
        s.register(s.bob, classes=KYC)
        check.refused(reverts.InvestorClassRefused, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        token.by(s.bob).transfer(s.carol.address, 10)
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


def _by_number_of_holders(s: Stage) -> None:
    token = s.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=2, whole_only=True)
    s.order(token.batch_issue(DEFAULT, [(s.alice.address, 10), (s.bob.address, 10)]))
    second = s.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=s.alice)
    holders = s.figure("investors holding", "保有者数", token.holder_count)
    with s.check(
        "① At the cap a further investor is refused; one who takes all of another's units is not.",
        "① 上限では新たな投資者への移転は拒否されるが、他の保有者の全口数を引き継ぐ者は拒否されない。",
        holders.stays(2), s.units(token, s.carol).goes(0, 10),
    ) as check:  # fmt: skip
        check.refused(reverts.HolderCapReached, lambda: s.issue(token, s.carol, 1))
        token.by(s.bob).transfer(s.carol.address, 10)
    with s.check(
        "① An investor with several wallets counts once.",
        "① 複数のウォレットを持つ投資者は一名と数える。",
        holders.stays(2), s.units(token, second).goes(0, 15),
    ):  # fmt: skip
        token.by(s.alice).transfer(second.address, 10)
        s.issue(token, s.alice, 5)
        token.by(s.alice).transfer(second.address, 5)
    with s.check(
        "① A forced transfer that exceeds the cap is not stopped but flagged.",
        "① 上限を超える強制移転は妨げられず、警告が記録される。",
        holders.goes(2, 3),
    ) as check:
        heir = token.force_by_partition(DEFAULT, second.address, s.dave.address, 1, Basis.INHERITANCE)
        flagged = s.order(heir).event("HolderCapExceeded").values
        check.equal("holders flagged", "警告された保有者数", flagged["holders"], 3)
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
        signed = token.by(s.alice).sign_permit(s.bob.address, 50, s.now + DAY)
        token.by(s.bob).permit(signed)
        doors = _doors(s, token, s.carol.address)
        check.refused(reverts.WalletFrozen, *doors)
        check.equal("ways tried", "試みた経路", len(doors), 9)


def _asked_beforehand(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    token.by(s.compliance).freeze(s.alice.address, 60)
    s.system.by(s.compliance).freeze_wallet(s.carol.address)
    cases: tuple[tuple[Address, Units], ...] = (
        (s.bob.address, 41), (s.bob.address, 101), (s.carol.address, 1), (s.mallory.address, 1), (s.alice.address, 1),
        (s.bob.address, 40), (s.bob.address, 1), (s.bob.address, 0),
    )  # fmt: skip
    with s.check(
        "What is answered beforehand is what then happens, with the same reason: by the client, on chain, in ERC-1400.",
        "事前照会の答えは、クライアント・チェーン・ERC-1400のいずれも、実際の結果および理由と一致する。",
        s.units(token, s.bob).goes(0, 40),
    ) as check:
        agreeing = 0
        for to, units in cases:
            told = token.can_transfer(s.alice.address, to, units)
            status, _ = token.transfer_status(s.alice.address, to, units)
            why = reasons(token, s.alice.address, to, units)
            move = partial(token.by(s.alice).transfer, to, units)
            if told is None:
                move()
            else:
                check.refused(type(told), move)
            agreeing += (status == 0x51) == (told is None) and why[:1] == ([type(told).__name__] if told else [])
        check.equal("cases in which all agree", "全て一致した事例", agreeing, len(cases))
    s.order(s.system.unfreeze_wallet(s.carol.address))


def _not_of_orders(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    s.order(token.set_lockup(s.now + 9 * DAY))
    token.by(s.compliance).freeze(s.alice.address, 100)
    with s.check(
        "What is ordered by law passes by lock-ups and freezes; holders do not.",
        "ロックアップや凍結は保有者の移転を止めるが、法的根拠のある命令は止めない。",
        s.units(token, s.bob).goes(0, 30), s.units(token, s.alice).goes(100, 70),
    ) as check:  # fmt: skip
        check.refused(reverts.HoldingLockedUp, lambda: token.by(s.alice).transfer(s.bob.address, 1))
        s.order(token.force_by_partition(DEFAULT, s.alice.address, s.bob.address, 30, Basis.JUDGMENT))


def _in_custody(s: Stage) -> None:
    token = s.new_token(holder_cap=2, receive_classes=KYC | InvestorClass.CUSTODY)
    omnibus = s.newcomer(Text("a custodian's omnibus account", "保管者の顧客一括口座"), InvestorClass.CUSTODY)
    holders = s.figure("investors holding", "保有者数", token.holder_count)
    with s.check(
        "① A custodian's omnibus account holds for its clients where the token admits it, and counts as one holder.",
        "① トークンが認める場合、保管者の顧客一括口座は顧客分をまとめて保有でき、一名と数える。",
        holders.goes(0, 2), s.units(token, omnibus).goes(0, 50),
    ) as check:  # fmt: skip
        s.order(token.batch_issue(DEFAULT, [(omnibus.address, 60), (s.alice.address, 10)]))
        token.by(omnibus).transfer(s.alice.address, 10)
        check.refused(reverts.HolderCapReached, lambda: token.by(omnibus).transfer(s.bob.address, 1))
        closed = s.new_token()
        check.refused(reverts.InvestorClassRefused, lambda: s.issue(closed, omnibus, 1))


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
