"""How each event of a token changes its holdings: the same arithmetic as the contracts', from their events alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stotoken.ledger.calendar import Calendar, Epoch
from stotoken.ledger.events import (
    EpochCancelled,
    Event,
    FrozenByPartition,
    LockupChanged,
    LossDismissed,
    LossReported,
    LotLocked,
    LotReleased,
    Moved,
    RecordDateScheduled,
    SplitScheduled,
    TransferRequested,
    TransferRequestEnded,
)
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.lots import OpenLots
from stotoken.ledger.schema import (
    BALANCES,
    BLOCK_BITS,
    ENCUMBRANCES,
    EPOCHS,
    LOSSES,
    LOTS,
    REQUEST_ENDS,
    REQUESTS,
    point,
)
from stotoken.types import ZERO_ADDRESS, Address, Bytes32, Units

if TYPE_CHECKING:
    from stotoken.ledger.writer import Writer

KEY_LOST = 1


class Encumbrance:
    """What keeps a holding from its point on, in units of the point's epoch."""

    __slots__ = ("frozen", "locked_until", "lost", "point", "requested")

    def __init__(
        self, point: int = -1, frozen: Units = 0, requested: Units = 0, locked_until: int = 0, lost: int = 0
    ) -> None:
        self.point, self.frozen, self.requested = point, frozen, requested
        self.locked_until, self.lost = locked_until, lost


class Holding:
    """What a place holds from its point on, in units of the point's epoch."""

    __slots__ = ("encumbrance", "id", "point", "units")

    def __init__(self, id: int, point: int = -1, units: Units = 0) -> None:
        self.id, self.point, self.units, self.encumbrance = id, point, units, Encumbrance()


