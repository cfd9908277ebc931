// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Freshness} from "../governance/Freshness.sol";
import {IERC1644} from "../interfaces/IERC1644.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {ITerms} from "../interfaces/ITerms.sol";
import {ITransferRequests} from "../interfaces/ITransferRequests.sol";
import {Lots} from "../ledger/Lots.sol";
import {Parts} from "../token/Parts.sol";
import {PrivilegedMoves} from "../token/PrivilegedMoves.sol";
import {TokenAccess} from "../token/TokenAccess.sol";
import {Facts} from "../types/Facts.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Loss} from "../types/Loss.sol";
import {Lot} from "../types/Lot.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Reversal} from "../types/Reversal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";
import {TransferRequest} from "../types/TransferRequest.sol";

/// @title The registrar's desk: the part of a token's code for transfer requests, force, losses and
/// reversals
contract RegistrarDesk is PrivilegedMoves, Parts, ITransferRequests, IRemedies {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    uint8 private constant KEY_LOST = 1;
    uint8 private constant REDEEMED_IN_ERROR = 2;
    uint8 private constant REPORTED = 1;
    uint8 private constant MADE_GOOD = 2;
    uint8 private constant DISMISSED = 3;

    address private immutable TERMS_DESK;

    constructor(ISystem system, address orders, IAccessManager authority, address termsDesk)
        TokenAccess(system, orders, authority)
    {
        TERMS_DESK = termsDesk;
    }

    fallback() external {
        _delegate(TERMS_DESK);
    }

    /// @inheritdoc ITransferRequests
    function requestTransfer(bytes32 partition, address to, uint256 units, uint40 deadline)
        external
        running
        returns (uint256 id)
    {
        if (units == 0) revert IIssuance.UnitsOutOfRange(units);
        if (deadline <= block.timestamp) revert IIssuance.TimeNotFuture(deadline);
        Move memory m = Move(MoveKind.Transfer, true, partition, msg.sender, msg.sender, to, units);
        Facts memory f = _look(m);
        _require(_refusal(m, f, true));
        _roll();
        Holding h = _sweep(partition, msg.sender, _forward(partition, msg.sender, f.epoch));
        _holdings[partition][msg.sender].word = h.withEncumbered(h.encumbered() + units);
        id = ++_requestCount;
        uint40 stopped = uint40(block.timestamp) - SYSTEM.runningTime();
        _requests[id] = TransferRequest(msg.sender, uint96(units), to, deadline - stopped, f.epoch, partition);
        emit TransferRequested(id, msg.sender, to, partition, units, deadline);
    }

    /// @inheritdoc ITransferRequests
    function cancelTransferRequest(uint256 id) external running {
        TransferRequest memory r = _endRequest(id, false);
        if (msg.sender != r.holder && SYSTEM.runningTime() < r.deadline) revert TransferRequestNotYours(id, msg.sender);
    }

    /// @inheritdoc ITransferRequests
    function approveTransferRequest(uint256 id) external restricted {
        TransferRequest memory r = _endRequest(id, true);
        if (SYSTEM.runningTime() >= r.deadline) revert TransferRequestExpired(id, r.deadline);
        _move(Move(MoveKind.Transfer, true, r.partition, msg.sender, r.holder, r.to, r.units), "", "");
    }

    /// @inheritdoc ITransferRequests
    function rejectTransferRequest(uint256 id) external restricted {
        _endRequest(id, false);
    }

    /// @inheritdoc ITransferRequests
    function transferRequestOf(uint256 id) external view returns (TransferRequest memory) {
        return _requests[id];
    }

    /// @inheritdoc IRemedies
    function forceByPartition(
        bytes32 partition,
        address from,
        address to,
        uint256 units,
        bytes calldata data,
        bytes calldata operatorData
    ) external ordered {
        _force(partition, from, to, units, data, operatorData);
    }

    /// @inheritdoc IRemedies
    function redeemMatured(bytes32 partition, address[] calldata holders, bytes calldata data) external ordered {
        uint40 maturity = _policy.maturity();
        if (maturity == 0 || block.timestamp < maturity) revert TokenNotMatured(maturity);
        for (uint256 i; i < holders.length; ++i) {
            uint256 units = _peek(partition, holders[i], _epoch()).units();
            if (units != 0) _seize(partition, holders[i], address(0), units, "", data);
        }
    }

    /// @inheritdoc IRemedies
    function controllerRedeemByPartition(
        bytes32 partition,
        address holder,
        uint256 units,
        bytes calldata data,
        bytes calldata operatorData
    ) external ordered {
        _seize(partition, holder, address(0), units, data, operatorData);
        emit IERC1644.ControllerRedemption(msg.sender, holder, units, data, operatorData);
    }

    /// @inheritdoc IRemedies
    function setFrozenByPartition(bytes32 partition, address account, uint256 units) external {
        _freeze(partition, account, units);
    }

    /// @inheritdoc IRemedies
    function reportLoss(
        bytes32 id,
        uint8 kind,
        bytes32 partition,
        address wallet,
        uint256 units,
        bytes32 evidence
    ) external restricted {
        uint8 status = _losses[id].status;
        if (status != 0 && status != DISMISSED) revert LossRecorded(id);
        if (wallet == address(0)) revert LossImplausible();
        uint16 epoch = _roll();
        Holding h = _forward(partition, wallet, epoch);
        if (kind == KEY_LOST && units == 0 && h.units() != 0 && !h.lost()) {
            h = h.withLost(true);
            units = h.units();
        } else if (kind != REDEEMED_IN_ERROR || units == 0 || units > _redeemedUnits(partition, epoch)) {
            revert LossImplausible();
        }
        _holdings[partition][wallet].word = h;
        _losses[id] = Loss(wallet, uint96(units), partition, evidence, epoch, kind, REPORTED, uint40(block.timestamp));
        emit LossReported(id, wallet, kind, partition, units, evidence);
    }

    /// @inheritdoc IRemedies
    function dismissLoss(bytes32 id) external ordered {
        Loss memory loss = _endLoss(id, DISMISSED);
        if (loss.kind == KEY_LOST) {
            Holding h = _holdings[loss.partition][loss.wallet].word;
            _holdings[loss.partition][loss.wallet].word = h.withLost(false);
        }
        emit LossDismissed(id);
    }

    /// @inheritdoc IRemedies
    function reissue(bytes32 id, address to) external ordered {
        Loss memory loss = _endLoss(id, MADE_GOOD);
        (, Standing loser, Standing heir) = SYSTEM.look(loss.wallet, to);
        if (Standings.investor(loser) != Standings.investor(heir)) revert InvestorDiffers(to);
        uint16 epoch = _roll();
        uint256 units;
        if (loss.kind == KEY_LOST) {
            units = _carry(loss.partition, loss.wallet, to, epoch);
        } else {
            units = loss.units * _ratio(loss.epoch, epoch);
            uint256 gone = _redeemedUnits(loss.partition, epoch);
            if (units > gone) revert LossImplausible();
            _redeemed[loss.partition] = _quantity(gone - units, epoch);
            _requireAuthorised(units);
            Move memory m = Move(MoveKind.Reissue, false, loss.partition, msg.sender, address(0), to, units);
            _move(m, "", bytes.concat(id));
        }
        emit Reissued(id, loss.kind == KEY_LOST ? loss.wallet : address(0), to, loss.partition, units);
    }

    /// @inheritdoc IRemedies
    function reverse(
        bytes32 origin,
        bytes32 partition,
        address from,
        address to,
        uint96 original,
        uint16 epoch,
        uint256 units
    ) external ordered {
        uint16 today = _roll();
        if (from == address(0) || from == to || units == 0 || epoch > today) revert ReversalMismatch(origin);
        Reversal storage r = _reversals[origin];
        bytes32 terms = keccak256(abi.encode(partition, from, to, original, epoch));
        if (r.terms == 0) r.terms = terms;
        else if (r.terms != terms) revert ReversalMismatch(origin);
        uint256 done = reversed(origin);
        uint256 left = original * _ratio(epoch, today) - done;
        if (units > left) revert ReversalExceeded(origin, units, left);
        r.done = _quantity(done + units, today);
        _move(
            Move(MoveKind.Reverse, false, partition, msg.sender, from, to, units), "", bytes.concat(origin)
        );
        emit Reversed(origin, from, to, partition, units, left - units);
    }

    /// @inheritdoc IRemedies
    function reversed(bytes32 origin) public view returns (uint256) {
        return _scale(_reversals[origin].done, _epoch());
    }

    /// @inheritdoc IRemedies
    function lossOf(bytes32 id) external view returns (Loss memory) {
        return _losses[id];
    }

    /// @inheritdoc IRemedies
    function holdingOf(bytes32 partition, address holder)
        external
        view
        returns (uint256 units, uint256 free, uint256 frozen, uint256 lockedLots, uint40 lockedUntil, bool lost)
    {
        Holding h = _peek(partition, holder, _epoch());
        units = h.units();
        free = _free(partition, holder, h, units);
        frozen = _frozenUnits(partition, holder, h.epoch());
        (, lockedLots) = Lots.sum(_lots[partition][holder], _epochs, h.epoch());
        return (units, free, frozen, lockedLots, h.lockedUntil(), h.lost());
    }

    /// @inheritdoc IRemedies
    function lotsOf(bytes32 partition, address holder) external view returns (Lot[] memory) {
        return _lots[partition][holder];
    }

    /// @dev Takes the request off the books and frees its units; they come back counted in units of today.
    function _endRequest(uint256 id, bool approved) private returns (TransferRequest memory r) {
        r = _requests[id];
        if (r.holder == address(0)) revert TransferRequestUnknown(id);
        delete _requests[id];
        uint16 epoch = _roll();
        r.units = uint96(r.units * _ratio(r.epoch, epoch));
        Holding h = _forward(r.partition, r.holder, epoch);
        _holdings[r.partition][r.holder].word = h.withEncumbered(h.encumbered() - r.units);
        emit TransferRequestEnded(id, msg.sender, approved);
    }

    /// @dev Moves a whole holding to another wallet of its investor, with what encumbers it. Transfer requests stay
    /// with the old wallet, where they can only be ended.
    function _carry(bytes32 partition, address from, address to, uint16 epoch) private returns (uint256 units) {
        Holding old = _forward(partition, from, epoch);
        units = old.units();
        if (units == 0) revert IIssuance.UnitsOutOfRange(units);
        uint256 frozen = _frozenUnits(partition, from, epoch);
        if (frozen != 0) old = _setFrozen(partition, from, old, 0);
        old = _sweep(partition, from, old);
        (uint256 locked, uint256 over) =
            Lots.carry(_lots[partition][from], _lots[partition][to], _epochs, epoch, partition, from, to);
        _holdings[partition][from].word = old.withEncumbered(old.encumbered() - locked);

        _move(Move(MoveKind.Reissue, false, partition, msg.sender, from, to, units), "", "");

        Holding h = _holdings[partition][to].word;
        if (old.lockedUntil() > h.lockedUntil()) {
            h = h.withLockedUntil(old.lockedUntil());
            emit ITerms.LockupChanged(partition, to, old.lockedUntil());
        }
        h = h.withEncumbered(h.encumbered() + locked - over);
        if (frozen != 0) {
            uint256 both = frozen + _frozenUnits(partition, to, epoch);
            uint256 limit = _authorisedUnits();
            h = _setFrozen(partition, to, h, both < limit ? both : limit);
        }
        _holdings[partition][to].word = h;
    }

    function _endLoss(bytes32 id, uint8 status) private returns (Loss memory loss) {
        loss = _losses[id];
        if (loss.status != REPORTED) revert LossNotOpen(id);
        Freshness.requireSince(loss.reportedAt);
        _losses[id].status = status;
    }
}
