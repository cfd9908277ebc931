// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";

/// @dev The numbers of the standard rules. `Policy.governs` holds, in byte r, the mask of Move kinds of rule r.
library Rules {
    uint8 internal constant STANDING = 0;
    uint8 internal constant CLASS = 1;
    uint8 internal constant FREEZE = 2;
    uint8 internal constant LOCKUP = 3;
    uint8 internal constant FREE_UNITS = 4;
    uint8 internal constant HOLDER_CAP = 5;
    uint8 internal constant APPROVAL = 6;
    uint8 internal constant MATURITY = 7;

    uint8 internal constant PAUSED = 1;
    uint8 internal constant CLOSED = 2;
    uint8 internal constant PUTTABLE = 4;
    uint8 internal constant PARTITION_LOCKS = 8;

    /// @dev Issue, Distribute, Transfer and Redeem are judged by the rules; Force, Reissue and Reverse, which carry an
    /// order, by none of them.
    uint64 internal constant STANDARD = 0x0f_00_07_0e_04_0f_07_07;

    function governs(Policy memory policy, uint8 rule, MoveKind kind) internal pure returns (bool) {
        return (policy.governs >> (rule * 8 + uint8(kind))) & 1 != 0;
    }

    function withApproval(uint64 masks, bool required) internal pure returns (uint64) {
        uint64 bit = uint64(1) << (APPROVAL * 8 + uint8(MoveKind.Transfer));
        return required ? masks | bit : masks & ~bit;
    }
}
