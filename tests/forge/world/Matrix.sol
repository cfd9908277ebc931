// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VmSafe} from "forge-std/Vm.sol";
import {Row} from "../../../contracts/types/Row.sol";

/// @dev The role matrix as it ships: the rows of `stotoken/governance.toml`, with the selectors of the artifacts.
library Matrix {
    VmSafe private constant VM = VmSafe(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev The functions of one section. `parts`: the artifacts that have them.
    function section(string memory name, string[] memory parts)
        internal
        view
        returns (bytes4[] memory selectors, Row[] memory rows)
    {
        string memory toml = VM.readFile("stotoken/governance.toml");
        string[] memory functions = VM.parseTomlKeys(toml, string.concat(".", name));
        string[][] memory signatures = new string[][](parts.length);
        for (uint256 i; i < parts.length; ++i) {
            string memory artifact = VM.readFile(string.concat("stotoken/artifacts/", parts[i], ".json"));
            signatures[i] = VM.parseJsonKeys(artifact, ".methodIdentifiers");
        }
        (selectors, rows) = (new bytes4[](functions.length), new Row[](functions.length));
        for (uint256 i; i < functions.length; ++i) {
            selectors[i] = _selector(functions[i], signatures);
            rows[i] = _row(toml, string.concat(".", name, ".", functions[i]));
        }
    }

    function _selector(string memory name, string[][] memory signatures) private pure returns (bytes4) {
        for (uint256 i; i < signatures.length; ++i) {
            for (uint256 j; j < signatures[i].length; ++j) {
                if (_calls(bytes(name), bytes(signatures[i][j]))) return bytes4(keccak256(bytes(signatures[i][j])));
            }
        }
        revert(string.concat("no artifact has a function ", name));
    }

    /// @dev Whether `signature` is `name` and an opening bracket and more.
    function _calls(bytes memory name, bytes memory signature) private pure returns (bool) {
        if (signature.length <= name.length || signature[name.length] != "(") return false;
        for (uint256 i; i < name.length; ++i) if (name[i] != signature[i]) return false;
        return true;
    }

    function _row(string memory toml, string memory at) private view returns (Row memory row) {
        row.executors = _mask(toml, string.concat(at, ".execute"));
        row.proposers = _mask(toml, string.concat(at, ".propose"));
        row.approvers = _mask(toml, string.concat(at, ".approve"));
        string memory delay = string.concat(at, ".delay");
        if (VM.keyExistsToml(toml, delay)) row.delay = uint32(VM.parseTomlUint(toml, delay));
        string memory halt = string.concat(at, ".during_halt");
        row.duringHalt = VM.keyExistsToml(toml, halt) && VM.parseTomlBool(toml, halt);
    }

    function _mask(string memory toml, string memory at) private view returns (uint64 mask) {
        if (!VM.keyExistsToml(toml, at)) return 0;
        string[] memory roles = VM.parseTomlStringArray(toml, at);
        for (uint256 i; i < roles.length; ++i) mask |= uint64(1) << role(roles[i]);
    }

    /// @dev The number of a role, as in `stotoken/types.py`.
    function role(string memory name) internal pure returns (uint64) {
        string[11] memory names = [
            "SYS_ADMIN",
            "EMERGENCY",
            "ISSUER",
            "ISSUING_AGENT",
            "REGISTRAR",
            "COMPLIANCE",
            "KYC_PROVIDER",
            "CUSTODIAN",
            "SETTLEMENT_AGENT",
            "PAYING_AGENT",
            "AUDITOR"
        ];
        for (uint64 i; i < names.length; ++i) {
            if (keccak256(bytes(names[i])) == keccak256(bytes(name))) return i + 1;
        }
        revert(string.concat("no role ", name));
    }
}
