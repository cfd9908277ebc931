// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Release} from "../../../contracts/ledger/Release.sol";
import {Lot} from "../../../contracts/types/Lot.sol";

/// @dev How a lot becomes free: for every lot and every instant at once where no share is taken, else for every number of
/// units. The quotient of two unknown numbers is beyond the solver, and the fuzz tests of {Release} ask it.
contract ReleaseSymbolic {
    uint256 private constant LIMIT = 2 ** 94;

    /// @dev All before the cliff, none from the end on.
    function check_nothingIsFreeBeforeTheCliffAndAllAtTheEnd(Lot memory lot, uint40 time) external pure {
        if (!_sound(lot)) return;
        if (time >= lot.end) assert(Release.locked(lot, time) == 0);
        else if (time < lot.cliff) assert(Release.locked(lot, time) == lot.units);
    }

    /// @dev Where cliff and end are one instant, `start` has no effect.
    function check_allAtOnceWhateverTheStart(Lot memory lot, uint40 time, uint40 other) external pure {
        if (!_sound(lot) || lot.cliff != lot.end || other > lot.end) return;
        uint256 before = Release.locked(lot, time);
        lot.start = other;
        assert(Release.locked(lot, time) == before);
        assert(before == 0 || before == lot.units);
    }

    /// @dev Three of eight seconds are left: the least whole number that is not below the share.
    function check_theShareOfTheTimeThatIsLeftIsLocked(uint96 units) external pure {
        if (units >= LIMIT) return;
        uint256 locked = Release.locked(_eighths(units), 5);
        assert(locked * 8 >= uint256(units) * 3 && locked * 8 < uint256(units) * 3 + 8);
        assert(locked <= units && (units == 0 || locked >= 1));
    }

    /// @dev From one second to the next.
    function check_whatBecameFreeStaysFree(uint96 units) external pure {
        if (units >= LIMIT) return;
        Lot memory lot = _eighths(units);
        assert(Release.locked(lot, 0) == units);
        assert(Release.locked(lot, 3) <= Release.locked(lot, 2));
        assert(Release.locked(lot, 6) <= Release.locked(lot, 5));
        assert(Release.locked(lot, 7) <= Release.locked(lot, 6));
    }

    /// @dev Twice the units lock at most twice as many, and at most one fewer.
    function check_aSplitInTwoLocksNoMoreThanTwice(uint96 units) external pure {
        if (uint256(units) * 2 >= LIMIT) return;
        (uint256 before, uint256 then) = (Release.locked(_eighths(units), 5), Release.locked(_eighths(units * 2), 5));
        assert(then <= before * 2 && then + 1 >= before * 2);
    }

    /// @dev A lot that is half free, shrunk to what is left, locks just that, and one unit more would lock more.
    function check_aLotThatShrinksLocksJustWhatIsLeft(uint96 left) external pure {
        if (left >= LIMIT / 2) return;
        uint96 rest = uint96(Release.shrunk(_eighths(0), left, 4));
        assert(Release.locked(_eighths(rest), 4) == left);
        assert(Release.locked(_eighths(rest + 1), 4) > left);
    }

    function _eighths(uint96 units) private pure returns (Lot memory) {
        return Lot(units, 0, 0, 0, 8);
    }

    function _sound(Lot memory lot) private pure returns (bool) {
        return lot.start <= lot.cliff && lot.cliff <= lot.end && lot.units < LIMIT;
    }
}
