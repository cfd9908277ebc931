// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Units of one holding, counted in units of `epoch`, that are all locked before `cliff`, become free evenly from
/// then on, counted from `start`, and are all free from `end` on (Unix seconds). The units stay what was locked, however
/// many of them are free by now. Where all become free at once the three are one instant.
struct Lot {
    uint96 units;
    uint16 epoch;
    uint40 start;
    uint40 cliff;
    uint40 end;
}
