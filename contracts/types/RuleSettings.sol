// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Countries} from "./Countries.sol";
import {Limits} from "./Limits.sol";
import {Window} from "./Window.sol";

/// @dev What the rule book of one token asks. `inUse` has a bit for each scope of each rule, see {RuleBook};
/// `closedBefore`: seconds before a record date in which nothing is transferred. Partition 0 is the whole token, holder
/// 0 the whole partition.
struct RuleSettings {
    uint8 inUse;
    uint32 closedBefore;
    address sanctions;
    address[] rules;
    mapping(bytes32 partition => Limits) limits;
    mapping(bytes32 partition => Countries) countries;
    mapping(bytes32 partition => mapping(address holder => Window)) windows;
}
