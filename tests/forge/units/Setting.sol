// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Deployment} from "../world/Deployment.sol";
import {IToken} from "../world/IToken.sol";
import {SecurityToken} from "../../../contracts/token/SecurityToken.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev A share of two partitions, some of it issued to alice and bob, of whom all is known.
abstract contract Setting is Test, Deployment {
    bytes32 internal constant MAIN = "default";
    bytes32 internal constant OTHER = "class-a";
    address internal constant TREASURY = address(0xA0);
    address internal constant ALICE = address(0xA1);
    address internal constant BOB = address(0xA2);
    address internal constant STRANGER = address(0xA3);
    uint40 internal constant START = 1_800_000_000;
    uint40 internal constant UNTIL = START + 3650 days;

    IToken internal token;
    SecurityToken internal standards;

    function setUp() public virtual {
        vm.warp(START);
        deploy();
        govern();
        for (uint160 i; i < 3; ++i) register(address(0xA0 + i), bytes16(uint128(i + 1)), 3, UNTIL);
        token = IToken(createToken(_terms()));
        standards = SecurityToken(address(token));
        issue(MAIN, ALICE, 100);
        issue(OTHER, ALICE, 10);
        issue(MAIN, BOB, 50);
    }

    function _terms() internal pure returns (Terms memory t) {
        (t.name, t.symbol, t.identifier, t.treasury) = ("A share", "SHA", "JP0000000001", TREASURY);
        (t.instrument, t.category, t.receiveClasses, t.authorisedUnits, t.decimals) = (1, 1, 3, 1000, 2);
        t.partitions = new bytes32[](1);
        t.partitions[0] = OTHER;
    }

    function issue(bytes32 partition, address to, uint256 units) internal {
        done(abi.encodeCall(token.issueByPartition, (partition, to, units, "")));
    }

    /// @dev Done by an order on the token.
    function done(bytes memory data) internal returns (bytes memory) {
        return ordered(address(token), data);
    }

    /// @dev An order on the target is refused with this error.
    function refused(address target, bytes memory data, bytes memory error_) internal {
        (bool went, bytes memory answer) = order(target, data);
        assertFalse(went);
        assertEq(answer, error_);
    }

    function refused(bytes memory data, bytes memory error_) internal {
        refused(address(token), data, error_);
    }
}
