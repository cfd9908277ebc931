// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What one wallet owns in one partition, in one word:
/// units (bits 0-95), gross registered ownership | encumbered (96-198), units that the holder cannot move, with those of
/// his lots that became free since they were locked | lost (199), nothing enters or leaves but by an order | epoch
/// (200-215) in whose units both count | locked until (216-255), Unix seconds. The holding of the zero address is the
/// partition itself: its units are the supply, its lock-up the partition's.
type Holding is uint256;
