// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRefusals} from "../interfaces/IRefusals.sol";
import {Countries} from "../types/Countries.sol";
import {Refusal} from "../types/Refusal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Is the receiver of a country that may hold this security? Guideline 6.1.1.7 case 1.
library CountryRule {
    function refusal(address to, Standing s, Countries memory c) internal pure returns (bytes memory) {
        uint16 country = Standings.country(s);
        bool named = country < 1000 && c.codes[country >> 8] >> (country & 255) & 1 != 0;
        if (!c.listed || named == c.admitted) return "";
        return Refusal.encode(IRefusals.CountryRefused.selector, to, country);
    }
}
