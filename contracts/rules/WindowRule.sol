// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Window} from "../types/Window.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Is it a time at which units may be transferred? Guideline 6.1.1.7 case 2.
library WindowRule {
    function refusal(Window memory w) internal view returns (bytes memory) {
        if (block.timestamp < w.opens || (w.closes != 0 && block.timestamp >= w.closes)) {
            return Refusal.encode(IRefusals.TransferWindowClosed.selector, w.opens, w.closes);
        }
        if (block.timestamp >= w.shutFrom && block.timestamp < w.shutUntil) return closed(w.shutUntil);
        return "";
    }

    function closed(uint40 until) internal pure returns (bytes memory) {
        return Refusal.encode(IRefusals.ClosedPeriodRunning.selector, until);
    }
}
