// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC1410} from "../interfaces/IERC1410.sol";
import {IERC6093} from "../interfaces/IERC6093.sol";
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
import {MoveEvents} from "./MoveEvents.sol";
import {Cell} from "../types/Cell.sol";
import {Facts} from "../types/Facts.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev The one doorway: every change of a holding is a Move that passes {_move}. What a Move is judged by is read
/// once ({_look}), judged once ({_refusal}), and then done or not.
abstract contract MoveGate is Encumbrances, Approvals {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

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
        _require(_refusalToSend(m, f));
        _pass(m, f, data, operatorData);
        _settle(m, f);
    }

    /// @dev Many Moves of one kind out of one holding (or out of nothing: an issue). What is the same for all rows is
    /// read, judged and written once. Each row's memory is given back, so that a row's cost does not grow with their
    /// number.
    function _moveMany(
        MoveKind kind,
        bytes32 partition,
        address from,
        address[] calldata to,
        uint256[] calldata units,
        bytes memory data
    ) internal returns (uint256 total) {
        if (to.length != units.length || to.length == 0) revert ISystem.ListsDiffer();
        Move memory m = Move(kind, false, partition, msg.sender, from, address(0), 0);
        Facts memory f;
        Standing[] memory standings = _lookMany(from, to, f);
        _lookFrom(m, f);
        _require(_refusalToSend(m, f));
        uint256 mark;
        assembly ("memory-safe") {
            mark := mload(0x40)
        }
        for (uint256 i; i < to.length; ++i) {
            (m.to, m.units, f.to) = (to[i], units[i], standings[i]);
            _pass(m, f, data, data);
            unchecked {
                total += m.units; // each is a balance or was bounded by the caller: below 2^96
            }
            assembly ("memory-safe") {
                mstore(0x40, mark)
            }
        }
        _settle(m, f);
    }

    /// @dev The halt level and the sender's standing into `f`, and the receivers' standings. The list goes out as words,
    /// copied whole, and the answer is used where it lies.
    function _lookMany(address from, address[] calldata to, Facts memory f)
        private
        view
        returns (Standing[] memory standings)
    {
        uint256[] calldata words;
        assembly {
            words.offset := to.offset
            words.length := to.length
        }
        bytes memory question = abi.encodeCall(ISystem.lookMany, (from, words));
        address system = address(SYSTEM);
        uint256 level;
        Standing sender;
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), system, add(question, 0x20), mload(question), 0, 0)) { revert(0, 0) }
            let answer := mload(0x40)
            returndatacopy(answer, 0, returndatasize())
            mstore(0x40, add(answer, returndatasize()))
            level := mload(answer)
            sender := mload(add(answer, 0x20))
            standings := add(answer, 0x60)
        }
        (f.level, f.from) = (HaltLevel(level), sender);
    }

    /// @dev Judges the receiver and the units, and does the Move. The sender's holding is changed in `f` only;
    /// {_settle} writes it.
    function _pass(Move memory m, Facts memory f, bytes memory data, bytes memory operatorData) private {
        Cell storage cell = _holdings[m.partition][m.to];
        f.toHolding = _in(cell.word, f.epoch);
        _require(_refusalToReceive(m, f, true));
        if (f.policy.holderCap() != 0) _count(m, f);
        (address from, address to, uint256 units) = (m.from, m.to, m.units);
        if (from != to) {
            f.fromHolding = from == address(0)
                ? f.fromHolding.plus(units)
                : _debited(m.partition, from, f.fromHolding, units, m.kind >= MoveKind.Force);
            if (f.epoch != 0) _keep(m.partition, to, f.epoch);
            if (to == address(0)) {
                cell.word = f.toHolding.minus(units);
                _extinguish(m.partition, units, f.epoch);
            } else {
                cell.word = f.toHolding.plus(units);
            }
        }
        if (to == address(0) || data.length | operatorData.length != 0) _announce(m, data, operatorData);
        else if (from == address(0)) MoveEvents.issued(m.partition, m.operator, to, units);
        else MoveEvents.transferred(m.partition, m.operator, from, to, units);
    }

    /// @dev Always ERC-20 `Transfer`, then the one ERC-1410 event of the kind.
    function _announce(Move memory m, bytes memory data, bytes memory operatorData) private {
        (bytes32 partition, address operator, address from, address to) = (m.partition, m.operator, m.from, m.to);
        emit IERC20.Transfer(from, to, m.units);
        if (from == address(0)) {
            emit IERC1410.IssuedByPartition(partition, operator, to, m.units, data, operatorData);
        } else if (to == address(0)) {
            emit IERC1410.RedeemedByPartition(partition, operator, from, m.units, operatorData);
        } else {
            emit IERC1410.TransferByPartition(partition, operator, from, to, m.units, data, operatorData);
        }
    }

    function _settle(Move memory m, Facts memory f) private {
        if (f.epoch != f.policy.epoch()) _roll();
        _write(m.partition, m.from, f.fromHolding, f.epoch);
    }

    /// @dev Why the Move is refused, as the encoded error; empty when it is not. `askBalance` false leaves out whether
    /// the sender has the units at all, as ERC-7943 wants it.
    function _refusal(Move memory m, Facts memory f, bool askBalance) internal view returns (bytes memory r) {
        r = _refusalToSend(m, f);
        f.toHolding = _peek(m.partition, m.to, f.epoch);
        if (r.length == 0) r = _refusalToReceive(m, f, askBalance);
    }

    /// @dev The part that asks only about the token and the sender; it is the same for all rows of a batch.
    function _refusalToSend(Move memory m, Facts memory f) private view returns (bytes memory r) {
        MoveKind kind = m.kind;
        address from = m.from;
        Policy p = f.policy;
        if (f.level != HaltLevel.NORMAL && (f.level == HaltLevel.HALTED || kind < MoveKind.Force)) {
            return abi.encodeWithSelector(ISystem.SystemHalted.selector, f.level);
        }
        if (p.has(Rules.PAUSED) && kind < MoveKind.Force) {
            return abi.encodeWithSelector(IRefusals.TokenPaused.selector);
        }
        uint256 rules = f.rules;
        if (MaturityRule.refuses(kind, p) && rules & Rules.MATURITY != 0) return MaturityRule.refusal(kind, p);
        if (from == address(0)) {
            if (kind == MoveKind.Issue || kind == MoveKind.Reissue) return r;
            return abi.encodeWithSelector(IERC6093.ERC20InvalidSender.selector, from);
        }
        if (kind >= MoveKind.Force) return r;
        Standing s = f.from;
        if (StandingRule.refuses(s) && rules & Rules.STANDING != 0) return StandingRule.refusal(from, s);
        if (FreezeRule.refuses(s) && rules & Rules.FREEZE != 0) return FreezeRule.refusal(from);
        uint40 lock = p.has(Rules.PARTITION_LOCKS) ? _holdings[m.partition][address(0)].word.lockedUntil() : 0;
        lock = LockupRule.latest(p.lockedUntil(), lock, f.fromHolding.lockedUntil());
        if (LockupRule.refuses(lock) && rules & Rules.LOCKUP != 0) return LockupRule.refusal(from, lock);
        if (ApprovalRule.refuses(m.approved) && rules & Rules.APPROVAL != 0) return ApprovalRule.refusal();
    }

    /// @dev The part that asks about the receiver and the units.
    function _refusalToReceive(Move memory m, Facts memory f, bool askBalance) private view returns (bytes memory r) {
        uint256 rules = f.rules;
        address to = m.to;
        if (to != address(0)) {
            Standing s = f.to;
            if (Standings.investor(s) == 0) return abi.encodeWithSelector(IRefusals.WalletUnregistered.selector, to);
            if (f.toHolding.lost()) return abi.encodeWithSelector(IRefusals.HoldingLost.selector, to);
            if (StandingRule.refuses(s) && rules & Rules.STANDING != 0) return StandingRule.refusal(to, s);
            if (FreezeRule.refuses(s) && rules & Rules.FREEZE != 0) return FreezeRule.refusal(to);
            if (ClassRule.refuses(s, f.policy) && rules & Rules.CLASS != 0 && to != _particulars.treasury) {
                if (m.kind != MoveKind.Force || !ClassRule.isCustody(s)) return ClassRule.refusal(to, s, f.policy);
            }
        } else if (m.kind != MoveKind.Redeem && m.kind != MoveKind.Force) {
            return abi.encodeWithSelector(IERC6093.ERC20InvalidReceiver.selector, to);
        }
        uint256 units = m.units;
        if (m.from != address(0)) {
            Holding h = f.fromHolding;
            if (h.units() < units && askBalance) {
                return abi.encodeWithSelector(
                    IERC6093.ERC20InsufficientBalance.selector, m.from, h.units(), units
                );
            }
            if (h.hindered() && rules & Rules.FREE_UNITS != 0) {
                uint256 free = _free(m.partition, m.from, h, units);
                if (FreeUnitsRule.refuses(h, units, free)) return FreeUnitsRule.refusal(m.from, h, units, free);
            }
        }
        if (units == 0) {
            if (!_isPartition(m.partition)) {
                return abi.encodeWithSelector(IIssuance.PartitionUnknown.selector, m.partition);
            }
        } else if (rules & Rules.HOLDER_CAP != 0) {
            uint24 cap = f.policy.holderCap();
            if (HolderCapRule.refuses(_holderCount, _holdersAfter(m, f), cap)) return HolderCapRule.refusal(cap);
        }
    }

    function _look(Move memory m) internal view returns (Facts memory f) {
        (f.level, f.from, f.to) = SYSTEM.look(m.from, m.to);
        _lookFrom(m, f);
    }

    function _lookFrom(Move memory m, Facts memory f) private view {
        Policy p = _policy;
        uint16 epoch = _epochOf(p);
        (f.policy, f.epoch, f.rules) = (p, epoch, p.rulesFor(m.kind));
        f.fromHolding = _peek(m.partition, m.from, epoch);
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
    function _crossings(Move memory m, Facts memory f) private view returns (bool leaves, bool enters) {
        if (m.units == 0 || m.from == m.to) return (false, false);
        address treasury = _particulars.treasury;
        leaves = m.from != address(0) && m.from != treasury && f.fromHolding.units() == m.units;
        enters = m.to != address(0) && m.to != treasury && f.toHolding.units() == 0;
    }

    function _count(Move memory m, Facts memory f) private {
        (bool leaves, bool enters) = _crossings(m, f);
        if (!leaves && !enters) return;
        uint256 holders = _holdersAfter(m, f);
        uint24 cap = f.policy.holderCap();
        if (leaves) --_holdingsOfInvestor[Standings.investor(f.from)];
        if (enters) ++_holdingsOfInvestor[Standings.investor(f.to)];
        if (holders > cap && holders > _holderCount) emit IIssuance.HolderCapExceeded(holders, cap);
        _holderCount = holders;
    }

    /// @dev Remembers how many units were ever redeemed: no more can be reissued.
    function _extinguish(bytes32 partition, uint256 units, uint16 epoch) private {
        uint256 all = _redeemedUnits(partition, epoch) + units;
        _redeemed[partition] = _quantity(all < type(uint96).max ? all : type(uint96).max, epoch);
    }

    function _redeemedUnits(bytes32 partition, uint16 epoch) internal view returns (uint256) {
        return _scale(_redeemed[partition], epoch);
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
        if (_policy.has(Rules.PAUSED)) revert IRefusals.TokenPaused();
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
