// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC1410} from "../interfaces/IERC1410.sol";
import {IERC1594} from "../interfaces/IERC1594.sol";
import {IERC1643} from "../interfaces/IERC1643.sol";
import {IERC1644} from "../interfaces/IERC1644.sol";
import {IERC6093} from "../interfaces/IERC6093.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {ClassRule} from "../rules/ClassRule.sol";
import {FreezeRule} from "../rules/FreezeRule.sol";
import {StandingRule} from "../rules/StandingRule.sol";
import {StatusCodes} from "../rules/StatusCodes.sol";
import {ControllerActions} from "./ControllerActions.sol";
import {TokenAccess} from "./TokenAccess.sol";
import {Parts} from "./Parts.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Standing} from "../types/Standing.sol";

/// @title A security: one implementation, of which every token is a clone
/// @notice Its code is in four parts that share the state of {TokenState}, because one contract may not be larger than
/// 24,576 bytes: the standards here, {IssuerDesk}, {RegistrarDesk}, {TermsDesk}. All parts go through the same {MoveGate}.
contract SecurityToken is ControllerActions, Parts, IERC20Metadata, IERC165, IERC6093, IRefusals {
    using HoldingWord for Holding;

    address private immutable ISSUER_DESK;

    constructor(ISystem system, address orders, IAccessManager authority, address issuerDesk)
        TokenAccess(system, orders, authority)
    {
        ISSUER_DESK = issuerDesk;
    }

    /// @dev Everything that is not of a standard: the code of {IssuerDesk}, behind it of {RegistrarDesk} and {TermsDesk},
    /// runs on this token's state.
    fallback() external {
        _delegate(ISSUER_DESK);
    }

    /// @inheritdoc IERC20Metadata
    function name() external view returns (string memory) {
        return _name;
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return _symbol;
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external view returns (uint8) {
        return _particulars.decimals;
    }

    /// @inheritdoc IERC20
    function totalSupply() external view returns (uint256) {
        return _totalSupply(_epoch());
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) external view returns (uint256 units) {
        uint16 epoch = _epoch();
        for (uint256 i; i < _partitions.length; ++i) units += _units(_partitions[i], account, epoch);
    }

    /// @inheritdoc IERC1410
    function balanceOfByPartition(bytes32 partition, address tokenHolder) external view returns (uint256) {
        return _units(partition, tokenHolder, _epoch());
    }

    /// @inheritdoc IERC1410
    function partitionsOf(address tokenHolder) external view returns (bytes32[] memory found) {
        uint16 epoch = _epoch();
        uint256 count;
        found = new bytes32[](_partitions.length);
        for (uint256 i; i < found.length; ++i) {
            if (_units(_partitions[i], tokenHolder, epoch) != 0) found[count++] = _partitions[i];
        }
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    /// @inheritdoc IERC1594
    function canTransfer(address to, uint256 value, bytes calldata) external view returns (bytes1, bytes32) {
        return StatusCodes.read(_check(DEFAULT_PARTITION, msg.sender, to, value, true), to);
    }

    /// @inheritdoc IERC1594
    function canTransferFrom(address from, address to, uint256 value, bytes calldata)
        external
        view
        returns (bytes1, bytes32)
    {
        uint256 allowed = _allowance(from, msg.sender);
        bytes memory refusal = allowed < value
            ? abi.encodeWithSelector(ERC20InsufficientAllowance.selector, msg.sender, allowed, value)
            : _check(DEFAULT_PARTITION, from, to, value, true);
        return StatusCodes.read(refusal, to);
    }

    /// @inheritdoc IERC1410
    function canTransferByPartition(address from, address to, bytes32 partition, uint256 value, bytes calldata)
        external
        view
        returns (bytes1 status, bytes32 reason, bytes32)
    {
        (status, reason) = StatusCodes.read(_check(partition, from, to, value, true), to);
        return (status, reason, partition);
    }

    /// @inheritdoc IERC7943
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return _check(DEFAULT_PARTITION, from, to, amount, false).length == 0;
    }

    /// @inheritdoc IERC7943
    function canSend(address account) external view returns (bool may) {
        (may,) = _standing(account);
    }

    /// @inheritdoc IERC7943
    function canReceive(address account) external view returns (bool) {
        (bool may, Standing s) = _standing(account);
        return may && (!ClassRule.refuses(s, _policy) || account == _particulars.treasury);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == type(IERC165).interfaceId || id == type(IERC20).interfaceId
            || id == type(IERC20Metadata).interfaceId || id == type(IERC20Permit).interfaceId
            || id == type(IERC5267).interfaceId || id == type(IERC1410).interfaceId || id == type(IERC1594).interfaceId
            || id == type(IERC1643).interfaceId || id == type(IERC1644).interfaceId || id == type(IERC7943).interfaceId;
    }

    /// @dev Whether the account is registered, valid and not frozen, and what else is known of it.
    function _standing(address account) private view returns (bool may, Standing s) {
        (, s,) = SYSTEM.look(account, address(0));
        may = !StandingRule.refuses(s) && !FreezeRule.refuses(s);
    }

    function _units(bytes32 partition, address holder, uint16 epoch) private view returns (uint256) {
        return holder == address(0) ? 0 : _peek(partition, holder, epoch).units();
    }

    function _check(bytes32 partition, address from, address to, uint256 units, bool askBalance)
        private
        view
        returns (bytes memory)
    {
        Move memory m = Move(MoveKind.Transfer, false, partition, msg.sender, from, to, units);
        return _refusal(m, _look(m), askBalance);
    }
}
