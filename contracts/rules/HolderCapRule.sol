// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";

/// @dev Would no more investors hold than may? Counted by investor, not by wallet; a seller who sells out makes room.
/// Guideline 6.1.1.7.
library HolderCapRule {
    function refusal(Facts memory f) internal pure returns (bytes memory) {
        if (f.holders <= f.policy.holderCap) return "";
        return abi.encodeWithSelector(IRefusals.HolderCapReached.selector, f.policy.holderCap);
    }
}
