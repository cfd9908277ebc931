// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A transfer that waits for the issuer's consent. The units stay registered to `holder`, encumbered.
/// `deadline` counts in the system's running time. An ended request is deleted.
struct TransferRequest {
    address holder;
    uint96 units;
    address to;
    uint40 deadline;
    uint16 epoch;
    bytes32 partition;
}
