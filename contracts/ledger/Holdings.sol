// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Epochs} from "./Epochs.sol";
import {Holding} from "../types/Holding.sol";
import {Quantity} from "../types/Quantity.sol";

/// @dev The register: one slot a holding, and its history at record dates. State and arithmetic only.
abstract contract Holdings is Epochs {
    /// @dev A holding as it is in `epoch`, without writing.
    function _peek(bytes32 partition, address holder, uint16 epoch) internal view returns (Holding memory h) {
        h = _holdings[partition][holder];
        if (h.epoch != epoch) {
            h.units = _scale(h.units, h.epoch, epoch);
            h.encumbered = _scale(h.encumbered, h.epoch, epoch);
            h.epoch = epoch;
        }
    }

    /// @dev A holding brought forward to `epoch`; if a record date passed since it was written, its amount is kept.
    function _forward(bytes32 partition, address holder, uint16 epoch) internal returns (Holding memory h) {
        h = _holdings[partition][holder];
        if (h.epoch == epoch) return h;
        if (h.units != 0 && _recordDatesUpTo(h.epoch) != _recordDatesUpTo(epoch)) {
            _past[partition][holder][epoch - 1] = Quantity(h.units, h.epoch);
        }
        h.units = _scale(h.units, h.epoch, epoch);
        h.encumbered = _scale(h.encumbered, h.epoch, epoch);
        h.epoch = epoch;
    }

    function _credit(bytes32 partition, address holder, uint256 units, uint16 epoch) internal {
        Holding memory h = _forward(partition, holder, epoch);
        h.units += uint96(units);
        _store(partition, holder, h);
    }

    function _store(bytes32 partition, address holder, Holding memory h) internal {
        _holdings[partition][holder] = h;
    }

    /// @dev Units just before record date `epoch`, in units of that instant.
    function _unitsAt(bytes32 partition, address holder, uint16 epoch) internal view returns (uint256) {
        _requireRecordDate(epoch);
        uint16 instant = epoch - 1;
        Holding memory h = _holdings[partition][holder];
        if (h.epoch <= instant) return _scale(h.units, h.epoch, instant);
        for (uint16 last = instant; last < h.epoch; ++last) {
            Quantity memory past = _past[partition][holder][last];
            if (past.units != 0) return past.epoch <= instant ? _scale(past.units, past.epoch, instant) : 0;
        }
        return 0;
    }

    /// @dev The holding of the zero address is the partition: its units are the supply.
    function _supply(bytes32 partition, uint16 epoch) internal view returns (uint256) {
        return _peek(partition, address(0), epoch).units;
    }

    function _totalSupply(uint16 epoch) internal view returns (uint256 total) {
        for (uint256 i; i < _partitions.length; ++i) total += _supply(_partitions[i], epoch);
    }

    function _isPartition(bytes32 partition) internal view returns (bool) {
        for (uint256 i; i < _partitions.length; ++i) if (_partitions[i] == partition) return true;
        return false;
    }
}
