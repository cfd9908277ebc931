// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The frozen units of one holding, counted in units of `epoch`, and when they last became more, Unix seconds.
struct Frozen {
    uint96 units;
    uint16 epoch;
    uint40 since;
}
