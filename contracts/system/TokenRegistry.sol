// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IAuthority} from "../interfaces/IAuthority.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {ITerms} from "../interfaces/ITerms.sol";
import {TermsLaw} from "../rules/TermsLaw.sol";
import {Halt} from "./Halt.sol";
import {Terms} from "../types/Terms.sol";

/// @dev The tokens of the system. Each is a clone of the implementation of its day and never changes.
abstract contract TokenRegistry is Halt {
    address private _implementation;
    address[] private _tokens;
    mapping(address token => bool) private _known;
    mapping(bytes12 identifier => address) private _byIdentifier;

    /// @inheritdoc ISystem
    function setImplementation(address implementation) external restricted notHalted {
        if (implementation.code.length == 0) revert ImplementationEmpty(implementation);
        emit ImplementationChanged(_implementation, implementation);
        _implementation = implementation;
    }

    /// @inheritdoc ISystem
    function createToken(Terms calldata terms) external restricted notHalted returns (address token) {
        TermsLaw.requireTerms(terms);
        if (_implementation == address(0)) revert ImplementationEmpty(_implementation);
        address taken = _byIdentifier[terms.identifier];
        if (taken != address(0)) revert IdentifierTaken(terms.identifier, taken);
        token = Clones.clone(_implementation);
        _tokens.push(token);
        _known[token] = true;
        _byIdentifier[terms.identifier] = token;
        emit TokenCreated(token, terms.identifier, _implementation, terms.symbol);
        ITerms(token).initialize(terms);
        IAuthority(authority()).enrol(token);
    }

    /// @inheritdoc ISystem
    function isToken(address token) external view returns (bool) {
        return _known[token];
    }

    /// @inheritdoc ISystem
    function tokenOf(bytes12 identifier) external view returns (address) {
        return _byIdentifier[identifier];
    }

    /// @inheritdoc ISystem
    function tokens() external view returns (address[] memory) {
        return _tokens;
    }
}
