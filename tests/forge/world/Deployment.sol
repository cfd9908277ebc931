// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CommonBase} from "forge-std/Base.sol";
import {Matrix} from "./Matrix.sol";
import {IssuerDesk} from "../../../contracts/desks/IssuerDesk.sol";
import {RegistrarDesk} from "../../../contracts/desks/RegistrarDesk.sol";
import {TermsDesk} from "../../../contracts/desks/TermsDesk.sol";
import {Authority} from "../../../contracts/governance/Authority.sol";
import {Orders} from "../../../contracts/governance/Orders.sol";
import {CoreSystem} from "../../../contracts/system/CoreSystem.sol";
import {SecurityToken} from "../../../contracts/token/SecurityToken.sol";
import {Row} from "../../../contracts/types/Row.sol";
import {Standing} from "../../../contracts/types/Standing.sol";
import {Standings} from "../../../contracts/types/Standings.sol";
import {Terms} from "../../../contracts/types/Terms.sol";

/// @dev A whole system as `stotoken deploy` makes it, one person a role, nobody else with any right.
abstract contract Deployment is CommonBase {
    address internal constant EVERY_TOKEN = address(1);
    uint64 internal constant ROLES = 11;
    uint64 internal constant SYS_ADMIN = 1;
    uint64 internal constant EMERGENCY = 2;
    uint64 internal constant ISSUER = 3;
    uint64 internal constant ISSUING_AGENT = 4;
    uint64 internal constant REGISTRAR = 5;
    uint64 internal constant COMPLIANCE = 6;
    uint64 internal constant CUSTODIAN = 8;
    uint64 private constant ADMIN = 0;
    uint64 private constant ENROLLER = 63;
    uint8 private constant BASIS = 1;
    uint40 internal constant ORDER_LIFE = 10 days;

    Authority internal authority;
    CoreSystem internal core;
    Orders internal orders;

    /// @dev The one who holds a role.
    function person(uint64 role) internal pure returns (address) {
        return address(uint160(0x1000) + role);
    }

    function deploy() internal {
        authority = new Authority(address(this));
        core = new CoreSystem(address(authority));
        orders = new Orders(authority, core);
        core.setImplementation(address(_implementation()));
    }

    /// @dev Call it after {deploy}, with which it was one step if the deployer needed no right in between.
    function govern() internal {
        bytes4[] memory enrol = new bytes4[](1);
        enrol[0] = Authority.enrol.selector;
        authority.setTargetFunctionRole(address(authority), enrol, ENROLLER);
        authority.grantRole(ENROLLER, address(core), 0);
        string[] memory parts = new string[](1);
        parts[0] = "Authority";
        _setRows(address(authority), "authority", parts);
        parts[0] = "CoreSystem";
        _setRows(address(core), "core_system", parts);
        parts = new string[](4);
        (parts[0], parts[1], parts[2], parts[3]) = ("SecurityToken", "IssuerDesk", "RegistrarDesk", "TermsDesk");
        _setRows(EVERY_TOKEN, "token", parts);
        for (uint64 role = 1; role <= ROLES; ++role) authority.grantRole(role, person(role), 0);
        authority.grantRole(ADMIN, address(orders), 0);
        authority.renounceRole(ADMIN, address(this));
    }

    function _implementation() private returns (SecurityToken) {
        TermsDesk terms = new TermsDesk(core, address(orders), authority);
        RegistrarDesk registrar = new RegistrarDesk(core, address(orders), authority, address(terms));
        IssuerDesk issuer = new IssuerDesk(core, address(orders), authority, address(registrar));
        return new SecurityToken(core, address(orders), authority, address(issuer));
    }

    function _setRows(address target, string memory section, string[] memory parts) private {
        (bytes4[] memory selectors, Row[] memory rows) = Matrix.section(section, parts);
        for (uint256 i; i < selectors.length; ++i) authority.setRow(target, selectors[i], rows[i]);
    }

    /// @dev Proposed by one, approved by another, carried out: everything that takes two people goes this way. The
    /// answer of the first step that is refused, or of the act.
    function order(address target, bytes memory data) internal returns (bool done, bytes memory answer) {
        (done, answer) = signed(target, data);
        if (done) (done, answer) = carriedOut(abi.decode(answer, (uint256)), target, data);
    }

    /// @dev Proposed and approved; the answer is its number.
    function signed(address target, bytes memory data) internal returns (bool done, bytes memory answer) {
        Row memory row = authority.rowOf(target, bytes4(data));
        uint40 deadline = uint40(vm.getBlockTimestamp()) + ORDER_LIFE;
        vm.prank(person(_lowest(row.proposers)));
        (done, answer) =
            address(orders).call(abi.encodeCall(Orders.propose, (target, data, BASIS, bytes32("signed"), deadline)));
        if (!done) return (done, answer);
        uint256 id = abi.decode(answer, (uint256));
        vm.prank(person(_lowest(row.approvers)));
        (done, answer) =
            address(orders).call(abi.encodeCall(Orders.approve, (id, keccak256(abi.encode(target, data)))));
        if (done) answer = abi.encode(id);
    }

    function carriedOut(uint256 id, address target, bytes memory data)
        internal
        returns (bool done, bytes memory answer)
    {
        vm.prank(person(_lowest(authority.rowOf(target, bytes4(data)).proposers)));
        (done, answer) = address(orders).call(abi.encodeCall(Orders.execute, (id, target, data)));
        if (done) answer = abi.decode(answer, (bytes));
    }

    function ordered(address target, bytes memory data) internal returns (bytes memory) {
        (bool done, bytes memory answer) = order(target, data);
        require(done, "an order of the setting was refused");
        return answer;
    }

    function createToken(Terms memory terms) internal returns (address) {
        return abi.decode(ordered(address(core), abi.encodeCall(core.createToken, (terms))), (address));
    }

    function register(address wallet, bytes16 investor, uint32 classes, uint40 until) internal {
        address[] memory wallets = new address[](1);
        Standing[] memory standings = new Standing[](1);
        (wallets[0], standings[0]) = (wallet, Standings.pack(investor, classes, 392, until));
        vm.prank(person(COMPLIANCE));
        core.register(wallets, standings);
    }

    function _lowest(uint64 mask) internal pure returns (uint64 role) {
        require(mask != 0, "no role may propose or approve it");
        while (mask & (uint64(1) << role) == 0) ++role;
    }
}
