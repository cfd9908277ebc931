// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Many transfers in one transaction
interface IBatchTransfer {
    /// @notice Moves the caller's units to many at once; all rows or none.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function batchTransfer(bytes32 partition, address[] calldata to, uint256[] calldata units) external;
}
