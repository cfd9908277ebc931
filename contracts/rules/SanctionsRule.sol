// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISanctionsOracle} from "../interfaces/ISanctionsOracle.sol";
import {Outside} from "./Outside.sol";
import {Refusal} from "../types/Refusal.sol";

/// @dev Is the wallet on no list of sanctions? An oracle that does not answer refuses. Guideline 6.3.2.
library SanctionsRule {
    function refusal(address oracle, address wallet) internal view returns (bytes memory) {
        (bool answered, bytes memory answer) =
            Outside.ask(oracle, abi.encodeCall(ISanctionsOracle.isSanctioned, (wallet)));
        uint256 word = answer.length == 32 ? uint256(bytes32(answer)) : 2;
        if (!answered || word > 1) return Refusal.encode(IRefusals.RuleUnanswered.selector, oracle);
        return word == 0 ? bytes("") : Refusal.encode(IRefusals.WalletSanctioned.selector, wallet);
    }
}
