// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev How many units one holding may have and one Move may carry, counted in units of `epoch`; 0 = no limit.
struct Limits {
    uint96 minimum;
    uint96 maximum;
    uint16 epoch;
    uint96 lotSize;
}
