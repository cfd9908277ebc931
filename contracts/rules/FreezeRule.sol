// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is neither wallet frozen? Guideline 6.1.1.7.
library FreezeRule {
    function refusal(Move memory m, Facts memory f) internal pure returns (bytes memory) {
        if (Standings.frozen(f.from)) return abi.encodeWithSelector(IRefusals.WalletFrozen.selector, m.from);
        if (Standings.frozen(f.to)) return abi.encodeWithSelector(IRefusals.WalletFrozen.selector, m.to);
        return "";
    }
}
