// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoveKind} from "./MoveKind.sol";

/// @dev The only thing that changes holdings. `from` is zero when units come into being, `to` is zero when they
/// are extinguished. `approved` is true when the issuer has consented to this one move (a transfer request).
struct Move {
    MoveKind kind;
    bool approved;
    bytes32 partition;
    address operator;
    address from;
    address to;
    uint256 units;
}
