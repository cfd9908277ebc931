// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7943} from "../interfaces/IERC7943.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Does nothing encumber the units, and is the holding not reported lost? Guideline 6.1.1.7. `free` is asked for
/// only when the holding is hindered at all (see {HoldingWord}).
library FreeUnitsRule {
    function refuses(Holding h, uint256 units, uint256 free) internal pure returns (bool) {
        return HoldingWord.lost(h) || units > free;
    }

    function refusal(address from, Holding h, uint256 units, uint256 free) internal pure returns (bytes memory) {
        if (HoldingWord.lost(h)) return Refusal.encode(IRefusals.HoldingLost.selector, from);
        return Refusal.encode(IERC7943.ERC7943InsufficientUnfrozenBalance.selector, from, units, free);
    }
}
