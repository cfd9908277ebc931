"""6.1.1.1 issue, 6.1.1.2 distribute, 6.1.1.5 issue more."""

from __future__ import annotations

from functools import partial

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.scenario import scenario
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.types import HaltLevel, InvestorClass, LegalCategory, keccak, partition_id

KYC, QII = InvestorClass.KYC, InvestorClass.QII


@scenario("6.1.1.1", "Issue", "発行機能")
def issue(s: Stage) -> None:
    terms = s.terms(name="検証株式会社 株式", identifier=b"ZZCONFORM001", partitions=("class-a",))
    tokens = s.figure("tokens of the system", "システムのトークン数", lambda: len(s.system.tokens()))
    with s.check(
        "A token is created from its terms by two people and is found under its identifier.",
        "発行条件から二者の手続でトークンが作成され、識別子で検索できる。",
        tokens.goes(0, 1),
    ) as check:
        token = s.system.created(s.order(s.system.create_token(terms)))
        known = s.system.token("ZZCONFORM001")
        check.equal("token under ZZCONFORM001", "ZZCONFORM001 のトークン", known.address, token.address)
        kept = known.terms()
        check.equal("name in the terms", "条件上の名称", kept.name, terms.name)
        check.equal("authorised units", "発行可能数", kept.authorised_units, 1_000_000)
    with s.check(
        "Units are issued to the issuer's treasury by an order: issuing is not yet distributing.",
        "命令により発行者口座へ発行される(発行と配布は別である)。",
        s.supply(token).goes(0, 1_000), s.units(token, s.treasury).goes(0, 1_000),
    ):  # fmt: skip
        s.order(token.issue(s.treasury.address, 1_000))
    _further(s, token)
    _refused_terms(s)
    act = token.issue(s.treasury.address, 1)
    _wrong_issues(s, token, act)
    with s.check(
        "A token that exists cannot be set up again by anybody, and an order is carried out once.",
        "既存トークンの再初期化はできず、命令の執行は一度限りである。",
        s.supply(token).goes(1_300, 1_301),
    ) as check:
        check.refused(reverts.AccessRefused, lambda: s.mallory.send(token.bind.initialize(terms)))
        number = s.approved(act)
        s.orders.by(s.agent).execute(number)
        check.refused(reverts.OrderStatusWrong, lambda: s.orders.by(s.agent).execute(number))
    with s.check(
        "While the system is halted no token is created and nothing is issued, not even by an order approved before.",
        "システム停止中は、承認済みの命令によっても作成・発行はできない。",
        s.supply(token).stays(1_301),
    ) as check:
        ready = s.approved(act)
        s.system.by(s.emergency).halt(HaltLevel.HALTED, s.incident("drill"))
        check.refused(reverts.SystemHalted, lambda: s.orders.by(s.agent).execute(ready))
        check.refused(reverts.SystemHalted, lambda: s.approved(act))
        check.refused(reverts.SystemHalted, lambda: s.approved(s.system.create_token(s.terms())))


def _wrong_issues(s: Stage, token: Token, act: Act) -> None:
    with s.check(
        "Nobody issues alone: not a stranger, not the issuer, not the proposer who would approve.",
        "第三者・発行者・提案者本人のいずれも、単独では発行できない。",
        s.supply(token).stays(1_300),
    ) as check:
        check.refused_from(reverts.OrderRequired, act.call, s.mallory, s.issuer, s.agent, s.sys_admin)
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, proposer=s.mallory))
        check.refused(reverts.OrderUnauthorized, lambda: s.approved(act, approver=s.agent))
    with s.check(
        "Beyond the authorised units, zero units, of an unknown class, to an unregistered wallet: nothing is issued.",
        "発行可能数の超過、ゼロ口、存在しない種類、未登録ウォレットへの発行は拒否される。",
        s.supply(token).stays(1_300),
    ) as check:
        treasury = s.treasury.address
        check.refused(reverts.AuthorisedUnitsExceeded, lambda: s.order(token.issue(treasury, 998_701)))
        check.refused(reverts.UnitsOutOfRange, lambda: s.order(token.issue(treasury, 0)))
        check.refused(reverts.PartitionUnknown, lambda: s.order(token.issue(treasury, 1, "class-z")))
        check.refused(reverts.WalletUnregistered, lambda: s.order(token.issue(s.mallory.address, 1)))


