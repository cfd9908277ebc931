// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Game} from "./Game.sol";
import {Faults} from "../model/Faults.sol";

/// @dev What holders do, through every door.
abstract contract HolderPlay is Game {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    function transfer(uint256 seed) external play(seed) {
        uint256 door = draw(3);
        uint256 p = door == 0 ? place() : 0;
        (uint256 from, uint256 to) = (holder(p), anyone());
        uint256 units = amount(p, from);
        // All of it to the investor's other wallet: neither is a new holder, and none has left.
        if ((from == ALICE || from == ALICE2) && seldom(3)) (to, units) = (ALICE + ALICE2 - from, held[p][from].units);
        bytes memory data = abi.encodeCall(token.transfer, (wallet(to), units));
        if (door == 0) data = abi.encodeCall(token.transferByPartition, (partitionName(p), wallet(to), units, "data"));
        if (door == 1) data = abi.encodeCall(token.transferWithData, (wallet(to), units, ""));
        _foreseen(p, from, to, units);
        by(wallet(from), data, give(given(p, from, to, units, false)));
    }

    /// @dev I10: the chain says beforehand what will become of a transfer.
    function _foreseen(uint256 p, uint256 from, uint256 to, uint256 units) private view {
        bool may = against(given(p, from, to, units, false)) == 0;
        (bytes1 status,,) = token.canTransferByPartition(wallet(from), wallet(to), partitionName(p), units, "");
        require((status == 0x51) == may, "I10: canTransferByPartition");
        _explained(p, from, to, units, may);
        if (p != 0) return;
        // Without the balance: beyond it, the whole of it must be able to move.
        uint256 all = held[p][from].units;
        if (units <= all) require(token.canTransfer(wallet(from), wallet(to), units) == may, "I10: canTransfer");
    }

    /// @dev All that is said to stand against a transfer does, and something is said whenever anything does.
    function _explained(uint256 p, uint256 from, uint256 to, uint256 units, bool may) private view {
        bytes[] memory why = token.explain(partitionName(p), wallet(from), wallet(to), units);
        require((why.length == 0) == may, "I10: explain");
        if (units > held[p][from].units) return;
        uint256 faults = against(given(p, from, to, units, false));
        for (uint256 i; i < why.length; ++i) {
            require(Faults.named(why[i]) & faults != 0, "I10: explained with what does not stand against it");
            // Who gives to himself is asked on both sides.
            for (uint256 j; j < i && from != to; ++j) {
                require(keccak256(why[i]) != keccak256(why[j]), "I10: explained twice");
            }
        }
    }

    function transferToMany(uint256 seed) external play(seed) {
        uint256 p = place();
        uint256 from = holder(p);
        Step[] memory steps = rows(given(p, from, NOBODY, 0, false));
        (address[] memory to, uint256[] memory units) = columns(steps);
        bytes memory data = abi.encodeCall(token.batchTransfer, (partitionName(p), to, units));
        by(wallet(from), data, steps.length == 0 ? Faults.LISTS_DIFFER : many(steps));
    }

    function spendAllowance(uint256 seed) external play(seed) {
        (uint256 from, uint256 spender) = (holder(0), draw(NOBODY));
        uint256 units = amount(0, from);
        if (!seldom(4)) _approve(from, spender, seldom(2) ? units : units * 3);
        bool redeem = seldom(3);
        uint256 to = redeem ? NOBODY : anyone();
        bytes memory data = abi.encodeCall(token.transferFrom, (wallet(from), wallet(to), units));
        if (seldom(2)) data = abi.encodeCall(token.transferFromWithData, (wallet(from), wallet(to), units, "data"));
        if (redeem) data = abi.encodeCall(token.redeemFrom, (wallet(from), units, ""));
        by(wallet(spender), data, giveAsSpender(spender, given(0, from, to, units, redeem)));
    }

    function approve(uint256 seed) external play(seed) {
        uint256 from = draw(NOBODY);
        uint256[4] memory edges = [UNLIMITED, MOST_ALLOWED, MOST_ALLOWED + 1, 0];
        _approve(from, anyone(), seldom(3) ? edges[draw(4)] : amount(0, from));
    }

    function _approve(uint256 from, uint256 spender, uint256 units) private {
        by(wallet(from), abi.encodeCall(token.approve, (wallet(spender), units)), allow(from, spender, units));
    }

    function permit(uint256 seed) external play(seed) {
        (uint256 from, uint256 spender) = (draw(NOBODY), draw(NOBODY));
        uint256 units = amount(0, from);
        uint256 signer = seldom(6) ? (from + 1) % NOBODY : from;
        uint256 deadline = seldom(6) ? today - 1 : today;
        bytes32 said = keccak256(
            abi.encode(PERMIT, wallet(from), wallet(spender), units, token.nonces(wallet(from)), deadline)
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key(signer), keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), said)));
        bytes memory data =
            abi.encodeCall(token.permit, (wallet(from), wallet(spender), units, deadline, v, r, s));
        by(wallet(BOB), data, permit(from, signer, spender, units, deadline));
    }

    function authorise(uint256 seed) external play(seed) {
        (uint256 from, uint256 operator, bool on) = (draw(NOBODY), draw(NOBODY), !seldom(3));
        uint256 p = seldom(3) ? PARTITIONS + 1 : draw(PARTITIONS);
        bytes memory data;
        if (p > PARTITIONS) {
            data = on
                ? abi.encodeCall(token.authorizeOperator, (wallet(operator)))
                : abi.encodeCall(token.revokeOperator, (wallet(operator)));
        } else {
            data = on
                ? abi.encodeCall(token.authorizeOperatorByPartition, (partitionName(p), wallet(operator)))
                : abi.encodeCall(token.revokeOperatorByPartition, (partitionName(p), wallet(operator)));
        }
        by(wallet(from), data, authorise(from, operator, p, on));
    }

    function operate(uint256 seed) external play(seed) {
        uint256 p = place();
        (uint256 from, uint256 operator, bool redeem) = (holder(p), draw(NOBODY), seldom(3));
        if (seldom(2)) {
            bytes memory grant =
                abi.encodeCall(token.authorizeOperatorByPartition, (partitionName(p), wallet(operator)));
            by(wallet(from), grant, authorise(from, operator, p, true));
        }
        uint256 to = redeem ? NOBODY : anyone();
        uint256 units = amount(p, from);
        bytes memory data = redeem
            ? abi.encodeCall(token.operatorRedeemByPartition, (partitionName(p), wallet(from), units, ""))
            : abi.encodeCall(
                token.operatorTransferByPartition, (partitionName(p), wallet(from), wallet(to), units, "", "data")
            );
        by(wallet(operator), data, giveAsOperator(operator, given(p, from, to, units, redeem)));
    }

    function giveBack(uint256 seed) external play(seed) {
        uint256 p = seldom(2) ? place() : 0;
        uint256 from = holder(p);
        uint256 units = amount(p, from);
        bytes memory data = p == 0
            ? abi.encodeCall(token.redeem, (units, ""))
            : abi.encodeCall(token.redeemByPartition, (partitionName(p), units, ""));
        by(wallet(from), data, give(given(p, from, NOBODY, units, true)));
    }

    function request(uint256 seed) external play(seed) {
        if (open.length >= 8) return _end(false);
        uint256 p = place();
        (uint256 from, uint256 to) = (holder(p), anyone());
        uint256 units = amount(p, from);
        uint256 deadline = today + (seldom(12) ? 0 : 1 + draw(20 days));
        bytes memory data =
            abi.encodeCall(token.requestTransfer, (partitionName(p), wallet(to), units, uint40(deadline)));
        by(wallet(from), data, ask(p, from, to, units, deadline));
    }

    function endRequest(uint256 seed) external play(seed) {
        _end(!seldom(3));
    }

    function _end(bool approval) private {
        uint256 id = open.length == 0 || seldom(16) ? askedInAll + draw(2) : open[draw(open.length)];
        uint64 role = seldom(12) ? COMPLIANCE : seldom(2) ? ISSUER : REGISTRAR;
        if (approval) {
            bytes memory data = abi.encodeCall(token.approveTransferRequest, (id));
            by(person(role), data, approveAsked(role != COMPLIANCE, id));
        } else if (seldom(2)) {
            bytes memory data = abi.encodeCall(token.rejectTransferRequest, (id));
            by(person(role), data, rejectAsked(role != COMPLIANCE, id));
        } else {
            uint256 who = seldom(4) ? draw(NOBODY) : asked[id].holder;
            by(wallet(who), abi.encodeCall(token.cancelTransferRequest, (id)), cancelAsked(who, id));
        }
    }
}
