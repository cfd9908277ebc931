// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holding} from "./Holding.sol";

/// @dev One slot of the register: a struct, so that code can hold on to it and reach it once.
struct Cell {
    Holding word;
}
