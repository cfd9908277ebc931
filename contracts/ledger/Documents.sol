// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1643} from "../interfaces/IERC1643.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";

/// @dev ERC-1643 documents. A linked library: tokens share its code.
library Documents {
    struct Document {
        string uri;
        bytes32 hash;
        uint64 changedAt;
        uint32 position;
    }

    struct Shelf {
        mapping(bytes32 name => Document) documents;
        bytes32[] names;
    }

    function set(Shelf storage shelf, bytes32 name, string calldata uri, bytes32 hash) external {
        Document storage d = shelf.documents[name];
        if (d.position == 0) {
            shelf.names.push(name);
            d.position = uint32(shelf.names.length);
        }
        d.uri = uri;
        d.hash = hash;
        d.changedAt = uint64(block.timestamp);
        emit IERC1643.DocumentUpdated(name, uri, hash);
    }

    function remove(Shelf storage shelf, bytes32 name) external {
        Document memory d = shelf.documents[name];
        if (d.position == 0) revert IIssuance.DocumentUnknown(name);
        bytes32 last = shelf.names[shelf.names.length - 1];
        shelf.names[d.position - 1] = last;
        shelf.documents[last].position = d.position;
        shelf.names.pop();
        delete shelf.documents[name];
        emit IERC1643.DocumentRemoved(name, d.uri, d.hash);
    }

    function get(Shelf storage shelf, bytes32 name) external view returns (string memory, bytes32, uint256) {
        Document memory d = shelf.documents[name];
        return (d.uri, d.hash, d.changedAt);
    }
}
