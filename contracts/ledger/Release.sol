// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lot} from "../types/Lot.sol";

/// @dev How the units of a lot become free by time alone. Always of the lot as it was locked, so that neither when nor
/// how often somebody looks changes anything, and rounded up: a unit is locked until the whole of it is free.
library Release {
    /// @dev How many units of a lot are locked at an instant.
    function locked(Lot memory lot, uint256 time) internal pure returns (uint256) {
        if (time >= lot.end) return 0;
        (uint256 left, uint256 whole) = _share(lot, time);
        return (lot.units * left + whole - 1) / whole;
    }

    /// @dev The largest lot of the same dates of which no more than `units` units are locked at an instant before its
    /// end. Exactly as many are, as a share is never more than the whole.
    function shrunk(Lot memory lot, uint256 units, uint256 time) internal pure returns (uint256) {
        (uint256 left, uint256 whole) = _share(lot, time);
        return units * whole / left;
    }

    /// @dev What share of a lot is locked before its end.
    function _share(Lot memory lot, uint256 time) private pure returns (uint256 left, uint256 whole) {
        return time < lot.cliff ? (1, 1) : (lot.end - time, lot.end - lot.start);
    }
}
