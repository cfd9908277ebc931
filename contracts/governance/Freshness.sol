// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOrders} from "../interfaces/IOrders.sol";

/// @dev An order may not undo what was done after it was proposed: a stop, a freeze, a pause of which its approver knew
/// nothing. The queue of orders sends the instant of the proposal as the last word behind every call.
library Freshness {
    /// @param since Unix seconds of the last act that the caller is about to undo
    function requireSince(uint40 since) internal pure {
        uint256 proposedAt;
        assembly ("memory-safe") {
            proposedAt := calldataload(sub(calldatasize(), 32))
        }
        if (proposedAt < since) revert IOrders.OrderStale(proposedAt, since);
    }
}
