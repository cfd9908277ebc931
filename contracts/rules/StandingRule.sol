// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Are both sides registered to an investor whose registration is valid? Guideline 6.1.1.7 case 1.
library StandingRule {
    function refusal(Move memory m, Facts memory f) internal view returns (bytes memory r) {
        if (m.from != address(0)) r = _refusal(m.from, f.from);
        if (r.length == 0 && m.to != address(0)) r = _refusal(m.to, f.to);
    }

    function _refusal(address wallet, Standing s) private view returns (bytes memory) {
        if (Standings.valid(s)) return "";
        if (Standings.investor(s) == 0) return abi.encodeWithSelector(IRefusals.WalletUnregistered.selector, wallet);
        return abi.encodeWithSelector(IRefusals.InvestorExpired.selector, wallet, Standings.validUntil(s));
    }
}
