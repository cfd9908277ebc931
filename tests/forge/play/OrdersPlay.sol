// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Faults} from "../model/Faults.sol";
import {Deployment} from "../world/Deployment.sol";
import {Authority} from "../../../contracts/governance/Authority.sol";
import {Orders} from "../../../contracts/governance/Orders.sol";
import {HaltLevel} from "../../../contracts/types/HaltLevel.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {Row} from "../../../contracts/types/Row.sol";

/// @dev The queue of orders beside a plain model of it: anybody proposes, approves, carries out and vetoes anything.
/// Roles come and go, so that one person may stand on both sides and those who acted may have left.
contract OrdersPlay is Deployment {
    uint256 private constant PROPOSED = 1;
    uint256 private constant APPROVED = 2;
    uint256 private constant EXECUTED = 3;
    uint256 private constant VETOED = 4;
    uint64 private constant PEOPLE = 7;
    uint256 private constant HALTED = 2;

    struct Kept {
        address proposer;
        address approver;
        uint64 role;
        address target;
        bytes data;
        uint256 deadline;
        uint256 readyAt;
        uint256 status;
        uint256 times;
        uint256 at;
        bool wayOut;
    }

    uint256 public today = 1_800_000_000;
    uint256 public done;
    uint256 public refused;
    Kept[] private _kept;
    uint256 private _level;
    uint256 private _stoppedAt;
    uint256 private _stopped;
    uint256 private _haltedAt;
    uint256 private _frozenAt;
    uint256 private _seed;

    modifier play(uint256 seed) {
        vm.warp(today);
        _seed = seed;
        _;
    }

    constructor() {
        vm.warp(today);
        deploy();
        govern();
        _kept.push();
        register(address(1), bytes16(uint128(1)), 1, uint40(today) * 2);
    }

    function draw(uint256 below) private returns (uint256) {
        _seed = uint256(keccak256(abi.encode(_seed)));
        return (_seed >> 128) % below;
    }

    function propose(uint256 seed) external play(seed) {
        (address target, bytes memory data) = _act();
        Row memory row = authority.rowOf(target, bytes4(data));
        address who = draw(3) == 0 ? person(uint64(1 + draw(PEOPLE))) : person(_lowest(row.proposers));
        uint256 until = today + [1, 1 days, 10 days, 180 days, 180 days + 1, 0][draw(6)];
        (uint8 basis, bytes32 document) = (draw(12) == 0 ? 0 : 1, draw(12) == 0 ? bytes32(0) : bytes32("signed"));
        bool whole = basis != 0 && document != 0 && until > today && until <= today + 180 days;
        uint256 faults = Faults.when(!whole, Faults.ORDER_INCOMPLETE) | _halted(row.duringHalt);
        uint64 role = _roleAmong(row.proposers, who);
        faults |= Faults.when(role == 0, Faults.ORDER_UNAUTHORIZED);
        bytes memory call_ = abi.encodeCall(Orders.propose, (target, data, basis, document, uint40(until)));
        if (!_play(who, call_, faults)) return;
        uint256 deadline = until - (today - _running());
        _kept.push(Kept(who, address(0), role, target, data, deadline, 0, PROPOSED, 0, today, row.duringHalt));
    }

    /// @dev What is ordered: with and without a way out of a halt, with and without a delay, allowed twice or once.
    function _act() private returns (address, bytes memory) {
        uint256 what = draw(5);
        if (what == 0) return (address(core), abi.encodeCall(core.unfreezeWallet, (address(1))));
        if (what == 1) return (address(core), abi.encodeCall(core.resume, (HaltLevel(draw(2)), "incident")));
        if (what == 2) {
            (uint64 role, address who) = (uint64(1 + draw(PEOPLE)), person(uint64(1 + draw(PEOPLE))));
            return (address(authority), abi.encodeCall(authority.grantRole, (role, who, 0)));
        }
        if (what == 3) {
            (uint64 role, address who) = (uint64(3 + draw(3)), person(uint64(3 + draw(3))));
            return (address(authority), abi.encodeCall(authority.revokeRole, (role, who)));
        }
        // Who proposes it changes, so that an order may have been proposed by a role that no longer may.
        Row memory row = authority.rowOf(address(core), core.unfreezeWallet.selector);
        row.proposers = uint64(1) << [REGISTRAR, ISSUER][draw(2)];
        return
            (address(authority), abi.encodeCall(authority.setRow, (address(core), core.unfreezeWallet.selector, row)));
    }

    function approve(uint256 seed) external play(seed) {
        (uint256 id, bytes32 act) = _which(PROPOSED);
        Kept storage o = _kept[id];
        Row memory row = authority.rowOf(o.target, bytes4(o.data));
        address who = draw(3) == 0 ? _anybody(o) : person(id == 0 ? 1 : _lowest(row.approvers));
        uint256 faults = _status(id, act, PROPOSED);
        if (faults == 0) {
            faults = _halted(row.duringHalt);
            faults |= Faults.when(_roleAmong(row.approvers, who) == 0, Faults.ORDER_UNAUTHORIZED);
            faults |= Faults.when(who == o.proposer, Faults.ORDER_SELF_APPROVAL);
            bool still = _holds(o.role, o.proposer) && row.proposers & (uint64(1) << o.role) != 0;
            faults |= Faults.when(!still, Faults.ORDER_UNAUTHORIZED);
            faults |= Faults.when(_running() >= o.deadline, Faults.ORDER_EXPIRED);
        }
        if (!_play(who, abi.encodeCall(Orders.approve, (id, act)), faults)) return;
        (o.status, o.approver, o.readyAt) = (APPROVED, who, today + row.delay);
    }

    function execute(uint256 seed) external play(seed) {
        (uint256 id,) = _which(APPROVED);
        Kept storage o = _kept[id];
        (address target, bytes memory data) = draw(12) == 0 ? _act() : (o.target, o.data);
        address who = draw(4) == 0 ? _anybody(o) : o.proposer;
        bool outOfHalt = authority.rowOf(target, bytes4(data)).duringHalt;
        uint256 faults = _status(id, keccak256(abi.encode(target, data)), APPROVED);
        if (faults == 0) {
            faults = _halted(outOfHalt && o.wayOut);
            faults |= Faults.when(!_holds(o.role, who), Faults.ORDER_UNAUTHORIZED);
            faults |= Faults.when(_running() >= o.deadline, Faults.ORDER_EXPIRED);
            faults |= Faults.when(today < o.readyAt, Faults.ORDER_NOT_READY);
            faults |= _against(data, o.at);
        }
        if (!_play(who, abi.encodeCall(Orders.execute, (id, target, data)), faults)) return;
        o.status = EXECUTED;
        ++o.times;
        if (bytes4(data) == core.resume.selector) _resume(_argument(data));
        if (bytes4(data) == core.unfreezeWallet.selector) _frozenAt = 0;
    }

    /// @dev What the act itself says.
    function _against(bytes memory data, uint256 at) private view returns (uint256) {
        if (bytes4(data) == core.resume.selector) {
            bool wrong = _argument(data) >= _level;
            return Faults.when(wrong, Faults.HALT_LEVEL_WRONG) | Faults.when(at < _haltedAt, Faults.ORDER_STALE);
        }
        if (bytes4(data) == core.unfreezeWallet.selector) return Faults.when(at < _frozenAt, Faults.ORDER_STALE);
        if (bytes4(data) != authority.grantRole.selector) return Faults.NONE;
        (uint64 role, address who) = (uint64(_argument(data)), address(uint160(_argument(data, 1))));
        bool more = !_holds(role, who) && _roleAmong(type(uint64).max, who) != 0;
        return Faults.when(more && (role == SYS_ADMIN || _holds(SYS_ADMIN, who)), Faults.ROLE_INCOMPATIBLE);
    }

    function veto(uint256 seed) external play(seed) {
        if (draw(3) != 0) return;
        (uint256 id,) = _which(PROPOSED);
        Kept storage o = _kept[id];
        address who = _anybody(o);
        bool open = o.status == PROPOSED || o.status == APPROVED;
        uint64 may = authority.rowOf(o.target, bytes4(o.data)).approvers | uint64(1) << COMPLIANCE;
        bool stranger = who != o.proposer && who != o.approver && (o.wayOut || _roleAmong(may, who) == 0);
        uint256 faults = Faults.when(!open, Faults.ORDER_STATUS_WRONG);
        faults |= Faults.when(open && stranger, Faults.ORDER_UNAUTHORIZED);
        if (_play(who, abi.encodeCall(Orders.veto, (id)), faults)) o.status = VETOED;
    }

    function halt(uint256 seed) external play(seed) {
        uint256 to = 1 + draw(2);
        if (to <= _level || draw(10) != 0) return;
        if (_level == 0) _stoppedAt = today;
        _haltedAt = today;
        _level = to;
        vm.prank(person(EMERGENCY));
        core.halt(HaltLevel(to), "incident");
    }

    function freeze(uint256 seed) external play(seed) {
        if (_level == HALTED || draw(4) != 0) return;
        _frozenAt = today;
        vm.prank(person(COMPLIANCE));
        core.freezeWallet(address(1));
    }

    function wait(uint256 seed) external play(seed) {
        today += [1, 1 hours, 1 days, 2 days, 10 days][draw(5)];
    }

    /// @dev Nobody does it alone, nothing is done twice, and the queue says of each order what the model says.
    function check() external {
        vm.warp(today);
        require(orders.count() == _kept.length - 1, "an order that nobody proposed");
        require(core.runningTime() == _running(), "the clock of deadlines");
        for (uint256 id = _kept.length > 6 ? _kept.length - 6 : 1; id < _kept.length; ++id) {
            Kept storage k = _kept[id];
            (bytes32 act, Order memory o) = orders.orderOf(id);
            require(act == keccak256(abi.encode(k.target, k.data)), "an order binds one call");
            require(o.status == k.status && o.deadline == k.deadline && o.readyAt == k.readyAt, "an order's state");
            require(o.proposer == k.proposer && o.approver == k.approver && o.role == k.role, "an order's people");
            require(o.proposedAt == k.at && o.duringHalt == k.wayOut, "what an order was born with");
            require(k.times <= 1 && (k.times == 0 || k.approver != address(0)), "done twice or by one alone");
            require(o.proposer != o.approver, "one person on both sides");
        }
    }

    function _play(address who, bytes memory data, uint256 faults) private returns (bool went) {
        bytes memory answer;
        vm.prank(who);
        (went, answer) = address(orders).call(data);
        string memory said = string.concat(vm.toString(answer), "; the model says ", vm.toString(faults));
        require(went == (faults == 0) && (went || Faults.named(answer) & faults != 0), said);
        if (went) ++done;
        else ++refused;
    }

    /// @dev One of the last orders, if possible in a status; now and then none, or with another act.
    function _which(uint256 status) private returns (uint256 id, bytes32 act) {
        uint256 last = _kept.length - 1;
        id = last - draw(last < 6 ? last + 1 : 6);
        for (uint256 i; i < 6 && id > 1 && _kept[id].status != status; ++i) --id;
        act = draw(12) == 0 ? bytes32("another") : keccak256(abi.encode(_kept[id].target, _kept[id].data));
    }

    function _anybody(Kept storage o) private returns (address) {
        return draw(3) == 0 && o.proposer != address(0) ? o.proposer : person(uint64(1 + draw(PEOPLE)));
    }

    function _status(uint256 id, bytes32 act, uint256 wanted) private view returns (uint256) {
        bool other = id != 0 && act != keccak256(abi.encode(_kept[id].target, _kept[id].data));
        if (other) return Faults.ORDER_ACT_MISMATCH;
        return Faults.when(_kept[id].status != wanted || id == 0, Faults.ORDER_STATUS_WRONG);
    }

    function _halted(bool wayOut) private view returns (uint256) {
        return Faults.when(_level == HALTED && !wayOut, Faults.SYSTEM_HALTED);
    }

    function _running() private view returns (uint256) {
        return (_level == 0 ? today : _stoppedAt) - _stopped;
    }

    function _argument(bytes memory data) private pure returns (uint256) {
        return _argument(data, 0);
    }

    function _argument(bytes memory data, uint256 place) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(data, 0x24), shl(5, place)))
        }
    }

    function _resume(uint256 to) private {
        if (to == 0) _stopped += today - _stoppedAt;
        _level = to;
    }

    function _holds(uint64 role, address who) private view returns (bool member) {
        (member,) = Authority(authority).hasRole(role, who);
    }

    function _roleAmong(uint64 mask, address who) private view returns (uint64) {
        for (uint64 role = 1; role <= ROLES; ++role) {
            if (mask & (uint64(1) << role) != 0 && _holds(role, who)) return role;
        }
        return 0;
    }
}
