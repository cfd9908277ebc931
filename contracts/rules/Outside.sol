// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Asks a contract of somebody else's. It gets a bounded amount of gas and may answer with so many bytes, so that it
/// can neither use up what asks it nor flood it.
library Outside {
    uint256 private constant GAS = 500_000;
    uint256 private constant BYTES = 1_024;

    /// @return answered false when it reverted, ran out of its gas, or answered with more bytes than it may
    function ask(address whom, bytes memory question) internal view returns (bool answered, bytes memory answer) {
        assembly ("memory-safe") {
            answered := staticcall(GAS, whom, add(question, 0x20), mload(question), 0, 0)
            let size := returndatasize()
            if gt(size, BYTES) {
                answered := 0
                size := 0
            }
            answer := mload(0x40)
            mstore(answer, size)
            returndatacopy(add(answer, 0x20), 0, size)
            mstore(0x40, add(answer, and(add(size, 0x3f), not(0x1f))))
        }
    }
}
