"""What several sheets have in common: the facts at their head, and how a holding is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from stotoken.ledger.acquisitions import Acquisition
from stotoken.ledger.events import Moved
from stotoken.ledger.register import Held
from stotoken.reports.asked import Asked, By
from stotoken.reports.names import Names
from stotoken.reports.security import INSTRUMENTS, Security
from stotoken.reports.sheet import Fact, Kind, Words
from stotoken.reports.told import OrderTold
from stotoken.reports.view import View
from stotoken.reports.zones import Zone
from stotoken.types import ZERO_ADDRESS, Address, MoveKind, Units, partition_name, to_hex

#: Decimal places of a share in percent; what lies beyond is rounded half up.
PLACES = 10

KINDS = {
    MoveKind.ISSUE: Words("issue", "発行"),
    MoveKind.DISTRIBUTE: Words("distribute", "配布"),
    MoveKind.TRANSFER: Words("transfer", "移転"),
    MoveKind.REDEEM: Words("redeem", "償還"),
    MoveKind.FORCE: Words("forced transfer", "強制移転"),
    MoveKind.REISSUE: Words("reissue", "再配布"),
    MoveKind.REVERSE: Words("reversal", "逆移転"),
}
#: Done without the holder's will or to set right what went wrong: on an order always, and marked wherever they stand.
EXTRAORDINARY = frozenset((MoveKind.FORCE, MoveKind.REISSUE, MoveKind.REVERSE))
MARK = Words("※", "※")
_FORCED_REDEMPTION = Words("forced redemption", "強制償還")


def words_of(move: Moved) -> Words:
    """What kind of move it was."""
    ended = move.kind is MoveKind.FORCE and move.to == ZERO_ADDRESS
    return _FORCED_REDEMPTION if ended else KINDS[move.kind]


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything a sheet is made of: the register at a moment, what it is about, what was asked, what was decided."""

    view: View
    security: Security
    asked: Asked
    zone: Zone
    names: Names
    orders: Mapping[int, OrderTold]

    def of_partition(self, partition: bytes) -> bool:
        return self.asked.partition in ("", partition_name(partition))

    @property
    def issued(self) -> Units:
        """Units in issue of the partitions that were asked for."""
        return sum(units for partition, units in self.view.supply.items() if self.of_partition(partition))

    def fits(self, wallet: Address) -> bool:
        """Whether a wallet is among those that were asked for."""
        holder = self.asked.holder
        if len(holder) == 34:
            investor = self.view.investors[wallet]
            return investor is not None and to_hex(investor) == holder
        return holder in ("", wallet)


@dataclass(frozen=True, slots=True)
class Stake:
    """What an investor, or one wallet, has in one partition."""

    partition: bytes
    investor: bytes | None
    wallets: tuple[Address, ...]
    units: Units
    frozen: Units
    locked: Units
    requested: Units
    free: Units
    lost: Units
    #: The latest end of the lock-ups of its holdings, UTC seconds.
    locked_until: int
    lots: tuple[Acquisition, ...]


def stakes(matter: Matter) -> list[Stake]:
    """In fixed order; the wallets of an investor joined unless each was asked for."""
    found: dict[tuple[object, ...], Stake] = {}
    for held in matter.view.holdings:
        if not (matter.of_partition(held.partition) and matter.fits(held.wallet)):
            continue
        one = _stake(held, matter.view.lots(held))
        joined = matter.asked.by is By.INVESTOR and held.investor is not None
        key = (held.partition, held.investor if joined else held.wallet)
        found[key] = _joined(found[key], one) if key in found else one
    return list(found.values())


def _stake(held: Held, lots: Sequence[Acquisition]) -> Stake:
    return Stake(
        held.partition, held.investor, (held.wallet,), held.units, min(held.frozen, held.units), held.locked,
        held.requested, held.free, held.units if held.lost else 0, held.locked_until, tuple(lots),
    )  # fmt: skip


