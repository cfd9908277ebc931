// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Refusal} from "../types/Refusal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is the receiver of a class that may hold this security? Guideline 6.1.1.7 case 1. The gate does not ask it of
/// the issuer's treasury.
library ClassRule {
    uint32 private constant CUSTODY = 64;

    function refuses(Standing s, Policy p) internal pure returns (bool) {
        return Standings.classes(s) & PolicyWord.receiveClasses(p) == 0;
    }

    /// @dev A forced move may always go to a court's or a custodian's account.
    function isCustody(Standing s) internal pure returns (bool) {
        return Standings.classes(s) & CUSTODY != 0;
    }

    function refusal(address to, Standing s, Policy p) internal pure returns (bytes memory) {
        return Refusal.encode(
            IRefusals.InvestorClassRefused.selector, to, Standings.classes(s), PolicyWord.receiveClasses(p)
        );
    }
}
