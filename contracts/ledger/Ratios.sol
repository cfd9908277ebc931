// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Epoch} from "../types/Epoch.sol";

/// @dev What a unit of one epoch has become in a later one. Exact: each factor is an integer multiple of those before.
library Ratios {
    function factor(mapping(uint16 => Epoch) storage epochs, uint16 epoch) internal view returns (uint256) {
        return epoch == 0 ? 1 : epochs[epoch].factor;
    }

    function ratio(mapping(uint16 => Epoch) storage epochs, uint16 from, uint16 to) internal view returns (uint256) {
        return from == to ? 1 : factor(epochs, to) / factor(epochs, from);
    }
}
