// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What one wallet owns in one partition, in one storage slot. `units` is gross registered ownership;
/// `encumbered` of them cannot be moved by the holder. Both count units of epoch `epoch`. The holder may not move
/// anything before `lockedUntil` (Unix seconds). `lost`: the wallet was reported lost, nothing enters or leaves but
/// by an order. The holding of the zero address is the partition itself: its units are the supply, its lock-up the
/// partition's, `open` says that the partition exists.
struct Holding {
    uint96 units;
    uint96 encumbered;
    uint16 epoch;
    uint40 lockedUntil;
    bool lost;
}
