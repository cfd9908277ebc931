// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Refusal} from "../types/Refusal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is the wallet not frozen? Guideline 6.1.1.7, both sides.
library FreezeRule {
    function refuses(Standing s) internal pure returns (bool) {
        return Standings.frozen(s);
    }

    function refusal(address wallet) internal pure returns (bytes memory) {
        return Refusal.encode(IRefusals.WalletFrozen.selector, wallet);
    }
}
