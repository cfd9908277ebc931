// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Order} from "../types/Order.sol";

/// @title Orders: a privileged act is proposed by one role and approved by another
/// @notice An order binds one exact call. It is executed at most once, before its deadline, after its delay.
interface IOrders {
    event OrderProposed(
        uint256 indexed id,
        address indexed target,
        address indexed proposer,
        bytes data,
        uint8 basis,
        bytes32 documentHash,
        uint40 deadline
    );
    event OrderApproved(uint256 indexed id, address indexed approver, uint40 readyAt);
    event OrderExecuted(uint256 indexed id, address indexed executor);
    event OrderVetoed(uint256 indexed id, address indexed by);

    /// @notice The order was proposed at {proposedAt}, before the act at {since} that it would undo; propose it anew.
    /// @custom:ja この命令の提案({proposedAt})は、取り消そうとする措置({since})より前です。改めて提案してください。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error OrderStale(uint40 proposedAt, uint40 since);

    /// @notice {account} may not {selector} orders for this act.
    /// @custom:ja {account} にはこの命令に対する権限({selector})がありません。
    /// @custom:clause 6.2.3
    /// @custom:family unauthorized
    /// @custom:status 0x58
    error OrderUnauthorized(address account, bytes4 selector);

    /// @notice {account} proposed order {id} itself; another person must approve it.
    /// @custom:ja {account} は命令 {id} の提案者です。別の者が承認する必要があります。
    /// @custom:clause 6.2.3
    /// @custom:family unauthorized
    /// @custom:status 0x58
    error OrderSelfApproval(uint256 id, address account);

    /// @notice Order {id} is in status {status} and cannot be taken there.
    /// @custom:ja 命令 {id} の状態は {status} であり、この操作はできません。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error OrderStatusWrong(uint256 id, uint8 status);

    /// @notice The call given is not the one that order {id} binds.
    /// @custom:ja 指定された呼出しは命令 {id} の内容と一致しません。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error OrderActMismatch(uint256 id);

    /// @notice Order {id} expired at {deadline} of running time.
    /// @custom:ja 命令 {id} は期限({deadline})を過ぎています。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error OrderExpired(uint256 id, uint40 deadline);

    /// @notice Order {id} may be executed from {readyAt} on.
    /// @custom:ja 命令 {id} は {readyAt} 以降に執行できます。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error OrderNotReady(uint256 id, uint40 readyAt);

    /// @notice An order needs a basis code, a document hash, a contract as target and a deadline in the next 180 days.
    /// @custom:ja 命令には根拠コード、文書ハッシュ、対象契約、180日以内の期限が必要です。
    /// @custom:clause 6.2.3
    /// @custom:family input
    error OrderIncomplete();

    /// @notice Proposes the call `data` on `target`. `deadline`: Unix seconds, moved on by any stop of the system.
    /// @return id number of the order, from 1
    /// @custom:clause 6.2.3
    /// @custom:role proposers of the row
    function propose(address target, bytes calldata data, uint8 basis, bytes32 documentHash, uint40 deadline)
        external
        returns (uint256 id);

    /// @notice Approves order `id`; `act` = keccak256(abi.encode(target, data)) of what the approver has read.
    /// @custom:clause 6.2.3
    /// @custom:role approvers of the row
    function approve(uint256 id, bytes32 act) external;

    /// @notice Carries out an approved order, once; reverts with the act's own error if it cannot be done now.
    /// @custom:clause 6.2.3
    /// @custom:role the role that proposed it
    function execute(uint256 id, address target, bytes calldata data) external returns (bytes memory);

    /// @notice Ends an order that was not executed; also while the system is halted.
    /// @custom:clause 6.2.3
    /// @custom:role its proposer or approver, approvers of the row, compliance
    function veto(uint256 id) external;

    /// @notice The order `id` and keccak256(abi.encode(target, data)) of its act; all zero when there is none.
    /// @custom:clause 6.2.3
    function orderOf(uint256 id) external view returns (bytes32 act, Order memory order);

    /// @notice How many orders were ever proposed.
    /// @custom:clause 6.2.3
    function count() external view returns (uint256);
}