def _further(s: Stage, token: Token) -> None:
    with s.check(
        "Units of a further class are issued to several eligible investors at once.",
        "別の種類の口数を、適格な複数の投資者へ一括して発行できる。",
        s.supply(token, "class-a").goes(0, 300), s.units(token, s.alice, "class-a").goes(0, 100),
    ):  # fmt: skip
        s.order(token.batch_issue("class-a", [(s.alice.address, 100), (s.bob.address, 200)]))
    with s.check(
        "A document is attached by its hash, and anybody can read it back.",
        "文書をハッシュにより添付でき、誰でも照会できる。",
    ) as check:
        token.by(s.issuer).set_document("prospectus", "https://example.com/prospectus.pdf", keccak(b"prospectus"))
        found = token.document("prospectus").sha256.hex()
        check.equal("hash of the prospectus", "目論見書のハッシュ", found, keccak(b"prospectus").hex())
        check.refused(
            reverts.AccessRefused,
            lambda: token.by(s.mallory).set_document("prospectus", "https://example.com/other", keccak(b"other")),
        )


def _refused_terms(s: Stage) -> None:
    tokens = s.figure("tokens of the system", "システムのトークン数", lambda: len(s.system.tokens()))
    with s.check(
        "The chain itself refuses terms that the law does not allow together, and an identifier used before.",
        "法令上両立しない発行条件と、使用済みの識別子は、チェーン自体が拒否する。",
        tokens.stays(),
    ) as check:
        unlawful = (
            s.terms(category=LegalCategory.QII_ONLY, receive_classes=KYC),
            s.terms(category=LegalCategory.SMALL_NUMBER, holder_cap=50, whole_only=True),
            s.terms(category=LegalCategory.EXEMPT_ERTR, receive_classes=QII, approval_required=False),
            s.terms(authorised_units=0),
            s.terms(maturity=s.now + DAY),
        )
        acts = map(s.system.create_token, unlawful)
        check.refused(reverts.TermsInconsistent, *(partial(s.order, act) for act in acts))
        check.refused(
            reverts.IdentifierTaken, lambda: s.order(s.system.create_token(s.terms(identifier=b"ZZCONFORM001")))
        )


@scenario("6.1.1.2", "Distribute", "配布機能")
def distribute(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 1_000)
    rows = [(s.alice.address, 100), (s.bob.address, 200), (s.carol.address, 300)]
    left = s.figure("units left to distribute", "配布可能残数", lambda: token.allotted())
    with s.check(
        "The agent distributes from the treasury to many investors at once, within what was allotted by an order.",
        "発行代理人は、命令による割当の範囲内で、発行者口座から多数の投資者へ一括配布する。",
        s.units(token, s.treasury).goes(1_000, 400), s.units(token, s.carol).goes(0, 300), left.goes(0, 50),
    ):  # fmt: skip
        s.order(token.allot(650))
        token.by(s.agent).distribute(DEFAULT, rows, s.incident("batch-1"))
    with s.check(
        "One row that may not receive refuses the whole batch; no row is done.",
        "一行でも受領資格がなければ全行が拒否され、一部だけの配布は起きない。",
        s.units(token, s.alice).stays(100), s.units(token, s.treasury).stays(400), left.stays(50),
    ) as check:  # fmt: skip
        bad = [(s.alice.address, 1), (s.mallory.address, 1)]
        batch = s.incident("batch-2")
        check.refused(reverts.WalletUnregistered, lambda: token.by(s.agent).distribute(DEFAULT, bad, batch))
    with s.check(
        "More than was allotted is not distributed, and nobody but the agent distributes.",
        "割当を超える配布はできず、発行代理人以外は配布できない。",
        s.units(token, s.treasury).stays(400), left.stays(50),
    ) as check:  # fmt: skip
        batch = s.incident("batch-3")
        more = [(s.alice.address, 51)]
        check.refused(reverts.AllotmentExceeded, lambda: token.by(s.agent).distribute(DEFAULT, more, batch))
        call = token.bind.distribute(partition_id(DEFAULT), [s.alice.address], [1], batch)
        check.refused_from(reverts.AccessRefused, call, s.mallory, s.issuer, s.registrar, s.treasury)
    _expired_meanwhile(s, token)
    _distribute_under_cap(s)
    with s.check(
        "While the system is halted nothing is distributed.",
        "システム停止中は配布できない。",
        s.units(token, s.alice).stays(100),
    ) as check:
        s.system.by(s.emergency).halt(HaltLevel.RESTRICTED, s.incident("drill"))
        check.refused(
            reverts.SystemHalted,
            lambda: token.by(s.agent).distribute(DEFAULT, [(s.alice.address, 1)], s.incident("batch-5")),
        )


def _expired_meanwhile(s: Stage, token: Token) -> None:
    with s.check(
        "An investor whose checks expire between allotment and distribution receives nothing.",
        "割当から配布までの間に本人確認の期限が切れた投資者には配布されない。",
        s.units(token, s.dave).stays(0),
    ) as check:
        end = s.now + DAY
        s.register(s.dave, until=end)
        s.at(end)
        late = [(s.dave.address, 10)]
        check.refused(
            reverts.InvestorExpired, lambda: token.by(s.agent).distribute(DEFAULT, late, s.incident("batch-4"))
        )


