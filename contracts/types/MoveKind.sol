// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a Move is. The order is part of the published interface: bit `1 << kind` in every mask of kinds.
enum MoveKind {
    Issue,
    Distribute,
    Transfer,
    Redeem,
    Force,
    Reissue,
    Reverse
}
