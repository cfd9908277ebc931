// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {OrdersPlay} from "./play/OrdersPlay.sol";

/// @dev Any history of orders, on the queue and on a plain model of it.
contract OrdersCampaign is Test {
    OrdersPlay private _play;

    function setUp() public {
        _play = new OrdersPlay();
        bytes4[] memory acts = new bytes4[](10);
        (acts[0], acts[1], acts[2]) = (_play.propose.selector, _play.propose.selector, _play.approve.selector);
        (acts[3], acts[4], acts[5]) = (_play.approve.selector, _play.execute.selector, _play.execute.selector);
        (acts[6], acts[7], acts[8]) = (_play.veto.selector, _play.halt.selector, _play.wait.selector);
        acts[9] = _play.freeze.selector;
        targetContract(address(_play));
        targetSelector(FuzzSelector(address(_play), acts));
    }

    function invariant_nobodyDoesAloneWhatTakesTwo() public {
        _play.check();
    }

    function afterInvariant() public view {
        (uint256 done, uint256 refused) = (_play.done(), _play.refused());
        // Short histories are the end of one that is being shrunk.
        if (done + refused >= 100) assertGt(done * 10, refused, "most acts are refused: the history shows little");
    }
}
