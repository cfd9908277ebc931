// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A lot as a person would keep it: what was locked, and the three dates.
struct Locked {
    uint256 units;
    uint256 start;
    uint256 cliff;
    uint256 end;
}

/// @dev The share of a lot that is locked at an instant, and the order in which lots give way.
library Locks {
    /// @dev The units that are free are a share rounded down: whatever is left of them is locked.
    function locked(Locked memory lot, uint256 time) internal pure returns (uint256) {
        if (time < lot.cliff) return lot.units;
        if (time >= lot.end) return 0;
        return lot.units - lot.units * (time - lot.start) / (lot.end - lot.start);
    }

    /// @dev The most units of its dates of which no more than `most` are locked, found by trying.
    function atMost(Locked memory lot, uint256 most, uint256 time) internal pure returns (uint256 low) {
        uint256 high = lot.units;
        while (low < high) {
            lot.units = (low + high + 1) / 2;
            if (locked(lot, time) <= most) low = lot.units;
            else high = lot.units - 1;
        }
    }

    /// @dev Whether a lot gives way before another: by end, cliff, start, units.
    function before(Locked memory a, Locked memory b) internal pure returns (bool) {
        if (a.end != b.end) return a.end < b.end;
        if (a.cliff != b.cliff) return a.cliff < b.cliff;
        return a.start == b.start ? a.units < b.units : a.start < b.start;
    }

    function alike(Locked memory a, Locked memory b) internal pure returns (bool) {
        return a.units == b.units && a.start == b.start && a.cliff == b.cliff && a.end == b.end;
    }
}
