// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Books} from "./Books.sol";
import {Faults} from "./Faults.sol";
import {Locked, Locks} from "./Locks.sol";
import {MoveKind} from "../../../contracts/types/MoveKind.sol";

/// @dev What moves, and all that stands against it, in no order.
abstract contract Register is Books {
    uint32 private constant CUSTODY = 64;
    /// @dev Which kinds of move each restriction governs, bit k for kind k. An order passes them all, but a forced move
    /// still asks who receives.
    uint256 private constant ISSUE_DISTRIBUTE_TRANSFER = 7;
    uint256 private constant AND_REDEEM = 15;
    uint256 private constant FORCE = 16;
    uint256 private constant TRANSFER = 4;
    uint256 private constant DISTRIBUTE_TRANSFER_REDEEM = 14;

    /// @dev `units` at their largest mean all that `from` holds, and nothing at all if that is nothing.
    struct Step {
        MoveKind kind;
        bool approved;
        uint256 partition;
        uint256 from;
        uint256 to;
        uint256 units;
    }

    /// @dev Carries what stands against a row out of {attempt}, which takes all rows back.
    error Against(uint256 faults);

    function against(Step memory s) internal view returns (uint256 faults) {
        bool order = s.kind >= MoveKind.Force;
        if (level == HALTED || (level != NORMAL && !order)) faults |= Faults.SYSTEM_HALTED;
        if (policy.paused && !order) faults |= Faults.TOKEN_PAUSED;
        if (s.partition >= PARTITIONS) faults |= Faults.PARTITION_UNKNOWN;
        faults |= _maturity(s.kind) | _sender(s) | _receiver(s);
        if (_governed(s, ISSUE_DISTRIBUTE_TRANSFER)) faults |= _holderCap(s);
    }

    function _governed(Step memory s, uint256 kinds) private pure returns (bool) {
        return kinds & (1 << uint256(s.kind)) != 0;
    }

    function _maturity(MoveKind kind) private view returns (uint256) {
        bool matured = policy.maturity != 0 && today >= policy.maturity;
        if (kind == MoveKind.Redeem) return Faults.when(!matured && !policy.puttable, Faults.REDEMPTION_NOT_DUE);
        return Faults.when(matured && kind < MoveKind.Redeem, Faults.TOKEN_MATURED);
    }

    function _sender(Step memory s) private view returns (uint256 faults) {
        if (s.from == NOBODY) {
            return Faults.when(s.kind != MoveKind.Issue && s.kind != MoveKind.Reissue, Faults.INVALID_SENDER);
        }
        Held storage h = held[s.partition][s.from];
        if (h.units < s.units) faults |= Faults.INSUFFICIENT_BALANCE;
        if (_governed(s, AND_REDEEM)) {
            faults |= invalid(s.from);
            if (known[s.from].frozen) faults |= Faults.WALLET_FROZEN;
        }
        if (_governed(s, TRANSFER)) {
            bool locked = today < policy.lockedUntil || today < partitionLock[s.partition] || today < h.lockedUntil;
            if (locked) faults |= Faults.HOLDING_LOCKED_UP;
            if (policy.approval && !s.approved) faults |= Faults.TRANSFER_APPROVAL_REQUIRED;
            bool part = policy.whole && s.from != policy.treasury && s.units != 0 && s.units < h.units;
            if (part) faults |= Faults.WHOLE_HOLDING_ONLY;
        }
        if (_governed(s, DISTRIBUTE_TRANSFER_REDEEM)) {
            uint256 bound = encumbered(s.partition, s.from);
            if (h.lost) faults |= Faults.HOLDING_LOST;
            if (bound != 0 && s.units > less(h.units, bound)) faults |= Faults.INSUFFICIENT_UNFROZEN_BALANCE;
        }
    }

    function _receiver(Step memory s) private view returns (uint256 faults) {
        if (s.to == NOBODY) {
            return Faults.when(s.kind != MoveKind.Redeem && s.kind != MoveKind.Force, Faults.INVALID_RECEIVER);
        }
        Registered storage r = known[s.to];
        if (r.investor == 0) faults |= Faults.WALLET_UNREGISTERED;
        if (held[s.partition][s.to].lost) faults |= Faults.HOLDING_LOST;
        if (!_governed(s, ISSUE_DISTRIBUTE_TRANSFER | FORCE)) return faults;
        faults |= invalid(s.to);
        if (r.frozen) faults |= Faults.WALLET_FROZEN;
        uint32 admitted = policy.classes | (s.kind == MoveKind.Force ? CUSTODY : 0);
        if (r.classes & admitted == 0 && s.to != policy.treasury) faults |= Faults.INVESTOR_CLASS_REFUSED;
    }

    function _holderCap(Step memory s) private view returns (uint256) {
        if (policy.cap == 0) return Faults.NONE;
        uint256 after_ = holders(s);
        return Faults.when(after_ > policy.cap && after_ > holders(), Faults.HOLDER_CAP_REACHED);
    }

    /// @dev Investors that hold, by investor and not by wallet, the treasury left out; none are counted without a cap.
    function holders() internal view returns (uint256) {
        Step memory nothing;
        return policy.cap == 0 ? 0 : holders(nothing);
    }

    /// @dev As many would after the step.
    function holders(Step memory s) internal view returns (uint256 count) {
        uint256 seen;
        for (uint256 w; w < NOBODY; ++w) {
            if (w == policy.treasury) continue;
            for (uint256 p; p < PARTITIONS; ++p) {
                uint256 units = held[p][w].units;
                if (p == s.partition && s.from != s.to) {
                    if (w == s.to) units += s.units;
                    if (w == s.from) units = less(units, s.units);
                }
                if (units != 0) seen |= 1 << known[w].investor;
            }
        }
        for (; seen != 0; seen &= seen - 1) ++count;
    }

    /// @dev Judges it and, if nothing stands against it, does it.
    function move(Step memory s) internal returns (uint256 faults) {
        faults = against(s);
        if (faults == 0) _do(s);
    }

    function _do(Step memory s) private {
        if (s.from == s.to) return;
        if (s.kind == MoveKind.Transfer || s.kind == MoveKind.Distribute) {
            happened[++transfers % MEMORY] =
                Happened(transfers, s.partition, s.from, s.to, s.units, epoch, 0, 0);
        }
        if (s.from != NOBODY) {
            Held storage giver = held[s.partition][s.from];
            if (s.kind >= MoveKind.Force) {
                // What is not frozen goes first; what is taken of the frozen is frozen no more.
                giver.frozen -= less(s.units, less(giver.units, giver.frozen));
            }
            giver.units -= s.units;
            if (s.kind >= MoveKind.Force) _shrinkLots(s.partition, s.from);
        } else if (s.kind == MoveKind.Issue) {
            issuedEver[s.partition] += s.units;
        } else {
            reinstatedEver[s.partition] += s.units;
        }
        if (s.to != NOBODY) {
            held[s.partition][s.to].units += s.units;
        } else {
            redeemed[s.partition] = least(redeemed[s.partition] + s.units, MOST_KEPT);
            redeemedEver[s.partition] += s.units;
        }
    }

    /// @dev Lots lock no more than is left; those that end first give way first.
    function _shrinkLots(uint256 partition, uint256 wallet) private {
        Locked[] storage all = lots[partition][wallet];
        uint256 left = held[partition][wallet].units;
        for (uint256 many_ = lotsLeft(partition, wallet); lotted(partition, wallet) > left; --many_) {
            uint256 first;
            for (uint256 i = 1; i < many_; ++i) if (Locks.before(all[i], all[first])) first = i;
            uint256 others = lotted(partition, wallet) - Locks.locked(all[first], today);
            all[first].units = Locks.atMost(all[first], less(left, others), today);
            if (all[first].units != 0) return;
            all[first] = all[all.length - 1];
            all.pop();
        }
    }

    /// @dev All rows or none. Only for this contract itself, so that a refused row takes the others back.
    function attempt(Step[] calldata steps) external {
        require(msg.sender == address(this), "only the model plays the model");
        for (uint256 i; i < steps.length; ++i) {
            Step memory s = steps[i];
            bool all = s.units == type(uint256).max;
            if (all) s.units = s.from == NOBODY ? supply(s.partition) : held[s.partition][s.from].units;
            if (all && s.units == 0) continue;
            uint256 faults = move(s);
            if (faults != 0) revert Against(faults);
        }
    }

    function many(Step[] memory steps) internal returns (uint256 faults) {
        try this.attempt(steps) {
            return Faults.NONE;
        } catch (bytes memory answer) {
            require(bytes4(answer) == Against.selector, "the model broke");
            assembly ("memory-safe") {
                faults := mload(add(answer, 0x24))
            }
        }
    }
}
