// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A recorded loss. Kind 1: the wallet's key is lost, the units are still registered to it. Kind 2: units were
/// redeemed in error and are gone. Times are Unix
/// seconds. Status: 1 reported, 2 made good, 3 dismissed.
struct Loss {
    address wallet;
    uint96 units;
    bytes32 partition;
    bytes32 evidence;
    uint16 epoch;
    uint8 kind;
    uint8 status;
    uint40 reportedAt;
}
