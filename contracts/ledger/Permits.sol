// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

/// @dev ERC-2612 signatures. A linked library: it runs at the token's address, which its domain names. Name and version
/// are the same for all tokens, because a clone has no constructor and the address tells tokens apart.
library Permits {
    string internal constant NAME = "stotoken";
    string internal constant VERSION = "1";
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");

    /// @dev Who signed the permit.
    function signer(
        address owner,
        address spender,
        uint256 value,
        uint256 nonce,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external view returns (address) {
        bytes32 permit = keccak256(abi.encode(PERMIT, owner, spender, value, nonce, deadline));
        return ECDSA.recover(MessageHashUtils.toTypedDataHash(domainSeparator(), permit), v, r, s);
    }

    function domainSeparator() public view returns (bytes32) {
        return keccak256(
            abi.encode(DOMAIN, keccak256(bytes(NAME)), keccak256(bytes(VERSION)), block.chainid, address(this))
        );
    }
}
