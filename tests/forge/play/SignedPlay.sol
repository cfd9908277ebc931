// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game} from "./Game.sol";
import {Faults} from "../model/Faults.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";

/// @dev Orders that lie between two people's word and the act while the world goes on: those that undo a stop, a freeze, a
/// pause or a report are carried out only if none of it is newer.
abstract contract SignedPlay is Game {
    uint256 private constant MOST = 6;
    uint256 private constant RESUME = 0;
    uint256 private constant UNFREEZE = 1;
    uint256 private constant UNPAUSE = 2;
    uint256 private constant THAW = 3;
    uint256 private constant DISMISS = 4;
    uint256 private constant REISSUE = 5;

    struct Signed {
        uint256 id;
        uint256 what;
        uint256 a;
        uint256 b;
        uint256 units;
        bytes data;
        uint256 at;
        uint256 deadline;
    }

    Signed[] private _signed;

    function sign(uint256 seed) external play(seed) {
        if (_signed.length >= MOST) return _carryOut();
        Signed memory s;
        (s.what, s.at, s.deadline) = (draw(6), today, running() + ORDER_LIFE);
        if (s.what == RESUME) {
            s.a = draw(2);
            s.data = abi.encodeCall(core.resume, (HaltLevel(s.a), "incident"));
            wayOut();
        } else if (s.what == UNFREEZE) {
            s.a = draw(NOBODY);
            s.data = abi.encodeCall(core.unfreezeWallet, (wallet(s.a)));
        } else if (s.what == UNPAUSE) {
            s.data = abi.encodeCall(token.unpause, ());
        } else if (s.what == THAW) {
            s.a = draw(PARTITIONS);
            s.b = holder(s.a);
            s.units = held[s.a][s.b].frozen / (1 + draw(3));
            s.data = abi.encodeCall(token.setFrozenByPartition, (partitionName(s.a), wallet(s.b), s.units));
        } else {
            s.a = draw(losses.length + 1);
            s.b = s.a < losses.length ? losses[s.a].wallet : ALICE;
            if (s.b == ALICE || s.b == ALICE2) s.b = ALICE + ALICE2 - s.b;
            s.data = s.what == DISMISS
                ? abi.encodeCall(token.dismissLoss, (bytes32(s.a)))
                : abi.encodeCall(token.reissue, (bytes32(s.a), wallet(s.b)));
        }
        (bool went, bytes memory answer) = signed(_target(s), s.data);
        if (!played(went, answer, _standsStill(s))) return;
        s.id = abi.decode(answer, (uint256));
        _signed.push(s);
    }

    function carryOut(uint256 seed) external play(seed) {
        if (_signed.length != 0) _carryOut();
    }

    function _carryOut() private {
        uint256 which = draw(_signed.length);
        Signed memory s = _signed[which];
        uint256 faults = _standsStill(s) | Faults.when(running() >= s.deadline, Faults.ORDER_EXPIRED);
        if (s.what == RESUME) wayOut();
        signedAt = s.at;
        if (faults == 0) faults = _judged(s);
        (bool went, bytes memory answer) = carriedOut(s.id, _target(s), s.data);
        if (!played(went, answer, faults) && !seldom(2)) return;
        _signed[which] = _signed[_signed.length - 1];
        _signed.pop();
    }

    function _judged(Signed memory s) private returns (uint256) {
        if (s.what == RESUME) return resume(s.a);
        if (s.what == UNFREEZE) return unfreezeAll(s.a);
        if (s.what == UNPAUSE) return unpause();
        if (s.what == THAW) return freeze(true, true, s.a, s.b, s.units);
        return s.what == DISMISS ? dismissLoss(s.a) : reissue(s.a, s.b);
    }

    function _target(Signed memory s) private view returns (address) {
        return s.what <= UNFREEZE ? address(core) : address(token);
    }

    function _standsStill(Signed memory s) private view returns (uint256) {
        return s.what == RESUME ? Faults.NONE : halted();
    }
}
