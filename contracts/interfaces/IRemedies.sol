// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Loss} from "../types/Loss.sol";
import {Lot} from "../types/Lot.sol";

/// @title Freeze, force, reissue, reverse: what is done to a holding without its holder
interface IRemedies {
    event FrozenByPartition(bytes32 indexed partition, address indexed account, uint256 units);
    event LossReported(
        bytes32 indexed id, address indexed wallet, uint8 kind, bytes32 partition, uint256 units, bytes32 evidence
    );
    event LossDismissed(bytes32 indexed id);
    event Reissued(bytes32 indexed id, address indexed from, address indexed to, bytes32 partition, uint256 units);
    event Reversed(
        bytes32 indexed origin,
        address indexed from,
        address indexed to,
        bytes32 partition,
        uint256 units,
        uint256 outstanding
    );

    /// @notice {account} is not the queue of orders; this act needs an order.
    /// @custom:ja この操作には命令(提案と承認)が必要です。{account} は直接実行できません。
    /// @custom:clause 6.2.3
    /// @custom:family unauthorized
    /// @custom:status 0x58
    error OrderRequired(address account);

    /// @notice The token is not past its maturity {maturity}.
    /// @custom:ja 償還期日({maturity})に達していません。
    /// @custom:clause 6.1.1.4
    /// @custom:family state
    error TokenNotMatured(uint40 maturity);

    /// @notice A loss with id {id} is recorded already.
    /// @custom:ja 消失記録 {id} は既に存在します。
    /// @custom:clause 6.1.1.9
    /// @custom:family state
    error LossRecorded(bytes32 id);

    /// @notice Loss {id} is not open: never reported, made good already, or dismissed.
    /// @custom:ja 消失記録 {id} は未登録か、処理済みです。
    /// @custom:clause 6.1.1.9
    /// @custom:family state
    error LossNotOpen(bytes32 id);

    /// @notice The loss is empty, of an unknown kind, or larger than all units ever redeemed in its partition.
    /// @custom:ja 消失の内容が空か、種別が不明か、償還済み数を超えています。
    /// @custom:clause 6.1.1.9
    /// @custom:family input
    error LossImplausible();

    /// @notice {wallet} does not belong to the investor who lost the units.
    /// @custom:ja {wallet} は消失した投資者のウォレットではありません。
    /// @custom:clause 6.1.1.9
    /// @custom:family refused
    /// @custom:status 0x57
    error InvestorDiffers(address wallet);

    /// @notice {origin} was recorded with other parties, partition or units.
    /// @custom:ja 参照 {origin} は別の内容で記録されています。
    /// @custom:clause 6.1.1.10
    /// @custom:family state
    error ReversalMismatch(bytes32 origin);

    /// @notice {units} units are asked for and {outstanding} of {origin} are left to reverse.
    /// @custom:ja 参照 {origin} の残り {outstanding} 口に対し、{units} 口の逆移転が請求されました。
    /// @custom:clause 6.1.1.10
    /// @custom:family ledger
    error ReversalExceeded(bytes32 origin, uint256 units, uint256 outstanding);

    /// @notice As {IERC1644-controllerTransfer} in any partition.
    /// @custom:clause 6.1.1.8
    /// @custom:role order
    function forceByPartition(
        bytes32 partition,
        address from,
        address to,
        uint256 units,
        bytes calldata data,
        bytes calldata operatorData
    ) external;

    /// @notice After maturity, extinguishes the whole holdings of `holders`, whatever state they are in;
    /// those that hold nothing are passed over.
    /// @custom:clause 6.1.1.4
    /// @custom:role order
    function redeemMatured(bytes32 partition, address[] calldata holders, bytes calldata data) external;

    /// @notice As {IERC1644-controllerRedeem} in any partition.
    /// @custom:clause 6.1.1.4
    /// @custom:role order
    function controllerRedeemByPartition(
        bytes32 partition,
        address holder,
        uint256 units,
        bytes calldata data,
        bytes calldata operatorData
    ) external;

    /// @notice Sets how many units of a holding are frozen. More: compliance. Less: an order.
    /// @custom:clause 6.1.1.7
    /// @custom:role compliance (more) or order (less)
    function setFrozenByPartition(bytes32 partition, address account, uint256 units) external;

    /// @notice Records a loss. Kind 1, key lost: `units` must be 0, the holding stands still at once.
    /// Kind 2, redeemed in error: `units` that are gone.
    /// @param id for kind 2 the origin of the redemption, keccak256(abi.encode(transaction hash, log index)); else random
    /// @custom:clause 6.1.1.9
    /// @custom:role registrar, issuing agent or custodian
    function reportLoss(
        bytes32 id,
        uint8 kind,
        bytes32 partition,
        address wallet,
        uint256 units,
        bytes32 evidence
    ) external;

    /// @notice Ends a loss that was none; the holding moves again.
    /// @custom:clause 6.1.1.9
    /// @custom:role order
    function dismissLoss(bytes32 id) external;

    /// @notice Makes a loss good, once: to a wallet of the same investor, same partition, same number. Kind 1 carries
    /// the whole holding with its frozen units, lots and lock-up; kind 2 brings the units back.
    /// @custom:clause 6.1.1.9
    /// @custom:role order
    function reissue(bytes32 id, address to) external;

    /// @notice Returns units of one earlier transfer to its sender; all reversals of it together never exceed it.
    /// @param origin keccak256(abi.encode(transaction hash, log index)) of the transfer
    /// @param from its recipient
    /// @param to its sender
    /// @param original its units, counted in `epoch`
    /// @param units how many to return now
    /// @custom:clause 6.1.1.10
    /// @custom:role order
    function reverse(
        bytes32 origin,
        bytes32 partition,
        address from,
        address to,
        uint96 original,
        uint16 epoch,
        uint256 units
    ) external;

    /// @notice A recorded loss; all zero when there is none.
    /// @custom:clause 6.1.1.9
    function lossOf(bytes32 id) external view returns (Loss memory);

    /// @notice Units of a transfer that were reversed, in units of today.
    /// @custom:clause 6.1.1.10
    function reversed(bytes32 origin) external view returns (uint256);

    /// @notice What a holding is made of, in units of today: gross, free for its holder, frozen, locked in lots.
    /// @custom:clause 6.2.1
    function holdingOf(bytes32 partition, address holder)
        external
        view
        returns (uint256 units, uint256 free, uint256 frozen, uint256 lockedLots, uint40 lockedUntil, bool lost);

    /// @notice The lots of a holding as they were locked, those that are over included until the next move sweeps them.
    /// @custom:clause 6.1.1.7
    function lotsOf(bytes32 partition, address holder) external view returns (Lot[] memory);
}
