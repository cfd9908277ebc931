// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-1644 controller operations (interface id 0x953cc54c)
/// @notice The controller is the queue of orders: nobody calls these alone. They act on the default partition.
interface IERC1644 {
    event ControllerTransfer(
        address controller, address indexed from, address indexed to, uint256 value, bytes data, bytes operatorData
    );
    event ControllerRedemption(
        address controller, address indexed tokenHolder, uint256 value, bytes data, bytes operatorData
    );

    /// @notice Always true: forced transfer, reissue and reversal cannot be renounced.
    /// @custom:clause 6.1.1.8
    function isControllable() external view returns (bool);

    /// @notice Moves units without the holder's consent, frozen and locked ones too.
    /// @custom:clause 6.1.1.8
    /// @custom:role order
    function controllerTransfer(
        address from,
        address to,
        uint256 value,
        bytes calldata data,
        bytes calldata operatorData
    ) external;

    /// @notice Extinguishes units without the holder's consent, frozen and locked ones too.
    /// @custom:clause 6.1.1.4
    /// @custom:role order
    function controllerRedeem(
        address tokenHolder,
        uint256 value,
        bytes calldata data,
        bytes calldata operatorData
    ) external;
}
