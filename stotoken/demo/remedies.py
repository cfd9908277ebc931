"""The story's hard days: an attachment, a lost key, a wrong transfer, a cancellation, a halt."""

from __future__ import annotations

from datetime import date

from stotoken import reverts
from stotoken.conformance.evidence import Text
from stotoken.demo.story import Story
from stotoken.types import Basis, HaltLevel


def forced(story: Story) -> None:
    story.until(date(2026, 12, 7))
    stage, bond = story.stage, story.bond
    story.teller.chapter("A creditor is satisfied", "強制移転 (6.1.1.8)", stage.now)
    held = bond.token.balance_of(stage.bob.address)
    bond.token.by(stage.compliance).freeze(stage.bob.address, 20)
    with stage.check(
        "20 bonds of B, frozen for an attachment, move to D, the creditor, on an order of two people; B's key is not "
        "asked. The rest is B's again.",
        "差押えのため凍結した投資者Bの社債20口を、二者の命令により債権者である投資者Dへ移し、残りの凍結を解いた。"
        "Bの署名は用いない。",
        bond.units(stage.bob).goes(held, held - 20), bond.units(stage.dave).goes(5, 25), bond.supply.stays(),
        clause="6.1.1.8",
    ) as check:  # fmt: skip
        act = bond.token.force_by_partition("default", stage.bob.address, stage.dave.address, 20, Basis.ATTACHMENT)
        check.refused(reverts.OrderRequired, lambda: stage.registrar.send(act.call))
        done = stage.order(act)
        check.equal("ground of the order", "命令の根拠", stage.orders.show(done.id).basis.name, "ATTACHMENT")
        stage.order(bond.token.set_frozen(stage.bob.address, 0))


def reissued(story: Story) -> None:
    story.until(date(2026, 12, 21))
    stage, share = story.stage, story.share
    story.teller.chapter("A key is lost", "再配布 (6.1.1.9)", stage.now)
    wallet = stage.newcomer(Text("C's new wallet", "投資者Cの新ウォレット"), of=stage.carol)
    held = share.token.balance_of(stage.carol.address)
    with stage.check(
        "C lost a key. Reported by the custodian, the holding stands still at once; two people make it good to C's new "
        "wallet, and to no other investor's.",
        "投資者Cが鍵を失った。保管者の届出で保有は直ちに停止し、二者の命令によりCの新ウォレットへ再配布された。"
        "他の投資者への再配布はできない。",
        share.units(stage.carol).goes(held, 0), share.units(wallet).goes(0, held), share.supply.stays(),
        clause="6.1.1.9",
    ) as check:  # fmt: skip
        loss = share.token.by(stage.custodian).report_lost_key(stage.carol.address, stage.incident("affidavit"))
        check.refused(reverts.HoldingLost, lambda: share.token.by(stage.carol).transfer(stage.alice.address, 1))
        check.refused(reverts.InvestorDiffers, lambda: stage.order(share.token.reissue(loss.id, stage.alice.address)))
        stage.order(share.token.reissue(loss.id, wallet.address))
        check.refused(reverts.LossNotOpen, lambda: stage.order(share.token.reissue(loss.id, wallet.address)))


def reversed_(story: Story) -> None:
    story.until(date(2027, 1, 18))
    stage, share = story.stage, story.share
    story.teller.chapter("A transfer to the wrong person", "逆移転 (6.1.1.10)", stage.now)
    a, treasury = stage.alice, share.treasury
    before, kept = share.token.balance_of(a.address), share.token.balance_of(treasury.address)
    wrong = share.token.by(treasury).transfer(a.address, 900)
    share.token.by(a).transfer(stage.bob.address, before + 300)
    with stage.check(
        "The issuer sent 900 shares to A by mistake, and A passed 300 of them on. By reference to that transfer the "
        "600 that A still has go back; asking for more is refused.",
        "発行者が誤って900株をAへ移転し、Aはうち300株を移転済みであった。当該取引を参照して、Aに残る600株が返還され、"
        "それを超える請求は拒否された。",
        share.units(a).goes(600, 0), share.units(treasury).goes(kept - 900, kept - 300),
        clause="6.1.1.10",
    ) as check:  # fmt: skip
        act = share.token.reversal_of(wrong.tx_hash, wrong.log_index, 600)
        more = share.token.reversal_of(wrong.tx_hash, wrong.log_index, 301)
        waiting = stage.approved(more)
        stage.order(act)
        check.refused(reverts.ReversalExceeded, lambda: stage.orders.by(stage.issuer).execute(waiting))
        left = 900 - share.token.reversed(wrong.origin)
        check.equal("shares still to be returned", "未返還の株式", left, 300)


def cancelled(story: Story) -> None:
    story.until(date(2027, 2, 8))
    stage, share = story.stage, story.share
    story.teller.chapter("Treasury shares are cancelled", "消却 (6.1.1.4)", stage.now)
    supply, held = share.token.total_supply(), share.token.balance_of(share.treasury.address)
    with stage.check(
        "10,000 shares in the treasury are extinguished by an order.",
        "発行者口座の株式10,000株を命令により消却した。",
        share.supply.goes(supply, supply - 10_000), share.units(share.treasury).goes(held, held - 10_000),
        clause="6.1.1.4",
    ):  # fmt: skip
        stage.order(share.token.controller_redeem(share.treasury.address, 10_000))


def halted(story: Story) -> None:
    story.until(date(2027, 3, 1))
    stage, bond, share = story.stage, story.bond, story.share
    story.teller.chapter("The whole system is halted, and resumes", "停止と再開 (6.1.1.11)", stage.now)
    level = stage.figure("halt level", "停止レベル", lambda: stage.system.level().name)
    incident = stage.incident("incident 2027-03-01")
    waiting = stage.approved(share.token.controller_redeem(share.treasury.address, 1))
    with stage.check(
        "One person stops both securities by one transaction: transfers and orders alike are refused.",
        "一者の一取引で両銘柄が停止し、移転も命令の執行も拒否される。",
        level.goes("NORMAL", "HALTED"), bond.supply.stays(), share.supply.stays(),
        clause="6.1.1.11",
    ) as check:  # fmt: skip
        stage.system.by(stage.emergency).halt(HaltLevel.HALTED, incident)
        check.refused(
            reverts.SystemHalted,
            lambda: bond.token.by(stage.alice).transfer(stage.bob.address, 1),
            lambda: share.token.by(stage.bob).transfer(stage.dave.address, 1),
            lambda: stage.orders.by(stage.registrar).execute(waiting),
        )
    held = bond.token.balance_of(stage.bob.address)
    with stage.check(
        "Who stopped it cannot resume it; two other people can, and business goes on where it stood.",
        "停止した者は再開できず、別の二者が再開し、業務は元の状態から続く。",
        level.goes("HALTED", "NORMAL"), bond.units(stage.bob).goes(held, held + 1),
        clause="6.1.1.11",
    ) as check:  # fmt: skip
        act = stage.system.resume(HaltLevel.NORMAL, incident)
        check.refused_from(reverts.AccessRefused, act.call, stage.emergency)
        stage.order(act)
        bond.token.by(stage.alice).transfer(stage.bob.address, 1)
