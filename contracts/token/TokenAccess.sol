// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {TokenState} from "../ledger/TokenState.sol";
import {Rules} from "../rules/Rules.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @dev Who may call: an approved order, a role of the matrix, or a holder while nothing stands still.
abstract contract TokenAccess is TokenState {
    using PolicyWord for Policy;

    ISystem internal immutable SYSTEM;
    address internal immutable ORDERS;
    IAccessManager internal immutable AUTHORITY;

    /// @dev Only through an approved order.
    modifier ordered() {
        _requireOrder();
        _;
    }

    /// @dev Only roles of the matrix, and not while the system is halted.
    modifier restricted() {
        _requireRole();
        _;
    }

    /// @dev An act of a holder: not while the system or the token stands still.
    modifier running() {
        _requireRunning();
        _;
    }

    constructor(ISystem system, address orders, IAccessManager authority) {
        SYSTEM = system;
        ORDERS = orders;
        AUTHORITY = authority;
    }

    function _requireRunning() private view {
        HaltLevel level = SYSTEM.level();
        if (level != HaltLevel.NORMAL) revert ISystem.SystemHalted(level);
        if (_policy.has(Rules.PAUSED)) revert IRefusals.TokenPaused();
    }

    function _requireOrder() internal view {
        if (msg.sender != ORDERS) revert IRemedies.OrderRequired(msg.sender);
    }

    function _requireRole() internal view {
        (bool may,) = AUTHORITY.canCall(msg.sender, address(this), msg.sig);
        if (!may) revert ISystem.AccessRefused(msg.sender, msg.sig);
        if (SYSTEM.level() == HaltLevel.HALTED) revert ISystem.SystemHalted(HaltLevel.HALTED);
    }
}
