// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICorporateCalendar} from "../interfaces/ICorporateCalendar.sol";
import {PrivilegedMoves} from "../token/PrivilegedMoves.sol";
import {Epoch} from "../types/Epoch.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @dev Splits and record dates: dates are put on the end of the calendar and take effect by time.
abstract contract CalendarActions is PrivilegedMoves, ICorporateCalendar {
    using PolicyWord for Policy;

    /// @inheritdoc ICorporateCalendar
    function split(uint256 ratio, uint40 start) external ordered returns (uint16) {
        if (ratio < 2 || ratio >= UNITS_LIMIT || _authorisedUnits() * _pendingRatio() * ratio >= UNITS_LIMIT) {
            revert SplitRatioOutOfRange(ratio);
        }
        return _append(ratio, start);
    }

    /// @inheritdoc ICorporateCalendar
    function scheduleRecordDate(uint40 start) external ordered returns (uint16) {
        return _append(1, start);
    }

    /// @inheritdoc ICorporateCalendar
    function cancelLastEpoch() external ordered {
        _cancelLast();
    }

    /// @inheritdoc ICorporateCalendar
    function currentEpoch() external view returns (uint16) {
        return _epoch();
    }

    /// @inheritdoc ICorporateCalendar
    function epochOf(uint16 epoch) external view returns (Epoch memory) {
        return epoch == 0 ? Epoch(0, 1, 0) : _epochs[epoch];
    }

    /// @inheritdoc ICorporateCalendar
    function balanceOfAt(bytes32 partition, address holder, uint16 epoch) external view returns (uint256) {
        return holder == address(0) ? 0 : _unitsAt(partition, holder, epoch);
    }

    /// @inheritdoc ICorporateCalendar
    function totalSupplyAt(bytes32 partition, uint16 epoch) external view returns (uint256) {
        return _unitsAt(partition, address(0), epoch);
    }

    /// @dev The product of the splits that lie ahead.
    function _pendingRatio() internal view returns (uint256) {
        return _ratio(_epoch(), _lastEpoch());
    }

    /// @dev The last epoch on the calendar, which may lie ahead.
    function _lastEpoch() private view returns (uint16 last) {
        last = _policy.epoch();
        while (_epochs[last + 1].start != 0) ++last;
    }

    /// @dev Puts a date on the end of the calendar: a split if `ratio` > 1, else a record date.
    function _append(uint256 ratio, uint40 start) private returns (uint16 epoch) {
        uint16 last = _lastEpoch();
        Epoch memory e = last == 0 ? Epoch(0, 1, 0) : _epochs[last];
        uint40 earliest = e.start > block.timestamp ? e.start : uint40(block.timestamp);
        if (start == 0) start = uint40(block.timestamp);
        if (start < earliest) revert EpochOutOfOrder(start, earliest);
        epoch = last + 1;
        (e.start, e.factor) = (start, uint96(e.factor * ratio));
        if (ratio == 1) ++e.recordDates;
        _epochs[epoch] = e;
        Policy p = _policy;
        if (start == block.timestamp) _policy = p.withEpoch(epoch).withNextEpochAt(0);
        else if (p.nextEpochAt() == 0) _policy = p.withNextEpochAt(start);
        if (ratio == 1) emit RecordDateScheduled(epoch, start);
        else emit SplitScheduled(epoch, ratio, e.factor, start);
    }

    function _cancelLast() private {
        uint16 last = _lastEpoch();
        if (_epochs[last].start <= block.timestamp) revert EpochNotPending();
        delete _epochs[last];
        if (last == _roll() + 1) _policy = _policy.withNextEpochAt(0);
        emit EpochCancelled(last);
    }
}
