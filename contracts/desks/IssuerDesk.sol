// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Rules} from "../rules/Rules.sol";
import {TermsLaw} from "../rules/TermsLaw.sol";
import {CalendarActions} from "./CalendarActions.sol";
import {Parts} from "../token/Parts.sol";
import {TokenAccess} from "../token/TokenAccess.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Lot} from "../types/Lot.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Particulars} from "../types/Particulars.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";
import {Terms} from "../types/Terms.sol";

/// @title The issuer's desk: the part of a token's code for issue, distribution, policy, lock-ups, splits, record dates
contract IssuerDesk is CalendarActions, Parts, IIssuance {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    uint256 private constant LOTS_LIMIT = 16;
    address private immutable REGISTRAR_DESK;

    constructor(ISystem system, address orders, IAccessManager authority, address registrarDesk)
        TokenAccess(system, orders, authority)
    {
        REGISTRAR_DESK = registrarDesk;
    }

    fallback() external {
        _delegate(REGISTRAR_DESK);
    }

    /// @inheritdoc IIssuance
    function initialize(Terms calldata t) external {
        if (msg.sender != address(SYSTEM)) revert ISystem.AccessRefused(msg.sender, msg.sig);
        if (_partitions.length != 0) revert TokenInitialised();
        _name = t.name;
        _symbol = t.symbol;
        _partitions.push(DEFAULT_PARTITION);
        for (uint256 i; i < t.partitions.length; ++i) {
            bytes32 partition = t.partitions[i];
            if (partition == 0 || _isPartition(partition)) revert TermsInconsistent(t.category, "PARTITIONS");
            _partitions.push(partition);
        }
        _particulars = Particulars(
            t.treasury, t.faceValue, t.authorisedUnits, 0, t.decimals, t.instrument, t.category, t.identifier, t.currency
        );
        Policy none;
        _policy = none.withLockedUntil(t.lockedUntil).withMaturity(t.maturity).withFlag(Rules.PUTTABLE, t.puttable);
        _setPolicy(t.receiveClasses, t.holderCap, t.approvalRequired);
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
    function setPolicy(uint16 receiveClasses, uint24 holderCap, bool approvalRequired) external ordered {
        TermsLaw.requirePolicy(_particulars.category, receiveClasses, holderCap, approvalRequired);
        if ((holderCap == 0) != (_policy.holderCap() == 0)) {
            revert TermsInconsistent(_particulars.category, "HOLDER_CAP");
        }
        _setPolicy(receiveClasses, holderCap, approvalRequired);
    }

    /// @inheritdoc IIssuance
    function setLockup(bytes32 partition, address holder, uint40 until) external ordered {
        if (until != 0 && until <= block.timestamp) revert TimeNotFuture(until);
        if (partition == 0 && holder == address(0)) {
            _policy = _policy.withLockedUntil(until);
        } else {
            _requirePartition(partition);
            if (holder == address(0)) _policy = _policy.withFlag(Rules.PARTITION_LOCKS, true);
            _holdings[partition][holder].word = _holdings[partition][holder].word.withLockedUntil(until);
        }
        emit LockupChanged(partition, holder, until);
    }

    /// @inheritdoc IIssuance
    function lockLot(bytes32 partition, address holder, uint256 units, uint40 until) external ordered {
        if (until <= block.timestamp) revert TimeNotFuture(until);
        if (holder == address(0)) revert UnitsOutOfRange(0);
        uint16 epoch = _roll();
        Holding h = _sweep(partition, holder, _forward(partition, holder, epoch));
        uint256 free = _less(h.units(), h.encumbered());
        if (units == 0 || units > free) revert IERC7943.ERC7943InsufficientUnfrozenBalance(holder, units, free);
        if (_lots[partition][holder].length >= LOTS_LIMIT) revert LotsFull(LOTS_LIMIT);
        _lots[partition][holder].push(Lot(uint96(units), epoch, until));
        _holdings[partition][holder].word = h.withEncumbered(h.encumbered() + units);
        emit LotLocked(partition, holder, units, until);
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
        emit Paused(msg.sender);
    }

    /// @inheritdoc IIssuance
    function unpause() external ordered {
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

    /// @inheritdoc IIssuance
    function policy() external view returns (Policy) {
        return _policy;
    }

    /// @inheritdoc IIssuance
    function terms() external view returns (Terms memory t) {
        Particulars memory p = _particulars;
        Policy q = _policy;
        t.name = _name;
        t.symbol = _symbol;
        (t.decimals, t.instrument, t.category) = (p.decimals, p.instrument, p.category);
        (t.identifier, t.currency, t.faceValue) = (p.identifier, p.currency, p.faceValue);
        t.authorisedUnits = uint96(_authorisedUnits());
        (t.maturity, t.lockedUntil) = (q.maturity(), q.lockedUntil());
        (t.receiveClasses, t.holderCap) = (q.receiveClasses(), q.holderCap());
        t.approvalRequired = q.rulesFor(MoveKind.Transfer) & Rules.APPROVAL != 0;
        t.puttable = q.has(Rules.PUTTABLE);
        t.treasury = p.treasury;
        t.partitions = _partitions;
    }

    /// @dev In how many partitions a wallet has units.
    function _holdingsOf(address wallet) private view returns (uint256 count) {
        for (uint256 i; i < _partitions.length; ++i) {
            if (_holdings[_partitions[i]][wallet].word.units() != 0) ++count;
        }
    }

    function _setPolicy(uint16 receiveClasses, uint24 holderCap, bool approvalRequired) private {
        _policy = _policy.withReceiveClasses(receiveClasses).withHolderCap(holderCap).withGoverns(
            Rules.masks(approvalRequired, holderCap != 0)
        );
        emit PolicyChanged(receiveClasses, holderCap, approvalRequired);
    }
}
