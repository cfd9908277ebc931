// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Units of one holding that are locked up until `until` (Unix seconds), counted in units of `epoch`.
struct Lot {
    uint96 units;
    uint16 epoch;
    uint40 until;
}
