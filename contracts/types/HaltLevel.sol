// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev NORMAL: everything runs. RESTRICTED: no holder acts and no units are issued, distributed, transferred or redeemed;
/// what is done by order (force, reissue, reverse, the calendar, the policy) runs. HALTED: nothing runs but what ends it.
enum HaltLevel {
    NORMAL,
    RESTRICTED,
    HALTED
}
