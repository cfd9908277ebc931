// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HaltLevel} from "./HaltLevel.sol";
import {Holding} from "./Holding.sol";
import {Policy} from "./Policy.sol";
import {Standing} from "./Standing.sol";

/// @dev Everything the rules may ask about one Move, read once. Both holdings are brought forward to `epoch`.
/// `free`: units of the sender that nothing encumbers. `holders` is what the holder count would become; it and
/// `treasury` and `partitionLock` are read only when a rule in force needs them.
struct Facts {
    HaltLevel level;
    uint16 epoch;
    Standing from;
    Standing to;
    Policy policy;
    Holding fromHolding;
    Holding toHolding;
    uint256 free;
    uint256 holders;
    address treasury;
    uint40 partitionLock;
}
