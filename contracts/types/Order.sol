// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A privileged act proposed by one role and approved by another. `act` = keccak256(abi.encode(target, data)).
/// `deadline` and `readyAt` count in the system's running time (they stand still while it is stopped).
/// Status: 1 proposed, 2 approved, 3 executed, 4 vetoed.
struct Order {
    bytes32 act;
    address proposer;
    uint40 deadline;
    uint40 readyAt;
    uint8 status;
    uint8 basis;
    address approver;
    address target;
    bytes4 selector;
    bytes32 documentHash;
}
