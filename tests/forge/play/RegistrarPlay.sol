// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game} from "./Game.sol";
import {Lot} from "../../../contracts/types/Lot.sol";
import {Faults} from "../model/Faults.sol";
import {Locked} from "../model/Locks.sol";

/// @dev What is done to a holding without its holder.
abstract contract RegistrarPlay is Game {
    uint256 private constant MOST_LOSSES = 12;

    function freezePart(uint256 seed) external play(seed) {
        (uint256 p, bool ordered_, bool may) = (place(), seldom(2), !seldom(10));
        uint256 w = seldom(12) ? NOBODY : holder(p);
        uint256 units = seldom(3) ? amount(p, w) : held[p][w].units / 8;
        bytes memory data = abi.encodeCall(token.setFrozenByPartition, (partitionName(p), wallet(w), units));
        if (p == 0 && seldom(2)) data = abi.encodeCall(token.setFrozenTokens, (wallet(w), units));
        if (ordered_) byOrder(data, freeze(true, true, p, w, units));
        else by(person(may ? COMPLIANCE : EMERGENCY), data, freeze(false, may, p, w, units));
    }

    function force(uint256 seed) external play(seed) {
        uint256 p = seldom(2) ? place() : 0;
        (uint256 from, uint256 to) = (seldom(20) ? NOBODY : holder(p), anyone());
        uint256 units = amount(p, from);
        bytes memory data =
            abi.encodeCall(token.forceByPartition, (partitionName(p), wallet(from), wallet(to), units, "", ""));
        if (p == 0) {
            uint256 door = draw(3);
            if (door == 0) data = abi.encodeCall(token.forcedTransfer, (wallet(from), wallet(to), units));
            if (door == 1) data = abi.encodeCall(token.controllerTransfer, (wallet(from), wallet(to), units, "", ""));
        }
        byOrder(data, force(p, from, to, units, false));
    }

    function redeemByOrder(uint256 seed) external play(seed) {
        uint256 p = seldom(2) ? place() : 0;
        uint256 from = holder(p);
        uint256 units = amount(p, from);
        bytes memory data = p == 0 && seldom(2)
            ? abi.encodeCall(token.controllerRedeem, (wallet(from), units, "", ""))
            : abi.encodeCall(token.controllerRedeemByPartition, (partitionName(p), wallet(from), units, "", ""));
        byOrder(data, force(p, from, NOBODY, units, true));
    }

    function redeemMatured(uint256 seed) external play(seed) {
        if (policy.maturity == 0 && !seldom(20)) return;
        uint256 p = place();
        uint256[] memory wallets = new uint256[](1 + draw(3));
        address[] memory addresses = new address[](wallets.length);
        for (uint256 i; i < wallets.length; ++i) {
            wallets[i] = seldom(30) ? NOBODY : holder(p);
            addresses[i] = wallet(wallets[i]);
        }
        byOrder(abi.encodeCall(token.redeemMatured, (partitionName(p), addresses, "")), redeemMatured(p, wallets));
    }

    function releaseLot(uint256 seed) external play(seed) {
        uint256 p = draw(PARTITIONS);
        uint256 w = draw(NOBODY);
        for (uint256 i; i < NOBODY && lots[p][w].length == 0; ++i) w = (w + 1) % NOBODY;
        Lot[] memory all = token.lotsOf(partitionName(p), wallet(w));
        uint256 index = draw(all.length + 1);
        Lot memory lot = index < all.length ? all[index] : Lot(1, 0, 0, 0, uint40(today));
        Locked memory mine = Locked(worth(lot.units, lot.epoch), lot.start, lot.cliff, lot.end);
        bool other = seldom(8);
        if (other) (lot.units, lot.epoch, lot.start, lot.cliff, lot.end) = _another(lot);
        bytes memory data = abi.encodeCall(token.releaseLot, (partitionName(p), wallet(w), index, lot));
        bool missing = other || index == all.length;
        uint256 faults = missing ? halted() | Faults.LOT_UNKNOWN : releaseLot(p, w, mine);
        byOrder(data, faults);
    }

    /// @dev The same lot but for one field.
    function _another(Lot memory lot) private returns (uint96, uint16, uint40, uint40, uint40) {
        uint256 field = draw(5);
        return (
            lot.units + (field == 0 ? 1 : 0),
            lot.epoch + (field == 1 ? 1 : 0),
            lot.start + (field == 2 ? 1 : 0),
            lot.cliff + (field == 3 ? 1 : 0),
            lot.end + (field == 4 ? 1 : 0)
        );
    }

    function reportLoss(uint256 seed) external play(seed) {
        if (losses.length >= MOST_LOSSES && !seldom(4)) return _endLoss();
        (uint8 kind, uint256 p, bool may) = (uint8(1 + draw(2)), draw(PARTITIONS), !seldom(10));
        uint256 w = seldom(12) ? NOBODY : holder(p);
        uint256 units = redeemed[p];
        if (kind == KEY_LOST) units = seldom(10) ? 1 : 0;
        else units = [units, units / 2, units / 3 + 1, units + 1][draw(4)];
        if (seldom(16)) kind = 3;
        bool again = losses.length >= MOST_LOSSES || (losses.length != 0 && seldom(5));
        uint256 id = again ? draw(losses.length) : losses.length;
        bytes memory data = abi.encodeCall(
            token.reportLoss, (bytes32(id), kind, partitionName(p), wallet(w), units, "evidence")
        );
        by(person(may ? CUSTODIAN : EMERGENCY), data, reportLoss(may, id, kind, p, w, units));
    }

    function endLoss(uint256 seed) external play(seed) {
        _endLoss();
    }

    function _endLoss() private {
        uint256 id = draw(losses.length + 1);
        for (uint256 i; i < losses.length && id < losses.length && losses[id].status != 1; ++i) {
            id = (id + 1) % losses.length;
        }
        if (seldom(3)) {
            byOrder(abi.encodeCall(token.dismissLoss, (bytes32(id))), dismissLoss(id));
            return;
        }
        uint256 to = id < losses.length ? losses[id].wallet : draw(NOBODY);
        if (to == ALICE || to == ALICE2) to = ALICE + ALICE2 - to;
        if (seldom(6)) to = anyone();
        byOrder(abi.encodeCall(token.reissue, (bytes32(id), wallet(to))), reissue(id, to));
    }

    function reverse(uint256 seed) external play(seed) {
        uint256 at = draw(MEMORY);
        for (uint256 i; i < MEMORY && happened[at].origin == 0; ++i) at = (at + 1) % MEMORY;
        Happened memory h = happened[at];
        if (h.origin == 0) return;
        uint256 terms = h.terms == 0 ? h.units : h.terms;
        if (seldom(16)) ++terms;
        uint256 left = less(worth(terms, h.epoch), h.back);
        uint256 units = [left / 3 + 1, left, left + 1, uint256(0), left / 2, 1][draw(6)];
        (address from, address to) = (wallet(h.to), wallet(h.from));
        bytes memory data = abi.encodeCall(
            token.reverse,
            (bytes32(h.origin), partitionName(h.partition), from, to, uint96(terms), uint16(h.epoch), units)
        );
        byOrder(data, reverse(at, terms, units));
    }

    /// @dev What takes an order, done by one person without it.
    function alone(uint256 seed) external play(seed) {
        address who = seldom(2) ? wallet(draw(NOBODY)) : person(uint64(1 + draw(ROLES)));
        address bob = wallet(BOB);
        bytes[13] memory acts = [
            abi.encodeCall(token.issue, (bob, 1, "")),
            abi.encodeCall(token.allot, ("default", 1)),
            abi.encodeCall(token.finalizeIssuance, ()),
            abi.encodeCall(token.setPolicy, (1, 0, false, false)),
            abi.encodeCall(token.setLockup, ("default", bob, 0)),
            abi.encodeCall(token.setTreasury, (bob)),
            abi.encodeCall(token.unpause, ()),
            abi.encodeCall(token.split, (2, 0)),
            abi.encodeCall(token.cancelLastEpoch, ()),
            abi.encodeCall(token.forcedTransfer, (bob, bob, 1)),
            abi.encodeCall(token.redeemMatured, ("default", new address[](1), "")),
            abi.encodeCall(token.reissue, (0, bob)),
            abi.encodeCall(token.setFrozenTokens, (bob, 0))
        ];
        uint256 which = draw(acts.length);
        bool only = which == 12 && held[0][BOB].frozen == 0;
        by(who, acts[which], only ? roleAct(who == person(COMPLIANCE)) : Faults.ORDER_REQUIRED);
    }
}
