// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What is wrong with a spender, an operator or a permit
interface ITokenErrors {
    /// @notice {operator} is not an operator of {holder} for partition {partition}.
    /// @custom:ja {operator} は {holder} のパーティション {partition} の操作者として認められていません。
    /// @custom:clause 6.1.1.3
    /// @custom:family unauthorized
    /// @custom:status 0x58
    /// @custom:reason OPERATOR
    error OperatorUnauthorized(address operator, address holder, bytes32 partition);

    /// @notice The permit expired at {deadline}.
    /// @custom:ja 許可署名の期限({deadline})が切れています。
    /// @custom:clause 6.1.1.3
    /// @custom:family refused
    error ERC2612ExpiredSignature(uint256 deadline);

    /// @notice The permit was signed by {signer}, not by {owner}.
    /// @custom:ja 許可署名の署名者 {signer} は {owner} ではありません。
    /// @custom:clause 6.1.1.3
    /// @custom:family unauthorized
    error ERC2612InvalidSigner(address signer, address owner);

    /// @notice {value} is more than an allowance can hold (2^232 - 2, or 2^256 - 1 for unlimited).
    /// @custom:ja 許可数 {value} が上限を超えています。
    /// @custom:clause 6.1.1.3
    /// @custom:family input
    error AllowanceOutOfRange(uint256 value);
}
