// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Freshness} from "../governance/Freshness.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {HaltLevel} from "../types/HaltLevel.sol";

/// @dev The stop of the whole system, and the clock that stands still while it lasts.
abstract contract Halt is AccessManaged, ISystem {
    HaltLevel internal _level;
    /// @dev The last halt, also one that raised the level.
    uint40 private _stoppedAt;
    uint40 private _stoppedInAll;

    /// @dev Not while the system is halted.
    modifier notHalted() {
        if (_level == HaltLevel.HALTED) revert SystemHalted(_level);
        _;
    }

    /// @inheritdoc ISystem
    function halt(HaltLevel to, bytes32 incident) external restricted {
        if (to <= _level) revert HaltLevelWrong(_level, to);
        if (_level != HaltLevel.NORMAL) _stoppedInAll += uint40(block.timestamp) - _stoppedAt;
        _stoppedAt = uint40(block.timestamp);
        _setLevel(to, incident);
    }

    /// @inheritdoc ISystem
    function resume(HaltLevel to, bytes32 incident) external restricted {
        if (to >= _level) revert HaltLevelWrong(_level, to);
        Freshness.requireSince(_stoppedAt);
        if (to == HaltLevel.NORMAL) _stoppedInAll += uint40(block.timestamp) - _stoppedAt;
        _setLevel(to, incident);
    }

    /// @inheritdoc ISystem
    function level() external view returns (HaltLevel) {
        return _level;
    }

    /// @inheritdoc ISystem
    function runningTime() public view returns (uint40) {
        return (_level == HaltLevel.NORMAL ? uint40(block.timestamp) : _stoppedAt) - _stoppedInAll;
    }

    /// @inheritdoc ISystem
    function clock() external view returns (HaltLevel, uint40) {
        return (_level, runningTime());
    }

    /// @dev No scheduled operations: what needs two people goes through the queue of orders.
    function _checkCanCall(address caller, bytes calldata data) internal view override {
        (bool may,) = IAccessManager(authority()).canCall(caller, address(this), bytes4(data));
        if (!may) revert AccessRefused(caller, bytes4(data));
    }

    function _setLevel(HaltLevel to, bytes32 incident) private {
        emit HaltLevelChanged(_level, to, msg.sender, incident);
        _level = to;
    }
}
