// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev When units may be transferred: from `opens` on, before `closes`, and not from `shutFrom` until `shutUntil`. Unix
/// seconds; the end of each span is the first second outside of it; 0 = no bound.
struct Window {
    uint40 opens;
    uint40 closes;
    uint40 shutFrom;
    uint40 shutUntil;
}