def _distribute_under_cap(s: Stage) -> None:
    token = s.new_token(category=LegalCategory.SMALL_NUMBER, holder_cap=2, whole_only=True)
    s.issue(token, s.treasury, 100)
    s.order(token.allot(100))
    second = s.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=s.alice)
    holders = s.figure("investors holding", "保有者数", token.holder_count)
    with s.check(
        "The cap counts investors: two wallets of one count once, the treasury not at all, one too many is refused.",
        "保有者上限は投資者単位で数え、同一人の二口座は一人、発行者口座は数えず、上限超過は拒否される。",
        holders.goes(0, 2),
    ) as check:
        rows = [(s.alice.address, 10), (second.address, 10), (s.bob.address, 10)]
        token.by(s.agent).distribute(DEFAULT, rows, s.incident("capped-1"))
        batch = s.incident("capped-2")
        check.refused(
            reverts.HolderCapReached, lambda: token.by(s.agent).distribute(DEFAULT, [(s.carol.address, 1)], batch)
        )


@scenario("6.1.1.5", "Issue more of the same token", "追加発行機能")
def issue_more(s: Stage) -> None:
    token = s.new_token(authorised_units=2_000)
    s.issue(token, s.alice, 1_000)
    s.travel(DAY)
    date = s.order(token.schedule_record_date()).event("RecordDateScheduled").values["epoch"]
    then = s.figure("units of A at the record date", "基準日における投資者Aの口数",
                    lambda: token.balance_at(s.alice.address, date))  # fmt: skip
    with s.check(
        "More units of the same token are issued; what an earlier record date fixed stays as it was.",
        "同一トークンを追加発行でき、過去の基準日の記録は変わらない。",
        s.supply(token).goes(1_000, 1_500), s.units(token, s.alice).goes(1_000, 1_500), then.stays(1_000),
    ):  # fmt: skip
        s.order(token.issue(s.alice.address, 500))
    with s.check(
        "Units of both tranches are alike: they move together in one transfer.",
        "当初分と追加分は同質であり、一回の移転で合わせて移転できる。",
        s.units(token, s.alice).goes(1_500, 100), s.units(token, s.bob).goes(0, 1_400),
    ):  # fmt: skip
        token.by(s.alice).transfer(s.bob.address, 1_400)
    authorised = s.figure("authorised units", "発行可能数", token.authorised_units)
    with s.check(
        "Beyond the authorised units nothing is issued; they are raised by an order and never lowered.",
        "発行可能数を超える追加発行は拒否され、その引上げは命令により、引下げはできない。",
        s.supply(token).goes(1_500, 2_001), authorised.goes(2_000, 2_500),
    ) as check:  # fmt: skip
        more = token.issue(s.treasury.address, 501)
        check.refused(reverts.AuthorisedUnitsExceeded, lambda: s.order(more))
        s.order(token.raise_authorised_units(2_500))
        s.order(more)
        check.refused(reverts.UnitsOutOfRange, lambda: s.order(token.raise_authorised_units(2_499)))
    _wrong_callers(s, token)
    with s.check(
        "After a split, an additional issue counts in the new units, and so do the authorised units.",
        "分割後の追加発行は分割後の口数で数え、発行可能数も分割後となる。",
        s.supply(token).goes(2_001, 4_012), authorised.goes(2_500, 5_000), then.stays(1_000),
    ):  # fmt: skip
        s.order(token.split(2))
        s.order(token.issue(s.carol.address, 10))
    waiting = s.approved(token.issue(s.alice.address, 1))
    issuable = s.figure("issuable", "追加発行の可否", token.is_issuable)
    with s.check(
        "Once issuance is closed it is closed for ever, also for an order approved before.",
        "発行終了後は、承認済みの命令を含め、永久に追加発行できない。",
        issuable.goes(True, False), s.supply(token).stays(4_012),
    ) as check:  # fmt: skip
        s.order(token.finalize_issuance())
        check.refused(reverts.IssuanceClosed, lambda: s.orders.by(s.agent).execute(waiting))
        check.refused(reverts.IssuanceClosed, lambda: s.order(token.finalize_issuance()))


def _wrong_callers(s: Stage, token: Token) -> None:
    with s.check(
        "Wrong callers are refused: the issuer alone, a stranger, an agent without the issuer.",
        "発行者単独、第三者、発行者の承認のない代理人による追加発行は拒否される。",
        s.supply(token).stays(2_001),
    ) as check:
        call = token.bind.issue_by_partition(partition_id(DEFAULT), s.alice.address, 1, b"")
        check.refused_from(reverts.OrderRequired, call, s.issuer, s.mallory, s.agent)
