// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game} from "./Game.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";
import {Standing} from "../../../contracts/types/Standing.sol";
import {Standings} from "../../../contracts/types/Standings.sol";

/// @dev Registration, wallets frozen everywhere, stops, and time.
abstract contract SystemPlay is Game {
    function registerWallet(uint256 seed) external play(seed) {
        uint256 w = anyone();
        uint256 investor = known[w].investor == 0 ? 1 + draw(4) : known[w].investor;
        if (seldom(8)) investor = draw(5);
        (uint32 classes, uint256 until) = (uint32([1, 3, 15, 15, 15, 15, 64, 0][draw(8)]), today + 100 days);
        if (seldom(12)) until = today + draw(2) * 1 days;
        bool may = !seldom(10);
        (address[] memory wallets, Standing[] memory standings) = (new address[](1), new Standing[](1));
        wallets[0] = wallet(w);
        standings[0] = Standings.pack(investorId(investor), classes, 392, uint40(until));
        byRoleOnCore(
            may ? COMPLIANCE : REGISTRAR,
            abi.encodeCall(core.register, (wallets, standings)),
            enter(may, w, investor, classes, until)
        );
    }

    function freezeWallet(uint256 seed) external play(seed) {
        uint256 w = draw(NOBODY);
        for (uint256 i; i < NOBODY; ++i) if (known[i].frozen) w = i;
        if (known[w].frozen && !seldom(4)) {
            byOrderOnCore(abi.encodeCall(core.unfreezeWallet, (wallet(w))), unfreezeAll(w));
        } else if (seldom(4)) {
            bool may = !seldom(8);
            bytes memory data = abi.encodeCall(core.freezeWallet, (wallet(w)));
            byRoleOnCore(may ? EMERGENCY : REGISTRAR, data, freezeAll(may, w));
        }
    }

    function stop(uint256 seed) external play(seed) {
        if (!seldom(3)) return;
        (uint256 to, bool may) = (draw(3), !seldom(8));
        wayOut();
        bytes memory data = abi.encodeCall(core.halt, (HaltLevel(to), "incident"));
        byRoleOnCore(may ? EMERGENCY : ISSUER, data, halt(may, to));
    }

    function resumeSystem(uint256 seed) external play(seed) {
        if (level == NORMAL && !seldom(8)) return;
        uint256 to = draw(3);
        wayOut();
        byOrderOnCore(abi.encodeCall(core.resume, (HaltLevel(to), "incident")), resume(to));
    }

    /// @dev Mostly a little, or up to the next date, or a second before or after it.
    function wait(uint256 seed) external play(seed) {
        uint256 until = today + [1, 1 hours, 1 days, 1 days, 3 days, 10 days][draw(6)];
        if (seldom(150)) until = today + 400 days;
        if (epoch < dates.length && seldom(2)) until = dates[epoch].start + draw(3) - 1;
        if (until > today) tick(until);
    }
}
