// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Vm} from "forge-std/Vm.sol";
import {Setting} from "./Setting.sol";
import {IToken} from "../world/IToken.sol";
import {IAuthority} from "../../../contracts/interfaces/IAuthority.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev What holds exactly at a bound, and one beyond it.
contract EdgesTest is Setting {
    uint96 private constant UNITS_LIMIT = 2 ** 94;

    function test_authorisedUnitsStayBelowTheBoundThroughASplitThatWaits() public {
        done(abi.encodeCall(token.split, (2, START + 10)));
        bytes memory much = abi.encodeCall(token.raiseAuthorisedUnits, (UNITS_LIMIT / 2));
        refused(much, abi.encodeWithSelector(IIssuance.UnitsOutOfRange.selector, uint256(UNITS_LIMIT / 2)));
        done(abi.encodeCall(token.raiseAuthorisedUnits, (UNITS_LIMIT / 2 - 1)));
    }

    /// @dev Of all that was ever redeemed a bound is kept, as large as its word can be.
    function test_redemptionsThatOutgrowTheirWordHinderNoOther() public {
        Terms memory t = _terms();
        (t.identifier, t.authorisedUnits, t.puttable) = ("JP0000000004", 8, true);
        token = IToken(createToken(t));
        for (uint256 i; i < 9; ++i) {
            issue(MAIN, ALICE, 8);
            vm.prank(ALICE);
            token.redeem(8, "");
        }
        issue(MAIN, ALICE, 8);
        uint256 ratio = UNITS_LIMIT / 16;
        done(abi.encodeCall(token.split, (ratio, 0)));
        vm.prank(ALICE);
        token.redeem(3, "");
        assertEq(token.totalSupply(), 8 * ratio - 3);
    }

    function test_theTokenSaysThatItAnswersWhatItSupports() public view {
        assertTrue(standards.supportsInterface(type(IERC165).interfaceId));
        assertFalse(standards.supportsInterface(0xffffffff));
    }

    function test_everyTokenIsEnrolledWithANumberOfItsOwn() public {
        Terms memory t = _terms();
        t.identifier = "JP0000000003";
        vm.recordLogs();
        address made = createToken(t);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 found;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != IAuthority.TokenEnrolled.selector) continue;
            ++found;
            assertEq(logs[i].topics[1], bytes32(uint256(uint160(made))));
        }
        assertEq(found, 1);
    }

    function test_aForcedMoveIsFlaggedOnlyWhenItPassesTheCap() public {
        Terms memory t = _terms();
        (t.identifier, t.holderCap) = ("JP0000000002", 2);
        token = IToken(createToken(t));
        issue(MAIN, ALICE, 100);
        assertEq(_flagged(BOB), 0);
        register(STRANGER, "stranger", 3, UNTIL);
        assertEq(_flagged(STRANGER), 1);
    }

    function _flagged(address to) private returns (uint256 found) {
        vm.recordLogs();
        done(abi.encodeCall(token.forceByPartition, (MAIN, ALICE, to, 10, "", "")));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == IIssuance.HolderCapExceeded.selector) ++found;
        }
    }
}
