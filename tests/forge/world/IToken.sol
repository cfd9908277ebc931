// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IBatchTransfer} from "../../../contracts/interfaces/IBatchTransfer.sol";
import {ICorporateCalendar} from "../../../contracts/interfaces/ICorporateCalendar.sol";
import {IERC1410} from "../../../contracts/interfaces/IERC1410.sol";
import {IERC1594} from "../../../contracts/interfaces/IERC1594.sol";
import {IERC1643} from "../../../contracts/interfaces/IERC1643.sol";
import {IERC1644} from "../../../contracts/interfaces/IERC1644.sol";
import {IERC7943} from "../../../contracts/interfaces/IERC7943.sol";
import {IIssuance} from "../../../contracts/interfaces/IIssuance.sol";
import {IRemedies} from "../../../contracts/interfaces/IRemedies.sol";
import {ITerms} from "../../../contracts/interfaces/ITerms.sol";
import {ITransferRequests} from "../../../contracts/interfaces/ITransferRequests.sol";

/// @dev A token's four parts behind their one address.
interface IToken is
    IERC20,
    IERC20Permit,
    IERC1410,
    IERC1594,
    IERC1643,
    IERC1644,
    IERC7943,
    IBatchTransfer,
    IIssuance,
    ICorporateCalendar,
    IRemedies,
    ITerms,
    ITransferRequests
{}