def _joined(one: Stake, other: Stake) -> Stake:
    lots: dict[int, Units] = {}
    for at, units in sorted((*one.lots, *other.lots)):
        lots[at] = lots.get(at, 0) + units
    return replace(
        one,
        wallets=(*one.wallets, *other.wallets),
        units=one.units + other.units,
        frozen=one.frozen + other.frozen,
        locked=one.locked + other.locked,
        requested=one.requested + other.requested,
        free=one.free + other.free,
        lost=one.lost + other.lost,
        locked_until=max(one.locked_until, other.locked_until),
        lots=tuple(Acquisition(at, units) for at, units in lots.items()),
    )


def share(units: Units, supply: Units) -> Decimal:
    """Percent, exact to `PLACES` places."""
    if supply == 0:
        return Decimal(0).scaleb(-PLACES)
    scaled = (2 * units * 100 * 10**PLACES + supply) // (2 * supply)
    return Decimal(scaled).scaleb(-PLACES)


@lru_cache(maxsize=1_024)
def plain_partition(partition: bytes) -> str:
    """The name, unless a spreadsheet would take it for a formula."""
    name = partition_name(partition)
    return to_hex(partition) if name[0] in "=+-@" else name


def facts(matter: Matter, more: Iterable[Fact] = ()) -> tuple[Fact, ...]:
    """The head of every sheet."""
    security, view, asked = matter.security, matter.view, matter.asked
    moment = Words("As of", "基準日時")
    named = f"{security.name} ({security.symbol})"
    found = [
        Fact("name", Words("Security", "銘柄"), Kind.TEXT, named),
        Fact("identifier", Words("Identifier", "識別コード"), Kind.TEXT, security.identifier),
        Fact("instrument", Words("Kind", "種類"), Kind.TEXT, INSTRUMENTS[security.instrument]),
        Fact("issuer", Words("Issuer", "発行者"), Kind.TEXT, asked.issuer or Words("(not stated)", "(記載なし)")),
        Fact("as_of", moment, Kind.TIME, view.as_of),
        Fact("zone", Words("Time zone", "時間帯"), Kind.TEXT, matter.zone.shown),
        Fact("issued", Words("Units in issue", "発行済口数"), Kind.UNITS, view.total),
        Fact("token", Words("Token", "トークン"), Kind.HEX, security.address),
    ]
    if view.record_date is not None:
        label = Words("Record date (epoch)", "基準日(エポック番号)")
        found.insert(5, Fact("record_date", label, Kind.NUMBER, view.record_date))
    if asked.partition:
        found.append(Fact("partition", Words("Partition", "パーティション"), Kind.TEXT, asked.partition))
    if asked.holder:
        found.append(Fact("holder", Words("Holder", "保有者"), Kind.HEX, asked.holder))
    return (*found, *more)


#: Under every sheet that tells dates of acquisition.
FIFO = Words(
    "Dates of acquisition are kept first in, first out. They survive splits, reissues and moves between wallets of one "
    "investor; a reversal gives the old dates back; whoever receives units of another acquires them on that day.",
    "取得日は先入先出法により管理する。分割、再配布、同一投資者のウォレット間の移転では元の取得日を引き継ぎ、逆移転では元の取得日に復する。"
    "他者から受領した口数はその日を取得日とする。",
)
ENCUMBERED = Words(
    "Units are registered ownership; what encumbers them is part of them and may overlap.",
    "口数は登録上の保有口数であり、凍結・ロット制限・移転請求中の口数を含む(重複し得る)。",
)


def unnamed(matter: Matter, found: Iterable[Stake]) -> tuple[Words, ...]:
    """A note when the names file knows not everybody."""
    if not matter.names:
        return ()
    missing = {stake.investor or stake.wallets[0] for stake in found if not matter.names.text(stake.investor, "name")}
    if not missing:
        return ()
    return (
        Words(
            f"{len(missing)} holders are not in the names file.", f"氏名ファイルに記載のない保有者: {len(missing)} 件。"
        ),
    )
