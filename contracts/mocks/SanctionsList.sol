// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISanctionsOracle} from "../interfaces/ISanctionsOracle.sol";

/// @dev A list of sanctions that anybody may write, for tests.
contract SanctionsList is ISanctionsOracle {
    mapping(address account => bool) public isSanctioned;

    function set(address account, bool sanctioned) external {
        isSanctioned[account] = sanctioned;
    }
}
