// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITerms} from "../interfaces/ITerms.sol";
import {Ratios} from "./Ratios.sol";
import {Release} from "./Release.sol";
import {Epoch} from "../types/Epoch.sol";
import {Lot} from "../types/Lot.sol";

/// @dev The locked lots of one holding. A linked library: an unencumbered holding never comes here. All results are in
/// units of `epoch`; every lot that changes is announced. A holding is encumbered with a lot's units as they were locked
/// until the lot is taken out; which of them are free by now is added up here when somebody asks for them.
library Lots {
    /// @dev Together with {TokenState.UNITS_LIMIT} this bounds what a holding can be encumbered with.
    uint256 private constant LIMIT = 16;

    /// @dev Units in lots: those that became free, and those that are locked.
    function sum(Lot[] storage lots, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        public
        view
        returns (uint256 freed, uint256 locked)
    {
        for (uint256 i; i < lots.length; ++i) {
            Lot memory lot = _in(lots[i], epochs, epoch);
            uint256 part = Release.locked(lot, block.timestamp);
            locked += part;
            freed += lot.units - part;
        }
    }

    /// @dev Adds a lot, in units of its own epoch.
    function add(Lot[] storage lots, Lot memory lot, bytes32 partition, address holder) public {
        if (lots.length >= LIMIT) revert ITerms.LotsFull(LIMIT);
        lots.push(lot);
        emit ITerms.LotLocked(partition, holder, lot.units, lot.start, lot.cliff, lot.end);
    }

    /// @dev Takes out the lots that are over.
    function sweep(
        Lot[] storage lots,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        bytes32 partition,
        address holder
    ) public returns (uint256 over) {
        for (uint256 i = lots.length; i > 0; --i) {
            if (lots[i - 1].end > block.timestamp) continue;
            Lot memory lot = _in(lots[i - 1], epochs, epoch);
            over += lot.units;
            _remove(lots, i - 1);
            _released(partition, holder, lot.units, 0, lot);
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
        Lot memory lot = _in(lots[index], epochs, epoch);
        units = lot.units;
        _remove(lots, index);
        _released(partition, holder, units, 0, lot);
    }

    /// @dev Shrinks the lots, in the order of {_rank}, until they lock no more than `left`; an empty lot goes. One of
    /// which a part is free by now keeps its dates and becomes as large as it can be, so that at no instant it locks more
    /// than before. No lot is over: they were swept before.
    function trim(
        Lot[] storage lots,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        uint256 left,
        bytes32 partition,
        address holder
    ) external returns (uint256 cut) {
        (, uint256 locked) = sum(lots, epochs, epoch);
        while (locked > left) {
            uint256 first = _first(lots, epochs, epoch);
            Lot memory lot = _in(lots[first], epochs, epoch);
            locked -= Release.locked(lot, block.timestamp);
            uint256 rest = locked < left ? Release.shrunk(lot, left - locked, block.timestamp) : 0;
            uint256 gone = lot.units - rest;
            lot.units = uint96(rest);
            if (rest == 0) _remove(lots, first);
            else (lots[first], locked) = (lot, left);
            cut += gone;
            _released(partition, holder, gone, rest, lot);
        }
    }

    /// @dev Moves all lots to another holding of the partition, each counted in units of `epoch`, and takes out those of
    /// that holding that are over.
    function carry(
        Lot[] storage from,
        Lot[] storage to,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        bytes32 partition,
        address giver,
        address taker
    ) external returns (uint256 units, uint256 over) {
        over = sweep(to, epochs, epoch, partition, taker);
        for (uint256 i = from.length; i > 0; --i) {
            Lot memory lot = _in(from[i - 1], epochs, epoch);
            units += lot.units;
            _released(partition, giver, lot.units, 0, lot);
            add(to, lot, partition, taker);
            from.pop();
        }
    }

    /// @dev The place of the lot of the lowest rank.
    function _first(Lot[] storage lots, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        private
        view
        returns (uint256 first)
    {
        uint256 lowest = type(uint256).max;
        for (uint256 i; i < lots.length; ++i) {
            uint256 rank = _rank(_in(lots[i], epochs, epoch));
            if (rank < lowest) (lowest, first) = (rank, i);
        }
    }

    /// @dev Lots rank by end, of one end by cliff, then by start, then by units; those of one rank are alike.
    function _rank(Lot memory lot) private pure returns (uint256) {
        return (((((uint256(lot.end) << 40) | lot.cliff) << 40) | lot.start) << 96) | lot.units;
    }

    function _remove(Lot[] storage lots, uint256 index) private {
        lots[index] = lots[lots.length - 1];
        lots.pop();
    }

    /// @dev A lot counted in units of `epoch`. They fit, because each lot is of units that the holding had.
    function _in(Lot memory lot, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        private
        view
        returns (Lot memory)
    {
        (lot.units, lot.epoch) = (uint96(lot.units * Ratios.ratio(epochs, lot.epoch, epoch)), epoch);
        return lot;
    }

    function _released(bytes32 partition, address holder, uint256 units, uint256 left, Lot memory lot) private {
        emit ITerms.LotReleased(partition, holder, units, left, lot.start, lot.cliff, lot.end);
    }
}
