// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISystem} from "../interfaces/ISystem.sol";

/// @dev The ERC-1400 status byte and the ASCII reason of a refusal. A linked library, only for views. Bytes are those
/// of the ERC-1400 table, which ERC-1066 gives other meanings.
library StatusCodes {
    function read(bytes memory refusal) external pure returns (bytes1, bytes32) {
        if (refusal.length == 0) return (0x51, "");
        bytes4 e = bytes4(refusal);
        if (e == ISystem.SystemHalted.selector) return (0x54, "HALTED");
        if (e == IRefusals.TokenPaused.selector) return (0x54, "PAUSED");
        if (e == IERC20Errors.ERC20InsufficientBalance.selector) return (0x52, "BALANCE");
        if (e == IERC20Errors.ERC20InsufficientAllowance.selector) return (0x53, "ALLOWANCE");
        if (e == IERC20Errors.ERC20InvalidReceiver.selector) return (0x57, "ZERO_ADDRESS");
        if (e == IERC7943.ERC7943InsufficientUnfrozenBalance.selector) return (0x55, "FROZEN");
        if (e == IIssuance.PartitionUnknown.selector) return (0x50, "PARTITION");
        if (e == IRefusals.WalletUnregistered.selector) return (0x56, "KYC");
        if (e == IRefusals.InvestorExpired.selector) return (0x56, "KYC_EXPIRED");
        if (e == IRefusals.InvestorClassRefused.selector) return (0x57, "CATEGORY");
        if (e == IRefusals.WalletFrozen.selector) return (0x56, "ADDR_FROZEN");
        if (e == IRefusals.HoldingLost.selector) return (0x56, "LOST");
        if (e == IRefusals.HoldingLockedUp.selector) return (0x55, "LOCKUP");
        if (e == IRefusals.HolderCapReached.selector) return (0x57, "HOLDER_CAP");
        if (e == IRefusals.TransferApprovalRequired.selector) return (0x55, "APPROVAL_REQ");
        if (e == IRefusals.TokenMatured.selector) return (0x55, "MATURED");
        if (e == IRefusals.RedemptionNotDue.selector) return (0x55, "NOT_DUE");
        return (0x50, bytes32(e));
    }
}
