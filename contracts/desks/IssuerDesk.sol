// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Freshness} from "../governance/Freshness.sol";
import {IBatchTransfer} from "../interfaces/IBatchTransfer.sol";
import {IERC1643} from "../interfaces/IERC1643.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Documents} from "../ledger/Documents.sol";
import {Rules} from "../rules/Rules.sol";
import {CalendarActions} from "./CalendarActions.sol";
import {Parts} from "../token/Parts.sol";
import {TokenAccess} from "../token/TokenAccess.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @title The issuer's desk: the part of a token's code for issue, distribution, batches, documents, splits,
/// record dates
contract IssuerDesk is CalendarActions, Parts, IIssuance, IBatchTransfer, IERC1643 {
    using HoldingWord for Holding;
    using PolicyWord for Policy;
    using Documents for Documents.Shelf;

    address private immutable REGISTRAR_DESK;

    constructor(ISystem system, address orders, IAccessManager authority, address registrarDesk)
        TokenAccess(system, orders, authority)
    {
        REGISTRAR_DESK = registrarDesk;
    }

    fallback() external {
        _delegate(REGISTRAR_DESK);
    }

    /// @inheritdoc IBatchTransfer
    function batchTransfer(bytes32 partition, address[] calldata to, uint256[] calldata units) external {
        _moveMany(MoveKind.Transfer, partition, msg.sender, to, units, "");
    }

    /// @inheritdoc IIssuance
    function batchIssue(bytes32 partition, address[] calldata to, uint256[] calldata units, bytes calldata data)
        external
        ordered
    {
        uint256 total;
        for (uint256 i; i < units.length; ++i) {
            if (units[i] == 0 || units[i] >= UNITS_LIMIT) revert UnitsOutOfRange(units[i]);
            total += units[i];
        }
        _requireIssuable(partition, total);
        _moveMany(MoveKind.Issue, partition, address(0), to, units, data);
    }

    /// @inheritdoc IIssuance
    function allot(bytes32 partition, uint256 units) external ordered {
        _requirePartition(partition);
        if (units > _authorisedUnits()) revert UnitsOutOfRange(units);
        _allotted[partition] = _quantity(units, _epoch());
        emit Allotted(partition, units);
    }

    /// @inheritdoc IIssuance
    function distribute(bytes32 partition, address[] calldata to, uint256[] calldata units, bytes32 batch)
        external
        restricted
    {
        uint256 total = _moveMany(MoveKind.Distribute, partition, _particulars.treasury, to, units, "");
        uint256 left = allotted(partition);
        if (total > left) revert AllotmentExceeded(total, left);
        _allotted[partition] = _quantity(left - total, _epoch());
        emit Distributed(partition, batch, to.length, total);
    }

    /// @inheritdoc IIssuance
    function allotted(bytes32 partition) public view returns (uint256) {
        return _scale(_allotted[partition], _epoch());
    }

    /// @inheritdoc IIssuance
    function finalizeIssuance() external ordered {
        if (_policy.has(Rules.CLOSED)) revert IssuanceClosed();
        _policy = _policy.withFlag(Rules.CLOSED, true);
        emit IssuanceFinalized(msg.sender);
    }

    /// @inheritdoc IIssuance
    function raiseAuthorisedUnits(uint256 units) external ordered {
        if (units <= _authorisedUnits() || units >= UNITS_LIMIT || units * _pendingRatio() >= UNITS_LIMIT) {
            revert UnitsOutOfRange(units);
        }
        _particulars.authorised = uint96(units);
        _particulars.authorisedEpoch = _epoch();
        emit AuthorisedUnitsChanged(units);
    }

    /// @inheritdoc IIssuance
    function setTreasury(address treasury) external ordered {
        address old = _particulars.treasury;
        (, Standing before, Standing standing) = SYSTEM.look(old, treasury);
        bytes16 investor = Standings.investor(standing);
        if (investor == 0 || investor != Standings.investor(before)) revert IRemedies.InvestorDiffers(treasury);
        if (_policy.holderCap() != 0) {
            uint256 count = _holdingsOfInvestor[investor];
            uint256 now_ = count + _holdingsOf(old) - _holdingsOf(treasury);
            _holdingsOfInvestor[investor] = now_;
            _holderCount = _holderCount + (now_ == 0 ? 0 : 1) - (count == 0 ? 0 : 1);
            uint24 cap = _policy.holderCap();
            if (_holderCount > cap) emit HolderCapExceeded(_holderCount, cap);
        }
        _particulars.treasury = treasury;
        emit TreasuryChanged(old, treasury);
    }

    /// @inheritdoc IIssuance
    function pause() external restricted {
        _policy = _policy.withFlag(Rules.PAUSED, true);
        _pausedAt = uint40(block.timestamp);
        emit Paused(msg.sender);
    }

    /// @inheritdoc IIssuance
    function unpause() external ordered {
        Freshness.requireSince(_pausedAt);
        _policy = _policy.withFlag(Rules.PAUSED, false);
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IIssuance
    function paused() external view returns (bool) {
        return _policy.has(Rules.PAUSED);
    }

    /// @inheritdoc IIssuance
    function authorisedUnits() external view returns (uint256) {
        return _authorisedUnits();
    }

    /// @inheritdoc IIssuance
    function partitions() external view returns (bytes32[] memory) {
        return _partitions;
    }

    /// @inheritdoc IIssuance
    function totalSupplyByPartition(bytes32 partition) external view returns (uint256) {
        return _supply(partition, _epoch());
    }

    /// @inheritdoc IIssuance
    function holderCount() external view returns (uint256) {
        return _holderCount;
    }

    /// @inheritdoc IERC1643
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external restricted {
        _shelf.set(name, uri, documentHash);
    }

    /// @inheritdoc IERC1643
    function removeDocument(bytes32 name) external restricted {
        _shelf.remove(name);
    }

    /// @inheritdoc IERC1643
    function getDocument(bytes32 name) external view returns (string memory, bytes32, uint256) {
        return _shelf.get(name);
    }

    /// @inheritdoc IERC1643
    function getAllDocuments() external view returns (bytes32[] memory) {
        return _shelf.names;
    }

    /// @dev In how many partitions a wallet has units.
    function _holdingsOf(address wallet) private view returns (uint256 count) {
        for (uint256 i; i < _partitions.length; ++i) {
            if (_holdings[_partitions[i]][wallet].word.units() != 0) ++count;
        }
    }
}
