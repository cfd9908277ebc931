// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A privileged act proposed by one role and approved by another. `deadline` counts in the system's running time (it
/// stands still while the system is stopped), `proposedAt` and `readyAt` in Unix seconds. `role` is the role that proposed
/// it and may carry it out. Status: 1 proposed, 2 approved, 3 executed, 4 vetoed.
struct Order {
    address proposer;
    uint40 proposedAt;
    uint40 deadline;
    uint8 status;
    bool duringHalt;
    address approver;
    uint48 role;
    uint40 readyAt;
    uint8 basis;
    address target;
    bytes4 selector;
    bytes32 documentHash;
}
