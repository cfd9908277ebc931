// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holding} from "../../../contracts/types/Holding.sol";
import {HoldingWord} from "../../../contracts/types/HoldingWord.sol";
import {Policy} from "../../../contracts/types/Policy.sol";
import {PolicyWord} from "../../../contracts/types/PolicyWord.sol";
import {Standing} from "../../../contracts/types/Standing.sol";
import {Standings} from "../../../contracts/types/Standings.sol";

/// @dev For every word and every value at once: each field is kept whole, and no field touches another.
contract WordsSymbolic {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    uint256 private constant UNITS = 2 ** 96 - 1;
    uint256 private constant ENCUMBERED = 2 ** 103 - 1;

    function check_aFieldOfAHoldingIsSetAlone(
        uint256 word,
        uint96 units,
        uint256 bound_,
        uint16 epoch,
        uint40 until,
        bool lost
    ) external pure {
        bound_ &= ENCUMBERED;
        Holding h = Holding.wrap(word);
        _replaced(word, Holding.unwrap(h.withUnits(units)), 0, 96, units);
        _replaced(word, Holding.unwrap(h.withEncumbered(bound_)), 96, 103, bound_);
        _replaced(word, Holding.unwrap(h.withEpoch(epoch)), 200, 16, epoch);
        _replaced(word, Holding.unwrap(h.withLockedUntil(until)), 216, 40, until);
        _replaced(word, Holding.unwrap(h.withLost(lost)), 199, 1, lost ? 1 : 0);
    }

    function check_aFieldOfAHoldingIsReadBack(
        uint256 word,
        uint96 units,
        uint256 bound_,
        uint16 epoch,
        uint40 until,
        bool lost
    ) external pure {
        bound_ &= ENCUMBERED;
        Holding h = Holding.wrap(word);
        assert(h.withUnits(units).units() == units);
        assert(h.withEncumbered(bound_).encumbered() == bound_);
        assert(h.withEpoch(epoch).epoch() == epoch);
        assert(h.withLockedUntil(until).lockedUntil() == until);
        assert(h.withLost(lost).lost() == lost);
        assert(h.hindered() == (h.encumbered() != 0 || h.lost()));
    }

    /// @dev Units added to what there is room for, or taken from what there is, change nothing else.
    function check_unitsAreAddedAndTakenExactly(uint256 word, uint96 value) external pure {
        Holding h = Holding.wrap(word);
        uint256 units = h.units();
        if (value <= UNITS - units) _replaced(word, Holding.unwrap(h.plus(value)), 0, 96, units + value);
        if (value <= units) _replaced(word, Holding.unwrap(h.minus(value)), 0, 96, units - value);
    }

    function check_aFieldOfAPolicyIsSetAlone(uint256 word, uint64 masks, uint40 time, uint24 cap, uint16 small)
        external
        pure
    {
        Policy p = Policy.wrap(word);
        _replaced(word, Policy.unwrap(p.withGoverns(masks)), 0, 64, masks);
        _replaced(word, Policy.unwrap(p.withNextEpochAt(time)), 64, 40, time);
        _replaced(word, Policy.unwrap(p.withLockedUntil(time)), 104, 40, time);
        _replaced(word, Policy.unwrap(p.withMaturity(time)), 144, 40, time);
        _replaced(word, Policy.unwrap(p.withHolderCap(cap)), 184, 24, cap);
        _replaced(word, Policy.unwrap(p.withReceiveClasses(small)), 208, 16, small);
        _replaced(word, Policy.unwrap(p.withEpoch(small)), 224, 16, small);
        _replaced(word, Policy.unwrap(p.withFurther(uint8(small))), 248, 8, uint8(small));
    }

    function check_aFieldOfAPolicyIsReadBack(uint256 word, uint40 time, uint24 cap, uint16 small) external pure {
        Policy p = Policy.wrap(word);
        assert(p.withNextEpochAt(time).nextEpochAt() == time);
        assert(p.withLockedUntil(time).lockedUntil() == time);
        assert(p.withMaturity(time).maturity() == time);
        assert(p.withHolderCap(cap).holderCap() == cap);
        assert(p.withReceiveClasses(small).receiveClasses() == small);
        assert(p.withEpoch(small).epoch() == small);
    }

    function check_aStandingKeepsItsFields(bytes16 id, uint32 classes, uint16 country, uint40 until, uint40 at)
        external
        pure
    {
        Standing s = Standings.withFrozenAt(Standings.pack(id, classes, country, until), at);
        assert(Standings.investor(s) == id && Standings.classes(s) == classes && Standings.country(s) == country);
        assert(Standings.validUntil(s) == until && Standings.frozenAt(s) == at);
        assert(Standings.frozen(s) == (at != 0));
        _replaced(Standing.unwrap(s), Standing.unwrap(Standings.withFrozenAt(s, until)), 0, 40, until);
        _replaced(Standing.unwrap(s), Standing.unwrap(Standings.withValidUntil(s, at)), 40, 40, at);
    }

    /// @dev `after_` is `before` with `size` bits from `place` on replaced by `value`.
    function _replaced(uint256 before, uint256 after_, uint256 place, uint256 size, uint256 value) private pure {
        uint256 mask = (2 ** size - 1) << place;
        assert(after_ == (before & ~mask) | (value << place));
    }
}
