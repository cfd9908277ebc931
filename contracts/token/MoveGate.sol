// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC1410} from "../interfaces/IERC1410.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Approvals} from "../ledger/Approvals.sol";
import {Encumbrances} from "../ledger/Encumbrances.sol";
import {ApprovalRule} from "../rules/ApprovalRule.sol";
import {ClassRule} from "../rules/ClassRule.sol";
import {FreeUnitsRule} from "../rules/FreeUnitsRule.sol";
import {FreezeRule} from "../rules/FreezeRule.sol";
import {HolderCapRule} from "../rules/HolderCapRule.sol";
import {LockupRule} from "../rules/LockupRule.sol";
import {MaturityRule} from "../rules/MaturityRule.sol";
import {Rules} from "../rules/Rules.sol";
import {StandingRule} from "../rules/StandingRule.sol";
import {Facts} from "../types/Facts.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {Quantity} from "../types/Quantity.sol";
import {Standings} from "../types/Standings.sol";

/// @dev The one doorway: every change of a holding is a Move that passes {_move}. What a Move is judged by is read
/// once ({_look}), judged once ({_refusal}), and then done or not.
abstract contract MoveGate is Encumbrances, Approvals {
    ISystem internal immutable SYSTEM;
    address internal immutable ORDERS;
    IAccessManager internal immutable AUTHORITY;

    /// @dev Only through an approved order.
    modifier ordered() {
        _requireOrder();
        _;
    }

    /// @dev Only roles of the matrix, and not while the system is halted.
    modifier restricted() {
        _requireRole();
        _;
    }

    /// @dev An act of a holder: not while the system or the token stands still.
    modifier running() {
        _requireRunning();
        _;
    }

    constructor(ISystem system, address orders, IAccessManager authority) {
        SYSTEM = system;
        ORDERS = orders;
        AUTHORITY = authority;
    }

    /// @dev Does the Move, or reverts with why not.
    function _move(Move memory m, bytes memory data, bytes memory operatorData) internal {
        Facts memory f = _look(m);
        _require(_refusal(m, f, true));
        if (f.epoch != f.policy.epoch) _roll();
        if (m.from == address(0)) _credit(m.partition, address(0), m.units, f.epoch);
        else _debit(m.partition, m.from, m.units, f.epoch, m.kind >= MoveKind.Force);
        if (m.to == address(0)) _extinguish(m.partition, m.units, f.epoch);
        else _credit(m.partition, m.to, m.units, f.epoch);
        if (f.policy.holderCap != 0) _count(m, f);
        _announce(m, data, operatorData);
    }

    /// @dev Many Moves of one kind out of one holding (or out of nothing: an issue). Each row's memory is given back,
    /// so that the cost of a row does not grow with the number of rows.
    function _moveMany(
        MoveKind kind,
        bytes32 partition,
        address from,
        address[] calldata to,
        uint256[] calldata units,
        bytes memory data
    ) internal returns (uint256 total) {
        if (to.length != units.length) revert ISystem.ListsDiffer();
        uint256 mark;
        assembly ("memory-safe") {
            mark := mload(0x40)
        }
        for (uint256 i; i < to.length; ++i) {
            total += units[i];
            _move(Move(kind, false, partition, msg.sender, from, to[i], units[i]), data, "");
            assembly ("memory-safe") {
                mstore(0x40, mark)
            }
        }
    }

    /// @dev Why the Move is refused, as the encoded error; empty when it is not. `askBalance` false leaves out whether
    /// the sender has the units at all, as ERC-7943 wants it.
    function _refusal(Move memory m, Facts memory f, bool askBalance) internal view returns (bytes memory r) {
        if (f.level != HaltLevel.NORMAL && (f.level == HaltLevel.HALTED || m.kind < MoveKind.Force)) {
            return abi.encodeWithSelector(ISystem.SystemHalted.selector, f.level);
        }
        if (f.policy.flags & Rules.PAUSED != 0 && m.kind < MoveKind.Force) {
            return abi.encodeWithSelector(IRefusals.TokenPaused.selector);
        }
        if (m.to != address(0)) {
            if (Standings.investor(f.to) == 0) return abi.encodeWithSelector(IRefusals.WalletUnregistered.selector, m.to);
            if (f.toHolding.lost) return abi.encodeWithSelector(IRefusals.HoldingLost.selector, m.to);
        } else if (m.kind != MoveKind.Redeem && m.kind != MoveKind.Force) {
            return abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, m.to);
        }
        if (m.from == address(0)) {
            if (m.kind != MoveKind.Issue && m.kind != MoveKind.Reissue) {
                return abi.encodeWithSelector(IERC20Errors.ERC20InvalidSender.selector, m.from);
            }
        } else if (askBalance && f.fromHolding.units < m.units) {
            return abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientBalance.selector, m.from, f.fromHolding.units, m.units
            );
        }
        if (m.units == 0 && !_isPartition(m.partition)) {
            return abi.encodeWithSelector(IIssuance.PartitionUnknown.selector, m.partition);
        }
        return _ruling(m, f);
    }

    /// @dev The first rule that governs this kind of Move and refuses it.
    function _ruling(Move memory m, Facts memory f) private view returns (bytes memory r) {
        Policy memory p = f.policy;
        if (Rules.governs(p, Rules.STANDING, m.kind) && (r = StandingRule.refusal(m, f)).length != 0) return r;
        if (Rules.governs(p, Rules.CLASS, m.kind) && (r = ClassRule.refusal(m, f)).length != 0) return r;
        if (Rules.governs(p, Rules.FREEZE, m.kind) && (r = FreezeRule.refusal(m, f)).length != 0) return r;
        if (Rules.governs(p, Rules.MATURITY, m.kind) && (r = MaturityRule.refusal(m, f)).length != 0) return r;
        if (Rules.governs(p, Rules.LOCKUP, m.kind) && (r = LockupRule.refusal(m, f)).length != 0) return r;
        if (Rules.governs(p, Rules.FREE_UNITS, m.kind) && (r = FreeUnitsRule.refusal(m, f)).length != 0) return r;
        if (Rules.governs(p, Rules.APPROVAL, m.kind) && (r = ApprovalRule.refusal(m)).length != 0) return r;
        if (Rules.governs(p, Rules.HOLDER_CAP, m.kind) && (r = HolderCapRule.refusal(f)).length != 0) return r;
    }

    /// @dev Reads what the rules may ask. What no rule in force needs is not read.
    function _look(Move memory m) internal view returns (Facts memory f) {
        Policy memory p = _policy;
        f.policy = p;
        f.epoch = _epochNow(p.epoch, p.nextEpochAt);
        (f.level, f.from, f.to) = SYSTEM.look(m.from, m.to);
        if (m.from != address(0)) {
            f.fromHolding = _peek(m.partition, m.from, f.epoch);
            f.free = _free(m.partition, m.from, f.fromHolding, m.units);
        }
        if (m.to != address(0)) f.toHolding = _peek(m.partition, m.to, f.epoch);
        if (p.flags & Rules.PARTITION_LOCKS != 0) f.partitionLock = _holdings[m.partition][address(0)].lockedUntil;
        if (p.holderCap != 0 || Standings.classes(f.to) & p.receiveClasses == 0) f.treasury = _particulars.treasury;
        if (p.holderCap != 0) {
            uint256 holders = _holdersAfter(m, f);
            if (holders > _holderCount) f.holders = holders;
        }
    }

    /// @dev How many investors would hold after the Move; the treasury is not a holder.
    function _holdersAfter(Move memory m, Facts memory f) private view returns (uint256 holders) {
        holders = _holderCount;
        (bool leaves, bool enters) = _crossings(m, f);
        bytes16 seller = Standings.investor(f.from);
        bytes16 buyer = Standings.investor(f.to);
        if (leaves && enters && seller == buyer) return holders;
        if (enters && _holdingsOfInvestor[buyer] == 0) ++holders;
        if (leaves && _holdingsOfInvestor[seller] == 1) --holders;
    }

    /// @dev Whether the Move empties the sender's holding, and whether it begins the receiver's.
    function _crossings(Move memory m, Facts memory f) private pure returns (bool leaves, bool enters) {
        if (m.units == 0 || m.from == m.to) return (false, false);
        leaves = m.from != address(0) && m.from != f.treasury && f.fromHolding.units == m.units;
        enters = m.to != address(0) && m.to != f.treasury && f.toHolding.units == 0;
    }

    function _count(Move memory m, Facts memory f) private {
        (bool leaves, bool enters) = _crossings(m, f);
        if (!leaves && !enters) return;
        uint256 holders = _holdersAfter(m, f);
        if (leaves) --_holdingsOfInvestor[Standings.investor(f.from)];
        if (enters) ++_holdingsOfInvestor[Standings.investor(f.to)];
        if (holders > f.policy.holderCap && holders > _holderCount) emit IIssuance.HolderCapExceeded(holders, f.policy.holderCap);
        _holderCount = holders;
    }

    function _announce(Move memory m, bytes memory data, bytes memory operatorData) private {
        emit IERC20.Transfer(m.from, m.to, m.units);
        if (m.from == address(0)) {
            emit IERC1410.IssuedByPartition(m.partition, m.operator, m.to, m.units, data, operatorData);
        } else if (m.to == address(0)) {
            emit IERC1410.RedeemedByPartition(m.partition, m.operator, m.from, m.units, operatorData);
        } else {
            emit IERC1410.TransferByPartition(m.partition, m.operator, m.from, m.to, m.units, data, operatorData);
        }
    }

    /// @dev Takes units off the supply and remembers how many were ever redeemed: no more can be reissued.
    function _extinguish(bytes32 partition, uint256 units, uint16 epoch) private {
        _debit(partition, address(0), units, epoch, false);
        _redeemed[partition] = Quantity(_redeemedUnits(partition, epoch) + uint96(units), epoch);
    }

    function _redeemedUnits(bytes32 partition, uint16 epoch) internal view returns (uint96) {
        Quantity memory q = _redeemed[partition];
        return _scale(q.units, q.epoch, epoch);
    }

    /// @dev Reverts with the refusal, if there is one.
    function _require(bytes memory refusal) internal pure {
        if (refusal.length == 0) return;
        assembly ("memory-safe") {
            revert(add(refusal, 32), mload(refusal))
        }
    }

    function _requireRunning() private view {
        HaltLevel level = SYSTEM.level();
        if (level != HaltLevel.NORMAL) revert ISystem.SystemHalted(level);
        if (_policy.flags & Rules.PAUSED != 0) revert IRefusals.TokenPaused();
    }

    function _requireOrder() internal view {
        if (msg.sender != ORDERS) revert IRemedies.OrderRequired(msg.sender);
    }

    function _requireRole() internal view {
        (bool may,) = AUTHORITY.canCall(msg.sender, address(this), msg.sig);
        if (!may) revert ISystem.AccessRefused(msg.sender, msg.sig);
        if (SYSTEM.level() == HaltLevel.HALTED) revert ISystem.SystemHalted(HaltLevel.HALTED);
    }
}
