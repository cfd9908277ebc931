// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Policy} from "../types/Policy.sol";
import {Limits} from "../types/Limits.sol";
import {Lot} from "../types/Lot.sol";
import {Terms} from "../types/Terms.sol";
import {Window} from "../types/Window.sol";

/// @title What a token is created with, and the rules that its moves are judged by
/// @notice Rules have scopes: partition 0 is the whole token, holder 0 the whole partition. All that apply are asked.
interface ITerms {
    event PolicyChanged(uint16 receiveClasses, uint24 holderCap, bool approvalRequired, bool wholeOnly);
    event LockupChanged(bytes32 indexed partition, address indexed holder, uint40 until);
    event LotLocked(
        bytes32 indexed partition, address indexed holder, uint256 units, uint40 start, uint40 cliff, uint40 end
    );
    /// @notice `units` were taken off the lot of these dates that had `left` more; with none left it is gone.
    event LotReleased(
        bytes32 indexed partition,
        address indexed holder,
        uint256 units,
        uint256 left,
        uint40 start,
        uint40 cliff,
        uint40 end
    );
    event LimitsChanged(bytes32 indexed partition, uint96 minimum, uint96 maximum, uint96 lotSize);
    event CountriesChanged(bytes32 indexed partition, uint16[] countries, bool admitted);
    event WindowChanged(bytes32 indexed partition, address indexed holder, Window window);
    event ClosedPeriodChanged(uint32 closedBefore);
    event SanctionsOracleChanged(address indexed oracle);
    event RulesChanged(address[] rules);

    /// @notice A rule cannot be set so: {fault}.
    /// @custom:ja ルールの設定が正しくありません({fault})。
    /// @custom:clause 6.1.1.7
    /// @custom:family input
    error RuleUnsound(bytes32 fault);

    /// @notice The terms contradict each other or the law's floor for category {category}: fault {fault}.
    /// @custom:ja 発行条件が相互に、または区分 {category} の法定要件と矛盾しています({fault})。
    /// @custom:clause 6.1.1.1
    /// @custom:family input
    error TermsInconsistent(uint8 category, bytes32 fault);

    /// @notice The token was initialised already.
    /// @custom:ja トークンは初期化済みです。
    /// @custom:clause 6.1.1.1
    /// @custom:family state
    error TokenInitialised();

    /// @notice A holding carries at most {limit} lots.
    /// @custom:ja 1保有あたりのロット数の上限({limit})に達しています。
    /// @custom:clause 6.1.1.7
    /// @custom:family ledger
    error LotsFull(uint256 limit);

    /// @notice The holding has no such lot {index}.
    /// @custom:ja 保有に該当するロット {index} はありません。
    /// @custom:clause 6.1.1.7
    /// @custom:family state
    error LotUnknown(uint256 index);

    /// @notice Gives a new clone its terms; only the core system, in the transaction that creates it, once.
    /// @custom:clause 6.1.1.1
    /// @custom:role system
    function initialize(Terms calldata terms_) external;

    /// @notice Changes who may receive, the holder cap, issuer approval, and whether a holding is transferred as a whole or not
    /// at all, within the floor of the legal category.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setPolicy(uint16 receiveClasses, uint24 holderCap, bool approvalRequired, bool wholeOnly) external;

    /// @notice Locks up until `until`, 0 to unlock: the token (partition 0), a partition (holder 0), or one holding.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setLockup(bytes32 partition, address holder, uint40 until) external;

    /// @notice Locks `units` of one holding's free units: all of them before `cliff`; from then on until `end` a part that
    /// falls evenly from the whole at `start`, rounded up, so that at each instant t units * (end - t) / (end - start) are
    /// locked; none from `end` on. They become free by themselves. With `cliff` = `end` all do at once, whatever `start` is.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function lockLot(bytes32 partition, address holder, uint256 units, uint40 start, uint40 cliff, uint40 end) external;

    /// @notice Ends one lot of {lotsOf} before its time; `lot` is the lot as {lotsOf} shows it, so that an order cannot hit
    /// another one that has come to the same place.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function releaseLot(bytes32 partition, address holder, uint256 index, Lot calldata lot) external;

    /// @notice The packed word that every Move is judged by (see {Policy}); splits and record dates not yet touched are not rolled in.
    /// @custom:clause 6.1.1.7
    function policy() external view returns (Policy);

    /// @notice The terms of the token as they are now.
    /// @custom:clause 6.1.1.1
    function terms() external view returns (Terms memory);

    /// @notice Sets how many units a holding (one wallet's, in one partition) may have and a Move may carry, in units of today;
    /// splits scale them. 0 takes a limit back. `lotSize` is not asked of who sells out, the treasury is bound by none.
    /// Refused when a split came after the order was proposed.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setLimits(bytes32 partition, uint96 minimum, uint96 maximum, uint96 lotSize) external;

    /// @notice Lists countries (ISO 3166-1 numeric, 1 to 999) whose investors alone may receive (`admitted`), or may not; an
    /// empty list takes the rule back.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setCountries(bytes32 partition, uint16[] calldata countries, bool admitted) external;

    /// @notice Sets when units may be transferred: for the token (partition 0), a partition (holder 0) or one holding.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setWindow(bytes32 partition, address holder, Window calldata window) external;

    /// @notice Closes transfers for so many seconds before every record date; 0 takes the rule back.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setClosedPeriod(uint32 closedBefore) external;

    /// @notice Sets the list of sanctions that both sides are looked up in; 0 takes the rule back.
    /// @custom:clause 6.3.2
    /// @custom:role order
    function setSanctionsOracle(address oracle) external;

    /// @notice Sets the third parties' rules, at most 8; see {IRule}.
    /// @custom:clause 6.1.1.7
    /// @custom:role order
    function setRules(address[] calldata rules) external;

    /// @notice Every reason why a transfer of `units` would be refused, as encoded custom errors, in the order in which they
    /// are asked; empty when it would not. A transfer from or to nobody, or in no partition, is not asked further.
    /// @custom:clause 6.1.1.7
    function explain(bytes32 partition, address from, address to, uint256 units)
        external
        view
        returns (bytes[] memory refusals);

    /// @notice The limits of a partition (0: of the token), in units of the epoch they were set in.
    /// @custom:clause 6.1.1.7
    function limitsOf(bytes32 partition) external view returns (Limits memory);

    /// @notice The listed countries of a partition (0: of the token), and whether they are admitted or refused.
    /// @custom:clause 6.1.1.7
    function countriesOf(bytes32 partition) external view returns (uint16[] memory countries, bool admitted);

    /// @notice When units of the token, a partition or a holding may be transferred.
    /// @custom:clause 6.1.1.7
    function windowOf(bytes32 partition, address holder) external view returns (Window memory);

    /// @notice The closed period before record dates (seconds), the sanctions oracle and the third parties' rules.
    /// @custom:clause 6.1.1.7
    function furtherRules() external view returns (uint32 closedBefore, address oracle, address[] memory rules);
}
