// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game} from "./Game.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {Lot} from "../../../contracts/types/Lot.sol";
import {Loss} from "../../../contracts/types/Loss.sol";
import {TransferRequest} from "../../../contracts/types/TransferRequest.sol";
import {Locked, Locks} from "../model/Locks.sol";

/// @dev What must hold after every act: the invariants I1 to I9 on the chain's own answers, and the model's agreement.
abstract contract Agreement is Game {
    function checkSums() external {
        vm.warp(today);
        uint256 total = token.totalSupply();
        uint256 ofPartitions;
        uint256 ofWallets;
        for (uint256 p; p < PARTITIONS; ++p) ofPartitions += token.totalSupplyByPartition(partitionName(p));
        for (uint256 w; w < NOBODY; ++w) {
            uint256 balance = token.balanceOf(wallet(w));
            uint256 sum;
            for (uint256 p; p < PARTITIONS; ++p) sum += token.balanceOfByPartition(partitionName(p), wallet(w));
            require(balance == sum, "I2: a balance is the sum over the partitions");
            ofWallets += balance;
        }
        require(total == ofWallets, "I1: the supply is the sum of all balances");
        require(total == ofPartitions, "I1: the supply is the sum of the partitions");
        require(total <= token.authorisedUnits(), "I7: no more units than are authorised");
    }

    /// @dev What the register holds, part by part, is what the model's holds; what is free is what nothing binds.
    function checkHoldings() external {
        vm.warp(today);
        for (uint256 p; p < PARTITIONS; ++p) {
            for (uint256 w; w < NOBODY; ++w) _checkHolding(p, w);
        }
    }

    function _checkHolding(uint256 p, uint256 w) private view {
        (uint256 units, uint256 loose, uint256 frozen, uint256 locked, uint40 until, bool lost) =
            token.holdingOf(partitionName(p), wallet(w));
        Held storage h = held[p][w];
        require(units == h.units, "I2: units");
        require(frozen == h.frozen, "I5: frozen units");
        require(locked == lotted(p, w), "I5: units in lots");
        require(loose == less(units, frozen + locked + requested(p, w)), "I3: free units");
        require(until == h.lockedUntil && lost == h.lost, "lock-up and loss of a holding");
        if (lots[p][w].length != 0) _checkLots(p, w);
    }

    /// @dev Each lot that is not over is there as often as in the model.
    function _checkLots(uint256 p, uint256 w) private view {
        Lot[] memory found = token.lotsOf(partitionName(p), wallet(w));
        Locked[] storage all = lots[p][w];
        uint256 left;
        for (uint256 i; i < found.length; ++i) if (found[i].end > today) ++left;
        for (uint256 i; i < all.length; ++i) {
            if (all[i].end <= today) continue;
            --left;
            uint256 surplus = 1;
            for (uint256 j; j < i; ++j) if (Locks.alike(all[j], all[i])) ++surplus;
            for (uint256 j; j < found.length; ++j) {
                Lot memory lot = found[j];
                uint256 units = worth(lot.units, lot.epoch);
                if (Locks.alike(all[i], Locked(units, lot.start, lot.cliff, lot.end)) && surplus != 0) --surplus;
            }
            require(surplus == 0, "I5: a lot of so many units and these dates");
        }
        require(left == 0, "I5: as many lots");
    }

    function checkSupply() external {
        vm.warp(today);
        for (uint256 p; p < PARTITIONS; ++p) {
            uint256 outstanding = issuedEver[p] + reinstatedEver[p] - redeemedEver[p];
            uint256 found = token.totalSupplyByPartition(partitionName(p));
            require(found == outstanding, "I4: issued less redeemed, and reinstated");
            require(reinstatedEver[p] <= redeemedEver[p], "I7: no more is reinstated than was redeemed");
            require(token.allotted(partitionName(p)) == allotment[p], "I5: allotted units");
        }
        require(token.holderCount() == holders(), "investors that hold");
        require(token.authorisedUnits() == policy.authorised, "I5: authorised units");
        require(token.paused() == policy.paused && token.isIssuable() == !policy.closed, "flags");
        require(uint256(core.level()) == level, "I9: the level");
        require(core.runningTime() == running(), "I9: the clock of deadlines");
    }

    /// @dev What hangs on no holding.
    function checkPapers() external {
        vm.warp(today);
        for (uint256 w; w < NOBODY; ++w) {
            for (uint256 s; s < NOBODY; ++s) {
                if (allowed[w][s] == 0) continue;
                require(token.allowance(wallet(w), wallet(s)) == allowed[w][s], "I5: an allowance");
            }
        }
        for (uint256 i; i < open.length; ++i) {
            Asked storage a = asked[open[i]];
            TransferRequest memory r = token.transferRequestOf(open[i]);
            require(r.holder == wallet(a.holder) && r.to == wallet(a.to) && r.deadline == a.deadline, "a request");
            require(worth(r.units, r.epoch) == a.units, "I5: units of a request");
        }
        require(token.transferRequestOf(askedInAll + 1).holder == address(0), "a request that nobody made");
        for (uint256 i; i < losses.length; ++i) {
            Loss memory loss = token.lossOf(bytes32(i));
            require(worth(loss.units, loss.epoch) == losses[i].units, "I5: units of a loss");
            require(loss.status == losses[i].status, "I7: a loss is made good once");
        }
        for (uint256 i; i < MEMORY; ++i) {
            Happened storage h = happened[i];
            uint256 back = token.reversed(bytes32(h.origin));
            require(h.origin == 0 || back == h.back, "I5: units that were reversed");
            require(h.terms == 0 || back <= worth(h.terms, h.epoch), "I6: no more comes back than went");
        }
    }

    /// @dev A record date answers as when it passed, whatever came after; nothing else answers at all.
    function checkPast(uint256 number) external {
        vm.warp(today);
        bool isRecordDate = number != 0 && number <= epoch && dates[number - 1].ratio == 1;
        for (uint256 p; p < PARTITIONS; ++p) {
            uint256 sum;
            for (uint256 w; w < NOBODY; ++w) {
                sum += past[number][p][w];
                bytes memory asking =
                    abi.encodeCall(token.balanceOfAt, (partitionName(p), wallet(w), uint16(number)));
                _checkPast(asking, isRecordDate, past[number][p][w]);
            }
            _checkPast(abi.encodeCall(token.totalSupplyAt, (partitionName(p), uint16(number))), isRecordDate, sum);
        }
    }

    function _checkPast(bytes memory asking, bool isRecordDate, uint256 units) private view {
        (bool answered, bytes memory answer) = address(token).staticcall(asking);
        require(answered == isRecordDate, "I8: what is a record date and what is not");
        if (answered) require(abi.decode(answer, (uint256)) == units, "I8: the register at a record date");
    }

    function checkCalendar() external {
        vm.warp(today);
        require(token.currentEpoch() == epoch, "I8: the epoch");
        uint256 factor = 1;
        for (uint256 i; i < dates.length; ++i) {
            Epoch memory e = token.epochOf(uint16(i + 1));
            factor *= dates[i].ratio;
            require(e.start == dates[i].start && e.factor == factor, "I8: a date on the calendar");
        }
        require(token.epochOf(uint16(dates.length + 1)).start == 0, "I8: the end of the calendar");
    }

    function howManyDates() external view returns (uint256) {
        return dates.length;
    }
}
