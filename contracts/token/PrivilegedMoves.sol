// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Freshness} from "../governance/Freshness.sol";
import {IERC1644} from "../interfaces/IERC1644.sol";
import {IERC6093} from "../interfaces/IERC6093.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {IRemedies} from "../interfaces/IRemedies.sol";
import {Rules} from "../rules/Rules.sol";
import {MoveGate} from "./MoveGate.sol";
import {Holding} from "../types/Holding.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";

/// @dev Acts that the standards' functions and the desks share: issue, freeze, seize.
abstract contract PrivilegedMoves is MoveGate {
    using PolicyWord for Policy;

    function _issue(bytes32 partition, address to, uint256 units, bytes memory data) internal {
        if (units == 0) revert IIssuance.UnitsOutOfRange(units);
        _requireIssuable(partition, units);
        _move(Move(MoveKind.Issue, false, partition, msg.sender, address(0), to, units), data, "");
    }

    function _requireIssuable(bytes32 partition, uint256 units) internal view {
        if (_policy.has(Rules.CLOSED)) revert IIssuance.IssuanceClosed();
        _requirePartition(partition);
        _requireAuthorised(units);
    }

    function _requirePartition(bytes32 partition) internal view {
        if (!_isPartition(partition)) revert IIssuance.PartitionUnknown(partition);
    }

    /// @dev Room for `units` more, counting what is issued in all partitions.
    function _requireAuthorised(uint256 units) internal view {
        uint256 authorised = _authorisedUnits();
        if (units > authorised - _totalSupply(_epoch())) revert IIssuance.AuthorisedUnitsExceeded(units, authorised);
    }

    function _authorisedUnits() internal view returns (uint256) {
        return _particulars.authorised * _ratio(_particulars.authorisedEpoch, _epoch());
    }

    function _force(
        bytes32 partition,
        address from,
        address to,
        uint256 units,
        bytes memory data,
        bytes memory operatorData
    ) internal {
        if (to == address(0) || to == from) revert IERC6093.ERC20InvalidReceiver(to);
        _seize(partition, from, to, units, data, operatorData);
        emit IERC7943.ForcedTransfer(from, to, units);
        emit IERC1644.ControllerTransfer(msg.sender, from, to, units, data, operatorData);
    }

    function _seize(
        bytes32 partition,
        address from,
        address to,
        uint256 units,
        bytes memory data,
        bytes memory operatorData
    ) internal {
        if (from == address(0)) revert IERC6093.ERC20InvalidSender(from);
        if (units == 0) revert IIssuance.UnitsOutOfRange(units);
        _move(Move(MoveKind.Force, false, partition, msg.sender, from, to, units), data, operatorData);
    }

    function _freeze(bytes32 partition, address account, uint256 units) internal {
        uint16 epoch = _roll();
        bool thaws = units < _frozenUnits(partition, account, epoch);
        if (msg.sender != ORDERS) {
            if (thaws) revert IRemedies.OrderRequired(msg.sender);
            _requireRole();
        } else if (thaws) {
            // Nor may it mean units of before a split.
            (uint40 since, uint40 start) = (_frozen[partition][account].since, _epochs[epoch].start);
            Freshness.requireSince(since > start ? since : start);
        }
        _requirePartition(partition);
        if (units > _authorisedUnits() || account == address(0)) revert IIssuance.UnitsOutOfRange(units);
        Holding h = _forward(partition, account, epoch);
        _holdings[partition][account].word = _setFrozen(partition, account, h, units);
    }
}
