// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test, stdError} from "forge-std/Test.sol";
import {Rules} from "../../contracts/rules/Rules.sol";
import {Holding} from "../../contracts/types/Holding.sol";
import {HoldingWord} from "../../contracts/types/HoldingWord.sol";
import {MoveKind} from "../../contracts/types/MoveKind.sol";
import {Policy} from "../../contracts/types/Policy.sol";
import {PolicyWord} from "../../contracts/types/PolicyWord.sol";
import {Standing} from "../../contracts/types/Standing.sol";
import {Standings} from "../../contracts/types/Standings.sol";

/// @dev The packed words: each field is kept whole, at any value, and no field touches another.
contract WordsTest is Test {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    uint256 private constant UNITS = 2 ** 96 - 1;
    uint256 private constant ENCUMBERED = 2 ** 103 - 1;

    function _holding(uint96 units, uint256 encumbered, uint16 epoch, uint40 until, bool lost)
        private
        pure
        returns (Holding h)
    {
        h = h.withUnits(units).withEncumbered(encumbered).withEpoch(epoch).withLockedUntil(until).withLost(lost);
    }

    function _is(Holding h, uint96 units, uint256 encumbered, uint16 epoch, uint40 until, bool lost) private pure {
        assertEq(h.units(), units);
        assertEq(h.encumbered(), encumbered);
        assertEq(h.epoch(), epoch);
        assertEq(h.lockedUntil(), until);
        assertEq(h.lost(), lost);
        assertEq(h.hindered(), encumbered != 0 || lost);
    }

    function testFuzz_aHoldingKeepsItsFields(uint96 units, uint256 bound_, uint16 epoch, uint40 until, bool lost)
        public
        pure
    {
        bound_ &= ENCUMBERED;
        _is(_holding(units, bound_, epoch, until, lost), units, bound_, epoch, until, lost);
    }

    /// @dev Whatever else the word holds, setting one field changes that field alone.
    function testFuzz_aFieldOfAHoldingIsSetAlone(uint256 word, uint96 units, uint256 bound_, uint16 epoch, uint40 until)
        public
        pure
    {
        Holding h = Holding.wrap(word);
        (uint96 u, uint256 e, uint16 p, uint40 l, bool lost) =
            (uint96(h.units()), h.encumbered(), h.epoch(), h.lockedUntil(), h.lost());
        bound_ &= ENCUMBERED;
        _is(h.withUnits(units), units, e, p, l, lost);
        _is(h.withEncumbered(bound_), u, bound_, p, l, lost);
        _is(h.withEpoch(epoch), u, e, epoch, l, lost);
        _is(h.withLockedUntil(until), u, e, p, until, lost);
        _is(h.withLost(!lost), u, e, p, l, !lost);
    }

    function testFuzz_unitsAreAddedAndTakenExactlyOrNotAtAll(uint256 word, uint256 value) public {
        Holding h = Holding.wrap(word);
        uint256 units = h.units();
        if (value > UNITS - units) vm.expectRevert(stdError.assertionError);
        Holding more = this.plus(h, value);
        if (value <= UNITS - units) assertEq(Holding.unwrap(more), Holding.unwrap(h.withUnits(units + value)));
        if (value > units) vm.expectRevert(stdError.assertionError);
        Holding less = this.minus(h, value);
        if (value <= units) assertEq(Holding.unwrap(less), Holding.unwrap(h.withUnits(units - value)));
    }

    function testFuzz_unitsThatDoNotFitAreRefused(uint256 word, uint256 value) public {
        value = bound(value, UNITS + 1, type(uint256).max);
        vm.expectRevert(stdError.assertionError);
        this.withUnits(Holding.wrap(word), value);
        if (value > ENCUMBERED) vm.expectRevert(stdError.assertionError);
        this.withEncumbered(Holding.wrap(word), value);
    }

    /// @dev The bound that the ledger states: authorised units below 2^94 through every split; frozen units are at most
    /// as many, and so are requested units and those of each of sixteen lots.
    function testFuzz_noSumOfEncumbrancesOverflowsThroughAnySplit(uint96 authorised, uint96 a, uint256 b, uint96 n)
        public
        pure
    {
        authorised = uint96(bound(authorised, 1, 2 ** 94 - 1));
        uint256 ratio = bound(n, 1, (2 ** 94 - 1) / authorised);
        (uint256 frozen, uint256 others) = (bound(a, 0, authorised), bound(b, 0, uint256(authorised) * 17));
        Holding h = _holding(authorised, frozen + others, 1, 0, false);
        Holding scaled = h.withUnits(h.units() * ratio).withEncumbered(h.encumbered() * ratio);
        assertEq(scaled.units(), uint256(authorised) * ratio);
        assertEq(scaled.encumbered(), frozen * ratio + others * ratio);
        assertLe(scaled.encumbered() + authorised * ratio, ENCUMBERED);
    }

    function testFuzz_aFieldOfAPolicyIsSetAlone(uint256 word, uint64 masks, uint40 time, uint24 cap, uint16 small)
        public
        pure
    {
        Policy p = Policy.wrap(word);
        uint256 high = type(uint256).max;
        _only(p, p.withGoverns(masks), 0, 64, masks);
        _only(p, p.withNextEpochAt(time), 64, 40, time);
        _only(p, p.withLockedUntil(time), 104, 40, time);
        _only(p, p.withMaturity(time), 144, 40, time);
        _only(p, p.withHolderCap(cap), 184, 24, cap);
        _only(p, p.withReceiveClasses(small), 208, 16, small);
        _only(p, p.withEpoch(small), 224, 16, small);
        _only(p, p.withFurther(uint8(small)), 248, 8, uint8(small));
        Policy q = Policy.wrap(high);
        assertEq(q.nextEpochAt() & q.lockedUntil() & q.maturity(), type(uint40).max);
        assertEq(p.withNextEpochAt(time).nextEpochAt(), time);
        assertEq(p.withLockedUntil(time).lockedUntil(), time);
        assertEq(p.withMaturity(time).maturity(), time);
        assertEq(p.withHolderCap(cap).holderCap(), cap);
        assertEq(p.withReceiveClasses(small).receiveClasses(), small);
        assertEq(p.withEpoch(small).epoch(), small);
    }

    /// @dev `after_` is `before` with `size` bits from `place` on replaced by `value`.
    function _only(Policy before, Policy after_, uint256 place, uint256 size, uint256 value) private pure {
        uint256 mask = (2 ** size - 1) << place;
        assertEq(Policy.unwrap(after_), (Policy.unwrap(before) & ~mask) | (value << place));
    }

    function testFuzz_aFlagOfAPolicyIsSetAlone(uint256 word, uint8 flag, bool on) public pure {
        Policy p = Policy.wrap(word).withFlag(flag, on);
        assertEq(p.has(flag), on && flag != 0);
        assertEq(Policy.unwrap(p) ^ word, (Policy.unwrap(p) ^ word) & (uint256(flag) << 240));
    }

    function testFuzz_aRuleGovernsTheKindsOfItsMask(uint64 masks, uint8 rule, uint8 kind) public pure {
        (rule, kind) = (rule % 8, kind % 7);
        Policy p;
        uint256 bit = p.withGoverns(masks).rulesFor(MoveKind(kind)) >> (8 * rule) & 1;
        assertEq(bit, masks >> (8 * rule + kind) & 1);
        bool further = p.withFurther(uint8(masks)).rulesFor(MoveKind(kind)) & Rules.FURTHER != 0;
        assertEq(further, masks >> kind & 1 != 0);
    }

    function testFuzz_aStandingKeepsItsFields(bytes16 id, uint32 classes, uint16 country, uint40 until, uint40 frozenAt)
        public
    {
        Standing s = Standings.withFrozenAt(Standings.pack(id, classes, country, until), frozenAt);
        assertEq(Standings.investor(s), id);
        assertEq(Standings.classes(s), classes);
        assertEq(Standings.country(s), country);
        assertEq(Standings.validUntil(s), until);
        assertEq(Standings.frozenAt(s), frozenAt);
        assertEq(Standings.frozen(s), frozenAt != 0);
        Standing other = Standings.withValidUntil(s, ~until);
        assertEq(Standings.validUntil(other), ~until);
        assertEq(Standing.unwrap(Standings.withValidUntil(other, until)), Standing.unwrap(s));
        vm.warp(until);
        assertFalse(Standings.valid(s));
        if (until == 0) return;
        vm.warp(until - 1);
        assertTrue(Standings.valid(s));
    }

    function plus(Holding h, uint256 value) external pure returns (Holding) {
        return h.plus(value);
    }

    function minus(Holding h, uint256 value) external pure returns (Holding) {
        return h.minus(value);
    }

    function withUnits(Holding h, uint256 value) external pure returns (Holding) {
        return h.withUnits(value);
    }

    function withEncumbered(Holding h, uint256 value) external pure returns (Holding) {
        return h.withEncumbered(value);
    }
}
