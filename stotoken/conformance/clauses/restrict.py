"""6.1.1.7 restrictions on transfers: by person (①) and by time (②), for all units or some."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.token import Token
from stotoken.conformance.clauses.doors import through_every_door
from stotoken.conformance.clauses.foreign import of_third_parties
from stotoken.conformance.clauses.rulebook import by_the_book, reasons
from stotoken.conformance.clauses.timed import by_freeze, by_lockup
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.conformance.witness import Person
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
    of_third_parties(s)
    through_every_door(s)
    _asked_beforehand(s)
    _not_of_orders(s)


def _by_class(s: Stage) -> None:
    s.register(s.alice, s.bob, classes=QII)
    token = s.new_token(category=LegalCategory.QII_ONLY, receive_classes=QII)
    s.issue(token, s.alice, 100)
    send = token.by(s.alice).transfer
    with s.check(
        "① Units of a security for qualified institutional investors move from one of them to another.",
        "① 適格機関投資家限定の証券は、適格機関投資家の間で移転できる。",
        s.units(token, s.bob).goes(0, 40),
    ):
        send(s.bob.address, 40)
    with s.check(
        "① They do not move to a retail investor, and the refusal says that it is for his class.",
        "① 一般投資者への移転は拒否され、区分がその理由として示される。",
        s.units(token, s.carol).stays(0),
    ) as check:
        check.refused(reverts.InvestorClassRefused, lambda: send(s.carol.address, 1))
    with s.check(
        "① An investor who becomes qualified may receive from then on.",
        "① 適格機関投資家となった投資者は、その時から受領できる。",
        s.units(token, s.carol).goes(0, 10),
    ):
        s.register(s.carol, classes=KYC | QII)
        send(s.carol.address, 10)
    _no_longer_qualified(s, token)
    s.register(s.alice, s.bob, s.carol)


def _no_longer_qualified(s: Stage, token: Token) -> None:
    with s.check(
        "① One who is no longer qualified keeps what he holds and may sell it to one who is.",
        "① 適格でなくなった投資者は保有を続け、適格な者に売却できる。",
        s.units(token, s.bob).goes(40, 30),
    ):
        s.register(s.bob, classes=KYC)
        token.by(s.bob).transfer(s.carol.address, 10)
    with s.check(
        "① One who is no longer qualified receives no more.",
        "① 適格でなくなった投資者は、以後受領できない。",
        s.units(token, s.bob).stays(30),
    ) as check:
        check.refused(reverts.InvestorClassRefused, lambda: token.by(s.alice).transfer(s.bob.address, 1))
    admitted = s.figure("classes admitted", "取得できる区分", lambda: token.policy().receive_classes.name or "")
    with s.check(
        "The floor that the law sets for this category is not loosened, not even by two people.",
        "この区分の法定の下限は、二者の命令によっても緩和できない。",
        admitted.stays("QII"),
    ) as check:
        check.refused(reverts.TermsInconsistent, lambda: s.order(token.set_policy(KYC | QII, 0, False)))
    with s.check(
        "No policy is changed by one person, neither loosened nor tightened.",
        "方針は、緩和も強化も単独ではできない。",
        admitted.stays("QII"),
    ) as check:
        for receive in (KYC | QII, QII):
            call = token.set_policy(receive, 0, True).call
            check.refused_from(reverts.OrderRequired, call, s.issuer, s.compliance, s.mallory)


def _by_registration(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    s.issue(token, s.bob, 100)
    for sender, receiver, en, ja in (
        (s.alice, s.bob, "giver", "譲渡人"), (s.bob, s.alice, "receiver", "譲受人"),
    ):  # fmt: skip
        with s.check(
            f"① Checks of the {en} hold until their last second: one second before their end he takes part, at it not.",
            f"① {ja}の本人確認は最終の1秒まで有効であり、期限の1秒前は移転でき、期限の時刻からは拒否される。",
            s.units(token, sender).becomes(99), s.units(token, receiver).becomes(101),
        ) as check:  # fmt: skip
            end = s.now + 5 * DAY
            s.register(s.alice, until=end)
            send = partial(token.by(sender).transfer, receiver.address, 1)
            s.at(end - 1)
            send()
            s.at(end)
            check.refused(reverts.InvestorExpired, send)
        s.register(s.alice)
        token.by(receiver).transfer(sender.address, 1)


def _by_number_of_holders(s: Stage) -> None:
    token = s.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=2, whole_only=True)
    s.order(token.batch_issue(DEFAULT, [(s.alice.address, 10), (s.bob.address, 10)]))
    second = s.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=s.alice)
    holders = s.figure("investors holding", "保有者数", token.holder_count)
    with s.check(
        "① At the cap a further investor is refused.",
        "① 上限に達すると、新たな投資者の取得は拒否される。",
        holders.stays(2), s.units(token, s.carol).stays(0),
    ) as check:  # fmt: skip
        check.refused(reverts.HolderCapReached, lambda: s.issue(token, s.carol, 1))
    with s.check(
        "① At the cap one who takes over all of another's units is not refused: as many hold as before.",
        "① 上限に達していても、他の保有者の全口数を引き継ぐ者は、保有者数が変わらないため拒否されない。",
        holders.stays(2), s.units(token, s.carol).goes(0, 10),
    ):  # fmt: skip
        token.by(s.bob).transfer(s.carol.address, 10)
    with s.check(
        "① An investor with several wallets counts once.",
        "① 複数のウォレットを持つ投資者は一名と数える。",
        holders.stays(2), s.units(token, second).goes(0, 15),
    ):  # fmt: skip
        token.by(s.alice).transfer(second.address, 10)
        s.issue(token, s.alice, 5)
        token.by(s.alice).transfer(second.address, 5)
    for basis, to, before, en, ja in (
        (Basis.INHERITANCE, s.dave, 2, "An inheritance", "相続"),
        (Basis.JUDGMENT, s.bob, 3, "A forced transfer", "強制移転"),
    ):
        with s.check(
            f"① {en} that exceeds the cap is not stopped but flagged.",
            f"① 上限を超える{ja}は妨げられず、警告が記録される。",
            holders.goes(before, before + 1), s.units(token, to).goes(0, 1),
        ) as check:  # fmt: skip
            flagged = s.order(token.force_by_partition(DEFAULT, second.address, to.address, 1, basis))
            count = flagged.event("HolderCapExceeded").values["holders"]
            check.equal("holders flagged", "警告された保有者数", count, before + 1)
    _as_a_whole(s, token, second)


def _as_a_whole(s: Stage, token: Token, to: Person) -> None:
    with s.check(
        "① A part of a holding of a small-number placement does not move.",
        "① 少人数私募の保有は、その一部だけを移転することはできない。",
        s.units(token, s.carol).stays(10),
    ) as check:
        check.refused(reverts.WholeHoldingOnly, lambda: token.by(s.carol).transfer(to.address, 9))
    with s.check(
        "① As a whole it moves.",
        "① 少人数私募の保有は、一括して移転できる。",
        s.units(token, s.carol).goes(10, 0),
    ):
        token.by(s.carol).transfer(to.address, 10)


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
    seize = partial(token.force_by_partition, DEFAULT, s.alice.address, s.bob.address, 30, Basis.JUDGMENT)
    send = partial(token.by(s.alice).transfer, s.bob.address, 1)
    with s.check(
        "What is ordered by law passes by a lock-up, which stops the holder.",
        "ロックアップは保有者の移転を止めるが、法的根拠のある命令は止めない。",
        s.units(token, s.bob).goes(0, 30), s.units(token, s.alice).goes(100, 70),
    ) as check:  # fmt: skip
        s.order(token.set_lockup(s.now + 9 * DAY))
        check.refused(reverts.HoldingLockedUp, send)
        s.order(seize())
    s.order(token.set_lockup(None))
    with s.check(
        "What is ordered by law passes by a freeze, which stops the holder.",
        "凍結は保有者の移転を止めるが、法的根拠のある命令は止めない。",
        s.units(token, s.bob).goes(30, 60), s.units(token, s.alice).goes(70, 40),
    ) as check:  # fmt: skip
        token.by(s.compliance).freeze(s.alice.address, 70)
        check.refused(reverts.ERC7943InsufficientUnfrozenBalance, send)
        s.order(seize())


def _in_custody(s: Stage) -> None:
    admitting = s.new_token(holder_cap=2, receive_classes=KYC | InvestorClass.CUSTODY)
    custody = s.newcomer(Text("a custody account", "保管者の口座"), InvestorClass.CUSTODY)
    holders = s.figure("investors holding", "保有者数", admitting.holder_count)
    with s.check(
        "① A custody account holds units where the token admits its class.",
        "① 保管者の口座は、トークンがその区分を認める場合に保有できる。",
        s.units(admitting, custody).goes(0, 60),
    ):
        s.order(admitting.batch_issue(DEFAULT, [(custody.address, 60), (s.alice.address, 10)]))
    with s.check(
        "① A custody account counts as one holder under the cap, whoever stands behind it.",
        "① 保管者の口座は、背後に誰がいても、上限の計算では一名と数える。",
        holders.stays(2), s.units(admitting, custody).stays(60),
    ) as check:  # fmt: skip
        check.refused(reverts.HolderCapReached, lambda: admitting.by(custody).transfer(s.bob.address, 1))
    closed = s.new_token()
    with s.check(
        "① A custody account receives nothing where the token does not admit its class.",
        "① 保管者の口座は、トークンがその区分を認めない場合は受領できない。",
        s.units(closed, custody).stays(0),
    ) as check:
        check.refused(reverts.InvestorClassRefused, lambda: s.issue(closed, custody, 1))
