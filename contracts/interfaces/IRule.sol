// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Facts} from "../types/Facts.sol";
import {Move} from "../types/Move.sol";

/// @title A rule of a third party: one question about one Move
/// @notice A token asks its rules about every issue, distribution, transfer and redemption by a holder. A rule has 500,000
/// gas and answers with at most 1,024 bytes, its encoding included; one that reverts, needs more, or answers with anything
/// but bytes refuses the Move.
interface IRule {
    /// @notice Why the Move is refused, as an encoded custom error; empty when it is not.
    /// @param m the Move that is asked about
    /// @param f what is known of it: both standings, both holdings before it in units of `f.epoch`, the token's policy
    /// @custom:clause 6.1.1.7
    function check(Move calldata m, Facts calldata f) external view returns (bytes memory refusal);
}
