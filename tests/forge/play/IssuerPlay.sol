// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game} from "./Game.sol";
import {MoveKind} from "../../../contracts/types/MoveKind.sol";
import {Locked} from "../model/Locks.sol";

/// @dev What the issuer's people do, and orders about issue, policy, restrictions and the calendar.
abstract contract IssuerPlay is Game {
    uint256 private constant MOST_DATES = 24;

    function issue(uint256 seed) external play(seed) {
        uint256 p = place();
        uint256 room = policy.authorised - supply();
        Step[] memory steps = new Step[](1);
        uint256 units = seldom(8) ? [uint256(0), room, room + 1, LIMIT][draw(4)] : 1 + draw(1000);
        steps[0] = Step(MoveKind.Issue, false, p, NOBODY, anyone(), units);
        address to = wallet(steps[0].to);
        bytes memory data = abi.encodeCall(token.issueByPartition, (partitionName(p), to, units, ""));
        if (p == 0 && seldom(2)) data = abi.encodeCall(token.issue, (to, units, "data"));
        byOrder(data, issue(p, steps));
    }

    function issueToMany(uint256 seed) external play(seed) {
        uint256 p = place();
        Step[] memory steps = rows(Step(MoveKind.Issue, false, p, NOBODY, NOBODY, 0));
        for (uint256 i; i < steps.length; ++i) steps[i].units = draw(40);
        (address[] memory to, uint256[] memory units) = columns(steps);
        byOrder(abi.encodeCall(token.batchIssue, (partitionName(p), to, units, "")), issue(p, steps));
    }

    function finalizeIssuance(uint256 seed) external play(seed) {
        if (seldom(policy.closed ? 4 : 40)) byOrder(abi.encodeCall(token.finalizeIssuance, ()), finalizeIssue());
    }

    function raiseAuthorisedUnits(uint256 seed) external play(seed) {
        uint256 units = policy.authorised + (seldom(3) ? 0 : 1 + draw(1000));
        if (seldom(8)) units = seldom(12) ? LIMIT - 1 : LIMIT;
        byOrder(abi.encodeCall(token.raiseAuthorisedUnits, (units)), raise(units));
    }

    function allot(uint256 seed) external play(seed) {
        uint256 p = place();
        _allot(p, amount(p, policy.treasury));
    }

    function _allot(uint256 p, uint256 units) private {
        byOrder(abi.encodeCall(token.allot, (partitionName(p), units)), allot(p, units));
    }

    function distribute(uint256 seed) external play(seed) {
        uint256 p = place();
        Step[] memory steps = rows(Step(MoveKind.Distribute, false, p, policy.treasury, NOBODY, 0));
        (address[] memory to, uint256[] memory units) = columns(steps);
        if (!seldom(3)) _allot(p, held[p][policy.treasury].units);
        bool may = !seldom(10);
        bytes memory data = abi.encodeCall(token.distribute, (partitionName(p), to, units, "batch"));
        by(person(may ? ISSUING_AGENT : ISSUER), data, distribute(may, p, steps));
    }

    function setPolicy(uint256 seed) external play(seed) {
        uint16[8] memory all = [uint16(3), 2, 3, 15, 10, 1, 6, 0];
        (uint16 classes, uint24 cap, bool approval) = (all[draw(8)], uint24(draw(4)), seldom(6));
        if (!seldom(4)) cap = policy.cap == 0 ? 0 : cap + 2;
        if (!seldom(3)) (classes, approval) = policy.category == 4 ? (uint16(10), true) : (uint16(3), false);
        bool whole = policy.category == 3 ? !seldom(6) : seldom(6);
        bytes memory data = abi.encodeCall(token.setPolicy, (classes, cap, approval, whole));
        byOrder(data, setPolicy(classes, cap, approval, whole));
    }

    function lockUp(uint256 seed) external play(seed) {
        (bool all, uint256 p, uint256 w) = (seldom(4), place(), anyone());
        uint256 until = seldom(2) ? 0 : today + draw(all || w == NOBODY ? 1 hours : 2 days);
        bytes32 name = all ? bytes32(0) : partitionName(p);
        bytes memory data = abi.encodeCall(token.setLockup, (name, wallet(all ? NOBODY : w), uint40(until)));
        byOrder(data, lockUp(all, p, w, until));
    }

    function lockLot(uint256 seed) external play(seed) {
        uint256 p = place();
        uint256 w = holder(p);
        Locked memory lot = _lot(amount(p, w));
        bytes memory data = abi.encodeCall(
            token.lockLot,
            (partitionName(p), wallet(w), lot.units, uint40(lot.start), uint40(lot.cliff), uint40(lot.end))
        );
        byOrder(data, lockLot(p, w, lot));
    }

    /// @dev All at once or by and by, begun long ago or not yet, often of the dates of others.
    function _lot(uint256 units) private returns (Locked memory lot) {
        lot = Locked(units, 0, 0, today / 1 days * 1 days + (seldom(24) ? 0 : 1 + draw(30)) * 1 days);
        lot.cliff = seldom(4) ? lot.end : less(lot.end, draw(40) * 1 days + draw(3));
        lot.start = less(lot.cliff, draw(2) * draw(40) * 1 days);
        if (seldom(24)) lot.cliff = seldom(2) ? lot.end + 1 : less(lot.start, 1);
    }

    function moveTreasury(uint256 seed) external play(seed) {
        uint256 w = seldom(2) ? MALLORY : draw(NOBODY);
        byOrder(abi.encodeCall(token.setTreasury, (wallet(w))), setTreasury(w));
    }

    function pause(uint256 seed) external play(seed) {
        if (policy.paused) {
            byOrder(abi.encodeCall(token.unpause, ()), unpause());
        } else if (seldom(3)) {
            bool may = !seldom(4);
            by(person(may ? ISSUER : ISSUING_AGENT), abi.encodeCall(token.pause, ()), pause(may));
        }
    }

    function split(uint256 seed) external play(seed) {
        if (dates.length >= MOST_DATES) return;
        uint256 room = (LIMIT - 1) / (policy.authorised * ahead());
        uint256[8] memory all = [uint256(2), 3, 2, 3, 10, 1, 0, 7919];
        uint256 ratio = seldom(24) ? room + draw(2) : all[draw(8)];
        uint256 start = _from();
        byOrder(abi.encodeCall(token.split, (ratio, uint40(start))), split(ratio, start));
    }

    function setRecordDate(uint256 seed) external play(seed) {
        if (dates.length >= MOST_DATES) return;
        uint256 start = _from();
        byOrder(abi.encodeCall(token.scheduleRecordDate, (uint40(start))), recordDate(start));
    }

    /// @dev Now, soon, or not allowed.
    function _from() private returns (uint256) {
        uint256 last = dates.length == 0 ? today : dates[dates.length - 1].start;
        if (seldom(2)) return 0;
        if (seldom(10)) return today - 1;
        return (last > today && seldom(2) ? last : today) + draw(4) * 1 days;
    }

    function cancelDate(uint256 seed) external play(seed) {
        if (seldom(2)) byOrder(abi.encodeCall(token.cancelLastEpoch, ()), cancelDate());
    }
}
