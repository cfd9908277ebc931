// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC1410} from "../interfaces/IERC1410.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Approvals} from "../ledger/Approvals.sol";
import {Rules} from "../rules/Rules.sol";
import {Judgement} from "./Judgement.sol";
import {MoveEvents} from "./MoveEvents.sol";
import {Cell} from "../types/Cell.sol";
import {Facts} from "../types/Facts.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev The one doorway: every change of a holding is a Move that passes {_pass}. What a Move is judged by is read once,
/// judged once (see {Judgement}), and then done or not.
abstract contract MoveGate is Judgement, Approvals {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    /// @dev Does the Move, or reverts with why not.
    function _move(Move memory m, bytes memory data, bytes memory operatorData) internal {
        Facts memory f = _look(m);
        _require(_refusalToSend(m, f));
        _pass(m, f, data, operatorData);
        _settle(m, f);
    }

    /// @dev Many Moves of one kind out of one holding (or out of nothing: an issue). What is the same for all rows is
    /// read, judged and written once. Each row's memory is given back, so that a row's cost does not grow with their
    /// number.
    function _moveMany(
        MoveKind kind,
        bytes32 partition,
        address from,
        address[] calldata to,
        uint256[] calldata units,
        bytes memory data
    ) internal returns (uint256 total) {
        if (to.length != units.length || to.length == 0) revert ISystem.ListsDiffer();
        Move memory m = Move(kind, false, partition, msg.sender, from, address(0), 0);
        Facts memory f;
        Standing[] memory standings = _lookMany(from, to, f);
        _lookFrom(m, f);
        _require(_refusalToSend(m, f));
        bytes memory none;
        uint256 mark;
        assembly ("memory-safe") {
            mark := mload(0x40)
        }
        for (uint256 i; i < to.length; ++i) {
            uint256 row;
            Standing standing;
            assembly ("memory-safe") {
                // The three lists are of one length: it is not checked again.
                row := calldataload(add(units.offset, shl(5, i)))
                standing := mload(add(standings, shl(5, add(i, 1))))
            }
            (m.to, m.units, f.to) = (to[i], row, standing);
            _pass(m, f, data, none);
            unchecked {
                total += m.units; // each is a balance or was bounded by the caller: below 2^96
            }
            assembly ("memory-safe") {
                mstore(0x40, mark)
            }
        }
        _settle(m, f);
    }

    /// @dev The halt level and the sender's standing into `f`, and the receivers' standings. The list goes out as words,
    /// copied whole, and the answer is used where it lies.
    function _lookMany(address from, address[] calldata to, Facts memory f)
        private
        view
        returns (Standing[] memory standings)
    {
        uint256[] calldata words;
        assembly {
            words.offset := to.offset
            words.length := to.length
        }
        bytes memory question = abi.encodeCall(ISystem.lookMany, (from, words));
        address system = address(SYSTEM);
        uint256 level;
        Standing sender;
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), system, add(question, 0x20), mload(question), 0, 0)) { revert(0, 0) }
            let answer := mload(0x40)
            returndatacopy(answer, 0, returndatasize())
            mstore(0x40, add(answer, returndatasize()))
            level := mload(answer)
            sender := mload(add(answer, 0x20))
            standings := add(answer, 0x60)
        }
        (f.level, f.from) = (HaltLevel(level), sender);
    }

    /// @dev Judges the receiver and the units, and does the Move. The sender's holding is changed in `f` only;
    /// {_settle} writes it.
    function _pass(Move memory m, Facts memory f, bytes memory data, bytes memory operatorData) private {
        Cell storage cell = _holdings[m.partition][m.to];
        f.toHolding = _in(cell.word, f.epoch);
        _require(_refusalToReceive(m, f, true));
        if (f.rules & Rules.FURTHER != 0) _require(_refusalOfFurther(m, f));
        if (f.policy.holderCap() != 0) _count(m, f);
        (address from, address to, uint256 units) = (m.from, m.to, m.units);
        if (from != to) {
            f.fromHolding = from == address(0)
                ? f.fromHolding.plus(units)
                : _debited(m.partition, from, f.fromHolding, units, m.kind >= MoveKind.Force);
            if (f.epoch != 0) _keep(m.partition, to, cell.word, f.epoch);
            if (to == address(0)) {
                cell.word = f.toHolding.minus(units);
                _extinguish(m.partition, units, f.epoch);
            } else {
                cell.word = f.toHolding.plus(units);
            }
        }
        if (to == address(0) || data.length | operatorData.length != 0) _announce(m, data, operatorData);
        else if (from == address(0)) MoveEvents.issued(m.partition, m.operator, to, units);
        else MoveEvents.transferred(m.partition, m.operator, from, to, units);
    }

    /// @dev Always ERC-20 `Transfer`, then the one ERC-1410 event of the kind.
    function _announce(Move memory m, bytes memory data, bytes memory operatorData) private {
        (bytes32 partition, address operator, address from, address to) = (m.partition, m.operator, m.from, m.to);
        emit IERC20.Transfer(from, to, m.units);
        if (from == address(0)) {
            emit IERC1410.IssuedByPartition(partition, operator, to, m.units, data, operatorData);
        } else if (to == address(0)) {
            emit IERC1410.RedeemedByPartition(partition, operator, from, m.units, operatorData);
        } else {
            emit IERC1410.TransferByPartition(partition, operator, from, to, m.units, data, operatorData);
        }
    }

    function _settle(Move memory m, Facts memory f) private {
        if (f.epoch != f.policy.epoch()) {
            _policy = f.policy.withEpoch(f.epoch).withNextEpochAt(_epochs[f.epoch + 1].start);
        }
        _write(m.partition, m.from, f.fromHolding, f.epoch);
    }

    function _count(Move memory m, Facts memory f) private {
        (bool leaves, bool enters) = _crossings(m, f);
        if (!leaves && !enters) return;
        uint256 holders = _holdersAfter(m, f);
        uint24 cap = f.policy.holderCap();
        if (leaves) --_holdingsOfInvestor[Standings.investor(f.from)];
        if (enters) ++_holdingsOfInvestor[Standings.investor(f.to)];
        if (holders > cap && holders > _holderCount) emit IIssuance.HolderCapExceeded(holders, cap);
        _holderCount = holders;
    }

    /// @dev Remembers how many units were ever redeemed: no more can be reissued.
    function _extinguish(bytes32 partition, uint256 units, uint16 epoch) private {
        _redeemed[partition] = _quantity(_capped(_redeemedUnits(partition, epoch) + units), epoch);
    }

    /// @dev All units ever redeemed outgrow their word in the end; as a bound the largest value serves.
    function _capped(uint256 units) private pure returns (uint256) {
        return units < type(uint96).max ? units : type(uint96).max;
    }

    function _redeemedUnits(bytes32 partition, uint16 epoch) internal view returns (uint256) {
        return _capped(_scale(_redeemed[partition], epoch));
    }
}
