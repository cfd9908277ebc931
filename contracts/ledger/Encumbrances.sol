// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Holdings} from "./Holdings.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {Holding} from "../types/Holding.sol";
import {Lot} from "../types/Lot.sol";
import {Quantity} from "../types/Quantity.sol";

/// @dev What keeps units from moving while they stay registered to their holder: frozen units, locked lots, transfer
/// requests. Their sum is `Holding.encumbered`; an unencumbered holding never comes here.
abstract contract Encumbrances is Holdings {
    function _frozenUnits(bytes32 partition, address holder, uint16 epoch) internal view returns (uint96) {
        Quantity memory q = _frozen[partition][holder];
        return _scale(q.units, q.epoch, epoch);
    }

    /// @dev Units in lots, those that are over and those that are not.
    function _lotUnits(bytes32 partition, address holder, uint16 epoch)
        internal
        view
        returns (uint256 over, uint256 locked)
    {
        Lot[] storage lots = _lots[partition][holder];
        for (uint256 i; i < lots.length; ++i) {
            Lot memory lot = lots[i];
            if (lot.until <= block.timestamp) over += _scale(lot.units, lot.epoch, epoch);
            else locked += _scale(lot.units, lot.epoch, epoch);
        }
    }

    /// @dev Units that the holder may move. Lots are asked only when the plain difference does not do.
    function _free(bytes32 partition, address holder, Holding memory h, uint256 wanted)
        internal
        view
        returns (uint256 free)
    {
        if (h.encumbered == 0) return h.units;
        free = _less(h.units, h.encumbered);
        if (free >= wanted) return free;
        (uint256 over,) = _lotUnits(partition, holder, h.epoch);
        return _less(h.units, h.encumbered - over);
    }

    function _setFrozen(bytes32 partition, address holder, Holding memory h, uint96 units) internal {
        h.encumbered = h.encumbered - _frozenUnits(partition, holder, h.epoch) + units;
        _frozen[partition][holder] = Quantity(units, h.epoch);
        emit IRemedies.FrozenByPartition(partition, holder, units);
        if (partition == DEFAULT_PARTITION) emit IERC7943.Frozen(holder, units);
    }

    function _addLot(bytes32 partition, address holder, Holding memory h, uint256 units, uint40 until) internal {
        h.encumbered += uint96(units);
        _lots[partition][holder].push(Lot(uint96(units), h.epoch, until));
        emit IIssuance.LotLocked(partition, holder, units, until);
    }

    /// @dev Takes the lots that are over off the holding.
    function _sweep(bytes32 partition, address holder, Holding memory h) internal {
        Lot[] storage lots = _lots[partition][holder];
        uint256 over;
        for (uint256 i = lots.length; i > 0; --i) {
            Lot memory lot = lots[i - 1];
            if (lot.until > block.timestamp) continue;
            over += _scale(lot.units, lot.epoch, h.epoch);
            lots[i - 1] = lots[lots.length - 1];
            lots.pop();
        }
        if (over == 0) return;
        h.encumbered -= uint96(over);
        emit IIssuance.LotReleased(partition, holder, over);
    }

    /// @dev Takes units off a holding. If that reaches into encumbered units, lots that are over are swept first; then
    /// a forced move thaws what it takes from the frozen units. Lots and requests stand as they are: what is free is
    /// never less than zero.
    function _debit(bytes32 partition, address holder, uint256 units, uint16 epoch, bool forced) internal {
        Holding memory h = _forward(partition, holder, epoch);
        if (h.encumbered != 0 && units > _less(h.units, h.encumbered)) {
            _sweep(partition, holder, h);
            if (forced) _thaw(partition, holder, h, units);
        }
        h.units -= uint96(units);
        _store(partition, holder, h);
    }

    function _thaw(bytes32 partition, address holder, Holding memory h, uint256 units) private {
        uint256 frozen = _frozenUnits(partition, holder, h.epoch);
        uint256 unfrozen = _less(h.units, frozen);
        if (units > unfrozen) _setFrozen(partition, holder, h, uint96(frozen - (units - unfrozen)));
    }

    function _less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}
