// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Documents} from "./Documents.sol";
import {Allowance} from "../types/Allowance.sol";
import {Cell} from "../types/Cell.sol";
import {Epoch} from "../types/Epoch.sol";
import {Frozen} from "../types/Frozen.sol";
import {Loss} from "../types/Loss.sol";
import {Lot} from "../types/Lot.sol";
import {Particulars} from "../types/Particulars.sol";
import {Policy} from "../types/Policy.sol";
import {Quantity} from "../types/Quantity.sol";
import {Reversal} from "../types/Reversal.sol";
import {RuleSettings} from "../types/RuleSettings.sol";
import {TransferRequest} from "../types/TransferRequest.sol";

/// @dev All state of a token, on one page, because its code is in four parts that share it (see {SecurityToken}).
abstract contract TokenState {
    bytes32 internal constant DEFAULT_PARTITION = "default";
    /// @dev Authorised units stay below this through every split. Frozen units are at most as many, and so are requested
    /// ones and those of each of at most sixteen lots, so that no sum of them overflows the 103 bits it is kept in.
    uint256 internal constant UNITS_LIMIT = 2 ** 94;

    Policy internal _policy;
    Particulars internal _particulars;
    string internal _name;
    string internal _symbol;
    bytes32[] internal _partitions;
    mapping(uint16 index => Epoch) internal _epochs;

    mapping(bytes32 partition => mapping(address holder => Cell)) internal _holdings;
    /// @dev What a holding was at the end of epoch `last`, unchanged since the epoch it carries.
    mapping(bytes32 partition => mapping(address holder => mapping(uint16 last => Quantity))) internal _past;
    mapping(bytes32 partition => mapping(address holder => Frozen)) internal _frozen;
    mapping(bytes32 partition => mapping(address holder => Lot[])) internal _lots;
    mapping(bytes32 partition => Quantity) internal _redeemed;
    mapping(bytes32 partition => Quantity) internal _allotted;

    uint256 internal _holderCount;
    mapping(bytes16 investor => uint256) internal _holdingsOfInvestor;

    mapping(address holder => mapping(address spender => Allowance)) internal _allowances;
    mapping(address holder => mapping(address operator => bool)) internal _operatorsForAll;
    mapping(address holder => mapping(bytes32 partition => mapping(address operator => bool))) internal _operators;

    uint256 internal _requestCount;
    mapping(uint256 id => TransferRequest) internal _requests;
    mapping(bytes32 id => Loss) internal _losses;
    mapping(bytes32 origin => Reversal) internal _reversals;
    Documents.Shelf internal _shelf;
    RuleSettings internal _settings;
    uint40 internal _pausedAt;
}
