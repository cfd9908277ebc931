// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Epochs} from "./Epochs.sol";
import {IERC1410} from "../interfaces/IERC1410.sol";
import {IERC6093} from "../interfaces/IERC6093.sol";
import {ITokenErrors} from "../interfaces/ITokenErrors.sol";
import {Allowance} from "../types/Allowance.sol";

/// @dev Allowances, which count units and therefore split with them, and operators.
abstract contract Approvals is Epochs {
    uint232 private constant UNLIMITED = type(uint232).max;

    function _allowance(address owner, address spender) internal view returns (uint256) {
        Allowance memory a = _allowances[owner][spender];
        if (a.units == UNLIMITED) return type(uint256).max;
        uint256 ratio = _ratio(a.epoch, _epoch());
        return a.units < UNLIMITED / ratio ? a.units * ratio : UNLIMITED - 1;
    }

    function _isOperator(bytes32 partition, address operator, address holder) internal view returns (bool) {
        return _operatorsForAll[holder][operator] || _operators[holder][partition][operator];
    }

    function _approve(address owner, address spender, uint256 value) internal {
        if (owner == address(0)) revert IERC6093.ERC20InvalidApprover(owner);
        if (spender == address(0)) revert IERC6093.ERC20InvalidSpender(spender);
        _setAllowance(owner, spender, value);
        emit IERC20.Approval(owner, spender, value);
    }

    function _spendAllowance(address owner, uint256 value) internal {
        uint256 current = _allowance(owner, msg.sender);
        if (current == type(uint256).max) return;
        if (current < value) revert IERC6093.ERC20InsufficientAllowance(msg.sender, current, value);
        _setAllowance(owner, msg.sender, current - value);
    }

    function _setAllowance(address owner, address spender, uint256 value) private {
        if (value >= UNLIMITED && value != type(uint256).max) revert ITokenErrors.AllowanceOutOfRange(value);
        _allowances[owner][spender] =
            value == type(uint256).max ? Allowance(UNLIMITED, 0) : Allowance(uint232(value), _epoch());
    }

    function _setOperator(address operator, bool on) internal {
        _operatorsForAll[msg.sender][operator] = on;
        if (on) emit IERC1410.AuthorizedOperator(operator, msg.sender);
        else emit IERC1410.RevokedOperator(operator, msg.sender);
    }

    function _setOperatorByPartition(bytes32 partition, address operator, bool on) internal {
        _operators[msg.sender][partition][operator] = on;
        if (on) emit IERC1410.AuthorizedOperatorByPartition(partition, operator, msg.sender);
        else emit IERC1410.RevokedOperatorByPartition(partition, operator, msg.sender);
    }

    function _requireOperator(bytes32 partition, address holder) internal view {
        if (!_isOperator(partition, msg.sender, holder)) {
            revert ITokenErrors.OperatorUnauthorized(msg.sender, holder, partition);
        }
    }
}
