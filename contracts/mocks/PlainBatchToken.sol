// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PlainToken} from "./PlainToken.sol";

/// @dev An ERC-20 has no batches: these are the plainest loops that give it some, for the batches of a security token
/// to be measured against.
contract PlainBatchToken is PlainToken {
    constructor(string memory name_, string memory symbol_) PlainToken(name_, symbol_) {}

    function batchMint(address[] calldata to, uint256[] calldata values) external {
        for (uint256 i; i < to.length; ++i) _mint(to[i], values[i]);
    }

    function batchTransfer(address[] calldata to, uint256[] calldata values) external {
        for (uint256 i; i < to.length; ++i) _transfer(msg.sender, to[i], values[i]);
    }
}
