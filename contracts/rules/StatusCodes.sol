// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6093} from "../interfaces/IERC6093.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {ITokenErrors} from "../interfaces/ITokenErrors.sol";

/// @dev The ERC-1400 status byte and the ASCII reason of a refusal. A linked library, only for views. Bytes are those
/// of the ERC-1400 table, which ERC-1066 gives other meanings.
library StatusCodes {
    /// @param to the receiver asked about: a refusal that names it is the receiver's
    function read(bytes memory refusal, address to) external pure returns (bytes1, bytes32) {
        if (refusal.length == 0) return (0x51, "");
        bytes4 e = bytes4(refusal);
        if (e == ISystem.SystemHalted.selector) return (0x54, "HALTED");
        if (e == IRefusals.TokenPaused.selector) return (0x54, "PAUSED");
        if (e == IERC6093.ERC20InsufficientBalance.selector) return (0x52, "BALANCE");
        if (e == IERC6093.ERC20InsufficientAllowance.selector) return (0x53, "ALLOWANCE");
        if (e == IERC6093.ERC20InvalidSender.selector) return (0x56, "ZERO_ADDRESS");
        if (e == IERC6093.ERC20InvalidReceiver.selector) return (0x57, "ZERO_ADDRESS");
        if (e == IERC7943.ERC7943InsufficientUnfrozenBalance.selector) return (0x55, "FROZEN");
        if (e == IIssuance.PartitionUnknown.selector) return (0x50, "PARTITION");
        if (e == IRefusals.InvestorClassRefused.selector) return (0x57, "CATEGORY");
        if (e == IRefusals.HoldingLockedUp.selector) return (0x55, "LOCKUP");
        if (e == IRefusals.HolderCapReached.selector) return (0x57, "HOLDER_CAP");
        if (e == IRefusals.TransferApprovalRequired.selector) return (0x55, "APPROVAL_REQ");
        if (e == IRefusals.TokenMatured.selector) return (0x55, "MATURED");
        if (e == IRefusals.RedemptionNotDue.selector) return (0x55, "NOT_DUE");
        if (e == ITokenErrors.OperatorUnauthorized.selector) return (0x58, "OPERATOR");
        bytes32 why = _ofBook(e);
        if (why != 0) return (_byteOf(why), why);
        bytes32 reason = _ofWallet(e);
        if (reason == 0) return (0x50, bytes32(e));
        return (_names(refusal, to) ? bytes1(0x57) : bytes1(0x56), reason);
    }

    /// @dev The reasons of the rule book.
    function _ofBook(bytes4 e) private pure returns (bytes32) {
        if (e == IRefusals.CountryRefused.selector) return "COUNTRY";
        if (e == IRefusals.HoldingBelowMinimum.selector) return "MIN_HOLDING";
        if (e == IRefusals.HoldingAboveMaximum.selector) return "MAX_HOLDING";
        if (e == IRefusals.UnitsNotInLots.selector) return "LOT_SIZE";
        if (e == IRefusals.WholeHoldingOnly.selector) return "WHOLE_ONLY";
        if (e == IRefusals.TransferWindowClosed.selector) return "WINDOW";
        if (e == IRefusals.ClosedPeriodRunning.selector) return "CLOSED_PERIOD";
        if (e == IRefusals.RuleRefused.selector) return "RULE";
        if (e == IRefusals.RuleUnanswered.selector) return "RULE_FAILED";
        return 0;
    }

    function _byteOf(bytes32 reason) private pure returns (bytes1) {
        if (reason == "COUNTRY" || reason == "MAX_HOLDING") return 0x57;
        return reason == "WINDOW" || reason == "CLOSED_PERIOD" ? bytes1(0x55) : bytes1(0x50);
    }

    /// @dev The reasons that lie in a wallet, the sender's or the receiver's.
    function _ofWallet(bytes4 e) private pure returns (bytes32) {
        if (e == IRefusals.WalletUnregistered.selector) return "KYC";
        if (e == IRefusals.InvestorExpired.selector) return "KYC_EXPIRED";
        if (e == IRefusals.WalletFrozen.selector) return "ADDR_FROZEN";
        if (e == IRefusals.HoldingLost.selector) return "LOST";
        if (e == IRefusals.WalletSanctioned.selector) return "SANCTION";
        return 0;
    }

    /// @dev Whether the first argument of the error is `wallet`.
    function _names(bytes memory refusal, address wallet) private pure returns (bool same) {
        assembly ("memory-safe") {
            same := eq(mload(add(refusal, 0x24)), wallet)
        }
    }
}
