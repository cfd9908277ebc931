// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A point on a token's corporate-action calendar. `start`: Unix seconds of the first block in it; `factor`: the
/// product of all split ratios up to and including it; `recordDates`: how many record dates up to and including it.
struct Epoch {
    uint40 start;
    uint96 factor;
    uint16 recordDates;
}
