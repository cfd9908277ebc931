"""The acts of holders, of the issuer's and registrar's people, and of orders, on the register of `model`.

Every act gives back the names of all errors that stand against it, in no order; it is done when there are none.
An order is stopped by a halt in the queue of orders already.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from math import prod

from book_acts import BookActs
from model import (
    DISTRIBUTE,
    FORCE,
    ISSUE,
    LIMIT,
    MOST_ALLOWED,
    MOST_LOTS,
    REDEEM,
    REISSUE,
    REVERSE,
    TRANSFER,
    UNLIMITED,
    Date,
    Holding,
    Loss,
    Lot,
    Policy,
    Request,
    Rows,
    Transfer,
)
from people import NORMAL, ZERO, Faults

KEY_LOST, REDEEMED_IN_ERROR = 1, 2


class Token(BookActs):
    # --- holders ------------------------------------------------------------------------------------------------------

    def standing_still(self) -> Faults:
        """What stops the acts of holders that move nothing."""
        faults = {"SystemHalted"} if self.system.level != NORMAL else set()
        return faults | ({"TokenPaused"} if self.policy.paused else set())

    def transfer(self, partition: str, by: str, to: str, units: int) -> Faults:
        return self.move(TRANSFER, partition, by, to, units)

    def batch_transfer(self, partition: str, by: str, rows: Rows) -> Faults:
        return self.many(set(), TRANSFER, partition, by, rows)

    def spend(self, by: str, holder: str, units: int) -> Faults:
        allowed = self.allowances.get((holder, by), 0)
        if allowed == UNLIMITED:
            return set()
        if allowed < units:
            return {"ERC20InsufficientAllowance"}
        self.allowances[holder, by] = allowed - units
        return set()

    def as_spender(self, kind: int, by: str, holder: str, to: str, units: int) -> Faults:
        """transferFrom, redeemFrom: all that is wrong with the allowance and with the move."""
        empty = {"UnitsOutOfRange"} if kind == REDEEM and units == 0 else set()
        allowed = self.allowances.get((holder, by), 0) >= units
        against = self.against(kind, "default", holder, to, units) | empty
        if not allowed or against:
            return against | (set() if allowed else {"ERC20InsufficientAllowance"})
        return self.spend(by, holder, units) | self.move(kind, "default", holder, to, units)

    def as_operator(self, kind: int, partition: str, by: str, holder: str, to: str, units: int) -> Faults:
        """operatorTransferByPartition, operatorRedeemByPartition."""
        faults = {"UnitsOutOfRange"} if kind == REDEEM and units == 0 else set()
        if not {(holder, by, ""), (holder, by, partition)} & self.operators:
            faults |= {"OperatorUnauthorized"}
        if faults:
            return faults | self.against(kind, partition, holder, to, units)
        return self.move(kind, partition, holder, to, units)

    def redeem(self, partition: str, by: str, units: int) -> Faults:
        if units == 0:
            return {"UnitsOutOfRange"} | self.against(REDEEM, partition, by, ZERO, units)
        return self.move(REDEEM, partition, by, ZERO, units)

    def approve(self, by: str, spender: str, units: int) -> Faults:
        faults = self.standing_still()
        faults |= {"ERC20InvalidSpender"} if spender == ZERO else set()
        faults |= {"AllowanceOutOfRange"} if MOST_ALLOWED < units < UNLIMITED else set()
        if not faults:
            self.allowances[by, spender] = units
        return faults

    def permit(self, holder: str, spender: str, units: int, *, signed_by: str, deadline: int) -> Faults:
        faults = {"ERC2612ExpiredSignature"} if self.now > deadline else set()
        faults |= {"ERC2612InvalidSigner"} if signed_by != holder else set()
        if faults:
            return faults | self.standing_still()
        return self.approve(holder, spender, units)

    def operator(self, by: str, operator: str, partition: str, on: bool) -> Faults:
        """`partition` empty: all of them."""
        faults = self.standing_still()
        if not faults:
            (self.operators.add if on else self.operators.discard)((by, operator, partition))
        return faults

    # --- transfer requests --------------------------------------------------------------------------------------------

    def request(self, partition: str, by: str, to: str, units: int, deadline: int) -> Faults:
        faults = self.standing_still() | self.against(TRANSFER, partition, by, to, units, approved=True)
        faults |= {"UnitsOutOfRange"} if units == 0 else set()
        faults |= {"TimeNotFuture"} if deadline <= self.now else set()
        if not faults:
            self.requests_made += 1
            stopped = self.now - self.system.running
            self.requests[self.requests_made] = Request(by, to, partition, units, deadline - stopped)
        return faults

    def cancel_request(self, by: str, number: int) -> Faults:
        faults = self.standing_still()
        request = self.requests.get(number)
        if request is None:
            return faults | {"TransferRequestUnknown"}
        if by != request.holder and self.system.running < request.deadline:
            faults |= {"TransferRequestNotYours"}
        if not faults:
            del self.requests[number]
        return faults

    def reject_request(self, by: str, number: int) -> Faults:
        faults = self.system.not_allowed(by, "rejectTransferRequest")
        faults |= set() if number in self.requests else {"TransferRequestUnknown"}
        if not faults:
            del self.requests[number]
        return faults

    def approve_request(self, by: str, number: int) -> Faults:
        faults = self.system.not_allowed(by, "approveTransferRequest")
        request = self.requests.get(number)
        if request is None:
            return faults | {"TransferRequestUnknown"}
        faults |= {"TransferRequestExpired"} if self.system.running >= request.deadline else set()

        def move() -> Faults:
            del self.requests[number]
            r = request
            return self.move(TRANSFER, r.partition, r.holder, r.to, r.units, approved=True)

        return self.whole(move, lambda: faults) | faults

    # --- issue and distribute -----------------------------------------------------------------------------------------

    def issue(self, partition: str, rows: Rows) -> Faults:
        """issue, issueByPartition, batchIssue: an order."""
        faults = self.system.halted() | self._unknown(partition)
        faults |= {"IssuanceClosed"} if self.policy.closed else set()
        faults |= {"UnitsOutOfRange"} if any(not 0 < units < LIMIT for _, units in rows) else set()
        if sum(units for _, units in rows) > self.policy.authorised - self.supply():
            faults |= {"AuthorisedUnitsExceeded"}
        return self.many(faults, ISSUE, partition, ZERO, rows)

    def finalize(self) -> Faults:
        faults = self.system.halted() | ({"IssuanceClosed"} if self.policy.closed else set())
        self.policy.closed |= not faults
        return faults

    def raise_authorised(self, units: int) -> Faults:
        faults = self.system.halted()
        if units <= self.policy.authorised or units * self.ratio_ahead() >= LIMIT:
            faults |= {"UnitsOutOfRange"}
        if not faults:
            self.policy.authorised = units
        return faults

    def allot(self, partition: str, units: int) -> Faults:
        faults = self.system.halted() | self._unknown(partition)
        faults |= {"UnitsOutOfRange"} if units > self.policy.authorised else set()
        if not faults:
            self.allotted[partition] = units
        return faults

    def distribute(self, by: str, partition: str, rows: Rows) -> Faults:
        faults = self.system.not_allowed(by, "distribute")
        total, left = sum(units for _, units in rows), self.allotted.get(partition, 0)
        faults |= {"AllotmentExceeded"} if total > left else set()
        faults = self.many(faults, DISTRIBUTE, partition, self.policy.treasury, rows)
        if not faults:
            self.allotted[partition] = left - total
        return faults

    # --- policy and restrictions --------------------------------------------------------------------------------------

    def set_policy(self, classes: int, cap: int, approval: bool, whole: bool) -> Faults:
        faults, policy = self.system.halted(), self.policy
        if Policy.unlawful(policy.category, classes, cap, approval, whole) or bool(cap) != bool(policy.cap):
            faults |= {"TermsInconsistent"}
        if not faults:
            policy.classes, policy.cap, policy.approval, policy.whole = classes, cap, approval, whole
        return faults

    def pause(self, by: str) -> Faults:
        faults = self.system.not_allowed(by, "pause")
        self.policy.paused |= not faults
        return faults

    def unpause(self) -> Faults:
        faults = self.system.halted()
        self.policy.paused &= bool(faults)
        return faults

    def lock_up(self, partition: str, wallet: str, until: int) -> Faults:
        """The token (no partition, ZERO), a partition (ZERO) or one holding; `until` 0 unlocks."""
        faults = self.system.halted() | ({"TimeNotFuture"} if 0 < until <= self.now else set())
        if partition or wallet != ZERO:
            faults |= self._unknown(partition)
        if faults:
            return faults
        if not partition:
            self.policy.locked_until = until
        elif wallet == ZERO:
            self.partition_locks[partition] = until
        else:
            self.holdings.setdefault((partition, wallet), Holding()).locked_until = until
        return faults

    def lock_lot(self, partition: str, wallet: str, units: int, start: int, cliff: int, end: int) -> Faults:
        """Where all become free at once the start does not matter."""
        faults = self.system.halted() | ({"TimeNotFuture"} if end <= self.now else set())
        faults |= set() if start <= cliff <= end else {"RuleUnsound"}
        faults |= {"UnitsOutOfRange"} if wallet == ZERO else set()
        if not 0 < units <= self.free(partition, wallet):
            faults |= {"ERC7943InsufficientUnfrozenBalance"}
        faults |= {"LotsFull"} if len(self.lots_left(partition, wallet)) >= MOST_LOTS else set()
        if not faults:
            lot = Lot(end, cliff, end if cliff == end else start, units)
            self.holding(partition, wallet).lots = [*self.lots_left(partition, wallet), lot]
        return faults

    def release_lot(self, partition: str, wallet: str, lot: Lot) -> Faults:
        """One that is just so."""
        faults = self.system.halted()
        if not faults and lot.end > self.now:
            self.holding(partition, wallet).lots.remove(lot)
        return faults

    def set_treasury(self, wallet: str) -> Faults:
        faults = self.system.halted()
        if self.system.investor(wallet) != self.system.investor(self.policy.treasury):
            faults |= {"InvestorDiffers"}
        if not faults:
            self.policy.treasury = wallet
        return faults

    def freeze(self, by: str, partition: str, wallet: str, units: int) -> Faults:
        """`by` ZERO: an order."""
        faults = self.system.halted() | self._unknown(partition)
        if by != ZERO:
            faults |= self.system.not_allowed(by, "setFrozen")
            faults |= {"OrderRequired"} if units < self.holding(partition, wallet).frozen else set()
        faults |= {"UnitsOutOfRange"} if units > self.policy.authorised or wallet == ZERO else set()
        if not faults:
            self.holdings.setdefault((partition, wallet), Holding()).frozen = units
        return faults

    # --- calendar -----------------------------------------------------------------------------------------------------

    def ratio_ahead(self) -> int:
        return prod(date.ratio for date in self.calendar[self.epoch :])

    def split(self, ratio: int, start: int) -> Faults:
        faults = self.system.halted()
        if ratio < 2 or self.policy.authorised * self.ratio_ahead() * ratio >= LIMIT:
            faults |= {"SplitRatioOutOfRange"}
        return self._append(ratio, start, faults)

    def record_date(self, start: int) -> Faults:
        return self._append(1, start, self.system.halted())

    def _append(self, ratio: int, start: int, faults: Faults) -> Faults:
        """`start` 0: now."""
        start = start or self.now
        faults |= {"EpochOutOfOrder"} if start < max([self.now, *(date.start for date in self.calendar)]) else set()
        if not faults:
            self.calendar.append(Date(start, ratio))
            self.tick(self.now)
        return faults

    def cancel_date(self) -> Faults:
        faults = self.system.halted() | ({"EpochNotPending"} if self.epoch == len(self.calendar) else set())
        if not faults:
            self.calendar.pop()
        return faults

    # --- orders against holdings --------------------------------------------------------------------------------------

    def force(self, partition: str, sender: str, to: str, units: int, *, redeem: bool = False) -> Faults:
        faults = self.system.halted() | ({"UnitsOutOfRange"} if units == 0 else set())
        faults |= {"ERC20InvalidReceiver"} if to == sender or (to == ZERO and not redeem) else set()
        if faults:
            return faults | self.against(FORCE, partition, sender, to, units)
        return self.move(FORCE, partition, sender, to, units)

    def redeem_matured(self, partition: str, wallets: Iterable[str]) -> Faults:
        if not self.policy.maturity or self.now < self.policy.maturity:
            return self.system.halted() | {"TokenNotMatured"}

        def redeem(wallet: str) -> Faults:
            units = self.supply(partition) if wallet == ZERO else self.units(partition, wallet)
            return self.force(partition, wallet, ZERO, units, redeem=True) if units else set()

        return self.whole(*(partial(redeem, wallet) for wallet in wallets), self.system.halted)

    def reverse(self, terms: Transfer, units: int) -> Faults:
        """Of `terms`, units and epoch are as the transfer was; from its recipient back to its sender."""
        faults = self.system.halted()
        if units == 0 or terms.epoch > self.epoch or terms.sender == terms.recipient or terms.recipient == ZERO:
            return faults | {"ReversalMismatch"}
        known, done = self.reversals.get(terms.origin, (terms, 0))
        if known != terms:
            faults |= {"ReversalMismatch"}
        if units > self.worth(terms.units, terms.epoch) - done:
            faults |= {"ReversalExceeded"}
        if faults:
            return faults | self.against(REVERSE, terms.partition, terms.recipient, terms.sender, units)
        faults = self.move(REVERSE, terms.partition, terms.recipient, terms.sender, units)
        if not faults:
            self.reversals[terms.origin] = (terms, done + units)
        return faults

    def report_loss(self, by: str, number: int, kind: int, partition: str, wallet: str, units: int) -> Faults:
        faults = self.system.not_allowed(by, "reportLoss")
        recorded = self.losses.get(number)
        faults |= {"LossRecorded"} if recorded is not None and recorded.status != "dismissed" else set()
        holding = self.holding(partition, wallet)
        stranded = kind == KEY_LOST and units == 0 and holding.units > 0 and not holding.lost
        gone = kind == REDEEMED_IN_ERROR and 0 < units <= self.redeemed.get(partition, 0)
        faults |= set() if (stranded or gone) and wallet != ZERO else {"LossImplausible"}
        if not faults:
            holding.lost |= stranded
            self.losses[number] = Loss(kind, partition, wallet, units or holding.units)
        return faults

    def dismiss_loss(self, number: int) -> Faults:
        faults, loss = self.system.halted(), self.losses.get(number)
        if loss is None or loss.status != "reported":
            return faults | {"LossNotOpen"}
        if not faults:
            loss.status = "dismissed"
            if loss.kind == KEY_LOST:
                self.holding(loss.partition, loss.wallet).lost = False
        return faults

    def reissue(self, number: int, to: str) -> Faults:
        faults, loss = self.system.halted(), self.losses.get(number)
        if loss is None or loss.status != "reported":
            return faults | {"LossNotOpen"}
        if self.system.investor(loss.wallet) != self.system.investor(to):
            faults |= {"InvestorDiffers"}
        if loss.kind == KEY_LOST:
            return faults or self._carry(loss, to)
        if loss.units > self.redeemed.get(loss.partition, 0):
            faults |= {"LossImplausible"}
        if loss.units > self.policy.authorised - self.supply():
            faults |= {"AuthorisedUnitsExceeded"}
        faults = faults or self.move(REISSUE, loss.partition, ZERO, to, loss.units)
        if not faults:
            loss.status = "made good"
            self.redeemed[loss.partition] -= loss.units
        return faults

    def _carry(self, loss: Loss, to: str) -> Faults:
        """The whole holding goes to another wallet with its frozen units, lots and lock-up; requests do not go."""
        place, old = loss.partition, self.holding(loss.partition, loss.wallet)
        faults = {"UnitsOutOfRange"} if old.units == 0 else set()
        faults |= self.against(REISSUE, place, loss.wallet, to, old.units)
        frozen, lots = old.frozen, self.lots_left(place, loss.wallet)
        if len(lots) + len(self.lots_left(place, to)) > MOST_LOTS:
            faults |= {"LotsFull"}
        if faults:
            return faults
        old.frozen, old.lots = 0, []
        self.move(REISSUE, place, loss.wallet, to, old.units)
        new = self.holding(place, to)
        new.frozen = min(new.frozen + frozen, self.policy.authorised) if frozen else new.frozen
        new.lots += lots
        new.locked_until = max(new.locked_until, old.locked_until)
        loss.status = "made good"
        return faults
