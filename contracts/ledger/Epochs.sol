// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICorporateCalendar} from "../interfaces/ICorporateCalendar.sol";
import {Ratios} from "./Ratios.sol";
import {TokenState} from "./TokenState.sol";
import {Epoch} from "../types/Epoch.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Quantity} from "../types/Quantity.sol";

/// @dev A token's corporate-action calendar. A stored number of units carries the epoch it was written in; reading it
/// in a later epoch multiplies it by the splits between. That is exact, because every factor is an integer multiple of
/// each earlier one.
abstract contract Epochs is TokenState {
    using PolicyWord for Policy;

    function _epoch() internal view returns (uint16) {
        return _epochOf(_policy);
    }

    /// @dev The epoch that time has brought, whether or not it is written.
    function _epochOf(Policy policy) internal view returns (uint16 epoch) {
        epoch = policy.epoch();
        uint40 next = policy.nextEpochAt();
        while (next != 0 && block.timestamp >= next) {
            ++epoch;
            next = _epochs[epoch + 1].start;
        }
    }

    /// @dev Writes the epoch that time has brought, if it is a new one.
    function _roll() internal returns (uint16 epoch) {
        Policy policy = _policy;
        epoch = _epochOf(policy);
        if (epoch == policy.epoch()) return epoch;
        _policy = policy.withEpoch(epoch).withNextEpochAt(_epochs[epoch + 1].start);
    }

    function _ratio(uint16 from, uint16 to) internal view returns (uint256) {
        return Ratios.ratio(_epochs, from, to);
    }

    function _scale(Quantity memory q, uint16 to) internal view returns (uint256) {
        return q.units == 0 ? 0 : q.units * _ratio(q.epoch, to);
    }

    function _quantity(uint256 units, uint16 epoch) internal pure returns (Quantity memory) {
        assert(units <= type(uint96).max);
        return Quantity(uint96(units), epoch);
    }

    function _recordDatesUpTo(uint16 epoch) internal view returns (uint16) {
        return epoch == 0 ? 0 : _epochs[epoch].recordDates;
    }

    /// @dev Reverts unless `epoch` is a record date that has passed.
    function _requireRecordDate(uint16 epoch) internal view {
        Epoch memory e = _epochs[epoch];
        if (epoch == 0 || e.start == 0 || e.start > block.timestamp || e.recordDates == _recordDatesUpTo(epoch - 1)) {
            revert ICorporateCalendar.RecordDateUnknown(epoch);
        }
    }
}
