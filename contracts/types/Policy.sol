// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev All that an ordinary transfer needs to know of its token, in one storage slot.
/// `governs`: byte r is the mask of Move kinds that rule r governs (see {Rules}). Times are Unix seconds, 0 = none.
/// `holderCap`: investors that may hold at once, 0 = holders are not counted. `epoch`: the current epoch as of the
/// last touch; `nextEpochAt`: when the next one begins.
struct Policy {
    uint64 governs;
    uint40 nextEpochAt;
    uint40 lockedUntil;
    uint40 maturity;
    uint24 holderCap;
    uint16 receiveClasses;
    uint16 epoch;
    uint8 flags;
}
