// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IERC1410} from "../interfaces/IERC1410.sol";
import {IERC1594} from "../interfaces/IERC1594.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {ITokenErrors} from "../interfaces/ITokenErrors.sol";
import {Permits} from "../ledger/Permits.sol";
import {PrivilegedMoves} from "./PrivilegedMoves.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";

/// @dev What holders, their spenders and operators do.
abstract contract HolderActions is
    PrivilegedMoves,
    Nonces,
    IERC20,
    IERC20Permit,
    IERC5267,
    IERC1410,
    IERC1594
{
    /// @inheritdoc IERC20
    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(DEFAULT_PARTITION, msg.sender, to, value, "", "");
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spendAllowance(from, value);
        _transfer(DEFAULT_PARTITION, from, to, value, "", "");
        return true;
    }

    /// @inheritdoc IERC1594
    function transferWithData(address to, uint256 value, bytes calldata data) external {
        _transfer(DEFAULT_PARTITION, msg.sender, to, value, data, "");
    }

    /// @inheritdoc IERC1594
    function transferFromWithData(address from, address to, uint256 value, bytes calldata data) external {
        _spendAllowance(from, value);
        _transfer(DEFAULT_PARTITION, from, to, value, data, "");
    }

    /// @inheritdoc IERC1410
    function transferByPartition(bytes32 partition, address to, uint256 value, bytes calldata data)
        external
        returns (bytes32)
    {
        _transfer(partition, msg.sender, to, value, data, "");
        return partition;
    }

    /// @inheritdoc IERC1410
    function operatorTransferByPartition(
        bytes32 partition,
        address from,
        address to,
        uint256 value,
        bytes calldata data,
        bytes calldata operatorData
    ) external returns (bytes32) {
        _requireOperator(partition, from);
        _transfer(partition, from, to, value, data, operatorData);
        return partition;
    }

    /// @inheritdoc IERC1594
    function redeem(uint256 value, bytes calldata data) external {
        _redeem(DEFAULT_PARTITION, msg.sender, value, "");
        emit Redeemed(msg.sender, msg.sender, value, data);
    }

    /// @inheritdoc IERC1594
    function redeemFrom(address tokenHolder, uint256 value, bytes calldata data) external {
        _spendAllowance(tokenHolder, value);
        _redeem(DEFAULT_PARTITION, tokenHolder, value, "");
        emit Redeemed(msg.sender, tokenHolder, value, data);
    }

    /// @inheritdoc IERC1410
    function redeemByPartition(bytes32 partition, uint256 value, bytes calldata data) external {
        _redeem(partition, msg.sender, value, data);
    }

    /// @inheritdoc IERC1410
    function operatorRedeemByPartition(
        bytes32 partition,
        address tokenHolder,
        uint256 value,
        bytes calldata operatorData
    ) external {
        _requireOperator(partition, tokenHolder);
        _redeem(partition, tokenHolder, value, operatorData);
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 value) external running returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) external view returns (uint256) {
        return _allowance(owner, spender);
    }

    /// @inheritdoc IERC20Permit
    function permit(address owner, address spender, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        running
    {
        if (block.timestamp > deadline) revert ITokenErrors.ERC2612ExpiredSignature(deadline);
        address signer = Permits.signer(owner, spender, value, _useNonce(owner), deadline, v, r, s);
        if (signer != owner) revert ITokenErrors.ERC2612InvalidSigner(signer, owner);
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(Nonces, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return Permits.domainSeparator();
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (0x0f, Permits.NAME, Permits.VERSION, block.chainid, address(this), 0, new uint256[](0));
    }

    /// @inheritdoc IERC1410
    function authorizeOperator(address operator) external running {
        _setOperator(operator, true);
    }

    /// @inheritdoc IERC1410
    function revokeOperator(address operator) external running {
        _setOperator(operator, false);
    }

    /// @inheritdoc IERC1410
    function authorizeOperatorByPartition(bytes32 partition, address operator) external running {
        _setOperatorByPartition(partition, operator, true);
    }

    /// @inheritdoc IERC1410
    function revokeOperatorByPartition(bytes32 partition, address operator) external running {
        _setOperatorByPartition(partition, operator, false);
    }

    /// @inheritdoc IERC1410
    function isOperator(address operator, address tokenHolder) external view returns (bool) {
        return _operatorsForAll[tokenHolder][operator];
    }

    /// @inheritdoc IERC1410
    function isOperatorForPartition(bytes32 partition, address operator, address tokenHolder)
        external
        view
        returns (bool)
    {
        return _isOperator(partition, operator, tokenHolder);
    }

    function _transfer(
        bytes32 partition,
        address from,
        address to,
        uint256 units,
        bytes memory data,
        bytes memory operatorData
    ) private {
        _move(Move(MoveKind.Transfer, false, partition, msg.sender, from, to, units), data, operatorData);
    }

    function _redeem(bytes32 partition, address from, uint256 units, bytes memory operatorData) private {
        if (units == 0) revert IIssuance.UnitsOutOfRange(units);
        _move(Move(MoveKind.Redeem, false, partition, msg.sender, from, address(0), units), "", operatorData);
    }
}
