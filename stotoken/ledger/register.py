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

from collections.abc import Callable
from dataclasses import dataclass

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.decoding import Contracts
from stotoken.ledger.events import Event, Moved
from stotoken.ledger.fold import Fold, moment_before, moment_of
from stotoken.ledger.state import Figure, Moment, Place, State
from stotoken.types import Address, Block, Bytes32, Units, format_jst

Supply = dict[Bytes32, Units]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
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
    """Fed by `apply` and `advance`, asked by everything else."""

    def __init__(self, contracts: Contracts, state: State | None = None) -> None:
        self.contracts = contracts
        self.state = state or State()
        #: The last block read; None before the first.
        self.head: Block | None = None
        self._fold = Fold(self.state)

    def __repr__(self) -> str:
        read = f"block {self.head.number}" if self.head else "nothing read"
        return f"Register({self.contracts.token}, {read})"

    # --- feeding ------------------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Take the next event of the chain; RegisterDiffers when it cannot be the next."""
        if self.head is not None and event.block <= self.head.number:
            raise InputError(f"Block {event.block} was read already, up to {self.head.number}; nothing was taken.")
        self._fold.take(event)

    def advance(self, head: Block) -> None:
        """All events up to and in this block are applied."""
        self.head = head

    # --- when ---------------------------------------------------------------------------------------------------------

    @property
    def calendar(self) -> Calendar:
        return self._fold.calendar

    @property
    def now(self) -> int:
        """Timestamp of the last block read."""
        return self._read().timestamp

    @property
    def record_dates(self) -> tuple[Epoch, ...]:
        """Record dates that have passed."""
        return tuple(epoch for epoch in self.calendar if epoch.record_date and epoch.start <= self.now)

    def _read(self) -> Block:
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
        return moment_of(self.calendar, head.timestamp if as_of is None else as_of)

    def _record_date(self, number: int) -> Moment:
        epoch = self.calendar[number]
        if not epoch.record_date:
            raise InputError(f"Epoch {number} is not a record date.")
        if epoch.start > self._read().timestamp:
            raise LedgerStale(f"Record date {number} of {format_jst(epoch.start)} lies after the last block read.")
        return moment_before(epoch)

    # --- what ---------------------------------------------------------------------------------------------------------

    def places(self) -> list[Place]:
        """Every holding that ever had units or anything said of it, in fixed order."""
        found: set[Place] = set(self.state.lots)
        for figure in Figure:
            found |= self.state.places(figure)
        return sorted(place for place in found if place.wallet)

    def partitions(self) -> list[Bytes32]:
        """Partitions in which units were ever issued."""
        return sorted(place.partition for place in self.state.places(Figure.SUPPLY))

    def holding(self, partition: Bytes32, wallet: Address, as_of: int | None = None) -> Held:
        """One holding, also an empty one."""
        return self._held(Place(partition, wallet), self._at(as_of))

    def holdings(self, as_of: int | None = None, partition: Bytes32 | None = None) -> list[Held]:
        """All holdings with units, by partition and wallet."""
        return self._all(self._at(as_of), partition)

    def at_record_date(self, epoch: int, partition: Bytes32 | None = None) -> list[Held]:
        """All holdings just before a record date, in units of that instant."""
        return self._all(self._record_date(epoch), partition)

    def holding_at_record_date(self, partition: Bytes32, wallet: Address, epoch: int) -> Held:
        return self._held(Place(partition, wallet), self._record_date(epoch))

    def supply(self, as_of: int | None = None) -> Supply:
        """Issued units by partition, from issues and redemptions alone."""
        return self._supply(self._at(as_of))

    def supply_at_record_date(self, epoch: int) -> Supply:
        return self._supply(self._record_date(epoch))

    def investor_of(self, wallet: Address) -> bytes | None:
        investor = self.state.standings.get(wallet, 0) >> 128
        return investor.to_bytes(16, "big") if investor else None

    def wallets_of(self, investor: bytes) -> frozenset[Address]:
        number = int.from_bytes(investor, "big")
        return frozenset(wallet for wallet, standing in self.state.standings.items() if standing >> 128 == number)

    def lineage(self, holder: Address | bytes | None = None, partition: Bytes32 | None = None) -> tuple[Moved, ...]:
        """Every move in chain order: of a wallet (address), of an investor (16 bytes, all wallets), or of all."""
        wallets = self.wallets_of(holder) if isinstance(holder, bytes) else frozenset((holder,)) if holder else None
        return tuple(move for move in self.state.moves(wallets) if partition in (None, move.partition))

    def _all(self, moment: Moment, partition: Bytes32 | None) -> list[Held]:
        places = sorted(self.state.places(Figure.UNITS))
        found = (self._held(place, moment) for place in places if partition in (None, place.partition))
        return [held for held in found if held.units]

    def _supply(self, moment: Moment) -> Supply:
        units = self._scaled(moment)
        return {partition: units(Figure.SUPPLY, Place(partition)) for partition in self.partitions()}

    def _held(self, place: Place, moment: Moment) -> Held:
        units = self._scaled(moment)
        locked = (
            lot.dates.locked(self.calendar.scale(lot.written.value, lot.written.epoch, moment.epoch), moment.clock)
            for lot in self.state.lots_at(place, moment)
        )
        return Held(
            partition=place.partition,
            wallet=place.wallet,
            investor=self.investor_of(place.wallet),
            units=units(Figure.UNITS, place),
            frozen=units(Figure.FROZEN, place),
            locked=sum(locked),
            requested=units(Figure.REQUESTED, place),
            locked_until=self.state.at(Figure.LOCKED_UNTIL, place, moment).value,
            lost=bool(self.state.at(Figure.LOST, place, moment).value),
        )

    def _scaled(self, moment: Moment) -> Callable[[Figure, Place], Units]:
        def units(figure: Figure, place: Place) -> Units:
            version = self.state.at(figure, place, moment)
            return self.calendar.scale(version.value, version.epoch, moment.epoch)

        return units


def by_investor(holdings: list[Held]) -> dict[bytes | None, dict[Bytes32, Units]]:
    """Units by investor and partition, over all wallets of each."""
    totals: dict[bytes | None, dict[Bytes32, Units]] = {}
    for held in holdings:
        partitions = totals.setdefault(held.investor, {})
        partitions[held.partition] = partitions.get(held.partition, 0) + held.units
    return totals
