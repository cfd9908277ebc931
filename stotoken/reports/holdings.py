"""② What every investor, or every wallet, holds, what encumbers it, and since when it is held."""

from __future__ import annotations

from stotoken.reports.asked import By
from stotoken.reports.common import (
    ENCUMBERED,
    FIFO,
    Matter,
    Stake,
    facts,
    plain_partition,
    share,
    stakes,
    unnamed,
)
from stotoken.reports.register import parts
from stotoken.reports.sheet import Column, Fact, Kind, Parts, Row, Sheet, Table, Words
from stotoken.types import to_hex

_NAME = Column("name", Words("Name", "氏名又は名称"), Kind.TEXT, 34)
_WHO = (
    Column("investor", Words("Investor id", "投資者ID"), Kind.HEX, 58),
    Column("wallet", Words("Wallet", "ウォレット"), Kind.HEX, under="investor"),
    Column("partition", Words("Partition", "パーティション"), Kind.TEXT, 22),
)
_COLUMNS = (
    Column("units", Words("Units", "保有口数"), Kind.UNITS, 25),
    Column("share", Words("Share (%)", "割合(%)"), Kind.SHARE, 18),
    Column("frozen", Words("Frozen", "凍結"), Kind.UNITS, 19),
    Column("locked", Words("In locked lots", "ロット制限"), Kind.UNITS, 19),
    Column("requested", Words("In transfer requests", "移転請求中"), Kind.UNITS, 19),
    Column("lost", Words("Key lost", "紛失届出"), Kind.UNITS, 19),
    Column("free", Words("Unencumbered", "制限なし"), Kind.UNITS, 24),
    Column("locked_until", Words("Locked up until", "譲渡制限の終期"), Kind.TIME, 33),
)
_SUMMED = ("units", "frozen", "locked", "requested", "lost", "free")
_LOTS = (
    Column("acquired", Words("Acquired at", "取得日時"), Kind.TIME, 40),
    Column("units", Words("Units", "口数"), Kind.UNITS, 30),
)


def holdings(matter: Matter) -> Sheet:
    found = stakes(matter)
    named = (_NAME,) if matter.names else ()
    columns = (*named, *_WHO, *_COLUMNS)
    whose = [_who(matter, stake) for stake in found]
    rows = [(*who, *_figures(matter, stake)) for who, stake in zip(whose, found, strict=True)]
    totals = {name: sum(getattr(stake, name) for stake in found) for name in _SUMMED}
    lots: list[Row] = [(*who, *lot) for who, stake in zip(whose, found, strict=True) for lot in stake.lots]
    by = Words("by wallet", "ウォレット別") if matter.asked.by is By.WALLET else Words("by investor", "投資者別")
    tables = (
        Table("holdings", Words("Holdings", "保有口数"), columns, rows, totals),
        Table(
            "lots", Words("Dates of acquisition", "取得日"), (*named, *_WHO, *_LOTS), lots, {"units": totals["units"]}
        ),
    )
    holders = len({stake.investor or stake.wallets[0] for stake in found})
    more = [Fact("holders", Words("Holders", "保有者数"), Kind.UNITS, holders)]
    return Sheet(
        Words(f"Holdings {by.en}", f"保有口数一覧({by.ja})"),
        facts(matter, more),
        tables,
        (ENCUMBERED, FIFO, *unnamed(matter, found)),
        Parts(Words("Holdings", "保有割合"), parts(matter, found)),
    )


def _who(matter: Matter, stake: Stake) -> Row:
    named = (matter.names.text(stake.investor, "name"),) if matter.names else ()
    investor = to_hex(stake.investor) if stake.investor else None
    return (*named, investor, " ".join(stake.wallets), plain_partition(stake.partition))


def _figures(matter: Matter, stake: Stake) -> Row:
    return (
        stake.units,
        share(stake.units, matter.issued),
        stake.frozen,
        stake.locked,
        stake.requested,
        stake.lost,
        stake.free,
        stake.locked_until or None,
    )
