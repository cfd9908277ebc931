// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Does a transfer take the holding as a whole? Guideline 6.1.1.7, small-number placements. The gate does not ask it
/// of the issuer's treasury.
library WholeHoldingRule {
    function refuses(MoveKind kind, uint256 units, Holding h) internal pure returns (bool) {
        return kind == MoveKind.Transfer && units != 0 && units < HoldingWord.units(h);
    }

    function refusal(address from, uint256 units, Holding h) internal pure returns (bytes memory) {
        return Refusal.encode(IRefusals.WholeHoldingOnly.selector, from, units, HoldingWord.units(h));
    }
}
