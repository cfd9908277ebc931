// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MoveKind} from "./MoveKind.sol";
import {Policy} from "./Policy.sol";

/// @dev Reads and changes the packed {Policy} word.
library PolicyWord {
    /// @dev The rules that govern this kind of Move, as bits of {Rules}.
    function rulesFor(Policy p, MoveKind kind) internal pure returns (uint256) {
        return Policy.unwrap(p) >> uint8(kind);
    }

    function nextEpochAt(Policy p) internal pure returns (uint40) {
        return uint40(Policy.unwrap(p) >> 64);
    }

    function lockedUntil(Policy p) internal pure returns (uint40) {
        return uint40(Policy.unwrap(p) >> 104);
    }

    function maturity(Policy p) internal pure returns (uint40) {
        return uint40(Policy.unwrap(p) >> 144);
    }

    function holderCap(Policy p) internal pure returns (uint24) {
        return uint24(Policy.unwrap(p) >> 184);
    }

    function receiveClasses(Policy p) internal pure returns (uint16) {
        return uint16(Policy.unwrap(p) >> 208);
    }

    function epoch(Policy p) internal pure returns (uint16) {
        return uint16(Policy.unwrap(p) >> 224);
    }

    function has(Policy p, uint8 flag) internal pure returns (bool) {
        return (Policy.unwrap(p) >> 240) & flag != 0;
    }

    function withGoverns(Policy p, uint64 masks) internal pure returns (Policy) {
        return _put(p, 0, type(uint64).max, masks);
    }

    function withNextEpochAt(Policy p, uint40 value) internal pure returns (Policy) {
        return _put(p, 64, type(uint40).max, value);
    }

    function withLockedUntil(Policy p, uint40 value) internal pure returns (Policy) {
        return _put(p, 104, type(uint40).max, value);
    }

    function withMaturity(Policy p, uint40 value) internal pure returns (Policy) {
        return _put(p, 144, type(uint40).max, value);
    }

    function withHolderCap(Policy p, uint24 value) internal pure returns (Policy) {
        return _put(p, 184, type(uint24).max, value);
    }

    function withReceiveClasses(Policy p, uint16 value) internal pure returns (Policy) {
        return _put(p, 208, type(uint16).max, value);
    }

    function withEpoch(Policy p, uint16 value) internal pure returns (Policy) {
        return _put(p, 224, type(uint16).max, value);
    }

    function withFlag(Policy p, uint8 flag, bool on) internal pure returns (Policy) {
        uint256 bit = uint256(flag) << 240;
        return Policy.wrap(on ? Policy.unwrap(p) | bit : Policy.unwrap(p) & ~bit);
    }

    /// @dev The kinds that the rules govern which only some tokens have.
    function withFurther(Policy p, uint8 kinds) internal pure returns (Policy) {
        return _put(p, 248, type(uint8).max, kinds);
    }

    function _put(Policy p, uint256 place, uint256 mask, uint256 value) private pure returns (Policy) {
        return Policy.wrap((Policy.unwrap(p) & ~(mask << place)) | (value << place));
    }
}
