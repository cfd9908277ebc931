// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Row} from "../types/Row.sol";

/// @title The authority: who may call what
/// @notice Roles 1 to 62 of the guideline's matrix; a role is held for the whole system, or for one token.
interface IAuthority {
    event RowSet(address indexed target, bytes4 indexed selector, Row row);
    event TokenEnrolled(address indexed token, uint64 indexed number);

    /// @notice The row for {selector} is unsound and was not set: one role on both sides, one side empty, a role that does
    /// not exist, a delay during a halt, a single token as target, or nobody left to change rows.
    /// @custom:ja {selector} の権限行は要件(提案と承認の分離、役割の範囲、停止中の待機なし等)を満たさないため設定されませんでした。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error RowUnsound(bytes4 selector);

    /// @notice {token} is enrolled already.
    /// @custom:ja {token} は登録済みです。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error TokenAlreadyEnrolled(address token);

    /// @notice {token} is not a token of this system.
    /// @custom:ja {token} はこのシステムのトークンではありません。
    /// @custom:clause 6.2.3
    /// @custom:family input
    error TokenNotEnrolled(address token);

    /// @notice Role {role} cannot be given with a delay: who waits cannot act, and would be counted as if he could.
    /// @custom:ja 役割 {role} を待機時間付きで付与することはできません。
    /// @custom:clause 6.2.3
    /// @custom:family input
    error RoleDelayed(uint64 role);

    /// @notice Role {role} can be given to nobody else.
    /// @custom:ja 役割 {role} を他の者に付与することはできません。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error RoleClosed(uint64 role);

    /// @notice Role {role} was not given to {account}: who holds SYS_ADMIN holds no other role.
    /// @custom:ja 役割 {role} は {account} に付与できません。SYS_ADMIN は他の役割と兼ねられません。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error RoleIncompatible(uint64 role, address account);

    /// @notice Role {role} would lose its last member; the system could no longer be governed.
    /// @custom:ja 役割 {role} の最後の保持者は外せません。
    /// @custom:clause 6.2.3
    /// @custom:family state
    error RoleLastMember(uint64 role);

    /// @notice Sets the row of a function; `target` is a contract, or address(1) for every token.
    /// @custom:clause 6.2.3
    /// @custom:role order
    function setRow(address target, bytes4 selector, Row calldata row) external;

    /// @notice The row that governs `selector` on `target`.
    /// @custom:clause 6.2.3
    function rowOf(address target, bytes4 selector) external view returns (Row memory);

    /// @notice Whether `account` holds one of the roles in `mask`, for the whole system or for the token `target`.
    /// @custom:clause 6.2.3
    function holdsAny(uint64 mask, address target, address account) external view returns (bool);

    /// @notice The first role of `mask` that `account` holds, for the whole system or else scoped to `target`; 0 if none.
    /// @custom:clause 6.2.3
    function roleAmong(uint64 mask, address target, address account) external view returns (uint64 role);

    /// @notice Whether `account` holds `role` now, without a delay.
    /// @custom:clause 6.2.3
    function holds(uint64 role, address account) external view returns (bool);

    /// @notice The role that is `role` for `token` only.
    /// @custom:clause 6.2.3
    function scoped(uint64 role, address token) external view returns (uint64);

    /// @notice Makes `token` a target with its own scope.
    /// @custom:clause 6.2.3
    /// @custom:role system
    function enrol(address token) external;
}
