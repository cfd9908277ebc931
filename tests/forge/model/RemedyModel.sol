// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DeskModel} from "./DeskModel.sol";
import {Faults} from "./Faults.sol";
import {Locked} from "./Locks.sol";
import {MoveKind} from "../../../contracts/types/MoveKind.sol";

/// @dev What is done to a holding without its holder: freeze, force, losses, reversals.
abstract contract RemedyModel is DeskModel {
    uint8 internal constant KEY_LOST = 1;
    uint8 internal constant REDEEMED_IN_ERROR = 2;
    uint8 private constant REPORTED = 1;
    uint8 private constant MADE_GOOD = 2;
    uint8 private constant DISMISSED = 3;

    function freeze(bool byOrder, bool may, uint256 partition, uint256 wallet, uint256 units)
        internal
        returns (uint256 faults)
    {
        faults = byOrder ? halted() : roleAct(may);
        bool fewer = wallet != NOBODY && partition < PARTITIONS && units < held[partition][wallet].frozen;
        if (fewer) faults |= byOrder ? stale(held[partition][wallet].frozenAt) | counted() : Faults.ORDER_REQUIRED;
        faults |= Faults.when(partition >= PARTITIONS, Faults.PARTITION_UNKNOWN);
        faults |= Faults.when(units > policy.authorised || wallet == NOBODY, Faults.UNITS_OUT_OF_RANGE);
        if (faults == 0) _setFrozen(held[partition][wallet], units);
    }

    function _setFrozen(Held storage h, uint256 units) private {
        if (units > h.frozen) h.frozenAt = today;
        h.frozen = units;
    }

    function force(uint256 partition, uint256 from, uint256 to, uint256 units, bool redeem)
        internal
        returns (uint256 faults)
    {
        Step memory s = Step(MoveKind.Force, false, partition, from, to, units);
        faults = halted() | Faults.when(units == 0, Faults.UNITS_OUT_OF_RANGE);
        faults |= Faults.when(to == from || (to == NOBODY && !redeem), Faults.INVALID_RECEIVER);
        return faults == 0 ? move(s) : faults | against(s);
    }

    function redeemMatured(uint256 partition, uint256[] memory wallets) internal returns (uint256 faults) {
        faults = halted() | Faults.when(policy.maturity == 0 || today < policy.maturity, Faults.TOKEN_NOT_MATURED);
        if (faults != 0) return faults;
        Step[] memory steps = new Step[](wallets.length);
        for (uint256 i; i < steps.length; ++i) {
            steps[i] = Step(MoveKind.Force, false, partition, wallets[i], NOBODY, type(uint256).max);
        }
        return many(steps);
    }

    function reportLoss(bool may, uint256 id, uint8 kind, uint256 partition, uint256 wallet, uint256 units)
        internal
        returns (uint256 faults)
    {
        faults = roleAct(may) | Faults.when(_recorded(id), Faults.LOSS_RECORDED);
        Held storage h = held[partition][wallet];
        bool stranded = kind == KEY_LOST && units == 0 && h.units != 0 && !h.lost;
        bool gone = kind == REDEEMED_IN_ERROR && units != 0 && units <= redeemed[partition];
        faults |= Faults.when((!stranded && !gone) || wallet == NOBODY, Faults.LOSS_IMPLAUSIBLE);
        if (faults != 0) return faults;
        if (stranded) h.lost = true;
        if (id == losses.length) losses.push();
        losses[id] = Lost(kind, partition, wallet, stranded ? h.units : units, REPORTED, today);
    }

    /// @dev What was dismissed can be reported again.
    function _recorded(uint256 id) private view returns (bool) {
        return id < losses.length && losses[id].status != DISMISSED;
    }

    function dismissLoss(uint256 id) internal returns (uint256 faults) {
        if (id >= losses.length || losses[id].status != REPORTED) return halted() | Faults.LOSS_NOT_OPEN;
        faults = halted() | stale(losses[id].reportedAt);
        if (faults != 0) return faults;
        Lost storage loss = losses[id];
        loss.status = DISMISSED;
        if (loss.kind == KEY_LOST) held[loss.partition][loss.wallet].lost = false;
    }

    function reissue(uint256 id, uint256 to) internal returns (uint256 faults) {
        if (id >= losses.length || losses[id].status != REPORTED) return halted() | Faults.LOSS_NOT_OPEN;
        Lost memory loss = losses[id];
        bool differs = known[loss.wallet].investor != known[to].investor;
        faults = halted() | stale(loss.reportedAt) | Faults.when(differs, Faults.INVESTOR_DIFFERS);
        if (loss.kind == KEY_LOST) {
            faults = faults == 0 ? _carry(loss, to) : faults;
        } else {
            faults |= Faults.when(loss.units > redeemed[loss.partition], Faults.LOSS_IMPLAUSIBLE);
            faults |= Faults.when(loss.units > policy.authorised - supply(), Faults.AUTHORISED_UNITS_EXCEEDED);
            Step memory s = Step(MoveKind.Reissue, false, loss.partition, NOBODY, to, loss.units);
            if (faults == 0) faults = move(s);
            if (faults == 0) redeemed[loss.partition] -= loss.units;
        }
        if (faults == 0) losses[id].status = MADE_GOOD;
    }

    /// @dev The whole holding goes to another wallet with its frozen units, lots and lock-up; requests do not go.
    function _carry(Lost memory loss, uint256 to) private returns (uint256 faults) {
        Held storage old = held[loss.partition][loss.wallet];
        if (old.units == 0) return Faults.UNITS_OUT_OF_RANGE;
        Step memory s = Step(MoveKind.Reissue, false, loss.partition, loss.wallet, to, old.units);
        uint256 carried = lotsLeft(loss.partition, loss.wallet) + lotsLeft(loss.partition, to);
        faults = against(s) | Faults.when(carried > MOST_LOTS, Faults.LOTS_FULL);
        if (faults != 0) return faults;
        uint256 frozen = old.frozen;
        Locked[] storage from = lots[loss.partition][loss.wallet];
        for (uint256 i; i < from.length; ++i) lots[loss.partition][to].push(from[i]);
        delete lots[loss.partition][loss.wallet];
        old.frozen = 0;
        move(s);
        Held storage heir = held[loss.partition][to];
        if (frozen != 0) _setFrozen(heir, least(heir.frozen + frozen, policy.authorised));
        if (old.lockedUntil > heir.lockedUntil) heir.lockedUntil = old.lockedUntil;
    }

    /// @dev `terms`: the units that the transfer at `place` is said to have had.
    function reverse(uint256 place, uint256 terms, uint256 units) internal returns (uint256 faults) {
        Happened storage h = happened[place];
        faults = halted() | Faults.when(units == 0 || h.to == NOBODY, Faults.REVERSAL_MISMATCH);
        faults |= Faults.when(h.terms != 0 && h.terms != terms, Faults.REVERSAL_MISMATCH);
        faults |= Faults.when(units > less(worth(terms, h.epoch), h.back), Faults.REVERSAL_EXCEEDED);
        Step memory s = Step(MoveKind.Reverse, false, h.partition, h.to, h.from, units);
        faults = faults == 0 ? move(s) : faults | against(s);
        if (faults == 0) (h.terms, h.back) = (terms, h.back + units);
    }
}
