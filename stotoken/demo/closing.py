"""The story ends: the second record date, maturity, the registers, and whether they are true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from stotoken import reverts
from stotoken.conformance.evidence import Text
from stotoken.demo.life import record_date
from stotoken.demo.story import REDEEMED_AT_ONCE, Security, Story, chunks
from stotoken.ledger.follower import follow
from stotoken.ledger.reconcile import Reconciliation, reconcile
from stotoken.reports.asked import Asked, By, What
from stotoken.reports.making import make
from stotoken.types import jst_date

SECOND_RECORD_DATE = date(2027, 3, 31)


def second_record_date(story: Story) -> None:
    story.until(date(2027, 3, 15))
    story.teller.chapter("The second record date", "第2回基準日 (6.2.1)", story.stage.now)
    record_date(story, SECOND_RECORD_DATE)


def matured(story: Story) -> None:
    stage, bond = story.stage, story.bond
    stage.node.set_time(bond.spec.matures_at)
    story.teller.chapter("The bond matures", "満期償還 (6.1.1.4)", stage.now)
    follow(bond.book, stage.connection)
    holders = [held.wallet for held in bond.book.holdings()]
    today = jst_date(stage.now)
    expired = sum(investor.valid_until < today for investor in story.inputs.investors)
    supply = bond.token.total_supply()
    story.teller.say(
        f"The checks of {expired:,} of {len(story.inputs.investors):,} wallets have run out by now; they are redeemed "
        "all the same, as the register says.",
        f"この時点で {len(story.inputs.investors):,} 件中 {expired:,} 件の本人確認は期限切れだが、"
        "名簿のとおり全員が償還される。",
    )
    with stage.check(
        f"All {len(holders):,} holdings are redeemed by orders, and no bond moves any more.",
        f"{len(holders):,} 件すべての保有が命令により償還され、以後社債は移転できない。",
        bond.supply.goes(supply, 0), bond.units(stage.alice).becomes(0),
        clause="6.1.1.4",
    ) as check:  # fmt: skip
        check.refused(reverts.TokenMatured, lambda: bond.token.by(stage.alice).transfer(stage.bob.address, 1))
        for done, part in chunks(holders, REDEEMED_AT_ONCE):
            act = bond.token.redeem_matured("default", part)
            sent = stage.order(act, proposer=stage.paying_agent)
            story.teller.progress(done, len(holders), sent.receipt.gas_used)


def registers(story: Story, folder: Path) -> None:
    """Write the register of holders of both securities, at both record dates and now, and compare it with the chain."""
    stage = story.stage
    story.teller.chapter("The registers of holders", "保有者名簿 (6.2.1)", stage.now)
    folder.mkdir(parents=True, exist_ok=True)
    for security in story.securities:
        follow(security.book, stage.connection)
        _write(story, security, folder)
    results = [reconcile(security.book, stage.connection) for security in story.securities]
    rows, differences = sum(each.rows_compared for each in results), _differences(results)
    with stage.check(
        "The registers, replayed from events alone, are held against the chain, holder by holder: units, what "
        "encumbers them, both record dates, standing.",
        "イベントのみから再構成した名簿を、保有者ごとに(口数・制限・両基準日・登録状態)チェーンと照合した。",
        clause="6.2.1",
    ) as check:
        check.equal("differences", "差異", len(differences), 0)
        for difference in differences[:5]:
            check.fault(difference)
    equal = not differences
    story.teller.lines(
        Text(
            f"register {'equals' if equal else 'DIFFERS FROM'} chain: {rows:,} rows compared, "
            f"{len(differences)} differences",
            f"名簿とチェーンは{'一致' if equal else '不一致'}: 照合 {rows:,} 件、差異 {len(differences)} 件",
        ).say(story.teller.lang)
    )


def _write(story: Story, security: Security, folder: Path) -> None:
    first, second = (epoch.number for epoch in security.book.record_dates)
    moments: dict[str, dict[str, int]] = {
        "record-date-1": {"record_date": first},
        "record-date-2": {"record_date": second},
    }
    if security.spec.maturity:
        moments["before-maturity"] = {"as_of": security.spec.matures_at - 1}
    for name, moment in (moments | {"now": {}}).items():
        asked = Asked(what=What.REGISTER, by=By.WALLET, lang=story.teller.lang, **moment)  # type: ignore[arg-type]
        manifest = make(security.book, security.token, asked).save(folder / f"{security.name.en}-{name}.csv")
        story.teller.say(
            f"{manifest.report:<28} {manifest.rows:>6,} lots {manifest.units:>12,} units  as of {manifest.as_of}",
            f"{manifest.report:<28} {manifest.rows:>6,} 行 {manifest.units:>12,} 口  {manifest.as_of} 時点",
        )


def _differences(results: Iterable[Reconciliation]) -> list[str]:
    return [str(difference) for result in results for difference in result.differences]
