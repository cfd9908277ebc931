// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ratios} from "./Ratios.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {Epoch} from "../types/Epoch.sol";
import {Lot} from "../types/Lot.sol";

/// @dev The locked lots of one holding. A linked library: an unencumbered holding never comes here. All results are in
/// units of `epoch`.
library Lots {
    /// @dev Units in lots: those that are over, and those that are not.
    function sum(Lot[] storage lots, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        external
        view
        returns (uint256 over, uint256 locked)
    {
        for (uint256 i; i < lots.length; ++i) {
            if (lots[i].until <= block.timestamp) over += _units(lots[i], epochs, epoch);
            else locked += _units(lots[i], epochs, epoch);
        }
    }

    /// @dev Takes out the lots that are over.
    function sweep(Lot[] storage lots, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        external
        returns (uint256 over)
    {
        for (uint256 i = lots.length; i > 0; --i) {
            Lot memory lot = lots[i - 1];
            if (lot.until > block.timestamp) continue;
            over += _units(lot, epochs, epoch);
            lots[i - 1] = lots[lots.length - 1];
            lots.pop();
        }
    }

    /// @dev Shrinks the lots, the last ones first, until they lock no more than `left`; an empty lot goes.
    function trim(Lot[] storage lots, mapping(uint16 => Epoch) storage epochs, uint16 epoch, uint256 left)
        external
        returns (uint256 cut)
    {
        uint256 locked;
        for (uint256 i; i < lots.length; ++i) locked += _units(lots[i], epochs, epoch);
        while (locked > left) {
            Lot storage last = lots[lots.length - 1];
            uint256 units = _units(last, epochs, epoch);
            uint256 excess = locked - left;
            if (units <= excess) {
                excess = units;
                lots.pop();
            } else {
                (last.units, last.epoch) = (uint96(units - excess), epoch);
            }
            locked -= excess;
            cut += excess;
        }
    }

    /// @dev Moves all lots to another holding of the partition, each counted in units of `epoch`.
    function carry(
        Lot[] storage from,
        Lot[] storage to,
        mapping(uint16 => Epoch) storage epochs,
        uint16 epoch,
        bytes32 partition,
        address holder
    ) external returns (uint256 units) {
        for (uint256 i = from.length; i > 0; --i) {
            Lot memory lot = from[i - 1];
            (lot.units, lot.epoch) = (uint96(_units(lot, epochs, epoch)), epoch);
            units += lot.units;
            to.push(lot);
            from.pop();
            emit IIssuance.LotLocked(partition, holder, lot.units, lot.until);
        }
    }

    function _units(Lot memory lot, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        private
        view
        returns (uint256)
    {
        return lot.units * Ratios.ratio(epochs, lot.epoch, epoch);
    }
}
