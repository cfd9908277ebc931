// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {ICorporateCalendar} from "../../../contracts/interfaces/ICorporateCalendar.sol";
import {IERC1410} from "../../../contracts/interfaces/IERC1410.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IERC7943} from "../../../contracts/interfaces/IERC7943.sol";
import {Policy} from "../../../contracts/types/Policy.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev What a token and the core system answer.
contract QuestionsTest is Setting {
    function test_aTokenSaysWhatItIs() public view {
        assertEq(standards.name(), "A share");
        assertEq(standards.symbol(), "SHA");
        assertEq(standards.decimals(), 2);
        assertTrue(token.isIssuable() && token.isControllable() && !token.paused());
        assertTrue(standards.supportsInterface(type(IERC7943).interfaceId));
        assertTrue(standards.supportsInterface(type(IERC1410).interfaceId));
        assertFalse(standards.supportsInterface(0xffffffff));
        assertEq(token.partitions().length, 2);
        Terms memory t = token.terms();
        assertEq(abi.encode(t.partitions), abi.encode(token.partitions()));
        assertEq(abi.encode(t.name, t.treasury, t.authorisedUnits), abi.encode("A share", TREASURY, 1000));
        assertTrue(Policy.unwrap(token.policy()) != 0);
    }

    function test_aTokenSaysWhoHoldsWhat() public {
        assertEq(token.totalSupply(), 160);
        assertEq(token.totalSupplyByPartition(OTHER), 10);
        assertEq(token.balanceOf(ALICE), 110);
        assertEq(token.balanceOfByPartition(OTHER, ALICE), 10);
        assertEq(token.balanceOf(address(0)), 0);
        assertEq(token.partitionsOf(ALICE).length, 2);
        assertEq(token.partitionsOf(BOB).length, 1);
        assertEq(token.partitionsOf(STRANGER).length, 0);
        assertEq(token.holderCount(), 0, "counted only with a cap");
        done(abi.encodeCall(token.setFrozenTokens, (ALICE, 30)));
        done(abi.encodeCall(token.lockLot, (MAIN, ALICE, 20, START + 1, START + 1, START + 1)));
        assertEq(token.getFrozenTokens(ALICE), 30);
        (uint256 units, uint256 free, uint256 frozen, uint256 lots,,) = token.holdingOf(MAIN, ALICE);
        assertEq(abi.encode(units, free, frozen, lots), abi.encode(100, 50, 30, 20));
        assertEq(token.lotsOf(MAIN, ALICE).length, 1);
        done(abi.encodeCall(token.allot, (MAIN, 7)));
        assertEq(token.allotted(MAIN), 7);
        assertEq(token.lossOf("none").status, 0);
        assertEq(token.reversed("none"), 0);
        assertEq(token.transferRequestOf(1).holder, address(0));
    }

    function test_aTokenSaysWhoMaySpend() public {
        vm.startPrank(ALICE);
        token.approve(BOB, type(uint256).max);
        token.authorizeOperatorByPartition(OTHER, BOB);
        assertEq(token.allowance(ALICE, BOB), type(uint256).max);
        assertTrue(token.isOperatorForPartition(OTHER, BOB, ALICE));
        assertFalse(token.isOperatorForPartition(MAIN, BOB, ALICE) || token.isOperator(BOB, ALICE));
        token.authorizeOperator(BOB);
        assertTrue(token.isOperator(BOB, ALICE) && token.isOperatorForPartition(MAIN, BOB, ALICE));
        vm.stopPrank();
        vm.prank(BOB);
        token.transferFrom(ALICE, BOB, 40);
        assertEq(token.allowance(ALICE, BOB), type(uint256).max, "unlimited stays unlimited");
        (bytes1 fields, string memory name, string memory version, uint256 chain, address at,,) =
            standards.eip712Domain();
        assertEq(abi.encode(fields, name, version, chain, at),
            abi.encode(bytes1(0x0f), "stotoken", "1", block.chainid, address(token)));
    }

    /// @dev Allowances split with the units, and what is bounded never becomes unlimited by it.
    function test_anAllowanceThatOutgrowsItsWordIsTheLargestThatIsBounded() public {
        uint256 third = type(uint232).max / 3;
        vm.startPrank(ALICE);
        token.approve(BOB, third);
        token.approve(TREASURY, third - 1);
        vm.stopPrank();
        done(abi.encodeCall(token.split, (3, 0)));
        assertEq(token.allowance(ALICE, BOB), type(uint232).max - 1);
        assertEq(token.allowance(ALICE, TREASURY), type(uint232).max - 3);
    }

    function test_aRecordDateIsAnsweredForEverAndNothingElseIs() public {
        uint16 first = abi.decode(done(abi.encodeCall(token.scheduleRecordDate, (0))), (uint16));
        vm.prank(ALICE);
        token.transfer(BOB, 1);
        done(abi.encodeCall(token.split, (3, 0)));
        uint16 third = abi.decode(done(abi.encodeCall(token.scheduleRecordDate, (0))), (uint16));
        done(abi.encodeCall(token.scheduleRecordDate, (START + 1 days)));
        assertEq(token.currentEpoch(), 3);
        assertEq(token.balanceOfAt(MAIN, ALICE, first), 100);
        assertEq(token.balanceOfAt(MAIN, ALICE, third), 297);
        assertEq(token.balanceOfAt(MAIN, STRANGER, third), 0);
        assertEq(token.balanceOfAt(MAIN, address(0), first), 0);
        assertEq(token.totalSupplyAt(MAIN, first), 150);
        assertEq(token.totalSupplyAt(MAIN, third), 450);
        assertEq(token.epochOf(0).factor, 1);
        assertEq(token.epochOf(2).factor, 3);
        for (uint16 epoch; epoch < 6; epoch = epoch == 0 ? 2 : epoch + 2) {
            vm.expectRevert(abi.encodeWithSelector(ICorporateCalendar.RecordDateUnknown.selector, epoch));
            token.balanceOfAt(MAIN, ALICE, epoch);
        }
        vm.prank(ALICE);
        token.transfer(BOB, 297);
        assertEq(token.balanceOfAt(MAIN, ALICE, third), 297, "kept when it was touched");
        register(STRANGER, "stranger", 3, UNTIL);
        vm.prank(BOB);
        token.transfer(STRANGER, 1);
        assertEq(token.balanceOfAt(MAIN, STRANGER, third), 0, "came afterwards");
        vm.warp(START + 1 days);
        vm.prank(BOB);
        token.transfer(STRANGER, 1);
        assertEq(token.balanceOfAt(MAIN, STRANGER, first), 0, "what is kept is of later");
    }

    function test_documentsAreFoundUntilTheyAreRemoved() public {
        vm.startPrank(person(ISSUER));
        token.setDocument("a", "uri", "hash");
        token.setDocument("b", "uri", "hash");
        token.setDocument("a", "new", "hash");
        (string memory uri,, uint256 changed) = token.getDocument("a");
        assertEq(abi.encode(uri, changed), abi.encode("new", START));
        assertEq(token.getAllDocuments().length, 2);
        token.removeDocument("a");
        vm.expectRevert(abi.encodeWithSelector(IIssuance.DocumentUnknown.selector, bytes32("a")));
        token.removeDocument("a");
        assertEq(token.getAllDocuments().length, 1);
        (uri,,) = token.getDocument("a");
        assertEq(uri, "");
    }

    function test_theSystemSaysWhoSomebodyIs() public {
        (bytes16 investor, uint32 classes, uint16 country, uint40 until, bool frozen) = core.standingOf(ALICE);
        assertEq(abi.encode(investor, classes, country, until, frozen),
            abi.encode(bytes16(uint128(2)), 3, 392, UNTIL, false));
        assertTrue(core.isVerified(ALICE) && !core.isVerified(STRANGER));
        vm.prank(person(EMERGENCY));
        core.freezeWallet(ALICE);
        assertFalse(core.isVerified(ALICE));
        assertTrue(core.isToken(address(token)) && !core.isToken(ALICE));
        assertEq(core.tokenOf("JP0000000001"), address(token));
        assertEq(core.tokens().length, 1);
        assertEq(authority.scoped(ISSUER, address(token)), 1 << 8 | ISSUER);
    }
}
