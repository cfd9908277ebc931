// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Quantity} from "./Quantity.sol";

/// @dev What was returned of one earlier transfer. `terms` = keccak256(abi.encode(partition, from, to, units, epoch)).
struct Reversal {
    bytes32 terms;
    Quantity done;
}
