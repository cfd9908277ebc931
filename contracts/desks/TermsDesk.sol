// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Freshness} from "../governance/Freshness.sol";
import {IERC7943} from "../interfaces/IERC7943.sol";
import {IIssuance} from "../interfaces/IIssuance.sol";
import {ISystem} from "../interfaces/ISystem.sol";
import {ITerms} from "../interfaces/ITerms.sol";
import {Lots} from "../ledger/Lots.sol";
import {RuleBook} from "../rules/RuleBook.sol";
import {Rules} from "../rules/Rules.sol";
import {TermsLaw} from "../rules/TermsLaw.sol";
import {Explanation} from "./Explanation.sol";
import {PrivilegedMoves} from "../token/PrivilegedMoves.sol";
import {TokenAccess} from "../token/TokenAccess.sol";
import {Countries} from "../types/Countries.sol";
import {Holding} from "../types/Holding.sol";
import {HoldingWord} from "../types/HoldingWord.sol";
import {Limits} from "../types/Limits.sol";
import {Lot} from "../types/Lot.sol";
import {MoveKind} from "../types/MoveKind.sol";
import {Particulars} from "../types/Particulars.sol";
import {Policy} from "../types/Policy.sol";
import {PolicyWord} from "../types/PolicyWord.sol";
import {Terms} from "../types/Terms.sol";
import {Window} from "../types/Window.sol";

