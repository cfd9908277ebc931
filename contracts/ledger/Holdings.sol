// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Epochs} from "./Epochs.sol";
import {Cell} from "../types/Cell.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Quantity} from "../types/Quantity.sol";

/// @dev The register: one slot a holding, and its history at record dates. State and arithmetic only.
abstract contract Holdings is Epochs {
    using HoldingWord for Holding;

    /// @dev A holding as it is in `epoch`, without writing.
    function _peek(bytes32 partition, address holder, uint16 epoch) internal view returns (Holding) {
        return _in(_holdings[partition][holder].word, epoch);
    }

    function _in(Holding h, uint16 epoch) internal view returns (Holding) {
        return h.epoch() == epoch ? h : _brought(h, epoch);
    }

    /// @dev A holding brought forward to `epoch`; if a record date passed since it was written, its amount is kept.
    function _forward(bytes32 partition, address holder, uint16 epoch) internal returns (Holding h) {
        h = _holdings[partition][holder].word;
        if (epoch != 0) _keep(partition, holder, h, epoch);
        return _in(h, epoch);
    }

    /// @dev Keeps what a holding was at the end of the last epoch, if a record date passed since it was written.
    function _keep(bytes32 partition, address holder, Holding h, uint16 epoch) internal {
        uint16 written = h.epoch();
        if (written == epoch || h.units() == 0 || _recordDatesUpTo(written) == _recordDatesUpTo(epoch)) return;
        _past[partition][holder][epoch - 1] = _quantity(h.units(), written);
    }

    /// @dev Writes a holding that is counted in units of `epoch`.
    function _write(bytes32 partition, address holder, Holding h, uint16 epoch) internal {
        Cell storage cell = _holdings[partition][holder];
        if (epoch != 0) _keep(partition, holder, cell.word, epoch);
        cell.word = h;
    }

    function _brought(Holding h, uint16 epoch) private view returns (Holding) {
        uint256 ratio = _ratio(h.epoch(), epoch);
        return h.withUnits(h.units() * ratio).withEncumbered(h.encumbered() * ratio).withEpoch(epoch);
    }

    /// @dev Units just before record date `epoch`, in units of that instant.
    function _unitsAt(bytes32 partition, address holder, uint16 epoch) internal view returns (uint256) {
        _requireRecordDate(epoch);
        uint16 instant = epoch - 1;
        Holding h = _holdings[partition][holder].word;
        if (h.epoch() <= instant) return h.units() * _ratio(h.epoch(), instant);
        for (uint16 last = instant; last < h.epoch(); ++last) {
            Quantity memory past = _past[partition][holder][last];
            if (past.units != 0) return past.epoch <= instant ? _scale(past, instant) : 0;
        }
        return 0;
    }

    /// @dev The holding of the zero address is the partition: its units are the supply.
    function _supply(bytes32 partition, uint16 epoch) internal view returns (uint256) {
        return _peek(partition, address(0), epoch).units();
    }

    function _totalSupply(uint16 epoch) internal view returns (uint256 total) {
        for (uint256 i; i < _partitions.length; ++i) total += _supply(_partitions[i], epoch);
    }

    function _isPartition(bytes32 partition) internal view returns (bool) {
        for (uint256 i; i < _partitions.length; ++i) if (_partitions[i] == partition) return true;
        return false;
    }
}
