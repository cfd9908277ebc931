// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-7943 uRWA, fungible (interface id 0x3edbb4c4)
/// @notice All functions act on the default partition.
interface IERC7943 {
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    event Frozen(address indexed account, uint256 amount);

    /// @dev Part of the standard's interface; this token names the rule that refuses instead (see {IRefusals}).
    /// @notice {account} may not send: its registration does not allow it.
    /// @custom:ja {account} は送付できません(登録状態による)。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x56
    error ERC7943CannotSend(address account);

    /// @dev As {ERC7943CannotSend}.
    /// @notice {account} may not receive: its registration does not allow it.
    /// @custom:ja {account} は受領できません(登録状態による)。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x57
    error ERC7943CannotReceive(address account);

    /// @dev As {ERC7943CannotSend}.
    /// @notice {amount} units may not move from {from} to {to}.
    /// @custom:ja {from} から {to} へ {amount} 口は移転できません。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x50
    error ERC7943CannotTransfer(address from, address to, uint256 amount);

    /// @notice {account} has only {unfrozen} free units and {amount} are asked for; the rest is frozen, locked or requested.
    /// @custom:ja {account} の移転可能数は {unfrozen} 口で、請求は {amount} 口です(残りは凍結・ロック・移転請求中)。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason FROZEN
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice As {IERC1644-controllerTransfer} on the default partition, without data.
    /// @custom:clause 6.1.1.8
    /// @custom:role order
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool);

    /// @notice Sets how many units of `account` are frozen; may exceed what it holds. More: compliance. Less: an order.
    /// @custom:clause 6.1.1.7
    /// @custom:role compliance (more) or order (less)
    function setFrozenTokens(address account, uint256 amount) external returns (bool);

    /// @notice Whether `account` may send now: registered, valid, not frozen.
    function canSend(address account) external view returns (bool);

    /// @notice Whether `account` may receive now: registered, valid, not frozen, of an admitted class.
    function canReceive(address account) external view returns (bool);

    /// @notice Units of `account` that are frozen, maybe more than it holds.
    function getFrozenTokens(address account) external view returns (uint256);

    /// @notice Whether the rules let `amount` units move from `from` to `to`; balance and allowance are not asked.
    /// @custom:clause 6.1.1.7
    function canTransfer(address from, address to, uint256 amount) external view returns (bool);
}
