// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Move} from "../types/Move.sol";

/// @dev Has the issuer consented to this one transfer? Guideline 6.1.1.7, request and approval.
library ApprovalRule {
    function refusal(Move memory m) internal pure returns (bytes memory) {
        return m.approved ? bytes("") : abi.encodeWithSelector(IRefusals.TransferApprovalRequired.selector);
    }
}
