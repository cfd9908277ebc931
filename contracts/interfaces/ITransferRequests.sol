// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TransferRequest} from "../types/TransferRequest.sol";

/// @title Transfers that wait for the issuer's approval
interface ITransferRequests {
    event TransferRequested(
        uint256 indexed id, address indexed from, address indexed to, bytes32 partition, uint256 units, uint40 deadline
    );
    event TransferRequestEnded(uint256 indexed id, address indexed by, bool approved);

    /// @notice There is no open transfer request {id}.
    /// @custom:ja 移転請求 {id} は存在しないか、終了しています。
    /// @custom:clause 6.1.1.3
    /// @custom:family state
    error TransferRequestUnknown(uint256 id);

    /// @notice Transfer request {id} expired at {deadline} of running time.
    /// @custom:ja 移転請求 {id} は期限({deadline})を過ぎています。
    /// @custom:clause 6.1.1.3
    /// @custom:family state
    error TransferRequestExpired(uint256 id, uint40 deadline);

    /// @notice {account} may not end transfer request {id}.
    /// @custom:ja {account} は移転請求 {id} を終了できません。
    /// @custom:clause 6.1.1.3
    /// @custom:family unauthorized
    error TransferRequestNotYours(uint256 id, address account);

    /// @notice Asks the issuer to let `units` move to `to`; they stay registered to the caller, encumbered.
    /// `deadline`: Unix seconds, moved on by any stop of the system.
    /// @return id number of the request, from 1
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function requestTransfer(bytes32 partition, address to, uint256 units, uint40 deadline)
        external
        returns (uint256 id);

    /// @notice Takes back a request; after its deadline anyone may.
    /// @custom:clause 6.1.1.3
    /// @custom:role holder
    function cancelTransferRequest(uint256 id) external;

    /// @notice Lets the requested transfer happen, now, under all rules but the approval.
    /// @custom:clause 6.1.1.3
    /// @custom:role issuer or registrar
    function approveTransferRequest(uint256 id) external;

    /// @notice Refuses the requested transfer.
    /// @custom:clause 6.1.1.3
    /// @custom:role issuer or registrar
    function rejectTransferRequest(uint256 id) external;

    /// @notice An open request; all zero when there is none.
    /// @custom:clause 6.1.1.3
    function transferRequestOf(uint256 id) external view returns (TransferRequest memory);
}
