// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Row} from "../types/Row.sol";

/// @title The role matrix: OpenZeppelin's AccessManager, with a row of several roles for a function
/// @notice Once the system is set up its only administrator is the queue of orders.
contract Authority is AccessManager, IAuthority {
    address private constant EVERY_TOKEN = address(1);
    uint64 private constant SYS_ADMIN = 1;
    uint64 private constant COMPLIANCE = 6;
    uint64 private constant SYSTEM = 63;
    /// @dev Well below the life of an order, which must outlast its delay.
    uint32 private constant LONGEST_DELAY = 30 days;
    /// @dev Role 0 is the administrator's, role 63 the core system's: no row may name them.
    uint64 private constant NO_ROLES = 1 | 1 << 63;

    mapping(address target => mapping(bytes4 selector => Row)) private _rows;
    mapping(address token => uint64) private _numbers;
    mapping(uint64 role => uint256) private _members;
    mapping(uint64 role => uint256) private _granted;
    mapping(address account => uint256) private _rolesOf;
    uint64 private _lastNumber;

    constructor(address deployer) AccessManager(deployer) {}

    /// @inheritdoc IAuthority
    function setRow(address target, bytes4 selector, Row calldata row) external onlyAuthorized {
        bool oneSided = (row.proposers == 0) != (row.approvers == 0);
        bool outOfRange = (row.executors | row.proposers | row.approvers) & NO_ROLES != 0;
        bool late = row.delay > LONGEST_DELAY || (row.duringHalt && row.delay != 0);
        bool bothSides = row.proposers & row.approvers != 0;
        if (oneSided || bothSides || outOfRange || late || _shutsOut(target, selector, row) || _numbers[target] != 0) {
            revert RowUnsound(selector);
        }
        _rows[target][selector] = row;
        emit RowSet(target, selector, row);
    }

    /// @dev Whether the row would close the way out of a halt or the way to change rows, or open any function of this
    /// contract but those that grant, revoke and set rows.
    function _shutsOut(address target, bytes4 selector, Row calldata row) private view returns (bool) {
        if (selector == ISystem.resume.selector) return row.proposers == 0 || !row.duringHalt;
        if (target != address(this)) return false;
        if (selector == this.setRow.selector) return row.proposers == 0;
        return selector != this.grantRole.selector && selector != this.revokeRole.selector;
    }

    /// @inheritdoc IAuthority
    function enrol(address token) external onlyAuthorized {
        if (_numbers[token] != 0) revert TokenAlreadyEnrolled(token);
        _numbers[token] = ++_lastNumber;
        emit TokenEnrolled(token, _lastNumber);
    }

    /// @inheritdoc AccessManager
    /// @dev A row with executors decides alone, and not for calls relayed by this contract, which would hide who acts;
    /// without one, the AccessManager's own table does.
    function canCall(address caller, address target, bytes4 selector)
        public
        view
        override
        returns (bool immediate, uint32 delay)
    {
        Row storage row = _row(target, selector);
        if (row.executors == 0) return super.canCall(caller, target, selector);
        bool ordered = row.proposers != 0 && holds(ADMIN_ROLE, caller);
        bool may = ordered || (caller != address(this) && holdsAny(row.executors, target, caller));
        return (may && !isTargetClosed(target), 0);
    }

    /// @inheritdoc IAuthority
    function holdsAny(uint64 mask, address target, address account) public view returns (bool) {
        return roleAmong(mask, target, account) != 0;
    }

    /// @inheritdoc IAuthority
    function roleAmong(uint64 mask, address target, address account) public view returns (uint64 role) {
        role = _roleAmong(mask, 0, account);
        if (role != 0) return role;
        uint64 number = _numbers[target];
        return number == 0 ? 0 : _roleAmong(mask, number << 8, account);
    }

    /// @inheritdoc IAuthority
    function rowOf(address target, bytes4 selector) external view returns (Row memory) {
        return _row(target, selector);
    }

    /// @inheritdoc IAuthority
    function scoped(uint64 role, address token) external view returns (uint64) {
        if (_numbers[token] == 0) revert TokenNotEnrolled(token);
        return (_numbers[token] << 8) | role;
    }

    function _row(address target, bytes4 selector) private view returns (Row storage) {
        return _rows[_numbers[target] == 0 ? target : EVERY_TOKEN][selector];
    }

    /// @inheritdoc IAuthority
    function holds(uint64 role, address account) public view returns (bool) {
        (bool isMember, uint32 delay) = hasRole(role, account);
        return isMember && delay == 0;
    }

    /// @dev Role r of the mask is `scope` + r.
    function _roleAmong(uint64 mask, uint64 scope, address account) private view returns (uint64) {
        for (; mask != 0; mask >>= 1) {
            if (mask & 1 != 0 && holds(scope, account)) return scope;
            ++scope;
        }
        return 0;
    }

    /// @dev Counts members, so that the last of those who govern cannot be lost.
    function _grantRole(uint64 role, address account, uint32 grantDelay, uint32 executionDelay)
        internal
        override
        returns (bool granted)
    {
        if (executionDelay != 0 || grantDelay != 0) revert RoleDelayed(role);
        granted = super._grantRole(role, account, grantDelay, executionDelay);
        if (!granted) return false;
        ++_members[role];
        // The deployer, then the queue of orders; the core system: nobody else can ever be made either.
        uint256 seats = role == ADMIN_ROLE ? 2 : role == SYSTEM ? 1 : type(uint256).max;
        if (++_granted[role] > seats) revert RoleClosed(role);
        if (role == ADMIN_ROLE || role == SYSTEM) return true;
        // Who proposes how the system is governed does nothing else: the last two who govern are two people.
        if (++_rolesOf[account] > 1 && (role == SYS_ADMIN || holds(SYS_ADMIN, account))) {
            revert RoleIncompatible(role, account);
        }
    }

    function _revokeRole(uint64 role, address account) internal override returns (bool revoked) {
        revoked = super._revokeRole(role, account);
        if (!revoked) return false;
        bool governs = role == ADMIN_ROLE || role == SYS_ADMIN || role == COMPLIANCE || role == SYSTEM;
        if (--_members[role] == 0 && governs) revert RoleLastMember(role);
        if (role != ADMIN_ROLE && role != SYSTEM) --_rolesOf[account];
    }

    /// @dev The tables of the AccessManager stay as they are born, but for the core system's own function: a right that is
    /// in no row of the matrix would be a second door.
    function _setTargetFunctionRole(address target, bytes4 selector, uint64 role) internal override {
        bool own = target == address(this) && selector == this.enrol.selector && role == SYSTEM;
        if (!own) revert RowUnsound(selector);
        super._setTargetFunctionRole(target, selector, role);
    }

    function _setRoleAdmin(uint64, uint64) internal pure override {
        revert RowUnsound(this.setRoleAdmin.selector);
    }

    function _setRoleGuardian(uint64, uint64) internal pure override {
        revert RowUnsound(this.setRoleGuardian.selector);
    }

    function _setGrantDelay(uint64, uint32) internal pure override {
        revert RowUnsound(this.setGrantDelay.selector);
    }

    function _setTargetAdminDelay(address, uint32) internal pure override {
        revert RowUnsound(this.setTargetAdminDelay.selector);
    }

    function _setTargetClosed(address, bool) internal pure override {
        revert RowUnsound(this.setTargetClosed.selector);
    }
}
