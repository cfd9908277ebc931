// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev One row of the role matrix: masks of roles (bit r = role r, 1 to 62) that may execute a function alone,
/// propose it, approve it; the delay in seconds between approval and execution; whether its order runs while HALTED.
struct Row {
    uint64 executors;
    uint64 proposers;
    uint64 approvers;
    uint32 delay;
    bool duringHalt;
}
