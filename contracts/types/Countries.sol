// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev A set of ISO 3166-1 numeric codes (1 to 999) as bits, and whether it names who may receive or who may not.
struct Countries {
    bool listed;
    bool admitted;
    uint256[4] codes;
}
