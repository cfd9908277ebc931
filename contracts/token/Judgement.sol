// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6093} from "../interfaces/IERC6093.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Encumbrances} from "../ledger/Encumbrances.sol";
import {ApprovalRule} from "../rules/ApprovalRule.sol";
import {ClassRule} from "../rules/ClassRule.sol";
import {FreeUnitsRule} from "../rules/FreeUnitsRule.sol";
import {FreezeRule} from "../rules/FreezeRule.sol";
import {HolderCapRule} from "../rules/HolderCapRule.sol";
import {LockupRule} from "../rules/LockupRule.sol";
import {MaturityRule} from "../rules/MaturityRule.sol";
import {RuleBook} from "../rules/RuleBook.sol";
import {Rules} from "../rules/Rules.sol";
import {StandingRule} from "../rules/StandingRule.sol";
import {WholeHoldingRule} from "../rules/WholeHoldingRule.sol";
import {TokenAccess} from "./TokenAccess.sol";
import {Facts} from "../types/Facts.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Refusal} from "../types/Refusal.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev May it? Reads what a Move is judged by and finds the first rule that refuses it. Views only; {MoveGate} is who
/// acts on the answer, so that "may I" and "do it" are the same code.
abstract contract Judgement is Encumbrances, TokenAccess {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    /// @dev Why the Move is refused, as the encoded error; empty when it is not. `askBalance` false leaves out whether
    /// the sender has the units at all, as ERC-7943 wants it.
    function _refusal(Move memory m, Facts memory f, bool askBalance) internal view returns (bytes memory r) {
        r = _refusalToSend(m, f);
        f.toHolding = _peek(m.partition, m.to, f.epoch);
        if (r.length == 0) r = _refusalToReceive(m, f, askBalance);
        if (r.length == 0 && f.rules & Rules.FURTHER != 0) r = _refusalOfFurther(m, f);
    }

    /// @dev The rules that only some tokens have.
    function _refusalOfFurther(Move memory m, Facts memory f) internal view returns (bytes memory r) {
        address treasury = _particulars.treasury;
        bool whole = f.policy.has(Rules.WHOLE_ONLY) && m.from != treasury;
        if (whole && WholeHoldingRule.refuses(m.kind, m.units, f.fromHolding)) {
            return WholeHoldingRule.refusal(m.from, m.units, f.fromHolding);
        }
        if (f.policy.has(Rules.BOOK)) r = RuleBook.refusal(_settings, _epochs, treasury, m, f);
    }

    /// @dev The part that asks only about the token and the sender; it is the same for all rows of a batch.
    function _refusalToSend(Move memory m, Facts memory f) internal view returns (bytes memory r) {
        MoveKind kind = m.kind;
        address from = m.from;
        Policy p = f.policy;
        if (f.level != HaltLevel.NORMAL && (f.level == HaltLevel.HALTED || kind < MoveKind.Force)) {
            return Refusal.encode(ISystem.SystemHalted.selector, uint8(f.level));
        }
        if (p.has(Rules.PAUSED) && kind < MoveKind.Force) {
            return abi.encodeWithSelector(IRefusals.TokenPaused.selector);
        }
        uint256 rules = f.rules;
        if (MaturityRule.refuses(kind, p) && rules & Rules.MATURITY != 0) return MaturityRule.refusal(kind, p);
        if (from == address(0)) {
            if (kind == MoveKind.Issue || kind == MoveKind.Reissue) return r;
            return Refusal.encode(IERC6093.ERC20InvalidSender.selector, from);
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
    function _refusalToReceive(Move memory m, Facts memory f, bool askBalance) internal view returns (bytes memory r) {
        uint256 rules = f.rules;
        address to = m.to;
        if (to != address(0)) {
            Standing s = f.to;
            if (Standings.investor(s) == 0) return Refusal.encode(IRefusals.WalletUnregistered.selector, to);
            if (f.toHolding.lost()) return Refusal.encode(IRefusals.HoldingLost.selector, to);
            if (StandingRule.refuses(s) && rules & Rules.STANDING != 0) return StandingRule.refusal(to, s);
            if (FreezeRule.refuses(s) && rules & Rules.FREEZE != 0) return FreezeRule.refusal(to);
            if (ClassRule.refuses(s, f.policy) && rules & Rules.CLASS != 0 && to != _particulars.treasury) {
                if (m.kind != MoveKind.Force || !ClassRule.isCustody(s)) return ClassRule.refusal(to, s, f.policy);
            }
        } else if (m.kind != MoveKind.Redeem && m.kind != MoveKind.Force) {
            return Refusal.encode(IERC6093.ERC20InvalidReceiver.selector, to);
        }
        uint256 units = m.units;
        if (m.from != address(0)) {
            Holding h = f.fromHolding;
            if (h.units() < units && askBalance) {
                return Refusal.encode(IERC6093.ERC20InsufficientBalance.selector, m.from, h.units(), units);
            }
            if (h.hindered() && rules & Rules.FREE_UNITS != 0) {
                // Beyond the balance, which is not asked then, the whole of it must be free.
                uint256 asked = units < h.units() ? units : h.units();
                uint256 free = _free(m.partition, m.from, h, asked);
                if (FreeUnitsRule.refuses(h, asked, free)) return FreeUnitsRule.refusal(m.from, h, units, free);
            }
        }
        if (units == 0) {
            if (!_isPartition(m.partition)) {
                return Refusal.encode(IIssuance.PartitionUnknown.selector, uint256(m.partition));
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

    function _lookFrom(Move memory m, Facts memory f) internal view {
        Policy p = _policy;
        uint16 epoch = _epochOf(p);
        (f.policy, f.epoch, f.rules) = (p, epoch, p.rulesFor(m.kind));
        f.fromHolding = _peek(m.partition, m.from, epoch);
    }

    /// @dev How many investors would hold after the Move; the treasury is not a holder.
    function _holdersAfter(Move memory m, Facts memory f) internal view returns (uint256 holders) {
        holders = _holderCount;
        (bool leaves, bool enters) = _crossings(m, f);
        bytes16 seller = Standings.investor(f.from);
        bytes16 buyer = Standings.investor(f.to);
        if (leaves && enters && seller == buyer) return holders;
        if (enters && _holdingsOfInvestor[buyer] == 0) ++holders;
        if (leaves && _holdingsOfInvestor[seller] == 1) --holders;
    }

    /// @dev Whether the Move empties the sender's holding, and whether it begins the receiver's.
    function _crossings(Move memory m, Facts memory f) internal view returns (bool leaves, bool enters) {
        if (m.units == 0 || m.from == m.to) return (false, false);
        address treasury = _particulars.treasury;
        leaves = m.from != address(0) && m.from != treasury && f.fromHolding.units() == m.units;
        enters = m.to != address(0) && m.to != treasury && f.toHolding.units() == 0;
    }

    /// @dev Reverts with the refusal, if there is one.
    function _require(bytes memory refusal) internal pure {
        if (refusal.length == 0) return;
        assembly ("memory-safe") {
            revert(add(refusal, 32), mload(refusal))
        }
    }
}
