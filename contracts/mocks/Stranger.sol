// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Stands where a rule or an oracle of somebody else's is expected, and answers every call in the same manner.
contract Stranger {
    uint8 private constant REVERTS = 1;
    uint8 private constant BURNS = 2;
    uint8 private constant FLOODS = 3;

    uint8 private immutable MANNER;
    bytes private _answer;

    /// @param manner 0: answers with exactly `answer`; 1: reverts with it; 2: burns all gas; 3: answers with 200,000 bytes
    constructor(uint8 manner, bytes memory answer) {
        MANNER = manner;
        _answer = answer;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback(bytes calldata) external returns (bytes memory answer) {
        // solhint-disable-next-line no-empty-blocks
        if (MANNER == BURNS) while (true) {}
        if (MANNER == FLOODS) return new bytes(200_000);
        answer = _answer;
        if (MANNER == REVERTS) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }
}
