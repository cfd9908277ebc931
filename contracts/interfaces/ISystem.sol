// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {HaltLevel} from "../types/HaltLevel.sol";
import {Standing} from "../types/Standing.sol";
import {Terms} from "../types/Terms.sol";

/// @title The core system: its halt level, its investors, its tokens
interface ISystem {
    event HaltLevelChanged(HaltLevel indexed from, HaltLevel indexed to, address indexed by, bytes32 incident);
    event StandingChanged(address indexed wallet, bytes16 indexed investor, Standing standing, address by);
    event TokenCreated(
        address indexed token, bytes12 indexed identifier, address indexed implementation, string symbol
    );
    event ImplementationChanged(address indexed from, address indexed to);

    /// @notice The system stands at halt level {level}; this was refused.
    /// @custom:ja システムは停止中です(レベル {level})。この操作は行われませんでした。
    /// @custom:clause 6.1.1.11
    /// @custom:family refused
    /// @custom:status 0x54
    /// @custom:reason HALTED
    error SystemHalted(HaltLevel level);

    /// @notice The halt level is {level} already, or {asked} is not in the direction of this act.
    /// @custom:ja 現在の停止レベルは {level} であり、{asked} への変更はできません。
    /// @custom:clause 6.1.1.11
    /// @custom:family state
    error HaltLevelWrong(HaltLevel level, HaltLevel asked);

    /// @notice {account} may not call {selector}.
    /// @custom:ja {account} には {selector} を呼び出す権限がありません。
    /// @custom:clause 6.2.3
    /// @custom:family unauthorized
    /// @custom:status 0x58
    error AccessRefused(address account, bytes4 selector);

    /// @notice {wallet} belongs to another investor, or its investor id is empty; a wallet never changes hands.
    /// @custom:ja {wallet} は別の投資者に属するか、投資者IDが空です。
    /// @custom:clause 6.3.1
    /// @custom:family state
    error WalletTaken(address wallet);

    /// @notice The lists are empty or differ in length.
    /// @custom:ja 一覧が空か、長さが一致しません。
    /// @custom:clause 6.1.1.2
    /// @custom:family input
    error ListsDiffer();

    /// @notice {identifier} is registered for {token} already.
    /// @custom:ja {identifier} は既に {token} として登録されています。
    /// @custom:clause 6.1.1.1
    /// @custom:family state
    error IdentifierTaken(bytes12 identifier, address token);

    /// @notice There is no code at {implementation}.
    /// @custom:ja {implementation} にはコードがありません。
    /// @custom:clause 6.1.1.1
    /// @custom:family input
    error ImplementationEmpty(address implementation);

    /// @notice Stops every token of the system, by one transaction of one person. Only upwards.
    /// @custom:clause 6.1.1.11
    /// @custom:role emergency, registrar or compliance
    function halt(HaltLevel to, bytes32 incident) external;

    /// @notice Lowers the halt level.
    /// @custom:clause 6.1.1.11
    /// @custom:role order
    function resume(HaltLevel to, bytes32 incident) external;

    /// @notice The halt level now.
    /// @custom:clause 6.1.1.11
    function level() external view returns (HaltLevel);

    /// @notice Unix seconds less all time spent stopped: the clock of every deadline.
    /// @custom:clause 6.1.1.11
    function runningTime() external view returns (uint40);

    /// @notice {level} and {runningTime} in one call.
    /// @custom:clause 6.1.1.11
    function clock() external view returns (HaltLevel, uint40);

    /// @notice The halt level and the standing of two wallets, in one call; the zero address has none.
    function look(address from, address to) external view returns (HaltLevel, Standing, Standing);

    /// @notice As {look}, for one sender and many receivers, each an address in the low bits of a word.
    function lookMany(address from, uint256[] calldata to)
        external
        view
        returns (HaltLevel, Standing, Standing[] memory);

    /// @notice Registers wallets, or changes their class, country and validity; a frozen wallet stays frozen.
    /// @param wallets one address a standing
    /// @param standings packed words: investor id | classes | country | valid until (the first second no longer valid)
    /// @custom:clause 6.3.1
    /// @custom:role compliance
    function register(address[] calldata wallets, Standing[] calldata standings) external;

    /// @notice Freezes a wallet in every token.
    /// @custom:clause 6.1.1.7
    /// @custom:role compliance or emergency
    function freezeWallet(address wallet) external;

    /// @notice Takes back {freezeWallet}.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function unfreezeWallet(address wallet) external;

    /// @notice The standing of a wallet, unpacked. `validUntil` is the first second in which it is no longer valid.
    /// @custom:clause 6.3.1
    function standingOf(address wallet)
        external
        view
        returns (bytes16 investor, uint32 classes, uint16 country, uint40 validUntil, bool frozen);

    /// @notice Whether `wallet` is registered, valid and not frozen.
    /// @custom:clause 6.3.1
    function isVerified(address wallet) external view returns (bool);

    /// @notice Creates, initialises and registers a token; refuses terms that the law does not allow together.
    /// @custom:clause 6.1.1.1
    /// @custom:role order
    function createToken(Terms calldata terms) external returns (address token);

    /// @notice Whether this system created `token`.
    /// @custom:clause 6.1.1.1
    function isToken(address token) external view returns (bool);

    /// @notice The token registered under an identifier, or zero.
    /// @custom:clause 6.1.1.1
    function tokenOf(bytes12 identifier) external view returns (address);

    /// @notice All tokens in order of creation.
    /// @custom:clause 6.1.1.1
    function tokens() external view returns (address[] memory);

    /// @notice The implementation that the next token will be a clone of. Tokens that exist never change.
    /// @custom:clause 6.1.1.1
    /// @custom:role order
    function setImplementation(address implementation) external;
}
