// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Release} from "../../../contracts/ledger/Release.sol";
import {Lot} from "../../../contracts/types/Lot.sol";

/// @dev How a lot becomes free, for every lot and every instant at once where no share is taken, else for every instant of
/// lots of one length: the quotient of two unknown numbers is beyond the solver, and the fuzz tests of {Release} ask it.
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

    /// @dev Never more than there are, and while one second is left never none.
    function check_aLotLocksSomeAndNoMoreThanItHas(uint96 units, uint40 left) external pure {
        (uint40 whole, uint40 end) = (730 days, 2 ** 40 - 1);
        if (units == 0 || units >= LIMIT || left == 0 || left > whole) return;
        uint256 locked = Release.locked(Lot(units, 0, end - whole, end - whole, end), end - left);
        assert(locked >= 1 && locked <= units);
    }

    /// @dev From any second to the next.
    function check_noLaterSecondLocksMore(uint96 units, uint40 left) external pure {
        (uint40 whole, uint40 end) = (730 days, 2 ** 40 - 1);
        if (units >= LIMIT || left == 0 || left > whole) return;
        Lot memory lot = Lot(units, 0, end - whole, end - whole, end);
        assert(Release.locked(lot, end - left + 1) <= Release.locked(lot, end - left));
    }

    function _sound(Lot memory lot) private pure returns (bool) {
        return lot.start <= lot.cliff && lot.cliff <= lot.end && lot.units < LIMIT;
    }
}
