// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7943} from "../interfaces/IERC7943.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";

/// @dev Does nothing encumber the units, and is the holding not reported lost? Guideline 6.1.1.7.
library FreeUnitsRule {
    function refusal(Move memory m, Facts memory f) internal pure returns (bytes memory) {
        if (f.fromHolding.lost) return abi.encodeWithSelector(IRefusals.HoldingLost.selector, m.from);
        if (f.fromHolding.encumbered == 0 || m.units <= f.free) return "";
        return
            abi.encodeWithSelector(IERC7943.ERC7943InsufficientUnfrozenBalance.selector, m.from, m.units, f.free);
    }
}
