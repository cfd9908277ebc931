"""The story goes on: trade, a record date, a split, more units."""

from __future__ import annotations

from datetime import date

from stotoken import reverts
from stotoken.client.act import Act
from stotoken.demo.story import Security, Story
from stotoken.errors import Reverted
from stotoken.ledger.follower import follow
from stotoken.types import jst_end_of_day

FIRST_RECORD_DATE, LOCKUP_OVER = date(2026, 6, 30), date(2026, 10, 1)
SPLIT_DAY = date(2026, 10, 15)
RATIO = 3


def traded(story: Story) -> None:
    story.until(date(2026, 5, 11))
    stage, bond, share = story.stage, story.bond, story.share
    story.teller.chapter("Bonds change hands, shares may not yet", "移転と移転制限 (6.1.1.3, 6.1.1.7)", stage.now)
    a, b = stage.alice, stage.bob
    with stage.check(
        "A sold 10 bonds to B outside the system; the register follows.",
        "投資者Aはシステム外で社債10口をBに売却し、名簿に反映した。",
        bond.units(a).goes(40, 30), bond.units(b).goes(25, 35),
        clause="6.1.1.3",
    ):  # fmt: skip
        bond.token.by(a).transfer_with_data(b.address, 10, b"contract 2026-05-11/1")
    told: Reverted | None = None
    with stage.check(
        "A cannot sell shares before the lock-up is over, and nobody can sell to a wallet that is not registered.",
        "ロックアップ期間中の株式は売却できず、未登録のウォレットへは誰も移転できない。",
        share.units(a).stays(3_000), bond.units(a).stays(30),
        clause="6.1.1.7",
    ) as check:  # fmt: skip
        told = share.token.can_transfer(a.address, b.address, 100)
        check.refused(reverts.HoldingLockedUp, lambda: share.token.by(a).transfer(b.address, 100))
        check.refused(reverts.WalletUnregistered, lambda: bond.token.by(a).transfer(stage.mallory.address, 1))
    story.teller.say("What A is told:", "投資者Aへの回答:")
    if told is not None:
        story.teller.refusal(told)


def first_record_date(story: Story) -> None:
    story.until(date(2026, 6, 15))
    story.teller.chapter("The first record date", "第1回基準日 (6.2.1)", story.stage.now)
    record_date(story, FIRST_RECORD_DATE)


def record_date(story: Story, day: date) -> None:
    """Fix the registers of both securities as they are when the day is over in Japan."""
    stage = story.stage
    epochs = {}
    for security in story.securities:
        done = stage.order(security.token.schedule_record_date(day))
        epochs[security.name] = done.event("RecordDateScheduled").values["epoch"]
    end = jst_end_of_day(day)
    stage.at(end - 60)
    moved = [story.bond.token.by(stage.bob).transfer(stage.carol.address, 1).receipt.timestamp]
    stage.at(end)
    moved.append(story.bond.token.by(stage.bob).transfer(stage.carol.address, 1).receipt.timestamp)
    token, epoch, carol = story.bond.token, epochs[story.bond.name], stage.carol.address
    now, then = token.balance_of(carol), token.balance_at(carol, epoch)
    with stage.check(
        f"Both registers are fixed as of the end of {day} in Japan: a transfer a minute before counts, one right after "
        "does not.",
        f"両銘柄の名簿が {day} の終了時点(日本時間)で確定した。1分前の移転は含まれ、直後の移転は含まれない。",
        clause="6.2.1",
    ) as check:
        check.equal("bond units of C at the record date", "基準日における投資者Cの社債", then, now - 1)
        check.equal("bond units of C now", "現在の投資者Cの社債", token.balance_of(carol), now)
        if not moved[0] < end <= moved[1]:
            check.fault("The two transfers do not lie on both sides of the record date.")


def split(story: Story) -> None:
    story.until(LOCKUP_OVER)
    stage, share = story.stage, story.share
    story.teller.chapter(
        "The lock-up ends, the shares are split 1:3", "ロックアップ終了と株式分割 (6.1.1.6)", stage.now
    )
    with stage.check(
        "The lock-up ended by itself when 2026-09-30 was over: A sells shares to C.",
        "2026-09-30 の終了とともにロックアップは自動的に終わり、投資者AはCに株式を売却した。",
        share.units(stage.alice).goes(3_000, 2_500), share.units(stage.carol).goes(800, 1_300),
        clause="6.1.1.7",
    ):  # fmt: skip
        share.token.by(stage.alice).transfer(stage.carol.address, 500)
    follow(share.book, stage.connection)
    before = {(held.partition, held.wallet): held.units for held in share.book.holdings()}
    supply = share.token.total_supply()
    with stage.check(
        f"A split 1:{RATIO} for {SPLIT_DAY}, by one order: on that day all {len(before):,} holdings have exactly "
        f"{RATIO} times as many units, and nobody had to do anything.",
        f"{SPLIT_DAY} を効力発生日とする 1:{RATIO} の分割。一つの命令により、当日 {len(before):,} 件すべての保有が、"
        f"誰の操作もなく正確に{RATIO}倍となる。",
        share.supply.goes(supply, RATIO * supply), share.units(stage.alice).goes(2_500, RATIO * 2_500),
        clause="6.1.1.6",
    ) as check:  # fmt: skip
        gas = stage.order(share.token.split(RATIO, SPLIT_DAY)).receipt.gas_used
        story.until(SPLIT_DAY)
        stage.node.mine()
        follow(share.book, stage.connection)
        after = {(held.partition, held.wallet): held.units for held in share.book.holdings()}
        exact = sum(units == RATIO * before.get(key, 0) for key, units in after.items())
        check.equal(f"holdings times {RATIO}", f"{RATIO}倍となった保有", exact, len(before))
        check.tell("gas of the split", "分割の消費ガス", gas)


def issued_more(story: Story) -> None:
    story.until(date(2026, 11, 20))
    stage, share, bond = story.stage, story.share, story.bond
    story.teller.chapter("More shares, and no more bonds", "追加発行 (6.1.1.5)", stage.now)
    held = share.token.balance_of(share.treasury.address)
    supply = share.token.total_supply()
    with stage.check(
        "60,000 more of the same shares, in the units after the split, and D subscribes for 9,000 of them.",
        "同一の株式を分割後の口数で60,000株追加発行し、うち9,000株を投資者Dが引き受けた。",
        share.supply.goes(supply, supply + 60_000), share.units(share.treasury).goes(held, held + 51_000),
        share.units(stage.dave).goes(1_800, 10_800),
        clause="6.1.1.5",
    ):  # fmt: skip
        stage.order(share.token.issue(share.treasury.address, 60_000))
        _subscribed(story, share)
    with stage.check(
        "The issue of the bond is closed for ever.",
        "社債の発行は永久に終了した。",
        bond.supply.stays(),
        clause="6.1.1.5",
    ) as check:
        stage.order(bond.token.finalize_issuance())
        more: Act = bond.token.issue(bond.treasury.address, 1)
        check.refused(reverts.IssuanceClosed, lambda: stage.order(more))


def _subscribed(story: Story, share: Security) -> None:
    stage = story.stage
    stage.order(share.token.allot(9_000))
    share.token.by(stage.agent).distribute(
        "default", [(stage.dave.address, 9_000)], stage.incident("second subscription")
    )
