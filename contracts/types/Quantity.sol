// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A number of units and the epoch in whose units it counts.
struct Quantity {
    uint96 units;
    uint16 epoch;
}
