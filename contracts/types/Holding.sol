// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What one wallet owns in one partition, in one word:
/// units (bits 0-95), gross registered ownership | encumbered (96-191), units of these that the holder cannot move |
/// epoch (192-207) in whose units both count | locked until (208-247), Unix seconds | lost (248), nothing enters or
/// leaves but by an order. The holding of the zero address is the partition itself: its units are the supply, its
/// lock-up the partition's.
type Holding is uint256;
