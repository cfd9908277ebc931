// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HolderPlay} from "./HolderPlay.sol";
import {IssuerPlay} from "./IssuerPlay.sol";
import {RegistrarPlay} from "./RegistrarPlay.sol";
import {SignedPlay} from "./SignedPlay.sol";
import {SystemPlay} from "./SystemPlay.sol";
import {Agreement} from "./Agreement.sol";
import {IToken} from "../world/IToken.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev All acts on one token, which is issued and partly distributed when the game begins.
contract Play is HolderPlay, IssuerPlay, RegistrarPlay, SystemPlay, SignedPlay, Agreement {
    uint32 private constant EVERY_CLASS = 15;
    uint256 private constant YEARS = 3650 days;

    /// @dev `t`: what is special of the token. Its times are counted from now.
    constructor(Terms memory t) {
        today = 1_800_000_000;
        vm.warp(today);
        deploy();
        govern();
        uint256[5] memory owners = [uint256(1), 2, 2, 3, 4];
        for (uint256 w; w < owners.length; ++w) _admit(w, owners[w], w == TREASURY || w == CAROL ? 1 : EVERY_CLASS);
        if (t.maturity != 0) t.maturity += uint40(today);
        if (t.lockedUntil != 0) t.lockedUntil += uint40(today);
        (t.name, t.symbol, t.identifier, t.treasury) = ("A security", "SEC", "JP0000000000", wallet(TREASURY));
        t.partitions = new bytes32[](1);
        t.partitions[0] = partitionName(1);
        token = IToken(createToken(t));
        policy = Policy(
            t.category, TREASURY, t.receiveClasses, t.holderCap, t.approvalRequired, t.wholeOnly, t.puttable,
            t.maturity, t.lockedUntil, t.authorisedUnits, false, false, 0
        );
        _issue(0, TREASURY, 600);
        _issue(0, ALICE, 100);
        _issue(0, ALICE2, 20);
        _issue(0, BOB, 50);
        _issue(1, TREASURY, 300);
        _issue(1, ALICE, 30);
        _issue(1, BOB, 7);
    }

    function _admit(uint256 w, uint256 investor, uint32 classes) private {
        register(wallet(w), investorId(investor), classes, uint40(today + YEARS));
        known[w] = Registered(investor, classes, today + YEARS, false, 0);
    }

    function _issue(uint256 p, uint256 w, uint256 units) private {
        ordered(address(token), abi.encodeCall(token.issueByPartition, (partitionName(p), wallet(w), units, "")));
        held[p][w].units = units;
        issuedEver[p] += units;
    }

    /// @dev The acts, for the fuzzer. Those that matter most are named more than once.
    function acts() external pure returns (bytes4[] memory selectors) {
        bytes4[40] memory all = [
            this.transfer.selector, this.transfer.selector, this.transfer.selector, this.transferToMany.selector,
            this.transferToMany.selector, this.spendAllowance.selector, this.approve.selector, this.permit.selector,
            this.authorise.selector, this.operate.selector, this.operate.selector, this.giveBack.selector,
            this.request.selector, this.request.selector, this.endRequest.selector, this.issue.selector,
            this.issueToMany.selector, this.finalizeIssuance.selector, this.raiseAuthorisedUnits.selector,
            this.allot.selector, this.distribute.selector, this.distribute.selector, this.setPolicy.selector,
            this.lockUp.selector, this.lockLot.selector, this.lockLot.selector, this.moveTreasury.selector,
            this.pause.selector, this.split.selector, this.setRecordDate.selector, this.cancelDate.selector,
            this.freezePart.selector, this.force.selector, this.redeemByOrder.selector, this.redeemMatured.selector,
            this.releaseLot.selector, this.reportLoss.selector, this.endLoss.selector, this.reverse.selector,
            this.alone.selector
        ];
        selectors = new bytes4[](all.length + 10);
        for (uint256 i; i < all.length; ++i) selectors[i] = all[i];
        selectors[40] = this.registerWallet.selector;
        selectors[41] = this.freezeWallet.selector;
        selectors[42] = this.stop.selector;
        selectors[43] = this.resumeSystem.selector;
        selectors[44] = this.wait.selector;
        selectors[45] = this.wait.selector;
        (selectors[46], selectors[47]) = (this.sign.selector, this.sign.selector);
        (selectors[48], selectors[49]) = (this.carryOut.selector, this.carryOut.selector);
    }
}
