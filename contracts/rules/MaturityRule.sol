// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Rules} from "./Rules.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Is it before maturity for what comes before it, and after it (or a put) for redemption? Guideline 6.1.1.4.
library MaturityRule {
    function refuses(MoveKind kind, Policy p) internal view returns (bool) {
        uint40 maturity = PolicyWord.maturity(p);
        bool matured = maturity != 0 && block.timestamp >= maturity;
        return kind == MoveKind.Redeem ? !matured && !PolicyWord.has(p, Rules.PUTTABLE) : matured;
    }

    function refusal(MoveKind kind, Policy p) internal pure returns (bytes memory) {
        bytes4 why = kind == MoveKind.Redeem ? IRefusals.RedemptionNotDue.selector : IRefusals.TokenMatured.selector;
        return Refusal.encode(why, PolicyWord.maturity(p));
    }
}
