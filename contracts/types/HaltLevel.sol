// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev NORMAL: everything runs. RESTRICTED: holders and issuers stand still, rescue (force, reissue, reverse) runs.
/// HALTED: nothing moves.
enum HaltLevel {
    NORMAL,
    RESTRICTED,
    HALTED
}
