// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {IERC6093} from "../../../contracts/interfaces/IERC6093.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IRefusals} from "../../../contracts/interfaces/IRefusals.sol";
import {IRemedies} from "../../../contracts/interfaces/IRemedies.sol";
import {ITerms} from "../../../contracts/interfaces/ITerms.sol";
import {Loss} from "../../../contracts/types/Loss.sol";
import {Lot} from "../../../contracts/types/Lot.sol";

/// @dev What was lost comes back whole to the same investor, with all that hung on it, whatever happened in between.
contract LossesTest is Setting {
    /// @dev Alice's other wallets.
    address private constant SECOND = address(0xA11);
    address private constant THIRD = address(0xA12);

    function setUp() public override {
        super.setUp();
        register(SECOND, bytes16(uint128(2)), 3, UNTIL);
        register(THIRD, bytes16(uint128(2)), 3, UNTIL);
    }

    /// @dev 100 units: 30 frozen, 40 in a lot that becomes free over a hundred days, 10 requested; locked up for long.
    function test_aSplitBetweenReportAndReissueMultipliesAllThatIsCarried() public {
        _encumber();
        _lose("loss", ALICE);
        done(abi.encodeCall(token.split, (3, 0)));
        vm.warp(START + 50 days);
        _reissue("loss", SECOND);
        assertEq(_parts(SECOND), abi.encode(300, 300 - 90 - 60, 90, 60, START + 70 days, false));
        Lot[] memory lots = token.lotsOf(MAIN, SECOND);
        assertEq(abi.encode(lots), abi.encode(_only(Lot(120, 1, START, START, START + 100 days))));
        assertEq(_parts(ALICE), abi.encode(0, 0, 0, 0, START + 70 days, true));
        assertEq(token.lotsOf(MAIN, ALICE).length, 0);
        assertEq(token.balanceOfByPartition(OTHER, ALICE), 30, "the other class stays where it is");
        assertEq(token.totalSupplyByPartition(MAIN), 450);
    }

    /// @dev A request stays with the wallet that made it, and when it is over nothing is left there.
    function test_aRequestOfTheLostWalletIsNotCarriedAndEndsThere() public {
        _encumber();
        _lose("loss", ALICE);
        done(abi.encodeCall(token.split, (2, 0)));
        _reissue("loss", SECOND);
        vm.warp(START + 70 days);
        vm.startPrank(person(ISSUER));
        vm.expectRevert(abi.encodeWithSelector(IERC6093.ERC20InsufficientBalance.selector, ALICE, 0, 20));
        token.approveTransferRequest(1);
        token.rejectTransferRequest(1);
        vm.stopPrank();
        assertEq(_parts(ALICE), abi.encode(0, 0, 0, 0, START + 70 days, true));
        assertEq(_parts(SECOND), abi.encode(200, 200 - 60 - 24, 60, 24, START + 70 days, false));
    }

    function test_aHoldingThatWasCarriedCanBeLostAndCarriedAgain() public {
        _encumber();
        _lose("first", ALICE);
        _reissue("first", SECOND);
        done(abi.encodeCall(token.split, (2, 0)));
        _lose("second", SECOND);
        vm.warp(START + 25 days);
        _reissue("second", THIRD);
        assertEq(_parts(THIRD), abi.encode(200, 200 - 60 - 60, 60, 60, START + 70 days, false));
        assertEq(_parts(SECOND), abi.encode(0, 0, 0, 0, START + 70 days, true));
        refused(abi.encodeCall(token.reissue, ("first", THIRD)),
            abi.encodeWithSelector(IRemedies.LossNotOpen.selector, bytes32("first")));
        assertEq(token.lossOf("first").status, 2);
        assertEq(token.totalSupplyByPartition(MAIN), 300);
    }

    /// @dev Nothing enters a wallet whose key is lost, so that nothing could be carried back to it.
    function test_nothingIsCarriedBackToAWalletThatWasLost() public {
        _lose("first", ALICE);
        _reissue("first", SECOND);
        _lose("second", SECOND);
        refused(abi.encodeCall(token.reissue, ("second", ALICE)),
            abi.encodeWithSelector(IRefusals.HoldingLost.selector, ALICE));
        refused(abi.encodeCall(token.reissue, ("second", SECOND)),
            abi.encodeWithSelector(IRefusals.HoldingLost.selector, SECOND));
        refused(abi.encodeCall(token.reissue, ("second", BOB)),
            abi.encodeWithSelector(IRemedies.InvestorDiffers.selector, BOB));
    }

    function test_aRecordDateBetweenReportAndReissueIsTheLostWallets() public {
        _lose("loss", ALICE);
        done(abi.encodeCall(token.scheduleRecordDate, (START + 10)));
        done(abi.encodeCall(token.split, (2, START + 20)));
        done(abi.encodeCall(token.scheduleRecordDate, (START + 40)));
        vm.warp(START + 30);
        _reissue("loss", SECOND);
        vm.warp(START + 40);
        assertEq(token.balanceOfAt(MAIN, ALICE, 1), 100);
        assertEq(token.balanceOfAt(MAIN, SECOND, 1), 0);
        assertEq(token.balanceOfAt(MAIN, ALICE, 3), 0);
        assertEq(token.balanceOfAt(MAIN, SECOND, 3), 200);
    }

    /// @dev What is taken by force from a lost holding is carried no more; a loss of nothing cannot be made good.
    function test_whatIsLeftOfALostHoldingIsCarried() public {
        _encumber();
        _lose("loss", ALICE);
        done(abi.encodeCall(token.forceByPartition, (MAIN, ALICE, BOB, 75, "", "")));
        _reissue("loss", SECOND);
        assertEq(_parts(SECOND), abi.encode(25, 0, 25, 25, START + 70 days, false));
        _lose("empty", BOB);
        done(abi.encodeCall(token.forceByPartition, (MAIN, BOB, SECOND, 125, "", "")));
        register(STRANGER, bytes16(uint128(3)), 3, UNTIL);
        refused(abi.encodeCall(token.reissue, ("empty", STRANGER)),
            abi.encodeWithSelector(IIssuance.UnitsOutOfRange.selector, 0));
    }

    /// @dev Frozen units of both add up to no more than are authorised, lots of both stand side by side.
    function test_whatIsCarriedIsAddedToWhatTheHeirHas() public {
        issue(MAIN, SECOND, 20);
        done(abi.encodeCall(token.lockLot, (MAIN, SECOND, 8, START, START + 50 days, START + 100 days)));
        done(abi.encodeCall(token.setFrozenTokens, (SECOND, 990)));
        _encumber();
        _lose("loss", ALICE);
        _reissue("loss", SECOND);
        assertEq(_parts(SECOND), abi.encode(120, 0, 1000, 48, START + 70 days, false));
        vm.warp(START + 50 days);
        done(abi.encodeCall(token.setFrozenTokens, (SECOND, 0)));
        assertEq(_parts(SECOND), abi.encode(120, 120 - 20 - 4, 0, 24, START + 70 days, false));
    }

    function test_anHeirWithSixteenLotsCarriesNoMore() public {
        issue(MAIN, SECOND, 16);
        for (uint40 i; i < 16; ++i) {
            done(abi.encodeCall(token.lockLot, (MAIN, SECOND, 1, START, START, START + 10 days)));
        }
        _encumber();
        _lose("loss", ALICE);
        refused(abi.encodeCall(token.reissue, ("loss", SECOND)), abi.encodeWithSelector(ITerms.LotsFull.selector, 16));
        vm.warp(START + 10 days);
        _reissue("loss", SECOND);
        assertEq(token.lotsOf(MAIN, SECOND).length, 1, "those that were over made room");
        assertEq(_parts(SECOND), abi.encode(116, 116 - 30 - 36, 30, 36, START + 70 days, false));
    }

    function test_aLossThatWasNoneLeavesTheHoldingAsTheSplitMadeIt() public {
        _encumber();
        _lose("loss", ALICE);
        done(abi.encodeCall(token.split, (2, 0)));
        done(abi.encodeCall(token.dismissLoss, ("loss")));
        assertEq(_parts(ALICE), abi.encode(200, 40, 60, 80, START + 70 days, false));
        refused(abi.encodeCall(token.reissue, ("loss", SECOND)),
            abi.encodeWithSelector(IRemedies.LossNotOpen.selector, bytes32("loss")));
    }

    /// @dev Units redeemed in error are remembered in units of the report and come back in units of today.
    function test_unitsRedeemedInErrorComeBackAsManyTimesAsTheyWereSplit() public {
        done(abi.encodeCall(token.controllerRedeem, (BOB, 20, "", "")));
        vm.prank(person(CUSTODIAN));
        token.reportLoss("loss", 2, MAIN, BOB, 15, "evidence");
        done(abi.encodeCall(token.split, (4, 0)));
        _reissue("loss", BOB);
        assertEq(token.balanceOf(BOB), (30 + 15) * 4);
        Loss memory loss = token.lossOf("loss");
        assertEq(abi.encode(loss.units, loss.epoch, loss.status), abi.encode(15, 0, 2));
        vm.startPrank(person(CUSTODIAN));
        vm.expectRevert(IRemedies.LossImplausible.selector);
        token.reportLoss("more", 2, MAIN, BOB, 21, "evidence");
        token.reportLoss("more", 2, MAIN, BOB, 20, "evidence");
        vm.stopPrank();
        _reissue("more", BOB);
        assertEq(token.balanceOf(BOB), 200);
        assertEq(token.totalSupplyByPartition(MAIN), 600);
    }

    /// @dev Two reports of the same redemption: the first that is made good leaves nothing for the second.
    function test_theSameRedemptionIsMadeGoodOnce() public {
        done(abi.encodeCall(token.controllerRedeem, (BOB, 20, "", "")));
        vm.startPrank(person(CUSTODIAN));
        token.reportLoss("one", 2, MAIN, BOB, 20, "evidence");
        token.reportLoss("two", 2, MAIN, BOB, 20, "evidence");
        vm.stopPrank();
        _reissue("one", BOB);
        refused(abi.encodeCall(token.reissue, ("two", BOB)), abi.encodeWithSelector(IRemedies.LossImplausible.selector));
    }

    function _encumber() private {
        done(abi.encodeCall(token.lockLot, (MAIN, ALICE, 40, START, START, START + 100 days)));
        done(abi.encodeCall(token.setFrozenTokens, (ALICE, 30)));
        vm.prank(ALICE);
        token.requestTransfer(MAIN, BOB, 10, UNTIL);
        done(abi.encodeCall(token.setLockup, (MAIN, ALICE, START + 70 days)));
    }

    function _lose(bytes32 id, address wallet) private {
        vm.prank(person(CUSTODIAN));
        token.reportLoss(id, 1, MAIN, wallet, 0, "evidence");
    }

    function _reissue(bytes32 id, address to) private {
        done(abi.encodeCall(token.reissue, (id, to)));
    }

    function _only(Lot memory lot) private pure returns (Lot[] memory all) {
        all = new Lot[](1);
        all[0] = lot;
    }

    function _parts(address holder) private view returns (bytes memory) {
        (uint256 units, uint256 free, uint256 frozen, uint256 locked, uint40 until, bool lost) =
            token.holdingOf(MAIN, holder);
        return abi.encode(units, free, frozen, locked, until, lost);
    }
}
