// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Freshness} from "../governance/Freshness.sol";
import {IRefusals} from "../interfaces/IRefusals.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {Halt} from "./Halt.sol";
import {HaltLevel} from "../types/HaltLevel.sol";
import {Standing} from "../types/Standing.sol";
import {Standings} from "../types/Standings.sol";

/// @dev Wallets and whose they are. An investor is an opaque random id: nothing personal is on chain. A wallet belongs
/// to one investor for ever; which wallets an investor has is read from the events.
abstract contract InvestorRegistry is Halt {
    mapping(address wallet => Standing) private _standings;

    /// @inheritdoc ISystem
    function register(address[] calldata wallets, Standing[] calldata standings) external restricted notHalted {
        if (wallets.length != standings.length) revert ListsDiffer();
        for (uint256 i; i < wallets.length; ++i) {
            Standing old = _standings[wallets[i]];
            bytes16 owner = Standings.investor(standings[i]);
            bytes16 before = Standings.investor(old);
            if (owner == 0 || wallets[i] == address(0) || (before != 0 && before != owner)) {
                revert WalletTaken(wallets[i]);
            }
            _setStanding(wallets[i], Standings.withFrozenAt(standings[i], Standings.frozenAt(old)));
        }
    }

    /// @inheritdoc ISystem
    function freezeWallet(address wallet) external restricted notHalted {
        if (Standings.investor(_standings[wallet]) == 0) revert IRefusals.WalletUnregistered(wallet);
        _setStanding(wallet, Standings.withFrozenAt(_standings[wallet], uint40(block.timestamp)));
    }

    /// @inheritdoc ISystem
    function unfreezeWallet(address wallet) external restricted notHalted {
        Freshness.requireSince(Standings.frozenAt(_standings[wallet]));
        _setStanding(wallet, Standings.withFrozenAt(_standings[wallet], 0));
    }

    /// @inheritdoc ISystem
    function look(address from, address to) external view returns (HaltLevel, Standing, Standing) {
        return (_level, _standings[from], _standings[to]);
    }

    /// @inheritdoc ISystem
    function lookMany(address from, uint256[] calldata to)
        external
        view
        returns (HaltLevel, Standing, Standing[] memory standings)
    {
        standings = new Standing[](to.length);
        for (uint256 i; i < to.length; ++i) standings[i] = _standings[address(uint160(to[i]))];
        return (_level, _standings[from], standings);
    }

    /// @inheritdoc ISystem
    function standingOf(address wallet)
        external
        view
        returns (bytes16 investor, uint32 classes, uint16 country, uint40 validUntil, bool frozen)
    {
        Standing s = _standings[wallet];
        return (
            Standings.investor(s),
            Standings.classes(s),
            Standings.country(s),
            Standings.validUntil(s),
            Standings.frozen(s)
        );
    }

    /// @inheritdoc ISystem
    function isVerified(address wallet) external view returns (bool) {
        Standing s = _standings[wallet];
        return Standings.valid(s) && !Standings.frozen(s);
    }

    function _setStanding(address wallet, Standing standing) private {
        _standings[wallet] = standing;
        emit StandingChanged(wallet, Standings.investor(standing), standing, msg.sender);
    }
}
