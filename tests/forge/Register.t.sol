// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Test} from "forge-std/Test.sol";
import {Play} from "./play/Play.sol";
import {Terms} from "../../contracts/types/Terms.sol";

/// @dev Any history of acts on one token and on the model of its register. A campaign for each make of token: the
/// histories of each are its own.
abstract contract RegisterCampaign is Test {
    Play private _play;
    uint256 private _asked;

    function setUp() public {
        _play = new Play(_terms());
        targetContract(address(_play));
        targetSelector(FuzzSelector(address(_play), _play.acts()));
    }

    function _terms() internal pure virtual returns (Terms memory);

    function invariant_theRegisterIsWhatThePlainModelKeeps() public {
        _play.checkSums();
        _play.checkHoldings();
        _play.checkSupply();
        _play.checkPapers();
        _play.checkCalendar();
        _play.checkPast(_play.done() % (_play.howManyDates() + 2));
    }

    /// @dev The game means something: in a few histories each act is done, and each but waiting is refused.
    function test_everyActIsDoneAndRefused() public {
        bytes4[] memory acts = _play.acts();
        uint256[] memory done = new uint256[](acts.length);
        uint256[] memory refused = new uint256[](acts.length);
        uint256 start = vm.snapshotState();
        for (uint256 history; history < 24; ++history) {
            for (uint256 i; i < 500; ++i) {
                uint256 seed = uint256(keccak256(abi.encode(history, i)));
                (bool went, bytes memory why) = address(_play).call(abi.encodePacked(acts[seed % acts.length], seed));
                if (!went) _fail(why);
            }
            for (uint256 i; i < acts.length; ++i) done[i] += _play.doneBy(acts[i]);
            for (uint256 i; i < acts.length; ++i) refused[i] += _play.refusedBy(acts[i]);
            vm.revertToState(start);
        }
        bool full = _terms().authorisedUnits == 2 ** 94 - 1;
        for (uint256 i; i < acts.length; ++i) {
            bool noRoom = full && (acts[i] == _play.split.selector || acts[i] == _play.raiseAuthorisedUnits.selector);
            assertTrue(done[i] > 0 || noRoom, string.concat("never done: act ", vm.toString(i)));
            assertTrue(refused[i] > 0 || acts[i] == _play.wait.selector, string.concat("never refused: act ", vm.toString(i)));
        }
    }

    function _fail(bytes memory why) private pure {
        assembly ("memory-safe") {
            revert(add(why, 32), mload(why))
        }
    }

    function afterInvariant() public {
        uint256 dates = _play.howManyDates();
        for (uint256 number; number <= dates + 1; ++number) _play.checkPast(number);
        (uint256 done, uint256 refused) = (_play.done(), _play.refused());
        // Short histories are the end of one that is being shrunk.
        if (done + refused >= 100) assertGt(done * 10, refused, "most acts are refused: the history shows little");
    }
}

contract ShareCampaign is RegisterCampaign {
    function _terms() internal pure override returns (Terms memory t) {
        (t.instrument, t.category, t.receiveClasses, t.authorisedUnits, t.puttable) = (1, 1, 3, 1_000_000, true);
    }
}

contract FullShareCampaign is RegisterCampaign {
    /// @dev With room for no split.
    function _terms() internal pure override returns (Terms memory t) {
        (t.instrument, t.category, t.receiveClasses, t.authorisedUnits, t.puttable) = (1, 1, 3, 2 ** 94 - 1, true);
    }
}

contract BondCampaign is RegisterCampaign {
    /// @dev Of few holders.
    function _terms() internal pure override returns (Terms memory t) {
        (t.instrument, t.category, t.receiveClasses, t.authorisedUnits) = (2, 3, 3, 10_000);
        (t.maturity, t.holderCap, t.wholeOnly) = (400 days, 3, true);
    }
}

contract FundCampaign is RegisterCampaign {
    /// @dev For institutions, with the issuer's approval.
    function _terms() internal pure override returns (Terms memory t) {
        (t.instrument, t.category, t.receiveClasses, t.authorisedUnits) = (4, 4, 10, 10_000);
        (t.maturity, t.lockedUntil, t.approvalRequired) = (1000 days, 2 days, true);
    }
}

contract BeneficialInterestCampaign is RegisterCampaign {
    function _terms() internal pure override returns (Terms memory t) {
        (t.instrument, t.category, t.receiveClasses, t.authorisedUnits) = (3, 6, 3, 2 ** 80);
        (t.maturity, t.holderCap, t.puttable) = (300 days, 2, true);
    }
}
