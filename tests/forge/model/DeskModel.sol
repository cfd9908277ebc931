// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Faults} from "./Faults.sol";
import {Locked, Locks} from "./Locks.sol";
import {HolderModel} from "./HolderModel.sol";

/// @dev The acts of the issuer's people, and orders about issue, policy, restrictions and the calendar.
abstract contract DeskModel is HolderModel {

    function _unknown(uint256 partition) private pure returns (uint256) {
        return Faults.when(partition >= PARTITIONS, Faults.PARTITION_UNKNOWN);
    }

    function issue(uint256 partition, Step[] memory rows) internal returns (uint256 faults) {
        faults = halted() | _unknown(partition) | Faults.when(policy.closed, Faults.ISSUANCE_CLOSED);
        faults |= Faults.when(rows.length == 0, Faults.LISTS_DIFFER);
        uint256 total;
        for (uint256 i; i < rows.length; ++i) {
            faults |= Faults.when(rows[i].units == 0 || rows[i].units >= LIMIT, Faults.UNITS_OUT_OF_RANGE);
            total += rows[i].units;
        }
        faults |= Faults.when(total > policy.authorised - supply(), Faults.AUTHORISED_UNITS_EXCEEDED);
        return faults == 0 ? many(rows) : faults;
    }

    function finalizeIssue() internal returns (uint256 faults) {
        faults = halted() | Faults.when(policy.closed, Faults.ISSUANCE_CLOSED);
        if (faults == 0) policy.closed = true;
    }

    function raise(uint256 units) internal returns (uint256 faults) {
        bool out = units <= policy.authorised || units >= LIMIT || units * ahead() >= LIMIT;
        faults = halted() | Faults.when(out, Faults.UNITS_OUT_OF_RANGE);
        if (faults == 0) policy.authorised = units;
    }

    function allot(uint256 partition, uint256 units) internal returns (uint256 faults) {
        faults = halted() | _unknown(partition) | Faults.when(units > policy.authorised, Faults.UNITS_OUT_OF_RANGE);
        if (faults == 0) allotment[partition] = units;
    }

    function distribute(bool may, uint256 partition, Step[] memory rows) internal returns (uint256 faults) {
        faults = roleAct(may) | Faults.when(rows.length == 0, Faults.LISTS_DIFFER);
        uint256 total;
        for (uint256 i; i < rows.length; ++i) total += rows[i].units;
        uint256 left = allotment[partition];
        if (faults == 0) faults = total > left ? _refused(rows) | Faults.ALLOTMENT_EXCEEDED : many(rows);
        if (faults == 0) allotment[partition] = left - total;
    }

    /// @dev What stands against any row as things are: the rows are played before their sum is known.
    function _refused(Step[] memory rows) private view returns (uint256 faults) {
        uint256 total;
        for (uint256 i; i < rows.length; ++i) {
            faults |= against(rows[i]);
            Step memory whole = rows[i];
            (total, whole.units) = (total + rows[i].units, total + rows[i].units);
            faults |= against(whole);
        }
    }

    function setPolicy(uint16 classes, uint24 cap, bool approval, bool whole) internal returns (uint256 faults) {
        bool unlawful = _unlawful(classes, cap, approval) || (cap == 0) != (policy.cap == 0);
        unlawful = unlawful || (policy.category == 3 && !whole);
        faults = halted() | Faults.when(unlawful, Faults.TERMS_INCONSISTENT);
        if (faults != 0) return faults;
        (policy.classes, policy.cap, policy.approval, policy.whole) = (classes, cap, approval, whole);
    }

    /// @dev Whether the floor of the legal category forbids it. Classes: QII 2, PRO 4, SPECIAL 8.
    function _unlawful(uint16 classes, uint24 cap, bool approval) private view returns (bool) {
        uint8 c = policy.category;
        uint16 only = c == 2 ? 2 : c == 4 ? 10 : c == 5 ? 6 : type(uint16).max;
        uint24 most = c == 3 ? 49 : c == 6 ? 499 : 0;
        return classes == 0 || classes & ~only != 0 || (most != 0 && (cap == 0 || cap > most)) || (c == 4 && !approval);
    }

    function pause(bool may) internal returns (uint256 faults) {
        faults = roleAct(may);
        if (faults == 0) (policy.paused, policy.pausedAt) = (true, today);
    }

    function unpause() internal returns (uint256 faults) {
        faults = halted() | stale(policy.pausedAt);
        if (faults == 0) policy.paused = false;
    }

    /// @dev The token (`all`), a partition (NOBODY) or one holding; `until` 0 unlocks.
    function lockUp(bool all, uint256 partition, uint256 wallet, uint256 until) internal returns (uint256 faults) {
        faults = halted() | Faults.when(until != 0 && until <= today, Faults.TIME_NOT_FUTURE);
        if (!all) faults |= _unknown(partition);
        if (faults != 0) return faults;
        if (all) policy.lockedUntil = until;
        else if (wallet == NOBODY) partitionLock[partition] = until;
        else held[partition][wallet].lockedUntil = until;
    }

    /// @dev Units of before a split are not those of after it: an order that counts them is from after the last date.
    function counted() internal view returns (uint256) {
        return stale(epoch == 0 ? 0 : dates[epoch - 1].start);
    }

    /// @dev Where all become free at once the start does not matter.
    function lockLot(uint256 partition, uint256 wallet, Locked memory lot) internal returns (uint256 faults) {
        faults = halted() | Faults.when(lot.end <= today, Faults.TIME_NOT_FUTURE);
        faults |= Faults.when(lot.start > lot.cliff || lot.cliff > lot.end, Faults.RULE_UNSOUND);
        faults |= Faults.when(wallet == NOBODY, Faults.UNITS_OUT_OF_RANGE);
        bool short = lot.units == 0 || lot.units > free(partition, wallet);
        faults |= Faults.when(short, Faults.INSUFFICIENT_UNFROZEN_BALANCE);
        faults |= counted() | Faults.when(lotsLeft(partition, wallet) >= MOST_LOTS, Faults.LOTS_FULL);
        if (lot.cliff == lot.end) lot.start = lot.end;
        if (faults == 0) lots[partition][wallet].push(lot);
    }

    /// @dev One that is just so.
    function releaseLot(uint256 partition, uint256 wallet, Locked memory lot) internal returns (uint256 faults) {
        faults = halted();
        if (faults != 0 || lot.end <= today) return faults;
        Locked[] storage all = lots[partition][wallet];
        uint256 i;
        while (i < all.length && !Locks.alike(all[i], lot)) ++i;
        require(i < all.length, "a lot was released that the model does not have");
        all[i] = all[all.length - 1];
        all.pop();
    }

    function setTreasury(uint256 wallet) internal returns (uint256 faults) {
        bool differs = known[wallet].investor != known[policy.treasury].investor;
        faults = halted() | Faults.when(differs, Faults.INVESTOR_DIFFERS);
        if (faults == 0) policy.treasury = wallet;
    }

    function split(uint256 ratio, uint256 start) internal returns (uint256 faults) {
        bool out = ratio < 2 || ratio >= LIMIT || policy.authorised * ahead() * ratio >= LIMIT;
        return _append(ratio, start, halted() | Faults.when(out, Faults.SPLIT_RATIO_OUT_OF_RANGE));
    }

    function recordDate(uint256 start) internal returns (uint256) {
        return _append(1, start, halted());
    }

    /// @dev `start` 0: now.
    function _append(uint256 ratio, uint256 start, uint256 faults) private returns (uint256) {
        if (start == 0) start = today;
        uint256 last = dates.length == 0 ? 0 : dates[dates.length - 1].start;
        faults |= Faults.when(start < today || start < last, Faults.EPOCH_OUT_OF_ORDER);
        if (faults != 0) return faults;
        dates.push(Date(start, ratio));
        tick(today);
        return faults;
    }

    function cancelDate() internal returns (uint256 faults) {
        faults = halted() | Faults.when(epoch == dates.length, Faults.EPOCH_NOT_PENDING);
        if (faults == 0) dates.pop();
    }
}
