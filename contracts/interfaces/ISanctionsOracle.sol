// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title A list of sanctioned addresses, in the shape that its providers publish
interface ISanctionsOracle {
    /// @notice Whether `account` is on the list.
    /// @custom:clause 6.3.2
    function isSanctioned(address account) external view returns (bool);
}
