// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {InvestorRegistry} from "./InvestorRegistry.sol";
import {TokenRegistry} from "./TokenRegistry.sol";

/// @title The core system (基幹システム): halt level, investors and tokens of one deployment
contract CoreSystem is InvestorRegistry, TokenRegistry {
    constructor(address authority_) AccessManaged(authority_) {}
}
