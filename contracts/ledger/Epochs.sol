// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICorporateCalendar} from "../interfaces/ICorporateCalendar.sol";
import {TokenState} from "./TokenState.sol";
import {Epoch} from "../types/Epoch.sol";

/// @dev A token's corporate-action calendar. A stored number of units carries the epoch it was written in; reading it
/// in a later epoch multiplies it by the splits between. That is exact, because every factor is an integer multiple of
/// each earlier one.
abstract contract Epochs is TokenState {
    function _epoch() internal view returns (uint16) {
        return _epochNow(_policy.epoch, _policy.nextEpochAt);
    }

    function _epochNow(uint16 epoch, uint40 nextAt) internal view returns (uint16) {
        if (nextAt == 0 || block.timestamp < nextAt) return epoch;
        do {
            ++epoch;
            nextAt = _epochs[epoch + 1].start;
        } while (nextAt != 0 && block.timestamp >= nextAt);
        return epoch;
    }

    /// @dev Writes the epoch that time has brought, if any.
    function _roll() internal returns (uint16 epoch) {
        uint16 before = _policy.epoch;
        epoch = _epochNow(before, _policy.nextEpochAt);
        if (epoch != before) {
            _policy.epoch = epoch;
            _policy.nextEpochAt = _epochs[epoch + 1].start;
        }
    }

    function _scale(uint96 units, uint16 from, uint16 to) internal view returns (uint96) {
        if (from == to || units == 0) return units;
        return uint96(uint256(units) * (_factor(to) / _factor(from)));
    }

    function _factor(uint16 epoch) internal view returns (uint256) {
        return epoch == 0 ? 1 : _epochs[epoch].factor;
    }

    function _recordDatesUpTo(uint16 epoch) internal view returns (uint16) {
        return _epochs[epoch].recordDates;
    }

    /// @dev Reverts unless `epoch` is a record date that has passed.
    function _requireRecordDate(uint16 epoch) internal view {
        Epoch memory e = _epochs[epoch];
        if (epoch == 0 || e.start == 0 || e.start > block.timestamp || e.recordDates == _epochs[epoch - 1].recordDates) {
            revert ICorporateCalendar.RecordDateUnknown(epoch);
        }
    }
}
