// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a token is created with. Instrument: 1 share, 2 bond, 3 beneficial interest, 4 fund unit.
/// Category: 1 PUBLIC_PARA1, 2 QII_ONLY, 3 SMALL_NUMBER, 4 EXEMPT_ERTR, 5 PRO_INVESTOR, 6 FUND_PARA2.
/// `faceValue`: per unit of epoch 0 (a split divides it), in the minor unit of `currency` (ISO 4217). Times are Unix
/// seconds, 0 = none.
struct Terms {
    string name;
    string symbol;
    uint8 decimals;
    uint8 instrument;
    uint8 category;
    bytes12 identifier;
    bytes3 currency;
    uint96 faceValue;
    uint96 authorisedUnits;
    uint40 maturity;
    uint40 lockedUntil;
    uint16 receiveClasses;
    uint24 holderCap;
    bool approvalRequired;
    bool wholeOnly;
    bool puttable;
    address treasury;
    bytes32[] partitions;
}
