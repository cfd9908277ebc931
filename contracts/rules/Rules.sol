// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoveKind} from "../types/MoveKind.sol";

/// @dev The standard rules, each as the lowest bit of its byte in the masks of a {Policy} (those
/// that only some tokens have share the last one), and the flags of a policy.
library Rules {
    uint256 internal constant STANDING = 1;
    uint256 internal constant CLASS = 1 << 8;
    uint256 internal constant FREEZE = 1 << 16;
    uint256 internal constant LOCKUP = 1 << 24;
    uint256 internal constant FREE_UNITS = 1 << 32;
    uint256 internal constant HOLDER_CAP = 1 << 40;
    uint256 internal constant APPROVAL = 1 << 48;
    uint256 internal constant MATURITY = 1 << 56;
    uint256 internal constant FURTHER = 1 << 248;

    uint8 internal constant PAUSED = 1;
    uint8 internal constant CLOSED = 2;
    uint8 internal constant PUTTABLE = 4;
    uint8 internal constant PARTITION_LOCKS = 8;
    uint8 internal constant WHOLE_ONLY = 16;
    uint8 internal constant BOOK = 32;

    /// @dev Issue, Distribute, Transfer and Redeem are judged by the rules. Force asks the receiver alone whether it may
    /// hold; its sender, and both sides of Reissue and Reverse, which only put right, are judged by none.
    function masks(bool approvalRequired, bool capped) internal pure returns (uint64 m) {
        m = 0x0f_00_00_0e_04_1f_17_1f;
        if (approvalRequired) m |= uint64(APPROVAL << uint8(MoveKind.Transfer));
        if (capped) m |= uint64(HOLDER_CAP * 0x07);
    }
}
