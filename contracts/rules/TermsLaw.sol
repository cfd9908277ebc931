// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITerms} from "../interfaces/ITerms.sol";
import {Terms} from "../types/Terms.sol";

/// @dev Which terms the law allows together, by legal category. A linked library: the core system asks it before a
/// token is created, the token before its policy changes. Guideline 6.1.1.1.
library TermsLaw {
    uint16 private constant QII = 2;
    uint16 private constant PRO = 4;
    uint16 private constant SPECIAL = 8;

    uint8 private constant BOND = 2;
    uint8 private constant SHARE = 1;
    uint8 private constant BENEFICIAL_INTEREST = 3;
    uint8 private constant FUND_UNIT = 4;

    function requireTerms(Terms calldata t) external view {
        uint8 c = t.category;
        if (bytes(t.name).length == 0 || bytes(t.symbol).length == 0) _fault(c, "NAME");
        if (t.identifier == 0) _fault(c, "IDENTIFIER");
        if (t.instrument < SHARE || t.instrument > FUND_UNIT) _fault(c, "INSTRUMENT");
        if (t.treasury == address(0)) _fault(c, "TREASURY");
        if (t.decimals > 18) _fault(c, "DECIMALS");
        if (t.authorisedUnits == 0 || t.authorisedUnits >= 2 ** 94) _fault(c, "AUTHORISED_UNITS");
        if (t.partitions.length > 31) _fault(c, "PARTITIONS");
        if ((t.instrument == BOND && t.maturity == 0) || (t.instrument == SHARE && t.maturity != 0)) {
            _fault(c, "MATURITY");
        }
        if (t.maturity != 0 && t.maturity <= block.timestamp) _fault(c, "MATURITY");
        if (t.maturity != 0 && t.lockedUntil > t.maturity) _fault(c, "LOCKUP");
        if (c == 6 && t.instrument != FUND_UNIT && t.instrument != BENEFICIAL_INTEREST) _fault(c, "INSTRUMENT");
        requirePolicy(c, t.receiveClasses, t.holderCap, t.approvalRequired, t.wholeOnly);
    }

    /// @dev The floor of each category; it can be tightened, never loosened.
    function requirePolicy(uint8 category, uint16 classes, uint24 holderCap, bool approvalRequired, bool wholeOnly)
        public
        pure
    {
        if (category == 0 || category > 6) _fault(category, "CATEGORY");
        if (classes == 0) _fault(category, "CLASSES");
        if (category == 2 && classes != QII) _fault(category, "CLASSES");
        if (category == 3 && (holderCap == 0 || holderCap > 49)) _fault(category, "HOLDER_CAP");
        if (category == 3 && !wholeOnly) _fault(category, "WHOLE_ONLY");
        if (category == 4 && classes & ~(QII | SPECIAL) != 0) _fault(category, "CLASSES");
        if (category == 4 && !approvalRequired) _fault(category, "APPROVAL");
        if (category == 5 && classes & ~(PRO | QII) != 0) _fault(category, "CLASSES");
        if (category == 6 && (holderCap == 0 || holderCap > 499)) _fault(category, "HOLDER_CAP");
    }

    function _fault(uint8 category, bytes32 fault) private pure {
        revert ITerms.TermsInconsistent(category, fault);
    }
}
