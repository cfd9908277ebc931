// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1410} from "../interfaces/IERC1410.sol";
import {IERC1594} from "../interfaces/IERC1594.sol";
import {IERC1644} from "../interfaces/IERC1644.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {Rules} from "../rules/Rules.sol";
import {HolderActions} from "./HolderActions.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @dev The privileged functions of the standards: issue, controller, freeze.
abstract contract ControllerActions is HolderActions, IERC1644, IERC7943 {
    using PolicyWord for Policy;

    /// @inheritdoc IERC1594
    function issue(address tokenHolder, uint256 value, bytes calldata data) external ordered {
        _issue(DEFAULT_PARTITION, tokenHolder, value, data);
        emit Issued(msg.sender, tokenHolder, value, data);
    }

    /// @inheritdoc IERC1410
    function issueByPartition(bytes32 partition, address tokenHolder, uint256 value, bytes calldata data)
        external
        ordered
    {
        _issue(partition, tokenHolder, value, data);
    }

    /// @inheritdoc IERC1594
    function isIssuable() external view returns (bool) {
        return !_policy.has(Rules.CLOSED);
    }

    /// @inheritdoc IERC1644
    function isControllable() external pure returns (bool) {
        return true;
    }

    /// @inheritdoc IERC1644
    function controllerTransfer(
        address from,
        address to,
        uint256 value,
        bytes calldata data,
        bytes calldata operatorData
    ) external ordered {
        _force(DEFAULT_PARTITION, from, to, value, data, operatorData);
    }

    /// @inheritdoc IERC1644
    function controllerRedeem(
        address tokenHolder,
        uint256 value,
        bytes calldata data,
        bytes calldata operatorData
    ) external ordered {
        _seize(DEFAULT_PARTITION, tokenHolder, address(0), value, data, operatorData);
        emit ControllerRedemption(msg.sender, tokenHolder, value, data, operatorData);
    }

    /// @inheritdoc IERC7943
    function forcedTransfer(address from, address to, uint256 amount) external ordered returns (bool) {
        _force(DEFAULT_PARTITION, from, to, amount, "", "");
        return true;
    }

    /// @inheritdoc IERC7943
    function setFrozenTokens(address account, uint256 amount) external returns (bool) {
        _freeze(DEFAULT_PARTITION, account, amount);
        return true;
    }

    /// @inheritdoc IERC7943
    function getFrozenTokens(address account) external view returns (uint256) {
        return _frozenUnits(DEFAULT_PARTITION, account, _epoch());
    }
}
