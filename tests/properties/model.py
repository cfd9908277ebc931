"""One token's register, kept the plain way, to hold the contracts against.

Nothing here is clever: a split multiplies every stored number of units there and then, a record date copies the whole
register, the supply is the sum of what everybody holds, and how many hold it is counted anew each time. An act gives
back the names of all errors that stand against it, in no order; it is done when there are none.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import prod

from book import Book
from people import HALTED, NORMAL, ZERO, Faults, System

LIMIT = 2**94
UNLIMITED = 2**256 - 1
MOST_ALLOWED = 2**232 - 2
MOST_LOTS = 16
KYC, QII, PRO, SPECIAL, CUSTODY = 1, 2, 4, 8, 64

ISSUE, DISTRIBUTE, TRANSFER, REDEEM, FORCE, REISSUE, REVERSE = range(7)
#: Which kinds of move each restriction governs. An order passes them all, but a forced move still asks who receives.
GOVERNED = {
    "standing of the sender": {ISSUE, DISTRIBUTE, TRANSFER, REDEEM},
    "standing of the receiver": {ISSUE, DISTRIBUTE, TRANSFER, FORCE},
    "class": {ISSUE, DISTRIBUTE, TRANSFER, FORCE},
    "freeze of the sender": {ISSUE, DISTRIBUTE, TRANSFER, REDEEM},
    "freeze of the receiver": {ISSUE, DISTRIBUTE, TRANSFER, REDEEM, FORCE},
    "lock-up": {TRANSFER},
    "free units": {DISTRIBUTE, TRANSFER, REDEEM},
    "holder cap": {ISSUE, DISTRIBUTE, TRANSFER},
    "approval": {TRANSFER},
    "whole holding": {TRANSFER},
    "maturity": {ISSUE, DISTRIBUTE, TRANSFER, REDEEM},
    "country": {ISSUE, DISTRIBUTE, TRANSFER},
    "limits": {ISSUE, DISTRIBUTE, TRANSFER},
    "time": {TRANSFER},
}
BY_ORDER = {FORCE, REISSUE, REVERSE}

Place = tuple[str, str]
Rows = Sequence[tuple[str, int]]


@dataclass
class Lot:
    """All units are locked before the cliff, a part until the end. Fields in the order by which lots give way."""

    end: int
    cliff: int
    start: int
    units: int

    def locked(self, now: int) -> int:
        """What is free is a share rounded down: a unit is locked until the whole of it is due."""
        if now < self.cliff:
            return self.units
        if now >= self.end:
            return 0
        return self.units - self.units * (now - self.start) // (self.end - self.start)

    def shrink(self, most: int, now: int) -> None:
        """Find by trying the most units of which no more than `most` are locked."""
        low, high = 0, self.units
        while low < high:
            self.units = (low + high + 1) // 2
            low, high = (self.units, high) if self.locked(now) <= most else (low, self.units - 1)
        self.units = low


@dataclass
class Holding:
    units: int = 0
    frozen: int = 0
    lots: list[Lot] = field(default_factory=list)
    locked_until: int = 0
    lost: bool = False


@dataclass
class Request:
    holder: str
    to: str
    partition: str
    units: int
    deadline: int


@dataclass
class Loss:
    kind: int
    partition: str
    wallet: str
    units: int
    status: str = "reported"


@dataclass(frozen=True)
class Transfer:
    """A transfer that happened: `units` counted in `epoch`."""

    origin: int
    partition: str
    sender: str
    recipient: str
    units: int
    epoch: int


@dataclass
class Date:
    """On the calendar: a split, or (ratio 1) a record date, which once passed holds a copy of the register."""

    start: int
    ratio: int
    register: dict[Place, int] | None = None


@dataclass
class Policy:
    category: int
    treasury: str
    classes: int
    cap: int
    approval: bool
    whole: bool
    puttable: bool
    maturity: int
    locked_until: int
    authorised: int
    closed: bool = False
    paused: bool = False

    @staticmethod
    def unlawful(category: int, classes: int, cap: int, approval: bool, whole: bool) -> bool:
        """Whether the floor of the legal category forbids it."""
        only = {2: QII, 4: QII | SPECIAL, 5: PRO | QII}.get(category)
        most = {3: 49, 6: 499}.get(category)
        return (
            classes == 0
            or (only is not None and classes & ~only != 0)
            or (most is not None and not 1 <= cap <= most)
            or (category == 4 and not approval)
            or (category == 3 and not whole)
        )


class Register:
    """What moves, and what stands against it. The acts of people and orders are in `acts.Token`."""

    def __init__(self, system: System, policy: Policy, partitions: Sequence[str]) -> None:
        self.system, self.policy, self.partitions = system, policy, list(partitions)
        self.holdings: dict[Place, Holding] = {}
        self.partition_locks: dict[str, int] = {}
        self.requests: dict[int, Request] = {}
        self.requests_made = 0
        self.allowances: dict[tuple[str, str], int] = {}
        self.operators: set[tuple[str, str, str]] = set()
        self.allotted: dict[str, int] = {}
        self.redeemed: dict[str, int] = {}
        self.losses: dict[int, Loss] = {}
        self.reversals: dict[int, tuple[Transfer, int]] = {}
        self.transfers: list[Transfer] = []
        self.calendar: list[Date] = []
        self.book = Book()
        self.epoch = 0

    # --- asking -------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        return self.system.now

    def holding(self, partition: str, wallet: str) -> Holding:
        return self.holdings.get((partition, wallet), Holding())

    def units(self, partition: str, wallet: str) -> int:
        return self.holding(partition, wallet).units

    def supply(self, *partitions: str) -> int:
        return sum(h.units for (p, _), h in self.holdings.items() if p in (partitions or self.partitions))

    def locked_lots(self, partition: str, wallet: str) -> int:
        return sum(lot.locked(self.now) for lot in self.holding(partition, wallet).lots)

    def lots_left(self, partition: str, wallet: str) -> list[Lot]:
        """Lots that are not over, in the order in which they give way."""
        lots = [lot for lot in self.holding(partition, wallet).lots if lot.end > self.now]
        return sorted(lots, key=lambda lot: (lot.end, lot.cliff, lot.start, lot.units))

    def requested(self, partition: str, wallet: str) -> int:
        return sum(r.units for r in self.requests.values() if (r.partition, r.holder) == (partition, wallet))

    def encumbered(self, partition: str, wallet: str) -> int:
        frozen = self.holding(partition, wallet).frozen
        return frozen + self.locked_lots(partition, wallet) + self.requested(partition, wallet)

    def free(self, partition: str, wallet: str) -> int:
        return max(0, self.units(partition, wallet) - self.encumbered(partition, wallet))

    def holders(self, register: dict[Place, int] | None = None) -> int:
        """Investors that hold, by investor and not by wallet, the treasury left out; none are counted without a cap."""
        if not self.policy.cap:
            return 0
        register = self.register() if register is None else register
        holding = {wallet for (_, wallet), units in register.items() if units and wallet != self.policy.treasury}
        return len({self.system.investor(wallet) for wallet in holding})

    def register(self) -> dict[Place, int]:
        return {place: holding.units for place, holding in self.holdings.items() if holding.units}

    def worth(self, units: int, epoch: int) -> int:
        """Units of an epoch, in units of today."""
        return units * prod(date.ratio for date in self.calendar[epoch : self.epoch])

    # --- time ---------------------------------------------------------------------------------------------------------

    def tick(self, now: int) -> None:
        """Let time come; what the calendar holds up to then happens."""
        self.system.now = now
        while self.epoch < len(self.calendar) and self.calendar[self.epoch].start <= now:
            date = self.calendar[self.epoch]
            if date.ratio == 1:
                date.register = self.register()
            else:
                self._multiply(date.ratio)
            self.epoch += 1

    def _multiply(self, n: int) -> None:
        for holding in self.holdings.values():
            holding.units *= n
            holding.frozen *= n
            for lot in holding.lots:
                lot.units *= n
        for request in self.requests.values():
            request.units *= n
        for loss in self.losses.values():
            loss.units *= n
        for book in (self.allotted, self.redeemed):
            book.update({partition: units * n for partition, units in book.items()})
        self.policy.authorised *= n
        self.book.multiply(n)
        self.reversals = {origin: (terms, done * n) for origin, (terms, done) in self.reversals.items()}
        for pair, units in self.allowances.items():
            self.allowances[pair] = units if units == UNLIMITED else min(units * n, MOST_ALLOWED)

    # --- moving -------------------------------------------------------------------------------------------------------

    def against(self, kind: int, partition: str, sender: str, to: str, units: int, approved: bool = False) -> Faults:
        """Everything that stands against a move."""
        faults: Faults = set()
        if self.system.level == HALTED or (self.system.level != NORMAL and kind not in BY_ORDER):
            faults |= {"SystemHalted"}
        if self.policy.paused and kind not in BY_ORDER:
            faults |= {"TokenPaused"}
        if partition not in self.partitions:
            faults |= {"PartitionUnknown"}
        if to == ZERO:
            faults |= set() if kind in (REDEEM, FORCE) else {"ERC20InvalidReceiver"}
        else:
            faults |= {"WalletUnregistered"} if to not in self.system.registered else set()
            faults |= {"HoldingLost"} if self.holding(partition, to).lost else set()
        if sender == ZERO:
            faults |= set() if kind in (ISSUE, REISSUE) else {"ERC20InvalidSender"}
        elif self.units(partition, sender) < units:
            faults |= {"ERC20InsufficientBalance"}
        asked: dict[str, Callable[[], Faults]] = {
            "standing of the sender": lambda: self._standing(sender),
            "standing of the receiver": lambda: self._standing(to),
            "class": lambda: self._class(kind, to),
            "freeze of the sender": lambda: {"WalletFrozen"} if sender in self.system.frozen else set(),
            "freeze of the receiver": lambda: {"WalletFrozen"} if to in self.system.frozen else set(),
            "lock-up": lambda: self._lock_up(partition, sender),
            "free units": lambda: self._free_units(partition, sender, units),
            "holder cap": lambda: self._holder_cap(partition, sender, to, units),
            "approval": lambda: {"TransferApprovalRequired"} if self.policy.approval and not approved else set(),
            "whole holding": lambda: self._whole(partition, sender, units),
            "maturity": lambda: self._maturity(kind),
            "country": lambda: self._country(partition, to),
            "limits": lambda: self._limits(partition, sender, to, units),
            "time": lambda: self.book.of_the_time(partition, sender, self.now, min(self.record_dates(), default=0)),
        }
        return faults.union(*(asked[rule]() for rule, kinds in GOVERNED.items() if kind in kinds))

    def _standing(self, wallet: str) -> Faults:
        return set() if wallet == ZERO else self.system.invalid(wallet)

    def _class(self, kind: int, to: str) -> Faults:
        """A court's or custodian's account may be given anything by force."""
        registered = self.system.registered.get(to)
        classes = registered.classes if registered else 0
        admitted = classes & (self.policy.classes | (CUSTODY if kind == FORCE else 0))
        admitted = admitted or to in (ZERO, self.policy.treasury)
        return set() if admitted else {"InvestorClassRefused"}

    def _lock_up(self, partition: str, sender: str) -> Faults:
        until = [self.policy.locked_until, self.partition_locks.get(partition, 0)]
        until.append(self.holding(partition, sender).locked_until)
        return {"HoldingLockedUp"} if self.now < max(until) else set()

    def _free_units(self, partition: str, sender: str, units: int) -> Faults:
        faults = {"HoldingLost"} if self.holding(partition, sender).lost else set()
        short = self.encumbered(partition, sender) and units > self.free(partition, sender)
        return faults | ({"ERC7943InsufficientUnfrozenBalance"} if short else set())

    def _holder_cap(self, partition: str, sender: str, to: str, units: int) -> Faults:
        after = self.register()
        if units and sender != to:
            after[partition, sender] = after.get((partition, sender), 0) - units
            after[partition, to] = after.get((partition, to), 0) + units
        after = {place: units for place, units in after.items() if units > 0 and place[1] != ZERO}
        holders = self.holders(after)
        return {"HolderCapReached"} if self.policy.cap and holders > max(self.holders(), self.policy.cap) else set()

    def _whole(self, partition: str, sender: str, units: int) -> Faults:
        part = 0 < units < self.units(partition, sender) and sender != self.policy.treasury
        return {"WholeHoldingOnly"} if self.policy.whole and part else set()

    def _maturity(self, kind: int) -> Faults:
        matured = self.policy.maturity and self.now >= self.policy.maturity
        if kind != REDEEM:
            return {"TokenMatured"} if matured else set()
        return set() if matured or self.policy.puttable else {"RedemptionNotDue"}

    def _country(self, partition: str, to: str) -> Faults:
        """The treasury may be of any."""
        registered = self.system.registered.get(to)
        if registered is None or to == self.policy.treasury:
            return set()
        return self.book.of_a_country(partition, registered.country)

    def _limits(self, partition: str, sender: str, to: str, units: int) -> Faults:
        """The treasury is bound by none, and nobody who gives to himself or gives nothing."""
        bound = [wallet for wallet in (sender, to) if wallet not in (ZERO, self.policy.treasury)]
        if not units or not bound or sender == to:
            return set()
        held = self.units(partition, sender) if sender in bound else None
        faults = self.book.of_lots(partition, units, held)
        if held is not None and units <= held:
            faults |= self.book.of_a_rest(partition, held - units)
        if to in bound:
            faults |= self.book.of_a_gain(partition, self.units(partition, to) + units)
        return faults

    def record_dates(self) -> list[int]:
        """Those ahead."""
        return [date.start for date in self.calendar[self.epoch :] if date.ratio == 1]

    def move(self, kind: int, partition: str, sender: str, to: str, units: int, approved: bool = False) -> Faults:
        """Judge it and, if nothing stands against it, do it."""
        faults = self.against(kind, partition, sender, to, units, approved)
        if faults:
            return faults
        if kind in (TRANSFER, DISTRIBUTE) and sender != to:
            origin = len(self.transfers) + 1
            self.transfers.append(Transfer(origin, partition, sender, to, units, self.epoch))
        if sender == to:
            return faults
        if sender != ZERO:
            giver = self.holdings.setdefault((partition, sender), Holding())
            if kind in BY_ORDER:  # what is not frozen goes first; what is taken of the frozen is frozen no more
                giver.frozen -= max(0, units - max(0, giver.units - giver.frozen))
            giver.units -= units
            if kind in BY_ORDER:
                self._shrink_lots(partition, sender)
        if to != ZERO:
            self.holdings.setdefault((partition, to), Holding()).units += units
        else:
            self.redeemed[partition] = self.redeemed.get(partition, 0) + units
        return faults

    def _shrink_lots(self, partition: str, wallet: str) -> None:
        """Lots lock no more than is left; those that end first give way first."""
        holding = self.holding(partition, wallet)
        holding.lots = self.lots_left(partition, wallet)
        while (too_many := self.locked_lots(partition, wallet) - holding.units) > 0:
            first = holding.lots[0]
            first.shrink(max(0, first.locked(self.now) - too_many), self.now)
            holding.lots = [lot for lot in holding.lots if lot.units]

    def many(self, faults: Faults, kind: int, partition: str, sender: str, rows: Rows) -> Faults:
        """All rows or none: none if there are faults already, to which those of the rows are added."""
        faults |= set() if rows else {"ListsDiffer"}
        steps = [partial(self.move, kind, partition, sender, to, units) for to, units in rows]
        return self.whole(*steps, lambda: faults) | faults

    def whole(self, *steps: Callable[[], Faults]) -> Faults:
        """Take the steps; take all of them back at the first that is refused."""
        before = copy.deepcopy({name: value for name, value in vars(self).items() if name != "system"})
        for step in steps:
            if faults := step():
                vars(self).update(before)
                return faults
        return set()
