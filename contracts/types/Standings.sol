// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Standing} from "./Standing.sol";

/// @dev Reads and builds the packed {Standing} word.
library Standings {
    uint256 private constant FROZEN = 2 ** 40 - 1;

    function pack(bytes16 id, uint32 classes_, uint16 country_, uint40 until)
        internal
        pure
        returns (Standing)
    {
        uint256 who = (uint256(uint128(id)) << 128) | (uint256(classes_) << 96) | (uint256(country_) << 80);
        return Standing.wrap(who | (uint256(until) << 40));
    }

    function investor(Standing s) internal pure returns (bytes16) {
        return bytes16(uint128(Standing.unwrap(s) >> 128));
    }

    function classes(Standing s) internal pure returns (uint32) {
        return uint32(Standing.unwrap(s) >> 96);
    }

    function country(Standing s) internal pure returns (uint16) {
        return uint16(Standing.unwrap(s) >> 80);
    }

    function validUntil(Standing s) internal pure returns (uint40) {
        return uint40(Standing.unwrap(s) >> 40);
    }

    function frozen(Standing s) internal pure returns (bool) {
        return Standing.unwrap(s) & FROZEN != 0;
    }

    /// @dev When the wallet was last frozen, Unix seconds; 0 when it is not.
    function frozenAt(Standing s) internal pure returns (uint40) {
        return uint40(Standing.unwrap(s));
    }

    function withFrozenAt(Standing s, uint40 instant) internal pure returns (Standing) {
        return Standing.wrap((Standing.unwrap(s) & ~FROZEN) | instant);
    }

    function withValidUntil(Standing s, uint40 until) internal pure returns (Standing) {
        return Standing.wrap((Standing.unwrap(s) & ~(uint256(type(uint40).max) << 40)) | (uint256(until) << 40));
    }

    /// @dev True from registration until the second before `validUntil`.
    function valid(Standing s) internal view returns (bool) {
        return block.timestamp < validUntil(s);
    }
}
