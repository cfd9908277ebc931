// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {Oracle} from "./Rulings.sol";
import {IToken} from "../world/IToken.sol";
import {IERC6093} from "../../../contracts/interfaces/IERC6093.sol";
import {IERC7943} from "../../../contracts/interfaces/IERC7943.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IRefusals} from "../../../contracts/interfaces/IRefusals.sol";
import {ISystem} from "../../../contracts/interfaces/ISystem.sol";
import {StatusCodes} from "../../../contracts/rules/StatusCodes.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev All the reasons at once, in the order in which they are asked.
contract ExplainedTest is Setting {
    function test_everyReasonIsSaid() public {
        register(STRANGER, "stranger", 8, START + 1);
        register(ALICE, bytes16(uint128(2)), 3, START + 1);
        done(abi.encodeCall(token.setPolicy, (3, 0, true, true)));
        done(abi.encodeCall(token.setLockup, (MAIN, ALICE, START + 9)));
        done(abi.encodeCall(token.setFrozenTokens, (ALICE, 99)));
        done(abi.encodeCall(token.setClosedPeriod, (100)));
        done(abi.encodeCall(token.scheduleRecordDate, (START + 50)));
        vm.startPrank(person(EMERGENCY));
        core.freezeWallet(ALICE);
        core.freezeWallet(STRANGER);
        token.pause();
        core.halt(HaltLevel.RESTRICTED, "incident");
        vm.stopPrank();
        vm.warp(START + 1);
        bytes[] memory why = token.explain(MAIN, ALICE, STRANGER, 50);
        bytes4[12] memory reasons = [
            ISystem.SystemHalted.selector, IRefusals.TokenPaused.selector, IRefusals.InvestorExpired.selector,
            IRefusals.WalletFrozen.selector, IRefusals.HoldingLockedUp.selector,
            IRefusals.TransferApprovalRequired.selector, IRefusals.InvestorExpired.selector,
            IRefusals.WalletFrozen.selector, IRefusals.InvestorClassRefused.selector,
            IERC7943.ERC7943InsufficientUnfrozenBalance.selector, IRefusals.WholeHoldingOnly.selector,
            IRefusals.ClosedPeriodRunning.selector
        ];
        assertEq(why.length, reasons.length);
        for (uint256 i; i < why.length; ++i) assertEq(bytes4(why[i]), reasons[i]);
    }

    function test_theFirstReasonIsThatOfTheTransfer() public {
        _is("none", ALICE, BOB, 0, IIssuance.PartitionUnknown.selector);
        _is(MAIN, ALICE, address(0), 1, IERC6093.ERC20InvalidReceiver.selector);
        _is(MAIN, address(0), BOB, 1, IERC6093.ERC20InvalidSender.selector);
        assertEq(token.explain("none", ALICE, BOB, 0).length, 1, "nothing more can be asked");
        assertEq(token.explain(MAIN, ALICE, address(0), 1).length, 1, "nothing more can be asked");
        _is(MAIN, ALICE, STRANGER, 1, IRefusals.WalletUnregistered.selector);
        _is(MAIN, STRANGER, BOB, 1, IRefusals.WalletUnregistered.selector);
        _is(MAIN, ALICE, BOB, 101, IERC6093.ERC20InsufficientBalance.selector);
        vm.prank(person(CUSTODIAN));
        token.reportLoss("loss", 1, MAIN, BOB, 0, "evidence");
        _is(MAIN, ALICE, BOB, 1, IRefusals.HoldingLost.selector);
    }

    /// @dev A wallet that nobody owns, or a holding that is lost, is no end of the matter.
    function test_whatLiesInAWalletIsSetAside() public {
        done(abi.encodeCall(token.setFrozenTokens, (ALICE, 100)));
        vm.startPrank(person(CUSTODIAN));
        token.reportLoss("his", 1, MAIN, BOB, 0, "evidence");
        token.reportLoss("hers", 1, MAIN, ALICE, 0, "evidence");
        vm.stopPrank();
        bytes[] memory why = token.explain(MAIN, ALICE, BOB, 1);
        assertEq(abi.encode(why[0]), abi.encode(abi.encodeWithSelector(IRefusals.HoldingLost.selector, BOB)));
        assertEq(abi.encode(why[1]), abi.encode(abi.encodeWithSelector(IRefusals.HoldingLost.selector, ALICE)));
        assertEq(bytes4(why[2]), IERC7943.ERC7943InsufficientUnfrozenBalance.selector);
        assertEq(why.length, 3);
        why = token.explain(OTHER, STRANGER, STRANGER, 1);
        assertEq(bytes4(why[0]), IRefusals.WalletUnregistered.selector);
        assertEq(bytes4(why[1]), IRefusals.WalletUnregistered.selector);
        assertEq(bytes4(why[2]), IRefusals.InvestorClassRefused.selector);
        assertEq(bytes4(why[3]), IERC6093.ERC20InsufficientBalance.selector);
        assertEq(why.length, 4);
    }

    function test_aBondSaysThatItIsOver() public {
        Terms memory t = _terms();
        (t.instrument, t.maturity, t.holderCap, t.identifier) = (2, START + 9, 1, "JP0000000002");
        token = IToken(createToken(t));
        issue(MAIN, ALICE, 10);
        vm.warp(START + 9);
        bytes[] memory why = token.explain(MAIN, ALICE, BOB, 5);
        assertEq(why.length, 2);
        assertEq(bytes4(why[0]), IRefusals.TokenMatured.selector);
        assertEq(bytes4(why[1]), IRefusals.HolderCapReached.selector);
    }

    function test_aBookIsExplainedAfterTheRest() public {
        Oracle oracle = new Oracle();
        oracle.set(ALICE, true);
        oracle.set(BOB, true);
        done(abi.encodeCall(token.setSanctionsOracle, (address(oracle))));
        done(abi.encodeCall(token.setLimits, (bytes32(0), 0, 60, 0)));
        bytes[] memory why = token.explain(MAIN, ALICE, BOB, 101);
        bytes4[4] memory reasons = [
            IERC6093.ERC20InsufficientBalance.selector, IRefusals.WalletSanctioned.selector,
            IRefusals.WalletSanctioned.selector, IRefusals.HoldingAboveMaximum.selector
        ];
        assertEq(why.length, reasons.length);
        for (uint256 i; i < why.length; ++i) assertEq(bytes4(why[i]), reasons[i]);
    }

    /// @dev Status byte and reason are those that the error's own tags name.
    function test_everyReasonOfTheBookHasItsStatus() public pure {
        _reads(IRefusals.CountryRefused.selector, 0x57, "COUNTRY");
        _reads(IRefusals.HoldingBelowMinimum.selector, 0x50, "MIN_HOLDING");
        _reads(IRefusals.HoldingAboveMaximum.selector, 0x57, "MAX_HOLDING");
        _reads(IRefusals.UnitsNotInLots.selector, 0x50, "LOT_SIZE");
        _reads(IRefusals.WholeHoldingOnly.selector, 0x50, "WHOLE_ONLY");
        _reads(IRefusals.TransferWindowClosed.selector, 0x55, "WINDOW");
        _reads(IRefusals.ClosedPeriodRunning.selector, 0x55, "CLOSED_PERIOD");
        _reads(IRefusals.RuleRefused.selector, 0x50, "RULE");
        _reads(IRefusals.RuleUnanswered.selector, 0x50, "RULE_FAILED");
        _reads(IRefusals.WalletSanctioned.selector, 0x57, "SANCTION");
        _reads(IRefusals.TokenMatured.selector, 0x55, "MATURED");
    }

    function _reads(bytes4 error_, bytes1 status, bytes32 reason) private pure {
        (bytes1 s, bytes32 r) = StatusCodes.read(abi.encodeWithSelector(error_, BOB, 0, 0), BOB);
        assertEq(abi.encode(s, r), abi.encode(status, reason));
    }

    function _is(bytes32 partition, address from, address to, uint256 units, bytes4 first) private view {
        assertEq(bytes4(token.explain(partition, from, to, units)[0]), first);
    }
}
