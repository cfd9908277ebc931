// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {IOrders} from "../../../contracts/interfaces/IOrders.sol";
import {IRemedies} from "../../../contracts/interfaces/IRemedies.sol";
import {ISystem} from "../../../contracts/interfaces/ISystem.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Row} from "../../../contracts/types/Row.sol";

/// @dev An order undoes nothing that was done after it was proposed, whoever signed it before.
contract FreshTest is Setting {
    uint40 private constant LATER = START + 10;

    function test_aHaltThatIsNewerStands() public {
        _halt(HaltLevel.RESTRICTED);
        vm.warp(LATER);
        bytes memory data = abi.encodeCall(core.resume, (HaltLevel.NORMAL, "incident"));
        uint256 id = _sign(address(core), data);
        uint40 time = core.runningTime();
        vm.warp(LATER + 1);
        _halt(HaltLevel.HALTED);
        assertEq(core.runningTime(), time, "the clock of deadlines stands still");
        _stale(id, address(core), data, LATER + 1);
        ordered(address(core), data);
        assertEq(core.runningTime(), START, "stopped since the start");
        vm.expectRevert(abi.encodeWithSelector(ISystem.HaltLevelWrong.selector, 0, 0));
        vm.prank(person(EMERGENCY));
        core.halt(HaltLevel.NORMAL, "incident");
    }

    function test_aFreezeThatIsNewerStands() public {
        bytes memory data = abi.encodeCall(core.unfreezeWallet, (ALICE));
        _freeze();
        uint256 id = _sign(address(core), data);
        vm.warp(LATER);
        _freeze();
        _stale(id, address(core), data, LATER);
        ordered(address(core), data);
        assertTrue(core.isVerified(ALICE));
    }

    function test_aPauseThatIsNewerStands() public {
        bytes memory data = abi.encodeCall(token.unpause, ());
        uint256 id = _sign(address(token), data);
        vm.warp(LATER);
        vm.prank(person(ISSUER));
        token.pause();
        _stale(id, address(token), data, LATER);
        done(data);
        assertFalse(token.paused());
    }

    function test_frozenUnitsThatAreNewerStand() public {
        bytes memory data = abi.encodeCall(token.setFrozenTokens, (ALICE, 5));
        uint256 id = _sign(address(token), data);
        vm.warp(LATER);
        vm.prank(person(COMPLIANCE));
        token.setFrozenTokens(ALICE, 10);
        _stale(id, address(token), data, LATER);
        id = _sign(address(token), data);
        vm.warp(LATER + 10);
        done(abi.encodeCall(token.split, (2, 0)));
        // Five units of before the split are not five of today.
        _stale(id, address(token), data, LATER + 10);
        done(data);
        assertEq(token.getFrozenTokens(ALICE), 5);
        // More than are frozen is no undoing.
        data = abi.encodeCall(token.setFrozenTokens, (ALICE, 7));
        id = _sign(address(token), data);
        vm.warp(LATER + 20);
        vm.prank(person(COMPLIANCE));
        token.setFrozenTokens(ALICE, 6);
        (bool went,) = carriedOut(id, address(token), data);
        assertTrue(went);
        vm.prank(person(COMPLIANCE));
        vm.expectRevert(abi.encodeWithSelector(IRemedies.OrderRequired.selector, person(COMPLIANCE)));
        token.setFrozenTokens(ALICE, 6);
    }

    function test_limitsAreNotThoseOfBeforeASplit() public {
        bytes memory data = abi.encodeCall(token.setLimits, (MAIN, 5, 0, 0));
        uint256 id = _sign(address(token), data);
        vm.warp(LATER);
        done(abi.encodeCall(token.split, (2, 0)));
        _stale(id, address(token), data, LATER);
        done(data);
    }

    /// @dev A tenth of what was to be locked would leave the rest free to go.
    function test_aLotIsNotOneOfBeforeASplit() public {
        bytes memory data = abi.encodeCall(token.lockLot, (MAIN, ALICE, 100, UNTIL, UNTIL, UNTIL));
        uint256 id = _sign(address(token), data);
        vm.warp(LATER);
        done(abi.encodeCall(token.split, (10, 0)));
        _stale(id, address(token), data, LATER);
        done(data);
        assertEq(token.lotsOf(MAIN, ALICE)[0].units, 100, "of units of today");
    }

    function test_aReportThatIsNewerStands() public {
        bytes memory dismiss = abi.encodeCall(token.dismissLoss, ("loss"));
        bytes memory reissue = abi.encodeCall(token.reissue, ("loss", ALICE));
        (uint256 first, uint256 second) = (_sign(address(token), dismiss), _sign(address(token), reissue));
        vm.warp(LATER);
        _report();
        _stale(first, address(token), dismiss, LATER);
        _stale(second, address(token), reissue, LATER);
        vm.prank(person(CUSTODIAN));
        vm.expectRevert(abi.encodeWithSelector(IRemedies.LossRecorded.selector, bytes32("loss")));
        token.reportLoss("loss", 1, MAIN, ALICE, 0, "evidence");
        done(dismiss);
        _report();
        assertEq(token.lossOf("loss").status, 1, "reported again after it was dismissed");
    }

    /// @dev Who approves knows which roles may propose now.
    function test_aRoleThatMayNoLongerProposeIsNotApproved() public {
        bytes memory data = abi.encodeCall(core.unfreezeWallet, (ALICE));
        vm.prank(person(REGISTRAR));
        uint256 id = orders.propose(address(core), data, 1, "signed", START + 1 days);
        Row memory row = authority.rowOf(address(core), core.unfreezeWallet.selector);
        row.proposers = uint64(1) << ISSUER;
        vm.prank(address(orders));
        authority.setRow(address(core), core.unfreezeWallet.selector, row);
        vm.prank(person(COMPLIANCE));
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.OrderUnauthorized.selector, person(REGISTRAR), IOrders.propose.selector)
        );
        orders.approve(id, keccak256(abi.encode(address(core), data)));
    }

    /// @dev Of an order that leads out of a halt only its two parties may.
    function test_nobodyElseVetoesTheWayOut() public {
        _halt(HaltLevel.HALTED);
        vm.prank(address(orders));
        authority.grantRole(COMPLIANCE, STRANGER, 0);
        uint256 id = _sign(address(core), abi.encodeCall(core.resume, (HaltLevel.NORMAL, "incident")));
        vm.prank(STRANGER);
        vm.expectRevert(
            abi.encodeWithSelector(IOrders.OrderUnauthorized.selector, STRANGER, IOrders.veto.selector)
        );
        orders.veto(id);
        vm.prank(person(COMPLIANCE));
        orders.veto(id);
    }

    function _sign(address target, bytes memory data) private returns (uint256) {
        (bool went, bytes memory answer) = signed(target, data);
        assertTrue(went);
        return abi.decode(answer, (uint256));
    }

    function _stale(uint256 id, address target, bytes memory data, uint40 since) private {
        (bool went, bytes memory answer) = carriedOut(id, target, data);
        assertFalse(went);
        (, Order memory o) = orders.orderOf(id);
        assertEq(answer, abi.encodeWithSelector(IOrders.OrderStale.selector, o.proposedAt, since));
    }

    function _halt(HaltLevel to) private {
        vm.prank(person(EMERGENCY));
        core.halt(to, "incident");
    }

    function _freeze() private {
        vm.prank(person(EMERGENCY));
        core.freezeWallet(ALICE);
    }

    function _report() private {
        vm.prank(person(CUSTODIAN));
        token.reportLoss("loss", 1, MAIN, ALICE, 0, "evidence");
    }
}
