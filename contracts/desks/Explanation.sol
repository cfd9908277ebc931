// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC6093} from "../interfaces/IERC6093.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {ITerms} from "../interfaces/ITerms.sol";
import {RuleBook} from "../rules/RuleBook.sol";
import {Rules} from "../rules/Rules.sol";
import {Judgement} from "../token/Judgement.sol";
import {Facts} from "../types/Facts.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Policy} from "../types/Policy.sol";
import {Holding} from "../types/Holding.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Every reason, not only the first: asks as {Judgement} does, takes what was refused out of what is asked, and asks
/// again.
abstract contract Explanation is Judgement, ITerms {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    /// @dev A transfer can be refused by so many of the token's own questions at once.
    uint256 private constant OWN = 16;
    /// @dev Stands for the investor of a wallet that has none, so that the next question can be asked.
    bytes16 private constant NOBODY = bytes16(type(uint128).max);

    /// @inheritdoc ITerms
    function explain(bytes32 partition, address from, address to, uint256 units)
        external
        view
        returns (bytes[] memory found)
    {
        Move memory m = Move(MoveKind.Transfer, false, partition, msg.sender, from, to, units);
        Facts memory f = _look(m);
        f.toHolding = _peek(partition, to, f.epoch);
        bytes[] memory further;
        if (f.policy.has(Rules.BOOK) && from != address(0) && to != address(0)) {
            further = RuleBook.refusals(_settings, _epochs, _particulars.treasury, m, f);
        }
        f.policy = f.policy.withFlag(Rules.BOOK, false);
        found = new bytes[](OWN + further.length);
        uint256 count;
        bool askBalance = true;
        for (bool more = true; more;) {
            bytes memory r = _refusalToSend(m, f);
            if (r.length == 0) r = _refusalToReceive(m, f, askBalance);
            if (r.length == 0) r = _refusalOfFurther(m, f);
            if (r.length == 0) break;
            found[count++] = r;
            if (bytes4(r) == IERC6093.ERC20InsufficientBalance.selector) askBalance = false;
            else more = _setAside(bytes4(r), m, f);
        }
        for (uint256 i; i < further.length; ++i) found[count++] = further[i];
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    /// @dev Takes what was refused out of what is asked. False when nothing more can be asked: there is no such partition,
    /// or nobody on one side.
    function _setAside(bytes4 refusal, Move memory m, Facts memory f) private view returns (bool) {
        if (refusal == ISystem.SystemHalted.selector) f.level = HaltLevel.NORMAL;
        else if (refusal == IRefusals.TokenPaused.selector) f.policy = f.policy.withFlag(Rules.PAUSED, false);
        else if (refusal == IRefusals.TokenMatured.selector) f.rules &= ~Rules.MATURITY;
        else if (refusal == IRefusals.HoldingLockedUp.selector) f.rules &= ~Rules.LOCKUP;
        else if (refusal == IRefusals.TransferApprovalRequired.selector) m.approved = true;
        else if (refusal == IRefusals.InvestorClassRefused.selector) f.rules &= ~Rules.CLASS;
        else if (refusal == IRefusals.WholeHoldingOnly.selector) f.policy = f.policy.withFlag(Rules.WHOLE_ONLY, false);
        else if (refusal == IRefusals.HolderCapReached.selector) f.rules &= ~Rules.HOLDER_CAP;
        else if (refusal == IERC7943.ERC7943InsufficientUnfrozenBalance.selector) f.rules &= ~Rules.FREE_UNITS;
        else return _setWalletAside(refusal, f);
        return true;
    }

    /// @dev The same for what lies in one wallet: the one that is asked first.
    function _setWalletAside(bytes4 refusal, Facts memory f) private view returns (bool) {
        if (refusal == IRefusals.WalletFrozen.selector) {
            if (Standings.frozen(f.from)) f.from = Standings.withFrozenAt(f.from, 0);
            else f.to = Standings.withFrozenAt(f.to, 0);
        } else if (refusal == IRefusals.HoldingLost.selector) {
            if (f.toHolding.lost()) f.toHolding = f.toHolding.withLost(false);
            else f.fromHolding = f.fromHolding.withLost(false);
        } else if (refusal == IRefusals.InvestorExpired.selector || refusal == IRefusals.WalletUnregistered.selector) {
            if (!Standings.valid(f.from)) f.from = Standings.withValidUntil(f.from, type(uint40).max);
            else if (Standings.investor(f.to) == 0) {
                f.to = Standings.withFrozenAt(Standings.pack(NOBODY, 0, 0, type(uint40).max), Standings.frozenAt(f.to));
            } else f.to = Standings.withValidUntil(f.to, type(uint40).max);
        } else {
            return false;
        }
        return true;
    }
}
