"""The legal register (株主名簿, 社債原簿 …) in its layout: a row for each lot, holders kept off chain apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stotoken.reports import layout as layouts
from stotoken.reports.common import FIFO, Matter, Stake, facts, plain_partition, share, stakes, unnamed
from stotoken.reports.layout import FILLED, Layout
from stotoken.reports.names import OffChain
from stotoken.reports.sheet import Column, Fact, Kind, Parts, Row, Sheet, Table, Value, Words
from stotoken.types import Units, to_hex

_SUMMED = ("units", "amount")
_RECORD = Column("record", Words("Record", "記録"), Kind.TEXT, 60)
_ON, _OFF, _ALL = (
    Words("On chain", "ブロックチェーン上"), Words("Kept off chain", "チェーン外"), Words("Total", "合計"),
)  # fmt: skip


def register(matter: Matter) -> Sheet:
    name = matter.asked.layout or layouts.of_instrument(matter.security.instrument)
    layout, found = layouts.load(name), stakes(matter)
    on_chain = [row for stake in found for row in _lots(matter, stake)]
    tables = [_table(layout, "register", _ON, on_chain)]
    off_chain = [
        _kept(matter, held) for held in matter.names.off_chain if matter.asked.partition in ("", held.partition)
    ]
    if off_chain:
        tables.append(_table(layout, "off_chain", _OFF, off_chain))
        tables.append(_sums(tables))
    holders = len({stake.investor or stake.wallets[0] for stake in found})
    more = [Fact("holders", Words("Holders", "保有者数"), Kind.UNITS, holders)]
    return Sheet(
        layout.title,
        facts(matter, more),
        tuple(tables),
        (FIFO, *_amounts(layout, matter), *unnamed(matter, found), *map(_cited, layout.articles)),
        Parts(Words("Holdings", "保有割合"), parts(matter, found)),
    )


def parts(matter: Matter, found: Sequence[Stake]) -> list[tuple[Words, Units]]:
    """Who has how much over all partitions, the largest first."""
    sums: dict[str, Units] = {}
    for stake in found:
        who = matter.names.text(stake.investor, "name") or _short(stake)
        sums[who] = sums.get(who, 0) + stake.units
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [(Words(who, who), units) for who, units in ordered]


def _short(stake: Stake) -> str:
    whole = to_hex(stake.investor) if stake.investor else stake.wallets[0]
    return f"{whole[:10]}…"


def _lots(matter: Matter, stake: Stake) -> Iterator[Mapping[str, Value]]:
    """The rows of a stake; what encumbers it stands in the first."""
    security, calendar, view = matter.security, matter.view.calendar, matter.view
    person: dict[str, Value] = {
        key: matter.names.text(stake.investor, key) for key in layouts.FROM_FILE if matter.names
    }
    for place, lot in enumerate(stake.lots):
        yield person | {
            "investor": to_hex(stake.investor) if stake.investor else None,
            "wallets": " ".join(stake.wallets),
            "partition": plain_partition(stake.partition),
            "units": lot.units,
            "amount": security.amount(lot.units, calendar[view.epoch].factor),
            "share": share(lot.units, matter.issued),
            "acquired": lot.at,
            "remarks": _remarks(matter, stake) if place == 0 else None,
        }


def _remarks(matter: Matter, stake: Stake) -> Value:
    """What encumbers a stake, in a line each."""
    told = [
        (stake.frozen, Words("frozen", "凍結")),
        (stake.locked, Words("locked lots", "ロット制限")),
        (stake.requested, Words("in transfer requests", "移転請求中")),
        (stake.lost, Words("key lost", "紛失届出")),
    ]
    lines = [Words(f"{words.en} {units:,}", f"{words.ja} {units:,}") for units, words in told if units]
    if stake.locked_until > matter.view.as_of:
        day = matter.zone.day(stake.locked_until - 1)
        lines.append(Words(f"locked up until {day}", f"譲渡制限 {day} まで"))
    pledgee = matter.names.text(stake.investor, "pledgee")
    if pledgee:
        lines.append(Words(f"pledgee {pledgee}", f"質権者 {pledgee}"))
    return Words("\n".join(line.en for line in lines), "\n".join(line.ja for line in lines)) if lines else None


def _kept(matter: Matter, held: OffChain) -> Mapping[str, Value]:
    texts = held.person.texts
    acquired = matter.zone.midnight_after(held.acquired) - 1 if held.acquired else None
    factor = matter.view.calendar[matter.view.epoch].factor
    return {key: texts.get(key) or None for key in layouts.FROM_FILE} | {
        "investor": f"0x{texts['investor_id'].removeprefix('0x').lower()}" if texts.get("investor_id") else None,
        "partition": held.partition,
        "units": held.units,
        "amount": matter.security.amount(held.units, factor),
        "acquired": acquired,
        "remarks": texts.get("note") or None,
    }


def _table(layout: Layout, key: str, title: Words, rows: Sequence[Mapping[str, Value]]) -> Table:
    made: list[Row] = [
        tuple(number if column.key == "number" else row.get(column.key) for column in layout.columns)
        for number, row in enumerate(rows, 1)
    ]
    wanted = [column.key for column in layout.columns if column.key in _SUMMED]
    totals = {name: sum(row[name] for row in rows) for name in wanted}  # type: ignore[misc]
    return Table(key, title, layout.columns, made, totals)


def _sums(tables: Sequence[Table]) -> Table:
    """On chain, off chain, together."""
    first = tables[0]
    summed = [column for column in first.columns if column.key in first.totals]
    rows: list[Row] = [(table.title, *(table.totals[column.key] for column in summed)) for table in tables]
    together = {column.key: sum(table.totals[column.key] for table in tables) for column in summed}
    columns = (_RECORD, *(Column(each.key, each.heading, each.kind, 40) for each in summed))
    return Table("sums", _ALL, columns, rows, together)


def _amounts(layout: Layout, matter: Matter) -> tuple[Words, ...]:
    if all(column.key != "amount" for column in layout.columns):
        return ()
    currency = matter.security.currency
    return (Words(f"Amounts are face values in {currency}.", f"金額は額面({currency})による。"),)


def _cited(article: layouts.Article) -> Words:
    en, ja = ("", "") if article.verified else (" (text not verified)", "(条文未確認)")
    return Words(f"{article.name}{en}: {article.asks.en}.", f"{article.name}{ja}: {article.asks.ja}。")


assert set(_SUMMED) <= FILLED.keys()  # noqa: S101 - what is summed is what a layout can be filled with
