// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HaltLevel} from "./HaltLevel.sol";
import {Holding} from "./Holding.sol";
import {Policy} from "./Policy.sol";
import {Standing} from "./Standing.sol";

/// @dev What every rule may ask about one Move, read once. Both holdings are brought forward to `epoch`; `rules` are
/// the bits of the rules that govern the Move. The holding of
/// the zero address is the partition itself, which is how an issue and a redemption change the supply.
struct Facts {
    HaltLevel level;
    uint16 epoch;
    Standing from;
    Standing to;
    Policy policy;
    uint256 rules;
    Holding fromHolding;
    Holding toHolding;
}
