// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Refusal} from "../types/Refusal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is the wallet registered to an investor whose registration is valid? Guideline 6.1.1.7 case 1, both sides.
library StandingRule {
    function refuses(Standing s) internal view returns (bool) {
        return block.timestamp >= Standings.validUntil(s);
    }

    function refusal(address wallet, Standing s) internal pure returns (bytes memory) {
        if (Standings.investor(s) == 0) return Refusal.encode(IRefusals.WalletUnregistered.selector, wallet);
        return Refusal.encode(IRefusals.InvestorExpired.selector, wallet, Standings.validUntil(s));
    }
}
