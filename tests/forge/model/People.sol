// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Faults} from "./Faults.sol";

/// @dev The system around a token, kept the plain way: what time it is, whether it stands still, who everybody is.
/// Wallets are numbers; {NOBODY} is the zero address. Acts give back all that stands against them, and are done when
/// nothing does.
abstract contract People {
    uint256 internal constant TREASURY = 0;
    uint256 internal constant ALICE = 1;
    uint256 internal constant ALICE2 = 2;
    uint256 internal constant BOB = 3;
    uint256 internal constant CAROL = 4;
    uint256 internal constant MALLORY = 5;
    uint256 internal constant NOBODY = 6;

    uint256 internal constant NORMAL = 0;
    uint256 internal constant HALTED = 2;

    struct Registered {
        uint256 investor;
        uint32 classes;
        uint256 until;
        bool frozen;
        uint256 frozenAt;
    }

    uint256 public today;
    uint256 public level;
    /// @dev When the order that is carried out was proposed.
    uint256 internal signedAt;
    uint256 private _stoppedAt;
    /// @dev The last halt, also one that raised the level.
    uint256 private _haltedAt;
    uint256 internal stopped;
    mapping(uint256 wallet => Registered) internal known;

    /// @dev The clock that stands still while the system is stopped.
    function running() public view returns (uint256) {
        return (level == NORMAL ? today : _stoppedAt) - stopped;
    }

    function halted() internal view returns (uint256) {
        return Faults.when(level == HALTED, Faults.SYSTEM_HALTED);
    }

    /// @dev An act of a role, which a halt stops too.
    function roleAct(bool may) internal view returns (uint256) {
        return halted() | Faults.when(!may, Faults.ACCESS_REFUSED);
    }

    /// @dev An order undoes nothing that was done after it was proposed.
    function stale(uint256 since) internal view returns (uint256) {
        return Faults.when(signedAt < since, Faults.ORDER_STALE);
    }

    /// @dev Why the wallet's registration does not let it send or receive.
    function invalid(uint256 wallet) internal view returns (uint256) {
        if (known[wallet].investor == 0) return Faults.WALLET_UNREGISTERED;
        return Faults.when(today >= known[wallet].until, Faults.INVESTOR_EXPIRED);
    }

    function enter(bool may, uint256 wallet, uint256 investor, uint32 classes, uint256 until)
        internal
        returns (uint256 faults)
    {
        uint256 owner = known[wallet].investor;
        bool taken = wallet == NOBODY || investor == 0 || (owner != 0 && owner != investor);
        faults = roleAct(may) | Faults.when(taken, Faults.WALLET_TAKEN);
        if (faults == 0) known[wallet] = _renewed(wallet, investor, classes, until);
    }

    function freezeAll(bool may, uint256 wallet) internal returns (uint256 faults) {
        faults = roleAct(may) | Faults.when(known[wallet].investor == 0, Faults.WALLET_UNREGISTERED);
        if (faults == 0) (known[wallet].frozen, known[wallet].frozenAt) = (true, today);
    }

    function _renewed(uint256 wallet, uint256 investor, uint32 classes, uint256 until)
        private
        view
        returns (Registered memory)
    {
        return Registered(investor, classes, until, known[wallet].frozen, known[wallet].frozenAt);
    }

    function unfreezeAll(uint256 wallet) internal returns (uint256 faults) {
        faults = halted() | (known[wallet].frozen ? stale(known[wallet].frozenAt) : Faults.NONE);
        if (faults == 0) known[wallet].frozen = false;
    }

    function halt(bool may, uint256 to) internal returns (uint256 faults) {
        faults = Faults.when(!may, Faults.ACCESS_REFUSED) | Faults.when(to <= level, Faults.HALT_LEVEL_WRONG);
        if (faults != 0) return faults;
        if (level == NORMAL) _stoppedAt = today;
        _haltedAt = today;
        level = to;
    }

    function resume(uint256 to) internal returns (uint256 faults) {
        faults = Faults.when(to >= level, Faults.HALT_LEVEL_WRONG) | stale(_haltedAt);
        if (faults != 0) return faults;
        if (to == NORMAL) stopped += today - _stoppedAt;
        level = to;
    }
}
