// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IRule} from "stotoken/contracts/interfaces/IRule.sol";
import {Facts} from "stotoken/contracts/types/Facts.sol";
import {Move} from "stotoken/contracts/types/Move.sol";

/// @title Only known counterparties receive: a list that its owner keeps
/// @notice One list may serve many tokens. A redemption has no receiver and passes.
contract CounterpartyList is IRule {
    event CounterpartyChanged(address indexed wallet, bool known);

    /// @notice {wallet} is not a known counterparty.
    error CounterpartyUnknown(address wallet);

    /// @notice Only the owner of the list changes it, not {caller}.
    error OwnerRequired(address caller);

    address private immutable _OWNER;
    mapping(address wallet => bool) public known;

    constructor(address owner) {
        _OWNER = owner;
    }

    function set(address wallet, bool isKnown) external {
        if (msg.sender != _OWNER) revert OwnerRequired(msg.sender);
        known[wallet] = isKnown;
        emit CounterpartyChanged(wallet, isKnown);
    }

    /// @inheritdoc IRule
    function check(Move calldata m, Facts calldata) external view returns (bytes memory refusal) {
        if (m.to == address(0) || known[m.to]) return "";
        return abi.encodeWithSelector(CounterpartyUnknown.selector, m.to);
    }
}
