// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Builds the encoded custom error of a refusal from its selector and its arguments as words. One place, because
/// the code of an encoding is long and every rule needs one.
library Refusal {
    function encode(bytes4 e, uint256 a) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(e, a);
    }

    function encode(bytes4 e, uint256 a, uint256 b) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(e, a, b);
    }

    function encode(bytes4 e, uint256 a, uint256 b, uint256 c) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(e, a, b, c);
    }

    function encode(bytes4 e, address wallet) internal pure returns (bytes memory) {
        return encode(e, uint160(wallet));
    }

    function encode(bytes4 e, address wallet, uint256 b) internal pure returns (bytes memory) {
        return encode(e, uint160(wallet), b);
    }

    function encode(bytes4 e, address wallet, uint256 b, uint256 c) internal pure returns (bytes memory) {
        return encode(e, uint160(wallet), b, c);
    }
}
