// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Countries} from "../types/Countries.sol";
import {Refusal} from "../types/Refusal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is the receiver of a country that may hold this security? Where countries are listed, one that is none of ISO 3166-1
/// (0 or beyond 999) refuses, whichever way the list is meant. Guideline 6.1.1.7 case 1.
library CountryRule {
    function refusal(address to, Standing s, Countries memory c) internal pure returns (bytes memory) {
        uint16 country = Standings.country(s);
        if (!c.listed) return "";
        bool known = country != 0 && country < 1000;
        if (known && (c.codes[country >> 8] >> (country & 255) & 1 != 0) == c.admitted) return "";
        return Refusal.encode(IRefusals.CountryRefused.selector, to, country);
    }
}
