// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Units of `epoch` that a spender may move; the largest value means unlimited.
struct Allowance {
    uint232 units;
    uint16 epoch;
}
