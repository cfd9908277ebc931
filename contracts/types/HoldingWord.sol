// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holding} from "./Holding.sol";

/// @dev Reads and changes the packed {Holding} word. Units stay below 2^96 and encumbered units below 2^103, because
/// authorised units are below 2^94 through every split and at most eighteen times as many can be encumbered (see
/// {TokenState}).
library HoldingWord {
    uint256 private constant UNITS = 2 ** 96 - 1;
    uint256 private constant ENCUMBERED = 2 ** 103 - 1;
    uint256 private constant LOST = 1 << 199;

    function units(Holding h) internal pure returns (uint256) {
        return Holding.unwrap(h) & UNITS;
    }

    function encumbered(Holding h) internal pure returns (uint256) {
        return (Holding.unwrap(h) >> 96) & ENCUMBERED;
    }

    function epoch(Holding h) internal pure returns (uint16) {
        return uint16(Holding.unwrap(h) >> 200);
    }

    function lockedUntil(Holding h) internal pure returns (uint40) {
        return uint40(Holding.unwrap(h) >> 216);
    }

    function lost(Holding h) internal pure returns (bool) {
        return Holding.unwrap(h) & LOST != 0;
    }

    /// @dev Whether anything keeps the holder from moving all units: encumbered units, or the holding is lost.
    function hindered(Holding h) internal pure returns (bool) {
        return Holding.unwrap(h) & (ENCUMBERED << 96 | LOST) != 0;
    }

    /// @dev Reverts by panic when the units would not fit.
    function plus(Holding h, uint256 value) internal pure returns (Holding) {
        assert(value <= UNITS - units(h));
        unchecked {
            return Holding.wrap(Holding.unwrap(h) + value);
        }
    }

    /// @dev Reverts by panic when there are not so many units.
    function minus(Holding h, uint256 value) internal pure returns (Holding) {
        assert(value <= units(h));
        unchecked {
            return Holding.wrap(Holding.unwrap(h) - value);
        }
    }

    /// @dev Reverts by panic when more is taken than there is, or a field would overflow.
    function withUnits(Holding h, uint256 value) internal pure returns (Holding) {
        assert(value <= UNITS);
        return Holding.wrap((Holding.unwrap(h) & ~UNITS) | value);
    }

    function withEncumbered(Holding h, uint256 value) internal pure returns (Holding) {
        assert(value <= ENCUMBERED);
        return Holding.wrap((Holding.unwrap(h) & ~(ENCUMBERED << 96)) | (value << 96));
    }

    function withEpoch(Holding h, uint16 value) internal pure returns (Holding) {
        return Holding.wrap((Holding.unwrap(h) & ~(uint256(type(uint16).max) << 200)) | (uint256(value) << 200));
    }

    function withLockedUntil(Holding h, uint40 value) internal pure returns (Holding) {
        return Holding.wrap((Holding.unwrap(h) & ~(uint256(type(uint40).max) << 216)) | (uint256(value) << 216));
    }

    function withLost(Holding h, bool on) internal pure returns (Holding) {
        return Holding.wrap(on ? Holding.unwrap(h) | LOST : Holding.unwrap(h) & ~LOST);
    }
}
