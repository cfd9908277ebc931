// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {ISystem} from "../../../contracts/interfaces/ISystem.sol";
import {ITerms} from "../../../contracts/interfaces/ITerms.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev What cannot be created: a table of terms that are wrong in one thing each.
contract UnlawfulTest is Setting {
    function test_termsThatContradictEachOtherOrTheLawAreRefused() public {
        Terms memory t = _new();
        t.symbol = "";
        _refused(t, "NAME");
        (t = _new()).name = "";
        _refused(t, "NAME");
        (t = _new()).identifier = 0;
        _refused(t, "IDENTIFIER");
        (t = _new()).instrument = 5;
        _refused(t, "INSTRUMENT");
        (t = _new()).treasury = address(0);
        _refused(t, "TREASURY");
        (t = _new()).decimals = 19;
        _refused(t, "DECIMALS");
        (t = _new()).authorisedUnits = 0;
        _refused(t, "AUTHORISED_UNITS");
        (t = _new()).authorisedUnits = 2 ** 94;
        _refused(t, "AUTHORISED_UNITS");
        (t = _new()).partitions = new bytes32[](32);
        _refused(t, "PARTITIONS");
        (t = _new()).partitions = new bytes32[](1);
        _refused(t, "PARTITIONS");
        (t = _new()).partitions[0] = MAIN;
        _refused(t, "PARTITIONS");
        (t = _new()).instrument = 2;
        _refused(t, "MATURITY");
        (t = _new()).maturity = START + 1;
        _refused(t, "MATURITY");
        (t = _bond()).maturity = START;
        _refused(t, "MATURITY");
        (t = _bond()).lockedUntil = START + 366 days;
        _refused(t, "LOCKUP");
        (t = _bond()).category = 6;
        _refused(t, "INSTRUMENT");
    }

    function test_theFloorOfEachCategoryIsKept() public {
        _floor(0, 3, 0, false, "CATEGORY");
        _floor(7, 3, 0, false, "CATEGORY");
        _floor(1, 0, 0, false, "CLASSES");
        _floor(2, 3, 0, false, "CLASSES");
        _floor(3, 3, 0, false, "HOLDER_CAP");
        _floor(3, 3, 50, false, "HOLDER_CAP");
        _floor(3, 3, 49, false, "WHOLE_ONLY");
        _floor(4, 3, 0, true, "CLASSES");
        _floor(4, 2, 0, false, "APPROVAL");
        _floor(5, 3, 0, false, "CLASSES");
        _floor(6, 3, 0, false, "HOLDER_CAP");
        _floor(6, 3, 500, false, "HOLDER_CAP");
    }

    function test_aTokenIsCreatedOncePerIdentifierAndInitialisedOnce() public {
        bytes memory again = abi.encodeCall(core.createToken, (_terms()));
        bytes12 identifier = _terms().identifier;
        refused(address(core), again,
            abi.encodeWithSelector(ISystem.IdentifierTaken.selector, identifier, address(token)));
        bytes memory empty = abi.encodeCall(core.setImplementation, (STRANGER));
        refused(address(core), empty, abi.encodeWithSelector(ISystem.ImplementationEmpty.selector, STRANGER));
        vm.prank(address(core));
        vm.expectRevert(ITerms.TokenInitialised.selector);
        token.initialize(_terms());
        vm.expectRevert(
            abi.encodeWithSelector(ISystem.AccessRefused.selector, address(this), ITerms.initialize.selector)
        );
        token.initialize(_terms());
    }

    function _new() private pure returns (Terms memory t) {
        (t = _terms()).identifier = "JP0000000002";
    }

    function _bond() private pure returns (Terms memory t) {
        t = _new();
        (t.instrument, t.maturity) = (2, START + 365 days);
    }

    function _floor(uint8 category, uint16 classes, uint24 cap, bool approval, bytes32 fault) private {
        Terms memory t = _new();
        if (category == 6) (t.instrument, t.maturity) = (4, START + 1 days);
        (t.category, t.receiveClasses, t.holderCap, t.approvalRequired) = (category, classes, cap, approval);
        _refused(t, fault);
    }

    function _refused(Terms memory t, bytes32 fault) private {
        bytes memory why = abi.encodeWithSelector(ITerms.TermsInconsistent.selector, t.category, fault);
        refused(address(core), abi.encodeCall(core.createToken, (t)), why);
    }
}
