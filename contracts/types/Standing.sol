// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What the system knows of a wallet, in one word:
/// investor id (bits 128-255) | classes (96-127) | country (80-95) | valid until (40-79) | frozen at (0-39), 0 = not frozen.
type Standing is uint256;
