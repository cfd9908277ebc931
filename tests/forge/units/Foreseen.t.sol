// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Setting} from "./Setting.sol";
import {IERC6093} from "../../../contracts/interfaces/IERC6093.sol";
import {IRefusals} from "../../../contracts/interfaces/IRefusals.sol";
import {ITokenErrors} from "../../../contracts/interfaces/ITokenErrors.sol";
import {StatusCodes} from "../../../contracts/rules/StatusCodes.sol";

/// @dev What a token says beforehand of a transfer, as status and reason.
contract ForeseenTest is Setting {
    function test_aTransferIsForeseenWithItsStatus() public {
        vm.startPrank(ALICE);
        _says(BOB, 100, 0x51, "");
        _says(BOB, 101, 0x52, "BALANCE");
        _says(STRANGER, 1, 0x57, "KYC");
        _says(address(0), 1, 0x57, "ZERO_ADDRESS");
        (bytes1 status,) = token.canTransferFrom(BOB, ALICE, 1, "");
        assertEq(status, bytes1(0x53));
        vm.stopPrank();
        vm.prank(BOB);
        token.approve(ALICE, 1);
        vm.prank(ALICE);
        (status,) = token.canTransferFrom(BOB, ALICE, 1, "");
        assertEq(status, bytes1(0x51));
        assertTrue(token.canTransfer(ALICE, BOB, 1000), "ERC-7943 does not ask the balance");
        assertFalse(token.canTransfer(ALICE, STRANGER, 1));
        assertFalse(token.canTransfer(address(0), BOB, 1), "nobody sends");
        assertTrue(token.canSend(ALICE) && token.canReceive(ALICE));
        assertFalse(token.canSend(STRANGER) || token.canReceive(STRANGER));
        register(STRANGER, "stranger", 8, UNTIL);
        assertTrue(token.canSend(STRANGER) && !token.canReceive(STRANGER), "of a class that may not hold");
        register(TREASURY, bytes16(uint128(1)), 8, UNTIL);
        assertTrue(token.canReceive(TREASURY), "the treasury is of any class");
    }

    function test_aTransferInAPartitionIsForeseen() public view {
        (bytes1 status, bytes32 reason, bytes32 to) = token.canTransferByPartition(ALICE, BOB, OTHER, 10, "");
        assertEq(abi.encode(status, reason, to), abi.encode(bytes1(0x51), bytes32(""), OTHER));
        (status, reason,) = token.canTransferByPartition(ALICE, BOB, "none", 0, "");
        assertEq(abi.encode(status, reason), abi.encode(bytes1(0x50), bytes32("PARTITION")));
        (status, reason,) = token.canTransferByPartition(address(0), BOB, MAIN, 1, "");
        assertEq(abi.encode(status, reason), abi.encode(bytes1(0x56), bytes32("ZERO_ADDRESS")));
    }

    function test_theReasonsThatNoForesightMeets() public view {
        _reads(abi.encodeWithSelector(IRefusals.RedemptionNotDue.selector, 0), 0x55, "NOT_DUE");
        _reads(abi.encodeWithSelector(ITokenErrors.OperatorUnauthorized.selector, ALICE, BOB, MAIN), 0x58, "OPERATOR");
        _reads(abi.encodeWithSelector(IERC6093.ERC20InvalidApprover.selector, BOB), 0x50,
            bytes32(IERC6093.ERC20InvalidApprover.selector));
        _reads(abi.encodeWithSelector(IRefusals.WalletFrozen.selector, ALICE), 0x56, "ADDR_FROZEN");
        _reads(abi.encodeWithSelector(IRefusals.WalletFrozen.selector, BOB), 0x57, "ADDR_FROZEN");
        _reads(abi.encodeWithSelector(IRefusals.HoldingLost.selector, BOB), 0x57, "LOST");
        _reads(abi.encodeWithSelector(IRefusals.InvestorExpired.selector, ALICE, 1), 0x56, "KYC_EXPIRED");
    }

    function _says(address to, uint256 units, bytes1 status, bytes32 reason) private view {
        (bytes1 s, bytes32 r) = token.canTransfer(to, units, "");
        assertEq(abi.encode(s, r), abi.encode(status, reason));
    }

    function _reads(bytes memory refusal, bytes1 status, bytes32 reason) private view {
        (bytes1 s, bytes32 r) = StatusCodes.read(refusal, BOB);
        assertEq(abi.encode(s, r), abi.encode(status, reason));
    }
}
