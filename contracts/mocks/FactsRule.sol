// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRule} from "../interfaces/IRule.sol";
import {Facts} from "../types/Facts.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Move} from "../types/Move.sol";

/// @dev Refuses everything, and tells what it was asked: kind, approved, operator, units, both holdings.
contract FactsRule is IRule {
    /// @inheritdoc IRule
    function check(Move calldata m, Facts calldata f) external pure returns (bytes memory) {
        (uint256 sender, uint256 receiver) = (HoldingWord.units(f.fromHolding), HoldingWord.units(f.toHolding));
        return abi.encode(uint8(m.kind), m.approved, m.operator, m.units, sender, receiver);
    }
}
