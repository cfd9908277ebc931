// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Ratios} from "../../contracts/ledger/Ratios.sol";
import {Epoch} from "../../contracts/types/Epoch.sol";

/// @dev What a unit of one epoch becomes in a later one: exactly the product of the splits between.
contract RatiosTest is Test {
    uint256 private constant LIMIT = 2 ** 94;

    mapping(uint16 epoch => Epoch) private _epochs;

    /// @dev Splits (2 and more) and record dates (1) in any order, as many as there is room for beside one unit.
    function testFuzz_aRatioIsTheProductOfTheSplitsBetween(uint96[12] memory drawn, uint16 from, uint16 to) public {
        (uint256[13] memory ratios, uint256 factor) = ([uint256(0), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], uint256(1));
        for (uint16 i = 1; i <= drawn.length; ++i) {
            uint256 room = (LIMIT - 1) / factor;
            ratios[i] = drawn[i - 1] % 3 == 0 ? 1 : bound(drawn[i - 1], 1, room < 2 ** 16 ? room : 2 ** 16);
            factor *= ratios[i];
            _epochs[i] = Epoch(i, uint96(factor), 0);
        }
        (from, to) = (from % 13, to % 13);
        if (from > to) (from, to) = (to, from);
        uint256 product = 1;
        for (uint16 i = from + 1; i <= to; ++i) product *= ratios[i];
        assertEq(Ratios.ratio(_epochs, from, to), product);
        assertEq(Ratios.factor(_epochs, to) % Ratios.factor(_epochs, from), 0, "no remainder");
        assertEq(Ratios.ratio(_epochs, 0, to), Ratios.ratio(_epochs, 0, from) * product, "in two steps as in one");
    }

    /// @dev The largest there is: one split into 2^94 - 1, and 93 splits in two.
    function test_theLargestFactorsFit() public {
        _epochs[1] = Epoch(1, uint96(LIMIT - 1), 0);
        assertEq(Ratios.ratio(_epochs, 0, 1), LIMIT - 1);
        for (uint16 i = 1; i < 94; ++i) _epochs[i] = Epoch(i, uint96(2) ** i, 0);
        for (uint16 i; i < 94; ++i) assertEq(Ratios.ratio(_epochs, i, 93), 2 ** (93 - i));
    }

    function testFuzz_unitsAreScaledExactlyUpToTheLimit(uint96 units, uint96 first, uint96 second) public {
        units = uint96(bound(units, 1, LIMIT - 1));
        first = uint96(bound(first, 1, (LIMIT - 1) / units));
        second = uint96(bound(second, 1, (LIMIT - 1) / (uint256(units) * first)));
        (_epochs[1], _epochs[2]) = (Epoch(1, first, 0), Epoch(2, first * second, 0));
        uint256 there = units * Ratios.ratio(_epochs, 0, 2);
        assertEq(there, uint256(units) * first * second);
        assertLt(there, LIMIT);
        assertEq(there / Ratios.ratio(_epochs, 1, 2), uint256(units) * first, "nothing is lost on the way");
    }
}
