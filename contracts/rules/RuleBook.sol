// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CountryRule} from "./CountryRule.sol";
import {ForeignRule} from "./ForeignRule.sol";
import {LimitsRule} from "./LimitsRule.sol";
import {SanctionsRule} from "./SanctionsRule.sol";
import {WindowRule} from "./WindowRule.sol";
import {Ratios} from "../ledger/Ratios.sol";
import {Epoch} from "../types/Epoch.sol";
import {Facts} from "../types/Facts.sol";
import {Limits} from "../types/Limits.sol";
import {Move} from "../types/Move.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {RuleSettings} from "../types/RuleSettings.sol";

/// @dev The rules that only some tokens have, asked in one call after all others: limits, countries, windows, closed
/// periods, sanctions, and rules of third parties. A linked library that reads the token's own settings; a token that uses
/// none of them never comes here.
library RuleBook {
    uint8 internal constant LIMITS = 1;
    uint8 internal constant PARTITION_LIMITS = 2;
    uint8 internal constant WINDOW = 4;
    uint8 internal constant PARTITION_WINDOWS = 8;
    uint8 internal constant HOLDER_WINDOWS = 16;
    uint8 internal constant COUNTRIES = 32;
    uint8 internal constant PARTITION_COUNTRIES = 64;

    /// @dev Questions that are not a third party's.
    uint256 private constant OWN = 10;

    /// @dev The first refusal; empty when there is none.
    function refusal(
        RuleSettings storage s,
        mapping(uint16 => Epoch) storage epochs,
        address treasury,
        Move memory m,
        Facts memory f
    ) external view returns (bytes memory r) {
        uint256 count = OWN + s.rules.length;
        for (uint256 i; i < count && r.length == 0; ++i) r = _ask(i, s, epochs, treasury, m, f);
    }

    /// @dev Every refusal, in the order in which the rules are asked.
    function refusals(
        RuleSettings storage s,
        mapping(uint16 => Epoch) storage epochs,
        address treasury,
        Move memory m,
        Facts memory f
    ) external view returns (bytes[] memory found) {
        uint256 count = OWN + s.rules.length;
        uint256 length;
        found = new bytes[](count);
        for (uint256 i; i < count; ++i) {
            bytes memory r = _ask(i, s, epochs, treasury, m, f);
            if (r.length != 0) found[length++] = r;
        }
        assembly ("memory-safe") {
            mstore(found, length)
        }
    }

    /// @dev Question `i`, if the token asks it and it concerns this kind of Move.
    function _ask(
        uint256 i,
        RuleSettings storage s,
        mapping(uint16 => Epoch) storage epochs,
        address treasury,
        Move memory m,
        Facts memory f
    ) private view returns (bytes memory none) {
        if (i == 0 && s.sanctions != address(0) && m.to != address(0)) return SanctionsRule.refusal(s.sanctions, m.to);
        if (m.kind >= MoveKind.Force) return none;
        if (i == 1 && s.sanctions != address(0) && m.from != address(0)) {
            return SanctionsRule.refusal(s.sanctions, m.from);
        }
        if (i >= OWN) return ForeignRule.refusal(s.rules[i - OWN], m, f);
        if (m.kind == MoveKind.Redeem) return none;
        uint8 inUse = s.inUse;
        if (m.to != treasury) {
            if (i == 2 && inUse & COUNTRIES != 0) return CountryRule.refusal(m.to, f.to, s.countries[0]);
            if (i == 3 && inUse & PARTITION_COUNTRIES != 0) {
                return CountryRule.refusal(m.to, f.to, s.countries[m.partition]);
            }
        }
        if (i == 4 && inUse & LIMITS != 0) return _limits(s.limits[0], epochs, treasury, m, f);
        if (i == 5 && inUse & PARTITION_LIMITS != 0) return _limits(s.limits[m.partition], epochs, treasury, m, f);
        if (m.kind != MoveKind.Transfer) return none;
        if (i == 6 && inUse & WINDOW != 0) return WindowRule.refusal(s.windows[0][address(0)]);
        if (i == 7 && inUse & PARTITION_WINDOWS != 0) return WindowRule.refusal(s.windows[m.partition][address(0)]);
        if (i == 8 && inUse & HOLDER_WINDOWS != 0) return WindowRule.refusal(s.windows[m.partition][m.from]);
        if (i == 9 && s.closedBefore != 0) return _closedPeriod(s.closedBefore, epochs, f.epoch);
    }

    function _limits(
        Limits memory limits,
        mapping(uint16 => Epoch) storage epochs,
        address treasury,
        Move memory m,
        Facts memory f
    ) private view returns (bytes memory) {
        return LimitsRule.refusal(m, f, limits, Ratios.ratio(epochs, limits.epoch, f.epoch), treasury);
    }

    /// @dev Whether the next record date on the calendar is nearer than `span` seconds.
    function _closedPeriod(uint32 span, mapping(uint16 => Epoch) storage epochs, uint16 epoch)
        private
        view
        returns (bytes memory none)
    {
        uint16 passed = epochs[epoch].recordDates;
        for (uint16 next = epoch + 1; epochs[next].start != 0; ++next) {
            Epoch memory e = epochs[next];
            if (e.recordDates == passed) continue;
            return block.timestamp + span >= e.start ? WindowRule.closed(e.start) : none;
        }
    }
}
