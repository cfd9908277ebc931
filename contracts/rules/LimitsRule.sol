// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Limits} from "../types/Limits.sol";
import {Move} from "../types/Move.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Does the Move keep to the least and the most a holding may have, and to the lot size? The issuer's treasury is bound
/// by none of these, and a Move between it and nothing is not asked. A holding that is sold out may be an odd lot.
/// Guideline 6.1.1.7.
library LimitsRule {
    /// @param ratio by which the limits have been split since they were set
    function refusal(Move memory m, Facts memory f, Limits memory limits, uint256 ratio, address treasury)
        internal
        pure
        returns (bytes memory)
    {
        bool bySeller = m.from != address(0) && m.from != treasury;
        bool toBuyer = m.to != treasury;
        if (m.units == 0 || m.from == m.to || !(bySeller || toBuyer)) return "";
        uint256 held = HoldingWord.units(f.fromHolding);
        uint256 lot = limits.lotSize * ratio;
        if (lot != 0 && m.units % lot != 0 && !(bySeller && m.units == held)) {
            return Refusal.encode(IRefusals.UnitsNotInLots.selector, m.units, lot);
        }
        uint256 least = limits.minimum * ratio;
        if (bySeller && m.units < held && held - m.units < least) {
            return Refusal.encode(IRefusals.HoldingBelowMinimum.selector, m.from, held - m.units, least);
        }
        if (!toBuyer) return "";
        uint256 most = limits.maximum * ratio;
        // The balance need not have been asked: there may be any number of units.
        uint256 afterwards = Math.saturatingAdd(HoldingWord.units(f.toHolding), m.units);
        if (afterwards < least) {
            return Refusal.encode(IRefusals.HoldingBelowMinimum.selector, m.to, afterwards, least);
        }
        if (most != 0 && afterwards > most) {
            return Refusal.encode(IRefusals.HoldingAboveMaximum.selector, m.to, afterwards, most);
        }
        return "";
    }
}
