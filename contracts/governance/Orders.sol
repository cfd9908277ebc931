// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAuthority} from "../interfaces/IAuthority.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Order} from "../types/Order.sol";
import {Row} from "../types/Row.sol";

/// @title The queue of orders: maker and checker are two people of two roles
/// @notice It is the only administrator of the authority and the only caller of every act that needs two people.
contract Orders is IOrders {
    uint8 private constant PROPOSED = 1;
    uint8 private constant APPROVED = 2;
    uint8 private constant EXECUTED = 3;
    uint8 private constant VETOED = 4;
    uint40 private constant LIFE = 180 days;

    IAuthority private immutable AUTHORITY;
    ISystem private immutable SYSTEM;

    /// @inheritdoc IOrders
    uint256 public count;
    mapping(uint256 id => Order) private _orders;

    constructor(IAuthority authority, ISystem system) {
        AUTHORITY = authority;
        SYSTEM = system;
    }

    /// @inheritdoc IOrders
    function propose(address target, bytes calldata data, uint8 basis, bytes32 documentHash, uint40 deadline)
        external
        returns (uint256 id)
    {
        bytes4 selector = bytes4(data);
        _requireAny(_row(target, selector).proposers, target);
        uint40 time = uint40(block.timestamp);
        if (basis == 0 || documentHash == 0 || deadline <= time || deadline > time + LIFE) revert OrderIncomplete();
        id = ++count;
        Order storage o = _orders[id];
        o.act = keccak256(abi.encode(target, data));
        (o.proposer, o.status, o.basis) = (msg.sender, PROPOSED, basis);
        o.deadline = deadline - (time - SYSTEM.runningTime());
        (o.target, o.selector, o.documentHash) = (target, selector, documentHash);
        emit OrderProposed(id, target, msg.sender, data, basis, documentHash, deadline);
    }

    /// @inheritdoc IOrders
    function approve(uint256 id, bytes32 act) external {
        Order memory o = _pending(id, PROPOSED);
        Row memory row = _row(o.target, o.selector);
        _requireAny(row.approvers, o.target);
        if (msg.sender == o.proposer) revert OrderSelfApproval(id, msg.sender);
        if (act != o.act) revert OrderActMismatch(id);
        uint40 readyAt = SYSTEM.runningTime() + row.delay;
        (_orders[id].status, _orders[id].approver, _orders[id].readyAt) = (APPROVED, msg.sender, readyAt);
        emit OrderApproved(id, msg.sender, readyAt);
    }

    /// @inheritdoc IOrders
    function execute(uint256 id, address target, bytes calldata data) external returns (bytes memory result) {
        Order storage o = _orders[id];
        (uint8 status, uint40 deadline, uint40 readyAt) = (o.status, o.deadline, o.readyAt);
        if (status != APPROVED) revert OrderStatusWrong(id, status);
        if (o.act != keccak256(abi.encode(target, data))) revert OrderActMismatch(id);
        Row memory row = _row(target, bytes4(data));
        _requireAny(row.proposers | row.approvers, target);
        uint40 time = SYSTEM.runningTime();
        if (time >= deadline) revert OrderExpired(id, deadline);
        if (time < readyAt) revert OrderNotReady(id, readyAt);
        o.status = EXECUTED;
        bool done;
        (done, result) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
        emit OrderExecuted(id, msg.sender);
    }

    /// @inheritdoc IOrders
    function veto(uint256 id) external {
        Order memory o = _orders[id];
        if (o.status != PROPOSED && o.status != APPROVED) revert OrderStatusWrong(id, o.status);
        if (msg.sender != o.proposer) _requireAny(AUTHORITY.rowOf(o.target, o.selector).approvers, o.target);
        _orders[id].status = VETOED;
        emit OrderVetoed(id, msg.sender);
    }

    /// @inheritdoc IOrders
    function orderOf(uint256 id) external view returns (Order memory) {
        return _orders[id];
    }

    function _pending(uint256 id, uint8 status) private view returns (Order memory o) {
        o = _orders[id];
        if (o.status != status) revert OrderStatusWrong(id, o.status);
        if (SYSTEM.runningTime() >= o.deadline) revert OrderExpired(id, o.deadline);
    }

    /// @dev The row of an act; while the system is halted only the rows that lead out of it.
    function _row(address target, bytes4 selector) private view returns (Row memory row) {
        row = AUTHORITY.rowOf(target, selector);
        if (row.duringHalt) return row;
        HaltLevel level = SYSTEM.level();
        if (level == HaltLevel.HALTED) revert ISystem.SystemHalted(level);
    }

    function _requireAny(uint64 mask, address target) private view {
        if (!AUTHORITY.holdsAny(mask, target, msg.sender)) revert OrderUnauthorized(msg.sender, msg.sig);
    }
}
