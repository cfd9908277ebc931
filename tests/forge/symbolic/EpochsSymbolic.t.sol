// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holding} from "../../../contracts/types/Holding.sol";
import {HoldingWord} from "../../../contracts/types/HoldingWord.sol";

/// @dev The bounds that {TokenState} states, for all numbers at once, for splits in two, ten and the largest prime
/// below 2^16. The division of factors is beyond the solver: the fuzz tests of {Ratios} make it.
contract EpochsSymbolic {
    using HoldingWord for Holding;

    uint256 private constant LIMIT = 2 ** 94;

    function check_aSplitInTwoIsExact(uint96 factor, uint96 authorised, uint96 units, uint256 bound) external pure {
        _exact(2, factor, authorised, units, bound);
    }

    function check_aSplitInTenIsExact(uint96 factor, uint96 authorised, uint96 units, uint256 bound) external pure {
        _exact(10, factor, authorised, units, bound);
    }

    function check_aSplitInAPrimeIsExact(uint96 factor, uint96 authorised, uint96 units, uint256 bound) external pure {
        _exact(65521, factor, authorised, units, bound);
    }

    /// @dev `authorised` units stay below the limit through the split; a holding has at most as many, and is encumbered
    /// with at most eighteen times as many: frozen, requested, and of sixteen lots.
    function _exact(uint256 n, uint96 factor, uint96 authorised, uint96 units, uint256 bound_) private pure {
        if (factor == 0 || uint256(factor) * n >= LIMIT || uint256(authorised) * n >= LIMIT) return;
        if (units > authorised || bound_ > uint256(authorised) * 18) return;
        Holding none;
        Holding h = none.withUnits(units).withEncumbered(bound_).withEpoch(1);
        Holding then = h.withUnits(h.units() * n).withEncumbered(h.encumbered() * n).withEpoch(2);
        assert(then.units() == uint256(units) * n && then.encumbered() == bound_ * n);
        assert(then.units() < LIMIT && then.encumbered() < 18 * LIMIT && then.epoch() == 2 && !then.lost());
        assert(uint96(factor * n) == uint256(factor) * n);
    }

    /// @dev A sum of what encumbers a holding never overflows, as the ledger takes it.
    function check_noSumOfEncumbrancesOverflows(uint96 authorised, uint96 frozen, uint96 requested, uint128 lots)
        external
        pure
    {
        if (authorised >= LIMIT || frozen > authorised || requested > authorised) return;
        if (lots > uint256(authorised) * 16) return;
        Holding none;
        Holding h = none.withEncumbered(uint256(frozen) + requested + lots);
        assert(h.encumbered() == uint256(frozen) + requested + lots);
        assert(h.encumbered() + authorised < 2 ** 103);
    }
}
