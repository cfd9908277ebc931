// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holdings} from "./Holdings.sol";
import {Lots} from "./Lots.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {Frozen} from "../types/Frozen.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Quantity} from "../types/Quantity.sol";

/// @dev What keeps units from moving while they stay registered to their holder: frozen units, locked lots, transfer
/// requests. Their sum is the encumbered part of a {Holding}, where a lot counts whole until it is over: it may be more
/// than what is still bound, never less. An unencumbered holding never comes here. Functions that change a holding take
/// the word and give it back; the caller stores it.
abstract contract Encumbrances is Holdings {
    using HoldingWord for Holding;

    function _frozenUnits(bytes32 partition, address holder, uint16 epoch) internal view returns (uint256) {
        Frozen memory f = _frozen[partition][holder];
        return f.units == 0 ? 0 : f.units * _ratio(f.epoch, epoch);
    }

    /// @dev Units that the holder may move. Lots are asked only when the plain difference does not do.
    function _free(bytes32 partition, address holder, Holding h, uint256 wanted) internal view returns (uint256 free) {
        uint256 encumbered = h.encumbered();
        if (encumbered == 0) return h.units();
        free = _less(h.units(), encumbered);
        if (free >= wanted) return free;
        (uint256 freed,) = Lots.sum(_lots[partition][holder], _epochs, h.epoch());
        return _less(h.units(), encumbered - freed);
    }

    function _setFrozen(bytes32 partition, address holder, Holding h, uint256 units) internal returns (Holding) {
        uint256 before = _frozenUnits(partition, holder, h.epoch());
        Quantity memory q = _quantity(units, h.epoch());
        uint40 since = units > before ? uint40(block.timestamp) : _frozen[partition][holder].since;
        _frozen[partition][holder] = Frozen(q.units, q.epoch, since);
        emit IRemedies.FrozenByPartition(partition, holder, units);
        if (partition == DEFAULT_PARTITION) emit IERC7943.Frozen(holder, units);
        return h.withEncumbered(h.encumbered() - before + units);
    }

    /// @dev Takes the lots that are over off the holding.
    function _sweep(bytes32 partition, address holder, Holding h) internal returns (Holding) {
        uint256 over = Lots.sweep(_lots[partition][holder], _epochs, h.epoch(), partition, holder);
        return over == 0 ? h : h.withEncumbered(h.encumbered() - over);
    }

    /// @dev Takes units off a holding. If that reaches into encumbered units, lots that are over are swept first; then
    /// a forced move thaws what it takes from the frozen units and shrinks the lots to the units that are left. Requests
    /// stand: what is free is never less than zero.
    function _debited(bytes32 partition, address holder, Holding h, uint256 units, bool forced)
        internal
        returns (Holding)
    {
        if (h.encumbered() != 0 && units > _less(h.units(), h.encumbered())) {
            h = _sweep(partition, holder, h);
            if (forced) {
                h = _thaw(partition, holder, h, units);
                uint256 left = h.units() - units;
                uint256 cut = Lots.trim(_lots[partition][holder], _epochs, h.epoch(), left, partition, holder);
                h = h.withEncumbered(h.encumbered() - cut);
            }
        }
        return h.minus(units);
    }

    function _thaw(bytes32 partition, address holder, Holding h, uint256 units) private returns (Holding) {
        uint256 frozen = _frozenUnits(partition, holder, h.epoch());
        uint256 unfrozen = _less(h.units(), frozen);
        return units > unfrozen ? _setFrozen(partition, holder, h, frozen - (units - unfrozen)) : h;
    }

    function _less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
