// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Epoch} from "../types/Epoch.sol";

/// @title Splits and record dates
/// @notice Epoch 0 begins at creation. A split or a record date begins the next epoch at its instant: everything in
/// a block of that instant or later is in the new epoch. Nothing is done for each holder.
interface ICorporateCalendar {
    event SplitScheduled(uint16 indexed epoch, uint256 ratio, uint256 factor, uint40 start);
    event RecordDateScheduled(uint16 indexed epoch, uint40 start);
    event EpochCancelled(uint16 indexed epoch);

    /// @notice A split needs a ratio of 2 or more that keeps the authorised units below 2^94: {ratio} does not.
    /// @custom:ja 分割比率は2以上で、発行可能数が 2^94 未満に収まる必要があります({ratio})。
    /// @custom:clause 6.1.1.6
    /// @custom:family input
    error SplitRatioOutOfRange(uint256 ratio);

    /// @notice {start} lies before {earliest}, the last date on the calendar or now.
    /// @custom:ja {start} は暦の最終日または現在({earliest})より前です。
    /// @custom:clause 6.1.1.6
    /// @custom:family state
    error EpochOutOfOrder(uint40 start, uint40 earliest);

    /// @notice Epoch {epoch} is not a record date that has passed.
    /// @custom:ja エポック {epoch} は到来済みの基準日ではありません。
    /// @custom:clause 6.2.1
    /// @custom:family state
    error RecordDateUnknown(uint16 epoch);

    /// @notice No date lies ahead that could be cancelled.
    /// @custom:ja 取り消せる予定はありません。
    /// @custom:clause 6.1.1.6
    /// @custom:family state
    error EpochNotPending();

    /// @notice Splits every unit into `ratio`, from `start` on (Unix seconds; 0 = now), whatever state the unit is in.
    /// @return epoch the epoch that the split begins
    /// @custom:clause 6.1.1.6
    /// @custom:role order
    function split(uint256 ratio, uint40 start) external returns (uint16 epoch);

    /// @notice Fixes the register as of the last block before `start` (Unix seconds; 0 = now), for ever.
    /// @return epoch the epoch that the record date begins; the key of {balanceOfAt}
    /// @custom:clause 6.2.1
    /// @custom:role order
    function scheduleRecordDate(uint40 start) external returns (uint16 epoch);

    /// @notice Takes the last date off the calendar if it lies ahead.
    /// @custom:clause 6.1.1.6
    /// @custom:role order
    function cancelLastEpoch() external;

    /// @notice The epoch now.
    /// @custom:clause 6.1.1.6
    function currentEpoch() external view returns (uint16);

    /// @notice An epoch of the calendar, also one that lies ahead; `start` = 0 when there is none.
    /// @custom:clause 6.1.1.6
    function epochOf(uint16 epoch) external view returns (Epoch memory);

    /// @notice Units registered to `holder` just before record date `epoch`, in the units of that instant.
    /// @custom:clause 6.2.1
    function balanceOfAt(bytes32 partition, address holder, uint16 epoch) external view returns (uint256);

    /// @notice Issued units of a partition just before record date `epoch`, in the units of that instant.
    /// @custom:clause 6.2.1
    function totalSupplyAt(bytes32 partition, uint16 epoch) external view returns (uint256);
}
