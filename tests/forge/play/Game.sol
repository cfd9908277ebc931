// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RemedyModel} from "../model/RemedyModel.sol";
import {Faults} from "../model/Faults.sol";
import {Deployment} from "../world/Deployment.sol";
import {IToken} from "../world/IToken.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";

/// @dev The real system and the model side by side. An act is drawn from a seed, judged by the model and done on the
/// system: either both do it, or the model refuses it and the system says why with an error that the model names.
abstract contract Game is Deployment, RemedyModel {
    uint256 internal constant UNKNOWN = PARTITIONS;
    /// @dev After so many acts a stop is ended: nothing happens while it lasts.
    uint256 private constant PATIENCE = 5;

    IToken internal token;
    uint256 public done;
    uint256 public refused;
    mapping(bytes4 act => uint256) public doneBy;
    mapping(bytes4 act => uint256) public refusedBy;

    address[NOBODY + 1] private _wallets;
    uint256 private _seed;
    bool private _standstill;
    uint256 private _stoppedFor;

    constructor() {
        for (uint256 w; w < NOBODY; ++w) _wallets[w] = vm.addr(key(w));
    }

    /// @dev One act. The clock is the game's own, so that a history plays the same each time.
    modifier play(uint256 seed) {
        vm.warp(today);
        _seed = seed;
        _standstill = level == HALTED;
        signedAt = today;
        _;
        signedAt = today;
        bool stands = level != NORMAL || policy.paused;
        _stoppedFor = stands ? _stoppedFor + 1 : 0;
        if (_stoppedFor > PATIENCE) _endStops();
    }

    function _endStops() private {
        vm.warp(today);
        if (level != NORMAL) {
            _standstill = false;
            byOrderOnCore(abi.encodeCall(core.resume, (HaltLevel.NORMAL, "incident")), resume(NORMAL));
        }
        if (policy.paused) byOrder(abi.encodeCall(token.unpause, ()), unpause());
    }

    // --- drawing ------------------------------------------------------------------------------------------------------

    function draw(uint256 below) internal returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return (_seed >> 128) % below;
    }

    /// @dev One in so many.
    function seldom(uint256 one) internal returns (bool) {
        return draw(one) == 0;
    }

    function anyone() internal returns (uint256) {
        return seldom(20) ? NOBODY : seldom(3) ? draw(NOBODY) : draw(CAROL);
    }

    function place() internal returns (uint256) {
        return seldom(24) ? UNKNOWN : draw(PARTITIONS);
    }

    /// @dev Somebody who holds in the partition, if anybody does; now and then anybody.
    function holder(uint256 partition) internal returns (uint256 wallet_) {
        wallet_ = draw(NOBODY);
        if (seldom(12)) return wallet_;
        for (uint256 i; i < NOBODY && held[partition][wallet_].units == 0; ++i) wallet_ = (wallet_ + 1) % NOBODY;
    }

    /// @dev An amount is drawn by what it means for a holding, so that it stays on the edge as the state changes.
    function amount(uint256 partition, uint256 whose) internal returns (uint256) {
        (uint256 all, uint256 loose) = (held[partition][whose].units, free(partition, whose));
        uint256 choice = draw(16);
        if (choice < 5) return loose / 3 + 1;
        if (choice < 7) return 1;
        if (choice < 9) return loose;
        if (choice < 11) return all;
        if (choice < 12) return all / 2 + 1;
        if (choice < 13) return loose + 1;
        if (choice < 14) return all + 1;
        return choice == 14 ? 0 : seldom(2) ? LIMIT : all / 4 + 1;
    }

    /// @dev Up to three rows of one kind out of one holding.
    function rows(Step memory first) internal returns (Step[] memory steps) {
        steps = new Step[](seldom(24) ? 0 : 1 + draw(3));
        for (uint256 i; i < steps.length; ++i) {
            uint256 to = seldom(16) ? anyone() : draw(CAROL);
            uint256 units = amount(first.partition, first.from);
            if (units != 0 && !seldom(8)) units = units / steps.length + 1;
            steps[i] = Step(first.kind, first.approved, first.partition, first.from, to, units);
        }
    }

    function columns(Step[] memory steps)
        internal
        view
        returns (address[] memory to, uint256[] memory units)
    {
        (to, units) = (new address[](steps.length), new uint256[](steps.length));
        for (uint256 i; i < steps.length; ++i) (to[i], units[i]) = (wallet(steps[i].to), steps[i].units);
    }

    // --- the names of the model on the chain --------------------------------------------------------------------------

    function wallet(uint256 number) internal view returns (address) {
        return _wallets[number];
    }

    function key(uint256 number) internal pure returns (uint256) {
        return number + 1;
    }

    function partitionName(uint256 number) internal pure returns (bytes32) {
        return number == 0 ? bytes32("default") : number == 1 ? bytes32("class-a") : bytes32("unknown");
    }

    function investorId(uint256 investor) internal pure returns (bytes16) {
        return bytes16(uint128(investor));
    }

    // --- doing --------------------------------------------------------------------------------------------------------

    function by(address who, bytes memory data, uint256 faults) internal returns (bool) {
        vm.prank(who);
        (bool went, bytes memory answer) = address(token).call(data);
        return played(went, answer, faults);
    }

    function byRoleOnCore(uint64 role, bytes memory data, uint256 faults) internal returns (bool) {
        vm.prank(person(role));
        (bool went, bytes memory answer) = address(core).call(data);
        return played(went, answer, faults);
    }

    function byOrder(bytes memory data, uint256 faults) internal returns (bool) {
        (bool went, bytes memory answer) = order(address(token), data);
        return played(went, answer, faults);
    }

    function byOrderOnCore(bytes memory data, uint256 faults) internal returns (bool) {
        (bool went, bytes memory answer) = order(address(core), data);
        return played(went, answer, faults);
    }

    /// @dev What happened is what the model says, and I9: nothing is done while the system is halted.
    function played(bool went, bytes memory answer, uint256 faults) internal returns (bool) {
        if (went) {
            require(faults == 0, string.concat("done, but the model refuses it: ", vm.toString(faults)));
            require(!_standstill, "I9: something was done while the system is halted");
            ++done;
            ++doneBy[msg.sig];
            return true;
        }
        if (Faults.named(answer) & faults == 0) {
            revert(string.concat("refused with ", vm.toString(answer), "; the model says ", vm.toString(faults)));
        }
        ++refused;
        ++refusedBy[msg.sig];
        return false;
    }

    /// @dev For the acts that lead out of a halt.
    function wayOut() internal {
        _standstill = false;
    }
}
