// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev All that an ordinary transfer needs to know of its token, in one word:
/// governs (bits 0-63), byte r the mask of Move kinds that rule r governs | next epoch at (64-103), 0 = none |
/// locked until (104-143) | maturity (144-183), 0 = never | holder cap (184-207), investors that may hold at once, 0 =
/// not counted | receive classes (208-223) | epoch (224-239) as of the last touch | flags (240-247), see {Rules} | kinds that
/// the rules govern which only some tokens have (248-255). Times are Unix seconds.
type Policy is uint256;
