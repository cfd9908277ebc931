// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";

/// @dev Is no lock-up of the token, the partition or the holding running? Lots are encumbrances. Guideline 6.1.1.7
/// case 2.
library LockupRule {
    function refusal(Move memory m, Facts memory f) internal view returns (bytes memory) {
        uint40 until = f.policy.lockedUntil;
        if (f.partitionLock > until) until = f.partitionLock;
        if (f.fromHolding.lockedUntil > until) until = f.fromHolding.lockedUntil;
        if (block.timestamp >= until) return "";
        return abi.encodeWithSelector(IRefusals.HoldingLockedUp.selector, m.from, until);
    }
}
