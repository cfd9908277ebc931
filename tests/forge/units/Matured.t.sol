// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Vm} from "forge-std/Vm.sol";
import {Setting} from "./Setting.sol";
import {IToken} from "../world/IToken.sol";
import {IERC1410} from "../../../contracts/interfaces/IERC1410.sol";
import {IERC6093} from "../../../contracts/interfaces/IERC6093.sol";
import {IRefusals} from "../../../contracts/interfaces/IRefusals.sol";
import {IRemedies} from "../../../contracts/interfaces/IRemedies.sol";
import {ISystem} from "../../../contracts/interfaces/ISystem.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev A bond is paid back to a list of its holders by one order, whatever keeps their units from moving.
contract MaturedTest is Setting {
    uint40 private constant MATURITY = START + 100 days;
    address private constant CAROL = address(0xA4);

    IToken private _share;

    function setUp() public override {
        super.setUp();
        register(CAROL, "carol", 3, UNTIL);
        _share = token;
        Terms memory t = _terms();
        (t.instrument, t.maturity, t.identifier, t.holderCap) = (2, MATURITY, "JP0000000002", 10);
        token = IToken(createToken(t));
        issue(MAIN, ALICE, 100);
        issue(OTHER, ALICE, 10);
        issue(MAIN, BOB, 50);
        issue(MAIN, CAROL, 7);
    }

    function test_nothingIsPaidBackASecondBeforeMaturityAndAllAtIt() public {
        bytes memory data = _redemption(MAIN, _list(ALICE, BOB));
        vm.warp(MATURITY - 1);
        refused(data, abi.encodeWithSelector(IRemedies.TokenNotMatured.selector, MATURITY));
        vm.warp(MATURITY);
        done(data);
        assertEq(token.totalSupplyByPartition(MAIN), 7);
        assertEq(token.balanceOf(BOB), 0);
        assertEq(token.balanceOf(ALICE), 10, "of the other class");
    }

    function test_whatHasNoMaturityIsNotPaidBack() public {
        token = _share;
        refused(_redemption(MAIN, _list(ALICE)), abi.encodeWithSelector(IRemedies.TokenNotMatured.selector, 0));
    }

    function test_oneAloneDoesNotPayBack() public {
        vm.warp(MATURITY);
        vm.expectRevert(abi.encodeWithSelector(IRemedies.OrderRequired.selector, person(REGISTRAR)));
        vm.prank(person(REGISTRAR));
        token.redeemMatured(MAIN, _list(ALICE), "");
    }

    /// @dev Frozen, in a lot of which a part is free, locked up, requested, lost, of an investor who is no longer valid.
    function test_nothingThatEncumbersAHoldingKeepsItFromBeingPaidBack() public {
        done(abi.encodeCall(token.lockLot, (MAIN, ALICE, 40, START, START, MATURITY + 100 days)));
        done(abi.encodeCall(token.setFrozenTokens, (ALICE, 30)));
        done(abi.encodeCall(token.setLockup, (MAIN, ALICE, MATURITY - 1)));
        vm.prank(BOB);
        token.requestTransfer(MAIN, ALICE, 20, UNTIL);
        vm.prank(person(CUSTODIAN));
        token.reportLoss("loss", 1, MAIN, CAROL, 0, "evidence");
        vm.prank(person(EMERGENCY));
        core.freezeWallet(BOB);
        register(ALICE, bytes16(uint128(2)), 3, START + 1);
        vm.warp(MATURITY);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IRefusals.InvestorExpired.selector, ALICE, START + 1));
        token.redeemByPartition(MAIN, 1, "");
        done(_redemption(MAIN, _list(ALICE, BOB, CAROL)));
        assertEq(token.totalSupplyByPartition(MAIN), 0);
        assertEq(_parts(ALICE), abi.encode(0, 0, 0, 0, MATURITY - 1, false));
        assertEq(token.lotsOf(MAIN, ALICE).length, 0);
        vm.prank(person(ISSUER));
        token.rejectTransferRequest(1);
        assertEq(_parts(BOB), abi.encode(0, 0, 0, 0, 0, false));
        assertEq(token.holderCount(), 1, "alice holds the other class");
    }

    function test_aHolderWhoIsListedTwiceOrHoldsNothingIsPassedOver() public {
        vm.warp(MATURITY);
        vm.recordLogs();
        done(_redemption(MAIN, _list(BOB, STRANGER, BOB)));
        assertEq(_told().length, 1);
        assertEq(token.totalSupplyByPartition(MAIN), 107);
        assertEq(token.holderCount(), 2);
    }

    /// @dev The zero address keeps the supply: it is nobody who could be paid.
    function test_theSupplyIsNoHolder() public {
        vm.warp(MATURITY);
        refused(_redemption(MAIN, _list(BOB, address(0))),
            abi.encodeWithSelector(IERC6093.ERC20InvalidSender.selector, address(0)));
        assertEq(token.balanceOf(BOB), 50, "all or none");
    }

    function test_whatIsPaidBackIsCountedInUnitsOfTodayAndTheRecordStays() public {
        done(abi.encodeCall(token.scheduleRecordDate, (START + 10)));
        done(abi.encodeCall(token.split, (4, START + 20)));
        vm.warp(MATURITY);
        vm.recordLogs();
        done(_redemption(MAIN, _list(BOB)));
        Vm.Log[] memory told = _told();
        assertEq(told.length, 1);
        assertEq(told[0].topics[3], bytes32(uint256(uint160(BOB))));
        assertEq(told[0].data, abi.encode(200, "paid"));
        assertEq(token.balanceOf(BOB), 0);
        assertEq(token.balanceOfAt(MAIN, BOB, 1), 50);
        assertEq(token.totalSupplyAt(MAIN, 1), 157);
        assertEq(token.totalSupplyByPartition(MAIN), 428);
    }

    function test_aPauseDoesNotStopItAHaltDoes() public {
        vm.warp(MATURITY);
        vm.startPrank(person(EMERGENCY));
        token.pause();
        core.halt(HaltLevel.HALTED, "incident");
        vm.stopPrank();
        refused(_redemption(MAIN, _list(BOB)), abi.encodeWithSelector(ISystem.SystemHalted.selector, 2));
        ordered(address(core), abi.encodeCall(core.resume, (HaltLevel.RESTRICTED, "incident")));
        done(_redemption(MAIN, _list(BOB)));
        assertEq(token.balanceOf(BOB), 0);
    }

    /// @dev Where it was an error, as many units come back, and no more than were ever paid back.
    function test_whatWasPaidBackInErrorComesBack() public {
        vm.warp(MATURITY);
        done(_redemption(MAIN, _list(BOB)));
        vm.startPrank(person(CUSTODIAN));
        vm.expectRevert(IRemedies.LossImplausible.selector);
        token.reportLoss("loss", 2, MAIN, BOB, 51, "evidence");
        token.reportLoss("loss", 2, MAIN, BOB, 50, "evidence");
        vm.stopPrank();
        done(abi.encodeCall(token.reissue, ("loss", BOB)));
        assertEq(token.balanceOf(BOB), 50);
        assertEq(token.totalSupplyByPartition(MAIN), 157);
    }

    function _redemption(bytes32 partition, address[] memory holders) private view returns (bytes memory) {
        return abi.encodeCall(token.redeemMatured, (partition, holders, "paid"));
    }

    function _parts(address holder) private view returns (bytes memory) {
        (uint256 units, uint256 free, uint256 frozen, uint256 locked, uint40 until, bool lost) =
            token.holdingOf(MAIN, holder);
        return abi.encode(units, free, frozen, locked, until, lost);
    }

    /// @dev What the token told of redemptions since the logs are recorded.
    function _told() private returns (Vm.Log[] memory told) {
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 found;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == IERC1410.RedeemedByPartition.selector) logs[found++] = logs[i];
        }
        told = new Vm.Log[](found);
        for (uint256 i; i < found; ++i) told[i] = logs[i];
    }

    function _list(address a) private pure returns (address[] memory all) {
        all = new address[](1);
        all[0] = a;
    }

    function _list(address a, address b) private pure returns (address[] memory all) {
        all = new address[](2);
        (all[0], all[1]) = (a, b);
    }

    function _list(address a, address b, address c) private pure returns (address[] memory all) {
        all = new address[](3);
        (all[0], all[1], all[2]) = (a, b, c);
    }
}
