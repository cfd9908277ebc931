// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-6093 errors, the ERC-20 part
interface IERC6093 {
    /// @notice {sender} holds {balance} units and {needed} are asked for.
    /// @custom:ja {sender} の保有数は {balance} 口で、必要数 {needed} 口に足りません。
    /// @custom:clause 6.1.1.3
    /// @custom:family ledger
    /// @custom:status 0x52
    /// @custom:reason BALANCE
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);

    /// @notice {spender} may move {allowance} units and {needed} are asked for.
    /// @custom:ja {spender} の許可数は {allowance} 口で、必要数 {needed} 口に足りません。
    /// @custom:clause 6.1.1.3
    /// @custom:family ledger
    /// @custom:status 0x53
    /// @custom:reason ALLOWANCE
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);

    /// @notice {sender} cannot send.
    /// @custom:ja {sender} は送付元になれません。
    /// @custom:clause 6.1.1.3
    /// @custom:family input
    /// @custom:status 0x56
    /// @custom:reason ZERO_ADDRESS
    error ERC20InvalidSender(address sender);

    /// @notice {receiver} cannot receive.
    /// @custom:ja {receiver} は受領先になれません。
    /// @custom:clause 6.1.1.3
    /// @custom:family input
    /// @custom:status 0x57
    /// @custom:reason ZERO_ADDRESS
    error ERC20InvalidReceiver(address receiver);

    /// @notice {approver} cannot give an allowance.
    /// @custom:ja {approver} は許可を与えられません。
    /// @custom:clause 6.1.1.3
    /// @custom:family input
    error ERC20InvalidApprover(address approver);

    /// @notice {spender} cannot be given an allowance.
    /// @custom:ja {spender} には許可を与えられません。
    /// @custom:clause 6.1.1.3
    /// @custom:family input
    error ERC20InvalidSpender(address spender);
}
