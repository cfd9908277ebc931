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

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import func, select

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger import lineage
from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.events import Event, Moved
from stotoken.ledger.lineage import History
from stotoken.ledger.lots import lots_at
from stotoken.ledger.moment import Mark, Moment
from stotoken.ledger.reading import calendar_of, places_at, places_of, straight, uncollected, wallets_of, words_of
from stotoken.ledger.schema import BALANCES, BLOCK_BITS, BLOCKS_READ, PLACES, TOKENS, point
from stotoken.ledger.store import Store
from stotoken.types import Address, Block, Bytes32, Units, format_jst

Supply = dict[Bytes32, Units]
_PARTITION, _WALLET = itemgetter(0), itemgetter(1)


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

    def moment(self, as_of: int | None = None, record_date: int | None = None) -> Moment:
        """Now, an instant (UTC seconds), or just before a record date, also one that began within a block."""
        head = self._read()
        if record_date is None:
            second = head.timestamp if as_of is None else as_of
            if second > head.timestamp:
                raise LedgerStale(
                    f"The register has read up to block {head.number} of {format_jst(head.timestamp)}; "
                    f"{format_jst(second)} lies after it."
                )
            return self._moment(self.calendar.at(second), second, second)
        epoch = self.calendar[record_date]
        if as_of is not None or not epoch.record_date:
            raise InputError(f"Epoch {record_date} is not a record date, or an instant was named beside it.")
        if epoch.start > head.timestamp:
            raise LedgerStale(f"Record date {record_date} of {format_jst(epoch.start)} lies after the last block read.")
        return self._moment(record_date - 1, epoch.start, epoch.start - 1)

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
        return self._one(partition, wallet, self.moment(as_of))

    def holdings(self, as_of: int | None = None, partition: Bytes32 | None = None) -> list[Held]:
        """All holdings with units, by partition and wallet."""
        return [held for held in self.every_holding(as_of, partition) if held.units]

    def every_holding(self, as_of: int | None = None, partition: Bytes32 | None = None) -> list[Held]:
        """All places, those without units included, by partition and wallet."""
        return self._all(self.moment(as_of), partition)

    def at_record_date(self, epoch: int, partition: Bytes32 | None = None) -> list[Held]:
        """All holdings just before a record date, in units of that instant."""
        return [held for held in self.every_holding_at_record_date(epoch, partition) if held.units]

    def every_holding_at_record_date(self, epoch: int, partition: Bytes32 | None = None) -> list[Held]:
        """All places just before a record date, those without units included."""
        return self._all(self.moment(record_date=epoch), partition)

    def holding_at_record_date(self, partition: Bytes32, wallet: Address, epoch: int) -> Held:
        return self._one(partition, wallet, self.moment(record_date=epoch))

    def supply(self, as_of: int | None = None) -> Supply:
        """Issued units by partition, from issues and redemptions alone."""
        return self._supply(self.moment(as_of))

    def supply_at_record_date(self, epoch: int) -> Supply:
        return self._supply(self.moment(record_date=epoch))

    # --- who ----------------------------------------------------------------------------------------------------------

    def standing_of(self, wallet: Address, as_of: int | None = None) -> int:
        """The packed standing of a wallet, now or at an instant; 0 before it was registered."""
        last = None if as_of is None else self.moment(as_of).block
        with self.store.database.reading() as connection:
            return words_of(connection, [wallet], last).get(wallet, 0)

    def standings(self) -> dict[Address, int]:
        """Packed standing of every wallet that ever held anything, 0 for one the system never registered."""
        wallets = {place.wallet: 0 for place in sorted(self.places(), key=lambda place: place.wallet)}
        with self.store.database.reading() as connection:
            return wallets | words_of(connection, wallets)

    def investors(self) -> dict[Address, bytes | None]:
        """Of every wallet that ever held anything; None for one the system never registered."""
        with self.store.database.reading() as connection:
            found = places_of(connection, self._token)
            return {wallet: investor for _, wallet, _, investor in found if wallet}

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
            found = lineage.moves(connection, self._token, self.contracts.token, wallets, partition)
            yield from (move for move, _ in found)

    def moves_until(self, moment: Moment) -> Iterator[tuple[Moved, int]]:
        """Every move up to a moment, in chain order, and the epoch it was made in."""
        with self.store.database.reading() as connection:
            yield from lineage.moves(connection, self._token, self.contracts.token, moment=moment)

    @contextmanager
    def history(self, moment: Moment) -> Iterator[History]:
        """The moves up to a moment as steps between numbered places, read while it is open."""
        with self.store.database.reading() as connection:
            yield History(connection, self._token, moment)

    # --- asking the store ---------------------------------------------------------------------------------------------

    def _one(self, partition: Bytes32, wallet: Address, moment: Moment) -> Held:
        where = (PLACES.c.partition == partition, PLACES.c.wallet == wallet)
        found = self._held(moment, where)
        return found[0] if found else Held(partition, wallet, self.investor_of(wallet), 0, 0, 0, 0, 0, False)

    def _all(self, moment: Moment, partition: Bytes32 | None) -> list[Held]:
        where = [PLACES.c.wallet != ""] + [PLACES.c.partition == partition] * (partition is not None)
        return self._held(moment, where)

    def _held(self, moment: Moment, where: Sequence[Any]) -> list[Held]:
        """By partition and wallet."""
        token, calendar = self._token, self.calendar
        factors = calendar.factors(moment.epoch)
        with uncollected(), self.store.database.reading() as connection:
            locked: dict[int, Units] = {}
            for lot in lots_at(connection, token, moment, where):
                locked[lot.place] = locked.get(lot.place, 0) + lot.locked(calendar, moment)
            plain = factors[0] == 1 and not locked
            query = places_at(numbered=not plain).where(PLACES.c.block <= moment.block, *where)
            found = [
                Held._make((row[0], row[1], row[2], row[3], 0, 0, 0, 0, False))
                if plain and type(row[3]) is int and row[4] is None
                else _scaled(row, factors, locked)
                for row in straight(connection, query, {"token": token, "last": moment.point})
            ]
        found.sort(key=_WALLET)
        found.sort(key=_PARTITION)
        return found

    def _supply(self, moment: Moment) -> Supply:
        supply = PLACES.c.wallet == ""
        with self.store.database.reading() as connection:
            issued = select(PLACES.c.partition).where(PLACES.c.token == self._token, supply)
            ever = issued.where(PLACES.c.id.in_(select(BALANCES.c.place)))
            partitions = dict.fromkeys(connection.scalars(ever.order_by(PLACES.c.partition)), 0)
        then = self._held(moment, [supply])
        return partitions | {held.partition: held.units for held in then if held.partition in partitions}


def _scaled(row: Sequence[Any], factors: Sequence[int], locked: Mapping[int, Units]) -> Held:
    """A row of `places_at` in units of the moment."""
    partition, wallet, investor, units, here, frozen, requested, until, lost, *numbered = row
    place, point = numbered or (0, None)
    held = int(units or 0) * (1 if point is None else factors[point >> BLOCK_BITS])
    factor = 0 if here is None else factors[here >> BLOCK_BITS]
    return Held(
        partition,
        wallet,
        investor,
        held,
        int(frozen or 0) * factor,
        locked.get(place, 0),
        int(requested or 0) * factor,
        until or 0,
        bool(lost),
    )


def by_investor(holdings: list[Held]) -> dict[bytes | None, dict[Bytes32, Units]]:
    """Units by investor and partition, over all wallets of each."""
    totals: dict[bytes | None, dict[Bytes32, Units]] = {}
    for held in holdings:
        partitions = totals.setdefault(held.investor, {})
        partitions[held.partition] = partitions.get(held.partition, 0) + held.units
    return totals
