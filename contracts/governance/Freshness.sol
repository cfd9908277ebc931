// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOrders} from "../interfaces/IOrders.sol";

/// @dev An order may not undo what was done after it was proposed: a stop, a freeze, a pause of which its approver knew
/// nothing. The queue of orders sends the instant of the proposal as the last word behind every call. The word bears a tag
/// that is too large for any argument, so that it cannot serve as one where a call was cut short.
library Freshness {
    uint256 private constant TAG = uint256(keccak256("stotoken.order.proposedAt")) >> 40 << 40;

    function tagged(uint40 proposedAt) internal pure returns (uint256) {
        return TAG | proposedAt;
    }

    /// @param since Unix seconds of the last act that the caller is about to undo
    function requireSince(uint40 since) internal pure {
        uint256 word;
        assembly ("memory-safe") {
            word := calldataload(sub(calldatasize(), 32))
        }
        // Without the tag it is no order, but somebody who may act alone, now.
        if (word >> 40 == TAG >> 40 && uint40(word) < since) revert IOrders.OrderStale(uint40(word), since);
    }
}
