// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {MostUnits, Oracle, Parrot} from "./Rulings.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IRefusals} from "../../../contracts/interfaces/IRefusals.sol";
import {ITerms} from "../../../contracts/interfaces/ITerms.sol";
import {Limits} from "../../../contracts/types/Limits.sol";
import {Standing} from "../../../contracts/types/Standing.sol";
import {Standings} from "../../../contracts/types/Standings.sol";
import {Window} from "../../../contracts/types/Window.sol";

/// @dev The rules that only some tokens have, and the holding that goes as a whole.
contract BookTest is Setting {
    bytes32 private constant ALL = 0;

    function test_aHoldingKeepsToItsLimits() public {
        _limit(ALL, 20, 60, 10);
        _refuses(ALICE, BOB, 5, abi.encodeWithSelector(IRefusals.UnitsNotInLots.selector, 5, 10));
        _refuses(ALICE, BOB, 90, abi.encodeWithSelector(IRefusals.HoldingBelowMinimum.selector, ALICE, 10, 20));
        _refuses(ALICE, BOB, 20, abi.encodeWithSelector(IRefusals.HoldingAboveMaximum.selector, BOB, 70, 60));
        _enter();
        _refuses(ALICE, STRANGER, 10, abi.encodeWithSelector(IRefusals.HoldingBelowMinimum.selector, STRANGER, 10, 20));
        _give(ALICE, STRANGER, 0);
        _give(ALICE, STRANGER, 20);
        _give(ALICE, ALICE, 3);
        done(abi.encodeCall(token.split, (2, 0)));
        _refuses(ALICE, STRANGER, 30, abi.encodeWithSelector(IRefusals.UnitsNotInLots.selector, 30, 20));
        _give(ALICE, STRANGER, 40);
        _give(ALICE, TREASURY, 20);
        _give(TREASURY, STRANGER, 20);
        Limits memory l = token.limitsOf(ALL);
        assertEq(abi.encode(l.minimum, l.maximum, l.epoch, l.lotSize), abi.encode(20, 60, 0, 10));
    }

    function test_whoSellsOutMaySellAnOddLot() public {
        _limit(MAIN, 0, 0, 30);
        _give(ALICE, BOB, 90);
        _give(ALICE, BOB, 10);
        _limit(MAIN, 0, 0, 0);
        _give(BOB, ALICE, 1);
        _limit(OTHER, 11, 0, 0);
        bytes memory low = abi.encodeWithSelector(IRefusals.HoldingBelowMinimum.selector, ALICE, 9, 11);
        _refuses(OTHER, ALICE, BOB, 1, low);
        _unsound(abi.encodeCall(token.setLimits, (ALL, 2, 1, 0)), "MAXIMUM");
        _unsound(abi.encodeCall(token.setLimits, (ALL, 0, 1, 2)), "MAXIMUM");
        _unsound(abi.encodeCall(token.setLimits, (ALL, 0, 2 ** 94 + 1, 0)), "UNITS");
        refused(abi.encodeCall(token.setLimits, ("none", 0, 0, 0)),
            abi.encodeWithSelector(IIssuance.PartitionUnknown.selector, bytes32("none")));
    }

    function test_limitsReachTheBoundOfUnitsAndNotOneMore() public {
        uint96 bound = 2 ** 94;
        _limit(ALL, bound, bound, bound);
        _limit(ALL, bound, 0, bound);
        assertEq(token.limitsOf(ALL).minimum, bound);
        _unsound(abi.encodeCall(token.setLimits, (ALL, bound + 1, 0, 0)), "UNITS");
        _unsound(abi.encodeCall(token.setLimits, (ALL, 0, 0, bound + 1)), "UNITS");
    }

    function test_countriesAreAdmittedOrRefused() public {
        uint16[] memory countries = new uint16[](2);
        (countries[0], countries[1]) = (840, 392);
        done(abi.encodeCall(token.setCountries, (ALL, countries, false)));
        bytes memory why = abi.encodeWithSelector(IRefusals.CountryRefused.selector, BOB, 392);
        _refuses(ALICE, BOB, 1, why);
        _give(ALICE, TREASURY, 1);
        (uint16[] memory found, bool admitted) = token.countriesOf(ALL);
        assertEq(abi.encode(found.length, found[0], found[1], admitted), abi.encode(2, 392, 840, false));
        done(abi.encodeCall(token.setCountries, (ALL, countries, true)));
        _give(ALICE, BOB, 1);
        countries[1] = 1;
        done(abi.encodeCall(token.setCountries, (OTHER, countries, true)));
        _refuses(OTHER, ALICE, BOB, 1, why);
        done(abi.encodeCall(token.setCountries, (OTHER, new uint16[](0), true)));
        vm.prank(ALICE);
        token.transferByPartition(OTHER, BOB, 1, "");
        // Who is of no country is of none that is listed, whichever way.
        vm.prank(person(COMPLIANCE));
        core.register(_one(BOB), _standing(0));
        why = abi.encodeWithSelector(IRefusals.CountryRefused.selector, BOB, 0);
        _refuses(ALICE, BOB, 1, why);
        done(abi.encodeCall(token.setCountries, (ALL, countries, false)));
        _refuses(ALICE, BOB, 1, why);
        countries[0] = 0;
        _unsound(abi.encodeCall(token.setCountries, (ALL, countries, true)), "COUNTRY");
        countries[0] = 1000;
        _unsound(abi.encodeCall(token.setCountries, (ALL, countries, true)), "COUNTRY");
    }

    function test_windowsOpenAndClose() public {
        _window(ALL, address(0), Window(START + 10, START + 100, START + 50, START + 60));
        bytes memory closed =
            abi.encodeWithSelector(IRefusals.TransferWindowClosed.selector, START + 10, START + 100);
        _refuses(ALICE, BOB, 1, closed);
        vm.warp(START + 10);
        _give(ALICE, BOB, 1);
        vm.warp(START + 50);
        _refuses(ALICE, BOB, 1, abi.encodeWithSelector(IRefusals.ClosedPeriodRunning.selector, START + 60));
        vm.warp(START + 60);
        _give(ALICE, BOB, 1);
        issue(MAIN, BOB, 1);
        vm.warp(START + 100);
        _refuses(ALICE, BOB, 1, closed);
        issue(MAIN, BOB, 1);
        _window(ALL, address(0), Window(0, 0, 0, 0));
        _window(MAIN, address(0), Window(START + 200, 0, 0, 0));
        closed = abi.encodeWithSelector(IRefusals.TransferWindowClosed.selector, START + 200, 0);
        _refuses(ALICE, BOB, 1, closed);
        vm.prank(ALICE);
        token.transferByPartition(OTHER, BOB, 1, "");
        vm.warp(START + 200);
        _window(MAIN, BOB, Window(0, START + 1, 0, 0));
        _give(ALICE, BOB, 1);
        _refuses(BOB, ALICE, 1, abi.encodeWithSelector(IRefusals.TransferWindowClosed.selector, 0, START + 1));
        assertEq(token.windowOf(MAIN, BOB).closes, START + 1);
    }

    function test_aWindowThatNeverOpensIsRefused() public {
        _unsound(abi.encodeCall(token.setWindow, (ALL, BOB, Window(0, 0, 0, 0))), "HOLDER");
        _unsound(abi.encodeCall(token.setWindow, (ALL, address(0), Window(2, 2, 0, 0))), "CLOSES");
        _unsound(abi.encodeCall(token.setWindow, (ALL, address(0), Window(0, 0, 2, 1))), "SHUT");
        _unsound(abi.encodeCall(token.setWindow, (ALL, address(0), Window(0, 0, 2, 2))), "SHUT");
    }

    function test_transfersCloseBeforeARecordDate() public {
        done(abi.encodeCall(token.setClosedPeriod, (100)));
        _give(ALICE, BOB, 1);
        done(abi.encodeCall(token.split, (2, START + 10)));
        _give(ALICE, BOB, 1);
        done(abi.encodeCall(token.scheduleRecordDate, (START + 200)));
        vm.warp(START + 99);
        _give(ALICE, BOB, 1);
        vm.warp(START + 100);
        _refuses(ALICE, BOB, 1, abi.encodeWithSelector(IRefusals.ClosedPeriodRunning.selector, START + 200));
        vm.warp(START + 200);
        _give(ALICE, BOB, 1);
    }

    function test_whoIsOnTheListNeitherSendsNorReceives() public {
        Oracle oracle = new Oracle();
        done(abi.encodeCall(token.setSanctionsOracle, (address(oracle))));
        _give(ALICE, BOB, 1);
        oracle.set(BOB, true);
        bytes memory why = abi.encodeWithSelector(IRefusals.WalletSanctioned.selector, BOB);
        _refuses(ALICE, BOB, 1, why);
        _refuses(BOB, ALICE, 1, why);
        refused(abi.encodeCall(token.forceByPartition, (MAIN, ALICE, BOB, 1, "", "")), why);
        refused(abi.encodeCall(token.issueByPartition, (MAIN, BOB, 1, "")), why);
        done(abi.encodeCall(token.forceByPartition, (MAIN, BOB, ALICE, 1, "", "")));
        done(abi.encodeCall(token.controllerRedeem, (BOB, 1, "", "")));
        address mute = address(new Parrot(abi.encode(2)));
        done(abi.encodeCall(token.setSanctionsOracle, (mute)));
        _refuses(ALICE, BOB, 1, abi.encodeWithSelector(IRefusals.RuleUnanswered.selector, mute));
        _unsound(abi.encodeCall(token.setSanctionsOracle, (STRANGER)), "ORACLE");
        done(abi.encodeCall(token.setSanctionsOracle, (address(0))));
        _give(ALICE, BOB, 1);
    }

    function test_aThirdPartysRuleIsHeard() public {
        address[] memory rules = new address[](1);
        rules[0] = address(new MostUnits(10));
        done(abi.encodeCall(token.setRules, (rules)));
        _give(ALICE, BOB, 10);
        bytes memory why = abi.encodeWithSelector(MostUnits.TooMany.selector, 11);
        _refuses(ALICE, BOB, 11, abi.encodeWithSelector(IRefusals.RuleRefused.selector, rules[0], why));
        done(abi.encodeCall(token.forceByPartition, (MAIN, ALICE, BOB, 11, "", "")));
        bytes[6] memory nonsense = [
            bytes(""), abi.encode(32), abi.encode(64, 0, 0), abi.encode(32, 1), abi.encode(32, 2 ** 255),
            abi.encode(new bytes(1024))
        ];
        for (uint256 i; i < nonsense.length; ++i) {
            rules[0] = address(new Parrot(nonsense[i]));
            done(abi.encodeCall(token.setRules, (rules)));
            _refuses(ALICE, BOB, 1, abi.encodeWithSelector(IRefusals.RuleUnanswered.selector, rules[0]));
        }
        (, , address[] memory found) = token.furtherRules();
        assertEq(abi.encode(found), abi.encode(rules));
        rules[0] = STRANGER;
        _unsound(abi.encodeCall(token.setRules, (rules)), "RULES");
        _unsound(abi.encodeCall(token.setRules, (new address[](9))), "RULES");
    }

    function test_aHoldingGoesAsAWholeOrNotAtAll() public {
        done(abi.encodeCall(token.setPolicy, (3, 0, false, true)));
        assertTrue(token.terms().wholeOnly);
        _refuses(ALICE, BOB, 99, abi.encodeWithSelector(IRefusals.WholeHoldingOnly.selector, ALICE, 99, 100));
        _give(ALICE, BOB, 0);
        _give(ALICE, TREASURY, 100);
        _give(TREASURY, ALICE, 1);
        done(abi.encodeCall(token.forceByPartition, (MAIN, BOB, ALICE, 1, "", "")));
        // With a rule book it is still a matter of transfers.
        _limit(ALL, 0, 0, 0);
        done(abi.encodeCall(token.setPolicy, (3, 0, false, true)));
        _refuses(ALICE, BOB, 1, abi.encodeWithSelector(IRefusals.WholeHoldingOnly.selector, ALICE, 1, 2));
        done(abi.encodeCall(token.setPolicy, (3, 0, false, false)));
        _give(ALICE, BOB, 1);
    }

    function _one(address wallet) private pure returns (address[] memory wallets) {
        wallets = new address[](1);
        wallets[0] = wallet;
    }

    function _standing(uint16 country) private pure returns (Standing[] memory standings) {
        standings = new Standing[](1);
        standings[0] = Standings.pack(bytes16(uint128(3)), 3, country, UNTIL);
    }

    function _limit(bytes32 partition, uint96 least, uint96 most, uint96 lot) private {
        done(abi.encodeCall(token.setLimits, (partition, least, most, lot)));
    }

    function _window(bytes32 partition, address holder, Window memory w) private {
        done(abi.encodeCall(token.setWindow, (partition, holder, w)));
    }

    function _enter() private {
        register(STRANGER, "stranger", 3, UNTIL);
    }

    function _give(address from, address to, uint256 units) private {
        assertEq(token.explain(MAIN, from, to, units).length, 0);
        vm.prank(from);
        token.transfer(to, units);
    }

    function _refuses(address from, address to, uint256 units, bytes memory why) private {
        _refuses(MAIN, from, to, units, why);
    }

    function _refuses(bytes32 partition, address from, address to, uint256 units, bytes memory why) private {
        assertEq(token.explain(partition, from, to, units)[0], why);
        (bytes1 status,,) = token.canTransferByPartition(from, to, partition, units, "");
        assertTrue(status != 0x51);
        vm.prank(from);
        vm.expectRevert(why);
        token.transferByPartition(partition, to, units, "");
    }

    function _unsound(bytes memory data, bytes32 fault) private {
        refused(data, abi.encodeWithSelector(ITerms.RuleUnsound.selector, fault));
    }
}
