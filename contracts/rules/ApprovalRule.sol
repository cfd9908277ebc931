// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";

/// @dev Has the issuer consented to this one transfer? Guideline 6.1.1.7, request and approval.
library ApprovalRule {
    function refuses(bool approved) internal pure returns (bool) {
        return !approved;
    }

    function refusal() internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IRefusals.TransferApprovalRequired.selector);
    }
}
