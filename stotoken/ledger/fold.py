"""How each event changes the state: the same arithmetic as the contracts', from their events alone."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    StandingChanged,
    TransferRequested,
    TransferRequestEnded,
)
from stotoken.ledger.faults import RegisterDiffers
from stotoken.ledger.state import Dates, Figure, Lot, Moment, Place, State, Version
from stotoken.types import ZERO_ADDRESS, Units, format_jst

KEY_LOST = 1


@dataclass(slots=True)
class Fold:
    """Takes events one by one, in chain order."""

    state: State
    calendar: Calendar = field(default_factory=Calendar)
    #: Block and log index of the last event taken.
    last: tuple[int, int] = (-1, -1)
    now: int = 0
    epoch: int = 0

    def take(self, event: Event) -> None:
        place = (event.block, event.log_index)
        if place <= self.last or event.timestamp < self.now:
            raise RegisterDiffers(f"Log {event.log_index} of block {event.block} came out of order; it was not taken.")
        self.last, self.now = place, event.timestamp
        self.epoch = self.calendar.at(self.now)
        self._change(event)

    def _change(self, event: Event) -> None:
        match event:
            case Moved():
                self._move(event)
            case SplitScheduled():
                self.calendar.add(Epoch(event.epoch, event.start, event.factor, record_date=False), self.now)
            case RecordDateScheduled():
                factor = self.calendar.last.factor
                self.calendar.add(Epoch(event.epoch, event.start, factor, record_date=True), self.now)
            case EpochCancelled():
                self.calendar.cancel(event.epoch, self.now)
            case StandingChanged():
                self._stand(event)
            case TransferRequested() | TransferRequestEnded():
                self._request(event)
            case LossReported() | LossDismissed():
                self._lose(event)
            case _:
                self._encumber(event)

    # --- units --------------------------------------------------------------------------------------------------------

    def _move(self, move: Moved) -> None:
        supply = Place(move.partition)
        giver = supply if move.from_ == ZERO_ADDRESS else Place(move.partition, move.from_)
        taker = supply if move.to == ZERO_ADDRESS else Place(move.partition, move.to)
        if giver == supply:
            self._add(Figure.SUPPLY, supply, move.units)
        else:
            self._add(Figure.UNITS, giver, -move.units)
        if taker == supply:
            self._add(Figure.SUPPLY, supply, -move.units)
        else:
            self._add(Figure.UNITS, taker, move.units)
        self.state.add_move(move)

    def _now(self, figure: Figure, place: Place) -> Units:
        version = self.state.latest(figure, place)
        return self.calendar.scale(version.value, version.epoch, self.epoch)

    def _put(self, figure: Figure, place: Place, value: int) -> None:
        self.state.put(figure, place, Version(self.epoch, self.now, value))

    def _add(self, figure: Figure, place: Place, units: Units) -> None:
        left = self._now(figure, place) + units
        if left < 0:
            raise RegisterDiffers(
                f"Log {self.last[1]} of block {self.last[0]} leaves {left} {figure} at {place.wallet or 'the supply'}; "
                "events before it are missing."
            )
        self._put(figure, place, left)

    # --- encumbrances -------------------------------------------------------------------------------------------------

    def _encumber(self, event: Event) -> None:
        match event:
            case FrozenByPartition():
                self._put(Figure.FROZEN, Place(event.partition, event.account), event.units)
            case LotLocked():
                dates = Dates(event.start, event.cliff, event.end)
                lot = Lot(Version(self.epoch, self.now, event.units), dates)
                self.state.lots.setdefault(Place(event.partition, event.holder), []).append(lot)
            case LotReleased():
                self._release(event)
            case LockupChanged():
                wallet = "" if event.holder == ZERO_ADDRESS else event.holder
                self._put(Figure.LOCKED_UNTIL, Place(event.partition, wallet), event.until)

    def _release(self, event: LotReleased) -> None:
        """Of lots of the same dates and units one is as good as another: which of them it was makes no difference."""
        lots = self.state.lots.get(Place(event.partition, event.holder), [])
        dates, before = Dates(event.start, event.cliff, event.end), event.units + event.left
        for lot in lots:
            units = self.calendar.scale(lot.written.value, lot.written.epoch, self.epoch)
            if lot.ended is None and (lot.dates, units) == (dates, before):
                lot.ended = Version(self.epoch, self.now, 0)
                break
        else:
            raise RegisterDiffers(
                f"Log {self.last[1]} of block {self.last[0]} releases a lot of {before} units until "
                f"{format_jst(event.end)} at {event.holder} that was never locked; events before it are missing."
            )
        if event.left:
            lots.append(Lot(Version(self.epoch, self.now, event.left), dates))

    def _request(self, event: TransferRequested | TransferRequestEnded) -> None:
        if isinstance(event, TransferRequested):
            self.state.requests[event.id] = (event, self.epoch)
            self._add(Figure.REQUESTED, Place(event.partition, event.from_), event.units)
            return
        if event.id not in self.state.requests:
            raise RegisterDiffers(f"Transfer request {event.id} ended and was never made; events are missing.")
        request, epoch = self.state.requests.pop(event.id)
        units = self.calendar.scale(request.units, epoch, self.epoch)
        self._add(Figure.REQUESTED, Place(request.partition, request.from_), -units)

    def _lose(self, event: LossReported | LossDismissed) -> None:
        if isinstance(event, LossReported):
            self.state.losses[event.id] = event
        elif event.id not in self.state.losses:
            raise RegisterDiffers("A loss was dismissed and never reported; events are missing.")
        loss = self.state.losses[event.id]
        if loss.kind == KEY_LOST:
            self._put(Figure.LOST, Place(loss.partition, loss.wallet), int(isinstance(event, LossReported)))

    # --- wallets ------------------------------------------------------------------------------------------------------

    def _stand(self, event: StandingChanged) -> None:
        before = self.state.standings.get(event.wallet, 0)
        if before >> 128 not in (0, event.standing >> 128):
            raise RegisterDiffers(f"Wallet {event.wallet} went to another investor, which the system never does.")
        self.state.standings[event.wallet] = event.standing


def moment_of(calendar: Calendar, as_of: int) -> Moment:
    """After all blocks up to a second."""
    return Moment(calendar.at(as_of), as_of, as_of)


def moment_before(epoch: Epoch) -> Moment:
    """Just before an epoch began, also when it began within a block."""
    return Moment(epoch.number - 1, epoch.start, epoch.start - 1)