/// @title The desk of terms: the part of a token's code for what it is created with and the rules it is judged by
contract TermsDesk is PrivilegedMoves, Explanation {
    using HoldingWord for Holding;
    using PolicyWord for Policy;

    uint256 private constant RULES_LIMIT = 8;
    /// @dev The rule book is asked about Issue, Distribute, Transfer, Redeem and Force; without it whole holdings are a
    /// matter of Transfer.
    uint8 private constant BOOK_KINDS = 0x1f;
    uint8 private constant WHOLE_KINDS = 0x04;

    constructor(ISystem system, address orders, IAccessManager authority) TokenAccess(system, orders, authority) {}

    /// @inheritdoc ITerms
    function initialize(Terms calldata t) external {
        if (msg.sender != address(SYSTEM)) revert ISystem.AccessRefused(msg.sender, msg.sig);
        if (_partitions.length != 0) revert TokenInitialised();
        _name = t.name;
        _symbol = t.symbol;
        _partitions.push(DEFAULT_PARTITION);
        for (uint256 i; i < t.partitions.length; ++i) {
            bytes32 partition = t.partitions[i];
            if (partition == 0 || _isPartition(partition)) revert TermsInconsistent(t.category, "PARTITIONS");
            _partitions.push(partition);
        }
        _particulars = Particulars(
            t.treasury, t.faceValue, t.authorisedUnits, 0, t.decimals, t.instrument, t.category, t.identifier, t.currency
        );
        Policy none;
        _policy = none.withLockedUntil(t.lockedUntil).withMaturity(t.maturity).withFlag(Rules.PUTTABLE, t.puttable);
        _setPolicy(t.receiveClasses, t.holderCap, t.approvalRequired, t.wholeOnly);
        emit IIssuance.TreasuryChanged(address(0), t.treasury);
        emit IIssuance.AuthorisedUnitsChanged(t.authorisedUnits);
        if (t.lockedUntil != 0) emit LockupChanged(0, address(0), t.lockedUntil);
    }

    /// @inheritdoc ITerms
    function setPolicy(uint16 receiveClasses, uint24 holderCap, bool approvalRequired, bool wholeOnly)
        external
        ordered
    {
        uint8 category = _particulars.category;
        TermsLaw.requirePolicy(category, receiveClasses, holderCap, approvalRequired, wholeOnly);
        if ((holderCap == 0) != (_policy.holderCap() == 0)) revert TermsInconsistent(category, "HOLDER_CAP");
        _setPolicy(receiveClasses, holderCap, approvalRequired, wholeOnly);
    }

    /// @inheritdoc ITerms
    function setLockup(bytes32 partition, address holder, uint40 until) external ordered {
        if (until != 0 && until <= block.timestamp) revert IIssuance.TimeNotFuture(until);
        if (partition == 0 && holder == address(0)) {
            _policy = _policy.withLockedUntil(until);
        } else {
            _requirePartition(partition);
            if (holder == address(0)) _policy = _policy.withFlag(Rules.PARTITION_LOCKS, true);
            _holdings[partition][holder].word = _holdings[partition][holder].word.withLockedUntil(until);
        }
        emit LockupChanged(partition, holder, until);
    }

    /// @inheritdoc ITerms
    function lockLot(bytes32 partition, address holder, uint256 units, uint40 start, uint40 cliff, uint40 end)
        external
        ordered
    {
        if (end <= block.timestamp) revert IIssuance.TimeNotFuture(end);
        if (start > cliff || cliff > end) revert RuleUnsound("CLIFF");
        if (holder == address(0)) revert IIssuance.UnitsOutOfRange(0);
        uint16 epoch = _roll();
        // The order may not mean units of before a split.
        Freshness.requireSince(_epochs[epoch].start);
        Holding h = _sweep(partition, holder, _forward(partition, holder, epoch));
        uint256 free = _free(partition, holder, h, units);
        if (units == 0 || units > free) revert IERC7943.ERC7943InsufficientUnfrozenBalance(holder, units, free);
        Lot memory lot = Lot(uint96(units), epoch, cliff == end ? end : start, cliff, end);
        Lots.add(_lots[partition][holder], lot, partition, holder);
        _holdings[partition][holder].word = h.withEncumbered(h.encumbered() + units);
    }

    /// @inheritdoc ITerms
    function releaseLot(bytes32 partition, address holder, uint256 index, Lot calldata lot) external ordered {
        Lot[] storage lots = _lots[partition][holder];
        bool there = index < lots.length && keccak256(abi.encode(lots[index])) == keccak256(abi.encode(lot));
        if (!there) revert LotUnknown(index);
        uint16 epoch = _roll();
        Holding h = _forward(partition, holder, epoch);
        uint256 freed = Lots.release(lots, _epochs, epoch, index, partition, holder);
        _holdings[partition][holder].word = h.withEncumbered(h.encumbered() - freed);
    }

    /// @inheritdoc ITerms
    function setLimits(bytes32 partition, uint96 minimum, uint96 maximum, uint96 lotSize) external ordered {
        _requireScope(partition);
        if (maximum != 0 && (minimum > maximum || lotSize > maximum)) revert RuleUnsound("MAXIMUM");
        if (minimum > UNITS_LIMIT || maximum > UNITS_LIMIT || lotSize > UNITS_LIMIT) revert RuleUnsound("UNITS");
        uint16 epoch = _epoch();
        // The order may not mean units of before a split.
        Freshness.requireSince(_epochs[epoch].start);
        _settings.limits[partition] = Limits(minimum, maximum, epoch, lotSize);
        _use(partition == 0 ? RuleBook.LIMITS : RuleBook.PARTITION_LIMITS);
        emit LimitsChanged(partition, minimum, maximum, lotSize);
    }

    /// @inheritdoc ITerms
    function setCountries(bytes32 partition, uint16[] calldata countries, bool admitted) external ordered {
        _requireScope(partition);
        Countries memory c = Countries(countries.length != 0, admitted, [uint256(0), 0, 0, 0]);
        for (uint256 i; i < countries.length; ++i) {
            if (countries[i] == 0 || countries[i] >= 1000) revert RuleUnsound("COUNTRY");
            c.codes[countries[i] >> 8] |= 1 << (countries[i] & 255);
        }
        _settings.countries[partition] = c;
        _use(partition == 0 ? RuleBook.COUNTRIES : RuleBook.PARTITION_COUNTRIES);
        emit CountriesChanged(partition, countries, admitted);
    }

    /// @inheritdoc ITerms
    function setWindow(bytes32 partition, address holder, Window calldata w) external ordered {
        _requireScope(partition);
        if (partition == 0 && holder != address(0)) revert RuleUnsound("HOLDER");
        if (w.closes != 0 && w.closes <= w.opens) revert RuleUnsound("CLOSES");
        if (w.shutUntil < w.shutFrom || (w.shutFrom == w.shutUntil && w.shutFrom != 0)) revert RuleUnsound("SHUT");
        _settings.windows[partition][holder] = w;
        if (holder != address(0)) _use(RuleBook.HOLDER_WINDOWS);
        else _use(partition == 0 ? RuleBook.WINDOW : RuleBook.PARTITION_WINDOWS);
        emit WindowChanged(partition, holder, w);
    }

    /// @inheritdoc ITerms
    function setClosedPeriod(uint32 closedBefore) external ordered {
        _settings.closedBefore = closedBefore;
        _use(0);
        emit ClosedPeriodChanged(closedBefore);
    }

    /// @inheritdoc ITerms
    function setSanctionsOracle(address oracle) external ordered {
        if (oracle != address(0) && oracle.code.length == 0) revert RuleUnsound("ORACLE");
        _settings.sanctions = oracle;
        _use(0);
        emit SanctionsOracleChanged(oracle);
    }

    /// @inheritdoc ITerms
    function setRules(address[] calldata rules) external ordered {
        if (rules.length > RULES_LIMIT) revert RuleUnsound("RULES");
        for (uint256 i; i < rules.length; ++i) if (rules[i].code.length == 0) revert RuleUnsound("RULES");
        _settings.rules = rules;
        _use(0);
        emit RulesChanged(rules);
    }

    /// @inheritdoc ITerms
    function policy() external view returns (Policy) {
        return _policy;
    }

    /// @inheritdoc ITerms
    function terms() external view returns (Terms memory t) {
        Particulars memory p = _particulars;
        Policy q = _policy;
        t.name = _name;
        t.symbol = _symbol;
        (t.decimals, t.instrument, t.category) = (p.decimals, p.instrument, p.category);
        (t.identifier, t.currency, t.faceValue) = (p.identifier, p.currency, p.faceValue);
        t.authorisedUnits = uint96(_authorisedUnits());
        (t.maturity, t.lockedUntil) = (q.maturity(), q.lockedUntil());
        (t.receiveClasses, t.holderCap) = (q.receiveClasses(), q.holderCap());
        t.approvalRequired = q.rulesFor(MoveKind.Transfer) & Rules.APPROVAL != 0;
        t.wholeOnly = q.has(Rules.WHOLE_ONLY);
        t.puttable = q.has(Rules.PUTTABLE);
        t.treasury = p.treasury;
        t.partitions = _partitions;
    }

    /// @inheritdoc ITerms
    function limitsOf(bytes32 partition) external view returns (Limits memory) {
        return _settings.limits[partition];
    }

    /// @inheritdoc ITerms
    function countriesOf(bytes32 partition) external view returns (uint16[] memory countries, bool admitted) {
        Countries memory c = _settings.countries[partition];
        countries = new uint16[](1000);
        uint256 count;
        for (uint16 code; code < 1000; ++code) {
            if (c.codes[code >> 8] >> (code & 255) & 1 != 0) countries[count++] = code;
        }
        assembly ("memory-safe") {
            mstore(countries, count)
        }
        return (countries, c.admitted);
    }

    /// @inheritdoc ITerms
    function windowOf(bytes32 partition, address holder) external view returns (Window memory) {
        return _settings.windows[partition][holder];
    }

    /// @inheritdoc ITerms
    function furtherRules() external view returns (uint32 closedBefore, address oracle, address[] memory rules) {
        return (_settings.closedBefore, _settings.sanctions, _settings.rules);
    }

    /// @dev From now on the rule book is asked.
    function _use(uint8 rule) private {
        _settings.inUse |= rule;
        _policy = _policy.withFlag(Rules.BOOK, true).withFurther(BOOK_KINDS);
    }

    /// @dev Partition 0 is the whole token.
    function _requireScope(bytes32 partition) private view {
        if (partition != 0) _requirePartition(partition);
    }

    function _setPolicy(uint16 receiveClasses, uint24 holderCap, bool approvalRequired, bool wholeOnly) private {
        Policy p = _policy.withReceiveClasses(receiveClasses).withHolderCap(holderCap);
        p = p.withGoverns(Rules.masks(approvalRequired, holderCap != 0)).withFlag(Rules.WHOLE_ONLY, wholeOnly);
        _policy = p.withFurther(p.has(Rules.BOOK) ? BOOK_KINDS : wholeOnly ? WHOLE_KINDS : 0);
        emit PolicyChanged(receiveClasses, holderCap, approvalRequired, wholeOnly);
    }
}
