// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Why a Move is refused: one error a rule
interface IRefusals {
    /// @notice The token is paused.
    /// @custom:ja トークンは一時停止中です。
    /// @custom:clause 6.1.1.11
    /// @custom:family refused
    /// @custom:status 0x54
    /// @custom:reason PAUSED
    error TokenPaused();

    /// @notice {wallet} is not registered to any investor.
    /// @custom:ja {wallet} は投資者として登録されていません。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x56
    /// @custom:reason KYC
    error WalletUnregistered(address wallet);

    /// @notice The registration of {wallet} ended at {validUntil}.
    /// @custom:ja {wallet} の本人確認は {validUntil} に期限が切れています。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x56
    /// @custom:reason KYC_EXPIRED
    error InvestorExpired(address wallet, uint40 validUntil);

    /// @notice {wallet} is of classes {classes}; only classes {admitted} may receive this security.
    /// @custom:ja {wallet} の区分({classes})は、この有価証券を取得できる区分({admitted})に該当しません。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x57
    /// @custom:reason CATEGORY
    error InvestorClassRefused(address wallet, uint32 classes, uint32 admitted);

    /// @notice {wallet} is frozen.
    /// @custom:ja {wallet} は凍結されています。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x56
    /// @custom:reason ADDR_FROZEN
    error WalletFrozen(address wallet);

    /// @notice The holding of {wallet} is reported lost; only an order may touch it.
    /// @custom:ja {wallet} の保有は消失の届出がされており、命令によってのみ処理できます。
    /// @custom:clause 6.1.1.9
    /// @custom:family refused
    /// @custom:status 0x56
    /// @custom:reason LOST
    error HoldingLost(address wallet);

    /// @notice The holding of {wallet} is locked up until {until}.
    /// @custom:ja {wallet} の保有は {until} までロックアップ期間中です。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason LOCKUP
    error HoldingLockedUp(address wallet, uint40 until);

    /// @notice {cap} investors hold this security, which is as many as may.
    /// @custom:ja 保有者数が上限({cap} 名)に達しています。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x57
    /// @custom:reason HOLDER_CAP
    error HolderCapReached(uint24 cap);

    /// @notice A transfer between holders needs the issuer's approval: request it.
    /// @custom:ja 投資者間の移転には発行者の承認が必要です。移転請求を行ってください。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason APPROVAL_REQ
    error TransferApprovalRequired();

    /// @notice The security matured at {maturity}; it can only be redeemed.
    /// @custom:ja 償還期日({maturity})を過ぎているため、償還以外はできません。
    /// @custom:clause 6.1.1.4
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason MATURED
    error TokenMatured(uint40 maturity);

    /// @notice Redemption is not due before maturity ({maturity}; 0: there is none), and the holder has no put.
    /// @custom:ja 償還期日({maturity}、0 は期日なし)前であり、繰上償還の請求権もありません。
    /// @custom:clause 6.1.1.4
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason NOT_DUE
    error RedemptionNotDue(uint40 maturity);
}
