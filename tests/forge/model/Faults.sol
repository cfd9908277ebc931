// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../../../contracts/interfaces/IAuthority.sol";
import {ICorporateCalendar} from "../../../contracts/interfaces/ICorporateCalendar.sol";
import {IERC6093} from "../../../contracts/interfaces/IERC6093.sol";
import {IERC7943} from "../../../contracts/interfaces/IERC7943.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IOrders} from "../../../contracts/interfaces/IOrders.sol";
import {IRefusals} from "../../../contracts/interfaces/IRefusals.sol";
import {IRemedies} from "../../../contracts/interfaces/IRemedies.sol";
import {ISystem} from "../../../contracts/interfaces/ISystem.sol";
import {ITerms} from "../../../contracts/interfaces/ITerms.sol";
import {ITokenErrors} from "../../../contracts/interfaces/ITokenErrors.sol";
import {ITransferRequests} from "../../../contracts/interfaces/ITransferRequests.sol";

/// @dev Sets of the project's errors, a bit each. A panic, a bare revert and an error of anybody else are in none.
library Faults {
    uint256 internal constant NONE = 0;
    uint256 internal constant SYSTEM_HALTED = 1 << 0;
    uint256 internal constant ACCESS_REFUSED = 1 << 1;
    uint256 internal constant HALT_LEVEL_WRONG = 1 << 2;
    uint256 internal constant WALLET_TAKEN = 1 << 3;
    uint256 internal constant LISTS_DIFFER = 1 << 4;
    uint256 internal constant TOKEN_PAUSED = 1 << 5;
    uint256 internal constant WALLET_UNREGISTERED = 1 << 6;
    uint256 internal constant INVESTOR_EXPIRED = 1 << 7;
    uint256 internal constant INVESTOR_CLASS_REFUSED = 1 << 8;
    uint256 internal constant WALLET_FROZEN = 1 << 9;
    uint256 internal constant HOLDING_LOST = 1 << 10;
    uint256 internal constant HOLDING_LOCKED_UP = 1 << 11;
    uint256 internal constant HOLDER_CAP_REACHED = 1 << 12;
    uint256 internal constant TRANSFER_APPROVAL_REQUIRED = 1 << 13;
    uint256 internal constant TOKEN_MATURED = 1 << 14;
    uint256 internal constant REDEMPTION_NOT_DUE = 1 << 15;
    uint256 internal constant INSUFFICIENT_BALANCE = 1 << 16;
    uint256 internal constant INSUFFICIENT_ALLOWANCE = 1 << 17;
    uint256 internal constant INVALID_SENDER = 1 << 18;
    uint256 internal constant INVALID_RECEIVER = 1 << 19;
    uint256 internal constant INVALID_SPENDER = 1 << 20;
    uint256 internal constant INSUFFICIENT_UNFROZEN_BALANCE = 1 << 21;
    uint256 internal constant OPERATOR_UNAUTHORIZED = 1 << 22;
    uint256 internal constant PERMIT_EXPIRED_SIGNATURE = 1 << 23;
    uint256 internal constant PERMIT_INVALID_SIGNER = 1 << 24;
    uint256 internal constant ALLOWANCE_OUT_OF_RANGE = 1 << 25;
    uint256 internal constant ISSUANCE_CLOSED = 1 << 26;
    uint256 internal constant AUTHORISED_UNITS_EXCEEDED = 1 << 27;
    uint256 internal constant PARTITION_UNKNOWN = 1 << 28;
    uint256 internal constant ALLOTMENT_EXCEEDED = 1 << 29;
    uint256 internal constant UNITS_OUT_OF_RANGE = 1 << 30;
    uint256 internal constant TERMS_INCONSISTENT = 1 << 31;
    uint256 internal constant LOTS_FULL = 1 << 32;
    uint256 internal constant TIME_NOT_FUTURE = 1 << 33;
    uint256 internal constant ORDER_REQUIRED = 1 << 34;
    uint256 internal constant TOKEN_NOT_MATURED = 1 << 35;
    uint256 internal constant LOSS_RECORDED = 1 << 36;
    uint256 internal constant LOSS_NOT_OPEN = 1 << 37;
    uint256 internal constant LOSS_IMPLAUSIBLE = 1 << 38;
    uint256 internal constant INVESTOR_DIFFERS = 1 << 39;
    uint256 internal constant REVERSAL_MISMATCH = 1 << 40;
    uint256 internal constant REVERSAL_EXCEEDED = 1 << 41;
    uint256 internal constant LOT_UNKNOWN = 1 << 42;
    uint256 internal constant SPLIT_RATIO_OUT_OF_RANGE = 1 << 43;
    uint256 internal constant EPOCH_OUT_OF_ORDER = 1 << 44;
    uint256 internal constant EPOCH_NOT_PENDING = 1 << 45;
    uint256 internal constant TRANSFER_REQUEST_UNKNOWN = 1 << 46;
    uint256 internal constant TRANSFER_REQUEST_EXPIRED = 1 << 47;
    uint256 internal constant TRANSFER_REQUEST_NOT_YOURS = 1 << 48;
    uint256 internal constant ORDER_UNAUTHORIZED = 1 << 49;
    uint256 internal constant ORDER_SELF_APPROVAL = 1 << 50;
    uint256 internal constant ORDER_STATUS_WRONG = 1 << 51;
    uint256 internal constant ORDER_ACT_MISMATCH = 1 << 52;
    uint256 internal constant ORDER_EXPIRED = 1 << 53;
    uint256 internal constant ORDER_NOT_READY = 1 << 54;
    uint256 internal constant ORDER_INCOMPLETE = 1 << 55;
    uint256 internal constant ORDER_STALE = 1 << 56;
    uint256 internal constant ROLE_INCOMPATIBLE = 1 << 57;
    uint256 internal constant WHOLE_HOLDING_ONLY = 1 << 58;
    uint256 internal constant RULE_UNSOUND = 1 << 59;

    /// @dev The error that an answer begins with, as a set of one; empty when the project has none of this selector.
    function named(bytes memory answer) internal pure returns (uint256) {
        bytes4[60] memory known = [
            ISystem.SystemHalted.selector,
            ISystem.AccessRefused.selector,
            ISystem.HaltLevelWrong.selector,
            ISystem.WalletTaken.selector,
            ISystem.ListsDiffer.selector,
            IRefusals.TokenPaused.selector,
            IRefusals.WalletUnregistered.selector,
            IRefusals.InvestorExpired.selector,
            IRefusals.InvestorClassRefused.selector,
            IRefusals.WalletFrozen.selector,
            IRefusals.HoldingLost.selector,
            IRefusals.HoldingLockedUp.selector,
            IRefusals.HolderCapReached.selector,
            IRefusals.TransferApprovalRequired.selector,
            IRefusals.TokenMatured.selector,
            IRefusals.RedemptionNotDue.selector,
            IERC6093.ERC20InsufficientBalance.selector,
            IERC6093.ERC20InsufficientAllowance.selector,
            IERC6093.ERC20InvalidSender.selector,
            IERC6093.ERC20InvalidReceiver.selector,
            IERC6093.ERC20InvalidSpender.selector,
            IERC7943.ERC7943InsufficientUnfrozenBalance.selector,
            ITokenErrors.OperatorUnauthorized.selector,
            ITokenErrors.ERC2612ExpiredSignature.selector,
            ITokenErrors.ERC2612InvalidSigner.selector,
            ITokenErrors.AllowanceOutOfRange.selector,
            IIssuance.IssuanceClosed.selector,
            IIssuance.AuthorisedUnitsExceeded.selector,
            IIssuance.PartitionUnknown.selector,
            IIssuance.AllotmentExceeded.selector,
            IIssuance.UnitsOutOfRange.selector,
            ITerms.TermsInconsistent.selector,
            ITerms.LotsFull.selector,
            IIssuance.TimeNotFuture.selector,
            IRemedies.OrderRequired.selector,
            IRemedies.TokenNotMatured.selector,
            IRemedies.LossRecorded.selector,
            IRemedies.LossNotOpen.selector,
            IRemedies.LossImplausible.selector,
            IRemedies.InvestorDiffers.selector,
            IRemedies.ReversalMismatch.selector,
            IRemedies.ReversalExceeded.selector,
            ITerms.LotUnknown.selector,
            ICorporateCalendar.SplitRatioOutOfRange.selector,
            ICorporateCalendar.EpochOutOfOrder.selector,
            ICorporateCalendar.EpochNotPending.selector,
            ITransferRequests.TransferRequestUnknown.selector,
            ITransferRequests.TransferRequestExpired.selector,
            ITransferRequests.TransferRequestNotYours.selector,
            IOrders.OrderUnauthorized.selector,
            IOrders.OrderSelfApproval.selector,
            IOrders.OrderStatusWrong.selector,
            IOrders.OrderActMismatch.selector,
            IOrders.OrderExpired.selector,
            IOrders.OrderNotReady.selector,
            IOrders.OrderIncomplete.selector,
            IOrders.OrderStale.selector,
            IAuthority.RoleIncompatible.selector,
            IRefusals.WholeHoldingOnly.selector,
            ITerms.RuleUnsound.selector
        ];
        if (answer.length < 4) return NONE;
        for (uint256 i; i < known.length; ++i) if (known[i] == bytes4(answer)) return 1 << i;
        return NONE;
    }

    function when(bool condition, uint256 fault) internal pure returns (uint256) {
        return condition ? fault : NONE;
    }
}
