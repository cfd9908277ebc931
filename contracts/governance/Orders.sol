// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Freshness} from "./Freshness.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {IOrders} from "../interfaces/IOrders.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Order} from "../types/Order.sol";
import {Row} from "../types/Row.sol";

/// @title The queue of orders: maker and checker are two people of two roles
/// @notice It is the only administrator of the authority and the only caller of every act that needs two people. Behind
/// each call it sends the instant at which the order was proposed (see {Freshness}).
contract Orders is IOrders {
    uint8 private constant PROPOSED = 1;
    uint8 private constant APPROVED = 2;
    uint8 private constant EXECUTED = 3;
    uint8 private constant VETOED = 4;
    uint40 private constant LIFE = 180 days;
    /// @dev The mask of the compliance role, which may stop any order.
    uint64 private constant COMPLIANCE = 1 << 6;

    IAuthority private immutable AUTHORITY;
    ISystem private immutable SYSTEM;

    /// @inheritdoc IOrders
    uint256 public count;
    mapping(uint256 id => bytes32) private _acts;
    /// @dev Found only by who knows the act, so that carrying out another one finds nothing.
    mapping(uint256 id => mapping(bytes32 act => Order)) private _orders;

    constructor(IAuthority authority, ISystem system) {
        AUTHORITY = authority;
        SYSTEM = system;
    }

    /// @inheritdoc IOrders
    function propose(address target, bytes calldata data, uint8 basis, bytes32 documentHash, uint40 deadline)
        external
        returns (uint256 id)
    {
        Order memory o;
        (o.target, o.selector, o.basis, o.documentHash) = (target, bytes4(data), basis, documentHash);
        (o.proposer, o.status, o.deadline) = (msg.sender, PROPOSED, _running(deadline));
        o.proposedAt = uint40(block.timestamp);
        if (basis == 0 || documentHash == 0 || target.code.length == 0) revert OrderIncomplete();
        Row memory row = AUTHORITY.rowOf(target, o.selector);
        (o.role, o.duringHalt) = (uint48(_requireRole(row, row.proposers, target)), row.duringHalt);
        id = ++count;
        bytes32 act = keccak256(abi.encode(target, data));
        _acts[id] = act;
        _orders[id][act] = o;
        emit OrderProposed(id, target, msg.sender, data, basis, documentHash, deadline);
    }

    /// @inheritdoc IOrders
    function approve(uint256 id, bytes32 act) external {
        Order storage o = _orders[id][act];
        _requireStatus(id, act, o.status, PROPOSED);
        Row memory row = AUTHORITY.rowOf(o.target, o.selector);
        _requireRole(row, row.approvers, o.target);
        if (msg.sender == o.proposer) revert OrderSelfApproval(id, msg.sender);
        bool mayPropose = row.proposers >> (o.role & 0xff) & 1 != 0 && AUTHORITY.holds(o.role, o.proposer);
        if (!mayPropose) revert OrderUnauthorized(o.proposer, this.propose.selector);
        if (SYSTEM.runningTime() >= o.deadline) revert OrderExpired(id, o.deadline);
        uint40 readyAt = uint40(block.timestamp) + row.delay;
        (o.status, o.approver, o.readyAt) = (APPROVED, msg.sender, readyAt);
        emit OrderApproved(id, msg.sender, readyAt);
    }

    /// @inheritdoc IOrders
    function execute(uint256 id, address target, bytes calldata data) external returns (bytes memory result) {
        bytes32 act = keccak256(abi.encode(target, data));
        Order storage o = _orders[id][act];
        (uint8 status, bool duringHalt, uint40 deadline, uint40 readyAt, uint40 proposedAt) =
            (o.status, o.duringHalt, o.deadline, o.readyAt, o.proposedAt);
        _requireStatus(id, act, status, APPROVED);
        if (!AUTHORITY.holds(o.role, msg.sender)) revert OrderUnauthorized(msg.sender, msg.sig);
        (HaltLevel level, uint40 time) = SYSTEM.clock();
        if (level == HaltLevel.HALTED && !(duringHalt && AUTHORITY.rowOf(target, bytes4(data)).duringHalt)) {
            revert ISystem.SystemHalted(level);
        }
        if (time >= deadline) revert OrderExpired(id, deadline);
        if (block.timestamp < readyAt) revert OrderNotReady(id, readyAt);
        o.status = EXECUTED;
        result = _call(target, data, proposedAt);
        emit OrderExecuted(id, msg.sender);
    }

    /// @inheritdoc IOrders
    function veto(uint256 id) external {
        Order storage o = _orders[id][_acts[id]];
        if (o.status != PROPOSED && o.status != APPROVED) revert OrderStatusWrong(id, o.status);
        uint64 may = AUTHORITY.rowOf(o.target, o.selector).approvers | COMPLIANCE;
        bool party = msg.sender == o.proposer || msg.sender == o.approver;
        // Of an order that leads out of a halt nobody else: one person could keep the system stopped, and his own role.
        if (!party && (o.duringHalt || !AUTHORITY.holdsAny(may, o.target, msg.sender))) {
            revert OrderUnauthorized(msg.sender, msg.sig);
        }
        o.status = VETOED;
        emit OrderVetoed(id, msg.sender);
    }

    /// @inheritdoc IOrders
    function orderOf(uint256 id) external view returns (bytes32 act, Order memory) {
        act = _acts[id];
        return (act, _orders[id][act]);
    }

    /// @dev Makes the call, with the instant of the proposal as a last word behind it; reverts as it does.
    function _call(address target, bytes calldata data, uint40 proposedAt) private returns (bytes memory result) {
        uint256 word = Freshness.tagged(proposedAt);
        assembly ("memory-safe") {
            result := mload(0x40)
            calldatacopy(result, data.offset, data.length)
            mstore(add(result, data.length), word)
            let done := call(gas(), target, 0, result, add(data.length, 32), 0, 0)
            let size := returndatasize()
            returndatacopy(add(result, 32), 0, size)
            if iszero(done) { revert(add(result, 32), size) }
            mstore(result, size)
            mstore(0x40, and(add(add(result, size), 63), not(31)))
        }
    }

    /// @dev A deadline in Unix seconds as one in running time.
    function _running(uint40 deadline) private view returns (uint40) {
        uint40 time = uint40(block.timestamp);
        if (deadline <= time || deadline > time + LIFE) revert OrderIncomplete();
        return deadline - (time - SYSTEM.runningTime());
    }

    /// @dev The role of `mask` that the caller holds; while the system is halted only in rows that lead out of it.
    function _requireRole(Row memory row, uint64 mask, address target) private view returns (uint64 role) {
        HaltLevel level = SYSTEM.level();
        if (level == HaltLevel.HALTED && !row.duringHalt) revert ISystem.SystemHalted(level);
        role = AUTHORITY.roleAmong(mask, target, msg.sender);
        if (role == 0) revert OrderUnauthorized(msg.sender, msg.sig);
    }

    function _requireStatus(uint256 id, bytes32 act, uint8 status, uint8 wanted) private view {
        if (status == wanted) return;
        if (_acts[id] != 0 && _acts[id] != act) revert OrderActMismatch(id);
        revert OrderStatusWrong(id, status);
    }
}
