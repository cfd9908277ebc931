// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Is no lock-up of the token, the partition or the holding running? Lots are encumbrances. Guideline 6.1.1.7
/// case 2.
library LockupRule {
    function refuses(uint40 until) internal view returns (bool) {
        return block.timestamp < until;
    }

    function refusal(address from, uint40 until) internal pure returns (bytes memory) {
        return Refusal.encode(IRefusals.HoldingLockedUp.selector, from, until);
    }

    function latest(uint40 token, uint40 partition, uint40 holding) internal pure returns (uint40 until) {
        until = token > partition ? token : partition;
        if (holding > until) until = holding;
    }
}
