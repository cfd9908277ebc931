// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-1410 partially fungible token (interface id 0x8d32701d)
/// @notice Units are grouped in partitions; units of one partition are alike. Amounts are whole units,
/// 10^-decimals of one token.
interface IERC1410 {
    event TransferByPartition(
        bytes32 indexed fromPartition,
        address operator,
        address indexed from,
        address indexed to,
        uint256 value,
        bytes data,
        bytes operatorData
    );
    event IssuedByPartition(
        bytes32 indexed partition,
        address indexed operator,
        address indexed to,
        uint256 value,
        bytes data,
        bytes operatorData
    );
    event RedeemedByPartition(
        bytes32 indexed partition, address indexed operator, address indexed from, uint256 value, bytes operatorData
    );
    event AuthorizedOperator(address indexed operator, address indexed tokenHolder);
    event RevokedOperator(address indexed operator, address indexed tokenHolder);
    event AuthorizedOperatorByPartition(
        bytes32 indexed partition, address indexed operator, address indexed tokenHolder
    );
    event RevokedOperatorByPartition(bytes32 indexed partition, address indexed operator, address indexed tokenHolder);

    /// @notice Registered units of `tokenHolder` in `partition`, encumbered ones included, splits in effect applied.
    /// @custom:clause 6.2.1
    function balanceOfByPartition(bytes32 partition, address tokenHolder) external view returns (uint256);

    /// @notice The partitions in which `tokenHolder` has units.
    /// @custom:clause 6.2.1
    function partitionsOf(address tokenHolder) external view returns (bytes32[] memory);

    /// @notice Moves `value` of the caller's units of `partition` to `to`; units never change partition.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function transferByPartition(bytes32 partition, address to, uint256 value, bytes calldata data)
        external
        returns (bytes32);

    /// @notice As {transferByPartition}, by an operator of `from`.
    /// @custom:clause 6.1.1.3
    /// @custom:role operator
    function operatorTransferByPartition(
        bytes32 partition,
        address from,
        address to,
        uint256 value,
        bytes calldata data,
        bytes calldata operatorData
    ) external returns (bytes32);

    /// @notice Whether `from` could move `value` units now: ERC-1400 status byte, ASCII reason, partition of arrival.
    /// @custom:clause 6.1.1.7
    function canTransferByPartition(address from, address to, bytes32 partition, uint256 value, bytes calldata data)
        external
        view
        returns (bytes1, bytes32, bytes32);

    /// @notice Whether `operator` may move all partitions of `tokenHolder`.
    function isOperator(address operator, address tokenHolder) external view returns (bool);

    /// @notice Whether `operator` may move `partition` of `tokenHolder`.
    function isOperatorForPartition(bytes32 partition, address operator, address tokenHolder)
        external
        view
        returns (bool);

    /// @notice Lets `operator` move all of the caller's units, under the same rules as the caller.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function authorizeOperator(address operator) external;

    /// @notice Takes back {authorizeOperator}.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function revokeOperator(address operator) external;

    /// @notice Lets `operator` move the caller's units of `partition`, under the same rules as the caller.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function authorizeOperatorByPartition(bytes32 partition, address operator) external;

    /// @notice Takes back {authorizeOperatorByPartition}.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function revokeOperatorByPartition(bytes32 partition, address operator) external;

    /// @notice Issues `value` new units of `partition` to `tokenHolder`, within the authorised units.
    /// @custom:clause 6.1.1.1
    /// @custom:role order
    function issueByPartition(bytes32 partition, address tokenHolder, uint256 value, bytes calldata data) external;

    /// @notice Extinguishes `value` of the caller's units: a put, or after maturity.
    /// @custom:clause 6.1.1.4
    /// @custom:role holder
    function redeemByPartition(bytes32 partition, uint256 value, bytes calldata data) external;

    /// @notice As {redeemByPartition}, by an operator of `tokenHolder`.
    /// @custom:clause 6.1.1.4
    /// @custom:role operator
    function operatorRedeemByPartition(
        bytes32 partition,
        address tokenHolder,
        uint256 value,
        bytes calldata operatorData
    ) external;
}