class Fold:
    """Takes the events of one token one by one, in chain order; what comes of them are rows of the writer."""

    def __init__(self, writer: Writer, token: int, address: Address) -> None:
        self.writer, self.token, self.address = writer, token, address
        self.calendar = Calendar()
        self.lots = OpenLots(lambda: writer.next_id(LOTS.name), writer.add)
        #: Holdings by partition and wallet, as far as they were looked for.
        self.holdings: dict[tuple[Bytes32, Address], Holding] = {}
        #: Wallets whose holdings were looked for.
        self.known: set[Address] = set()
        #: Transfer requests not ended: partition, wallet, units, and the epoch they count in.
        self.requests: dict[int, tuple[Bytes32, Address, Units, int]] = {}
        #: Losses that were reported, and the holding that stands still for each, if one does.
        self.losses: dict[Bytes32, tuple[Bytes32, Address] | None] = {}
        self.block, self.index, self.now, self.epoch, self.point = -1, -1, 0, 0, 0
        self._turned = False
        #: Whose balance, and whose encumbrance, is to be kept.
        self._moved: list[Holding] = []
        self._encumbered: list[Holding] = []

    def take(self, event: Event) -> None:
        if event.block != self.block:
            self._begin(event)
        elif event.log_index <= self.index or event.timestamp != self.now:
            raise self._out_of_order(event)
        elif self._turned:
            self._turn()
        self.index = event.log_index
        if type(event) is Moved:
            self._move(event)
        else:
            self._change(event)

    def wallets_of(self, event: Event) -> tuple[Address, ...]:
        """Whose holdings the event may change."""
        match event:
            case Moved():
                return event.from_, event.to
            case FrozenByPartition():
                return (event.account,)
            case LotLocked() | LotReleased() | LockupChanged():
                return (event.holder,)
            case TransferRequested():
                return (event.from_,)
            case LossReported():
                return (event.wallet,)
            case TransferRequestEnded():
                request = self.requests.get(event.id)
                return (request[1],) if request else ()
            case LossDismissed():
                place = self.losses.get(event.id)
                return (place[1],) if place else ()
        return ()

    def flush(self) -> None:
        """Keep what the holdings have become by the end of a block, or of an epoch within it."""
        if self._moved:
            self.writer.rows[BALANCES.name] += [(each.id, each.point, each.units) for each in self._moved]
            self._moved = []
        for each in self._encumbered:
            kept = each.encumbrance
            row = (each.id, kept.point, kept.frozen, kept.requested, kept.locked_until, kept.lost)
            self.writer.add(ENCUMBRANCES.name, row)
        self._encumbered = []

    def _begin(self, event: Event) -> None:
        if event.block < self.block or event.timestamp < self.now:
            raise self._out_of_order(event)
        self.flush()
        self.block, self.now = event.block, event.timestamp
        self._turn()

    def _turn(self) -> None:
        """See which epoch it is."""
        self._turned = False
        self.epoch = self.calendar.at(self.now)
        here = point(self.epoch, self.block)
        if here != self.point:
            self.flush()
            self.point = here

    def _out_of_order(self, event: Event) -> RegisterDiffers:
        return RegisterDiffers(f"Log {event.log_index} of block {event.block} came out of order; it was not taken.")

    # --- holdings -----------------------------------------------------------------------------------------------------

    def holding(self, partition: Bytes32, wallet: Address) -> Holding:
        """The holding of a place, which need not have been there before."""
        found = self.holdings.get((partition, wallet))
        if found is None:
            found = Holding(self.writer.new_place(self.token, partition, wallet, self.block))
            self.holdings[partition, wallet] = found
        return found

    def _balance(self, partition: Bytes32, wallet: Address) -> Holding:
        """The same, its units to be changed: they are in units of the present epoch, and kept by `flush`."""
        found = self.holdings.get((partition, wallet)) or self.holding(partition, wallet)
        if found.point != self.point:
            found.units = self._today(found.units, found.point)
            found.point = self.point
            self._moved.append(found)
        return found

    def _encumbrance(self, partition: Bytes32, wallet: Address) -> Encumbrance:
        """What keeps a holding, to be changed: in units of the present epoch, and kept by `flush`."""
        holding = self.holding(partition, wallet)
        found = holding.encumbrance
        if found.point != self.point:
            found.frozen = self._today(found.frozen, found.point)
            found.requested = self._today(found.requested, found.point)
            found.point = self.point
            self._encumbered.append(holding)
        return found

    def _today(self, units: Units, point: int) -> Units:
        epoch = point >> BLOCK_BITS
        return self.calendar.scale(units, epoch, self.epoch) if units and epoch != self.epoch else units

    # --- units --------------------------------------------------------------------------------------------------------

    def _move(self, move: Moved) -> None:
        units, from_, to = move.units, move.from_, move.to
        if from_ == ZERO_ADDRESS:
            giver = self._balance(move.partition, "")
            giver.units += units
        else:
            giver = self._balance(move.partition, from_)
            giver.units -= units
            if giver.units < 0:
                raise self._missing(giver.units, "units", from_)
        if to == ZERO_ADDRESS:
            taker = self._balance(move.partition, "")
            taker.units -= units
            if taker.units < 0:
                raise self._missing(taker.units, "supply", "the supply")
        else:
            taker = self._balance(move.partition, to)
            taker.units += units
        self.writer.add_move(move, self.epoch, giver.id, taker.id)

    def _missing(self, left: int, what: str, where: str) -> RegisterDiffers:
        return RegisterDiffers(
            f"Log {self.index} of block {self.block} leaves {left} {what} at {where}; events before it are missing."
        )

    # --- everything else ----------------------------------------------------------------------------------------------

    def _change(self, event: Event) -> None:
        change = _CHANGES.get(type(event))
        if change is not None:
            change(self, event)

    def _split(self, event: SplitScheduled) -> None:
        self._schedule(event, Epoch(event.epoch, event.start, event.factor, record_date=False))

    def _record(self, event: RecordDateScheduled) -> None:
        self._schedule(event, Epoch(event.epoch, event.start, self.calendar.last.factor, record_date=True))

    def _schedule(self, event: Event, epoch: Epoch) -> None:
        self.calendar.add(epoch, self.now)
        self._turned = True
        row = (epoch.number, epoch.start, epoch.factor, epoch.record_date)
        self.writer.add(EPOCHS.name, (self.token, event.block, event.log_index, *row))

    def _cancel(self, event: EpochCancelled) -> None:
        self.calendar.cancel(event.epoch, self.now)
        row = (event.epoch, None, None, False)
        self.writer.add(EPOCHS.name, (self.token, event.block, event.log_index, *row))

    def _freeze(self, event: FrozenByPartition) -> None:
        self._encumbrance(event.partition, event.account).frozen = event.units

    def _lock(self, event: LotLocked) -> None:
        self.lots.lock(event, self.holding(event.partition, event.holder).id, self.point)

    def _release(self, event: LotReleased) -> None:
        self.lots.release(event, self.holding(event.partition, event.holder).id, self.point, self.calendar)

    def _lock_up(self, event: LockupChanged) -> None:
        wallet = "" if event.holder == ZERO_ADDRESS else event.holder
        self._encumbrance(event.partition, wallet).locked_until = event.until

    def _request(self, event: TransferRequested) -> None:
        self._encumbrance(event.partition, event.from_).requested += event.units
        place = self.holding(event.partition, event.from_).id
        self.requests[event.id] = (event.partition, event.from_, event.units, self.epoch)
        self.writer.add(REQUESTS.name, (self.token, event.id, place, event.units, self.point))

    def _end_request(self, event: TransferRequestEnded) -> None:
        if event.id not in self.requests:
            raise RegisterDiffers(f"Transfer request {event.id} ended and was never made; events are missing.")
        partition, wallet, units, epoch = self.requests.pop(event.id)
        self._encumbrance(partition, wallet).requested -= self.calendar.scale(units, epoch, self.epoch)
        self.writer.add(REQUEST_ENDS.name, (self.token, event.id, event.block))

    def _lose(self, event: LossReported) -> None:
        place = None
        self.losses[event.id] = None
        if event.kind == KEY_LOST:
            self._encumbrance(event.partition, event.wallet).lost = 1
            place = self.holding(event.partition, event.wallet).id
            self.losses[event.id] = (event.partition, event.wallet)
        self.writer.add(LOSSES.name, (self.token, event.id, event.block, event.log_index, place))

    def _dismiss(self, event: LossDismissed) -> None:
        if event.id not in self.losses:
            raise RegisterDiffers("A loss was dismissed and never reported; events are missing.")
        place = self.losses[event.id]
        if place is not None:
            self._encumbrance(*place).lost = 0


_CHANGES: dict[type[Event], Callable[..., None]] = {
    SplitScheduled: Fold._split,
    RecordDateScheduled: Fold._record,
    EpochCancelled: Fold._cancel,
    FrozenByPartition: Fold._freeze,
    LotLocked: Fold._lock,
    LotReleased: Fold._release,
    LockupChanged: Fold._lock_up,
    TransferRequested: Fold._request,
    TransferRequestEnded: Fold._end_request,
    LossReported: Fold._lose,
    LossDismissed: Fold._dismiss,
}
