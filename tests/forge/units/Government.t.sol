// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {Authority} from "../../../contracts/governance/Authority.sol";
import {IAuthority} from "../../../contracts/interfaces/IAuthority.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IERC6093} from "../../../contracts/interfaces/IERC6093.sol";
import {IOrders} from "../../../contracts/interfaces/IOrders.sol";
import {ISystem} from "../../../contracts/interfaces/ISystem.sol";
import {ITerms} from "../../../contracts/interfaces/ITerms.sol";
import {CoreSystem} from "../../../contracts/system/CoreSystem.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Row} from "../../../contracts/types/Row.sol";
import {Standing} from "../../../contracts/types/Standing.sol";

/// @dev Rows, roles and orders at their edges.
contract GovernmentTest is Setting {
    uint64 private constant AUDITOR = 11;

    function test_aRowThatIsUnsoundIsRefused() public {
        _unsound(EVERY_TOKEN, "any", Row(0, 2, 0, 0, false));
        _unsound(EVERY_TOKEN, "any", Row(0, 2, 2, 0, false));
        _unsound(EVERY_TOKEN, "any", Row(1, 0, 0, 0, false));
        _unsound(EVERY_TOKEN, "any", Row(2, 0, 0, 31 days, false));
        _unsound(EVERY_TOKEN, "any", Row(0, 2, 4, 1, true));
        _unsound(address(token), "any", Row(2, 0, 0, 0, false));
        _unsound(address(core), ISystem.resume.selector, Row(0, 2, 4, 0, false));
        _unsound(address(authority), IAuthority.setRow.selector, Row(2, 0, 0, 0, false));
        _unsound(address(authority), IAuthority.enrol.selector, Row(0, 2, 4, 0, false));
    }

    function _unsound(address target, bytes4 selector, Row memory row) private {
        vm.prank(address(orders));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RowUnsound.selector, selector));
        authority.setRow(target, selector, row);
    }

    function test_thoseWhoGovernCannotBeLostAndNobodyJoinsThem() public {
        vm.startPrank(address(orders));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleLastMember.selector, SYS_ADMIN));
        authority.revokeRole(SYS_ADMIN, person(SYS_ADMIN));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleClosed.selector, 0));
        authority.grantRole(0, STRANGER, 0);
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleClosed.selector, 63));
        authority.grantRole(63, STRANGER, 0);
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleDelayed.selector, ISSUER));
        authority.grantRole(ISSUER, STRANGER, 1);
        authority.grantRole(ISSUER, person(ISSUER), 0);
        authority.revokeRole(ISSUER, STRANGER);
        authority.revokeRole(ISSUER, person(ISSUER));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.TokenNotEnrolled.selector, STRANGER));
        authority.scoped(ISSUER, STRANGER);
        vm.stopPrank();
        vm.prank(address(core));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.TokenAlreadyEnrolled.selector, address(token)));
        authority.enrol(address(token));
    }

    /// @dev Who proposes how the system is governed does nothing else.
    function test_theSystemAdministratorHoldsNoOtherRole() public {
        vm.startPrank(address(orders));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleIncompatible.selector, AUDITOR, person(SYS_ADMIN)));
        authority.grantRole(AUDITOR, person(SYS_ADMIN), 0);
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleIncompatible.selector, SYS_ADMIN, person(ISSUER)));
        authority.grantRole(SYS_ADMIN, person(ISSUER), 0);
        authority.revokeRole(ISSUER, person(ISSUER));
        authority.grantRole(SYS_ADMIN, person(ISSUER), 0);
        vm.stopPrank();
    }

    function test_whoDeployedMayGovernWhenHeHasHandedOver() public {
        Authority young = new Authority(address(this));
        young.grantRole(0, address(orders), 0);
        young.renounceRole(0, address(this));
        vm.startPrank(address(orders));
        young.grantRole(SYS_ADMIN, address(this), 0);
        assertTrue(young.holds(SYS_ADMIN, address(this)));
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RoleIncompatible.selector, AUDITOR, address(this)));
        young.grantRole(AUDITOR, address(this), 0);
        vm.stopPrank();
    }

    /// @dev A right that is in no row of the matrix would be a second door.
    function test_theTablesOfTheAccessManagerAreClosed() public {
        bytes4[] memory one = new bytes4[](1);
        one[0] = ISystem.halt.selector;
        vm.startPrank(address(orders));
        _closed(one[0]);
        authority.setTargetFunctionRole(address(core), one, ISSUER);
        _closed(authority.setRoleAdmin.selector);
        authority.setRoleAdmin(ISSUER, COMPLIANCE);
        _closed(authority.setRoleGuardian.selector);
        authority.setRoleGuardian(ISSUER, COMPLIANCE);
        _closed(authority.setGrantDelay.selector);
        authority.setGrantDelay(ISSUER, 1);
        _closed(authority.setTargetAdminDelay.selector);
        authority.setTargetAdminDelay(address(core), 1);
        _closed(authority.setTargetClosed.selector);
        authority.setTargetClosed(address(core), true);
        vm.stopPrank();
    }

    function _closed(bytes4 selector) private {
        vm.expectRevert(abi.encodeWithSelector(IAuthority.RowUnsound.selector, selector));
    }

    function test_aSystemWithoutImplementationCreatesNothing() public {
        CoreSystem empty = new CoreSystem(address(this));
        vm.expectRevert(abi.encodeWithSelector(ISystem.ImplementationEmpty.selector, address(0)));
        empty.createToken(_terms());
    }

    /// @dev As the authority of a system that lets this test do everything.
    function canCall(address, address, bytes4) external pure returns (bool, uint32) {
        return (true, 0);
    }

    /// @dev A role of one token alone.
    function test_aScopedRoleCountsForItsToken() public {
        uint64 scoped = authority.scoped(ISSUER, address(token));
        vm.prank(address(orders));
        authority.grantRole(scoped, STRANGER, 0);
        assertTrue(authority.holdsAny(uint64(1) << ISSUER, address(token), STRANGER));
        assertFalse(authority.holdsAny(uint64(1) << ISSUER, address(core), STRANGER));
    }

    function test_nobodyApprovesHisOwnOrderOrThatOfOneWhoLeft() public {
        bytes memory data = abi.encodeCall(token.unpause, ());
        bytes32 act = keccak256(abi.encode(address(token), data));
        vm.prank(address(orders));
        authority.grantRole(COMPLIANCE, person(REGISTRAR), 0);
        vm.startPrank(person(REGISTRAR));
        uint256 id = orders.propose(address(token), data, 1, "signed", START + 1);
        vm.expectRevert(abi.encodeWithSelector(IOrders.OrderSelfApproval.selector, id, person(REGISTRAR)));
        orders.approve(id, act);
        vm.stopPrank();
        (, Order memory o) = orders.orderOf(id);
        assertEq(o.role, REGISTRAR);
        vm.prank(address(orders));
        authority.revokeRole(REGISTRAR, person(REGISTRAR));
        vm.prank(person(COMPLIANCE));
        vm.expectRevert(abi.encodeWithSelector(
            IOrders.OrderUnauthorized.selector, person(REGISTRAR), IOrders.propose.selector));
        orders.approve(id, act);
    }

    /// @dev The queue carries nothing out then; what it would call refuses too.
    function test_whileTheSystemIsHaltedNotEvenTheQueueUnfreezesOrCreates() public {
        vm.prank(person(COMPLIANCE));
        core.freezeWallet(ALICE);
        vm.prank(person(EMERGENCY));
        core.halt(HaltLevel.HALTED, "incident");
        vm.startPrank(address(orders));
        vm.expectRevert(abi.encodeWithSelector(ISystem.SystemHalted.selector, HaltLevel.HALTED));
        core.unfreezeWallet(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ISystem.SystemHalted.selector, HaltLevel.HALTED));
        core.createToken(_terms());
        vm.stopPrank();
    }

    function test_listsThatDifferAreRefused() public {
        vm.prank(person(COMPLIANCE));
        vm.expectRevert(ISystem.ListsDiffer.selector);
        core.register(new address[](1), new Standing[](2));
    }

    function test_aHoldingCarriesNoMoreThanSixteenLots() public {
        for (uint256 i; i < 16; ++i) done(abi.encodeCall(token.lockLot, (MAIN, ALICE, 1, START, START, START + 1 days)));
        bytes memory one = abi.encodeCall(token.lockLot, (MAIN, ALICE, 1, START, START, START + 1 days));
        refused(one, abi.encodeWithSelector(ITerms.LotsFull.selector, 16));
        refused(abi.encodeCall(token.lockLot, (MAIN, address(0), 1, START, START, START + 1)),
            abi.encodeWithSelector(IIssuance.UnitsOutOfRange.selector, 0));
        refused(abi.encodeCall(token.setLockup, (MAIN, ALICE, START)),
            abi.encodeWithSelector(IIssuance.TimeNotFuture.selector, START));
    }

    function test_nobodyAllowsAnything() public {
        vm.prank(address(0));
        vm.expectRevert(abi.encodeWithSelector(IERC6093.ERC20InvalidApprover.selector, address(0)));
        token.approve(BOB, 1);
    }
}
