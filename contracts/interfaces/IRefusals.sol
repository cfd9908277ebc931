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

    /// @notice {wallet} is of country {country}, whose investors may not receive this security.
    /// @custom:ja {wallet} の国({country})の投資者は、この有価証券を取得できません。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x57
    /// @custom:reason COUNTRY
    error CountryRefused(address wallet, uint16 country);

    /// @notice {wallet} would have {units} units; a holding has none or at least {minimum}.
    /// @custom:ja {wallet} の保有は {units} 口となり、最低保有口数 {minimum} 口を下回ります。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x50
    /// @custom:reason MIN_HOLDING
    error HoldingBelowMinimum(address wallet, uint256 units, uint256 minimum);

    /// @notice {wallet} would have {units} units; a holding has at most {maximum}.
    /// @custom:ja {wallet} の保有は {units} 口となり、最高保有口数 {maximum} 口を超えます。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x57
    /// @custom:reason MAX_HOLDING
    error HoldingAboveMaximum(address wallet, uint256 units, uint256 maximum);

    /// @notice {units} units are not a multiple of the lot size, {lotSize}.
    /// @custom:ja {units} 口は取引単位({lotSize} 口)の倍数ではありません。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x50
    /// @custom:reason LOT_SIZE
    error UnitsNotInLots(uint256 units, uint256 lotSize);

    /// @notice {wallet} may transfer its holding of {holding} units only as a whole, not {units} of it.
    /// @custom:ja {wallet} の保有 {holding} 口は一括してのみ移転できます({units} 口のみの移転はできません)。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x50
    /// @custom:reason WHOLE_ONLY
    error WholeHoldingOnly(address wallet, uint256 units, uint256 holding);

    /// @notice Transfers are possible from {opens} until {closes} (0: without end) only.
    /// @custom:ja 移転が可能な期間は {opens} から {closes}(0 は無期限)までです。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason WINDOW
    error TransferWindowClosed(uint40 opens, uint40 closes);

    /// @notice A closed period runs until {until}; nothing is transferred in it.
    /// @custom:ja {until} まで移転停止期間中です。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x55
    /// @custom:reason CLOSED_PERIOD
    error ClosedPeriodRunning(uint40 until);

    /// @notice {wallet} is on the list of sanctions.
    /// @custom:ja {wallet} は制裁対象リストに掲載されています。
    /// @custom:clause 6.3.2
    /// @custom:family refused
    /// @custom:status 0x56
    /// @custom:reason SANCTION
    error WalletSanctioned(address wallet);

    /// @notice Rule {rule} refuses: {refusal}.
    /// @custom:ja ルール {rule} により拒否されました: {refusal}
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x50
    /// @custom:reason RULE
    error RuleRefused(address rule, bytes refusal);

    /// @notice Rule {rule} gave no answer, which refuses.
    /// @custom:ja ルール {rule} が応答しないため拒否されました。
    /// @custom:clause 6.1.1.7
    /// @custom:family refused
    /// @custom:status 0x50
    /// @custom:reason RULE_FAILED
    error RuleUnanswered(address rule);
}
