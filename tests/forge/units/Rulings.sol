// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRule} from "../../../contracts/interfaces/IRule.sol";
import {ISanctionsOracle} from "../../../contracts/interfaces/ISanctionsOracle.sol";
import {Facts} from "../../../contracts/types/Facts.sol";
import {Move} from "../../../contracts/types/Move.sol";

/// @dev A third party's rule: refuses whatever carries more units than it was told.
contract MostUnits is IRule {
    error TooMany(uint256 units);

    uint256 private immutable MOST;

    constructor(uint256 most) {
        MOST = most;
    }

    function check(Move calldata m, Facts calldata) external view returns (bytes memory) {
        return m.units > MOST ? abi.encodeWithSelector(TooMany.selector, m.units) : bytes("");
    }
}

/// @dev Answers everything with the same bytes.
contract Parrot {
    bytes private _answer;

    constructor(bytes memory answer) {
        _answer = answer;
    }

    fallback(bytes calldata) external returns (bytes memory) {
        return _answer;
    }
}

contract Oracle is ISanctionsOracle {
    mapping(address account => bool) public isSanctioned;

    function set(address account, bool on) external {
        isSanctioned[account] = on;
    }
}
