// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {Row} from "../types/Row.sol";

/// @title The role matrix: OpenZeppelin's AccessManager, with a row of several roles for a function
/// @notice Once the system is set up its only administrator is the queue of orders.
contract Authority is AccessManager, IAuthority {
    address private constant EVERY_TOKEN = address(1);
    uint64 private constant SYS_ADMIN = 1;
    uint64 private constant COMPLIANCE = 6;

    mapping(address target => mapping(bytes4 selector => Row)) private _rows;
    mapping(address token => uint64) private _numbers;
    mapping(uint64 role => uint256) private _members;
    uint64 private _lastNumber;

    constructor(address deployer) AccessManager(deployer) {}

    /// @inheritdoc IAuthority
    function setRow(address target, bytes4 selector, Row calldata row) external onlyAuthorized {
        bool oneSided = (row.proposers == 0) != (row.approvers == 0);
        if (oneSided || row.proposers & row.approvers != 0 || (row.executors | row.proposers | row.approvers) & 1 != 0) {
            revert RowUnsound(selector);
        }
        _rows[target][selector] = row;
        emit RowSet(target, selector, row);
    }

    /// @inheritdoc IAuthority
    function enrol(address token) external onlyAuthorized {
        if (_numbers[token] != 0) revert TokenAlreadyEnrolled(token);
        _numbers[token] = ++_lastNumber;
        emit TokenEnrolled(token, _lastNumber);
    }

    /// @inheritdoc AccessManager
    /// @dev A row with executors decides alone; without one, the AccessManager's own table does.
    function canCall(address caller, address target, bytes4 selector)
        public
        view
        override
        returns (bool immediate, uint32 delay)
    {
        uint64 executors = _row(target, selector).executors;
        if (executors == 0 || caller == address(this)) return super.canCall(caller, target, selector);
        return (!isTargetClosed(target) && holdsAny(executors, target, caller), 0);
    }

    /// @inheritdoc IAuthority
    function holdsAny(uint64 mask, address target, address account) public view returns (bool) {
        uint64 number = _numbers[target];
        for (uint64 role = 1; role < 64; ++role) {
            if (mask & (uint64(1) << role) == 0) continue;
            if (_holds(role, account) || (number != 0 && _holds((number << 8) | role, account))) return true;
        }
        return false;
    }

    /// @inheritdoc IAuthority
    function rowOf(address target, bytes4 selector) external view returns (Row memory) {
        return _row(target, selector);
    }

    /// @inheritdoc IAuthority
    function scoped(uint64 role, address token) external view returns (uint64) {
        return (_numbers[token] << 8) | role;
    }

    function _row(address target, bytes4 selector) private view returns (Row storage) {
        return _rows[_numbers[target] == 0 ? target : EVERY_TOKEN][selector];
    }

    function _holds(uint64 role, address account) private view returns (bool holds) {
        (holds,) = hasRole(role, account);
    }

    /// @dev Counts members, so that the last of those who govern cannot be lost.
    function _grantRole(uint64 role, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool granted)
    {
        granted = super._grantRole(role, account, grantDelay, executionDelay);
        if (granted) ++_members[role];
    }

    function _revokeRole(uint64 role, address account) internal override returns (bool revoked) {
        revoked = super._revokeRole(role, account);
        if (!revoked) return false;
        bool governs = role == ADMIN_ROLE || role == SYS_ADMIN || role == COMPLIANCE;
        if (--_members[role] == 0 && governs) revert RoleLastMember(role);
    }
}
