// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What issuers and their agents do with a token
interface IIssuance {
    event IssuanceFinalized(address indexed operator);
    event Allotted(bytes32 indexed partition, uint256 units);
    event Distributed(bytes32 indexed partition, bytes32 indexed batch, uint256 count, uint256 units);
    event AuthorisedUnitsChanged(uint256 units);
    event HolderCapExceeded(uint256 holders, uint24 cap);
    event TreasuryChanged(address indexed from, address indexed to);
    event Paused(address account);
    event Unpaused(address account);

    /// @notice Issuance of this security is closed for ever.
    /// @custom:ja この有価証券の発行は終了しています。
    /// @custom:clause 6.1.1.5
    /// @custom:family state
    error IssuanceClosed();

    /// @notice {units} units more would exceed the {authorised} that are authorised.
    /// @custom:ja {units} 口の追加は発行可能数 {authorised} 口を超えます。
    /// @custom:clause 6.1.1.5
    /// @custom:family ledger
    error AuthorisedUnitsExceeded(uint256 units, uint256 authorised);

    /// @notice Partition {partition} does not exist in this token.
    /// @custom:ja パーティション {partition} は存在しません。
    /// @custom:clause 6.1.1.1
    /// @custom:family ledger
    /// @custom:status 0x50
    /// @custom:reason PARTITION
    error PartitionUnknown(bytes32 partition);

    /// @notice {units} units are asked for and {allotted} are allotted for distribution in this partition.
    /// @custom:ja 配布可能な割当数は {allotted} 口で、請求は {units} 口です。
    /// @custom:clause 6.1.1.2
    /// @custom:family ledger
    error AllotmentExceeded(uint256 units, uint256 allotted);

    /// @notice The number of units is zero or out of range.
    /// @custom:ja 口数がゼロまたは範囲外です。
    /// @custom:clause 6.1.1.1
    /// @custom:family input
    error UnitsOutOfRange(uint256 units);

    /// @notice The token has no document {name}.
    /// @custom:ja 文書 {name} はありません。
    /// @custom:clause 6.1.1.1
    /// @custom:family state
    error DocumentUnknown(bytes32 name);

    /// @notice {until} is not in the future.
    /// @custom:ja {until} は将来の時刻ではありません。
    /// @custom:clause 6.1.1.7
    /// @custom:family input
    error TimeNotFuture(uint40 until);

    /// @notice Issues to many at once; all rows or none.
    /// @custom:clause 6.1.1.1
    /// @custom:role order
    function batchIssue(bytes32 partition, address[] calldata to, uint256[] calldata units, bytes calldata data)
        external;

    /// @notice Sets how many units the agent may distribute from the treasury; replaces what was left.
    /// @custom:clause 6.1.1.2
    /// @custom:role order
    function allot(bytes32 partition, uint256 units) external;

    /// @notice Distributes from the treasury to many at once, within the allotment; all rows or none.
    /// @param batch opaque number of the batch, emitted as it is
    /// @custom:clause 6.1.1.2
    /// @custom:role issuing agent
    function distribute(bytes32 partition, address[] calldata to, uint256[] calldata units, bytes32 batch) external;

    /// @notice Units that may still be distributed.
    /// @custom:clause 6.1.1.2
    function allotted(bytes32 partition) external view returns (uint256);

    /// @notice Closes issuance for ever.
    /// @custom:clause 6.1.1.5
    /// @custom:role order
    function finalizeIssuance() external;

    /// @notice Raises the authorised units; never lowers them.
    /// @custom:clause 6.1.1.5
    /// @custom:role order
    function raiseAuthorisedUnits(uint256 units) external;

    /// @notice Units that may be outstanding at most.
    /// @custom:clause 6.1.1.5
    function authorisedUnits() external view returns (uint256);

    /// @notice Changes the issuer's wallet from which units are distributed to another wallet of the same investor.
    /// @custom:clause 6.1.1.2
    /// @custom:role order
    function setTreasury(address treasury) external;

    /// @notice Stops holders and issuers of this token; orders still run.
    /// @custom:clause 6.1.1.11
    /// @custom:role emergency, issuer, registrar or compliance
    function pause() external;

    /// @notice Takes back {pause}.
    /// @custom:clause 6.1.1.11
    /// @custom:role order
    function unpause() external;

    /// @notice Whether the token is paused.
    /// @custom:clause 6.1.1.11
    function paused() external view returns (bool);

    /// @notice All partitions, the default one first.
    /// @custom:clause 6.1.1.1
    function partitions() external view returns (bytes32[] memory);

    /// @notice Issued units of a partition.
    /// @custom:clause 6.2.1
    function totalSupplyByPartition(bytes32 partition) external view returns (uint256);

    /// @notice Investors that hold, the issuer's treasury not counted; 0 when the token counts none.
    /// @custom:clause 6.1.1.7
    function holderCount() external view returns (uint256);
}
