// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The two events of a Move without data: ERC-20 `Transfer` and the ERC-1410 event of its kind. Assembly, because
/// the compiler spends several hundred gas a Move on encoding what are always the same words.
library MoveEvents {
    /// @dev keccak256("Transfer(address,address,uint256)")
    bytes32 private constant TRANSFER = 0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef;
    /// @dev keccak256("TransferByPartition(bytes32,address,address,address,uint256,bytes,bytes)")
    bytes32 private constant MOVED = 0xff4e9a26af4eb73b8bacfaa4abd4fea03d9448e7b912dc5ff4019048875aa2d4;
    /// @dev keccak256("IssuedByPartition(bytes32,address,address,uint256,bytes,bytes)")
    bytes32 private constant ISSUED = 0xf0ded82afbb1bb3ff3fc48cb2a26584aa84e4af0bf309c804ecdb94d0f6a98bb;

    function transferred(bytes32 partition, address operator, address from, address to, uint256 units) internal {
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, units)
            log3(p, 0x20, TRANSFER, from, to)
            mstore(p, operator)
            mstore(add(p, 0x20), units)
            mstore(add(p, 0x40), 0x80)
            mstore(add(p, 0x60), 0xa0)
            mstore(add(p, 0x80), 0)
            mstore(add(p, 0xa0), 0)
            log4(p, 0xc0, MOVED, partition, from, to)
        }
    }

    function issued(bytes32 partition, address operator, address to, uint256 units) internal {
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, units)
            log3(p, 0x20, TRANSFER, 0, to)
            mstore(add(p, 0x20), 0x60)
            mstore(add(p, 0x40), 0x80)
            mstore(add(p, 0x60), 0)
            mstore(add(p, 0x80), 0)
            log4(p, 0xa0, ISSUED, partition, operator, to)
        }
    }
}
