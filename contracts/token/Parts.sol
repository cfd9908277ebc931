// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Runs the code of another part of the token, fixed when the token was built, on the state of this one.
abstract contract Parts {
    function _delegate(address part) internal {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let done := delegatecall(gas(), part, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if done { return(0, returndatasize()) }
            revert(0, returndatasize())
        }
    }
}
