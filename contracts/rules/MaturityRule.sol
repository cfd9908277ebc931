// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Rules} from "./Rules.sol";

/// @dev Is it before maturity for what comes before it, and after it (or a put) for redemption? Guideline 6.1.1.4.
library MaturityRule {
    function refusal(Move memory m, Facts memory f) internal view returns (bytes memory) {
        uint40 maturity = f.policy.maturity;
        bool matured = maturity != 0 && block.timestamp >= maturity;
        if (m.kind != MoveKind.Redeem) {
            return matured ? abi.encodeWithSelector(IRefusals.TokenMatured.selector, maturity) : bytes("");
        }
        if (matured || f.policy.flags & Rules.PUTTABLE != 0) return "";
        return abi.encodeWithSelector(IRefusals.RedemptionNotDue.selector, maturity);
    }
}
