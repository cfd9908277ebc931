// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {IRule} from "../interfaces/IRule.sol";
import {Outside} from "./Outside.sol";
import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";

/// @dev Does a third party's rule let the Move pass? One that reverts, runs out of its gas or answers with anything but
/// bytes, or with too many, refuses. Guideline 6.1.1.7.
library ForeignRule {
    function refusal(address rule, Move memory m, Facts memory f) internal view returns (bytes memory) {
        (bool answered, bytes memory answer) = Outside.ask(rule, abi.encodeCall(IRule.check, (m, f)));
        if (!answered || !_isBytes(answer)) {
            return abi.encodeWithSelector(IRefusals.RuleUnanswered.selector, rule);
        }
        bytes memory why = abi.decode(answer, (bytes));
        return why.length == 0 ? why : abi.encodeWithSelector(IRefusals.RuleRefused.selector, rule, why);
    }

    /// @dev Whether `answer` is one encoded `bytes`, so that decoding it cannot fail.
    function _isBytes(bytes memory answer) private pure returns (bool) {
        if (answer.length < 64) return false;
        uint256 offset;
        uint256 length;
        assembly ("memory-safe") {
            offset := mload(add(answer, 0x20))
            length := mload(add(answer, 0x40))
        }
        return offset == 32 && length <= answer.length - 64;
    }
}
