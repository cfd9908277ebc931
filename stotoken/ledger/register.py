"""The register of one token: who holds how much of what, now, at any past instant and at every record date.

    register = Register(Contracts.of(deployment, token))
    follow(register, connection)                       # see follower
    register.holdings()                                # now: as of the last block read
    register.holdings(as_of=parse_instant("2027-03-31T23:59:59"))
    register.at_record_date(3)

It rests on events alone and asks the chain nothing. An instant includes every block of that second; a split that
begins by then is in effect. Epochs begin at their instant, whenever the chain next writes. Where blocks may share a
second, as on local nodes, the second of the last block read is final once a later block is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger import lineage
from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.events import Event, Moved
from stotoken.ledger.lots import lots_at
from stotoken.ledger.moment import Mark, Moment
from stotoken.ledger.reading import LAST, calendar_of, investors_of, straight, versions, wallets_of, words_of
from stotoken.ledger.schema import BLOCK_BITS, BLOCKS_READ, PLACES, TOKENS, point
from stotoken.ledger.store import Store
from stotoken.types import Address, Block, Bytes32, Units, format_jst

Supply = dict[Bytes32, Units]


class Place(NamedTuple):
    """Where units are held."""

    partition: Bytes32
    wallet: Address


class Held(NamedTuple):
    """What one wallet held in one partition at one moment. `units` is all of it; the next three may overlap it only."""

    partition: Bytes32
    wallet: Address
    #: 16 bytes; None for a wallet the system never registered.
    investor: bytes | None
    units: Units
    #: Frozen units, maybe more than there are.
    frozen: Units
    #: In lots, and not free by their dates.
    locked: Units
    #: In transfer requests that were not ended.
    requested: Units
    #: The holding's own lock-up, UTC seconds; 0 when it never had one.
    locked_until: int
    lost: bool

    @property
    def free(self) -> Units:
        """Units that no encumbrance keeps; a lock-up, a halt or a loss may still."""
        return max(0, self.units - self.frozen - self.locked - self.requested)


class Register:
    """Asks a store, one of its own in memory if none is given. `apply` and `advance` feed it by hand."""

    def __init__(self, contracts: Contracts, store: Store | None = None) -> None:
        self.contracts = contracts
        self.store = store or Store.memory(contracts)
        self._asked: tuple[Mark | None, int, Calendar] | None = None

    def __repr__(self) -> str:
        read = f"block {self.head.number}" if self.head else "nothing read"
        return f"Register({self.contracts.token}, {read})"

    # --- feeding ------------------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Take the next event of the chain; RegisterDiffers when it cannot be the next."""
        if self.head is not None and event.block <= self.head.number:
            raise InputError(f"Block {event.block} was read already, up to {self.head.number}; nothing was taken.")
        self.store.writer.take([event], self.contracts.token)

    def advance(self, head: Block) -> None:
        """All events up to and in this block are applied."""
        mark = Mark(head.number, head.hash, head.timestamp)
        if mark != self.head:
            self.store.writer.commit([mark], mark)

    # --- when ---------------------------------------------------------------------------------------------------------

    @property
    def head(self) -> Mark | None:
        """The last block read; None before the first."""
        return self.store.head

    @property
    def calendar(self) -> Calendar:
        writer = self.store.taking
        fold = writer.folds.get(self.contracts.token) if writer else None
        return fold.calendar if fold else self._known()[1]

    @property
    def now(self) -> int:
        """Timestamp of the last block read."""
        return self._read().timestamp

    @property
    def record_dates(self) -> tuple[Epoch, ...]:
        """Record dates that have passed."""
        return tuple(epoch for epoch in self.calendar if epoch.record_date and epoch.start <= self.now)

    def _known(self) -> tuple[int, Calendar]:
        """The number of the token, 0 while nothing is known of it, and its calendar; as of the last block read."""
        if self._asked is None or self._asked[0] != self.head:
            with self.store.database.reading() as connection:
                token = connection.scalar(select(TOKENS.c.id).where(TOKENS.c.address == self.contracts.token)) or 0
                self._asked = (self.head, token, calendar_of(connection, token))
        return self._asked[1:]

    @property
    def _token(self) -> int:
        return self._known()[0]

    def _read(self) -> Mark:
        if self.head is None:
            raise LedgerStale(f"The register of {self.contracts.token} has read nothing yet.")
        return self.head

    def _at(self, as_of: int | None) -> Moment:
        head = self._read()
        if as_of is not None and as_of > head.timestamp:
            raise LedgerStale(
                f"The register has read up to block {head.number} of {format_jst(head.timestamp)}; "
                f"{format_jst(as_of)} lies after it."
            )
        second = head.timestamp if as_of is None else as_of
        return self._moment(self.calendar.at(second), second, second)

    def _record_date(self, number: int) -> Moment:
        """Just before an epoch began, also when it began within a block."""
        epoch = self.calendar[number]
        if not epoch.record_date:
            raise InputError(f"Epoch {number} is not a record date.")
        if epoch.start > self._read().timestamp:
            raise LedgerStale(f"Record date {number} of {format_jst(epoch.start)} lies after the last block read.")
        return self._moment(number - 1, epoch.start, epoch.start - 1)

    def _moment(self, epoch: int, timestamp: int, clock: int) -> Moment:
        """After all blocks up to a second, as far as they were in an epoch or before it."""
        with self.store.database.reading() as connection:
            last = select(func.max(BLOCKS_READ.c.block)).where(BLOCKS_READ.c.timestamp <= timestamp)
            block = connection.scalar(last)
        return Moment(epoch, -1 if block is None else point(epoch, block), clock)

    # --- what ---------------------------------------------------------------------------------------------------------

    def places(self) -> list[Place]:
        """Every holding that ever had units or anything said of it, in fixed order."""
        query = select(PLACES.c.partition, PLACES.c.wallet).where(PLACES.c.token == self._token, PLACES.c.wallet != "")
        with self.store.database.reading() as connection:
            return [Place(*row) for row in connection.execute(query.order_by(PLACES.c.partition, PLACES.c.wallet))]

    def partitions(self) -> list[Bytes32]:
        """Partitions in which units were ever issued."""
        return sorted(self.supply()) if self.head else []

    def holding(self, partition: Bytes32, wallet: Address, as_of: int | None = None) -> Held:
        """One holding, also an empty one."""
        return self._one(partition, wallet, self._at(as_of))

    def holdings(self, as_of: int | None = None, partition: Bytes32 | None = None) -> list[Held]:
        """All holdings with units, by partition and wallet."""
        return [held for held in self.every_holding(as_of, partition) if held.units]

    def every_holding(self, as_of: int | None = None, partition: Bytes32 | None = None) -> Iterator[Held]:
        """All places, those without units included, by partition and wallet, one after the other."""
        return self._all(self._at(as_of), partition)

    def at_record_date(self, epoch: int, partition: Bytes32 | None = None) -> list[Held]:
        """All holdings just before a record date, in units of that instant."""
        return [held for held in self.every_holding_at_record_date(epoch, partition) if held.units]

    def every_holding_at_record_date(self, epoch: int, partition: Bytes32 | None = None) -> Iterator[Held]:
        """All places just before a record date, those without units included."""
        return self._all(self._record_date(epoch), partition)

    def holding_at_record_date(self, partition: Bytes32, wallet: Address, epoch: int) -> Held:
        return self._one(partition, wallet, self._record_date(epoch))

    def supply(self, as_of: int | None = None) -> Supply:
        """Issued units by partition, from issues and redemptions alone."""
        return self._supply(self._at(as_of))

    def supply_at_record_date(self, epoch: int) -> Supply:
        return self._supply(self._record_date(epoch))

    # --- who ----------------------------------------------------------------------------------------------------------

    def standing_of(self, wallet: Address, as_of: int | None = None) -> int:
        """The packed standing of a wallet, now or at an instant; 0 before it was registered."""
        last = None if as_of is None else self._at(as_of).point % (1 << BLOCK_BITS)
        with self.store.database.reading() as connection:
            return words_of(connection, [wallet], last).get(wallet, 0)

    def standings(self) -> dict[Address, int]:
        """Packed standing of every wallet that ever held anything, 0 for one the system never registered."""
        wallets = {place.wallet: 0 for place in sorted(self.places(), key=lambda place: place.wallet)}
        with self.store.database.reading() as connection:
            return wallets | words_of(connection, wallets)

    def investor_of(self, wallet: Address) -> bytes | None:
        investor = self.standing_of(wallet) >> 128
        return investor.to_bytes(16, "big") if investor else None

    def wallets_of(self, investor: bytes) -> frozenset[Address]:
        with self.store.database.reading() as connection:
            return wallets_of(connection, investor)

    def lineage(self, holder: Address | bytes | None = None, partition: Bytes32 | None = None) -> tuple[Moved, ...]:
        """Every move in chain order: of a wallet (address), of an investor (16 bytes, all wallets), or of all."""
        return tuple(self.moves(holder, partition))

    def moves(self, holder: Address | bytes | None = None, partition: Bytes32 | None = None) -> Iterator[Moved]:
        """The same, one after the other."""
        wallets = self.wallets_of(holder) if isinstance(holder, bytes) else frozenset((holder,)) if holder else None
        with self.store.database.reading() as connection:
            yield from lineage.moves(connection, self._token, self.contracts.token, wallets, partition)

    # --- asking the store ---------------------------------------------------------------------------------------------

    def _one(self, partition: Bytes32, wallet: Address, moment: Moment) -> Held:
        where = (PLACES.c.partition == partition, PLACES.c.wallet == wallet)
        found = list(self._held(moment, where))
        return found[0] if found else Held(partition, wallet, self.investor_of(wallet), 0, 0, 0, 0, 0, False)

    def _all(self, moment: Moment, partition: Bytes32 | None) -> Iterator[Held]:
        where = [PLACES.c.wallet != ""] + [PLACES.c.partition == partition] * (partition is not None)
        return self._held(moment, where)

    def _held(self, moment: Moment, where: Sequence[Any]) -> Iterator[Held]:
        token, calendar = self._token, self.calendar
        factors = [calendar[moment.epoch].factor // epoch.factor for epoch in calendar][: moment.epoch + 1]
        with self.store.database.reading() as connection:
            locked: dict[int, Units] = {}
            for lot in lots_at(connection, token, moment, where):
                locked[lot.place] = locked.get(lot.place, 0) + lot.locked(calendar, moment)
            investors = investors_of(connection, token, where)
            rows = straight(connection, versions(token, moment.point, where))
            for partition, wallet, place, here, units, frozen, requested, until, lost in rows:
                factor = factors[here >> BLOCK_BITS]
                yield Held(
                    partition,
                    wallet,
                    investors.get(wallet),
                    int(units or 0) * factor,
                    int(frozen) * factor,
                    locked.get(place, 0),
                    int(requested) * factor,
                    until,
                    bool(lost),
                )

    def _supply(self, moment: Moment) -> Supply:
        supply = (PLACES.c.wallet == "",)
        with self.store.database.reading() as connection:
            latest = connection.execute(versions(self._token, LAST, supply))
            issued = {row.partition: 0 for row in latest if row.units is not None}
        then = self._held(moment, supply)
        return issued | {held.partition: held.units for held in then if held.partition in issued}


def by_investor(holdings: list[Held]) -> dict[bytes | None, dict[Bytes32, Units]]:
    """Units by investor and partition, over all wallets of each."""
    totals: dict[bytes | None, dict[Bytes32, Units]] = {}
    for held in holdings:
        partitions = totals.setdefault(held.investor, {})
        partitions[held.partition] = partitions.get(held.partition, 0) + held.units
    return totals
