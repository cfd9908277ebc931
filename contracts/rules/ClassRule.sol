// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is the receiver of a class that may hold this security? The issuer's treasury is. Guideline 6.1.1.7 case 1.
library ClassRule {
    function refusal(Move memory m, Facts memory f) internal pure returns (bytes memory) {
        uint32 classes = Standings.classes(f.to);
        if (classes & f.policy.receiveClasses != 0 || m.to == address(0) || m.to == f.treasury) return "";
        return
            abi.encodeWithSelector(IRefusals.InvestorClassRefused.selector, m.to, classes, f.policy.receiveClasses);
    }
}
