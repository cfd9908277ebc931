// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Faults} from "./Faults.sol";
import {Register} from "./Register.sol";
import {MoveKind} from "../../../contracts/types/MoveKind.sol";

/// @dev The acts of holders, their spenders and operators, and transfer requests.
abstract contract HolderModel is Register {
    /// @dev What stops the acts of holders that move nothing.
    function standingStill() internal view returns (uint256) {
        return Faults.when(level != NORMAL, Faults.SYSTEM_HALTED) | Faults.when(policy.paused, Faults.TOKEN_PAUSED);
    }

    /// @dev A transfer, or a redemption when it goes to nobody.
    function given(uint256 partition, uint256 from, uint256 to, uint256 units, bool redeem)
        internal
        pure
        returns (Step memory)
    {
        return Step(redeem ? MoveKind.Redeem : MoveKind.Transfer, false, partition, from, to, units);
    }

    function give(Step memory s) internal returns (uint256 faults) {
        if (s.kind == MoveKind.Redeem && s.units == 0) return Faults.UNITS_OUT_OF_RANGE | against(s);
        return move(s);
    }

    function giveAsSpender(uint256 by, Step memory s) internal returns (uint256 faults) {
        uint256 may = allowed[s.from][by];
        if (may < s.units) return Faults.INSUFFICIENT_ALLOWANCE;
        faults = give(s);
        if (faults == 0 && may != UNLIMITED) allowed[s.from][by] = may - s.units;
    }

    function giveAsOperator(uint256 by, Step memory s) internal returns (uint256 faults) {
        bool may = operators[_grant(s.from, by, PARTITIONS + 1)] || operators[_grant(s.from, by, s.partition)];
        return may ? give(s) : Faults.OPERATOR_UNAUTHORIZED;
    }

    /// @dev `partition` PARTITIONS + 1: all of them.
    function authorise(uint256 by, uint256 operator, uint256 partition, bool on) internal returns (uint256 faults) {
        faults = standingStill();
        if (faults == 0) operators[_grant(by, operator, partition)] = on;
    }

    function _grant(uint256 holder, uint256 operator, uint256 partition) private pure returns (bytes32) {
        return bytes32(abi.encodePacked(uint64(holder), uint64(operator), uint128(partition)));
    }

    function allow(uint256 by, uint256 spender, uint256 units) internal returns (uint256 faults) {
        faults = standingStill() | Faults.when(spender == NOBODY, Faults.INVALID_SPENDER);
        faults |= Faults.when(units > MOST_ALLOWED && units != UNLIMITED, Faults.ALLOWANCE_OUT_OF_RANGE);
        if (faults == 0) allowed[by][spender] = units;
    }

    function permit(uint256 by, uint256 signer, uint256 spender, uint256 units, uint256 deadline)
        internal
        returns (uint256 faults)
    {
        faults = Faults.when(today > deadline, Faults.PERMIT_EXPIRED_SIGNATURE);
        faults |= Faults.when(signer != by, Faults.PERMIT_INVALID_SIGNER);
        return faults == 0 ? allow(by, spender, units) : faults | standingStill();
    }

    function ask(uint256 partition, uint256 by, uint256 to, uint256 units, uint256 deadline)
        internal
        returns (uint256 faults)
    {
        faults = standingStill() | against(Step(MoveKind.Transfer, true, partition, by, to, units));
        faults |= Faults.when(units == 0, Faults.UNITS_OUT_OF_RANGE);
        faults |= Faults.when(deadline <= today, Faults.TIME_NOT_FUTURE);
        if (faults != 0) return faults;
        asked[++askedInAll] = Asked(by, to, partition, units, deadline - (today - running()));
        open.push(askedInAll);
    }

    function cancelAsked(uint256 by, uint256 id) internal returns (uint256 faults) {
        faults = standingStill();
        if (!_isOpen(id)) return faults | Faults.TRANSFER_REQUEST_UNKNOWN;
        bool early = by != asked[id].holder && running() < asked[id].deadline;
        faults |= Faults.when(early, Faults.TRANSFER_REQUEST_NOT_YOURS);
        if (faults == 0) _close(id);
    }

    function rejectAsked(bool may, uint256 id) internal returns (uint256 faults) {
        faults = roleAct(may) | Faults.when(!_isOpen(id), Faults.TRANSFER_REQUEST_UNKNOWN);
        if (faults == 0) _close(id);
    }

    function approveAsked(bool may, uint256 id) internal returns (uint256 faults) {
        if (!_isOpen(id)) return roleAct(may) | Faults.TRANSFER_REQUEST_UNKNOWN;
        Asked memory a = asked[id];
        faults = roleAct(may) | Faults.when(running() >= a.deadline, Faults.TRANSFER_REQUEST_EXPIRED);
        _close(id);
        Step memory s = Step(MoveKind.Transfer, true, a.partition, a.holder, a.to, a.units);
        faults |= faults == 0 ? move(s) : against(s);
        if (faults == 0) return faults;
        asked[id] = a;
        open.push(id);
    }

    function _isOpen(uint256 id) private view returns (bool) {
        for (uint256 i; i < open.length; ++i) if (open[i] == id) return true;
        return false;
    }

    function _close(uint256 id) private {
        for (uint256 i; i < open.length; ++i) {
            if (open[i] != id) continue;
            open[i] = open[open.length - 1];
            open.pop();
            delete asked[id];
            return;
        }
    }
}
