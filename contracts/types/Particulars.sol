// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a token was created with and rarely changes. `authorised` counts units of `authorisedEpoch`; `faceValue`
/// is that of one unit of epoch 0, in the minor unit of `currency`.
struct Particulars {
    address treasury;
    uint96 faceValue;
    uint96 authorised;
    uint16 authorisedEpoch;
    uint8 decimals;
    uint8 instrument;
    uint8 category;
    bytes12 identifier;
    bytes3 currency;
}
