// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-1594 core security token (interface id 0x27cac147)
/// @notice All functions act on the default partition. The answers of `canTransfer*` have the shape
/// `(bytes1 status, bytes32 reason)` of the ERC-1400 umbrella text; status bytes are the ERC-1400 table.
interface IERC1594 {
    event Issued(address indexed operator, address indexed to, uint256 value, bytes data);
    event Redeemed(address indexed operator, address indexed from, uint256 value, bytes data);

    /// @notice `transfer` with data that is emitted as it is.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function transferWithData(address to, uint256 value, bytes calldata data) external;

    /// @notice `transferFrom` with data that is emitted as it is.
    /// @custom:clause 6.1.1.3
    /// @custom:role spender
    function transferFromWithData(address from, address to, uint256 value, bytes calldata data) external;

    /// @notice Whether units may still be issued. Once false, false for ever; reissue of lost units is not an issue.
    /// @custom:clause 6.1.1.5
    function isIssuable() external view returns (bool);

    /// @notice Issues `value` new units of the default partition to `tokenHolder`, within the authorised units.
    /// @custom:clause 6.1.1.1
    /// @custom:role order
    function issue(address tokenHolder, uint256 value, bytes calldata data) external;

    /// @notice Extinguishes `value` of the caller's units: a put, or after maturity.
    /// @custom:clause 6.1.1.4
    /// @custom:role holder
    function redeem(uint256 value, bytes calldata data) external;

    /// @notice As {redeem}, by a spender with allowance.
    /// @custom:clause 6.1.1.4
    /// @custom:role spender
    function redeemFrom(address tokenHolder, uint256 value, bytes calldata data) external;

    /// @notice Whether the caller could transfer `value` units to `to` now.
    /// @custom:clause 6.1.1.7
    function canTransfer(address to, uint256 value, bytes calldata data) external view returns (bytes1, bytes32);

    /// @notice Whether the caller could transfer `value` units of `from` to `to` now with its allowance.
    /// @custom:clause 6.1.1.7
    function canTransferFrom(address from, address to, uint256 value, bytes calldata data)
        external
        view
        returns (bytes1, bytes32);
}
