// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-1643 documents (interface id 0xecfecec8)
interface IERC1643 {
    event DocumentUpdated(bytes32 indexed name, string uri, bytes32 documentHash);
    event DocumentRemoved(bytes32 indexed name, string uri, bytes32 documentHash);

    /// @notice The URI, the hash and the Unix time of the last change of a document; empty when there is none.
    /// @custom:clause 6.1.1.1
    function getDocument(bytes32 name) external view returns (string memory, bytes32, uint256);

    /// @notice Attaches or replaces a document.
    /// @custom:clause 6.1.1.1
    /// @custom:role issuer or registrar
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external;

    /// @notice Removes a document.
    /// @custom:clause 6.1.1.1
    /// @custom:role issuer or registrar
    function removeDocument(bytes32 name) external;

    /// @notice The names of all attached documents.
    /// @custom:clause 6.1.1.1
    function getAllDocuments() external view returns (bytes32[] memory);
}
