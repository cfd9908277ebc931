// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Release} from "../../contracts/ledger/Release.sol";
import {Lot} from "../../contracts/types/Lot.sol";

/// @dev How a lot becomes free by time: not before its cliff, then evenly from its start to its end, to the unit.
contract ReleaseTest is Test {
    uint256 private constant LIMIT = 2 ** 94;

    function _lot(uint96 units, uint40[3] memory dates) private pure returns (Lot memory) {
        uint40 end = uint40(bound(dates[2], 1, type(uint40).max));
        uint40 cliff = uint40(bound(dates[1], 0, end));
        return Lot(uint96(bound(units, 1, LIMIT - 1)), 0, uint40(bound(dates[0], 0, cliff)), cliff, end);
    }

    /// @dev The least whole number that is not below units * (end - t) / (end - start).
    function testFuzz_fromTheCliffOnTheShareOfTheTimeThatIsLeftIsLocked(
        uint96 units,
        uint40[3] memory dates,
        uint40 time
    ) public pure {
        Lot memory lot = _lot(units, dates);
        if (lot.cliff == lot.end) return;
        time = uint40(bound(time, lot.cliff, lot.end - 1));
        (uint256 locked, uint256 whole) = (Release.locked(lot, time), lot.end - lot.start);
        uint256 share = uint256(lot.units) * (lot.end - time);
        assertGe(locked * whole, share);
        assertLt((locked - 1) * whole, share);
        assertTrue(locked >= 1 && locked <= lot.units);
    }

    function testFuzz_allIsLockedBeforeTheCliffAndNothingFromTheEndOn(uint96 units, uint40[3] memory dates)
        public
        pure
    {
        Lot memory lot = _lot(units, dates);
        if (lot.cliff != 0) assertEq(Release.locked(lot, lot.cliff - 1), lot.units);
        assertGe(Release.locked(lot, lot.end - 1), 1);
        assertEq(Release.locked(lot, lot.end), 0);
        assertEq(Release.locked(lot, type(uint256).max), 0);
    }

    function testFuzz_whatBecameFreeStaysFree(uint96 units, uint40[3] memory dates, uint40 a, uint40 b) public pure {
        Lot memory lot = _lot(units, dates);
        if (a > b) (a, b) = (b, a);
        assertGe(Release.locked(lot, a), Release.locked(lot, b));
    }

    /// @dev A lot that was split locks at most as many times more, and less than one unit of before fewer.
    function testFuzz_aSplitLocksNoMoreThanAsManyTimesAndLessThanAUnitFewer(
        uint96 units,
        uint96 n,
        uint40[3] memory dates,
        uint40 time
    ) public pure {
        Lot memory lot = _lot(units, dates);
        n = uint96(bound(n, 1, (LIMIT - 1) / lot.units));
        uint256 before = Release.locked(lot, time);
        lot.units *= n;
        uint256 then = Release.locked(lot, time);
        assertLe(then, before * n);
        if (before != 0) assertGt(then, (before - 1) * n);
    }

    /// @dev A lot that shrinks locks now what is left to it, later never more than before, and could not be larger.
    function testFuzz_aLotThatShrinksLocksWhatIsLeftAndNeverMoreThanBefore(
        uint96 units,
        uint256 left,
        uint40[3] memory dates,
        uint40 time,
        uint40 later
    ) public pure {
        Lot memory lot = _lot(units, dates);
        time = uint40(bound(time, 0, lot.end - 1));
        later = uint40(bound(later, time, type(uint40).max));
        (uint256 now_, uint256 then) = (Release.locked(lot, time), Release.locked(lot, later));
        left = bound(left, 0, now_ - 1);
        uint256 rest = Release.shrunk(lot, left, time);
        assertLt(rest, lot.units);
        lot.units = uint96(rest);
        assertEq(Release.locked(lot, time), left);
        assertLe(Release.locked(lot, later), then);
        lot.units = uint96(rest + 1);
        assertGt(Release.locked(lot, time), left);
    }

    /// @dev Ten units over ten seconds with a cliff at the fourth.
    function test_tenUnitsOverTenSeconds() public pure {
        uint8[12] memory expected = [10, 10, 10, 10, 6, 5, 4, 3, 2, 1, 0, 0];
        for (uint256 i; i < 12; ++i) assertEq(Release.locked(Lot(10, 0, 100, 104, 110), 100 + i), expected[i]);
        expected = [3, 3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0];
        for (uint256 i; i < 12; ++i) assertEq(Release.locked(Lot(3, 0, 100, 100, 110), 100 + i), expected[i]);
    }
}
