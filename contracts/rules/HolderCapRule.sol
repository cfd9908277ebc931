// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Would no more investors hold than may? Counted by investor, not by wallet; a seller who sells out makes room, and
/// a Move that does not add a holder is not refused. Guideline 6.1.1.7.
library HolderCapRule {
    function refuses(uint256 before, uint256 afterwards, uint24 cap) internal pure returns (bool) {
        return afterwards > before && afterwards > cap;
    }

    function refusal(uint24 cap) internal pure returns (bytes memory) {
        return Refusal.encode(IRefusals.HolderCapReached.selector, cap);
    }
}
