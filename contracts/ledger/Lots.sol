// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITerms} from "../interfaces/ITerms.sol";
import {Ratios} from "./Ratios.sol";
import {Epoch} from "../types/Epoch.sol";
import {Lot} from "../types/Lot.sol";

/// @dev The locked lots of one holding. A linked library: an unencumbered holding never comes here. All results are in
/// units of `epoch`; every lot that changes is announced.
library Lots {
    /// @dev Units in lots: those that are over, and those that are not.
    function sum(Lot[] storage lots, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        public
        view
        returns (uint256 over, uint256 locked)
    {
        for (uint256 i; i < lots.length; ++i) {
            if (lots[i].until <= block.timestamp) over += _units(lots[i], epochs, epoch);
            else locked += _units(lots[i], epochs, epoch);
        }
    }

    /// @dev Takes out the lots that are over.
    function sweep(
        Lot[] storage lots,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        bytes32 partition,
        address holder
    ) external returns (uint256 over) {
        for (uint256 i = lots.length; i > 0; --i) {
            Lot memory lot = lots[i - 1];
            if (lot.until > block.timestamp) continue;
            uint256 units = _units(lot, epochs, epoch);
            over += units;
            _remove(lots, i - 1);
            emit ITerms.LotReleased(partition, holder, units, lot.until);
        }
    }

    /// @dev Takes out one lot.
    function release(
        Lot[] storage lots,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        uint256 index,
        bytes32 partition,
        address holder
    ) external returns (uint256 units) {
        Lot memory lot = lots[index];
        units = _units(lot, epochs, epoch);
        _remove(lots, index);
        emit ITerms.LotReleased(partition, holder, units, lot.until);
    }

    /// @dev Shrinks the lots, those that end first first, until they lock no more than `left`; an empty lot goes. No lot
    /// is over: they were swept before.
    function trim(
        Lot[] storage lots,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        uint256 left,
        bytes32 partition,
        address holder
    ) external returns (uint256 cut) {
        (, uint256 locked) = sum(lots, epochs, epoch);
        while (locked > left + cut) {
            uint256 first = _first(lots);
            Lot memory lot = lots[first];
            uint256 units = _units(lot, epochs, epoch);
            uint256 part = locked - left - cut < units ? locked - left - cut : units;
            if (part == units) _remove(lots, first);
            else (lots[first].units, lots[first].epoch) = (uint96(units - part), epoch);
            cut += part;
            emit ITerms.LotReleased(partition, holder, part, lot.until);
        }
    }

    /// @dev Moves all lots to another holding of the partition, each counted in units of `epoch`.
    function carry(
        Lot[] storage from,
        Lot[] storage to,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        bytes32 partition,
        address giver,
        address taker
    ) external returns (uint256 units) {
        for (uint256 i = from.length; i > 0; --i) {
            Lot memory lot = from[i - 1];
            (lot.units, lot.epoch) = (uint96(_units(lot, epochs, epoch)), epoch);
            units += lot.units;
            to.push(lot);
            from.pop();
            emit ITerms.LotReleased(partition, giver, lot.units, lot.until);
            emit ITerms.LotLocked(partition, taker, lot.units, lot.until);
        }
    }

    function _first(Lot[] storage lots) private view returns (uint256 first) {
        for (uint256 i = 1; i < lots.length; ++i) if (lots[i].until < lots[first].until) first = i;
    }

    function _remove(Lot[] storage lots, uint256 index) private {
        lots[index] = lots[lots.length - 1];
        lots.pop();
    }

    function _units(Lot memory lot, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        private
        view
        returns (uint256)
    {
        return lot.units * Ratios.ratio(epochs, lot.epoch, epoch);
    }
}
