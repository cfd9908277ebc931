// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Locked, Locks} from "./Locks.sol";
import {People} from "./People.sol";

/// @dev What a token's register holds, kept the plain way: a split multiplies every number of units there and then, a
/// record date copies the whole register, a supply is the sum of what everybody holds.
abstract contract Books is People {
    uint256 internal constant LIMIT = 2 ** 94;
    uint256 internal constant UNLIMITED = type(uint256).max;
    uint256 internal constant MOST_ALLOWED = 2 ** 232 - 2;
    uint256 internal constant MOST_KEPT = 2 ** 96 - 1;
    uint256 internal constant MOST_LOTS = 16;
    /// @dev Partitions are numbers too; this one does not exist.
    uint256 internal constant PARTITIONS = 2;
    /// @dev How many transfers are remembered for reversals.
    uint256 internal constant MEMORY = 16;

    struct Policy {
        uint8 category;
        uint256 treasury;
        uint32 classes;
        uint24 cap;
        bool approval;
        bool whole;
        bool puttable;
        uint256 maturity;
        uint256 lockedUntil;
        uint256 authorised;
        bool closed;
        bool paused;
        uint256 pausedAt;
    }

    struct Held {
        uint256 units;
        uint256 frozen;
        uint256 frozenAt;
        uint256 lockedUntil;
        bool lost;
    }

    struct Asked {
        uint256 holder;
        uint256 to;
        uint256 partition;
        uint256 units;
        uint256 deadline;
    }

    struct Lost {
        uint8 kind;
        uint256 partition;
        uint256 wallet;
        uint256 units;
        uint8 status;
        uint256 reportedAt;
    }

    /// @dev A transfer that happened: `units` counted in `epoch`. `terms`: the units it is recorded with by its first
    /// reversal, `back`: how many came back, in units of today.
    struct Happened {
        uint256 origin;
        uint256 partition;
        uint256 from;
        uint256 to;
        uint256 units;
        uint256 epoch;
        uint256 terms;
        uint256 back;
    }

    struct Date {
        uint256 start;
        uint256 ratio;
    }

    Policy internal policy;
    mapping(uint256 partition => mapping(uint256 wallet => Held)) public held;
    mapping(uint256 partition => mapping(uint256 wallet => Locked[])) internal lots;
    mapping(uint256 partition => uint256) internal partitionLock;
    mapping(uint256 id => Asked) internal asked;
    uint256[] internal open;
    uint256 internal askedInAll;
    mapping(uint256 holder => mapping(uint256 spender => uint256)) internal allowed;
    mapping(bytes32 grant => bool) internal operators;
    mapping(uint256 partition => uint256) internal allotment;
    mapping(uint256 partition => uint256) internal redeemed;
    Lost[] internal losses;
    Happened[MEMORY] internal happened;
    uint256 internal transfers;

    Date[] internal dates;
    uint256 internal epoch;
    mapping(uint256 epoch => mapping(uint256 partition => mapping(uint256 wallet => uint256))) internal past;

    /// @dev Since the beginning, in units of today.
    mapping(uint256 partition => uint256) internal issuedEver;
    mapping(uint256 partition => uint256) internal redeemedEver;
    mapping(uint256 partition => uint256) internal reinstatedEver;

    function supply(uint256 partition) internal view returns (uint256 sum) {
        for (uint256 w; w < NOBODY; ++w) sum += held[partition][w].units;
    }

    function supply() internal view returns (uint256 sum) {
        for (uint256 p; p < PARTITIONS; ++p) sum += supply(p);
    }

    function lotted(uint256 partition, uint256 wallet) internal view returns (uint256 sum) {
        Locked[] storage all = lots[partition][wallet];
        for (uint256 i; i < all.length; ++i) sum += Locks.locked(all[i], today);
    }

    /// @dev Lots that are not over; those that are go.
    function lotsLeft(uint256 partition, uint256 wallet) internal returns (uint256) {
        Locked[] storage all = lots[partition][wallet];
        for (uint256 i = all.length; i > 0; --i) {
            if (all[i - 1].end > today) continue;
            all[i - 1] = all[all.length - 1];
            all.pop();
        }
        return all.length;
    }

    function requested(uint256 partition, uint256 wallet) internal view returns (uint256 sum) {
        for (uint256 i; i < open.length; ++i) {
            Asked storage a = asked[open[i]];
            if (a.partition == partition && a.holder == wallet) sum += a.units;
        }
    }

    function encumbered(uint256 partition, uint256 wallet) internal view returns (uint256) {
        return held[partition][wallet].frozen + lotted(partition, wallet) + requested(partition, wallet);
    }

    function free(uint256 partition, uint256 wallet) internal view returns (uint256) {
        return less(held[partition][wallet].units, encumbered(partition, wallet));
    }

    function less(uint256 a, uint256 b) internal pure returns (uint256) {
        return a > b ? a - b : 0;
    }

    function least(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @dev Units of an epoch, in units of today.
    function worth(uint256 units, uint256 from) internal view returns (uint256) {
        for (; from < epoch; ++from) units *= dates[from].ratio;
        return units;
    }

    /// @dev The product of the splits that lie ahead.
    function ahead() internal view returns (uint256 product) {
        product = 1;
        for (uint256 i = epoch; i < dates.length; ++i) product *= dates[i].ratio;
    }

    /// @dev Lets time come; what the calendar holds up to then happens.
    function tick(uint256 to) internal {
        today = to;
        for (; epoch < dates.length && dates[epoch].start <= to; ++epoch) {
            if (dates[epoch].ratio == 1) _copy(epoch + 1);
            else _multiply(dates[epoch].ratio);
        }
    }

    function _copy(uint256 number) private {
        for (uint256 p; p < PARTITIONS; ++p) {
            for (uint256 w; w < NOBODY; ++w) past[number][p][w] = held[p][w].units;
        }
    }

    function _multiply(uint256 n) private {
        for (uint256 p; p < PARTITIONS; ++p) {
            for (uint256 w; w < NOBODY; ++w) {
                held[p][w].units *= n;
                held[p][w].frozen *= n;
                for (uint256 i; i < lots[p][w].length; ++i) lots[p][w][i].units *= n;
            }
            allotment[p] *= n;
            redeemed[p] = least(redeemed[p] * n, MOST_KEPT);
            issuedEver[p] *= n;
            redeemedEver[p] *= n;
            reinstatedEver[p] *= n;
        }
        for (uint256 w; w < NOBODY; ++w) {
            for (uint256 s; s < NOBODY; ++s) {
                uint256 units = allowed[w][s];
                if (units != 0 && units != UNLIMITED) {
                    allowed[w][s] = units > MOST_ALLOWED / n ? MOST_ALLOWED : units * n;
                }
            }
        }
        for (uint256 i; i < open.length; ++i) asked[open[i]].units *= n;
        for (uint256 i; i < losses.length; ++i) losses[i].units *= n;
        for (uint256 i; i < MEMORY; ++i) happened[i].back *= n;
        policy.authorised *= n;
    }
}
